//! A plan without people: every user by a stable pseudonym, so that a log or a pull request that everybody can read may
//! show it. Group names, places and money stay.
//!
//! The plan itself is rewritten, not its rendering, so no format can leak what another one hides. Everything is put
//! together anew, field by field: a new field does not compile until somebody has said whether it tells of people.
//! Pseudonyms are hashes without a secret: they hide names from readers, not from somebody who tries out a list of names.

mod said;

use super::{Change, Kind, Operation, Partial, Plan, Selector, Shift, Terms, Unmanaged};
use crate::desired::{Policy, Requirement, Reserve};
use crate::directory::User;
use crate::goal::Reason;
use crate::live::{Access, Id, Known, Mark};
use crate::model::{
    Address, Attribute, Glob, Membership, Principal, Subject, Text, UserName, Value, hex,
};
use said::{asides, block, note};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Twelve hexadecimal digits: among 100,000 people two share a pseudonym with a chance of one in 50,000.
const BYTES: usize = 6;

impl Plan {
    /// The same plan with every person behind a pseudonym. It is for reading: nobody of that name is live.
    pub fn redacted(&self) -> Self {
        let why = self.why.iter();
        let basis = self.basis.iter();
        let shifts = self.shifts.iter();
        Self {
            target: self.target.clone(),
            operations: operations_of(&self.operations),
            why: why
                .map(|(subject, why)| (subject_of(subject), reason(why)))
                .collect(),
            basis: basis
                .map(|(who, known)| (principal(who), known_of(who, known)))
                .collect(),
            shifts: shifts.map(|(who, of)| (user(who), shift(of))).collect(),
            group_tiers: self.group_tiers.clone(),
            overshoots: self.overshoots.iter().map(user).collect(),
            invites: users(&self.invites),
            cost: self.cost.clone(),
            terms: terms_of(&self.terms),
            blocks: sorted(self.blocks.iter().map(block)),
            refused: operations_of(&self.refused),
            notes: sorted(self.notes.iter().map(note)),
            aside: asides(&self.aside),
            coverage: self.coverage,
            unmanaged: self.unmanaged.as_ref().map(unmanaged_of),
            partial: partial_of(&self.partial),
            left_out: operations_of(&self.left_out),
        }
    }
}

fn pseudonym(what: &str, text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    format!("{what}-{}", hex(hash.into_iter().take(BYTES)))
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
    Membership {
        group: member.group.clone(),
        user: user(&member.user),
    }
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
    let attributes = person.attributes.iter();
    Arc::new(User {
        name: user(&person.name),
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
            let hide = |part: &Option<Text>| part.as_ref().map(hide);
            Value::Address(Box::new(Address {
                street: hide(&address.street),
                city: hide(&address.city),
                region: hide(&address.region),
                postal_code: hide(&address.postal_code),
                country: hide(&address.country),
                formatted: hide(&address.formatted),
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

fn shift(shift: &Shift) -> Shift {
    Shift {
        present: shift.present.as_ref().map(user),
        before: shift.before,
        after: shift.after,
        through: shift.through.clone(),
    }
}

fn known_of(who: &Principal, known: &Known) -> Known {
    match who {
        Principal::Group(_) => known.clone(),
        Principal::User(_) => Known {
            id: Id::new(pseudonym("id", known.id.as_str())),
            revision: known.revision.clone(),
            marks: known.marks.as_ref().map(|marks| {
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
    let hide = |text: &Text| pseudonym("text", text).into();
    Mark {
        value: match mark.value.is_empty() {
            true => mark.value.clone(),
            false => hide(&mark.value),
        },
        kind: mark.kind.clone(),
        primary: mark.primary,
        display: mark.display.as_ref().map(hide),
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
    Unmanaged {
        users: users(&unmanaged.users),
        groups: unmanaged.groups.clone(),
        seats: sorted(unmanaged.seats.iter().map(principal)),
    }
}

fn partial_of(partial: &Partial) -> Partial {
    Partial {
        only: partial.only.iter().map(selector).collect(),
        additive: partial.additive,
    }
}

fn selector(selector: &Selector) -> Selector {
    Selector {
        kind: selector.kind,
        glob: match selector.kind {
            Kind::Group => selector.glob.clone(),
            // May name either end.
            Kind::User | Kind::Membership | Kind::Seat => glob(&selector.glob),
        },
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
    Terms {
        policy: policy(&terms.policy),
        agreed: terms.agreed.clone(),
        base: terms.base,
    }
}

fn policy(policy: &Policy) -> Policy {
    let require = policy.require.iter();
    Policy {
        manage: policy.manage.clone(),
        scope: Reserve {
            users: policy.scope.users.as_deref().map(globs),
            groups: policy.scope.groups.clone(),
        },
        protect: reserve(&policy.protect),
        provider: reserve(&policy.provider),
        prune: policy.prune.clone(),
        limits: policy.limits.clone(),
        budget: policy.budget.clone(),
        require: require
            .map(|(group, needs)| (group.clone(), requirement(needs)))
            .collect(),
        plan_ttl: policy.plan_ttl,
    }
}

fn reserve(reserve: &Reserve<Vec<Glob>>) -> Reserve<Vec<Glob>> {
    Reserve {
        users: globs(&reserve.users),
        groups: reserve.groups.clone(),
    }
}

fn requirement(needs: &Requirement) -> Requirement {
    Requirement {
        min: needs.min,
        include: users(&needs.include),
        at: needs.at.clone(),
    }
}
