//! What is live, written as the roster that asks for exactly that: stable order, no ids, and nothing that a plan would
//! not read back as it is.

use super::part::{self, Part};
use super::sayable::{has_list, loads, writable};
use crate::directory::{Group, User};
use crate::live::{Live, Target};
use crate::model::{
    Attribute, GroupName, Membership, Principal, Tier, UserName, Value, aws_owned_group,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::{BTreeMap, BTreeSet as Set, HashMap};
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
    /// Whether there is nobody and nothing in it, which no reader takes for a roster.
    pub is_empty: bool,
    /// How many people have an attribute that was left out: not asked for, or nothing that a roster could say.
    pub left_out: BTreeMap<Attribute, usize>,
    /// Who is in it and not whole, although nobody asked for that: a line each kind.
    pub in_part: Vec<String>,
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
    written(live, &Set::new(), extent)
}

/// The canonical roster of a part of it.
///
/// # Errors
/// As [`write`](fn@write).
pub fn write_part(part: &Part, extent: Extent) -> Result<Written, fmt::Error> {
    written(&part.live, &part.mentioned, extent)
}

fn written(live: &Live, mentioned: &Set<Principal>, extent: Extent) -> Result<Written, fmt::Error> {
    let scope = Scope {
        live,
        mentioned,
        extent,
    };
    let mut left_out = BTreeMap::new();
    let mut joined = scope.joined();
    let users = live.directory.users.iter();
    let users = users.filter(|(name, _)| scope.has_user(name));
    let users = users.map(|(name, user)| {
        let groups = joined.remove(name).unwrap_or_default();
        let entry = scope.user_entry(user, groups, &mut left_out);
        (name.as_str(), entry)
    });
    let users = Entries(users.collect());
    let groups = live.directory.groups.values();
    let groups = groups.filter(|group| scope.has_group(&group.name));
    let groups = groups.map(|group| (group.name.as_str(), scope.group_entry(group)));
    let groups = Entries(groups.collect());
    let is_empty = users.is_empty() && groups.is_empty();
    let roster = Roster {
        version: 1,
        target: extent.target.then(|| pins(&live.target)),
        policy: extent.abroad.then(|| scope.provider()).flatten(),
        groups,
        users,
    };
    let mut text = HEAD.to_owned();
    serde_saphyr::to_fmt_writer_with_options(&mut text, &roster, options())
        .map_err(|_| fmt::Error)?;
    let in_part = mentioned.iter().filter(|who| scope.names(who));
    Ok(Written {
        text,
        is_empty,
        left_out,
        in_part: part::told(in_part),
    })
}

/// What is written, and how much of it.
struct Scope<'l> {
    live: &'l Live,
    /// Who is in it by name; a group so far as others name it or ask for its tier.
    mentioned: &'l Set<Principal>,
    extent: Extent,
}

impl<'l> Scope<'l> {
    fn goes(&self, user: &UserName) -> bool {
        !(self.extent.abroad && self.live.disabled.contains(user))
    }

    fn has_user(&self, user: &UserName) -> bool {
        self.goes(user) && !self.mentioned.contains(&Principal::User(user.clone()))
    }

    fn has_group(&self, group: &GroupName) -> bool {
        let who = Principal::Group(group.clone());
        let entry = match self.mentioned.contains(&who) {
            false => true,
            true => self.seat(&who).is_some() || self.joined_by(group).next().is_some(),
        };
        entry && !(self.extent.abroad && aws_owned_group(group.as_str()))
    }

    /// Whether somebody is in it by an entry or a list.
    fn names(&self, who: &Principal) -> bool {
        match who {
            Principal::User(user) => self.goes(user),
            Principal::Group(group) => self.has_group(group),
        }
    }

    /// The members that a roster can name.
    fn joined_by(&self, group: &GroupName) -> impl Iterator<Item = &'l Membership> {
        let listed = has_list(self.live, group);
        let members = self.live.directory.members_of(group);
        members.filter(move |member| listed && self.goes(&member.user))
    }

    /// Each person's groups that have no list of their own.
    fn joined(&self) -> HashMap<&'l UserName, Vec<&'l str>> {
        let mut joined: HashMap<&UserName, Vec<&str>> = HashMap::new();
        for who in self.mentioned {
            let Principal::Group(group) = who else {
                continue;
            };
            for member in self.joined_by(group) {
                joined.entry(&member.user).or_default().push(group.as_str());
            }
        }
        joined
    }

    /// The groups that an identity provider owns: without being told, another account would create them.
    fn provider(&self) -> Option<Policy<'l>> {
        let provided = self.live.provided.iter();
        let groups = provided.filter_map(|principal| match principal {
            Principal::Group(group) if self.has_group(group) => Some(group.as_str()),
            Principal::Group(_) | Principal::User(_) => None,
        });
        let groups: Vec<&str> = groups.collect();
        (!groups.is_empty()).then_some(Policy {
            provider: Provider { groups },
        })
    }

    fn group_entry(&self, group: &'l Group) -> GroupEntry<'l> {
        let principal = Principal::Group(group.name.clone());
        let listed = has_list(self.live, &group.name);
        let whole = listed && !self.mentioned.contains(&principal);
        let members = self.joined_by(&group.name);
        GroupEntry {
            description: group
                .description
                .as_deref()
                .filter(|text| listed && writable(text)),
            tier: self.seat(&principal),
            members: whole.then(|| members.map(|member| member.user.as_str()).collect()),
        }
    }

    fn user_entry(
        &self,
        user: &'l User,
        groups: Vec<&'l str>,
        left_out: &mut BTreeMap<Attribute, usize>,
    ) -> UserEntry<'l> {
        let principal = Principal::User(user.name.clone());
        let mut attributes = Vec::new();
        // An identity provider's people keep theirs whatever a roster says.
        if !self.live.provided.contains(&principal) {
            let all = self.extent.all_attributes;
            for (attribute, value) in &user.attributes {
                if (all || attribute.is_core()) && loads(*attribute, value) {
                    attributes.push((*attribute, value));
                } else {
                    *left_out.entry(*attribute).or_default() += 1;
                }
            }
        }
        UserEntry {
            attributes,
            groups,
            tier: self.seat(&principal),
        }
    }

    fn seat(&self, holder: &Principal) -> Option<&'static str> {
        self.live
            .directory
            .seats
            .get(holder)
            .copied()
            .map(Tier::key)
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

struct UserEntry<'l> {
    attributes: Vec<(Attribute, &'l Value)>,
    /// Of groups that have no list of their own.
    groups: Vec<&'l str>,
    tier: Option<&'static str>,
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
        if !self.groups.is_empty() {
            map.serialize_entry("groups", &self.groups)?;
        }
        if let Some(tier) = self.tier {
            map.serialize_entry("tier", tier)?;
        }
        map.end()
    }
}
