//! Refusals: of a whole account, of one seat, of credentials that have expired.

use crate::site::{Site, account, apply, entry, people, user};
use serde_json::json;

#[test]
fn one_pending_seat_that_is_refused_stops_nothing() {
    let mut pending = user("pending");
    pending["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO", "status": "PENDING" });
    let site = Site::with(
        &account(
            json!([pending]),
            json!([]),
            json!({ "pending_updates": false }),
        ),
        &json!({}),
    );
    let roster = people(60) + &entry("pending", ", tier: power");
    site.roster(&roster);
    let said = site.must(0, &apply(&["--max-rps", "300"]));
    assert!(said.contains("For a later run"), "{said}");
    let seats = site.deeds();
    let seats = seats
        .keys()
        .filter(|deed| deed.starts_with("CreateAssignment"));
    assert_eq!(seats.count(), 60);
}

#[test]
fn a_refused_account_stops_the_seats_at_once_and_is_resumed_when_kiro_is_enabled() {
    let site = Site::empty(&json!({ "nth": (1..=40).map(|call| json!({
        "operation": "CreateAssignment", "call": call, "error": "AccessDeniedException",
        "message": "Your account is not authorized to make this call."
    })).collect::<Vec<_>>() }));
    site.roster(&people(100));
    let command = apply(&["--max-rps", "400"]);
    let said = site.must(5, &command);
    assert!(
        said.contains("four things are known") && said.contains("request id"),
        "{said}"
    );
    let calls = site.calls();
    let refused = calls
        .iter()
        .filter(|call| call["operation"] == "CreateAssignment");
    assert!(refused.count() <= 16, "only what was in flight");
    assert_eq!(site.deeds().len(), 1 + 100 * 2, "identity work is finished");
    assert_eq!(site.mails().len(), 100, "and mails are sent");
    site.faults(&json!({}));
    site.must(0, &command);
    assert_eq!(site.deeds().len(), 1 + 100 * 3);
    assert!(site.mails().values().all(|times| *times == 1));
}

#[test]
fn credentials_that_expire_half_way_stop_everything_and_the_same_command_goes_on() {
    let site = Site::empty(&json!({ "nth": (20..=200).map(|call| json!({
        "operation": "CreateUser", "call": call, "error": "ExpiredTokenException",
        "message": "The security token included in the request is expired"
    })).collect::<Vec<_>>() }));
    site.roster(&people(100));
    let command = apply(&["--max-rps", "400"]);
    let said = site.must(5, &command);
    assert!(said.contains("sign in again"), "{said}");
    assert!(said.contains("run the same command again"), "{said}");
    let calls = site.calls();
    let after = calls
        .iter()
        .skip_while(|call| call["error"] != "ExpiredTokenException");
    assert!(
        after.count() <= 16 * 4,
        "what was in flight, and nothing after"
    );
    site.faults(&json!({}));
    site.must(0, &command);
    assert_eq!(site.deeds().len(), 1 + 100 * 3);
    let mails = site.mails();
    assert!(
        mails.len() == 100 && mails.values().all(|times| *times == 1),
        "{mails:?}"
    );
}

#[test]
fn a_leaver_whose_seat_cannot_be_taken_leaves_and_the_orphan_is_reported() {
    let mut leaver = user("leaver");
    leaver["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
    let site = Site::with(
        &account(
            json!([leaver]),
            json!([]),
            json!({ "writes_refused": true }),
        ),
        &json!({}),
    );
    site.roster("version: 1\nusers:\n  leaver: { state: absent, email: leaver@example.com }\n");
    let said = site.must(5, &apply(&["--max-rps", "100", "--report", "r.json"]));
    assert!(said.contains("Possible orphans"), "{said}");
    assert_eq!(site.state()["users"], json!([]));
    let report = std::fs::read_to_string(site.path().join("r.json")).expect("the report");
    assert!(
        report.contains("\"orphans\": [\n    {\n      \"user\": \"leaver\""),
        "{report}"
    );
}

#[test]
fn after_so_many_failures_nothing_more_starts() {
    let site = Site::empty(&json!({ "nth": (1..=100).map(|call| json!({
        "operation": "CreateUser", "call": call, "error": "ValidationException", "message": "no"
    })).collect::<Vec<_>>() }));
    site.roster(&people(100));
    let said = site.must(5, &apply(&["--max-rps", "400", "--max-failures", "3"]));
    assert!(said.contains("--max-failures"), "{said}");
    let calls = site.calls();
    let tried = calls
        .iter()
        .filter(|call| call["operation"] == "CreateUser");
    assert!(tried.count() <= 3 + 16);
}
