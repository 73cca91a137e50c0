//! Opening a session: finding the organization, or saying why not.

use super::double::Reply;
use super::organization::*;
use kiroster::aws::{Error, ErrorKind, KiroEndpoint, Session, Settings};
use kiroster::live::Reach;
use serde_json::json;
use std::collections::BTreeSet;

fn hint(error: &Error) -> &str {
    error.hint.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn the_only_instance_is_taken_and_kiro_is_found() {
    let aws = but(|_| None);
    let session = open(&aws).await;
    let target = session.target();
    assert_eq!(&*target.account, "111122223333");
    assert_eq!((&*target.instance, &*target.store), (INSTANCE, "d-1"));
    assert_eq!(&*target.region, "eu-west-1");
    assert_eq!(target.kiro_region.as_deref(), Some("us-east-1"));
}

#[tokio::test]
async fn several_instances_behind_two_pages_are_all_named_and_one_can_be_chosen() {
    let other = "arn:aws:sso:::instance/ssoins-2";
    let aws = but(move |call| {
        let page = match call.body["NextToken"].as_str() {
            None => json!({ "Instances": [instance(INSTANCE, "1", "d-1")], "NextToken": "2" }),
            Some(_) => json!({ "Instances": [instance(other, "2", "d-2")] }),
        };
        (call.operation == "ListInstances").then_some(Reply::Ok(page))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Instance);
    for part in [INSTANCE, other, "`main`", "of account 2", "ACTIVE"] {
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(hint(&error).contains("--instance"));

    let mut chosen = settings(&aws);
    chosen.no_seats = true;
    chosen.instance = Some(other.into());
    let session = Session::open(&chosen).await.unwrap();
    assert_eq!(&*session.target().store, "d-2");

    chosen.identity_store_id = Some("d-1".into());
    let error = Session::open(&chosen).await.unwrap_err();
    assert_eq!(
        error.kind,
        ErrorKind::Instance,
        "the store is verified even where the instance fits"
    );
}

#[tokio::test]
async fn no_instance_says_which_region_was_asked() {
    let aws = but(|call| {
        (call.operation == "ListInstances").then(|| Reply::Ok(json!({ "Instances": [] })))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Instance);
    assert!(
        error.to_string().contains("eu-west-1") && hint(&error).contains("--region"),
        "{error}"
    );
}

#[tokio::test]
async fn a_replica_region_is_told_apart_from_the_one_that_takes_writes() {
    let aws = but(|call| {
        let mut replica = instance(INSTANCE, "1", "d-1");
        replica["PrimaryRegion"] = "us-west-2".into();
        (call.operation == "ListInstances").then(|| Reply::Ok(json!({ "Instances": [replica] })))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert!(hint(&error).contains("--region us-west-2"), "{error}");
}

#[tokio::test]
async fn without_seats_kiro_is_not_even_looked_for() {
    let aws = but(|_| None);
    let alone = Settings {
        no_seats: true,
        ..settings(&aws)
    };
    let session = Session::open(&alone).await.unwrap();
    let reach = Reach {
        seats: false,
        ..Reach::everything()
    };
    let reading = kiroster::aws::read(&session, &reach).await.unwrap();
    assert!(reading.seats.is_none() && session.target().kiro_region.is_none());
    // The lists run side by side.
    let called: BTreeSet<String> = aws.calls().into_iter().map(|call| call.operation).collect();
    let wanted = [
        "GetCallerIdentity",
        "ListInstances",
        "ListUsers",
        "ListGroups",
    ];
    assert_eq!(called, wanted.map(str::to_owned).into());
    assert_eq!(aws.calls().len(), wanted.len());
}

#[tokio::test]
async fn a_given_kiro_region_is_believed_and_every_call_is_signed_for_its_region_and_service() {
    let aws = but(|_| None);
    let given = Settings {
        kiro_region: Some("eu-central-1".into()),
        kiro_endpoint: KiroEndpoint::Management,
        ..settings(&aws)
    };
    let session = Session::open(&given).await.unwrap();
    kiroster::aws::read(&session, &Reach::everything())
        .await
        .unwrap();
    let (holder, id) = (
        kiroster::model::UserName::new("jo").into(),
        kiroster::live::Id::new("u"),
    );
    session.unsubscribe(&holder, &id).await.unwrap();
    session
        .mail_password_link(&id, session.turn_to_mail().await)
        .await
        .unwrap();
    assert_eq!(aws.count("ListProfiles"), 0);
    for (target, scope) in [
        ("", "eu-west-1/sts"),
        ("SWBExternalService.ListInstances", "eu-west-1/sso"),
        ("SWBExternalService.ListApplications", "eu-west-1/sso"),
        ("AWSIdentityStore.ListUsers", "eu-west-1/identitystore"),
        (
            "AWSZornControlPlaneService.ListUserSubscriptions",
            "eu-west-1/user-subscriptions",
        ),
        (
            "AWSZornControlPlaneService.ListApplicationClaims",
            "eu-west-1/user-subscriptions",
        ),
        (
            "KiroControlPlaneQDeveloperService.DeleteAssignment",
            "eu-central-1/q",
        ),
        ("SWBUPService.UpdatePassword", "eu-west-1/userpool"),
    ] {
        let call = aws.calls().into_iter().find(|call| call.target == target);
        assert_eq!(
            call.map(|call| call.scope),
            Some(scope.to_owned()),
            "{target}"
        );
    }
    let rows = &aws.calls_of("ListUserSubscriptions")[0].body;
    assert_eq!(
        *rows,
        json!({ "instanceArn": INSTANCE, "subscriptionRegion": "eu-central-1", "maxResults": 1000 })
    );
}

#[tokio::test]
async fn profiles_are_asked_for_in_each_region_and_joined_by_arn() {
    let aws = but(|_| None);
    open(&aws).await;
    let mut scopes: Vec<_> = aws
        .calls_of("ListProfiles")
        .into_iter()
        .map(|call| call.scope)
        .collect();
    scopes.sort();
    assert_eq!(
        scopes,
        ["eu-central-1/codewhisperer", "us-east-1/codewhisperer"]
    );
}

#[tokio::test]
async fn two_profiles_are_both_named() {
    let second = "arn:aws:codewhisperer:eu-central-1:111122223333:profile/P2";
    let aws = but(move |call| {
        let of = match call.scope.starts_with("us-east-1") {
            true => PROFILE,
            false => second,
        };
        (call.operation == "ListProfiles").then(|| Reply::Ok(json!({ "profiles": [profile(of)] })))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Kiro);
    assert!(
        error.to_string().contains(PROFILE) && error.to_string().contains(second),
        "{error}"
    );
    assert!(hint(&error).contains("--kiro-region"));
}

#[tokio::test]
async fn another_instance_s_profile_is_not_ours() {
    let aws = but(|call| {
        let mut other = profile("arn:aws:codewhisperer:eu-central-1:9:profile/P9");
        other["identityDetails"]["ssoIdentityDetails"]["instanceArn"] =
            "arn:aws:sso:::instance/ssoins-9".into();
        (call.operation == "ListProfiles")
            .then(|| Reply::Ok(json!({ "profiles": [other, profile(PROFILE)] })))
    });
    let target = open(&aws).await.target().clone();
    assert_eq!(target.kiro_region.as_deref(), Some("us-east-1"));
}

#[tokio::test]
async fn where_one_region_refuses_to_tell_the_region_is_asked_for() {
    let aws = but(|call| {
        let refused = call.operation == "ListProfiles" && call.scope.starts_with("eu-central-1");
        refused.then_some(Reply::Error(
            400,
            "AccessDeniedException",
            "denied by a service control policy",
        ))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Kiro);
    assert!(
        error.to_string().contains("eu-central-1 did not tell")
            && error.to_string().contains(PROFILE),
        "{error}"
    );
    assert!(hint(&error).contains("--kiro-region") && hint(&error).contains("--no-seats"));
}

#[tokio::test]
async fn without_a_profile_or_an_application_there_is_no_kiro() {
    for (operation, empty) in [
        ("ListProfiles", json!({ "profiles": [] })),
        (
            "ListApplications",
            json!({ "Applications": [{ "Name": "Jira" }] }),
        ),
    ] {
        let aws = but(move |call| (call.operation == operation).then(|| Reply::Ok(empty.clone())));
        let error = Session::open(&settings(&aws)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Kiro, "{operation}");
        assert!(hint(&error).contains("--no-seats"), "{operation}");
    }
}

#[tokio::test]
async fn an_unknown_listapplications_says_that_seats_cannot_be_read() {
    let aws = but(|call| {
        let unknown = call.operation == "ListApplications";
        unknown.then_some(Reply::Error(
            400,
            "UnknownOperationException",
            "not implemented",
        ))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert!(
        error.to_string().contains("seats cannot be read") && hint(&error).contains("--no-seats"),
        "{error}"
    );
}

#[tokio::test]
async fn a_member_account_asks_only_for_its_own_applications_and_takes_those_of_its_region() {
    let ours = "arn:aws:sso::222233334444:application/ssoins-1/apl-2";
    let aws = but(move |call| match call.operation.as_str() {
        "GetCallerIdentity" => Some(caller("222233334444")),
        "ListApplications" => Some(Reply::Ok(match call.body["NextToken"].as_str() {
            None => {
                json!({ "Applications": [application("arn:far", "222233334444", "KiroProfile-eu-central-1")], "NextToken": "x" })
            }
            Some(_) => {
                json!({ "Applications": [application(ours, "222233334444", "KiroProfile-us-east-1")] })
            }
        })),
        _ => None,
    });
    let session = open(&aws).await;
    kiroster::aws::read_seats(&session).await.unwrap();
    let asked = &aws.calls_of("ListApplications")[0].body["Filter"];
    assert_eq!(*asked, json!({ "ApplicationAccount": "222233334444" }));
    let claims = aws.calls_of("ListApplicationClaims");
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0].body["applicationArn"], ours);
}

#[tokio::test]
async fn refused_credentials_are_told_apart_and_their_token_is_not_repeated() {
    let aws = but(|call| {
        let xml = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>The request signature is wrong.\n\n\
                   The Canonical String for this request should have been 'x-amz-security-token:SECRET'</Message></Error>\
                   <RequestId>r-1</RequestId></ErrorResponse>";
        (call.operation == "GetCallerIdentity").then(|| Reply::TextError(403, xml.into()))
    });
    let error = Session::open(&settings(&aws)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Credentials);
    assert!(
        error
            .to_string()
            .contains("SignatureDoesNotMatch: The request signature is wrong."),
        "{error}"
    );
    assert!(!format!("{error:?}").contains("SECRET"));
}

#[tokio::test]
async fn an_endpoint_where_nobody_listens_is_found_out_within_seconds() {
    let mut nowhere = settings(&but(|_| None));
    nowhere.sandbox.as_mut().unwrap().url = "http://127.0.0.1:1".into();
    let started = std::time::Instant::now();
    let error = Session::open(&nowhere).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(started.elapsed().as_secs() < 5);
}
