//! Problems in the look that people know from rustc: what is wrong, `file:line:column`, the line, a caret, one hint.

use super::visible;
use crate::problem::{Problem, Problems, Spot};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

/// Two places in one file that are at most this many lines apart are shown in one excerpt.
const TOGETHER: u32 = 100;

/// Every problem, a blank line between two, with or without colour.
pub fn text(problems: &Problems, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut shown: HashMap<&str, Shown<'_>> = HashMap::new();
    for (file, source) in problems.sources() {
        shown.insert(file, Shown::of(source));
    }
    let mut text = String::new();
    for problem in problems.iter() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(renderer.render(&[group(problem, &shown)]).trim_end());
        text.push('\n');
    }
    text
}

fn group<'p>(problem: &'p Problem, shown: &'p HashMap<&str, Shown<'_>>) -> Group<'p> {
    let at = &problem.at;
    let title = Level::ERROR.primary_title(visible(&problem.message));
    let mut group = Group::with_title(title);
    let (near, far): (Vec<_>, Vec<_>) = problem.also.iter().partition(|(spot, _)| {
        let (here, there) = (&at.place, &spot.place);
        here.file == there.file && here.line.abs_diff(there.line) <= TOGETHER
    });
    let excerpt = shown.get(&*at.place.file).and_then(|file| {
        let spots: Vec<_> = near.iter().map(|(spot, _)| spot).chain([at]).collect();
        let excerpt = file.excerpt(&spots)?;
        let mut snippet = excerpt.mark(AnnotationKind::Primary, at, None)?;
        for (spot, label) in near {
            let range = excerpt.range(spot)?;
            let annotation = AnnotationKind::Context.span(range);
            snippet = snippet.annotation(annotation.label(visible(label)));
        }
        Some(snippet)
    });
    group = match excerpt {
        Some(snippet) => group.element(snippet),
        None => group.element(Origin::path(visible(&at.place.file))),
    };
    for (spot, label) in far {
        let snippet = shown.get(&*spot.place.file).and_then(|file| {
            let excerpt = file.excerpt(&[spot])?;
            excerpt.mark(AnnotationKind::Context, spot, Some(label))
        });
        if let Some(snippet) = snippet {
            group = group.element(snippet);
        }
    }
    if let Some(hint) = &problem.hint {
        group = group.element(Level::HELP.with_name("hint").message(visible(hint)));
    }
    group
}

/// A file as it can be shown: every character is one column still, and every line ends in a line feed.
struct Shown<'s> {
    text: Cow<'s, str>,
    /// Where each line starts, and where the last one ends.
    lines: Vec<usize>,
}

impl<'s> Shown<'s> {
    fn of(source: &'s str) -> Self {
        // The library shows the other control characters as pictures; these it lets through to the terminal.
        let is_odd = |c: char| matches!(c, '\u{80}'..='\u{9f}' | '\r');
        let mut text = Cow::Borrowed(source);
        if source.contains(is_odd) {
            let next = source.chars().skip(1).map(Some).chain([None]);
            let tame = |(c, next): (char, Option<char>)| match (c, next) {
                ('\r', Some('\n')) => ' ',
                // YAML ends a line here too.
                ('\r', _) => '\n',
                (c, _) if is_odd(c) => char::REPLACEMENT_CHARACTER,
                (c, _) => c,
            };
            text = Cow::Owned(source.chars().zip(next).map(tame).collect());
        }
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        let lines = [0].into_iter().chain(ends).chain([text.len()]).collect();
        Self { text, lines }
    }

    /// The lines from the first to the last of these spots.
    fn excerpt(&self, spots: &[&Spot]) -> Option<Excerpt<'_>> {
        let lines = spots.iter().map(|spot| spot.place.line);
        let (first, last) = (lines.clone().min()?, lines.max()?);
        let start = *self.lines.get((first as usize).checked_sub(1)?)?;
        let end = *self.lines.get(last as usize)?;
        let text = self.text.get(start..end)?.trim_end_matches(['\n', ' ']);
        Some(Excerpt { text, first })
    }
}

/// Some lines of a file, and the number of the first.
struct Excerpt<'s> {
    text: &'s str,
    first: u32,
}

impl<'s> Excerpt<'s> {
    fn mark(
        &self,
        kind: AnnotationKind,
        spot: &'s Spot,
        label: Option<&'s str>,
    ) -> Option<Snippet<'s, Annotation<'s>>> {
        let annotation = kind.span(self.range(spot)?).label(label.map(visible));
        let snippet = Snippet::source(self.text)
            .path(visible(&spot.place.file))
            .line_start(self.first as usize)
            .annotation(annotation);
        Some(snippet)
    }

    /// The bytes of a spot: at least one character, at most to the end of its line.
    fn range(&self, spot: &Spot) -> Option<Range<usize>> {
        let line = spot.place.line.checked_sub(self.first)? as usize;
        let mut lines = self.text.split('\n');
        let start: usize = lines.by_ref().take(line).map(|line| line.len() + 1).sum();
        let line = lines.next().unwrap_or_default();
        // The byte order mark is no column.
        let mark = line.len() - line.trim_start_matches('\u{feff}').len();
        let (start, line) = (start + mark, &line[mark..]);
        let byte = |column: usize| {
            let at = line.char_indices().nth(column);
            at.map_or(line.len(), |(byte, _)| byte)
        };
        let column = (spot.place.column as usize).saturating_sub(1);
        let end = column.saturating_add(spot.length.max(1) as usize);
        Some(start + byte(column)..start + byte(end))
    }
}
