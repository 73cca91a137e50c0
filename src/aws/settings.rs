//! What a session is opened with: plain values, which the command layer fills from flags, the roster's pins and the
//! environment. Nothing below this module reads the environment but the SDK's own chain.

/// How to reach one organization. `Default` asks the SDK's chain for everything and manages seats.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The AWS profile; `None`: as the SDK's chain decides.
    pub profile: Option<String>,
    /// The account that the credentials must be of.
    pub account: Option<String>,
    /// Identity Center's region: the flag, else the roster's pin. `None`: as the SDK's chain decides.
    pub region: Option<String>,
    /// Kiro's region. `None`: Kiro is asked.
    pub kiro_region: Option<String>,
    /// A second profile for Kiro's calls, where Kiro lives in a member account.
    pub kiro_profile: Option<String>,
    /// The instance's ARN, to choose among several.
    pub instance: Option<String>,
    /// The identity store that the instance must have.
    pub identity_store_id: Option<String>,
    /// Which host takes seat writes.
    pub kiro_endpoint: KiroEndpoint,
    /// Calls a second that no API gets more of; replaces the documented ceilings.
    pub max_rps: Option<f64>,
    /// Whether Kiro is left alone altogether: no call to it, not even to look for it.
    pub no_seats: bool,
    /// Hosts for the calls that the SDK does not know.
    pub endpoints: Endpoints,
    /// An embedded double instead of AWS: then the profiles, the endpoints and the environment count for nothing.
    pub sandbox: Option<Sandbox>,
}

/// The two endpoints that take seat writes, with the same bodies. Which one an account needs cannot be known from
/// outside (facts page, section 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KiroEndpoint {
    /// `codewhisperer.{region}.amazonaws.com`, the proven one.
    #[default]
    CodeWhisperer,
    /// `management.{region}.kiro.dev`, the console's since about July 2026.
    Management,
}

/// Where the unpublished calls go, if not to AWS. Each moves the host only, and wins over `AWS_ENDPOINT_URL`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// Seat writes.
    pub seats: Option<String>,
    /// Seat lists.
    pub subscriptions: Option<String>,
    /// Password mails.
    pub password: Option<String>,
    /// The list of Kiro's profiles, by which its region is found.
    pub profiles: Option<String>,
}

/// The embedded double of AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sandbox {
    /// Its URL; every service answers there.
    pub url: String,
    /// The access key, by which it tells accounts apart.
    pub access_key_id: String,
    /// That of `kiro_profile`, where there is one.
    pub kiro_access_key_id: Option<String>,
}

impl Settings {
    /// `KIROSTER_ENDPOINT_URL_{SEATS,SUBSCRIPTIONS,PASSWORD,PROFILES}`; empty counts as unset. The SDK reads
    /// `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` by itself.
    pub fn endpoints_from_env() -> Endpoints {
        Endpoints::from(|name| std::env::var(name).ok())
    }
}

/// The first endpoint variable that is set to no address. The SDK would panic on an empty one, and show whole requests
/// for a malformed one.
pub(super) fn wrong_endpoint() -> Option<(String, String)> {
    let variables = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let ours =
            name.starts_with("AWS_ENDPOINT_URL") || name.starts_with("KIROSTER_ENDPOINT_URL");
        ours.then(|| (name, value.to_string_lossy().into_owned()))
    });
    // Ours are unset when they are empty; the SDK's are not.
    let variables =
        variables.filter(|(name, value)| !(value.is_empty() && name.starts_with("KIROSTER")));
    let mut wrong: Vec<_> = variables.filter(|(_, value)| !is_address(value)).collect();
    wrong.sort();
    wrong.into_iter().next()
}

/// `http://` or `https://`, and a host.
pub(super) fn is_address(text: &str) -> bool {
    text.parse::<http::Uri>().is_ok_and(|uri| {
        let scheme = uri.scheme_str();
        matches!(scheme, Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
    })
}

impl Endpoints {
    fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let url = |call: &str| {
            let url = variable(&format!("KIROSTER_ENDPOINT_URL_{call}"));
            url.filter(|url| !url.is_empty())
        };
        Self {
            seats: url("SEATS"),
            subscriptions: url("SUBSCRIPTIONS"),
            password: url("PASSWORD"),
            profiles: url("PROFILES"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for right in [
            "http://127.0.0.1:5000",
            "https://sso.example.com/x",
            "http://[::1]:80",
        ] {
            assert!(is_address(right), "{right}");
        }
        for wrong in [
            "",
            "foo",
            "http://",
            "http://[::1",
            "ht tp://x",
            "ftp://x",
            "localhost:5000",
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    fn each_unpublished_call_has_its_own_endpoint_variable() {
        let endpoints = Endpoints::from(|name| match name {
            "KIROSTER_ENDPOINT_URL_SEATS" => Some("http://s".into()),
            "KIROSTER_ENDPOINT_URL_PROFILES" => Some(String::new()),
            _ => None,
        });
        let expected = Endpoints {
            seats: Some("http://s".into()),
            ..Endpoints::default()
        };
        assert_eq!(endpoints, expected);
    }
}
