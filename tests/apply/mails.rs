//! Who is mailed, and who is not.

use crate::site::{Site, account, apply, entry, user};
use serde_json::{Value, json};
use std::fs;

/// What a run that was killed leaves in the ledger for a user it had created.
fn due(site: &Site, name: &str, id: &str, email: &str) {
    let lines = [
        json!({ "at": "2026-12-01T09:00:00Z", "run": "r", "event": "intent", "address": ["user", name], "action": "create",
            "mail": true, "after": { "user_name": name, "email": email } }),
        json!({ "at": "2026-12-01T09:00:01Z", "run": "r", "event": "outcome", "address": ["user", name], "action": "create",
            "outcome": "done", "id": id }),
    ];
    remember(site, &lines);
}

fn remember(site: &Site, lines: &[Value]) {
    fs::create_dir_all(site.path().join(".kiroster")).expect("a folder");
    let before = fs::read_to_string(site.ledger()).unwrap_or_default();
    let more: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(site.ledger(), before + &more).expect("the ledger");
}

#[test]
fn what_an_earlier_run_owes_is_sent_though_nothing_else_is_left_to_do_and_only_once() {
    let mut ada = user("ada");
    ada["UserId"] = json!("u-ada");
    let site = Site::with(&account(json!([ada]), json!([]), json!({})), &json!({}));
    site.roster(&format!("version: 1\nusers:\n{}", entry("ada", "")));
    due(&site, "ada", "u-ada", "ada@example.com");
    let said = site.must(0, &apply(&["--max-rps", "100"]));
    assert!(said.contains("Mailed a password link to 1 user"), "{said}");
    site.must(0, &apply(&["--max-rps", "100"]));
    assert_eq!(site.mails().get("ada"), Some(&1));
}

#[test]
fn nobody_who_is_disabled_provided_gone_or_re_addressed_is_mailed() {
    let mut live = Vec::new();
    for (name, more) in [
        ("disabled", json!({ "UserStatus": "DISABLED" })),
        (
            "provided",
            json!({ "ExternalIds": [{ "Issuer": "scim", "Id": "1" }] }),
        ),
        ("moved", json!({})),
        ("leaving", json!({})),
    ] {
        let mut user = user(name);
        user["UserId"] = json!(format!("u-{name}"));
        for (key, value) in more.as_object().expect("members") {
            user[key] = value.clone();
        }
        live.push(user);
    }
    let site = Site::with(&account(json!(live), json!([]), json!({})), &json!({}));
    site.roster("version: 1\nusers:\n  leaving: { state: absent, email: leaving@example.com }\n");
    for name in ["disabled", "provided", "leaving", "gone"] {
        due(
            &site,
            name,
            &format!("u-{name}"),
            &format!("{name}@example.com"),
        );
    }
    due(&site, "moved", "u-moved", "before@example.com");
    let said = site.must(0, &apply(&["--max-rps", "100"]));
    for wanted in [
        "disabled: disabled",
        "provided: provider-owned",
        "moved: re-addressed",
        "leaving: re-addressed",
        "gone: gone",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(site.mails().is_empty());
    let said = site.must(0, &apply(&["--max-rps", "100"]));
    assert!(!said.contains("re-addressed"), "it is told once: {said}");
}

#[test]
fn a_mail_that_is_refused_is_an_incomplete_run_and_the_same_command_sends_it() {
    let site = Site::empty(&json!({ "nth": [{ "operation": "UpdatePassword", "call": 1,
        "error": "AccessDeniedException", "message": "not authorized" }] }));
    site.roster(&format!(
        "version: 1\nusers:\n{}{}",
        entry("ada", ""),
        entry("ben", "")
    ));
    let said = site.must(5, &apply(&["--max-rps", "5"]));
    assert!(said.contains("Not mailed"), "{said}");
    site.must(0, &apply(&["--max-rps", "100"]));
    let mails = site.mails();
    assert_eq!((mails.get("ada"), mails.get("ben")), (Some(&1), Some(&1)));
}

#[test]
fn a_lost_answer_twice_is_told_and_no_third_mail_is_sent() {
    let site = Site::empty(&json!({ "drop_after": 1.0, "only": ["UpdatePassword"] }));
    site.roster(&format!("version: 1\nusers:\n{}", entry("ada", "")));
    let said = site.must(0, &apply(&["--max-rps", "100"]));
    assert!(said.contains("Probably mailed, once or twice"), "{said}");
    site.must(0, &apply(&["--max-rps", "100"]));
    assert_eq!(site.mails().get("ada"), Some(&2));
}

#[test]
fn a_lost_answer_that_a_killed_run_could_not_tell_is_told_by_the_next_and_only_by_that() {
    let mut ada = user("ada");
    ada["UserId"] = json!("u-ada");
    let site = Site::with(&account(json!([ada]), json!([]), json!({})), &json!({}));
    site.roster(&format!("version: 1\nusers:\n{}", entry("ada", "")));
    due(&site, "ada", "u-ada", "ada@example.com");
    remember(
        &site,
        &[
            json!({ "at": "2026-12-01T09:00:02Z", "run": "r", "event": "intent", "address": ["mail", "ada"], "action": "mail",
            "id": "u-ada" }),
            json!({ "at": "2026-12-01T09:00:03Z", "run": "r", "event": "outcome", "address": ["mail", "ada"], "action": "mail",
            "outcome": "perhaps" }),
        ],
    );
    let told = "Probably mailed, once or twice";
    let said = site.must(0, &apply(&["--report", "report.json"]));
    assert!(
        said.contains(told) && said.contains("· ada"),
        "nobody had been told: {said}"
    );
    let report = fs::read_to_string(site.path().join("report.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("json");
    assert_eq!(report["probably_mailed"], json!(["ada"]));
    let said = site.must(0, &apply(&[]));
    assert!(!said.contains(told), "it is told once: {said}");
    assert!(site.mails().is_empty(), "and never mailed a third time");
}

#[test]
fn whoever_was_renamed_meanwhile_is_mailed_once() {
    let mut grace = user("grace");
    grace["UserId"] = json!("u-ada");
    grace["Emails"] = json!([{ "Value": "ada@example.com", "Type": "work", "Primary": true }]);
    let site = Site::with(&account(json!([grace]), json!([]), json!({})), &json!({}));
    site.roster("version: 1\nusers:\n  grace: { given_name: User, family_name: grace, email: ada@example.com }\n");
    due(&site, "ada", "u-ada", "ada@example.com");
    site.must(0, &apply(&[]));
    site.must(0, &apply(&[]));
    assert_eq!(site.mails().get("grace"), Some(&1));
}

#[test]
fn adopted_users_are_not_mailed() {
    let site = Site::with(
        &account(json!([user("ada")]), json!([]), json!({})),
        &json!({}),
    );
    site.roster(&format!(
        "version: 1\nusers:\n{}{}",
        entry("ada", ", tier: pro"),
        entry("ben", ", tier: pro")
    ));
    site.must(0, &apply(&["--max-rps", "100"]));
    assert_eq!(site.mails().keys().collect::<Vec<_>>(), ["ben"]);
}
