//! All documents together: every fact once, and the lists of both sides of a membership united.

use super::document::{Document, Fact, GroupPart, Listing, RootPart, UserPart};
use crate::desired::{Ask, Desired, GroupClaim, Leaving, Root, Said, UserClaim};
use crate::model::{Attribute, Membership, Place, Tier, UserName, Value};
use crate::problem::{Problem, Spot};
use std::collections::{BTreeMap, HashMap};

impl Desired {
    /// The union, and a problem for every fact that is said twice. Unless the documents are the `whole` roster, what is
    /// missing is no problem.
    pub(super) fn of(documents: Vec<Document>, whole: bool, problems: &mut Vec<Problem>) -> Self {
        let mut join = Join { whole, problems };
        let mut desired = Self::default();
        let mut root: Option<RootPart> = None;
        let mut users: BTreeMap<_, Vec<UserPart>> = BTreeMap::new();
        let mut groups: BTreeMap<_, Vec<GroupPart>> = BTreeMap::new();
        for document in documents {
            if document.table {
                let tiers = document.users.iter().filter(|part| part.seat.is_some());
                desired.tables.push(Said {
                    value: tiers.count(),
                    at: Place {
                        file: document.file.clone(),
                        line: 1,
                        column: 1,
                    },
                });
            }
            match (&root, document.root) {
                (Some(first), Some(second)) => join.second_root(first, &second),
                (None, Some(first)) => root = Some(first),
                (_, None) => {}
            }
            for part in document.users {
                users.entry(part.name.clone()).or_default().push(part);
            }
            for part in document.groups {
                groups.entry(part.name.clone()).or_default().push(part);
            }
        }
        if let Some(root) = root {
            let RootPart {
                at,
                target,
                invite,
                policy,
                prices,
                acknowledge,
            } = root;
            let at = at.place;
            desired.root = Some(Root { at, target });
            desired.invite = invite;
            desired.policy = policy;
            desired.prices = prices.unwrap_or_default();
            desired.acknowledge = acknowledge;
        }
        for (name, parts) in users {
            let claim = join.user(&name, parts, &mut desired.members);
            desired.users.insert(name, claim);
        }
        for (name, parts) in groups {
            let claim = join.group(parts, &mut desired.members);
            desired.groups.insert(name, claim);
        }
        for places in desired.members.values_mut() {
            places.sort();
        }
        desired
    }
}

type Members = BTreeMap<Membership, Vec<Place>>;

struct Join<'p> {
    whole: bool,
    problems: &'p mut Vec<Problem>,
}

impl Join<'_> {
    fn user(&mut self, name: &UserName, parts: Vec<UserPart>, members: &mut Members) -> UserClaim {
        let mut claim = UserClaim::default();
        let (mut state, mut seat, mut until) = (None, None, None);
        let mut attributes: BTreeMap<Attribute, Fact<Ask<Value>>> = BTreeMap::new();
        let mut groups = HashMap::new();
        let (mut tier_mentioned, mut email_mentioned) = (false, false);
        for part in parts {
            let UserPart {
                name: _,
                at,
                state: part_state,
                previously,
                attributes: part_attributes,
                seat: part_seat,
                until: part_until,
                groups: part_groups,
                tier_mentioned: part_tier,
                email_mentioned: part_email,
                stands_in,
            } = part;
            claim.at.push(at.place);
            self.once(&mut state, part_state, || format!("`state` of `{name}`"));
            self.once(&mut seat, part_seat, || format!("`tier` of `{name}`"));
            self.once(&mut until, part_until, || format!("`until` of `{name}`"));
            for (attribute, fact) in part_attributes {
                match attributes.get(&attribute) {
                    Some(first) => {
                        let what = format!("`{}` of `{name}`", attribute.key());
                        self.twice(&what, first, &fact);
                    }
                    None => {
                        attributes.insert(attribute, fact);
                    }
                }
            }
            claim.previously.extend(previously.into_iter().map(said));
            for Fact { value: group, at } in part_groups {
                if let Some(first) = groups.get(&group) {
                    self.repeated(&format!("`{name}` in group `{group}`"), at, first);
                    continue;
                }
                let member = Membership::new(group.clone(), name.clone());
                members.entry(member).or_default().push(at.place.clone());
                groups.insert(group, at);
            }
            claim.stands_in |= stands_in;
            tier_mentioned |= part_tier;
            email_mentioned |= part_email;
        }
        if self.whole {
            self.until_needs_tier(name, &until, &seat, tier_mentioned);
            if let Some(Fact {
                value: Leaving::Absent,
                at,
            }) = &state
                && !email_mentioned
            {
                let message = format!("`state: absent` of `{name}` lacks the `email`");
                let hint = "add the live user's, so that no namesake is ever deleted";
                self.problems
                    .push(Problem::new(at.clone(), message).hint(hint));
            }
        }
        claim.leaving = state.map(said);
        claim.seat = seat.map(said);
        claim.until = until.map(said);
        claim.attributes = attributes
            .into_iter()
            .map(|(a, fact)| (a, said(fact)))
            .collect();
        claim
    }

    fn group(&mut self, parts: Vec<GroupPart>, members: &mut Members) -> GroupClaim {
        let mut claim = GroupClaim::default();
        let (mut absent, mut description, mut seat) = (None, None::<Fact<Ask<_>>>, None);
        let (mut membership, mut listed) = (None, None);
        let mut people: HashMap<UserName, Spot> = HashMap::new();
        for part in parts {
            let GroupPart {
                name,
                at,
                absent: part_absent,
                previously,
                description: part_description,
                seat: part_seat,
                members: part_members,
                membership: part_membership,
            } = part;
            claim.at.push(at.place);
            let part_absent = part_absent.map(|at| Fact { value: (), at });
            self.once(&mut absent, part_absent, || {
                format!("`state` of group `{name}`")
            });
            self.once(&mut seat, part_seat, || format!("`tier` of group `{name}`"));
            self.once(&mut membership, part_membership, || {
                format!("`membership` of group `{name}`")
            });
            for fact in part_description {
                match &description {
                    Some(first) => {
                        self.twice(&format!("`description` of group `{name}`"), first, &fact);
                    }
                    None => description = Some(fact),
                }
            }
            claim.previously.extend(previously.into_iter().map(said));
            let Some(Fact { value: list, at }) = part_members else {
                continue;
            };
            listed.get_or_insert(at.place);
            for Fact { value: user, at } in list {
                if let Some(first) = people.get(&user) {
                    self.repeated(&format!("`{user}` in group `{name}`"), at, first);
                    continue;
                }
                let member = Membership::new(name.clone(), user.clone());
                members.entry(member).or_default().push(at.place.clone());
                people.insert(user, at);
            }
        }
        claim.absent = absent.map(|fact| fact.at.place);
        claim.description = description.map(said);
        claim.seat = seat.map(said);
        claim.exact = match membership {
            Some(Fact {
                value: Listing::Additive,
                ..
            }) => None,
            Some(Fact {
                value: Listing::Exact,
                at,
            }) => Some(at.place),
            None => listed,
        };
        claim
    }

    fn once<T>(
        &mut self,
        slot: &mut Option<Fact<T>>,
        said: Option<Fact<T>>,
        what: impl Fn() -> String,
    ) {
        match (&slot, said) {
            (_, None) => {}
            (None, Some(fact)) => *slot = Some(fact),
            (Some(first), Some(second)) => self.repeated(&what(), second.at, &first.at),
        }
    }

    fn twice<T>(&mut self, what: &str, first: &Fact<Ask<T>>, second: &Fact<Ask<T>>) {
        let (is, place) = match (&first.value, &second.value) {
            (Ask::Is(_), Ask::Nothing) => ("is both set and cleared", "set here"),
            (Ask::Nothing, Ask::Is(_)) => ("is both set and cleared", "cleared here"),
            (Ask::Nothing, Ask::Nothing) => ("is cleared twice", "first here"),
            (Ask::Is(_), Ask::Is(_)) => {
                return self.repeated(what, second.at.clone(), &first.at);
            }
        };
        let problem = Problem::new(second.at.clone(), format!("{what} {is}"));
        self.problems.push(problem.also(first.at.clone(), place));
    }

    fn repeated(&mut self, what: &str, at: Spot, first: &Spot) {
        let problem = Problem::new(at, format!("{what} is said twice"))
            .also(first.clone(), "first here")
            .hint("each fact has one place: take one of them out");
        self.problems.push(problem);
    }

    fn until_needs_tier<T>(
        &mut self,
        name: &UserName,
        until: &Option<Fact<T>>,
        seat: &Option<Fact<Ask<Tier>>>,
        tier_mentioned: bool,
    ) {
        let Some(until) = until else { return };
        let at = until.at.clone();
        if !tier_mentioned {
            let problem = Problem::new(at, format!("`until` of `{name}` without a `tier`"));
            self.problems
                .push(problem.hint("`until` is the last day of the tier beside it"));
        } else if let Some(Fact {
            value: Ask::Nothing,
            at: none,
        }) = seat
        {
            let problem = Problem::new(at, format!("`until` of `{name}` beside `tier: none`"))
                .also(none.clone(), "no seat, from now on")
                .hint("`until` is the last day of the tier beside it");
            self.problems.push(problem);
        }
    }

    fn second_root(&mut self, first: &RootPart, second: &RootPart) {
        let problem = Problem::new(second.at.clone(), "two root files")
            .also(first.at.clone(), "this is one already")
            .hint("only one file has `version`, and with it `target`, `policy` and the like");
        self.problems.push(problem);
    }
}

fn said<T>(fact: Fact<T>) -> Said<T> {
    let Fact { value, at } = fact;
    let at = at.place;
    Said { value, at }
}
