//! A plan for a pull request. GitHub takes 65,536 characters a comment; a plan of any size stays under 60,000, and what has
//! to go goes in a fixed order, the removals last.

use super::gfm::{escaped, inline, item, span};
use super::phrase::{count, short};
use super::text::cells;
use super::view::{Entry, Line, Mark, Section, Topic, View};
use crate::model::grouped;
use std::fmt::Write;

/// Characters; the rest of GitHub's 65,536 is left for what a bot may add.
const MOST: usize = 59_900;
/// What the last resort may spend on blocks; the removals' names get the rest.
const MOST_FOR_BLOCKS: usize = 20_000;
/// A longer list of additions is closed until somebody opens it.
const OPEN: usize = 20;

/// What is shown, from everything to the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// Each addition on its own line.
    Whole,
    /// Cohorts, with all names in them.
    Named,
    /// Cohorts, with the first and the last name.
    Folded,
    /// Changes only counted.
    WithoutChanges,
    /// And everything that nothing is done about.
    WithoutNotes,
    /// Removals by their bare names.
    Bare,
}

/// The view as Markdown, under 60,000 characters, with a hidden marker by which a bot finds its comment again.
pub fn markdown(view: &View) -> String {
    use Level::{Bare, Folded, Named, Whole, WithoutChanges, WithoutNotes};
    let levels = [Whole, Named, Folded, WithoutChanges, WithoutNotes, Bare];
    let mut texts = levels.into_iter().map(|level| comment(view, level, None));
    let fits = texts.find(|text| text.chars().count() <= MOST);
    fits.unwrap_or_else(|| comment(view, Bare, Some(MOST)))
}

/// `most` is set where even the bare names are too many: then as many are shown as there is room for.
fn comment(view: &View, level: Level, most: Option<usize>) -> String {
    let mut out = opening(view);
    let mut gone: Vec<String> = Vec::new();
    let mut closing = bill(view);
    if let Some(named) = view.totals.first() {
        let _ = writeln!(closing, "\n{}", inline(named));
    }
    for section in &view.sections {
        let topic = section.topic;
        let lines = section.entries.iter().map(|entry| entry.lines.len()).sum();
        match topic {
            Topic::Blocked => {
                let most = most.map(|_| MOST_FOR_BLOCKS);
                let left = list(&mut out, section, most);
                if left > 0 {
                    gone.push(count(left, "block"));
                }
            }
            Topic::Takes if level == Level::Bare => {
                // Room for what is still to come, and for saying what is not here.
                let spent = out.chars().count() + closing.chars().count() + 2_000;
                let room = most.map(|most| most.saturating_sub(spent));
                let left = bare(&mut out, section, room);
                if left > 0 {
                    gone.push(format!("{} of these lines", grouped(left as u64)));
                }
            }
            Topic::Takes => drop(list(&mut out, section, None)),
            Topic::Adds => adds(&mut out, section, level, &mut gone),
            Topic::Changes if level >= Level::WithoutChanges => {
                gone.push(count(lines, "change"));
            }
            Topic::Changes => drop(list(&mut out, section, None)),
            Topic::Waiting
            | Topic::Settling
            | Topic::Deferred
            | Topic::LeftOut
            | Topic::Mails
            | Topic::Unmanaged
            | Topic::Notes => match level >= Level::WithoutNotes {
                true => gone.push(format!("“{}”", topic.title())),
                false => drop(list(&mut out, section, None)),
            },
        }
    }
    out.push_str(&closing);
    rest(&mut out, view, level, &gone);
    out
}

fn opening(view: &View) -> String {
    let plain =
        |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    let (account, instance) = &view.target;
    let instance = instance.rsplit('/').next().unwrap_or_default();
    let (account, instance) = (plain(account), plain(instance));
    let mut out = format!("<!-- kiroster-plan {account} {instance} -->\n");
    let title = view.totals.last().map(inline).unwrap_or_default();
    let _ = writeln!(out, "### Kiroster: {title}\n");
    for line in &view.header {
        let _ = writeln!(out, "{}\\", inline(line));
    }
    // The last line's break would be shown.
    out.truncate(out.trim_end_matches(['\\', '\n']).len());
    out.push('\n');
    out
}

fn title(out: &mut String, topic: Topic, number: usize) {
    let title = escaped(topic.title());
    let number = grouped(number as u64);
    let _ = writeln!(out, "\n#### {title}: {number}\n");
}

/// Every line, or as many as there is room for; how many are not there.
fn list(out: &mut String, section: &Section, most: Option<usize>) -> usize {
    title(out, section.topic, section.entries.len());
    let mut used = 0;
    let mut hint = None;
    for (at, entry) in section.entries.iter().enumerate() {
        let lines = match &entry.folded {
            Some(folded) => std::slice::from_ref(folded),
            None => &entry.lines,
        };
        let mut line: String = lines.iter().map(item).collect();
        // The same advice once, not after each of a hundred lines.
        let advice = lines.last().and_then(|line| line.hint.as_ref());
        if let Some(advice) = advice.filter(|advice| hint != Some(*advice)) {
            let _ = writeln!(line, "  - hint: {}", inline(advice));
        }
        hint = advice;
        used += line.chars().count();
        if most.is_some_and(|most| used > most) {
            return section.entries.len() - at;
        }
        out.push_str(&line);
    }
    0
}

fn adds(out: &mut String, section: &Section, level: Level, gone: &mut Vec<String>) {
    let number: usize = section.entries.iter().map(|entry| entry.lines.len()).sum();
    let mut lines: Vec<String> = Vec::new();
    for Entry {
        lines: each,
        folded,
    } in &section.entries
    {
        match (level, folded) {
            (Level::Whole, _) | (_, None) => lines.extend(each.iter().map(item)),
            (Level::Named, Some(folded)) => {
                let names = each.iter().filter_map(|line| line.name.as_deref());
                let names: Vec<String> = names.map(|name| span(&short(name))).collect();
                lines.push(format!("{}  {}\n", item(folded), names.join(", ")));
            }
            (_, Some(folded)) => lines.push(item(folded)),
        }
    }
    if level >= Level::WithoutChanges && lines.len() > 2 * OPEN {
        gone.push(count(number, "addition"));
        return;
    }
    if lines.len() <= OPEN {
        title(out, section.topic, number);
        out.extend(lines);
        return;
    }
    let number = grouped(number as u64);
    let _ = write!(
        out,
        "\n<details>\n<summary>{}: {number}</summary>\n\n",
        escaped(section.topic.title())
    );
    out.extend(lines);
    out.push_str("\n</details>\n");
}

/// Removals by name alone; how many are not there.
fn bare(out: &mut String, section: &Section, room: Option<usize>) -> usize {
    let lines: Vec<&Line> = section.entries.iter().flat_map(|e| &e.lines).collect();
    title(out, section.topic, lines.len());
    let mut used = 0;
    let mut left = 0;
    for mark in [Mark::Remove, Mark::Change, Mark::Add] {
        let mut names = String::new();
        let mut number = 0;
        for line in lines.iter().filter(|line| line.mark == mark) {
            number += 1;
            let name = span(&short(line.name.as_deref().unwrap_or_default()));
            used += name.chars().count() + 2;
            if room.is_some_and(|room| used > room) {
                left += 1;
                continue;
            }
            if !names.is_empty() {
                names.push_str(", ");
            }
            names.push_str(&name);
        }
        if number > 0 {
            let (mark, number) = (span(mark.symbol()), grouped(number));
            let _ = writeln!(out, "- {mark} {number}: {names}");
        }
    }
    left
}

fn bill(view: &View) -> String {
    let Some(bill) = &view.bill else {
        return String::new();
    };
    let mut out =
        "\n#### Cost a month (estimate)\n\n| | Seats | USD | Difference |\n|---|---|---|---|\n"
            .to_owned();
    for row in bill.rows() {
        let [what, seats, usd, difference] = cells(row);
        let dear = |text: &str| match text {
            "" => String::new(),
            text => span(text).replace(" -> ", " → "),
        };
        let seats = escaped(&seats).replace(" -\\> ", " → ");
        let _ = writeln!(
            out,
            "| {} | {seats} | {} | {} |",
            escaped(&what),
            dear(&usd),
            dear(&difference)
        );
    }
    if !bill.remarks.is_empty() {
        out.push('\n');
    }
    for remark in &bill.remarks {
        let _ = writeln!(out, "- {}", inline(remark));
    }
    out
}

/// What is not here, and where it is.
fn rest(out: &mut String, view: &View, level: Level, gone: &[String]) {
    if level < Level::WithoutChanges {
        return;
    }
    let mut said = match level {
        Level::Bare => "Too long for a comment, so reasons and places are left out".to_owned(),
        _ => "Too long for a comment".to_owned(),
    };
    if !gone.is_empty() {
        let _ = write!(said, "; not shown here: {}", gone.join(", "));
    }
    let digest = view.heading.digest.as_deref();
    if let Some(digest) = digest {
        let _ = write!(said, ". The plan's digest is {}", span(digest));
    }
    let file = view.heading.file.as_deref().unwrap_or("PLAN.json");
    let show = format!("kiroster show {file} --full");
    let _ = writeln!(out, "\n{said}. All of it: {}", span(&show));
}
