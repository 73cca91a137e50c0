//! One entry under `groups`.

use super::user::{group_name, name};
use super::{Key, Look, Node};
use crate::desired::Ask;
use crate::model::{GroupName, Text};
use crate::roster::document::{GroupPart, Listing};
use crate::roster::words;

/// The keys of an entry, in writing order.
pub(in crate::roster) const KEYS: [&str; 7] = [
    "state",
    "previously",
    "description",
    "tier",
    "membership",
    "members",
    "clear",
];

/// What the entry says; `None` where the name cannot be one, with its problems all the same.
pub(super) fn part(look: &mut Look<'_>, key: Key<'_>, node: &Node<'_>) -> Option<GroupPart> {
    let good_name = look.passed(key.at, words::group_name(key.name));
    let called = GroupName::new(look.shared(key.name));
    let mut part = GroupPart::of(called, look.spot(key.at));
    for (key, node) in look.entries(node, &format!("group `{}`", key.name)) {
        match key.name {
            "state" => {
                let absent = look.one_of(node, "state", &[("absent", ())]);
                part.absent = absent.map(|()| look.spot(node.at));
            }
            "previously" => {
                for node in look.one_or_many(node, "`previously`") {
                    part.previously.extend(group_name(look, node));
                }
            }
            "description" => {
                if let Some(text) = look.text(node, "description") {
                    let ask = Ask::Is(Text::from(text));
                    part.description.push(look.fact(ask, key.at));
                }
            }
            "tier" => part.seat = look.tier(node),
            "membership" => {
                let words = [("exact", Listing::Exact), ("additive", Listing::Additive)];
                let word = look.one_of(node, "membership", &words);
                part.membership = word.map(|word| look.fact(word, node.at));
            }
            "members" => {
                if let Some(nodes) = look.elements(node, "`members`") {
                    let members = nodes.iter().filter_map(|node| name(look, node)).collect();
                    part.members = Some(look.fact(members, key.at));
                }
            }
            "clear" => {
                for node in look.elements(node, "`clear`").unwrap_or_default() {
                    match look.string(node, "an attribute's name") {
                        Some("description") => {
                            part.description.push(look.fact(Ask::Nothing, node.at));
                        }
                        Some(other) => {
                            let message = format!("a group's `{other}` cannot be cleared");
                            look.wrong_hint(node.at, message, "its `description` can");
                        }
                        None => {}
                    }
                }
            }
            _ => look.unknown(key, &KEYS),
        }
    }
    good_name.map(|()| part)
}
