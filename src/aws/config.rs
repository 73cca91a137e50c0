//! The SDK's configuration, once per credential set: everything that the SDK's own chain decides, and what we decide.

use super::error::{Error, ErrorKind};
use super::http::PacedHttp;
use super::retry;
use super::settings::{Settings, is_address, wrong_endpoint};
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::time::Duration;

/// Attempts are not timed as a whole, because an attempt waits for its turn; connecting and the first byte are.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Where the sandbox lies unless told otherwise.
const SANDBOX_REGION: &str = "us-east-1";

pub(super) fn http(paces: super::http::Paces, settings: &Settings) -> SharedHttpClient {
    SharedHttpClient::new(PacedHttp::new(paces, settings.sandbox.is_some()))
}

/// The configuration for a profile, in `region` or in the region that the SDK's chain says.
pub(super) async fn load(
    settings: &Settings,
    profile: Option<&str>,
    region: Option<&str>,
    http: &SharedHttpClient,
) -> Result<SdkConfig, Error> {
    if let Some(sandbox) = &settings.sandbox {
        let region = region.unwrap_or(SANDBOX_REGION);
        can_be_region(region)?;
        let kiros = sandbox.kiro_access_key_id.as_ref();
        let kiros =
            kiros.filter(|_| profile.is_some() && profile == settings.kiro_profile.as_deref());
        let key = kiros.unwrap_or(&sandbox.access_key_id);
        return Ok(of_sandbox(&sandbox.url, key, region, http));
    }
    if let Some((name, value)) = wrong_endpoint() {
        return Err(no_address(&format!("`{name}`"), &value));
    }
    let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(http.clone())
        .retry_config(retry::patient())
        .timeout_config(timeouts())
        .stalled_stream_protection(stalls());
    if let Some(profile) = profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = region {
        loader = loader.region(Region::new(region.to_owned()));
    }
    let config = loader.load().await;
    if let Some(url) = config.endpoint_url().filter(|url| !is_address(url)) {
        return Err(no_address("the profile's `endpoint_url`", url));
    }
    let Some(found) = config.region().cloned() else {
        return Err(no_region("no region is set".into()));
    };
    can_be_region(found.as_ref())?;
    Ok(match profile {
        Some(profile) => of_profile(&config, profile, found, http),
        None => config,
    })
}

fn no_region(said: String) -> Error {
    Error::new(
        ErrorKind::Region,
        "looking for Identity Center's region",
        said,
    )
    .hint("give `--region`, `target.region` in the roster, or `AWS_REGION`, as in `us-east-1`")
}

/// A region is part of a host's name. The SDK says so too, in words about its own insides.
fn can_be_region(region: &str) -> Result<(), Error> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match !region.is_empty() && region.len() < 64 && region.chars().all(fits) {
        true => Ok(()),
        false => Err(no_region(format!("`{region}` cannot be a region"))),
    }
}

fn no_address(what: &str, value: &str) -> Error {
    let said = format!("{what} is `{value}`, which is no address");
    Error::new(ErrorKind::Unreachable, "looking for the endpoints", said)
        .hint("give something like `http://127.0.0.1:5000`, or unset it")
}

/// A profile that was asked for by name is the one that is used. The SDK's own chain would prefer keys in the
/// environment to it, and so write to another account than was said.
fn of_profile(
    config: &SdkConfig,
    profile: &str,
    region: Region,
    http: &SharedHttpClient,
) -> SdkConfig {
    let provider = ProviderConfig::without_region()
        .with_region(Some(region))
        .with_http_client(http.clone());
    let credentials = ProfileFileCredentialsProvider::builder()
        .configure(&provider)
        .profile_name(profile)
        .build();
    let config = config.to_builder();
    config
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

/// Nothing from the environment or from files: a sandbox run must not reach AWS, whatever is set.
fn of_sandbox(url: &str, key: &str, region: &str, http: &SharedHttpClient) -> SdkConfig {
    let secret = "the sandbox does not check it";
    let credentials = Credentials::new(key, secret, None, None, "sandbox");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new(region.to_owned()))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .identity_cache(IdentityCache::lazy().build())
        .http_client(http.clone())
        .retry_config(retry::patient())
        .timeout_config(timeouts())
        .stalled_stream_protection(stalls())
        .build()
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_WITHIN)
        .read_timeout(ANSWER_WITHIN)
        .build()
}

/// Requests are a few hundred bytes and wait for their turn before they are sent: only answers can stall.
fn stalls() -> StalledStreamProtectionConfig {
    StalledStreamProtectionConfig::enabled()
        .upload_enabled(false)
        .build()
}
