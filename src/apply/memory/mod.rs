//! What earlier runs have written down: about people they created, whose user it is and whether the mail went out; about seats,
//! what was asked for in vain.

mod hear;

use crate::apply::event::attribute_value;
use crate::goal::Hold;
use crate::live::{Id, UserSeen};
use crate::model::{Attribute, Principal, Text, Tier, UserName};
use crate::plan::Asked;
use jiff::Timestamp;
use jiff::civil::Date;
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
    /// When a mail was last tried.
    mail_tried: Map<Id, Timestamp>,
    /// To whom of this name a mail was last tried.
    mailing: Map<UserName, Id>,
    open_seats: Map<(Text, Principal), Open>,
    /// What a seat was last asked to become.
    asked_seats: Map<(Text, Principal), Ask>,
    /// The store of the run whose lines are being read.
    store: Text,
    /// Its day (UTC).
    today: Option<Date>,
    lines: usize,
}

/// A seat that was asked for and did not come: settling or deferred.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    /// Since when, without an end in between.
    since: Timestamp,
    /// In which run it was last taken by Kiro: whether it then showed is not written yet.
    taken_in: Option<Text>,
    ask: Ask,
    hold: Hold,
    not_before: Option<Date>,
}

/// A change of a seat that was about to be asked for.
#[derive(Clone, Debug, Default, PartialEq)]
struct Ask {
    holder: Option<Id>,
    before: Option<Tier>,
    after: Option<Tier>,
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

    /// When a mail to this user was last tried.
    pub fn mail_tried(&self, user: &Id) -> Option<Timestamp> {
        self.mail_tried.get(user).copied()
    }

    /// What earlier runs have asked for this holder's seat in a store, where it has not shown or Kiro has put it off.
    pub fn seat_asked(&self, holder: &Principal, store: &str) -> Option<Asked> {
        let open = self.open_seats.get(&(store.into(), holder.clone()))?;
        open.taken_in.is_none().then(|| Asked {
            holder: open.ask.holder.clone(),
            before: open.ask.before,
            after: open.ask.after,
            since: open.since,
            hold: open.hold,
            not_before: open.not_before,
        })
    }

    /// Whether a mail may be due, or somebody has yet to be named.
    pub fn may_owe(&self) -> bool {
        let open = |creation: &Creation| creation.may_be_owed() || creation.mail == Mailed::Doubted;
        self.creations.values().any(open)
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
