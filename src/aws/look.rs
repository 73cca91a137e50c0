//! Looks at one object: after doubt (an unanswered or contradicted write), and where that is cheaper than a list.

use super::attributes::{self, ENTERPRISE};
use super::failure::{Call, Failure, FailureKind};
use super::session::Session;
use crate::live::{GroupSeen, Id, UserSeen};
use crate::model::{GroupName, UserName};
use aws_sdk_identitystore::types::{AlternateIdentifier, MemberId, UniqueAttribute};
use aws_smithy_types::Document;

impl Session {
    /// The user with this id, if there is one.
    ///
    /// # Errors
    /// Whatever keeps it from being looked at.
    pub async fn user(&self, id: &Id) -> Result<Option<UserSeen>, Failure> {
        let call = self
            .identity
            .describe_user()
            .identity_store_id(self.store());
        let call = call.user_id(id.as_str()).extensions(ENTERPRISE);
        let user = call.send().await.map_err(Failure::in_store("DescribeUser"));
        Ok(found(user)?.and_then(attributes::described))
    }

    /// The user with this name, if there is one.
    ///
    /// # Errors
    /// Whatever keeps it from being looked for.
    pub async fn user_named(&self, name: &UserName) -> Result<Option<UserSeen>, Failure> {
        self.user_with("userName", name.as_str()).await
    }

    /// The user with this e-mail address, if there is one.
    ///
    /// # Errors
    /// Whatever keeps it from being looked for.
    pub async fn user_with_email(&self, email: &str) -> Result<Option<UserSeen>, Failure> {
        self.user_with("emails.value", email).await
    }

    async fn user_with(&self, path: &str, value: &str) -> Result<Option<UserSeen>, Failure> {
        match self.user_id(path, value).await? {
            Some(id) => self.user(&id).await,
            None => Ok(None),
        }
    }

    /// The id of the user whose `path` (`userName` or `emails.value`) this is.
    pub(super) async fn user_id(&self, path: &str, value: &str) -> Result<Option<Id>, Failure> {
        let call = self.identity.get_user_id().identity_store_id(self.store());
        let call = call.set_alternate_identifier(unique(path, value)).send();
        let there = found(call.await.map_err(Failure::in_store("GetUserId")))?;
        Ok(there.map(|there| Id::new(there.user_id())))
    }

    /// The group with this id, if there is one.
    ///
    /// # Errors
    /// Whatever keeps it from being looked at.
    pub async fn group(&self, id: &Id) -> Result<Option<GroupSeen>, Failure> {
        let call = self
            .identity
            .describe_group()
            .identity_store_id(self.store());
        let group = call.group_id(id.as_str()).send().await;
        let group = found(group.map_err(Failure::in_store("DescribeGroup")))?;
        Ok(group.and_then(attributes::described_group))
    }

    /// The group with this name, if there is one.
    ///
    /// # Errors
    /// Whatever keeps it from being looked for.
    pub async fn group_named(&self, name: &GroupName) -> Result<Option<GroupSeen>, Failure> {
        match self.group_id(name.as_str()).await? {
            Some(id) => self.group(&id).await,
            None => Ok(None),
        }
    }

    /// The id of the group with this display name.
    pub(super) async fn group_id(&self, name: &str) -> Result<Option<Id>, Failure> {
        let call = self.identity.get_group_id().identity_store_id(self.store());
        let call = call.set_alternate_identifier(unique("displayName", name));
        let there = found(call.send().await.map_err(Failure::in_store("GetGroupId")))?;
        Ok(there.map(|there| Id::new(there.group_id())))
    }

    /// The id of this membership, if there is one. Looked for among the user's groups, which needs no permission that
    /// reading does not need anyway.
    ///
    /// # Errors
    /// Whatever keeps it from being looked for.
    pub async fn membership(&self, group: &Id, user: &Id) -> Result<Option<Id>, Failure> {
        let operation = "ListGroupMembershipsForMember";
        let mut token = None;
        loop {
            let call = self.identity.list_group_memberships_for_member();
            let call = call.identity_store_id(self.store()).max_results(100);
            let call = call.member_id(MemberId::UserId(user.as_str().to_owned()));
            let page = call.set_next_token(token.clone()).send().await;
            let Some(page) = found(page.map_err(Failure::in_store(operation)))? else {
                return Ok(None);
            };
            let mut memberships = page.group_memberships.iter();
            if let Some(there) = memberships.find(|m| m.group_id() == Some(group.as_str())) {
                return Ok(Some(Id::new(there.membership_id())));
            }
            match page.next_token.filter(|token| !token.is_empty()) {
                None => return Ok(None),
                Some(next) if token.as_ref() == Some(&next) => {
                    let call = Call {
                        service: "identitystore",
                        operation,
                    };
                    return Err(Failure::unclear(call, "the same page token came twice"));
                }
                next => token = next,
            }
        }
    }
}

/// `None` only without a path, and each has one.
fn unique(path: &str, value: &str) -> Option<AlternateIdentifier> {
    let attribute = UniqueAttribute::builder().attribute_path(path);
    let attribute = attribute
        .attribute_value(Document::from(value))
        .build()
        .ok()?;
    Some(AlternateIdentifier::UniqueAttribute(attribute))
}

fn found<T>(looked: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match looked {
        Ok(there) => Ok(Some(there)),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}
