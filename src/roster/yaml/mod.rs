//! A YAML file becomes a [`Document`].
//!
//! The file is read into a [`tree`] first, so that one wrong line does not hide the next; then each part is looked at,
//! and whatever is wrong is told with its place.

mod group;
mod look;
mod root;
mod syntax;
mod tree;
mod user;

pub(super) use group::KEYS as GROUP_KEYS;
pub(super) use root::{PINS, POLICY};
pub(super) use user::KEYS as USER_KEYS;

use super::document::Document;
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
    let node = match tree::read(file, text) {
        Ok(node) => node,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let mut look = Look::new(file, text, names, problems);
    let mut document = Document {
        file: file.clone(),
        root: None,
        users: Vec::new(),
        groups: Vec::new(),
    };
    // A file in which everything is commented out says nothing; that is no mistake.
    if matches!(node.is, Is::Null) && node.at.length == 0 {
        return Some(document);
    }
    let entries = look.entries(&node, "a roster");
    let mut root_keys: Vec<(Key<'_>, &Node<'_>)> = Vec::new();
    for (key, node) in entries {
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
            "version" | "target" | "policy" => root_keys.push((key, node)),
            _ => look.unknown(key, &["version", "target", "groups", "users", "policy"]),
        }
    }
    document.root = root::part(&mut look, &root_keys);
    Some(document)
}
