//! What tests of the whole program share: the program, a server of its own, and what was written to it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

pub(crate) const KIROSTER: &str = env!("CARGO_BIN_EXE_kiroster");

/// `kiroster sandbox serve`, ended with the test.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, faults: &str) -> Self {
        fs::write(folder.join("faults.json"), faults).expect("the faults");
        let mut process = Command::new(KIROSTER)
            .args(["sandbox", "serve", "--file", "S", "--faults", "faults.json"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server");
        let mut url = String::new();
        let stdout = process.stdout.take().expect("its output");
        BufReader::new(stdout)
            .read_line(&mut url)
            .expect("its address");
        Self {
            process,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn kiroster(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(KIROSTER);
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}

/// The program on AWS, as far as it knows: credentials, a region and an endpoint from the environment.
pub(crate) fn online(folder: &Path, url: &str, arguments: &[&str]) -> Command {
    let mut command = kiroster(folder, arguments);
    command
        .env("AWS_ENDPOINT_URL", url)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIATEST")
        .env("AWS_SECRET_ACCESS_KEY", "secret-that-nobody-may-see");
    command
}

pub(crate) fn exit(output: &Output) -> i32 {
    let code = output.status.code();
    code.unwrap_or_else(|| panic!("ended by a signal: {}", text(output)))
}

pub(crate) fn text(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!("{out}{err}")
}

/// The writes that were answered well, each as operation and key.
pub(crate) fn written(folder: &Path) -> Vec<String> {
    let log = fs::read_to_string(folder.join("S.calls.jsonl")).unwrap_or_default();
    let calls = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let writes = calls.filter(|call| {
        let operation = call["operation"].as_str().unwrap_or_default();
        call["status"] == 200
            && ["Create", "Update", "Delete"]
                .iter()
                .any(|w| operation.starts_with(w))
    });
    writes
        .map(|call| format!("{} {}", call["operation"], call["key"]))
        .collect()
}

pub(crate) fn wait_for(what: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(30);
    while !what() {
        assert!(Instant::now() < until, "it did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}
