//! What is live: a [`Directory`] and, beside it, what nobody can ask for.
//!
//! Live is whole, for all that a roster can touch, or it does not exist: the doors in `aws` read every page or fail, and
//! where not everybody is listed, everybody is looked for whom the roster can touch.

mod access;
mod find;
mod page;
mod reach;
mod reading;
mod search;
mod seats;

pub use access::Access;
pub use find::{Because, Look, Way};
pub use reach::{Care, EmailSought, Leaver, Reach, Sought, Whole};
pub use reading::{ClaimSeen, Claimant, GroupSeen, Reading, RowSeen, SeatsSeen, UserSeen};
pub use search::{Answer, Question, Search, Ways};
pub use seats::{Kiro, Orphan, SeatRow, Source, Status};

use crate::directory::Directory;
use crate::model::{Attribute, GroupName, Membership, Principal, Text, UserName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// AWS's id of a user, a group or a membership.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id(Text);

impl Id {
    /// As AWS gave it.
    pub fn new(id: impl Into<Text>) -> Self {
        Self(id.into())
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which organization was read: every plan is for one of these and no other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// The caller's account, twelve digits.
    pub account: Text,
    /// Identity Center's region.
    pub region: Text,
    /// Kiro's region; `None` when Kiro was left alone.
    pub kiro_region: Option<Text>,
    /// The Identity Center instance's ARN.
    pub instance: Text,
    /// The identity store's id.
    pub store: Text,
}

impl Target {
    /// Each part under the key that rosters, ledgers and reports give it. A list of this length, so that whoever takes it
    /// apart takes all of it.
    pub fn parts(&self) -> [(&'static str, Option<&Text>); 5] {
        let Self {
            account,
            region,
            kiro_region,
            instance,
            store,
        } = self;
        [
            ("account", Some(account)),
            ("region", Some(region)),
            ("kiro_region", kiro_region.as_ref()),
            ("instance", Some(instance)),
            ("identity_store_id", Some(store)),
        ]
    }
}

/// What AWS knows of an object and nobody can ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The id, which survives a rename.
    pub id: Id,
    /// The revision just read, the guard of the next write; older servers give none.
    pub revision: Option<Text>,
    /// Marks on list elements that differ from what a new element would get, so that replacing a list keeps them.
    pub marks: Option<Box<Marks>>,
}

impl Known {
    /// What is known of an object that has just been made.
    pub fn new(id: Id) -> Self {
        Self {
            id,
            revision: None,
            marks: None,
        }
    }
}

/// The elements' marks of the attributes that AWS keeps as lists, in AWS's order.
pub type Marks = Map<Attribute, Vec<Mark>>;

/// What AWS keeps beside an e-mail, phone number, address, photo or role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The element's value, where the list may hold several; else empty.
    pub value: Text,
    /// AWS's `Type`, such as `work`.
    pub kind: Option<Text>,
    /// AWS's `Primary`.
    pub primary: bool,
    /// A photo's `Display`.
    pub display: Option<Text>,
}

/// A [`Directory`] and what lies beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// Which organization this is.
    pub target: Target,
    /// What can be asked for.
    pub directory: Directory,
    /// Ids and revisions of users and groups.
    pub known: Map<Principal, Known>,
    /// Ids of memberships; a removal needs them.
    pub membership_ids: Map<Membership, Id>,
    /// Users and groups that an identity provider owns, as their `ExternalIds` tell.
    pub provided: Set<Principal>,
    /// Users whose status is DISABLED.
    pub disabled: Set<UserName>,
    /// What Kiro says about seats; `None` when Kiro was left alone.
    pub kiro: Option<Kiro>,
    /// Whether these are all users and all groups there are, or those that were looked for.
    pub listed: Listed,
}

/// Whether everything was listed. Where it was not, what nobody asked for is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// All users.
    pub users: bool,
    /// All groups.
    pub groups: bool,
}

impl Listed {
    /// Whether nothing is missing.
    pub fn is_all(self) -> bool {
        self.users && self.groups
    }
}

impl Default for Listed {
    fn default() -> Self {
        Self {
            users: true,
            groups: true,
        }
    }
}

/// Live names on the left, the names a roster or a saved plan uses for them on the right. No entry: the same name.
pub type Names = Map<Principal, Principal>;

impl Live {
    /// Joins what was read, by id, into one picture by name. Rows that point at nobody are counted, never guessed at.
    pub fn of(reading: Reading) -> Self {
        reading::assemble(reading)
    }

    /// The same live state filed under other names; the values keep AWS's present names. Everything is re-keyed, once.
    pub fn called(self, names: &Names) -> Self {
        if names.is_empty() {
            return self;
        }
        let call = |p: Principal| names.get(&p).cloned().unwrap_or(p);
        let user = |name: UserName| match call(Principal::User(name.clone())) {
            Principal::User(called) => called,
            Principal::Group(_) => name,
        };
        let group = |name: GroupName| match call(Principal::Group(name.clone())) {
            Principal::Group(called) => called,
            Principal::User(_) => name,
        };
        let member = |m: Membership| Membership::new(group(m.group), user(m.user));
        let Self {
            target,
            directory:
                Directory {
                    users,
                    groups,
                    members,
                    seats,
                },
            known,
            membership_ids,
            provided,
            disabled,
            kiro,
            listed,
        } = self;
        Self {
            target,
            directory: Directory {
                users: users.into_iter().map(|(k, v)| (user(k), v)).collect(),
                groups: groups.into_iter().map(|(k, v)| (group(k), v)).collect(),
                members: members.called(member, group),
                seats: seats.into_iter().map(|(k, v)| (call(k), v)).collect(),
            },
            known: known.into_iter().map(|(k, v)| (call(k), v)).collect(),
            membership_ids: membership_ids
                .into_iter()
                .map(|(k, v)| (member(k), v))
                .collect(),
            provided: provided.into_iter().map(call).collect(),
            disabled: disabled.into_iter().map(user).collect(),
            kiro: kiro.map(|kiro| kiro.called(user)),
            listed,
        }
    }

    /// The live user's or group's present name at AWS, where it differs from the key it is filed under.
    pub fn present_name(&self, principal: &Principal) -> Option<Principal> {
        let present = match principal {
            Principal::User(u) => Principal::User(self.directory.users.get(u)?.name.clone()),
            Principal::Group(g) => Principal::Group(self.directory.groups.get(g)?.name.clone()),
        };
        (present != *principal).then_some(present)
    }

    /// What Kiro says of a person's seat.
    pub fn seat_row(&self, user: &UserName) -> Option<&SeatRow> {
        self.kiro.as_ref()?.rows.get(user)
    }

    /// An empty organization, for tests and for a first comparison.
    pub fn empty(target: Target) -> Self {
        Self {
            target,
            kiro: Some(Kiro::default()),
            ..Self::default()
        }
    }
}
