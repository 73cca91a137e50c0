//! What is live as the two tables that the scripts read: people with their groups and own tiers, and groups with theirs.

use crate::directory::User;
use crate::live::{Live, Status};
use crate::model::{Attribute, Principal, Tier, UserName, guarded, meant};
use crate::roster::export::{Told, core, lost_attributes};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io;

/// The two files, and what became of what they cannot hold as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheets {
    /// `X.csv`.
    pub users: String,
    /// `X-groups.csv`.
    pub groups: String,
    /// What a person should know of them, a line each.
    pub told: Vec<String>,
}

const USERS: [&str; 8] = [
    "UserName",
    "GivenName",
    "FamilyName",
    "DisplayName",
    "Email",
    "Groups",
    "KiroTier",
    "Status",
];
const GROUPS: [&str; 2] = ["GroupName", "KiroTier"];

/// Writes both. The same state gives the same bytes.
///
/// # Errors
/// None that is known: memory takes every row.
pub fn write(live: &Live) -> io::Result<Sheets> {
    let directory = &live.directory;
    let mut told = Told::default();
    let mut groups_of: HashMap<&UserName, Vec<&str>> = HashMap::new();
    for member in directory.members.iter() {
        let group = member.group.as_str();
        if holds(group) {
            groups_of.entry(&member.user).or_default().push(group);
        } else {
            told.add("memberships are left out, of groups with a comma in their name or white space around it", group);
        }
    }
    let mut users = Sheet::new(&USERS);
    for (name, user) in &directory.users {
        let row = live.seat_row(name);
        if row.is_some_and(|row| row.status == Status::Cancelled) {
            let what = "cancelled seats are left out: they end with the month";
            told.add(what, name.as_str());
        }
        let groups = groups_of.remove(name).unwrap_or_default().join(",");
        let cells = cells(live, name, user, &groups, &mut told);
        users.row(&cells, &mut told)?;
    }
    let mut groups = Sheet::new(&GROUPS);
    for (name, group) in &directory.groups {
        let tier = directory.tier_of(name);
        match tier {
            Some(_) if name.as_str().trim() != name.as_str() => {
                let what = "tiers are left out, of groups with white space around their name";
                told.add(what, name.as_str());
            }
            Some(tier) => groups.row(&[name.as_str(), spelled(tier)], &mut told)?,
            None if directory.members.count(name) == 0 => {
                told.add(
                    "groups are in neither file, without members and tier",
                    name.as_str(),
                );
            }
            None => {}
        }
        if group.description.is_some() {
            told.add("descriptions of groups are left out", name.as_str());
        }
    }
    lost_attributes(directory.users.values().map(|user| &**user), &mut told);
    Ok(Sheets {
        users: users.text()?,
        groups: groups.text()?,
        told: told.lines(),
    })
}

/// Whether a group's name can stand in a cell of several.
fn holds(name: &str) -> bool {
    !name.contains(',') && name.trim() == name
}

fn cells<'l>(
    live: &'l Live,
    name: &'l UserName,
    user: &'l User,
    groups: &'l str,
    told: &mut Told,
) -> [&'l str; 8] {
    let mut text = |attribute| core(user, attribute, told);
    let own = live
        .directory
        .seats
        .get(&Principal::User(name.clone()))
        .copied();
    // Of a seat that only a group gives, neither tier nor status is this person's to have: a script would subscribe them.
    let status = own.and_then(|_| live.seat_row(name));
    [
        name.as_str(),
        text(Attribute::GivenName),
        text(Attribute::FamilyName),
        text(Attribute::DisplayName),
        text(Attribute::Email),
        groups,
        own.map_or("", spelled),
        status.map_or("", |row| shown(&row.status)),
    ]
}

fn spelled(tier: Tier) -> &'static str {
    match tier {
        Tier::Pro => "Kiro Pro",
        Tier::ProPlus => "Kiro Pro+",
        Tier::ProMax => "Kiro Pro Max",
        Tier::Power => "Kiro Power",
    }
}

fn shown(status: &Status) -> &str {
    match status {
        Status::Active => "ACTIVE",
        Status::Pending => "PENDING",
        Status::Cancelled => "CANCELLED",
        Status::Other(word) => word,
    }
}

struct Sheet {
    header: &'static [&'static str],
    writer: ::csv::Writer<Vec<u8>>,
    header_written: bool,
}

impl Sheet {
    fn new(header: &'static [&'static str]) -> Self {
        let mut builder = ::csv::WriterBuilder::new();
        builder.terminator(::csv::Terminator::Any(b'\n'));
        Self {
            header,
            writer: builder.from_writer(Vec::new()),
            header_written: false,
        }
    }

    fn header(&mut self) -> io::Result<()> {
        if !self.header_written {
            self.writer.write_record(self.header)?;
            self.header_written = true;
        }
        Ok(())
    }

    fn row(&mut self, cells: &[&str], told: &mut Told) -> io::Result<()> {
        self.header()?;
        let who = cells.first().copied().unwrap_or_default();
        for (column, cell) in self.header.iter().zip(cells) {
            let name = || format!("{column} of {who}");
            if meant(&guarded(cell)) != *cell {
                told.add(
                    "cells lose the white space around them when they are read",
                    &name(),
                );
            }
            if matches!(guarded(cell), Cow::Owned(_)) {
                told.add("cells have a `'` in front, or a spreadsheet would run them; the scripts read it as part of the value", &name());
            }
        }
        self.writer
            .write_record(cells.iter().map(|cell| guarded(cell).into_owned()))?;
        Ok(())
    }

    fn text(mut self) -> io::Result<String> {
        self.header()?;
        let bytes = self
            .writer
            .into_inner()
            .map_err(|error| error.into_error())?;
        String::from_utf8(bytes).map_err(io::Error::other)
    }
}
