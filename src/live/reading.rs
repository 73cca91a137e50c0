//! What the doors bring in: lists by id, in domain words, not yet joined. The join is here and pure, so that the laws
//! and the real reader take the same road.

use super::{Id, Known, Listed, Live, Marks, Target};
use crate::directory::{Group, User};
use crate::model::{Attribute, GroupName, Membership, Principal, Text, UserName, Value};
use std::collections::{BTreeMap as Map, HashMap, HashSet};

/// Everything that was read: each list to its last page, and each object that was looked for.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Which organization it was.
    pub target: Target,
    /// All users, or those who were looked for.
    pub users: Vec<UserSeen>,
    /// All groups, or those that were looked for.
    pub groups: Vec<GroupSeen>,
    /// Group, member and membership id, of the groups that were read.
    pub members: Vec<(Id, Id, Id)>,
    /// What Kiro listed; `None` when it was left alone.
    pub seats: Option<SeatsSeen>,
    /// Which of it is all there is.
    pub listed: Listed,
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

impl From<UserSeen> for Known {
    fn from(user: UserSeen) -> Self {
        Self {
            id: user.id,
            revision: user.revision,
            marks: user.marks,
        }
    }
}

impl From<GroupSeen> for Known {
    fn from(group: GroupSeen) -> Self {
        Self {
            id: group.id,
            revision: group.revision,
            marks: None,
        }
    }
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
        listed,
    } = reading;
    let mut live = Live {
        target,
        listed,
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
    let mut others: HashMap<GroupName, HashSet<Id>> = HashMap::new();
    for (group, user, id) in members {
        let Some(group) = group_names.get(&group) else {
            continue;
        };
        match user_names.get(&user) {
            Some(user) => {
                let member = Membership::new(group.clone(), user.clone());
                live.membership_ids.insert(member, id);
            }
            None if !listed.users => drop(others.entry(group.clone()).or_default().insert(user)),
            // Who was created while the lists were being read is not in this picture, and neither are their
            // memberships: leaving them out can only make a plan do less.
            None => {}
        }
    }
    live.directory.members = live.membership_ids.keys().cloned().collect();
    for (group, others) in others {
        live.directory.members.count_others(group, others.len());
    }
    if let Some(seen) = seats {
        let (kiro, own) = seen.with_others(&user_names, &group_names, listed);
        live.kiro = Some(kiro);
        live.directory.seats = own;
    }
    live
}
