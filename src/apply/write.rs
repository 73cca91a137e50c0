//! One operation, one call, and the truth after doubt: when an answer is lost or contradicts the plan, the object is
//! looked up and compared with what was wanted, and only then is the operation done, tried again, or failed.

use crate::aws::{Failure, FailureKind, Session};
use crate::directory::{Group, User};
use crate::live::{Id, Known, SeatRow, Status};
use crate::model::{Attribute, Principal, Tier, Value};
use crate::plan::Change;
use std::sync::Arc;

/// Tries after an unanswered call or a revision that moved. The pacer has waited before each, and the SDK has retried
/// what is safe to retry; a service that loses this many answers in a row is down.
const TRIES: usize = 6;

/// A call to be made, by id.
#[derive(Clone, Debug)]
pub(super) enum Job {
    CreateUser(Arc<User>),
    UpdateUser {
        known: Known,
        before: Arc<User>,
        after: Arc<User>,
    },
    DeleteUser(Known),
    CreateGroup(Arc<Group>),
    UpdateGroup {
        known: Known,
        before: Arc<Group>,
        after: Arc<Group>,
    },
    DeleteGroup(Known),
    AddMember {
        group: Id,
        user: Id,
    },
    RemoveMember {
        id: Option<Id>,
        group: Id,
        user: Id,
    },
    Seat {
        holder: Principal,
        id: Id,
        change: Change<Tier>,
        row: Option<SeatRow>,
    },
}

/// What a call has made.
#[derive(Clone, Debug)]
pub(super) enum Made {
    /// A user or group that was not in the book.
    Object(Known),
    /// Nothing that has an id.
    Nothing,
}

/// Why an operation is not done.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// AWS refused, or could not be reached.
    Refused(Failure),
    /// Something of that name is there and is not what was wanted.
    Differs {
        /// What differs, with both values.
        differences: Vec<(String, String, String)>,
    },
    /// Somebody else has the e-mail address.
    EmailHeld {
        /// Who.
        holder: String,
    },
    /// It kept changing while it was being changed.
    KeepsChanging,
    /// The object that it belongs to was never made.
    Nameless(Principal),
    /// Kiro refuses to change a seat before its holder's first sign-in.
    Pending(Failure),
    /// Kiro holds a cancelled seat until the month ends.
    Cancelled(Failure),
    /// Kiro refuses an own grant beside a group's; the group's stays.
    GroupGrant(Failure),
}

impl Trouble {
    /// Kiro's refusals that only mean "not today".
    pub fn is_for_later(&self) -> bool {
        matches!(
            self,
            Self::Pending(_) | Self::Cancelled(_) | Self::GroupGrant(_)
        )
    }

    /// A refusal that concerns the whole account: trying the next one of the kind would only repeat it.
    pub(super) fn stops_family(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.kind == FailureKind::Denied)
    }

    /// Nothing further can be written with these credentials.
    pub(super) fn stops_everything(&self) -> bool {
        matches!(self, Self::Refused(failure) if failure.kind == FailureKind::Expired)
    }
}

/// Makes the call, and makes sure.
pub(super) async fn perform(session: &Session, job: Job) -> Result<Made, Trouble> {
    match job {
        Job::CreateUser(user) => create_user(session, &user).await,
        Job::UpdateUser {
            known,
            before,
            after,
        } => update_user(session, known, &before, &after).await,
        Job::DeleteUser(known) => delete_user(session, known).await,
        Job::CreateGroup(group) => create_group(session, &group).await,
        Job::UpdateGroup {
            known,
            before,
            after,
        } => update_group(session, known, &before, &after).await,
        Job::DeleteGroup(known) => delete_group(session, known).await,
        Job::AddMember { group, user } => add_member(session, &group, &user).await,
        Job::RemoveMember { id, group, user } => remove_member(session, id, &group, &user).await,
        Job::Seat {
            holder,
            id,
            change,
            row,
        } => seat(session, &holder, &id, &change, row.as_ref()).await,
    }
}

async fn create_user(session: &Session, user: &User) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.create_user(user).await {
            Ok(id) => return Ok(made(id)),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        if let Some(there) = session
            .user_named(&user.name)
            .await
            .map_err(Trouble::Refused)?
        {
            let differences = differences(&there.attributes, &user.attributes);
            return match differences.is_empty() {
                true => Ok(Made::Object(Known {
                    id: there.id,
                    revision: there.revision,
                    marks: there.marks,
                })),
                false => Err(Trouble::Differs { differences }),
            };
        }
        if failure.kind == FailureKind::Conflict
            && let Some(email) = user.email()
        {
            let holder = session
                .user_with_email(email)
                .await
                .map_err(Trouble::Refused)?;
            if let Some(holder) = holder {
                let holder = holder.name.as_str().to_owned();
                return Err(Trouble::EmailHeld { holder });
            }
        }
        last = Some(failure);
    }
    Err(last.map_or(Trouble::KeepsChanging, Trouble::Refused))
}

async fn update_user(
    session: &Session,
    mut known: Known,
    before: &User,
    after: &User,
) -> Result<Made, Trouble> {
    for _ in 0..TRIES {
        let failure = match session.update_user(&known, before, after).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        let there = session.user(&known.id).await.map_err(Trouble::Refused)?;
        let Some(there) = there else {
            return Err(Trouble::Refused(failure));
        };
        let touched = |side: &User| -> Vec<(String, String, String)> {
            let changed = Attribute::ALL
                .iter()
                .filter(|a| before.attributes.get(a) != after.attributes.get(a));
            let mut differences: Vec<_> = changed
                .filter(|a| there.attributes.get(a) != side.attributes.get(a))
                .map(|a| difference(a.key(), there.attributes.get(a), after.attributes.get(a)))
                .collect();
            if before.name != after.name && there.name != side.name {
                differences.push((
                    "user name".into(),
                    there.name.to_string(),
                    after.name.to_string(),
                ));
            }
            differences
        };
        let missing = touched(after);
        if missing.is_empty() {
            return Ok(Made::Nothing);
        }
        if !touched(before).is_empty() {
            return Err(Trouble::Differs {
                differences: missing,
            });
        }
        if failure.kind == FailureKind::Conflict && there.revision == known.revision {
            // It is as it was planned, and still a conflict: somebody else has the name or the address.
            return Err(match after.email() {
                Some(email) => match session.user_with_email(email).await {
                    Ok(Some(holder)) if holder.id != known.id => Trouble::EmailHeld {
                        holder: holder.name.to_string(),
                    },
                    _ => Trouble::Refused(failure),
                },
                None => Trouble::Refused(failure),
            });
        }
        // Only something else about the person has moved; the next try is guarded by what was just read.
        known.revision = there.revision;
        known.marks = there.marks;
    }
    Err(Trouble::KeepsChanging)
}

async fn delete_user(session: &Session, mut known: Known) -> Result<Made, Trouble> {
    for _ in 0..TRIES {
        let failure = match session.delete_user(&known).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        match session.user(&known.id).await.map_err(Trouble::Refused)? {
            None => return Ok(Made::Nothing),
            // A membership or a seat of this very plan may have moved the revision; the person is the same.
            Some(there) => known.revision = there.revision,
        }
    }
    Err(Trouble::KeepsChanging)
}

async fn create_group(session: &Session, group: &Group) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.create_group(group).await {
            Ok(id) => return Ok(made(id)),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        if let Some(there) = session
            .group_named(&group.name)
            .await
            .map_err(Trouble::Refused)?
        {
            return match there.description == group.description {
                true => Ok(Made::Object(Known {
                    id: there.id,
                    revision: there.revision,
                    marks: None,
                })),
                false => Err(Trouble::Differs {
                    differences: vec![description(&there.description, &group.description)],
                }),
            };
        }
        last = Some(failure);
    }
    Err(last.map_or(Trouble::KeepsChanging, Trouble::Refused))
}

async fn update_group(
    session: &Session,
    mut known: Known,
    before: &Group,
    after: &Group,
) -> Result<Made, Trouble> {
    for _ in 0..TRIES {
        let failure = match session.update_group(&known, before, after).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        let there = session.group(&known.id).await.map_err(Trouble::Refused)?;
        let Some(there) = there else {
            return Err(Trouble::Refused(failure));
        };
        let is = |side: &Group| {
            (before.name == after.name || there.name == side.name)
                && (before.description == after.description
                    || there.description == side.description)
        };
        if is(after) {
            return Ok(Made::Nothing);
        }
        if !is(before) {
            return Err(Trouble::Differs {
                differences: vec![description(&there.description, &after.description)],
            });
        }
        if failure.kind == FailureKind::Conflict && there.revision == known.revision {
            return Err(Trouble::Refused(failure));
        }
        known.revision = there.revision;
    }
    Err(Trouble::KeepsChanging)
}

async fn delete_group(session: &Session, mut known: Known) -> Result<Made, Trouble> {
    for _ in 0..TRIES {
        let failure = match session.delete_group(&known).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        match session.group(&known.id).await.map_err(Trouble::Refused)? {
            None => return Ok(Made::Nothing),
            Some(there) => known.revision = there.revision,
        }
    }
    Err(Trouble::KeepsChanging)
}

async fn add_member(session: &Session, group: &Id, user: &Id) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.add_member(group, user).await {
            Ok(_) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        if !failure.is_doubtful() {
            return Err(Trouble::Refused(failure));
        }
        let there = session
            .membership(group, user)
            .await
            .map_err(Trouble::Refused)?;
        if there.is_some() {
            return Ok(Made::Nothing);
        }
        last = Some(failure);
    }
    Err(last.map_or(Trouble::KeepsChanging, Trouble::Refused))
}

async fn remove_member(
    session: &Session,
    mut id: Option<Id>,
    group: &Id,
    user: &Id,
) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        if id.is_none() {
            id = session
                .membership(group, user)
                .await
                .map_err(Trouble::Refused)?;
        }
        let Some(membership) = id.take() else {
            return Ok(Made::Nothing);
        };
        match session.remove_member(&membership).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) if !failure.is_doubtful() => return Err(Trouble::Refused(failure)),
            Err(failure) => last = Some(failure),
        }
    }
    Err(last.map_or(Trouble::KeepsChanging, Trouble::Refused))
}

/// A seat write. Whether it took is seen by reading back; a lost answer is therefore simply tried again, and a conflict
/// after one is left to the reading.
async fn seat(
    session: &Session,
    holder: &Principal,
    id: &Id,
    change: &Change<Tier>,
    row: Option<&SeatRow>,
) -> Result<Made, Trouble> {
    let mut unanswered = None;
    for _ in 0..TRIES {
        let result = match (change.before, change.after) {
            (None, Some(tier)) => session.subscribe(holder, id, tier).await,
            (Some(_), Some(tier)) => session.change_seat(holder, id, tier).await,
            (_, None) => session.unsubscribe(holder, id).await,
        };
        match result {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) if failure.kind == FailureKind::Unanswered => unanswered = Some(failure),
            Err(failure) if failure.kind == FailureKind::Conflict && unanswered.is_some() => {
                return Ok(Made::Nothing);
            }
            Err(failure) => return Err(refused(failure, row)),
        }
    }
    Err(unanswered.map_or(Trouble::KeepsChanging, Trouble::Refused))
}

/// What a refusal means for a seat that stands as `row` says. The evidence is in the facts page, section 3.
fn refused(failure: Failure, row: Option<&SeatRow>) -> Trouble {
    let Some(row) = row else {
        return Trouble::Refused(failure);
    };
    match (failure.kind, &row.status) {
        (FailureKind::Denied, Status::Pending) => Trouble::Pending(failure),
        (FailureKind::Denied | FailureKind::Conflict, Status::Cancelled) => {
            Trouble::Cancelled(failure)
        }
        (FailureKind::Conflict, _) if row.source.is_group() => Trouble::GroupGrant(failure),
        _ => Trouble::Refused(failure),
    }
}

fn made(id: Id) -> Made {
    Made::Object(Known {
        id,
        revision: None,
        marks: None,
    })
}

type Attributes = std::collections::BTreeMap<Attribute, Value>;

/// Attributes that were wanted and are otherwise.
fn differences(there: &Attributes, wanted: &Attributes) -> Vec<(String, String, String)> {
    let differing = wanted.iter().filter(|(a, v)| there.get(a) != Some(v));
    differing
        .map(|(attribute, value)| difference(attribute.key(), there.get(attribute), Some(value)))
        .collect()
}

fn difference(
    what: &str,
    there: Option<&Value>,
    wanted: Option<&Value>,
) -> (String, String, String) {
    let show = |value: Option<&Value>| match value {
        None => "none".to_owned(),
        Some(Value::Text(text)) => text.to_string(),
        Some(Value::List(list)) => list.join(", "),
        Some(Value::Address(address)) => {
            let parts = address.parts().into_iter();
            let parts: Vec<&str> = parts.filter_map(|(_, part)| part.as_deref()).collect();
            parts.join(", ")
        }
    };
    (what.to_owned(), show(there), show(wanted))
}

fn description(
    there: &Option<crate::model::Text>,
    wanted: &Option<crate::model::Text>,
) -> (String, String, String) {
    let show = |text: &Option<crate::model::Text>| text.as_deref().unwrap_or("none").to_owned();
    ("description".into(), show(there), show(wanted))
}
