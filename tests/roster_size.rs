//! A roster as large as the largest organizations loads, and quickly.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use kiroster::roster;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

#[test]
fn a_hundred_thousand_people_load() {
    let mut text = String::from("version: 1\nusers:\n");
    for i in 0..100_000 {
        let (team, office) = (i % 900, i % 40);
        writeln!(
            text,
            "  person{i:06}:\n    given_name: Given{i}\n    family_name: Family{i}\n    \
             display_name: Given{i} Family{i}\n    email: person{i}@research.example.com\n    \
             groups: [kiro-users, team-{team}, office-{office}, floor-{team}-{office}, all]\n    \
             tier: pro+\n    title: Senior Software Engineer\n    cost_center: \"00{i}\""
        )
        .unwrap();
    }
    let size = text.len() / 1_000_000;
    let start = Instant::now();
    let loaded = roster::parse([("kiroster.yaml", text)]).unwrap();
    let took = start.elapsed();
    assert_eq!(loaded.desired.users.len(), 100_000);
    assert_eq!(loaded.desired.members.len(), 500_000);
    // Past the test runner, which keeps to itself what passing tests print.
    let told = format!("100,000 people, {size} MB: {took:?}; peak {}\n", peak());
    let _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
    // Ten times what an unhurried machine needs without optimization.
    assert!(took < Duration::from_secs(120), "{took:?}");
}

/// The most memory this process ever held, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.unwrap_or("unknown").to_owned()
}
