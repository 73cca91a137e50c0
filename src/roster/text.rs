//! The bytes of a file as text. Roster files are UTF-8; what spreadsheets save instead is told with its places, and the
//! rest of the file is judged all the same.

use crate::model::{Place, Text};
use crate::problem::{Problem, Spot};

/// More lines of one kind are not read by anybody.
const SHOWN: usize = 20;

/// The text without a byte order mark; `None`, told, for what is no text at all.
pub(super) fn decoded(file: &Text, bytes: Vec<u8>, problems: &mut Vec<Problem>) -> Option<Text> {
    if let Some((what, hint)) = no_text(&bytes) {
        problems.push(Problem::new(Spot::file(file.clone()), what).hint(hint));
        return None;
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => from_latin(file, error.as_bytes(), problems),
    };
    Some(without_mark(&text).into())
}

/// A byte order mark says how the bytes are to be read, and nothing else.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn no_text(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(("this is UTF-16, not UTF-8", "save the file as UTF-8"));
    }
    bytes.starts_with(b"PK\x03\x04").then_some((
        "this is a spreadsheet or an archive, not text",
        "save the sheet as CSV in UTF-8",
    ))
}

/// What is not UTF-8 is taken for Latin-1, as it mostly is, so that the rest can be judged; and each line is told.
fn from_latin(file: &Text, bytes: &[u8], problems: &mut Vec<Problem>) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut places: Vec<Place> = Vec::new();
    let (mut line, mut line_start) = (1, 0);
    for chunk in bytes.utf8_chunks() {
        let good = chunk.valid();
        if let Some(last) = good.rfind('\n') {
            line += good.bytes().filter(|b| *b == b'\n').count();
            line_start = text.len() + last + 1;
        }
        text.push_str(good);
        if chunk.invalid().is_empty() {
            continue;
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        if places.last().is_none_or(|last| last.line != number(line)) {
            let before = without_mark(&text[line_start..]).chars().count();
            places.push(Place {
                file: file.clone(),
                line: number(line),
                column: number(before + 1),
            });
        }
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    let more = places.len().saturating_sub(SHOWN);
    for (at, place) in places.into_iter().take(SHOWN).enumerate() {
        let mut message = "this character is not UTF-8".to_owned();
        if more > 0 && at + 1 == SHOWN {
            message = format!("{message}, nor are those of {more} more lines");
        }
        let problem = Problem::new(Spot { place, length: 1 }, message);
        problems.push(problem.hint("save the file as UTF-8"));
    }
    text
}
