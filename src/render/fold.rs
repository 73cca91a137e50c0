//! Ten thousand additions in a screenful: those of the same shape become one line. What takes or changes is never folded.

use super::lines::Given;
use super::phrase::{Part, Phrase, count, name, say, words};
use super::told::{Kind, Shape, listed};
use super::view::{Detail, Entry, Line, Mark, Segment};
use crate::model::{GroupName, Place, Text, Usd};
use std::collections::HashMap;
use std::hash::Hash;

/// So many of the same shape are one line; fewer are read faster one by one.
const FOLD_FROM: usize = 4;
/// If more lines are left, those that differ only in their groups are folded too.
const MOST_LINES: usize = 20;
/// So many names are written out.
const NAMED: usize = 6;

/// Additions, folded.
pub(super) fn adds(given: Vec<Given>, detail: Detail) -> Vec<Entry> {
    if detail.full {
        return given.into_iter().map(|one| one.line.into()).collect();
    }
    let mut cohorts = together(given, |one| one.shape.clone());
    let lines: usize = cohorts.iter().map(|cohort| rows(cohort.len())).sum();
    if lines > MOST_LINES {
        // The large cohorts keep their own line; the many small ones share one for each tier.
        cohorts.sort_by_key(|cohort| std::cmp::Reverse(cohort.len()));
        let small = cohorts.split_off(MOST_LINES.min(cohorts.len()) / 2);
        let small = small.into_iter().flatten().collect();
        let coarse = |one: &Given| (one.shape.kind, one.shape.tier.clone());
        cohorts.extend(together(small, coarse));
    }
    cohorts.sort_by(|a, b| first_of(a).cmp(&first_of(b)));
    let entries = cohorts.into_iter().flat_map(entries);
    entries.collect()
}

fn rows(cohort: usize) -> usize {
    match cohort {
        0..FOLD_FROM => cohort,
        _ => 1,
    }
}

fn first_of(cohort: &[Given]) -> Option<(bool, &Text)> {
    let first = cohort.first()?;
    let group = matches!(first.shape.kind, Kind::NewGroup | Kind::LiveGroup);
    Some((group, first.line.name.as_ref()?))
}

/// In the order in which each key is first met.
fn together<K: Hash + Eq>(given: Vec<Given>, key: impl Fn(&Given) -> K) -> Vec<Vec<Given>> {
    let mut at: HashMap<K, usize> = HashMap::new();
    let mut cohorts: Vec<Vec<Given>> = Vec::new();
    for one in given {
        let place = *at.entry(key(&one)).or_insert(cohorts.len());
        match cohorts.get_mut(place) {
            Some(cohort) => cohort.push(one),
            None => cohorts.push(vec![one]),
        }
    }
    for cohort in &mut cohorts {
        cohort.sort_by(|a, b| a.line.name.cmp(&b.line.name));
    }
    cohorts
}

fn entries(cohort: Vec<Given>) -> Vec<Entry> {
    if cohort.len() < FOLD_FROM {
        return cohort.into_iter().map(|one| one.line.into()).collect();
    }
    let usd: Usd = cohort.iter().map(|one| one.usd).sum();
    let folded = folded(&cohort, usd);
    vec![Entry {
        lines: cohort.into_iter().map(|one| one.line).collect(),
        folded: Some(folded),
    }]
}

/// `1,950 users -> groups [eng], tier pro (+$39,000/mo) (aadams … zyoung)`.
fn folded(cohort: &[Given], usd: Usd) -> Line {
    let Some(Given { shape, .. }) = cohort.first() else {
        return Line::sentence(Mark::Add, Phrase::default());
    };
    let Shape { kind, groups, tier } = shape;
    let what = match kind {
        Kind::NewUser => "user",
        Kind::LiveUser => "live user",
        Kind::NewGroup => "group",
        Kind::LiveGroup => "live group",
    };
    let same_groups = cohort.iter().all(|one| one.shape.groups == *groups);
    let mut gets: Vec<Phrase> = Vec::new();
    if same_groups && !groups.is_empty() {
        let groups: Vec<&GroupName> = groups.iter().collect();
        gets.push(match groups.as_slice() {
            [one] => say!["groups [", *one, "]"],
            many => listed(many),
        });
    } else if !same_groups {
        gets.push(say!["groups that differ"]);
    }
    if !tier.is_empty() {
        gets.push(without_money(tier));
    }
    let mark = cohort.first().map_or(Mark::Add, |one| one.line.mark);
    let mut said = say![words(count(cohort.len(), what))];
    if !gets.is_empty() {
        said.add(match mark {
            Mark::Add => say![Part::Arrow],
            _ => say![": "],
        });
        said.add(Phrase::joined(gets, ", "));
    }
    if usd != Usd::default() {
        let usd = Part::Money(format!("{}/mo", usd.signed()));
        let now = if mark == Mark::Change { ", now" } else { "" };
        said.add(say![" (", usd, now, ")"]);
    }
    let who: Vec<&Text> = cohort
        .iter()
        .filter_map(|one| one.line.name.as_ref())
        .collect();
    let mut line = Line::sentence(mark, say![said, " (", range(&who), ")"]);
    if let Some(segment) = line.segments.first_mut() {
        segment.why = places(cohort);
    }
    line
}

fn range(who: &[&Text]) -> Phrase {
    match who {
        [first, .., last] if who.len() > NAMED => say![name(first), " … ", name(last)],
        few => Phrase::joined(few.iter().map(|who| name(who).into()), ", "),
    }
}

/// `tier pro (+$20/mo)` is one person's.
fn without_money(tier: &Phrase) -> Phrase {
    let end = tier
        .0
        .iter()
        .position(|part| matches!(part, Part::Money(_)));
    let mut parts = tier.0[..end.unwrap_or(tier.0.len())].to_vec();
    if end.is_some()
        && let Some(Part::Words(opening)) = parts.last()
        && opening.trim() == "("
    {
        parts.pop();
    }
    Phrase(parts)
}

/// From the first line to the last in each file.
fn places(cohort: &[Given]) -> Phrase {
    let whys = cohort.iter().flat_map(|one| &one.line.segments);
    let parts = whys.flat_map(|segment: &Segment| &segment.why.0);
    let mut files: Vec<(&Place, &Place)> = Vec::new();
    for part in parts {
        let Part::Place(place) = part else { continue };
        match files.iter_mut().find(|(first, _)| first.file == place.file) {
            Some((first, last)) => {
                *first = (*first).min(place);
                *last = (*last).max(place);
            }
            None => files.push((place, place)),
        }
    }
    let more = files.len().saturating_sub(2);
    let shown = files.into_iter().take(2).map(|(first, last)| {
        let mut said = say![first];
        if last.line > first.line {
            said.add(say!["…", words(last.line.to_string())]);
        }
        said
    });
    let more = (more > 0).then(|| say![words(count(more, "more file"))]);
    Phrase::joined(shown.chain(more), ", ")
}

/// People who rise because a group's tier does: no operation names them, and the group's own line stands.
pub(super) fn risen(risen: Vec<Given>, detail: Detail) -> Vec<Entry> {
    if detail.full {
        return risen.into_iter().map(|one| one.line.into()).collect();
    }
    let cohorts = together(risen, |one| one.shape.clone());
    cohorts.into_iter().flat_map(entries).collect()
}
