//! What rosters ask for: claims, each with the place where it was said. What has no entry was not mentioned, and what
//! is not mentioned is not touched.

mod policy;
mod reach;

pub use policy::{
    Acknowledgement, Bound, Limit, Policy, Prices, Prune, Requirement, Reserve, Rules,
};

use crate::model::{Attribute, GroupName, Membership, Place, Text, Tier, UserName, Value};
use foldhash::fast::RandomState;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap as Map, BTreeSet as Set, HashMap, HashSet};

/// A fact and where it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said<T> {
    /// What was said.
    pub value: T,
    /// Where.
    pub at: Place,
}

/// To ask for nothing (`tier: none`, `clear`) is not the same as not to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask<T> {
    /// It shall not be there.
    Nothing,
    /// It shall be this.
    Is(T),
}

impl<T> Ask<T> {
    /// What shall be there, if anything shall.
    pub fn wanted(&self) -> Option<&T> {
        match self {
            Self::Nothing => None,
            Self::Is(value) => Some(value),
        }
    }

    /// The same, with what shall be there called otherwise.
    pub fn map<U>(&self, call: impl FnOnce(&T) -> U) -> Ask<U> {
        self.wanted()
            .map_or(Ask::Nothing, |value| Ask::Is(call(value)))
    }
}

/// All files together: one claim a principal, one place a fact (several where they agree by nature, as memberships do).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desired {
    /// The root file; without one nothing is ever removed.
    pub root: Option<Root>,
    /// What may be written; the root's, a trusted checkout's, or the standard one.
    pub policy: Policy,
    /// Agreements to more than the limits allow, from where the policy is from.
    pub acknowledge: Vec<Acknowledgement>,
    /// What seats cost.
    pub prices: Prices,
    /// `onboarding.invite`: who is mailed a password link.
    pub invite: Invite,
    /// Users that have an entry.
    pub users: Map<UserName, UserClaim>,
    /// Groups that have an entry.
    pub groups: Map<GroupName, GroupClaim>,
    /// Every membership that either side lists, with each place that does; its ends need not have entries.
    pub members: Map<Membership, Vec<Place>>,
    /// Tables among the files, each with how many tiers its rows claim: a row says what somebody once had, and may lower
    /// what they have now.
    pub tables: Vec<Said<usize>>,
}

/// Who is mailed a link to set a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Invite {
    /// Users that this run creates.
    New,
    /// Nobody.
    #[default]
    Off,
}

/// The one root file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// Where its `version` stands.
    pub at: Place,
    /// What this roster is for; a mismatch stops the run.
    pub target: Pins,
}

/// `target`: each pin that is given must match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pins {
    /// The account id.
    pub account: Option<Said<Text>>,
    /// Identity Center's region.
    pub region: Option<Said<Text>>,
    /// Kiro's region.
    pub kiro_region: Option<Said<Text>>,
    /// The instance's ARN.
    pub instance: Option<Said<Text>>,
}

/// What is asked of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserClaim {
    /// Each entry's place, in order.
    pub at: Vec<Place>,
    /// `state`, where the person is to leave.
    pub leaving: Option<Said<Leaving>>,
    /// Names this person may still have.
    pub previously: Vec<Said<UserName>>,
    /// Attributes that are mentioned.
    pub attributes: Map<Attribute, Said<Ask<Value>>>,
    /// The person's own seat, if mentioned.
    pub seat: Option<Said<Ask<Tier>>>,
    /// The last day (UTC) on which `seat` is asked for; from the next day on it means none.
    pub until: Option<Said<Date>>,
    /// Whether the user name stands in for a given or family name that nobody says, when the user is created: so the
    /// scripts read their files.
    pub stands_in: bool,
}

impl UserClaim {
    /// Whether it says `state: absent`. What a tombstone says of a person only tells whom it means: a namesake must not be
    /// given their e-mail or seat.
    pub fn is_tombstone(&self) -> bool {
        let leaving = self.leaving.as_ref();
        leaving.is_some_and(|said| said.value == Leaving::Absent)
    }
}

/// How a person leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// `state: absent`: seat, memberships and user go.
    Absent,
    /// `state: offboarded`: seat and memberships go, the user stays.
    Offboarded,
}

/// What is asked of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupClaim {
    /// Each entry's place, in order.
    pub at: Vec<Place>,
    /// `state: absent`.
    pub absent: Option<Place>,
    /// Names this group may still have.
    pub previously: Vec<Said<GroupName>>,
    /// The description, if mentioned.
    pub description: Option<Said<Ask<Text>>>,
    /// The group's subscription, if mentioned.
    pub seat: Option<Said<Ask<Tier>>>,
    /// Where the group says that its list is the whole list (`members` or `membership: exact`); `None`: only added to.
    pub exact: Option<Place>,
}

/// Who and what is named by others alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Whom only the list of a group names.
    pub users: Set<UserName>,
    /// Groups that only the entries of people name.
    pub groups: Set<GroupName>,
}

impl Desired {
    /// Whether the roster may take anything away.
    pub fn may_remove(&self) -> bool {
        self.root.is_some()
    }

    /// The same under the rules of a trusted checkout. They do not make a root: who reviewed the rules has not said that
    /// the roster may remove anything.
    pub fn under(mut self, rules: Rules) -> Self {
        let Rules {
            policy,
            acknowledge,
            prices,
        } = rules;
        self.policy = policy;
        self.acknowledge = acknowledge;
        self.prices = prices;
        self
    }

    /// Whom and what it names without an entry: two passes over all listings, made once.
    pub fn named_by_others(&self) -> Listed {
        Listed {
            users: self.users_without_entry().cloned().collect(),
            groups: self.groups_without_entry(),
        }
    }

    fn users_without_entry(&self) -> impl Iterator<Item = &UserName> {
        // Half a million listings name a hundred thousand people. A name read from files has one copy, so most are known by
        // where that copy lies; the others are compared.
        let copies: HashSet<*const u8, RandomState> =
            self.users.keys().map(|n| n.as_str().as_ptr()).collect();
        let listed = self.members.keys().map(|member| &member.user);
        let unknown = listed.filter(move |name| !copies.contains(&name.as_str().as_ptr()));
        unknown.filter(|name| !self.users.contains_key(*name))
    }

    fn groups_without_entry(&self) -> Set<GroupName> {
        let mut groups = Set::new();
        // A group's listings lie together: half a million of them name a thousand groups.
        let mut last: Option<&GroupName> = None;
        for member in self.members.keys() {
            let group = &member.group;
            if last != Some(group) && !self.groups.contains_key(group) {
                groups.insert(group.clone());
            }
            last = Some(group);
        }
        groups
    }

    /// The listings of each of these people: one pass over the memberships.
    pub fn listed<'a>(
        &'a self,
        people: &HashSet<&UserName>,
    ) -> HashMap<&'a UserName, Vec<(&'a Membership, &'a Vec<Place>)>> {
        let mut listed: HashMap<&UserName, Vec<_>> = HashMap::new();
        if people.is_empty() {
            return listed;
        }
        let theirs = self
            .members
            .iter()
            .filter(|(m, _)| people.contains(&m.user));
        for (member, at) in theirs {
            listed.entry(&member.user).or_default().push((member, at));
        }
        listed
    }

    /// The listings in one group, by user name.
    pub fn listed_in<'a>(
        &'a self,
        group: &GroupName,
    ) -> impl Iterator<Item = (&'a Membership, &'a Vec<Place>)> + use<'a> {
        let first = Membership::new(group.clone(), UserName::new(""));
        let group = group.clone();
        self.members
            .range(first..)
            .take_while(move |(member, _)| member.group == group)
    }
}
