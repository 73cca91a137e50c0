//! A report as a JSON document: `--report FILE`.
//!
//! It holds the last outcome of every operation and mail, in the words of the ledger's events, and the three lists of the
//! tool that Kiroster replaces, so that what reads its reports reads ours.

use super::event::{Address, error, target, word};
use super::report::{Fate, MailFate, Report};
use crate::model::{Text, UserName};
use crate::plan::{Action, Operation, Step};
use serde_json::{Map as Object, Value as Json, json};
use std::collections::BTreeMap as Map;

impl Report {
    /// How many operations and mails came to what.
    pub(super) fn summary(&self) -> Json {
        let mut operations: Map<&str, usize> = Map::new();
        for (_, fate) in self.fates() {
            *operations.entry(fate.word()).or_default() += 1;
        }
        let mut mails: Map<&str, usize> = Map::new();
        for mailing in &self.mailings {
            *mails.entry(mailing.fate.word()).or_default() += 1;
        }
        json!({ "operations": operations, "mails": mails })
    }

    /// The report as JSON.
    pub fn document(&self) -> Json {
        let requests = self.requests();
        let fates = self.fates();
        let changes = fates.iter().enumerate().map(|(index, (operation, fate))| {
            let mut change = Object::new();
            change.insert("address".into(), json!(Address::of(&operation.subject())));
            change.insert("action".into(), json!(word(operation.action())));
            change.insert("outcome".into(), json!(fate.word()));
            if let Some(id) = self.ids.get(&index) {
                change.insert("id".into(), json!(id.as_str()));
            }
            if let Some(id) = requests.get(&index) {
                change.insert("request_id".into(), json!(id));
            }
            if let (Fate::Settling | Fate::Deferred(_), Some(since)) =
                (fate, self.open_since.get(&index))
            {
                change.insert("asked_since".into(), json!(since));
            }
            match fate {
                Fate::Failed(trouble) | Fate::Deferred(trouble) => {
                    change.insert("error".into(), error(trouble));
                }
                Fate::Skipped(because) => {
                    let because = Address::of(&because.subject());
                    change.insert("because".into(), json!(because));
                }
                _ => {}
            }
            Json::Object(change)
        });
        let changes: Vec<Json> = changes.collect();
        let mails = self.mailings.iter().map(|mailing| {
            let mut mail = Object::new();
            mail.insert("user".into(), json!(mailing.user.as_str()));
            mail.insert("outcome".into(), json!(mailing.fate.word()));
            if let Some(id) = &mailing.request_id {
                mail.insert("request_id".into(), json!(id));
            }
            if let MailFate::Failed(trouble) = &mailing.fate {
                mail.insert("error".into(), error(trouble));
            }
            Json::Object(mail)
        });
        let mails: Vec<Json> = mails.collect();
        let (created, skipped, failed) = self.lists(&fates);
        let names = |names: &mut dyn Iterator<Item = &UserName>| -> Vec<String> {
            names.map(ToString::to_string).collect()
        };
        let orphans: Vec<Json> = self
            .orphans()
            .into_iter()
            .map(|(user, id)| json!({ "user": user.as_str(), "id": id.map(|id| id.as_str()) }))
            .collect();
        json!({
            "format_version": "1.0",
            "run": self.run,
            "target": target(&self.plan.target),
            "complete": self.is_complete(),
            "interrupted": self.interrupted,
            "summary": self.summary(),
            "people_left": self.left_people,
            "changes": changes,
            "mails": mails,
            "probably_mailed": names(&mut self.probably_mailed()),
            "missed": names(&mut self.missed.iter()),
            "withheld": self.withheld.iter().map(|(user, why)| {
                json!({ "user": user.as_str(), "why": why.word() })
            }).collect::<Vec<_>>(),
            "orphans": orphans,
            "created": created,
            "skipped": skipped,
            "failed": failed,
        })
    }

    fn requests(&self) -> Map<usize, &Text> {
        let steps = self.order.steps.iter().enumerate();
        let requests = steps.filter_map(|(step, kind)| match kind {
            Step::Write(index) => Some((*index, self.request_ids.get(&step)?)),
            Step::SeatShows(_) | Step::AccessShows { .. } => None,
        });
        requests.collect()
    }

    /// The reference tool's three lists: users created, users who were there, users who could not be created.
    fn lists(&self, fates: &[(&Operation, Fate<'_>)]) -> (Vec<Json>, Vec<Json>, Vec<Json>) {
        let (mut created, mut skipped, mut failed) = (vec![], vec![], vec![]);
        for (index, (operation, fate)) in fates.iter().enumerate() {
            let (Operation::User(name, change), Action::Create) = (operation, operation.action())
            else {
                continue;
            };
            let email = change.after.as_ref().and_then(|user| user.email());
            let (username, email) = (name.as_str(), email.unwrap_or_default());
            let id = self.ids.get(&index).map(|id| id.as_str());
            let failure =
                |error: String| json!({ "username": username, "email": email, "error": error });
            match fate {
                Fate::Done => {
                    created.push(json!({ "username": username, "email": email, "user_id": id }))
                }
                Fate::Already | Fate::Adopted => {
                    skipped.push(
                        json!({ "username": username, "email": email, "reason": "already exists" }),
                    );
                }
                Fate::Failed(trouble) => failed.push(failure(trouble.to_string())),
                Fate::Skipped(because) => {
                    let because = Address::of(&because.subject()).0.join(" ");
                    failed.push(failure(format!(
                        "not attempted, because this failed: {because}"
                    )));
                }
                Fate::NotStarted => failed.push(failure("not attempted".into())),
                Fate::Settling | Fate::Deferred(_) | Fate::Held | Fate::Left => {}
            }
        }
        (created, skipped, failed)
    }
}
