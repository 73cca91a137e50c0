//! What stops a part, and what is to be known of it: not what is about others alone.

use super::{Partial, principals, takes};
use crate::directory::Directory;
use crate::goal::Block;
use crate::model::{Membership, Principal, Subject, UserName};
use crate::plan::{Operation, Plan};
use std::collections::{BTreeSet as Set, HashMap, HashSet};

impl Plan {
    /// What stands only in the way of others stops nothing, and what is only to be known of others is no news.
    pub(super) fn forget_others(&mut self, touched: &Set<Principal>, live: &Directory) {
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
    /// Whom it takes something from, a membership that gives no seat as well.
    taken_from: HashSet<Principal>,
    /// Who loses a tier by it.
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
        let taking = plan.operations.iter().filter(|operation| takes(operation));
        let users = taking.flat_map(principals);
        let users = users.filter(|end| matches!(end, Principal::User(_)));
        let losers = plan.shifts.iter().filter(|(_, shift)| shift.lowers());
        Self {
            partial: &plan.partial,
            touched,
            taken_from: users.collect(),
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
        if self.losers.is_empty() && self.taken_from.is_empty() {
            return false;
        }
        match who {
            Principal::User(user) => self.losers.contains(user) || self.taken_from.contains(who),
            Principal::Group(group) => {
                let mut members = self.live.members_of(group).chain(self.joins(who));
                members.any(|member| self.losers.contains(&member.user))
            }
        }
    }
}
