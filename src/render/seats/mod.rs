//! Who holds which seat, for a terminal; [`json`] and [`csv`] are for programs and spreadsheets.

mod csv;
mod json;

pub use csv::{csv, shares_csv};
pub use json::json;

use super::around::organization;
use super::phrase::{Phrase, count, foreign, quote, say, words};
use super::text::Ink;
use crate::cost::Bill;
use crate::holdings::{By, Holding, Holdings, Kind};
use crate::live::{Orphan, Target};
use crate::model::{Tier, grouped};
use console::Style;
use jiff::civil::Date;
use std::fmt::Write;

/// What surrounds a list of seats.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Which organization it is.
    pub target: &'a Target,
    /// The sandbox's file: nothing of this is real.
    pub sandbox: Option<&'a str>,
    /// Today (UTC).
    pub today: Date,
    /// Everybody, where only some are shown.
    pub all: Option<&'a Holdings>,
    /// What is summed instead of listed.
    pub by: Option<By>,
}

/// For a person, with a line end after the last line.
pub fn text(holdings: &Holdings, frame: &Frame<'_>, ink: Ink) -> String {
    let head = organization(frame.target, frame.sandbox).plain(false);
    let mut out = format!("{}\n\n", ink.with(Style::new().bold(), &head));
    match frame.by {
        Some(by) => out.push_str(&shares(holdings, by, ink)),
        None if holdings.people.is_empty() && !holdings.orphans.is_empty() => {}
        None if holdings.people.is_empty() => out.push_str(match frame.all {
            Some(_) => "No seats of people like that.\n",
            None => "Nobody has a seat.\n",
        }),
        None => out.push_str(&people(holdings, ink)),
    }
    let orphans = orphans(&holdings.orphans, ink);
    if !orphans.is_empty() && !out.ends_with("\n\n") {
        out.push('\n');
    }
    out.push_str(&orphans);
    out.push_str(&sums(holdings, frame, ink));
    out
}

fn people(holdings: &Holdings, ink: Ink) -> String {
    let rows = holdings.people.iter().map(|holding| {
        let state = match &holding.row {
            Some(row) => row.status.word(),
            None => "",
        };
        let since = holding.row.as_ref().and_then(|row| row.since.clone());
        [
            say![&holding.user],
            match holding.tier {
                Some(tier) => say![tier],
                None => say!["-"],
            },
            say![holdings.prices.of(holding.tier)],
            match state {
                "" => say!["not shown"],
                word => say![foreign(word)],
            },
            since.map_or_else(Phrase::default, |since| say![foreign(since)]),
            grants(holding),
            Phrase::joined(holding.kinds.iter().map(|kind| told(*kind, holding)), "; "),
        ]
    });
    let headings = [
        "user", "tier", "a month", "state", "since", "from", "look at",
    ];
    ink.columns(headings, &rows.collect::<Vec<_>>())
}

/// Where a seat comes from.
fn grants(holding: &Holding) -> Phrase {
    let own = holding.own.map(|tier| say!["own ", tier]);
    let through = holding.through.iter();
    let through = through.map(|(group, tier)| say!["group ", group, " ", *tier]);
    Phrase::joined(own.into_iter().chain(through), ", ")
}

fn told(kind: Kind, holding: &Holding) -> Phrase {
    let row = holding.row.as_ref();
    match kind {
        Kind::Shadowed => say![
            "shadowed: a group gives ",
            holding.through_groups(),
            " anyway"
        ],
        Kind::Changing => say!["changing: ", holding.in_force(), " in force"],
        Kind::Cancelled => say![
            "cancelled: ",
            row.and_then(|row| row.tier),
            " charged to the end of the month"
        ],
        Kind::Foreign => match row.and_then(|row| row.called.clone()) {
            Some(called) => say!["foreign: ", quote(called)],
            None => say!["foreign"],
        },
        Kind::Idle | Kind::Disabled | Kind::Orphaned | Kind::Unlisted | Kind::Unknown => {
            say![kind.key()]
        }
    }
}

fn shares(holdings: &Holdings, by: By, ink: Ink) -> String {
    let shares = holdings.by(by);
    let rows = shares.iter().map(|share| {
        let Bill {
            seats,
            usd,
            by_tier,
            pending,
        } = &share.bill;
        let tiers = by_tier.iter().map(|(tier, seats)| say![*seats, " ", *tier]);
        [
            match &share.of {
                Some(of) => say![foreign(of.clone())],
                None => say!["(none)"],
            },
            say![*seats],
            say![*usd],
            Phrase::joined(tiers, ", "),
            match pending.seats {
                0 => Phrase::default(),
                idle => say![idle, " idle, ", pending.usd],
            },
        ]
    });
    let headings = [by.key(), "seats", "a month", "tiers", "look at"];
    let mut out = ink.columns(headings, &rows.collect::<Vec<_>>());
    if by == By::Group {
        out.push_str("Who is in several groups counts in each, and once in the sums.\n");
    }
    out
}

fn orphans(orphans: &[Orphan], ink: Ink) -> String {
    if orphans.is_empty() {
        return String::new();
    }
    let title = "Orphaned (whose holder is not in the store; in no sum, and perhaps billed)";
    let mut out = format!("{}\n", ink.with(Style::new().bold(), title));
    let rows = orphans.iter().map(|orphan| {
        [
            match &orphan.id {
                Some(id) => say!["id ", foreign(id.as_str())],
                None => say!["nobody"],
            },
            match (orphan.tier, &orphan.called) {
                (Some(tier), _) => say![tier],
                (None, Some(called)) => say![quote(called.clone())],
                (None, None) => say!["-"],
            },
            match orphan.status.as_ref().map(|status| status.word()) {
                None | Some("") => Phrase::default(),
                Some(word) => say![foreign(word)],
            },
        ]
    });
    out.push_str(&ink.columns(["holder", "tier", "state"], &rows.collect::<Vec<_>>()));
    out
}

fn sums(holdings: &Holdings, frame: &Frame<'_>, ink: Ink) -> String {
    let mut out = String::new();
    let title = ink.with(Style::new().bold(), "Cost a month (estimate)");
    let _ = writeln!(out, "\n{title}: {}", bill(&holdings.bill));
    let mut remarks = Vec::new();
    let pending = holdings.bill.pending;
    if pending.seats > 0 {
        remarks.push(say![
            pending.usd,
            " (",
            words(count(pending.seats as usize, "seat")),
            ") PENDING, not billed yet"
        ]);
    }
    if holdings.now.usd != holdings.bill.usd {
        remarks.push(say![
            "this month ",
            holdings.now.usd,
            ", with what was cancelled or lowered"
        ]);
    }
    if let Some(all) = frame.all {
        remarks.push(say!["all seats: ", words(bill(&all.bill)),]);
    }
    if !remarks.is_empty() {
        let _ = writeln!(out, "  {}", Phrase::joined(remarks, "; "));
    }
    let mut found = Vec::new();
    for kind in Kind::ALL {
        let people = holdings
            .people
            .iter()
            .filter(|holding| holding.kinds.contains(&kind))
            .count();
        if people > 0 {
            let told = holdings.told(kind);
            found.push(match told.seats {
                0 => format!("{people} {}", kind.key()),
                _ => format!("{people} {} ({})", kind.key(), told.usd),
            });
        }
    }
    if !holdings.orphans.is_empty() {
        found.push(format!("{} orphaned", holdings.orphans.len()));
    }
    if !found.is_empty() {
        let _ = writeln!(out, "Look at: {}", found.join(", "));
    }
    out
}

/// `11 seats, $680 (3 pro, 5 pro+, 3 power)`.
fn bill(bill: &Bill) -> String {
    let seats = count(bill.seats as usize, "seat");
    let tiers = bill.by_tier.iter();
    let tiers: Vec<String> = tiers
        .map(|(tier, seats)| format!("{} {}", grouped(*seats), Tier::key(*tier)))
        .collect();
    match tiers.is_empty() {
        true => format!("{seats}, {}", bill.usd),
        false => format!("{seats}, {} ({})", bill.usd, tiers.join(", ")),
    }
}
