//! Entries that are not live and cannot create, and the live names that may have been meant.

use super::{Aside, Claims, Lack};
use crate::model::{GroupName, Place, Principal, UserName, folded};

/// So many waiting entries are looked up for "did you mean".
const HINTED: usize = 100;

impl Claims<'_> {
    pub(super) fn user_waits(&mut self, name: &UserName, lacks: Lack, at: Option<&Place>) {
        // A few that wait may be slips of the pen; a whole list that waits is none, and would be slow to look up.
        let like = match self.goal.aside.len() < HINTED {
            true => self.meant(name),
            false => None,
        };
        self.waits(Principal::User(name.clone()), lacks, like, at);
    }

    /// The live user who was probably meant: whose address stands where a name should, or whose name looks like it.
    fn meant(&self, name: &UserName) -> Option<String> {
        let users = &self.live.directory.users;
        if name.as_str().contains('@') {
            let address = folded(name.as_str());
            let has = |email: &str| folded(email) == address;
            let mut users = users.iter();
            let found = users.find(|(_, user)| user.email().is_some_and(has));
            if let Some((found, _)) = found {
                return Some(found.to_string());
            }
        }
        nearest(name.as_str(), users.keys().map(UserName::as_str))
    }

    pub(super) fn group_waits(&mut self, name: &GroupName, lacks: Lack, at: Option<&Place>) {
        let live = self.live.directory.groups.keys().map(GroupName::as_str);
        let like = nearest(name.as_str(), live);
        self.waits(Principal::Group(name.clone()), lacks, like, at);
    }

    fn waits(&mut self, who: Principal, lacks: Lack, like: Option<String>, at: Option<&Place>) {
        let Some(at) = at.cloned() else { return };
        self.goal.aside.push(Aside::Waiting {
            who,
            lacks,
            like,
            at,
        });
    }
}

/// The live name that looks most like this one, if any does.
pub(super) fn nearest<'a>(name: &str, live: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = folded(name);
    let first = wanted.chars().next();
    // Among 100,000 names only those that can be a slip of this one are worth the full comparison.
    live.filter(|live| live.chars().flat_map(char::to_lowercase).next() == first)
        .filter(|live| live.len().abs_diff(name.len()) <= 3)
        .map(|live| (likeness(&wanted, &folded(live)), live))
        .filter(|(likeness, _)| *likeness > 0.88)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, live)| live.to_owned())
}

/// Of 1. Short names have few letters to be alike in: one slip of the pen is a likeness all the same.
fn likeness(wanted: &str, live: &str) -> f64 {
    let alike = strsim::jaro_winkler(wanted, live);
    match wanted.len() < 8 && strsim::damerau_levenshtein(wanted, live) == 1 {
        true => alike.max(0.9),
        false => alike,
    }
}
