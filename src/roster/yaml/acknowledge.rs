//! `acknowledge`: reviewed agreements to more than a limit allows. How long one may still count is judged where today is
//! known.

use super::amount::MOST;
use super::{Look, Mark, Node};
use crate::desired::{Acknowledgement, Limit};
use crate::model::Text;
use crate::roster::words;
use std::collections::BTreeMap;

/// The keys of an entry, all of which it needs, in writing order.
pub(in crate::roster) const KEYS: [&str; 4] = ["rule", "count", "reason", "expires"];

/// Each agreement, one a limit.
pub(super) fn part(look: &mut Look<'_>, node: &Node<'_>) -> Vec<Acknowledgement> {
    let mut first: BTreeMap<Limit, Mark> = BTreeMap::new();
    let mut agreed = Vec::new();
    for node in look.elements(node, "`acknowledge`").unwrap_or_default() {
        let Some((rule, entry)) = one(look, node) else {
            continue;
        };
        if let Some((limit, at)) = rule {
            if let Some(there) = first.get(&limit) {
                look.twice(at, *there, &format!("`{}` is acknowledged", limit.key()));
                continue;
            }
            first.insert(limit, at);
        }
        agreed.extend(entry);
    }
    agreed
}

type Rule = Option<(Limit, Mark)>;

/// The rule, if it is one, and the whole entry, if all of it is good.
fn one(look: &mut Look<'_>, node: &Node<'_>) -> Option<(Rule, Option<Acknowledgement>)> {
    let words = Limit::ALL.map(|limit| (limit.key(), limit));
    let (mut rule, mut count, mut reason, mut expires) = (None, None, None, None);
    let before = look.told();
    let mut lacking = KEYS.to_vec();
    for (key, node) in look.entries(node, "an acknowledgement") {
        lacking.retain(|lacking| *lacking != key.name);
        match key.name {
            "rule" => {
                rule = look
                    .one_of(node, "rule", &words)
                    .map(|rule| (rule, node.at))
            }
            "count" => count = look.count(node, "count", 1..=MOST),
            "reason" => reason = why(look, node),
            "expires" => {
                let hint = "write the last day on which it counts as `2026-12-05`";
                expires = look.date(node, "expires", hint);
            }
            _ => look.unknown(key, &KEYS),
        }
    }
    // What is no mapping has been told as such.
    let no_mapping = lacking.len() == KEYS.len() && look.told() > before;
    if !lacking.is_empty() && !no_mapping {
        look.lacks(node.at, "this acknowledgement", &lacking);
    }
    let at = look.spot(node.at).place;
    let entry = (|| {
        Some(Acknowledgement {
            limit: rule?.0,
            count: u64::from(count?),
            reason: reason?,
            expires: expires?,
            at,
        })
    })();
    Some((rule, entry))
}

fn why(look: &mut Look<'_>, node: &Node<'_>) -> Option<Text> {
    let text = look.string(node, "`reason`")?;
    if text.trim().is_empty() {
        look.wrong_hint(
            node.at,
            "`reason` is empty",
            "say why, for those who review it",
        );
        return None;
    }
    look.passed(node.at, words::text(text, "reason"))?;
    Some(text.into())
}
