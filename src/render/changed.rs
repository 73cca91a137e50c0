//! What changes in a user or a text: before and after, or for longer texts word by word.

use super::phrase::{Part, Phrase, foreign, quote, say};
use crate::directory::User;
use crate::model::{Attribute, Text, Value};
use similar::{ChangeTag, TextDiff};

/// A text of at least so many characters on each side is compared word by word.
const LONG: usize = 24;
/// If less of the two texts is common, before and after are easier to read.
const ALIKE: f32 = 0.5;
/// As much of what stays is shown around a change.
const AROUND: usize = 16;

/// Each attribute that differs.
pub(super) fn changes(before: &User, after: &User) -> Vec<Phrase> {
    let values = Attribute::ALL.iter().map(|attribute| {
        let value = |user: &'_ User| user.attributes.get(attribute).cloned();
        (attribute.key(), value(before), value(after))
    });
    values
        .filter(|(_, before, after)| before != after)
        .map(|(key, before, after)| match (&before, &after) {
            (Some(Value::Text(before)), Some(Value::Text(after))) => {
                say![key, " ", text(Some(before), Some(after))]
            }
            _ => say![key, " ", value(&before), Part::Arrow, value(&after)],
        })
        .collect()
}

/// A text, before and after.
pub(super) fn text(before: Option<&Text>, after: Option<&Text>) -> Phrase {
    let shown = |text: Option<&Text>| match text {
        Some(text) => say![quote(text.clone())],
        None => say!["none"],
    };
    let words = match (before, after) {
        (Some(before), Some(after)) => by_words(before, after),
        _ => None,
    };
    words.unwrap_or_else(|| say![shown(before), Part::Arrow, shown(after)])
}

fn by_words(before: &str, after: &str) -> Option<Phrase> {
    if before.chars().count() < LONG || after.chars().count() < LONG {
        return None;
    }
    let diff = TextDiff::from_unicode_words(before, after);
    if diff.ratio() < ALIKE {
        return None;
    }
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, run)) if *tag == change.tag() => run.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    let last = runs.len() - 1;
    let mut phrase = say!["\""];
    for (at, (tag, run)) in runs.into_iter().enumerate() {
        phrase.add(match tag {
            ChangeTag::Equal => foreign(around(&run, at > 0, at < last)),
            ChangeTag::Delete => Part::Old(run.into()),
            ChangeTag::Insert => Part::New(run.into()),
        });
    }
    phrase.add("\"");
    Some(phrase)
}

/// What stays, shortened to what lies near a change.
fn around(run: &str, after_a_change: bool, before_a_change: bool) -> String {
    let chars: Vec<char> = run.chars().collect();
    let sides = usize::from(after_a_change) + usize::from(before_a_change);
    if chars.len() <= AROUND * sides + 1 {
        return run.to_owned();
    }
    let mut shown = String::new();
    if after_a_change {
        shown.extend(&chars[..AROUND]);
    }
    shown.push('…');
    if before_a_change {
        shown.extend(&chars[chars.len() - AROUND..]);
    }
    shown
}

/// An attribute's value.
pub(super) fn value(value: &Option<Value>) -> Phrase {
    match value {
        None => say!["none"],
        Some(Value::Text(text)) => say![quote(text.clone())],
        Some(Value::List(list)) => {
            let list = list.iter().map(|item| quote(item.clone()).into());
            say!["[", Phrase::joined(list, ", "), "]"]
        }
        Some(Value::Address(address)) => {
            let parts = address.parts().into_iter();
            let parts = parts
                .filter_map(|(key, part)| Some(say![key, ": ", quote(part.as_ref()?.clone())]));
            say!["{", Phrase::joined(parts, ", "), "}"]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> String {
        text(Some(&before.into()), Some(&after.into())).to_string()
    }

    #[test]
    fn a_long_text_is_compared_word_by_word() {
        assert_eq!(
            shown(
                "Everyone in the company who has a seat of their own",
                "Everyone in the company who has a tier of their own"
            ),
            "\"…mpany who has a [-seat-]{+tier+} of their own\""
        );
    }

    #[test]
    fn a_short_text_and_another_text_are_shown_whole() {
        assert_eq!(shown("Engineer", "Manager"), "\"Engineer\" -> \"Manager\"");
        let (one, two) = ("alpha beta gamma delta eps", "one two three four five six");
        assert_eq!(shown(one, two), format!("\"{one}\" -> \"{two}\""));
    }

    #[test]
    fn what_was_there_and_is_not_is_told() {
        let title: Text = "Engineer".into();
        assert_eq!(text(None, Some(&title)).to_string(), "none -> \"Engineer\"");
    }
}
