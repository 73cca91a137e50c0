//! Lost answers, errors before and after the deed, throttling.

use crate::site::{Site, account, apply, entry, full, people, user};
use serde_json::json;

/// The scenario that a release must pass, in small: a fifth of the people, at ten times the pace.
#[test]
fn errors_lost_answers_and_throttling_lose_nothing_and_double_nothing() {
    let (count, rate, pace) = if full() {
        (1_000, 20, None)
    } else {
        (100, 200, Some("190"))
    };
    let site = Site::empty(&json!({
        "seed": 11, "latency_ms": if full() { 60 } else { 10 }, "rate": rate,
        "error_before": 0.05, "error_after": 0.05, "drop_after": 0.05,
    }));
    site.roster(&people(count));
    let pace: Vec<&str> = pace
        .into_iter()
        .flat_map(|pace| ["--max-rps", pace])
        .collect();
    site.must(0, &apply(&pace));
    site.faults(&json!({}));
    site.must(0, &["plan", "--detailed-exitcode", "--max-rps", "400"]);
    let deeds = site.deeds();
    assert_eq!(deeds.len(), 1 + count * 3);
    assert!(deeds.values().all(|times| *times == 1), "{deeds:?}");
    let mails = site.mails();
    assert_eq!(mails.len(), count, "everybody");
    // A mail whose answer was lost is sent at most once more.
    let mut after_lost = std::collections::BTreeMap::<String, usize>::new();
    for call in site.calls() {
        if call["operation"] != "UpdatePassword" {
            continue;
        }
        let key = call["key"].as_str().unwrap_or_default().to_owned();
        match after_lost.get_mut(&key) {
            Some(times) => *times += 1,
            None if call["status"] == 0 => {
                after_lost.insert(key, 0);
            }
            None => {}
        }
    }
    assert!(
        after_lost.values().all(|times| *times <= 1),
        "{after_lost:?}"
    );
    assert!(!after_lost.is_empty());
}

/// A create whose answer is lost is looked up, and is ours: mailed once. One that meets a conflict on its first try is
/// somebody else's: adopted when equal, and never mailed.
#[test]
fn whose_user_it_is_decides_about_the_mail() {
    let site = Site::empty(&json!({ "nth": [
        { "operation": "CreateUser", "call": 1, "after": true },
        { "operation": "CreateUser", "call": 2, "after": true, "error": "ConflictException", "message": "Duplicate" },
    ] }));
    let mut roster = String::from("version: 1\nusers:\n");
    for name in ["ada", "ben"] {
        roster.push_str(&crate::site::entry(name, ""));
    }
    site.roster(&roster);
    let said = site.must(0, &apply(&["--max-rps", "100", "--report", "r.json"]));
    assert!(said.contains("1 done by somebody else meanwhile"), "{said}");
    let mails = site.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    let report = std::fs::read_to_string(site.path().join("r.json")).expect("the report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("json");
    assert_eq!(
        report["created"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
    assert_eq!(
        report["skipped"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
    assert!(!mails.contains_key(report["skipped"][0]["username"].as_str().expect("a name")));
}

/// A seat that a killed run gave and that no list shows yet is refused as a conflict; the lists decide later.
#[test]
fn a_seat_that_is_there_and_does_not_show_yet_is_no_failure() {
    let site = Site::with(
        &account(json!([]), json!([]), json!({ "seats_show_after": 4 })),
        &json!({}),
    );
    site.roster(&people(3));
    let command = apply(&["--max-rps", "100"]);
    let mut first = site.kiroster(&command).spawn().expect("an apply");
    let seats = || {
        let calls = site.calls();
        let seats = calls
            .iter()
            .filter(|call| call["operation"] == "CreateAssignment");
        seats.count()
    };
    while seats() < 3 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    first.kill().expect("kill");
    first.wait().expect("its end");
    let said = site.must(0, &command);
    assert!(
        said.contains("subscribe") || said.contains("tier pro"),
        "it was planned again: {said}"
    );
    assert!(seats() > 3, "and asked for again");
    site.must(0, &["plan", "--detailed-exitcode"]);
}

/// One list shows a written seat before the other does. A row is enough; a claim beside an older row is a contradiction, and
/// a saved plan waits for its end.
#[test]
fn a_saved_plan_waits_for_the_lists_to_agree_about_what_it_has_written() {
    for (late, waits) in [("claims_show_later", false), ("rows_show_later", true)] {
        let live = ["raised", "lowered", "given"].map(|name| {
            let mut user = user(name);
            user["SignedIn"] = json!(true);
            if name != "given" {
                user["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO_PLUS" });
            }
            user
        });
        let state = account(json!(live), json!([]), json!({ late: 2 }));
        let site = Site::with(&state, &json!({}));
        let mut roster = String::from("version: 1\nusers:\n");
        for (name, tier) in [("raised", "power"), ("lowered", "pro"), ("given", "pro")] {
            roster.push_str(&entry(name, &format!(", tier: {tier}")));
        }
        site.roster(&roster);
        site.must(0, &["plan", "--out", "p.json"]);
        let command = [
            "apply",
            "p.json",
            "--settle",
            "0",
            "--ack",
            "cancel_seats=9",
        ];
        site.must(0, &command);
        let again = site.must(0, &command);
        assert_eq!(again.contains("do not agree yet"), waits, "{late}: {again}");
        assert!(again.contains("Already applied"), "{late}: {again}");
        for (deed, times) in site.deeds() {
            assert_eq!(times, 1, "{deed}");
        }
    }
}

/// Kiro shows nothing for longer than two runs wait: what the first has asked for is in the way of the second, and no failure.
#[test]
fn a_seat_that_an_earlier_run_has_asked_for_is_no_failure_however_long_it_takes() {
    let hidden = json!({ "seats_show_after": 60 });
    let site = Site::with(&account(json!([]), json!([]), hidden), &json!({}));
    site.roster(&people(2));
    let command = apply(&["--max-rps", "100", "--settle", "1"]);
    for _ in 0..2 {
        let said = site.must(0, &command);
        assert!(said.contains("Kiro does not show it yet"), "{said}");
    }
}

/// Somebody else uses up the quota for longer than the SDK is patient.
#[test]
fn throttling_slows_and_never_fails() {
    let site = Site::empty(&json!({ "rates": { "identitystore:CreateUser": 5 }, "burst": 0 }));
    site.roster(&people(25));
    site.must(0, &apply(&["--max-rps", "60"]));
    assert_eq!(site.mails().len(), 25);
}
