//! A migration between two accounts, in bad weather, killed five times: both sides end equal, and mail goes to exactly those
//! whom it has created.

use crate::chance::Chance;
use crate::chaos::doubted;
use crate::site::{AGREED, Site, full, user};
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

const OLD: &str = "111122223333";
const NEW: &str = "444455556666";
const RPS: &str = "400";

/// How many of everything.
struct Size {
    users: usize,
    groups: usize,
    memberships: usize,
    seats: usize,
    group_seats: usize,
    /// Of the users, so many are in the new account already.
    there: usize,
}

fn size() -> Size {
    match full() {
        true => Size {
            users: 1_000,
            groups: 60,
            memberships: 3_000,
            seats: 900,
            group_seats: 5,
            there: 20,
        },
        false => Size {
            users: 100,
            groups: 12,
            memberships: 300,
            seats: 90,
            group_seats: 5,
            there: 6,
        },
    }
}

fn name(n: usize) -> String {
    format!("user{n:04}")
}

fn site(size: &Size, chance: &mut Chance) -> Site {
    let tiers = ["PRO", "PRO_PLUS", "PRO_MAX", "POWER"];
    let people = (0..size.users).map(|n| {
        let mut user = user(&name(n));
        user["Title"] = json!(format!("Engineer {n}"));
        user["Timezone"] = json!("Europe/Berlin");
        user["PhoneNumbers"] =
            json!([{ "Value": format!("+1 555 {n:04}"), "Type": "work", "Primary": true }]);
        user["SignedIn"] = json!(true);
        if n < size.seats {
            let tier = tiers[chance.below(tiers.len())];
            user["Seat"] = json!({ "type": format!("KIRO_ENTERPRISE_{tier}") });
        }
        user
    });
    let people: Vec<Value> = people.collect();
    let mut members = vec![std::collections::BTreeSet::new(); size.groups];
    for n in 0..size.memberships {
        // Everybody's turn comes, and each time in another group.
        let (user, round) = (n % size.users, n / size.users);
        members[(user * 7 + round * 5 + user / size.groups) % size.groups].insert(name(user));
    }
    let all: usize = members.iter().map(|members| members.len()).sum();
    assert_eq!(all, size.memberships, "no membership twice");
    let groups = members.into_iter().enumerate().map(|(n, members)| {
        let mut group = json!({ "DisplayName": format!("group{n:02}"), "Description": format!("The {n}th"), "Members": members });
        if n < size.group_seats {
            group["Seat"] = json!({ "type": "KIRO_ENTERPRISE_PRO" });
        }
        group
    });
    let groups: Vec<Value> = groups.collect();
    let there: Vec<Value> = (0..size.there).map(|n| user(&name(n * 3))).collect();
    let state = json!({ "accounts": {
        OLD: { "users": people, "groups": groups },
        NEW: { "users": there, "region": "eu-central-1",
               "kiro": { "region": "eu-central-1", "seats_show_after": 1 } },
    } });
    let site = Site::with(&state, &weather(chance));
    let folder = site.path().join(".aws");
    fs::create_dir(&folder).expect("a folder");
    let profile = |name: &str, account: &str| {
        format!("[{name}]\naws_access_key_id = SANDBOX-{account}\naws_secret_access_key = test\n")
    };
    let profiles = profile("old", OLD) + &profile("new", NEW);
    fs::write(folder.join("credentials"), profiles).expect("the profiles");
    site
}

fn weather(chance: &mut Chance) -> Value {
    json!({
        "seed": chance.below(1 << 30),
        "latency_ms": 2,
        "jitter_ms": 6,
        "error_before": 0.02,
        "error_after": 0.02,
        "drop_before": 0.02,
        "drop_after": 0.02,
    })
}

fn migrate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let base = [
        "migrate",
        "--from-profile",
        "old",
        "--to-profile",
        "new",
        "--to-region",
        "eu-central-1",
        "--max-rps",
        RPS,
    ];
    let base = base.into_iter().chain(AGREED);
    base.chain(more.iter().copied()).collect()
}

fn export(site: &Site, profile: &str, region: &str) -> String {
    let arguments = [
        "export",
        "-q",
        "--no-target",
        "--attributes",
        "all",
        "--profile",
        profile,
        "--region",
        region,
    ];
    site.must(0, &arguments)
}

/// Mails that went out and of which the answer was lost, or said that they had not.
fn lost_mails(site: &Site, name: &str) -> usize {
    let calls = site.calls().into_iter();
    let mails = calls.filter(|call| call["operation"] == "UpdatePassword" && call["key"] == name);
    mails.filter(|call| call["status"] != 200).count()
}

/// Runs that were killed with this mail in flight: they have said that it would be sent, and not what became of it.
fn killed_mails(site: &Site, name: &str) -> usize {
    let ledger = site.path().join(".kiroster/d-4455556666.ledger.jsonl");
    let ledger = fs::read_to_string(ledger).expect("the ledger");
    let lines = ledger
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut open = 0;
    for line in lines.filter(|line| line["address"] == json!(["mail", name])) {
        match line["event"].as_str() {
            Some("intent") => open += 1,
            Some("outcome") => open -= 1,
            _ => {}
        }
    }
    open
}

#[test]
fn a_migration_that_is_killed_five_times_brings_everybody_and_mails_whom_it_made() {
    let mut chance = Chance::new(11);
    let size = size();
    let site = site(&size, &mut chance);
    let before = export(&site, "old", "us-east-1");
    let command = migrate(&["--yes"]);
    let calls = size.users * 5 + size.memberships;
    let mut named = String::new();
    for kill in 0..5 {
        let after = calls / 10 + chance.below(calls / 8);
        let moment = Duration::from_micros(chance.below(9_000) as u64);
        named.push_str(&site.kill_after(&command, after, moment));
        println!(
            "kill {kill}: after {after} calls and {moment:?}; {} calls so far",
            site.calls().len()
        );
        site.faults(&weather(&mut chance));
    }
    // In bad weather a run may fail; the same command goes on. In good weather it may not.
    let mut said = String::new();
    for weather in 0..4 {
        if weather == 2 {
            site.faults(&json!({}));
        }
        let code;
        (code, said) = site.run(&command);
        named.push_str(&said);
        println!("exit {code} after {} calls", site.calls().len());
        let fine = code == 0 || (weather < 2 && (code == 5 || code == 1));
        assert!(fine, "exit {code}: {said}");
        if code == 0 {
            break;
        }
    }
    assert!(
        said.contains("Everybody has arrived, with everything."),
        "{said}"
    );
    site.faults(&json!({}));
    assert_eq!(
        export(&site, "old", "us-east-1"),
        before,
        "the old account is only read"
    );
    assert_eq!(
        export(&site, "new", "eu-central-1"),
        before,
        "both sides are equal"
    );
    for (deed, times) in site.deeds() {
        assert!(
            times == 1 || !deed.starts_with("Create"),
            "{times} times: {deed}"
        );
    }
    let mails = site.mails_of(NEW);
    let existed = |n: usize| n.is_multiple_of(3) && n / 3 < size.there;
    let (mut twice, mut more) = (0, 0);
    for n in 0..size.users {
        let name = name(n);
        let times = mails.get(&name).copied().unwrap_or_default();
        if existed(n) {
            assert_eq!(times, 0, "{name} was there before");
            continue;
        }
        // One, and one more for each run that was killed with it in flight, and for each answer that was lost.
        let (killed, lost) = (killed_mails(&site, &name), lost_mails(&site, &name));
        // Killed before it was sent, and then not answered: nobody can tell, and the person is named.
        let told = times == 0 && doubted(&named).any(|doubted| doubted == name);
        let fine = told || (1..=1 + killed + lost).contains(&times);
        assert!(
            fine,
            "{name} has {times} mails, {killed} killed in flight, {lost} answers lost"
        );
        twice += usize::from(times == 2);
        more += usize::from(times > 2);
    }
    assert!(more <= size.users / 10, "{more} have more than two");
    assert!(
        mails.len() <= size.users - size.there,
        "nobody else: {mails:?}"
    );
    assert!(site.mails_of(OLD).is_empty(), "nobody in the old account");
    println!(
        "{twice} of {} were mailed twice, {more} more often",
        mails.len()
    );

    // Once more: nothing to do, nobody is mailed, and nobody has to agree to it.
    let wrote = site.deeds();
    let again = site.must(0, &migrate(&[]));
    assert!(again.contains("No changes"), "{again}");
    assert_eq!((site.deeds(), site.mails_of(NEW)), (wrote, mails));

    // What would retire the old account ends all its seats, and nothing has applied it.
    let retire = [
        "plan",
        "--profile",
        "old",
        "--region",
        "us-east-1",
        "-f",
        ".kiroster/retire-old.yaml",
        "-o",
        "json",
    ];
    let plan = site.must(0, &[&retire[..], &AGREED].concat());
    let end = plan.rfind('}').expect("a plan");
    let plan: Value = serde_json::from_str(&plan[..=end]).expect("a plan");
    assert_eq!(plan["cost"]["after"]["seats"], 0);
}
