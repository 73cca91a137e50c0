//! The laws of the design, each over thousands of random organizations and rosters, and each with a planted fault that
//! it must catch. The seeds are the numbers of the cases, so a failing case is `case(N)`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a law that is broken panics, and one that holds says what it was tried on"
)]

#[path = "laws/chance.rs"]
mod chance;
#[path = "laws/part.rs"]
mod part;
#[path = "laws/rosters.rs"]
mod rosters;
#[path = "laws/saved.rs"]
mod saved;
#[path = "laws/ways.rs"]
mod ways;
#[path = "laws/world.rs"]
mod world;

use chance::Chance;
use kiroster::apply::{Outcome, Run};
use kiroster::desired::{Desired, Leaving, Limit};
use kiroster::directory::Directory;
use kiroster::goal::{Aside, Block};
use kiroster::live::{Id, Live};
use kiroster::model::{Family, Principal, Subject, Tier, UserName, aws_owned_group};
use kiroster::plan::{Action, Operation, Order, Plan, State, Step, diff};
use rosters::TODAY;
use std::collections::{BTreeMap as Map, BTreeSet as Set};
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use world::{Ids, World};

const CASES: u64 = 4_000;

struct Case {
    world: World,
    desired: Desired,
    plan: Plan,
    chance: Chance,
}

fn case(seed: u64) -> Case {
    let mut chance = Chance::new(seed);
    let world = World::random(&mut chance);
    let desired = rosters::random(&mut chance);
    let plan = Plan::of(&desired, Live::of(world.read()), TODAY);
    Case {
        world,
        desired,
        plan,
        chance,
    }
}

/// How often the cases of a law did what makes it interesting.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    operations: usize,
    renamed: usize,
    removed: usize,
    deferred: usize,
    waiting: usize,
    blocked: usize,
    resumed: usize,
    overshoots: usize,
}

impl Tally {
    fn count(&mut self, plan: &Plan) {
        self.cases += 1;
        self.operations += plan.operations.len();
        let renames = |op: &Operation| match op {
            Operation::User(_, c) => {
                matches!((&c.before, &c.after), (Some(b), Some(a)) if a.name != b.name)
            }
            Operation::Group(_, c) => {
                matches!((&c.before, &c.after), (Some(b), Some(a)) if a.name != b.name)
            }
            _ => false,
        };
        self.renamed += usize::from(plan.operations.iter().any(renames));
        self.removed += usize::from(plan.counts().remove > 0);
        let aside = |wanted: fn(&Aside) -> bool| usize::from(plan.aside.iter().any(wanted));
        self.deferred += aside(|aside| matches!(aside, Aside::Deferred { .. }));
        self.waiting += aside(|aside| matches!(aside, Aside::Waiting { .. }));
        self.blocked += usize::from(!plan.blocks.is_empty());
    }

    fn tell(&self, law: &str) {
        // Past the test runner, which keeps to itself what passing tests print.
        let _ = writeln!(std::io::stderr(), "law: {law}: {self:?}");
        assert!(self.cases >= 2_000, "only {} cases", self.cases);
        assert!(self.renamed > 50 && self.removed > 50, "too tame: {self:?}");
    }
}

/// A law holds for every case.
fn holds(law: &str, check: impl Fn(&mut Case, &mut Tally)) {
    let mut tally = Tally::default();
    for seed in 0..CASES {
        let mut case = case(seed);
        let told = catch_unwind(AssertUnwindSafe(|| {
            tally.count(&case.plan);
            check(&mut case, &mut tally);
        }));
        if told.is_err() {
            println!("{}", brief(&format!("{:?}", case.world)));
            println!("{}", brief(&format!("{:?}", case.desired)));
            println!("{}", brief(&format!("{:?}", case.plan.operations)));
            panic!("{law}: case({seed})");
        }
    }
    tally.tell(law);
}

/// A case that a person can read.
fn brief(text: &str) -> String {
    let mut parts = text.split("Place { file: \"k.yaml\", line: ");
    let mut brief = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        brief.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    brief
}

/// A planted fault is found in at least one case: the check can fail.
fn catches(fault: &str, check: impl Fn(&mut Case)) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let found = (0..CASES).find(|seed| {
        let mut case = case(*seed);
        catch_unwind(AssertUnwindSafe(|| check(&mut case))).is_err()
    });
    std::panic::set_hook(hook);
    let seed = found.unwrap_or_else(|| panic!("the planted fault was not caught: {fault}"));
    let _ = writeln!(std::io::stderr(), "law: caught in case({seed}): {fault}");
}

fn ids_of(live: &Live) -> Ids {
    let known = live.known.iter();
    let ids = known.map(|(p, known)| (p.clone(), number(&known.id)));
    ids.collect()
}

fn number(id: &Id) -> u32 {
    id.as_str()
        .trim_start_matches("id-")
        .parse()
        .expect("an id of this world")
}

/// What happens to each write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Luck {
    Fine,
    Fails,
    LosesAnswer,
}

/// Applies a plan in a random order that its graph allows; after every step, `watch` looks at the world.
fn apply(
    world: &mut World,
    plan: &Plan,
    chance: &mut Chance,
    luck: impl Fn(&mut Chance) -> Luck,
    mut watch: impl FnMut(&World, &Ids),
) -> Result<Vec<State>, String> {
    apply_in(world, plan, chance, luck, &mut watch, |_| {})
}

/// The same, with the graph spoilt first.
fn apply_in(
    world: &mut World,
    plan: &Plan,
    chance: &mut Chance,
    luck: impl Fn(&mut Chance) -> Luck,
    watch: &mut impl FnMut(&World, &Ids),
    spoil: impl Fn(&mut Order),
) -> Result<Vec<State>, String> {
    let mut plan = plan.clone();
    plan.blocks.clear();
    let remaining = plan.clone().against(Live::of(world.read()), TODAY);
    let remaining = remaining.map_err(|misfit| format!("{misfit:?}"))?;
    let approved = remaining
        .approve(
            &Map::new(),
            &Limit::ALL.map(|limit| (limit, u64::MAX)).into(),
        )
        .map_err(|blocks| format!("{blocks:?}"))?;
    let states = approved.states.clone();
    let mut order = approved.order.clone();
    spoil(&mut order);
    let mut ids: Ids = approved
        .fresh
        .known
        .iter()
        .map(|(p, k)| (p.clone(), number(&k.id)))
        .collect();
    let mut run: Run<()> = Run::new(&plan.operations, &order, &states);
    let mut running = Vec::new();
    loop {
        while running.len() < 4
            && let Some(step) = run.start_next()
        {
            running.push(step);
        }
        if running.is_empty() {
            return Ok(states);
        }
        let step = running.swap_remove(chance.below(running.len()));
        let Step::Write(index) = &order.steps[step] else {
            run.finished(step, Outcome::Done);
            continue;
        };
        let luck = luck(chance);
        if luck == Luck::Fails {
            run.finished(step, Outcome::Failed(()));
            continue;
        }
        world
            .perform(&plan.operations[*index], &mut ids)
            .map_err(|why| format!("{why}: {:?}", plan.operations[*index]))?;
        watch(world, &ids);
        let outcome = if luck == Luck::Fine {
            Outcome::Done
        } else {
            Outcome::Failed(())
        };
        run.finished(step, outcome);
    }
}

fn fine(_: &mut Chance) -> Luck {
    Luck::Fine
}

fn nothing_watched(_: &World, _: &Ids) {}

/// A ring of e-mails has no order, and where both names of a rename are live nobody can say who is meant: such a plan
/// is never applied. Any other blocked plan is, here: what it does do must hold the laws too.
fn has_order(plan: &Plan) -> bool {
    let hopeless =
        |block: &Block| matches!(block, Block::EmailRing { .. } | Block::NamesLive { .. });
    !plan.blocks.iter().any(hopeless)
}

/// What a new plan finds to do. A person who had only another product's seat, and now has a group's Kiro seat beside it,
/// is left out: with a Kiro row there, an own seat can be asked for that could not be before. So is everybody where claims
/// do not tell: a seat that was anybody's can be known for somebody's own once a group's is gone.
fn left(case: &Case) -> Vec<Operation> {
    let live = Live::of(case.world.read());
    let mut again = Plan::of(&case.desired, live, TODAY);
    let basis = &again.basis;
    again.operations.retain(|operation| match operation {
        Operation::Seat(Principal::User(_), _) if !case.world.claims_tell => false,
        Operation::Seat(holder, _) => {
            let id = basis.get(holder).map(|known| number(&known.id));
            id.is_none_or(|id| !case.world.foreign.contains(&id))
        }
        _ => true,
    });
    again.operations
}

fn nothing_is_left(case: &mut Case) {
    if !has_order(&case.plan) {
        return;
    }
    apply(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        fine,
        nothing_watched,
    )
    .expect("it applies");
    let left = left(case);
    assert!(left.is_empty(), "left: {left:#?}");
}

#[test]
fn after_an_apply_nothing_is_left_but_what_waits() {
    holds("nothing is left", |case, _| nothing_is_left(case));
    catches("memberships are answered well and not kept", |case| {
        case.world.forgets_members = true;
        nothing_is_left(case);
    });
}

fn goal_is_reached(case: &mut Case) {
    if !has_order(&case.plan) {
        return;
    }
    let (live, goal) = case.desired.over(Live::of(case.world.read()), TODAY);
    let back: Map<u32, Principal> = ids_of(&live).into_iter().map(|(p, id)| (id, p)).collect();
    let mut ids = Ids::new();
    apply(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        fine,
        |_, now| ids = now.clone(),
    )
    .expect("it applies");
    // What is read back is called by the names that the goal uses for the same people.
    let read = Live::of(case.world.read());
    let mut back = back;
    for (principal, id) in ids {
        back.entry(id).or_insert(principal);
    }
    let names = read.known.iter().filter_map(|(present, known)| {
        let wanted = back.get(&number(&known.id))?;
        (wanted != present).then(|| (present.clone(), wanted.clone()))
    });
    let names = names.collect();
    let read = read.called(&names);
    assert_eq!(read.directory.users, goal.directory.users);
    assert_eq!(read.directory.groups, goal.directory.groups);
    assert_eq!(read.directory.members, goal.directory.members);
    if case.world.claims_tell {
        assert_eq!(read.directory.seats, goal.directory.seats);
    }
}

#[test]
fn what_is_read_back_after_an_apply_is_the_goal() {
    holds("read back", |case, _| goal_is_reached(case));
    catches("an operation is lost from the plan", |case| {
        case.plan.operations.pop();
        goal_is_reached(case);
    });
}

fn is_the_same_again(case: &Case, other: &Plan) {
    assert_eq!(format!("{:?}", case.plan), format!("{other:?}"));
}

#[test]
fn the_same_input_gives_the_same_plan() {
    holds("the same again", |case, _| {
        let mut reading = case.world.read();
        reading.users.reverse();
        reading.groups.reverse();
        reading.members.reverse();
        if let Some(seats) = &mut reading.seats {
            seats.rows.reverse();
            seats.claims.reverse();
        }
        is_the_same_again(case, &Plan::of(&case.desired, Live::of(reading), TODAY));
    });
    catches("the order of operations depends on chance", |case| {
        let mut other = case.plan.clone();
        let len = other.operations.len();
        if len > 1 {
            other.operations.swap(0, len - 1);
        }
        is_the_same_again(case, &other);
    });
}

fn nobody_falls_or_rises(case: &mut Case, spoil: impl Fn(&mut Order)) {
    // Where nothing tells whose a seat is, nobody can say what a person has.
    if !has_order(&case.plan) || !case.world.claims_tell {
        return;
    }
    let (live, goal) = case.desired.over(Live::of(case.world.read()), TODAY);
    let (had, will) = (effective(&live.directory), effective(&goal.directory));
    let overshoots = case.plan.overshoots.clone();
    let shaky = |chance: &mut Chance| match chance.below(8) {
        0 => Luck::Fails,
        _ => Luck::Fine,
    };
    let ids = ids_of(&live);
    apply_in(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        shaky,
        &mut |world: &World, _: &Ids| {
            for (group, user) in &world.members {
                assert!(
                    world.groups.contains_key(group) && world.users.contains_key(user),
                    "dangling"
                );
            }
            for user in live
                .directory
                .users
                .keys()
                .filter(|u| goal.directory.users.contains_key(*u))
            {
                let now = world.effective(ids[&Principal::User(user.clone())]);
                let (had, will) = (had.get(user).copied(), will.get(user).copied());
                assert!(
                    now >= had.min(will),
                    "{user} fell to {now:?}, between {had:?} and {will:?}"
                );
                assert!(
                    now <= had.max(will) || overshoots.contains(user),
                    "{user} rose to {now:?}, between {had:?} and {will:?}"
                );
            }
        },
        spoil,
    )
    .expect("it applies");
}

fn effective(directory: &Directory) -> Map<UserName, Tier> {
    let joined = directory.seated_groups_of(&directory.users.keys().collect());
    let people = directory.users.keys();
    let tiers = people.filter_map(|user| {
        let groups = joined.get(user).map_or(&[][..], Vec::as_slice);
        Some((user.clone(), directory.effective(user, groups)?))
    });
    tiers.collect()
}

#[test]
fn nobody_falls_below_or_rises_above_their_two_tiers_on_the_way() {
    holds("falls and rises", |case, tally| {
        tally.overshoots += usize::from(!case.plan.overshoots.is_empty());
        nobody_falls_or_rises(case, |_| {});
    });
    catches("removals wait for nothing", |case| {
        nobody_falls_or_rises(case, |order| order.after.iter_mut().for_each(Vec::clear));
    });
}

fn resumes(case: &mut Case, tally: &mut Tally, fail_from: usize) {
    // Where claims do not tell, a seat that was just given beside a group's cannot be told from one that was there: a
    // saved plan is then stale, which is safe, and a new one is made.
    if !has_order(&case.plan) || !case.world.claims_tell {
        return;
    }
    let unlucky = move |chance: &mut Chance| match chance.below(fail_from) {
        0 => Luck::Fails,
        1 => Luck::LosesAnswer,
        _ => Luck::Fine,
    };
    for round in 0..8 {
        apply(
            &mut case.world,
            &case.plan,
            &mut case.chance,
            unlucky,
            nothing_watched,
        )
        .expect("it goes on");
        tally.resumed += usize::from(round == 1);
    }
    apply(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        fine,
        nothing_watched,
    )
    .expect("it ends");
    let states = apply(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        fine,
        nothing_watched,
    )
    .expect("again");
    assert!(
        states.iter().all(|state| *state == State::Done),
        "{states:?}"
    );
    let times = case
        .world
        .done
        .iter()
        .fold(Map::<&str, usize>::new(), |mut times, done| {
            *times.entry(done).or_default() += 1;
            times
        });
    let twice = times.iter().find(|(_, times)| **times > 1);
    assert!(twice.is_none(), "done twice: {twice:?}");
    let left = left(case);
    assert!(left.is_empty(), "left: {left:#?}");
}

#[test]
fn an_interrupted_apply_resumes_and_loses_and_repeats_nothing() {
    holds("resumes", |case, tally| resumes(case, tally, 4));
    catches("what was forgotten is taken for done", |case| {
        case.world.forgets_members = true;
        resumes(case, &mut Tally::default(), 4);
    });
}

fn has_reasons(plan: &Plan) {
    for operation in &plan.operations {
        assert!(
            plan.why.contains_key(&operation.subject()),
            "no reason: {operation:?}"
        );
    }
}

#[test]
fn no_operation_lacks_a_reason() {
    holds("reasons", |case, _| has_reasons(&case.plan));
    catches("a reason is missing", |case| {
        if let Some(operation) = case.plan.operations.first() {
            case.plan.why.remove(&operation.subject());
        }
        has_reasons(&case.plan);
    });
}

/// Scope, protection, AWS's own groups, families, providers, disabled people, and nothing removed without a root.
fn stays_within(case: &Case, plan: &Plan) {
    let (live, _) = case.desired.over(Live::of(case.world.read()), TODAY);
    let policy = &case.desired.policy;
    for operation in &plan.operations {
        let subject = operation.subject();
        assert!(
            policy.manage.contains(&subject.family()),
            "not managed: {operation:?}"
        );
        for end in subject.principals() {
            let (globs, protect, provider) = match &end {
                Principal::User(_) => (
                    &policy.scope.users,
                    &policy.protect.users,
                    &policy.provider.users,
                ),
                Principal::Group(_) => (
                    &policy.scope.groups,
                    &policy.protect.groups,
                    &policy.provider.groups,
                ),
            };
            let names: Set<String> = [
                Some(end.name().to_owned()),
                live.present_name(&end).map(|p| p.name().to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect();
            for name in &names {
                assert!(
                    globs
                        .as_ref()
                        .is_none_or(|g| g.iter().any(|g| g.fits(name))),
                    "out of scope: {operation:?}"
                );
                assert!(
                    !protect.iter().any(|g| g.fits(name)),
                    "protected: {operation:?}"
                );
                assert!(
                    matches!(end, Principal::User(_)) || !aws_owned_group(name),
                    "AWS's: {operation:?}"
                );
            }
            let owned = live.provided.contains(&end)
                || names.iter().any(|n| provider.iter().any(|g| g.fits(n)));
            let its_own = match &subject {
                Subject::User(_) | Subject::Group(_) => true,
                Subject::Member(_) => matches!(end, Principal::Group(_)),
                Subject::Seat(_) => false,
            };
            assert!(!(owned && its_own), "the provider's: {operation:?}");
        }
        let gains = match operation {
            Operation::Member(member, change) => change.after.map(|()| &member.user),
            Operation::Seat(Principal::User(user), change) => {
                (change.after > change.before).then_some(user)
            }
            _ => None,
        };
        assert!(
            gains.is_none_or(|user| !live.disabled.contains(user)),
            "disabled: {operation:?}"
        );
        let rooted = case.desired.root.is_some();
        assert!(
            rooted || operation.action() != Action::Delete,
            "no root: {operation:?}"
        );
    }
}

#[test]
fn nothing_is_written_that_must_not_be() {
    holds("within bounds", |case, _| stays_within(case, &case.plan));
    catches("the policy is forgotten", |case| {
        let mut lawless = case.desired.clone();
        lawless.policy = Default::default();
        let plan = Plan::of(&lawless, Live::of(case.world.read()), TODAY);
        stays_within(case, &plan);
    });
}

/// Somebody writes a touched title, e-mail, membership or seat meanwhile: nothing is done. Anything else: all is done.
fn drift_is_seen(case: &mut Case, strict: bool) {
    if !has_order(&case.plan) {
        return;
    }
    let touched: Option<(u32, kiroster::model::Attribute)> =
        case.plan.operations.iter().find_map(|op| match op {
            Operation::User(name, change) => {
                let (before, after) = (change.before.as_ref()?, change.after.as_ref()?);
                let known = case.plan.basis.get(&Principal::User(name.clone()))?;
                let mut all = kiroster::model::Attribute::ALL.iter();
                let changed = all.find(|a| before.attributes.get(a) != after.attributes.get(a))?;
                Some((number(&known.id), *changed))
            }
            _ => None,
        });
    let Some((id, attribute)) = touched else {
        return;
    };
    let other = kiroster::model::Attribute::NickName;
    let person = case.world.users.get_mut(&id).expect("the person");
    let attribute = if strict { attribute } else { other };
    person
        .attributes
        .insert(attribute, kiroster::model::Value::text("drift@y"));
    let before = case.world.done.len();
    let result = apply(
        &mut case.world,
        &case.plan,
        &mut case.chance,
        fine,
        nothing_watched,
    );
    match strict {
        true => {
            assert!(
                result.is_err(),
                "a touched attribute drifted and nobody saw"
            );
            assert_eq!(case.world.done.len(), before, "something was written");
        }
        false => {
            result.expect("an untouched attribute is nobody's business");
        }
    }
}

#[test]
fn drift_of_what_is_touched_stops_everything_and_other_drift_nothing() {
    holds("touched", |case, _| drift_is_seen(case, true));
    holds("untouched", |case, _| drift_is_seen(case, false));
    catches("live is not read again", |case| {
        let stale = case.world.read();
        let seen = |case: &Case| {
            case.plan
                .clone()
                .against(Live::of(stale.clone()), TODAY)
                .is_err()
        };
        let before = format!("{:?}", case.world.users);
        drift_is_seen(case, true);
        let drifted = format!("{:?}", case.world.users) != before;
        assert!(!drifted || seen(case), "an old reading shows no drift");
    });
}

/// The comparison, the slow and obvious way.
fn naive(live: &Directory, goal: &Directory) -> Set<String> {
    let mut subjects = Set::new();
    let mut differ = |subject: Subject| {
        subjects.insert(format!("{subject:?}"));
    };
    for name in live.users.keys().chain(goal.users.keys()) {
        if live.users.get(name) != goal.users.get(name) {
            differ(Subject::User(name.clone()));
        }
    }
    for name in live.groups.keys().chain(goal.groups.keys()) {
        if live.groups.get(name) != goal.groups.get(name) {
            differ(Subject::Group(name.clone()));
        }
    }
    let (before, after): (Set<_>, Set<_>) =
        (live.members.iter().collect(), goal.members.iter().collect());
    for member in before.symmetric_difference(&after).copied() {
        if goal.users.contains_key(&member.user) && goal.groups.contains_key(&member.group) {
            differ(Subject::Member(member.clone()));
        }
    }
    for holder in live.seats.keys().chain(goal.seats.keys()) {
        if live.seats.get(holder) != goal.seats.get(holder) {
            differ(Subject::Seat(holder.clone()));
        }
    }
    subjects
}

fn agrees(live: &Directory, goal: &Directory, operations: &[Operation]) {
    let found: Set<String> = operations
        .iter()
        .map(|op| format!("{:?}", op.subject()))
        .collect();
    assert_eq!(found.len(), operations.len(), "one operation a subject");
    assert_eq!(found, naive(live, goal));
}

#[test]
fn the_comparison_finds_what_the_obvious_one_finds() {
    holds("comparison", |case, _| {
        let (live, goal) = case.desired.over(Live::of(case.world.read()), TODAY);
        agrees(
            &live.directory,
            &goal.directory,
            &diff(&live.directory, &goal.directory),
        );
    });
    catches("seats are not compared", |case| {
        let (live, goal) = case.desired.over(Live::of(case.world.read()), TODAY);
        let mut operations = diff(&live.directory, &goal.directory);
        operations.retain(|op| op.subject().family() != Family::Seats);
        agrees(&live.directory, &goal.directory, &operations);
    });
}

/// `laid` is what is laid over live; who leaves is what the case says.
fn leavers_have_left(case: &Case, laid: &Desired) {
    let (live, goal) = laid.over(Live::of(case.world.read()), TODAY);
    if !goal.blocks.is_empty() || case.desired.policy.manage.len() < 4 {
        return;
    }
    for (user, claim) in &case.desired.users {
        let leaves = claim
            .leaving
            .as_ref()
            .is_some_and(|said| said.value == Leaving::Offboarded);
        if !leaves || !live.directory.users.contains_key(user) {
            continue;
        }
        let holder = Principal::User(user.clone());
        let keeps = goal.directory.seats.contains_key(&holder);
        assert!(!keeps, "{user} keeps a seat");
    }
}

#[test]
fn who_leaves_keeps_nothing_that_may_be_taken() {
    holds("leavers", |case, _| leavers_have_left(case, &case.desired));
    catches("offboarded people keep their seats", |case| {
        let mut kept = case.desired.clone();
        for claim in kept.users.values_mut() {
            claim.leaving = None;
        }
        leavers_have_left(case, &kept);
    });
}
