//! What a session stands on before anything has been found: configurations, paces, and clients that only look around.
//! `open` goes one straight way over it, `examine` looks at every step of it.

use super::config;
use super::discover::Kiro;
use super::error::{Error, ErrorKind};
use super::failure::{Call, Failure, FailureKind};
use super::http::{Paces, ThrottlingTold};
use super::instance::Instance;
use super::json::JsonClient;
use super::kiro;
use super::retry;
use super::session::{KiroClients, Session};
use super::settings::{Endpoints, KiroEndpoint, Settings};
use crate::live::Target;
use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// One credential set, in Identity Center's region.
pub(super) struct Ground<'s> {
    pub(super) settings: &'s Settings,
    pub(super) region: String,
    pub(super) admin: aws_sdk_ssoadmin::Client,
    sdk: SdkConfig,
    paces: Paces,
    http: SharedHttpClient,
}

/// The credential set that Kiro is asked with: the same, or `--kiro-profile`'s.
pub(super) struct KiroSide<'g> {
    pub(super) account: String,
    pub(super) admin: aws_sdk_ssoadmin::Client,
    sdk: SdkConfig,
    ground: &'g Ground<'g>,
}

impl<'s> Ground<'s> {
    /// # Errors
    /// No region, or an endpoint that is none.
    pub(super) async fn lay(settings: &'s Settings) -> Result<Self, Error> {
        Self::lay_in(settings, settings.region.as_deref()).await
    }

    /// The same in this region, whatever the settings say.
    pub(super) async fn lay_in(
        settings: &'s Settings,
        region: Option<&str>,
    ) -> Result<Self, Error> {
        let paces = Paces::new(settings.max_rps);
        let http = config::http(paces.clone(), settings);
        let profile = settings.profile.as_deref();
        let sdk = config::load(settings, profile, region, &http).await?;
        Ok(Self {
            settings,
            region: sdk.region().map(ToString::to_string).unwrap_or_default(),
            admin: admin(&sdk, &paces),
            sdk,
            paces,
            http,
        })
    }

    /// SSO Admin in another region.
    pub(super) fn admin_in(&self, region: &'static str) -> aws_sdk_ssoadmin::Client {
        let region = aws_config::Region::from_static(region);
        let sdk = self.sdk.to_builder().region(region).build();
        admin(&sdk, &self.paces)
    }

    /// The account of the credentials.
    pub(super) async fn caller(&self) -> Result<String, Error> {
        caller(&self.sdk, self.settings.profile.as_deref()).await
    }

    /// Whom Kiro is asked as. In two accounts, Kiro's lists, its application and its profiles are the member account's
    /// to show.
    ///
    /// # Errors
    /// Credentials of the second profile that are none.
    pub(super) async fn kiro_side(&'s self, account: &str) -> Result<KiroSide<'s>, Error> {
        let settings = self.settings;
        let (sdk, account, admin) = match settings.kiro_profile.as_deref() {
            None => (self.sdk.clone(), account.to_owned(), self.admin.clone()),
            Some(profile) => {
                let sdk = config::load(settings, Some(profile), Some(&self.region), &self.http);
                let sdk = sdk.await?;
                let account = caller(&sdk, Some(profile)).await?;
                let admin = admin(&sdk, &self.paces);
                (sdk, account, admin)
            }
        };
        Ok(KiroSide {
            account,
            admin,
            sdk,
            ground: self,
        })
    }

    /// The session, once all has been found.
    pub(super) fn session(
        &self,
        account: &str,
        instance: Instance,
        kiro: Option<KiroClients>,
    ) -> Session {
        let identity = identity_config(&self.sdk, &self.paces);
        let password = self.endpoints().password;
        let password = password.as_deref();
        Session {
            target: Target {
                account: account.into(),
                region: self.region.as_str().into(),
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
            admin: self.admin.clone(),
            password: JsonClient::new(
                kiro::PASSWORD,
                &self.sdk,
                &self.region,
                password,
                &self.paces,
            ),
            kiro,
            paces: self.paces.clone(),
        }
    }

    /// The sandbox answers everything itself.
    fn endpoints(&self) -> Endpoints {
        match self.settings.sandbox {
            Some(_) => Endpoints::default(),
            None => self.settings.endpoints.clone(),
        }
    }
}

impl KiroSide<'_> {
    /// Where profiles of a region are listed.
    pub(super) fn profiles(&self, region: &str) -> JsonClient {
        let endpoint = self.ground.endpoints().profiles;
        let (sdk, paces) = (brisk(&self.sdk), &self.ground.paces);
        JsonClient::new(kiro::PROFILES, &sdk, region, endpoint.as_deref(), paces)
    }

    /// Where seats are written, tried a few times only.
    pub(super) fn seats(&self, endpoint: KiroEndpoint, region: &str) -> JsonClient {
        let custom = self.ground.endpoints().seats;
        let (sdk, paces) = (brisk(&self.sdk), &self.ground.paces);
        let service = kiro::seats(endpoint);
        JsonClient::new(service, &sdk, region, custom.as_deref(), paces)
    }

    /// The clients for seats, once Kiro has been found.
    pub(super) fn clients(&self, kiro: Kiro) -> KiroClients {
        let Kiro {
            region,
            applications,
        } = kiro;
        let (ground, sdk) = (self.ground, &self.sdk);
        let Endpoints {
            seats,
            subscriptions,
            ..
        } = ground.endpoints();
        let service = kiro::seats(ground.settings.kiro_endpoint);
        let (own, paces) = (&ground.region, &ground.paces);
        KiroClients {
            seats: JsonClient::new(service, sdk, &region, seats.as_deref(), paces),
            subscriptions: JsonClient::new(
                kiro::SUBSCRIPTIONS,
                sdk,
                own,
                subscriptions.as_deref(),
                paces,
            ),
            region,
            account: self.account.clone(),
            applications,
        }
    }
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

fn brisk(sdk: &SdkConfig) -> SdkConfig {
    sdk.to_builder().retry_config(retry::brisk()).build()
}

fn admin(sdk: &SdkConfig, paces: &Paces) -> aws_sdk_ssoadmin::Client {
    let config = aws_sdk_ssoadmin::config::Builder::from(sdk)
        .retry_config(retry::brisk())
        .retry_partition(retry::partition())
        .retry_classifier(retry::Throttling)
        .interceptor(ThrottlingTold(paces.clone()))
        .build();
    aws_sdk_ssoadmin::Client::from_conf(config)
}

fn identity_config(sdk: &SdkConfig, paces: &Paces) -> aws_sdk_identitystore::config::Builder {
    aws_sdk_identitystore::config::Builder::from(sdk)
        .retry_partition(retry::partition())
        .retry_classifier(retry::Throttling)
        .interceptor(ThrottlingTold(paces.clone()))
}
