//! What the doors bring in: lists by id, in domain words, not yet joined. The join is here and pure, so that the laws
//! and the real reader take the same road.

use super::{Id, Known, Live, Marks, Target};
use crate::directory::{Group, User};
use crate::model::{Attribute, GroupName, Membership, Principal, Text, UserName, Value, folded};
use std::collections::{BTreeMap as Map, BTreeSet as Set, HashMap};

/// How far a reading must reach. Users and groups are always listed; memberships cost a list a group, so only those
/// that matter are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Read the memberships of every group (`export`).
    pub every_group: bool,
    /// Else of these, by folded name, and of every group that has a seat.
    pub groups: Set<String>,
    /// And of these, by id, whatever they are called by now.
    pub ids: Set<Id>,
    /// And all the groups of these people, by folded name, if they are live: they are about to leave them.
    pub leavers: Set<String>,
    /// Whether Kiro is read at all.
    pub seats: bool,
}

impl Reach {
    /// Everything there is.
    pub fn everything() -> Self {
        Self {
            every_group: true,
            groups: Set::new(),
            ids: Set::new(),
            leavers: Set::new(),
            seats: true,
        }
    }

    /// Whether a live group's memberships are asked for, by id or by name, whatever the case.
    pub fn wants_group(&self, live: &GroupSeen) -> bool {
        self.every_group
            || self.groups.contains(&folded(live.name.as_str()))
            || self.ids.contains(&live.id)
    }

    /// Whether a live user is about to leave every group, by id or by name, whatever the case.
    pub fn names_leaver(&self, live: &UserSeen) -> bool {
        self.leavers.contains(&folded(live.name.as_str())) || self.ids.contains(&live.id)
    }
}

/// Everything that was read, to the last page.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Which organization it was.
    pub target: Target,
    /// All users.
    pub users: Vec<UserSeen>,
    /// All groups.
    pub groups: Vec<GroupSeen>,
    /// Group, member and membership id, of the groups that were read.
    pub members: Vec<(Id, Id, Id)>,
    /// What Kiro listed; `None` when it was left alone.
    pub seats: Option<SeatsSeen>,
}

/// A user as listed.
#[derive(Clone, Debug)]
pub struct UserSeen {
    /// `UserId`.
    pub id: Id,
    /// `UserName`.
    pub name: UserName,
    /// `Revision`, where the server has one.
    pub revision: Option<Text>,
    /// What is set.
    pub attributes: Map<Attribute, Value>,
    /// Marks on list elements, where they differ from a new element's.
    pub marks: Option<Box<Marks>>,
    /// Whether `UserStatus` is DISABLED.
    pub disabled: bool,
    /// Whether `ExternalIds` is there.
    pub provided: bool,
}

/// A group as listed.
#[derive(Clone, Debug)]
pub struct GroupSeen {
    /// `GroupId`.
    pub id: Id,
    /// `DisplayName`.
    pub name: GroupName,
    /// `Revision`, where the server has one.
    pub revision: Option<Text>,
    /// `Description`.
    pub description: Option<Text>,
    /// Whether `ExternalIds` is there.
    pub provided: bool,
}

/// Kiro's two lists, verbatim.
#[derive(Clone, Debug, Default)]
pub struct SeatsSeen {
    /// `ListUserSubscriptions`.
    pub rows: Vec<RowSeen>,
    /// `ListApplicationClaims`.
    pub claims: Vec<ClaimSeen>,
}

/// A row of `ListUserSubscriptions`; values are kept verbatim, unknown ones too.
#[derive(Clone, Debug, Default)]
pub struct RowSeen {
    /// `principal.user`.
    pub user: Option<Id>,
    /// `type.amazonQ`: what is assigned.
    pub assigned: Option<Text>,
    /// `activatedType.amazonQ`: what is in force this month.
    pub in_force: Option<Text>,
    /// `status`.
    pub status: Option<Text>,
    /// `aggregatedSubscriptionType`.
    pub aggregated: Option<Text>,
    /// `activationDate`: a day (UTC) where it can be read as one.
    pub since: Option<Text>,
}

/// A row of `ListApplicationClaims`.
#[derive(Clone, Debug)]
pub struct ClaimSeen {
    /// Who holds it.
    pub holder: Claimant,
    /// `type.amazonQ`.
    pub assigned: Option<Text>,
}

/// Who holds a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimant {
    /// `principal.user`: somebody's own grant.
    User(Id),
    /// `principal.group`: a group's subscription.
    Group(Id),
    /// Something that is not known yet; counted, never touched.
    Other,
}

pub(super) fn assemble(reading: Reading) -> Live {
    let Reading {
        target,
        users,
        groups,
        members,
        seats,
    } = reading;
    let mut live = Live {
        target,
        ..Live::default()
    };
    let mut user_names = HashMap::with_capacity(users.len());
    for seen in users {
        let UserSeen {
            id,
            name,
            revision,
            attributes,
            marks,
            disabled,
            provided,
        } = seen;
        let principal = Principal::User(name.clone());
        if disabled {
            live.disabled.insert(name.clone());
        }
        if provided {
            live.provided.insert(principal.clone());
        }
        user_names.insert(id.clone(), name.clone());
        let known = Known {
            id,
            revision,
            marks,
        };
        live.known.insert(principal, known);
        let user = User {
            name: name.clone(),
            attributes,
        };
        live.directory.users.insert(name, user.into());
    }
    let mut group_names = HashMap::with_capacity(groups.len());
    for seen in groups {
        let GroupSeen {
            id,
            name,
            revision,
            description,
            provided,
        } = seen;
        let principal = Principal::Group(name.clone());
        if provided {
            live.provided.insert(principal.clone());
        }
        group_names.insert(id.clone(), name.clone());
        let known = Known {
            id,
            revision,
            marks: None,
        };
        live.known.insert(principal, known);
        let group = Group {
            name: name.clone(),
            description,
        };
        live.directory.groups.insert(name, group.into());
    }
    for (group, user, id) in members {
        // Who was created while the lists were being read is not in this picture, and neither are their memberships:
        // leaving them out can only make a plan do less.
        if let (Some(group), Some(user)) = (group_names.get(&group), user_names.get(&user)) {
            let member = Membership::new(group.clone(), user.clone());
            live.membership_ids.insert(member, id);
        }
    }
    live.directory.members = live.membership_ids.keys().cloned().collect();
    if let Some(seen) = seats {
        let (kiro, own) = seen.by_name(&user_names, &group_names);
        live.kiro = Some(kiro);
        live.directory.seats = own;
    }
    live
}
