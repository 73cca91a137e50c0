//! Two accounts beside each other: what stays behind, what both cost meanwhile, and what has arrived.

use super::around::organization;
use super::phrase::count;
use super::text::Ink;
use crate::cost::{Bill, Cost};
use crate::live::Live;
use crate::migration::{Comparison, GroupRow, Lacking, Staying};
use crate::model::{Attribute, GroupName, Tier, Usd, UserName, grouped, visible};
use console::Style;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// As many names as are told of one kind, and as many groups that are the same on both sides.
const SHOWN: usize = 20;

/// What does not go along, or not whole: a line a kind.
pub fn staying(staying: &Staying) -> Vec<String> {
    let Staying {
        disabled,
        provided,
        provided_groups,
        aws_groups,
        cancelled,
        unclear,
        foreign,
        orphans,
    } = staying;
    let mut lines = Vec::new();
    let mut named = |what: &str, names: Vec<&str>| {
        if !names.is_empty() {
            lines.push(format!("{what}: {}", listed(names)));
        }
    };
    named(
        "disabled, and left out: another account would bring them to life",
        users(disabled),
    );
    named(
        "owned by an identity provider, which brings them; only their own seats are written",
        users(provided),
    );
    named(
        "groups owned by an identity provider, which fills them; only their tiers are written",
        groups(provided_groups),
    );
    named("AWS's own groups, and left out", groups(aws_groups));
    named(
        "seats that end with the month, and are left out",
        users(cancelled),
    );
    named(
        "seats of which AWS does not tell whose they are, and left out",
        users(unclear),
    );
    if *foreign > 0 {
        let seats = count(*foreign, "seat");
        lines.push(format!("{seats} of another product, and left out"));
    }
    if *orphans > 0 {
        let seats = count(*orphans, "seat");
        lines.push(format!("{seats} of people who are gone, and left out"));
    }
    lines
}

/// Where people come from, how many, and what stays.
/// The plan for where they go to is to follow.
pub fn from(live: &Live, sandbox: Option<&str>, ink: Ink) -> String {
    let bold = |text: &str| ink.with(Style::new().bold(), text);
    let organization = organization(&live.target, sandbox).plain(false);
    let mut out = String::new();
    let _ = writeln!(out, "{}", bold(&format!("From {organization}")));
    let people = count(live.directory.users.len(), "user");
    let groups = count(live.directory.groups.len(), "group");
    let _ = writeln!(out, "{people} and {groups}");
    let lines = staying(&Staying::of(live));
    if !lines.is_empty() {
        let _ = writeln!(out, "\n{}", bold("Does not go along, or not whole"));
        for line in lines {
            let _ = writeln!(out, "  · {line}");
        }
    }
    let _ = write!(out, "\n{}", bold("To "));
    out
}

/// What both accounts cost a month as long as people have seats in both.
pub fn bills(from: (&str, &Bill), to: (&str, &Cost), ink: Ink) -> String {
    let ((from_name, from), (to_name, to)) = (from, to);
    let seats = |seats: u64| count(seats as usize, "seat");
    let becomes = |before: String, after: String| match before == after {
        true => before,
        false => format!("{before} -> {after}"),
    };
    let usd = |usd: Usd| usd.to_string();
    let rows = [
        [
            visible(from_name).into_owned(),
            seats(from.seats),
            usd(from.usd),
        ],
        [
            visible(to_name).into_owned(),
            match to.before.seats == to.after.seats {
                true => seats(to.after.seats),
                false => format!("{} -> {}", grouped(to.before.seats), seats(to.after.seats)),
            },
            becomes(usd(to.before.usd), usd(to.after.usd)),
        ],
        [
            "together".to_owned(),
            String::new(),
            becomes(usd(from.usd + to.before.usd), usd(from.usd + to.after.usd)),
        ],
    ];
    let title = "Both accounts a month, side by side (estimate)";
    let mut out = format!("\n{}\n", ink.with(Style::new().bold(), title));
    table(&mut out, &rows);
    let _ = writeln!(
        out,
        "  Whoever has a seat in both is billed twice, until {} is retired.",
        visible(from_name)
    );
    out
}

/// Both sides, tier by tier and group by group, and who is missing.
pub fn comparison(compared: &Comparison, from: &str, to: &str, ink: Ink) -> String {
    let Comparison {
        people,
        tiers,
        groups,
        each_group,
        lacking,
        arrived: _,
    } = compared;
    let row = |what: String, (from, to): (u64, u64)| [what, grouped(from), grouped(to)];
    let mut rows = vec![
        [
            String::new(),
            visible(from).into_owned(),
            visible(to).into_owned(),
        ],
        row("people".into(), *people),
    ];
    for (tier, from, to) in tiers {
        let tier = format!("  {}", tier.map_or("no seat", Tier::key));
        rows.push(row(tier, (*from, *to)));
    }
    rows.push(row("groups".into(), *groups));
    let same = each_group.iter().filter(|group| group.is_same()).count();
    let shown = each_group
        .iter()
        .filter(|group| same <= SHOWN || !group.is_same());
    rows.extend(shown.map(group_row));
    let title = "Both sides";
    let mut out = format!("\n{}\n", ink.with(Style::new().bold(), title));
    table(&mut out, &rows);
    if same > SHOWN {
        let groups = count(same, "group");
        let _ = writeln!(
            out,
            "  {groups} with the same members and tier on both sides"
        );
    }
    if lacking.is_empty() && same == each_group.len() {
        let _ = writeln!(out, "Everybody has arrived, with everything.");
        return out;
    }
    if !lacking.is_empty() {
        let title = ink.with(Style::new().bold(), "Not the same");
        let _ = writeln!(out, "\n{title}");
        for (user, why) in lacking.iter().take(SHOWN) {
            let name = visible(user.as_str());
            let _ = writeln!(out, "  · {name}: {}", why_lacking(why));
        }
        if let Some(more) = lacking.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(out, "  · and {} more", grouped(more as u64));
        }
    }
    out
}

fn users(names: &[UserName]) -> Vec<&str> {
    names.iter().map(UserName::as_str).collect()
}

fn groups(names: &[GroupName]) -> Vec<&str> {
    names.iter().map(GroupName::as_str).collect()
}

fn group_row(group: &GroupRow) -> [String; 3] {
    let GroupRow {
        name,
        here,
        members,
        tier,
    } = group;
    let said = |members: u64, tier: Option<Tier>| match tier {
        Some(tier) => format!("{}, {}", grouped(members), tier.key()),
        None => grouped(members),
    };
    [
        format!("  {}", visible(name.as_str())),
        said(members.0, tier.0),
        match here {
            true => said(members.1, tier.1),
            false => "not there".to_owned(),
        },
    ]
}

fn why_lacking(why: &Lacking) -> String {
    let tier = |tier: &Option<Tier>| tier.map_or("no seat", Tier::key);
    match why {
        Lacking::Disabled => "disabled, and not revived".to_owned(),
        Lacking::Provider => "not there yet; its identity provider creates it".to_owned(),
        Lacking::Absent => "not there".to_owned(),
        Lacking::DisabledHere => "disabled there".to_owned(),
        Lacking::Tier(had, has) => format!("{} -> {}", tier(had), tier(has)),
        Lacking::Attributes(attributes) => {
            let attributes: Vec<&str> = attributes.iter().copied().map(Attribute::key).collect();
            format!("other values: {}", attributes.join(", "))
        }
    }
}

fn listed(names: Vec<&str>) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<_> = names.into_iter().take(SHOWN).map(visible).collect();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), grouped(more as u64)),
    }
}

/// Columns two spaces apart, without spaces at the end of a line.
fn table(out: &mut String, rows: &[[String; 3]]) {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].width())
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1)];
    for [what, from, to] in rows {
        let mut line = String::from("  ");
        for (cell, width) in [(what, widths[0]), (from, widths[1])] {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        line.push_str(to);
        let _ = writeln!(out, "{}", line.trim_end());
    }
}
