//! Writing: one call each, its body, and what is made of refusals and silence.

use super::double::{Called, Reply};
use super::organization::*;
use kiroster::aws::{Conflict, Failure, FailureKind};
use kiroster::directory::{Group, User};
use kiroster::live::{Id, Known};
use kiroster::model::{Attribute, GroupName, Principal, Tier, UserName, Value};
use serde_json::json;

fn jo() -> User {
    let mut jo = User::named(UserName::new("jo"));
    for (attribute, value) in [
        (Attribute::GivenName, "Jo"),
        (Attribute::FamilyName, "Doe"),
        (Attribute::DisplayName, "Jo Doe"),
        (Attribute::Email, "jo@example.com"),
        (Attribute::Department, "R&D"),
    ] {
        jo.attributes.insert(attribute, Value::text(value));
    }
    jo
}

fn known(revision: Option<&str>) -> Known {
    Known {
        id: Id::new("u-1"),
        revision: revision.map(Into::into),
        marks: None,
    }
}

fn holder() -> Principal {
    UserName::new("jo").into()
}

/// The operation answers this to its first call, and well after that.
fn first(operation: &'static str, reply: fn() -> Reply) -> impl Fn(&Called) -> Option<Reply> {
    move |call| match call.operation == operation {
        true if call.nth == 0 => Some(reply()),
        true => Some(Reply::Ok(
            json!({ "UserId": "u-1", "GroupId": "g-1", "MembershipId": "m-1", "IdentityStoreId": "d-1" }),
        )),
        false => None,
    }
}

fn well(operation: &'static str) -> impl Fn(&Called) -> Option<Reply> {
    first(operation, || {
        Reply::Ok(
            json!({ "UserId": "u-1", "GroupId": "g-1", "MembershipId": "m-1", "IdentityStoreId": "d-1" }),
        )
    })
}

#[tokio::test]
async fn a_new_user_goes_whole_and_comes_back_as_an_id() {
    let aws = but(well("CreateUser"));
    let id = open(&aws).await.create_user(&jo()).await.unwrap();
    assert_eq!(id, Id::new("u-1"));
    assert_eq!(
        aws.calls_of("CreateUser")[0].body,
        json!({
            "IdentityStoreId": "d-1", "UserName": "jo", "DisplayName": "Jo Doe",
            "Name": { "GivenName": "Jo", "FamilyName": "Doe" },
            "Emails": [{ "Value": "jo@example.com", "Type": "work", "Primary": true }],
            "Extensions": { "aws:identitystore:enterprise": { "department": "R&D" } },
        })
    );
}

#[tokio::test]
async fn an_update_sends_what_differs_guarded_by_the_revision_where_there_is_one() {
    let aws = but(well("UpdateUser"));
    let session = open(&aws).await;
    let mut after = jo();
    after.name = UserName::new("jodoe");
    after
        .attributes
        .insert(Attribute::Email, Value::text("jodoe@example.com"));
    after.attributes.remove(&Attribute::Department);
    session
        .update_user(&known(Some("r-7")), &jo(), &after)
        .await
        .unwrap();
    session
        .update_user(&known(None), &jo(), &after)
        .await
        .unwrap();
    let calls = aws.calls_of("UpdateUser");
    assert_eq!(
        calls[0].body,
        json!({
            "IdentityStoreId": "d-1", "UserId": "u-1", "Revision": "r-7",
            "Operations": [
                { "AttributePath": "userName", "AttributeValue": "jodoe" },
                { "AttributePath": "emails",
                  "AttributeValue": [{ "value": "jodoe@example.com", "type": "work", "primary": true }] },
                { "AttributePath": "aws:identitystore:enterprise.department" },
            ],
        })
    );
    assert!(calls[1].body.get("Revision").is_none());
}

#[tokio::test]
async fn deleting_what_is_gone_is_done() {
    let aws = but(|call| {
        let gone = call.operation.starts_with("Delete");
        gone.then_some(Reply::Error(400, "ResourceNotFoundException", "gone"))
    });
    let session = open(&aws).await;
    session.delete_user(&known(Some("r-1"))).await.unwrap();
    session.delete_group(&known(None)).await.unwrap();
    session.remove_member(&Id::new("m-1")).await.unwrap();
    session
        .unsubscribe(&holder(), &Id::new("u-1"))
        .await
        .unwrap();
    assert_eq!(aws.calls_of("DeleteUser")[0].body["Revision"], "r-1");
}

#[tokio::test]
async fn a_lost_answer_to_a_create_comes_back_and_is_not_repeated() {
    for lost in [
        || Reply::Drop,
        || Reply::Error(500, "InternalServerException", "oops"),
        || Reply::Raw(503, json!({})),
    ] {
        let aws = but(first("CreateUser", lost));
        let failure = open(&aws).await.create_user(&jo()).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Unanswered, "{failure}");
        assert!(failure.is_doubtful());
        assert_eq!(aws.count("CreateUser"), 1);
    }
}

#[tokio::test]
async fn no_call_that_could_contradict_itself_is_repeated_unseen() {
    let aws = but(|call| {
        let write = [
            "CreateGroup",
            "UpdateUser",
            "UpdateGroup",
            "CreateGroupMembership",
            "CreateAssignment",
            "UpdatePassword",
        ];
        write
            .contains(&call.operation.as_str())
            .then_some(Reply::Drop)
    });
    let session = open(&aws).await;
    let (id, group) = (Id::new("u-1"), Group::named(GroupName::new("g")));
    let renamed = Group::named(GroupName::new("h"));
    let lost =
        |result: Result<(), Failure>| assert_eq!(result.unwrap_err().kind, FailureKind::Unanswered);
    lost(session.create_group(&group).await.map(drop));
    lost(
        session
            .update_user(&known(None), &jo(), &User::named(UserName::new("x")))
            .await,
    );
    lost(session.update_group(&known(None), &group, &renamed).await);
    lost(session.add_member(&id, &id).await.map(drop));
    lost(session.subscribe(&holder(), &id, Tier::Pro).await);
    lost(
        session
            .mail_password_link(&id, session.turn_to_mail().await)
            .await,
    );
    let calls = aws.calls();
    let repeated = calls
        .iter()
        .find(|call| call.nth > 0 && !call.operation.starts_with("List"));
    assert!(repeated.is_none(), "{repeated:?}");
}

#[tokio::test]
async fn calls_that_are_the_same_twice_as_once_are_repeated() {
    let aws = but(|call| {
        let write = [
            "DeleteUser",
            "DeleteGroup",
            "DeleteGroupMembership",
            "UpdateAssignment",
            "DeleteAssignment",
        ];
        (write.contains(&call.operation.as_str()) && call.nth == 0).then_some(Reply::Drop)
    });
    let session = open(&aws).await;
    let id = Id::new("x-1");
    session.delete_user(&known(None)).await.unwrap();
    session.delete_group(&known(None)).await.unwrap();
    session.remove_member(&id).await.unwrap();
    session
        .change_seat(&holder(), &id, Tier::Power)
        .await
        .unwrap();
    session.unsubscribe(&holder(), &id).await.unwrap();
    assert_eq!(aws.count("UpdateAssignment"), 2);
}

#[tokio::test]
async fn throttling_delays_even_what_is_never_repeated_otherwise() {
    let aws = but(first("CreateUser", || {
        Reply::Error(400, "ThrottlingException", "slow down")
    }));
    open(&aws).await.create_user(&jo()).await.unwrap();
    assert_eq!(aws.count("CreateUser"), 2);
    let aws = but(first("CreateAssignment", || Reply::Raw(429, json!({}))));
    open(&aws)
        .await
        .subscribe(&holder(), &Id::new("u-1"), Tier::Pro)
        .await
        .unwrap();
    assert_eq!(aws.count("CreateAssignment"), 2);
    let aws = but(first("CreateAssignment", || {
        Reply::Error(400, "TooManyRequestsException", "slow down")
    }));
    open(&aws)
        .await
        .subscribe(&holder(), &Id::new("u-1"), Tier::Pro)
        .await
        .unwrap();
    assert_eq!(aws.count("CreateAssignment"), 2);
}

#[tokio::test]
async fn a_conflict_says_what_with_as_far_as_aws_does() {
    let aws = but(|call| {
        let reason = match call.operation.as_str() {
            "CreateUser" => "UNIQUENESS_CONSTRAINT_VIOLATION",
            "UpdateUser" => "CONCURRENT_MODIFICATION",
            "CreateGroup" => "SOMETHING_NEW",
            "CreateAssignment" => {
                return Some(Reply::Error(
                    400,
                    "ConflictException",
                    "Resource is in an invalid state.",
                ));
            }
            _ => return None,
        };
        Some(Reply::Raw(
            400,
            json!({ "__type": "ConflictException", "Message": "no", "Reason": reason }),
        ))
    });
    let session = open(&aws).await;
    let after = User::named(UserName::new("x"));
    let group = Group::named(GroupName::new("g"));
    for (failure, conflict) in [
        (
            session.create_user(&jo()).await.unwrap_err(),
            Conflict::Uniqueness,
        ),
        (
            session
                .update_user(&known(Some("r")), &jo(), &after)
                .await
                .unwrap_err(),
            Conflict::Concurrent,
        ),
        (
            session.create_group(&group).await.unwrap_err(),
            Conflict::Unclear,
        ),
        (
            session
                .subscribe(&holder(), &Id::new("u"), Tier::Pro)
                .await
                .unwrap_err(),
            Conflict::Seat,
        ),
    ] {
        assert_eq!(
            (failure.kind, failure.conflict),
            (FailureKind::Conflict, Some(conflict))
        );
    }
}

#[tokio::test]
async fn kiro_s_refusal_of_an_account_names_its_causes_and_the_request() {
    let aws = but(|call| {
        let refused = call.operation == "CreateAssignment";
        refused.then_some(Reply::Error(
            400,
            "AccessDeniedException",
            "Your account is not authorized to make this call.",
        ))
    });
    let session = open(&aws).await;
    let failure = session
        .subscribe(&holder(), &Id::new("u"), Tier::Pro)
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Denied);
    assert_eq!(
        failure.to_string(),
        "q:CreateAssignment: AccessDeniedException: Your account is not authorized to make this call. \
         (request id req-CreateAssignment-0)"
    );
    let hint = failure.hint().unwrap();
    for cause in ["not set up", "blocked", "IAM action", "first sign-in"] {
        assert!(hint.contains(cause), "{cause}");
    }
}

#[tokio::test]
async fn a_permission_that_iam_refuses_is_named_and_nothing_is_said_of_the_account() {
    let aws = but(|call| {
        let refused = call.operation == "CreateAssignment";
        refused.then_some(Reply::Error(
            400,
            "AccessDeniedException",
            "User: arn:aws:iam::1:user/x is not authorized to perform: q:CreateAssignment",
        ))
    });
    let session = open(&aws).await;
    let refused = session.subscribe(&holder(), &Id::new("u"), Tier::Pro).await;
    let failure = refused.unwrap_err();
    assert!(failure.is_by_iam());
    assert_eq!(
        failure.hint().as_deref(),
        Some("the caller needs the permission `q:CreateAssignment`")
    );
}

#[tokio::test]
async fn what_aws_says_cannot_move_the_cursor() {
    let aws = but(|call| {
        let refused = call.operation == "CreateGroup";
        refused.then_some(Reply::Error(
            400,
            "ValidationException",
            "bad \u{1b}[2Jname",
        ))
    });
    let session = open(&aws).await;
    let failure = session
        .create_group(&Group::named(GroupName::new("g")))
        .await
        .unwrap_err();
    assert_eq!(failure.kind, FailureKind::Invalid);
    assert!(
        failure.to_string().contains("bad \\u{1b}[2Jname"),
        "{failure}"
    );
}

#[tokio::test]
async fn after_doubt_objects_are_found_by_name_and_by_address_or_are_not_there() {
    let aws = but(|call| {
        let unique = &call.body["AlternateIdentifier"]["UniqueAttribute"];
        let known =
            unique["AttributeValue"] == "jo" || unique["AttributeValue"] == "jo@example.com";
        Some(match call.operation.as_str() {
            "GetUserId" | "GetGroupId" if !known => {
                Reply::Error(400, "ResourceNotFoundException", "no")
            }
            "GetUserId" => Reply::Ok(json!({ "UserId": "u-1", "IdentityStoreId": "d-1" })),
            "DescribeUser" => Reply::Ok(user("u-1", "jo")),
            "ListGroupMembershipsForMember" => Reply::Ok(match call.body["NextToken"].as_str() {
                None => {
                    json!({ "GroupMemberships": [membership("m-1", "g-1", "u-1")], "NextToken": "2" })
                }
                Some(_) => json!({ "GroupMemberships": [membership("m-2", "g-2", "u-1")] }),
            }),
            _ => return None,
        })
    });
    let session = open(&aws).await;
    let jo = session
        .user_named(&UserName::new("jo"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(jo.name, UserName::new("jo"));
    assert!(
        session
            .user_with_email("jo@example.com")
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        session
            .user_named(&UserName::new("ann"))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        session
            .group_named(&GroupName::new("g"))
            .await
            .unwrap()
            .is_none()
    );
    let paths: Vec<_> = aws
        .calls_of("GetUserId")
        .into_iter()
        .map(|call| call.body["AlternateIdentifier"]["UniqueAttribute"]["AttributePath"].clone())
        .collect();
    assert_eq!(paths, ["userName", "emails.value", "userName"]);
    let user = Id::new("u-1");
    assert_eq!(
        session.membership(&Id::new("g-2"), &user).await.unwrap(),
        Some(Id::new("m-2"))
    );
    assert_eq!(
        session.membership(&Id::new("g-3"), &user).await.unwrap(),
        None
    );
}
