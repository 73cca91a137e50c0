//! Kiro's seats, as they were observed (facts page, section 3): writes, password mails, and a first
//! sign-in.

use super::answer::{Answer, Refusal, required};
use super::org::{Org, Unseen};
use super::state::Seat;
use jiff::Timestamp;
use serde_json::{Value, json};

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
pub(super) fn rank(read: &str) -> usize {
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

/// Whether a caller may write seats at an endpoint, by the prefix of its calls.
pub(super) fn may_write(org: &Org, caller: &str, prefix: &str) -> Result<(), Refusal> {
    let endpoint = match prefix {
        "AmazonQDeveloperService" => "codewhisperer",
        _ => "management",
    };
    let kiro = &org.settings.kiro;
    let here = kiro.endpoint.as_deref().is_none_or(|only| only == endpoint);
    match here && caller == org.kiro_account() {
        true => Ok(()),
        false => Err(not_authorized()),
    }
}

/// Runs `CreateAssignment`, `UpdateAssignment`, `DeleteAssignment`.
pub(super) fn write(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    if !org.settings.kiro.enabled || org.settings.kiro.writes_refused {
        return Err(not_authorized());
    }
    let id = required(input, "principalId")?.to_owned();
    let kind = required(input, "principalType")?;
    let exists = match kind {
        "USER" => org.users.contains_key(&id),
        "GROUP" => org.groups.contains_key(&id),
        _ => return Err(Refusal::invalid("principalType must be USER or GROUP.")),
    };
    let before = held(org, kind, &id);
    if operation == "DeleteAssignment" {
        delete(org, kind, &id)?;
        hide(org, &id, before);
        return Ok(json!({}));
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
            change(group.seat.as_mut().ok_or_else(gone)?, read);
        }
        ("CreateAssignment", _) => create(org, &id, read)?,
        ("UpdateAssignment", _) => update(org, &id, read)?,
        _ => {
            return Err(Refusal::unknown(operation));
        }
    }
    hide(org, &id, before);
    Ok(json!({}))
}

fn create(org: &mut Org, id: &str, read: &str) -> Result<(), Refusal> {
    let through = through_group(org, id);
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
    let through = through_group(org, id);
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
    change(seat, read);
    Ok(())
}

/// Up at once; down from the 1st of next month, until when the higher one stays in force.
fn change(seat: &mut Seat, read: &str) {
    let in_force = seat.in_force().to_owned();
    let lowers = rank(read) < rank(&in_force) && seat.status == "ACTIVE";
    seat.activated = lowers.then_some(in_force);
    seat.assigned = read.into();
}

fn delete(org: &mut Org, kind: &str, id: &str) -> Result<(), Refusal> {
    if kind == "GROUP" {
        let group = org.groups.get_mut(id).ok_or_else(gone)?;
        group.seat.take().ok_or_else(gone)?;
        return Ok(());
    }
    let through = through_group(org, id);
    let orphaned = org.settings.orphans.len();
    org.settings.orphans.retain(|orphan| orphan.user != id);
    if org.settings.orphans.len() < orphaned {
        return Ok(());
    }
    let user = org.users.get_mut(id).ok_or_else(gone)?;
    match &mut user.seat {
        None => return Err(gone()),
        Some(seat) if seat.status == "CANCELLED" => {}
        // The month is charged in full, and the row stays to its end; what was never used just goes.
        Some(seat) if seat.status == "ACTIVE" && !through => seat.status = "CANCELLED".into(),
        Some(_) => user.seat = None,
    }
    Ok(())
}

/// The lists go on showing what was there before, for as many readings as the switch says.
fn hide(org: &mut Org, id: &str, before: Option<Seat>) {
    let kiro = &org.settings.kiro;
    let [rows, claims] =
        [kiro.rows_show_later, kiro.claims_show_later].map(|later| kiro.seats_show_after + later);
    if rows + claims > 0 {
        let before = match org.unseen.remove(id) {
            Some(unseen) => unseen.before,
            None => before,
        };
        // The reading at hand counts down before it looks.
        let (rows, claims) = (rows + 1, claims + 1);
        let unseen = Unseen {
            before,
            rows,
            claims,
        };
        org.unseen.insert(id.into(), unseen);
    }
}

fn held(org: &Org, kind: &str, id: &str) -> Option<Seat> {
    match kind {
        "GROUP" => org.groups.get(id)?.seat.clone(),
        _ => org.users.get(id)?.seat.clone(),
    }
}

fn through_group(org: &Org, id: &str) -> bool {
    let mut groups = org.groups.values();
    groups.any(|group| group.seat.is_some() && group.members.contains(id))
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

/// Runs `UpdatePassword`: a mail with a link, or a one-time password.
pub(super) fn password(org: &mut Org, operation: &str, input: &Value) -> Answer {
    if operation != "UpdatePassword" {
        return Err(Refusal::unknown(operation));
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
