//! Pages of Kiro's lists, at their documented maxima.

use super::caller::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn lists_page_at_their_maxima_and_find_everybody_once() {
    let users: Vec<Value> = (0..1100)
        .map(|n| {
            seated(
                &format!("user{n:04}"),
                json!({ "type": "KIRO_ENTERPRISE_PRO" }),
            )
        })
        .collect();
    let double = Double::account(&json!({ "users": users }));
    for (operation, rows, most, body) in [
        (
            "ListUserSubscriptions",
            "subscriptions",
            1000,
            json!({ "instanceArn": INSTANCE }),
        ),
        (
            "ListApplicationClaims",
            "claims",
            100,
            json!({ "applicationArn": APPLICATION }),
        ),
    ] {
        let mut body = body;
        body["subscriptionRegion"] = json!("us-east-1");
        let mut seen = BTreeSet::new();
        let mut count = 0;
        loop {
            let page = double.call(LISTS, operation, body.clone()).ok();
            let rows = page[rows].as_array().unwrap();
            assert!(rows.len() <= most);
            count += rows.len();
            seen.extend(rows.iter().map(|row| row["principal"].to_string()));
            match page.get("nextToken") {
                Some(token) => {
                    let last = rows[rows.len() - 1]["principal"]["user"].as_str().unwrap();
                    assert!(!token.as_str().unwrap().contains(last), "tokens are opaque");
                    assert_eq!(rows.len(), most);
                    body["nextToken"] = token.clone();
                }
                None => break,
            }
        }
        assert_eq!((count, seen.len()), (1100, 1100), "{operation}");

        for wrong in [json!(0), json!(most + 1), json!("ten")] {
            body["maxResults"] = wrong;
            let answer = double.call(LISTS, operation, body.clone());
            assert_eq!(answer.refused().0, "ValidationException");
        }
    }
}

#[test]
fn a_user_who_goes_between_two_pages_hides_nobody() {
    let users: Vec<Value> = (0..6).map(|n| user(&format!("user{n}"))).collect();
    let double = Double::account(&json!({ "users": users }));
    let first = double
        .identity("ListUsers", json!({ "MaxResults": 3 }))
        .ok();
    double
        .identity("DeleteUser", json!({ "UserId": "id-user2" }))
        .ok();
    double
        .identity("DeleteUser", json!({ "UserId": "id-user0" }))
        .ok();
    let rest = double
        .identity("ListUsers", json!({ "NextToken": first["NextToken"] }))
        .ok();
    let names = rest["Users"].as_array().unwrap().iter();
    let names: Vec<&str> = names
        .map(|user| user["UserName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["user3", "user4", "user5"]);
}

#[test]
fn instances_page_and_exist_in_their_region_only() {
    let instance = |n: u8| json!({ "InstanceArn": format!("arn:aws:sso:::instance/ssoins-{n}"), "IdentityStoreId": format!("d-{n}") });
    let double = Double::account(&json!({ "instances": [instance(2), instance(1)] }));
    let first = double
        .call(SSO, "ListInstances", json!({ "MaxResults": 1 }))
        .ok();
    assert_eq!(first["Instances"][0]["IdentityStoreId"], "d-2");
    let rest = double
        .call(
            SSO,
            "ListInstances",
            json!({ "NextToken": first["NextToken"] }),
        )
        .ok();
    assert_eq!(rest["Instances"][0]["IdentityStoreId"], "d-1");
    assert_eq!(rest.get("NextToken"), None);
    let elsewhere = |operation: &str| {
        let body = json!({ "InstanceArn": "arn:aws:sso:::instance/ssoins-2" });
        double.call_as("SANDBOX", "eu-west-1", SSO, operation, body)
    };
    assert_eq!(elsewhere("ListInstances").ok()["Instances"], json!([]));
    assert_eq!(
        elsewhere("ListApplications").ok()["Applications"],
        json!([])
    );
    assert_eq!(
        elsewhere("DescribeInstance").refused().0,
        "ResourceNotFoundException"
    );
}

#[test]
fn account_assignments_follow_their_holder_through_a_new_name() {
    let double = Double::account(&json!({
        "users": [user("ada")], "assignments": { "ada": ["444455556666", "777788889999"] },
    }));
    let ask = |double: &Double| {
        let body =
            json!({ "InstanceArn": INSTANCE, "PrincipalId": "id-ada", "PrincipalType": "USER" });
        let list = double
            .call(SSO, "ListAccountAssignmentsForPrincipal", body)
            .ok();
        list["AccountAssignments"].as_array().unwrap().len()
    };
    assert_eq!(ask(&double), 2);
    let rename = json!([{ "AttributePath": "userName", "AttributeValue": "lovelace" }]);
    double
        .identity(
            "UpdateUser",
            json!({ "UserId": "id-ada", "Operations": rename }),
        )
        .ok();
    assert_eq!(ask(&double), 2);
    assert!(double.saved()["accounts"]["111122223333"]["assignments"]["lovelace"].is_array());
    double
        .identity("DeleteUser", json!({ "UserId": "id-ada" }))
        .ok();
    assert_eq!(
        double.saved()["accounts"]["111122223333"]["assignments"],
        json!({})
    );
}
