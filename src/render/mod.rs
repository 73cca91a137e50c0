//! The only words and the only colour. [`view`] decides what is said in which order, as lines of typed parts; `words`
//! holds the sentences, `lines` what happens to a person or group, `fold` the cohorts; [`text`] inks them for a terminal;
//! [`summary`] says a plan in a line; [`account`] tells what became of it; [`problems`] shows what is wrong with a roster.

pub mod account;
mod bill;
mod changed;
mod fold;
mod limits;
mod lines;
mod phrase;
pub mod problems;
mod rows;
mod summary;
pub mod text;
pub mod told;
pub mod view;
mod words;

pub use crate::model::visible;
pub use bill::{Bill, Row};
pub use phrase::{Part, Phrase};
pub use summary::summary;
pub use text::Ink;
pub use view::{Detail, Entry, Heading, Line, Mark, Section, Segment, Topic, View};
