//! Words and colour for people.

pub mod problems;
mod visible;

pub use visible::visible;
