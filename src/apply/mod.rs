//! Makes a plan so: the pure [`run`](Run) of its graph, the short loop that does the calls ([`drive`]), and a truthful
//! account of what became of each step ([`Report`]).

mod book;
mod drive;
mod report;
mod run;
mod write;

pub use drive::{SHOWS_WITHIN, drive};
pub use report::{Fate, Report};
pub use run::{Outcome, Run};
pub use write::Trouble;
