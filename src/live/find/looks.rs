//! Which look-ups find everybody who is looked for, and when they cannot tell: two spellings of a name that differ only in
//! case are one to a roster, and perhaps two to a store.

use super::{Because, Find, Found, Look};
use crate::live::Id;
use crate::model::{Text, folded};
use std::collections::{BTreeSet as Set, HashMap, HashSet};

/// What no two in a store may share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unique {
    Name,
    Mail,
}

impl<T: Found> Find<T> {
    /// Why only the list can tell, if it is so: who holds a name or an address in another case.
    pub(super) fn doubt(&self) -> Option<Because> {
        for kind in [Unique::Name, Unique::Mail] {
            let Some(open) = self.in_doubt(kind).next() else {
                continue;
            };
            let tells_case = match self.probe(kind) {
                None => true,
                Some((look, id)) => {
                    let found = self.answers.get(&look);
                    found.is_some_and(|found| *found != Some(id))
                }
            };
            // Case is only asked about letters that everybody folds alike.
            let foreign = self.in_doubt(kind).find(|text| !text.is_ascii());
            match (tells_case, foreign) {
                (true, _) => return Some(Because::Case(open.clone())),
                (false, Some(foreign)) => return Some(Because::Case(foreign.clone())),
                (false, None) => {}
            }
        }
        None
    }

    /// Names that are not live in this case, and addresses that are to change hands, as far as they have been looked up.
    fn in_doubt(&self, kind: Unique) -> impl Iterator<Item = &Text> {
        self.answers
            .iter()
            .filter_map(move |(look, id)| match (look, kind) {
                (Look::Named(name), Unique::Name) if id.is_none() => self.wanted.names.get(name),
                (Look::Mail(mail), Unique::Mail) => {
                    let mut sought = self.wanted.emails.iter().map(|sought| &sought.email);
                    sought.find(|email| *email == mail)
                }
                _ => None,
            })
    }

    /// Somebody known, in the other case, and who must be found so by look-ups that do not tell case.
    fn probe(&self, kind: Unique) -> Option<(Look, Id)> {
        self.seen.iter().find_map(|one| {
            let look = match kind {
                Unique::Name => Look::Named(other_case(one.name())?.into()),
                Unique::Mail => Look::Mail(other_case(one.email()?)?.into()),
            };
            Some((look, one.id().clone()))
        })
    }

    /// Every look that can be made now: names and ids, then what they mean, then addresses, then whether case matters.
    pub(super) fn looks(&self) -> Vec<Look> {
        let spelled: HashSet<&str> = self.seen.iter().map(Found::name).collect();
        let names = self.wanted.names.iter().chain(&self.wanted.spelled);
        let mut looks: Set<Look> = names
            .filter(|name| !spelled.contains(&***name))
            .map(|name| Look::Named(name.clone()))
            .collect();
        for (id, else_named) in &self.wanted.ids {
            let look = Look::Id(id.clone());
            match (self.has(id), self.answers.get(&look), else_named) {
                (true, ..) => {}
                (false, None, _) => drop(looks.insert(look)),
                (false, Some(_), Some(name)) if !spelled.contains(&**name) => {
                    looks.insert(Look::Named(name.clone()));
                }
                (false, Some(_), _) => {}
            }
        }
        self.unasked(&mut looks);
        if looks.is_empty() {
            looks = self.mails();
            self.unasked(&mut looks);
        }
        if looks.is_empty() {
            let kinds = [Unique::Name, Unique::Mail].into_iter();
            let kinds = kinds.filter(|kind| self.in_doubt(*kind).next().is_some());
            looks = kinds.filter_map(|kind| Some(self.probe(kind)?.0)).collect();
            looks.retain(|look| !self.answers.contains_key(look));
        }
        looks.into_iter().collect()
    }

    /// Without what has been answered, and with what the answers lead to.
    fn unasked(&self, looks: &mut Set<Look>) {
        looks.retain(|look| !self.answers.contains_key(look));
        let meant = self.answers.values().flatten();
        let meant = meant
            .filter(|id| !self.has(id))
            .map(|id| Look::Id(id.clone()));
        looks.extend(meant.filter(|look| !self.answers.contains_key(look)));
    }

    /// Addresses that are not the person's own already: then nobody else can have them.
    fn mails(&self) -> Set<Look> {
        let holders: HashMap<&str, String> = self
            .seen
            .iter()
            .filter_map(|one| Some((one.email()?, folded(one.name()))))
            .collect();
        let to_change = self.wanted.emails.iter().filter(|sought| {
            let holder = holders.get(&*sought.email);
            !holder.is_some_and(|holder| sought.of.contains(holder))
        });
        to_change
            .map(|sought| Look::Mail(sought.email.clone()))
            .collect()
    }
}

/// The same with its letters in the other case, where it has any.
fn other_case(text: &str) -> Option<String> {
    let swapped: String = text
        .chars()
        .map(|c| match c.is_ascii_uppercase() {
            true => c.to_ascii_lowercase(),
            false => c.to_ascii_uppercase(),
        })
        .collect();
    (swapped != text).then_some(swapped)
}
