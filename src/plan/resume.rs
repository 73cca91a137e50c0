//! A plan against today: the one road to apply. Consent takes time, and so does a night between a review and a merge;
//! whatever has passed, every operation is sorted into *ready*, *done* or *stale* before the first write, and one that
//! is stale stops them all.

use super::classify::{State, cannot_be_told, classify};
use super::drift::{Drift, beside_of, today_of};
use super::judge::gains_of_disabled;
use super::obstacle::obstacles;
use super::{Elsewhere, Operation, Order, Plan, Shift, Side, on, shifts};
use crate::cost::Cost;
use crate::directory::Directory;
use crate::goal::{Block, Fence, Note};
use crate::live::{Access, Id, Kiro, Known, Live, Names};
use crate::model::{GroupName, Principal, UserName};
use crate::policy::{self, Agreed, judge};
use jiff::civil::Date;
use std::collections::{BTreeMap as Map, BTreeSet as Set, HashMap};

/// A plan and how each of its operations stands today.
#[derive(Clone, Debug)]
pub struct Remaining {
    plan: Plan,
    order: Order,
    states: Vec<State>,
    /// Today as if none of the plan had been done.
    before: Directory,
    /// Today as if all of it had been.
    after: Directory,
    cost: Cost,
    fenced: Vec<Block>,
    beside: Vec<Drift>,
    unreviewed: Map<UserName, Shift>,
    /// What disabled people get by it.
    gains: Vec<Note>,
    elsewhere: Option<Elsewhere>,
    fresh: Fresh,
}

/// What was read just before the first write, under the plan's names: the ids that calls are made with.
#[derive(Clone, Debug, Default)]
pub struct Fresh {
    /// Ids, revisions and marks.
    pub known: Map<Principal, Known>,
    /// Ids of memberships.
    pub membership_ids: Map<crate::model::Membership, Id>,
    /// What Kiro says about seats: a refusal means one thing for a PENDING seat and another for an ACTIVE one.
    pub kiro: Option<Kiro>,
}

/// A plan that may be run: nothing else can be.
#[derive(Clone, Debug)]
pub struct Approved {
    /// The plan.
    pub plan: Plan,
    /// In which order.
    pub order: Order,
    /// How each operation stands.
    pub states: Vec<State>,
    /// What calls are made with.
    pub fresh: Fresh,
    /// What the plan did not note when it was made.
    pub notes: Vec<Note>,
}

/// Why a plan does not fit what is live now.
#[derive(Clone, Debug)]
pub enum Misfit {
    /// What some operations touch has changed.
    Stale(Vec<Drift>),
    /// Nothing that they touch has changed for sure: only of these seats Kiro's lists do not tell, or not yet. The plan may be
    /// held against another reading.
    Unclear(Box<Plan>, Vec<Drift>),
    /// Nobody is there any more, though the plan knows people who should be: something has been read wrong.
    Emptied,
}

impl Plan {
    /// Sorts every operation against what is live now, which need not be called by the plan's names yet. `today` is UTC.
    ///
    /// # Errors
    /// One operation that fits no more stops them all.
    pub fn against(self, live: Live, today: Date) -> Result<Remaining, Misfit> {
        // Where people are looked for, somebody is live: the first page of the list has shown some.
        let emptied = live.listed.users && live.directory.users.is_empty();
        if emptied && self.rests_on_people() {
            return Err(Misfit::Emptied);
        }
        let live = called_by_basis(live, &self.basis);
        let states: Vec<State> = self
            .operations
            .iter()
            .map(|operation| classify(operation, &self.basis, &live))
            .collect();
        // Between the state before all of it and the state after: the order of what is left is part of the order of all.
        let [before, after] =
            [Side::Before, Side::After].map(|side| on(side, &live.directory, &self.operations));
        let ready = self.operations.iter().zip(&states);
        let ready = ready.filter(|(_, state)| **state == State::Ready);
        let ready = ready.map(|(operation, _)| operation);
        let obstacles = obstacles(ready, &self, &live, &after);
        let operations = self.operations.iter().zip(&states);
        let stale: Vec<Drift> = operations
            .filter_map(|(operation, state)| {
                let obstacle = obstacles.get(&operation.subject()).cloned();
                (*state == State::Stale || obstacle.is_some()).then(|| Drift {
                    subject: operation.subject(),
                    planned: operation.clone(),
                    now: today_of(operation, &live.directory),
                    obstacle,
                })
            })
            .collect();
        if !stale.is_empty() {
            let unclear = |drift: &Drift| cannot_be_told(&drift.planned, &live);
            return Err(match stale.iter().all(unclear) {
                true => Misfit::Unclear(Box::new(self), stale),
                false => Misfit::Stale(stale),
            });
        }
        // A ring has been a block since the plan was made.
        let order = Order::of(&self.operations, &before, &after).unwrap_or_default();
        let ready = self.operations.iter().zip(&states);
        let ready = ready.filter(|(_, state)| **state == State::Ready);
        let fence = Fence {
            policy: &self.terms.policy,
            live: &live,
        };
        let untouchable = fence.untouchable();
        let beside = self.operations.iter();
        let shifts = shifts_left(&self, &states, &live, &after);
        Ok(Remaining {
            fenced: ready
                .filter_map(|(operation, _)| fence.block(operation, &untouchable))
                .collect(),
            beside: beside
                .filter_map(|op| beside_of(op, &live.directory))
                .collect(),
            gains: gains_of_disabled(&shifts, &live),
            unreviewed: unreviewed(&self, shifts),
            elsewhere: Elsewhere::of(&self, &live),
            cost: Cost::between(&live, &before, &after, &self.cost.prices, today),
            plan: self,
            order,
            states,
            before,
            after,
            fresh: Fresh {
                known: live.known,
                membership_ids: live.membership_ids,
                kiro: live.kiro,
            },
        })
    }

    /// Whether it knows users who are live and stay.
    fn rests_on_people(&self) -> bool {
        let gone: Set<&UserName> = self
            .operations
            .iter()
            .filter_map(|operation| match operation {
                Operation::User(name, change) if change.after.is_none() => Some(name),
                _ => None,
            })
            .collect();
        self.basis.keys().any(|who| match who {
            Principal::User(user) => !gone.contains(user),
            Principal::Group(_) => false,
        })
    }
}

impl Remaining {
    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How each of its operations stands.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.states.iter().all(|state| *state == State::Done)
    }

    /// Whether nothing is left to do, and nothing was refused when the plan was made: what was refused is not done.
    pub fn is_settled(&self) -> bool {
        self.is_done() && self.plan.blocks.iter().all(Block::is_judged)
    }

    /// People whose effective tier what is left would change, and of whom the plan did not say so when it was made: they came
    /// into a group since, or a group that they join or leave has another tier since.
    pub fn unreviewed(&self) -> &Map<UserName, Shift> {
        &self.unreviewed
    }

    /// What has changed about users and groups of this plan and is not touched by it.
    pub fn beside(&self) -> &[Drift] {
        &self.beside
    }

    /// What is live now and not touched, as digests; `None` where only what is touched was read.
    pub fn elsewhere(&self) -> Option<&Elsewhere> {
        self.elsewhere.as_ref()
    }

    /// The id that a user or group has today, if it is there.
    pub fn id(&self, who: &Principal) -> Option<&Id> {
        self.fresh.known.get(who).map(|known| &known.id)
    }

    /// Lets it run, unless something blocks it: what has blocked it since it was made, where writes end by the names of
    /// today, and policy over the whole change set, done and ready. `agreed` adds to what the plan brings along.
    ///
    /// # Errors
    /// Every block.
    pub fn approve(
        self,
        access: &Map<Principal, Access>,
        agreed: &Agreed,
    ) -> Result<Approved, Vec<Block>> {
        let terms = &self.plan.terms;
        let mut both = terms.agreed.clone();
        for (limit, count) in agreed {
            let known = both.entry(*limit).or_default();
            *known = (*known).max(*count);
        }
        let change = policy::Change {
            before: &self.before,
            after: &self.after,
            access,
            base: terms.base,
            cost: &self.cost,
        };
        let (judged, mut notes) = judge(change, &terms.policy, &both);
        notes.extend(self.gains);
        let known: Set<&Note> = self.plan.notes.iter().collect();
        notes.retain(|note| !known.contains(note));
        let since = self.plan.blocks.iter().filter(|block| !block.is_judged());
        let mut blocks: Vec<Block> = since.cloned().collect();
        blocks.extend(self.fenced);
        blocks.extend(judged);
        blocks.extend(self.plan.too_many_mails(&both));
        if !blocks.is_empty() {
            blocks.sort();
            blocks.dedup();
            return Err(blocks);
        }
        Ok(Approved {
            plan: self.plan,
            order: self.order,
            states: self.states,
            fresh: self.fresh,
            notes,
        })
    }
}

/// Whose tier changes with what is left.
fn shifts_left(
    plan: &Plan,
    states: &[State],
    live: &Live,
    after: &Directory,
) -> Map<UserName, Shift> {
    let ready = plan.operations.iter().zip(states);
    let ready = ready.filter(|(_, state)| **state == State::Ready);
    let ready: Vec<Operation> = ready.map(|(operation, _)| operation.clone()).collect();
    shifts(&ready, &live.directory, after)
}

/// Those of them that the plan told otherwise: whoever it named no change of was to keep their tier.
fn unreviewed(plan: &Plan, mut left: Map<UserName, Shift>) -> Map<UserName, Shift> {
    // Whom no operation names is called by AWS's name today.
    let reviewed = plan.shifts.iter();
    let reviewed: HashMap<&UserName, &Shift> = reviewed
        .map(|(user, shift)| (shift.present.as_ref().unwrap_or(user), shift))
        .collect();
    left.retain(|user, shift| {
        let reviewed = plan.shifts.get(user).or(reviewed.get(user).copied());
        // What was to be a gain may be a loss by now, of somebody who has been given more since.
        let turned = |reviewed: &Shift| shift.lowers() && !reviewed.lowers();
        let passing = plan.overshoots.contains(user);
        reviewed.is_none_or(|told| told.after != shift.after || turned(told) && !passing)
    });
    left
}

/// Today's live state under the plan's names: by id, so that a rename half done still finds its person.
fn called_by_basis(live: Live, basis: &Map<Principal, Known>) -> Live {
    let by_id: HashMap<&Id, &Principal> = basis.iter().map(|(p, known)| (&known.id, p)).collect();
    let mut names = Names::new();
    let mut taken = Vec::new();
    for (present, known) in &live.known {
        match by_id.get(&known.id) {
            Some(planned) if *planned != present => {
                names.insert(present.clone(), (*planned).clone());
            }
            Some(_) => {}
            None if basis.contains_key(present) => taken.push(present.clone()),
            None => {}
        }
    }
    for stranger in taken {
        // Somebody else has a name that the plan uses for another person: they must not be mixed up. If the person is
        // still there under another name, the stranger is filed out of the way; if not, the ids will differ and tell.
        if names.values().any(|name| *name == stranger) {
            let aside = format!("{}\u{0}", stranger.name());
            let aside = match &stranger {
                Principal::User(_) => Principal::User(UserName::new(aside)),
                Principal::Group(_) => Principal::Group(GroupName::new(aside)),
            };
            names.insert(stranger, aside);
        }
    }
    live.called(&names)
}
