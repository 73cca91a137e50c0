//! A YAML file becomes a [`Document`].
//!
//! The file is read into a [`tree`] first, so that one wrong line does not hide the next; then each part is looked at,
//! and whatever is wrong is told with its place.

mod acknowledge;
mod amount;
mod bounds;
mod group;
mod look;
mod policy;
mod root;
mod store_json;
mod syntax;
mod tree;
mod user;

pub(super) use acknowledge::KEYS as ACKNOWLEDGE_KEYS;
pub(super) use amount::MOST;
pub(super) use group::KEYS as GROUP_KEYS;
pub(super) use policy::{KEYS as POLICY_KEYS, PRUNE, most_percent};
pub(super) use root::{KEYS as ROOT_KEYS, PINS};
pub(super) use store_json::document as store;
pub(super) use user::KEYS as USER_KEYS;

use super::document::{Document, RootPart};
use super::words::Names;
use crate::model::Text;
use crate::problem::Problem;
use look::{Key, Look};
use tree::{Is, Mark, Node};

/// What the file says; `None` after a syntax error.
pub(super) fn document(
    file: &Text,
    text: &str,
    names: &mut Names,
    problems: &mut Vec<Problem>,
) -> Option<Document> {
    let node = tree(file, text, problems)?;
    let mut look = Look::new(file, text, names, problems);
    let mut document = Document::of(file.clone());
    // A file in which everything is commented out says nothing; that is no mistake.
    if is_nothing(&node) {
        return Some(document);
    }
    let mut root_keys: Vec<(Key<'_>, &Node<'_>)> = Vec::new();
    for (key, node) in look.entries(&node, "a roster") {
        match key.name {
            "users" => {
                for (key, node) in look.entries(node, "`users`") {
                    document.users.extend(user::part(&mut look, key, node));
                }
            }
            "groups" => {
                for (key, node) in look.entries(node, "`groups`") {
                    document.groups.extend(group::part(&mut look, key, node));
                }
            }
            name if ROOT_KEYS.contains(&name) => root_keys.push((key, node)),
            _ => look.unknown(key, &known()),
        }
    }
    document.root = root::part(&mut look, &root_keys);
    Some(document)
}

/// What a file says in the place of the root's rules; the rest of it is another roster's business.
pub(super) fn rules(file: &Text, text: &str, problems: &mut Vec<Problem>) -> Option<RootPart> {
    let node = tree(file, text, problems)?;
    let mut names = Names::default();
    let mut look = Look::new(file, text, &mut names, problems);
    let mut keys = Vec::new();
    if !is_nothing(&node) {
        for (key, node) in look.entries(&node, "a policy file") {
            match key.name {
                "version" | "policy" | "tiers" | "acknowledge" => keys.push((key, node)),
                "users" | "groups" => {}
                name if ROOT_KEYS.contains(&name) => {}
                _ => look.unknown(key, &known()),
            }
        }
    }
    // A file that was named by mistake must not put the standard rules in the place of strict ones.
    let rules = ["version", "policy"];
    let first = keys.iter().find(|(key, _)| rules.contains(&key.name));
    let Some((first, _)) = first else {
        if look.told() == 0 {
            let hint = "name a root file, or one with `policy` and `acknowledge`";
            look.wrong_hint(node.at, "this file has no `policy`", hint);
        }
        return None;
    };
    Some(root::said(&mut look, &keys, first.at))
}

fn tree<'y>(file: &Text, text: &'y str, problems: &mut Vec<Problem>) -> Option<Node<'y>> {
    let tree = tree::read(file, text);
    tree.map_err(|problem| problems.push(problem)).ok()
}

fn is_nothing(node: &Node<'_>) -> bool {
    matches!(node.is, Is::Null) && node.at.length == 0
}

fn known() -> Vec<&'static str> {
    let [version, target, rest @ ..] = ROOT_KEYS;
    let mut known = vec![version, target, "groups", "users"];
    known.extend(rest);
    known
}
