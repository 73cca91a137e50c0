//! Which AWS accounts people and groups can reach; asked of those few whose change could matter.

use super::error::Error;
use super::failure::{Call, Failure, FailureKind};
use super::paging::to_the_last_page;
use super::session::Session;
use crate::live::{Access, Id};
use crate::model::{Principal, Text};
use aws_sdk_ssoadmin::types::PrincipalType;
use std::collections::{BTreeMap as Map, BTreeSet as Set};

const CALL: Call = Call {
    service: "sso",
    operation: "ListAccountAssignmentsForPrincipal",
};

/// Asks for each of these, one after the other: SSO Admin has one pace for all its calls.
///
/// Only the management account or a delegated administrator is told, and account instances have no such list (facts
/// page, section 2): the first refusal answers for the rest.
///
/// # Errors
/// No answer, credentials that are no longer good, or throttling that does not end.
pub async fn access(
    session: &Session,
    who: &[(Principal, Id)],
) -> Result<Map<Principal, Access>, Error> {
    let mut found = Map::new();
    let mut untold: Option<Text> = None;
    for (principal, id) in who {
        let access = match &untold {
            Some(why) => Access::NotTold(why.clone()),
            None => of(session, principal, id).await?,
        };
        if let Access::NotTold(why) = &access {
            untold = Some(why.clone());
        }
        found.insert(principal.clone(), access);
    }
    Ok(found)
}

async fn of(session: &Session, principal: &Principal, id: &Id) -> Result<Access, Error> {
    let kind = match principal {
        Principal::User(_) => PrincipalType::User,
        Principal::Group(_) => PrincipalType::Group,
    };
    let doing = format!("looking at the AWS accounts of `{}`", principal.name());
    let refusal = std::cell::RefCell::new(None);
    let accounts = to_the_last_page(&doing, async |token| {
        let page = session
            .admin
            .list_account_assignments_for_principal()
            .instance_arn(&*session.target.instance)
            .principal_id(id.as_str())
            .principal_type(kind.clone())
            .set_next_token(token);
        match page.send().await.map_err(|error| Failure::of(CALL, error)) {
            Ok(page) => {
                let accounts = page.account_assignments.unwrap_or_default().into_iter();
                let accounts = accounts.filter_map(|assignment| assignment.account_id);
                Ok((accounts.map(Text::from).collect(), page.next_token))
            }
            Err(failure) if tells_nothing(&failure) => {
                refusal.replace(Some(told(&failure)));
                Ok((vec![], None))
            }
            Err(failure) => Err(failure),
        }
    });
    let accounts: Vec<Text> = accounts.await?;
    if let Some(why) = refusal.into_inner() {
        return Ok(Access::NotTold(why));
    }
    let accounts: Set<Text> = accounts.into_iter().collect();
    Ok(match accounts.is_empty() {
        true => Access::None,
        false => Access::Holds(accounts),
    })
}

/// What AWS said, without the number of the request: the same plan is the same bytes.
fn told(failure: &Failure) -> Text {
    let anonymous = Failure {
        request_id: None,
        ..failure.clone()
    };
    anonymous.to_string().into()
}

/// Whether AWS heard the question and would not answer it.
fn tells_nothing(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Denied
        | FailureKind::Invalid
        | FailureKind::NotFound
        | FailureKind::Other
        | FailureKind::Conflict => true,
        FailureKind::Throttled | FailureKind::Expired | FailureKind::Unanswered => false,
    }
}
