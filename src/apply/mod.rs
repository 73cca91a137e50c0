//! Makes a plan so, and gives a truthful account of what became of it.
//!
//! - [`run`](Run): the pure graph: which step may start, and what becomes of the rest; `queue` and [`lane`](Lane): which of
//!   those starts next; `wave`: only the first N people
//! - [`drive`](drive()): the short loop that does the calls; `write`: one operation and the truth after doubt, or one mail;
//!   [`trouble`](Trouble): why not; `book`: names to ids; `readback`: seats, believed once they show
//! - [`event`](Event), [`ledger`](Ledger): each intent and outcome, in a file that survives a kill; [`memory`](Memory) and
//!   [`owed`](Owed): what it tells the next run, above all whom to mail; `mailing`: the mails of this run
//! - [`report`](Report), `document`: what became of a plan, for people and for programs
//!
//! It must not know rosters, policy or terminals.

mod book;
mod document;
mod drive;
mod event;
mod lane;
mod ledger;
mod mailing;
mod memory;
mod owed;
mod queue;
mod readback;
mod report;
mod run;
mod trouble;
mod wave;
mod write;

pub use drive::{How, drive};
pub use event::{Address, Event, Told, What};
pub use lane::Lane;
pub use ledger::Ledger;
pub use memory::{Came, Creation, Mailed, Memory};
pub use owed::{Owed, Withheld};
pub use readback::SHOWS_WITHIN;
pub use report::{Fate, MailFate, Mailing, Report};
pub use run::{Mail, Outcome, Run};
pub use trouble::{Difference, Trouble};
