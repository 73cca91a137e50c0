//! Examining: every step is looked at, whatever the one before it found.

use super::double::Reply;
use super::organization::*;
use kiroster::aws::{Check, Examination, Finding, KiroEndpoint, Settings, State, examine};
use serde_json::json;

fn finding<'e>(seen: &'e Examination, check: Check, of: &str) -> &'e Finding {
    let mut findings = seen.findings.iter();
    let found = findings.find(|f| f.check == check && f.of.as_deref().unwrap_or_default() == of);
    assert!(found.is_some(), "{check:?} {of}: {:#?}", seen.findings);
    found.unwrap()
}

fn hint(finding: &Finding) -> &str {
    finding.hint.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn expired_credentials_say_how_to_sign_in_and_nothing_else_is_asked() {
    let aws = but(|call| {
        let xml = "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request \
                   is expired</Message></Error><RequestId>r-1</RequestId></ErrorResponse>";
        (call.operation == "GetCallerIdentity").then(|| Reply::TextError(403, xml.into()))
    });
    let seen = examine(&settings(&aws)).await;
    let credentials = finding(&seen, Check::Credentials, "");
    assert_eq!(credentials.state, State::Wrong);
    assert!(
        hint(credentials).contains("aws sso login"),
        "{credentials:?}"
    );
    assert!(!seen.is_sound());
    assert_eq!(aws.count("ListInstances"), 0);
}

#[tokio::test]
async fn a_403_that_is_not_awss_points_at_whoever_is_on_the_way() {
    let aws = but(|call| {
        let page = "<html><body>Forbidden by your network</body></html>";
        (call.operation == "ListGroups").then(|| Reply::TextError(403, page.into()))
    });
    let seen = examine(&settings(&aws)).await;
    let groups = finding(&seen, Check::Permission, "identitystore:ListGroups");
    assert_eq!(groups.state, State::Wrong);
    for part in ["HTTP 403", "proxy or firewall", "identitystore:ListGroups"] {
        assert!(hint(groups).contains(part), "{part}: {groups:?}");
    }
}

#[tokio::test]
async fn where_only_the_other_seat_endpoint_takes_calls_it_is_named() {
    let aws = but(|call| {
        let refuses = call.target.starts_with("AmazonQDeveloperService.");
        refuses.then_some(Reply::Error(
            400,
            "AccessDeniedException",
            "Your account is not authorized to make this call.",
        ))
    });
    let seen = examine(&settings(&aws)).await;
    let used = finding(&seen, Check::SeatEndpoint, "codewhisperer (used)");
    assert_eq!(used.state, State::Wrong);
    assert!(
        hint(used).contains("--kiro-endpoint management"),
        "{used:?}"
    );
    assert!(used.refused.is_some());

    let switched = Settings {
        kiro_endpoint: KiroEndpoint::Management,
        ..settings(&aws)
    };
    let seen = examine(&switched).await;
    assert!(seen.is_sound(), "{:#?}", seen.findings);
    let used = finding(&seen, Check::SeatEndpoint, "management (used)");
    assert_eq!(used.state, State::Fine);
    for call in aws.calls_of("UpdateAssignment") {
        assert_eq!(
            call.body,
            json!({}),
            "nobody is named, so nothing is written"
        );
    }
}

#[tokio::test]
async fn credentials_that_may_only_plan_are_sound() {
    let aws = but(|call| {
        let writes = ["UpdateAssignment", "DescribeApplication"];
        let refused = writes.contains(&call.operation.as_str());
        refused.then_some(Reply::Error(
            400,
            "AccessDeniedException",
            "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: q:UpdateAssignment",
        ))
    });
    let seen = examine(&settings(&aws)).await;
    assert!(seen.is_sound(), "{:#?}", seen.findings);
    let used = finding(&seen, Check::SeatEndpoint, "codewhisperer (used)");
    assert_eq!((used.state, &used.refused), (State::Note, &None));
    assert!(hint(used).contains("enough for `plan`"), "{used:?}");
}

#[tokio::test]
async fn identity_center_and_kiro_in_two_regions_are_said_to_be() {
    let seen = examine(&settings(&but(|_| None))).await;
    let profile = finding(&seen, Check::Profile, "");
    assert_eq!(profile.state, State::Fine);
    let apart = "Kiro is in us-east-1, Identity Center in eu-west-1";
    assert!(profile.said.contains(apart), "{profile:?}");
}

#[tokio::test]
async fn a_given_kiro_region_without_a_profile_is_wrong_and_believed_where_nobody_tells() {
    let given = |aws: &super::double::Double| Settings {
        kiro_region: Some("eu-central-1".into()),
        ..settings(aws)
    };
    let seen = examine(&given(&but(|_| None))).await;
    assert_eq!(finding(&seen, Check::Profile, "").state, State::Wrong);

    let silent = but(|call| {
        let asked = call.operation == "ListProfiles";
        asked.then_some(Reply::Error(400, "AccessDeniedException", "no"))
    });
    let seen = examine(&given(&silent)).await;
    assert_eq!(finding(&seen, Check::Profile, "").state, State::Note);
    assert!(seen.is_sound(), "{:#?}", seen.findings);
}

#[tokio::test]
async fn an_account_that_began_as_amazon_q_developer_is_found_by_its_old_name() {
    let aws = but(|call| {
        let mut old = application(APPLICATION, "111122223333", "QDevProfile-us-east-1");
        old["ApplicationProviderArn"] = "arn:aws:sso::aws:applicationProvider/other".into();
        let asked = call.operation == "ListApplications";
        asked.then(|| Reply::Ok(json!({ "Applications": [old] })))
    });
    let seen = examine(&settings(&aws)).await;
    let found = finding(&seen, Check::Application, "");
    assert_eq!(found.state, State::Fine);
    assert!(found.said.contains("QDevProfile-us-east-1"), "{found:?}");
}

#[tokio::test]
async fn who_owns_people_is_told_by_their_external_ids() {
    let aws = but(|call| {
        let mut owned = user("u-1", "okta.person");
        owned["ExternalIds"] = json!([{ "Issuer": "https://okta.example.com", "Id": "1" }]);
        let asked = call.operation == "ListUsers";
        asked.then(|| Reply::Ok(json!({ "Users": [owned, user("u-2", "local")] })))
    });
    let seen = examine(&settings(&aws)).await;
    let source = finding(&seen, Check::IdentitySource, "");
    assert_eq!(source.state, State::Note);
    assert!(source.said.contains("1 of 2 users"), "{source:?}");
    assert!(hint(source).contains("policy.provider"), "{source:?}");
    assert!(seen.is_sound());
}
