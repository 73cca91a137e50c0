//! How much a file may hold: more than any roster needs, and less than would hurt.

/// Far above what 200,000 people (the most that a store holds) need, far below what would hurt.
pub(super) const MOST_NODES: usize = 20_000_000;
/// An alias for each of 100,000 people is fine.
pub(super) const MOST_ALIASES: usize = 100_000;
/// What all aliases together may stand for: a short list for each of them.
pub(super) const MOST_REPLAYED: usize = 300_000;
/// A roster has five levels.
pub(super) const DEEPEST: usize = 32;
/// A group's name has up to 1,024 characters, each of which an escape spells with ten; YAML's own limit is 1,024.
pub(super) const LONGEST_KEY: usize = 16 * 1024;
