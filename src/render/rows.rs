//! Text in rows that fit a terminal: broken between words, never cut.

use console::Style;
use unicode_width::UnicodeWidthStr;

/// Text in one style.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
}

impl Run {
    pub(super) fn new(text: &str, style: Style) -> Self {
        Self {
            text: text.to_owned(),
            style,
        }
    }
}

/// Spaces, and what follows them up to the next ones, perhaps in several styles.
#[derive(Default)]
struct Word {
    gap: usize,
    runs: Vec<Run>,
    width: usize,
}

/// One row where there is no bound or the text fits; else several, of which all but the first are indented. Between two
/// things (two spaces) it is broken rather than within one, and a word that is wider than a row has one to itself.
pub(super) fn rows(runs: &[Run], room: Option<usize>, indent: usize) -> Vec<Vec<Run>> {
    let whole: usize = runs.iter().map(|run| run.text.width()).sum();
    let Some(room) = room.filter(|room| whole > *room) else {
        return vec![runs.to_vec()];
    };
    let mut rows: Vec<Vec<Run>> = vec![vec![]];
    let mut used = 0;
    for thing in things(words(runs)) {
        let width: usize = thing.iter().map(|word| word.gap + word.width).sum();
        let gap = thing.first().map_or(0, |word| word.gap);
        let fits_below = indent + width - gap <= room;
        let mut first = used == 0;
        let mut broken = !first && used + width > room && fits_below;
        for word in thing {
            if broken || (!first && used + word.gap + word.width > room) {
                rows.push(vec![Run::new(&" ".repeat(indent), Style::new())]);
                used = indent;
            } else if word.gap > 0 {
                push(&mut rows, Run::new(&" ".repeat(word.gap), Style::new()));
                used += word.gap;
            }
            (first, broken) = (false, false);
            used += word.width;
            word.runs.into_iter().for_each(|run| push(&mut rows, run));
        }
    }
    rows
}

/// Words that stand two spaces or more apart belong to different things.
fn things(words: Vec<Word>) -> Vec<Vec<Word>> {
    let mut things: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match things.last_mut() {
            Some(thing) if word.gap < 2 => thing.push(word),
            _ => things.push(vec![word]),
        }
    }
    things
}

fn push(rows: &mut [Vec<Run>], run: Run) {
    if let Some(row) = rows.last_mut() {
        row.push(run);
    }
}

fn words(runs: &[Run]) -> Vec<Word> {
    let mut words = vec![Word::default()];
    for run in runs {
        let mut rest = run.text.as_str();
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            if spaces > 0 {
                match words.last_mut() {
                    Some(word) if word.runs.is_empty() => word.gap += spaces,
                    _ => words.push(Word {
                        gap: spaces,
                        ..Word::default()
                    }),
                }
                rest = &rest[spaces..];
                continue;
            }
            let end = rest.find(' ').unwrap_or(rest.len());
            if let Some(word) = words.last_mut() {
                word.width += rest[..end].width();
                word.runs.push(Run::new(&rest[..end], run.style.clone()));
            }
            rest = &rest[end..];
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, room: usize, indent: usize) -> Vec<String> {
        let rows = rows(&[Run::new(text, Style::new())], Some(room), indent);
        rows.into_iter()
            .map(|row| row.into_iter().map(|run| run.text).collect())
            .collect()
    }

    #[test]
    fn rows_break_between_words_and_lose_nothing() {
        assert_eq!(
            wrapped("  - bob  leaves the group", 16, 4),
            ["  - bob  leaves", "    the group"]
        );
        assert_eq!(wrapped("short", 16, 4), ["short"]);
        assert_eq!(
            wrapped("a verylongwordindeed b", 8, 2),
            ["a", "  verylongwordindeed", "  b"]
        );
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(wrapped("王王 王王 王王", 9, 1), ["王王 王王", " 王王"]);
    }

    #[test]
    fn a_word_in_two_styles_stays_together() {
        let runs = [
            Run::new("one tw", Style::new()),
            Run::new("o three", Style::new().red()),
        ];
        let rows = rows(&runs, Some(7), 0);
        let text = |row: &Vec<Run>| row.iter().map(|run| run.text.as_str()).collect::<String>();
        assert_eq!(
            rows.iter().map(text).collect::<Vec<_>>(),
            ["one two", "three"]
        );
    }
}
