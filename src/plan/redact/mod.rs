//! A plan without people: every user by a stable pseudonym, so that a log or a pull request that everybody can read may
//! show it. Group names, places and money stay.
//!
//! The plan itself is rewritten, not its rendering, so no format can leak what another one hides. Everything is taken
//! apart by name here: a new field does not compile until somebody has said whether it tells of people. Pseudonyms are
//! hashes without a secret: they hide names from readers, not from somebody who tries out a list of names.

mod said;

use super::{Change, Kind, Operation, Partial, Plan, Selector, Terms, Unmanaged};
use crate::desired::{Policy, Requirement, Reserve};
use crate::directory::User;
use crate::goal::Reason;
use crate::live::{Access, Id, Known, Mark};
use crate::model::{
    Address, Attribute, Glob, GroupName, Membership, Principal, Subject, Text, UserName, Value,
};
use said::{asides, block, note};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Twelve hexadecimal digits: among 100,000 people two share a pseudonym with a chance of one in 50,000.
const DIGITS: usize = 12;

impl Plan {
    /// The same plan with every person behind a pseudonym. It is for reading: nobody of that name is live.
    pub fn redacted(&self) -> Self {
        let Self {
            target,
            operations,
            why,
            basis,
            shifts,
            group_tiers,
            overshoots,
            invites,
            cost,
            terms,
            blocks,
            refused,
            notes,
            aside,
            coverage,
            unmanaged,
            partial,
            left_out,
        } = self;
        Self {
            target: target.clone(),
            operations: operations_of(operations),
            why: why
                .iter()
                .map(|(subject, why)| (subject_of(subject), reason(why)))
                .collect(),
            basis: basis
                .iter()
                .map(|(who, known)| (principal(who), known_of(who, known)))
                .collect(),
            shifts: shifts.iter().map(|(who, s)| (user(who), *s)).collect(),
            group_tiers: group_tiers.clone(),
            overshoots: overshoots.iter().map(user).collect(),
            invites: users(invites),
            cost: cost.clone(),
            terms: terms_of(terms),
            blocks: sorted(blocks.iter().map(block)),
            refused: operations_of(refused),
            notes: sorted(notes.iter().map(note)),
            aside: asides(aside),
            coverage: *coverage,
            unmanaged: unmanaged.as_ref().map(unmanaged_of),
            partial: partial_of(partial),
            left_out: operations_of(left_out),
        }
    }
}

fn pseudonym(what: &str, text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let mut hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    hash.truncate(DIGITS);
    format!("{what}-{hash}")
}

fn user(name: &UserName) -> UserName {
    UserName::new(pseudonym("user", name.as_str()))
}

/// Sorted anew: the old order would tell where in the alphabet a name stands.
fn users(names: &[UserName]) -> Vec<UserName> {
    sorted(names.iter().map(user))
}

fn sorted<T: Ord>(things: impl Iterator<Item = T>) -> Vec<T> {
    let mut things: Vec<T> = things.collect();
    things.sort();
    things
}

fn email(email: &str) -> String {
    format!("{}@redacted.invalid", pseudonym("mail", email))
}

/// A sentence of AWS's, which may name whoever asked.
fn answer() -> Text {
    "the answer is not shown here".into()
}

fn principal(who: &Principal) -> Principal {
    match who {
        Principal::User(name) => Principal::User(user(name)),
        Principal::Group(name) => Principal::Group(name.clone()),
    }
}

fn member(member: &Membership) -> Membership {
    let Membership { group, user: who } = member;
    Membership::new(group.clone(), user(who))
}

fn subject_of(subject: &Subject) -> Subject {
    match subject {
        Subject::User(name) => Subject::User(user(name)),
        Subject::Group(name) => Subject::Group(name.clone()),
        Subject::Member(of) => Subject::Member(member(of)),
        Subject::Seat(holder) => Subject::Seat(principal(holder)),
    }
}

fn operations_of(operations: &[Operation]) -> Vec<Operation> {
    let mut redacted: Vec<Operation> = operations.iter().map(operation).collect();
    redacted.sort_by_key(Operation::subject);
    redacted
}

fn operation(operation: &Operation) -> Operation {
    match operation {
        Operation::User(name, Change { before, after }) => Operation::User(
            user(name),
            Change {
                before: before.as_deref().map(person),
                after: after.as_deref().map(person),
            },
        ),
        Operation::Group(name, change) => Operation::Group(name.clone(), change.clone()),
        Operation::Member(of, change) => Operation::Member(member(of), change.clone()),
        Operation::Seat(holder, change) => Operation::Seat(principal(holder), change.clone()),
    }
}

fn person(person: &User) -> Arc<User> {
    let User { name, attributes } = person;
    let attributes = attributes.iter();
    Arc::new(User {
        name: user(name),
        attributes: attributes
            .map(|(attribute, value)| (*attribute, value_of(*attribute, value)))
            .collect(),
    })
}

fn value_of(attribute: Attribute, value: &Value) -> Value {
    let hide = |text: &Text| -> Text {
        match attribute {
            Attribute::Email => email(text).into(),
            _ => pseudonym("text", text).into(),
        }
    };
    match value {
        Value::Text(text) => Value::Text(hide(text)),
        Value::List(list) => Value::List(list.iter().map(hide).collect()),
        Value::Address(address) => {
            let Address {
                street,
                city,
                region,
                postal_code,
                country,
                formatted,
            } = &**address;
            let hide = |part: &Option<Text>| part.as_ref().map(hide);
            Value::Address(Box::new(Address {
                street: hide(street),
                city: hide(city),
                region: hide(region),
                postal_code: hide(postal_code),
                country: hide(country),
                formatted: hide(formatted),
            }))
        }
    }
}

fn reason(why: &Reason) -> Reason {
    match why {
        Reason::Declared(places) => Reason::Declared(places.clone()),
        Reason::Absent(at) => Reason::Absent(at.clone()),
        Reason::Offboarded(at) => Reason::Offboarded(at.clone()),
        Reason::Until(at) => Reason::Until(at.clone()),
        Reason::NotListed(at) => Reason::NotListed(at.clone()),
        Reason::AskedNone(at) => Reason::AskedNone(at.clone()),
        Reason::Pruned(at) => Reason::Pruned(at.clone()),
        Reason::GoesWith(owner) => Reason::GoesWith(principal(owner)),
    }
}

fn known_of(who: &Principal, known: &Known) -> Known {
    let Known {
        id,
        revision,
        marks,
    } = known;
    match who {
        Principal::Group(_) => known.clone(),
        Principal::User(_) => Known {
            id: Id::new(pseudonym("id", id.as_str())),
            revision: revision.clone(),
            marks: marks.as_ref().map(|marks| {
                let marks = marks.iter();
                let marks = marks.map(|(attribute, marks)| {
                    (*attribute, marks.iter().map(mark).collect::<Vec<_>>())
                });
                Box::new(marks.collect())
            }),
        },
    }
}

fn mark(mark: &Mark) -> Mark {
    let Mark {
        value,
        kind,
        primary,
        display,
    } = mark;
    Mark {
        value: match value.is_empty() {
            true => value.clone(),
            false => pseudonym("text", value).into(),
        },
        kind: kind.clone(),
        primary: *primary,
        display: display.as_ref().map(|text| pseudonym("text", text).into()),
    }
}

fn access(access: &Access) -> Access {
    match access {
        Access::None => Access::None,
        Access::Holds(accounts) => Access::Holds(accounts.clone()),
        Access::NotTold(_) => Access::NotTold(answer()),
    }
}

fn unmanaged_of(unmanaged: &Unmanaged) -> Unmanaged {
    let Unmanaged {
        users: people,
        groups,
        seats,
    } = unmanaged;
    Unmanaged {
        users: users(people),
        groups: groups.clone(),
        seats: sorted(seats.iter().map(principal)),
    }
}

fn partial_of(partial: &Partial) -> Partial {
    let Partial { only, additive } = partial;
    let only = only.iter().map(|Selector { kind, glob: name }| Selector {
        kind: *kind,
        glob: match kind {
            Kind::Group => name.clone(),
            // May name either end.
            Kind::User | Kind::Membership | Kind::Seat => glob(name),
        },
    });
    Partial {
        only: only.collect(),
        additive: *additive,
    }
}

/// A glob may be a whole name, or most of one.
fn glob(glob: &Glob) -> Glob {
    match glob.as_str() {
        "*" => glob.clone(),
        name => Glob::new(pseudonym("names", name)),
    }
}

fn globs(globs: &[Glob]) -> Vec<Glob> {
    globs.iter().map(glob).collect()
}

fn terms_of(terms: &Terms) -> Terms {
    let Terms {
        policy,
        agreed,
        base,
    } = terms;
    let Policy {
        manage,
        scope,
        protect,
        provider,
        prune,
        limits,
        budget,
        require,
        plan_ttl,
    } = policy;
    let require = require.iter().map(|(group, needs): (&GroupName, _)| {
        let Requirement { min, include, at } = needs;
        let needs = Requirement {
            min: *min,
            include: users(include),
            at: at.clone(),
        };
        (group.clone(), needs)
    });
    Terms {
        policy: Policy {
            manage: manage.clone(),
            scope: Reserve {
                users: scope.users.as_deref().map(globs),
                groups: scope.groups.clone(),
            },
            protect: Reserve {
                users: globs(&protect.users),
                groups: protect.groups.clone(),
            },
            provider: Reserve {
                users: globs(&provider.users),
                groups: provider.groups.clone(),
            },
            prune: prune.clone(),
            limits: limits.clone(),
            budget: budget.clone(),
            require: require.collect(),
            plan_ttl: *plan_ttl,
        },
        agreed: agreed.clone(),
        base: *base,
    }
}
