//! `invite`.

use crate::site::{Site, account, entry, people, user};
use serde_json::json;
use std::fs;

fn three() -> Site {
    let mut disabled = user("cyd");
    disabled["UserStatus"] = json!("DISABLED");
    let live = json!([user("ada"), user("ben"), disabled]);
    Site::with(&account(live, json!([]), json!({})), &json!({}))
}

#[test]
fn it_shows_whom_asks_and_says_that_the_link_dies() {
    let site = three();
    let said = site.must(64, &["invite", "--user", "ada"]);
    assert!(
        said.contains("+ ada") && said.contains("dies after an hour"),
        "{said}"
    );
    let said = site.must(0, &["invite", "--user", "ada", "--user", "cyd", "--yes"]);
    assert!(said.contains("cyd: disabled"), "{said}");
    assert!(said.contains("Mailed a password link to 1 user"), "{said}");
    assert_eq!(site.mails().get("ada"), Some(&1));
    let said = site.must(1, &["invite", "--user", "ada", "--user", "nobody", "--yes"]);
    assert!(said.contains("there is no user `nobody`"), "{said}");
    assert_eq!(site.mails().len(), 1);
    site.must(64, &["invite"]);
}

#[test]
fn a_roster_says_whom_and_its_policy_says_whom_not() {
    let site = three();
    site.roster(&format!(
        "version: 1\npolicy: {{ protect: {{ users: [ben] }} }}\nusers:\n{}{}{}",
        entry("ada", ""),
        entry("ben", ""),
        entry("dan", "")
    ));
    let said = site.must(0, &["invite", "-f", "kiroster.yaml", "--yes"]);
    assert!(
        said.contains("ben: protected") && said.contains("dan: no such user"),
        "{said}"
    );
    assert_eq!(site.mails().keys().collect::<Vec<_>>(), ["ada"]);
}

#[test]
fn reports_of_either_tool_and_the_ledger_say_whom() {
    let site = Site::empty(&json!({}));
    site.roster(&people(4));
    site.must(
        0,
        &["apply", "--yes", "--max-rps", "100", "--report", "r.json"],
    );
    let before = site.mails().values().sum::<usize>();
    assert_eq!(before, 0, "off unless said otherwise");
    site.must(0, &["invite", "--report", "r.json", "--yes"]);
    assert_eq!(site.mails().values().sum::<usize>(), before + 4);
    let theirs = json!({ "created": [{ "username": "user0001", "email": "", "user_id": null }], "skipped": [], "failed": [] });
    fs::write(site.path().join("theirs.json"), theirs.to_string()).expect("a report");
    site.must(0, &["invite", "--report", "theirs.json", "--yes"]);
    assert_eq!(site.mails().values().sum::<usize>(), before + 5);
    site.must(0, &["invite", "--created-within", "24h", "--yes"]);
    assert_eq!(site.mails().values().sum::<usize>(), before + 9);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let said = site.must(0, &["invite", "--created-within", "1s", "--yes"]);
    assert!(said.contains("0 people"), "{said}");
}

#[test]
fn waves_walk_through_everybody_and_the_limit_holds() {
    let names = || (0..205).map(|n| format!("user{n:03}"));
    let live: Vec<_> = names().map(|name| user(&name)).collect();
    let site = Site::with(&account(json!(live), json!([]), json!({})), &json!({}));
    let roster: String = names().map(|name| entry(&name, "")).collect();
    site.roster(&format!("version: 1\nusers:\n{roster}"));
    let command = ["invite", "-f", "kiroster.yaml", "--yes", "--max-rps", "800"];
    let said = site.must(3, &command);
    assert!(said.contains("--ack invites=205"), "{said}");
    assert!(site.mails().is_empty());
    let wave = [&command[..], &["--limit", "90"]].concat();
    let said = site.must(0, &wave);
    assert!(said.contains("115 people without a mail yet"), "{said}");
    site.must(0, &wave);
    let said = site.must(0, &wave);
    assert!(said.contains("That is everybody"), "{said}");
    assert_eq!(site.mails().len(), 205);
    assert!(
        site.mails().values().all(|mails| *mails == 1),
        "nobody twice"
    );
    site.must(0, &[&command[..], &["--ack", "invites=205"]].concat());
}
