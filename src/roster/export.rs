//! What an export in a format of the scripts cannot hold: told, never lost in silence.

use super::sayable::{loads, writable};
use crate::directory::{Group, User};
use crate::model::Attribute;
use std::collections::BTreeMap;

/// Sentences, each with the names that it is about, in the order in which they came up.
#[derive(Debug, Default)]
pub(super) struct Told {
    order: Vec<&'static str>,
    names: BTreeMap<&'static str, Vec<String>>,
}

/// More names are not read by anybody.
const SHOWN: usize = 10;

impl Told {
    /// One more that `what` is true of.
    pub(super) fn add(&mut self, what: &'static str, name: &str) {
        let names = self.names.entry(what).or_default();
        if names.is_empty() {
            self.order.push(what);
        }
        if names.last().is_none_or(|last| last != name) {
            names.push(name.to_owned());
        }
    }

    /// A line each.
    pub(super) fn lines(self) -> Vec<String> {
        let lines = self.order.iter().filter_map(|what| {
            let names = self.names.get(what)?;
            let shown: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
            let more = match names.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            Some(format!("{what}: {}{more}", shown.join(", ")))
        });
        lines.collect()
    }
}

const REFUSED: &str = "values are left out that AWS would not take today";

/// A core attribute's text; empty where there is none, or none that could be read back.
pub(super) fn core<'l>(user: &'l User, attribute: Attribute, told: &mut Told) -> &'l str {
    let Some(value) = user.attributes.get(&attribute) else {
        return "";
    };
    if !loads(attribute, value) {
        told.add(REFUSED, &format!("{} of {}", attribute.key(), user.name));
        return "";
    }
    value.as_text().unwrap_or_default()
}

/// A group's description, in the same way.
pub(super) fn description<'l>(group: &'l Group, told: &mut Told) -> &'l str {
    match group.description.as_deref() {
        Some(text) if !writable(text) => {
            told.add(REFUSED, &format!("description of {}", group.name));
            ""
        }
        text => text.unwrap_or_default(),
    }
}

/// Attributes for which the scripts have no field, and people whom they skip.
pub(super) fn lost_attributes<'l>(users: impl Iterator<Item = &'l User>, told: &mut Told) {
    let mut lost: BTreeMap<Attribute, usize> = BTreeMap::new();
    for user in users {
        if user.email().is_none() {
            let what = "people without an e-mail address are skipped by the scripts";
            told.add(what, user.name.as_str());
        }
        for attribute in user.attributes.keys().filter(|a| !a.is_core()) {
            *lost.entry(*attribute).or_default() += 1;
        }
    }
    for (attribute, people) in lost {
        let what = "attributes of which the scripts know nothing are left out";
        told.add(what, &format!("{} ({people})", attribute.key()));
    }
}
