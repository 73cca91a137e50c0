//! Seats for a spreadsheet. The columns that the scripts know have their names, so that the file can be read back; a
//! cell that a spreadsheet would run as a formula is guarded.

use crate::holdings::{By, Holding, Holdings};
use crate::live::Source;
use crate::model::{Tier, guarded};
use std::io;

const PEOPLE: [&str; 14] = [
    "UserName",
    "DisplayName",
    "Email",
    "KiroTier",
    "Status",
    "Source",
    "Since",
    "USD",
    "OwnTier",
    "GroupTiers",
    "InForce",
    "LookAt",
    "Department",
    "CostCenter",
];

/// A row a person.
///
/// # Errors
/// None that memory does not make.
pub fn csv(holdings: &Holdings) -> io::Result<String> {
    let rows = holdings.people.iter().map(|holding| row(holding, holdings));
    sheet(&PEOPLE, rows)
}

/// A row a group, tier, cost center or department.
///
/// # Errors
/// None that memory does not make.
pub fn shares_csv(holdings: &Holdings, by: By) -> io::Result<String> {
    let shares = holdings.by(by);
    let rows = shares.iter().map(|share| {
        let seats = |tier: Tier| share.bill.by_tier.get(&tier).copied().unwrap_or_default();
        let mut cells = vec![
            share.of.as_deref().unwrap_or_default().to_owned(),
            share.bill.seats.to_string(),
            plain(share.bill.usd),
        ];
        cells.extend(Tier::ALL.map(|tier| seats(tier).to_string()));
        cells.push(share.bill.pending.seats.to_string());
        cells
    });
    let mut header = vec![by.key(), "seats", "usd"];
    header.extend(Tier::ALL.map(Tier::key));
    header.push("pending");
    sheet(&header, rows)
}

/// The columns of [`PEOPLE`]; whatever else is known of a seat is in the [JSON](super::json()).
fn row(holding: &Holding, holdings: &Holdings) -> Vec<String> {
    let row = holding.row.as_ref();
    let key = |tier: Option<Tier>| tier.map_or("", Tier::key).to_owned();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let through = holding.through.iter();
    let through = through.map(|(group, tier)| format!("{group} {tier}"));
    let kinds: Vec<&str> = holding.kinds.iter().map(|kind| kind.key()).collect();
    vec![
        holding.user.to_string(),
        text(holding.display_name.as_deref()),
        text(holding.email.as_deref()),
        key(holding.tier),
        text(row.map(|row| row.status.word())),
        text(row.map(|row| source(row.source))),
        text(row.and_then(|row| row.since.as_deref())),
        plain(holdings.prices.of(holding.tier)),
        key(holding.own),
        through.collect::<Vec<_>>().join(","),
        key(holding.in_force()),
        kinds.join(","),
        text(holding.department.as_deref()),
        text(holding.cost_center.as_deref()),
    ]
}

/// So that a row of a seat that a group gives claims no tier, should it be read as a roster.
fn source(source: Source) -> &'static str {
    match source {
        Source::Both => "own and group",
        other => other.key(),
    }
}

/// An amount as a spreadsheet takes it.
fn plain(usd: crate::model::Usd) -> String {
    let cents = usd.in_cents();
    match cents % 100 {
        0 => (cents / 100).to_string(),
        part => format!("{}.{part:02}", cents / 100),
    }
}

/// No control character reaches a terminal, should this be shown on one; names are as they are otherwise.
fn tame(cell: &str) -> String {
    let mut tamed = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c.is_control() {
            true => tamed.extend(c.escape_unicode()),
            false => tamed.push(c),
        }
    }
    tamed
}

fn sheet(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> io::Result<String> {
    let mut builder = ::csv::WriterBuilder::new();
    builder.terminator(::csv::Terminator::Any(b'\n'));
    let mut writer = builder.from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        let cells = row.iter().map(|cell| tame(&guarded(cell)));
        writer.write_record(cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_nothing_and_a_terminal_obeys_nothing() {
        let row = vec![
            "=cmd()".to_owned(),
            "a\u{1b}[31mb".to_owned(),
            "👩‍💻, Jö".to_owned(),
        ];
        let text = sheet(&["a", "b", "c"], [row].into_iter()).unwrap();
        assert_eq!(text, "a,b,c\n'=cmd(),a\\u{1b}[31mb,\"👩‍💻, Jö\"\n");
    }
}
