//! What only shows when all documents lie side by side.

use super::document::Document;
use crate::desired::{Ask, Leaving};
use crate::model::{Attribute, Value, folded};
use crate::problem::{Problem, Spot};
use std::collections::{HashMap, HashSet};

/// What a roster needs that is all there: entries, and a root where it asks for less.
pub(super) fn complete(documents: &[Document], problems: &mut Vec<Problem>) {
    some_entries(documents, problems);
    if documents.iter().all(|document| document.root.is_none()) {
        for document in documents {
            rootless(document, problems);
        }
    }
}

/// A roster without entries is a mistake, and never a wish for an empty organization.
pub(super) fn some_entries(documents: &[Document], problems: &mut Vec<Problem>) {
    let Some(first) = documents.first() else {
        return;
    };
    let root = documents.iter().find_map(|document| document.root.as_ref());
    let empty = |document: &Document| document.users.is_empty() && document.groups.is_empty();
    if documents.iter().all(empty) && problems.is_empty() {
        let at = root.map_or_else(|| Spot::file(first.file.clone()), |root| root.at.clone());
        let problem = Problem::new(at, "this roster has no entries");
        problems.push(problem.hint("name somebody under `users` or something under `groups`"));
    }
}

fn rootless(document: &Document, problems: &mut Vec<Problem>) {
    let mut less = |at: &Spot, what: &str| {
        let problem = Problem::new(
            at.clone(),
            format!("{what} in a roster without a root file"),
        )
        .hint("nothing is removed without one: name the file with `version: 1` too");
        problems.push(problem);
    };
    for part in &document.users {
        if let Some(state) = &part.state {
            less(&state.at, "`state`");
        }
        if let Some(seat) = &part.seat
            && seat.value == Ask::Nothing
        {
            less(&seat.at, "`tier: none`");
        }
        for (_, fact) in &part.attributes {
            if fact.value == Ask::Nothing {
                less(&fact.at, "`clear`");
            }
        }
    }
    for part in &document.groups {
        if let Some(at) = &part.absent {
            less(at, "`state`");
        }
        if let Some(seat) = &part.seat
            && seat.value == Ask::Nothing
        {
            less(&seat.at, "`tier: none`");
        }
        for fact in &part.description {
            if fact.value == Ask::Nothing {
                less(&fact.at, "`clear`");
            }
        }
        if let Some(members) = &part.members
            && members.value.is_empty()
        {
            less(&members.at, "`members: []`");
        }
    }
}

/// Who is who: names that differ only in case, names that are somebody's former one, and shared e-mail addresses.
pub(super) fn names(documents: &[Document], problems: &mut Vec<Problem>) {
    let users: Vec<_> = documents.iter().flat_map(|d| &d.users).collect();
    let groups: Vec<_> = documents.iter().flat_map(|d| &d.groups).collect();

    let members = groups.iter().filter_map(|part| part.members.as_ref());
    let members = members.flat_map(|list| list.value.iter().map(|m| (m.value.as_str(), &m.at)));
    let declared = users.iter().map(|part| (part.name.as_str(), &part.at));
    only_case(declared.clone().chain(members.clone()), problems);
    let former = users.iter().flat_map(|part| {
        let old = part.previously.iter();
        old.map(|old| (part.name.as_str(), old.value.as_str(), &old.at))
    });
    former_names(declared, members, former, problems);

    let joined = users.iter().flat_map(|part| &part.groups);
    let joined = joined.map(|group| (group.value.as_str(), &group.at));
    let declared = groups.iter().map(|part| (part.name.as_str(), &part.at));
    only_case(declared.clone().chain(joined.clone()), problems);
    let former = groups.iter().flat_map(|part| {
        let old = part.previously.iter();
        old.map(|old| (part.name.as_str(), old.value.as_str(), &old.at))
    });
    former_names(declared, joined, former, problems);

    emails(documents, problems);
}

fn only_case<'d>(mentions: impl Iterator<Item = (&'d str, &'d Spot)>, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    let mut first: HashMap<String, (&str, &Spot)> = HashMap::new();
    for (name, at) in mentions {
        if !seen.insert(name) {
            continue;
        }
        match first.get(&folded(name)) {
            Some((other, there)) => {
                let message = format!("`{name}` and `{other}` differ only in case");
                let problem = Problem::new(at.clone(), message)
                    .also((*there).clone(), "spelled like this here")
                    .hint("AWS does not say whether they are the same: spell both alike");
                problems.push(problem);
            }
            None => {
                first.insert(folded(name), (name, at));
            }
        }
    }
}

fn former_names<'d>(
    declared: impl Iterator<Item = (&'d str, &'d Spot)>,
    listed: impl Iterator<Item = (&'d str, &'d Spot)>,
    former: impl Iterator<Item = (&'d str, &'d str, &'d Spot)>,
    problems: &mut Vec<Problem>,
) {
    let mut former = former.peekable();
    if former.peek().is_none() {
        return;
    }
    // Live is found in any case, so the same former name in another case is the same person's.
    let (declared, listed) = (by_fold(declared), by_fold(listed));
    let mut taken: HashMap<String, &Spot> = HashMap::new();
    for (name, old, at) in former {
        let same = folded(old);
        let declared = declared.get(&same).filter(|(other, _)| *other != name);
        let listed = listed.get(&same).filter(|(other, _)| *other != name);
        let problem = if old == name {
            let message = format!("`{name}` cannot be its own former name");
            Problem::new(at.clone(), message).hint("`previously` is the name to rename from")
        } else if let Some((_, there)) = declared {
            let message = format!("the former name `{old}` has an entry of its own");
            Problem::new(at.clone(), message)
                .also((*there).clone(), "declared here")
                .hint("a renamed entry keeps one name: take the old entry or `previously` out")
        } else if let Some((_, there)) = listed {
            // Left alone, the list would mean a stranger, and an exact group would lose the person under the new name.
            let message = format!("the former name `{old}` is still listed");
            Problem::new((*there).clone(), message)
                .also(at.clone(), "renamed here")
                .hint(format!("list `{name}` instead"))
        } else if let Some(there) = taken.insert(same, at) {
            Problem::new(
                at.clone(),
                format!("the former name `{old}` is given twice"),
            )
            .also(there.clone(), "first here")
            .hint("only one can have been renamed from it")
        } else {
            continue;
        };
        problems.push(problem);
    }
}

/// The last mention of each name, whatever its case.
fn by_fold<'d>(
    names: impl Iterator<Item = (&'d str, &'d Spot)>,
) -> HashMap<String, (&'d str, &'d Spot)> {
    names.map(|(name, at)| (folded(name), (name, at))).collect()
}

fn emails(documents: &[Document], problems: &mut Vec<Problem>) {
    let users = || documents.iter().flat_map(|document| &document.users);
    // Who is to be deleted frees the address: a person may come back under another name.
    let gone: HashSet<&str> = users()
        .filter(|part| matches!(&part.state, Some(state) if state.value == Leaving::Absent))
        .map(|part| part.name.as_str())
        .collect();
    let mut first: HashMap<String, (&str, &Spot)> = HashMap::new();
    for part in users().filter(|part| !gone.contains(part.name.as_str())) {
        let name = part.name.as_str();
        for (attribute, fact) in &part.attributes {
            let (Attribute::Email, Ask::Is(Value::Text(email))) = (attribute, &fact.value) else {
                continue;
            };
            match first.get(&folded(email)) {
                // The same person's, said twice: told by the union.
                Some((owner, _)) if *owner == name => {}
                Some((owner, there)) => {
                    let message = format!("`{owner}` and `{name}` have one e-mail address");
                    let problem = Problem::new(fact.at.clone(), message)
                        .also((*there).clone(), "first here")
                        .hint("AWS lets no two users share an address");
                    problems.push(problem);
                }
                None => {
                    first.insert(folded(email), (name, &fact.at));
                }
            }
        }
    }
}
