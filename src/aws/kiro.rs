//! Kiro's unpublished services: their names, and what stands in their bodies. Everything here was observed, not
//! documented (facts page, sections 1 and 3), and stands nowhere else. Rows are read leniently, lists strictly: an
//! unknown value is kept as it is, a list that has changed its name is an error and not an empty list.

use super::failure::{Call, Failure};
use super::json::Service;
use super::settings::KiroEndpoint;
use crate::live::{ClaimSeen, Claimant, Id, RowSeen};
use crate::model::{Principal, Text, Tier};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// Rows a page of `ListUserSubscriptions`, and claims a page of `ListApplicationClaims`: the most that was seen to work.
const ROWS: u32 = 1000;
const CLAIMS: u32 = 100;

/// Seat writes.
pub(super) fn seats(endpoint: KiroEndpoint) -> Service {
    let (target, host) = match endpoint {
        KiroEndpoint::CodeWhisperer => (
            "AmazonQDeveloperService",
            "codewhisperer.{region}.amazonaws.com",
        ),
        KiroEndpoint::Management => (
            "KiroControlPlaneQDeveloperService",
            "management.{region}.kiro.dev",
        ),
    };
    Service {
        iam: "q",
        signing: "q",
        target,
        host,
    }
}

/// Seat lists; they answer in Identity Center's region.
pub(super) const SUBSCRIPTIONS: Service = Service {
    iam: "user-subscriptions",
    signing: "user-subscriptions",
    target: "AWSZornControlPlaneService",
    host: "service.user-subscriptions.{region}.amazonaws.com",
};

/// Password mails.
pub(super) const PASSWORD: Service = Service {
    iam: "sso-directory",
    signing: "userpool",
    target: "SWBUPService",
    host: "identitystore.{region}.amazonaws.com",
};

/// Kiro's profiles.
pub(super) const PROFILES: Service = Service {
    iam: "codewhisperer",
    signing: "codewhisperer",
    target: "AWSCodeWhispererService",
    host: "codewhisperer.{region}.amazonaws.com",
};

/// The regions that can hold Kiro profiles, of the partition that this region belongs to.
pub(super) fn regions(beside: &str) -> &'static [&'static str] {
    match beside {
        gov if gov.starts_with("us-gov-") => &["us-gov-east-1", "us-gov-west-1"],
        china if china.starts_with("cn-") => &[],
        _ => &["us-east-1", "eu-central-1"],
    }
}

/// Whether an Identity Center application is Kiro's.
pub(super) fn is_kiro_application(provider: Option<&str>, name: Option<&str>) -> bool {
    provider.is_some_and(|arn| arn.ends_with("/codewhisperer"))
        || name.is_some_and(|n| n.starts_with("KiroProfile") || n.starts_with("QDevProfile"))
}

/// A seat write's body; without a tier, `DeleteAssignment`'s.
pub(super) fn assignment(holder: &Principal, id: &Id, tier: Option<Tier>) -> Value {
    let kind = match holder {
        Principal::User(_) => "USER",
        Principal::Group(_) => "GROUP",
    };
    let mut body = json!({ "principalId": id.as_str(), "principalType": kind });
    if let Some(tier) = tier {
        body["subscriptionType"] = tier.written().into();
    }
    body
}

/// `UpdatePassword`'s body that mails a link.
pub(super) fn password_mail(user: &Id) -> Value {
    json!({ "UserId": user.as_str(), "PasswordMode": "EMAIL" })
}

/// `ListUserSubscriptions`' body.
pub(super) fn rows_wanted(instance: &str, kiro_region: &str, token: Option<String>) -> Value {
    let body =
        json!({ "instanceArn": instance, "subscriptionRegion": kiro_region, "maxResults": ROWS });
    from(body, token)
}

/// `ListApplicationClaims`' body.
pub(super) fn claims_wanted(application: &str, kiro_region: &str, token: Option<String>) -> Value {
    let body = json!({ "applicationArn": application, "subscriptionRegion": kiro_region, "maxResults": CLAIMS });
    from(body, token)
}

/// `ListProfiles`' body.
pub(super) fn profiles_wanted(token: Option<String>) -> Value {
    from(json!({}), token)
}

fn from(mut body: Value, token: Option<String>) -> Value {
    if let Some(token) = token {
        body["nextToken"] = token.into();
    }
    body
}

/// A page's elements and the token of the next one. A page without the list is the empty one only if nothing else is in
/// it: otherwise the list goes by a name that is not known here, and reading on would lose it silently.
pub(super) fn page<T>(
    call: Call,
    list: &str,
    body: &[u8],
    read: impl Fn(&Value) -> T,
) -> Result<(Vec<T>, Option<String>), Failure> {
    let body: Map<String, Value> = serde_json::from_slice(body).map_err(|error| {
        Failure::unclear(call, format!("the answer is not understood: {error}"))
    })?;
    let token = match body.get("nextToken") {
        None | Some(Value::Null) => None,
        Some(Value::String(token)) => Some(token.clone()),
        Some(other) => {
            let said = format!("the answer is not understood: `nextToken` is {other}");
            return Err(Failure::unclear(call, said));
        }
    };
    match body.get(list) {
        Some(Value::Array(elements)) => Ok((elements.iter().map(read).collect(), token)),
        None if body.keys().all(|key| key == "nextToken") => Ok((Vec::new(), token)),
        _ => {
            let keys: Vec<&str> = body.keys().map(String::as_str).collect();
            let said = format!(
                "the answer is not understood: no list `{list}`, but {}",
                keys.join(", ")
            );
            Err(Failure::unclear(call, said))
        }
    }
}

/// One of `ListUserSubscriptions`' `subscriptions`.
pub(super) fn row(row: &Value) -> RowSeen {
    RowSeen {
        user: text(row, "/principal/user").map(Id::new),
        assigned: text(row, "/type/amazonQ"),
        in_force: text(row, "/activatedType/amazonQ"),
        status: text(row, "/status"),
        aggregated: text(row, "/aggregatedSubscriptionType"),
        since: row.get("activationDate").and_then(day),
    }
}

/// The day (UTC) of seconds since 1970, of such a number in a string, or of a date in one; any other string as it is.
fn day(value: &Value) -> Option<Text> {
    let of_seconds = |seconds: f64| {
        // Whole seconds are enough for a day; what is out of range is no time.
        let at = Timestamp::from_second(seconds as i64).ok()?;
        Some(Text::from(TimeZone::UTC.to_datetime(at).date().to_string()))
    };
    match value {
        Value::Number(seconds) => of_seconds(seconds.as_f64()?),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => match (text.parse::<f64>(), text.parse::<Timestamp>()) {
            (Ok(seconds), _) if seconds.is_finite() => of_seconds(seconds),
            (_, Ok(at)) => Some(TimeZone::UTC.to_datetime(at).date().to_string().into()),
            _ => Some(text.as_str().into()),
        },
        _ => None,
    }
}

/// One of `ListApplicationClaims`' `claims`.
pub(super) fn claim(claim: &Value) -> ClaimSeen {
    let user = text(claim, "/principal/user").map(|id| Claimant::User(Id::new(id)));
    let group = || text(claim, "/principal/group").map(|id| Claimant::Group(Id::new(id)));
    ClaimSeen {
        holder: user.or_else(group).unwrap_or(Claimant::Other),
        assigned: text(claim, "/type/amazonQ"),
    }
}

/// A Kiro profile.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Profile {
    pub(super) arn: String,
    pub(super) name: Option<Text>,
    pub(super) status: Option<Text>,
    pub(super) instance: Option<Text>,
}

/// One of `ListProfiles`' `profiles`.
pub(super) fn profile(profile: &Value) -> Profile {
    Profile {
        arn: text(profile, "/arn")
            .as_deref()
            .unwrap_or_default()
            .to_owned(),
        name: text(profile, "/profileName"),
        status: text(profile, "/status"),
        instance: text(profile, "/identityDetails/ssoIdentityDetails/instanceArn"),
    }
}

impl Profile {
    /// The region in its ARN.
    pub(super) fn region(&self) -> Option<&str> {
        let region = self.arn.split(':').nth(3)?;
        (!region.is_empty()).then_some(region)
    }
}

fn text(value: &Value, pointer: &str) -> Option<Text> {
    let text = value.pointer(pointer)?.as_str()?;
    (!text.is_empty()).then(|| text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{GroupName, UserName};

    const CALL: Call = Call {
        service: "user-subscriptions",
        operation: "ListUserSubscriptions",
    };

    #[test]
    fn a_row_keeps_what_is_known_and_what_is_not() {
        let seen = row(&json!({
            "principal": { "user": "u-1" }, "type": { "amazonQ": "KIRO_ENTERPRISE_ULTRA" },
            "status": "SLEEPING", "activationDate": 1767225600.0, "surprise": [1],
        }));
        assert_eq!(seen.user, Some(Id::new("u-1")));
        assert_eq!(seen.assigned.as_deref(), Some("KIRO_ENTERPRISE_ULTRA"));
        assert_eq!(seen.status.as_deref(), Some("SLEEPING"));
        assert_eq!(seen.aggregated, None);
        assert_eq!(row(&json!({ "type": 7, "principal": null })).user, None);
    }

    #[test]
    fn the_day_of_activation_is_read_however_it_is_written() {
        let since = |v: Value| row(&json!({ "activationDate": v })).since;
        let day = Some(Text::from("2026-01-01"));
        for written in [
            json!(1_767_225_600.0),
            json!(1_767_225_600),
            json!("1767225600"),
            json!("2026-01-01T00:00:00Z"),
            json!("2026-01-01"),
        ] {
            assert_eq!(since(written.clone()), day, "{written}");
        }
        assert_eq!(since(json!("lately")).as_deref(), Some("lately"));
        for none in [json!(null), json!(""), json!(1e300), json!([1])] {
            assert_eq!(since(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn a_claim_tells_whose_it_is() {
        let holder = |v: Value| claim(&json!({ "principal": v })).holder;
        assert_eq!(holder(json!({ "user": "u" })), Claimant::User(Id::new("u")));
        assert_eq!(
            holder(json!({ "group": "g" })),
            Claimant::Group(Id::new("g"))
        );
        assert_eq!(holder(json!({ "robot": "r" })), Claimant::Other);
    }

    #[test]
    fn a_page_without_its_list_is_empty_only_if_nothing_else_is_there() {
        let read = |body: &str| page(CALL, "subscriptions", body.as_bytes(), row);
        assert!(read("{}").unwrap().0.is_empty());
        let (rows, token) = read(r#"{"subscriptions":[{}],"nextToken":"2"}"#).unwrap();
        assert_eq!((rows.len(), token.as_deref()), (1, Some("2")));
        for strange in [
            r#"{"items":[]}"#,
            r#"{"subscriptions":{}}"#,
            "[]",
            "",
            r#"{"nextToken":3}"#,
        ] {
            assert!(read(strange).is_err(), "{strange}");
        }
    }

    #[test]
    fn a_seat_write_names_holder_kind_and_tier() {
        let (user, group) = (UserName::new("a"), GroupName::new("g"));
        assert_eq!(
            assignment(&user.into(), &Id::new("u-1"), Some(Tier::ProPlus)).to_string(),
            r#"{"principalId":"u-1","principalType":"USER","subscriptionType":"Q_DEVELOPER_STANDALONE_PRO_PLUS"}"#
        );
        assert_eq!(
            assignment(&group.into(), &Id::new("g-1"), None).to_string(),
            r#"{"principalId":"g-1","principalType":"GROUP"}"#
        );
    }

    #[test]
    fn kiro_s_application_is_known_by_its_provider_or_its_name() {
        assert!(is_kiro_application(
            Some("arn:aws:sso::aws:applicationProvider/codewhisperer"),
            None
        ));
        assert!(is_kiro_application(None, Some("KiroProfile-us-east-1")));
        assert!(is_kiro_application(None, Some("QDevProfile-us-east-1")));
        assert!(!is_kiro_application(
            Some("arn:aws:sso::aws:applicationProvider/custom"),
            Some("Jira")
        ));
    }
}
