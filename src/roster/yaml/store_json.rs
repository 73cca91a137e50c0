//! The scripts' backup of a store becomes a [`Document`]. JSON is YAML, so it is looked at through the same tree, which
//! knows where everything stands; that it is JSON is made sure of first. Such a file is never a root.

use super::{Is, Key, Look, Mark, Node};
use crate::desired::Ask;
use crate::model::{Attribute, GroupName, Place, Text, UserName, Value};
use crate::problem::{Problem, Spot};
use crate::roster::document::{Document, GroupPart, UserPart};
use crate::roster::words::{self, Names};
use serde::de::IgnoredAny;
use std::collections::HashMap;

/// What the file says; `None` where it is no such backup.
pub(in crate::roster) fn document(
    file: &Text,
    text: &str,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        problems.push(no_json(file, &error));
        return None;
    }
    let node = super::tree(file, text, problems)?;
    let mut look = Look::new(file, text, names, problems);
    if !is_store(&mut look, &node) {
        return None;
    }
    let mut document = Document::of(file.clone());
    let mut store = Store::default();
    for (key, node) in look.entries(&node, "a backup") {
        match key.name {
            "users" => each(&mut look, node, "users", |look, entry, at| {
                store.user(look, entry, at);
            }),
            "groups" => each(&mut look, node, "groups", |look, entry, at| {
                store.group(look, entry, at);
            }),
            _ => {}
        }
    }
    // Memberships may stand first, and name both ends by id.
    for (key, node) in look.entries(&node, "a backup") {
        if key.name == "memberships" {
            each(&mut look, node, "memberships", |look, entry, at| {
                store.membership(look, entry, at);
            });
        }
    }
    document.users = store.users;
    document.groups = store.groups;
    Some(document)
}

fn no_json(file: &Text, error: &serde_json::Error) -> Problem {
    let number = |n: usize| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let place = Place {
        file: file.clone(),
        line: number(error.line()),
        column: number(error.column()),
    };
    let told = error.to_string();
    let told = told.split(" at line ").next().unwrap_or_default();
    let message = format!("this is not JSON: {told}");
    let hint = "a roster is YAML: its file's name ends in `.yaml`";
    Problem::new(Spot { place, length: 1 }, message).hint(hint)
}

fn is_store(look: &mut Look<'_>, node: &Node<'_>) -> bool {
    let Is::Map(pairs) = &node.is else {
        look.wrong(node.at, "this is no backup of a store: it is not an object");
        return false;
    };
    let list = |name: &str| {
        let has = |(key, value): &(Node<'_>, Node<'_>)| {
            matches!(&key.is, Is::Text(text) if text == name) && matches!(value.is, Is::List(_))
        };
        pairs.iter().any(has)
    };
    if list("users") || list("groups") {
        return true;
    }
    let (message, hint) = if list("created") || list("failed") {
        (
            "this is a report, not a roster",
            "whom it created can be mailed again with `kiroster invite --report`",
        )
    } else {
        (
            "this is no backup of a store: it has no list of `users`",
            "a backup is what `export --format json` writes; a roster is YAML, in a file ending in `.yaml`",
        )
    };
    look.wrong_hint(node.at, message, hint);
    false
}

type Entry<'n> = Vec<(Key<'n>, &'n Node<'n>)>;

fn each<'f>(
    look: &mut Look<'f>,
    node: &Node<'_>,
    what: &str,
    mut take: impl FnMut(&mut Look<'f>, &Entry<'_>, Mark),
) {
    for node in look
        .elements(node, &format!("`{what}`"))
        .unwrap_or_default()
    {
        let entry: Entry<'_> = look.entries(node, &format!("an element of `{what}`"));
        // What is no mapping has been told as such.
        if matches!(node.is, Is::Map(_)) {
            take(look, &entry, node.at);
        }
    }
}

/// A value that says something: a string that is not empty.
fn value<'n>(look: &mut Look<'_>, entry: &Entry<'n>, name: &str) -> Option<(&'n str, Mark)> {
    let (_, node) = entry.iter().find(|(key, _)| key.name == name)?;
    if matches!(node.is, Is::Null) {
        return None;
    }
    let text = look.string(node, &format!("`{name}`"))?;
    (!text.is_empty()).then_some((text, node.at))
}

#[derive(Default)]
struct Store {
    users: Vec<UserPart>,
    groups: Vec<GroupPart>,
    /// Where in `users` and `groups` each name stands.
    user_at: HashMap<Text, usize>,
    group_at: HashMap<Text, usize>,
    user_ids: HashMap<Text, Text>,
    group_ids: HashMap<Text, Text>,
}

impl Store {
    fn user(&mut self, look: &mut Look<'_>, entry: &Entry<'_>, at: Mark) {
        let before = look.told();
        let named = value(look, entry, "username").or_else(|| value(look, entry, "email"));
        let Some((name, name_at)) = named else {
            let message = "this user has neither a user name nor an e-mail address";
            if look.told() == before {
                look.wrong_hint(at, message, "add one of them, or take the user out");
            }
            return;
        };
        if look.passed(name_at, words::user_name(name)).is_none() {
            return;
        }
        let name = look.shared(name);
        if let Some(first) = self.user_at.get(&name) {
            let first = self.users[*first].at.clone();
            twice(look, name_at, first, &name);
            return;
        }
        let mut part = UserPart::of(UserName::new(name.clone()), look.spot(name_at));
        part.stands_in = true;
        for attribute in Attribute::ALL.iter().copied().filter(|a| a.is_core()) {
            let Some((text, at)) = value(look, entry, attribute.key()) else {
                continue;
            };
            let judged = match attribute {
                Attribute::Email => words::email(text),
                _ => words::text(text, attribute.key()),
            };
            if look.passed(at, judged).is_some() {
                let fact = look.fact(Ask::Is(Value::text(text)), at);
                part.attributes.push((attribute, fact));
            }
        }
        if let Some((id, _)) = value(look, entry, "user_id") {
            self.user_ids.insert(id.into(), name.clone());
        }
        self.user_at.insert(name, self.users.len());
        self.users.push(part);
    }

    fn group(&mut self, look: &mut Look<'_>, entry: &Entry<'_>, at: Mark) {
        let Some((name, name_at)) = value(look, entry, "display_name") else {
            look.wrong_hint(at, "this group has no name", "add its `display_name`");
            return;
        };
        if look.passed(name_at, words::group_name(name)).is_none() {
            return;
        }
        let name = look.shared(name);
        if let Some(first) = self.group_at.get(&name) {
            let first = self.groups[*first].at.clone();
            twice(look, name_at, first, &name);
            return;
        }
        let mut part = GroupPart::of(GroupName::new(name.clone()), look.spot(name_at));
        if let Some((text, at)) = value(look, entry, "description")
            && look.passed(at, words::text(text, "description")).is_some()
        {
            part.description.push(look.fact(Ask::Is(text.into()), at));
        }
        if let Some((id, _)) = value(look, entry, "group_id") {
            self.group_ids.insert(id.into(), name.clone());
        }
        self.group_at.insert(name, self.groups.len());
        self.groups.push(part);
    }

    fn membership(&mut self, look: &mut Look<'_>, entry: &Entry<'_>, at: Mark) {
        let group = end(look, entry, ["group_name", "group_id"], &self.group_ids);
        let user = end(look, entry, ["username", "user_id"], &self.user_ids);
        let (Some((group, group_at)), Some((user, user_at))) = (group, user) else {
            let hint = "both `group_name` and `username` say who is in what";
            look.wrong_hint(at, "this membership names nobody of this file", hint);
            return;
        };
        let good = look.passed(group_at, words::group_name(&group));
        if good.is_none() || look.passed(user_at, words::user_name(&user)).is_none() {
            return;
        }
        let (group, user) = (look.shared(&group), look.shared(&user));
        if !self.group_at.contains_key(&group) {
            self.group_at.insert(group.clone(), self.groups.len());
            let name = GroupName::new(group.clone());
            self.groups.push(GroupPart::of(name, look.spot(group_at)));
        }
        let index = *self.user_at.entry(user.clone()).or_insert_with(|| {
            let mut part = UserPart::of(UserName::new(user), look.spot(user_at));
            part.stands_in = true;
            self.users.push(part);
            self.users.len() - 1
        });
        let fact = look.fact(GroupName::new(group), group_at);
        self.users[index].groups.push(fact);
    }
}

/// One end of a membership: its name, or whose id it is.
fn end(
    look: &mut Look<'_>,
    entry: &Entry<'_>,
    [name, id]: [&str; 2],
    ids: &HashMap<Text, Text>,
) -> Option<(Text, Mark)> {
    if let Some((name, at)) = value(look, entry, name) {
        return Some((name.into(), at));
    }
    let (id, at) = value(look, entry, id)?;
    Some((ids.get(id)?.clone(), at))
}

fn twice(look: &mut Look<'_>, at: Mark, first: Spot, name: &str) {
    let problem = Problem::new(look.spot(at), format!("`{name}` is here twice"))
        .also(first, "first here")
        .hint("put both into one entry");
    look.tell_of(problem);
}
