//! Lines and words in GitHub's Markdown.
//!
//! All text that is not ours stands in code spans: there alone GitHub makes neither markup nor links, mentions, issue
//! references, emoji or mathematics of it. A backslash would not do: `\@team` still mentions the team.

use super::phrase::{Part, Phrase, clip, short};
use super::view::Line;
use crate::model::visible;
use std::fmt::Write;

pub(super) fn item(line: &Line) -> String {
    let mut out = format!("- {}", span(line.mark.symbol()));
    if let Some(name) = &line.name {
        let _ = write!(out, " {}", span(&short(name)));
    }
    let lead = Some(&line.lead).filter(|lead| !lead.is_empty());
    let heads: Vec<String> = lead.into_iter().chain(&line.intro).map(inline).collect();
    let mut between = " ";
    if !heads.is_empty() {
        let _ = write!(out, " {}", heads.join(" "));
        between = ", ";
    }
    for segment in &line.segments {
        for piece in &segment.pieces {
            let _ = write!(out, "{between}{}", inline(piece));
            between = ", ";
        }
        if !segment.why.is_empty() {
            let _ = write!(out, " — {}", inline(&segment.why));
            between = "; ";
        }
    }
    out.push('\n');
    out
}

pub(super) fn inline(phrase: &Phrase) -> String {
    let mut out = String::new();
    for part in &phrase.0 {
        let said = match part {
            Part::Words(words) => escaped(words),
            Part::Code(code) => span(&clip(code)),
            Part::Name(name) => span(&short(name)),
            Part::Quote(text) | Part::Foreign(text) => span(&clip(text)),
            Part::Tier(_) => escaped(&part.plain(false)),
            Part::Money(money) => span(money),
            Part::Place(place) => span(&visible(&place.line().to_string())),
            Part::Arrow => " → ".to_owned(),
            Part::Added(phrase) => format!("\\+{}", inline(phrase)),
            Part::Taken(phrase) => format!("\\-{}", inline(phrase)),
            Part::Old(text) => format!("~~{}~~", span(&clip(text))),
            Part::New(text) => format!("**{}**", span(&clip(text))),
        };
        // Two spans side by side would be read as one fence.
        if out.ends_with('`') && said.starts_with('`') {
            out.push(' ');
        }
        out.push_str(&said);
    }
    out
}

/// A code span: nothing in it is anything but text.
pub(super) fn span(text: &str) -> String {
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // One space at both ends is taken away again by whoever reads it.
    let edges = [text.chars().next(), text.chars().next_back()];
    let pad = edges.contains(&Some('`')) || edges == [Some(' '), Some(' ')];
    let pad = if pad && !text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Our own words, with what Markdown would take for markup escaped.
pub(super) fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(
            c,
            '\\' | '`'
                | '*'
                | '_'
                | '['
                | ']'
                | '<'
                | '>'
                | '|'
                | '~'
                | '&'
                | '#'
                | '$'
                | '@'
                | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn a_span_is_longer_fenced_than_what_is_in_it() {
        for (text, shown) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("`a``", "``` `a`` ```"),
            (" a ", "`  a  `"),
            (" ", "` `"),
            ("", "(empty)"),
        ] {
            assert_eq!(span(text), shown);
        }
    }
}
