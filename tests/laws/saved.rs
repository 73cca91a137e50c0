//! A saved plan performs exactly what remains of it, or nothing: whatever was done of it before, whatever somebody else has
//! done since, and through the file.

use super::{
    Case, Luck, TODAY, apply, catches, fine, has_order, holds, ids_of, nothing_watched, number,
};
use crate::chance::Chance;
use crate::world::{Held, Person, World};
use kiroster::live::Live;
use kiroster::model::{Attribute, Family, Principal, Value};
use kiroster::plan::{Change, Misfit, Operation, Plan, State};
use kiroster::planfile::{self, Document, Roster, Sheet, Told};

/// The plan through its file.
fn through_file(plan: &Plan) -> Plan {
    let told = Told::default;
    let sheet = Sheet {
        made: "2026-12-15T09:00:00Z".parse().expect("an instant"),
        expires: "2026-12-18T09:00:00Z".parse().expect("an instant"),
        roster: Roster::default(),
        elsewhere: None,
        block: &|_| told(),
        note: &|_| told(),
        aside: &|_| told(),
    };
    let text = planfile::write(&Document::of(plan, sheet)).expect("text");
    let saved = planfile::read(&text).expect("what was written is read");
    let again = planfile::write(&saved.document).expect("text");
    assert_eq!(text, again, "the file of the file");
    saved.plan
}

/// What a plan says, but for marks, which are read anew before every write.
fn said(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.basis.values_mut().for_each(|known| known.marks = None);
    format!("{plan:?}")
}

#[test]
fn a_plan_comes_out_of_its_file_as_it_went_in() {
    holds("through the file", |case, _| {
        assert_eq!(said(&case.plan), said(&through_file(&case.plan)));
    });
    catches("the file forgets a reason", |case| {
        let mut forgetful = through_file(&case.plan);
        forgetful.why.pop_first();
        assert_eq!(said(&case.plan), said(&forgetful));
    });
}

/// Somebody else is at work.
pub(crate) fn meddle(world: &mut World, chance: &mut Chance) {
    let people: Vec<u32> = world.users.keys().copied().collect();
    let teams: Vec<u32> = world.groups.keys().copied().collect();
    if people.is_empty() {
        return;
    }
    let who = people[chance.below(people.len())];
    match chance.below(9) {
        0 => {
            let attribute = [Attribute::Title, Attribute::GivenName][chance.below(2)];
            let person = world.users.get_mut(&who).expect("the person");
            person.attributes.insert(attribute, Value::text("meddled"));
        }
        1 => {
            let person = world.users.get_mut(&who).expect("the person");
            person.name = format!("meddled{who}");
        }
        2 => {
            world.users.remove(&who);
            world.members.retain(|(_, user)| *user != who);
            world.own.remove(&who);
        }
        3 => {
            let Person {
                name, attributes, ..
            } = world.users.remove(&who).expect("the person");
            world.members.retain(|(_, user)| *user != who);
            world.own.remove(&who);
            let person = Person {
                name,
                attributes,
                revision: 1,
                disabled: false,
                provided: false,
            };
            world.users.insert(1_000 + who, person);
        }
        4 if !teams.is_empty() => {
            let team = teams[chance.below(teams.len())];
            if !world.members.remove(&(team, who)) {
                world.members.insert((team, who));
            }
        }
        5 => {
            world.own.insert(who, (chance.tier(), Held::Active));
        }
        6 => {
            world.own.remove(&who);
        }
        7 if !teams.is_empty() => {
            let team = teams[chance.below(teams.len())];
            let team = world.groups.get_mut(&team).expect("the group");
            team.description = Some("meddled".into());
        }
        _ => {}
    }
}

/// How an operation stands, asked of the world by id, without anything of `plan`'s own.
fn stands(operation: &Operation, plan: &Plan, world: &World) -> Option<State> {
    let id = |who: &Principal| plan.basis.get(who).map(|known| number(&known.id));
    fn of<T: PartialEq>(change: &Change<T>, now: Option<T>) -> State {
        match () {
            () if now == change.after => State::Done,
            () if now == change.before => State::Ready,
            () => State::Stale,
        }
    }
    match operation {
        Operation::Member(member, change) => {
            let group = id(&Principal::Group(member.group.clone()))?;
            let user = id(&Principal::User(member.user.clone()))?;
            let there = world.members.contains(&(group, user)).then_some(());
            let ends = world.groups.contains_key(&group) && world.users.contains_key(&user);
            // Gone, or gone and made anew under the same name: either is right to do nothing.
            ends.then(|| of(change, there))
        }
        Operation::User(name, change) => {
            let id = id(&Principal::User(name.clone()))?;
            let before = change.before.as_ref()?;
            let takes_seat = || {
                let holder = Principal::User(name.clone());
                let mut operations = plan.operations.iter();
                operations.any(|operation| operation.holder() == Some(&holder))
            };
            let stays_behind = change.after.is_none()
                && world.users.contains_key(&id)
                && matches!(world.own.get(&id), Some((_, Held::Active)))
                && plan.terms.policy.manage.contains(&Family::Seats);
            if stays_behind && !takes_seat() {
                return Some(State::Stale);
            }
            let (Some(now), Some(after)) = (world.users.get(&id), &change.after) else {
                return None;
            };
            let touched = |side: &kiroster::directory::User| {
                let mut all = Attribute::ALL.iter();
                let same = all.all(|attribute| {
                    let (was, will) = (
                        before.attributes.get(attribute),
                        after.attributes.get(attribute),
                    );
                    was == will || now.attributes.get(attribute) == side.attributes.get(attribute)
                });
                same && (before.name == after.name || now.name == side.name.as_str())
            };
            Some(match (touched(after), touched(before)) {
                (true, _) => State::Done,
                (_, true) => State::Ready,
                _ => State::Stale,
            })
        }
        Operation::Group(..) | Operation::Seat(..) => None,
    }
}

#[derive(Default)]
struct Seen {
    ready: std::cell::Cell<usize>,
    done: std::cell::Cell<usize>,
    stale: std::cell::Cell<usize>,
    blocked: std::cell::Cell<usize>,
}

/// `spoil` may plant a fault in what was read again.
fn exactly_or_nothing(case: &mut Case, seen: &Seen, spoil: impl Fn(&mut Vec<State>)) {
    if !has_order(&case.plan) || !case.world.claims_tell {
        return;
    }
    let plan = through_file(&case.plan);
    if case.chance.one_in(2) {
        // Some of it was done by an earlier run.
        let part = |chance: &mut Chance| match chance.below(3) {
            0 => Luck::Fails,
            _ => Luck::Fine,
        };
        let done = apply(
            &mut case.world,
            &plan,
            &mut case.chance,
            part,
            nothing_watched,
        );
        done.expect("nobody has meddled yet");
    }
    for _ in 0..case.chance.below(3) {
        meddle(&mut case.world, &mut case.chance);
    }
    let live = Live::of(case.world.read());
    let told = plan.clone().against(live, TODAY);
    let expected: Vec<_> = plan
        .operations
        .iter()
        .map(|operation| stands(operation, &plan, &case.world))
        .collect();
    let remaining = match told {
        Err(Misfit::Emptied) => return,
        Err(Misfit::Stale(drift) | Misfit::Unclear(_, drift)) => {
            seen.stale.set(seen.stale.get() + 1);
            for drift in &drift {
                let index = plan.operations.iter().position(|op| *op == drift.planned);
                let expected = expected[index.expect("an operation of the plan")];
                assert!(
                    expected.is_none_or(|state| state == State::Stale),
                    "{drift:?} is no drift"
                );
            }
            return;
        }
        Ok(remaining) => remaining,
    };
    let mut states = remaining.states().to_vec();
    spoil(&mut states);
    for (operation, (state, expected)) in plan.operations.iter().zip(states.iter().zip(&expected)) {
        let agree = expected.is_none_or(|expected| expected == *state);
        assert!(agree, "{operation:?} is {expected:?}, not {state:?}");
    }
    let ready = states
        .iter()
        .filter(|state| **state == State::Ready)
        .count();
    match ready {
        0 => seen.done.set(seen.done.get() + 1),
        _ => seen.ready.set(seen.ready.get() + 1),
    }
    let before = case.world.done.len();
    let mut ids = ids_of(&Live::of(case.world.read()));
    ids.clear();
    let result = apply(
        &mut case.world,
        &plan,
        &mut case.chance,
        fine,
        nothing_watched,
    );
    if let Err(blocks) = result {
        // Somebody has another name by now, which scope or protection forbids.
        assert!(
            blocks.contains("OutOfScope") || blocks.contains("Protected"),
            "what is ready can be done: {blocks}"
        );
        assert_eq!(case.world.done.len(), before, "blocked, and written");
        seen.blocked.set(seen.blocked.get() + 1);
        return;
    }
    assert_eq!(
        case.world.done.len() - before,
        ready,
        "not exactly what remained"
    );
}

#[test]
fn a_saved_plan_does_exactly_what_remains_or_nothing() {
    let seen = Seen::default();
    holds("saved", |case, _| exactly_or_nothing(case, &seen, |_| {}));
    let (ready, done, stale) = (seen.ready.get(), seen.done.get(), seen.stale.get());
    let blocked = seen.blocked.get();
    println!("saved: {ready} ready, {done} done, {stale} stale, {blocked} blocked");
    assert!(ready > 100 && done > 100 && stale > 100, "too tame");
    catches("everything counts as ready", |case| {
        exactly_or_nothing(case, &Seen::default(), |states| states.fill(State::Ready));
    });
}
