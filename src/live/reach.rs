//! How far a reading must reach: what of live a roster or a saved plan can touch. Who asks says what is looked for and
//! which rules need everything; how it is looked for is decided in [`Search`](super::Search).

use super::Id;
use super::reading::{GroupSeen, UserSeen};
use crate::model::{GroupName, Text, Tier, UserName, folded};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// How far a reading must reach. Memberships cost a list a group, so only those that matter are read; users and groups
/// are listed or looked up by name, whichever takes fewer calls, unless a rule is about all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// What needs every user and every group, if anything does.
    pub whole: Option<Whole>,
    /// Read the memberships of every group (`export`).
    pub every_group: bool,
    /// Else of these, by folded name, and of every group that has a seat.
    pub groups: Map<String, Care>,
    /// And of these, by id, whatever they are called by now.
    pub group_ids: Map<Id, Care>,
    /// And all the groups of these people, by folded name, if they are live: they are about to leave them.
    pub leavers: Map<String, Leaver>,
    /// And of these, who are about to be deleted, whatever they are called by now.
    pub leaver_ids: Set<Id>,
    /// Whether the sizes of groups matter whose tier is what it shall be already: if anybody can be put out of any group.
    pub sizes: bool,
    /// So many who stay may leave a group without its size mattering.
    pub may_leave: usize,
    /// Who is looked for, where not everybody is listed.
    pub sought: Sought,
    /// Whether Kiro is read at all.
    pub seats: bool,
}

/// What needs every user and every group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// All of it is the product (`export`, `import`).
    Everything,
    /// `policy.prune` is about everybody who has a seat.
    Prune,
    /// `policy.budget` is about what all seats cost, and only a list of users tells whose row is nobody's.
    Budget,
}

/// How much of a group's members matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Which of the people looked for are in it: where the list is long, each of them is asked about instead.
    Pairs,
    /// That, and how many others are.
    Counted,
    /// Everybody's name, unless the group has this tier already: a change of it is a change for each of them. Then as
    /// [`Reach::sizes`] says.
    NamedUnlessTier(Option<Tier>),
    /// Everybody's name.
    Named,
}

impl Care {
    /// What serves both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Pairs, other) => other,
            (own, Self::Pairs) => own,
            (Self::Counted, other) => other,
            (own, Self::Counted) => own,
            (own, other) if own == other => own,
            _ => Self::Named,
        }
    }

    /// Cares for one more, or more for one that is cared for already.
    pub(crate) fn put<K: Ord>(self, whom: K, cares: &mut Map<K, Self>) {
        let known = cares.entry(whom).or_insert(self);
        *known = known.and(self);
    }
}

/// How somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaver {
    /// The user goes, and no group counts that as shrinking.
    Goes,
    /// The user stays: each group that is left shrinks.
    Stays,
}

/// Who is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Users of these names, or of a name that differs only in case.
    pub users: Set<UserName>,
    /// Groups of these names, or of a name that differs only in case.
    pub groups: Set<GroupName>,
    /// Users of exactly these names.
    pub spelled: Set<UserName>,
    /// Users by id; if there is none, whoever has exactly this name now.
    pub user_ids: Map<Id, Option<UserName>>,
    /// Groups by id; if there is none, whichever has exactly this name now.
    pub group_ids: Map<Id, Option<GroupName>>,
    /// Addresses that somebody is to get, or has already.
    pub emails: Set<EmailSought>,
}

/// An address, and whose it may be already: then nobody else can have it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EmailSought {
    /// The address.
    pub email: Text,
    /// The names of the person who is to have it, folded.
    pub of: Vec<String>,
}

impl Reach {
    /// Everything there is.
    pub fn everything() -> Self {
        Self {
            whole: Some(Whole::Everything),
            every_group: true,
            seats: true,
            ..Self::default()
        }
    }

    /// How much a live group's members matter, by id or by name, whatever the case.
    pub fn care(&self, live: &GroupSeen) -> Option<Care> {
        if self.every_group {
            return Some(Care::Named);
        }
        let by_name = self.groups.get(&folded(live.name.as_str()));
        let by_id = self.group_ids.get(&live.id);
        by_name.into_iter().chain(by_id).copied().reduce(Care::and)
    }

    /// How a live user is about to leave every group, by id or by name, whatever the case.
    pub fn leaver(&self, live: &UserSeen) -> Option<Leaver> {
        if self.leavers.is_empty() && self.leaver_ids.is_empty() {
            return None;
        }
        let by_name = self.leavers.get(&folded(live.name.as_str())).copied();
        let leaver = by_name.or(self.leaver_ids.contains(&live.id).then_some(Leaver::Goes))?;
        // Whoever an identity provider owns is not deleted.
        Some(match live.provided {
            true => Leaver::Stays,
            false => leaver,
        })
    }
}
