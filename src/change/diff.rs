//! One plain comparison, the same for users, groups, members and seats.

use super::{Change, Operation};
use crate::directory::Directory;
use std::cmp::Ordering;

/// Every difference, in the order of names: one pass over both sides. Users and groups that the sides share are the same
/// without being looked into.
pub fn diff(live: &Directory, goal: &Directory) -> Vec<Operation> {
    let mut operations = Vec::new();
    compare(&live.groups, &goal.groups, |name, change| {
        operations.push(Operation::Group(name.clone(), change));
    });
    compare(&live.users, &goal.users, |name, change| {
        operations.push(Operation::User(name.clone(), change));
    });
    let (before, after) = live.members.apart(&goal.members);
    let [before, after] = [before, after].map(|side| side.into_iter().map(|member| (member, &())));
    compare(before, after, |member, change| {
        // AWS takes the memberships of a deleted user or group along: not our calls, not our lines.
        if goal.users.contains_key(&member.user) && goal.groups.contains_key(&member.group) {
            operations.push(Operation::Member(member.clone(), change));
        }
    });
    compare(&live.seats, &goal.seats, |holder, change| {
        operations.push(Operation::Seat(holder.clone(), change));
    });
    operations
}

/// What differs between two sequences in the order of their keys.
fn compare<'a, K: Ord + 'a, V: Clone + PartialEq + 'a>(
    before: impl IntoIterator<Item = (&'a K, &'a V)>,
    after: impl IntoIterator<Item = (&'a K, &'a V)>,
    mut found: impl FnMut(&K, Change<V>),
) {
    let (mut before, mut after) = (before.into_iter().peekable(), after.into_iter().peekable());
    loop {
        let first = match (before.peek(), after.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((was, _)), Some((will, _))) => was.cmp(will),
        };
        let was = before.next_if(|_| first.is_le());
        let will = after.next_if(|_| first.is_ge());
        if let Some((key, _)) = will.or(was) {
            let (before, after) = (was.map(|(_, value)| value), will.map(|(_, value)| value));
            if before != after {
                let (before, after) = (before.cloned(), after.cloned());
                found(key, Change { before, after });
            }
        }
    }
}
