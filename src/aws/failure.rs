//! A call that failed, sorted by what can be done about it.

use super::answer::{Answer, is_throttling_code};
use crate::model::visible;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use std::error::Error as StdError;
use std::fmt;

/// What is called: a service by its IAM prefix, and the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// IAM's name of the service, such as `identitystore`.
    pub service: &'static str,
    /// Such as `CreateUser`.
    pub operation: &'static str,
}

impl fmt::Display for Call {
    /// As IAM writes it: `identitystore:CreateUser`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.service, self.operation)
    }
}

/// Why a call did not do what it was for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What can be done about it.
    pub kind: FailureKind,
    /// What was called.
    pub call: Call,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// AWS's name for the error.
    pub code: Option<String>,
    /// What AWS said, or why nothing was heard; safe to show.
    pub message: String,
    /// For AWS's support.
    pub request_id: Option<String>,
    /// For [`FailureKind::Conflict`], what with.
    pub conflict: Option<Conflict>,
}

/// By remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Something stands against it; see [`Conflict`].
    Conflict,
    /// What it was about is not there.
    NotFound,
    /// These credentials, or this account, may not: the next call of the kind will hear the same.
    Denied,
    /// Throttled for longer than it was worth waiting.
    Throttled,
    /// The credentials are missing, wrong or no longer good: nothing more can be done with them.
    Expired,
    /// No answer, or an answer from which nobody can tell whether it was done. Look before trying again.
    Unanswered,
    /// AWS does not take the values.
    Invalid,
    /// Something else.
    Other,
}

/// What a conflict is with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Another object's user name, e-mail address, display name or membership. AWS does not say which.
    Uniqueness,
    /// Somebody else's change: the revision has moved.
    Concurrent,
    /// The state of a seat.
    Seat,
    /// AWS did not say.
    Unclear,
}

impl Failure {
    /// Whether the object must be looked at before anybody can say what happened.
    pub fn is_doubtful(&self) -> bool {
        matches!(self.kind, FailureKind::Conflict | FailureKind::Unanswered)
    }

    /// Whether IAM refuses these credentials, and nothing is said of the account. These are IAM's own words, of every
    /// service; Kiro's, of a whole account, are "Your account is not authorized to make this call."
    pub fn is_by_iam(&self) -> bool {
        self.kind == FailureKind::Denied && self.message.contains("not authorized to perform")
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<String> {
        let action = self.call;
        Some(match self.kind {
            FailureKind::Denied if self.call.service == "q" && !self.is_by_iam() => {
                KIRO_REFUSES.to_owned()
            }
            // AWS says why; whoever else is on the way does not.
            FailureKind::Denied if self.code.is_none() => format!(
                "HTTP 403 without a reason comes from a proxy or firewall on the way, from an endpoint of another \
                 region, or from an organization's policy; else the caller needs the permission `{action}`. \
                 `kiroster doctor` asks for each"
            ),
            FailureKind::Denied => format!("the caller needs the permission `{action}`"),
            FailureKind::Expired => {
                "sign in again, for example with `aws sso login`, or choose other credentials with `--profile`"
                    .to_owned()
            }
            FailureKind::Throttled => {
                "somebody else may be using up the quota; try again later, or with a lower `--max-rps`".to_owned()
            }
            FailureKind::Unanswered => {
                "it may have been done all the same; running the same command again finds out".to_owned()
            }
            _ => return None,
        })
    }

    pub(super) fn of<E>(call: Call, error: SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let answer = error.raw_response().map(Answer::of);
        let (kind, code, message) = match &error {
            SdkError::ServiceError(refused) => {
                let answer = answer.clone().unwrap_or_default();
                let meta = refused.err().meta();
                let code = answer
                    .code
                    .clone()
                    .or_else(|| meta.code().map(str::to_owned));
                let message = answer
                    .message
                    .clone()
                    .or_else(|| meta.message().map(str::to_owned));
                (kind_of(&answer, code.as_deref()), code, message)
            }
            // Cut off, or not to be understood: what was asked may have been done.
            SdkError::ResponseError(_) | SdkError::TimeoutError(_) => {
                (FailureKind::Unanswered, None, None)
            }
            SdkError::DispatchFailure(lost) => match source::<CredentialsError>(&error) {
                Some(missing) => (FailureKind::Expired, None, Some(on_one_line(missing))),
                None if lost.is_user() => (FailureKind::Other, None, None),
                None => (FailureKind::Unanswered, None, None),
            },
            _ => (FailureKind::Other, None, None),
        };
        let message = match (message, &code) {
            (Some(message), _) => message,
            (None, Some(_)) => String::new(),
            (None, None) => match &answer {
                Some(answer) if !(200..300).contains(&answer.status) => {
                    format!("HTTP {}", answer.status)
                }
                _ => chain(&error),
            },
        };
        let request_id = error.request_id().map(str::to_owned);
        Self {
            kind,
            call,
            status: answer.as_ref().map(|answer| answer.status),
            code: code.map(|code| visible(&code).into_owned()),
            message: visible(without_canonical_text(&message)).into_owned(),
            request_id: request_id.or_else(|| answer.as_ref()?.request_id.clone()),
            conflict: (kind == FailureKind::Conflict)
                .then(|| conflict(call, answer.as_ref().and_then(|a| a.reason.as_deref()))),
        }
    }

    /// For an operation of Identity Store.
    pub(super) fn in_store<E>(operation: &'static str) -> impl Fn(SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        let service = "identitystore";
        move |error| Self::of(Call { service, operation }, error)
    }

    /// An answer that says it went well and makes no sense.
    pub(super) fn unclear(call: Call, message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Other,
            call,
            status: None,
            code: None,
            message: visible(&message.into()).into_owned(),
            request_id: None,
            conflict: None,
        }
    }
}

/// The four causes of a refused seat write (facts page, section 3), most frequent first.
const KIRO_REFUSES: &str = "four things are known to cause this: Kiro is not set up in this account (open the Kiro \
console once); AWS has blocked the account for Kiro (only a support case helps; give them the request id); an IAM action \
is missing (`q:*Assignment`, `user-subscriptions:*Claim`, `sso:DescribeApplication`, `sso:*ApplicationAssignment`); or the \
seat waits for its holder's first sign-in. Where Kiro lives in another account, see `--kiro-profile`; where only the \
newer endpoint takes seats, `--kiro-endpoint`; `kiroster doctor` tries both";

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.call)?;
        if let Some(code) = &self.code {
            write!(f, ": {code}")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request id {})", visible(id))?;
        }
        Ok(())
    }
}

impl StdError for Failure {}

fn kind_of(answer: &Answer, code: Option<&str>) -> FailureKind {
    let Some(code) = code else {
        return match answer.status {
            429 => FailureKind::Throttled,
            401 | 403 => FailureKind::Denied,
            404 => FailureKind::NotFound,
            408 | 500.. => FailureKind::Unanswered,
            _ => FailureKind::Other,
        };
    };
    match code {
        _ if answer.status == 429 || is_throttling_code(code) => FailureKind::Throttled,
        "ConflictException" => FailureKind::Conflict,
        "ResourceNotFoundException" => FailureKind::NotFound,
        "AccessDeniedException"
        | "AccessDenied"
        | "UnauthorizedException"
        | "ForbiddenException"
        | "NotAuthorizedException" => FailureKind::Denied,
        "ValidationException" | "InvalidParameterException" | "SerializationException" => {
            FailureKind::Invalid
        }
        "ExpiredToken"
        | "ExpiredTokenException"
        | "UnrecognizedClientException"
        | "InvalidClientTokenId"
        | "InvalidAccessKeyId"
        | "InvalidToken"
        | "InvalidSignatureException"
        | "SignatureDoesNotMatch"
        | "IncompleteSignature"
        | "IncompleteSignatureException"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "RequestExpired" => FailureKind::Expired,
        "RequestTimeout" | "RequestTimeoutException" => FailureKind::Unanswered,
        _ if answer.status >= 500 => FailureKind::Unanswered,
        _ => FailureKind::Other,
    }
}

fn conflict(call: Call, reason: Option<&str>) -> Conflict {
    match reason {
        Some("UNIQUENESS_CONSTRAINT_VIOLATION") => Conflict::Uniqueness,
        Some("CONCURRENT_MODIFICATION") => Conflict::Concurrent,
        _ if call.service == "q" => Conflict::Seat,
        _ => Conflict::Unclear,
    }
}

/// What lies behind an error of the SDK, each part once; the error itself only says that there is something.
fn chain(error: &dyn StdError) -> String {
    let mut behind = error.source();
    let mut said = match behind {
        Some(error) => error.to_string(),
        None => error.to_string(),
    };
    while let Some(error) = behind {
        let more = error.to_string();
        if !said.contains(&more) {
            said = format!("{said}: {more}");
        }
        behind = error.source();
    }
    without_request(&said)
}

/// A request that could not even be addressed is shown whole by the SDK, headers and all.
fn without_request(said: &str) -> String {
    match (said.find(" to request `"), said.rfind("`: ")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", &said[..start], &said[end + 1..])
        }
        _ => said.to_owned(),
    }
}

/// What each place says where credentials were looked for, without the refrain.
fn on_one_line(missing: &CredentialsError) -> String {
    let said = match missing.source() {
        Some(_) => chain(missing),
        None => missing.to_string(),
    };
    let said = said.replace("the credential provider was not enabled: ", "");
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    lines.join("; ").replacen("Attempted:;", "Looked at:", 1)
}

/// The error of this type behind `error`.
pub(super) fn source<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// A refused signature is answered with the text that should have been signed, session token and all.
fn without_canonical_text(message: &str) -> &str {
    let end = message.find("The Canonical String");
    message[..end.unwrap_or(message.len())].trim_end()
}
