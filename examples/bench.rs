//! How loading, comparing and reading grow: `cargo run --release --example bench`.
//!
//! Prints, for 1,000, 10,000 and 100,000 users (1 % groups, five memberships a user): what loading the roster and
//! comparing it takes, the most memory the process ever had, and the calls that reading made beside the pages that are
//! needed at least; then what loading the scripts' files takes. Reading goes over real HTTP to the sandbox in this
//! process.

#[path = "../tests/support/listing.rs"]
mod listing;

use jiff::civil::date;
use kiroster::desired::Desired;
use kiroster::live::{
    ClaimSeen, Claimant, GroupSeen, Id, Live, Reach, Reading, RowSeen, SeatsSeen, UserSeen,
};
use kiroster::model::{Attribute, GroupName, UserName, Value};
use kiroster::plan::{Plan, Wish};
use kiroster::roster;
use std::fmt::Write;
use std::io::Write as _;
use std::time::{Duration, Instant};

const MEMBERSHIPS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:>8} {:>7} {:>12} {:>10} {:>12} {:>10} {:>12} {:>13}",
        "users",
        "groups",
        "memberships",
        "load",
        "comparison",
        "changes",
        "peak memory",
        "calls/needed"
    )?;
    for users in [1_000, 10_000, 100_000] {
        let groups = (users / 100).min(1_000);
        let text = roster_of(users, groups);
        let start = Instant::now();
        let desired = roster::parse([("kiroster.yaml", text)])
            .map_err(|problems| format!("{problems:?}"))?
            .desired;
        let load = start.elapsed();
        let (comparison, changes) = compare(&desired, users, groups);
        // Before the sandbox, which keeps a second organization in this process, has its share.
        let peak = peak_memory();
        let calls = read(users, groups)?;
        writeln!(
            out,
            "{users:>8} {groups:>7} {:>12} {:>10} {:>12} {changes:>10} {:>12} {calls:>13}",
            users * MEMBERSHIPS,
            shown(load),
            shown(comparison),
            peak,
        )?;
    }
    writeln!(out, "\n{:>8} {:>12} {:>12}", "users", "csv", "backup")?;
    for users in [10_000, 100_000] {
        let table = load("users.csv", table_of(users))?;
        let backup = load("backup.json", backup_of(users))?;
        let (table, backup) = (shown(table), shown(backup));
        writeln!(out, "{users:>8} {table:>12} {backup:>12}")?;
    }
    Ok(())
}

fn load(name: &str, text: String) -> Result<Duration, String> {
    let start = Instant::now();
    roster::parse([(name, text)]).map_err(|problems| format!("{problems:?}"))?;
    Ok(start.elapsed())
}

/// The scripts' CSV.
fn table_of(users: usize) -> String {
    let groups = (users / 100).min(1_000);
    let mut text =
        String::from("UserName,GivenName,FamilyName,DisplayName,Email,Groups,KiroTier,Status\n");
    for user in 0..users {
        let _ = writeln!(
            text,
            "user{user:06},Given,N{user},Given N{user},user{user}@example.com,\"{}\",Kiro Pro,ACTIVE",
            group_names(user, groups).join(","),
        );
    }
    text
}

/// The scripts' backup of a store, as Python writes it.
fn backup_of(users: usize) -> String {
    let groups = (users / 100).min(1_000);
    let people: Vec<serde_json::Value> = (0..users)
        .map(|n| {
            serde_json::json!({
                "user_id": format!("u{n}"),
                "username": format!("user{n:06}"),
                "given_name": "Given",
                "family_name": format!("N{n}"),
                "display_name": format!("Given N{n}"),
                "email": format!("user{n}@example.com"),
            })
        })
        .collect();
    let teams: Vec<serde_json::Value> = (0..groups)
        .map(|n| serde_json::json!({ "group_id": format!("g{n}"), "display_name": format!("group{n:04}") }))
        .collect();
    let members: Vec<serde_json::Value> = (0..users)
        .flat_map(|user| groups_of(user, groups).map(move |group| (user, group)))
        .map(|(user, group)| {
            serde_json::json!({
                "group_id": format!("g{group}"),
                "group_name": format!("group{group:04}"),
                "user_id": format!("u{user}"),
                "username": format!("user{user:06}"),
            })
        })
        .collect();
    let store = serde_json::json!({ "users": people, "groups": teams, "memberships": members });
    format!("{store:#}\n")
}

fn roster_of(users: usize, groups: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n");
    for group in 0..groups {
        let _ = writeln!(text, "  group{group:04}: {{ membership: exact }}");
    }
    text.push_str("users:\n");
    for user in 0..users {
        let _ = writeln!(
            text,
            "  user{user:06}: {{ given_name: Given, family_name: N{user}, display_name: Given N{user}, \
             email: user{user}@example.com, groups: [{}], tier: {} }}",
            group_names(user, groups).join(", "),
            // One in a hundred is to be changed.
            if user % 100 == 7 { "power" } else { "pro" },
        );
    }
    text
}

fn group_names(user: usize, groups: usize) -> Vec<String> {
    let groups = groups_of(user, groups);
    groups.map(|group| format!("group{group:04}")).collect()
}

/// Five different groups a user.
fn groups_of(user: usize, groups: usize) -> impl Iterator<Item = usize> {
    (0..MEMBERSHIPS).map(move |n| (user + n * 2) % groups)
}

/// The comparison as `plan` makes it: names, goal, differences, order, effects.
fn compare(desired: &Desired, users: usize, groups: usize) -> (Duration, usize) {
    let live = Live::of(reading(users, groups));
    let start = Instant::now();
    // What was read is kept by whoever compares: freeing it is no part of comparing.
    let (plan, live) = Plan::draft(desired, live, &Wish::default(), date(2026, 12, 1));
    let took = start.elapsed();
    drop(live);
    (took, plan.operations.len())
}

fn reading(users: usize, groups: usize) -> Reading {
    let id = |kind: &str, n: usize| Id::new(format!("90670000-{kind}-4000-8000-{n:012}"));
    let people = (0..users).map(|n| UserSeen {
        id: id("user", n),
        name: UserName::new(format!("user{n:06}")),
        revision: Some("1".into()),
        attributes: [
            (Attribute::GivenName, "Given".to_owned()),
            (Attribute::FamilyName, format!("N{n}")),
            (Attribute::DisplayName, format!("Given N{n}")),
            (Attribute::Email, format!("user{n}@example.com")),
        ]
        .map(|(attribute, text)| (attribute, Value::text(text)))
        .into(),
        marks: None,
        disabled: false,
        provided: false,
    });
    let teams = (0..groups).map(|n| GroupSeen {
        id: id("group", n),
        name: GroupName::new(format!("group{n:04}")),
        revision: Some("1".into()),
        description: None,
        provided: false,
    });
    let members = (0..users).flat_map(|user| {
        groups_of(user, groups).map(move |group| {
            (
                id("group", group),
                id("user", user),
                id("member", user * 10 + group % 10),
            )
        })
    });
    Reading {
        users: people.collect(),
        groups: teams.collect(),
        members: members.collect(),
        seats: Some(SeatsSeen {
            rows: (0..users)
                .map(|n| RowSeen {
                    user: Some(id("user", n)),
                    assigned: Some("KIRO_ENTERPRISE_PRO".into()),
                    in_force: Some("KIRO_ENTERPRISE_PRO".into()),
                    status: Some("ACTIVE".into()),
                    aggregated: Some("INDIVIDUAL".into()),
                    since: None,
                })
                .collect(),
            claims: (0..users)
                .map(|n| ClaimSeen {
                    holder: Claimant::User(id("user", n)),
                    assigned: Some("KIRO_ENTERPRISE_PRO".into()),
                })
                .collect(),
        }),
        ..Reading::default()
    }
}

/// Calls made, and pages needed at least: by 100 users, groups, members and claims, and by 1,000 seat rows.
fn read(users: usize, groups: usize) -> Result<String, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("S");
    std::fs::write(&file, state(users, groups))?;
    let read = listing::read(&file, &Reach::everything())?;
    assert_eq!(read.users.len(), users);
    let made = std::fs::read_to_string(folder.path().join("S.calls.jsonl"))?
        .lines()
        .count();
    let of_group = users * MEMBERSHIPS / groups;
    let needed = users.div_ceil(100)
        + groups.div_ceil(100)
        + groups * of_group.div_ceil(100)
        + users.div_ceil(1_000)
        + users.div_ceil(100);
    Ok(format!("{made}/{needed}"))
}

fn state(users: usize, groups: usize) -> String {
    let people: Vec<serde_json::Value> = (0..users)
        .map(|n| {
            serde_json::json!({
                "UserName": format!("user{n:06}"),
                "Name": { "GivenName": "Given", "FamilyName": format!("N{n}") },
                "DisplayName": format!("Given N{n}"),
                "Emails": [{ "Value": format!("user{n}@example.com") }],
                "Seat": { "type": "KIRO_ENTERPRISE_PRO" },
            })
        })
        .collect();
    let mut members = vec![Vec::new(); groups];
    for user in 0..users {
        for group in groups_of(user, groups) {
            members[group].push(format!("user{user:06}"));
        }
    }
    let teams: Vec<serde_json::Value> = members
        .into_iter()
        .enumerate()
        .map(|(n, members)| serde_json::json!({ "DisplayName": format!("group{n:04}"), "Members": members }))
        .collect();
    serde_json::json!({ "accounts": { "111122223333": { "users": people, "groups": teams } } })
        .to_string()
}

fn shown(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1000.0)
}

/// The most this process ever had in memory, as Linux tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map_or("unknown".to_owned(), |kib| format!("{} MiB", kib / 1024))
}
