//! One entry under `users`.

use super::{Is, Key, Look, Mark, Node};
use crate::desired::{Ask, Leaving};
use crate::model::{Address, Attribute, GroupName, Kind, Text, UserName, Value};
use crate::roster::document::{Fact, UserPart};
use crate::roster::words;

/// The keys of an entry that are no attributes, in writing order.
pub(in crate::roster) const KEYS: [&str; 6] =
    ["state", "previously", "groups", "tier", "until", "clear"];

/// What the entry says; `None` where the name cannot be one, with its problems all the same.
pub(super) fn part(look: &mut Look<'_>, key: Key<'_>, node: &Node<'_>) -> Option<UserPart> {
    let good_name = look.passed(key.at, words::user_name(key.name));
    let called = UserName::new(look.shared(key.name));
    let mut part = UserPart::of(called, look.spot(key.at));
    for (key, node) in look.entries(node, &format!("user `{}`", key.name)) {
        match key.name {
            "state" => part.state = state(look, node),
            "previously" => {
                for node in look.one_or_many(node, "`previously`") {
                    part.previously.extend(name(look, node));
                }
            }
            "groups" => {
                for node in look.elements(node, "`groups`").unwrap_or_default() {
                    part.groups.extend(group_name(look, node));
                }
            }
            "tier" => {
                part.tier_mentioned = true;
                part.seat = look.tier(node);
            }
            "until" => {
                let date = look.date(node, "until", "write the last day as `2027-01-31`");
                part.until = date.map(|date| look.fact(date, node.at));
            }
            "clear" => part.attributes.extend(clear(look, node)),
            other => match Attribute::named(other) {
                Some(attribute) => {
                    part.email_mentioned |= attribute == Attribute::Email;
                    if let Some(value) = value(look, attribute, node) {
                        let at = match node.is {
                            Is::Text(_) => node.at,
                            _ => key.at,
                        };
                        let fact = look.fact(Ask::Is(value), at);
                        part.attributes.push((attribute, fact));
                    }
                }
                None => {
                    let attributes = Attribute::ALL.iter().map(|a| a.key());
                    let known: Vec<&str> = KEYS.into_iter().chain(attributes).collect();
                    look.unknown(key, &known);
                }
            },
        }
    }
    good_name.map(|()| part)
}

/// A user's name where one is mentioned.
pub(super) fn name(look: &mut Look<'_>, node: &Node<'_>) -> Option<Fact<UserName>> {
    let name = look.string(node, "a user name")?;
    look.passed(node.at, words::user_name(name))?;
    let name = UserName::new(look.shared(name));
    Some(look.fact(name, node.at))
}

/// A group's name where one is mentioned.
pub(super) fn group_name(look: &mut Look<'_>, node: &Node<'_>) -> Option<Fact<GroupName>> {
    let name = look.string(node, "a group name")?;
    look.passed(node.at, words::group_name(name))?;
    let name = GroupName::new(look.shared(name));
    Some(look.fact(name, node.at))
}

fn state(look: &mut Look<'_>, node: &Node<'_>) -> Option<Fact<Leaving>> {
    let words = [
        ("absent", Leaving::Absent),
        ("offboarded", Leaving::Offboarded),
    ];
    let state = look.one_of(node, "state", &words)?;
    Some(look.fact(state, node.at))
}

fn clear(look: &mut Look<'_>, node: &Node<'_>) -> Vec<(Attribute, Fact<Ask<Value>>)> {
    let mut cleared = Vec::new();
    for node in look.elements(node, "`clear`").unwrap_or_default() {
        let Some(key) = look.string(node, "an attribute's name") else {
            continue;
        };
        match Attribute::named(key) {
            Some(attribute) if !attribute.can_be_cleared() => {
                let message = format!("a user's `{key}` cannot be cleared");
                look.wrong_hint(
                    node.at,
                    message,
                    "AWS requires one of every user: write another",
                );
            }
            Some(attribute) => cleared.push((attribute, look.fact(Ask::Nothing, node.at))),
            None => {
                let known: Vec<&str> = Attribute::clearable().map(Attribute::key).collect();
                let hint = words::meant(key, &known);
                look.wrong_hint(node.at, format!("no attribute is called `{key}`"), hint);
            }
        }
    }
    cleared
}

fn value(look: &mut Look<'_>, attribute: Attribute, node: &Node<'_>) -> Option<Value> {
    let key = attribute.key();
    match attribute.kind() {
        Kind::Text | Kind::Phone => Some(Value::text(look.text(node, key)?)),
        Kind::Email => {
            let text = look.string(node, "`email`")?;
            look.passed(node.at, words::email(text))?;
            Some(Value::text(text))
        }
        Kind::Address => address(look, key, node),
        Kind::List { most } => list(look, key, most, node),
    }
}

fn address(look: &mut Look<'_>, key: &str, node: &Node<'_>) -> Option<Value> {
    if matches!(&node.is, Is::Map(pairs) if pairs.is_empty()) {
        empty(look, key, node.at);
        return None;
    }
    let mut address = Address::default();
    let parts = Address::default().parts().map(|(part, _)| part);
    for (key, node) in look.entries(node, &format!("`{key}`")) {
        match address.part_mut(key.name) {
            Some(part) => *part = look.text(node, key.name).map(Text::from),
            None => look.unknown(key, &parts),
        }
    }
    (address != Address::default()).then(|| Value::Address(Box::new(address)))
}

fn list(look: &mut Look<'_>, key: &str, most: Option<usize>, node: &Node<'_>) -> Option<Value> {
    let nodes = look.elements(node, &format!("`{key}`"))?;
    if nodes.is_empty() {
        empty(look, key, node.at);
        return None;
    }
    if let Some(most) = most
        && nodes.len() > most
    {
        let message = format!("`{key}` has {} elements", nodes.len());
        look.wrong_hint(node.at, message, format!("AWS takes at most {most}"));
        return None;
    }
    let texts: Vec<Option<Text>> = nodes
        .iter()
        .map(|node| look.text(node, key).map(Text::from))
        .collect();
    texts
        .into_iter()
        .collect::<Option<Vec<Text>>>()
        .map(Value::List)
}

fn empty(look: &mut Look<'_>, key: &str, at: Mark) {
    let hint = format!("to remove it write `clear: [{key}]`");
    look.wrong_hint(at, format!("`{key}` is empty"), hint);
}
