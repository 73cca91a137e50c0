//! A session: clients for one organization, after it has been found and is known to be the right one.

use super::config;
use super::discover::{self, Kiro};
use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure, FailureKind};
use super::http::{Paces, ThrottlingTold};
use super::instance::{self, Instance};
use super::json::JsonClient;
use super::kiro;
use super::retry;
use super::settings::Settings;
use crate::live::Target;
use aws_config::SdkConfig;

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
    paces: Paces,
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
        let paces = Paces::new(settings.max_rps);
        let http = config::http(paces.clone(), settings);
        let (profile, region) = (settings.profile.as_deref(), settings.region.as_deref());
        let sdk = config::load(settings, profile, region, &http).await?;
        let region = region_of(&sdk);
        let admin = aws_sdk_ssoadmin::Client::from_conf(admin_config(&sdk, &paces));
        let account = caller(&sdk, profile).await?;
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
        let instance = instance::find(&admin, &region, settings).await?;
        let kiro = match settings.no_seats {
            true => None,
            false => {
                let clients =
                    kiro_clients(settings, &sdk, &account, &admin, &instance, &paces, &http);
                Some(clients.await?)
            }
        };
        let unless_sandboxed = |endpoint: &Option<String>| match settings.sandbox {
            Some(_) => None,
            None => endpoint.clone(),
        };
        let identity = identity_config(&sdk, &paces);
        let password = unless_sandboxed(&settings.endpoints.password);
        Ok(Self {
            target: Target {
                account: account.into(),
                region: region.as_str().into(),
                kiro_region: kiro.as_ref().map(|kiro| kiro.region.as_str().into()),
                instance: instance.arn.into(),
                store: instance.store.into(),
            },
            identity: aws_sdk_identitystore::Client::from_conf(identity.clone().build()),
            identity_once: aws_sdk_identitystore::Client::from_conf(
                identity
                    .retry_classifier(retry::NothingButThrottling)
                    .build(),
            ),
            admin,
            password: JsonClient::new(kiro::PASSWORD, &sdk, &region, password.as_deref(), &paces),
            kiro,
            paces,
        })
    }

    /// The APIs that throttled and are called more slowly since, by name, and how often a second at present.
    pub fn slowed(&self) -> Vec<(String, f64)> {
        self.paces.slowed()
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

async fn kiro_clients(
    settings: &Settings,
    sdk: &SdkConfig,
    account: &str,
    admin: &aws_sdk_ssoadmin::Client,
    instance: &Instance,
    paces: &Paces,
    http: &aws_smithy_runtime_api::client::http::SharedHttpClient,
) -> Result<KiroClients, Error> {
    let region = region_of(sdk);
    let of_its_own = settings
        .kiro_profile
        .as_deref()
        .filter(|_| settings.sandbox.is_none());
    // Two accounts: Kiro's lists, its application and its profiles are the member account's to show.
    let (sdk, account, admin) = match of_its_own {
        None => (sdk.clone(), account.to_owned(), admin.clone()),
        Some(profile) => {
            let sdk = config::load(settings, Some(profile), Some(&region), http).await?;
            let account = caller(&sdk, Some(profile)).await?;
            let admin = aws_sdk_ssoadmin::Client::from_conf(admin_config(&sdk, paces));
            (sdk, account, admin)
        }
    };
    let endpoints = match settings.sandbox {
        Some(_) => Default::default(),
        None => settings.endpoints.clone(),
    };
    let profiles = |kiro_region: &str| {
        let endpoint = endpoints.profiles.as_deref();
        JsonClient::new(kiro::PROFILES, &brisk(&sdk), kiro_region, endpoint, paces)
    };
    let asked_for = settings.kiro_region.as_deref();
    let (kiro_region, applications) = tokio::join!(
        discover::kiro_region(asked_for, &region, instance, &account, profiles),
        discover::applications(&admin, instance, &account, &region),
    );
    // Where both fail, it is not chance which one is told.
    let (kiro_region, applications) = (kiro_region?, applications?);
    let Kiro {
        region: kiro_region,
        applications,
    } = Kiro::of(kiro_region, applications);
    let seats = kiro::seats(settings.kiro_endpoint);
    Ok(KiroClients {
        seats: JsonClient::new(seats, &sdk, &kiro_region, endpoints.seats.as_deref(), paces),
        subscriptions: JsonClient::new(
            kiro::SUBSCRIPTIONS,
            &sdk,
            &region,
            endpoints.subscriptions.as_deref(),
            paces,
        ),
        region: kiro_region,
        account,
        applications,
    })
}

/// The account of these credentials; with it, whether there are any.
async fn caller(sdk: &SdkConfig, profile: Option<&str>) -> Result<String, Error> {
    let call = Call {
        service: "sts",
        operation: "GetCallerIdentity",
    };
    let mut doing = match profile {
        Some(profile) => format!("asking whose the credentials of profile `{profile}` are"),
        None => "asking whose the credentials are".to_owned(),
    };
    if let Some(endpoint) = sdk.endpoint_url().filter(|url| !url.contains('@')) {
        doing = format!("{doing}, at {endpoint}");
    }
    let sts = aws_sdk_sts::config::Builder::from(sdk).retry_config(retry::brisk());
    let sts = aws_sdk_sts::Client::from_conf(sts.build());
    let identity = sts.get_caller_identity().send().await.map_err(|error| {
        let failure = Failure::of(call, error);
        let error = Error::of(&doing, &failure);
        match (failure.kind, profile) {
            (FailureKind::Expired, Some(profile)) => error.hint(format!(
                "sign in (`aws sso login --profile {profile}`, or whatever your organization uses)"
            )),
            (FailureKind::Expired, None) => error.hint(
                "sign in (`aws sso login`, or whatever your organization uses), set `AWS_PROFILE`, or give `--profile`",
            ),
            _ => error,
        }
    })?;
    let account = identity.account().filter(|account| !account.is_empty());
    let account = account.ok_or_else(|| {
        Error::new(
            ErrorKind::Credentials,
            doing.as_str(),
            "AWS named no account",
        )
    })?;
    Ok(account.to_owned())
}

fn region_of(sdk: &SdkConfig) -> String {
    sdk.region().map(ToString::to_string).unwrap_or_default()
}

fn brisk(sdk: &SdkConfig) -> SdkConfig {
    sdk.to_builder().retry_config(retry::brisk()).build()
}

fn admin_config(sdk: &SdkConfig, paces: &Paces) -> aws_sdk_ssoadmin::Config {
    aws_sdk_ssoadmin::config::Builder::from(sdk)
        .retry_config(retry::brisk())
        .retry_partition(retry::partition())
        .retry_classifier(retry::Throttling)
        .interceptor(ThrottlingTold(paces.clone()))
        .build()
}

fn identity_config(sdk: &SdkConfig, paces: &Paces) -> aws_sdk_identitystore::config::Builder {
    aws_sdk_identitystore::config::Builder::from(sdk)
        .retry_partition(retry::partition())
        .retry_classifier(retry::Throttling)
        .interceptor(ThrottlingTold(paces.clone()))
}
