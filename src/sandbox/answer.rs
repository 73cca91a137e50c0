//! What an operation answers: a JSON object, or an error in AWS's shape.

use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The result of an operation.
pub(super) type Answer = Result<Value, Refusal>;

/// An error as AWS gives it.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: Cow<'static, str>,
    /// The header `Retry-After`, in seconds.
    pub(super) retry_after: Option<u64>,
    pub(super) body: Map<String, Value>,
}

impl Refusal {
    pub(super) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        let message: String = message.into();
        let mut body = Map::new();
        body.insert("Message".into(), json!(message));
        body.insert("message".into(), json!(message));
        Self {
            status: 400,
            code: code.into(),
            retry_after: None,
            body,
        }
    }

    pub(super) fn with(mut self, member: &str, value: Value) -> Self {
        self.body.insert(member.into(), value);
        self
    }

    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    pub(super) fn unknown(operation: &str) -> Self {
        Self::new(
            "UnknownOperationException",
            format!("unknown operation {operation}"),
        )
    }

    pub(super) fn missing(kind: &str, id: &str) -> Self {
        let message = format!("{kind} not found.");
        Self::new("ResourceNotFoundException", message)
            .with("ResourceType", json!(kind))
            .with("ResourceId", json!(id))
    }

    pub(super) fn conflict(message: &str, reason: &str) -> Self {
        Self::new("ConflictException", message).with("Reason", json!(reason))
    }

    pub(super) fn duplicate(what: &str) -> Self {
        Self::conflict(
            &format!("Duplicate {what}"),
            "UNIQUENESS_CONSTRAINT_VIOLATION",
        )
    }

    pub(super) fn denied(message: &str) -> Self {
        Self::new("AccessDeniedException", message)
    }
}

/// A member that must be there, as a string.
pub(super) fn required<'a>(input: &'a Value, member: &str) -> Result<&'a str, Refusal> {
    input[member].as_str().filter(|text| !text.is_empty()).ok_or_else(|| {
        Refusal::invalid(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
        ))
    })
}
