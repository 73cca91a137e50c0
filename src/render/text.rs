//! Ink for terminals and pipes.

use super::bill::{Bill, Row};
use super::phrase::{Part, Phrase, short};
use super::rows::{Run, rows};
use super::view::{Entry, Line, Mark, View};
use crate::model::{Tier, grouped};
use console::Style;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Whether to colour, and how much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    /// Colour is wanted and the stream can show it.
    pub colour: bool,
    /// Columns of the terminal; `None` for a pipe, where lines are as long as they are.
    pub width: Option<usize>,
}

/// A name column wider than this would push everything else off the screen.
const WIDEST_NAME: usize = 32;
/// Less room than this is not worth wrapping for.
const NARROWEST: usize = 40;

impl Ink {
    /// The view as text, with a line end after the last line.
    pub fn view(self, view: &View) -> String {
        let mut out = String::new();
        for line in &view.header {
            let line = line.plain(false);
            self.paragraph(&mut out, &line, Style::new().bold());
        }
        for section in &view.sections {
            let title = section.topic.title();
            let _ = writeln!(out, "\n{}", self.with(Style::new().bold(), title));
            let lines: Vec<&Line> = section.entries.iter().flat_map(shown).collect();
            let names = lines.iter().filter_map(|line| line.name.as_deref());
            let widths = names.map(|name| short(name).width());
            let column = widths.filter(|w| *w <= WIDEST_NAME).max().unwrap_or(0);
            let mut hint = None;
            for line in lines {
                self.line(&mut out, line, column);
                if line.hint.is_some() && line.hint != hint {
                    self.hint(&mut out, line.hint.as_ref());
                }
                hint.clone_from(&line.hint);
            }
        }
        if let Some(bill) = &view.bill {
            self.bill(&mut out, bill);
        }
        out.push('\n');
        for total in &view.totals {
            self.paragraph(&mut out, &total.plain(true), Style::new());
        }
        out
    }

    /// A line of a plan by itself, and its hint.
    pub(super) fn one(self, line: &Line) -> String {
        let mut out = String::new();
        let column = line.name.as_deref().map_or(0, |name| short(name).width());
        self.line(&mut out, line, column.min(WIDEST_NAME));
        self.hint(&mut out, line.hint.as_ref());
        out
    }

    /// Text in a style, if there is colour.
    pub fn with(self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }

    fn room(self) -> Option<usize> {
        self.width.map(|width| width.max(NARROWEST))
    }

    fn paragraph(self, out: &mut String, text: &str, style: Style) {
        let runs = [Run::new(text, style)];
        self.write(out, rows(&runs, self.room(), 4));
    }

    fn line(self, out: &mut String, line: &Line, column: usize) {
        let style = match line.mark {
            Mark::Add => Style::new().green(),
            Mark::Change => Style::new().yellow(),
            Mark::Remove => Style::new().red(),
            Mark::Blocked => Style::new().red().bold(),
            Mark::Later => Style::new().cyan(),
            Mark::Note => Style::new().dim(),
        };
        // What goes on in a second row stands below what happens, if that leaves room enough.
        let indent = match (&line.name, self.room()) {
            (Some(_), Some(room)) if column + 6 <= room / 2 => column + 6,
            (Some(_), _) => 6,
            (None, _) => 4,
        };
        let whole = rows(&runs(line, column, &style, true), self.room(), indent);
        let less = match whole.len() {
            1 => None,
            _ => Some(rows(
                &runs(line, column, &style, false),
                self.room(),
                indent,
            )),
        };
        match less {
            Some(less) if less.len() < whole.len() => self.write(out, less),
            _ => self.write(out, whole),
        }
    }

    fn hint(self, out: &mut String, hint: Option<&Phrase>) {
        let Some(hint) = hint else { return };
        let hint = [
            Run::new("    ", Style::new()),
            Run::new("hint:", Style::new().cyan()),
            Run::new(&format!(" {hint}"), Style::new()),
        ];
        self.write(out, rows(&hint, self.room(), 10));
    }

    fn bill(self, out: &mut String, bill: &Bill) {
        let title = self.with(Style::new().bold(), "Cost a month (estimate)");
        if bill.is_unchanged() {
            let tiers = bill.tiers.iter();
            let tiers = tiers.map(|row| format!("{} {}", grouped(row.seats.1), tier(row)));
            let tiers = match bill.tiers.as_slice() {
                [] => String::new(),
                _ => format!(" ({})", tiers.collect::<Vec<_>>().join(", ")),
            };
            let [_, seats, usd, _] = cells(&bill.total);
            let _ = writeln!(out, "\n{title}: {seats}, {usd}{tiers}");
        } else {
            let _ = writeln!(out, "\n{title}");
            self.table(out, bill);
        }
        if !bill.remarks.is_empty() {
            let remarks = Phrase::joined(bill.remarks.iter().cloned(), "; ");
            self.paragraph(out, &format!("  {remarks}"), Style::new());
        }
    }

    fn table(self, out: &mut String, bill: &Bill) {
        let table: Vec<[String; 4]> = bill.rows().map(cells).collect();
        let widths: [usize; 4] = std::array::from_fn(|column| {
            let cells = table.iter().map(|row| row[column].width());
            cells.max().unwrap_or(0)
        });
        for [what, seats, usd, difference] in &table {
            let row = format!(
                "  {what:<a$}  {seats:<b$}  {usd:<c$}  {difference}",
                a = widths[0],
                b = widths[1],
                c = widths[2],
            );
            let _ = writeln!(out, "{}", row.trim_end());
        }
    }

    fn write(self, out: &mut String, rows: Vec<Vec<Run>>) {
        for row in rows {
            for run in row {
                match self.colour {
                    true => out.push_str(&self.with(run.style, &run.text)),
                    false => out.push_str(&run.text),
                }
            }
            out.push('\n');
        }
    }
}

fn shown(entry: &Entry) -> impl Iterator<Item = &Line> {
    let (folded, lines): (_, &[Line]) = match &entry.folded {
        Some(folded) => (Some(folded), &[]),
        None => (None, &entry.lines),
    };
    folded.into_iter().chain(lines)
}

fn tier(row: &Row) -> &'static str {
    row.tier.map_or("total", Tier::key)
}

/// A row's tier, seats, dollars, and how many more.
pub(super) fn cells(row: &Row) -> [String; 4] {
    let what = tier(row).to_owned();
    let (was, will) = row.seats;
    let s = if will == 1 { "" } else { "s" };
    let (was, will) = (grouped(was), grouped(will));
    let seats = match was == will {
        true => format!("{will} seat{s}"),
        false => format!("{was} -> {will} seat{s}"),
    };
    let (before, after) = row.usd;
    match before == after {
        true => [what, seats, after.to_string(), String::new()],
        false => {
            let usd = format!("{before} -> {after}");
            [what, seats, usd, row.difference().signed()]
        }
    }
}

/// A line in pieces of one style each.
///
/// Not `whole`: without what can be seen elsewhere, namely who somebody is, and where a cohort is said.
fn runs(line: &Line, column: usize, style: &Style, whole: bool) -> Vec<Run> {
    let mut runs = vec![
        Run::new("  ", Style::new()),
        Run::new(line.mark.symbol(), style.clone()),
    ];
    if let Some(name) = &line.name {
        let name = short(name);
        let pad = column.saturating_sub(name.width()) + 1;
        runs.push(Run::new(" ", Style::new()));
        runs.push(Run::new(&name, style.clone()));
        runs.push(Run::new(&" ".repeat(pad), Style::new()));
    }
    let ticked = matches!(line.mark, Mark::Blocked | Mark::Later | Mark::Note);
    // One space after the name's column, two between any two things that happen.
    let mut gap = " ";
    let mut said = |runs: &mut Vec<Run>, phrase: &Phrase, next: &'static str| {
        runs.push(Run::new(gap, Style::new()));
        ink(runs, phrase, ticked);
        gap = next;
    };
    let who = line.intro.as_ref().filter(|_| whole);
    if !line.lead.is_empty() {
        said(
            &mut runs,
            &line.lead,
            if who.is_some() { " " } else { "  " },
        );
    }
    if let Some(who) = who {
        said(&mut runs, who, "  ");
    }
    for segment in &line.segments {
        for piece in &segment.pieces {
            said(&mut runs, piece, "  ");
        }
        let cohort = line.name.is_none();
        if !segment.why.is_empty() && (whole || !cohort) {
            let why = format!("[{}]", segment.why.plain(false));
            runs.push(Run::new("  ", Style::new()));
            runs.push(Run::new(&why, Style::new().dim()));
        }
    }
    runs
}

fn ink(runs: &mut Vec<Run>, phrase: &Phrase, ticked: bool) {
    for part in &phrase.0 {
        let style = match part {
            Part::Added(_) | Part::New(_) => Style::new().green(),
            Part::Taken(_) | Part::Old(_) => Style::new().red(),
            Part::Words(_)
            | Part::Code(_)
            | Part::Name(_)
            | Part::Quote(_)
            | Part::Foreign(_)
            | Part::Tier(_)
            | Part::Money(_)
            | Part::Place(_)
            | Part::Arrow => Style::new(),
        };
        runs.push(Run::new(&part.plain(ticked), style));
    }
}
