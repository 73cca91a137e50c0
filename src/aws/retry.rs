//! What the SDK tries again by itself. Throttling always, because nothing was done; an unanswered call only where
//! doing it twice is the same as doing it once. Everything else goes back to the caller, who looks before trying again:
//! a second CreateUser after a lost answer would meet its own user and call it a conflict.

use super::answer::Answer;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_types::retry::RetryConfig;
use std::time::Duration;

/// Attempts of one call. The pacer slows within a second or two, so that two or three attempts do against throttling;
/// ten, with pauses that grow to 20 seconds, outlast somebody else eating up the whole quota for about a minute.
const ATTEMPTS: u32 = 10;

/// Attempts of the calls that open a session, within four seconds: a mistyped endpoint should not take a minute to find.
const OPENING_ATTEMPTS: u32 = 5;

pub(super) fn patient() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(ATTEMPTS)
        .with_initial_backoff(Duration::from_millis(250))
        .with_max_backoff(Duration::from_secs(20))
}

pub(super) fn brisk() -> RetryConfig {
    patient().with_max_attempts(OPENING_ATTEMPTS)
}

/// The SDK's own bucket of 500 tokens runs dry in bulk work and then gives up at the first throttling; ours has no
/// bottom, because the pacer sees to the rate.
pub(super) fn partition() -> RetryPartition {
    RetryPartition::custom("kiroster")
        .token_bucket(TokenBucket::unlimited())
        .build()
}

/// Knows throttling that the SDK does not: a bare 429, and the names of the unpublished services.
#[derive(Debug)]
pub(super) struct Throttling;

impl ClassifyRetry for Throttling {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(answer) = error_answer(context) else {
            return RetryAction::NoActionIndicated;
        };
        match answer.code.as_deref() {
            _ if answer.is_throttling() => RetryAction::throttling_error(),
            Some("LimitExceededException") => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "throttling, by status 429 or by name"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}

/// For calls that may not be made twice unseen: of all that can go wrong, only throttling is tried again.
#[derive(Debug)]
pub(super) struct NothingButThrottling;

impl ClassifyRetry for NothingButThrottling {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match error_answer(context) {
            Some(answer) if answer.is_throttling() => RetryAction::throttling_error(),
            _ if context.is_failed() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "nothing but throttling"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(Throttling.priority())
    }
}

fn error_answer(context: &InterceptorContext) -> Option<Answer> {
    let response = context.response()?;
    (!response.status().is_success()).then(|| Answer::of(response))
}
