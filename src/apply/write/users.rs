//! Users: created once, changed if they are as planned, deleted if they are the ones that were meant.

use super::doubt::{Told, persist};
use super::{Difference, Made, Trouble};
use crate::aws::{FailureKind, Session};
use crate::directory::User;
use crate::live::{Known, UserSeen};
use crate::model::{Attribute, Value};
use std::collections::BTreeMap;

pub(super) async fn create(session: &Session, user: &User) -> Result<Made, Trouble> {
    persist(
        (),
        async |()| {
            let id = session.create_user(user).await?;
            Ok(Made::Object(Known::new(id)))
        },
        async |(), doubt| {
            let there = session.user_named(&user.name).await;
            if let Some(there) = there.map_err(Trouble::Refused)? {
                let differences = differing(&there.attributes, &user.attributes);
                if !differences.is_empty() {
                    return Err(Trouble::Differs { differences });
                }
                return Ok(Told::Done(Made::found(there, doubt.may_be_ours)));
            }
            if doubt.failure.kind == FailureKind::Conflict
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
            Ok(doubt.again())
        },
    )
    .await
}

pub(super) async fn update(
    session: &Session,
    known: Known,
    before: &User,
    after: &User,
) -> Result<Made, Trouble> {
    persist(
        known,
        async |known| {
            let changed = session.update_user(known, before, after).await;
            changed.map(|()| Made::Nothing)
        },
        async |known, doubt| {
            let there = session.user(&known.id).await.map_err(Trouble::Refused)?;
            let Some(there) = there else {
                return Err(Trouble::Refused(doubt.failure));
            };
            let differences = touched(before, after, &there, after);
            if differences.is_empty() {
                return Ok(Told::Done(Made::Nothing));
            }
            if !touched(before, after, &there, before).is_empty() {
                return Err(Trouble::Differs { differences });
            }
            if doubt.failure.kind == FailureKind::Conflict && there.revision == known.revision {
                // It is as it was planned, and still a conflict: somebody else has the name or the address.
                return Err(match after.email() {
                    Some(email) => match session.user_with_email(email).await {
                        Ok(Some(holder)) if holder.id != known.id => Trouble::EmailHeld {
                            holder: holder.name.to_string(),
                        },
                        _ => Trouble::Refused(doubt.failure),
                    },
                    None => Trouble::Refused(doubt.failure),
                });
            }
            // Only something else about the person has moved; the next try is guarded by what was just read.
            *known = there.into();
            Ok(Told::Again(None))
        },
    )
    .await
}

pub(super) async fn delete(session: &Session, known: Known) -> Result<Made, Trouble> {
    persist(
        known,
        async |known| session.delete_user(known).await.map(|()| Made::Nothing),
        async |known, doubt| {
            let there = session.user(&known.id).await.map_err(Trouble::Refused)?;
            Ok(match there {
                None => Told::Done(Made::Nothing),
                // A membership or a seat of this very plan may have moved the revision; the person is the same.
                Some(there) => {
                    *known = there.into();
                    doubt.again()
                }
            })
        },
    )
    .await
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
