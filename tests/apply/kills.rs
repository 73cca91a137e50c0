//! `kill -9` at any moment, and the same command again.

use crate::chance::Chance;
use crate::site::{Site, account, apply, entry, full, plan, user};
use serde_json::json;
use std::collections::BTreeMap as Map;
use std::fs;
use std::time::Duration;

const RPS: &str = "400";

/// 300 operations: 70 people to create with a group and a seat each, 30 to change, 20 to seat, 10 to leave, and more.
fn site() -> (Site, Vec<String>) {
    let mut live = Vec::new();
    let mut roster = String::from(
        "version: 1\ngroups:\n  everyone: {}\n  old: { members: [] }\n  new: {}\nusers:\n",
    );
    for n in 0..30 {
        live.push(user(&format!("change{n:02}")));
        roster.push_str(&entry(&format!("change{n:02}"), ", title: Engineer"));
    }
    for n in 0..20 {
        live.push(user(&format!("seat{n:02}")));
        roster.push_str(&entry(&format!("seat{n:02}"), ", tier: pro+"));
    }
    for n in 0..10 {
        let name = format!("leave{n:02}");
        let mut leaver = user(&name);
        leaver["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
        leaver["SignedIn"] = json!(true);
        live.push(leaver);
        roster.push_str(&format!(
            "  {name}: {{ state: absent, email: {name}@example.com }}\n"
        ));
    }
    let mut created = Vec::new();
    for n in 0..70 {
        let name = format!("make{n:02}");
        roster.push_str(&entry(&name, ", groups: [everyone], tier: pro"));
        created.push(name);
    }
    let members: Vec<String> = (0..20).map(|n| format!("change{n:02}")).collect();
    let groups = json!([{ "DisplayName": "old", "Members": members }]);
    let site = Site::with(
        &account(json!(live), groups, json!({})),
        &json!({ "latency_ms": 5, "jitter_ms": 10 }),
    );
    site.roster(&roster);
    (site, created)
}

/// Nothing left to do, nothing done twice.
fn arrived(site: &Site) {
    let said = site.must(0, &["plan", "--detailed-exitcode", "--max-rps", RPS]);
    assert!(said.contains("No changes"), "{said}");
    for (deed, times) in site.deeds() {
        assert_eq!(times, 1, "{deed}");
    }
}

fn mailed(site: &Site, created: &[String], most: usize) {
    let mails = site.mails();
    for name in created {
        let times = mails.get(name).copied().unwrap_or_default();
        assert!(
            (1..=most).contains(&times),
            "{name} was mailed {times} times"
        );
    }
    assert_eq!(mails.len(), created.len(), "nobody else: {mails:?}");
}

/// Calls of a run that nothing stops.
const CALLS: usize = 380;

#[test]
fn a_run_that_is_killed_anywhere_is_resumed_by_the_same_command() {
    let runs = if full() { 100 } else { 6 };
    let mut chance = Chance::new(1);
    for run in 0..runs {
        let (site, created) = site();
        let command = apply(&["--max-rps", RPS]);
        // At any call, and at any moment around it.
        let calls = chance.below(CALLS);
        let moment = Duration::from_micros(chance.below(20_000) as u64);
        println!("run {run}: killed after {calls} calls and {moment:?}");
        site.kill_after(&command, calls, moment);
        site.must(0, &command);
        arrived(&site);
        mailed(&site, &created, 2);
    }
}

#[test]
fn a_run_that_is_killed_five_times_loses_nothing_either() {
    let runs = if full() { 10 } else { 1 };
    let mut chance = Chance::new(2);
    for _ in 0..runs {
        let (site, created) = site();
        let command = apply(&["--max-rps", RPS]);
        for _ in 0..5 {
            let calls = 30 + chance.below(CALLS / 4);
            site.kill_after(
                &command,
                calls,
                Duration::from_micros(chance.below(9_000) as u64),
            );
        }
        site.must(0, &command);
        arrived(&site);
        mailed(&site, &created, 6);
    }
}

#[test]
fn without_the_ledger_the_directory_is_the_same_and_who_may_have_been_missed_is_named() {
    let runs = if full() { 20 } else { 2 };
    let mut chance = Chance::new(3);
    for _ in 0..runs {
        let (site, created) = site();
        let command = apply(&["--max-rps", RPS]);
        site.kill_after(&command, 120 + chance.below(CALLS / 2), Duration::ZERO);
        let killed: Map<String, usize> = site.mails();
        let there = site.deeds();
        fs::remove_file(site.ledger()).expect("the ledger");
        let said = site.must(5, &command);
        arrived(&site);
        let made_then = created
            .iter()
            .filter(|name| there.contains_key(&format!("CreateUser {name}")));
        for name in made_then.clone() {
            if !killed.contains_key(name) {
                assert!(said.contains(&format!("--user {name}")), "{name}: {said}");
            }
        }
        assert!(
            made_then.count() > 0 && said.contains("kiroster invite"),
            "{said}"
        );
        let mails = site.mails();
        assert!(mails.values().all(|times| *times == 1), "{mails:?}");
        // It has been told; nobody is told for ever.
        site.must(0, &command);
    }
}

#[test]
fn a_saved_plan_names_whom_nobody_can_tell_of_and_goes_on_where_it_stood() {
    let mut chance = Chance::new(5);
    let (site, created) = site();
    site.must(0, &plan(&["--max-rps", RPS]));
    let ledger = site.path().join("p.json.ledger.jsonl");
    let command = ["apply", "p.json", "--max-rps", RPS];
    site.kill_after(&command, 150 + chance.below(100), Duration::ZERO);
    assert!(ledger.exists(), "it lies beside the plan");
    // A fresh runner: the plan, and nothing else that is kept.
    fs::remove_file(&ledger).expect("the ledger");
    fs::remove_dir_all(site.path().join(".local")).expect("the state");
    let there = site.deeds();
    let said = site.must(5, &command);
    arrived(&site);
    for name in &created {
        let call = format!("CreateUser {name}");
        let named = said.contains(&format!("--user {name}"));
        // A call whose caller was killed can be done and not be logged; then nobody makes it again.
        match there.contains_key(&call) {
            true => assert!(named, "{name}: {said}"),
            false => assert!(
                !named || !site.deeds().contains_key(&call),
                "{name}: {said}"
            ),
        }
    }
    assert!(site.mails().values().all(|times| *times == 1));
    let said = site.must(0, &command);
    assert!(said.contains("Already applied"), "{said}");
}
