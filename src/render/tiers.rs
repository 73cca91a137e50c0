//! What becomes of a tier: a person's own, the one they really have, a group's; what it costs and from when on.

use super::facts::Facts;
use super::phrase::{Part, Phrase, say};
use super::told::{Told, listed};
use crate::cost::Cost;
use crate::model::{GroupName, Tier, Usd};
use crate::plan::{Change, Shift};

impl Told {
    /// A person's own tier, the tier they really have, or both where they differ.
    pub(super) fn tier(
        &mut self,
        own: Option<(&Change<Tier>, Phrase)>,
        shift: Option<&Shift>,
        lost_by: Option<Phrase>,
        facts: &Facts<'_>,
    ) {
        let cost = &facts.plan.cost;
        let becomes = |what, before: Option<Tier>, after: Option<Tier>| match before {
            None => say![Part::Added(say![what, " ", after])],
            Some(_) => say![what, " ", before, Part::Arrow, after],
        };
        let ends = |tier: Option<Tier>| say![Part::Taken(say![tier, " seat"])];
        self.usd = shift
            .map(|shift| difference(shift, cost))
            .unwrap_or_default();
        // Who had a tier and gets a higher one is changed, whatever the call is.
        self.changes |= shift.is_some_and(|shift| shift.before.is_some());
        let (piece, why, taken) = match (own, shift) {
            (None, None) => return,
            (Some((change, why)), Some(shift))
                if change.before == shift.before && change.after == shift.after =>
            {
                let piece = match self.deletes {
                    true => ends(change.before),
                    false => becomes("tier", change.before, change.after),
                };
                let money = money(shift, cost);
                (say![piece, " (", money, ")"], Some(why), shift.lowers())
            }
            (Some((change, why)), Some(shift)) => {
                let piece = becomes("own tier", change.before, change.after);
                let means = say!["effectively ", shift.before, Part::Arrow, shift.after];
                let piece = say![piece, " (", means, ", ", money(shift, cost), ")"];
                let taken = shift.lowers() || change.after < change.before;
                (piece, Some(why), taken)
            }
            (Some((change, why)), None) => {
                let taken = change.after < change.before;
                let mut piece = becomes("own tier", change.before, change.after);
                if facts.effects {
                    piece.add(match taken {
                        true => " (another grant stays)",
                        false => " (another grant gives as much)",
                    });
                }
                (piece, Some(why), taken)
            }
            (None, Some(shift)) => {
                let mut piece = match self.deletes {
                    true => ends(shift.before),
                    false => becomes("tier", shift.before, shift.after),
                };
                let groups: Vec<&GroupName> = shift.through.iter().collect();
                match groups.is_empty() {
                    false => piece.add(say![" through ", listed(&groups)]),
                    true if self.deletes => {}
                    true => piece.add(" through a group"),
                }
                piece.add(say![" (", money(shift, cost), ")"]);
                let deletion = self.takes.first().filter(|_| self.deletes);
                let why = deletion.map(|segment| segment.why.clone());
                // Who leaves one group while the tier of another falls has both reasons.
                let through = (!groups.is_empty()).then(|| facts.why_through(&shift.through));
                let both = || {
                    lost_by
                        .into_iter()
                        .chain(through)
                        .filter(|why| !why.is_empty())
                };
                let why = why.unwrap_or_else(|| Phrase::joined(both(), ", "));
                (piece, Some(why), shift.lowers())
            }
        };
        self.shape.tier = strip_added(&piece);
        match taken {
            true => self.take(piece, why.unwrap_or_default()),
            false => self.give(piece, why.unwrap_or_default()),
        }
    }

    pub(super) fn group_tier(
        &mut self,
        group: &GroupName,
        own: Option<(&Change<Tier>, Phrase)>,
        facts: &Facts<'_>,
    ) {
        let Some((change, why)) = own else { return };
        let (before, after) = (change.before, change.after);
        if after < before {
            let mut piece = say!["group tier ", before, Part::Arrow, after];
            piece.add(facts.losers_told(group));
            self.take(piece, why);
        } else if before.is_none() {
            self.shape.tier = say!["group tier ", after];
            self.give(say![Part::Added(say!["group tier ", after])], why);
        } else {
            self.give(say!["group tier ", before, Part::Arrow, after], why);
        }
    }
}

/// Dollars a month more, or less.
fn difference(shift: &Shift, cost: &Cost) -> Usd {
    cost.prices.of(shift.after) - cost.prices.of(shift.before)
}

/// `+$20/mo, now`: an upgrade is billed at once, what is lowered or ends is paid for to the end of the month, and a new
/// seat not before it is used.
fn money(shift: &Shift, cost: &Cost) -> Phrase {
    let amount = Part::Money(format!("{}/mo", difference(shift, cost).signed()));
    match (shift.before, cost.steady_from) {
        (Some(_), _) if shift.after > shift.before => say![amount, ", now"],
        (Some(_), Some(day)) => say![amount, " from ", day],
        _ => say![amount],
    }
}

/// The same without the sign of an addition, for a sentence.
fn strip_added(piece: &Phrase) -> Phrase {
    match piece.0.first() {
        Some(Part::Added(inner)) => inner.clone(),
        _ => piece.clone(),
    }
}
