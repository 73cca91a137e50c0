//! Which way live was read, and why.

use super::phrase::count;
use crate::live::{Because, Way, Ways, Whole};

/// A line for users and a line for groups.
pub fn ways(ways: &Ways) -> [String; 2] {
    let Ways { users, groups } = ways;
    [way("user", users), way("group", groups)]
}

fn way(what: &str, way: &Way) -> String {
    let Way {
        pages,
        looks,
        expected,
        because,
    } = way;
    let (pages, made) = (count(*pages, "page"), count(*looks, "look-up"));
    let expected = count(*expected, "look-up");
    match because {
        Because::Short if way.expected <= way.pages => format!("{what}s: listed, in {pages}"),
        Because::Short => {
            format!("{what}s: listed, in {pages}; by name it would have been {expected}")
        }
        Because::Long => format!(
            "{what}s: looked up by name, in {made}; the list is longer than the {pages} that were read of it"
        ),
        Because::Whole(Whole::Everything) => {
            format!("{what}s: listed, in {pages}: all are asked for")
        }
        Because::Whole(Whole::Prune) => {
            format!("{what}s: listed, in {pages}: `policy.prune` is about everybody who has a seat")
        }
        Because::Whole(Whole::Budget) => {
            format!("{what}s: listed, in {pages}: `policy.budget` is about what all seats cost")
        }
        Because::Case(name) => format!(
            "{what}s: listed, in {pages}, after {made}: look-ups cannot tell whether `{name}` is live in another case"
        ),
        Because::Refused => {
            format!("{what}s: listed, in {pages}, after {made}: look-ups are refused")
        }
    }
}
