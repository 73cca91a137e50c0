//! Users, groups and memberships where AWS's rules bite.

use super::caller::*;
use serde_json::{Value, json};

fn create(double: &Double, more: Value) -> Answer {
    let mut body = user("ada");
    for (member, value) in more.as_object().unwrap() {
        body[member] = value.clone();
    }
    double.identity("CreateUser", body)
}

fn set(double: &Double, id: &str, path: &str, value: Value) -> Answer {
    let operations = json!([{ "AttributePath": path, "AttributeValue": value }]);
    double.identity(
        "UpdateUser",
        json!({ "UserId": id, "Operations": operations }),
    )
}

#[test]
fn what_aws_does_not_take_is_refused() {
    let double = Double::account(&json!({}));
    let long = "x".repeat(1025);
    for (what, more) in [
        ("no name", json!({ "UserName": null })),
        ("an empty name", json!({ "UserName": "" })),
        ("a long name", json!({ "UserName": "x".repeat(129) })),
        ("a name with a space", json!({ "UserName": "a b" })),
        (
            "a name with a control character",
            json!({ "UserName": "a\u{7}b" }),
        ),
        (
            "a name with a mark of its own",
            json!({ "UserName": "a\u{200b}b" }),
        ),
        ("a title with one", json!({ "Title": "a\u{202e}b" })),
        (
            "a title of nobody's letters",
            json!({ "Title": "\u{e000}" }),
        ),
        ("a line separator", json!({ "Title": "a\u{2028}b" })),
        ("a reserved name", json!({ "UserName": "administrator" })),
        ("no display name", json!({ "DisplayName": null })),
        ("no given name", json!({ "Name": { "FamilyName": "x" } })),
        ("no family name", json!({ "Name": { "GivenName": "x" } })),
        ("an empty title", json!({ "Title": "" })),
        ("a long title", json!({ "Title": long })),
        ("an empty email", json!({ "Emails": [{ "Value": "" }] })),
        (
            "two emails",
            json!({ "Emails": [{ "Value": "a" }, { "Value": "b" }] }),
        ),
        (
            "two phones",
            json!({ "PhoneNumbers": [{ "Value": "1" }, { "Value": "2" }] }),
        ),
        (
            "two addresses",
            json!({ "Addresses": [{ "Region": "a" }, { "Region": "b" }] }),
        ),
    ] {
        let answer = create(&double, more);
        assert_eq!(answer.refused().0, "ValidationException", "{what}");
    }
    for (what, more) in [
        ("a number for a text", json!({ "Title": 1 })),
        ("a text for a list", json!({ "Emails": "a@example.com" })),
        ("texts in a list", json!({ "Emails": ["a@example.com"] })),
        (
            "a text for a flag",
            json!({ "Emails": [{ "Value": "a", "Primary": "yes" }] }),
        ),
    ] {
        let answer = create(&double, more);
        assert_eq!(answer.refused().0, "SerializationException", "{what}");
    }
    for name in [
        json!(""),
        json!(null),
        json!("x".repeat(1025)),
        json!("AWSAdministrators"),
        json!("a\u{3000}b"),
        json!("a\u{feff}b"),
    ] {
        let answer = double.identity("CreateGroup", json!({ "DisplayName": name }));
        assert_eq!(answer.refused().0, "ValidationException");
    }
    let everything = double.identity("ListUsers", json!({})).ok();
    assert_eq!(everything["Users"], json!([]));
    create(
        &double,
        json!({ "UserName": "x".repeat(128), "Title": "x".repeat(1024), "NickName": "a\u{3000}\u{a0}王 👩\t" }),
    )
    .ok();
}

#[test]
fn only_what_is_asked_for_becomes_part_of_a_user() {
    let double = Double::account(&json!({}));
    let made = create(
        &double,
        json!({ "UserId": "mine", "Revision": "9", "UserStatus": "DISABLED", "Shoe": 43, "Title": null }),
    );
    let id = made.ok()["UserId"].clone();
    assert_ne!(id, "mine");
    let shown = double
        .identity("DescribeUser", json!({ "UserId": id }))
        .ok();
    assert_eq!(
        (&shown["Revision"], &shown["UserStatus"]),
        (&json!("1"), &json!("ENABLED"))
    );
    assert_eq!((shown.get("Shoe"), shown.get("Title")), (None, None));
}

#[test]
fn updates_set_by_path_and_refuse_as_a_whole() {
    let double = Double::account(&json!({ "users": [user("ada"), user("eve")] }));
    let shown = |id: &str| {
        let body = json!({ "UserId": id, "Extensions": ["aws:identitystore:enterprise"] });
        double.identity("DescribeUser", body).ok()
    };
    for (path, value) in [
        ("title", json!("Countess")),
        ("name.middleName", json!("King")),
        ("website", json!("https://example.com")),
        ("photos", json!([{ "value": "a" }, { "value": "b" }])),
        (
            "addresses",
            json!([{ "streetAddress": "x", "primary": true }]),
        ),
        ("aws:identitystore:enterprise.costCenter", json!("42")),
    ] {
        set(&double, "id-ada", path, value).ok();
    }
    let ada = shown("id-ada");
    assert_eq!(ada["Name"]["MiddleName"], "King");
    assert_eq!(ada["Photos"], json!([{ "Value": "a" }, { "Value": "b" }]));
    assert_eq!(
        ada["Addresses"],
        json!([{ "StreetAddress": "x", "Primary": true }])
    );
    assert_eq!(
        ada["Extensions"]["aws:identitystore:enterprise"]["costCenter"],
        "42"
    );
    set(
        &double,
        "id-ada",
        "aws:identitystore:enterprise.costCenter",
        Value::Null,
    )
    .ok();
    assert_eq!(shown("id-ada").get("Extensions"), None);

    let before = shown("id-eve");
    for (path, value) in [
        ("shoeSize", json!("43")),
        ("title", json!("")),
        ("title", json!(7)),
        ("emails", json!("eve@example.com")),
        ("emails", json!([{ "Value": "x" }])),
        ("emails", json!([{ "valeu": "x" }])),
        ("emails", json!([{ "value": "x" }, { "value": "y" }])),
        ("userName", Value::Null),
        ("userName", json!("Administrator")),
        ("displayName", Value::Null),
        ("name.givenName", Value::Null),
        ("aws:identitystore:enterprise.shoe", json!("43")),
    ] {
        let answer = set(&double, "id-eve", path, value);
        assert_eq!(answer.refused().0, "ValidationException", "{path}");
    }
    let two = json!([
        { "AttributePath": "title", "AttributeValue": "x" },
        { "AttributePath": "userName", "AttributeValue": "ADA" },
    ]);
    let answer = double.identity(
        "UpdateUser",
        json!({ "UserId": "id-eve", "Operations": two }),
    );
    assert_eq!(answer.body["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION");
    assert_eq!(shown("id-eve"), before);
}

#[test]
fn names_and_emails_are_free_again_once_given_up() {
    let double = Double::account(&json!({ "users": [user("ada")], "groups": [group("all", &[])] }));
    let conflict = |answer: Answer| assert_eq!(answer.refused().0, "ConflictException");
    conflict(create(&double, json!({ "UserName": "ADA", "Emails": [] })));
    conflict(create(
        &double,
        json!({ "UserName": "eve", "Emails": [{ "Value": "ADA@EXAMPLE.COM" }] }),
    ));
    conflict(double.identity("CreateGroup", json!({ "DisplayName": "ALL" })));
    set(&double, "id-ada", "userName", json!("lovelace")).ok();
    set(&double, "id-ada", "emails", Value::Null).ok();
    create(&double, json!({})).ok();
    conflict(set(
        &double,
        "id-ada",
        "emails",
        json!([{ "value": "ada@example.com" }]),
    ));
    double
        .identity("DeleteGroup", json!({ "GroupId": "id-all" }))
        .ok();
    double
        .identity("CreateGroup", json!({ "DisplayName": "ALL" }))
        .ok();
}

#[test]
fn revisions_move_with_every_write_and_with_memberships_if_so_switched() {
    for (moves, after) in [(false, "1"), (true, "2")] {
        let double = Double::account(&json!({
            "users": [user("ada")], "groups": [group("all", &[])],
            "memberships_move_revisions": moves,
        }));
        let ends = json!({ "GroupId": "id-all", "MemberId": { "UserId": "id-ada" } });
        double.identity("CreateGroupMembership", ends.clone()).ok();
        let again = double.identity("CreateGroupMembership", ends);
        assert_eq!(again.body["Reason"], "UNIQUENESS_CONSTRAINT_VIOLATION");
        let ada = double
            .identity("DescribeUser", json!({ "UserId": "id-ada" }))
            .ok();
        assert_eq!(ada["Revision"], after);
        set(&double, "id-ada", "title", json!("x")).ok();
        let body = json!({ "UserId": "id-ada", "Revision": after });
        let answer = double.identity("DeleteUser", body);
        assert_eq!(answer.body["Reason"], "CONCURRENT_MODIFICATION");
    }
}

#[test]
fn deleting_takes_memberships_along_and_deleting_again_is_fine() {
    let double = Double::account(&json!({
        "users": [user("ada"), user("eve")], "groups": [group("all", &["ada", "eve"])],
    }));
    let members = || {
        let list = double
            .identity("ListGroupMemberships", json!({ "GroupId": "id-all" }))
            .ok();
        list["GroupMemberships"].as_array().unwrap().clone()
    };
    let (ada, id) = (members()[0].clone(), members()[1]["MembershipId"].clone());
    assert_eq!(ada["MemberId"]["UserId"], "id-ada");
    for _ in 0..2 {
        double
            .identity("DeleteUser", json!({ "UserId": "id-ada" }))
            .ok();
    }
    assert_eq!(members().len(), 1);
    let body = json!({ "MembershipId": ada["MembershipId"] });
    let answer = double.identity("DescribeGroupMembership", body);
    assert_eq!(answer.refused().0, "ResourceNotFoundException");
    for _ in 0..2 {
        double
            .identity("DeleteGroupMembership", json!({ "MembershipId": id }))
            .ok();
    }
    assert_eq!(members().len(), 0);
    let answer = double.identity("DescribeGroupMembership", json!({ "MembershipId": id }));
    assert_eq!(answer.refused().0, "ResourceNotFoundException");
    for _ in 0..2 {
        double
            .identity("DeleteGroup", json!({ "GroupId": "id-all" }))
            .ok();
    }
    let missing = json!({ "GroupId": "id-all", "MemberId": { "UserId": "id-eve" } });
    let answer = double.identity("CreateGroupMembership", missing);
    assert_eq!(answer.body["ResourceType"], "GROUP");
}

#[test]
fn each_access_key_has_its_account() {
    let double = Double::of(&json!({ "accounts": {
        "111122223333": { "users": [user("ada")] },
        "444455556666": { "users": [user("eve")], "instances": [{ "IdentityStoreId": "d-2" }] },
    } }));
    let names = |key: &str, store: &str| {
        let body = json!({ "IdentityStoreId": store });
        let answer = double.call_as(key, "us-east-1", IDENTITY, "ListUsers", body);
        answer.ok()["Users"][0]["UserName"].clone()
    };
    assert_eq!(names("AKIAEXAMPLE", STORE), "ada");
    assert_eq!(names("SANDBOX-444455556666", "d-2"), "eve");
    let body = json!({ "IdentityStoreId": "d-2" });
    let answer = double.call(IDENTITY, "ListUsers", body);
    assert_eq!(answer.body["ResourceType"], "IDENTITY_STORE");
    let accounts: Vec<Value> = double
        .calls()
        .iter()
        .map(|call| call["account"].clone())
        .collect();
    assert_eq!(accounts, ["111122223333", "444455556666", "111122223333"]);
}
