//! Identity Store: who is in which group. A membership has no life of its own: its id follows from its ends.

use super::answer::{Answer, Refusal, required};
use super::org::{Org, membership_id};
use super::paging::{self, with_next};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Runs the operations of `AWSIdentityStore` that are about memberships.
pub(super) fn run(org: &mut Org, operation: &str, input: &Value, now: Timestamp) -> Answer {
    match operation {
        "ListGroupMemberships" => list_memberships(org, input),
        "ListGroupMembershipsForMember" => list_memberships_for_member(org, input),
        "DescribeGroupMembership" => {
            let id = required(input, "MembershipId")?;
            let ends = org.membership(id);
            let (group, user) = ends.ok_or_else(|| Refusal::missing("GROUP_MEMBERSHIP", id))?;
            Ok(shown_membership(org, group, user))
        }
        "GetGroupMembershipId" => {
            let (group, user) = ends(org, input)?;
            let id = membership_id(&group, &user);
            match org.membership(&id) {
                Some(_) => Ok(json!({ "IdentityStoreId": org.store(), "MembershipId": id })),
                None => Err(Refusal::missing("GROUP_MEMBERSHIP", &user)),
            }
        }
        "IsMemberInGroups" => is_member(org, input),
        "CreateGroupMembership" => create_membership(org, input, now),
        "DeleteGroupMembership" => {
            let id = required(input, "MembershipId")?;
            if let Some((group, user)) = org.membership(id).cloned() {
                org.drop_member(&group, &user);
                move_revisions(org, &group, &user);
            }
            Ok(json!({}))
        }
        _ => Err(Refusal::unknown(operation)),
    }
}

fn list_memberships(org: &Org, input: &Value) -> Answer {
    let id = required(input, "GroupId")?;
    let group = org
        .groups
        .get(id)
        .ok_or_else(|| Refusal::missing("GROUP", id))?;
    paging::page(
        input,
        100,
        group.members.iter(),
        |user| user,
        |users, next| {
            let list: Vec<Value> = users
                .into_iter()
                .map(|user| shown_membership(org, id, user))
                .collect();
            with_next(json!({ "GroupMemberships": list }), next)
        },
    )
}

fn list_memberships_for_member(org: &Org, input: &Value) -> Answer {
    let user = required(&input["MemberId"], "UserId")?;
    if !org.users.contains_key(user) {
        return Err(Refusal::missing("USER", user));
    }
    let groups = org
        .groups
        .iter()
        .filter(|(_, group)| group.members.contains(user));
    let groups = groups.map(|(id, _)| id);
    paging::page(
        input,
        100,
        groups,
        |group| group,
        |groups, next| {
            let list: Vec<Value> = groups
                .into_iter()
                .map(|group| shown_membership(org, group, user))
                .collect();
            with_next(json!({ "GroupMemberships": list }), next)
        },
    )
}

fn shown_membership(org: &Org, group: &str, user: &str) -> Value {
    json!({
        "IdentityStoreId": org.store(),
        "MembershipId": membership_id(group, user),
        "GroupId": group,
        "MemberId": { "UserId": user },
    })
}

fn is_member(org: &Org, input: &Value) -> Answer {
    let user = required(&input["MemberId"], "UserId")?;
    let groups = input["GroupIds"].as_array().cloned().unwrap_or_default();
    let results: Vec<Value> = groups
        .iter()
        .map(|group| {
            let row = org.groups.get(group.as_str().unwrap_or_default());
            let exists = row.is_some_and(|row| row.members.contains(user));
            json!({ "GroupId": group, "MemberId": { "UserId": user }, "MembershipExists": exists })
        })
        .collect();
    Ok(json!({ "Results": results }))
}

fn ends(org: &Org, input: &Value) -> Result<(String, String), Refusal> {
    let group = required(input, "GroupId")?;
    let user = required(&input["MemberId"], "UserId")?;
    if !org.groups.contains_key(group) {
        return Err(Refusal::missing("GROUP", group));
    }
    if !org.users.contains_key(user) {
        return Err(Refusal::missing("USER", user));
    }
    Ok((group.into(), user.into()))
}

fn create_membership(org: &mut Org, input: &Value, now: Timestamp) -> Answer {
    let (group, user) = ends(org, input)?;
    if !org.add_member(&group, &user) {
        return Err(Refusal::duplicate("GroupMembership"));
    }
    if org.settings.kiro.group_seats_late
        && let Some(row) = org.groups.get_mut(&group)
    {
        row.joined.insert(user.clone(), now);
    }
    move_revisions(org, &group, &user);
    Ok(json!({ "IdentityStoreId": org.store(), "MembershipId": membership_id(&group, &user) }))
}

/// Whether a membership is part of its ends is undocumented, so it is a switch.
fn move_revisions(org: &mut Org, group: &str, user: &str) {
    if !org.settings.memberships_move_revisions {
        return;
    }
    if let Some(row) = org.groups.get_mut(group) {
        Org::touch(&mut row.object);
    }
    if let Some(row) = org.users.get_mut(user) {
        Org::touch(&mut row.object);
    }
}

/// The names of a membership's ends, for the log.
pub(super) fn ends_of(org: &Org, id: &str) -> Option<String> {
    let (group, user) = org.membership(id)?;
    let (group, user) = (org.groups.get(group)?, org.users.get(user)?);
    Some(format!("{} {}", group.name(), user.name()))
}
