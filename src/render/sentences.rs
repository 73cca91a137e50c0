//! The sentences of blocks, notes and what does not happen today, each with its hint, for formats that have no lines.

use super::words::{self, Said};
use crate::goal::{Aside, Block, Note};

/// A sentence, and what to do.
pub type Told = (String, Option<String>);

/// What stops a plan.
pub fn block(block: &Block) -> Told {
    told(words::block(block))
}

/// What the reader should know.
pub fn note(note: &Note) -> Told {
    told(words::note(note))
}

/// What does not happen today.
pub fn aside(aside: &Aside) -> Told {
    told(words::aside(aside))
}

fn told(said: Said) -> Told {
    let Said { sentence, hint } = said;
    (sentence.plain(true), hint.map(|hint| hint.plain(true)))
}
