//! No input breaks it: bodies of every wrong shape, for every operation, and it still answers.

use super::caller::*;
use serde_json::{Value, json};

const OPERATIONS: &[(Service, &[&str])] = &[
    (
        IDENTITY,
        &[
            "ListUsers",
            "ListGroups",
            "ListGroupMemberships",
            "ListGroupMembershipsForMember",
            "DescribeUser",
            "DescribeGroup",
            "DescribeGroupMembership",
            "GetUserId",
            "GetGroupId",
            "GetGroupMembershipId",
            "IsMemberInGroups",
            "CreateUser",
            "CreateGroup",
            "CreateGroupMembership",
            "UpdateUser",
            "UpdateGroup",
            "DeleteUser",
            "DeleteGroup",
            "DeleteGroupMembership",
            "Nonsense",
        ],
    ),
    (
        SSO,
        &[
            "ListInstances",
            "DescribeInstance",
            "ListApplications",
            "DescribeApplication",
            "ListAccountAssignmentsForPrincipal",
            "Nonsense",
        ],
    ),
    (
        SEATS,
        &[
            "CreateAssignment",
            "UpdateAssignment",
            "DeleteAssignment",
            "Nonsense",
        ],
    ),
    (
        LISTS,
        &["ListUserSubscriptions", "ListApplicationClaims", "Nonsense"],
    ),
    (MAIL, &["UpdatePassword", "Nonsense"]),
    (PROFILES, &["ListProfiles", "Nonsense"]),
];

const MEMBERS: &[&str] = &[
    "UserId",
    "GroupId",
    "MembershipId",
    "MemberId",
    "UserName",
    "DisplayName",
    "Name",
    "Emails",
    "Extensions",
    "Operations",
    "AlternateIdentifier",
    "Filters",
    "MaxResults",
    "NextToken",
    "Revision",
    "GroupIds",
    "InstanceArn",
    "ApplicationArn",
    "PrincipalId",
    "PrincipalType",
    "principalId",
    "principalType",
    "subscriptionType",
    "instanceArn",
    "applicationArn",
    "subscriptionRegion",
    "maxResults",
    "nextToken",
    "PasswordMode",
    "Filter",
];

#[test]
fn every_operation_answers_every_wrong_body() {
    let double = Double::account(&json!({
        "users": [user("ada"), { "UserName": "bare" }], "groups": [group("all", &["ada", "bare"])],
    }));
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("id-ada"),
        json!("AAMAfg"),
        json!("é\u{0}"),
        json!([]),
        json!([[]]),
        json!([{}]),
        json!([{ "AttributePath": "emails" }]),
        json!([{ "AttributePath": "emails", "AttributeValue": [{ "": 1 }] }]),
        json!([{ "AttributePath": "name.givenName", "AttributeValue": { "x": [] } }]),
        json!({}),
        json!({ "UserId": {} }),
        json!({ "aws:identitystore:enterprise": [] }),
    ];
    for (service, operations) in OPERATIONS {
        for operation in *operations {
            for value in &values {
                let mut body: Value = json!({ "IdentityStoreId": STORE });
                for member in MEMBERS {
                    body[*member] = value.clone();
                }
                let answer = double.call(*service, operation, body);
                assert!(
                    [200, 400].contains(&answer.status),
                    "{operation} {value} {answer:?}"
                );
            }
        }
    }
    for path in [
        "shoe",
        "emails",
        "name.givenName",
        "userName",
        "extensions",
        "aws:identitystore:enterprise",
        "aws:identitystore:enterprise.",
    ] {
        for value in &values {
            let operations = json!([{ "AttributePath": path, "AttributeValue": value }]);
            let answer = double.identity(
                "UpdateUser",
                json!({ "UserId": "id-ada", "Operations": operations }),
            );
            assert!(
                [200, 400].contains(&answer.status),
                "{path} {value} {answer:?}"
            );
        }
    }
}

#[test]
fn bodies_that_are_no_objects_and_unknown_targets_are_refused_and_logged() {
    let double = Double::account(&json!({}));
    let signed = signature("SANDBOX", "us-east-1", "identitystore");
    for body in ["[]", "7", "\"x\"", "{", "\u{0}", "null"] {
        let answer = double.send("AWSIdentityStore.ListUsers", &signed, body);
        assert_eq!(
            answer.body["__type"],
            "com.amazon.coral.service#SerializationException"
        );
    }
    let answer = double.send("Nobody.ListUsers", &signed, "{}");
    assert_eq!(answer.refused().0, "UnknownOperationException");
    let answer = double.identity("ListShoes", json!({}));
    assert_eq!(answer.refused().0, "UnknownOperationException");
    assert_eq!(double.calls().len(), 8);
}

#[test]
fn signatures_are_looked_at_before_anything_else() {
    let double = Double::account(&json!({}));
    let send = |headers: &str| double.send("AWSIdentityStore.ListUsers", headers, "{");
    let answer = send("");
    assert_eq!(
        (answer.status, answer.refused().0),
        (403, "MissingAuthenticationTokenException")
    );
    let honest = signature("SANDBOX", "us-east-1", "identitystore");
    for (from, to, code) in [
        ("identitystore/", "sso/", "InvalidSignatureException"),
        ("aws4_request", "aws4", "InvalidSignatureException"),
        ("Signature=0", "Signature=é", "IncompleteSignatureException"),
        ("SANDBOX/", "", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256", "Basic", "IncompleteSignatureException"),
        ("X-Amz-Date", "X-Date", "IncompleteSignatureException"),
        (
            "X-Amz-Date: 20",
            "X-Amz-Date: 19",
            "InvalidSignatureException",
        ),
    ] {
        let answer = send(&honest.replace(from, to));
        assert_eq!(
            (answer.status, answer.refused().0),
            (403, code),
            "{from} -> {to}"
        );
    }
}
