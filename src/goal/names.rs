//! Names first: which live object each name of the roster means.

use super::{Block, Goal, Note};
use crate::desired::{Desired, Said};
use crate::directory::beside;
use crate::live::{Live, Names};
use crate::model::{GroupName, Place, Principal, folded};
use std::collections::{BTreeSet as Set, HashMap};

/// Live names and the roster's names for them, and a goal that holds what is to be said about them.
///
/// A name that is live means that object; else one of its old names, which makes a rename; else the one live name that
/// differs only in case, which is adopted as it is.
pub(super) fn of(desired: &Desired, live: &Live) -> (Names, Goal) {
    let (mut names, mut goal) = (Names::new(), Goal::default());
    // Whoever is live by exactly this name is found; the book is for the others.
    let declared = beside(&desired.users, &live.directory.users)
        .filter(|(_, claim, live)| live.is_none() || !claim.previously.is_empty());
    goal.listed = desired.named_by_others();
    let listed = goal.listed.clone();
    let others = listed.users.iter();
    let others = others.filter(|name| !live.directory.users.contains_key(*name));
    let mut called = declared.map(|(name, ..)| name).chain(others).peekable();
    if called.peek().is_some() {
        let listed = live.directory.users.keys();
        let mut book = Book::of(listed.map(|name| (name.as_str(), Principal::User(name.clone()))));
        for name in called {
            let old = desired.users.get(name).map_or(&[][..], |c| &c.previously);
            let old = old.iter().map(|said| (said.value.as_str(), &said.at));
            let wanted = Principal::User(name.clone());
            book.find(wanted, &old.collect::<Vec<_>>(), &mut names, &mut goal);
        }
    }
    let mut groups: Set<&GroupName> = desired.groups.keys().collect();
    groups.extend(&listed.groups);
    let listed = live.directory.groups.keys();
    let mut book = Book::of(listed.map(|name| (name.as_str(), Principal::Group(name.clone()))));
    for name in &groups {
        let old: &[Said<GroupName>] = desired.groups.get(*name).map_or(&[], |c| &c.previously);
        let old = old.iter().map(|said| (said.value.as_str(), &said.at));
        let wanted = Principal::Group((*name).clone());
        book.find(wanted, &old.collect::<Vec<_>>(), &mut names, &mut goal);
    }
    (names, goal)
}

/// A different name is a rename, unless it is the same in another case that nobody called an old name.
pub(super) fn means_rename(wanted: &str, live: &str, was_called: impl Fn() -> bool) -> bool {
    wanted != live && (folded(wanted) != folded(live) || was_called())
}

/// The live names of one kind, exactly and case-folded.
struct Book<'l> {
    exact: HashMap<&'l str, Principal>,
    folded: HashMap<String, Vec<Principal>>,
}

impl<'l> Book<'l> {
    fn of(live: impl Iterator<Item = (&'l str, Principal)>) -> Self {
        let (mut exact, mut by_fold) = (HashMap::new(), HashMap::<String, Vec<Principal>>::new());
        for (name, principal) in live {
            let same = by_fold.entry(folded(name)).or_default();
            same.push(principal.clone());
            exact.insert(name, principal);
        }
        Self {
            exact,
            folded: by_fold,
        }
    }

    /// The live object of this name: exactly, or the only one that differs in case alone.
    fn called(&self, name: &str) -> Option<&Principal> {
        self.exact
            .get(name)
            .or_else(|| match self.folded.get(&folded(name)).map(Vec::as_slice) {
                Some([only]) => Some(only),
                _ => None,
            })
    }

    fn find(
        &mut self,
        wanted: Principal,
        old: &[(&str, &Place)],
        names: &mut Names,
        goal: &mut Goal,
    ) {
        let current = self.called(wanted.name()).cloned();
        let before: Vec<(Principal, &Place)> = old
            .iter()
            .filter_map(|(name, at)| Some((self.called(name)?.clone(), *at)))
            .filter(|(live, _)| *live != wanted)
            .collect();
        match (&current, before.as_slice()) {
            (None, []) => {}
            // The old name is the one that differs in case alone: a rename after all.
            (Some(live), [(old, _)]) if live == old => {
                names.insert(old.clone(), wanted);
            }
            (None, [(old, _)]) => {
                names.insert(old.clone(), wanted);
            }
            (Some(live), []) if *live == wanted => {}
            (Some(live), []) => {
                goal.notes.push(Note::CaseDiffers {
                    roster: wanted.clone(),
                    live: live.clone(),
                });
                names.insert(live.clone(), wanted);
            }
            (current, [(_, at), ..]) => {
                let at = (*at).clone();
                if let Some(live) = current.as_ref().filter(|live| **live != wanted) {
                    names.insert(live.clone(), wanted.clone());
                }
                let old = before.iter().map(|(live, _)| live.clone());
                goal.blocks.push(Block::NamesLive {
                    wanted,
                    live: current.iter().cloned().chain(old).collect(),
                    at,
                });
            }
        }
    }
}
