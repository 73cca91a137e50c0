//! What of live a roster can touch, rule by rule: who is looked for, whose members matter, and what needs all of it.
//!
//! Looking people up must give the very plan that listing gives, so each rule that reads live stands here:
//!
//! | Rule | What it needs |
//! |---|---|
//! | entries, `previously`, people listed in groups | whoever is called so, in any case (`live::find` falls back to listing where look-ups cannot tell case) |
//! | an e-mail that somebody is to get | whoever holds it |
//! | `state: absent`, `offboarded`, protected groups of who leaves | all groups of that person |
//! | `members`, `membership: exact`, `state: absent` of a group | all names in it: each may be put out, and each may be protected |
//! | `tier` of a group | all names in it, if the tier changes: each is a person whose seat changes |
//! | `require`, percentages of memberships | how many are in a group, if the roster can put anybody out of any |
//! | groups that people join | who of these people is in them |
//! | a group with a seat that no file names | who of these people, and of those whose seats change with a group, is in it: it may give them as much |
//! | groups that people leave by `state` | how many are in them, if so many leave that `shrink_group` could trip |
//! | `scope`, `protect`, `provider` | nothing more: they judge only what is touched |
//! | percentages of users, groups, seats and dollars | nothing more: they are of what the roster names |
//! | `policy.prune` | everybody with a seat: listed |
//! | `policy.budget` | what all seats cost: listed, because only a list tells a seat that is nobody's |
//! | what is unmanaged, and how much the roster covers | listing; not worth one by itself, so it is said not to be counted |
//! | "did you mean" | listing; a hint is not worth one either, so there is none |

use super::{Ask, Desired, GroupClaim, Limit, Policy, Said};
use crate::live::{Care, EmailSought, Leaver, Reach, Sought, Whole};
use crate::model::{Attribute, Family, GroupName, UserName, Value, folded};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

impl Desired {
    /// How far a reading must reach for everything this roster can touch.
    pub fn reach(&self, seats: bool) -> Reach {
        let groups = self.groups_that_matter(seats);
        Reach {
            whole: self.needs_everybody(seats),
            every_group: false,
            sought: Sought {
                users: self.people(),
                groups: groups.keys().cloned().collect(),
                emails: self.addresses(),
                ..Sought::default()
            },
            groups: folded_together(groups),
            group_ids: Map::new(),
            leavers: self.leavers(),
            leaver_ids: Set::new(),
            sizes: self.can_put_out(),
            may_leave: self.policy.may_leave_uncounted(),
            seats,
        }
    }

    fn needs_everybody(&self, seats: bool) -> Option<Whole> {
        let policy = &self.policy;
        let prunes =
            policy.prune.is_some() && self.may_remove() && policy.manage.contains(&Family::Seats);
        match (seats && prunes, seats && policy.budget.is_some()) {
            (true, _) => Some(Whole::Prune),
            (false, true) => Some(Whole::Budget),
            (false, false) => None,
        }
    }

    fn people(&self) -> Set<UserName> {
        let declared = self.users.iter();
        let declared = declared.flat_map(|(name, claim)| names(name, &claim.previously));
        let listed = self.members.keys().map(|member| &member.user);
        declared.chain(listed).cloned().collect()
    }

    /// Only who is created or changed can get one.
    fn addresses(&self) -> Set<EmailSought> {
        if !self.policy.manage.contains(&Family::Users) {
            return Set::new();
        }
        let people = self.users.iter().filter(|(_, claim)| !claim.is_tombstone());
        let addresses = people.filter_map(|(name, claim)| {
            match &claim.attributes.get(&Attribute::Email)?.value {
                Ask::Is(Value::Text(email)) => Some(EmailSought {
                    email: email.clone(),
                    of: names(name, &claim.previously)
                        .map(|name| folded(name.as_str()))
                        .collect(),
                }),
                _ => None,
            }
        });
        addresses.collect()
    }

    fn leavers(&self) -> Map<String, Leaver> {
        // Who shall go stays where the user is not ours to delete.
        let may_delete =
            self.policy.manage.contains(&Family::Users) && self.policy.provider.users.is_empty();
        let leavers = self
            .users
            .iter()
            .filter(|(_, claim)| claim.leaving.is_some());
        let leavers = leavers.flat_map(|(name, claim)| {
            let leaver = match claim.is_tombstone() && may_delete {
                true => Leaver::Goes,
                false => Leaver::Stays,
            };
            names(name, &claim.previously).map(move |name| (folded(name.as_str()), leaver))
        });
        leavers.collect()
    }

    fn groups_that_matter(&self, seats: bool) -> Map<GroupName, Care> {
        let of_no_tier = match self.can_put_out() {
            true => Care::Counted,
            false => Care::Pairs,
        };
        let declared = self.groups.iter().flat_map(|(name, claim)| {
            let care = care_of(claim, seats).and(of_no_tier);
            names(name, &claim.previously).map(move |name| (name, care))
        });
        let joined = self.members.keys();
        let joined = joined.map(|member| (&member.group, Care::Pairs));
        let required = self.policy.require.keys();
        let required = required.map(|group| (group, of_no_tier));
        let mut groups: Map<GroupName, Care> = Map::new();
        for (name, care) in declared.chain(required) {
            care.put(name.clone(), &mut groups);
        }
        for (name, care) in joined {
            // Half a million memberships are in a few thousand groups.
            if !groups.contains_key(name) {
                groups.insert(name.clone(), care);
            }
        }
        groups
    }
}

impl Desired {
    /// Whether anybody can be put out of any group.
    fn can_put_out(&self) -> bool {
        let leaves = self.users.values().any(|claim| claim.leaving.is_some());
        let mut groups = self.groups.values();
        leaves || groups.any(|claim| claim.exact.is_some() || claim.absent.is_some())
    }
}

impl Policy {
    /// So many people may leave a group without `shrink_group` looking at it, however large or small it is: of `had`
    /// members, `left` trip it only if `had >= floor` and `left * 100 / had > percent`.
    pub(crate) fn may_leave_uncounted(&self) -> usize {
        let bound = self.bound(Limit::ShrinkGroup);
        (u64::from(bound.floor) * u64::from(bound.percent) / 100) as usize
    }
}

fn care_of(claim: &GroupClaim, seats: bool) -> Care {
    if claim.exact.is_some() || claim.absent.is_some() {
        return Care::Named;
    }
    match claim
        .seat
        .as_ref()
        .filter(|_| seats)
        .map(|said| &said.value)
    {
        Some(Ask::Is(tier)) => Care::NamedUnlessTier(Some(*tier)),
        Some(Ask::Nothing) => Care::NamedUnlessTier(None),
        None => Care::Pairs,
    }
}

/// Names that differ only in case are one group's.
fn folded_together(groups: Map<GroupName, Care>) -> Map<String, Care> {
    let mut together: Map<String, Care> = Map::new();
    for (name, care) in groups {
        care.put(folded(name.as_str()), &mut together);
    }
    together
}

/// The name of an entry, and those that it had before.
fn names<'a, N>(name: &'a N, previously: &'a [Said<N>]) -> impl Iterator<Item = &'a N> {
    let before = previously.iter().map(|old| &old.value);
    before.chain([name])
}
