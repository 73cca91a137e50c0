//! Endpoints and credentials from the environment. Each case runs this test program again with other variables: the environment of a
//! running process is not changed.

use super::double::Double;
use super::organization::{but, ordinary};
use kiroster::aws::{Session, Settings};
use std::process::Command;

/// Opens a session as the environment says; does nothing unless it was started by a case.
#[tokio::test]
async fn child() {
    if std::env::var_os("KIROSTER_TEST_CHILD").is_none() {
        return;
    }
    let settings = Settings {
        profile: std::env::var("KIROSTER_TEST_PROFILE").ok(),
        kiro_profile: std::env::var("KIROSTER_TEST_KIRO_PROFILE").ok(),
        region: Some("eu-west-1".into()),
        endpoints: Settings::endpoints_from_env(),
        max_rps: Some(1000.0),
        ..Settings::default()
    };
    let session = Session::open(&settings).await.unwrap();
    kiroster::aws::read(&session, &kiroster::live::Reach::everything())
        .await
        .unwrap();
    let id = kiroster::live::Id::new("u-1");
    session
        .unsubscribe(&kiroster::model::UserName::new("jo").into(), &id)
        .await
        .unwrap();
    session
        .mail_password_link(&id, session.turn_to_mail().await)
        .await
        .unwrap();
}

fn run(variables: &[(&str, &str)]) -> std::process::Output {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "endpoints::child"]).env_clear();
    child
        .env("KIROSTER_TEST_CHILD", "1")
        .env("AWS_ACCESS_KEY_ID", "A")
        .env("AWS_SECRET_ACCESS_KEY", "S");
    child
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("HOME", "/nonexistent");
    child.envs(variables.iter().copied()).output().unwrap()
}

fn operations(double: &Double) -> Vec<String> {
    let mut operations: Vec<String> = double
        .calls()
        .into_iter()
        .map(|call| call.operation)
        .collect();
    operations.sort();
    operations.dedup();
    operations
}

#[test]
fn each_variable_moves_its_own_calls_and_one_moves_the_rest() {
    let [all, store, admin, sts, seats, lists, password, profiles] =
        std::array::from_fn(|_| but(|_| None));
    let output = run(&[
        ("AWS_ENDPOINT_URL", &all.url),
        ("AWS_ENDPOINT_URL_IDENTITYSTORE", &store.url),
        ("AWS_ENDPOINT_URL_SSO_ADMIN", &admin.url),
        ("AWS_ENDPOINT_URL_STS", &sts.url),
        ("KIROSTER_ENDPOINT_URL_SEATS", &seats.url),
        ("KIROSTER_ENDPOINT_URL_SUBSCRIPTIONS", &lists.url),
        ("KIROSTER_ENDPOINT_URL_PASSWORD", &password.url),
        ("KIROSTER_ENDPOINT_URL_PROFILES", &profiles.url),
    ]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(operations(&all), Vec::<String>::new());
    assert_eq!(operations(&store), ["ListGroups", "ListUsers"]);
    assert_eq!(operations(&admin), ["ListApplications", "ListInstances"]);
    assert_eq!(operations(&sts), ["GetCallerIdentity"]);
    assert_eq!(operations(&seats), ["DeleteAssignment"]);
    assert_eq!(
        operations(&lists),
        ["ListApplicationClaims", "ListUserSubscriptions"]
    );
    assert_eq!(operations(&password), ["UpdatePassword"]);
    assert_eq!(operations(&profiles), ["ListProfiles"]);
}

#[test]
fn one_variable_moves_everything() {
    let all = Double::answering(ordinary);
    // Ours count as unset when they are empty.
    let empty = ("KIROSTER_ENDPOINT_URL_SEATS", "");
    let output = run(&[("AWS_ENDPOINT_URL", &all.url), empty]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(operations(&all).len(), 10);
}

#[test]
fn without_credentials_the_error_says_how_to_get_some() {
    let all = Double::answering(ordinary);
    let output = run(&[
        ("AWS_ENDPOINT_URL", &all.url),
        ("AWS_ACCESS_KEY_ID", ""),
        ("AWS_SECRET_ACCESS_KEY", ""),
    ]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("Credentials") && said.contains("aws sso login"),
        "{said}"
    );
    assert!(all.calls().is_empty());
}

/// Two profiles whose access keys are `KEYONE` and `KEYTWO`.
fn two_profiles(name: &str) -> std::path::PathBuf {
    let file = std::env::temp_dir().join(format!("kiroster-{name}-{}", std::process::id()));
    let profile = |name: &str, key: &str| {
        format!("[profile {name}]\naws_access_key_id = {key}\naws_secret_access_key = S\n")
    };
    std::fs::write(&file, profile("one", "KEYONE") + &profile("two", "KEYTWO")).unwrap();
    file
}

fn keys(double: &Double, of: impl Fn(&str) -> bool) -> Vec<String> {
    let calls = double
        .calls()
        .into_iter()
        .filter(|call| of(&call.operation));
    let mut keys: Vec<String> = calls.map(|call| call.key).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn a_profile_that_was_asked_for_is_used_whatever_keys_the_environment_holds() {
    let (all, file) = (Double::answering(ordinary), two_profiles("asked"));
    let output = run(&[
        ("AWS_ENDPOINT_URL", &all.url),
        ("AWS_CONFIG_FILE", file.to_str().unwrap()),
        ("KIROSTER_TEST_PROFILE", "one"),
    ]);
    std::fs::remove_file(file).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(keys(&all, |_| true), ["KEYONE"]);
}

#[test]
fn kiro_s_own_profile_signs_kiro_s_calls_and_no_others() {
    let (all, file) = (Double::answering(ordinary), two_profiles("kiro"));
    let output = run(&[
        ("AWS_ENDPOINT_URL", &all.url),
        ("AWS_CONFIG_FILE", file.to_str().unwrap()),
        ("KIROSTER_TEST_PROFILE", "one"),
        ("KIROSTER_TEST_KIRO_PROFILE", "two"),
    ]);
    std::fs::remove_file(file).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let kiros = [
        "DeleteAssignment",
        "ListUserSubscriptions",
        "ListApplicationClaims",
        "ListApplications",
        "ListProfiles",
    ];
    assert_eq!(
        keys(&all, |operation| kiros.contains(&operation)),
        ["KEYTWO"]
    );
    let both = |operation: &str| operation == "GetCallerIdentity";
    assert_eq!(keys(&all, both), ["KEYONE", "KEYTWO"]);
    assert_eq!(keys(&all, |o| !kiros.contains(&o) && !both(o)), ["KEYONE"]);
}
