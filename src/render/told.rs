//! Everything that happens to one person or group in a plan, by whatever route, and the line that tells it.

use super::changed::{changes, text};
use super::facts::Facts;
use super::phrase::{Part, Phrase, foreign, quote, say};
use super::view::{Line, Mark, Segment};
use super::words;
use crate::directory::{Group, User};
use crate::model::{Attribute, GroupName, Place, Principal, Tier, Usd, UserName, Value};
use crate::plan::{Change, Operation};
use std::sync::Arc;

/// What additions that fold together have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) groups: Vec<GroupName>,
    /// Such as `tier pro`; empty for none.
    pub(super) tier: Phrase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    NewUser,
    LiveUser,
    NewGroup,
    LiveGroup,
}

/// What is told of one person or group.
#[derive(Default)]
pub(super) struct Told {
    pub(super) lead: Phrase,
    intro: Option<Phrase>,
    /// By reason.
    pub(super) takes: Vec<Segment>,
    gives: Segment,
    /// Where the gives are said.
    places: Vec<Place>,
    creates: bool,
    /// The user or group is deleted.
    pub(super) deletes: bool,
    removes: bool,
    pub(super) changes: bool,
    pub(super) shape: Shape,
    pub(super) usd: Usd,
}

impl Default for Shape {
    fn default() -> Self {
        Self {
            kind: Kind::LiveUser,
            groups: vec![],
            tier: Phrase::default(),
        }
    }
}

impl Told {
    pub(super) fn of(holder: &Principal, operations: &[&Operation], facts: &Facts<'_>) -> Self {
        let mut told = Self::default();
        if matches!(holder, Principal::Group(_)) {
            told.shape.kind = Kind::LiveGroup;
        }
        let mut left: Vec<(Phrase, Vec<&GroupName>)> = Vec::new();
        let mut joined: Vec<&GroupName> = Vec::new();
        let mut own: Option<(&Change<Tier>, Phrase)> = None;
        for operation in operations {
            let why = facts.why(operation);
            match operation {
                Operation::User(name, change) => told.user(name, change, why, facts),
                Operation::Group(_, change) => told.group(change, why),
                Operation::Member(member, change) if change.after.is_none() => {
                    told.removes = true;
                    match left.iter_mut().find(|(known, _)| *known == why) {
                        Some((_, groups)) => groups.push(&member.group),
                        None => left.push((why, vec![&member.group])),
                    }
                }
                Operation::Member(member, _) => {
                    match facts.joins.get(&(&member.user, &member.group)) {
                        Some(access) => {
                            let access = words::accounts(access);
                            let group = say!["group ", &member.group];
                            told.take(say![Part::Added(group), " (", access, ")"], why);
                        }
                        None => {
                            joined.push(&member.group);
                            told.because(why);
                        }
                    }
                }
                Operation::Seat(_, change) => {
                    let why = match facts.goes_along(operation, holder) {
                        true => told.takes.first().map(|s| s.why.clone()).unwrap_or(why),
                        false => why,
                    };
                    told.removes |= change.after.is_none();
                    told.changes |= change.before.is_some();
                    own = Some((change, why));
                }
            }
        }
        let shift = facts.shift(holder);
        let lost_by = told.leaves(left, shift.is_some(), facts);
        let groups = (!joined.is_empty()).then(|| say![Part::Added(listed(&joined))]);
        told.shape.groups = joined.into_iter().cloned().collect();
        // A tier of one's own comes first; one that a group gives, after that group.
        let own_first = own.is_some();
        if !own_first {
            told.gives.pieces.extend(groups.clone());
        }
        match holder {
            Principal::User(_) => told.tier(own, shift, lost_by, facts),
            Principal::Group(group) => told.group_tier(group, own, facts),
        }
        if own_first {
            told.gives.pieces.extend(groups);
        }
        told
    }

    /// Says which groups are left, and returns why one that gives a tier is.
    fn leaves(
        &mut self,
        left: Vec<(Phrase, Vec<&GroupName>)>,
        shifts: bool,
        facts: &Facts<'_>,
    ) -> Option<Phrase> {
        let mut lost_by = None;
        for (why, groups) in left {
            let tiers = groups
                .iter()
                .filter(|group| facts.plan.group_tiers.contains_key(**group));
            let seated = tiers.count();
            let mut piece = say![Part::Taken(listed(&groups))];
            if facts.effects && seated > 0 && !shifts {
                piece.add(match seated {
                    1 => " (its tier goes, another grant stays)",
                    _ => " (their tiers go, another grant stays)",
                });
            }
            if seated > 0 && lost_by.is_none() {
                lost_by = Some(why.clone());
            }
            self.take(piece, why);
        }
        lost_by
    }

    fn group(&mut self, change: &Change<Arc<Group>>, why: Phrase) {
        match (&change.before, &change.after) {
            (None, Some(group)) => {
                self.creates = true;
                self.shape.kind = Kind::NewGroup;
                self.lead = say!["group"];
                let description = group.description.clone();
                self.intro = description.map(|text| say![quote(text)]);
                self.because(why);
            }
            (Some(_), None) => {
                self.removes = true;
                self.deletes = true;
                self.lead = say!["deletes group"];
                self.take(None, why);
            }
            (Some(before), Some(after)) => {
                self.changes = true;
                if before.name != after.name {
                    let piece = say!["group name ", &before.name, Part::Arrow, &after.name];
                    self.take(piece, why.clone());
                }
                if before.description != after.description {
                    let (before, after) = (&before.description, &after.description);
                    let piece = text(before.as_ref(), after.as_ref());
                    self.give(say!["description ", piece], why);
                }
            }
            (None, None) => {}
        }
    }

    fn user(
        &mut self,
        name: &UserName,
        change: &Change<Arc<User>>,
        why: Phrase,
        facts: &Facts<'_>,
    ) {
        let holds = facts.holds.get(name);
        let holds = holds.map(|access| say![" (", words::accounts(access), ")"]);
        match (&change.before, &change.after) {
            (None, Some(user)) => {
                self.creates = true;
                self.shape.kind = Kind::NewUser;
                self.lead = say!["user"];
                self.intro = Some(introduction(user));
                self.because(why);
            }
            (Some(user), None) => {
                self.removes = true;
                self.deletes = true;
                self.intro = Some(introduction(user));
                let holds = holds.unwrap_or_default();
                self.lead = say!["deletes user", holds];
                self.take(None, why);
            }
            (Some(before), Some(after)) => {
                self.changes = true;
                let mut pieces = Vec::new();
                if before.name != after.name {
                    pieces.push(say!["user name ", &before.name, Part::Arrow, &after.name]);
                }
                pieces.extend(changes(before, after));
                if before.name != after.name || before.email() != after.email() {
                    if let (Some(last), Some(holds)) = (pieces.last_mut(), holds) {
                        last.add(holds);
                    }
                    pieces
                        .into_iter()
                        .for_each(|piece| self.take(piece, why.clone()));
                } else {
                    self.gives.pieces.extend(pieces);
                    self.because(why);
                }
            }
            (None, None) => {}
        }
    }

    pub(super) fn take(&mut self, piece: impl Into<Option<Phrase>>, why: Phrase) {
        let piece = piece.into();
        match self.takes.iter_mut().find(|segment| segment.why == why) {
            Some(segment) => segment.pieces.extend(piece),
            None => self.takes.push(Segment {
                pieces: piece.into_iter().collect(),
                why,
            }),
        }
    }

    pub(super) fn give(&mut self, piece: Phrase, why: Phrase) {
        self.gives.pieces.push(piece);
        self.because(why);
    }

    fn because(&mut self, why: Phrase) {
        let places = why.0.into_iter().filter_map(|part| match part {
            Part::Place(place) => Some(place),
            _ => None,
        });
        self.places.extend(places);
    }

    pub(super) fn line(self, holder: &Principal) -> Line {
        let Self {
            lead,
            intro,
            takes,
            mut gives,
            places,
            creates,
            deletes: _,
            removes,
            changes,
            shape: _,
            usd: _,
        } = self;
        let mark = match (removes, changes, takes.is_empty(), creates) {
            (true, ..) => Mark::Remove,
            (_, true, ..) => Mark::Change,
            // Somebody who only loses what a group gave, or joins a group with AWS access.
            (.., false, false) => Mark::Change,
            _ => Mark::Add,
        };
        gives.why = Phrase::joined(words::distinct(&places), ", ");
        let mut segments = takes;
        match segments.last_mut() {
            Some(last) if last.why.plain(false) == gives.why.plain(false) => {
                last.pieces.extend(gives.pieces)
            }
            _ if gives.pieces.is_empty() && gives.why.is_empty() => {}
            _ => segments.push(gives),
        }
        Line {
            mark,
            name: Some(holder.name().into()),
            lead,
            intro,
            segments,
            hint: None,
        }
    }
}

/// `group a`, `groups [a, b]`.
pub(super) fn listed(groups: &[&GroupName]) -> Phrase {
    match groups {
        [one] => say!["group ", *one],
        many => {
            let names = many.iter().map(|group| Phrase::from(*group));
            say!["groups [", Phrase::joined(names, ", "), "]"]
        }
    }
}

fn introduction(user: &User) -> Phrase {
    let text = |attribute| user.attributes.get(&attribute).and_then(Value::as_text);
    let name = match text(Attribute::DisplayName) {
        Some(name) => name.to_owned(),
        None => format!(
            "{} {}",
            text(Attribute::GivenName).unwrap_or_default(),
            text(Attribute::FamilyName).unwrap_or_default()
        ),
    };
    let email = user.email().unwrap_or("no e-mail");
    match name.trim() {
        "" => say!["<", foreign(email), ">"],
        name => say![foreign(name), " <", foreign(email), ">"],
    }
}
