//! Kiroster: seats as code. A roster in git says who uses Kiro; this program compares it with live AWS IAM Identity Center
//! and Kiro, shows the difference as a plan, and makes it so.
//!
//! ```text
//!  roster files                                                                       people, programs
//!      │                                                                                     ▲
//!  [roster] ─▶ Desired ──┐                                                                   │
//!                        ├─▶ Goal ─▶ Plan ─▶ Remaining ─▶ Approved ─▶ [apply] ─▶ Report ─▶ [render] ─▶ [cli]
//!  [aws::read] ─▶ Live ──┘             ▲         ▲                       │
//!      ▲                          [planfile]   Live again                ▼
//!     AWS                                                             [aws] ─▶ AWS
//! ```
//!
//! Pure nouns in the middle; doors that each know one outside thing at the edge. In reading order:
//!
//! - [`model`]: the words: names, tiers, the one table of attributes, places in files, globs
//! - [`directory`]: one shape for both sides: users, groups, memberships, own seats, by name
//! - [`live`]: a directory and what nobody can ask for: ids, revisions, owners, what Kiro says of seats
//! - [`desired`]: what rosters claim, each fact with its place
//! - [`change`]: one plain comparison of two directories, and the operations that it comes to
//! - [`goal`]: live with the roster laid over it; blocks, notes, and what cannot happen today
//! - [`migration`]: two accounts beside each other: what stays behind, and who has arrived
//! - [`cost`]: what seats cost a month, before and after
//! - [`holdings`]: who holds which seat, from where, and what is wrong with it
//! - [`policy`]: how much may change at once, and who has agreed to more
//! - [`plan`]: live and goal compared, order from facts, effects on people, parts of a plan, and today against the plan
//! - [`explanation`]: why one person or group has what it has, taken from the plan
//! - [`planfile`]: the saved plan: the one JSON format, its digests, its schema
//! - [`apply`]: the pure run, the loop that does the calls, the ledger, the mails, the account of what became of it all
//! - [`roster`], [`problem`]: YAML, CSV and the scripts' backups to [`Desired`](desired::Desired), and live back to them; what
//!   is wrong with a file
//! - [`aws`]: the only network
//! - [`render`]: the only words and colour
//! - [`cli`]: the only process
//! - [`sandbox`]: the embedded double of AWS; it uses nothing of the rest, so that one misreading cannot agree with itself
//!
//! What holds throughout, and `tests/layers.rs` for the imports:
//!
//! - Nouns do no I/O, are not async and are total: problems, blocks and notes are values.
//! - Live is whole, for all that the roster can touch, or it does not exist.
//! - There is no dry run: `plan` cannot write, because what it holds cannot; only [`Remaining::approve`] makes what
//!   [`apply`] takes.
//! - Operations speak names; ids are resolved in one place. No AWS type leaves [`aws`], and a wire's serde types stay in
//!   its door; only the plan file's are the nouns themselves, since a plan must come out of its file as it went in.
//! - Maps are ordered wherever their order could show: output is a function of input. Hash maps only answer questions.
//!
//! [`Remaining::approve`]: plan::Remaining::approve

pub mod apply;
pub mod aws;
pub mod change;
pub mod cli;
pub mod cost;
pub mod desired;
pub mod directory;
pub mod explanation;
pub mod goal;
pub mod holdings;
pub mod live;
pub mod migration;
pub mod model;
pub mod plan;
pub mod planfile;
pub mod policy;
pub mod problem;
pub mod render;
pub mod roster;
pub mod sandbox;
