//! Who is in which group: half a million memberships, a group's together and shared between two directories until one
//! of them differs, so that most of them are never compared.

use crate::model::{GroupName, Membership, UserName};
use std::collections::{BTreeMap as Map, BTreeSet as Set, HashMap, HashSet};
use std::sync::Arc;

/// Memberships, in the order of groups, then users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    by_group: Map<GroupName, Arc<Set<Membership>>>,
    /// How many more members a group has, whose names nobody needs: they are counted, and never touched.
    others: Map<GroupName, usize>,
}

impl Members {
    /// Whether the membership is there.
    pub fn contains(&self, member: &Membership) -> bool {
        self.set(&member.group)
            .is_some_and(|set| set.contains(member))
    }

    /// Adds a membership; whether it was new.
    pub fn insert(&mut self, member: Membership) -> bool {
        let set = self.by_group.entry(member.group.clone()).or_default();
        Arc::make_mut(set).insert(member)
    }

    /// Takes a membership away; whether it was there.
    pub fn remove(&mut self, member: &Membership) -> bool {
        if !self.contains(member) {
            return false;
        }
        let Some(set) = self.by_group.get_mut(&member.group) else {
            return false;
        };
        let removed = Arc::make_mut(set).remove(member);
        // An empty group and no group are the same thing, and compare equal.
        if set.is_empty() {
            self.by_group.remove(&member.group);
        }
        removed
    }

    /// Every membership.
    pub fn iter(&self) -> impl Iterator<Item = &Membership> {
        self.by_group.values().flat_map(|set| set.iter())
    }

    /// How many there are, by name.
    pub fn len(&self) -> usize {
        self.by_group.values().map(|set| set.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_group.is_empty()
    }

    /// How many one group has, those without a name included.
    pub fn count(&self, group: &GroupName) -> usize {
        self.set(group).map_or(0, Set::len) + self.others.get(group).copied().unwrap_or_default()
    }

    /// Counts this many members more, whose names are not known.
    pub fn count_others(&mut self, group: GroupName, others: usize) {
        self.others.insert(group, others);
    }

    /// The same under other names.
    pub fn called(
        &self,
        member: impl Fn(Membership) -> Membership,
        group: impl Fn(GroupName) -> GroupName,
    ) -> Self {
        let others = self.others.iter();
        Self {
            others: others
                .map(|(name, count)| (group(name.clone()), *count))
                .collect(),
            ..self.iter().cloned().map(member).collect()
        }
    }

    /// Of one group, by user name.
    pub fn of(&self, group: &GroupName) -> impl Iterator<Item = &Membership> + Clone {
        self.set(group).into_iter().flat_map(|set| set.iter())
    }

    /// The groups of each of these people, among the groups that `matter`: one pass over their memberships.
    pub fn groups_of<'a>(
        &'a self,
        people: &HashSet<&UserName>,
        matter: impl Fn(&GroupName) -> bool,
    ) -> HashMap<&'a UserName, Vec<&'a GroupName>> {
        let mut groups: HashMap<&UserName, Vec<&GroupName>> = HashMap::new();
        if people.is_empty() {
            return groups;
        }
        let sets = self.by_group.iter().filter(|(group, _)| matter(group));
        for member in sets.flat_map(|(_, set)| set.iter()) {
            if people.contains(&member.user) {
                groups.entry(&member.user).or_default().push(&member.group);
            }
        }
        groups
    }

    /// The memberships of one side and of the other in groups that are not shared between them: all that can differ.
    pub fn apart<'a>(&'a self, other: &'a Self) -> (Vec<&'a Membership>, Vec<&'a Membership>) {
        let differ = |group: &GroupName| match (self.by_group.get(group), other.by_group.get(group))
        {
            (Some(one), Some(two)) => !Arc::ptr_eq(one, two),
            _ => true,
        };
        let list = |side: &'a Self| {
            let sets = side.by_group.iter().filter(|(group, _)| differ(group));
            sets.flat_map(|(_, set)| set.iter()).collect()
        };
        (list(self), list(other))
    }

    /// The memberships that the other side does not have.
    pub fn not_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Membership> {
        let (differ, _) = self.apart(other);
        differ.into_iter().filter(|member| !other.contains(member))
    }

    fn set(&self, group: &GroupName) -> Option<&Set<Membership>> {
        self.by_group.get(group).map(Arc::as_ref)
    }
}

impl FromIterator<Membership> for Members {
    fn from_iter<I: IntoIterator<Item = Membership>>(members: I) -> Self {
        let mut by_group: Map<GroupName, Vec<Membership>> = Map::new();
        for member in members {
            match by_group.get_mut(&member.group) {
                Some(list) => list.push(member),
                None => {
                    by_group.insert(member.group.clone(), vec![member]);
                }
            }
        }
        let sets = by_group.into_iter();
        Self {
            by_group: sets
                .map(|(group, list)| (group, Arc::new(list.into_iter().collect())))
                .collect(),
            others: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(group: &str, user: &str) -> Membership {
        Membership::new(GroupName::new(group), UserName::new(user))
    }

    #[test]
    fn a_clone_shares_every_group_that_stays_and_no_other() {
        let live: Members = [member("a", "x"), member("b", "x"), member("b", "y")]
            .into_iter()
            .collect();
        let mut goal = live.clone();
        assert_eq!(live.apart(&goal), (vec![], vec![]));
        assert!(goal.remove(&member("b", "y")) && !goal.remove(&member("b", "y")));
        assert!(goal.insert(member("c", "y")) && !goal.insert(member("c", "y")));
        let (was, will) = live.apart(&goal);
        assert_eq!(was, [&member("b", "x"), &member("b", "y")]);
        assert_eq!(will, [&member("b", "x"), &member("c", "y")]);
        assert_eq!((live.len(), goal.len()), (3, 3));
    }

    #[test]
    fn an_emptied_group_is_like_one_that_never_was() {
        let mut members: Members = [member("a", "x")].into_iter().collect();
        members.remove(&member("a", "x"));
        assert_eq!(members, Members::default());
        assert!(members.is_empty());
    }
}
