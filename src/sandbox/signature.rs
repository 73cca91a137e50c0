//! Is each request signed for the right service and region, and today? The signature's own bytes are not checked: the
//! sandbox knows no secret.

use super::answer::Refusal;
use axum::http::HeaderMap;
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// What a signature says.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) access_key: String,
    pub(super) region: String,
}

/// Clocks may differ by this much.
const SKEW_MINUTES: i64 = 15;

/// Reads and checks the `Authorization` header.
pub(super) fn check(headers: &HeaderMap, service: &str) -> Result<Signed, Refusal> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if !headers.contains_key("authorization") {
        let missing = "MissingAuthenticationTokenException";
        return Err(Refusal::new(missing, "Missing Authentication Token").status(403));
    }
    let malformed = |what: &str| {
        Refusal::new(
            "IncompleteSignatureException",
            format!("Authorization header is malformed: {what}"),
        )
        .status(403)
    };
    let parts = header("authorization")
        .and_then(|authorization| authorization.strip_prefix("AWS4-HMAC-SHA256"))
        .ok_or_else(|| malformed("algorithm"))?;
    let part = |name: &str| {
        parts
            .split(',')
            .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let credential = part("Credential").ok_or_else(|| malformed("Credential"))?;
    part("SignedHeaders").ok_or_else(|| malformed("SignedHeaders"))?;
    let signature = part("Signature").ok_or_else(|| malformed("Signature"))?;
    if signature.len() != 64 || !signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(malformed("Signature"));
    }
    let scope: Vec<&str> = credential.rsplitn(5, '/').collect();
    let [terminator, said_service, region, date, access_key] = scope.as_slice() else {
        return Err(malformed("Credential"));
    };
    let wrong = |what: &str| {
        Refusal::new(
            "InvalidSignatureException",
            format!("Credential should be scoped {what}"),
        )
        .status(403)
    };
    if *terminator != "aws4_request" {
        return Err(wrong("with a valid terminator: 'aws4_request'."));
    }
    if *said_service != service {
        return Err(wrong(&format!("to correct service: '{service}'.")));
    }
    let time = header("x-amz-date").ok_or_else(|| malformed("no x-amz-date"))?;
    if time.get(..8) != Some(*date) {
        return Err(wrong("to a valid date: it is not that of x-amz-date."));
    }
    let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", time)
        .ok()
        .and_then(|time| TimeZone::UTC.to_timestamp(time).ok())
        .ok_or_else(|| malformed("x-amz-date"))?;
    let skew = Timestamp::now().duration_since(signed_at).as_mins().abs();
    if skew > SKEW_MINUTES {
        return Err(Refusal::new(
            "InvalidSignatureException",
            format!("Signature expired: {time} is more than {SKEW_MINUTES} minutes off."),
        )
        .status(403));
    }
    Ok(Signed {
        access_key: (*access_key).into(),
        region: (*region).into(),
    })
}

/// The region that a service is asked in must be the one that has it.
pub(super) fn check_region(signed: &Signed, expected: &str) -> Result<(), Refusal> {
    match signed.region == expected {
        true => Ok(()),
        false => Err(Refusal::new(
            "InvalidSignatureException",
            format!(
                "Credential should be scoped to a valid region: '{expected}', not '{}'.",
                signed.region
            ),
        )
        .status(403)),
    }
}
