//! A user's attributes: which there are, what AWS accepts, and how `UpdateUser` sets them by path.

use super::answer::Refusal;
use super::shape::{self, EXTENSION};
use serde_json::{Map, Value, json};

/// Paths of plain texts and the members they set.
const TEXTS: [(&str, &str); 11] = [
    ("userName", "UserName"),
    ("displayName", "DisplayName"),
    ("nickName", "NickName"),
    ("profileUrl", "ProfileUrl"),
    ("userType", "UserType"),
    ("title", "Title"),
    ("preferredLanguage", "PreferredLanguage"),
    ("locale", "Locale"),
    ("timezone", "Timezone"),
    ("website", "Website"),
    ("birthdate", "Birthdate"),
];

const NAMES: [(&str, &str); 6] = [
    ("name.givenName", "GivenName"),
    ("name.familyName", "FamilyName"),
    ("name.middleName", "MiddleName"),
    ("name.honorificPrefix", "HonorificPrefix"),
    ("name.honorificSuffix", "HonorificSuffix"),
    ("name.formatted", "Formatted"),
];

/// Lists, with their members' inner names in update documents and in the object.
const LISTS: [(&str, &str, usize); 5] = [
    ("emails", "Emails", 1),
    ("phoneNumbers", "PhoneNumbers", 1),
    ("addresses", "Addresses", 1),
    ("photos", "Photos", 3),
    ("roles", "Roles", 100),
];

const ENTERPRISE_MEMBERS: [&str; 6] = [
    "employeeNumber",
    "costCenter",
    "organization",
    "division",
    "department",
    "manager",
];

/// Sets one attribute by its path; null or missing removes it.
pub(super) fn set(user: &mut Map<String, Value>, path: &str, value: &Value) -> Result<(), Refusal> {
    if let Some((_, member)) = TEXTS.iter().find(|(known, _)| *known == path) {
        return set_text(user, member, path, value);
    }
    if let Some((_, member)) = NAMES.iter().find(|(known, _)| *known == path) {
        return set_inside(user, "Name", member, path, value);
    }
    if let Some((_, member, _)) = LISTS.iter().find(|(known, ..)| *known == path) {
        match value {
            Value::Null => {
                user.remove(*member);
            }
            Value::Array(list) if list.is_empty() => {
                user.remove(*member);
            }
            Value::Array(list) => {
                let list: Result<Vec<Value>, Refusal> =
                    list.iter().map(|item| pascal(path, member, item)).collect();
                user.insert((*member).into(), Value::Array(list?));
            }
            _ => return Err(Refusal::invalid(format!("{path} takes a list."))),
        }
        return Ok(());
    }
    let inside = path
        .strip_prefix(EXTENSION)
        .and_then(|rest| rest.strip_prefix('.'));
    if let Some(member) = inside.filter(|member| ENTERPRISE_MEMBERS.contains(member)) {
        let extensions = user.entry("Extensions").or_insert_with(|| json!({}));
        let extensions = extensions
            .as_object_mut()
            .ok_or_else(|| Refusal::invalid("Extensions"))?;
        set_inside(extensions, EXTENSION, member, path, value)?;
        if extensions.is_empty() {
            user.remove("Extensions");
        }
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "Attribute path {path} is not supported."
    )))
}

fn set_text(
    object: &mut Map<String, Value>,
    member: &str,
    path: &str,
    value: &Value,
) -> Result<(), Refusal> {
    match value {
        Value::Null => {
            object.remove(member);
        }
        Value::String(text) => {
            check_text(path, text)?;
            object.insert(member.into(), value.clone());
        }
        _ => return Err(Refusal::invalid(format!("{path} takes a string."))),
    }
    Ok(())
}

fn set_inside(
    object: &mut Map<String, Value>,
    outer: &str,
    member: &str,
    path: &str,
    value: &Value,
) -> Result<(), Refusal> {
    let inner = object.entry(outer).or_insert_with(|| json!({}));
    let inner = inner
        .as_object_mut()
        .ok_or_else(|| Refusal::invalid(format!("{outer} is no object.")))?;
    set_text(inner, member, path, value)?;
    if inner.is_empty() {
        object.remove(outer);
    }
    Ok(())
}

/// An element of an update document has camelCase members; the object has AWS's.
fn pascal(path: &str, list: &str, item: &Value) -> Result<Value, Refusal> {
    let item = item
        .as_object()
        .ok_or_else(|| Refusal::invalid(format!("{path} takes objects.")))?;
    let mut object = Map::new();
    for (member, value) in item.iter().filter(|(_, value)| !value.is_null()) {
        let mut chars = member.chars();
        match chars.next() {
            Some(first) if first.is_lowercase() => {
                object.insert(
                    format!("{}{}", first.to_uppercase(), chars.as_str()),
                    value.clone(),
                );
            }
            _ => {
                return Err(Refusal::invalid(format!(
                    "{path}: unknown member {member}."
                )));
            }
        }
    }
    shape::element(list, &object).map_err(Refusal::invalid)?;
    // A document's members come in any order; the state file has one.
    object.sort_keys();
    Ok(Value::Object(object))
}

/// What AWS demands of a whole user: names, lengths, lists.
pub(super) fn check_user(user: &Map<String, Value>) -> Result<(), Refusal> {
    let name = user
        .get("UserName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let length = name.chars().count();
    if length == 0 {
        return Err(Refusal::invalid("userName is a required attribute"));
    }
    if length > 128 || !name.chars().all(shows) {
        return Err(constraint(
            "userName",
            "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+, at most 128",
        ));
    }
    if ["administrator", "awsadministrators"].contains(&name.to_lowercase().as_str()) {
        return Err(Refusal::invalid("The user name is reserved."));
    }
    for (what, there) in [
        ("displayName", user.get("DisplayName").is_some()),
        (
            "name.givenName",
            user.get("Name")
                .is_some_and(|name| name["GivenName"].is_string()),
        ),
        (
            "name.familyName",
            user.get("Name")
                .is_some_and(|name| name["FamilyName"].is_string()),
        ),
    ] {
        if !there {
            return Err(Refusal::invalid(format!("{what} is a required attribute")));
        }
    }
    for (path, member, most) in LISTS {
        let Some(list) = user.get(member) else {
            continue;
        };
        let list = list
            .as_array()
            .ok_or_else(|| Refusal::invalid(format!("{path} takes a list.")))?;
        if list.len() > most {
            return Err(Refusal::invalid(format!("{path} takes at most {most}.")));
        }
    }
    texts(&Value::Object(user.clone()), "user")
}

/// Every text has 1 to 1,024 characters, however deep it lies.
fn texts(value: &Value, path: &str) -> Result<(), Refusal> {
    match value {
        Value::String(text) => check_text(path, text),
        Value::Array(list) => list.iter().try_for_each(|item| texts(item, path)),
        Value::Object(object) => object
            .iter()
            .try_for_each(|(member, value)| texts(value, member)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

pub(super) fn check_text(path: &str, text: &str) -> Result<(), Refusal> {
    let fits = |c: char| shows(c) || "\t\n\r \u{a0}\u{3000}".contains(c);
    match text.chars().count() {
        1..=1024 if text.chars().all(fits) => Ok(()),
        1..=1024 => Err(constraint(
            path,
            "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r  \u{3000}]+",
        )),
        _ => Err(constraint(path, "1 to 1024 characters")),
    }
}

/// Letters, marks, symbols, numbers and punctuation: no space, nothing that controls, formats or is anybody's own.
fn shows(c: char) -> bool {
    let formats = matches!(c,
        '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}');
    let own = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    !(c.is_whitespace() || c.is_control() || formats || own)
}

pub(super) fn check_group_name(name: &str) -> Result<(), Refusal> {
    check_text("displayName", name)?;
    if name.contains('\u{3000}') {
        let rule = "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r  ]+";
        return Err(constraint("displayName", rule));
    }
    if ["administrator", "awsadministrators"].contains(&name.to_lowercase().as_str()) {
        return Err(Refusal::invalid("The group name is reserved."));
    }
    Ok(())
}

fn constraint(path: &str, rule: &str) -> Refusal {
    Refusal::invalid(format!(
        "1 validation error detected: Value at '{path}' failed to satisfy constraint: {rule}"
    ))
}
