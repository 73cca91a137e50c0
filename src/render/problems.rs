//! Problems in the look that people know from rustc: what is wrong, `file:line:column`, the line, a caret, one hint.

use super::visible;
use crate::problem::{Problem, Problems, Spot};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
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
    let mut files = Files {
        problems,
        lines: HashMap::new(),
    };
    let mut text = String::new();
    for problem in problems.iter() {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(renderer.render(&[files.group(problem)]).trim_end());
        text.push('\n');
    }
    text
}

struct Files<'p> {
    problems: &'p Problems,
    /// Where each line of a file starts, and where the last one ends.
    lines: HashMap<&'p str, Vec<usize>>,
}

impl<'p> Files<'p> {
    fn group(&mut self, problem: &'p Problem) -> Group<'p> {
        let title = Level::ERROR.primary_title(visible(&problem.message));
        let at = &problem.at;
        let mut group = Group::with_title(title);
        let (near, far): (Vec<_>, Vec<_>) = problem.also.iter().partition(|(spot, _)| {
            spot.place.file == at.place.file && spot.place.line.abs_diff(at.place.line) <= TOGETHER
        });
        group = match self.excerpt(at, &near) {
            Some(snippet) => group.element(snippet),
            None => group.element(Origin::path(visible(&at.place.file))),
        };
        for also in far {
            if let Some(snippet) = self.aside(&also.0, &also.1) {
                group = group.element(snippet);
            }
        }
        if let Some(hint) = &problem.hint {
            group = group.element(Level::HELP.with_name("hint").message(visible(hint)));
        }
        group
    }

    fn excerpt(
        &mut self,
        at: &'p Spot,
        near: &[&'p (Spot, String)],
    ) -> Option<Snippet<'p, Annotation<'p>>> {
        let lines = near.iter().map(|(spot, _)| spot.place.line);
        let lines = || lines.clone().chain([at.place.line]);
        let (first, last) = (lines().min()?, lines().max()?);
        let (source, start) = self.slice(at, first, last)?;
        let mut snippet = Snippet::source(source)
            .path(visible(&at.place.file))
            .line_start(first as usize)
            .annotation(AnnotationKind::Primary.span(self.range(at, start)?));
        for (spot, label) in near {
            let range = self.range(spot, start)?;
            let annotation = AnnotationKind::Context.span(range).label(visible(label));
            snippet = snippet.annotation(annotation);
        }
        Some(snippet)
    }

    fn aside(&mut self, spot: &'p Spot, label: &'p str) -> Option<Snippet<'p, Annotation<'p>>> {
        let line = spot.place.line;
        let (source, start) = self.slice(spot, line, line)?;
        let range = self.range(spot, start)?;
        let snippet = Snippet::source(source)
            .path(visible(&spot.place.file))
            .line_start(line as usize)
            .annotation(AnnotationKind::Context.span(range).label(visible(label)));
        Some(snippet)
    }

    /// The text of some lines, and where it starts in the file.
    fn slice(&mut self, spot: &'p Spot, first: u32, last: u32) -> Option<(&'p str, usize)> {
        let file = &*spot.place.file;
        let source = self.problems.source(file)?;
        let lines = self.lines.entry(file).or_insert_with(|| {
            let bytes = source.as_bytes();
            // YAML ends a line at a lone carriage return too.
            let ends = (1..=bytes.len()).filter(|after| match bytes[after - 1] {
                b'\n' => true,
                b'\r' => bytes.get(*after) != Some(&b'\n'),
                _ => false,
            });
            [0].into_iter().chain(ends).chain([bytes.len()]).collect()
        });
        let start = *lines.get((first as usize).checked_sub(1)?)?;
        let end = *lines.get(last as usize)?;
        let text = source.get(start..end)?;
        Some((text.trim_end_matches(['\n', '\r']), start))
    }

    /// The bytes of a spot, counted from `start`; at least one, at most to the end of the line.
    fn range(&self, spot: &Spot, start: usize) -> Option<Range<usize>> {
        let file = &*spot.place.file;
        let lines = self.lines.get(file)?;
        let line_start = *lines.get((spot.place.line as usize).checked_sub(1)?)?;
        let line_end = *lines.get(spot.place.line as usize)?;
        let line = self.problems.source(file)?.get(line_start..line_end)?;
        // The byte order mark is no column.
        let mark = line.len() - line.trim_start_matches('\u{feff}').len();
        let line = line[mark..].trim_end_matches(['\n', '\r']);
        let byte = |column: usize| {
            let at = line.char_indices().nth(column);
            at.map_or(line.len(), |(byte, _)| byte)
        };
        let column = (spot.place.column as usize).saturating_sub(1);
        let from = byte(column);
        let to = byte(column.saturating_add(spot.length.max(1) as usize));
        let base = line_start + mark - start;
        Some(base + from..base + to.max(from))
    }
}
