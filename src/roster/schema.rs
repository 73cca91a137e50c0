//! The roster's JSON Schema, for editors: built from the tables that the reader reads by, so that neither can know a key
//! that the other does not. Draft 7, which is what YAML editors support.
//!
//! It takes every file that `validate` takes. What only shows across entries and files it does not see.

mod rules;

use super::words::{LONGEST_TEXT, LONGEST_USER_NAME};
use super::yaml;
use crate::model::{Address, Attribute, Kind, RESERVED_NAMES, Tier};
use serde_json::{Map, Value, json};

/// The schema's text, as it ships in `schema/roster.schema.json`.
pub fn schema() -> String {
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Kiroster roster",
        "description": "Who uses Kiro: users, groups, who is in which group, and which tier each has. What is not mentioned is not touched.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "version": {
                "const": 1,
                "description": "Makes this file the root. Only one file is the root; it alone may have `target`, `onboarding`, `policy`, `tiers` and `acknowledge`, and without it nothing is removed.",
            },
            "target": target(),
            "groups": entries("group_name", "group", "Groups by name (AWS's DisplayName)."),
            "users": entries("user_name", "user", "Users by name (AWS's UserName)."),
            "onboarding": rules::onboarding(),
            "policy": rules::policy(),
            "tiers": rules::tiers(),
            "acknowledge": rules::acknowledge(),
        },
        "dependencies": only_the_root(),
        "definitions": {
            "text": { "type": "string", "minLength": 1, "maxLength": LONGEST_TEXT },
            "user_name": {
                "type": "string",
                "pattern": format!("^\\S{{1,{LONGEST_USER_NAME}}}$"),
                "not": { "enum": RESERVED_NAMES },
            },
            "group_name": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_TEXT,
                "not": { "enum": RESERVED_NAMES },
            },
            "tier": tier(),
            "globs": {
                "description": "`*` is any run of characters, `?` is one; the whole name must fit, case and all. Quote what starts with `*`.",
                "type": "array",
                "items": { "type": "string", "minLength": 1 },
            },
            "group": group(),
            "user": user(),
        },
    });
    format!("{schema:#}\n")
}

fn only_the_root() -> Value {
    let [version, others @ ..] = yaml::ROOT_KEYS;
    others
        .map(|key| (key.to_owned(), json!([version])))
        .into_iter()
        .collect::<Map<_, _>>()
        .into()
}

fn entries(name: &str, entry: &str, description: &str) -> Value {
    json!({
        "description": description,
        "type": "object",
        "propertyNames": { "$ref": format!("#/definitions/{name}") },
        "additionalProperties": { "$ref": format!("#/definitions/{entry}") },
    })
}

/// A mapping of these keys and no others; a key of the reader's that is not described here would be refused by editors,
/// and a test sees to it that there is none.
fn mapping(description: &str, keys: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let properties: Map<String, Value> = keys
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect();
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn target() -> Value {
    let region = "^[a-z]+(-[a-z]+)+-[0-9]+$";
    let pin = |key| match key {
        "account" => json!({
            "description": "The account's id: twelve digits, in quotes.",
            "type": "string",
            "pattern": "^[0-9]{12}$",
        }),
        "region" => json!({
            "description": "Identity Center's region.",
            "type": "string",
            "pattern": region,
        }),
        "kiro_region" => json!({
            "description": "Kiro's region, which may differ; discovered when left out.",
            "type": "string",
            "pattern": region,
        }),
        _ => json!({
            "description": "The ARN of the Identity Center instance.",
            "type": "string",
            "pattern": "^arn:aws[^:]*:sso:::instance/(sso)?ins-[0-9A-Za-z.-]*$",
        }),
    };
    mapping(
        "What this roster is for: a pin that does not match stops the run.",
        yaml::PINS.map(|key| (key, pin(key))),
    )
}

fn tier() -> Value {
    let mut choices = vec![json!({ "const": "none", "description": "No seat of one's own." })];
    choices.extend(Tier::ALL.map(|tier| {
        let (usd, credits) = (tier.usd(), tier.credits());
        let description = format!("{usd} USD a month, {credits} credits.");
        json!({ "const": tier.key(), "description": description })
    }));
    choices.push(json!({
        "description": "Spellings of older files.",
        "type": "string",
        "pattern": older_spellings(),
    }));
    json!({
        "description": "Kiro's tier. On a user the person's own seat, on a group the group's subscription; a person is billed once, at the highest.",
        "anyOf": choices,
    })
}

/// What [`Tier::spelled`] takes: any case, `-`, `_` or a space between words, `kiro` before it.
fn older_spellings() -> String {
    let any_case = |word: &str| -> String {
        let letter = |c: char| match c {
            '-' => "[-_ ]".to_owned(),
            '+' => "\\+".to_owned(),
            c => format!("[{}{c}]", c.to_ascii_uppercase()),
        };
        word.chars().map(letter).collect()
    };
    let words = ["pro", "pro+", "pro-plus", "proplus", "pro-max", "power"].map(any_case);
    format!("^\\s*({})?({})\\s*$", any_case("kiro-"), words.join("|"))
}

fn group() -> Value {
    let describe = |key| match key {
        "state" => json!({
            "description": "`absent`: the group is deleted.",
            "enum": ["absent"],
        }),
        "previously" => one_or_many("group_name"),
        "description" => described("What the group is for.", "text"),
        "tier" => json!({ "$ref": "#/definitions/tier" }),
        "membership" => json!({
            "description": "`exact`: nobody else stays a member. `additive`: members are only ever added, whatever `members` lists.",
            "enum": ["exact", "additive"],
        }),
        "members" => list_of(
            "The members, and with the users' `groups` all of them: others are removed, unless `membership` is additive.",
            "user_name",
        ),
        _ => json!({
            "description": "Attributes to remove.",
            "type": "array",
            "uniqueItems": true,
            "items": { "enum": ["description"] },
        }),
    };
    mapping(
        "What is asked of a group; what is left out is not touched.",
        yaml::GROUP_KEYS.map(|key| (key, describe(key))),
    )
}

fn user() -> Value {
    let describe = |key| match key {
        "state" => json!({
            "description": "`absent`: seat, memberships and user go; needs the `email`. `offboarded`: seat and memberships go, the user stays.",
            "enum": ["absent", "offboarded"],
        }),
        "previously" => one_or_many("user_name"),
        "groups" => list_of("Groups to be in; only ever adds.", "group_name"),
        "tier" => json!({ "$ref": "#/definitions/tier" }),
        "until" => json!({
            "description": "The last day (UTC) of the tier beside it; from the next day on it means none.",
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        }),
        _ => json!({
            "description": "Attributes to remove.",
            "type": "array",
            "uniqueItems": true,
            "items": { "enum": Attribute::clearable().map(Attribute::key).collect::<Vec<_>>() },
        }),
    };
    let keys = yaml::USER_KEYS.map(|key| (key, describe(key)));
    let attributes = Attribute::ALL.iter().map(|a| (a.key(), attribute(*a)));
    mapping(
        "What is asked of a user; what is left out is not touched.",
        attributes.chain(keys),
    )
}

fn attribute(attribute: Attribute) -> Value {
    let meaning = attribute.meaning();
    match attribute.kind() {
        Kind::Text | Kind::Phone => described(meaning, "text"),
        Kind::Email => json!({
            "description": meaning,
            "type": "string",
            "maxLength": LONGEST_TEXT,
            "pattern": "^[^@\\s]+@[^@\\s]+$",
        }),
        Kind::Address => {
            let address = Address::default();
            let parts = address.parts().map(|(key, _)| key);
            let text = json!({ "$ref": "#/definitions/text" });
            let mut value = mapping(meaning, parts.map(|key| (key, text.clone())));
            value["minProperties"] = json!(1);
            value
        }
        Kind::List { most } => {
            let mut value = list_of(meaning, "text");
            value["minItems"] = json!(1);
            if let Some(most) = most {
                value["maxItems"] = json!(most);
            }
            value
        }
    }
}

fn one_or_many(name: &str) -> Value {
    let name = json!({ "$ref": format!("#/definitions/{name}") });
    json!({
        "description": "The name, or names, to rename from: same id, so seat, memberships and access stay.",
        "oneOf": [name, { "type": "array", "items": name }],
    })
}

fn list_of(description: &str, what: &str) -> Value {
    json!({
        "description": description,
        "type": "array",
        "items": { "$ref": format!("#/definitions/{what}") },
    })
}

// Draft 7 ignores what stands beside a `$ref`.
fn described(description: &str, what: &str) -> Value {
    json!({ "description": description, "allOf": [{ "$ref": format!("#/definitions/{what}") }] })
}
