//! Names and addresses that somebody else has got since a plan was made.

use super::Operation;
use crate::directory::Directory;
use crate::model::{Principal, Subject, folded};
use std::collections::HashMap;

/// Users and groups that would get a name or an e-mail address which somebody else has in the end: AWS would refuse, and
/// the plan was made when it would not have.
pub(super) fn taken<'o>(
    operations: impl Iterator<Item = &'o Operation>,
    after: &Directory,
) -> HashMap<Subject, Principal> {
    let mut wanted: Vec<(Subject, String)> = Vec::new();
    for operation in operations {
        match operation {
            Operation::User(key, change) => {
                let Some(user) = &change.after else { continue };
                let before = change.before.as_ref();
                let subject = Subject::User(key.clone());
                if before.is_none_or(|before| before.name != user.name) {
                    wanted.push((subject.clone(), user_mark(user.name.as_str())));
                }
                let email = user
                    .email()
                    .filter(|email| before.is_none_or(|before| before.email() != Some(email)));
                wanted.extend(email.map(|email| (subject, email_mark(email))));
            }
            Operation::Group(key, change) => {
                let Some(group) = &change.after else { continue };
                if change
                    .before
                    .as_ref()
                    .is_none_or(|before| before.name != group.name)
                {
                    let subject = Subject::Group(key.clone());
                    wanted.push((subject, group_mark(group.name.as_str())));
                }
            }
            Operation::Member(..) | Operation::Seat(..) => {}
        }
    }
    if wanted.is_empty() {
        return HashMap::new();
    }
    let mut holders: HashMap<String, Vec<Principal>> = HashMap::new();
    for (key, user) in &after.users {
        let holder = Principal::User(key.clone());
        let marks = [
            Some(user_mark(user.name.as_str())),
            user.email().map(email_mark),
        ];
        for mark in marks.into_iter().flatten() {
            holders.entry(mark).or_default().push(holder.clone());
        }
    }
    for (key, group) in &after.groups {
        let mark = group_mark(group.name.as_str());
        holders
            .entry(mark)
            .or_default()
            .push(Principal::Group(key.clone()));
    }
    let taken = wanted.into_iter().filter_map(|(subject, mark)| {
        let mut others = holders.get(&mark)?.iter();
        let other = others.find(|holder| Subject::from((*holder).clone()) != subject)?;
        // By the name that AWS has: a stranger may be filed out of the way.
        let present = match other {
            Principal::User(key) => after.users.get(key).map(|user| user.name.clone().into()),
            Principal::Group(key) => after.groups.get(key).map(|group| group.name.clone().into()),
        };
        Some((subject, present.unwrap_or(other.clone())))
    });
    taken.collect()
}

fn user_mark(name: &str) -> String {
    format!("user {}", folded(name))
}

fn group_mark(name: &str) -> String {
    format!("group {}", folded(name))
}

fn email_mark(email: &str) -> String {
    format!("email {}", folded(email))
}
