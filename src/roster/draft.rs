//! A roster as a person would write it: a line for each group and each user, and nothing that goes without saying.

use super::writer::{Entries, HEAD, options};
use crate::desired::{Ask, Desired, GroupClaim, UserClaim};
use crate::model::{Attribute, Tier, UserName, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_saphyr::{FlowMap, FlowSeq, SpaceAfter};
use std::collections::BTreeMap;
use std::fmt;

/// The roster's text. Groups are only ever added to: nobody said that the list is the whole list.
///
/// # Errors
/// What the YAML library cannot write.
pub(super) fn write(desired: &Desired) -> Result<String, fmt::Error> {
    let mut joined: BTreeMap<&UserName, Vec<&str>> = BTreeMap::new();
    for member in desired.members.keys() {
        let groups = joined.entry(&member.user).or_default();
        groups.push(member.group.as_str());
    }
    let groups = desired.groups.iter();
    let groups = groups.map(|(name, claim)| (name.as_str(), FlowMap(Group(claim))));
    let users = desired.users.iter().map(|(name, claim)| {
        let groups = joined.remove(name).unwrap_or_default();
        (name.as_str(), FlowMap(User { claim, groups }))
    });
    let roster = Roster {
        version: SpaceAfter(1),
        groups: SpaceAfter(Entries(groups.collect())),
        users: Entries(users.collect()),
    };
    let mut text = HEAD.to_owned();
    serde_saphyr::to_fmt_writer_with_options(&mut text, &roster, options())
        .map_err(|_| fmt::Error)?;
    Ok(text)
}

#[derive(serde::Serialize)]
struct Roster<'l> {
    version: SpaceAfter<u8>,
    #[serde(skip_serializing_if = "none")]
    groups: SpaceAfter<Entries<&'l str, FlowMap<Group<'l>>>>,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    users: Entries<&'l str, FlowMap<User<'l>>>,
}

fn none<K, V>(entries: &SpaceAfter<Entries<K, V>>) -> bool {
    entries.0.is_empty()
}

struct Group<'l>(&'l GroupClaim);

impl Serialize for Group<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(Ask::Is(text)) = self.0.description.as_ref().map(|said| &said.value) {
            map.serialize_entry("description", &**text)?;
        }
        if let Some(said) = &self.0.seat {
            map.serialize_entry("tier", tier(&said.value))?;
        }
        map.end()
    }
}

struct User<'l> {
    claim: &'l UserClaim,
    groups: Vec<&'l str>,
}

impl Serialize for User<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for attribute in Attribute::ALL {
            let said = self.claim.attributes.get(attribute);
            if let Some(Ask::Is(Value::Text(text))) = said.map(|said| &said.value) {
                map.serialize_entry(attribute.key(), &**text)?;
            }
        }
        if !self.groups.is_empty() {
            map.serialize_entry("groups", &FlowSeq(&self.groups))?;
        }
        if let Some(said) = &self.claim.seat {
            map.serialize_entry("tier", tier(&said.value))?;
        }
        map.end()
    }
}

fn tier(ask: &Ask<Tier>) -> &'static str {
    match ask {
        Ask::Nothing => "none",
        Ask::Is(tier) => tier.key(),
    }
}
