//! Two applies at once on one store.

use crate::site::{Site, apply, people};
use serde_json::json;
use std::fs;
use std::time::{Duration, Instant};

#[test]
fn the_second_refuses_from_another_folder_and_names_the_first() {
    let site = Site::empty(&json!({ "latency_ms": 50 }));
    site.roster(&people(40));
    let elsewhere = site.path().join("elsewhere");
    fs::create_dir(&elsewhere).expect("a folder");
    fs::write(elsewhere.join("kiroster.yaml"), people(1)).expect("a roster");
    let command = apply(&["--max-rps", "20"]);
    let mut first = site.kiroster(&command).spawn().expect("an apply");
    let until = Instant::now() + Duration::from_secs(30);
    while !site.ledger().exists() {
        assert!(Instant::now() < until, "it did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
    let second = site
        .kiroster_in(&elsewhere, &command)
        .output()
        .expect("a run");
    let (code, said) = crate::site::told(&second);
    assert_eq!(code, 1, "{said}");
    assert!(
        said.contains(&format!("process {}, started 20", first.id())),
        "{said}"
    );
    assert!(said.contains("nothing was written"), "{said}");
    let invite = site.kiroster_in(&elsewhere, &["invite", "--user", "x", "--yes"]);
    let (code, said) = crate::site::told(&{ invite }.output().expect("a run"));
    assert_eq!(code, 1, "{said}");
    // Killed, it holds nothing any more, and nothing is to be cleaned up.
    first.kill().expect("kill");
    first.wait().expect("its end");
    site.must(0, &apply(&["--max-rps", "400"]));
}
