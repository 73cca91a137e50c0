//! A session: clients for one organization, after it has been found and is known to be the right one.

use super::failure::{Call, Failure};
use super::http::Paces;
use super::json::JsonClient;
use crate::live::Target;

/// An open session. Cheap to borrow, and meant to be shared by everything that reads or writes.
#[derive(Clone, Debug)]
pub struct Session {
    pub(super) target: Target,
    pub(super) identity: aws_sdk_identitystore::Client,
    /// The same, for calls whose unanswered attempts must not be repeated unseen.
    pub(super) identity_once: aws_sdk_identitystore::Client,
    pub(super) admin: aws_sdk_ssoadmin::Client,
    pub(super) password: JsonClient,
    /// `None` when Kiro is left alone.
    pub(super) kiro: Option<KiroClients>,
    pub(super) paces: Paces,
}

/// What seat calls need.
#[derive(Clone, Debug)]
pub(super) struct KiroClients {
    pub(super) seats: JsonClient,
    pub(super) subscriptions: JsonClient,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) applications: Vec<String>,
}

impl Session {
    /// The APIs that throttled and are called more slowly since, by name, and how often a second at present.
    pub fn slowed(&self) -> Vec<(String, f64)> {
        self.paces.slowed()
    }

    /// The account that Kiro is called as, unless Kiro is left alone.
    pub fn kiro_account(&self) -> Option<&str> {
        self.kiro.as_ref().map(|kiro| kiro.account.as_str())
    }

    /// Which organization this is.
    pub fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn store(&self) -> &str {
        &self.target.store
    }

    /// The seat clients.
    ///
    /// # Errors
    /// When the session was opened to leave Kiro alone: a caller that asks all the same has lost track.
    pub(super) fn kiro(&self, call: Call) -> Result<&KiroClients, Failure> {
        let left_alone = "this session leaves Kiro alone (`--no-seats`)";
        self.kiro
            .as_ref()
            .ok_or_else(|| Failure::unclear(call, left_alone))
    }
}
