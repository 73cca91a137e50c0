//! One operation as an entry of `resource_changes`, and back.

use crate::directory::{Group, User};
use crate::goal::Reason;
use crate::live::Id;
use crate::model::{
    Address, Attribute, GroupName, Kind as Shape, Membership, Place, Principal, Subject, Text,
    Tier, UserName, Value,
};
use crate::plan::{Action, Change, Kind, Operation, Plan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// One change.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ResourceChange {
    /// What it is about: `["user", NAME]`, `["group", NAME]`, `["membership", GROUP, USER]` or
    /// `["seat", "user"|"group", NAME]`.
    pub address: Subject,
    /// `user`, `group`, `membership` or `seat`.
    pub r#type: Type,
    /// The user's or group's name; for a membership the user's.
    pub name: String,
    /// What happens.
    pub change: Values,
    /// Why.
    pub action_reason: ActionReason,
    /// Where the roster says so: `file:line:column`.
    #[schemars(with = "Vec<String>")]
    pub origin: Vec<Place>,
    /// For `goes_with_owner`, whose deletion takes it along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Principal>,
    /// The live id of the user, group or seat's holder; null for what this plan creates, and for memberships, which rest on
    /// two ids (see `basis`).
    #[schemars(with = "Option<String>")]
    pub id: Option<Id>,
    /// The revision that was read when the plan was made.
    #[schemars(with = "Option<String>")]
    pub revision: Option<Text>,
}

/// The kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// A user.
    User,
    /// A group.
    Group,
    /// A user in a group.
    Membership,
    /// The own seat of a user, or a group's subscription.
    Seat,
}

/// Before and after.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Values {
    /// One of `["create"]`, `["update"]`, `["delete"]`.
    pub actions: [Verb; 1],
    /// What is live: null where it is not there. A user is its `name` and attributes by the roster's keys; a group `name`
    /// and `description`; a membership `group` and `user`; a seat its `tier`.
    pub before: Json,
    /// What is wanted: null where it shall not be there.
    pub after: Json,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// It was not there.
    Create,
    /// It was, otherwise.
    Update,
    /// It will not be there.
    Delete,
}

impl From<Action> for Verb {
    fn from(action: Action) -> Self {
        match action {
            Action::Create => Self::Create,
            Action::Update => Self::Update,
            Action::Delete => Self::Delete,
        }
    }
}

/// Why a change is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ActionReason {
    /// The roster asks for it.
    Declared,
    /// `state: absent`.
    Absent,
    /// `state: offboarded`.
    Offboarded,
    /// The last day of `until` has passed.
    Until,
    /// An exact group does not list this person.
    NotListed,
    /// `tier: none`.
    AskedNone,
    /// `policy.prune`.
    Pruned,
    /// Its user or group goes.
    GoesWithOwner,
}

impl ResourceChange {
    /// The entry of one of the plan's operations.
    pub(super) fn of(operation: &Operation, plan: &Plan) -> Self {
        let address = operation.subject();
        let (action_reason, origin, owner) = told(plan.why.get(&address));
        let known = match &address {
            Subject::User(name) => plan.basis.get(&Principal::User(name.clone())),
            Subject::Group(name) => plan.basis.get(&Principal::Group(name.clone())),
            Subject::Seat(holder) => plan.basis.get(holder),
            Subject::Member(_) => None,
        };
        let name = match &address {
            Subject::User(name) => name.as_str(),
            Subject::Group(name) => name.as_str(),
            Subject::Member(member) => member.user.as_str(),
            Subject::Seat(holder) => holder.name(),
        };
        Self {
            name: name.to_owned(),
            r#type: match Kind::of(&address) {
                Kind::User => Type::User,
                Kind::Group => Type::Group,
                Kind::Membership => Type::Membership,
                Kind::Seat => Type::Seat,
            },
            change: values(operation),
            action_reason,
            origin,
            owner,
            id: known.map(|known| known.id.clone()),
            revision: known.and_then(|known| known.revision.clone()),
            address,
        }
    }

    /// The operation, or what makes no sense about it.
    pub(super) fn operation(&self) -> Result<Operation, String> {
        let Values {
            actions: [verb],
            before,
            after,
        } = &self.change;
        let operation = match &self.address {
            Subject::User(name) => Operation::User(name.clone(), sides(before, after, user)?),
            Subject::Group(name) => Operation::Group(name.clone(), sides(before, after, group)?),
            Subject::Member(member) => {
                let there = |json: &Json| match json == &membership(member) {
                    true => Ok(()),
                    false => Err("a membership that is somebody else's".to_owned()),
                };
                Operation::Member(member.clone(), sides(before, after, there)?)
            }
            Subject::Seat(holder) => Operation::Seat(holder.clone(), sides(before, after, tier)?),
        };
        match Verb::from(operation.action()) == *verb {
            true => Ok(operation),
            false => Err(format!("its values are not those of `{verb:?}`")),
        }
    }

    /// The reason, whole again.
    pub(super) fn reason(&self) -> Result<Reason, String> {
        let first = || {
            let first = self.origin.first().cloned();
            first.ok_or_else(|| "a reason without a place".to_owned())
        };
        Ok(match self.action_reason {
            ActionReason::Declared => Reason::Declared(self.origin.clone()),
            ActionReason::Absent => Reason::Absent(first()?),
            ActionReason::Offboarded => Reason::Offboarded(first()?),
            ActionReason::Until => Reason::Until(first()?),
            ActionReason::NotListed => Reason::NotListed(first()?),
            ActionReason::AskedNone => Reason::AskedNone(first()?),
            ActionReason::Pruned => Reason::Pruned(first()?),
            ActionReason::GoesWithOwner => {
                let owner = self.owner.clone();
                Reason::GoesWith(owner.ok_or_else(|| "it goes with nobody".to_owned())?)
            }
        })
    }
}

/// An operation has a reason always; the laws hold that.
fn told(reason: Option<&Reason>) -> (ActionReason, Vec<Place>, Option<Principal>) {
    let at = |reason, place: &Place| (reason, vec![place.clone()], None);
    match reason {
        None => (ActionReason::Declared, vec![], None),
        Some(Reason::Declared(places)) => (ActionReason::Declared, places.clone(), None),
        Some(Reason::Absent(place)) => at(ActionReason::Absent, place),
        Some(Reason::Offboarded(place)) => at(ActionReason::Offboarded, place),
        Some(Reason::Until(place)) => at(ActionReason::Until, place),
        Some(Reason::NotListed(place)) => at(ActionReason::NotListed, place),
        Some(Reason::AskedNone(place)) => at(ActionReason::AskedNone, place),
        Some(Reason::Pruned(place)) => at(ActionReason::Pruned, place),
        Some(Reason::GoesWith(owner)) => (ActionReason::GoesWithOwner, vec![], Some(owner.clone())),
    }
}

/// What an operation lies between.
pub(super) fn values(operation: &Operation) -> Values {
    let (before, after) = match operation {
        Operation::User(_, change) => both(change, |user| user_json(user)),
        Operation::Group(_, change) => both(change, |group| group_json(group)),
        Operation::Member(member, change) => both(change, |()| membership(member)),
        Operation::Seat(_, change) => both(change, |tier| json!({ "tier": tier.key() })),
    };
    Values {
        actions: [operation.action().into()],
        before,
        after,
    }
}

fn both<T>(change: &Change<T>, json: impl Fn(&T) -> Json) -> (Json, Json) {
    let side = |side: &Option<T>| side.as_ref().map_or(Json::Null, &json);
    (side(&change.before), side(&change.after))
}

fn sides<T: PartialEq>(
    before: &Json,
    after: &Json,
    read: impl Fn(&Json) -> Result<T, String>,
) -> Result<Change<T>, String> {
    let side = |json: &Json| match json {
        Json::Null => Ok(None),
        json => read(json).map(Some),
    };
    let (before, after) = (side(before)?, side(after)?);
    match before == after {
        true => Err("before and after are the same".to_owned()),
        false => Ok(Change { before, after }),
    }
}

/// A user as plan files and the ledger have it: name and attributes, by the roster's keys.
pub fn user_json(user: &User) -> Json {
    let User { name, attributes } = user;
    let mut object = Map::new();
    object.insert("name".into(), json!(name.as_str()));
    for (attribute, value) in attributes {
        let value = match value {
            Value::Text(text) => json!(text),
            Value::List(list) => json!(list),
            Value::Address(address) => {
                let parts = address.parts().into_iter();
                let parts = parts.filter_map(|(key, part)| Some((key, json!(part.as_deref()?))));
                parts.map(|(key, part)| (key.to_owned(), part)).collect()
            }
        };
        object.insert(attribute.key().into(), value);
    }
    Json::Object(object)
}

/// A group as plan files and the ledger have it.
pub fn group_json(group: &Group) -> Json {
    let Group { name, description } = group;
    json!({ "name": name.as_str(), "description": description.as_deref() })
}

fn membership(member: &Membership) -> Json {
    json!({ "group": member.group.as_str(), "user": member.user.as_str() })
}

fn user(json: &Json) -> Result<Arc<User>, String> {
    let object = json.as_object().ok_or("a user that is no object")?;
    let mut user = User::named(UserName::new(text(json, "name")?));
    for (key, value) in object.iter().filter(|(key, _)| *key != "name") {
        let attribute =
            Attribute::named(key).ok_or_else(|| format!("the attribute `{key}` is not known"))?;
        let wrong = || format!("`{key}` has a value of another shape");
        let value = match (attribute.kind(), value) {
            (Shape::Text | Shape::Email | Shape::Phone, Json::String(text)) => {
                Value::text(text.as_str())
            }
            (Shape::List { .. }, Json::Array(list)) => {
                let list = list.iter().map(|item| item.as_str().map(Text::from));
                Value::List(list.collect::<Option<_>>().ok_or_else(wrong)?)
            }
            (Shape::Address, Json::Object(parts)) => {
                let mut address = Address::default();
                for (key, part) in parts {
                    let slot = address.part_mut(key).ok_or_else(wrong)?;
                    *slot = Some(part.as_str().ok_or_else(wrong)?.into());
                }
                Value::Address(Box::new(address))
            }
            _ => return Err(wrong()),
        };
        user.attributes.insert(attribute, value);
    }
    Ok(Arc::new(user))
}

fn group(json: &Json) -> Result<Arc<Group>, String> {
    let mut group = Group::named(GroupName::new(text(json, "name")?));
    group.description = json["description"].as_str().map(Text::from);
    Ok(Arc::new(group))
}

fn tier(json: &Json) -> Result<Tier, String> {
    let word = text(json, "tier")?;
    Tier::spelled(word).ok_or_else(|| format!("the tier `{word}` is not known"))
}

fn text<'j>(json: &'j Json, key: &str) -> Result<&'j str, String> {
    json[key].as_str().ok_or_else(|| format!("no `{key}`"))
}
