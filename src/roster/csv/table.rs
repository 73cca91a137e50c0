//! A CSV file as rows of cells that know their places. What a cell means is judged elsewhere.

use crate::model::{Place, Text, meant};
use crate::problem::{Problem, Spot};
use ::csv::{ReaderBuilder, StringRecord};

/// A value, trimmed and as it was meant before a spreadsheet had to be kept from running it.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) at: Spot,
    /// Whether a `'` came off.
    pub(super) was_guarded: bool,
}

/// The first row, and the others, each with as many cells.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) header: Vec<Cell>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The file's rows; those that have too many or too few cells are told and left out. `None` where it is no table.
pub(super) fn read(file: &Text, text: &str, problems: &mut Vec<Problem>) -> Option<Table> {
    let mut rows = Rows::of(file, text);
    let Some(header) = rows.next(problems) else {
        let problem = Problem::new(Spot::file(file.clone()), "this file has no header row");
        problems.push(problem.hint("the first row names the columns: `UserName,Email,…`"));
        return None;
    };
    if let [only] = header.as_slice()
        && let Some(problem) = other_separator(only)
    {
        problems.push(problem);
        return None;
    }
    let mut table = Table {
        header,
        rows: Vec::new(),
    };
    while let Some(row) = rows.next(problems) {
        match ragged(&row, table.header.len()) {
            Some(problem) => problems.push(problem),
            None => table.rows.push(row),
        }
    }
    Some(table)
}

fn other_separator(header: &Cell) -> Option<Problem> {
    let shown = |c| match c {
        '\t' => "a tab".to_owned(),
        c => format!("`{c}`"),
    };
    let (before, other) = header
        .text
        .chars()
        .enumerate()
        .find(|(_, c)| matches!(c, ';' | '\t' | '|'))?;
    let mut at = header.at.clone();
    at.place.column += u32::try_from(before).unwrap_or_default();
    at.length = 1;
    let message = format!(
        "the columns are separated by {}, not by commas",
        shown(other)
    );
    Some(Problem::new(at, message).hint("save the file as comma-separated CSV"))
}

fn ragged(row: &[Cell], wanted: usize) -> Option<Problem> {
    let has = row.len();
    let cells = |count| match count {
        1 => "one cell".to_owned(),
        count => format!("{count} cells"),
    };
    let (at, hint) = if has > wanted {
        let hint = "put quotes around a value that has a comma in it: `\"eng,ops\"`";
        (row.get(wanted)?, hint)
    } else if has < wanted {
        let hint = "every row needs a cell for each column, empty ones too";
        (row.first()?, hint)
    } else {
        return None;
    };
    let message = format!("this row has {}, and the header {wanted}", cells(has));
    Some(Problem::new(at.at.clone(), message).hint(hint))
}

/// Reads row after row and keeps count of where it is.
struct Rows<'t> {
    file: &'t Text,
    text: &'t str,
    reader: ::csv::Reader<&'t [u8]>,
    record: StringRecord,
    /// The first byte that has not been counted yet, and its line.
    at: usize,
    line: u32,
}

impl<'t> Rows<'t> {
    fn of(file: &'t Text, text: &'t str) -> Self {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).flexible(true);
        Self {
            file,
            text,
            reader: builder.from_reader(text.as_bytes()),
            record: StringRecord::new(),
            at: 0,
            line: 1,
        }
    }

    fn next(&mut self, problems: &mut Vec<Problem>) -> Option<Vec<Cell>> {
        // Reading text that is UTF-8 from memory into rows of any length cannot fail.
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let end = end.min(self.text.len());
        // The library counts line breaks before a row as part of it.
        let raw = &self.text[self.at..end];
        let skipped = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
        self.pass(skipped);
        let (starts, open) = starts(&self.text[self.at..end]);
        let row_at = self.at;
        let ends = starts.iter().skip(1).map(|next| next - 1);
        let ends = ends.chain([end - row_at]).collect::<Vec<_>>();
        let mut cells = Vec::with_capacity(self.record.len());
        let (mut line_at, mut column) = (self.at, 1);
        for (index, value) in self.record.iter().enumerate() {
            let start = row_at + starts.get(index).copied().unwrap_or_default();
            let stop = row_at + ends.get(index).copied().unwrap_or_default();
            let raw = self.text.get(start..stop).unwrap_or_default();
            let blank = raw.len() - raw.trim_start().len();
            let start = start + blank;
            let raw = raw.trim();
            // Forward to the cell, counting lines and the columns of its line.
            let between = self.text.get(line_at..start).unwrap_or_default();
            match between.rfind('\n') {
                Some(last) => {
                    let breaks = between.bytes().filter(|b| *b == b'\n').count();
                    self.line += u32::try_from(breaks).unwrap_or_default();
                    column = 1 + count(&between[last + 1..]);
                }
                None => column += count(between),
            }
            line_at = start.max(line_at);
            let place = Place {
                file: self.file.clone(),
                line: self.line,
                column,
            };
            let length = count(raw.lines().next().unwrap_or_default());
            let text = meant(value);
            cells.push(Cell {
                was_guarded: text.len() < value.trim().len(),
                text: text.to_owned(),
                at: Spot { place, length },
            });
        }
        self.at = line_at;
        self.pass(end - line_at);
        if open && let Some(cell) = cells.last() {
            let mut at = cell.at.clone();
            at.length = 1;
            let problem = Problem::new(at, "this quote is never closed");
            let hint = "a value in quotes ends with one; one that is part of the value is doubled";
            problems.push(problem.hint(hint));
        }
        Some(cells)
    }

    fn pass(&mut self, bytes: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + bytes];
        let breaks = passed.iter().filter(|b| **b == b'\n').count();
        self.line += u32::try_from(breaks).unwrap_or_default();
        self.at += bytes;
    }
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// Where each cell of a row starts, in bytes, and whether a quote stays open; as the library reads them.
fn starts(row: &str) -> (Vec<usize>, bool) {
    let bytes = row.as_bytes();
    let mut starts = vec![0];
    let (mut at, mut fresh, mut open) = (0, true, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if fresh => open = true,
            b'"' if open && bytes.get(at + 1) == Some(&b'"') => at += 1,
            b'"' if open => open = false,
            b',' if !open => starts.push(at + 1),
            _ => {}
        }
        fresh = *byte == b',' && !open;
        at += 1;
    }
    (starts, open)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the file has at a place, to its end.
    fn at<'t>(text: &'t str, place: &Place) -> &'t str {
        let line_at = match place.line {
            1 => 0,
            line => text.match_indices('\n').nth(line as usize - 2).unwrap().0 + 1,
        };
        let mut chars = text[line_at..].char_indices();
        let from = chars.nth(place.column as usize - 1);
        from.map_or("", |(from, _)| &text[line_at + from..])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3_000) })]

        #[test]
        fn every_cell_is_read_as_written_and_stands_where_it_says(
            width in 1..5_usize,
            cells in prop::collection::vec("[ab,\"\n\r 'é漢;=-]{0,6}", 1..40),
            quoted in any::<bool>(),
            crlf in any::<bool>(),
        ) {
            let mut builder = ::csv::WriterBuilder::new();
            if quoted {
                builder.quote_style(::csv::QuoteStyle::Always);
            }
            if crlf {
                builder.terminator(::csv::Terminator::CRLF);
            } else {
                builder.terminator(::csv::Terminator::Any(b'\n'));
            }
            let mut writer = builder.from_writer(Vec::new());
            let header: Vec<String> = (0..width).map(|column| format!("h{column}")).collect();
            writer.write_record(&header).unwrap();
            let rows: Vec<&[String]> = cells.chunks_exact(width).collect();
            for row in &rows {
                writer.write_record(*row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut problems = Vec::new();
            let table = read(&"t.csv".into(), &text, &mut problems).unwrap();
            prop_assert!(problems.is_empty(), "{problems:?}");
            prop_assert_eq!(table.rows.len(), rows.len());
            for (read, written) in table.rows.iter().zip(&rows) {
                for (cell, written) in read.iter().zip(*written) {
                    prop_assert_eq!(&cell.text, meant(written));
                    let found = at(&text, &cell.at.place);
                    let quote = format!("\"{}\"", written.replace('"', "\"\""));
                    prop_assert!(
                        found.starts_with(&quote) || found.starts_with(written.trim()),
                        "{written:?} is not at {} of {text:?}", cell.at.place
                    );
                }
            }
        }
    }
}
