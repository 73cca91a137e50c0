//! What tests of the whole program share: the program, and what was written to its server.

pub(crate) mod program;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

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
