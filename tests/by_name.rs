//! A roster of a few people in a large store, through the whole program: looked up by name, with the digest that listing
//! gives; saved, applied, and applied again.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot start its programs has failed"
)]

#[path = "support/listing.rs"]
mod listing;

use kiroster::live::{Live, Reach, Whole};
use kiroster::plan::Plan;
use kiroster::{planfile, roster};
use serde_json::{Value, json};
use std::collections::BTreeMap as Map;
use std::fs;
use std::path::Path;
use std::process::Command;

const USERS: usize = 6_000;

fn name(n: usize) -> String {
    format!("user{n:04}")
}

/// 6,000 users, one in twelve with a seat of their own; a group of everybody, and one of 300 with a tier.
fn organization() -> Value {
    let users: Vec<Value> = (0..USERS)
        .map(|n| {
            let mut user = json!({
                "UserName": name(n),
                "Name": { "GivenName": "User", "FamilyName": format!("N{n}") },
                "DisplayName": format!("User N{n}"),
                "Emails": [{ "Value": format!("{}@example.com", name(n)), "Type": "work", "Primary": true }],
            });
            if n.is_multiple_of(12) {
                user["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
            }
            user
        })
        .collect();
    let group =
        |name: &str, members: Vec<String>| json!({ "DisplayName": name, "Members": members });
    let mut seated = group("seated", (0..300).map(|n| name(n * 20)).collect());
    seated["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
    let groups = [
        group("everybody", (0..USERS).map(name).collect()),
        seated,
        group("few", (0..30).map(|n| name(n * 100)).collect()),
    ];
    json!({ "now": "2026-12-01T09:00:00Z", "accounts": { "111122223333": { "users": users, "groups": groups } } })
}

const ROSTER: &str = "\
version: 1
groups:
  seated: { tier: pro }
users:
  user4001: { title: Engineer, groups: [everybody, few], tier: pro+ }
  User4002: { groups: [few] }
  user4020: { tier: pro+ }
  changed: { previously: user5001 }
  user5002: { email: elsewhere@example.com }
  fresh: { given_name: F, family_name: Resh, email: fresh@example.com, groups: [few], tier: pro }
  user2000: { state: offboarded }
  user2400: { state: absent, email: user2400@example.com }
  nobody: { tier: pro }
";

fn kiroster(folder: &Path, words: &[&str]) -> (String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_kiroster"))
        .arg("--sandbox=S")
        .args(words)
        .current_dir(folder)
        .output()
        .expect("a run");
    let [out, err] =
        [ran.stdout, ran.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert_eq!(ran.status.code(), Some(0), "{out}{err}");
    (out, err)
}

/// The calls since the last time.
fn calls(folder: &Path) -> Map<String, usize> {
    let file = folder.join("S.calls.jsonl");
    let mut calls = Map::new();
    for line in fs::read_to_string(&file).expect("the calls").lines() {
        let call: Value = serde_json::from_str(line).expect("json");
        let operation = call["operation"].as_str().expect("an operation").to_owned();
        *calls.entry(operation).or_default() += 1;
    }
    fs::remove_file(file).expect("the calls");
    calls
}

/// The digest of the plan that listing everybody gives.
fn by_listing(folder: &Path) -> String {
    let desired = roster::parse([("kiroster.yaml", ROSTER.to_owned())])
        .expect("a roster")
        .desired;
    let reach = Reach {
        whole: Some(Whole::Everything),
        ..desired.reach(true)
    };
    let reading = listing::read(&folder.join("S"), &reach).expect("a reading");
    let plan = Plan::of(&desired, Live::of(reading), jiff::civil::date(2026, 12, 1));
    planfile::intended(&plan)
}

#[test]
fn a_few_people_are_looked_up_in_a_large_store_and_their_plan_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path();
    fs::write(at.join("S"), organization().to_string()).expect("the state");
    fs::write(at.join("kiroster.yaml"), ROSTER).expect("the roster");
    let digest = by_listing(at);
    assert_eq!(calls(at)["ListUsers"], 60);

    let (text, told) = kiroster(at, &["plan", "-v", "--out", "plan.json"]);
    assert!(told.contains("users: looked up by name"), "{told}");
    assert!(text.contains("not counted"), "{text}");
    let planned = calls(at);
    assert!(
        planned["ListUsers"] < 10 && planned["ListGroupMemberships"] < 20,
        "{planned:?}"
    );
    assert!(planned.values().sum::<usize>() < 100, "{planned:?}");
    let plan: Value =
        serde_json::from_slice(&fs::read(at.join("plan.json")).expect("a plan")).expect("json");
    assert_eq!(plan["digest"], digest.as_str());
    for unknown in ["unmanaged", "unmanaged_names", "elsewhere"] {
        assert!(plan[unknown].is_null(), "{unknown}");
    }
    assert!(plan["coverage"]["users"].is_null());
    // 500 people's own seats and 300 through the group, 100 of them both.
    assert_eq!(plan["cost"]["before"]["seats"], 700);

    kiroster(at, &["verify", "plan.json"]);
    let verified = calls(at);
    assert!(verified.values().sum::<usize>() < 100, "{verified:?}");
    kiroster(at, &["apply", "plan.json"]);
    let (again, _) = kiroster(at, &["apply", "plan.json"]);
    assert!(again.contains("Already applied"), "{again}");
    let (text, _) = kiroster(at, &["plan"]);
    assert!(text.contains("No changes."), "{text}");
    assert_eq!(by_listing(at), {
        kiroster(at, &["plan", "--out", "after.json"]);
        let plan = fs::read(at.join("after.json")).expect("a plan");
        let plan: Value = serde_json::from_slice(&plan).expect("json");
        plan["digest"].as_str().expect("a digest").to_owned()
    });
}
