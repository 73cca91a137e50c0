//! The scripts' CSV files, and what spreadsheets make of them, become a [`Document`]: users with their groups and tiers,
//! or groups with theirs. Such a file is never a root; a cell that is empty says nothing.

mod columns;
mod table;
mod write;

pub use write::{Sheets, write};

use super::document::{Document, Fact, GroupPart, UserPart};
use super::words::{self, Fault, Names};
use crate::desired::{Ask, Said};
use crate::model::{Attribute, GroupName, Place, Text, Tier, UserName, Value};
use crate::problem::{Problem, Spot};
use columns::{Columns, Field, Kind};
use std::collections::{HashMap, HashSet};
use table::{Cell, Table};

/// What the file says; `None` where it is no such table. Beside its problems it has `remarks`: what of it is not used.
pub(super) fn document(
    file: &Text,
    text: &str,
    names: &mut Names,
    problems: &mut Vec<Problem>,
    remarks: &mut Vec<Said<String>>,
) -> Option<Document> {
    let Table { header, rows } = table::read(file, text, problems)?;
    let columns = columns::of(&header, problems, remarks)?;
    let mut document = Document::of(file.clone());
    let mut read = Read {
        names,
        problems,
        columns,
        seen: HashMap::new(),
        groups: HashSet::new(),
        unseated: Vec::new(),
        unseated_people: Vec::new(),
        unguarded: Vec::new(),
    };
    for row in &rows {
        read.unguarded
            .extend(row.iter().find(|cell| cell.was_guarded).map(line));
        match read.columns.kind {
            Kind::Groups => document.groups.extend(read.group(row)),
            Kind::People | Kind::Console => {
                let user = read.user(row, &mut document.groups);
                document.users.extend(user);
            }
        }
    }
    let console = read.columns.kind == Kind::Console;
    document.console = header
        .first()
        .filter(|_| console)
        .map(|cell| cell.at.clone());
    document.unseated = std::mem::take(&mut read.unseated_people);
    document.table = read.columns.has(Field::Tier);
    for (lines, what) in [
        (
            &read.unseated,
            "no tier is claimed for a cancelled seat, or for one that a group gives",
        ),
        (
            &read.unguarded,
            "the `'` that kept a spreadsheet from running a cell is taken off",
        ),
    ] {
        remarks.extend(remark(file, lines, what));
    }
    Some(document)
}

fn line(cell: &Cell) -> u32 {
    cell.at.place.line
}

/// One remark for all rows of a kind.
fn remark(file: &Text, lines: &[u32], what: &str) -> Option<Said<String>> {
    const SHOWN: usize = 5;
    let line = *lines.first()?;
    let shown: Vec<String> = lines.iter().take(SHOWN).map(u32::to_string).collect();
    let shown = shown.join(", ");
    let value = match lines.len().saturating_sub(SHOWN) {
        _ if lines.len() == 1 => format!("{what} (line {shown})"),
        0 => format!("{what} (lines {shown})"),
        more => format!("{what} (lines {shown} and {more} more)"),
    };
    let at = Place {
        file: file.clone(),
        line,
        column: 1,
    };
    Some(Said { value, at })
}

struct Read<'p> {
    names: &'p mut Names,
    problems: &'p mut Vec<Problem>,
    columns: Columns,
    /// Where each name was met first.
    seen: HashMap<Text, Spot>,
    /// Groups that have been declared.
    groups: HashSet<Text>,
    /// Lines of rows whose tier is not theirs to claim.
    unseated: Vec<u32>,
    unseated_people: Vec<UserName>,
    /// Lines with a cell that lost its `'`.
    unguarded: Vec<u32>,
}

impl Read<'_> {
    fn user(&mut self, row: &[Cell], groups: &mut Vec<GroupPart>) -> Option<UserPart> {
        let named = match self.columns.kind {
            Kind::Console => self.columns.cell(row, Field::ConsoleName),
            _ => {
                let name = self.columns.cell(row, Field::UserName);
                name.or(self.columns.cell(row, Field::Email))
            }
        };
        let Some(named) = named else {
            let at = row.first().map(|cell| cell.at.clone())?;
            let (what, hint) = match self.columns.kind {
                Kind::Console => ("this row has no name", "take it out"),
                _ => (
                    "this row has neither a user name nor an e-mail address",
                    "add one of them, or take the row out",
                ),
            };
            self.problems.push(Problem::new(at, what).hint(hint));
            return None;
        };
        // What the console calls a person need not be a user name.
        let good_name = match self.columns.kind {
            Kind::Console => self.passed(named, words::text(&named.text, "name")),
            _ => self.passed(named, words::user_name(&named.text)),
        };
        let name = self.names.shared(&named.text);
        let first = self.first(&name, named);
        let mut part = UserPart::of(UserName::new(name), named.at.clone());
        part.stands_in = true;
        for (field, attribute) in [
            (Field::GivenName, Attribute::GivenName),
            (Field::FamilyName, Attribute::FamilyName),
            (Field::DisplayName, Attribute::DisplayName),
            (Field::Email, Attribute::Email),
        ] {
            let Some(cell) = self.columns.cell(row, field) else {
                continue;
            };
            let judged = match attribute {
                Attribute::Email => words::email(&cell.text),
                _ => words::text(&cell.text, attribute.key()),
            };
            // The address that is the name as well has been judged.
            if (!std::ptr::eq(cell, named) || good_name.is_some())
                && self.passed(cell, judged).is_some()
            {
                let value = Ask::Is(Value::text(&*cell.text));
                part.attributes.push((attribute, fact(value, cell)));
            }
        }
        part.groups = self.groups_of(row, groups);
        let before = self.unseated.len();
        part.seat = self.seat(row);
        if self.unseated.len() > before {
            self.unseated_people.push(part.name.clone());
        }
        (first && good_name.is_some()).then_some(part)
    }

    fn group(&mut self, row: &[Cell]) -> Option<GroupPart> {
        let Some(named) = self.columns.cell(row, Field::GroupName) else {
            let at = row.first().map(|cell| cell.at.clone())?;
            let problem = Problem::new(at, "this row has no group name");
            self.problems
                .push(problem.hint("add it, or take the row out"));
            return None;
        };
        let good_name = self.passed(named, words::group_name(&named.text));
        let name = self.names.shared(&named.text);
        let first = self.first(&name, named);
        let mut part = GroupPart::of(GroupName::new(name), named.at.clone());
        part.seat = self.seat(row);
        (first && good_name.is_some()).then_some(part)
    }

    fn first(&mut self, name: &Text, named: &Cell) -> bool {
        if let Some(first) = self.seen.get(name) {
            let problem = Problem::new(named.at.clone(), format!("`{name}` is here twice"))
                .also(first.clone(), "first here")
                .hint("put both into one row");
            self.problems.push(problem);
            return false;
        }
        self.seen.insert(name.clone(), named.at.clone());
        true
    }

    /// The groups of one cell; each is declared where it is named first.
    fn groups_of(&mut self, row: &[Cell], declared: &mut Vec<GroupPart>) -> Vec<Fact<GroupName>> {
        let mut groups: Vec<Fact<GroupName>> = Vec::new();
        let Some(cell) = self.columns.cell(row, Field::Groups) else {
            return groups;
        };
        let cell = Cell {
            text: cell.text.clone(),
            at: cell.at.clone(),
            was_guarded: false,
        };
        for name in cell.text.split(',').map(str::trim) {
            if name.is_empty() || self.passed(&cell, words::group_name(name)).is_none() {
                continue;
            }
            let name = self.names.shared(name);
            if groups.iter().any(|group| group.value.as_str() == &*name) {
                let problem = Problem::new(cell.at.clone(), format!("`{name}` is here twice"));
                self.problems.push(problem.hint("take one of them out"));
                continue;
            }
            if self.groups.insert(name.clone()) {
                let group = GroupName::new(name.clone());
                declared.push(GroupPart::of(group, cell.at.clone()));
            }
            groups.push(fact(GroupName::new(name), &cell));
        }
        groups
    }

    fn seat(&mut self, row: &[Cell]) -> Option<Fact<Ask<Tier>>> {
        let cell = self.columns.cell(row, Field::Tier)?;
        let judged = words::tier(&cell.text);
        let tier = match judged {
            Ok(tier) => tier,
            Err(fault) => {
                self.passed(cell, Err(fault));
                return None;
            }
        };
        let cell_of = |field| self.columns.cell(row, field).map(|cell| &*cell.text);
        if !claims(cell_of(Field::Status), cell_of(Field::Source)) {
            self.unseated.push(line(cell));
            return None;
        }
        Some(fact(tier, cell))
    }

    fn passed(&mut self, cell: &Cell, judged: Result<(), Fault>) -> Option<()> {
        let Err(fault) = judged else { return Some(()) };
        let mut problem = Problem::new(cell.at.clone(), fault.message);
        problem.hint = fault.hint;
        self.problems.push(problem);
        None
    }
}

fn fact<T>(value: T, cell: &Cell) -> Fact<T> {
    let at = cell.at.clone();
    Fact { value, at }
}

/// Whether a row's tier is the person's own: a cancelled seat ends by itself, and what a group gives is the group's.
/// Where a person has both, the row shows the higher, and nobody can tell whose it is.
fn claims(status: Option<&str>, source: Option<&str>) -> bool {
    let cancelled = status.is_some_and(|status| status.to_lowercase().starts_with("cancel"));
    let through_group = source.is_some_and(|source| source.to_lowercase().contains("group"));
    !cancelled && !through_group
}
