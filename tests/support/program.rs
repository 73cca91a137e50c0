//! The program, a server of its own, and what a run of it came to.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

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
