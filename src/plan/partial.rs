//! Some of a plan: `--only` chooses operations and pulls in what they need, `--additive` leaves out what takes or
//! renames. Neither changes what the roster claims, so each operation stays exactly what it was.

use super::draft::created;
use super::{Action, Change, Operation, Order, Plan, Side, identity_changes, on, shifts};
use crate::cost::Cost;
use crate::directory::Directory;
use crate::goal::{Block, Reason};
use crate::live::Live;
use crate::model::{Glob, Membership, Principal, Subject, UserName};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet as Set, HashMap, HashSet};
use std::fmt;

/// What a partial plan was asked to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Partial {
    /// `--only`, in the order given; empty: all.
    pub only: Vec<Selector>,
    /// `--additive`.
    pub additive: bool,
}

/// `KIND:GLOB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Which kind.
    pub kind: Kind,
    /// Which names; a membership's on either end.
    pub glob: Glob,
}

/// The four kinds of what can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Users.
    User,
    /// Groups.
    Group,
    /// Memberships.
    Membership,
    /// Seats.
    Seat,
}

impl Kind {
    const ALL: [Self; 4] = [Self::User, Self::Group, Self::Membership, Self::Seat];

    /// As plan files and `--only` spell it.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Membership => "membership",
            Self::Seat => "seat",
        }
    }

    /// Of what an operation is about.
    pub fn of(subject: &Subject) -> Self {
        match subject {
            Subject::User(_) => Self::User,
            Subject::Group(_) => Self::Group,
            Subject::Member(_) => Self::Membership,
            Subject::Seat(_) => Self::Seat,
        }
    }
}

impl Selector {
    /// Reads `KIND:GLOB`.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let kinds = Kind::ALL.map(Kind::key).join(", ");
        let (kind, glob) = text
            .split_once(':')
            .ok_or_else(|| format!("`{text}` is not KIND:GLOB, such as `user:*@example.com`"))?;
        let found = Kind::ALL.into_iter().find(|known| known.key() == kind);
        let kind = found.ok_or_else(|| format!("`{kind}` is no kind; there are {kinds}"))?;
        if glob.is_empty() {
            return Err("an empty glob fits nothing".to_owned());
        }
        let glob = Glob::new(glob);
        Ok(Self { kind, glob })
    }

    /// Whether it chooses this user.
    pub fn fits_user(&self, user: &UserName) -> bool {
        self.kind == Kind::User && self.glob.fits(user.as_str())
    }

    /// Whether it chooses this.
    pub fn fits(&self, subject: &Subject) -> bool {
        self.kind == Kind::of(subject) && subject.principals().any(|end| self.glob.fits(end.name()))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.key(), self.glob.as_str())
    }
}

impl Plan {
    /// The same plan with only what `partial` chooses; what it leaves out is kept in [`Plan::left_out`]. `live` is filed
    /// under the plan's names.
    pub fn partly(mut self, partial: &Partial, live: &Live, today: Date) -> Self {
        if *partial == Partial::default() {
            return self;
        }
        let chosen = chosen(partial, &self, &live.directory);
        let (mut operations, mut left_out) = (Vec::new(), Vec::new());
        for (index, operation) in self.operations.into_iter().enumerate() {
            match chosen.contains(&index) {
                true => operations.push(operation),
                false => left_out.push(operation),
            }
        }
        self.operations = operations;
        self.left_out = left_out;
        self.partial = partial.clone();
        let created: Set<_> = created(&self.operations).into_iter().collect();
        self.invites.retain(|user| created.contains(user));
        let after = on(Side::After, &live.directory, &self.operations);
        self.shifts = shifts(&self.operations, &live.directory, &after);
        self.cost = Cost::of(live, &after, &self.cost.prices, today);
        let touched: Set<Principal> = self.operations.iter().flat_map(principals).collect();
        self.basis
            .retain(|principal, _| touched.contains(principal));
        self.blocks
            .retain(|block| !matches!(block, Block::EmailRing { .. }));
        match Order::of(&self.operations, &live.directory, &after) {
            Ok(order) => self.overshoots = order.overshoots,
            Err(ring) => self.blocks.push(Block::EmailRing { users: ring.users }),
        }
        self.forget_others(&touched, &live.directory);
        self
    }
}

impl Plan {
    /// What stands only in the way of others stops nothing, and what is only to be known of others is no news.
    fn forget_others(&mut self, touched: &Set<Principal>, live: &Directory) {
        let part = Part::of(self, touched, live);
        let stops: Vec<bool> = self
            .blocks
            .iter()
            .map(|block| part.is_stopped_by(block))
            .collect();
        let mut stops = stops.into_iter();
        self.blocks.retain(|_| stops.next().unwrap_or(true));
        let standing: HashSet<Principal> = self.blocks.iter().flat_map(Block::principals).collect();
        self.refused.retain(|operation| {
            principals(operation)
                .iter()
                .any(|end| standing.contains(end))
        });
        let Partial { only, .. } = &self.partial;
        let concerns = |who: &Principal| {
            let chosen = only.iter().any(|selector| selector.glob.fits(who.name()));
            only.is_empty() || chosen || touched.contains(who)
        };
        self.notes.retain(|note| {
            let about = note.principals();
            about.is_empty() || about.iter().any(concerns)
        });
    }
}

/// What a block is held against: the part that was chosen.
struct Part<'p> {
    partial: &'p Partial,
    touched: &'p Set<Principal>,
    /// Who loses by it.
    losers: HashSet<&'p UserName>,
    /// What blocks forbid, by each end of it.
    forbidden: HashMap<Principal, Vec<&'p Operation>>,
    live: &'p Directory,
}

impl<'p> Part<'p> {
    fn of(plan: &'p Plan, touched: &'p Set<Principal>, live: &'p Directory) -> Self {
        let mut forbidden: HashMap<Principal, Vec<&Operation>> = HashMap::new();
        for operation in &plan.refused {
            for end in principals(operation) {
                forbidden.entry(end).or_default().push(operation);
            }
        }
        let losers = plan.shifts.iter().filter(|(_, shift)| shift.lowers());
        Self {
            partial: &plan.partial,
            touched,
            losers: losers.map(|(user, _)| user).collect(),
            forbidden,
            live,
        }
    }

    fn is_stopped_by(&self, block: &Block) -> bool {
        let Partial { only, additive } = self.partial;
        if *additive && self.forbids_taking(block) {
            return false;
        }
        let against = block.principals();
        only.is_empty()
            || against.is_empty()
            || self.is_touched(block, &against)
            || self.is_chosen(block, &against)
            || against.iter().any(|who| self.takes_from(who))
    }

    /// Whether the part does something about the same people or groups; also to people who would have joined them.
    fn is_touched(&self, block: &Block, against: &[Principal]) -> bool {
        let about = match block.subject() {
            Some(subject) => subject.principals().collect(),
            None => against.to_vec(),
        };
        about.iter().any(|who| {
            let mut joins = self.joins(who);
            let user = |member: &Membership| Principal::User(member.user.clone());
            self.touched.contains(who) || joins.any(|member| self.touched.contains(&user(member)))
        })
    }

    /// The memberships that are forbidden with it.
    fn joins(&self, who: &Principal) -> impl Iterator<Item = &'p Membership> {
        let forbidden = self.forbidden.get(who).into_iter().flatten();
        forbidden.filter_map(|operation| match operation {
            Operation::Member(member, _) => Some(member),
            Operation::User(..) | Operation::Group(..) | Operation::Seat(..) => None,
        })
    }

    fn forbids_taking(&self, block: &Block) -> bool {
        let Some(subject) = block.subject() else {
            return false;
        };
        let ends = subject.principals();
        let mut forbidden = ends.filter_map(|end| self.forbidden.get(&end)).flatten();
        forbidden.any(|operation| operation.subject() == subject && takes(operation))
    }

    /// Whether what it forbids, or what hangs on that, was chosen. Of a name that could be anybody's, nobody knows what would
    /// hang on it.
    fn is_chosen(&self, block: &Block, against: &[Principal]) -> bool {
        let only = &self.partial.only;
        let fits = |subject: &Subject| only.iter().any(|selector| selector.fits(subject));
        let ambiguous = matches!(block, Block::NamesLive { .. });
        against.iter().any(|who| {
            let named = || only.iter().any(|selector| selector.glob.fits(who.name()));
            let forbidden = self.forbidden.get(who).into_iter().flatten();
            let mut forbidden = forbidden.map(|operation| operation.subject());
            fits(&who.clone().into())
                || forbidden.any(|subject| fits(&subject))
                || ambiguous && named()
        })
    }

    /// Whether this or somebody in it loses by the part: what is forbidden may be what was to replace it.
    fn takes_from(&self, who: &Principal) -> bool {
        if self.losers.is_empty() {
            return false;
        }
        match who {
            Principal::User(user) => self.losers.contains(user),
            Principal::Group(group) => {
                let mut members = self.live.members_of(group).chain(self.joins(who));
                members.any(|member| self.losers.contains(&member.user))
            }
        }
    }
}

fn principals(operation: &Operation) -> Vec<Principal> {
    operation.subject().principals().collect()
}

fn chosen(partial: &Partial, plan: &Plan, live: &Directory) -> Set<usize> {
    let operations = plan.operations.iter().enumerate();
    let wanted = operations.filter(|(_, operation)| {
        let subject = operation.subject();
        let only = partial.only.is_empty() || partial.only.iter().any(|s| s.fits(&subject));
        only && !(partial.additive && takes(operation))
    });
    let wanted: Vec<usize> = wanted.map(|(index, _)| index).collect();
    let graph = Needs::of(&plan.operations);
    let needs = |index: &usize| graph.needed_by(&plan.operations[*index], plan);
    let mut chosen = Set::new();
    let mut fresh = wanted;
    while !fresh.is_empty() {
        while let Some(index) = fresh.pop() {
            if chosen.insert(index) {
                fresh.extend(needs(&index));
            }
        }
        if !partial.additive {
            fresh = replacements(&chosen, plan, live);
        }
    }
    if partial.additive {
        chosen.retain(|index| !takes(&plan.operations[*index]));
        // What needs something that was left out cannot be done either.
        loop {
            let stuck = |index: &&usize| needs(index).iter().any(|n| !chosen.contains(n));
            let stuck: Set<usize> = chosen.iter().filter(stuck).copied().collect();
            if stuck.is_empty() {
                break;
            }
            chosen.retain(|index| !stuck.contains(index));
        }
    }
    chosen
}

/// What is missing for those who would be lower with only what is chosen than they are now, and than they are to be: nobody
/// loses a seat because half of a move was chosen.
fn replacements(chosen: &Set<usize>, plan: &Plan, live: &Directory) -> Vec<usize> {
    let some: Vec<Operation> = chosen.iter().map(|i| plan.operations[*i].clone()).collect();
    let shifts = shifts(&some, live, &on(Side::After, live, &some));
    let losers: HashSet<&UserName> = shifts
        .iter()
        .filter(|(user, shift)| {
            let whole = plan.shifts.get(*user);
            let meant = whole.map_or(shift.before, |whole| whole.after);
            shift.lowers() && shift.after < meant
        })
        .map(|(user, _)| user)
        .collect();
    if losers.is_empty() {
        return vec![];
    }
    let whole = on(Side::After, live, &plan.operations);
    let gives = |operation: &Operation| match operation {
        Operation::Seat(Principal::User(user), change) => {
            change.after > change.before && losers.contains(user)
        }
        Operation::Member(member, change) => {
            let seated = whole.tier_of(&member.group).is_some();
            change.after.is_some() && seated && losers.contains(&member.user)
        }
        Operation::Seat(Principal::Group(group), change) => {
            let is_in = |user: &&UserName| {
                let member = Membership::new(group.clone(), (*user).clone());
                whole.members.contains(&member)
            };
            change.after > change.before && losers.iter().any(is_in)
        }
        Operation::User(..) | Operation::Group(..) => false,
    };
    let operations = plan.operations.iter().enumerate();
    let missing =
        operations.filter(|(index, operation)| !chosen.contains(index) && gives(operation));
    missing.map(|(index, _)| index).collect()
}

/// Whether an operation removes, lowers or gives somebody another identity.
fn takes(operation: &Operation) -> bool {
    match operation {
        Operation::Seat(_, change) => change.after < change.before,
        // An emptied attribute is a removal as well: nothing in the roster could bring it back.
        Operation::User(
            _,
            Change {
                before: Some(was),
                after: Some(will),
            },
        ) => {
            let mut set = was.attributes.keys();
            identity_changes(operation) || set.any(|key| !will.attributes.contains_key(key))
        }
        Operation::Group(
            _,
            Change {
                before: Some(was),
                after: Some(will),
            },
        ) => was.name != will.name || (was.description.is_some() && will.description.is_none()),
        Operation::User(..) | Operation::Group(..) | Operation::Member(..) => {
            operation.action() == Action::Delete
        }
    }
}

/// Which operations others rest on: creations, addresses set free, and what goes with its owner.
struct Needs {
    creates: HashMap<Principal, usize>,
    frees: HashMap<String, usize>,
    seats: HashMap<Principal, usize>,
}

impl Needs {
    fn of(operations: &[Operation]) -> Self {
        let mut needs = Self {
            creates: HashMap::new(),
            frees: HashMap::new(),
            seats: HashMap::new(),
        };
        for (index, operation) in operations.iter().enumerate() {
            match operation {
                Operation::User(name, change) => {
                    if change.before.is_none() {
                        needs.creates.insert(Principal::User(name.clone()), index);
                    }
                    let freed = change.email_freed();
                    needs.frees.extend(freed.map(|email| (email, index)));
                }
                Operation::Group(name, change) if change.before.is_none() => {
                    needs.creates.insert(Principal::Group(name.clone()), index);
                }
                Operation::Seat(holder, change) if change.after.is_none() => {
                    needs.seats.insert(holder.clone(), index);
                }
                Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => {}
            }
        }
        needs
    }

    fn needed_by(&self, operation: &Operation, plan: &Plan) -> Vec<usize> {
        let mut needed: Vec<usize> = principals(operation)
            .iter()
            .filter(|_| operation.action() != Action::Delete)
            .filter(|end| !is_itself(operation, end))
            .filter_map(|end| self.creates.get(end).copied())
            .collect();
        match operation {
            Operation::User(name, change) => {
                let email = change.email_taken();
                needed.extend(email.and_then(|email| self.frees.get(&email).copied()));
                if change.after.is_none() {
                    needed.extend(self.goes_with(Principal::User(name.clone()), plan));
                }
            }
            Operation::Group(name, change) if change.after.is_none() => {
                needed.extend(self.goes_with(Principal::Group(name.clone()), plan));
            }
            Operation::Group(..) | Operation::Member(..) | Operation::Seat(..) => {}
        }
        needed.retain(|index| plan.operations.get(*index) != Some(operation));
        needed
    }

    /// The seat of somebody who is deleted.
    fn goes_with(&self, owner: Principal, plan: &Plan) -> Option<usize> {
        let goes =
            plan.why.get(&Subject::Seat(owner.clone())) == Some(&Reason::GoesWith(owner.clone()));
        self.seats.get(&owner).copied().filter(|_| goes)
    }
}

fn is_itself(operation: &Operation, end: &Principal) -> bool {
    match operation {
        Operation::User(name, _) => *end == Principal::User(name.clone()),
        Operation::Group(name, _) => *end == Principal::Group(name.clone()),
        Operation::Member(..) | Operation::Seat(..) => false,
    }
}
