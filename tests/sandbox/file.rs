//! The state file: locked, durable, left alone by readers, and clear about what is wrong with it.

use super::caller::*;
use kiroster::sandbox::{Error, Faults, Sandbox};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};

#[test]
fn a_file_is_open_once_at_a_time() {
    let double = Double::account(&json!({}));
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let second = Sandbox::open(&double.file(), listen, Faults::default());
    let error = second.err().unwrap();
    assert!(matches!(error, Error::InUse(_)), "{error}");
    assert!(error.to_string().contains("in use by another process"));
}

#[test]
fn what_was_answered_is_on_disk_and_comes_back_the_same() {
    let mut double = Double::account(&json!({}));
    let made = double.identity("CreateUser", user("ada")).ok();
    let saved = double.saved();
    assert_eq!(
        saved["accounts"]["111122223333"]["users"][0]["UserId"],
        made["UserId"]
    );
    let group = double
        .identity("CreateGroup", json!({ "DisplayName": "all" }))
        .ok()["GroupId"]
        .clone();
    let ends = json!({ "GroupId": group, "MemberId": { "UserId": made["UserId"] } });
    let membership = double.identity("CreateGroupMembership", ends.clone()).ok();
    let before = double.saved();
    double.reopen();
    let found = double.identity("GetGroupMembershipId", ends).ok();
    assert_eq!(found["MembershipId"], membership["MembershipId"]);
    assert_eq!(double.saved(), before);
    let members = &before["accounts"]["111122223333"]["groups"][0]["Members"];
    assert_eq!(
        *members,
        json!(["ada"]),
        "by name, as a person would write it"
    );
}

#[test]
fn reading_never_changes_its_bytes() {
    let double = Double::of(&json!({ "accounts": { "111122223333": { "users": [user("ada")] } } }));
    let bytes = || std::fs::read(double.file()).unwrap();
    let before = bytes();
    for (service, operation) in [
        (IDENTITY, "ListUsers"),
        (IDENTITY, "ListGroups"),
        (SSO, "ListInstances"),
        (LISTS, "ListUserSubscriptions"),
        (PROFILES, "ListProfiles"),
        (IDENTITY, "CreateUser"),
    ] {
        double.call(service, operation, json!({ "IdentityStoreId": STORE }));
    }
    assert_eq!(bytes(), before);
}

#[test]
fn a_missing_file_is_an_empty_world_and_stays_missing_until_a_write() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/er/state.json");
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    Sandbox::open(&file, listen, Faults::default())
        .unwrap()
        .close();
    assert!(!file.exists());
}

#[test]
fn what_is_wrong_with_a_file_is_named_with_a_hint() {
    let account = |account: Value| json!({ "accounts": { "111122223333": account } });
    let with = |member: &str, value: Value| {
        let mut ada = user("ada");
        ada[member] = value;
        account(json!({ "users": [ada] }))
    };
    let mut twin = user("twin");
    twin["Emails"] = json!([{ "Value": "ADA@example.com" }]);
    for (state, parts) in [
        (
            json!({ "acounts": {} }),
            vec!["`acounts`", "did you mean `accounts`?", "line 1"],
        ),
        (
            account(json!({ "user": [] })),
            vec!["`user`", "did you mean `users`?"],
        ),
        (
            account(json!({ "kiro": { "user_claim": true } })),
            vec!["did you mean `user_claims`?"],
        ),
        (
            with("Emial", json!([])),
            vec!["user `ada`", "`Emial`", "did you mean `Emails`?"],
        ),
        (
            with("Emails", json!([{ "Valeu": "x" }])),
            vec!["`Valeu`", "did you mean `Value`?"],
        ),
        (
            with("Title", json!(7)),
            vec!["user `ada`", "`Title` must be a string"],
        ),
        (with("Seats", json!({})), vec!["did you mean `Seat`?"]),
        (
            with("Seat", json!({ "typ": "x" })),
            vec!["`typ`", "did you mean `type`?"],
        ),
        (json!([]), vec!["no JSON object"]),
        (
            json!({ "accounts": { "home": {} } }),
            vec!["`home` is no account id of twelve digits"],
        ),
        (
            account(json!({ "users": [{}] })),
            vec!["a user without `UserName`"],
        ),
        (
            account(json!({ "users": [user("ada"), user("ADA")] })),
            vec!["two users are called `ADA`"],
        ),
        (
            account(json!({ "users": [user("ada"), twin] })),
            vec!["two users have the email `ADA@example.com`"],
        ),
        (
            account(json!({ "groups": [{}] })),
            vec!["a group without `DisplayName`"],
        ),
        (
            account(json!({ "groups": [group("all", &["eve"])] })),
            vec!["group `all`", "`eve`, who is no user"],
        ),
        (
            account(json!({ "assignments": { "eve": [] } })),
            vec!["`eve`", "no user and no group"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.json");
        std::fs::write(&file, state.to_string()).unwrap();
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let error = Sandbox::open(&file, listen, Faults::default())
            .err()
            .unwrap();
        let error = error.to_string();
        assert!(error.contains("state.json"), "{error}");
        for part in parts {
            assert!(error.contains(part), "{part} in {error}");
        }
    }
}
