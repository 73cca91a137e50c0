//! The only words and the only colour. `compose` decides what is said in which order, as the typed parts of a [`View`];
//! `words` holds the sentences, `told` what happens to one person or group, `lines` and `fold` where that is shown;
//! [`ways`] which way live was read; [`text`] inks them for a terminal, [`markdown`] for a pull request; [`stale`] shows
//! what changed since; [`summary`] says a plan in a line; [`account`] tells what became of it; [`seats`] who holds which
//! seat; [`migration`] shows two accounts side by side; [`problems`] shows what is wrong with a roster.

pub mod account;
mod around;
mod bill;
mod changed;
mod compose;
pub mod doctor;
pub mod explain;
mod facts;
mod fold;
mod gfm;
mod lines;
mod markdown;
pub mod migration;
mod phrase;
pub mod problems;
mod rows;
pub mod seats;
pub mod sentences;
mod stale;
mod summary;
mod support;
mod table;
pub mod text;
mod tiers;
mod told;
pub mod view;
mod ways;
mod words;

pub use crate::model::visible;
pub use bill::{Bill, Row};
pub use markdown::markdown;
pub use phrase::{Part, Phrase};
pub use stale::{beside, stale, unclear, unreviewed};
pub use summary::summary;
pub use text::Ink;
pub use view::{Detail, Entry, Heading, Line, Mark, Section, Segment, Topic, View};
pub use ways::ways;
