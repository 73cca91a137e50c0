//! The permissions of Identity Center that can be asked for without writing, and who owns the people.
//!
//! Each is asked for with the call that needs it. What is asked about need not be there: not found is an answer, and
//! only those may hear it who may ask.

use super::{Check, Examination, Finding, State};
use crate::aws::attributes::{self, ENTERPRISE};
use crate::aws::failure::{Call, Failure, FailureKind};
use crate::aws::session::Session;
use crate::live::{GroupSeen, Id, UserSeen};
use crate::model::{GroupName, UserName};
use aws_sdk_identitystore::types::MemberId;
use aws_sdk_ssoadmin::types::PrincipalType;

/// Nobody has this id, and no user has this name.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";
const NO_NAME: &str = "kiroster-doctor-asks";

/// A page, and the largest there is: a sample is enough to see who owns people.
const SAMPLE: i32 = 100;

pub(super) async fn identity(seen: &mut Examination, session: &Session) {
    let (users, groups) = tokio::join!(users(session), groups(session));
    let user = users.as_ref().ok().and_then(|users| users.first());
    let group = groups.as_ref().ok().and_then(|groups| groups.first());
    let nobody = Id::new(NOBODY);
    let user_id = user.map_or(&nobody, |user| &user.id);
    let group_id = group.map_or(&nobody, |group| &group.id);
    let name = user.map_or_else(|| UserName::new(NO_NAME), |user| user.name.clone());
    let team = group.map_or_else(|| GroupName::new(NO_NAME), |group| group.name.clone());
    let instance = instance(session).await;
    seen.permission("sso:DescribeInstance", &instance, Need::Never);
    seen.permission("identitystore:ListUsers", &users, Need::Always);
    seen.permission("identitystore:ListGroups", &groups, Need::Always);
    let members = members(session, group_id).await;
    seen.permission("identitystore:ListGroupMemberships", &members, Need::Always);
    let of_user = groups_of(session, user_id).await;
    let permission = "identitystore:ListGroupMembershipsForMember";
    seen.permission(permission, &of_user, Need::Always);
    // Of the two calls that a look by name makes, the failure says which one was refused.
    let (by_name, by_id) = tokio::join!(session.user_named(&name), session.user(user_id));
    seen.looks("GetUserId", "DescribeUser", &by_name, &by_id);
    let (by_name, by_id) = tokio::join!(session.group_named(&team), session.group(group_id));
    seen.looks("GetGroupId", "DescribeGroup", &by_name, &by_id);
    let told = access(session, user_id).await;
    let permission = "sso:ListAccountAssignmentsForPrincipal";
    seen.permission(permission, &told, Need::Access);
    if let (Ok(users), Ok(groups)) = (&users, &groups) {
        seen.add(source(users, groups));
    }
}

/// What a refusal means.
pub(super) enum Need {
    /// Nothing can be planned without it.
    Always,
    /// Only writes look with it, after doubt.
    WhenInDoubt,
    /// Where AWS account access matters.
    Access,
    /// Nothing needs it today.
    Never,
}

impl Examination {
    pub(super) fn permission<T>(
        &mut self,
        permission: &'static str,
        asked: &Result<T, Failure>,
        need: Need,
    ) {
        let granted = || Finding::fine(Check::Permission, "granted").of(permission);
        let Err(failure) = asked else {
            return self.add(granted());
        };
        let refusal = |state| Finding::new(Check::Permission, state, failure.to_string());
        let finding = match (failure.kind, need) {
            (FailureKind::NotFound, _) => granted(),
            (FailureKind::Denied, Need::WhenInDoubt) => refusal(State::Wrong).hint(format!(
                "{}: apply looks with it before it says what became of an unanswered write",
                failure.hint().unwrap_or_default()
            )),
            (_, Need::Never) => refusal(State::Note).hint("nothing needs it today"),
            // An account instance has no such list, and a member account is not told.
            (_, Need::Access) => refusal(State::Note).hint(
                "where AWS does not tell who holds account access, groups are not deleted, and joining one passes only \
                 with `--ack grants_access=N`; the management account and a delegated administrator are told",
            ),
            _ => {
                let finding = refusal(State::Wrong);
                match failure.hint() {
                    Some(hint) => finding.hint(hint),
                    None => finding,
                }
            }
        };
        self.add(finding.of(permission));
    }

    fn looks<T, U>(
        &mut self,
        by_name: &'static str,
        by_id: &'static str,
        found: &Result<T, Failure>,
        described: &Result<U, Failure>,
    ) {
        let permission = |operation| match operation {
            "GetUserId" => "identitystore:GetUserId",
            "DescribeUser" => "identitystore:DescribeUser",
            "GetGroupId" => "identitystore:GetGroupId",
            _ => "identitystore:DescribeGroup",
        };
        let named: Result<(), Failure> = match found {
            Err(failure) if failure.call.operation == by_name => Err(failure.clone()),
            _ => Ok(()),
        };
        self.permission(permission(by_name), &named, Need::WhenInDoubt);
        self.permission(permission(by_id), described, Need::WhenInDoubt);
    }
}

/// Who owns the people, as far as a sample tells.
fn source(users: &[UserSeen], groups: &[GroupSeen]) -> Finding {
    let provided = users.iter().filter(|user| user.provided).count();
    let teams = groups.iter().filter(|group| group.provided).count();
    let asked = |number: usize, what: &str| match number {
        many if many as i32 >= SAMPLE => format!("the first {many} {what}s"),
        1 => format!("1 {what}"),
        many => format!("{many} {what}s"),
    };
    let said = format!(
        "{provided} of {} and {teams} of {} carry ExternalIds",
        asked(users.len(), "user"),
        asked(groups.len(), "group"),
    );
    match provided + teams {
        0 => Finding::fine(
            Check::IdentitySource,
            format!("Identity Center's own directory: {said}"),
        ),
        _ => Finding::new(
            Check::IdentitySource,
            State::Note,
            format!("an external identity provider owns people here: {said}"),
        )
        .hint(
            "their attributes and their existence stay the provider's; manage their seats (`policy.manage: [seats]`, \
             or entries with only `tier`), and memberships of groups that it does not own. Name with \
             `policy.provider` whom ExternalIds do not tell",
        ),
    }
}

async fn users(session: &Session) -> Result<Vec<UserSeen>, Failure> {
    let page = session
        .identity
        .list_users()
        .identity_store_id(session.store());
    let page = page.max_results(SAMPLE).extensions(ENTERPRISE).send().await;
    let page = page.map_err(Failure::in_store("ListUsers"))?;
    Ok(page.users.iter().filter_map(attributes::user).collect())
}

async fn groups(session: &Session) -> Result<Vec<GroupSeen>, Failure> {
    let page = session
        .identity
        .list_groups()
        .identity_store_id(session.store());
    let page = page.max_results(SAMPLE).send().await;
    let page = page.map_err(Failure::in_store("ListGroups"))?;
    Ok(page.groups.iter().filter_map(attributes::group).collect())
}

async fn members(session: &Session, group: &Id) -> Result<(), Failure> {
    let page = session.identity.list_group_memberships();
    let page = page.identity_store_id(session.store()).max_results(1);
    let page = page.group_id(group.as_str()).send().await;
    page.map_err(Failure::in_store("ListGroupMemberships"))?;
    Ok(())
}

async fn groups_of(session: &Session, user: &Id) -> Result<(), Failure> {
    let member = MemberId::UserId(user.as_str().to_owned());
    let page = session.identity.list_group_memberships_for_member();
    let page = page.identity_store_id(session.store()).max_results(1);
    let page = page.member_id(member).send().await;
    page.map_err(Failure::in_store("ListGroupMembershipsForMember"))?;
    Ok(())
}

async fn instance(session: &Session) -> Result<(), Failure> {
    let call = Call {
        service: "sso",
        operation: "DescribeInstance",
    };
    let asked = session.admin.describe_instance();
    let asked = asked.instance_arn(&*session.target.instance).send().await;
    asked.map_err(|error| Failure::of(call, error))?;
    Ok(())
}

async fn access(session: &Session, user: &Id) -> Result<(), Failure> {
    let call = Call {
        service: "sso",
        operation: "ListAccountAssignmentsForPrincipal",
    };
    let page = session.admin.list_account_assignments_for_principal();
    let page = page.instance_arn(&*session.target.instance);
    let page = page
        .principal_id(user.as_str())
        .principal_type(PrincipalType::User);
    let page = page.max_results(1).send().await;
    page.map_err(|error| Failure::of(call, error))?;
    Ok(())
}
