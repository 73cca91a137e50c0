//! A folder with a server, a roster, and what one can see of both.

use crate::program::{Server, exit, online, text};
use serde_json::{Value, json};
use std::collections::BTreeMap as Map;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// `kiroster sandbox serve` and a folder to apply from; both end with the test.
pub(crate) struct Site {
    /// Before the folder, so that it ends before its folder does.
    server: Server,
    folder: tempfile::TempDir,
}

impl Site {
    /// A server with these organizations and faults.
    pub(crate) fn with(state: &Value, faults: &Value) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        fs::write(path.join("S"), state.to_string()).expect("the state");
        let server = Server::start(path, &faults.to_string());
        Self { folder, server }
    }

    /// An empty organization.
    pub(crate) fn empty(faults: &Value) -> Self {
        Self::with(&account(json!([]), json!([]), json!({})), faults)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn roster(&self, text: &str) {
        fs::write(self.path().join("kiroster.yaml"), text).expect("the roster");
    }

    /// The program in this folder, talking to this server.
    pub(crate) fn kiroster(&self, arguments: &[&str]) -> Command {
        self.kiroster_in(self.path(), arguments)
    }

    pub(crate) fn kiroster_in(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = online(folder, &self.server.url, arguments);
        command
            .env("HOME", self.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs to its end: exit code and everything that was said.
    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String) {
        told(&self.kiroster(arguments).output().expect("a run"))
    }

    /// Runs to its end, which must be this exit code.
    pub(crate) fn must(&self, code: i32, arguments: &[&str]) -> String {
        let (exit, said) = self.run(arguments);
        assert_eq!(exit, code, "{arguments:?}: {said}");
        said
    }

    /// The faults from now on.
    pub(crate) fn faults(&self, faults: &Value) {
        self.post("/sandbox/faults", faults);
    }

    fn post(&self, path: &str, body: &Value) {
        use std::io::{Read, Write};
        let address = self.server.url.trim_start_matches("http://");
        let mut stream = std::net::TcpStream::connect(address).expect("the server");
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    /// Every call so far.
    pub(crate) fn calls(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.path().join("S.calls.jsonl")).unwrap_or_default();
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        lines.collect()
    }

    /// What was really done, by operation and key, and how often; mails apart.
    pub(crate) fn deeds(&self) -> Map<String, usize> {
        let mut deeds = Map::new();
        for call in self.calls() {
            let operation = call["operation"].as_str().unwrap_or_default();
            let writes = ["Create", "Update", "Delete"];
            let done = call["status"] == 200 || call["done"] == true;
            if done
                && operation != "UpdatePassword"
                && writes.iter().any(|write| operation.starts_with(write))
            {
                let key = call["key"].as_str().unwrap_or_default();
                *deeds.entry(format!("{operation} {key}")).or_default() += 1;
            }
        }
        deeds
    }

    pub(crate) fn state(&self) -> Value {
        self.state_of(OURS)
    }

    pub(crate) fn state_of(&self, account: &str) -> Value {
        let text = fs::read_to_string(self.path().join("S")).expect("the state");
        let state: Value = serde_json::from_str(&text).expect("json");
        state["accounts"][account].clone()
    }

    /// How many mails each user has had, by name; users without any are not in it.
    pub(crate) fn mails(&self) -> Map<String, usize> {
        self.mails_of(OURS)
    }

    pub(crate) fn mails_of(&self, account: &str) -> Map<String, usize> {
        let state = self.state_of(account);
        let users = state["users"].as_array().cloned().unwrap_or_default();
        let names: Map<&str, &str> = users
            .iter()
            .filter_map(|user| Some((user["UserId"].as_str()?, user["UserName"].as_str()?)))
            .collect();
        let mut mails = Map::new();
        for mail in state["mails"].as_array().into_iter().flatten() {
            let id = mail.as_str().unwrap_or_default();
            let name = names.get(id).copied().unwrap_or(id);
            *mails.entry(name.to_owned()).or_default() += 1;
        }
        mails
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join(".kiroster/d-9067000001.ledger.jsonl")
    }

    /// Starts a command and kills it when the server has answered so many more calls, and a moment has passed. It may have
    /// ended by itself by then; what it said is returned.
    pub(crate) fn kill_after(&self, arguments: &[&str], calls: usize, moment: Duration) -> String {
        let before = self.calls().len();
        let said = self.path().join("said");
        let file = || fs::File::create(&said).expect("a file");
        let mut command = self.kiroster(arguments);
        command.stdout(file()).stderr(Stdio::null());
        let mut process = command.spawn().expect("an apply");
        let until = Instant::now() + Duration::from_secs(60);
        while self.calls().len() < before + calls {
            if process.try_wait().expect("its state").is_some() {
                break;
            }
            assert!(Instant::now() < until, "the calls did not come");
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(moment);
        // It may have ended by itself.
        let _ = process.kill();
        let _ = process.wait();
        // Calls that were in flight are still done, however busy the machine is.
        let mut seen = self.calls().len();
        loop {
            std::thread::sleep(Duration::from_millis(150));
            let now = self.calls().len();
            if now == seen {
                break;
            }
            seen = now;
        }
        fs::read_to_string(said).expect("what it said")
    }
}

pub(crate) fn told(output: &Output) -> (i32, String) {
    (exit(output), text(output))
}

/// The account of whoever names none.
const OURS: &str = "111122223333";

/// A state with one organization.
pub(crate) fn account(users: Value, groups: Value, kiro: Value) -> Value {
    json!({ "accounts": { OURS: { "users": users, "groups": groups, "kiro": kiro } } })
}

/// A live user.
pub(crate) fn user(name: &str) -> Value {
    json!({
        "UserName": name,
        "Name": { "GivenName": "User", "FamilyName": name },
        "DisplayName": format!("User {name}"),
        "Emails": [{ "Value": format!("{name}@example.com"), "Type": "work", "Primary": true }],
    })
}

/// The same user in a roster, with these further keys.
pub(crate) fn entry(name: &str, more: &str) -> String {
    format!(
        "  {name}: {{ given_name: User, family_name: {name}, email: {name}@example.com{more} }}\n"
    )
}

/// So many people, each with a group and a seat.
pub(crate) fn people(count: usize) -> String {
    let mut text = String::from("version: 1\ngroups:\n  everyone: {}\nusers:\n");
    for n in 0..count {
        text.push_str(&entry(
            &format!("user{n:04}"),
            ", groups: [everyone], tier: pro",
        ));
    }
    text
}

/// What it takes to pass every limit.
pub(crate) const AGREED: [&str; 16] = [
    "--ack",
    "add_users=99999",
    "--ack",
    "increase_usd=9999999",
    "--ack",
    "invites=99999",
    "--ack",
    "remove_users=99999",
    "--ack",
    "remove_memberships=99999",
    "--ack",
    "cancel_seats=99999",
    "--ack",
    "change_identity=99999",
    "--ack",
    "shrink_group=99999",
];

/// `apply` that asks nothing, mails whom it creates, and is agreed to.
pub(crate) fn apply<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let base = ["apply", "--yes", "--invite", "new"].into_iter();
    base.chain(AGREED).chain(more.iter().copied()).collect()
}

/// `plan` that is saved as `p.json`, mails whom it creates, and is agreed to.
pub(crate) fn plan<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let base = ["plan", "--out", "p.json", "--invite", "new"].into_iter();
    base.chain(AGREED).chain(more.iter().copied()).collect()
}

/// Full size, by hand.
pub(crate) fn full() -> bool {
    std::env::var_os("KIROSTER_FULL").is_some()
}
