//! How the lines of a ledger become what it tells.

use super::{Ask, Came, Creation, Mailed, Memory, Open};
use crate::goal::Hold;
use crate::live::Id;
use crate::model::{GroupName, Principal, Text, Tier, UserName, first_of_next_month};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value as Json;

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
    before: Json,
    #[serde(default)]
    after: Json,
    #[serde(default)]
    today: Option<Date>,
    #[serde(default)]
    users: Vec<Text>,
    #[serde(default)]
    why: String,
}

impl Memory {
    /// Takes in a line; one that is no event of ours is passed over.
    pub(in crate::apply) fn take_in(&mut self, line: &[u8]) {
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
                    .into();
                self.today = line.today;
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
                let created_as = id.as_ref().and_then(|id| self.created_as.get(id));
                match created_as.filter(|created_as| **created_as != name) {
                    Some(created_as) => self.renamed.insert(name.clone(), created_as.clone()),
                    None => self.renamed.remove(&name),
                };
                self.mailing.extend(id.map(|id| (name.clone(), id)));
                if let Some(creation) = self.mailed_as(&name) {
                    creation.asked += 1;
                }
            }
            ("outcome", Some("mail"), Some(name)) => {
                if let Some(creation) = self.mailed_as(&name) {
                    creation.asked = creation.asked.saturating_sub(1);
                }
                let user = self.mailing.get(&name);
                if let Some(user) = user.filter(|_| line.outcome != "waived") {
                    self.mail_tried.insert(user.clone(), line.at);
                }
                let mail = match line.outcome.as_str() {
                    "done" | "waived" => Mailed::Settled,
                    "perhaps" => Mailed::Doubted,
                    _ => return,
                };
                if let Some(creation) = self.mailed_as(&name) {
                    creation.end(mail);
                }
                if mail == Mailed::Settled {
                    self.named.insert(name);
                }
            }
            ("intent" | "outcome", Some("seat"), Some(name)) => {
                let holder = match line.address.get(1).map(|kind| &**kind) {
                    Some("user") => Principal::User(name),
                    Some("group") => Principal::Group(GroupName::new(name.as_str())),
                    _ => return,
                };
                match line.event.as_str() {
                    "intent" => {
                        let tier = |side: &Json| side.as_str().and_then(Tier::spelled);
                        let ask = Ask {
                            before: tier(&line.before),
                            after: tier(&line.after),
                            holder: line.id.map(Id::new),
                        };
                        self.asked_seats.insert((self.store.clone(), holder), ask);
                    }
                    _ => self.seat(holder, line),
                }
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
        let key = (self.store.clone(), holder);
        match line.outcome.as_str() {
            // In the same run it may still turn out not to show.
            "done" => {
                if let Some(open) = self.open_seats.get_mut(&key) {
                    open.taken_in = line.run;
                }
            }
            "settling" | "deferred" => {
                let since = self.open_seats.get(&key);
                let since =
                    since.filter(|open| open.taken_in.is_none() || open.taken_in == line.run);
                let hold = hold(&line);
                let open = Open {
                    since: since.map_or(line.at, |open| open.since),
                    taken_in: None,
                    ask: self.asked_seats.get(&key).cloned().unwrap_or_default(),
                    hold,
                    not_before: self
                        .today
                        .filter(|_| hold == Hold::BesideGroup)
                        .and_then(first_of_next_month),
                };
                self.open_seats.insert(key, open);
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

/// Why a seat that was asked for did not come.
fn hold(line: &Line) -> Hold {
    match (line.outcome.as_str(), line.error["kind"].as_str()) {
        ("deferred", Some("pending")) => Hold::SignIn,
        ("deferred", _) => Hold::BesideGroup,
        _ => Hold::Settling,
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
            memory
                .seat_asked(&ada, "")
                .map(|asked| asked.since.to_string())
        };
        let first = Some("2026-12-01T09:00:00Z".to_owned());
        hears(seat("2026-12-01T08:59:00Z", "1", "done"));
        assert_eq!(hears(seat("2026-12-01T09:00:00Z", "1", "settling")), first);
        hears(seat("2026-12-02T09:00:00Z", "2", "done"));
        assert_eq!(hears(seat("2026-12-02T09:01:00Z", "2", "settling")), first);
        assert_eq!(hears(seat("2026-12-03T09:00:00Z", "3", "done")), None);
    }

    #[test]
    fn what_a_seat_was_to_become_is_known_and_why_it_did_not_and_in_which_store() {
        let seat = r#""address":["seat","user","ada"],"action":"update""#;
        let lines = |outcome: &str| {
            let begin = r#""event":"begin","target":{"identity_store_id":"d-1"}"#;
            let intent = format!(r#""event":"intent",{seat},"before":"pro","after":"pro+""#);
            let outcome = format!(r#""event":"outcome",{seat},{outcome}"#);
            memory(&[begin, &intent, &outcome])
        };
        let ada = Principal::User(UserName::new("ada"));
        for (outcome, hold) in [
            (r#""outcome":"settling""#, Hold::Settling),
            (
                r#""outcome":"deferred","error":{"kind":"pending"}"#,
                Hold::SignIn,
            ),
            (
                r#""outcome":"deferred","error":{"kind":"group_grant"}"#,
                Hold::BesideGroup,
            ),
        ] {
            let memory = lines(outcome);
            let asked = memory.seat_asked(&ada, "d-1").unwrap();
            assert_eq!(
                (asked.before, asked.after),
                (Some(Tier::Pro), Some(Tier::ProPlus))
            );
            assert_eq!((asked.hold, asked.not_before), (hold, None));
            assert_eq!(memory.seat_asked(&ada, "d-2"), None);
        }
        assert_eq!(lines(r#""outcome":"done""#).seat_asked(&ada, "d-1"), None);
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
