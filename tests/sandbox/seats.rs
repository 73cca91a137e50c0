//! The facts page's table of seats, row by row.

use super::caller::*;
use serde_json::{Value, json};

const PRO: &str = "KIRO_ENTERPRISE_PRO";
const PLUS: &str = "KIRO_ENTERPRISE_PRO_PLUS";
const POWER: &str = "KIRO_ENTERPRISE_POWER";

fn write(double: &Double, verb: &str, kind: &str, name: &str, tier: &str) -> Answer {
    let mut body = json!({ "principalId": format!("id-{name}"), "principalType": kind });
    if verb != "Delete" {
        body["subscriptionType"] = json!(format!("Q_DEVELOPER_STANDALONE_{tier}"));
    }
    double.call(SEATS, &format!("{verb}Assignment"), body)
}

/// What the list shows of a person: tier, in force, status, source.
fn row(double: &Double, name: &str) -> Option<[String; 4]> {
    let body = json!({ "instanceArn": INSTANCE, "subscriptionRegion": "us-east-1" });
    let list = double.call(LISTS, "ListUserSubscriptions", body).ok();
    let rows = list["subscriptions"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["principal"]["user"] == format!("id-{name}"))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Some([
        text(&row["type"]["amazonQ"]),
        text(&row["activatedType"]["amazonQ"]),
        text(&row["status"]),
        text(&row["aggregatedSubscriptionType"]),
    ])
}

#[track_caller]
fn shows(double: &Double, name: &str, expected: [&str; 4]) {
    let row = row(double, name);
    assert_eq!(
        row.as_ref().map(|row| row.each_ref().map(String::as_str)),
        Some(expected)
    );
}

fn claims(double: &Double) -> Vec<String> {
    let body = json!({ "applicationArn": APPLICATION, "subscriptionRegion": "us-east-1" });
    let list = double.call(LISTS, "ListApplicationClaims", body).ok();
    let claims = list["claims"].as_array().unwrap().iter();
    claims
        .map(|claim| {
            let principal = claim["principal"].as_object().unwrap();
            let (kind, id) = principal.iter().next().unwrap();
            format!(
                "{kind} {} {}",
                id.as_str().unwrap(),
                claim["type"]["amazonQ"].as_str().unwrap()
            )
        })
        .collect()
}

const OWN: &str = "INDIVIDUAL";
const GROUP: &str = "GROUP";
const BOTH: &str = "INDIVIDUAL_AND_GROUP";

#[test]
fn a_new_seat_is_pending_until_its_holder_signs_in() {
    let double = Double::account(&json!({ "users": [user("ada")] }));
    assert_eq!(row(&double, "ada"), None);
    write(&double, "Create", "USER", "ada", "PRO").ok();
    shows(&double, "ada", [PRO, PRO, "PENDING", OWN]);
    assert_eq!(
        double.own("/sandbox/sign-in", json!({ "user": "ada" })),
        204
    );
    shows(&double, "ada", [PRO, PRO, "ACTIVE", OWN]);
    assert_eq!(claims(&double), ["user id-ada KIRO_ENTERPRISE_PRO"]);
    assert_eq!(
        double.own("/sandbox/sign-in", json!({ "user": "eve" })),
        404
    );
    assert_eq!(double.own("/sandbox/sign-in", json!({ "usr": "eve" })), 400);
}

#[test]
fn creating_beside_an_own_or_cancelled_seat_conflicts() {
    let ended = json!({ "type": PRO, "status": "CANCELLED" });
    let double = Double::account(&json!({
        "users": [seated("ada", json!({ "type": PRO })), seated("eve", ended)],
    }));
    for name in ["ada", "eve"] {
        let answer = write(&double, "Create", "USER", name, "POWER");
        assert_eq!(
            answer.refused(),
            ("ConflictException", "Resource is in an invalid state.")
        );
    }
}

#[test]
fn creating_beside_a_groups_seat_makes_both_or_conflicts() {
    let account = |conflicts: bool| {
        let mut everyone = group("all", &["ada"]);
        everyone["Seat"] = json!({ "type": PLUS });
        json!({
            "users": [user("ada")], "groups": [everyone],
            "kiro": { "group_grant_conflicts": conflicts },
        })
    };
    let double = Double::account(&account(false));
    shows(&double, "ada", [PLUS, PLUS, "PENDING", GROUP]);
    let answer = write(&double, "Update", "USER", "ada", "POWER");
    assert_eq!(answer.refused().0, "ConflictException");
    write(&double, "Create", "USER", "ada", "PRO").ok();
    shows(&double, "ada", [PLUS, PLUS, "PENDING", BOTH]);
    write(&double, "Update", "USER", "ada", "POWER").ok();
    shows(&double, "ada", [POWER, POWER, "PENDING", BOTH]);
    write(&double, "Delete", "USER", "ada", "").ok();
    shows(&double, "ada", [PLUS, PLUS, "PENDING", GROUP]);

    let double = Double::account(&account(true));
    let answer = write(&double, "Create", "USER", "ada", "PRO");
    assert_eq!(answer.refused().0, "ConflictException");
}

#[test]
fn updating_needs_a_seat_that_is_alive() {
    let ended = json!({ "type": PRO, "status": "CANCELLED" });
    let waiting = json!({ "type": PRO, "status": "PENDING" });
    let account = json!({
        "users": [user("none"), seated("ended", ended), seated("waiting", waiting)],
        "kiro": { "pending_updates": false },
    });
    let mut double = Double::account(&account);
    let answer = write(&double, "Update", "USER", "none", "POWER");
    assert_eq!(answer.refused().0, "ResourceNotFoundException");
    write(&double, "Update", "USER", "ended", "POWER").ok();
    shows(&double, "ended", [PRO, PRO, "CANCELLED", OWN]);
    let answer = write(&double, "Update", "USER", "waiting", "POWER");
    assert_eq!(answer.status, 400);
    let (code, message) = answer.refused();
    assert_eq!(code, "AccessDeniedException");
    assert!(message.contains("not authorized"));

    let mut state = double.saved();
    state["accounts"]["111122223333"]["kiro"]["pending_updates"] = json!(true);
    std::fs::write(double.file(), state.to_string()).unwrap();
    double.reopen();
    write(&double, "Update", "USER", "waiting", "POWER").ok();
    shows(&double, "waiting", [POWER, POWER, "PENDING", OWN]);
}

#[test]
fn up_is_at_once_and_down_from_the_first_of_next_month() {
    let mut everyone = group("all", &["eve"]);
    everyone["Seat"] = json!({ "type": POWER });
    let double = Double::account(&json!({
        "users": [seated("ada", json!({ "type": PLUS })), user("eve")], "groups": [everyone],
    }));
    write(&double, "Update", "USER", "ada", "POWER").ok();
    shows(&double, "ada", [POWER, POWER, "ACTIVE", OWN]);
    write(&double, "Update", "USER", "ada", "PRO").ok();
    shows(&double, "ada", [PRO, POWER, "ACTIVE", OWN]);
    write(&double, "Update", "USER", "ada", "PRO_PLUS").ok();
    shows(&double, "ada", [PLUS, POWER, "ACTIVE", OWN]);
    write(&double, "Update", "GROUP", "all", "PRO").ok();
    shows(&double, "eve", [PRO, POWER, "PENDING", GROUP]);

    assert_eq!(
        double.own("/sandbox/clock", json!({ "now": "2026-12-31T23:59:59Z" })),
        204
    );
    shows(&double, "ada", [PLUS, POWER, "ACTIVE", OWN]);
    assert_eq!(
        double.own("/sandbox/clock", json!({ "now": "2027-01-01T00:00:00Z" })),
        204
    );
    assert_eq!(double.today(), "2027-01-01");
    shows(&double, "ada", [PLUS, PLUS, "ACTIVE", OWN]);
    shows(&double, "eve", [PRO, PRO, "PENDING", GROUP]);
}

#[test]
fn a_used_seat_stays_cancelled_to_the_months_end_and_an_unused_one_just_goes() {
    let waiting = json!({ "type": PRO, "status": "PENDING" });
    let double = Double::account(&json!({
        "users": [seated("ada", json!({ "type": PRO })), seated("eve", waiting), user("joe")],
    }));
    write(&double, "Delete", "USER", "ada", "").ok();
    write(&double, "Delete", "USER", "eve", "").ok();
    shows(&double, "ada", [PRO, PRO, "CANCELLED", OWN]);
    assert_eq!(row(&double, "eve"), None);
    assert_eq!(claims(&double), [""; 0]);
    for (kind, name) in [("USER", "joe"), ("USER", "nobody"), ("GROUP", "nobody")] {
        let answer = write(&double, "Delete", kind, name, "");
        assert_eq!(answer.refused().0, "ResourceNotFoundException");
    }
    double.own("/sandbox/clock", json!({ "now": "2027-01-01T00:00:00Z" }));
    assert_eq!(row(&double, "ada"), None);
    write(&double, "Create", "USER", "ada", "PRO").ok();
}

#[test]
fn with_the_real_clock_a_month_turns_between_two_commands() {
    let ended = json!({ "type": PRO, "status": "CANCELLED" });
    let account = json!({ "users": [seated("ada", ended)] });
    let state = |month: Value| json!({ "month": month, "accounts": { "111122223333": account } });
    assert_eq!(row(&Double::of(&state(json!("2020-01-01"))), "ada"), None);
    let double = Double::of(&state(Value::Null));
    assert!(row(&double, "ada").is_some());
    write(&double, "Create", "USER", "eve", "PRO");
    double
        .identity("CreateGroup", json!({ "DisplayName": "all" }))
        .ok();
    assert!(double.saved()["month"].as_str().unwrap().ends_with("-01"));
}

#[test]
fn groups_give_and_take_with_their_members() {
    let double = Double::account(&json!({
        "users": [user("ada")], "groups": [group("all", &[]), group("few", &["ada"])],
    }));
    write(&double, "Create", "GROUP", "all", "PRO").ok();
    let answer = write(&double, "Create", "GROUP", "all", "PRO");
    assert_eq!(answer.refused().0, "ConflictException");
    assert_eq!(row(&double, "ada"), None);
    let ends = json!({ "GroupId": "id-all", "MemberId": { "UserId": "id-ada" } });
    let made = double.identity("CreateGroupMembership", ends).ok();
    shows(&double, "ada", [PRO, PRO, "PENDING", GROUP]);
    write(&double, "Create", "GROUP", "few", "POWER").ok();
    shows(&double, "ada", [POWER, POWER, "PENDING", GROUP]);
    assert_eq!(
        claims(&double),
        [
            "group id-all KIRO_ENTERPRISE_PRO",
            "group id-few KIRO_ENTERPRISE_POWER",
        ]
    );
    write(&double, "Delete", "GROUP", "few", "").ok();
    shows(&double, "ada", [PRO, PRO, "PENDING", GROUP]);
    double
        .identity(
            "DeleteGroupMembership",
            json!({ "MembershipId": made["MembershipId"] }),
        )
        .ok();
    assert_eq!(row(&double, "ada"), None);
    assert_eq!(
        write(&double, "Update", "GROUP", "few", "PRO").refused().0,
        "ResourceNotFoundException"
    );
}

#[test]
fn a_groups_seat_can_take_a_day_to_reach_its_members() {
    let double = Double::account(&json!({
        "users": [user("ada"), user("eve")], "groups": [group("all", &["ada"])],
        "kiro": { "group_seats_late": true },
    }));
    write(&double, "Create", "GROUP", "all", "PRO").ok();
    assert_eq!(row(&double, "ada"), None);
    assert_eq!(claims(&double), ["group id-all KIRO_ENTERPRISE_PRO"]);
    double.own("/sandbox/clock", json!({ "now": "2026-12-11T09:00:00Z" }));
    shows(&double, "ada", [PRO, PRO, "PENDING", GROUP]);
    let ends = json!({ "GroupId": "id-all", "MemberId": { "UserId": "id-eve" } });
    double.identity("CreateGroupMembership", ends).ok();
    assert_eq!(row(&double, "eve"), None);
    double.own("/sandbox/clock", json!({ "now": "2026-12-12T09:00:00Z" }));
    shows(&double, "eve", [PRO, PRO, "PENDING", GROUP]);
}

#[test]
fn a_seat_given_by_a_group_outshines_an_own_one_that_was_cancelled() {
    let ended = json!({ "type": POWER, "status": "CANCELLED" });
    let mut everyone = group("all", &["ada"]);
    everyone["Seat"] = json!({ "type": PRO });
    let mut ada = seated("ada", ended);
    ada["SignedIn"] = json!(true);
    let double = Double::account(&json!({ "users": [ada], "groups": [everyone] }));
    shows(&double, "ada", [PRO, PRO, "ACTIVE", GROUP]);
}

#[test]
fn a_deleted_users_row_can_stay_behind_and_be_deleted() {
    let users = json!([
        seated("ada", json!({ "type": PRO })),
        seated("eve", json!({ "type": PRO }))
    ]);
    let double = Double::account(&json!({ "users": users, "kiro": { "leaves_orphans": true } }));
    double
        .identity("DeleteUser", json!({ "UserId": "id-ada" }))
        .ok();
    shows(&double, "ada", [PRO, PRO, "ACTIVE", OWN]);
    write(&double, "Delete", "USER", "ada", "").ok();
    assert_eq!(row(&double, "ada"), None);

    let double = Double::account(&json!({ "users": users }));
    double
        .identity("DeleteUser", json!({ "UserId": "id-ada" }))
        .ok();
    assert_eq!(row(&double, "ada"), None);
}

#[test]
fn a_written_seat_can_show_late_and_until_then_the_old_one_does() {
    let double = Double::account(&json!({
        "users": [user("ada"), seated("eve", json!({ "type": PRO }))],
        "kiro": { "seats_show_after": 2 },
    }));
    write(&double, "Create", "USER", "ada", "PRO").ok();
    write(&double, "Update", "USER", "eve", "POWER").ok();
    for _ in 0..2 {
        assert_eq!(row(&double, "ada"), None);
    }
    shows(&double, "ada", [PRO, PRO, "PENDING", OWN]);
    shows(&double, "eve", [POWER, POWER, "ACTIVE", OWN]);
    for _ in 0..2 {
        assert_eq!(claims(&double), ["user id-eve KIRO_ENTERPRISE_PRO"]);
    }
    assert_eq!(claims(&double).len(), 2);
    write(&double, "Delete", "USER", "eve", "").ok();
    shows(&double, "eve", [POWER, POWER, "ACTIVE", OWN]);
}

#[test]
fn lists_can_be_silent_about_where_a_seat_comes_from() {
    let double = Double::account(&json!({
        "users": [seated("ada", json!({ "type": PRO }))],
        "kiro": { "user_claims": false, "rows_tell_source": false },
    }));
    shows(&double, "ada", [PRO, PRO, "ACTIVE", ""]);
    assert_eq!(claims(&double), [""; 0]);
}

#[test]
fn rows_of_other_products_and_unknown_words_are_shown_as_they_are() {
    let strange = json!({ "type": "Q_DEVELOPER_PRO", "status": "SUSPENDED" });
    let double = Double::account(&json!({ "users": [seated("ada", strange)] }));
    shows(
        &double,
        "ada",
        ["Q_DEVELOPER_PRO", "Q_DEVELOPER_PRO", "SUSPENDED", OWN],
    );
}

#[test]
fn without_kiro_writes_are_refused_and_lists_can_be() {
    let double = Double::account(&json!({ "users": [user("ada")], "kiro": { "enabled": false } }));
    let answer = write(&double, "Create", "USER", "ada", "PRO");
    assert_eq!(
        answer.body["__type"],
        "com.amazon.kiro.controlplane#AccessDeniedException"
    );
    assert_eq!(
        answer.refused().1,
        "Your account is not authorized to make this call."
    );
    assert_eq!(
        double.call(PROFILES, "ListProfiles", json!({})).ok(),
        json!({ "profiles": [] })
    );

    let double = Double::account(&json!({ "kiro": { "lists_refused": true } }));
    let body = json!({ "instanceArn": INSTANCE, "subscriptionRegion": "us-east-1" });
    let answer = double.call(LISTS, "ListUserSubscriptions", body);
    assert_eq!(answer.refused().0, "AccessDeniedException");
}

#[test]
fn the_consoles_endpoint_takes_the_same_bodies_and_kiro_has_its_own_region() {
    let double = Double::account(&json!({
        "users": [user("ada")], "region": "eu-west-1", "kiro": { "region": "eu-central-1" },
    }));
    let body = json!({
        "principalId": "id-ada", "principalType": "USER",
        "subscriptionType": "Q_DEVELOPER_STANDALONE_PRO_MAX",
    });
    let console = ("KiroControlPlaneQDeveloperService", "q");
    let answer = double.call_as(
        "SANDBOX",
        "eu-west-1",
        console,
        "CreateAssignment",
        body.clone(),
    );
    assert_eq!(answer.refused().0, "InvalidSignatureException");
    double
        .call_as("SANDBOX", "eu-central-1", console, "CreateAssignment", body)
        .ok();
    let read = |region: &str| {
        let body = json!({ "instanceArn": INSTANCE, "subscriptionRegion": region });
        double
            .call_as("SANDBOX", "eu-west-1", LISTS, "ListUserSubscriptions", body)
            .ok()
    };
    let rows = read("eu-central-1");
    assert_eq!(
        rows["subscriptions"][0]["type"]["amazonQ"],
        "KIRO_ENTERPRISE_PRO_MAX"
    );
    assert_eq!(read("us-east-1")["subscriptions"], json!([]));
}

#[test]
fn password_mails_are_remembered() {
    let double = Double::account(&json!({ "users": [user("ada")] }));
    let ask = |id: &str, mode: &str| {
        double.call(
            MAIL,
            "UpdatePassword",
            json!({ "UserId": id, "PasswordMode": mode }),
        )
    };
    ask("id-ada", "EMAIL").ok();
    assert!(ask("id-ada", "OTP").ok()["Password"].is_string());
    assert_eq!(
        ask("id-eve", "EMAIL").refused().0,
        "ResourceNotFoundException"
    );
    assert_eq!(
        double.saved()["accounts"]["111122223333"]["mails"],
        json!(["id-ada"])
    );
}
