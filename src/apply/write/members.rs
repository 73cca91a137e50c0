//! Memberships: there or not.

use super::doubt::{Told, persist};
use super::{Made, Trouble};
use crate::aws::Session;
use crate::live::Id;

pub(super) async fn add(session: &Session, group: &Id, user: &Id) -> Result<Made, Trouble> {
    persist(
        (),
        async |()| session.add_member(group, user).await.map(|_| Made::Nothing),
        async |(), doubt| {
            let there = session.membership(group, user).await;
            Ok(
                match (there.map_err(Trouble::Refused)?, doubt.may_be_ours) {
                    (None, _) => doubt.again(),
                    (Some(_), true) => Told::Done(Made::Nothing),
                    (Some(_), false) => Told::Done(Made::Adopted(None)),
                },
            )
        },
    )
    .await
}

/// Without its `id` the membership is looked up first.
pub(super) async fn remove(
    session: &Session,
    id: Option<Id>,
    group: &Id,
    user: &Id,
) -> Result<Made, Trouble> {
    let there = async || {
        let there = session.membership(group, user).await;
        there.map_err(Trouble::Refused)
    };
    let id = match id {
        Some(id) => Some(id),
        None => there().await?,
    };
    let Some(id) = id else {
        return Ok(Made::Nothing);
    };
    persist(
        id,
        async |id| session.remove_member(id).await.map(|()| Made::Nothing),
        async |id, doubt| {
            Ok(match there().await? {
                None => Told::Done(Made::Nothing),
                Some(there) => {
                    *id = there;
                    doubt.again()
                }
            })
        },
    )
    .await
}
