//! Identity Store: users and groups. Shapes and limits as in the service's published model.

use super::answer::{Answer, Refusal, required};
use super::attributes;
use super::memberships;
use super::org::Org;
use super::paging::{self, with_next};
use super::shape;
use super::state::{Group, User};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// Runs an operation of `AWSIdentityStore`.
pub(super) fn run(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    org.check_store(input)?;
    match operation {
        "ListUsers" => list_users(org, input),
        "ListGroups" => list_groups(org, input),
        "DescribeUser" => {
            let id = required(input, "UserId")?;
            let user = org
                .users
                .get(id)
                .ok_or_else(|| Refusal::missing("USER", id))?;
            Ok(shown_user(org, user, input))
        }
        "DescribeGroup" => {
            let id = required(input, "GroupId")?;
            let group = org
                .groups
                .get(id)
                .ok_or_else(|| Refusal::missing("GROUP", id))?;
            Ok(shown_group(org, group))
        }
        "GetUserId" => get_user_id(org, input),
        "GetGroupId" => get_group_id(org, input),
        "CreateUser" => create_user(org, input),
        "CreateGroup" => create_group(org, input),
        "UpdateUser" => update_user(org, input),
        "UpdateGroup" => update_group(org, input),
        "DeleteUser" => {
            let id = required(input, "UserId")?;
            if let Some(user) = org.users.get(id) {
                check_revision(&user.object, input)?;
                org.drop_user(id);
            }
            Ok(json!({}))
        }
        "DeleteGroup" => {
            let id = required(input, "GroupId")?;
            if let Some(group) = org.groups.get(id) {
                check_revision(&group.object, input)?;
                org.drop_group(id);
            }
            Ok(json!({}))
        }
        _ => memberships::run(org, operation, input, now),
    }
}

fn list_users(org: &Org, input: &Value) -> Answer {
    let filter = filter(input, "UserName")?;
    let users = org.users.iter().filter(|(_, user)| match &filter {
        Some(name) => user.name() == name,
        None => true,
    });
    let users = users.map(|(id, user)| (id.as_str(), user));
    paging::page(
        input,
        100,
        users,
        |(id, _)| id,
        |users, next| {
            let users: Vec<Value> = users
                .into_iter()
                .map(|(_, user)| shown_user(org, user, input))
                .collect();
            with_next(json!({ "Users": users }), next)
        },
    )
}

fn list_groups(org: &Org, input: &Value) -> Answer {
    let filter = filter(input, "DisplayName")?;
    let groups = org.groups.iter().filter(|(_, group)| match &filter {
        Some(name) => group.name() == name,
        None => true,
    });
    let groups = groups.map(|(id, group)| (id.as_str(), group));
    paging::page(
        input,
        100,
        groups,
        |(id, _)| id,
        |groups, next| {
            let groups: Vec<Value> = groups
                .into_iter()
                .map(|(_, group)| shown_group(org, group))
                .collect();
            with_next(json!({ "Groups": groups }), next)
        },
    )
}

/// `Filters`: at most one, and on one attribute only.
fn filter(input: &Value, path: &str) -> Result<Option<String>, Refusal> {
    match input["Filters"].as_array().map(Vec::as_slice) {
        None | Some([]) => Ok(None),
        Some([one]) if one["AttributePath"] == json!(path) => {
            Ok(one["AttributeValue"].as_str().map(str::to_owned))
        }
        Some(_) => Err(Refusal::invalid("The filter is not supported.")),
    }
}

fn shown_user(org: &Org, user: &User, input: &Value) -> Value {
    let mut shown = user.object.clone();
    shown.insert("IdentityStoreId".into(), json!(org.store()));
    shown
        .entry("UserStatus")
        .or_insert_with(|| json!("ENABLED"));
    // Enterprise attributes are shown to those who ask.
    let asked = input["Extensions"].as_array();
    let asked = asked.is_some_and(|list| list.contains(&json!(shape::EXTENSION)));
    if !asked {
        shown.remove("Extensions");
    }
    Value::Object(shown)
}

fn shown_group(org: &Org, group: &Group) -> Value {
    let mut shown = group.object.clone();
    shown.insert("IdentityStoreId".into(), json!(org.store()));
    Value::Object(shown)
}

fn get_user_id(org: &Org, input: &Value) -> Answer {
    let unique = &input["AlternateIdentifier"]["UniqueAttribute"];
    let value = unique["AttributeValue"].as_str().unwrap_or_default();
    let found = match unique["AttributePath"].as_str() {
        Some("userName" | "UserName") => org.named(value),
        Some("emails.value") => org.with_email(value),
        _ => return Err(Refusal::invalid("AlternateIdentifier is not supported.")),
    };
    let id = found.ok_or_else(|| Refusal::missing("USER", value))?;
    Ok(json!({ "IdentityStoreId": org.store(), "UserId": id }))
}

fn get_group_id(org: &Org, input: &Value) -> Answer {
    let unique = &input["AlternateIdentifier"]["UniqueAttribute"];
    let value = unique["AttributeValue"].as_str().unwrap_or_default();
    match unique["AttributePath"].as_str() {
        Some("displayName" | "DisplayName") => {}
        _ => return Err(Refusal::invalid("AlternateIdentifier is not supported.")),
    }
    let id = org
        .group_named(value)
        .ok_or_else(|| Refusal::missing("GROUP", value))?;
    Ok(json!({ "IdentityStoreId": org.store(), "GroupId": id }))
}

fn create_user(org: &mut Org, input: &Value) -> Answer {
    let mut object = shape::new_user(input).map_err(malformed)?;
    attributes::check_user(&object)?;
    check_unique(org, &object, None)?;
    let id = org.new_id();
    object.insert("UserId".into(), json!(id));
    object.insert("Revision".into(), json!("1"));
    let user = User {
        object,
        ..User::default()
    };
    org.put_user(&id, user);
    Ok(json!({ "IdentityStoreId": org.store(), "UserId": id }))
}

/// AWS says no more than that when a member has another type than the model's.
fn malformed(why: String) -> Refusal {
    Refusal::new("SerializationException", why)
}

fn check_unique(org: &Org, object: &Map<String, Value>, but: Option<&str>) -> Result<(), Refusal> {
    let taken = |holder: Option<&String>| holder.is_some_and(|id| Some(id.as_str()) != but);
    if let Some(name) = object.get("UserName").and_then(Value::as_str)
        && taken(org.named(name))
    {
        return Err(Refusal::duplicate("UserName"));
    }
    let email = object.get("Emails").and_then(|emails| emails.get(0));
    if let Some(email) = email.and_then(|email| email["Value"].as_str())
        && taken(org.with_email(email))
    {
        return Err(Refusal::duplicate("Email"));
    }
    Ok(())
}

fn create_group(org: &mut Org, input: &Value) -> Answer {
    let mut object = shape::new_group(input).map_err(malformed)?;
    let name = required(input, "DisplayName")?;
    attributes::check_group_name(name)?;
    if let Some(description) = input["Description"].as_str() {
        attributes::check_text("description", description)?;
    }
    if org.group_named(name).is_some() {
        return Err(Refusal::duplicate("GroupDisplayName"));
    }
    let id = org.new_id();
    object.insert("GroupId".into(), json!(id));
    object.insert("Revision".into(), json!("1"));
    let group = Group {
        object,
        ..Group::default()
    };
    org.put_group(&id, group);
    Ok(json!({ "IdentityStoreId": org.store(), "GroupId": id }))
}

fn update_user(org: &mut Org, input: &Value) -> Answer {
    let id = required(input, "UserId")?;
    let user = org
        .users
        .get(id)
        .ok_or_else(|| Refusal::missing("USER", id))?;
    check_revision(&user.object, input)?;
    let mut user = user.clone();
    for (path, value) in operations(input)? {
        attributes::set(&mut user.object, path, value)?;
    }
    attributes::check_user(&user.object)?;
    check_unique(org, &user.object, Some(id))?;
    Org::touch(&mut user.object);
    org.put_user(id, user);
    Ok(json!({}))
}

fn update_group(org: &mut Org, input: &Value) -> Answer {
    let id = required(input, "GroupId")?;
    let group = org
        .groups
        .get(id)
        .ok_or_else(|| Refusal::missing("GROUP", id))?;
    check_revision(&group.object, input)?;
    let mut group = group.clone();
    for (path, value) in operations(input)? {
        let (member, text) = match path {
            "displayName" => ("DisplayName", value.as_str()),
            "description" => ("Description", value.as_str()),
            _ => {
                return Err(Refusal::invalid(format!(
                    "Attribute path {path} is not supported."
                )));
            }
        };
        match text {
            Some(text) => {
                attributes::check_text(path, text)?;
                group.object.insert(member.into(), json!(text));
            }
            None if !value.is_null() => {
                return Err(Refusal::invalid(format!("{path} takes a string.")));
            }
            None if member == "DisplayName" => {
                return Err(Refusal::invalid("displayName is a required attribute"));
            }
            None => {
                group.object.remove(member);
            }
        }
    }
    attributes::check_group_name(group.name())?;
    if org
        .group_named(group.name())
        .is_some_and(|holder| holder != id)
    {
        return Err(Refusal::duplicate("GroupDisplayName"));
    }
    Org::touch(&mut group.object);
    org.put_group(id, group);
    Ok(json!({}))
}

fn operations(input: &Value) -> Result<Vec<(&str, &Value)>, Refusal> {
    let list = input["Operations"]
        .as_array()
        .filter(|list| !list.is_empty() && list.len() <= 100);
    let list = list.ok_or_else(|| Refusal::invalid("Operations must have 1 to 100 elements."))?;
    list.iter()
        .map(|operation| {
            Ok((
                required(operation, "AttributePath")?,
                &operation["AttributeValue"],
            ))
        })
        .collect()
}

/// A revision is a condition where it is given.
fn check_revision(object: &Map<String, Value>, input: &Value) -> Result<(), Refusal> {
    match input["Revision"].as_str() {
        Some(wanted) if object.get("Revision").and_then(Value::as_str) != Some(wanted) => {
            Err(Refusal::conflict(
                "The resource was modified since it was read.",
                "CONCURRENT_MODIFICATION",
            ))
        }
        _ => Ok(()),
    }
}
