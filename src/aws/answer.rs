//! What an answer that is an error says, read once for everybody: retries, pacing and [`Failure`](super::Failure).
//!
//! Kiro answers HTTP 400 for most errors, throttling included, so only the error's name counts and never the status
//! (facts page, section 3). The published services say the same things in the same places.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::request_id::RequestId;
use serde_json::Value;
use std::time::Duration;

/// The longest that a server's own wish for a pause is heeded; a longer one would look like a hang.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// An error answer's parts, where they are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The bare error name, such as `ConflictException`.
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    /// `Reason`, such as `UNIQUENESS_CONSTRAINT_VIOLATION`.
    pub(super) reason: Option<String>,
    pub(super) request_id: Option<String>,
    /// How long the server wants to be left alone.
    pub(super) pause: Option<Duration>,
}

impl Answer {
    /// Reads headers and a JSON body; another body leaves the parts empty.
    pub(super) fn of(response: &HttpResponse) -> Self {
        let body = response.body().bytes().unwrap_or_default();
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |keys: &[&str]| {
            let mut values = keys.iter().filter_map(|key| body.get(*key)?.as_str());
            values.next().map(str::to_owned)
        };
        let header = |name: &str| response.headers().get(name);
        let code = header("x-amzn-errortype").map(str::to_owned);
        let code = code.or_else(|| text(&["__type", "code", "Code"]));
        let seconds = |text: &str| text.trim().parse().ok().map(Duration::from_secs);
        let pause = header("retry-after")
            .and_then(seconds)
            .or_else(|| {
                let millis = header("x-amz-retry-after")?.trim().parse().ok()?;
                Some(Duration::from_millis(millis))
            })
            .or_else(|| {
                let wish = body.get("RetryAfterSeconds")?;
                wish.as_u64().map(Duration::from_secs)
            });
        Self {
            status: response.status().as_u16(),
            code: code.map(|code| bare(&code).to_owned()),
            message: text(&["message", "Message"]),
            reason: text(&["Reason", "reason"]),
            request_id: response
                .request_id()
                .map(str::to_owned)
                .or_else(|| text(&["RequestId", "requestId"])),
            pause: pause.map(|pause| pause.min(LONGEST_PAUSE)),
        }
    }

    /// Refused for being too fast: nothing was done, and doing it later is right.
    pub(super) fn is_throttling(&self) -> bool {
        self.status == 429 || self.code.as_deref().is_some_and(is_throttling_code)
    }
}

/// The names under which AWS throttles. `LimitExceededException` is not among them, though the SDK counts it: a full
/// quota does not empty by waiting.
pub(super) fn is_throttling_code(code: &str) -> bool {
    matches!(
        code,
        "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "RequestLimitExceeded"
            | "TooManyRequestsException"
            | "SlowDown"
    )
}

/// `com.amazon.kiro.controlplane#AccessDeniedException:http://…` without what surrounds the name.
fn bare(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, name)| name);
    code.split_once(':').map_or(code, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    fn response(status: u16, headers: &[(&'static str, &'static str)], body: &str) -> HttpResponse {
        let status = StatusCode::try_from(status).unwrap();
        let mut response = HttpResponse::new(status, SdkBody::from(body));
        for (name, value) in headers {
            response.headers_mut().insert(*name, *value);
        }
        response
    }

    #[test]
    fn the_name_is_read_from_the_header_or_the_body_and_freed_of_its_surroundings() {
        for (headers, body, code) in [
            (
                &[][..],
                r#"{"__type":"com.amazon.kiro.controlplane#AccessDeniedException"}"#,
                Some("AccessDeniedException"),
            ),
            (
                &[("x-amzn-errortype", "ConflictException:http://internal/")][..],
                r#"{"__type":"Other"}"#,
                Some("ConflictException"),
            ),
            (&[][..], "<html>bad gateway</html>", None),
            (&[][..], "", None),
        ] {
            assert_eq!(
                Answer::of(&response(400, headers, body)).code.as_deref(),
                code
            );
        }
    }

    #[test]
    fn a_wish_for_a_pause_is_heeded_wherever_it_stands_but_not_for_long() {
        let seconds = Duration::from_secs;
        for (headers, body, pause) in [
            (&[("retry-after", "3")][..], "", Some(seconds(3))),
            (
                &[("x-amz-retry-after", "1500")][..],
                "",
                Some(Duration::from_millis(1500)),
            ),
            (&[][..], r#"{"RetryAfterSeconds":2}"#, Some(seconds(2))),
            (&[("retry-after", "86400")][..], "", Some(LONGEST_PAUSE)),
            (&[("retry-after", "soon")][..], "{}", None),
        ] {
            assert_eq!(Answer::of(&response(429, headers, body)).pause, pause);
        }
    }

    #[test]
    fn throttling_is_told_by_its_name_and_429_by_itself() {
        let throttled = |status, body| Answer::of(&response(status, &[], body)).is_throttling();
        assert!(throttled(429, ""));
        assert!(throttled(400, r#"{"__type":"a.b#ThrottlingException"}"#));
        assert!(!throttled(400, r#"{"__type":"LimitExceededException"}"#));
        assert!(!throttled(503, ""));
    }
}
