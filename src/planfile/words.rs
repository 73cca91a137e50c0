//! How the domain's words stand in JSON: keys as rosters spell them, places as `file:line:column`, dollars as numbers,
//! addresses as lists.

use crate::desired::Limit;
use crate::model::{
    Attribute, Family, GroupName, Membership, Place, Principal, Subject, Text, Tier, Usd, UserName,
};
use crate::plan::Selector;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// A type that is one word.
macro_rules! word {
    ($type:ty, $spelled:expr) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.key())
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = Text::deserialize(from)?;
                let spelled: fn(&str) -> Option<$type> = $spelled;
                spelled(&word).ok_or_else(|| D::Error::custom(format!("`{word}` is not known")))
            }
        }
    };
}

word!(Tier, Tier::spelled);
word!(Attribute, Attribute::named);
word!(Limit, Limit::spelled);
word!(Family, |word| Family::ALL
    .into_iter()
    .find(|f| f.key() == word));

impl Serialize for Selector {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Selector {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&Text::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(from)?;
        let read = || {
            // A file's name may hold colons.
            let (rest, column) = text.rsplit_once(':')?;
            let (file, line) = rest.rsplit_once(':')?;
            Some(Self {
                file: file.into(),
                line: line.parse().ok()?,
                column: column.parse().ok()?,
            })
        };
        read().ok_or_else(|| D::Error::custom(format!("`{text}` is not file:line:column")))
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self.in_cents() % 100 {
            0 => out.serialize_i64(self.in_cents() / 100),
            _ => out.serialize_f64(self.in_cents() as f64 / 100.0),
        }
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // A float holds every cent of any sum that a company could owe.
        Ok(Self::cents((f64::deserialize(from)? * 100.0).round() as i64))
    }
}

/// `["user", name]` or `["group", name]`.
#[derive(Serialize, Deserialize)]
struct Pair(Text, Text);

impl Serialize for Principal {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        Pair(kind(self).into(), self.name().into()).serialize(out)
    }
}

impl<'de> Deserialize<'de> for Principal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Pair(kind, name) = Pair::deserialize(from)?;
        principal(&kind, name).ok_or_else(|| D::Error::custom(format!("`{kind}` holds no seat")))
    }
}

fn kind(principal: &Principal) -> &'static str {
    match principal {
        Principal::User(_) => "user",
        Principal::Group(_) => "group",
    }
}

fn principal(kind: &str, name: Text) -> Option<Principal> {
    match kind {
        "user" => Some(Principal::User(UserName::new(name))),
        "group" => Some(Principal::Group(GroupName::new(name))),
        _ => None,
    }
}

/// `["user", name]`, `["group", name]`, `["membership", group, user]`, `["seat", "user"|"group", name]`.
impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::User(name) => ["user", name.as_str()].serialize(out),
            Self::Group(name) => ["group", name.as_str()].serialize(out),
            Self::Member(m) => ["membership", m.group.as_str(), m.user.as_str()].serialize(out),
            Self::Seat(holder) => ["seat", kind(holder), holder.name()].serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let parts = Vec::<Text>::deserialize(from)?;
        let parts: Vec<&str> = parts.iter().map(|part| &**part).collect();
        let subject = match parts.as_slice() {
            ["user", name] => Some(Self::User(UserName::new(*name))),
            ["group", name] => Some(Self::Group(GroupName::new(*name))),
            ["membership", group, user] => {
                let (group, user) = (GroupName::new(*group), UserName::new(*user));
                Some(Self::Member(Membership::new(group, user)))
            }
            ["seat", kind, name] => principal(kind, (*name).into()).map(Self::Seat),
            _ => None,
        };
        subject.ok_or_else(|| D::Error::custom(format!("`{}` is no address", parts.join("`, `"))))
    }
}

/// A type whose shape in JSON is written out here.
macro_rules! shape {
    ($type:ty, $name:literal, $schema:expr) => {
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

shape!(
    Tier,
    "Tier",
    json_schema!({ "type": "string", "enum": Tier::ALL.map(Tier::key) })
);
shape!(
    Usd,
    "Usd",
    json_schema!({ "type": "number", "description": "US dollars." })
);
shape!(
    Selector,
    "Selector",
    json_schema!({ "type": "string", "pattern": "^(user|group|membership|seat):.+$" })
);
shape!(
    Principal,
    "Principal",
    json_schema!({
        "description": "[\"user\", NAME] or [\"group\", NAME].",
        "type": "array",
        "items": { "type": "string" },
        "minItems": 2,
        "maxItems": 2,
    })
);
shape!(
    Subject,
    "Subject",
    json_schema!({
        "description": "[\"user\", NAME], [\"group\", NAME], [\"membership\", GROUP, USER] or [\"seat\", \"user\" or \"group\", NAME].",
        "type": "array",
        "items": { "type": "string" },
        "minItems": 2,
        "maxItems": 3,
    })
);
