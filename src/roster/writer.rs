//! What is live, written as the roster that asks for exactly that: stable order, no ids, and nothing that a plan would
//! not read back as it is.

use super::words;
use crate::directory::{Group, User};
use crate::live::{Live, Target};
use crate::model::{Attribute, Kind, Principal, Tier, UserName, Value, aws_owned_group};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// How much is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Whether `target` pins the roster to the organization it was read from.
    pub target: bool,
    /// Whether every attribute is written, or only the core ones.
    pub all_attributes: bool,
    /// Whether it is for another account. Then what would come to life there, or be in the way, is left out: disabled
    /// people, AWS's own groups; and an identity provider's groups are said to be that, so that they are waited for.
    pub abroad: bool,
}

impl Default for Extent {
    fn default() -> Self {
        Self {
            target: true,
            all_attributes: false,
            abroad: false,
        }
    }
}

/// A roster's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file, to the last line break.
    pub text: String,
    /// How many people have an attribute that was left out: not asked for, or nothing that a roster could say.
    pub left_out: BTreeMap<Attribute, usize>,
}

/// Editors find the schema beside the file.
pub(super) const HEAD: &str = "\
# yaml-language-server: $schema=roster.schema.json
# For completion in editors: kiroster schema roster > roster.schema.json
";

/// The canonical roster of what is live: the same state gives the same bytes.
///
/// # Errors
/// What the YAML library cannot write; nothing that can come from AWS is known to be such.
pub fn write(live: &Live, extent: Extent) -> Result<Written, fmt::Error> {
    let mut left_out = BTreeMap::new();
    let users = live.directory.users.iter();
    let users = users.filter(|(name, _)| extent.holds_user(live, name));
    let users = users.map(|(name, user)| {
        let entry = user_entry(live, user, extent, &mut left_out);
        (name.as_str(), entry)
    });
    let users = Entries(users.collect());
    let groups = live.directory.groups.values();
    let groups = groups.filter(|group| !(extent.abroad && aws_owned_group(group.name.as_str())));
    let groups = groups.map(|group| (group.name.as_str(), group_entry(live, group, extent)));
    let roster = Roster {
        version: 1,
        target: extent.target.then(|| pins(&live.target)),
        policy: extent.abroad.then(|| provider(live)).flatten(),
        groups: Entries(groups.collect()),
        users,
    };
    let mut text = HEAD.to_owned();
    serde_saphyr::to_fmt_writer_with_options(&mut text, &roster, options())
        .map_err(|_| fmt::Error)?;
    Ok(Written { text, left_out })
}

impl Extent {
    fn holds_user(self, live: &Live, user: &UserName) -> bool {
        !(self.abroad && live.disabled.contains(user))
    }
}

/// Lists stand deeper than their keys, and a text is one line.
pub(super) fn options() -> serde_saphyr::SerializerOptions {
    serde_saphyr::ser_options! {
        compact_list_indent: false,
        prefer_block_scalars: false,
    }
}

#[derive(serde::Serialize)]
struct Roster<'l> {
    version: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Entries<&'static str, &'l str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Policy<'l>>,
    #[serde(skip_serializing_if = "Entries::is_empty")]
    groups: Entries<&'l str, GroupEntry<'l>>,
    users: Entries<&'l str, UserEntry<'l>>,
}

/// A mapping in the order in which it was put together.
pub(super) struct Entries<K, V>(pub(super) Vec<(K, V)>);

impl<K, V> Entries<K, V> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Entries<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// `policy`, as far as an export has one.
#[derive(serde::Serialize)]
struct Policy<'l> {
    provider: Provider<'l>,
}

#[derive(serde::Serialize)]
struct Provider<'l> {
    groups: Vec<&'l str>,
}

/// The groups that an identity provider owns: without being told, another account would create them.
fn provider(live: &Live) -> Option<Policy<'_>> {
    let groups = live
        .provided
        .iter()
        .filter_map(|principal| match principal {
            Principal::Group(group) if !aws_owned_group(group.as_str()) => Some(group.as_str()),
            Principal::Group(_) | Principal::User(_) => None,
        });
    let groups: Vec<&str> = groups.collect();
    (!groups.is_empty()).then_some(Policy {
        provider: Provider { groups },
    })
}

pub(super) fn pins(target: &Target) -> Entries<&'static str, &str> {
    let [account, region, kiro_region, instance, _store] = target.parts();
    let pins = [account, region, kiro_region, instance].into_iter();
    Entries(pins.filter_map(|(key, pin)| Some((key, &**pin?))).collect())
}

#[derive(serde::Serialize)]
struct GroupEntry<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Vec<&'l str>>,
}

fn group_entry<'l>(live: &'l Live, group: &'l Group, extent: Extent) -> GroupEntry<'l> {
    let principal = Principal::Group(group.name.clone());
    // Nobody may write these, so a list of members could only ever be wrong.
    let ours = !live.provided.contains(&principal) && !aws_owned_group(group.name.as_str());
    let members = live.directory.members_of(&group.name);
    let members = members.filter(|member| extent.holds_user(live, &member.user));
    GroupEntry {
        description: group
            .description
            .as_deref()
            .filter(|text| ours && writable(text)),
        tier: seat(live, &principal),
        members: ours.then(|| members.map(|member| member.user.as_str()).collect()),
    }
}

struct UserEntry<'l> {
    attributes: Vec<(Attribute, &'l Value)>,
    tier: Option<&'static str>,
}

fn user_entry<'l>(
    live: &Live,
    user: &'l User,
    extent: Extent,
    left_out: &mut BTreeMap<Attribute, usize>,
) -> UserEntry<'l> {
    let principal = Principal::User(user.name.clone());
    let mut attributes = Vec::new();
    // An identity provider's people keep theirs whatever a roster says.
    if !live.provided.contains(&principal) {
        for (attribute, value) in &user.attributes {
            if (extent.all_attributes || attribute.is_core()) && loads(*attribute, value) {
                attributes.push((*attribute, value));
            } else {
                *left_out.entry(*attribute).or_default() += 1;
            }
        }
    }
    let tier = seat(live, &principal);
    UserEntry { attributes, tier }
}

fn seat(live: &Live, holder: &Principal) -> Option<&'static str> {
    live.directory.seats.get(holder).copied().map(Tier::key)
}

/// Whether a roster that says so would load: AWS holds older values that it would no longer take.
pub(super) fn loads(attribute: Attribute, value: &Value) -> bool {
    match value {
        Value::Text(text) if attribute.kind() == Kind::Email => words::email(text).is_ok(),
        Value::Text(text) => writable(text),
        Value::List(texts) => {
            let few = match attribute.kind() {
                Kind::List { most: Some(most) } => texts.len() <= most,
                _ => true,
            };
            few && !texts.is_empty() && texts.iter().all(|text| writable(text))
        }
        Value::Address(address) => {
            let mut parts = address
                .parts()
                .into_iter()
                .filter_map(|(_, part)| part.as_ref());
            parts.clone().next().is_some() && parts.all(|part| writable(part))
        }
    }
}

pub(super) fn writable(text: &str) -> bool {
    words::text(text, "").is_ok()
}

impl Serialize for UserEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (attribute, value) in &self.attributes {
            match value {
                Value::Text(text) => map.serialize_entry(attribute.key(), &**text)?,
                Value::List(texts) => {
                    let texts: Vec<&str> = texts.iter().map(|text| &**text).collect();
                    map.serialize_entry(attribute.key(), &texts)?;
                }
                Value::Address(address) => {
                    let parts = address.parts().into_iter();
                    let parts = parts.filter_map(|(key, part)| Some((key, part.as_deref()?)));
                    map.serialize_entry(attribute.key(), &Entries(parts.collect()))?;
                }
            }
        }
        if let Some(tier) = self.tier {
            map.serialize_entry("tier", tier)?;
        }
        map.end()
    }
}
