//! What earlier runs have written down about people they created: whose user it is, and whether the mail went out.

use super::event::attribute_value;
use crate::live::{Id, UserSeen};
use crate::model::{Attribute, GroupName, Principal, Text, UserName};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map as Object, Value as Json};
use std::collections::{BTreeMap as Map, BTreeSet as Set};

/// What a ledger tells, joined.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    creations: Map<UserName, Creation>,
    /// As whom a user of this id was created.
    created_as: Map<Id, UserName>,
    /// As whom they were created who had another name when they were mailed.
    renamed: Map<UserName, UserName>,
    named: Set<UserName>,
    mailed: Map<UserName, Timestamp>,
    open_seats: Map<Principal, Open>,
    /// The store of the run whose lines are being read.
    store: Text,
    lines: usize,
}

/// A seat that was asked for and did not come: settling or deferred.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    /// Since when, without an end in between.
    since: Timestamp,
    /// In which run it was last taken by Kiro: whether it then showed is not written yet.
    taken_in: Option<Text>,
}

/// The last time that a user of this name was created, or was about to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Creation {
    /// When.
    pub at: Timestamp,
    /// The id, where the answer was heard.
    pub id: Option<Id>,
    /// What was to be created, as the roster writes it.
    pub wanted: Object<String, Json>,
    /// In which store.
    pub store: Text,
    /// How far it came.
    pub came: Came,
    /// How far the mail came.
    pub mail: Mailed,
    /// How many runs were about to send it and have not written what came of it: each may have sent one.
    pub asked: usize,
}

/// How far a creation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The call was about to be made, and then nothing more was written.
    Begun,
    /// The user is ours.
    Ours,
    /// It was not made, or was there before.
    NotOurs,
}

/// How far a mail came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailed {
    /// None was to be sent.
    NotWanted,
    /// It is due: not sent, or in flight when the run was killed.
    Due,
    /// The answers were lost, so it may have been sent; that has yet to be told to a person.
    Doubted,
    /// It was sent, or a person has been told.
    Settled,
}

/// The members of a line that matter here; others, and events of later versions, are passed over.
#[derive(Deserialize)]
struct Line {
    at: Timestamp,
    #[serde(default)]
    run: Option<Text>,
    event: String,
    #[serde(default)]
    address: Vec<Text>,
    #[serde(default)]
    action: String,
    #[serde(default)]
    id: Option<Text>,
    #[serde(default)]
    target: Json,
    #[serde(default)]
    mail: bool,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    error: Json,
    #[serde(default)]
    after: Json,
    #[serde(default)]
    users: Vec<Text>,
    #[serde(default)]
    why: String,
}

impl Memory {
    /// Whether there was anything to read.
    pub fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// How many people this ledger has created in a store and not removed: the sandbox's ledger holds several stores.
    pub fn people(&self, store: &str) -> usize {
        let ours = self.creations.values();
        ours.filter(|creation| creation.came == Came::Ours && *creation.store == *store)
            .count()
    }

    /// Who was created, by the name they were given.
    pub fn creations(&self) -> impl Iterator<Item = (&UserName, &Creation)> {
        self.creations.iter()
    }

    /// The last creation of a user of this name.
    pub fn creation(&self, name: &UserName) -> Option<&Creation> {
        self.creations.get(name)
    }

    /// Whether a person has been told that this user may have been missed.
    pub fn was_named(&self, name: &UserName) -> bool {
        self.named.contains(name)
    }

    /// When a mail last went to this user.
    pub fn mailed(&self, name: &UserName) -> Option<Timestamp> {
        self.mailed.get(name).copied()
    }

    /// Since when earlier runs have asked for this holder's seat to change, and it has not shown or Kiro has put it off.
    pub fn seat_open_since(&self, holder: &Principal) -> Option<Timestamp> {
        let open = self.open_seats.get(holder)?;
        open.taken_in.is_none().then_some(open.since)
    }

    /// Whether a mail may be due, or somebody has yet to be named.
    pub fn may_owe(&self) -> bool {
        let open = |creation: &Creation| creation.may_be_owed() || creation.mail == Mailed::Doubted;
        self.creations.values().any(open)
    }

    /// Takes in a line; one that is no event of ours is passed over.
    pub(super) fn take_in(&mut self, line: &[u8]) {
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            return;
        };
        self.lines += 1;
        let kind = line.address.first().map(|kind| &**kind);
        let name = line
            .address
            .last()
            .map(|name| UserName::new(Text::clone(name)));
        match (line.event.as_str(), kind, name) {
            ("begin", ..) => {
                self.store = line.target["identity_store_id"]
                    .as_str()
                    .unwrap_or_default()
                    .into()
            }
            ("intent", Some("user"), Some(name)) if line.action == "create" => {
                let Json::Object(wanted) = line.after else {
                    return;
                };
                let mail = match line.mail {
                    true => Mailed::Due,
                    false => Mailed::NotWanted,
                };
                let creation = Creation {
                    at: line.at,
                    id: None,
                    wanted,
                    store: self.store.clone(),
                    came: Came::Begun,
                    mail,
                    asked: 0,
                };
                self.named.remove(&name);
                self.creations.insert(name, creation);
            }
            ("outcome", Some("user"), Some(name)) => self.user(&name, line),
            ("intent", Some("mail"), Some(name)) => {
                let id = line.id.map(Id::new);
                let created_as = id.and_then(|id| self.created_as.get(&id));
                match created_as.filter(|created_as| **created_as != name) {
                    Some(created_as) => self.renamed.insert(name.clone(), created_as.clone()),
                    None => self.renamed.remove(&name),
                };
                if let Some(creation) = self.mailed_as(&name) {
                    creation.asked += 1;
                }
            }
            ("outcome", Some("mail"), Some(name)) => {
                if let Some(creation) = self.mailed_as(&name) {
                    creation.asked = creation.asked.saturating_sub(1);
                }
                let mail = match line.outcome.as_str() {
                    "done" | "waived" => Mailed::Settled,
                    "perhaps" => Mailed::Doubted,
                    _ => return,
                };
                if let Some(creation) = self.mailed_as(&name) {
                    creation.end(mail);
                }
                if line.outcome != "waived" {
                    self.mailed.insert(name.clone(), line.at);
                }
                if mail == Mailed::Settled {
                    self.named.insert(name);
                }
            }
            ("outcome", Some("seat"), Some(name)) => {
                let holder = match line.address.get(1).map(|kind| &**kind) {
                    Some("user") => Principal::User(name),
                    Some("group") => Principal::Group(GroupName::new(name.as_str())),
                    _ => return,
                };
                self.seat(holder, line);
            }
            ("named", ..) => {
                for name in line.users.into_iter().map(UserName::new) {
                    if let Some(creation) = self.mailed_as(&name) {
                        creation.end(Mailed::Settled);
                    }
                    if matches!(line.why.as_str(), "missed" | "doubted") {
                        self.named.insert(name);
                    }
                }
            }
            _ => {}
        }
    }

    /// The creation of whoever has, or had when they were mailed, this name.
    fn mailed_as(&mut self, name: &UserName) -> Option<&mut Creation> {
        let created_as = self.renamed.get(name).unwrap_or(name);
        self.creations.get_mut(created_as)
    }

    fn seat(&mut self, holder: Principal, line: Line) {
        let at = line.at;
        match line.outcome.as_str() {
            // In the same run it may still turn out not to show.
            "done" => {
                if let Some(open) = self.open_seats.get_mut(&holder) {
                    open.taken_in = line.run;
                }
            }
            "settling" | "deferred" => {
                let since = self.open_seats.get(&holder);
                let since =
                    since.filter(|open| open.taken_in.is_none() || open.taken_in == line.run);
                let since = since.map_or(at, |open| open.since);
                let taken_in = None;
                self.open_seats.insert(holder, Open { since, taken_in });
            }
            _ => {}
        }
    }

    fn user(&mut self, name: &UserName, line: Line) {
        match (line.action.as_str(), line.outcome.as_str()) {
            ("delete", "done") => {
                self.creations.remove(name);
                self.named.remove(name);
            }
            ("create", outcome) => {
                let Some(creation) = self.creations.get_mut(name) else {
                    return;
                };
                match outcome {
                    "done" => {
                        creation.came = Came::Ours;
                        creation.id = line.id.map(Id::new);
                        if let Some(id) = creation.id.clone() {
                            self.created_as.insert(id, name.clone());
                        }
                    }
                    // Without an answer it may still have been made.
                    "failed" if is_unanswered(&line.error) => {}
                    _ => creation.came = Came::NotOurs,
                }
            }
            _ => {}
        }
    }
}

impl Creation {
    /// Whether a mail is due, if the user is there.
    pub fn may_be_owed(&self) -> bool {
        self.mail == Mailed::Due && self.came != Came::NotOurs
    }

    /// Whether this is what was to be created, as far as the attributes tell. What somebody has added since does not
    /// count.
    pub fn is_like(&self, user: &UserSeen) -> bool {
        self.wanted.iter().all(|(key, wanted)| {
            let Some(attribute) = Attribute::named(key) else {
                return key != "user_name" || wanted.as_str() == Some(user.name.as_str());
            };
            let there = user.attributes.get(&attribute);
            there.is_some_and(|there| attribute_value(there) == *wanted)
        })
    }

    /// The e-mail address that a mail would have gone to.
    pub fn email(&self) -> Option<&str> {
        self.wanted.get(Attribute::Email.key())?.as_str()
    }

    fn end(&mut self, mail: Mailed) {
        self.mail = mail;
        // Nothing asks for it any more.
        self.wanted = Object::new();
    }
}

fn is_unanswered(error: &Json) -> bool {
    let status = error["status"].as_u64();
    error["kind"] == "refused" && status.is_none_or(|status| !(300..500).contains(&status))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(lines: &[&str]) -> Memory {
        let mut memory = Memory::default();
        for line in lines {
            let line = format!(r#"{{"at":"2026-12-01T09:00:00Z","run":"r",{line}}}"#);
            memory.take_in(line.as_bytes());
        }
        memory
    }

    const INTENT: &str = r#""event":"intent","address":["user","ada"],"action":"create","mail":true,"after":{"user_name":"ada","email":"ada@example.com"}"#;
    const DONE: &str = r#""event":"outcome","address":["user","ada"],"action":"create","outcome":"done","id":"u-1""#;
    const ADOPTED: &str =
        r#""event":"outcome","address":["user","ada"],"action":"create","outcome":"adopted""#;
    const MAIL: &str = r#""event":"intent","address":["mail","ada"],"action":"mail""#;
    const MAILED: &str =
        r#""event":"outcome","address":["mail","ada"],"action":"mail","outcome":"done""#;

    #[test]
    fn a_mail_is_due_until_its_outcome_is_written() {
        assert!(memory(&[INTENT]).may_owe());
        assert!(memory(&[INTENT, DONE]).may_owe());
        assert!(
            memory(&[INTENT, DONE, MAIL]).may_owe(),
            "in flight when it was killed"
        );
        assert!(!memory(&[INTENT, DONE, MAIL, MAILED]).may_owe());
        assert!(!memory(&[INTENT, ADOPTED]).may_owe(), "somebody else's");
        assert!(
            memory(&[INTENT, DONE, MAIL, MAILED, INTENT]).may_owe(),
            "made again"
        );
    }

    #[test]
    fn a_refusal_means_that_nothing_was_made_and_silence_does_not() {
        let failed = |status: &str| {
            format!(
                r#""event":"outcome","address":["user","ada"],"action":"create","outcome":"failed","error":{{"kind":"refused","status":{status}}}"#
            )
        };
        assert!(!memory(&[INTENT, &failed("400")]).may_owe());
        assert!(memory(&[INTENT, &failed("null")]).may_owe());
        assert!(memory(&[INTENT, &failed("500")]).may_owe());
    }

    #[test]
    fn a_seat_is_open_since_it_was_first_asked_for_and_until_a_run_sees_it() {
        let seat = |at: &str, run: &str, outcome: &str| {
            format!(
                r#"{{"at":"{at}","run":"{run}","event":"outcome","address":["seat","user","ada"],"action":"update","outcome":"{outcome}"}}"#
            )
        };
        let ada = Principal::User(UserName::new("ada"));
        let mut memory = Memory::default();
        let mut hears = |line: String| {
            memory.take_in(line.as_bytes());
            memory.seat_open_since(&ada).map(|at| at.to_string())
        };
        let first = Some("2026-12-01T09:00:00Z".to_owned());
        hears(seat("2026-12-01T08:59:00Z", "1", "done"));
        assert_eq!(hears(seat("2026-12-01T09:00:00Z", "1", "settling")), first);
        hears(seat("2026-12-02T09:00:00Z", "2", "done"));
        assert_eq!(hears(seat("2026-12-02T09:01:00Z", "2", "settling")), first);
        assert_eq!(hears(seat("2026-12-03T09:00:00Z", "3", "done")), None);
    }

    #[test]
    fn events_of_later_versions_are_passed_over() {
        let memory = memory(&[
            r#""event":"dawn","address":["star"],"light":{"much":true}"#,
            INTENT,
        ]);
        assert!(memory.may_owe());
    }
}
