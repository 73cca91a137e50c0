//! A session: clients for one organization, after it has been found and is known to be the right one.

use super::discover::{self, Kiro};
use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure};
use super::ground::Ground;
use super::http::Paces;
use super::instance::{self, Instance};
use super::json::JsonClient;
use super::settings::Settings;
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
    /// Finds the caller's account, the Identity Center instance and Kiro, and makes sure that they are what `settings`
    /// ask for. Only reads.
    ///
    /// # Errors
    /// No credentials or region; no, several, or another instance than asked for; a Kiro that is not there or whose
    /// region cannot be found out; whatever keeps these from being asked. Each says what to do.
    pub async fn open(settings: &Settings) -> Result<Self, Error> {
        let ground = Ground::lay(settings).await?;
        let account = ground.caller().await?;
        if settings
            .account
            .as_ref()
            .is_some_and(|meant| *meant != account)
        {
            return Err(Error::new(
                ErrorKind::Account,
                "asking whose the credentials are",
                account,
            ));
        }
        let instance = instance::find(&ground.admin, &ground.region, settings).await?;
        let kiro = match settings.no_seats {
            true => None,
            false => Some(kiro(&ground, &account, &instance).await?),
        };
        Ok(ground.session(&account, instance, kiro))
    }

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

async fn kiro(
    ground: &Ground<'_>,
    account: &str,
    instance: &Instance,
) -> Result<KiroClients, Error> {
    let side = ground.kiro_side(account).await?;
    let (given, region) = (ground.settings.kiro_region.as_deref(), &ground.region);
    let profiles = |kiro_region: &str| side.profiles(kiro_region);
    let (kiro_region, applications) = tokio::join!(
        discover::kiro_region(given, region, instance, &side.account, profiles),
        discover::applications(&side.admin, instance, &side.account, region),
    );
    // Where both fail, it is not chance which one is told.
    let (kiro_region, applications) = (kiro_region?, applications?);
    Ok(side.clients(Kiro::of(kiro_region, applications)))
}
