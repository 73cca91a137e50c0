//! `doctor` where the sandbox's own flags cannot go: credentials, a proxy on the way, endpoints that do not answer.

#![allow(
    clippy::expect_used,
    clippy::panic,
    dead_code,
    reason = "a test whose own server does not start has failed; the support is shared by several tests"
)]

mod support;

use support::program::{Server, exit, kiroster, online, text};

#[test]
fn without_credentials_or_region_both_are_told_and_nothing_is_called() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), "{}");
    let mut doctor = kiroster(folder.path(), &["doctor"]);
    doctor
        .env("AWS_ENDPOINT_URL", &server.url)
        .env("AWS_EC2_METADATA_DISABLED", "true");
    let output = doctor.output().expect("a doctor");
    let said = text(&output);
    assert_eq!(exit(&output), 1, "{said}");
    for wanted in [
        "wrong  region: looking for Identity Center's region: no region is set",
        "hint: give `--region`",
        "wrong  credentials: ",
        "aws sso login",
        "nothing more can be asked without credentials",
        "2 things are wrong",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let calls = std::fs::read_to_string(folder.path().join("S.calls.jsonl"));
    assert_eq!(calls.unwrap_or_default(), "");
}

#[test]
fn without_a_region_the_credentials_are_looked_at_and_the_instance_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = r#"{ "accounts": { "111122223333": { "region": "eu-west-1" } } }"#;
    std::fs::write(folder.path().join("S"), state).expect("the state");
    let server = Server::start(folder.path(), "{}");
    let mut doctor = online(folder.path(), &server.url, &["doctor"]);
    doctor.env_remove("AWS_REGION");
    let output = doctor.output().expect("a doctor");
    let said = text(&output);
    assert_eq!(exit(&output), 1, "{said}");
    for wanted in [
        "wrong  region: ",
        "ok     credentials: they are of account 111122223333",
        "there is one elsewhere: `--region eu-west-1`",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
}

#[test]
fn one_permission_that_is_missing_is_named_and_the_others_are_asked_for_all_the_same() {
    for (operation, permission) in [
        ("ListUsers", "identitystore:ListUsers"),
        ("GetGroupId", "identitystore:GetGroupId"),
        ("DescribeUser", "identitystore:DescribeUser"),
        ("ListApplications", "sso:ListApplications"),
        ("ListProfiles", "codewhisperer:ListProfiles"),
        (
            "ListUserSubscriptions",
            "user-subscriptions:ListUserSubscriptions",
        ),
        (
            "ListApplicationClaims",
            "user-subscriptions:ListApplicationClaims",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let nth: Vec<String> = (1..=3)
            .map(|call| {
                format!(
                    r#"{{ "operation": "{operation}", "call": {call}, "error": "AccessDeniedException",
                       "message": "User is not authorized to perform: {permission}" }}"#
                )
            })
            .collect();
        let faults = format!(r#"{{ "nth": [ {} ] }}"#, nth.join(", "));
        let server = Server::start(folder.path(), &faults);
        let output = online(folder.path(), &server.url, &["doctor"]).output();
        let output = output.expect("a doctor");
        let said = text(&output);
        assert_eq!(exit(&output), 1, "{said}");
        let wrong = format!("wrong  permission {permission}: ");
        assert!(said.contains(&wrong), "{wrong}: {said}");
        let remedy = format!("the caller needs the permission `{permission}`");
        assert!(said.contains(&remedy), "{remedy}: {said}");
        let last = "ok     seat endpoint codewhisperer (used)";
        let asked_on = said.contains(last) || operation == "ListProfiles";
        assert!(asked_on, "{last}: {said}");
    }
}

#[test]
fn a_seat_endpoint_that_nobody_answers_at_is_told_apart_from_one_that_refuses() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), "{}");
    let mut doctor = online(folder.path(), &server.url, &["doctor"]);
    doctor.env("KIROSTER_ENDPOINT_URL_SEATS", "http://127.0.0.1:1");
    let output = doctor.output().expect("a doctor");
    let said = text(&output);
    assert_eq!(exit(&output), 1, "{said}");
    assert!(
        said.contains("wrong  seat endpoint codewhisperer (used): q:UpdateAssignment"),
        "{said}"
    );
    assert!(said.contains("KIROSTER_ENDPOINT_URL_SEATS"), "{said}");
    assert!(!said.contains("support case"), "{said}");
}
