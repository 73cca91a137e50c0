//! A YAML file as a tree of nodes that know their places.
//!
//! A derived type would stop at the first thing that does not fit. The tree takes every well-formed file, and what it
//! means is judged afterwards, so that one run shows every problem. Only here is the YAML library known.

use super::bounds::{DEEPEST, LONGEST_KEY, MOST_ALIASES, MOST_NODES, MOST_REPLAYED};
use super::syntax;
use crate::problem::Problem;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy, Spanned};
use std::borrow::Cow;
use std::fmt;

/// A node and where it stands.
#[derive(Debug)]
pub(super) struct Node<'y> {
    pub(super) at: Mark,
    pub(super) is: Is<'y>,
}

/// What a node is, as YAML 1.2 reads it; the words that 1.1 took for booleans are kept apart too.
#[derive(Debug)]
pub(super) enum Is<'y> {
    /// `null`, `~` or nothing at all.
    Null,
    /// A string, quoted or not.
    Text(Cow<'y, str>),
    /// Unquoted, and read as a boolean.
    Flag,
    /// Unquoted, and read as a number.
    Number,
    List(Vec<Node<'y>>),
    Map(Vec<(Node<'y>, Node<'y>)>),
}

/// A place in the file that is being read; lines and columns from 1, in characters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) length: u32,
    /// The bytes that say it; for an alias those of what it stands for.
    pub(super) bytes: (u32, u32),
}

impl Mark {
    /// How the file spells it.
    pub(super) fn spelled<'t>(&self, text: &'t str) -> &'t str {
        let (from, length) = (self.bytes.0 as usize, self.bytes.1 as usize);
        text.get(from..from.saturating_add(length)).unwrap_or("")
    }
}

/// The one document of a file, or what is wrong with its syntax.
pub(super) fn read<'y>(file: &crate::model::Text, text: &'y str) -> Result<Node<'y>, Problem> {
    let budget = serde_saphyr::budget! {
        max_nodes: MOST_NODES,
        max_events: 2 * MOST_NODES,
        max_aliases: MOST_ALIASES,
        max_anchors: MOST_ALIASES,
        max_total_scalar_bytes: 512 * 1024 * 1024,
        // What they stand for is counted; how often one is used is nobody's business.
        enforce_alias_anchor_ratio: false,
        max_depth: DEEPEST,
        simple_key_max_lookahead: LONGEST_KEY,
        flow_nesting_limit: DEEPEST,
    };
    let options = serde_saphyr::options! {
        budget: budget,
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MOST_REPLAYED },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: false,
        with_snippet: false,
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|e| syntax::problem(file, text, &e))
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Is<'de>>::deserialize(deserializer)?;
        let (here, there) = (spanned.referenced, spanned.defined.span());
        Ok(Self {
            at: Mark {
                line: narrow(here.line()),
                column: narrow(here.column()),
                length: narrow(here.span().len()),
                bytes: (
                    narrow(there.byte_offset().unwrap_or_default()),
                    narrow(there.byte_len().unwrap_or_default()),
                ),
            },
            is: spanned.value,
        })
    }
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl<'de> Deserialize<'de> for Is<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Is<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML node")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Is::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Is::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Is::Flag)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Is::Number)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Is::Number)
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<Self::Value, E> {
        Ok(Is::Number)
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<Self::Value, E> {
        Ok(Is::Number)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Is::Number)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Is::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Is::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Is::Text(Cow::Owned(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = seq.next_element()? {
            nodes.push(node);
        }
        Ok(Is::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut nodes = Vec::new();
        while let Some(pair) = map.next_entry()? {
            nodes.push(pair);
        }
        Ok(Is::Map(nodes))
    }
}
