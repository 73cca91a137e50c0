//! The plan file's schema ships as it is generated, and takes the plan files that stories make.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot start its programs has failed"
)]

#[path = "support/mod.rs"]
#[expect(dead_code, reason = "shared with tests that need a server")]
mod support;

use kiroster::planfile;
use serde_json::Value;
use std::fs;
use std::path::Path;
use support::program::{kiroster, text};

#[test]
fn the_shipped_schema_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/plan.schema.json");
    let generated = planfile::schema();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &generated).expect("the schema");
    }
    let shipped = fs::read_to_string(&path).unwrap_or_default();
    let remedy = "run `kiroster schema plan > schema/plan.schema.json`";
    assert!(
        shipped == generated,
        "{} is stale: {remedy}",
        path.display()
    );
}

/// Live: somebody of each kind that a plan can have something to say about.
const LIVE: &str = r#"{ "now": "2026-12-10T09:00:00Z", "accounts": { "111122223333": {
  "assignments": { "admins": ["222233334444"] },
  "users": [
    { "UserName": "ada", "Name": { "GivenName": "Ada", "FamilyName": "Roe" }, "DisplayName": "Ada Roe", "Emails": [{ "Value": "ada@example.com" }], "SignedIn": true, "Seat": { "type": "KIRO_ENTERPRISE_POWER", "status": "ACTIVE" } },
    { "UserName": "bob", "Name": { "GivenName": "Bob", "FamilyName": "Roe" }, "DisplayName": "Bob Roe", "Emails": [{ "Value": "bob@example.com" }], "Seat": { "type": "KIRO_ENTERPRISE_PRO", "status": "CANCELLED" } },
    { "UserName": "eve", "Name": { "GivenName": "Eve", "FamilyName": "Roe" }, "DisplayName": "Eve Roe", "Emails": [{ "Value": "eve@example.com" }], "UserStatus": "DISABLED" } ],
  "groups": [
    { "DisplayName": "eng", "Members": ["ada", "bob"], "Seat": { "type": "KIRO_ENTERPRISE_PRO" } },
    { "DisplayName": "admins" } ] } } }"#;

/// Renames, leavers, additions, waiting, deferred, blocks, notes and mails.
const ROSTER: &str = "\
version: 1
onboarding: { invite: new }
policy: { scope: { groups: [eng, admins] }, budget: { monthly_usd: 10 }, require: { eng: { min: 3 } } }
groups:
  eng: { members: [ada, carl], tier: pro+, description: Engineers }
  admins: { members: [ada] }
users:
  countess: { previously: ada, tier: pro, address: { city: London }, roles: [a, b] }
  bob: { tier: pro }
  eve: { tier: pro }
  carl: { given_name: Carl, family_name: Roe, email: carl@example.com, tier: power }
  okta: { tier: pro }
";

#[test]
fn plan_files_fit_the_schema() {
    let schema: Value = serde_json::from_str(&planfile::schema()).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("S"), LIVE).expect("the state");
    fs::write(
        folder.path().join("kiroster.yaml"),
        ROSTER
            .replace("members: [ada, carl]", "members: [countess, carl]")
            .replace("members: [ada] }", "members: [countess] }"),
    )
    .expect("a roster");
    let mut seen = 0;
    for extra in [
        &[][..],
        &["--additive"],
        &["--only", "user:*"],
        &["--no-seats"],
        &["--redact"],
    ] {
        let mut arguments = vec!["--sandbox=S", "plan", "-o", "json"];
        arguments.extend(extra);
        let output = kiroster(folder.path(), &arguments)
            .output()
            .expect("a plan");
        let plan: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", text(&output)));
        let wrong: Vec<String> = schema
            .iter_errors(&plan)
            .map(|error| format!("{}: {error}", error.instance_path))
            .collect();
        assert!(wrong.is_empty(), "{extra:?}: {wrong:#?}");
        for list in [
            "resource_changes",
            "blocks",
            "notes",
            "waiting",
            "deferred",
            "side_effects",
            "people",
            "left_out",
        ] {
            seen += plan[list].as_array().map_or(0, Vec::len);
        }
    }
    assert!(seen > 40, "too tame: {seen}");
}

#[test]
fn the_schema_refuses_what_is_no_plan() {
    let schema: Value = serde_json::from_str(&planfile::schema()).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    assert!(!schema.is_valid(&serde_json::json!({ "format_version": "1.0" })));
}
