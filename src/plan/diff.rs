//! One plain comparison, the same for users, groups, members and seats.

use super::{Change, Operation};
use crate::directory::Directory;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every difference, in the order of names: one pass over both sides.
pub fn diff(live: &Directory, goal: &Directory) -> Vec<Operation> {
    let mut operations = Vec::new();
    let same = |a: &Arc<_>, b: &Arc<_>| Arc::ptr_eq(a, b) || a == b;
    compare(&live.groups, &goal.groups, same, |name, change| {
        operations.push(Operation::Group(name.clone(), change));
    });
    let same = |a: &Arc<_>, b: &Arc<_>| Arc::ptr_eq(a, b) || a == b;
    compare(&live.users, &goal.users, same, |name, change| {
        operations.push(Operation::User(name.clone(), change));
    });
    let mut member = |member: &crate::model::Membership, change| {
        // AWS takes the memberships of a deleted user or group along: not our calls, not our lines.
        if goal.users.contains_key(&member.user) && goal.groups.contains_key(&member.group) {
            operations.push(Operation::Member(member.clone(), change));
        }
    };
    let (before, after) = live.members.apart(&goal.members);
    compare_lists(&before, &after, &mut member);
    compare(&live.seats, &goal.seats, PartialEq::eq, |holder, change| {
        operations.push(Operation::Seat(holder.clone(), change));
    });
    operations
}

fn compare<K: Ord, V: Clone>(
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    same: impl Fn(&V, &V) -> bool,
    mut found: impl FnMut(&K, Change<V>),
) {
    merge(
        before.iter(),
        after.iter(),
        |(k, _), (l, _)| k.cmp(l),
        |before, after| match (before, after) {
            (Some((_, before)), Some((_, after))) if same(before, after) => {}
            (before, after) => {
                if let Some((key, _)) = after.or(before) {
                    let before = before.map(|(_, value)| value.clone());
                    let after = after.map(|(_, value)| value.clone());
                    found(key, Change { before, after });
                }
            }
        },
    );
}

fn compare_lists<K: Ord>(before: &[&K], after: &[&K], found: &mut impl FnMut(&K, Change<()>)) {
    merge(
        before.iter().copied(),
        after.iter().copied(),
        |k, l| k.cmp(l),
        |before, after| {
            if before.is_some() != after.is_some()
                && let Some(key) = after.or(before)
            {
                let before = before.map(|_| ());
                let after = after.map(|_| ());
                found(key, Change { before, after });
            }
        },
    );
}

/// Walks two sorted sequences at once, pairing what is equal.
fn merge<T: Copy>(
    before: impl Iterator<Item = T>,
    after: impl Iterator<Item = T>,
    order: impl Fn(T, T) -> Ordering,
    mut pair: impl FnMut(Option<T>, Option<T>),
) {
    let (mut before, mut after) = (before.peekable(), after.peekable());
    loop {
        let first = match (before.peek(), after.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(b), Some(a)) => order(*b, *a),
        };
        match first {
            Ordering::Less => pair(before.next(), None),
            Ordering::Greater => pair(None, after.next()),
            Ordering::Equal => pair(before.next(), after.next()),
        }
    }
}
