//! The only words and the only colour. [`view`] decides what is said in which order, as lines of typed parts; `words`
//! holds the sentences; [`text`] inks them for a terminal; [`account`] tells what became of a plan; [`problems`] shows
//! what is wrong with a roster.

pub mod account;
mod limits;
pub mod problems;
pub mod text;
pub mod told;
pub mod view;
mod words;

pub use crate::model::visible;
pub use text::Ink;
pub use view::{Line, Mark, Part, Section, View};
