//! Makes a plan so: the pure run of its graph, the short loop that does the calls, and what became of each step.

mod run;

pub use run::{Outcome, Run};
