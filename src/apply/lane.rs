//! What is called, as far as it is paced, refused and bounded by itself. A slow or refused lane must not hold up the
//! others: that is why calls in flight are counted by lane and not all together.

use crate::plan::{Action, Operation};

/// One API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// `CreateUser`.
    CreateUser,
    /// `UpdateUser`.
    UpdateUser,
    /// `DeleteUser`.
    DeleteUser,
    /// `CreateGroup`.
    CreateGroup,
    /// `UpdateGroup`.
    UpdateGroup,
    /// `DeleteGroup`.
    DeleteGroup,
    /// `CreateGroupMembership`.
    AddMember,
    /// `DeleteGroupMembership`.
    RemoveMember,
    /// Every write of a seat: Kiro refuses and throttles them together.
    Seat,
    /// The password mail.
    Mail,
    /// No call of its own: it waits for the next look at the seat lists.
    Look,
}

impl Lane {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::CreateUser,
        Self::UpdateUser,
        Self::DeleteUser,
        Self::CreateGroup,
        Self::UpdateGroup,
        Self::DeleteGroup,
        Self::AddMember,
        Self::RemoveMember,
        Self::Seat,
        Self::Mail,
        Self::Look,
    ];

    /// The lane in which an operation's call runs.
    pub fn of(operation: &Operation) -> Self {
        match (operation, operation.action()) {
            (Operation::User(..), Action::Create) => Self::CreateUser,
            (Operation::User(..), Action::Update) => Self::UpdateUser,
            (Operation::User(..), Action::Delete) => Self::DeleteUser,
            (Operation::Group(..), Action::Create) => Self::CreateGroup,
            (Operation::Group(..), Action::Update) => Self::UpdateGroup,
            (Operation::Group(..), Action::Delete) => Self::DeleteGroup,
            (Operation::Member(..), Action::Create | Action::Update) => Self::AddMember,
            (Operation::Member(..), Action::Delete) => Self::RemoveMember,
            (Operation::Seat(..), _) => Self::Seat,
        }
    }
}
