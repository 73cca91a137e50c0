//! A store that needs many pages of everything: nothing may be missed. And a plan of thousands, whose parts are chosen in
//! seconds.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot start its programs has failed"
)]

#[path = "support/listing.rs"]
mod listing;

use jiff::civil::date;
use kiroster::directory::User;
use kiroster::live::{Live, Reach, Target};
use kiroster::model::{Attribute, GroupName, Principal, Tier, UserName, Value as Held};
use kiroster::plan::{Partial, Plan, Wish};
use kiroster::roster;
use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const USERS: usize = 2_300;
const GROUPS: usize = 130;
const GROUP_SEATS: usize = 110;

/// 2,300 users with a seat each, 130 groups, one of 250 members, 110 with a seat: 2,300 user claims lie among the 110
/// group claims, and 23 pages of users before the last.
fn organization() -> Value {
    let users: Vec<Value> = (0..USERS)
        .map(|n| {
            let tier = ["KIRO_ENTERPRISE_PRO", "KIRO_ENTERPRISE_POWER"][n % 2];
            json!({
                "UserName": format!("user{n:04}"),
                "Name": { "GivenName": "User", "FamilyName": format!("N{n}") },
                "DisplayName": format!("User N{n}"),
                "Emails": [{ "Value": format!("user{n}@example.com"), "Type": "work", "Primary": true }],
                "SignedIn": true,
                "Seat": { "type": tier },
            })
        })
        .collect();
    let groups: Vec<Value> = (0..GROUPS)
        .map(|g| {
            let size = if g == 7 { 250 } else { g % 5 };
            let members: Vec<String> = (0..size)
                .map(|n| format!("user{:04}", (g * 17 + n) % USERS))
                .collect();
            let mut group = json!({ "DisplayName": format!("group{g:03}"), "Members": members });
            if g < GROUP_SEATS {
                group["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO_MAX" });
            }
            group
        })
        .collect();
    json!({ "now": "2026-12-01T09:00:00Z", "accounts": { "111122223333": { "users": users, "groups": groups } } })
}

fn kiroster(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_kiroster"))
        .arg("--sandbox=S")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("a run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    assert!(code != 1, "{errors}");
    (code, text)
}

#[test]
fn every_page_of_everything_is_read_and_exported() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = serde_json::to_string(&organization()).expect("json");
    fs::write(folder.path().join("S"), &state).expect("the state");

    let (code, text) = kiroster(folder.path(), &["export"]);
    assert_eq!(code, 0);
    let loaded = roster::parse([("export.yaml", text.clone())]).expect("it reads back");
    let desired = loaded.desired;
    assert_eq!(desired.users.len(), USERS);
    assert_eq!(desired.groups.len(), GROUPS);
    let big = GroupName::new("group007");
    assert_eq!(
        desired.members.keys().filter(|m| m.group == big).count(),
        250
    );
    assert_eq!(
        desired
            .users
            .values()
            .filter(|user| user.seat.is_some())
            .count(),
        USERS
    );
    assert_eq!(
        desired
            .groups
            .values()
            .filter(|group| group.seat.is_some())
            .count(),
        GROUP_SEATS
    );

    fs::write(folder.path().join("export.yaml"), &text).expect("the export");
    let (code, plan) = kiroster(
        folder.path(),
        &["plan", "--detailed-exitcode", "-f", "export.yaml"],
    );
    assert_eq!(code, 0, "{plan}");
    assert!(plan.contains("No changes."), "{plan}");
    let (_, again) = kiroster(folder.path(), &["export"]);
    assert!(text == again, "a second export is byte-identical");
    assert_eq!(
        fs::read_to_string(folder.path().join("S")).expect("the state"),
        state,
        "nothing was written"
    );
}

#[test]
fn what_is_read_is_what_is_there() {
    // The same through the library: own seats, group seats and memberships, each counted.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("S");
    fs::write(&file, serde_json::to_string(&organization()).expect("json")).expect("the state");
    let reading = listing::read(&file, &Reach::everything()).expect("a reading");
    let live = Live::of(reading);
    let memberships: usize = (0..GROUPS).map(|g| if g == 7 { 250 } else { g % 5 }).sum();
    assert_eq!(live.directory.users.len(), USERS);
    assert_eq!(live.directory.groups.len(), GROUPS);
    assert_eq!(live.directory.members.len(), memberships);
    assert_eq!(live.membership_ids.len(), memberships);
    let (users, groups): (Vec<_>, Vec<_>) = live
        .directory
        .seats
        .iter()
        .partition(|(holder, _)| matches!(holder, Principal::User(_)));
    assert_eq!(users.len(), USERS);
    assert_eq!(
        users
            .iter()
            .filter(|(_, tier)| **tier == Tier::Power)
            .count(),
        USERS / 2
    );
    assert_eq!(groups.len(), GROUP_SEATS);
    assert_eq!(live.kiro.map(|kiro| kiro.rows.len()), Some(USERS));
}

/// Each of 10,000 new people is to have the address of somebody who gets another one. `--additive` changes no address, and
/// then creates none of the new people: each was once looked at for every other, which took most of a minute.
#[test]
fn what_an_additive_plan_leaves_out_takes_along_what_needs_it_in_one_go() {
    const PEOPLE: usize = 10_000;
    let mut live = Live::empty(Target::default());
    let mut text = "version: 1\nusers:\n".to_owned();
    for n in 0..PEOPLE {
        let name = UserName::new(format!("old{n:04}"));
        let mut user = User::named(name.clone());
        let email = Held::text(format!("{n}@example.com"));
        user.attributes.insert(Attribute::Email, email);
        live.directory.users.insert(name, user.into());
        let new = format!("given_name: A, family_name: B, email: {n}@example.com");
        let _ = writeln!(text, "  old{n:04}: {{ email: {n}@other.example }}");
        let _ = writeln!(text, "  new{n:04}: {{ {new} }}");
    }
    let desired = roster::parse([("k.yaml", text)]).expect("a roster").desired;
    let wish = Wish {
        partial: Partial {
            additive: true,
            ..Partial::default()
        },
        ..Wish::default()
    };
    let start = Instant::now();
    let (plan, _) = Plan::draft(&desired, live, &wish, date(2026, 12, 1));
    let took = start.elapsed();
    assert_eq!(
        (plan.operations.len(), plan.left_out.len()),
        (0, 2 * PEOPLE)
    );
    assert!(took < Duration::from_secs(20), "{took:?}");
}
