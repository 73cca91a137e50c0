//! The straight way to a session: whose the credentials are, which instance, where Kiro is.

use super::discover::{self, Kiro};
use super::error::{Error, ErrorKind};
use super::ground::Ground;
use super::instance::{self, Instance};
use super::session::{KiroClients, Session};
use super::settings::Settings;

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
