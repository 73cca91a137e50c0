//! The mails of a run: which are due, after which step, and what became of each.

use super::owed::Owed;
use super::report::{MailFate, Mailing};
use super::run::Outcome;
use super::trouble::Trouble;
use crate::live::Id;
use crate::model::{Text, UserName};
use crate::plan::{Operation, Order, Plan, State, Step, StepId};
use std::collections::BTreeSet as Set;

/// A mail that is due.
pub(super) struct Mail {
    pub(super) user: UserName,
    /// The step that creates the user.
    pub(super) after: Option<StepId>,
    /// The user's id, where the user is there already.
    pub(super) id: Option<Id>,
    /// Whether an earlier run was killed while it asked for it.
    pub(super) asked: bool,
}

/// First those that earlier runs owe, then those of users whom this run creates.
pub(super) fn due(plan: &Plan, order: &Order, states: &[State], owed: &Owed) -> Vec<Mail> {
    let invited: Set<&UserName> = plan.invites.iter().collect();
    let owing = owed.due.iter().map(|(user, id)| Mail {
        user: user.clone(),
        after: None,
        id: Some(id.clone()),
        asked: owed.asked.contains(user),
    });
    let creates = order.steps.iter().enumerate().filter_map(|(step, kind)| {
        let Step::Write(index) = kind else {
            return None;
        };
        match &plan.operations[*index] {
            Operation::User(user, change)
                if change.before.is_none()
                    && states[*index] == State::Ready
                    && invited.contains(user) =>
            {
                Some(Mail {
                    user: user.clone(),
                    after: Some(step),
                    id: None,
                    asked: false,
                })
            }
            _ => None,
        }
    });
    owing.chain(creates).collect()
}

impl Mail {
    /// `perhaps` is whether the answers were lost.
    pub(super) fn came_to(
        self,
        outcome: Option<Outcome<Trouble>>,
        perhaps: bool,
        request_id: Option<Text>,
    ) -> Mailing {
        Mailing {
            fate: match outcome {
                Some(Outcome::Done) if perhaps => MailFate::Perhaps,
                Some(Outcome::Done) => MailFate::Sent,
                Some(Outcome::Failed(trouble)) => MailFate::Failed(trouble),
                Some(Outcome::Waived) => MailFate::Waived,
                Some(Outcome::Left) => MailFate::Left,
                _ => MailFate::NotSent,
            },
            user: self.user,
            created: self.after.is_some(),
            request_id,
        }
    }
}
