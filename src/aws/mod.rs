//! The only network. Domain words go in and come out; no AWS type and no wire format leaves.
//!
//! - [`settings`](Settings): what a session is opened with; `config`: what the SDK makes of it
//! - `ground`: credentials and clients that only look around; [`examine`](examine()) looks at every step
//! - [`session`](Session): the clients, once `open` with `instance` and `discover` has found Identity Center and Kiro
//! - [`read`](read()): everything live that a roster can touch, listed to the last page or looked up, or an error
//! - [`access`](access()): which AWS accounts a few people and groups can reach
//! - `write` and `look`: one call each, and the looks at one object
//! - `attributes`, `create`, `update`: users and groups in the SDK's words and back
//! - `kiro`, `json`: the unpublished services, on the SDK's own orchestrator
//! - `http`, `pacer`, `retry`: one pace an API, kept by every attempt, and what is tried again
//! - `answer`, [`failure`](Failure), [`error`](Error): what went wrong, by remedy
//!
//! It must not know rosters, plans or policy: what to write is decided elsewhere, and there is no dry run here.

mod access;
mod answer;
mod attributes;
mod config;
mod create;
mod discover;
mod error;
mod examine;
mod failure;
mod ground;
mod http;
mod instance;
mod json;
mod kiro;
mod look;
mod open;
mod pacer;
mod paging;
mod read;
mod retry;
mod session;
mod settings;
mod update;
mod write;

pub use access::access;
pub use error::{Error, ErrorKind};
pub use examine::{Check, Examination, Finding, State, examine};
pub use failure::{Call, Conflict, Failure, FailureKind};
pub use http::{Turn, heard};
pub use read::{read, read_seats, read_told};
pub use session::Session;
pub use settings::{Endpoints, KiroEndpoint, Sandbox, Settings};
