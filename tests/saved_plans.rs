//! A saved plan that is interrupted anywhere is finished by the same command: no operation twice, and a third time there
//! is nothing left of it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot start its programs has failed"
)]
#![cfg(unix)]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::program::{Server, exit, online, text};
use support::{wait_for, written};

/// Live: twenty people in a group with a seat; a group that goes, with its seat.
const BEFORE: &str = "\
version: 1
groups:
  team: { description: Before, tier: pro }
  gone: { tier: pro }
users:
";

/// Renames of people and of a group, new values, removals that had to be agreed to, people who leave, people who come.
fn rosters() -> (String, String) {
    let (mut before, mut after) = (BEFORE.to_owned(), String::from("version: 1\n"));
    after.push_str("groups:\n  crew: { previously: team, description: After, tier: pro+, membership: exact }\n  gone: { state: absent }\nusers:\n");
    for n in 0..20 {
        let whole = format!("given_name: P, family_name: N{n}, email: p{n}@example.com");
        before.push_str(&format!(
            "  p{n:02}: {{ {whole}, groups: [team, gone], tier: pro }}\n"
        ));
        match n {
            0..4 => after.push_str(&format!(
                "  p{n:02}: {{ state: absent, email: p{n}@example.com }}\n"
            )),
            4..8 => after.push_str(&format!(
                "  q{n:02}: {{ previously: p{n:02}, title: Q, groups: [crew], tier: power }}\n"
            )),
            8..12 => after.push_str(&format!("  p{n:02}: {{ title: T }}\n")),
            _ => after.push_str(&format!("  p{n:02}: {{ groups: [crew], tier: pro-max }}\n")),
        }
    }
    for n in 20..26 {
        after.push_str(&format!("  p{n:02}: {{ given_name: P, family_name: N{n}, email: p{n}@example.com, groups: [crew], tier: pro }}\n"));
    }
    (before, after)
}

#[test]
fn a_saved_plan_that_is_interrupted_after_any_operation_is_finished_by_the_same_command() {
    let (before, after) = rosters();
    let mut seen = Vec::new();
    for k in [1, 6, 14, 24, 36, 50] {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path();
        fs::write(folder.join("S"), r#"{ "now": "2026-12-10T09:00:00Z" }"#).expect("the clock");
        fs::write(folder.join("before.yaml"), &before).expect("a roster");
        fs::write(folder.join("after.yaml"), &after).expect("a roster");
        let server = Server::start(folder, r#"{ "latency_ms": 15 }"#);
        let run = |arguments: &[&str], code: i32| {
            let output = online(folder, &server.url, arguments)
                .output()
                .expect("a run");
            assert_eq!(exit(&output), code, "{arguments:?}: {}", text(&output));
            text(&output)
        };
        run(
            &["apply", "--yes", "--max-rps", "1000", "-f", "before.yaml"],
            0,
        );
        let plan = plan_of(folder, &server.url);
        let earlier = written(folder).len();
        interrupt_after(folder, &server.url, earlier + k);
        let first = written(folder).len() - earlier;
        assert!(first >= k && first < plan, "{first} of {plan} after {k}");
        seen.push(first);

        run(&["apply", "plan.json", "--max-rps", "1000"], 0);
        let mut calls = written(folder).split_off(earlier);
        let plan = plan - overtaken(folder);
        assert_eq!(calls.len(), plan, "each once: {calls:?}");
        calls.sort();
        calls.dedup();
        assert_eq!(calls.len(), plan, "none twice");

        let said = run(&["apply", "plan.json", "--max-rps", "1000"], 0);
        assert!(said.contains("Already applied."), "{said}");
        assert_eq!(written(folder).len(), earlier + plan, "a third time");
        let left = [
            "plan",
            "--detailed-exitcode",
            "--max-rps",
            "1000",
            "-f",
            "after.yaml",
        ];
        run(&left, 0);
    }
    println!("interrupted after {seen:?} writes");
}

/// Saves the plan; how many changes it has.
fn plan_of(folder: &Path, url: &str) -> usize {
    let mut arguments = vec!["plan", "--out", "plan.json", "-f", "after.yaml"];
    for agreed in [
        "remove_users=4",
        "change_identity=4",
        "cancel_seats=20",
        "remove_memberships=20",
    ] {
        arguments.extend(["--ack", agreed]);
    }
    let output = online(folder, url, &arguments).output().expect("a plan");
    assert_eq!(exit(&output), 0, "{}", text(&output));
    let plan = fs::read_to_string(folder.join("plan.json")).expect("the plan");
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
    plan["resource_changes"].as_array().map_or(0, Vec::len)
}

/// Seats of leavers that were gone when they were to be taken: the deletion, which waits for no seat call, came first.
fn overtaken(folder: &Path) -> usize {
    let log = fs::read_to_string(folder.join("S.calls.jsonl")).expect("the calls");
    let calls = log.lines().filter(|call| {
        call.contains(r#""operation":"DeleteAssignment""#)
            && call.contains(r#""error":"ResourceNotFoundException""#)
    });
    let overtaken = calls.count();
    assert!(overtaken <= 4, "four people leave: {log}");
    overtaken
}

fn interrupt_after(folder: &Path, url: &str, calls: usize) {
    let process = online(folder, url, &["apply", "plan.json", "--max-rps", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("an apply");
    wait_for(|| written(folder).len() >= calls);
    let id = process.id().to_string();
    let killed = Command::new("kill").args(["-TERM", &id]).status();
    assert!(killed.expect("kill").success());
    let output = process.wait_with_output().expect("its end");
    assert_eq!(exit(&output), 130, "{}", text(&output));
}
