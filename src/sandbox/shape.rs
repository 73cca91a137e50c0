//! The members that AWS's users and groups have, and of what kind they are.

use serde_json::{Map, Value};

/// The only extension.
pub(super) const EXTENSION: &str = "aws:identitystore:enterprise";

/// What a member holds.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Flag,
    Number,
    Object(&'static [(&'static str, Kind)]),
    List(&'static [(&'static str, Kind)]),
}

use Kind::{Flag, List, Number, Object, Text};

/// What `CreateUser` takes.
const USER: &[(&str, Kind)] = &[
    ("UserName", Text),
    ("DisplayName", Text),
    ("NickName", Text),
    ("ProfileUrl", Text),
    ("UserType", Text),
    ("Title", Text),
    ("PreferredLanguage", Text),
    ("Locale", Text),
    ("Timezone", Text),
    ("Website", Text),
    ("Birthdate", Text),
    ("Name", Object(NAME)),
    ("Emails", List(VALUE)),
    ("PhoneNumbers", List(VALUE)),
    ("Addresses", List(ADDRESS)),
    ("Photos", List(VALUE)),
    ("Roles", List(VALUE)),
    ("Extensions", Object(&[(EXTENSION, Object(ENTERPRISE))])),
];

const NAME: &[(&str, Kind)] = &[
    ("GivenName", Text),
    ("FamilyName", Text),
    ("MiddleName", Text),
    ("HonorificPrefix", Text),
    ("HonorificSuffix", Text),
    ("Formatted", Text),
];

const VALUE: &[(&str, Kind)] = &[
    ("Value", Text),
    ("Type", Text),
    ("Display", Text),
    ("Primary", Flag),
];

const ADDRESS: &[(&str, Kind)] = &[
    ("StreetAddress", Text),
    ("Locality", Text),
    ("Region", Text),
    ("PostalCode", Text),
    ("Country", Text),
    ("Formatted", Text),
    ("Type", Text),
    ("Primary", Flag),
];

const ENTERPRISE: &[(&str, Kind)] = &[
    ("employeeNumber", Text),
    ("costCenter", Text),
    ("organization", Text),
    ("division", Text),
    ("department", Text),
    ("manager", Text),
];

/// What `CreateGroup` takes.
const GROUP: &[(&str, Kind)] = &[("DisplayName", Text), ("Description", Text)];

/// What AWS adds to both.
const ADDED: &[(&str, Kind)] = &[
    ("UserId", Text),
    ("GroupId", Text),
    ("IdentityStoreId", Text),
    ("UserStatus", Text),
    ("ExternalIds", List(&[("Issuer", Text), ("Id", Text)])),
    ("Revision", Text),
    ("CreatedAt", Number),
    ("CreatedBy", Text),
    ("UpdatedAt", Number),
    ("UpdatedBy", Text),
];

/// What of a `CreateUser` is the user: unknown members and nulls are passed over, as AWS does.
///
/// # Errors
/// The member that is of the wrong kind.
pub(super) fn new_user(input: &Value) -> Result<Map<String, Value>, String> {
    known(input, USER)
}

/// The same for `CreateGroup`.
///
/// # Errors
/// The member that is of the wrong kind.
pub(super) fn new_group(input: &Value) -> Result<Map<String, Value>, String> {
    known(input, GROUP)
}

fn known(input: &Value, members: &[(&str, Kind)]) -> Result<Map<String, Value>, String> {
    let mut object = Map::new();
    for (member, kind) in members {
        if let Some(value) = input.get(*member).filter(|value| !value.is_null()) {
            check(value, *kind, member)?;
            object.insert((*member).into(), value.clone());
        }
    }
    Ok(object)
}

/// A user of a state file, where an unknown member is a slip of the pen.
///
/// # Errors
/// The member that AWS does not have, with the one that was meant, or that is of the wrong kind.
pub(super) fn held_user(object: &Map<String, Value>) -> Result<(), String> {
    let members: Vec<_> = USER.iter().chain(ADDED).copied().collect();
    check_members(object, &members, &["Seat", "SignedIn"])
}

/// A group of a state file.
///
/// # Errors
/// As for a user.
pub(super) fn held_group(object: &Map<String, Value>) -> Result<(), String> {
    let members: Vec<_> = GROUP.iter().chain(ADDED).copied().collect();
    check_members(object, &members, &["Seat", "Members", "Joined"])
}

/// An element of a list that `UpdateUser` sets, once its names are AWS's.
///
/// # Errors
/// The member that is unknown or of the wrong kind.
pub(super) fn element(list: &str, item: &Map<String, Value>) -> Result<(), String> {
    match USER.iter().find(|(member, _)| *member == list) {
        Some((_, List(members))) => check_members(item, members, &[]),
        _ => Err(format!("`{list}` is no list")),
    }
}

fn check(value: &Value, kind: Kind, path: &str) -> Result<(), String> {
    let inside = |why: String| format!("`{path}`: {why}");
    let wrong = |what: &str| Err(format!("`{path}` must be {what}"));
    match (kind, value) {
        (Text, Value::String(_)) | (Flag, Value::Bool(_)) | (Number, Value::Number(_)) => Ok(()),
        (Object(members), Value::Object(object)) => {
            check_members(object, members, &[]).map_err(inside)
        }
        (List(members), Value::Array(list)) => list.iter().try_for_each(|item| match item {
            Value::Object(object) => check_members(object, members, &[]).map_err(inside),
            _ => wrong("a list of objects"),
        }),
        (Text, _) => wrong("a string"),
        (Flag, _) => wrong("true or false"),
        (Number, _) => wrong("a number"),
        (Object(_), _) => wrong("an object"),
        (List(_), _) => wrong("a list of objects"),
    }
}

fn check_members(
    object: &Map<String, Value>,
    members: &[(&str, Kind)],
    beside: &[&str],
) -> Result<(), String> {
    for (member, value) in object {
        let Some((_, kind)) = members.iter().find(|(known, _)| known == member) else {
            let known = members
                .iter()
                .map(|(known, _)| *known)
                .chain(beside.iter().copied());
            return Err(format!("unknown field `{member}`{}", meant(member, known)));
        };
        check(value, *kind, member)?;
    }
    Ok(())
}

/// A hint for a word that is nearly one of `known`.
pub(super) fn meant<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(&word.to_lowercase(), &known.to_lowercase());
    let near = known
        .map(|known| (likeness(known), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    near.map(|(_, known)| format!("; did you mean `{known}`?"))
        .unwrap_or_default()
}
