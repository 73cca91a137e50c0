//! Every sentence about a plan, in one place: lower case, no full stop, literals in backticks, then a hint.

mod asides;
mod blocks;
mod limits;
mod notes;

pub(super) use asides::aside;
pub(super) use blocks::block;
pub(super) use limits::accounts;
pub(super) use notes::note;

use super::phrase::{Phrase, say};
use crate::goal::Reason;
use crate::model::{Attribute, Place};

/// A sentence and, where there is one, what to do about it.
pub(super) struct Said {
    pub(super) sentence: Phrase,
    pub(super) hint: Option<Phrase>,
}

fn said(sentence: Phrase) -> Said {
    Said {
        sentence,
        hint: None,
    }
}

fn with_hint(sentence: Phrase, hint: impl Into<Phrase>) -> Said {
    Said {
        sentence,
        hint: Some(hint.into()),
    }
}

/// Why a change is there, and where that is said, short enough for the end of a line.
pub(super) fn why(reason: &Reason) -> Phrase {
    let (why, places): (Phrase, &[Place]) = match reason {
        Reason::Declared(places) => (Phrase::default(), places),
        Reason::Absent(at) => (say!["absent"], std::slice::from_ref(at)),
        Reason::Offboarded(at) => (say!["offboarded"], std::slice::from_ref(at)),
        Reason::Until(at) => (say!["until has passed"], std::slice::from_ref(at)),
        Reason::NotListed(at) => (say!["not listed"], std::slice::from_ref(at)),
        Reason::AskedNone(at) => (say!["tier: none"], std::slice::from_ref(at)),
        Reason::Pruned(at) => (say!["pruned"], std::slice::from_ref(at)),
        Reason::GoesWith(owner) => (say!["goes with ", owner], &[]),
    };
    let why = Some(why).filter(|why| !why.is_empty());
    let mut lines: Vec<Phrase> = why.into_iter().collect();
    lines.extend(distinct(places));
    Phrase::joined(lines, ", ")
}

/// As many places as a line can bear.
const PLACES: usize = 3;

/// Each line of a file once.
pub(super) fn distinct<'p>(places: impl IntoIterator<Item = &'p Place>) -> Vec<Phrase> {
    let mut lines: Vec<&Place> = Vec::new();
    for place in places {
        let same = |known: &&Place| known.file == place.file && known.line == place.line;
        if !lines.iter().any(same) {
            lines.push(place);
        }
    }
    let more = lines.len().saturating_sub(PLACES);
    let mut shown: Vec<Phrase> = lines.into_iter().take(PLACES).map(Phrase::from).collect();
    if more > 0 {
        shown.push(say![more, " more"]);
    }
    shown
}

fn attributes(list: &[Attribute]) -> Phrase {
    let keys = list.iter().map(|attribute| say![attribute.key()]);
    Phrase::joined(keys, ", ")
}
