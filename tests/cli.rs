//! The program as other programs see it: exit codes, streams, signals, and a server in a process of its own.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot start its programs has failed"
)]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::program::{KIROSTER, Server, exit, kiroster, online, text};
use support::{wait_for, written};

fn roster(people: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n  everyone: {}\nusers:\n");
    for n in 0..people {
        text.push_str(&format!(
            "  user{n:03}: {{ given_name: User, family_name: N{n}, email: user{n}@example.com, groups: [everyone], tier: pro }}\n"
        ));
    }
    text
}

#[test]
fn usage_errors_exit_64_and_help_exits_0() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, code) in [
        (&["--help"][..], 0),
        (&["plan", "--help"][..], 0),
        (&["--version"][..], 0),
        (&["--no-such-thing"][..], 64),
        (&["plna"][..], 64),
        (&[][..], 64),
        (&["plan", "--max-rps", "0"][..], 64),
        (&["plan", "--color", "blue"][..], 64),
        (&["apply", "--settle", "3600"][..], 64),
        // A saved plan is judged by the policy that was reviewed with it: another one is refused, not passed over.
        (&["apply", "p.json", "--policy", "t.yaml"][..], 64),
        (&["verify", "p.json", "--policy", "t.yaml"][..], 64),
    ] {
        let output = kiroster(folder.path(), arguments).output().expect("a run");
        assert_eq!(exit(&output), code, "{arguments:?}: {}", text(&output));
    }
}

/// What a path leads to keeps its place: a link is written through, and nothing is put where a pipe is.
#[cfg(unix)]
#[test]
fn a_plan_is_saved_through_a_link_and_into_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    fs::write(path("kiroster.yaml"), roster(1)).expect("a roster");
    std::os::unix::fs::symlink("folder/real.json", path("link.json")).expect("a link");
    fs::create_dir(path("folder")).expect("a folder");
    let plan = |out: &str| {
        let arguments = ["--sandbox=S", "plan", "-q", "--out", out];
        let output = kiroster(folder.path(), &arguments).output();
        let output = output.expect("a run");
        assert_eq!(exit(&output), 0, "{}", text(&output));
        output
    };
    // First it leads to a file that is not there yet.
    for _ in 0..2 {
        plan("link.json");
        let link = fs::symlink_metadata(path("link.json")).expect("a link");
        assert!(link.is_symlink());
        let saved = fs::read_to_string(path("folder/real.json")).expect("a plan");
        assert!(saved.contains("resource_changes"));
    }
    let output = plan("/dev/stdout");
    assert!(text(&output).contains("resource_changes"));
}

#[test]
fn apply_without_a_terminal_and_without_yes_writes_nothing_and_exits_64() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("kiroster.yaml"), roster(1)).expect("a roster");
    let output = kiroster(folder.path(), &["--sandbox=S", "apply"])
        .output()
        .expect("a run");
    assert_eq!(exit(&output), 64, "{}", text(&output));
    assert!(!folder.path().join("S").exists(), "nothing was written");
}

#[test]
fn no_credentials_no_region_no_answer_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("kiroster.yaml"), roster(1)).expect("a roster");
    let run = |command: &mut Command| {
        let output = command
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .expect("a run");
        assert_eq!(exit(&output), 1, "{}", text(&output));
        text(&output)
    };
    let said = run(&mut kiroster(folder.path(), &["plan"]));
    assert!(
        said.contains("no region is set") && said.contains("--region"),
        "{said}"
    );
    let said = run(&mut kiroster(
        folder.path(),
        &["plan", "--region", "us-east-1"],
    ));
    assert!(said.contains("sign in"), "{said}");
    // A reserved port of loopback: nobody answers there.
    let said = run(&mut online(folder.path(), "http://127.0.0.1:1", &["plan"]));
    assert!(said.contains("check the network"), "{said}");
    let mut blank = online(folder.path(), "http://127.0.0.1:1", &["plan"]);
    let said = run(blank.env("AWS_REGION", "us-east-1 "));
    assert!(said.contains("cannot be a region"), "{said}");
    for wrong in ["", "foo", "http://", "http://[::1"] {
        let said = run(&mut online(folder.path(), wrong, &["plan"]));
        assert!(
            said.contains("`AWS_ENDPOINT_URL`") && said.contains("no address"),
            "{said}"
        );
        assert!(!said.contains("secret-that-nobody-may-see"), "{said}");
    }
}

#[test]
fn an_interrupted_apply_finishes_what_is_in_flight_and_the_same_command_goes_on() {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start(folder.path(), r#"{ "latency_ms": 50 }"#);
        fs::write(folder.path().join("kiroster.yaml"), roster(40)).expect("a roster");
        let command = ["apply", "--yes", "--max-rps", "40"];
        let process = online(folder.path(), &server.url, &command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("an apply");
        wait_for(|| written(folder.path()).len() > 10);
        let id = process.id().to_string();
        let killed = Command::new("kill")
            .args([signal, &id])
            .status()
            .expect("kill");
        assert!(killed.success());
        let output = process.wait_with_output().expect("its end");
        assert_eq!(exit(&output), 130, "{}", text(&output));
        let said = text(&output);
        assert!(said.contains("Interrupted"), "{said}");
        let done = written(folder.path()).len();
        assert!(
            said.contains(&format!("Applied {done} changes")),
            "{done} calls, {said}"
        );

        let output = online(folder.path(), &server.url, &command)
            .output()
            .expect("the rest");
        assert_eq!(exit(&output), 0, "{}", text(&output));
        let mut calls = written(folder.path());
        assert_eq!(calls.len(), 1 + 40 * 3, "each once");
        calls.sort();
        calls.dedup();
        assert_eq!(calls.len(), 1 + 40 * 3, "none twice");
    }
}

#[test]
fn throttling_and_lost_answers_lose_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let faults = r#"{ "seed": 7, "rate": 60, "error_before": 0.05, "error_after": 0.05, "drop_after": 0.05 }"#;
    let server = Server::start(folder.path(), faults);
    fs::write(folder.path().join("kiroster.yaml"), roster(60)).expect("a roster");
    let command = ["apply", "--yes", "--max-rps", "50"];
    let output = online(folder.path(), &server.url, &command)
        .output()
        .expect("an apply");
    assert_eq!(exit(&output), 0, "{}", text(&output));
    let output = online(
        folder.path(),
        &server.url,
        &["plan", "--detailed-exitcode", "--max-rps", "50"],
    );
    let output = { output }.output().expect("a plan");
    assert_eq!(exit(&output), 0, "{}", text(&output));
}

/// Kiro has taken it, and its list shows it long after the run: whoever plans meanwhile is told, and it is no news.
#[test]
fn what_settles_is_no_news_to_whoever_has_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = r#"{ "accounts": { "111122223333": { "kiro": { "seats_show_after": 1000 }, "users": [
        { "UserName": "ada", "Name": { "GivenName": "Ada", "FamilyName": "Roe" }, "DisplayName": "Ada Roe",
          "SignedIn": true, "Seat": { "type": "KIRO_ENTERPRISE_PRO" } } ] } } }"#;
    fs::write(folder.path().join("S"), state).expect("a state");
    let ask = |tier: &str| {
        let roster = format!("version: 1\nusers: {{ ada: {{ tier: {tier} }} }}\n");
        fs::write(folder.path().join("kiroster.yaml"), roster).expect("a roster");
    };
    let server = Server::start(folder.path(), "{}");
    let run = |arguments: &[&str]| {
        let output = online(folder.path(), &server.url, arguments).output();
        output.expect("a run")
    };
    let drift = ["plan", "--detailed-exitcode"];
    ask("power");
    assert_eq!(exit(&run(&drift)), 2, "it is news before it was asked for");
    let output = run(&["apply", "--yes", "--settle", "0"]);
    assert_eq!(exit(&output), 0, "{}", text(&output));
    let output = run(&drift);
    assert_eq!(exit(&output), 0, "{}", text(&output));
    assert!(
        text(&output).contains("its list does not show it yet"),
        "{}",
        text(&output)
    );
    let output = run(&["plan", "-o", "json"]);
    let plan: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a plan");
    let settling = plan["settling"][0]["address"].to_string();
    assert_eq!(settling, r#"["seat","user","ada"]"#);
    // Another wish is another change.
    ask("pro-max");
    assert_eq!(exit(&run(&drift)), 2);
}

#[test]
fn a_whole_account_that_kiro_refuses_stops_the_seats_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = r#"{ "accounts": { "111122223333": { "kiro": { "writes_refused": true } } } }"#;
    fs::write(folder.path().join("S"), state).expect("the state");
    let server = Server::start(folder.path(), "{}");
    fs::write(folder.path().join("kiroster.yaml"), roster(50)).expect("a roster");
    let command = ["apply", "--yes", "--max-rps", "200"];
    let output = online(folder.path(), &server.url, &command)
        .output()
        .expect("an apply");
    assert_eq!(exit(&output), 5, "{}", text(&output));
    let said = text(&output);
    for wanted in [
        "four things are known to cause this",
        "request id",
        "Incomplete",
        "--kiro-profile",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert_eq!(
        said.matches("four things").count(),
        1,
        "the remedy is told once: {said}"
    );
    assert_eq!(
        written(folder.path()).len(),
        1 + 50 * 2,
        "users and memberships are finished"
    );
    let log = fs::read_to_string(folder.path().join("S.calls.jsonl")).expect("the calls");
    let refused = log
        .lines()
        .filter(|line| line.contains("CreateAssignment"))
        .count();
    assert!(refused <= 32, "{refused} calls in flight failed");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut process = kiroster(folder.path(), &["schema", "roster"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    drop(process.stdout.take());
    let output = process.wait_with_output().expect("its end");
    assert_eq!(exit(&output), 0, "{}", text(&output));
    assert!(output.stderr.is_empty(), "{}", text(&output));
}

#[cfg(unix)]
#[test]
fn a_roster_comes_through_standard_input_or_a_pipe_too() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("r.yaml"), roster(2)).expect("a roster");
    for source in ["-", "/dev/stdin"] {
        let script = format!("cat r.yaml | \"$0\" validate -f {source}");
        let mut shell = Command::new("sh");
        let output = shell
            .args(["-c", &script, KIROSTER])
            .current_dir(folder.path())
            .output()
            .expect("a run");
        assert_eq!(exit(&output), 0, "{source}: {}", text(&output));
        assert!(text(&output).starts_with("Valid: 2 users"), "{source}");
    }
    fs::write(folder.path().join("r.yaml"), "users: { a: { teir: pro } }").expect("a roster");
    let mut shell = Command::new("sh");
    let output = shell
        .args(["-c", "\"$0\" validate -f - < r.yaml", KIROSTER])
        .current_dir(folder.path())
        .output()
        .expect("a run");
    assert!(
        text(&output).contains(" --> <stdin>:1:15"),
        "{}",
        text(&output)
    );
}

#[test]
fn every_example_is_applied_to_a_new_sandbox_and_then_has_nothing_left_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut told = 0;
    for entry in fs::read_dir(examples).expect("the examples") {
        let entry = entry.expect("an example").path();
        let yaml = entry
            .extension()
            .is_some_and(|extension| extension == "yaml");
        if !yaml && !entry.join("kiroster.yaml").exists() {
            continue;
        }
        told += 1;
        let sandbox = format!("--sandbox=S{told}");
        let example = entry.to_string_lossy();
        for command in [
            &["apply", "--yes"][..],
            &["plan", "--detailed-exitcode"][..],
        ] {
            let mut arguments = vec![&*sandbox];
            arguments.extend(command);
            arguments.extend(["-f", &*example]);
            let run = kiroster(folder.path(), &arguments).output().expect("a run");
            assert_eq!(exit(&run), 0, "{example}: {}", text(&run));
        }
    }
    assert_eq!(told, 3);
}

#[test]
fn every_command_of_the_ci_recipes_is_one_that_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/ci");
    let elsewhere = tempfile::tempdir().expect("a folder");
    let mut commands = 0;
    for entry in fs::read_dir(folder).expect("the recipes") {
        let recipe = fs::read_to_string(entry.expect("a recipe").path()).expect("text");
        let lines = recipe
            .lines()
            .filter_map(|line| line.split_once("kiroster "));
        for (_, line) in
            lines.filter(|(before, _)| before.trim().trim_start_matches("- run:").trim().is_empty())
        {
            let words = line.split_whitespace();
            let mut words: Vec<&str> = words
                .take_while(|word| !["||", ">"].contains(word))
                .collect();
            words.push("--help");
            let output = kiroster(elsewhere.path(), &words).output().expect("a run");
            assert_eq!(exit(&output), 0, "{words:?}: {}", text(&output));
            commands += 1;
        }
    }
    assert!(commands >= 2, "only {commands}");
}

#[test]
fn the_policy_for_apply_allows_whatever_the_one_for_plan_does_and_the_latter_only_reads() {
    let actions = |name: &str| -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/iam");
        let policy = fs::read_to_string(folder.join(name)).expect("a policy");
        let policy: serde_json::Value = serde_json::from_str(&policy).expect("JSON");
        let statements = policy["Statement"].as_array().expect("statements").iter();
        let actions =
            statements.flat_map(|statement| statement["Action"].as_array().expect("actions"));
        actions
            .map(|action| action.as_str().expect("an action").to_owned())
            .collect()
    };
    let (plan, apply) = (actions("plan.json"), actions("apply.json"));
    assert!(plan.iter().all(|action| apply.contains(action)));
    for action in &plan {
        let (_, verb) = action.split_once(':').expect("service:Action");
        assert!(
            ["List", "Get", "Describe"]
                .iter()
                .any(|reads| verb.starts_with(reads)),
            "{action}"
        );
    }
}
