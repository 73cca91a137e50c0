//! Kiro's two lists: a row for each person with a seat, and a claim for each grant (facts page, section 3).

use super::admin::application_number;
use super::answer::{Answer, Refusal, required};
use super::kiro::rank;
use super::org::{Org, Unseen};
use super::paging;
use super::state::{Group, Seat};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// Runs `ListUserSubscriptions` and `ListApplicationClaims`.
pub(super) fn list(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    if org.settings.kiro.lists_refused {
        return Err(Refusal::denied(&format!(
            "User is not authorized to perform: user-subscriptions:{operation}"
        )));
    }
    let region = required(input, "subscriptionRegion")?;
    let here = region == org.settings.kiro.region && org.settings.kiro.enabled;
    let first_page = input.get("nextToken").is_none_or(Value::is_null);
    match operation {
        "ListUserSubscriptions" => {
            required(input, "instanceArn")?;
            if first_page {
                pass(org, |unseen| &mut unseen.rows);
            }
            subscriptions(org, input, here, now)
        }
        "ListApplicationClaims" => {
            let arn = required(input, "applicationArn")?;
            let which = application_number(org, arn).filter(|_| here);
            let (number, many) = which.ok_or_else(|| {
                Refusal::new(
                    "ResourceNotFoundException",
                    "The application does not exist.",
                )
            })?;
            if first_page {
                pass(org, |unseen| &mut unseen.claims);
            }
            claims(org, input, number == 1, number == many)
        }
        _ => Err(Refusal::unknown(operation)),
    }
}

/// A reading of one list has begun.
fn pass(org: &mut Org, left: impl Fn(&mut Unseen) -> &mut u32) {
    org.unseen.retain(|_, unseen| {
        let left = left(unseen);
        *left = left.saturating_sub(1);
        unseen.rows > 0 || unseen.claims > 0
    });
}

/// The seat as one list shows it: what was there before, while a write does not show.
fn shown<'a>(
    org: &'a Org,
    id: &str,
    seat: &'a Option<Seat>,
    left: fn(&Unseen) -> u32,
) -> Option<&'a Seat> {
    match org.unseen.get(id) {
        Some(unseen) if left(unseen) > 0 => unseen.before.as_ref(),
        _ => seat.as_ref(),
    }
}

/// The highest that groups give a person.
#[derive(Clone, Copy)]
struct Through<'a> {
    assigned: &'a str,
    in_force: &'a str,
}

fn through_groups(org: &Org, now: Timestamp) -> HashMap<&str, Through<'_>> {
    let mut all: HashMap<&str, Through> = HashMap::new();
    for (id, group) in &org.groups {
        let Some(seat) = shown(org, id, &group.seat, |unseen| unseen.rows) else {
            continue;
        };
        let grant = Through {
            assigned: &seat.assigned,
            in_force: seat.in_force(),
        };
        let reached = |user: &&String| {
            !org.settings.kiro.group_seats_late || has_reached(group, seat, user, now)
        };
        for user in group.members.iter().filter(reached) {
            let held = all.entry(user).or_insert(grant);
            held.assigned = higher(held.assigned, grant.assigned);
            held.in_force = higher(held.in_force, grant.in_force);
        }
    }
    all
}

/// "Within 24 hours", says AWS; here it is a day, from the later of the seat's and the member's coming.
fn has_reached(group: &Group, seat: &Seat, user: &str, now: Timestamp) -> bool {
    let times = [seat.since, group.joined.get(user).copied()];
    let latest = times.into_iter().flatten().max();
    latest.is_none_or(|since| now.duration_since(since).as_hours() >= 24)
}

fn higher<'a>(one: &'a str, other: &'a str) -> &'a str {
    if rank(other) > rank(one) { other } else { one }
}

/// What a row is made of.
struct Row<'a> {
    user: &'a str,
    own: Option<&'a Seat>,
    through: Option<Through<'a>>,
    signed_in: bool,
}

fn subscriptions(org: &Org, input: &Value, here: bool, now: Timestamp) -> Answer {
    let through = through_groups(org, now);
    let users = org.users.iter().map(|(id, user)| Row {
        user: id,
        own: shown(org, id, &user.seat, |unseen| unseen.rows),
        through: through.get(id.as_str()).copied(),
        signed_in: user.signed_in,
    });
    let orphans = org.settings.orphans.iter().map(|orphan| Row {
        user: &orphan.user,
        own: Some(&orphan.seat),
        through: None,
        signed_in: false,
    });
    let rows = users.chain(orphans);
    let mut rows: Vec<Row> = rows
        .filter(|row| here && (row.own.is_some() || row.through.is_some()))
        .collect();
    rows.sort_by_key(|row| row.user);
    paging::page(
        input,
        1000,
        rows.into_iter(),
        |row| row.user,
        |rows, next| {
            let rows: Vec<Value> = rows.iter().filter_map(|row| row_shown(org, row)).collect();
            with_next(json!({ "subscriptions": rows }), next)
        },
    )
}

/// One row a person: the highest of own and group grants. A seat that was cancelled does not hide one that a group gives.
fn row_shown(org: &Org, row: &Row) -> Option<Value> {
    let ended = |seat: &&Seat| seat.status == "CANCELLED" && row.through.is_some();
    let own = row.own.filter(|seat| !ended(seat));
    let (assigned, in_force, source) = match (own, row.through) {
        (Some(own), Some(through)) => (
            higher(&own.assigned, through.assigned),
            higher(own.in_force(), through.in_force),
            "INDIVIDUAL_AND_GROUP",
        ),
        (None, Some(through)) => (through.assigned, through.in_force, "GROUP"),
        (Some(own), None) => (own.assigned.as_str(), own.in_force(), "INDIVIDUAL"),
        (None, None) => return None,
    };
    let status = match own {
        Some(seat) => seat.status.as_str(),
        None if row.signed_in => "ACTIVE",
        None => "PENDING",
    };
    let mut shown = Map::new();
    shown.insert("principal".into(), json!({ "user": row.user }));
    shown.insert("type".into(), json!({ "amazonQ": assigned }));
    shown.insert("activatedType".into(), json!({ "amazonQ": in_force }));
    shown.insert("status".into(), json!(status));
    if org.settings.kiro.rows_tell_source {
        shown.insert("aggregatedSubscriptionType".into(), json!(source));
    }
    if status == "ACTIVE" {
        shown.insert("activationDate".into(), json!(1_767_225_600.0));
    }
    Some(Value::Object(shown))
}

/// Of groups, of people, or of both.
fn claims(org: &Org, input: &Value, of_groups: bool, of_people: bool) -> Answer {
    let groups = org
        .groups
        .iter()
        .map(|(id, group)| ("group", id, &group.seat));
    let users = org.users.iter().map(|(id, user)| ("user", id, &user.seat));
    let groups = groups.filter(|_| of_groups);
    let users = users.filter(|_| of_people && org.settings.kiro.user_claims);
    let grants = groups.chain(users).filter_map(|(kind, id, seat)| {
        let seat = shown(org, id, seat, |unseen| unseen.claims)?;
        (seat.status != "CANCELLED").then_some((id.as_str(), kind, seat))
    });
    let mut grants: Vec<(&str, &str, &Seat)> = grants.collect();
    grants.sort_by_key(|(id, ..)| *id);
    paging::page(
        input,
        100,
        grants.into_iter(),
        |(id, ..)| id,
        |grants, next| {
            let claims: Vec<Value> = grants
                .iter()
                .map(|(id, kind, seat)| {
                    json!({
                        "principal": { *kind: id },
                        "type": { "amazonQ": seat.assigned },
                        "identifier": format!("claim-{id}"),
                    })
                })
                .collect();
            with_next(json!({ "claims": claims }), next)
        },
    )
}

fn with_next(mut page: Value, next: Option<String>) -> Value {
    if let (Some(next), Some(page)) = (next, page.as_object_mut()) {
        page.insert("nextToken".into(), json!(next));
    }
    page
}
