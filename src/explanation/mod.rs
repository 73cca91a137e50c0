//! Why one person or group has what it has: each fact as the roster asks for it and where, as it is live, and what a plan
//! makes of it.
//!
//! Everything is taken from the plan itself: its operations, reasons, blocks, notes and asides about that name. Nothing is
//! decided here, so that an explanation cannot disagree with the plan. It must not know how it is shown.

mod facts;
mod find;

pub use find::{Found, find};

use crate::cost;
use crate::desired::{Ask, Desired, Leaving, Policy};
use crate::directory::User;
use crate::goal::{Aside, Block, Fence, Note, Reason};
use crate::holdings::{Holding, Holdings};
use crate::live::Live;
use crate::model::{Attribute, GroupName, Place, Principal, Text, Tier, Usd, UserName, Value};
use crate::plan::{Plan, Side, on};
use std::sync::Arc;

/// What is known, as far as it was read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// The roster, if there is one.
    pub desired: Option<&'a Desired>,
    /// What is live, under the plan's names; `None` offline.
    pub live: Option<&'a Live>,
    /// The plan that the two make.
    pub plan: Option<&'a Plan>,
}

/// Why somebody, or a group, has what it has.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Under the roster's name, else AWS's.
    pub who: Principal,
    /// AWS's name, where it is another one.
    pub present: Option<Principal>,
    /// Whether it is live; `None` where that was not read.
    pub is_live: Option<bool>,
    /// The live user.
    pub user: Option<Arc<User>>,
    /// Whether the live user is disabled.
    pub disabled: bool,
    /// Whether an identity provider owns it.
    pub provided: bool,
    /// The entries of the roster.
    pub entries: Vec<Place>,
    /// How a person leaves, where one does.
    pub leaving: Option<(Leaving, Place)>,
    /// What is asked, what is live, and what becomes of it.
    pub facts: Vec<Fact>,
    /// Members of a group of whom the roster and live agree, and who are in no fact.
    pub members_alike: usize,
    /// What a person is billed for.
    pub seat: Option<Seat>,
    /// What stops the plan and is about this name.
    pub blocks: Vec<Block>,
    /// What stops the plan and is about others.
    pub other_blocks: usize,
    /// Notes about this name.
    pub notes: Vec<Note>,
    /// What is wanted and cannot happen today.
    pub aside: Vec<Aside>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// About what.
    pub what: What,
    /// What the roster asks, and where; `None`: it does not mention it.
    pub asked: Option<(Ask<Thing>, Vec<Place>)>,
    /// What is live.
    pub live: Seen,
    /// What the plan makes of it.
    pub outcome: Outcome,
}

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Whether the user or group is there.
    Existence,
    /// AWS's name of it.
    Name,
    /// An attribute of a user.
    Attribute(Attribute),
    /// A group's description.
    Description,
    /// A person's own seat.
    Seat,
    /// The group's subscription.
    Subscription,
    /// A membership, by the other end.
    Member(Principal),
    /// The subscription of a group that a person is in, or would be.
    TierOf(GroupName),
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// It is there.
    There,
    /// A tier.
    Tier(Tier),
    /// An attribute's.
    Value(Value),
    /// A name or a description.
    Text(Text),
}

/// What is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It was not read.
    NotRead,
    /// Nothing.
    Nothing,
    /// This.
    Is(Thing),
}

/// What the plan makes of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// There is no plan.
    NoPlan,
    /// What is asked is live.
    Agrees,
    /// Nothing is asked, so nothing is touched.
    NotMentioned,
    /// It becomes this, or nothing.
    Becomes(Option<Thing>, Option<Reason>),
    /// What is asked is not done; a block, a note or an aside says why.
    Stays,
}

/// What a person is billed for.
#[derive(Clone, Debug)]
pub struct Seat {
    /// As it is.
    pub now: Option<Holding>,
    /// The tier, and dollars a month.
    pub before: (Option<Tier>, Usd),
    /// The same once the plan is applied; `None` without a plan.
    pub after: Option<(Option<Tier>, Usd)>,
}

impl Explanation {
    /// Total: what is not known is left open.
    pub fn of(who: &Principal, known: Known<'_>) -> Self {
        let Known {
            desired,
            live,
            plan,
        } = known;
        let (facts, members_alike) = facts::of(who, known);
        let (entries, leaving) = match who {
            Principal::User(user) => {
                let claim = desired.and_then(|desired| desired.users.get(user));
                let leaving = claim.and_then(|claim| claim.leaving.as_ref());
                (
                    claim.map_or_else(Vec::new, |claim| claim.at.clone()),
                    leaving.map(|said| (said.value, said.at.clone())),
                )
            }
            Principal::Group(group) => {
                let claim = desired.and_then(|desired| desired.groups.get(group));
                (claim.map_or_else(Vec::new, |claim| claim.at.clone()), None)
            }
        };
        let user = match who {
            Principal::User(user) => live.and_then(|live| live.directory.users.get(user)),
            Principal::Group(_) => None,
        };
        let disabled = |name: &UserName| live.is_some_and(|live| live.disabled.contains(name));
        let concerns = |names: Vec<String>| names.iter().any(|name| name == who.name());
        let blocks = plan.map_or(&[][..], |plan| &plan.blocks);
        let (blocks, others): (Vec<&Block>, Vec<&Block>) =
            blocks.iter().partition(|block| concerns(block.names()));
        let notes = plan.map_or(&[][..], |plan| &plan.notes);
        let aside = plan.map_or(&[][..], |plan| &plan.aside);
        Self {
            present: live.and_then(|live| live.present_name(who)),
            is_live: live.map(|live| live.directory.has(who)),
            user: user.cloned(),
            disabled: matches!(who, Principal::User(name) if disabled(name)),
            provided: is_provided(who, known),
            entries,
            leaving,
            facts,
            members_alike,
            seat: seat(who, known),
            blocks: blocks.into_iter().cloned().collect(),
            other_blocks: others.len(),
            notes: notes
                .iter()
                .filter(|note| note.principals().contains(who))
                .cloned()
                .collect(),
            aside: aside
                .iter()
                .filter(|aside| aside.principal() == who)
                .cloned()
                .collect(),
            who: who.clone(),
        }
    }
}

/// As far as live and the roster are known.
fn is_provided(who: &Principal, known: Known<'_>) -> bool {
    let (nothing, standard) = (Live::default(), Policy::default());
    let fence = Fence {
        policy: known.desired.map_or(&standard, |desired| &desired.policy),
        live: known.live.unwrap_or(&nothing),
    };
    fence.is_provided(who)
}

fn seat(who: &Principal, known: Known<'_>) -> Option<Seat> {
    let (Principal::User(user), Some(live)) = (who, known.live) else {
        return None;
    };
    live.kiro.as_ref()?;
    let prices = known.desired.map(|desired| desired.prices.clone());
    let prices = prices.unwrap_or_default();
    let holdings = Holdings::of(live, None, &prices);
    let now = holdings.people.into_iter().find(|h| h.user == *user);
    let before = now.as_ref().and_then(|holding| holding.tier);
    let after = known.plan.map(|plan| {
        let after = on(Side::After, &live.directory, &plan.operations);
        let billed = cost::billed(&after, live.kiro.as_ref());
        let tier = billed.get(user).copied();
        (tier, prices.of(tier))
    });
    Some(Seat {
        now,
        before: (before, prices.of(before)),
        after,
    })
}
