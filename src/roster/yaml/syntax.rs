//! What the YAML library says about a broken file, in our words where a person meets it often.

use super::bounds::{DEEPEST, MOST_ALIASES, MOST_REPLAYED};
use crate::model::{Place, Text};
use crate::problem::{Problem, Spot};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

/// The problem that the error is. After it the rest of the file is not judged.
pub(super) fn problem(file: &Text, text: &str, error: &Error) -> Problem {
    let error = error.without_snippet();
    let (line, column) = error
        .location()
        .map_or((1, 1), |at| (at.line(), at.column()));
    let place = Place {
        file: file.clone(),
        line: u32::try_from(line.max(1)).unwrap_or(u32::MAX),
        column: u32::try_from(column.max(1)).unwrap_or(u32::MAX),
    };
    let (message, hint) = told(error);
    let length = match error {
        Error::UnknownAnchor { .. } => word_at(text, &place),
        _ => 1,
    };
    let problem = Problem::new(Spot { place, length }, message);
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

fn told(error: &Error) -> (String, Option<String>) {
    match error {
        Error::AliasError { error, .. } => told(error),
        Error::UnknownAnchor { .. } => (
            "an unquoted `*` is a YAML alias, and there is no anchor of this name".to_owned(),
            Some("quote a glob: `\"*@example.com\"`".to_owned()),
        ),
        Error::Budget {
            breach:
                BudgetBreach::Aliases { .. }
                | BudgetBreach::Anchors { .. }
                | BudgetBreach::RecordedAnchorEvents { .. }
                | BudgetBreach::RecordedAnchorBytes { .. },
            ..
        }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::RecursiveReferencesRequireWeakTypes { .. } => (
            "the aliases of this file stand for too much".to_owned(),
            Some(format!(
                "at most {MOST_ALIASES} aliases may stand for {MOST_REPLAYED} values in all"
            )),
        ),
        Error::Budget {
            breach: BudgetBreach::Depth { .. },
            ..
        } => too_deep(),
        Error::Budget { .. } => (
            "this file is larger than any roster".to_owned(),
            Some("a store holds at most 200,000 users".to_owned()),
        ),
        Error::MultipleDocuments { .. } => (
            "a second YAML document starts here".to_owned(),
            Some("put each into its own file, and name them all with `-f`".to_owned()),
        ),
        other => {
            let message = UserMessageFormatter.format_message(other);
            let message = lower_first(message.trim_end_matches('.')).replace('\'', "`");
            if message.contains("recursion limit") {
                return too_deep();
            }
            let hint = message.contains("tab");
            let hint = hint.then(|| "YAML indents with spaces alone".to_owned());
            (message, hint)
        }
    }
}

fn too_deep() -> (String, Option<String>) {
    let message = format!("lists and mappings lie more than {DEEPEST} deep here");
    (message, Some("a roster has five levels".to_owned()))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => "this is not YAML".to_owned(),
    }
}

fn word_at(text: &str, place: &Place) -> u32 {
    let line = text
        .lines()
        .nth(place.line as usize - 1)
        .unwrap_or_default();
    let rest = line.chars().skip(place.column as usize - 1);
    let ends = |c: &char| !c.is_whitespace() && !matches!(c, ',' | ']' | '}');
    u32::try_from(rest.take_while(ends).count()).unwrap_or(1)
}
