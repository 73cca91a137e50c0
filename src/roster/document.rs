//! One file's roster in the domain's words, each fact with its place: what every reader (YAML, CSV, the scripts' JSON)
//! hands to the union.
//!
//! A document says what one file says and judges nothing beyond that: what contradicts what is for [`super::join`].

use crate::desired::{Acknowledgement, Ask, Invite, Leaving, Pins, Policy, Prices};
use crate::model::{Attribute, GroupName, Text, Tier, UserName, Value};
use crate::problem::Spot;
use jiff::civil::Date;

/// A fact and the characters that say it.
#[derive(Clone, Debug)]
pub(super) struct Fact<T> {
    pub(super) value: T,
    pub(super) at: Spot,
}

/// What one file says.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) file: Text,
    pub(super) root: Option<RootPart>,
    pub(super) users: Vec<UserPart>,
    pub(super) groups: Vec<GroupPart>,
    /// Whether it is a table of tiers, in which nobody looks for a downgrade.
    pub(super) table: bool,
    /// Where it starts, if its people go by the names of Kiro's console, which need not be user names.
    pub(super) console: Option<Spot>,
    /// Whose row shows a seat that is cancelled, or a group's, and claims none.
    pub(super) unseated: Vec<UserName>,
}

impl Document {
    /// One that says nothing yet.
    pub(super) fn of(file: Text) -> Self {
        Self {
            file,
            root: None,
            users: Vec::new(),
            groups: Vec::new(),
            table: false,
            console: None,
            unseated: Vec::new(),
        }
    }
}

/// What only the root file says.
#[derive(Debug)]
pub(super) struct RootPart {
    pub(super) at: Spot,
    pub(super) target: Pins,
    pub(super) invite: Invite,
    pub(super) policy: Policy,
    pub(super) prices: Option<Prices>,
    pub(super) acknowledge: Vec<Acknowledgement>,
}

/// One entry under `users`.
#[derive(Debug)]
pub(super) struct UserPart {
    pub(super) name: UserName,
    pub(super) at: Spot,
    pub(super) state: Option<Fact<Leaving>>,
    pub(super) previously: Vec<Fact<UserName>>,
    pub(super) attributes: Vec<(Attribute, Fact<Ask<Value>>)>,
    pub(super) seat: Option<Fact<Ask<Tier>>>,
    pub(super) until: Option<Fact<Date>>,
    pub(super) groups: Vec<Fact<GroupName>>,
    /// Whether there is a `tier`, be it a good one or not: one mistake is one problem.
    pub(super) tier_mentioned: bool,
    /// Whether there is an `email`, be it a good one or not.
    pub(super) email_mentioned: bool,
    /// Whether the user name stands in for a given or family name that nobody says, when the user is created.
    pub(super) stands_in: bool,
}

impl UserPart {
    /// An entry that says nothing but the name.
    pub(super) fn of(name: UserName, at: Spot) -> Self {
        Self {
            name,
            at,
            state: None,
            previously: Vec::new(),
            attributes: Vec::new(),
            seat: None,
            until: None,
            groups: Vec::new(),
            tier_mentioned: false,
            email_mentioned: false,
            stands_in: false,
        }
    }
}

/// One entry under `groups`.
#[derive(Debug)]
pub(super) struct GroupPart {
    pub(super) name: GroupName,
    pub(super) at: Spot,
    pub(super) absent: Option<Spot>,
    pub(super) previously: Vec<Fact<GroupName>>,
    pub(super) description: Vec<Fact<Ask<Text>>>,
    pub(super) seat: Option<Fact<Ask<Tier>>>,
    /// The key's place, and the list under it.
    pub(super) members: Option<Fact<Vec<Fact<UserName>>>>,
    pub(super) membership: Option<Fact<Listing>>,
}

impl GroupPart {
    /// An entry that says nothing but the name.
    pub(super) fn of(name: GroupName, at: Spot) -> Self {
        Self {
            name,
            at,
            absent: None,
            previously: Vec::new(),
            description: Vec::new(),
            seat: None,
            members: None,
            membership: None,
        }
    }
}

/// `membership`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    Exact,
    Additive,
}
