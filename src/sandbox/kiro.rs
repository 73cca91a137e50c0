//! Kiro's seats, as they were observed (facts page, section 3): writes, the two lists, and password mails.

use super::admin::application_arn;
use super::answer::{Answer, Refusal, required};
use super::org::Org;
use super::paging;
use super::state::{Seat, User};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// What is written and how it reads.
const TIERS: [(&str, &str); 4] = [
    ("Q_DEVELOPER_STANDALONE_PRO", "KIRO_ENTERPRISE_PRO"),
    (
        "Q_DEVELOPER_STANDALONE_PRO_PLUS",
        "KIRO_ENTERPRISE_PRO_PLUS",
    ),
    ("Q_DEVELOPER_STANDALONE_PRO_MAX", "KIRO_ENTERPRISE_PRO_MAX"),
    ("Q_DEVELOPER_STANDALONE_POWER", "KIRO_ENTERPRISE_POWER"),
];

/// How high a tier is; what is no Kiro tier ranks below them all.
fn rank(read: &str) -> usize {
    let read = if read == "KIRO_ENTERPRISE_PRO_POWER" {
        "KIRO_ENTERPRISE_POWER"
    } else {
        read
    };
    TIERS
        .iter()
        .position(|(_, known)| *known == read)
        .map_or(0, |at| at + 1)
}

/// Runs `CreateAssignment`, `UpdateAssignment`, `DeleteAssignment`.
pub(super) fn write(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    if !org.settings.kiro.enabled {
        return Err(not_authorized());
    }
    let id = required(input, "principalId")?.to_owned();
    let kind = required(input, "principalType")?;
    let exists = match kind {
        "USER" => org.users.contains_key(&id),
        "GROUP" => org.groups.contains_key(&id),
        _ => return Err(Refusal::invalid("principalType must be USER or GROUP.")),
    };
    if operation == "DeleteAssignment" {
        return delete(org, kind, &id);
    }
    if !exists {
        return Err(Refusal::new(
            "ResourceNotFoundException",
            "The principal does not exist.",
        ));
    }
    let word = required(input, "subscriptionType")?;
    let read = TIERS
        .iter()
        .find(|(written, _)| *written == word)
        .map(|(_, read)| *read);
    let read = read.ok_or_else(|| Refusal::invalid("subscriptionType is not valid."))?;
    match (operation, kind) {
        ("CreateAssignment", "GROUP") => {
            let group = org.groups.get_mut(&id).ok_or_else(gone)?;
            if group.seat.is_some() {
                return Err(invalid_state());
            }
            group.seat = Some(Seat {
                since: Some(now),
                ..seat(read, "ACTIVE")
            });
        }
        ("UpdateAssignment", "GROUP") => {
            let group = org.groups.get_mut(&id).ok_or_else(gone)?;
            group.seat.as_mut().ok_or_else(gone)?.assigned = read.into();
        }
        ("CreateAssignment", _) => create(org, &id, read)?,
        ("UpdateAssignment", _) => update(org, &id, read)?,
        _ => {
            return Err(Refusal::new(
                "UnknownOperationException",
                format!("unknown operation {operation}"),
            ));
        }
    }
    hide(org, &id);
    Ok(json!({}))
}

fn create(org: &mut Org, id: &str, read: &str) -> Result<(), Refusal> {
    let through = group_grant(org, id, None).is_some();
    let conflicts = through && org.settings.kiro.group_grant_conflicts;
    let user = org.users.get_mut(id).ok_or_else(gone)?;
    // A cancelled seat is held until the month ends, and is in the way like any other.
    if user.seat.is_some() || conflicts {
        return Err(invalid_state());
    }
    let status = if user.signed_in { "ACTIVE" } else { "PENDING" };
    user.seat = Some(seat(read, status));
    Ok(())
}

fn update(org: &mut Org, id: &str, read: &str) -> Result<(), Refusal> {
    let through = group_grant(org, id, None).is_some();
    let pending_updates = org.settings.kiro.pending_updates;
    let user = org.users.get_mut(id).ok_or_else(gone)?;
    let Some(seat) = &mut user.seat else {
        return Err(if through { invalid_state() } else { gone() });
    };
    match seat.status.as_str() {
        // 200, and nothing changes.
        "CANCELLED" => return Ok(()),
        "PENDING" if !pending_updates => {
            return Err(Refusal::denied("You are not authorized to make this call."));
        }
        _ => {}
    }
    // Up at once; down from the 1st of next month, until when the higher one stays in force.
    let in_force = seat
        .activated
        .clone()
        .unwrap_or_else(|| seat.assigned.clone());
    let lowers = rank(read) < rank(&in_force) && seat.status == "ACTIVE";
    seat.activated = lowers.then_some(in_force);
    seat.assigned = read.into();
    Ok(())
}

fn delete(org: &mut Org, kind: &str, id: &str) -> Answer {
    if kind == "GROUP" {
        let group = org.groups.get_mut(id).ok_or_else(gone)?;
        group.seat.take().ok_or_else(gone)?;
        return Ok(json!({}));
    }
    let through = group_grant(org, id, None).is_some();
    let orphaned = org.settings.orphans.len();
    org.settings.orphans.retain(|orphan| orphan.user != id);
    if org.settings.orphans.len() < orphaned {
        return Ok(json!({}));
    }
    let user = org.users.get_mut(id).ok_or_else(gone)?;
    match &mut user.seat {
        None => return Err(gone()),
        Some(seat) if seat.status == "CANCELLED" => {}
        // The month is charged in full, and the row stays to its end; what was never used just goes.
        Some(seat) if seat.status == "ACTIVE" && !through => seat.status = "CANCELLED".into(),
        Some(_) => user.seat = None,
    }
    hide(org, id);
    Ok(json!({}))
}

fn hide(org: &mut Org, id: &str) {
    let listings = org.settings.kiro.seats_show_after;
    if listings > 0 {
        org.hidden.insert(id.into(), listings);
    }
}

fn seat(read: &str, status: &str) -> Seat {
    Seat {
        assigned: read.into(),
        activated: None,
        status: status.into(),
        since: None,
    }
}

fn invalid_state() -> Refusal {
    Refusal::new("ConflictException", "Resource is in an invalid state.")
}

fn gone() -> Refusal {
    Refusal::new(
        "ResourceNotFoundException",
        "The assignment does not exist.",
    )
}

fn not_authorized() -> Refusal {
    Refusal::denied("Your account is not authorized to make this call.")
}

/// The highest grant that a person has through groups. `now`: only what has reached the members by then.
fn group_grant(org: &Org, user: &str, now: Option<Timestamp>) -> Option<String> {
    let late = org.settings.kiro.group_seats_late;
    let reached = |seat: &Seat| match (late, now, seat.since) {
        (true, Some(now), Some(since)) => now.duration_since(since).as_hours() >= 24,
        _ => true,
    };
    let groups = org
        .groups
        .values()
        .filter(|group| group.members.contains(user));
    let seats = groups
        .filter_map(|group| group.seat.as_ref())
        .filter(|seat| reached(seat));
    seats
        .map(|seat| seat.assigned.clone())
        .max_by_key(|read| rank(read))
}

/// Runs `ListUserSubscriptions` and `ListApplicationClaims`.
pub(super) fn list(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    if org.settings.kiro.lists_refused {
        return Err(Refusal::denied(&format!(
            "User is not authorized to perform: user-subscriptions:{operation}"
        )));
    }
    let region = required(input, "subscriptionRegion")?;
    let here = region == org.settings.kiro.region && org.settings.kiro.enabled;
    match operation {
        "ListUserSubscriptions" => {
            required(input, "instanceArn")?;
            if input.get("nextToken").is_none_or(Value::is_null) {
                org.hidden.retain(|_, listings| {
                    *listings = listings.saturating_sub(1);
                    *listings > 0
                });
            }
            let orphans = org.settings.orphans.iter().map(|orphan| {
                (
                    orphan.user.clone(),
                    row(org, &orphan.user, Some(&orphan.seat), None, false),
                )
            });
            let mut through: std::collections::HashMap<&str, String> =
                std::collections::HashMap::new();
            for group in org.groups.values() {
                for member in &group.members {
                    if group.seat.is_some()
                        && !through.contains_key(member.as_str())
                        && let Some(read) = group_grant_of(org, member, now)
                    {
                        through.insert(member, read);
                    }
                }
            }
            let users = org.users.iter().filter_map(|(id, user)| {
                let shown = visible_seat(org, id, user);
                let through = through.get(id.as_str()).cloned();
                (shown.is_some() || through.is_some())
                    .then(|| (id.clone(), row(org, id, shown, through, user.signed_in)))
            });
            let mut rows: Vec<(String, Value)> = users.chain(orphans).collect();
            rows.sort_by(|a, b| a.0.cmp(&b.0));
            let rows = rows.into_iter().filter(|_| here);
            paging::page(
                input,
                1000,
                rows,
                |(id, _)| id.clone(),
                |rows, next| {
                    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
                    small_next(json!({ "subscriptions": rows }), next)
                },
            )
        }
        "ListApplicationClaims" => {
            let arn = required(input, "applicationArn")?;
            if !here || arn != application_arn(org) {
                return Err(Refusal::new(
                    "ResourceNotFoundException",
                    "The application does not exist.",
                ));
            }
            let groups = org.groups.iter().filter_map(|(id, group)| {
                let seat = group
                    .seat
                    .as_ref()
                    .filter(|_| !org.hidden.contains_key(id))?;
                Some((id.clone(), claim("group", id, &seat.assigned)))
            });
            let users = org.users.iter().filter(|_| org.settings.kiro.user_claims);
            let users = users.filter_map(|(id, user)| {
                let seat = visible_seat(org, id, user).filter(|seat| seat.status != "CANCELLED")?;
                Some((id.clone(), claim("user", id, &seat.assigned)))
            });
            let mut claims: Vec<(String, Value)> = groups.chain(users).collect();
            claims.sort_by(|a, b| a.0.cmp(&b.0));
            paging::page(
                input,
                100,
                claims.into_iter(),
                |(id, _)| id.clone(),
                |claims, next| {
                    let claims: Vec<Value> = claims.into_iter().map(|(_, claim)| claim).collect();
                    small_next(json!({ "claims": claims }), next)
                },
            )
        }
        _ => Err(Refusal::new(
            "UnknownOperationException",
            format!("unknown operation {operation}"),
        )),
    }
}

fn group_grant_of(org: &Org, user: &str, now: Timestamp) -> Option<String> {
    group_grant(org, user, Some(now))
}

fn visible_seat<'a>(org: &Org, id: &str, user: &'a User) -> Option<&'a Seat> {
    user.seat.as_ref().filter(|_| !org.hidden.contains_key(id))
}

fn claim(kind: &str, id: &str, read: &str) -> Value {
    json!({ "principal": { kind: id }, "type": { "amazonQ": read }, "identifier": format!("claim-{id}") })
}

/// One row a person: the highest of own and group grants.
fn row(org: &Org, id: &str, own: Option<&Seat>, through: Option<String>, signed_in: bool) -> Value {
    let own_read = own.map(|seat| seat.assigned.as_str());
    let assigned = [own_read, through.as_deref()]
        .into_iter()
        .flatten()
        .max_by_key(|read| rank(read));
    let activated = own.and_then(|seat| seat.activated.as_deref()).or(assigned);
    let aggregated = match (own, &through) {
        (Some(_), Some(_)) => "INDIVIDUAL_AND_GROUP",
        (None, Some(_)) => "GROUP",
        (_, None) => "INDIVIDUAL",
    };
    let status = match own {
        Some(seat) => seat.status.clone(),
        None if signed_in => "ACTIVE".into(),
        None => "PENDING".into(),
    };
    let mut row = Map::new();
    row.insert("principal".into(), json!({ "user": id }));
    row.insert("type".into(), json!({ "amazonQ": assigned }));
    row.insert("activatedType".into(), json!({ "amazonQ": activated }));
    row.insert("status".into(), json!(status));
    if org.settings.kiro.rows_tell_source {
        row.insert("aggregatedSubscriptionType".into(), json!(aggregated));
    }
    if status == "ACTIVE" {
        row.insert("activationDate".into(), json!(1_767_225_600.0));
    }
    Value::Object(row)
}

fn small_next(mut page: Value, next: Option<String>) -> Value {
    if let (Some(next), Some(page)) = (next, page.as_object_mut()) {
        page.insert("nextToken".into(), json!(next));
    }
    page
}

/// Runs `UpdatePassword`: a mail with a link, or a one-time password.
pub(super) fn password(org: &mut Org, operation: &str, input: &Value) -> Answer {
    if operation != "UpdatePassword" {
        return Err(Refusal::new(
            "UnknownOperationException",
            format!("unknown operation {operation}"),
        ));
    }
    let id = required(input, "UserId")?.to_owned();
    if !org.users.contains_key(&id) {
        return Err(Refusal::missing("USER", &id));
    }
    match required(input, "PasswordMode")? {
        "EMAIL" => {
            org.settings.mails.push(id);
            Ok(json!({}))
        }
        "OTP" => Ok(json!({ "Password": "sandbox-one-time" })),
        _ => Err(Refusal::invalid("PasswordMode must be EMAIL or OTP.")),
    }
}

/// A person signs in to Kiro for the first time: what was pending is active, and billed.
pub(super) fn sign_in(org: &mut Org, name: &str) -> Answer {
    let id = org
        .named(name)
        .cloned()
        .ok_or_else(|| Refusal::missing("USER", name))?;
    if let Some(user) = org.users.get_mut(&id) {
        user.signed_in = true;
        if let Some(seat) = user.seat.as_mut().filter(|seat| seat.status == "PENDING") {
            seat.status = "ACTIVE".into();
        }
    }
    Ok(json!({}))
}
