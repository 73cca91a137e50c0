//! Groups, by the same rules as users.

use super::doubt::{Told, persist};
use super::{Difference, Made, Trouble};
use crate::aws::{FailureKind, Session};
use crate::directory::Group;
use crate::live::Known;
use crate::model::Text;

pub(super) async fn create(session: &Session, group: &Group) -> Result<Made, Trouble> {
    persist(
        (),
        async |()| {
            let id = session.create_group(group).await?;
            Ok(Made::Object(Known::new(id)))
        },
        async |(), doubt| {
            let there = session.group_named(&group.name).await;
            let Some(there) = there.map_err(Trouble::Refused)? else {
                return Ok(doubt.again());
            };
            if there.description != group.description {
                let differences = vec![description(&there.description, &group.description)];
                return Err(Trouble::Differs { differences });
            }
            Ok(Told::Done(Made::found(there, doubt.may_be_ours)))
        },
    )
    .await
}

pub(super) async fn update(
    session: &Session,
    known: Known,
    before: &Group,
    after: &Group,
) -> Result<Made, Trouble> {
    persist(
        known,
        async |known| {
            let changed = session.update_group(known, before, after).await;
            changed.map(|()| Made::Nothing)
        },
        async |known, doubt| {
            let there = session.group(&known.id).await.map_err(Trouble::Refused)?;
            let Some(there) = there else {
                return Err(Trouble::Refused(doubt.failure));
            };
            let is = |side: &Group| {
                (before.name == after.name || there.name == side.name)
                    && (before.description == after.description
                        || there.description == side.description)
            };
            if is(after) {
                return Ok(Told::Done(Made::Nothing));
            }
            if !is(before) {
                let differences = vec![description(&there.description, &after.description)];
                return Err(Trouble::Differs { differences });
            }
            if doubt.failure.kind == FailureKind::Conflict && there.revision == known.revision {
                return Err(Trouble::Refused(doubt.failure));
            }
            *known = there.into();
            Ok(Told::Again(None))
        },
    )
    .await
}

pub(super) async fn delete(session: &Session, known: Known) -> Result<Made, Trouble> {
    persist(
        known,
        async |known| session.delete_group(known).await.map(|()| Made::Nothing),
        async |known, doubt| {
            let there = session.group(&known.id).await.map_err(Trouble::Refused)?;
            Ok(match there {
                None => Told::Done(Made::Nothing),
                Some(there) => {
                    *known = there.into();
                    doubt.again()
                }
            })
        },
    )
    .await
}

fn description(there: &Option<Text>, wanted: &Option<Text>) -> Difference {
    let show = |text: &Option<Text>| text.as_deref().unwrap_or("none").to_owned();
    ("description".into(), show(there), show(wanted))
}
