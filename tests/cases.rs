//! The stories in `tests/cases/*.md`, each run with the built program against the sandbox.
//!
//! A story is Markdown. A code block whose info string names a file (```` ```yaml kiro.yaml ````) is written to the
//! story's folder; ```` ```console ```` is a session: lines that start with `$ ` are run, and what follows is what they
//! print, standard output first, then standard error, then `[exit N]` unless it is 0; ```` ```calls ```` is what has
//! been written to AWS since the last such block, one `Operation key` a line. `kiroster` commands get
//! `--sandbox=sandbox.json` unless they name an endpoint or are offline. `UPDATE_CASES=1 cargo test --test cases` writes
//! what it got into the stories, to be read before it is committed.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot read its own files has failed"
)]

use libtest_mimic::{Arguments, Failed, Trial};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let mut arguments = Arguments::from_args();
    // Every story waits for files to be synced more than it computes.
    arguments.test_threads.get_or_insert(8);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut stories: Vec<PathBuf> = fs::read_dir(folder)
        .expect("tests/cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .filter(|path| path.file_name().is_some_and(|name| name != "README.md"))
        .collect();
    // The README's tour is a story too, so that what it shows is what happens.
    stories.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"));
    stories.sort();
    let trials = stories.into_iter().map(|story| {
        let name = story.file_stem().unwrap_or_default().to_string_lossy();
        Trial::test(name.into_owned(), move || tell(&story))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// Runs one story and compares it with itself.
fn tell(path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let folder = tempfile::tempdir()?;
    let mut told = String::with_capacity(text.len());
    let mut calls_seen = 0;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(told, "{line}");
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let (kind, file) = info.split_once(' ').unwrap_or((info, ""));
        match kind {
            "console" => told.push_str(&session(&block, folder.path())?),
            "calls" => told.push_str(&calls(folder.path(), &mut calls_seen)?),
            _ => {
                let content = block
                    .iter()
                    .fold(String::new(), |text, line| text + line + "\n");
                if !file.is_empty() {
                    let file = folder.path().join(file);
                    fs::create_dir_all(file.parent().ok_or("a file has a folder")?)?;
                    fs::write(file, &content)?;
                }
                told.push_str(&content);
            }
        }
        told.push_str("```\n");
    }
    if path.ends_with("README.md") {
        told = in_the_readmes_month(&told);
    }
    if told == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(path, told)?;
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&text, &told);
    let diff = diff
        .unified_diff()
        .header("the story", "what happened")
        .to_string();
    Err(format!("{}\n{diff}", path.display()).into())
}

/// Runs each command of a console block and writes down what it printed.
fn session(block: &[&str], folder: &Path) -> Result<String, Failed> {
    let mut told = String::new();
    for line in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
        let _ = writeln!(told, "$ {line}");
        let output = Command::new("sh")
            .arg("-c")
            .arg(format!(
                "kiroster() {{ \"$KIROSTER\" \"$@\"; }}\n{}",
                with_sandbox(line)
            ))
            .current_dir(folder)
            .env("KIROSTER", env!("CARGO_BIN_EXE_kiroster"))
            .env("NO_COLOR", "1")
            .env("HOME", folder)
            .env("XDG_STATE_HOME", folder.join("state"))
            .output()?;
        told.push_str(&String::from_utf8_lossy(&output.stdout));
        told.push_str(&String::from_utf8_lossy(&output.stderr));
        if !told.ends_with('\n') {
            told.push('\n');
        }
        match output.status.code() {
            Some(0) => {}
            Some(code) => {
                let _ = writeln!(told, "[exit {code}]");
            }
            None => told.push_str("[killed]\n"),
        }
    }
    Ok(without_call_numbers(&told))
}

/// Calls run side by side: which of them was the fourteenth is chance.
fn without_call_numbers(told: &str) -> String {
    let mut parts = told.split("request id sandbox-");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("request id sandbox-…");
        plain.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    plain
}

/// The README's tour has no clock of its own, so what takes effect next month does so another day each month.
fn in_the_readmes_month(told: &str) -> String {
    let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now());
    let next = today.date().last_of_month().tomorrow();
    next.map_or(told.to_owned(), |next| {
        told.replace(&next.to_string(), "2026-12-01")
    })
}

/// A story is about rosters and plans; that it runs on the sandbox goes without saying.
fn with_sandbox(line: &str) -> String {
    let online = [
        "plan", "apply", "export", "import", "migrate", "verify", "invite", "seats", "explain",
        "doctor",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["kiroster", command, ..] if online.contains(command) && !line.contains("--sandbox") => {
            line.replacen(command, &format!("{command} --sandbox=sandbox.json"), 1)
        }
        _ => line.to_owned(),
    }
}

/// What has been written since the last time: from the sandbox's own log of calls.
fn calls(folder: &Path, seen: &mut usize) -> Result<String, Failed> {
    let log = folder.join("sandbox.json.calls.jsonl");
    let log = fs::read_to_string(log).unwrap_or_default();
    let calls: Vec<serde_json::Value> = log
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let mut told: Vec<String> = Vec::new();
    for call in &calls[(*seen).min(calls.len())..] {
        let operation = call["operation"].as_str().unwrap_or_default();
        let reads = ["List", "Get", "Describe", "Is"];
        if reads.iter().any(|read| operation.starts_with(read)) {
            continue;
        }
        let error = call["error"].as_str();
        let error = error
            .map(|error| format!(" -> {error}"))
            .unwrap_or_default();
        told.push(format!(
            "{operation} {}{error}\n",
            call["key"].as_str().unwrap_or_default()
        ));
    }
    *seen = calls.len();
    // Calls run side by side; their order among people is not part of any story.
    told.sort();
    Ok(told.concat())
}
