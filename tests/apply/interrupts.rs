//! Ctrl-C and SIGTERM.

use crate::chance::Chance;
use crate::site::{Site, apply, full, people, told};
use serde_json::json;
use std::process::Command;
use std::time::Duration;

#[test]
fn an_interrupted_run_finishes_what_is_in_flight_tells_it_and_is_resumed() {
    let runs = if full() { 40 } else { 4 };
    let mut chance = Chance::new(4);
    for run in 0..runs {
        let signal = ["-INT", "-TERM"][run % 2];
        let site = Site::empty(&json!({ "latency_ms": 20 }));
        site.roster(&people(40));
        let command = apply(&["--max-rps", "100"]);
        let process = site.kiroster(&command).spawn().expect("an apply");
        let calls = 8 + chance.below(150);
        while site.calls().len() < calls {
            std::thread::sleep(Duration::from_millis(2));
        }
        let id = process.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill").success());
        let output = process.wait_with_output().expect("its end");
        let (code, said) = told(&output);
        if code == 0 {
            // It was at its end already.
            continue;
        }
        assert_eq!(code, 130, "{said}");
        let done = site.deeds().len();
        let told = match done {
            // It was still reading.
            0 => "interrupted; nothing was written".to_owned(),
            1 => "Applied 1 change".to_owned(),
            done => format!("Applied {done} changes"),
        };
        assert!(said.contains(&told), "{done}: {said}");
        site.must(0, &command);
        assert_eq!(site.deeds().len(), 1 + 40 * 3);
        let mails = site.mails();
        assert!(
            mails.len() == 40 && mails.values().all(|times| *times == 1),
            "{mails:?}"
        );
    }
}

#[test]
fn before_the_first_write_an_interrupt_just_ends_it() {
    for signal in ["-INT", "-TERM"] {
        // Reading alone takes longer than this test.
        let site = Site::empty(&json!({ "latency_ms": 5_000 }));
        site.roster(&people(3));
        let process = site.kiroster(&apply(&[])).spawn().expect("an apply");
        std::thread::sleep(Duration::from_millis(300));
        let id = process.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("kill").success());
        let (code, said) = told(&process.wait_with_output().expect("its end"));
        assert_eq!(code, 130, "{said}");
        assert!(said.contains("interrupted; nothing was written"), "{said}");
        assert!(site.deeds().is_empty());
    }
}
