//! How a part is asked for: `KIND:GLOB`.

use crate::model::{Glob, Subject, UserName};
use std::fmt;

/// `KIND:GLOB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Which kind.
    pub kind: Kind,
    /// Which names; a membership's on either end.
    pub glob: Glob,
}

/// The four kinds of what can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Users.
    User,
    /// Groups.
    Group,
    /// Memberships.
    Membership,
    /// Seats.
    Seat,
}

impl Kind {
    const ALL: [Self; 4] = [Self::User, Self::Group, Self::Membership, Self::Seat];

    /// As plan files and `--only` spell it.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Membership => "membership",
            Self::Seat => "seat",
        }
    }

    /// Of what an operation is about.
    pub fn of(subject: &Subject) -> Self {
        match subject {
            Subject::User(_) => Self::User,
            Subject::Group(_) => Self::Group,
            Subject::Member(_) => Self::Membership,
            Subject::Seat(_) => Self::Seat,
        }
    }
}

impl Selector {
    /// Reads `KIND:GLOB`.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let kinds = Kind::ALL.map(Kind::key).join(", ");
        let (kind, glob) = text
            .split_once(':')
            .ok_or_else(|| format!("`{text}` is not KIND:GLOB, such as `user:*@example.com`"))?;
        let found = Kind::ALL.into_iter().find(|known| known.key() == kind);
        let kind = found.ok_or_else(|| format!("`{kind}` is no kind; there are {kinds}"))?;
        if glob.is_empty() {
            return Err("an empty glob fits nothing".to_owned());
        }
        let glob = Glob::new(glob);
        Ok(Self { kind, glob })
    }

    /// Whether it chooses this user.
    pub fn fits_user(&self, user: &UserName) -> bool {
        self.kind == Kind::User && self.glob.fits(user.as_str())
    }

    /// Whether it chooses this.
    pub fn fits(&self, subject: &Subject) -> bool {
        self.kind == Kind::of(subject) && subject.principals().any(|end| self.glob.fits(end.name()))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.key(), self.glob.as_str())
    }
}
