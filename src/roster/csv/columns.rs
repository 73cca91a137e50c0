//! Which column says what: the headers that the scripts take, in any case and with spaces for `_`.

use super::table::Cell;
use crate::desired::Said;
use crate::problem::{Problem, Spot};
use crate::roster::words;
use std::collections::BTreeMap;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    UserName,
    GivenName,
    FamilyName,
    DisplayName,
    Email,
    Groups,
    Tier,
    Status,
    /// Where a seat comes from.
    Source,
    /// A group, in the list of groups with a tier.
    GroupName,
    /// Whom the Kiro console lists, by whatever name.
    ConsoleName,
    /// Said by the scripts and the console, and nothing to a roster.
    Nothing,
}

use Field as F;

/// Headers and what they say; in the words that a person is shown, the first of each field.
const HEADERS: [(&str, Field); 31] = [
    ("username", F::UserName),
    ("user_name", F::UserName),
    ("givenname", F::GivenName),
    ("given_name", F::GivenName),
    ("first_name", F::GivenName),
    ("firstname", F::GivenName),
    ("familyname", F::FamilyName),
    ("family_name", F::FamilyName),
    ("last_name", F::FamilyName),
    ("lastname", F::FamilyName),
    ("displayname", F::DisplayName),
    ("display_name", F::DisplayName),
    ("email", F::Email),
    ("email_address", F::Email),
    ("groups", F::Groups),
    ("group_names", F::Groups),
    ("kirotier", F::Tier),
    ("kiro_tier", F::Tier),
    ("tier", F::Tier),
    ("plan", F::Tier),
    ("kiro_plan", F::Tier),
    ("status", F::Status),
    ("subscription_status", F::Status),
    ("source", F::Source),
    ("plan_source", F::Source),
    ("seat_source", F::Source),
    ("groupname", F::GroupName),
    ("group_name", F::GroupName),
    ("name", F::ConsoleName),
    ("activation_date", F::Nothing),
    ("user_id", F::Nothing),
];

/// What a file is a list of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// People, by user name or e-mail.
    People,
    /// Groups with a tier.
    Groups,
    /// The Kiro console's subscriptions, by a name that only live can tell.
    Console,
}

impl Kind {
    /// Whether a column says something in such a list.
    fn has(self, field: Field) -> bool {
        match field {
            F::Tier | F::Status | F::Source => true,
            F::GroupName => self == Self::Groups,
            F::ConsoleName => self == Self::Console,
            F::Nothing => false,
            F::UserName | F::GivenName | F::FamilyName | F::DisplayName | F::Email | F::Groups => {
                self != Self::Groups
            }
        }
    }
}

/// What the header says.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) kind: Kind,
    fields: BTreeMap<Field, usize>,
}

impl Columns {
    /// What the row says of `field`; an empty cell says nothing.
    pub(super) fn cell<'r>(&self, row: &'r [Cell], field: Field) -> Option<&'r Cell> {
        let cell = row.get(*self.fields.get(&field)?)?;
        (!cell.text.is_empty()).then_some(cell)
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains_key(&field)
    }
}

/// The columns of a header. `None`, told, where nobody could be named by them.
pub(super) fn of(
    header: &[Cell],
    problems: &mut Vec<Problem>,
    remarks: &mut Vec<Said<String>>,
) -> Option<Columns> {
    let mut fields: BTreeMap<Field, usize> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (index, cell) in header.iter().enumerate() {
        match field(&cell.text) {
            Some(Field::Nothing) => {}
            Some(field) => match fields.get(&field) {
                Some(first) => {
                    let problem =
                        Problem::new(cell.at.clone(), "a second column for the same thing")
                            .also(header[*first].at.clone(), "first here")
                            .hint("take one of them out");
                    problems.push(problem);
                }
                None => {
                    fields.insert(field, index);
                }
            },
            None => unknown.push(cell),
        }
    }
    let known = kind(&fields);
    let mut names_somebody = known.is_some();
    // Where no header is one, the first row is no header, and what its cells resemble is chance.
    let any = !fields.is_empty();
    // A column that says something in another kind of list may be meant for one that says it in this kind.
    if known == Some(Kind::People)
        && !fields.contains_key(&Field::Groups)
        && let Some(index) = fields.remove(&Field::GroupName)
    {
        unknown.push(&header[index]);
    }
    let mut ignored = Vec::new();
    for (_, index) in fields.extract_if(.., |field, _| known.is_some_and(|kind| !kind.has(*field)))
    {
        ignored.push(&header[index]);
    }
    for cell in unknown {
        let serves = |field: Field| match known {
            Some(kind) => kind.has(field) && !fields.contains_key(&field),
            None => !fields.contains_key(&field),
        };
        match meant(&cell.text, serves) {
            Some((near, field)) if any || names(field) => {
                names_somebody |= names(field);
                let message = format!("unknown column `{}`", cell.text);
                let problem = Problem::new(cell.at.clone(), message);
                problems.push(problem.hint(format!("did you mean `{near}`?")));
            }
            _ => ignored.push(cell),
        }
    }
    ignored.sort_by(|a, b| a.at.cmp(&b.at));
    if !names_somebody {
        let at = header.first().map_or_else(none, |cell| cell.at.clone());
        let message = "no column for the user name or the e-mail address";
        let hint = "the first row names the columns: `UserName`, `Email`, …; in a list of groups, `GroupName`";
        problems.push(Problem::new(at, message).hint(hint));
    } else if let Some(first) = ignored.first() {
        let names = words::listed(ignored.iter().map(|cell| &*cell.text));
        remarks.push(Said {
            value: format!("what these columns say is not read: {names}"),
            at: first.at.place.clone(),
        });
    }
    let kind = kind(&fields)?;
    Some(Columns { kind, fields })
}

/// Whether somebody can be named by it.
fn names(field: Field) -> bool {
    matches!(
        field,
        F::UserName | F::Email | F::GroupName | F::ConsoleName
    )
}

fn none() -> Spot {
    Spot::file("".into())
}

fn kind(fields: &BTreeMap<Field, usize>) -> Option<Kind> {
    let has = |field| fields.contains_key(&field);
    if has(Field::UserName) || has(Field::Email) {
        Some(Kind::People)
    } else if has(Field::GroupName) {
        Some(Kind::Groups)
    } else if has(Field::ConsoleName) {
        Some(Kind::Console)
    } else {
        None
    }
}

fn field(header: &str) -> Option<Field> {
    let plain = header.to_lowercase().replace(' ', "_");
    let known = HEADERS.iter().find(|(known, _)| *known == plain);
    known.map(|(_, field)| *field)
}

/// The header that was probably meant, among those that serve.
fn meant(header: &str, serves: impl Fn(Field) -> bool) -> Option<(&'static str, Field)> {
    if header.is_empty() {
        return None;
    }
    let known = HEADERS.iter().filter(|(_, field)| serves(*field));
    let known: Vec<&str> = known.map(|(known, _)| *known).collect();
    let near = words::near(header, &known)?;
    HEADERS.iter().find(|(known, _)| *known == near).copied()
}
