//! Groups, by the same rules as users.

use super::{Difference, Made, Next, TRIES, Trouble, given_up, next};
use crate::aws::{FailureKind, Session};
use crate::directory::Group;
use crate::live::Known;
use crate::model::Text;

pub(super) async fn create(session: &Session, group: &Group) -> Result<Made, Trouble> {
    let mut last = None;
    let mut may_be_ours = false;
    for _ in 0..TRIES {
        let failure = match session.create_group(group).await {
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
        let there = session.group_named(&group.name).await;
        if let Some(there) = there.map_err(Trouble::Refused)? {
            let differs = there.description != group.description;
            let known = Known {
                id: there.id,
                revision: there.revision,
                marks: None,
            };
            return match (differs, may_be_ours) {
                (true, _) => Err(Trouble::Differs {
                    differences: vec![description(&there.description, &group.description)],
                }),
                (false, true) => Ok(Made::Object(known)),
                (false, false) => Ok(Made::Adopted(Some(known))),
            };
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

pub(super) async fn update(
    session: &Session,
    mut known: Known,
    before: &Group,
    after: &Group,
) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.update_group(&known, before, after).await {
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
        last = None;
    }
    Err(given_up(last))
}

pub(super) async fn delete(session: &Session, mut known: Known) -> Result<Made, Trouble> {
    let mut last = None;
    for _ in 0..TRIES {
        let failure = match session.delete_group(&known).await {
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
        match session.group(&known.id).await.map_err(Trouble::Refused)? {
            None => return Ok(Made::Nothing),
            Some(there) => known.revision = there.revision,
        }
        last = Some(failure);
    }
    Err(given_up(last))
}

fn description(there: &Option<Text>, wanted: &Option<Text>) -> Difference {
    let show = |text: &Option<Text>| text.as_deref().unwrap_or("none").to_owned();
    ("description".into(), show(there), show(wanted))
}
