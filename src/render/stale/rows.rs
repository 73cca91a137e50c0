//! What each row of the table says: one for each field that the plan touches, of a user, a group, a membership or a seat.

use crate::directory::{Group, User};
use crate::model::{Attribute, Principal, Subject, Value};
use crate::plan::{Change, Drift, Obstacle, Operation};
use crate::render::phrase::{Part, Phrase, clip, quote, say};

/// What it is about, and the three columns.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) columns: [String; 3],
}

pub(super) fn rows(drift: &Drift) -> Vec<Row> {
    let Drift {
        subject,
        planned,
        now,
        obstacle,
    } = drift;
    let hindered = obstacle
        .as_ref()
        .map(|obstacle| hindered(obstacle, planned));
    let fields = match (planned, now) {
        _ if hindered.is_some() => hindered
            .map(|columns| (None, columns))
            .into_iter()
            .collect(),
        (Operation::User(_, planned), Some(Operation::User(_, now))) => {
            of_user(planned, now.after.as_deref())
        }
        (Operation::Group(_, planned), Some(Operation::Group(_, now))) => {
            of_group(planned, now.after.as_deref())
        }
        (Operation::Member(_, planned), Some(Operation::Member(_, now))) => {
            let there = |side: &Option<()>| match side {
                Some(()) => say!["member"],
                None => say!["not a member"],
            };
            let sides = [&planned.before, &now.after, &planned.after].map(there);
            vec![(None, sides)]
        }
        (Operation::Seat(_, planned), Some(Operation::Seat(_, now))) => {
            let tiers = [planned.before, now.after, planned.after];
            vec![(None, tiers.map(Phrase::from))]
        }
        _ => vec![(None, another(subject, planned))],
    };
    let what = Phrase::from(subject).plain(false);
    fields
        .into_iter()
        .map(|(field, columns)| Row {
            what: match field {
                Some(field) => format!("{what}: {field}"),
                None => what.clone(),
            },
            columns: columns.map(|column| column.plain(false)),
        })
        .collect()
}

type Field = (Option<&'static str>, [Phrase; 3]);

/// The fields are as planned, and yet it is not the same thing.
fn another(subject: &Subject, planned: &Operation) -> [Phrase; 3] {
    let now = match subject {
        Subject::User(_) => "another user of that name: the id differs",
        Subject::Group(_) => "another group of that name: the id differs",
        Subject::Member(_) => "its user or group is gone, or another one of that name",
        Subject::Seat(Principal::User(_)) => {
            "its user is gone or another one, or Kiro will not do it today"
        }
        Subject::Seat(Principal::Group(_)) => "its group is gone, or another one of that name",
    };
    beside_planned(planned, say![now])
}

/// The fields are as planned, and something else stands in the way.
fn hindered(obstacle: &Obstacle, planned: &Operation) -> [Phrase; 3] {
    let now = match obstacle {
        Obstacle::Taken(holder) => say![holder, " has the name or the e-mail address"],
        Obstacle::Provided(who) => say!["an identity provider owns ", who],
        Obstacle::Disabled(user) => say!["user ", user, " is disabled, and is given nothing"],
        Obstacle::Seat(tier) => say!["has been given a ", *tier, " seat, which would stay behind"],
    };
    beside_planned(planned, now)
}

fn beside_planned(planned: &Operation, now: Phrase) -> [Phrase; 3] {
    let [from, to] = match planned {
        Operation::User(_, change) => there(change),
        Operation::Group(_, change) => there(change),
        Operation::Member(_, change) => there(change),
        Operation::Seat(_, Change { before, after }) => [Phrase::from(*before), (*after).into()],
    };
    [from, now, to]
}

fn there<T>(Change { before, after }: &Change<T>) -> [Phrase; 2] {
    [before, after].map(|side| match side {
        Some(_) => say!["there"],
        None => say!["not there"],
    })
}

fn whole<T>(planned: &Change<T>, now: Option<&T>) -> [Phrase; 3] {
    let [from, to] = there(planned);
    let now = match now {
        Some(_) => say!["there"],
        None => say!["not there"],
    };
    [from, now, to]
}

fn of_user(planned: &Change<std::sync::Arc<User>>, now: Option<&User>) -> Vec<Field> {
    let (before, after) = (planned.before.as_deref(), planned.after.as_deref());
    let mut fields: Vec<Field> = Vec::new();
    let name = |user: Option<&User>| match user {
        Some(user) => say![&user.name],
        None => say!["not there"],
    };
    let renames = matches!((before, after), (Some(b), Some(a)) if b.name != a.name);
    if renames {
        fields.push((Some("user name"), [name(before), name(now), name(after)]));
    }
    for attribute in Attribute::ALL {
        let value = |user: Option<&User>| match user {
            Some(user) => of_value(user.attributes.get(attribute)),
            None => say!["not there"],
        };
        let columns = [value(before), value(now), value(after)];
        let same = |one: Option<&User>, other: Option<&User>| {
            let value = |user: Option<&User>| {
                user.and_then(|user| user.attributes.get(attribute))
                    .cloned()
            };
            value(one) == value(other)
        };
        let touched = match (before, after) {
            (Some(_), Some(_)) => !same(before, after),
            // Who goes or comes is touched whole; what is as planned says nothing.
            (Some(_), None) => now.is_some() && !same(before, now),
            (None, _) => now.is_some() && !same(now, after),
        };
        if touched {
            fields.push((Some(attribute.key()), columns));
        }
    }
    if fields.is_empty() {
        let now = now.map(|user| std::sync::Arc::new(user.clone()));
        fields.push((None, whole(planned, now.as_ref())));
    }
    fields
}

fn of_group(planned: &Change<std::sync::Arc<Group>>, now: Option<&Group>) -> Vec<Field> {
    let (before, after) = (planned.before.as_deref(), planned.after.as_deref());
    let sides = [before, now, after];
    let mut fields: Vec<Field> = Vec::new();
    let differs = |field: fn(&Group) -> String| {
        let fields = sides.map(|side| side.map(field));
        fields[0] != fields[1] || fields[0] != fields[2]
    };
    let existing = before.is_some() && after.is_some();
    if existing && differs(|group| group.name.to_string()) {
        let name = |group: Option<&Group>| match group {
            Some(group) => say![&group.name],
            None => say!["not there"],
        };
        fields.push((Some("group name"), sides.map(name)));
    }
    if now.is_some() && differs(|group| format!("{:?}", group.description)) {
        let description = |group: Option<&Group>| match group {
            Some(group) => match &group.description {
                Some(text) => say![quote(text.clone())],
                None => say!["none"],
            },
            None => say!["not there"],
        };
        fields.push((Some("description"), sides.map(description)));
    }
    if fields.is_empty() {
        let now = now.map(|group| std::sync::Arc::new(group.clone()));
        fields.push((None, whole(planned, now.as_ref())));
    }
    fields
}

fn of_value(value: Option<&Value>) -> Phrase {
    match value {
        None => say!["none"],
        Some(Value::Text(text)) => say![quote(text.clone())],
        Some(Value::List(list)) => {
            let list: Vec<&str> = list.iter().map(|item| &**item).collect();
            say![Part::Words(format!("[{}]", clip(&list.join(", "))).into())]
        }
        Some(Value::Address(address)) => {
            let parts = address.parts().into_iter();
            let parts: Vec<&str> = parts.filter_map(|(_, part)| part.as_deref()).collect();
            say![Part::Words(clip(&parts.join(", ")).into_owned().into())]
        }
    }
}
