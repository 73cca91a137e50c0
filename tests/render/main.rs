//! What people see of a plan: in text, in Markdown as a real renderer shows it, in a line, and without people.

#![expect(
    clippy::expect_used,
    reason = "a test whose own roster is wrong has failed"
)]

mod access;
mod hostile;
mod org;
mod redacted;
mod sizes;
