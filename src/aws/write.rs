//! One method, one call that writes. What to write was decided elsewhere; here nothing is looked up and nothing is
//! decided, but that a delete of what is gone is done.
//!
//! Where doing a thing twice is the same as doing it once, the SDK may try again unseen. A create, and an update that is
//! guarded by a revision, are not of that kind: unanswered, they come back as [`Unanswered`](super::FailureKind), and
//! the caller looks.

use super::failure::{Call, Failure, FailureKind};
use super::http::Turn;
use super::json::Twice;
use super::session::Session;
use super::{create, kiro, update};
use crate::directory::{Group, User};
use crate::live::{Id, Known};
use crate::model::{Principal, Tier};
use aws_sdk_identitystore::types::MemberId;

/// The password mail, as its service calls it.
const MAIL: &str = "UpdatePassword";

impl Session {
    /// Creates a user and returns the new id.
    ///
    /// # Errors
    /// A conflict may be about the name as well as about the e-mail address: AWS does not say.
    pub async fn create_user(&self, user: &User) -> Result<Id, Failure> {
        let input = create::user(user).identity_store_id(self.store());
        let call = input.send_with(&self.identity_once);
        let made = call.await.map_err(Failure::in_store("CreateUser"))?;
        Ok(Id::new(made.user_id()))
    }

    /// Changes what differs between the two sides, in one call, if the revision is still the known one.
    ///
    /// # Errors
    /// Beside others, a conflict when the revision has moved or when another user has the new name or address.
    pub async fn update_user(
        &self,
        known: &Known,
        before: &User,
        after: &User,
    ) -> Result<(), Failure> {
        let operations = update::user(before, after, known.marks.as_deref());
        let call = self
            .identity_once
            .update_user()
            .identity_store_id(self.store());
        let call = call
            .user_id(known.id.as_str())
            .set_operations(Some(operations));
        let sent = call.set_revision(revision(known)).send().await;
        sent.map(drop).map_err(Failure::in_store("UpdateUser"))
    }

    /// Deletes a user, if the revision is still the known one; gone already is done.
    ///
    /// # Errors
    /// Beside others, a conflict when the revision has moved.
    pub async fn delete_user(&self, known: &Known) -> Result<(), Failure> {
        let call = self.identity.delete_user().identity_store_id(self.store());
        let call = call
            .user_id(known.id.as_str())
            .set_revision(revision(known));
        gone(
            call.send()
                .await
                .map(drop)
                .map_err(Failure::in_store("DeleteUser")),
        )
    }

    /// Creates a group and returns the new id.
    ///
    /// # Errors
    /// A conflict when the name is taken.
    pub async fn create_group(&self, group: &Group) -> Result<Id, Failure> {
        let call = self
            .identity_once
            .create_group()
            .identity_store_id(self.store());
        let call = call.display_name(group.name.as_str());
        let call = call.set_description(group.description.as_deref().map(str::to_owned));
        let sent = call.send().await;
        let made = sent.map_err(Failure::in_store("CreateGroup"))?;
        Ok(Id::new(made.group_id()))
    }

    /// Changes what differs between the two sides, in one call, if the revision is still the known one.
    ///
    /// # Errors
    /// Beside others, a conflict when the revision has moved or when another group has the new name.
    pub async fn update_group(
        &self,
        known: &Known,
        before: &Group,
        after: &Group,
    ) -> Result<(), Failure> {
        let operations = update::group(before, after);
        let call = self
            .identity_once
            .update_group()
            .identity_store_id(self.store());
        let call = call
            .group_id(known.id.as_str())
            .set_operations(Some(operations));
        let sent = call.set_revision(revision(known)).send().await;
        sent.map(drop).map_err(Failure::in_store("UpdateGroup"))
    }

    /// Deletes a group, if the revision is still the known one; gone already is done.
    ///
    /// # Errors
    /// Beside others, a conflict when the revision has moved.
    pub async fn delete_group(&self, known: &Known) -> Result<(), Failure> {
        let call = self.identity.delete_group().identity_store_id(self.store());
        let call = call
            .group_id(known.id.as_str())
            .set_revision(revision(known));
        gone(
            call.send()
                .await
                .map(drop)
                .map_err(Failure::in_store("DeleteGroup")),
        )
    }

    /// Puts a user into a group and returns the membership's id.
    ///
    /// # Errors
    /// A conflict when the user is in it already.
    pub async fn add_member(&self, group: &Id, user: &Id) -> Result<Id, Failure> {
        let call = self
            .identity_once
            .create_group_membership()
            .identity_store_id(self.store());
        let call = call
            .group_id(group.as_str())
            .member_id(MemberId::UserId(user.as_str().to_owned()));
        let sent = call.send().await;
        let made = sent.map_err(Failure::in_store("CreateGroupMembership"))?;
        Ok(Id::new(made.membership_id()))
    }

    /// Takes a user out of a group; gone already is done.
    ///
    /// # Errors
    /// Whatever AWS refuses.
    pub async fn remove_member(&self, membership: &Id) -> Result<(), Failure> {
        let call = self
            .identity
            .delete_group_membership()
            .identity_store_id(self.store());
        let call = call.membership_id(membership.as_str());
        gone(
            call.send()
                .await
                .map(drop)
                .map_err(Failure::in_store("DeleteGroupMembership")),
        )
    }

    /// Gives a user or a group a seat. That it was taken is only certain once it has been read back.
    ///
    /// # Errors
    /// Beside others, a conflict when there is one already, a cancelled one included.
    pub async fn subscribe(&self, holder: &Principal, id: &Id, tier: Tier) -> Result<(), Failure> {
        self.assign("CreateAssignment", holder, id, Some(tier), Twice::LookFirst)
            .await
    }

    /// Changes a seat's tier. Kiro answers well and changes nothing where the seat is cancelled: read it back.
    ///
    /// # Errors
    /// Beside others, a conflict when the seat is a group's, and a denial when it waits for a first sign-in.
    pub async fn change_seat(
        &self,
        holder: &Principal,
        id: &Id,
        tier: Tier,
    ) -> Result<(), Failure> {
        self.assign("UpdateAssignment", holder, id, Some(tier), Twice::Harmless)
            .await
    }

    /// Takes a seat away; gone already is done.
    ///
    /// # Errors
    /// Whatever Kiro refuses.
    pub async fn unsubscribe(&self, holder: &Principal, id: &Id) -> Result<(), Failure> {
        gone(
            self.assign("DeleteAssignment", holder, id, None, Twice::Harmless)
                .await,
        )
    }

    async fn assign(
        &self,
        operation: &'static str,
        holder: &Principal,
        id: &Id,
        tier: Option<Tier>,
        twice: Twice,
    ) -> Result<(), Failure> {
        let call = Call {
            service: "q",
            operation,
        };
        let seats = &self.kiro(call)?.seats;
        // What stands in the answer is not known, and so not read.
        let sent = seats
            .call(operation, &kiro::assignment(holder, id, tier), twice)
            .await;
        sent.map(drop)
    }

    /// Waits until the next mail may be asked for.
    pub async fn turn_to_mail(&self) -> Turn {
        self.paces.turn(&self.password.target(MAIL)).await
    }

    /// Mails a user a link to set a password; it is good for an hour. Unanswered, it may have been sent.
    ///
    /// # Errors
    /// Whatever AWS refuses.
    pub async fn mail_password_link(&self, user: &Id, turn: Turn) -> Result<(), Failure> {
        let body = kiro::password_mail(user);
        let call = self.password.call(MAIL, &body, Twice::LookFirst);
        turn.with(call).await.map(drop)
    }
}

fn revision(known: &Known) -> Option<String> {
    known.revision.as_deref().map(str::to_owned)
}

fn gone(result: Result<(), Failure>) -> Result<(), Failure> {
    match result {
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(()),
        other => other,
    }
}
