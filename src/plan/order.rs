//! Order from facts, not from phases: what an operation needs, what it gives; their join is the graph.
//!
//! Two promises hold after every step of every order that the graph allows. Nothing dangles. And nobody's effective
//! tier leaves the span between what it was and what it will be: never below, because a person's removals wait until
//! their additions have been read back; never above, because upgrades bill at once. Where memberships and group tiers
//! form a ring, access wins and the upper bound gives way; [`Order::overshoots`] says for whom.

use super::Operation;
use crate::directory::Directory;
use crate::model::{GroupName, Principal, Tier, UserName};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// Index of a step in [`Order::steps`].
pub type StepId = usize;

/// What apply does, one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Makes the call of the operation with this index.
    Write(usize),
    /// Reads back whether Kiro shows the seat that the operation with this index wrote.
    SeatShows(usize),
    /// Reads back whether Kiro shows at least this tier for a person, before anything is taken from them.
    AccessShows {
        /// The person.
        user: UserName,
        /// The tier they must not fall below.
        tier: Tier,
        /// Whether a grant of their own must show.
        own: bool,
        /// Whether a group's grant must show.
        group: bool,
        /// What is taken, where this plan gives them nothing: an earlier one did, and that may not have reached them yet.
        taken: Option<Taken>,
    },
}

/// Which grants of a person are taken or lowered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Their own.
    pub own: bool,
    /// A group's.
    pub group: bool,
}

/// The graph: people first, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The steps.
    pub steps: Vec<Step>,
    /// For each step, those that must be done before it, sorted.
    pub after: Vec<Vec<StepId>>,
    /// People who may for a moment have a higher tier than before and after.
    pub overshoots: Set<UserName>,
}

/// E-mail addresses change hands in a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    /// The people in it.
    pub users: Vec<UserName>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    /// Created by this plan.
    Exists(Principal),
    /// Its own update is behind it: memberships may move its revision now.
    Shaped(Principal),
    /// Nobody holds this address any more.
    EmailFree(String),
    /// Everything this person gains has been written, and read back where a removal waits for it.
    Gained(UserName),
    /// The group's subscription is gone.
    Unseated(GroupName),
    /// Soft: the group's tier has been lowered; who joins earlier would buy the higher one for an instant.
    Lowered(GroupName),
    /// Soft: those who leave the group have left; later they would buy the raised tier for an instant.
    Left(GroupName),
}

impl Fact {
    fn is_soft(&self) -> bool {
        matches!(self, Self::Lowered(_) | Self::Left(_))
    }
}

impl Order {
    /// The graph of `operations`, which lead from `live` to `goal`.
    pub fn of(operations: &[Operation], live: &Directory, goal: &Directory) -> Result<Self, Ring> {
        let mut order = Self::default();
        let mut givers: Map<Fact, Vec<StepId>> = Map::new();
        let mut write = vec![0; operations.len()];
        for index in by_person(operations) {
            write[index] = order.push(Step::Write(index), vec![]);
            for fact in gives(&operations[index], goal) {
                givers.entry(fact).or_default().push(write[index]);
            }
            if matches!(operations[index], Operation::Seat(..)) {
                order.push(Step::SeatShows(index), vec![write[index]]);
            }
        }
        order.wait_to_see(operations, live, goal, &mut givers);
        let mut soft: Vec<(StepId, StepId)> = Vec::new();
        for (index, operation) in operations.iter().enumerate() {
            for fact in needs(operation, live) {
                let Some(givers) = givers.get(&fact) else {
                    continue;
                };
                let before = givers.iter().copied().filter(|step| *step != write[index]);
                match fact.is_soft() {
                    true => soft.extend(before.map(|step| (write[index], step))),
                    false => order.after[write[index]].extend(before),
                }
            }
        }
        order.tidy();
        if let Some(ring) = order.ring() {
            return Err(Ring {
                users: people_in(&ring, &order, operations),
            });
        }
        order.soften(&soft, operations, live, goal);
        Ok(order)
    }

    fn push(&mut self, step: Step, after: Vec<StepId>) -> StepId {
        self.steps.push(step);
        self.after.push(after);
        self.steps.len() - 1
    }

    fn tidy(&mut self) {
        for after in &mut self.after {
            after.sort_unstable();
            after.dedup();
        }
    }

    /// A person who loses access and keeps some: what is gained, or was by an earlier plan, must show before anything is
    /// taken.
    fn wait_to_see(
        &mut self,
        operations: &[Operation],
        live: &Directory,
        goal: &Directory,
        givers: &mut Map<Fact, Vec<StepId>>,
    ) {
        let losers = losers(operations, live);
        let joined = goal.seated_groups_of(&losers.keys().copied().collect());
        for (user, taken) in losers {
            let gains = givers.get(&Fact::Gained(user.clone())).cloned();
            let groups = joined.get(user).map_or(&[][..], Vec::as_slice);
            let Some(tier) = goal.effective(user, groups) else {
                continue;
            };
            let own = goal.seats.get(&Principal::User(user.clone()));
            let through = groups
                .iter()
                .filter_map(|group| goal.seats.get(&Principal::Group((*group).clone())));
            let keeps_own = own == Some(&tier);
            if gains.is_none() && keeps_own {
                // It was there before: live itself is the reading.
                continue;
            }
            let step = Step::AccessShows {
                user: user.clone(),
                tier,
                own: keeps_own,
                group: !keeps_own && through.max() == Some(&tier),
                taken: gains.is_none().then_some(taken),
            };
            let seen = self.push(step, gains.unwrap_or_default());
            givers.insert(Fact::Gained(user.clone()), vec![seen]);
        }
    }

    /// Adds the soft edges that close no ring, and says whom the others leave exposed.
    fn soften(
        &mut self,
        soft: &[(StepId, StepId)],
        operations: &[Operation],
        live: &Directory,
        goal: &Directory,
    ) {
        let hard: Vec<usize> = self.after.iter().map(Vec::len).collect();
        for (step, before) in soft {
            self.after[*step].push(*before);
        }
        let Some(ring) = self.ring() else {
            self.tidy();
            return;
        };
        let ring: Set<StepId> = ring.into_iter().collect();
        for step in &ring {
            let dropped = self.after[*step].split_off(hard[*step]);
            if let Step::Write(index) = self.steps[*step]
                && !dropped.is_empty()
            {
                match &operations[index] {
                    Operation::Member(member, _) => {
                        self.overshoots.insert(member.user.clone());
                    }
                    Operation::Seat(Principal::Group(group), _) => {
                        // Those who are about to leave most of all.
                        let members = live.members_of(group).chain(goal.members_of(group));
                        self.overshoots.extend(members.map(|m| m.user.clone()));
                    }
                    _ => {}
                }
            }
        }
        self.tidy();
    }

    /// The steps of rings, and those between two rings, if there are any.
    fn ring(&self) -> Option<Vec<StepId>> {
        let mut dependents: Vec<Vec<StepId>> = vec![vec![]; self.steps.len()];
        for (step, after) in self.after.iter().enumerate() {
            for before in after {
                dependents[*before].push(step);
            }
        }
        // What can start is in no ring, and neither is what nothing in a ring waits for.
        let mut inside = vec![true; self.steps.len()];
        peel(&mut inside, &self.after, &dependents);
        peel(&mut inside, &dependents, &self.after);
        let ring: Vec<StepId> = (0..inside.len()).filter(|step| inside[*step]).collect();
        (!ring.is_empty()).then_some(ring)
    }
}

/// Takes away, again and again, whatever waits for nothing that is still inside.
fn peel(inside: &mut [bool], waits_for: &[Vec<StepId>], waiting: &[Vec<StepId>]) {
    let mut waits: Vec<usize> = waits_for
        .iter()
        .map(|before| before.iter().filter(|step| inside[**step]).count())
        .collect();
    let free = |step: &StepId| inside[*step] && waits[*step] == 0;
    let mut free: Vec<StepId> = (0..inside.len()).filter(free).collect();
    while let Some(step) = free.pop() {
        inside[step] = false;
        for next in &waiting[step] {
            waits[*next] -= 1;
            if inside[*next] && waits[*next] == 0 {
                free.push(*next);
            }
        }
    }
}

/// Groups first, then person by person, then groups' seats: people are finished before new ones are started.
fn by_person(operations: &[Operation]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..operations.len()).collect();
    order.sort_by_key(|index| match &operations[*index] {
        Operation::Group(_, change) if change.after.is_some() => (0, "", 0),
        Operation::User(name, change) if change.after.is_some() => (1, name.as_str(), 0),
        Operation::Seat(Principal::Group(_), _) => (1, "", 1),
        Operation::Seat(Principal::User(name), _) => (1, name.as_str(), 1),
        Operation::Member(member, _) => (1, member.user.as_str(), 2),
        Operation::User(name, _) => (1, name.as_str(), 3),
        Operation::Group(_, _) => (2, "", 0),
    });
    order
}

/// People from whom something is taken that may carry access to Kiro.
fn losers<'a>(operations: &'a [Operation], live: &'a Directory) -> Map<&'a UserName, Taken> {
    let mut losers: Map<&UserName, Taken> = Map::new();
    let has_seat = |group: &GroupName| live.seats.contains_key(&Principal::Group(group.clone()));
    for operation in operations {
        match operation {
            Operation::Member(member, change)
                if change.after.is_none() && has_seat(&member.group) =>
            {
                losers.entry(&member.user).or_default().group = true;
            }
            Operation::Seat(Principal::User(user), change) if change.after < change.before => {
                losers.entry(user).or_default().own = true;
            }
            Operation::Seat(Principal::Group(group), change) if change.after < change.before => {
                for member in live.members_of(group) {
                    losers.entry(&member.user).or_default().group = true;
                }
            }
            Operation::Group(group, change) if change.after.is_none() && has_seat(group) => {
                for member in live.members_of(group) {
                    losers.entry(&member.user).or_default().group = true;
                }
            }
            _ => {}
        }
    }
    losers
}

fn gives(operation: &Operation, goal: &Directory) -> Vec<Fact> {
    let mut facts = Vec::new();
    match operation {
        Operation::User(name, change) => {
            let principal = Principal::User(name.clone());
            if change.before.is_none() {
                facts.push(Fact::Exists(principal.clone()));
            }
            if change.after.is_some() {
                facts.push(Fact::Shaped(principal));
            }
            facts.extend(change.email_freed().map(Fact::EmailFree));
        }
        Operation::Group(name, change) => {
            let principal = Principal::Group(name.clone());
            if change.before.is_none() {
                facts.push(Fact::Exists(principal.clone()));
            }
            if change.after.is_some() {
                facts.push(Fact::Shaped(principal));
            }
        }
        Operation::Member(member, change) => facts.push(match change.after {
            Some(()) => Fact::Gained(member.user.clone()),
            None => Fact::Left(member.group.clone()),
        }),
        Operation::Seat(Principal::User(user), change) => {
            if change.after > change.before {
                facts.push(Fact::Gained(user.clone()));
            }
        }
        Operation::Seat(Principal::Group(group), change) => {
            if change.after > change.before {
                let members = goal.members_of(group);
                facts.extend(members.map(|member| Fact::Gained(member.user.clone())));
            } else {
                facts.push(Fact::Lowered(group.clone()));
            }
            if change.after.is_none() {
                facts.push(Fact::Unseated(group.clone()));
            }
        }
    }
    facts
}

fn needs(operation: &Operation, live: &Directory) -> Vec<Fact> {
    let mut facts = Vec::new();
    let members_gained = |group: &GroupName, facts: &mut Vec<Fact>| {
        let members = live.members_of(group);
        facts.extend(members.map(|member| Fact::Gained(member.user.clone())));
    };
    match operation {
        // A leaver's deletion waits for no seat call: Kiro being down must not keep anybody's account open.
        Operation::User(_, change) => facts.extend(change.email_taken().map(Fact::EmailFree)),
        Operation::Group(name, change) => {
            if change.after.is_none() {
                facts.push(Fact::Unseated(name.clone()));
                members_gained(name, &mut facts);
            }
        }
        Operation::Member(member, change) => {
            for end in operation.subject().principals() {
                facts.push(Fact::Exists(end.clone()));
                facts.push(Fact::Shaped(end));
            }
            facts.push(match change.after {
                Some(()) => Fact::Lowered(member.group.clone()),
                None => Fact::Gained(member.user.clone()),
            });
        }
        Operation::Seat(holder, change) => {
            facts.push(Fact::Exists(holder.clone()));
            match holder {
                Principal::Group(group) if change.after > change.before => {
                    facts.push(Fact::Left(group.clone()));
                }
                Principal::Group(group) => members_gained(group, &mut facts),
                Principal::User(user) if change.after < change.before => {
                    facts.push(Fact::Gained(user.clone()));
                }
                Principal::User(_) => {}
            }
        }
    }
    facts
}

fn people_in(ring: &[StepId], order: &Order, operations: &[Operation]) -> Vec<UserName> {
    let users = ring.iter().filter_map(|step| match &order.steps[*step] {
        Step::Write(index) => match &operations[*index] {
            Operation::User(name, _) => Some(name.clone()),
            _ => None,
        },
        Step::SeatShows(_) | Step::AccessShows { .. } => None,
    });
    let users: Set<UserName> = users.collect();
    users.into_iter().collect()
}
