//! What stands in the ledger, in reports and on standard output.

use crate::site::{Site, account, apply, entry, people, user};
use serde_json::{Value, json};
use std::fs;

fn lines(text: &str) -> Vec<Value> {
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("json"));
    lines.collect()
}

#[test]
fn every_call_has_its_intent_before_and_its_outcome_with_a_request_id_after() {
    let site = Site::empty(&json!({}));
    site.roster(&people(5));
    site.must(0, &apply(&["--max-rps", "400"]));
    let events = lines(&fs::read_to_string(site.ledger()).expect("the ledger"));
    assert_eq!(events.first().map(|e| &e["event"]), Some(&json!("begin")));
    assert_eq!(events.last().map(|e| &e["event"]), Some(&json!("end")));
    let mut intended = std::collections::BTreeSet::new();
    let mut ended = 0;
    for event in &events {
        match event["event"].as_str() {
            Some("intent") => assert!(intended.insert(event["address"].to_string())),
            Some("outcome") => {
                assert!(intended.contains(&event["address"].to_string()), "{event}");
                assert!(event["request_id"].is_string(), "{event}");
                assert_eq!(event["outcome"], "done");
                ended += 1;
            }
            _ => {}
        }
    }
    assert_eq!((intended.len(), ended), (1 + 5 * 4, 1 + 5 * 4));
}

#[test]
fn what_is_removed_is_kept_whole() {
    let mut leaver = user("leaver");
    leaver["Title"] = json!("Countess");
    leaver["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
    let groups = json!([{ "DisplayName": "team", "Members": ["leaver", "stays"] }]);
    let live = json!([leaver, user("stays")]);
    let site = Site::with(&account(live, groups, json!({})), &json!({}));
    site.roster("version: 1\nusers:\n  leaver: { state: absent, email: leaver@example.com }\n");
    site.must(0, &apply(&["--max-rps", "100"]));
    let events = lines(&fs::read_to_string(site.ledger()).expect("the ledger"));
    let removed = events
        .iter()
        .find(|event| event["event"] == "intent" && event["address"] == json!(["user", "leaver"]));
    let before = &removed.expect("the removal")["before"];
    assert_eq!(before["title"], "Countess");
    assert_eq!(before["email"], "leaver@example.com");
    assert_eq!(before["groups"], json!(["team"]));
    assert_eq!(before["effective_tier"], "pro");
}

#[test]
fn the_stream_is_the_ledgers_lines_and_nothing_else() {
    let site = Site::empty(&json!({}));
    site.roster(&people(3));
    let command = apply(&["--max-rps", "400", "-o", "jsonl"]);
    let output = site.kiroster(&command).output().expect("a run");
    assert_eq!(output.status.code(), Some(0));
    let stream = String::from_utf8_lossy(&output.stdout).into_owned();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("user0000") && said.contains("Applied 10 changes"),
        "people read beside it: {said}"
    );
    assert_eq!(
        stream,
        fs::read_to_string(site.ledger()).expect("the ledger")
    );
}

#[test]
fn a_report_tells_everything_and_holds_the_older_tools_lists() {
    let site = Site::with(
        &account(json!([]), json!([]), json!({})),
        &json!({ "nth": [{ "operation": "CreateUser", "call": 1, "error": "ValidationException", "message": "no" }] }),
    );
    site.roster(&people(2));
    site.must(5, &apply(&["--max-rps", "400", "--report", "out.json"]));
    let report = fs::read_to_string(site.path().join("out.json")).expect("the report");
    let report: Value = serde_json::from_str(&report).expect("json");
    assert_eq!(report["format_version"], "1.0");
    assert_eq!(report["complete"], false);
    assert_eq!(report["changes"].as_array().map(Vec::len), Some(7));
    let list = |key: &str| report[key].as_array().cloned().unwrap_or_default();
    assert_eq!(
        (
            list("created").len(),
            list("skipped").len(),
            list("failed").len()
        ),
        (1, 0, 1)
    );
    let created = &list("created")[0];
    assert!(
        created["user_id"].is_string() && created["email"].is_string(),
        "{created}"
    );
    assert!(
        list("failed")[0]["error"]
            .as_str()
            .is_some_and(|error| error.contains("no"))
    );
    let skipped = list("changes");
    let skipped = skipped.iter().find(|change| change["outcome"] == "skipped");
    assert_eq!(skipped.expect("one")["because"][0], "user");
    // A place that takes no report is found out before anything is written.
    site.must(1, &apply(&["--report", "no/such/folder/out.json"]));
}

#[test]
fn a_torn_last_line_is_healed() {
    let site = Site::empty(&json!({}));
    site.roster(&format!("version: 1\nusers:\n{}", entry("ada", "")));
    fs::create_dir_all(site.path().join(".kiroster")).expect("a folder");
    fs::write(
        site.ledger(),
        "{\"at\":\"2026-12-01T09:00:00Z\",\"event\":\"int",
    )
    .expect("torn");
    site.must(0, &apply(&["--max-rps", "100"]));
    lines(&fs::read_to_string(site.ledger()).expect("the ledger"));
}

#[test]
fn who_wants_a_report_gets_one_though_nothing_was_left_to_do() {
    let site = Site::empty(&json!({}));
    site.roster(&people(1));
    site.must(0, &apply(&["--max-rps", "100"]));
    site.must(
        0,
        &apply(&["--max-rps", "100", "--report", "r.json", "-o", "jsonl"]),
    );
    let report = fs::read_to_string(site.path().join("r.json")).expect("the report");
    let report: Value = serde_json::from_str(&report).expect("json");
    assert_eq!(report["complete"], true);
    assert_eq!(report["changes"], json!([]));
}
