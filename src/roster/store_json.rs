//! What is live as the scripts' backup of a store: users, groups and memberships with their ids, in JSON.

use super::export::{Told, core, description, lost_attributes};
use crate::live::{Id, Live};
use crate::model::{Attribute, Principal};
use serde::Serialize;

/// The file, and what became of what it cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The file, to the last line break.
    pub text: String,
    /// What a person should know of it, a line each.
    pub told: Vec<String>,
}

/// Writes the backup. The same state gives the same bytes.
///
/// # Errors
/// None that is known: every text is JSON.
pub fn write_store(live: &Live) -> serde_json::Result<Backup> {
    let directory = &live.directory;
    let mut told = Told::default();
    let user_id = |name| id(live, &Principal::User(name));
    let group_id = |name| id(live, &Principal::Group(name));
    let mut users = Vec::with_capacity(directory.users.len());
    for (name, user) in &directory.users {
        let mut text = |attribute| core(user, attribute, &mut told);
        users.push(UserRow {
            user_id: user_id(name.clone()),
            username: name.as_str(),
            given_name: text(Attribute::GivenName),
            family_name: text(Attribute::FamilyName),
            display_name: text(Attribute::DisplayName),
            email: text(Attribute::Email),
        });
    }
    let mut groups = Vec::with_capacity(directory.groups.len());
    for (name, group) in &directory.groups {
        groups.push(GroupRow {
            group_id: group_id(name.clone()),
            display_name: name.as_str(),
            description: description(group, &mut told),
        });
    }
    let memberships = directory.members.iter().map(|member| MembershipRow {
        group_id: group_id(member.group.clone()),
        group_name: member.group.as_str(),
        user_id: user_id(member.user.clone()),
        username: member.user.as_str(),
    });
    let store = Store {
        identity_store_id: &live.target.store,
        users,
        groups,
        memberships: memberships.collect(),
    };
    for holder in directory.seats.keys() {
        let name = match holder {
            Principal::User(user) => user.as_str(),
            Principal::Group(group) => group.as_str(),
        };
        told.add(
            "a backup has no tiers (`--format csv` has), and left out are those of",
            name,
        );
    }
    lost_attributes(directory.users.values().map(|user| &**user), &mut told);
    Ok(Backup {
        text: serde_json::to_string_pretty(&store)? + "\n",
        told: told.lines(),
    })
}

fn id<'l>(live: &'l Live, principal: &Principal) -> &'l str {
    live.known
        .get(principal)
        .map_or("", |known| Id::as_str(&known.id))
}

#[derive(Serialize)]
struct Store<'l> {
    identity_store_id: &'l str,
    users: Vec<UserRow<'l>>,
    groups: Vec<GroupRow<'l>>,
    memberships: Vec<MembershipRow<'l>>,
}

#[derive(Serialize)]
struct UserRow<'l> {
    user_id: &'l str,
    username: &'l str,
    given_name: &'l str,
    family_name: &'l str,
    display_name: &'l str,
    email: &'l str,
}

#[derive(Serialize)]
struct GroupRow<'l> {
    group_id: &'l str,
    display_name: &'l str,
    description: &'l str,
}

#[derive(Serialize)]
struct MembershipRow<'l> {
    group_id: &'l str,
    group_name: &'l str,
    user_id: &'l str,
    username: &'l str,
}
