//! What has changed since a plan was made: planned from, live now, planned to, a row for each field that the plan touches.

mod rows;

use crate::model::{UserName, grouped};
use crate::plan::{Drift, Shift};
use crate::render::phrase::{Part, Phrase, count, say};
use rows::{Row, rows};
use std::collections::BTreeMap;
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// As many rows as are shown; after the first few, the plan has to be made again anyway.
const SHOWN: usize = 100;

const HEADS: [&str; 3] = ["planned from", "live now", "planned to"];

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::User;
    use crate::model::{
        Attribute, GroupName, Membership, Principal, Subject, Tier, UserName, Value,
    };
    use crate::plan::{Change, Operation};
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
