//! Ink for terminals and pipes.

use super::view::{Line, Mark, Part, View};
use console::{Style, measure_text_width};
use std::fmt::Write;

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    /// Colour is wanted and the stream can show it.
    pub colour: bool,
}

/// A name column wider than this would push everything else off the screen.
const WIDEST_NAME: usize = 32;

impl Ink {
    /// The view as text, with a line end after the last line.
    pub fn view(self, view: &View) -> String {
        let mut out = String::new();
        let _ = writeln!(out, "{}", self.with(Style::new().bold(), &view.header));
        for section in &view.sections {
            let _ = writeln!(out, "\n{}", self.with(Style::new().bold(), section.title));
            let widths = section.lines.iter().map(|l| measure_text_width(&l.name));
            let width = widths.filter(|w| *w <= WIDEST_NAME).max().unwrap_or(0);
            for line in &section.lines {
                self.line(&mut out, line, width);
            }
        }
        out.push('\n');
        for total in &view.totals {
            let _ = writeln!(out, "{total}");
        }
        out
    }

    fn line(self, out: &mut String, line: &Line, width: usize) {
        let (symbol, style) = match line.mark {
            Mark::Add => ("+", Style::new().green()),
            Mark::Change => ("~", Style::new().yellow()),
            Mark::Remove => ("-", Style::new().red()),
            Mark::Blocked => ("!", Style::new().red().bold()),
            Mark::Later => ("…", Style::new().cyan()),
            Mark::Note => ("·", Style::new().dim()),
        };
        let _ = write!(out, "  {}", self.with(style.clone(), symbol));
        if !line.name.is_empty() {
            let pad = width.saturating_sub(measure_text_width(&line.name));
            let _ = write!(
                out,
                " {}{}",
                self.with(style, &line.name),
                " ".repeat(pad + 1)
            );
        }
        for part in &line.parts {
            out.push(' ');
            self.part(out, part);
        }
        if !line.why.is_empty() {
            let why = format!("[{}]", line.why);
            let _ = write!(out, "  {}", self.with(Style::new().dim(), &why));
        }
        out.push('\n');
        if let Some(hint) = &line.hint {
            let _ = writeln!(
                out,
                "    {} {hint}",
                self.with(Style::new().cyan(), "hint:")
            );
        }
    }

    fn part(self, out: &mut String, part: &Part) {
        let _ = match part {
            Part::Text(text) => write!(out, "{text}"),
            Part::Added(text) => write!(
                out,
                "{}",
                self.with(Style::new().green(), &format!("+{text}"))
            ),
            Part::Taken(text) => write!(
                out,
                "{}",
                self.with(Style::new().red(), &format!("-{text}"))
            ),
            Part::Becomes {
                what,
                before,
                after,
            } => write!(out, "{what} {before} -> {after}"),
        };
    }

    /// Text in a style, if there is colour.
    pub fn with(self, style: Style, text: &str) -> String {
        style.force_styling(self.colour).apply_to(text).to_string()
    }
}
