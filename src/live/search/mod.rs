//! A reading as questions and answers: which call is worth making next, given what has been told so far. It makes no call
//! itself, so that "whatever way was taken, the same plan comes out" is a fast property test.
//!
//! Kiro's two lists and the beginnings of the user and group lists are asked for at once. Groups are settled first (by
//! name and by who has a seat), then their members are listed; only then is it known whose names are needed, and whether
//! listing all users is cheaper than asking for those. Where the users' list goes on anyway, it waits for nothing.
//!
//! Of many groups it only matters which of a few people are in them. Such a list is given up too where it is long and not
//! everybody is listed: then each of the people is asked for their groups.

mod near;
mod question;

pub use question::{Answer, Question, Ways};

use super::find::{Find, Next, Wanted};
use super::reach::{Reach, Sought};
use super::reading::{ClaimSeen, Claimant, GroupSeen, Reading, RowSeen, SeatsSeen, UserSeen};
use super::{Id, Listed};
use near::Near;
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// A reading that is under way.
#[derive(Debug)]
pub struct Search {
    reach: Reach,
    users: Find<UserSeen>,
    groups: Find<GroupSeen>,
    rows: Option<Vec<RowSeen>>,
    claims: Option<Vec<ClaimSeen>>,
    members: Vec<(Id, Id, Id)>,
    /// Groups whose members are asked for.
    near: Map<Id, Near>,
    stage: Stage,
    /// Of these, the ones whose next page is to be asked for, and those whose list is given up for now.
    ready: Vec<Id>,
    paused: Vec<Id>,
    /// How many lists of names are not at their end.
    unnamed: usize,
    /// How many lists can be given up, and how many pages of them have been read.
    lists: usize,
    spent: usize,
    /// How many people are looked for, and who is in groups whose members' names matter: they would be asked about instead.
    people: usize,
    named: Set<Id>,
    /// Groups that people leave who stay themselves, and how many do.
    left: Map<Id, usize>,
    /// Membership lists that are not answered yet.
    open: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Begin,
    /// Groups are being settled.
    Groups,
    /// Their members are being listed, and users looked for.
    People,
    /// Everybody who matters is known, and who of them leaves.
    Known,
}

impl Search {
    /// Begins.
    pub fn of(reach: Reach) -> Self {
        let Sought {
            users,
            groups,
            spelled,
            user_ids,
            group_ids,
            emails,
        } = reach.sought.clone();
        let ids = user_ids.into_iter();
        let users = Wanted {
            whole: reach.whole,
            names: users.iter().map(|name| name.as_str().into()).collect(),
            spelled: spelled.iter().map(|name| name.as_str().into()).collect(),
            ids: ids
                .map(|(id, name)| (id, name.map(|n| n.as_str().into())))
                .collect(),
            emails,
        };
        let ids = group_ids.into_iter();
        let groups = Wanted {
            whole: reach.whole,
            names: groups.iter().map(|name| name.as_str().into()).collect(),
            ids: ids
                .map(|(id, name)| (id, name.map(|n| n.as_str().into())))
                .collect(),
            ..Wanted::default()
        };
        let people = users.names.len() + users.ids.len();
        Self {
            reach,
            users: Find::of(users),
            groups: Find::of(groups),
            rows: None,
            claims: None,
            members: vec![],
            near: Map::new(),
            stage: Stage::Begin,
            ready: vec![],
            paused: vec![],
            unnamed: 0,
            lists: 0,
            spent: 0,
            people,
            named: Set::new(),
            left: Map::new(),
            open: 0,
        }
    }

    /// What to ask now, side by side with what is being asked. Nothing, with nothing under way: the reading is done.
    pub fn ask(&mut self) -> Vec<Question> {
        let mut questions = Vec::new();
        if self.stage == Stage::Begin {
            self.stage = Stage::Groups;
            if self.reach.seats {
                questions.extend([Question::Rows, Question::Claims]);
            }
        }
        let claims_known = !self.reach.seats || self.claims.is_some();
        let groups = self.groups.next(claims_known).into_iter();
        questions.extend(groups.map(|next| match next {
            Next::Page(token) => Question::Groups(token),
            Next::Look(look) => Question::Group(look),
        }));
        if self.stage == Stage::Groups && claims_known && self.groups.settled() {
            self.stage = Stage::People;
            self.choose_near();
        }
        questions.extend(self.pages_of_near());
        let all_known = self.stage >= Stage::People && self.unnamed == 0;
        let users = self.users.next(all_known).into_iter();
        questions.extend(users.map(|next| match next {
            Next::Page(token) => Question::Users(token),
            Next::Look(look) => Question::User(look),
        }));
        // A list under way may yet turn out to be short.
        let lists_known = self.open == 0 || self.users.is_whole();
        if self.stage == Stage::People && all_known && lists_known && self.users.settled() {
            self.stage = Stage::Known;
            questions.extend(self.ask_about_people());
            questions.extend(self.pages_of_near());
        }
        questions
    }

    /// Takes in an answer.
    pub fn told(&mut self, question: Question, answer: Answer) {
        match (question, answer) {
            (_, Answer::Rows(rows)) => self.rows = Some(rows),
            (_, Answer::Claims(claims)) => {
                for group in claims.iter().filter_map(group_of) {
                    self.groups.want(group);
                }
                self.claims = Some(claims);
            }
            (_, Answer::Users(page, next)) => self.users.paged(page, next),
            (_, Answer::Groups(page, next)) => self.groups.paged(page, next),
            (Question::User(look), Answer::Id(id)) => self.users.looked(look, id),
            (Question::Group(look), Answer::Id(id)) => self.groups.looked(look, id),
            (Question::User(look), Answer::User(user)) => {
                self.users.described(look, user.map(|user| *user));
            }
            (Question::Group(look), Answer::Group(group)) => self.groups.described(look, group),
            (Question::User(_), Answer::Refused) => self.users.refused(),
            (Question::Group(_), Answer::Refused) => self.groups.refused(),
            (Question::Members(group, _), Answer::Members(members, next)) => {
                self.told_members(&group, members, next);
            }
            (Question::GroupsOf(user), Answer::Members(groups, _)) => {
                self.told_groups(&user, groups);
            }
            // An answer to something else: nothing is learnt by it.
            _ => {}
        }
    }

    /// What was read, and how.
    pub fn done(self) -> (Reading, Ways) {
        let listed = Listed {
            users: self.users.is_whole(),
            groups: self.groups.is_whole(),
        };
        let ((users, by_users), (groups, by_groups)) = (self.users.done(), self.groups.done());
        let seats = match (self.rows, self.claims) {
            (Some(rows), Some(claims)) => Some(SeatsSeen { rows, claims }),
            _ => None,
        };
        let reading = Reading {
            users,
            groups,
            members: self.members,
            seats,
            listed,
            ..Reading::default()
        };
        let ways = Ways {
            users: by_users,
            groups: by_groups,
        };
        (reading, ways)
    }
}

fn group_of(claim: &ClaimSeen) -> Option<&Id> {
    match &claim.holder {
        Claimant::Group(id) => Some(id),
        Claimant::User(_) | Claimant::Other => None,
    }
}
