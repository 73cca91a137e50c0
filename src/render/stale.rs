//! What has changed since a plan was made: planned from, live now, planned to, a row for each field that the plan touches.

use super::phrase::{Part, Phrase, clip, count, quote, say};
use crate::directory::{Group, User};
use crate::model::{Attribute, Principal, Subject, UserName, Value, grouped};
use crate::plan::{Change, Drift, Obstacle, Operation, Shift};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// As many rows as are shown; after the first few, the plan has to be made again anyway.
const SHOWN: usize = 100;

const HEADS: [&str; 3] = ["planned from", "live now", "planned to"];

/// What it is about, and the three columns.
struct Row {
    what: String,
    columns: [String; 3],
}

/// What has changed beside what the plan touches, a line each field.
pub fn beside(drift: &Drift) -> Vec<String> {
    let Some(now) = &drift.now else { return vec![] };
    let since = Drift {
        planned: now.clone(),
        ..drift.clone()
    };
    rows(&since)
        .into_iter()
        .map(
            |Row {
                 what,
                 columns: [was, is, _],
             }| {
                format!("{what} has changed since this plan was made, {was} -> {is}, and stays so")
            },
        )
        .collect()
}

/// The drifts as a table, or one below the other where a table does not fit; with a line end after the last line.
pub fn stale(drifts: &[Drift], width: Option<usize>) -> String {
    let all: Vec<Row> = drifts.iter().flat_map(rows).collect();
    let more = all.len().saturating_sub(SHOWN);
    let shown = &all[..all.len() - more];
    let mut out = match table(shown) {
        (wide, table) if width.is_none_or(|width| wide <= width) => table,
        _ => stacked(shown),
    };
    if more > 0 {
        let _ = writeln!(out, "and {}", count(more, "more row"));
    }
    out
}

/// What a plan does to people beside what was reviewed, a line each.
pub fn unreviewed(shifts: &BTreeMap<UserName, Shift>) -> Vec<String> {
    let more = shifts.len().saturating_sub(SHOWN);
    let people = shifts.iter().take(SHOWN).map(|(user, shift)| {
        let verb = match shift.after > shift.before {
            true => "gains by this plan",
            false => "loses by this plan",
        };
        let said = say![
            "user ",
            user,
            " ",
            verb,
            ", ",
            shift.before,
            Part::Arrow,
            shift.after
        ];
        format!(
            "{}, which it did not say when it was made",
            said.plain(false)
        )
    });
    let more = (more > 0).then(|| format!("and {} more", grouped(more as u64)));
    people.chain(more).collect()
}

/// Drifts of which nothing is known but that Kiro contradicts itself, one a line; with a line end after the last line.
pub fn unclear(drifts: &[Drift]) -> String {
    let more = drifts.len().saturating_sub(SHOWN);
    let mut out = String::new();
    for drift in drifts.iter().take(SHOWN) {
        let what = Phrase::from(&drift.subject).plain(false);
        let _ = writeln!(
            out,
            "{what}: Kiro's lists contradict each other about whose it is"
        );
    }
    if more > 0 {
        let _ = writeln!(out, "and {}", count(more, "more seat"));
    }
    out
}

/// The table, and how wide it is.
fn table(rows: &[Row]) -> (usize, String) {
    let cells = |row: &Row| {
        let [from, now, to] = row.columns.clone();
        [row.what.clone(), from, now, to]
    };
    let [from, now, to] = HEADS.map(str::to_owned);
    let mut lines = vec![[String::new(), from, now, to]];
    lines.extend(rows.iter().map(cells));
    let widths: [usize; 4] = std::array::from_fn(|column| {
        let widths = lines.iter().map(|line| line[column].width());
        widths.max().unwrap_or(0)
    });
    let mut out = String::new();
    for line in &lines {
        let mut row = String::new();
        for (cell, width) in line.iter().zip(widths) {
            row.push_str(cell);
            row.push_str(&" ".repeat(width - cell.width() + 2));
        }
        let _ = writeln!(out, "{}", row.trim_end());
    }
    (widths.iter().sum::<usize>() + 6, out)
}

fn stacked(rows: &[Row]) -> String {
    let mut out = String::new();
    let column = HEADS.iter().map(|head| head.len()).max().unwrap_or(0);
    for Row { what, columns } in rows {
        let _ = writeln!(out, "{what}");
        for (head, cell) in HEADS.iter().zip(columns) {
            let _ = writeln!(out, "  {head:<column$}  {cell}");
        }
    }
    out
}

fn rows(drift: &Drift) -> Vec<Row> {
    let Drift {
        subject,
        planned,
        now,
        obstacle,
    } = drift;
    let hindered = obstacle
        .as_ref()
        .map(|obstacle| hindered(obstacle, planned));
    let fields = match (planned, now) {
        _ if hindered.is_some() => hindered
            .map(|columns| (None, columns))
            .into_iter()
            .collect(),
        (Operation::User(_, planned), Some(Operation::User(_, now))) => {
            of_user(planned, now.after.as_deref())
        }
        (Operation::Group(_, planned), Some(Operation::Group(_, now))) => {
            of_group(planned, now.after.as_deref())
        }
        (Operation::Member(_, planned), Some(Operation::Member(_, now))) => {
            let there = |side: &Option<()>| match side {
                Some(()) => say!["member"],
                None => say!["not a member"],
            };
            let sides = [&planned.before, &now.after, &planned.after].map(there);
            vec![(None, sides)]
        }
        (Operation::Seat(_, planned), Some(Operation::Seat(_, now))) => {
            let tiers = [planned.before, now.after, planned.after];
            vec![(None, tiers.map(Phrase::from))]
        }
        _ => vec![(None, another(subject, planned))],
    };
    let what = Phrase::from(subject).plain(false);
    fields
        .into_iter()
        .map(|(field, columns)| Row {
            what: match field {
                Some(field) => format!("{what}: {field}"),
                None => what.clone(),
            },
            columns: columns.map(|column| column.plain(false)),
        })
        .collect()
}

type Field = (Option<&'static str>, [Phrase; 3]);

/// The fields are as planned, and yet it is not the same thing.
fn another(subject: &Subject, planned: &Operation) -> [Phrase; 3] {
    let now = match subject {
        Subject::User(_) => "another user of that name: the id differs",
        Subject::Group(_) => "another group of that name: the id differs",
        Subject::Member(_) => "its user or group is gone, or another one of that name",
        Subject::Seat(Principal::User(_)) => {
            "its user is gone or another one, or Kiro will not do it today"
        }
        Subject::Seat(Principal::Group(_)) => "its group is gone, or another one of that name",
    };
    beside_planned(planned, say![now])
}

/// The fields are as planned, and something else stands in the way.
fn hindered(obstacle: &Obstacle, planned: &Operation) -> [Phrase; 3] {
    let now = match obstacle {
        Obstacle::Taken(holder) => say![holder, " has the name or the e-mail address"],
        Obstacle::Provided(who) => say!["an identity provider owns ", who],
        Obstacle::Disabled(user) => say!["user ", user, " is disabled, and is given nothing"],
        Obstacle::Seat(tier) => say!["has been given a ", *tier, " seat, which would stay behind"],
    };
    beside_planned(planned, now)
}

fn beside_planned(planned: &Operation, now: Phrase) -> [Phrase; 3] {
    let [from, to] = match planned {
        Operation::User(_, change) => there(change),
        Operation::Group(_, change) => there(change),
        Operation::Member(_, change) => there(change),
        Operation::Seat(_, Change { before, after }) => [Phrase::from(*before), (*after).into()],
    };
    [from, now, to]
}

fn there<T>(Change { before, after }: &Change<T>) -> [Phrase; 2] {
    [before, after].map(|side| match side {
        Some(_) => say!["there"],
        None => say!["not there"],
    })
}

fn whole<T>(planned: &Change<T>, now: Option<&T>) -> [Phrase; 3] {
    let [from, to] = there(planned);
    let now = match now {
        Some(_) => say!["there"],
        None => say!["not there"],
    };
    [from, now, to]
}

fn of_user(planned: &Change<std::sync::Arc<User>>, now: Option<&User>) -> Vec<Field> {
    let (before, after) = (planned.before.as_deref(), planned.after.as_deref());
    let mut fields: Vec<Field> = Vec::new();
    let name = |user: Option<&User>| match user {
        Some(user) => say![&user.name],
        None => say!["not there"],
    };
    let renames = matches!((before, after), (Some(b), Some(a)) if b.name != a.name);
    if renames {
        fields.push((Some("user name"), [name(before), name(now), name(after)]));
    }
    for attribute in Attribute::ALL {
        let value = |user: Option<&User>| match user {
            Some(user) => of_value(user.attributes.get(attribute)),
            None => say!["not there"],
        };
        let columns = [value(before), value(now), value(after)];
        let same = |one: Option<&User>, other: Option<&User>| {
            let value = |user: Option<&User>| {
                user.and_then(|user| user.attributes.get(attribute))
                    .cloned()
            };
            value(one) == value(other)
        };
        let touched = match (before, after) {
            (Some(_), Some(_)) => !same(before, after),
            // Who goes or comes is touched whole; what is as planned says nothing.
            (Some(_), None) => now.is_some() && !same(before, now),
            (None, _) => now.is_some() && !same(now, after),
        };
        if touched {
            fields.push((Some(attribute.key()), columns));
        }
    }
    if fields.is_empty() {
        let now = now.map(|user| std::sync::Arc::new(user.clone()));
        fields.push((None, whole(planned, now.as_ref())));
    }
    fields
}

fn of_group(planned: &Change<std::sync::Arc<Group>>, now: Option<&Group>) -> Vec<Field> {
    let (before, after) = (planned.before.as_deref(), planned.after.as_deref());
    let sides = [before, now, after];
    let mut fields: Vec<Field> = Vec::new();
    let differs = |field: fn(&Group) -> String| {
        let fields = sides.map(|side| side.map(field));
        fields[0] != fields[1] || fields[0] != fields[2]
    };
    let existing = before.is_some() && after.is_some();
    if existing && differs(|group| group.name.to_string()) {
        let name = |group: Option<&Group>| match group {
            Some(group) => say![&group.name],
            None => say!["not there"],
        };
        fields.push((Some("group name"), sides.map(name)));
    }
    if now.is_some() && differs(|group| format!("{:?}", group.description)) {
        let description = |group: Option<&Group>| match group {
            Some(group) => match &group.description {
                Some(text) => say![quote(text.clone())],
                None => say!["none"],
            },
            None => say!["not there"],
        };
        fields.push((Some("description"), sides.map(description)));
    }
    if fields.is_empty() {
        let now = now.map(|group| std::sync::Arc::new(group.clone()));
        fields.push((None, whole(planned, now.as_ref())));
    }
    fields
}

fn of_value(value: Option<&Value>) -> Phrase {
    match value {
        None => say!["none"],
        Some(Value::Text(text)) => say![quote(text.clone())],
        Some(Value::List(list)) => {
            let list: Vec<&str> = list.iter().map(|item| &**item).collect();
            say![Part::Words(format!("[{}]", clip(&list.join(", "))).into())]
        }
        Some(Value::Address(address)) => {
            let parts = address.parts().into_iter();
            let parts: Vec<&str> = parts.filter_map(|(_, part)| part.as_deref()).collect();
            say![Part::Words(clip(&parts.join(", ")).into_owned().into())]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupName, Membership, Tier, UserName};
    use std::sync::Arc;

    fn user(name: &str, title: &str) -> Arc<User> {
        let mut user = User::named(UserName::new(name));
        user.attributes.insert(Attribute::Title, Value::text(title));
        Arc::new(user)
    }

    fn titles(name: &str, before: &str, now: &str, after: &str) -> Drift {
        let change = |to: &str| Change {
            before: Some(user(name, before)),
            after: Some(user(name, to)),
        };
        let name = UserName::new(name);
        Drift {
            subject: Subject::User(name.clone()),
            planned: Operation::User(name.clone(), change(after)),
            now: Some(Operation::User(name, change(now))),
            obstacle: None,
        }
    }

    fn seat(name: &str, now: Option<Tier>) -> Drift {
        let holder = Principal::User(UserName::new(name));
        let change = |after| Change {
            before: Some(Tier::Pro),
            after,
        };
        Drift {
            subject: Subject::Seat(holder.clone()),
            planned: Operation::Seat(holder.clone(), change(Some(Tier::ProPlus))),
            now: Some(Operation::Seat(holder, change(now))),
            obstacle: None,
        }
    }

    #[test]
    fn the_three_columns_stand_below_each_other() {
        let drifts = [
            titles("王小明", "Engineer", "Architect", "Manager"),
            seat("bob", None),
        ];
        let lines = [
            "                    planned from  live now     planned to",
            "user 王小明: title  \"Engineer\"    \"Architect\"  \"Manager\"",
            "seat of user bob    pro           none         pro+",
        ];
        assert_eq!(stale(&drifts, None), lines.join("\n") + "\n");
    }

    #[test]
    fn where_a_table_does_not_fit_the_columns_are_lines() {
        assert_eq!(
            stale(&[seat("bob", Some(Tier::Power))], Some(40)),
            "\
seat of user bob
  planned from  pro
  live now      power
  planned to    pro+
"
        );
    }

    #[test]
    fn another_one_of_the_same_name_is_told() {
        let mut drift = titles("bob", "Engineer", "Engineer", "Manager");
        drift.now = None;
        assert!(stale(&[drift], None).contains("another user of that name: the id differs"));
    }

    #[test]
    fn who_is_gone_is_not_there() {
        let member = Membership::new(GroupName::new("eng"), UserName::new("bob"));
        let change = |before, after| Change { before, after };
        let drift = Drift {
            subject: Subject::Member(member.clone()),
            planned: Operation::Member(member.clone(), change(Some(()), None)),
            now: None,
            obstacle: None,
        };
        assert!(stale(&[drift], None).contains("gone, or another one"));
        let mut drift = titles("bob", "Engineer", "Engineer", "Manager");
        drift.now = Some(Operation::User(
            UserName::new("bob"),
            Change {
                before: Some(user("bob", "Engineer")),
                after: None,
            },
        ));
        let shown = stale(&[drift], None);
        assert!(shown.contains("not there"), "{shown}");
    }

    #[test]
    fn a_thousand_drifts_are_counted() {
        let drifts: Vec<Drift> = (0..1_000).map(|n| seat(&format!("u{n}"), None)).collect();
        let shown = stale(&drifts, Some(100));
        assert_eq!(shown.lines().count(), SHOWN + 2);
        assert!(shown.ends_with("and 900 more rows\n"));
    }
}
