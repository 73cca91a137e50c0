//! Who is in which of the groups that matter: listed, or, where the list is long and only a few people matter, asked of
//! each of those.

use super::{Question, Search, Stage, group_of};
use crate::live::find::SPENT;
use crate::live::page::Page;
use crate::live::{Care, Id, Leaver, Sought};
use crate::model::{Text, Tier, folded};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// A group whose members are asked for.
#[derive(Debug)]
pub(super) struct Near {
    care: Care,
    page: Page,
}

impl Search {
    /// Groups that are named, and groups that have a seat.
    pub(super) fn choose_near(&mut self) {
        let mut tiers: Map<&Id, Option<Tier>> = Map::new();
        for claim in self.claims.iter().flatten() {
            if let Some(group) = group_of(claim) {
                let tier = claim.assigned.as_deref().and_then(Tier::read);
                let known = tiers.entry(group).or_default();
                *known = tier.max(*known);
            }
        }
        let groups = self.groups.seen().iter();
        let near = groups.filter_map(|group| {
            let tier = tiers.get(&group.id).copied();
            let cares = self.reach.care(group).into_iter();
            let care = cares.chain(tier.map(|_| Care::Pairs)).reduce(Care::and)?;
            let care = match care {
                Care::NamedUnlessTier(same) if tier.flatten() == same => match self.reach.sizes {
                    true => Care::Counted,
                    false => Care::Pairs,
                },
                Care::NamedUnlessTier(_) => Care::Named,
                care => care,
            };
            Some((group.id.clone(), Near::at_first(care)))
        });
        self.near = near.collect();
        self.ready = self.near.keys().cloned().collect();
        let of = |care: Care| self.near.values().filter(|near| near.care == care).count();
        self.unnamed = of(Care::Named);
        self.lists = of(Care::Pairs);
    }

    /// How many pages may be spent on lists that can be given up. As with users: a fifth of what asking about each
    /// person would cost, and the first page of each, unless those are more than the people.
    fn allowance(&self) -> usize {
        let people = self.people + self.named.len();
        match self.lists <= people {
            true => self.lists + people / SPENT,
            false => 0,
        }
    }

    pub(super) fn pages_of_near(&mut self) -> Vec<Question> {
        // Where everybody is listed, so are the members: what is not touched can then be compared another day.
        let to_the_end = self.users.is_whole();
        let allowance = self.allowance();
        if to_the_end || self.spent < allowance {
            self.ready.append(&mut self.paused);
        }
        let mut questions = Vec::new();
        for group in std::mem::take(&mut self.ready) {
            let Some(near) = self.near.get_mut(&group) else {
                continue;
            };
            if near.care == Care::Pairs && !to_the_end {
                if self.spent >= allowance || self.stage == Stage::Known {
                    self.paused.push(group);
                    continue;
                }
                self.spent += 1;
            }
            if let Some(token) = near.page.ask() {
                self.open += 1;
                questions.push(Question::Members(group, token));
            }
        }
        questions
    }

    pub(super) fn told_members(
        &mut self,
        group: &Id,
        members: Vec<(Id, Id, Id)>,
        next: Option<Text>,
    ) {
        self.open -= 1;
        if let Some(near) = self.near.get_mut(group) {
            let is_named = near.care == Care::Named;
            match next {
                None => self.unnamed -= usize::from(is_named),
                Some(_) => self.ready.push(group.clone()),
            }
            near.page = Page::after(next);
            if is_named {
                for (_, user, _) in &members {
                    self.users.want(user);
                    if !self.users.is_to_be_listed() {
                        self.named.insert(user.clone());
                    }
                }
            }
        }
        self.members.extend(members);
    }

    /// Who leaves is asked about, and everybody else where a list was given up.
    ///
    /// A leaver's groups cost a list; so does each group that was not read. The fewer lists win.
    pub(super) fn ask_about_people(&mut self) -> Vec<Question> {
        let users = self.users.seen().iter();
        let leavers = users.filter(|user| self.reach.leaver(user).is_some());
        let mut people: Set<Id> = leavers.map(|user| user.id.clone()).collect();
        let groups = self.groups.seen().iter();
        let far = groups.filter(|group| !self.near.contains_key(&group.id));
        let far: Vec<Id> = far.map(|group| group.id.clone()).collect();
        if self.groups.is_whole() && self.users.is_whole() && far.len() < people.len() {
            for group in far {
                self.count(group);
            }
            people.clear();
        }
        if !self.paused.is_empty() {
            let Sought {
                users: names,
                user_ids,
                ..
            } = &self.reach.sought;
            let names: Set<String> = names.iter().map(|name| folded(name.as_str())).collect();
            let seen = self.users.seen().iter();
            let sought = seen.filter(|user| {
                names.contains(&folded(user.name.as_str()))
                    || user_ids.contains_key(&user.id)
                    || self.named.contains(&user.id)
            });
            people.extend(sought.map(|user| user.id.clone()));
        }
        self.open += people.len();
        people.into_iter().map(Question::GroupsOf).collect()
    }

    pub(super) fn told_groups(&mut self, user: &Id, mut groups: Vec<(Id, Id, Id)>) {
        self.open -= 1;
        let seen = self.users.get(user);
        match seen.and_then(|user| self.reach.leaver(user)) {
            // Somebody else's groups matter only as far as they matter anyway.
            None => groups.retain(|(group, ..)| self.near.contains_key(group)),
            Some(leaver) => {
                for (group, ..) in &groups {
                    self.groups.want(group);
                    if leaver == Leaver::Stays {
                        self.leaves(group);
                    }
                }
            }
        }
        self.members.extend(groups);
    }

    /// A group shrinks, and by how much is a question of its size.
    fn leaves(&mut self, group: &Id) {
        let leaving = self.left.entry(group.clone()).or_default();
        *leaving += 1;
        let may_leave = match self.users.is_whole() {
            true => 0,
            false => self.reach.may_leave,
        };
        if *leaving > may_leave {
            self.count(group.clone());
        }
    }

    /// Reads all of a group's members, if that is not being done already.
    fn count(&mut self, group: Id) {
        match self.near.get_mut(&group) {
            None => {
                self.near
                    .insert(group.clone(), Near::at_first(Care::Counted));
                self.ready.push(group);
            }
            Some(near) => {
                near.care = near.care.and(Care::Counted);
                if let Some(index) = self.paused.iter().position(|paused| *paused == group) {
                    self.paused.swap_remove(index);
                    self.ready.push(group);
                }
            }
        }
    }
}

impl Near {
    fn at_first(care: Care) -> Self {
        Self {
            care,
            page: Page::Next(None),
        }
    }
}
