//! How many calls reading makes: `cargo run --release --example reading`.
//!
//! Two organizations behind real HTTP, each call of the whole command counted, finding the account and the instance
//! included:
//!
//! 1. `export` of 10,000 users, 500 groups of 20 and 10,000 seats, beside the pages that are needed at least (claim pages
//!    included) and beside the older scripts' way: the users, and for each seat one list of groups and one description
//!    a group. More than eight calls above what is needed: this fails.
//! 2. `plan` of a roster of 20 people against 50,000 users, 500 of them with seats: by name, beside listing everybody.
//!    A hundred calls or more, or another digest than by listing: this fails.
//!
//! With arguments of its own this is `kiroster`, so that nothing else need be built.

#[path = "../tests/support/listing.rs"]
mod listing;

use kiroster::live::{Live, Reach, Whole};
use kiroster::plan::Plan;
use kiroster::{planfile, roster};
use serde_json::{Value, json};
use std::collections::BTreeMap as Map;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What finding the account, the instance and Kiro may cost.
const MORE: usize = 8;
const FEW: usize = 100;

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return kiroster::cli::main();
    }
    match everything().and_then(|one| Ok(one & a_few_people()?)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

type Calls = Map<String, usize>;

fn everything() -> Result<bool, Box<dyn Error>> {
    let (users, groups, members) = (10_000, 500, 20);
    let folder = tempfile::tempdir()?;
    let people: Vec<Value> = (0..users).map(|n| person(n, true)).collect();
    let teams: Vec<Value> = (0..groups)
        .map(|g| {
            let members: Vec<String> = (0..members).map(|m| name(g * members + m)).collect();
            json!({ "DisplayName": format!("group{g:03}"), "Members": members })
        })
        .collect();
    save(folder.path(), people, teams)?;
    let (calls, _) = kiroster(folder.path(), &["export", "--out", "export.yaml"])?;
    let made: usize = calls.values().sum();
    let pages = |rows: usize, a_page: usize| rows.div_ceil(a_page);
    let needed = pages(users, 100)
        + pages(groups, 100)
        + groups * pages(members, 100)
        + pages(users, 1_000)
        + pages(users, 100);
    // Each person is in one group.
    let theirs = pages(users, 100) + pages(users, 1_000) + users + groups * members;
    let mut out = std::io::stdout().lock();
    writeln!(out, "10,000 users, 500 groups of 20, 10,000 seats: export")?;
    writeln!(out, "  pages needed                {needed:>7}")?;
    writeln!(
        out,
        "  calls made                  {made:>7}  (at most {MORE} more)"
    )?;
    writeln!(out, "  the older scripts' way      {theirs:>7}")?;
    tell(&mut out, &calls)?;
    Ok(made <= needed + MORE)
}

fn a_few_people() -> Result<bool, Box<dyn Error>> {
    let (users, seats) = (50_000, 500);
    let folder = tempfile::tempdir()?;
    let people: Vec<Value> = (0..users)
        .map(|n| person(n, n % (users / seats) == 0))
        .collect();
    let members: Vec<String> = (0..40).map(|n| name(n * 100)).collect();
    let mut teams: Vec<Value> = (0..40)
        .map(|g| json!({ "DisplayName": format!("group{g:03}"), "Members": members }))
        .collect();
    let seated: Vec<String> = (0..seats / 2).map(|n| name(n * 200 + 1)).collect();
    let everybody: Vec<String> = (0..users).map(name).collect();
    teams.push(json!({ "DisplayName": "kiro", "Members": seated, "Seat": { "type": "KIRO_ENTERPRISE_PRO" } }));
    teams.push(json!({ "DisplayName": "everybody", "Members": everybody }));
    save(folder.path(), people, teams)?;
    let text = few();
    fs::write(folder.path().join("kiroster.yaml"), &text)?;
    let (calls, told) = kiroster(folder.path(), &["plan", "-v", "--out", "plan.json"])?;
    let made: usize = calls.values().sum();
    let plan: Value = serde_json::from_slice(&fs::read(folder.path().join("plan.json"))?)?;
    let (digest, listing) = listed(folder.path(), &text)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n20 people among 50,000 users with 500 seats: plan")?;
    writeln!(out, "  calls by listing            {listing:>7}")?;
    writeln!(
        out,
        "  calls by name               {made:>7}  (below {FEW})"
    )?;
    tell(&mut out, &calls)?;
    for line in told.lines().filter(|line| line.contains("look-up")) {
        writeln!(out, "  {line}")?;
    }
    let same = plan["digest"] == digest.as_str();
    writeln!(out, "  the same digest             {same:>7}")?;
    writeln!(
        out,
        "  unmanaged                   {:>7}",
        plan["unmanaged"]
    )?;
    Ok(made < FEW && same && plan["unmanaged"].is_null())
}

/// Everybody is in one group, which some are listed in. Of 20 people ten change, four are new, two get another address, two another name, one leaves, one is deleted.
fn few() -> String {
    let mut text = String::from(
        "version: 1\ngroups:\n  group001: { members: [] , membership: additive }\n  fresh: { description: New }\n  kiro: { tier: pro }\nusers:\n",
    );
    let of = |n: usize| {
        format!(
            "given_name: Given, family_name: N{n}, email: {}@example.com",
            name(n)
        )
    };
    for n in 1..=10 {
        let (user, at) = (name(n * 4_999), of(n * 4_999));
        let _ = writeln!(
            text,
            "  {user}: {{ {at}, title: Engineer, groups: [group001, everybody], tier: pro+ }}"
        );
    }
    for n in 1..=4 {
        let at = of(n + 90_000);
        let _ = writeln!(text, "  new{n}: {{ {at}, groups: [fresh], tier: pro }}");
    }
    for n in 1..=2 {
        let _ = writeln!(
            text,
            "  {}: {{ email: moved{n}@example.com }}",
            name(n * 7_001)
        );
        let _ = writeln!(text, "  renamed{n}: {{ previously: {} }}", name(n * 7_002));
    }
    let _ = writeln!(text, "  {}: {{ state: offboarded }}", name(300));
    let leaver = name(400);
    let _ = writeln!(
        text,
        "  {leaver}: {{ state: absent, email: {leaver}@example.com }}"
    );
    text
}

/// The digest of the plan that listing everybody gives, and how many calls that takes.
fn listed(folder: &Path, text: &str) -> Result<(String, usize), Box<dyn Error>> {
    fs::remove_file(folder.join("S.calls.jsonl"))?;
    let desired = roster::parse([("kiroster.yaml", text.to_owned())])
        .map_err(|problems| format!("{problems:?}"))?
        .desired;
    let reach = Reach {
        whole: Some(Whole::Everything),
        ..desired.reach(true)
    };
    let reading = listing::read(&folder.join("S"), &reach)?;
    let today = jiff::civil::date(2026, 12, 1);
    let plan = Plan::of(&desired, Live::of(reading), today);
    Ok((planfile::intended(&plan), counted(folder)?.values().sum()))
}

fn name(n: usize) -> String {
    format!("user{n:06}")
}

fn person(n: usize, seat: bool) -> Value {
    let mut person = json!({
        "UserName": name(n),
        "Name": { "GivenName": "Given", "FamilyName": format!("N{n}") },
        "DisplayName": format!("Given N{n}"),
        "Emails": [{ "Value": format!("{}@example.com", name(n)) }],
    });
    if seat {
        person["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
    }
    person
}

fn save(folder: &Path, users: Vec<Value>, groups: Vec<Value>) -> Result<(), Box<dyn Error>> {
    let state = json!({
        "now": "2026-12-01T09:00:00Z",
        "accounts": { "111122223333": { "users": users, "groups": groups } },
    });
    Ok(fs::write(folder.join("S"), state.to_string())?)
}

/// The calls of a command, and what it said.
fn kiroster(folder: &Path, words: &[&str]) -> Result<(Calls, String), Box<dyn Error>> {
    let ran = Command::new(std::env::current_exe()?)
        .arg("--sandbox=S")
        .args(words)
        .current_dir(folder)
        .output()?;
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    match ran.status.code() {
        // A plan that limits block is a plan.
        Some(0 | 3) => Ok((counted(folder)?, said)),
        _ => Err(said.into()),
    }
}

fn counted(folder: &Path) -> Result<Calls, Box<dyn Error>> {
    let mut calls = Calls::new();
    for line in fs::read_to_string(folder.join("S.calls.jsonl"))?.lines() {
        let call: Value = serde_json::from_str(line)?;
        let operation = call["operation"].as_str().unwrap_or_default();
        *calls.entry(operation.to_owned()).or_default() += 1;
    }
    Ok(calls)
}

fn tell(out: &mut impl Write, calls: &Calls) -> std::io::Result<()> {
    for (operation, count) in calls {
        writeln!(out, "    {operation:<32} {count:>7}")?;
    }
    Ok(())
}
