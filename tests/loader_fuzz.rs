//! Whatever a file holds, the loader answers: it never panics, and no control character of it reaches the screen.
//!
//! Half of the inputs are random bytes, half are valid rosters with random damage. `FUZZ=1000000` tries more.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use kiroster::render::problems;
use kiroster::roster;
use std::fs;
use std::io::Write as _;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

const INPUTS: usize = 100_000;

/// Small rosters that between them have every key and every way to write it.
const SEEDS: [&str; 7] = [
    "version: 1\ntarget: {account: \"111122223333\", region: us-east-1}\nusers: {jdoe: {tier: pro+}}\n",
    "version: 1\ngroups:\n  eng: { members: [jdoe, jroe], tier: pro }\nusers:\n  jdoe:\n    email: jo@example.com\n    groups: [eng]\n",
    "version: 1\nusers:\n  a: &a { tier: pro, until: 2027-01-31 }\n  b: *a\n  c: { state: absent, email: c@x.y }\n  \"d\": { clear: [title, phone] }\n",
    "version: 1\ngroups:\n  old: { state: absent, previously: [older, oldest] }\n  add:\n    membership: additive\n    description: >\n      folded\n      text\n",
    "version: 1\npolicy:\n  manage: [users, seats]\n  scope: { users: [\"*@example.com\"], groups: ['kiro-?'] }\n  protect: { users: [root] }\nusers: { ü: {} }\n",
    "version: 1\nonboarding: {invite: off}\npolicy:\n  prune: {seats: none}\n  limits: {add_users: {floor: 9, percent: 5}}\n  budget: {monthly_usd: 9.5}\n  require: {g: {min: 2, include: [a]}}\n  plan_ttl: 3d\ntiers: {pro+: {usd: 2}}\nacknowledge: [{rule: invites, count: 7, reason: r, expires: 2026-12-05}]\ngroups: {g: {}}\n",
    "users:\n  z:\n    address: { street: 1 Main St, city: Wien }\n    photos: [a, b]\n    roles: [x]\n    title: |\n      Block\n    manager: \"Ada \\u00e9\"\n",
];

/// What damage is made of, beside single bytes.
const PIECES: [&str; 30] = [
    ": ",
    "- ",
    "? ",
    "&a ",
    "*a",
    "!!int ",
    "!x ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "\n",
    "\n  ",
    "\t",
    "#",
    "\"",
    "'",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "~",
    "null",
    "yes",
    "\u{feff}",
    "\r",
    "\u{202e}",
    "<<: ",
];

#[test]
fn no_input_makes_the_loader_panic() {
    for seed in SEEDS {
        assert_eq!(shown(seed), None, "{seed}");
    }
    let wanted = std::env::var("FUZZ")
        .ok()
        .and_then(|count| count.parse().ok());
    let inputs: usize = wanted.unwrap_or(INPUTS);
    let parsed = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let told = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(2, usize::from);
    thread::scope(|scope| {
        for worker in 0..workers {
            let (parsed, told) = (&parsed, &told);
            scope.spawn(move || {
                for number in (worker..inputs).step_by(workers) {
                    let mut chance = Chance(number as u64 + 1);
                    let kind = number % 2;
                    let bytes = match kind {
                        0 => noise(&mut chance),
                        _ => damaged(&mut chance, &SEEDS),
                    };
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    match catch_unwind(|| shown(&text)) {
                        Ok(None) => _ = parsed[kind].fetch_add(1, Ordering::Relaxed),
                        Ok(Some(problems)) => _ = told.fetch_add(problems, Ordering::Relaxed),
                        Err(_) => panic!("input {number} made the loader panic: {text:?}"),
                    }
                }
            });
        }
    });
    // Past the test runner, which keeps to itself what passing tests print.
    let _ = writeln!(
        std::io::stderr(),
        "{inputs} inputs, half random bytes, half damaged rosters: {} and {} of them parsed, {} problems told in the others",
        parsed[0].load(Ordering::Relaxed),
        parsed[1].load(Ordering::Relaxed),
        told.load(Ordering::Relaxed)
    );
    assert!(
        parsed[1].load(Ordering::Relaxed) > inputs / 100,
        "the damage is too heavy"
    );
}

/// Tables and backups as the scripts write them.
const OTHERS: [(&str, [&str; 2]); 2] = [
    (
        "users.csv",
        [
            "UserName,GivenName,Email,Groups,KiroTier,Status\r\njo,\"Jo, \"\"x\"\"\",jo@example.com,\"eng,ops\",Kiro Pro,ACTIVE\r\nbo,'=1,bo@example.com,,,\r\n",
            "GroupName,KiroTier\neng,Pro\n\n\"o\np\ns\",Kiro Power\n",
        ],
    ),
    (
        "backup.json",
        [
            "{\"users\":[{\"user_id\":\"1\",\"username\":\"jo\",\"email\":\"\\u00e9@x.y\"}],\"groups\":[]}",
            "{\n \"users\": [],\n \"groups\": [{\"group_id\":\"g\",\"display_name\":\"eng\"}],\n \"memberships\": [{\"group_id\":\"g\",\"username\":\"jo\"}]}",
        ],
    ),
];

#[test]
fn no_table_and_no_backup_makes_the_loader_panic() {
    for (name, seeds) in OTHERS {
        for seed in seeds {
            assert_eq!(shown_as(name, seed), None, "{seed}");
        }
        let (mut good, mut told) = (0, 0);
        for number in 0..INPUTS / 10 {
            let mut chance = Chance(number as u64 + 1);
            let bytes = match number % 4 {
                0 => noise(&mut chance),
                _ => damaged(&mut chance, &seeds),
            };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match catch_unwind(|| shown_as(name, &text)) {
                Ok(None) => good += 1,
                Ok(Some(problems)) => told += problems,
                Err(_) => panic!("input {number} made the loader of {name} panic: {text:?}"),
            }
        }
        println!(
            "{name}: {good} of {} inputs loaded, {told} problems told in the others",
            INPUTS / 10
        );
        assert!(good > 100 && told > 1_000, "{name}: {good}, {told}");
    }
}

#[test]
fn files_that_are_no_text_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..100 {
        let path = folder.path().join(format!("{number}.yaml"));
        fs::write(path, noise(&mut Chance(number + 1))).unwrap();
    }
    let problems = roster::load(&[folder.path().to_owned()]).unwrap_err();
    assert!(problems.len() >= 100, "{}", problems.len());
    assert!(problems::text(&problems, true).contains("not UTF-8"));
}

/// How many problems were told; `None` for a roster without any.
fn shown(text: &str) -> Option<usize> {
    shown_as("kiroster.yaml", text)
}

fn shown_as(name: &str, text: &str) -> Option<usize> {
    let problems = roster::parse([(name, text)]).err()?;
    let shown = problems::text(&problems, false);
    let escaped = |c: char| !c.is_control() || c == '\n';
    assert!(
        shown.chars().all(escaped),
        "a control character is shown: {shown:?}"
    );
    assert!(!problems.is_empty() && shown.contains("error: "));
    Some(problems.len())
}

fn noise(chance: &mut Chance) -> Vec<u8> {
    let length = chance.below(64) + 1;
    (0..length).map(|_| chance.below(256) as u8).collect()
}

fn damaged(chance: &mut Chance, seeds: &[&str]) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].as_bytes().to_vec();
    for _ in 0..=chance.below(2) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(8)).min(bytes.len());
        match chance.below(6) {
            0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = chance.below(bytes.len() + 1);
                drop(bytes.splice(to..to, copy));
            }
            3 => bytes.truncate(at),
            4 => {
                let other = seeds[chance.below(seeds.len())].as_bytes();
                let from = chance.below(other.len());
                drop(bytes.splice(at..end, other[from..].iter().copied().take(40)));
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())].bytes();
                drop(bytes.splice(at..at, piece));
            }
        }
    }
    bytes
}

/// The same numbers in every run, so that a finding can be had again (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        number as usize % bound
    }
}
