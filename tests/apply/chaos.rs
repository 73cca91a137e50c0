//! Chaos: a random organization, a random roster, random faults and random kills, again and again, and then quiet.
//!
//! Whatever happened on the way: the same command ends well, nothing is left to do, nothing was done twice, whoever was
//! created has mail, and nobody else has. Each case is a number that is printed; whatever a case has found is a test of
//! its own, or a story, since.

use crate::chance::Chance;
use crate::site::{AGREED, Site, account, entry, plan, user};
use serde_json::{Value, json};
use std::collections::BTreeSet as Set;
use std::fs;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const RPS: &str = "300";

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_goes_wrong_the_same_command_ends_well() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("a time after 1970").as_secs();
    let first = number("KIROSTER_CHAOS_SEED").unwrap_or(now * 1_000);
    let seconds = number("KIROSTER_CHAOS_SECONDS").unwrap_or(20);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut seed = first;
    loop {
        println!("chaos: KIROSTER_CHAOS_SEED={seed} KIROSTER_CHAOS_SECONDS=0");
        case(seed);
        seed += 1;
        if Instant::now() >= until {
            break;
        }
    }
    println!("chaos: {} cases from {first}", seed - first);
}

/// What a case starts from, and whom its roster creates.
struct Start {
    state: Value,
    roster: String,
    created: Vec<String>,
}

fn case(seed: u64) {
    let mut chance = Chance::new(seed);
    let Start {
        state,
        roster,
        created,
    } = start(&mut chance);
    let site = Site::with(&state, &faults(&mut chance));
    site.roster(&roster);
    let saved = chance.one_in(3);
    let mut base = vec!["--max-rps", RPS];
    match saved {
        true => {
            // Made in peace: chaos is for what comes after.
            site.faults(&json!({}));
            site.must(0, &plan(&["--max-rps", RPS]));
            site.faults(&faults(&mut chance));
            base.splice(0..0, ["apply", "p.json"]);
        }
        false => base
            .splice(0..0, ["apply", "--yes", "--invite", "new"])
            .for_each(drop),
    }
    let command = [&base[..], &AGREED].concat();
    let mut kills = 0;
    let mut lost = false;
    let mut named = String::new();
    for _ in 0..chance.below(5) {
        let calls = chance.below(160);
        let moment = Duration::from_micros(chance.below(20_000) as u64);
        named.push_str(&site.kill_after(&command, calls, moment));
        kills += 1;
        if chance.one_in(6) {
            // Also a ledger that was never made may be lost.
            lost |= fs::remove_file(site.ledger()).is_ok()
                || fs::remove_file(site.path().join("p.json.ledger.jsonl")).is_ok();
        }
        site.faults(&faults(&mut chance));
    }
    // A run in bad weather may fail for a while; in good weather it may not.
    for weather in 0..4 {
        if weather == 2 {
            site.faults(&json!({}));
        }
        let (code, said) = site.run(&command);
        named.push_str(&said);
        let fine = code == 0 || (code == 5 && (weather < 2 || lost)) || (weather < 2 && code == 1);
        assert!(fine, "exit {code}, lost {lost}: {said}");
        if code == 0 && weather >= 2 {
            break;
        }
    }
    let said = site.must(0, &["plan", "--detailed-exitcode", "--max-rps", RPS]);
    assert!(said.contains("No changes"), "{said}");
    // Changing and taking twice is the same as once, and tried again after every doubt.
    for (deed, times) in site.deeds() {
        assert!(
            times == 1 || !deed.starts_with("Create"),
            "{times} times: {deed}"
        );
    }
    let mails = site.mails();
    let wanted: Set<&String> = created.iter().collect();
    for name in &created {
        match mails.get(name).copied().unwrap_or_default() {
            // Never silently: a lost ledger names whom it forgot, an answer lost once too often names whom it was about.
            0 => assert!(
                (lost && named.contains(&format!("--user {name}")))
                    || doubted(&named).any(|doubted| doubted == name),
                "{name} has no mail and was not named: {named}"
            ),
            times => {
                // One, one for each kill in flight, and what answers of failure that were none have cost.
                let most = 2 + kills + lies(&site, name);
                assert!(times <= most, "{name} has {times} mails");
            }
        }
    }
    for name in mails.keys() {
        assert!(
            wanted.contains(name),
            "{name} was not created by us and has mail"
        );
    }
}

/// Mails that were sent although the answer was an error.
fn lies(site: &Site, name: &str) -> usize {
    let calls = site.calls();
    let lies = calls.iter().filter(|call| {
        call["operation"] == "UpdatePassword" && call["key"] == name && call["done"] == true
    });
    lies.count()
}

/// Whom a run has named because the answer about their mail was lost twice.
pub(crate) fn doubted(said: &str) -> impl Iterator<Item = &str> {
    let lists = said.split("Probably mailed, once or twice").skip(1);
    lists.flat_map(|list| {
        list.lines()
            .skip(1)
            .map_while(|line| line.strip_prefix("  · "))
    })
}

fn start(chance: &mut Chance) -> Start {
    let groups = ["alpha", "beta", "gamma"];
    let mut live = Vec::new();
    let mut members: Vec<Vec<String>> = vec![vec![]; 3];
    let mut created = Vec::new();
    let mut roster = String::from("version: 1\ngroups:\n");
    for group in groups {
        let tier = match chance.below(4) {
            0 => "tier: pro",
            _ => "description: A group",
        };
        roster.push_str(&format!("  {group}: {{ membership: exact, {tier} }}\n"));
    }
    roster.push_str("users:\n");
    for n in 0..10 + chance.below(30) {
        let name = format!("user{n:02}");
        let mut more = String::new();
        for group in groups {
            if chance.one_in(3) {
                let sign = if more.is_empty() { ", groups: [" } else { ", " };
                more.push_str(&format!("{sign}{group}"));
            }
        }
        if !more.is_empty() {
            more.push(']');
        }
        if chance.one_in(2) {
            more.push_str(&format!(
                ", tier: {}",
                ["pro", "pro+", "power"][chance.below(3)]
            ));
        }
        if chance.one_in(4) {
            more.push_str(", title: Engineer");
        }
        if chance.one_in(2) {
            created.push(name.clone());
            roster.push_str(&entry(&name, &more));
            continue;
        }
        let mut user = user(&name);
        if chance.one_in(2) {
            user["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO_PLUS" });
            user["SignedIn"] = json!(true);
        }
        live.push(user);
        for group in &mut members {
            if chance.one_in(3) {
                group.push(name.clone());
            }
        }
        match chance.below(5) {
            0 => roster.push_str(&format!(
                "  {name}: {{ state: absent, email: {name}@example.com }}\n"
            )),
            1 => {}
            2 => roster.push_str(
                &entry(
                    &format!("new-{name}"),
                    &format!("{more}, previously: {name}"),
                )
                .replace(&format!("email: new-{name}@"), &format!("email: {name}@")),
            ),
            _ => roster.push_str(&entry(&name, &more)),
        }
    }
    let live_groups: Vec<Value> = groups
        .iter()
        .zip(members)
        .filter(|_| chance.below(4) > 0)
        .map(|(group, members)| json!({ "DisplayName": group, "Members": members }))
        .collect();
    let kiro = json!({
        "seats_show_after": chance.below(2),
        "rows_show_later": chance.below(2),
        "claims_show_later": chance.below(2),
    });
    Start {
        state: account(json!(live), json!(live_groups), kiro),
        roster,
        created,
    }
}

fn faults(chance: &mut Chance) -> Value {
    let some = |chance: &mut Chance, most: usize| chance.below(most + 1) as f64 / 100.0;
    let mut faults = json!({
        "seed": chance.below(1 << 30),
        "latency_ms": chance.below(8),
        "jitter_ms": chance.below(15),
        "error_before": some(chance, 6),
        "error_after": some(chance, 6),
        "drop_before": some(chance, 4),
        "drop_after": some(chance, 6),
    });
    if chance.one_in(3) {
        faults["rate"] = json!(60 + chance.below(200));
    }
    faults
}
