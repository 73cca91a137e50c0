//! What an examination finds.

use crate::aws::error::Error;
use crate::aws::failure::Failure;
use crate::model::visible;

/// What was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Check {
    /// The region of Identity Center.
    Region,
    /// Whose the credentials are.
    Credentials,
    /// The Identity Center instance.
    Instance,
    /// Who owns users and groups.
    IdentitySource,
    /// The credentials for Kiro, where they are others.
    KiroCredentials,
    /// Kiro's application on the instance.
    Application,
    /// Kiro's profile, and its region.
    Profile,
    /// The endpoint that takes seat writes, and the one that is not used.
    SeatEndpoint,
    /// A permission.
    Permission,
    /// What only a write could tell.
    Writes,
}

impl Check {
    /// As programs know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Credentials => "credentials",
            Self::Instance => "instance",
            Self::IdentitySource => "identity_source",
            Self::KiroCredentials => "kiro_credentials",
            Self::Application => "application",
            Self::Profile => "profile",
            Self::SeatEndpoint => "seat_endpoint",
            Self::Permission => "permission",
            Self::Writes => "writes",
        }
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Credentials => "credentials",
            Self::Instance => "instance",
            Self::IdentitySource => "identity source",
            Self::KiroCredentials => "Kiro credentials",
            Self::Application => "Kiro application",
            Self::Profile => "Kiro profile",
            Self::SeatEndpoint => "seat endpoint",
            Self::Permission => "permission",
            Self::Writes => "writes",
        }
    }
}

/// How it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it should.
    Fine,
    /// Nothing is wrong, and something should be known.
    Note,
    /// Something does not work like this.
    Wrong,
    /// It could not be looked at.
    NotAsked,
}

impl State {
    /// As programs know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Note => "note",
            Self::Wrong => "wrong",
            Self::NotAsked => "not_asked",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub check: Check,
    /// Which one, where there are several, such as a permission's name.
    pub of: Option<String>,
    /// How it looks.
    pub state: State,
    /// In words.
    pub said: String,
    /// What to do.
    pub hint: Option<String>,
    /// The refusal, where only AWS's support may know why.
    pub refused: Option<Failure>,
}

impl Finding {
    pub(super) fn new(check: Check, state: State, said: impl Into<String>) -> Self {
        Self {
            check,
            of: None,
            state,
            said: visible(&said.into()).into_owned(),
            hint: None,
            refused: None,
        }
    }

    pub(super) fn fine(check: Check, said: impl Into<String>) -> Self {
        Self::new(check, State::Fine, said)
    }

    pub(super) fn wrong(check: Check, error: &Error) -> Self {
        let finding = Self::new(check, State::Wrong, error.to_string());
        Self {
            hint: error.hint.clone(),
            ..finding
        }
    }

    pub(super) fn of(mut self, of: impl Into<String>) -> Self {
        self.of = Some(of.into());
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
