//! Columns that stand below each other, with a heading; the last one may be as long as it likes.

use super::phrase::Phrase;
use super::rows::{Run, rows};
use super::text::Ink;
use console::Style;
use unicode_width::UnicodeWidthStr;

/// Where a cell goes on in a second row of the terminal.
const INDENT: usize = 4;

impl Ink {
    /// A table with a line end after each row. Columns that are empty throughout are left out, heading and all.
    pub(super) fn columns<const N: usize>(
        self,
        headings: [&'static str; N],
        cells: &[[Phrase; N]],
    ) -> String {
        let cells: Vec<[String; N]> = cells
            .iter()
            .map(|row| std::array::from_fn(|column| row[column].plain(false)))
            .collect();
        let mut widths = [0; N];
        for (column, width) in widths.iter_mut().enumerate() {
            let widest = cells.iter().map(|row| row[column].width()).max();
            *width = match widest {
                Some(0) | None => 0,
                Some(widest) => widest.max(headings[column].width()),
            };
        }
        let mut out = String::new();
        let headings = headings.map(str::to_owned);
        self.row(&mut out, &headings, widths, &Style::new().bold());
        for row in &cells {
            self.row(&mut out, row, widths, &Style::new());
        }
        out
    }

    fn row<const N: usize>(
        self,
        out: &mut String,
        cells: &[String; N],
        widths: [usize; N],
        style: &Style,
    ) {
        let mut line = String::new();
        for (cell, width) in cells.iter().zip(widths).filter(|(_, width)| *width > 0) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width + 2 - cell.width()));
        }
        let line = Run::new(line.trim_end(), style.clone());
        for row in rows(&[line], self.width, INDENT) {
            for run in row {
                out.push_str(&self.with(run.style, &run.text));
            }
            out.push('\n');
        }
    }
}
