//! Users: created once, changed if they are as planned, deleted if they are the ones that were meant.

use super::{Difference, Made, Next, TRIES, Trouble, given_up, next};
use crate::aws::{FailureKind, Session};
use crate::directory::User;
use crate::live::{Known, UserSeen};
use crate::model::{Attribute, Value};
use std::collections::BTreeMap;

pub(super) async fn create(session: &Session, user: &User) -> Result<Made, Trouble> {
    let mut last = None;
    let mut may_be_ours = false;
    for _ in 0..TRIES {
        let failure = match session.create_user(user).await {
            Ok(id) => {
                return Ok(Made::Object(Known {
                    id,
                    revision: None,
                    marks: None,
                }));
            }
            Err(failure) => failure,
        };
        let failure = match next(failure)? {
            Next::Again(failure) => {
                last = Some(failure);
                continue;
            }
            Next::Look(failure) => failure,
        };
        may_be_ours |= failure.kind == FailureKind::Unanswered;
        let there = session.user_named(&user.name).await;
        if let Some(there) = there.map_err(Trouble::Refused)? {
            let differences = differing(&there.attributes, &user.attributes);
            return match (differences.is_empty(), may_be_ours) {
                (true, true) => Ok(Made::Object(known(there))),
                (true, false) => Ok(Made::Adopted(Some(known(there)))),
                (false, _) => Err(Trouble::Differs { differences }),
            };
        }
        if failure.kind == FailureKind::Conflict
            && let Some(email) = user.email()
        {
            let holder = session.user_with_email(email).await;
            if let Some(holder) = holder.map_err(Trouble::Refused)?
                // Made this instant, and seen by one look and not by the other.
                && holder.name != user.name
            {
                let holder = holder.name.as_str().to_owned();
                return Err(Trouble::EmailHeld { holder });
            }
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

pub(super) async fn update(
    session: &Session,
    mut known: Known,
    before: &User,
    after: &User,
) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.update_user(&known, before, after).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        let failure = match next(failure)? {
            Next::Again(failure) => {
                last = Some(failure);
                continue;
            }
            Next::Look(failure) => failure,
        };
        let there = session.user(&known.id).await.map_err(Trouble::Refused)?;
        let Some(there) = there else {
            return Err(Trouble::Refused(failure));
        };
        let missing = touched(before, after, &there, after);
        if missing.is_empty() {
            return Ok(Made::Nothing);
        }
        if !touched(before, after, &there, before).is_empty() {
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
        last = None;
    }
    Err(given_up(last))
}

pub(super) async fn delete(session: &Session, mut known: Known) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.delete_user(&known).await {
            Ok(()) => return Ok(Made::Nothing),
            Err(failure) => failure,
        };
        let failure = match next(failure)? {
            Next::Again(failure) => {
                last = Some(failure);
                continue;
            }
            Next::Look(failure) => failure,
        };
        match session.user(&known.id).await.map_err(Trouble::Refused)? {
            None => return Ok(Made::Nothing),
            // A membership or a seat of this very plan may have moved the revision; the person is the same.
            Some(there) => known.revision = there.revision,
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

fn known(there: UserSeen) -> Known {
    Known {
        id: there.id,
        revision: there.revision,
        marks: there.marks,
    }
}

/// Where `there` is not as `side`, of what the change from `before` to `after` touches.
fn touched(before: &User, after: &User, there: &UserSeen, side: &User) -> Vec<Difference> {
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
}

type Attributes = BTreeMap<Attribute, Value>;

/// Attributes that were wanted and are otherwise.
fn differing(there: &Attributes, wanted: &Attributes) -> Vec<Difference> {
    let differing = wanted.iter().filter(|(a, v)| there.get(a) != Some(v));
    differing
        .map(|(attribute, value)| difference(attribute.key(), there.get(attribute), Some(value)))
        .collect()
}

fn difference(what: &str, there: Option<&Value>, wanted: Option<&Value>) -> Difference {
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
