//! What is asked, what is live and what the plan does, fact by fact.

use super::{Fact, Known, Outcome, Seen, Thing, What};
use crate::desired::{Ask, Said};
use crate::directory::{Group, User};
use crate::goal::Reason;
use crate::model::{Attribute, GroupName, Membership, Place, Principal, Subject, Tier, UserName};
use crate::plan::{Action, Change, Operation};
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::sync::Arc;

/// A claim and the places that make it.
type Asked = Option<(Ask<Thing>, Vec<Place>)>;

/// The facts, and how many members of a group are not among them because nothing is to be said of them.
pub(super) fn of(who: &Principal, known: Known<'_>) -> (Vec<Fact>, usize) {
    let operations = known.plan.map_or(&[][..], |plan| &plan.operations);
    let operations = operations
        .iter()
        .map(|operation| (operation.subject(), operation));
    let teller = Teller {
        known,
        operations: operations.collect(),
    };
    match who {
        Principal::User(user) => (teller.user(user), 0),
        Principal::Group(group) => teller.group(group),
    }
}

/// The names of one user or group: the roster's, AWS's, and AWS's once the plan is applied.
struct Names<'a> {
    roster: &'a str,
    live: &'a str,
    then: Option<&'a str>,
}

struct Teller<'a> {
    known: Known<'a>,
    operations: Map<Subject, &'a Operation>,
}

impl Teller<'_> {
    fn user(&self, user: &UserName) -> Vec<Fact> {
        let Known { desired, live, .. } = self.known;
        let claim = desired.and_then(|desired| desired.users.get(user));
        let seen = live.map(|live| live.directory.users.get(user));
        let subject = Subject::User(user.clone());
        let change = match self.operation(&subject) {
            Some(Operation::User(_, change)) => Some(change),
            _ => None,
        };
        let absent = claim.filter(|claim| claim.is_tombstone());
        let absent = absent.and_then(|claim| claim.leaving.as_ref());
        let there = claim.map(|claim| match absent {
            Some(said) => (Ask::Nothing, vec![said.at.clone()]),
            None => (Ask::Is(Thing::There), claim.at.clone()),
        });
        let mut facts = vec![self.existence(&subject, there, seen, change)];
        if let (Some(live), Some(claim)) = (seen.flatten(), claim) {
            let names = Names {
                roster: user.as_str(),
                live: live.name.as_str(),
                then: change.and_then(|change| Some(change.after.as_ref()?.name.as_str())),
            };
            facts.extend(self.name(&subject, names, &claim.previously));
        }
        for attribute in Attribute::ALL.iter().copied() {
            // What a tombstone says of a person only tells whom it means.
            let claim = claim.filter(|claim| !claim.is_tombstone());
            let said = claim.and_then(|claim| claim.attributes.get(&attribute));
            let asked = said.map(|said| asked(said, |value| Thing::Value(value.clone())));
            let value = |user: &Arc<User>| {
                let value = user.attributes.get(&attribute);
                value.map(|value| Thing::Value(value.clone()))
            };
            let is = seen.map(|seen| seen.and_then(value));
            let becomes = change.and_then(|change| becomes(change, value));
            if asked.is_some() || becomes.is_some() {
                facts.push(self.fact(What::Attribute(attribute), asked, is, becomes, &subject));
            }
        }
        facts.extend(self.own_seat(user));
        for group in self.groups_of(user) {
            facts.push(self.membership(&group, user, Principal::Group(group.clone())));
            let tier = self.tier_of(&group);
            let any = tier.asked.is_some() || matches!(tier.live, Seen::Is(_));
            if any {
                facts.push(tier);
            }
        }
        facts
    }

    fn group(&self, group: &GroupName) -> (Vec<Fact>, usize) {
        let Known { desired, live, .. } = self.known;
        let claim = desired.and_then(|desired| desired.groups.get(group));
        let seen = live.map(|live| live.directory.groups.get(group));
        let subject = Subject::Group(group.clone());
        let change = match self.operation(&subject) {
            Some(Operation::Group(_, change)) => Some(change),
            _ => None,
        };
        let there = claim.map(|claim| match &claim.absent {
            Some(at) => (Ask::Nothing, vec![at.clone()]),
            None => (Ask::Is(Thing::There), claim.at.clone()),
        });
        let mut facts = vec![self.existence(&subject, there, seen, change)];
        if let (Some(live), Some(claim)) = (seen.flatten(), claim) {
            let names = Names {
                roster: group.as_str(),
                live: live.name.as_str(),
                then: change.and_then(|change| Some(change.after.as_ref()?.name.as_str())),
            };
            facts.extend(self.name(&subject, names, &claim.previously));
        }
        if let Some(said) = claim.and_then(|claim| claim.description.as_ref()) {
            let asked = asked(said, |text| Thing::Text(text.clone()));
            let text = |group: &Arc<Group>| group.description.clone().map(Thing::Text);
            let is = seen.map(|seen| seen.and_then(text));
            let becomes = change.and_then(|change| becomes(change, text));
            facts.push(self.fact(What::Description, Some(asked), is, becomes, &subject));
        }
        facts.push(Fact {
            what: What::Subscription,
            ..self.tier_of(group)
        });
        let mut alike = 0;
        for user in self.members_of(group) {
            let fact = self.membership(group, &user, Principal::User(user.clone()));
            match fact.outcome {
                Outcome::Agrees => alike += 1,
                Outcome::NoPlan | Outcome::NotMentioned | Outcome::Becomes(..) | Outcome::Stays => {
                    facts.push(fact)
                }
            }
        }
        (facts, alike)
    }

    fn existence<T>(
        &self,
        subject: &Subject,
        asked: Asked,
        seen: Option<Option<&T>>,
        change: Option<&Change<T>>,
    ) -> Fact {
        let is = seen.map(|seen| seen.map(|_| Thing::There));
        let becomes = change.filter(|change| change.action() != Action::Update);
        let becomes = becomes.map(|change| change.after.as_ref().map(|_| Thing::There));
        self.fact(What::Existence, asked, is, becomes, subject)
    }

    /// AWS's name, where the roster has another one.
    fn name<N>(&self, subject: &Subject, names: Names<'_>, before: &[Said<N>]) -> Option<Fact> {
        let Names { roster, live, then } = names;
        let text = |name: &str| Thing::Text(name.into());
        let at = before.iter().map(|old| old.at.clone()).collect();
        let asked = Some((Ask::Is(text(roster)), at));
        let becomes = then.filter(|then| *then != live);
        let becomes = becomes.map(|then| Some(text(then)));
        let fact = || self.fact(What::Name, asked, Some(Some(text(live))), becomes, subject);
        (live != roster).then(fact)
    }

    fn own_seat(&self, user: &UserName) -> Option<Fact> {
        let holder = Principal::User(user.clone());
        let claim = self
            .known
            .desired
            .and_then(|desired| desired.users.get(user));
        let asked = claim.and_then(|claim| match (&claim.leaving, &claim.seat) {
            (Some(said), _) => Some((Ask::Nothing, vec![said.at.clone()])),
            (None, Some(said)) => Some(match &claim.until {
                Some(day) if self.took_by_date(&holder) => (Ask::Nothing, vec![day.at.clone()]),
                _ => seat_asked(said),
            }),
            (None, None) => None,
        });
        self.known
            .live
            .is_none_or(|live| live.kiro.is_some())
            .then(|| self.seat(What::Seat, holder, asked))
    }

    /// Whether the plan says that `until` has passed.
    fn took_by_date(&self, holder: &Principal) -> bool {
        let why = self
            .known
            .plan
            .and_then(|plan| plan.why.get(&Subject::Seat(holder.clone())));
        matches!(why, Some(Reason::Until(_)))
    }

    fn tier_of(&self, group: &GroupName) -> Fact {
        let claim = self
            .known
            .desired
            .and_then(|desired| desired.groups.get(group));
        let asked = claim.and_then(|claim| match (&claim.absent, &claim.seat) {
            (Some(at), _) => Some((Ask::Nothing, vec![at.clone()])),
            (None, said) => said.as_ref().map(seat_asked),
        });
        self.seat(
            What::TierOf(group.clone()),
            Principal::Group(group.clone()),
            asked,
        )
    }

    fn seat(&self, what: What, holder: Principal, asked: Asked) -> Fact {
        let live = self.known.live.filter(|live| live.kiro.is_some());
        let is = live.map(|live| live.directory.seats.get(&holder).copied().map(Thing::Tier));
        let subject = Subject::Seat(holder);
        let becomes = match self.operation(&subject) {
            Some(Operation::Seat(_, change)) => Some(change.after.map(Thing::Tier)),
            _ => None,
        };
        let unread = is.is_none();
        let mut fact = self.fact(what, asked, is, becomes, &subject);
        // Kiro was left alone: the plan says nothing of seats.
        if unread {
            fact.outcome = Outcome::NoPlan;
        }
        fact
    }

    fn membership(&self, group: &GroupName, user: &UserName, other: Principal) -> Fact {
        let member = Membership::new(group.clone(), user.clone());
        let Known { desired, live, .. } = self.known;
        let listed = desired.and_then(|desired| desired.members.get(&member));
        let leaving = desired
            .and_then(|desired| desired.users.get(user)?.leaving.as_ref())
            .map(|said| said.at.clone());
        let exact = desired.and_then(|desired| desired.groups.get(group)?.exact.clone());
        let asked = match (leaving, listed, exact) {
            (Some(at), ..) => Some((Ask::Nothing, vec![at])),
            (None, Some(at), _) => Some((Ask::Is(Thing::There), at.clone())),
            (None, None, Some(at)) => Some((Ask::Nothing, vec![at])),
            (None, None, None) => None,
        };
        let is = live.map(|live| {
            let there = live.directory.members.contains(&member);
            there.then_some(Thing::There)
        });
        let subject = Subject::Member(member);
        let becomes = match self.operation(&subject) {
            Some(Operation::Member(_, change)) => Some(change.after.map(|()| Thing::There)),
            _ => None,
        };
        self.fact(What::Member(other), asked, is, becomes, &subject)
    }

    /// The groups that somebody is in, or is listed in.
    fn groups_of(&self, user: &UserName) -> Set<GroupName> {
        let listed = self
            .known
            .desired
            .into_iter()
            .flat_map(|desired| desired.members.keys());
        let live = self
            .known
            .live
            .into_iter()
            .flat_map(|live| live.directory.members.iter());
        let theirs = listed.chain(live).filter(|member| member.user == *user);
        theirs.map(|member| member.group.clone()).collect()
    }

    fn members_of(&self, group: &GroupName) -> Set<UserName> {
        let listed = self
            .known
            .desired
            .into_iter()
            .flat_map(|desired| desired.members.keys());
        let listed = listed.filter(|member| member.group == *group);
        let live = self.known.live.into_iter();
        let live = live.flat_map(|live| live.directory.members_of(group));
        listed
            .chain(live)
            .map(|member| member.user.clone())
            .collect()
    }

    fn operation(&self, subject: &Subject) -> Option<&Operation> {
        self.operations.get(subject).copied()
    }

    fn fact(
        &self,
        what: What,
        asked: Asked,
        is: Option<Option<Thing>>,
        becomes: Option<Option<Thing>>,
        subject: &Subject,
    ) -> Fact {
        let live = match &is {
            None => Seen::NotRead,
            Some(None) => Seen::Nothing,
            Some(Some(thing)) => Seen::Is(thing.clone()),
        };
        let agrees = match (&asked, &live) {
            (Some((Ask::Nothing, _)), Seen::Nothing) => true,
            (Some((Ask::Is(wanted), _)), Seen::Is(is)) => wanted == is,
            _ => false,
        };
        let outcome = match (self.known.plan, becomes) {
            (None, _) => Outcome::NoPlan,
            (Some(plan), Some(after)) => Outcome::Becomes(after, plan.why.get(subject).cloned()),
            (Some(_), None) if asked.is_none() => Outcome::NotMentioned,
            (Some(_), None) if agrees => Outcome::Agrees,
            (Some(_), None) => Outcome::Stays,
        };
        Fact {
            what,
            asked,
            live,
            outcome,
        }
    }
}

/// What a part of something that stays becomes, where the change touches it.
fn becomes<T>(change: &Change<T>, part: impl Fn(&T) -> Option<Thing>) -> Option<Option<Thing>> {
    let will = part(change.after.as_ref()?);
    let was = change.before.as_ref().and_then(part);
    (was != will).then_some(will)
}

fn seat_asked(said: &Said<Ask<Tier>>) -> (Ask<Thing>, Vec<Place>) {
    asked(said, |tier| Thing::Tier(*tier))
}

fn asked<T>(said: &Said<Ask<T>>, thing: impl FnOnce(&T) -> Thing) -> (Ask<Thing>, Vec<Place>) {
    (said.value.map(thing), vec![said.at.clone()])
}
