//! Reading: everything, to the last page, or an error.

use super::double::{Called, Reply};
use super::organization::*;
use kiroster::aws::{ErrorKind, read, read_seats, read_told};
use kiroster::live::{Care, EmailSought, Leaver, Live, Reach, Sought};
use kiroster::model::{GroupName, Membership, UserName};
use serde_json::{Value, json};

/// One page of `all`, at most `most` long, by an opaque token.
fn page(call: &Called, token: &str, list: &str, most: usize, all: &[Value]) -> Reply {
    let start = call.body[token]
        .as_str()
        .map_or(0, |token| token[4..].parse().unwrap());
    let end = (start + most).min(all.len());
    let mut page = json!({ list: all[start..end] });
    if end < all.len() {
        page[token] = format!("tok-{end}").into();
    }
    Reply::Ok(page)
}

fn many(count: usize, one: impl Fn(usize) -> Value) -> Vec<Value> {
    (0..count).map(one).collect()
}

#[tokio::test]
async fn nothing_behind_a_first_page_is_missed() {
    let users = many(2300, |n| user(&format!("u-{n}"), &format!("user{n}")));
    let groups = many(130, |n| group(&format!("g-{n}"), &format!("group{n}")));
    let members = many(250, |n| {
        membership(&format!("m-{n}"), "g-7", &format!("u-{n}"))
    });
    let rows = many(2300, |n| {
        json!({ "principal": { "user": format!("u-{n}") }, "type": { "amazonQ": "KIRO_ENTERPRISE_PRO" },
                "status": "ACTIVE", "aggregatedSubscriptionType": "INDIVIDUAL" })
    });
    let claims = many(220, |n| match n {
        0..110 => {
            json!({ "principal": { "user": format!("u-{n}") }, "type": { "amazonQ": "KIRO_ENTERPRISE_PRO" } })
        }
        _ => {
            json!({ "principal": { "group": format!("g-{}", n - 110) }, "type": { "amazonQ": "KIRO_ENTERPRISE_PRO" } })
        }
    });
    let aws = but(move |call| match call.operation.as_str() {
        "ListUsers" => Some(page(call, "NextToken", "Users", 100, &users)),
        "ListGroups" => Some(page(call, "NextToken", "Groups", 100, &groups)),
        "ListGroupMemberships" if call.body["GroupId"] == "g-7" => {
            Some(page(call, "NextToken", "GroupMemberships", 100, &members))
        }
        "ListUserSubscriptions" => Some(page(call, "nextToken", "subscriptions", 1000, &rows)),
        "ListApplicationClaims" => Some(page(call, "nextToken", "claims", 100, &claims)),
        _ => None,
    });
    let session = open(&aws).await;
    let reading = read(&session, &Reach::everything()).await.unwrap();
    let seats = reading.seats.as_ref().unwrap();
    assert_eq!(
        (
            reading.users.len(),
            reading.groups.len(),
            reading.members.len()
        ),
        (2300, 130, 250)
    );
    assert_eq!((seats.rows.len(), seats.claims.len()), (2300, 220));
    assert_eq!(aws.count("ListUsers"), 23);
    assert_eq!(aws.count("ListUserSubscriptions"), 3);
    assert_eq!(aws.count("ListApplicationClaims"), 3);
    assert_eq!(aws.count("ListGroupMemberships"), 132);
    assert_eq!(
        aws.calls_of("ListUsers")[0].body["Extensions"],
        json!(["aws:identitystore:enterprise"])
    );
    assert_eq!(Live::of(reading).directory.users.len(), 2300);
}

#[tokio::test]
async fn only_the_memberships_that_matter_are_read() {
    let aws = but(|call| match call.operation.as_str() {
        "ListUsers" => Some(Reply::Ok(
            json!({ "Users": [user("u-1", "Ann"), user("u-2", "bob")] }),
        )),
        "ListGroups" => {
            let groups = ["named", "claimed", "far", "farther"];
            let groups: Vec<Value> = groups.iter().map(|g| group(&format!("g-{g}"), g)).collect();
            Some(Reply::Ok(json!({ "Groups": groups })))
        }
        "ListApplicationClaims" => Some(Reply::Ok(json!({ "claims": [
            { "principal": { "group": "g-claimed" }, "type": { "amazonQ": "KIRO_ENTERPRISE_PRO" } }] }))),
        "ListGroupMembershipsForMember" => {
            assert_eq!(call.body["MemberId"]["UserId"], "u-1");
            Some(Reply::Ok(
                json!({ "GroupMemberships": [membership("m-1", "g-far", "u-1")] }),
            ))
        }
        _ => None,
    });
    let session = open(&aws).await;
    let reach = Reach {
        groups: [
            ("named".into(), Care::Named),
            ("not live".into(), Care::Named),
        ]
        .into(),
        leavers: [
            ("ann".into(), Leaver::Goes),
            ("nobody".into(), Leaver::Goes),
        ]
        .into(),
        seats: true,
        ..Reach::default()
    };
    let live = Live::of(read(&session, &reach).await.unwrap());
    let of = |operation| {
        let calls = aws.calls_of(operation).into_iter();
        let mut groups: Vec<_> = calls
            .map(|call| call.body["GroupId"].as_str().unwrap().to_owned())
            .collect();
        groups.sort();
        groups
    };
    assert_eq!(of("ListGroupMemberships"), ["g-claimed", "g-named"]);
    assert_eq!(aws.count("ListGroupMembershipsForMember"), 1);
    let far = Membership::new(GroupName::new("far"), UserName::new("Ann"));
    assert!(live.directory.members.contains(&far));
}

#[tokio::test]
async fn where_leavers_outnumber_the_groups_that_were_not_read_the_groups_are_read() {
    let aws = but(|call| match call.operation.as_str() {
        "ListUsers" => Some(Reply::Ok(
            json!({ "Users": [user("u-1", "ann"), user("u-2", "bob")] }),
        )),
        "ListGroups" => Some(Reply::Ok(json!({ "Groups": [group("g-1", "one")] }))),
        _ => None,
    });
    let session = open(&aws).await;
    let reach = Reach {
        leavers: [("ann".into(), Leaver::Goes), ("bob".into(), Leaver::Goes)].into(),
        ..Reach::default()
    };
    read(&session, &reach).await.unwrap();
    assert_eq!(
        (
            aws.count("ListGroupMemberships"),
            aws.count("ListGroupMembershipsForMember")
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn a_list_that_breaks_off_is_no_reading_whichever_list_it_is() {
    for (operation, list, token) in [
        ("ListUsers", "Users", "NextToken"),
        ("ListGroups", "Groups", "NextToken"),
        ("ListUserSubscriptions", "subscriptions", "nextToken"),
        ("ListApplicationClaims", "claims", "nextToken"),
    ] {
        let aws = but(move |call| {
            (call.operation == operation).then(|| match call.body[token].as_str() {
                None => Reply::Ok(json!({ list: [], token: "2" })),
                Some(_) => Reply::Error(400, "ValidationException", "the token has expired"),
            })
        });
        let session = open(&aws).await;
        let error = read(&session, &Reach::everything()).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Incomplete, "{operation}");
        let request = format!("(request id req-{operation}-1)");
        assert!(error.to_string().contains(&request), "{error}");
    }
}

#[tokio::test]
async fn a_list_that_never_ends_is_an_error() {
    let aws = but(|call| {
        let endless = call.operation == "ListUserSubscriptions";
        endless.then(|| Reply::Ok(json!({ "subscriptions": [], "nextToken": "again" })))
    });
    let error = read_seats(&open(&aws).await).await.unwrap_err();
    assert!(error.to_string().contains("twice"), "{error}");
}

#[tokio::test]
async fn refused_seat_lists_say_what_was_asked_and_that_seats_can_be_left_out() {
    let aws = but(|call| {
        let refused = call.operation == "ListUserSubscriptions";
        refused.then_some(Reply::Error(400, "AccessDeniedException", "not authorized"))
    });
    let error = read_seats(&open(&aws).await).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Denied);
    for part in [
        "seats cannot be read",
        "ListUserSubscriptions",
        "eu-west-1",
        "us-east-1",
        "111122223333",
        "request id req-ListUserSubscriptions-0",
    ] {
        assert!(error.to_string().contains(part), "{part}: {error}");
    }
    assert!(error.hint.unwrap().contains("--no-seats"));
}

#[tokio::test]
async fn a_seat_list_under_another_name_is_not_an_empty_one() {
    let aws = but(|call| {
        let renamed = call.operation == "ListUserSubscriptions";
        renamed.then(|| Reply::Ok(json!({ "userSubscriptions": [] })))
    });
    let error = read_seats(&open(&aws).await).await.unwrap_err();
    assert!(error.to_string().contains("userSubscriptions"), "{error}");
}

#[tokio::test]
async fn throttling_server_errors_and_dropped_answers_only_slow_a_reading() {
    let aws = but(|call| {
        Some(match (call.operation.as_str(), call.nth) {
            ("ListUsers", 0) => Reply::Error(400, "ThrottlingException", "slow down"),
            ("ListUsers", 1) => Reply::Error(500, "InternalServerException", "oops"),
            ("ListUsers", 2) => Reply::Drop,
            ("ListUserSubscriptions", 0..2) => Reply::Raw(429, json!({})),
            ("ListUserSubscriptions", 2) => Reply::Drop,
            ("ListUserSubscriptions", 3) => Reply::Raw(502, json!("bad gateway")),
            _ => return None,
        })
    });
    read(&open(&aws).await, &Reach::everything()).await.unwrap();
    assert_eq!(
        (aws.count("ListUsers"), aws.count("ListUserSubscriptions")),
        (4, 5)
    );
}

/// 6,000 users; a look-up finds `user7` and `user7@x` by any case, and `new` nowhere.
fn large_store(refuses: bool) -> super::double::Double {
    let one = |n: usize| {
        let mut one = user(&format!("u-{n}"), &format!("user{n}"));
        one["Emails"] = json!([{ "Value": format!("user{n}@x") }]);
        one
    };
    let users = many(6_000, one);
    but(move |call| match call.operation.as_str() {
        "ListUsers" => Some(page(call, "NextToken", "Users", 100, &users)),
        "GetUserId" if refuses => Some(Reply::Error(400, "AccessDeniedException", "no")),
        "GetUserId" => {
            let unique = &call.body["AlternateIdentifier"]["UniqueAttribute"];
            let wanted = unique["AttributeValue"].as_str().unwrap().to_lowercase();
            let number = wanted.trim_end_matches("@x").strip_prefix("user");
            let number = number.and_then(|n| n.parse::<usize>().ok());
            Some(match number {
                Some(n) => {
                    Reply::Ok(json!({ "UserId": format!("u-{n}"), "IdentityStoreId": "d-1" }))
                }
                None => Reply::Error(400, "ResourceNotFoundException", "nobody"),
            })
        }
        "DescribeUser" => {
            let id = call.body["UserId"].as_str().unwrap();
            assert_eq!(
                call.body["Extensions"],
                json!(["aws:identitystore:enterprise"])
            );
            Some(Reply::Ok(one(id[2..].parse().unwrap())))
        }
        _ => None,
    })
}

fn four_people() -> Reach {
    let names = ["user5999", "user3000", "User2999", "new"];
    Reach {
        sought: Sought {
            users: names.map(UserName::new).into(),
            emails: [EmailSought {
                email: "new@example.com".into(),
                of: vec!["new".into()],
            }]
            .into(),
            ..Sought::default()
        },
        ..Reach::default()
    }
}

#[tokio::test]
async fn a_few_people_in_a_large_store_are_looked_up() {
    let aws = large_store(false);
    let (reading, ways) = read_told(&open(&aws).await, &four_people()).await.unwrap();
    assert!(!ways.users.is_list() && !reading.listed.users && reading.listed.groups);
    let live = Live::of(reading);
    for found in ["user5999", "user3000", "user2999"] {
        assert!(live.directory.users.contains_key(found), "{found}");
    }
    assert!(!live.directory.users.contains_key("new"));
    // Four names and one address, and of each whether the other case finds the same person.
    let calls = ["ListUsers", "GetUserId", "DescribeUser"].map(|operation| aws.count(operation));
    assert!(calls[0] <= 4 && calls[1] == 7 && calls[2] == 3, "{calls:?}");
}

#[tokio::test]
async fn where_look_ups_are_refused_everybody_is_listed() {
    let aws = large_store(true);
    let (reading, ways) = read_told(&open(&aws).await, &four_people()).await.unwrap();
    assert!(ways.users.is_list() && reading.listed.users);
    assert_eq!((reading.users.len(), aws.count("ListUsers")), (6_000, 60));
}
