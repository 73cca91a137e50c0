//! The door to AWS over real HTTP: what it calls, what it makes of the answers, and what it says when they are wrong.

#![allow(clippy::unwrap_used)]

mod double;
mod endpoints;
mod examining;
mod opening;
mod organization;
mod pacing;
mod reading;
mod writing;
