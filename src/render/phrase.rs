//! What is said, as typed parts: our own words, and what comes from AWS or a roster. No format can mistake one for the
//! other, so each needs a single way to make foreign text harmless.
//!
//! [`say!`] joins parts by their types. Only a string of ours (`&'static str`) becomes words; any other text has to be
//! called what it is.

use crate::model::{
    GroupName, Place, Principal, Subject, Text, Tier, Usd, UserName, grouped, hex, visible,
};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A piece of what is said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// Our own words.
    Words(Cow<'static, str>),
    /// A literal of ours: an option, a key of the roster.
    Code(String),
    /// The name of a user or a group.
    Name(Text),
    /// Text from AWS or a roster, shown between quotation marks.
    Quote(Text),
    /// Text from AWS or a roster, shown bare.
    Foreign(Text),
    /// A tier, or none.
    Tier(Option<Tier>),
    /// An amount, such as `+$20/mo`.
    Money(String),
    /// Where in which file something is said.
    Place(Place),
    /// Before `->` after.
    Arrow,
    /// Something is given.
    Added(Phrase),
    /// Something is taken.
    Taken(Phrase),
    /// In a text that changes: words that go.
    Old(Text),
    /// In a text that changes: words that come.
    New(Text),
}

/// Parts in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Phrase(pub Vec<Part>);

/// Joins parts by their types into a [`Phrase`].
macro_rules! say {
    ($($part:expr),* $(,)?) => {{
        let mut phrase = $crate::render::phrase::Phrase::default();
        $(phrase.add($part);)*
        phrase
    }};
}
pub(super) use say;

impl Phrase {
    /// Says more.
    pub(super) fn add(&mut self, more: impl Into<Self>) {
        self.0.extend(more.into().0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Phrases with the same words between every two.
    pub(super) fn joined(phrases: impl IntoIterator<Item = Self>, between: &'static str) -> Self {
        let mut joined = Self::default();
        for phrase in phrases {
            if !joined.is_empty() {
                joined.add(between);
            }
            joined.add(phrase);
        }
        joined
    }
}

impl Part {
    /// The part as plain text; `ticked` sets names between backticks, as sentences have them.
    pub(super) fn plain(&self, ticked: bool) -> Cow<'_, str> {
        match self {
            Self::Words(words) => Cow::Borrowed(words),
            Self::Code(code) => format!("`{}`", visible(code)).into(),
            Self::Name(name) if ticked => format!("`{}`", short(name)).into(),
            Self::Name(name) => short(name),
            Self::Quote(text) => format!("\"{}\"", clip(text)).into(),
            Self::Foreign(text) => clip(text).into_owned().into(),
            Self::Tier(tier) => tier.map_or("none", Tier::key).into(),
            Self::Money(money) => Cow::Borrowed(money),
            Self::Place(place) => visible(&place.line().to_string()).into_owned().into(),
            Self::Arrow => " -> ".into(),
            Self::Added(phrase) => format!("+{}", phrase.plain(ticked)).into(),
            Self::Taken(phrase) => format!("-{}", phrase.plain(ticked)).into(),
            Self::Old(text) => format!("[-{}-]", clip(text)).into(),
            Self::New(text) => format!("{{+{}+}}", clip(text)).into(),
        }
    }
}

impl Phrase {
    /// As plain text.
    pub(super) fn plain(&self, ticked: bool) -> String {
        self.0.iter().map(|part| part.plain(ticked)).collect()
    }
}

/// As a sentence, names between backticks.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.plain(true))
    }
}

/// AWS lets a user name have 128 characters and a group's 1,024; lines must stay readable.
const LONGEST_NAME: usize = 72;
const NAME_HEAD: usize = 36;
const NAME_TAIL: usize = 20;

/// A name to be shown. A long one keeps its head, its tail and a hash of the whole, so that no two names look the same.
pub(super) fn short(name: &str) -> Cow<'_, str> {
    let shown = visible(name);
    if shown.width() <= LONGEST_NAME {
        return shown;
    }
    let hash = Sha256::digest(name.as_bytes());
    let hash = hex(hash.into_iter().take(4));
    let (head, tail) = (head(&shown, NAME_HEAD), tail(&shown, NAME_TAIL));
    format!("{head}…{tail}#{hash}").into()
}

/// Attributes can have 1,024 characters.
const LONGEST_TEXT: usize = 120;

/// Text to be shown, cut in the middle where it is long.
pub(super) fn clip(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    if shown.width() <= LONGEST_TEXT {
        return shown;
    }
    let half = (LONGEST_TEXT - 1) / 2;
    format!("{}…{}", head(&shown, half), tail(&shown, half)).into()
}

/// As much of the beginning as fits into so many columns.
pub(super) fn head(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// As much of the end as fits into so many columns.
pub(super) fn tail(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let start = text.char_indices().rev().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > columns
    });
    &text[start.map_or(0, |(at, c)| at + c.len_utf8())..]
}

/// Words that are put together at run time, out of numbers and words of ours.
pub(super) fn words(words: String) -> Part {
    Part::Words(words.into())
}

/// A literal of ours.
pub(super) fn code(code: impl Into<String>) -> Part {
    Part::Code(code.into())
}

/// Somebody else's text, bare.
pub(super) fn foreign(text: impl Into<Text>) -> Part {
    Part::Foreign(text.into())
}

/// Somebody else's text, between quotation marks.
pub(super) fn quote(text: impl Into<Text>) -> Part {
    Part::Quote(text.into())
}

/// A name whose type is not at hand.
pub(super) fn name(name: &str) -> Part {
    Part::Name(name.into())
}

/// `1 user`, `2,000 users`.
pub(super) fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{} {what}s", grouped(number as u64)),
    }
}

macro_rules! phrase_from {
    ($($from:ty, $it:ident => $part:expr;)+) => {
        $(impl From<$from> for Phrase {
            fn from($it: $from) -> Self {
                Self(vec![$part])
            }
        })+
    };
}

phrase_from! {
    Part, it => it;
    &'static str, it => Part::Words(it.into());
    u64, it => Part::Words(grouped(it).into());
    usize, it => Part::Words(grouped(it as u64).into());
    &UserName, it => Part::Name(it.as_str().into());
    &GroupName, it => Part::Name(it.as_str().into());
    &Place, it => Part::Place(it.clone());
    Tier, it => Part::Tier(Some(it));
    Option<Tier>, it => Part::Tier(it);
    Usd, it => Part::Money(it.to_string());
    Date, it => Part::Words(it.to_string().into());
}

impl From<&Principal> for Phrase {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::User(name) => say!["user ", name],
            Principal::Group(name) => say!["group ", name],
        }
    }
}

impl From<&Subject> for Phrase {
    fn from(subject: &Subject) -> Self {
        match subject {
            Subject::User(name) => say!["user ", name],
            Subject::Group(name) => say!["group ", name],
            Subject::Member(m) => say!["membership of ", &m.user, " in ", &m.group],
            Subject::Seat(holder) => say!["seat of ", holder],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_long_names_never_look_the_same() {
        let one = format!("{}1{}", "a".repeat(500), "z".repeat(500));
        let two = format!("{}2{}", "a".repeat(500), "z".repeat(500));
        assert_ne!(short(&one), short(&two));
        assert!(short(&one).width() <= LONGEST_NAME);
        assert!(short(&one).contains('…'));
        assert_eq!(short("alice@example.com"), "alice@example.com");
    }

    #[test]
    fn wide_characters_are_cut_by_columns() {
        assert_eq!(head("王王王", 5), "王王");
        assert_eq!(tail("王王王", 3), "王");
        assert_eq!(head("abc", 9), "abc");
        assert_eq!(tail("abc", 9), "abc");
        assert!(short(&"王".repeat(400)).width() <= LONGEST_NAME);
    }

    #[test]
    fn names_are_ticked_in_sentences_only() {
        let phrase = say!["user ", &UserName::new("jo\u{1b}[31m"), " has ", Tier::Pro];
        assert_eq!(phrase.to_string(), "user `jo\\u{1b}[31m` has pro");
        assert_eq!(phrase.plain(false), "user jo\\u{1b}[31m has pro");
    }
}
