//! Whether people are listed or looked up: the same plan comes out, and the same is left of a saved one. The store answers
//! in any order, a page holds a few, and its look-ups tell upper from lower case, do not, or are refused.

use super::saved::meddle;
use super::{CASES, Case, TODAY, case};
use crate::chance::Chance;
use crate::world::{Held, Person, World};
use kiroster::desired::{Bound, Limit, Prune, Said};
use kiroster::goal::{Aside, Block};
use kiroster::live::{
    Answer, Because, Care, EmailSought, Id, Leaver, Live, Look, Question, Reach, Reading, Search,
    Ways, Whole,
};
use kiroster::model::{Attribute, Text, Usd, UserName, Value, folded};
use kiroster::plan::{Action, Misfit, Operation, Plan};
use kiroster::planfile;
use std::collections::BTreeMap as Map;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lookups {
    Fold,
    TellCase,
    Refused,
}

const ROUNDS: u64 = 800;

/// What AWS would answer.
struct Store {
    whole: Reading,
    page: usize,
    lookups: Lookups,
}

impl Store {
    fn of(world: &World, chance: &mut Chance) -> Self {
        let mut whole = world.read();
        shuffle(&mut whole.users, chance);
        shuffle(&mut whole.groups, chance);
        Self {
            whole,
            page: 1 + chance.below(3),
            lookups: match chance.below(8) {
                0 => Lookups::Refused,
                1 | 2 => Lookups::TellCase,
                _ => Lookups::Fold,
            },
        }
    }

    /// Asks until nothing is left to ask, and answers in any order.
    fn read(&self, reach: Reach, chance: &mut Chance) -> (Live, Ways, Vec<Question>) {
        let mut search = Search::of(reach);
        let (mut open, mut asked) = (vec![], vec![]);
        loop {
            let questions = search.ask();
            for question in &questions {
                assert!(!asked.contains(question), "asked twice: {question:?}");
            }
            asked.extend(questions.clone());
            open.extend(questions);
            if open.is_empty() {
                break;
            }
            let question = open.swap_remove(chance.below(open.len()));
            let answer = self.answer(&question);
            search.told(question, answer);
        }
        let (reading, ways) = search.done();
        (Live::of(reading), ways, asked)
    }

    fn answer(&self, question: &Question) -> Answer {
        let seats = self.whole.seats.clone().unwrap_or_default();
        let members = |wanted: &dyn Fn(&(Id, Id, Id)) -> bool| {
            let members = self.whole.members.iter().filter(|member| wanted(member));
            members.cloned().collect::<Vec<_>>()
        };
        match question {
            Question::Rows => Answer::Rows(seats.rows),
            Question::Claims => Answer::Claims(seats.claims),
            Question::Users(token) => {
                let (page, next) = self.page(&self.whole.users, token.as_ref());
                Answer::Users(page, next)
            }
            Question::Groups(token) => {
                let (page, next) = self.page(&self.whole.groups, token.as_ref());
                Answer::Groups(page, next)
            }
            Question::Members(group, token) => {
                let (page, next) = self.page(&members(&|(of, ..)| of == group), token.as_ref());
                Answer::Members(page, next)
            }
            Question::GroupsOf(user) => Answer::Members(members(&|(_, of, _)| of == user), None),
            Question::User(_) | Question::Group(_) if self.lookups == Lookups::Refused => {
                Answer::Refused
            }
            Question::User(Look::Id(id)) => {
                let user = self.whole.users.iter().find(|user| user.id == *id);
                Answer::User(user.cloned().map(Box::new))
            }
            Question::User(Look::Named(name)) => {
                let mut users = self.whole.users.iter();
                let user = users.find(|user| self.same(user.name.as_str(), name));
                Answer::Id(user.map(|user| user.id.clone()))
            }
            Question::User(Look::Mail(mail)) => {
                let email = |attributes: &Map<Attribute, Value>| {
                    let email = attributes.get(&Attribute::Email).and_then(Value::as_text);
                    email.map(str::to_owned)
                };
                let mut users = self.whole.users.iter();
                let user = users.find(|user| {
                    email(&user.attributes).is_some_and(|email| self.same(&email, mail))
                });
                Answer::Id(user.map(|user| user.id.clone()))
            }
            Question::Group(Look::Id(id)) => {
                let group = self.whole.groups.iter().find(|group| group.id == *id);
                Answer::Group(group.cloned())
            }
            Question::Group(Look::Named(name)) => {
                let mut groups = self.whole.groups.iter();
                let group = groups.find(|group| self.same(group.name.as_str(), name));
                Answer::Id(group.map(|group| group.id.clone()))
            }
            Question::Group(Look::Mail(_)) => Answer::Id(None),
        }
    }

    fn same(&self, one: &str, other: &str) -> bool {
        match self.lookups {
            Lookups::Fold => folded(one) == folded(other),
            Lookups::TellCase | Lookups::Refused => one == other,
        }
    }

    fn page<T: Clone>(&self, all: &[T], token: Option<&Text>) -> (Vec<T>, Option<Text>) {
        let start = token.map_or(0, |token| token.parse().expect("a token"));
        let end = (start + self.page).min(all.len());
        let next = (end < all.len()).then(|| end.to_string().into());
        (all[start..end].to_vec(), next)
    }
}

fn shuffle<T>(all: &mut [T], chance: &mut Chance) {
    for last in (1..all.len()).rev() {
        all.swap(last, chance.below(last + 1));
    }
}

/// Somebody whom no roster names.
fn stranger(n: u32) -> Person {
    let email = Value::text(format!("s{n}@x"));
    Person {
        name: format!("s{n}"),
        attributes: Map::from([(Attribute::Email, email)]),
        revision: 1,
        disabled: false,
        provided: false,
    }
}

/// A case among many people and groups that no roster names; the limits are tight enough to trip, and addresses may
/// differ in case.
fn crowded(seed: u64) -> Case {
    let mut case = case(seed);
    let chance = &mut case.chance;
    let crowd = chance.below(40) as u32;
    for n in 0..crowd {
        let mut person = stranger(n);
        person.provided = chance.one_in(8);
        let id = 2_000 + n;
        case.world.users.insert(id, person);
        if chance.one_in(3) {
            let held = [Held::Active, Held::Pending][chance.below(2)];
            case.world.own.insert(id, (chance.tier(), held));
        }
    }
    for n in 0..chance.below(20) as u32 {
        let team = crate::world::Team {
            name: format!("t{n}"),
            description: None,
            revision: 1,
            provided: chance.one_in(8),
        };
        case.world.groups.insert(3_000 + n, team);
        if chance.one_in(6) {
            case.world.subscribed.insert(3_000 + n, chance.tier());
        }
    }
    let people: Vec<u32> = case.world.users.keys().copied().collect();
    for team in case.world.groups.keys() {
        for user in people.iter().filter(|_| chance.one_in(6)) {
            case.world.members.insert((*team, *user));
        }
    }
    for person in case.world.users.values_mut() {
        if chance.one_in(8)
            && let Some(Value::Text(email)) = person.attributes.get(&Attribute::Email)
        {
            let email = Value::text(email.to_uppercase());
            person.attributes.insert(Attribute::Email, email);
        }
    }
    let policy = &mut case.desired.policy;
    for limit in Limit::ALL {
        let bound = Bound {
            floor: chance.below(4) as u32,
            percent: chance.below(60) as u32,
        };
        policy.limits.insert(limit, bound);
    }
    let at = kiroster::model::Place {
        file: "k.yaml".into(),
        line: 1,
        column: 1,
    };
    if chance.one_in(12) {
        policy.prune = Some(Said {
            value: [Prune::Disabled, Prune::Unlisted][chance.below(2)],
            at: at.clone(),
        });
    }
    if chance.one_in(12) {
        policy.budget = Some(Said {
            value: Usd::whole(chance.below(400) as i64),
            at: at.clone(),
        });
    }
    if chance.one_in(4) {
        let requirement = kiroster::desired::Requirement {
            min: chance.below(12) as u32,
            include: vec![],
            at,
        };
        let group = crate::rosters::group(chance.below(3));
        policy.require.insert(group, requirement);
    }
    case
}

fn listing(reach: &Reach) -> Reach {
    Reach {
        whole: Some(Whole::Everything),
        ..reach.clone()
    }
}

/// All of a plan but what is said not to be counted by name, and hints that would need everybody's name.
fn comparable(plan: &Plan) -> String {
    let mut plan = plan.clone();
    plan.unmanaged = None;
    plan.coverage = Default::default();
    for aside in &mut plan.aside {
        if let Aside::Waiting { like, .. } = aside {
            *like = None;
        }
    }
    for block in &mut plan.blocks {
        if let Block::NoSuchGroup { like, .. } = block {
            *like = None;
        }
    }
    plan.blocks.sort();
    // Of a percentage of memberships that nobody loses, nobody asks.
    let loses = |operation: &Operation| {
        operation.action() == Action::Delete && !matches!(operation, Operation::Seat(..))
    };
    if !plan.operations.iter().any(loses) {
        plan.terms.base.memberships = 0;
    }
    let delta = plan.cost.delta();
    plan.cost = Default::default();
    format!("{delta:?} {plan:?}")
}

fn drafted(case: &Case, live: Live) -> (Plan, Live) {
    let (plan, live) = Plan::draft(&case.desired, live, &Default::default(), TODAY);
    (plan.judged(&live, &Map::new()), live)
}

#[derive(Debug, Default)]
struct Tally {
    by_name: usize,
    half: usize,
    back_to_list: usize,
    operations: usize,
    limited: usize,
    saved_by_name: usize,
    stale: usize,
}

/// Both ways, for the roster and then for its saved plan. `spoil` plants a fault in what is asked for by name.
fn both_ways(seed: u64, tally: &mut Tally, spoil: impl Fn(&mut Reach)) {
    let mut case = crowded(seed);
    let mut chance = case.chance.clone();
    let store = Store::of(&case.world, &mut chance);
    let reach = case.desired.reach(true);
    let (listed, ..) = store.read(listing(&reach), &mut chance);
    let mut spoilt = reach;
    spoil(&mut spoilt);
    let (found, ways, asked) = store.read(spoilt, &mut chance);
    tally.count(&ways);
    let whole = ways.users.is_list() && ways.groups.is_list();
    assert_eq!(found.listed.is_all(), whole, "case {seed}: {ways:?}");
    let (by_list, _) = drafted(&case, listed);
    let (by_name, _) = drafted(&case, found);
    let told = format!("case {seed}, {:?}: {ways:?} {asked:?}", store.lookups);
    let digests = [&by_list, &by_name].map(planfile::intended);
    assert_eq!(digests[0], digests[1], "{told}");
    assert_eq!(comparable(&by_list), comparable(&by_name), "{told}");
    assert_eq!(by_name.unmanaged.is_some(), whole);
    tally.operations += by_name.operations.len();
    let limited = |block: &Block| matches!(block, Block::Limit(_));
    tally.limited += usize::from(by_name.blocks.iter().any(limited));
    // A night later, somebody else has been at work.
    for _ in 0..chance.below(3) {
        meddle(&mut case.world, &mut chance);
    }
    let store = Store::of(&case.world, &mut chance);
    let (listed, ..) = store.read(listing(&by_list.reach()), &mut chance);
    let mut spoilt = by_list.reach();
    spoil(&mut spoilt);
    let (found, ways, _) = store.read(spoilt, &mut chance);
    tally.saved_by_name += usize::from(!ways.users.is_list());
    let (one, other) = (left(&by_list, listed), left(&by_list, found));
    tally.stale += usize::from(one.starts_with("Err"));
    assert_eq!(one, other, "case {seed}, {:?}: {ways:?}", store.lookups);
}

#[test]
fn whatever_way_live_is_read_the_same_plan_comes_out_and_the_same_is_left_of_it() {
    let mut tally = Tally::default();
    for seed in 0..ROUNDS {
        both_ways(seed, &mut tally, |_| {});
    }
    let _ = writeln!(std::io::stderr(), "law: both ways: {tally:?}");
    let rarest = [
        tally.by_name,
        tally.half,
        tally.back_to_list,
        tally.limited,
        tally.stale,
    ];
    assert!(
        rarest.iter().all(|count| *count > 60),
        "too tame: {tally:?}"
    );
}

#[test]
fn a_reading_that_forgets_something_is_caught() {
    type Fault = fn(&mut Reach);
    let faults: [(&str, Fault); 9] = [
        ("old names", |reach| {
            reach.sought.users.pop_first();
        }),
        ("addresses", |reach| reach.sought.emails.clear()),
        ("groups", |reach| {
            reach.sought.groups.pop_last();
        }),
        ("the groups of leavers", |reach| {
            reach.leavers.clear();
            reach.leaver_ids.clear();
        }),
        ("the size of groups that are left", |reach| {
            reach
                .leavers
                .values_mut()
                .for_each(|leaver| *leaver = Leaver::Goes);
        }),
        ("names in groups", |reach| {
            reach
                .groups
                .values_mut()
                .for_each(|care| *care = Care::Counted);
            reach
                .group_ids
                .values_mut()
                .for_each(|care| *care = Care::Counted);
        }),
        ("that a new tier is everybody's", |reach| {
            for care in reach.groups.values_mut() {
                if matches!(care, Care::NamedUnlessTier(_)) {
                    *care = Care::Counted;
                }
            }
        }),
        ("what all seats cost, and whom a prune is about", |reach| {
            reach.whole = None;
        }),
        ("who has the name now", |reach| {
            reach
                .sought
                .user_ids
                .values_mut()
                .for_each(|name| *name = None);
        }),
    ];
    for (forgotten, fault) in faults {
        catches(forgotten, |seed| {
            both_ways(seed, &mut Tally::default(), fault)
        });
    }
}

fn catches(forgotten: &str, check: impl Fn(u64)) {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let found = (0..CASES).find(|seed| catch_unwind(AssertUnwindSafe(|| check(*seed))).is_err());
    std::panic::set_hook(hook);
    let seed = found.unwrap_or_else(|| panic!("forgot {forgotten} and was not caught"));
    let _ = writeln!(
        std::io::stderr(),
        "law: caught in case {seed}: forgot {forgotten}"
    );
}

impl Tally {
    fn count(&mut self, ways: &Ways) {
        let by_name = [&ways.users, &ways.groups].map(|way| !way.is_list());
        self.by_name += usize::from(by_name == [true, true]);
        self.half += usize::from(by_name[0] != by_name[1]);
        let back = |because: &Because| matches!(because, Because::Case(_) | Because::Refused);
        self.back_to_list += usize::from(back(&ways.users.because) || back(&ways.groups.because));
    }
}

/// What is left of a saved plan, what stops it, and the ids it would be done with.
fn left(plan: &Plan, live: Live) -> String {
    let mut plan = plan.clone();
    plan.blocks.clear();
    let remaining = match plan.against(live, TODAY) {
        Ok(remaining) => remaining,
        Err(Misfit::Stale(drift) | Misfit::Unclear(_, drift)) => return format!("Err {drift:?}"),
        Err(Misfit::Emptied) => return "Err emptied".to_owned(),
    };
    let (states, beside) = (
        remaining.states().to_vec(),
        format!("{:?}", remaining.beside()),
    );
    match remaining.approve(&Map::new(), &Map::new()) {
        Ok(approved) => format!("{states:?} {beside} {:?}", approved.order),
        Err(blocks) => format!("{states:?} {beside} {blocks:?}"),
    }
}

/// Twenty people, live or new, in stores of so many pages of a hundred.
#[test]
fn the_way_that_is_taken_costs_little_more_than_the_cheaper_one() {
    for pages in [1, 2, 3, 5, 8, 13, 20, 40, 100, 500] {
        for live in [true, false] {
            let mut chance = Chance::new(pages as u64);
            let mut world = World::default();
            for n in 0..pages * 100 {
                world.users.insert(n as u32, stranger(n as u32));
            }
            let mut store = Store::of(&world, &mut chance);
            (store.page, store.lookups) = (100, Lookups::Fold);
            let names = (0..20).map(|n| match live {
                true => format!("s{}", n * pages * 5),
                false => format!("new{n}"),
            });
            let mut reach = Reach::default();
            for name in names {
                reach.sought.emails.insert(EmailSought {
                    email: format!("{name}@x").into(),
                    of: vec![name.clone()],
                });
                reach.sought.users.insert(UserName::new(name));
            }
            let (_, ways, asked) = store.read(reach, &mut chance);
            // Each is a name and an id, or a name and an address; two more ask whether case matters.
            let (made, looks) = (asked.len() - 1, 42);
            assert!(
                made <= looks + looks / 4 + 2,
                "{pages} {live}: {made} {ways:?}"
            );
            assert!(
                !live || made <= pages.min(looks) * 3 / 2 + 2,
                "{pages}: {made}"
            );
        }
    }
}
