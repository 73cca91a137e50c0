//! What happens in a run, one event at a time, and how each is written: the lines of the ledger and of `-o jsonl`.
//!
//! A line is a JSON object with `at` (UTC), `run` and `event`; further members depend on the event, and new ones may come,
//! so a reader passes over what it does not know. `address` is as in a saved plan, and `["mail", user]` for a mail. The
//! last `outcome` of an address in a run is the one that holds: a seat is `done` when Kiro has taken it, and may be
//! `settling` when it did not show.

use super::run::Outcome;
use super::trouble::Trouble;
use crate::aws::Failure;
use crate::directory::{Group, User};
use crate::live::Target;
use crate::model::{Principal, Subject, Text, Tier, UserName, Value, visible};
use crate::plan::{Action, Operation};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

/// Something that happened, when, and in which run.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// When, UTC.
    pub at: Timestamp,
    /// In which run.
    pub run: Text,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// A run begins.
    Begin {
        /// The program's version.
        version: &'static str,
        /// `apply` or `invite`.
        command: &'static str,
        /// The day that counts (UTC).
        today: Date,
        /// The account, region and store that are written.
        target: Json,
        /// Operations that are not done yet.
        operations: usize,
        /// Mails that are due.
        mails: usize,
    },
    /// A call is about to be made.
    Intent {
        /// Of what.
        address: Address,
        /// Create, update, delete or mail.
        action: Text,
        /// The object's id, where it has one.
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<Text>,
        /// What is there: whole, where it is removed.
        #[serde(skip_serializing_if = "Option::is_none")]
        before: Option<Json>,
        /// What shall be there.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<Json>,
        /// Whether a mail is due once the user has been created.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        mail: bool,
    },
    /// What became of it.
    Outcome(Box<Told>),
    /// People whose mail is doubtful, or may have been missed, or is not sent any more, have been named to the person.
    Named {
        /// Who.
        users: Vec<Text>,
        /// `doubted`, `missed`, or why they are not mailed.
        why: Text,
    },
    /// The run has ended by itself.
    End {
        /// Operations and mails by outcome.
        summary: Json,
        /// Whether the person stopped it.
        interrupted: bool,
        /// Whether all was done that can be done today.
        complete: bool,
    },
}

/// An outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// Of what.
    pub address: Address,
    /// Create, update, delete or mail.
    pub action: Text,
    /// `done`, `adopted`, `perhaps` (a mail whose answers were lost), `deferred`, `settling`, `failed`, `skipped`,
    /// `stopped`, `left`, `waived`; in a report also `already`, `held` and `not_started`.
    pub outcome: &'static str,
    /// The id of what was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Text>,
    /// AWS's id of the last call that was made for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Text>,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Json>,
    /// Because of what else it was not attempted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Address>,
}

impl Event {
    /// The event on one line, with its end.
    pub fn line(&self) -> String {
        // Names, numbers and text: nothing in it can fail to be JSON.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address(pub Vec<Text>);

impl Address {
    /// As a saved plan writes it.
    pub fn of(subject: &Subject) -> Self {
        let parts: Vec<&str> = match subject {
            Subject::User(user) => vec!["user", user.as_str()],
            Subject::Group(group) => vec!["group", group.as_str()],
            Subject::Member(member) => {
                vec!["membership", member.group.as_str(), member.user.as_str()]
            }
            Subject::Seat(Principal::User(user)) => vec!["seat", "user", user.as_str()],
            Subject::Seat(Principal::Group(group)) => vec!["seat", "group", group.as_str()],
        };
        Self(parts.into_iter().map(Text::from).collect())
    }

    /// A mail's.
    pub fn mail(user: &UserName) -> Self {
        Self(vec!["mail".into(), user.as_str().into()])
    }
}

/// As a saved plan writes an action.
pub(super) fn word(action: Action) -> Text {
    match action {
        Action::Create => "create".into(),
        Action::Update => "update".into(),
        Action::Delete => "delete".into(),
    }
}

/// The word for an outcome.
pub(super) fn outcome_word(outcome: &Outcome<Trouble>) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Deferred(_) => "deferred",
        Outcome::Settling => "settling",
        Outcome::Failed(_) => "failed",
        Outcome::Skipped(_) => "skipped",
        Outcome::Stopped(_) => "stopped",
        Outcome::Left => "left",
        Outcome::Waived => "waived",
    }
}

/// Both sides of an operation.
pub(super) fn sides(operation: &Operation) -> (Option<Json>, Option<Json>) {
    match operation {
        Operation::User(_, change) => (
            change.before.as_deref().map(user),
            change.after.as_deref().map(user),
        ),
        Operation::Group(_, change) => (
            change.before.as_deref().map(group),
            change.after.as_deref().map(group),
        ),
        Operation::Member(..) => (None, None),
        Operation::Seat(_, change) => (change.before.map(tier), change.after.map(tier)),
    }
}

/// A user as the roster writes one.
pub(super) fn user(user: &User) -> Json {
    let mut members = Map::new();
    members.insert("user_name".into(), json!(user.name.as_str()));
    for (attribute, value) in &user.attributes {
        members.insert(attribute.key().into(), attribute_value(value));
    }
    Json::Object(members)
}

/// An attribute's value as the roster writes it.
pub(super) fn attribute_value(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(&**text),
        Value::List(list) => list.iter().map(|text| json!(&**text)).collect(),
        Value::Address(address) => {
            let parts = address.parts().into_iter();
            let parts =
                parts.filter_map(|(key, part)| Some((key.to_owned(), json!(part.as_deref()?))));
            Json::Object(parts.collect())
        }
    }
}

fn group(group: &Group) -> Json {
    let mut members = Map::new();
    members.insert("display_name".into(), json!(group.name.as_str()));
    if let Some(description) = &group.description {
        members.insert("description".into(), json!(&**description));
    }
    Json::Object(members)
}

pub(super) fn tier(tier: Tier) -> Json {
    json!(tier.to_string())
}

pub(super) fn target(target: &Target) -> Json {
    let parts = target.parts().into_iter();
    let parts = parts.map(|(key, part)| (key.to_owned(), json!(part.map(|text| &**text))));
    Json::Object(parts.collect())
}

/// What stands against it, for a program.
pub(super) fn error(trouble: &Trouble) -> Json {
    match trouble {
        Trouble::Refused(failure) => refusal("refused", failure),
        Trouble::Pending(failure) => refusal("pending", failure),
        Trouble::Cancelled(failure) => refusal("cancelled", failure),
        Trouble::GroupGrant(failure) => refusal("group_grant", failure),
        Trouble::Differs { differences } => {
            let differences = differences.iter().map(|(what, there, wanted)| {
                json!({ "what": what, "there": visible(there), "wanted": visible(wanted) })
            });
            json!({ "kind": "differs", "differences": differences.collect::<Vec<_>>() })
        }
        Trouble::EmailHeld { holder } => json!({ "kind": "email_held", "holder": visible(holder) }),
        Trouble::KeepsChanging => json!({ "kind": "keeps_changing" }),
        Trouble::Nameless(principal) => {
            json!({ "kind": "nameless", "name": visible(principal.name()) })
        }
        Trouble::Unrecorded(why) => json!({ "kind": "unrecorded", "message": visible(why) }),
    }
}

fn refusal(kind: &str, failure: &Failure) -> Json {
    let Failure {
        kind: _,
        call,
        status,
        code,
        message,
        request_id,
        conflict: _,
    } = failure;
    json!({
        "kind": kind,
        "call": call.to_string(),
        "status": status,
        "code": code,
        "message": message,
        "request_id": request_id,
    })
}
