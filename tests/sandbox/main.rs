//! The embedded double of AWS, over HTTP: that it behaves as the facts say, and that nothing of it depends on luck.

#![allow(clippy::unwrap_used, clippy::panic)]

mod caller;
mod faults;
mod file;
mod identities;
mod lists;
mod sdk;
mod seats;
mod senseless;
