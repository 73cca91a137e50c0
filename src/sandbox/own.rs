//! The sandbox's own paths: what no call to AWS can do, such as letting a month pass.

use super::faults::Mischief;
use super::shared::{Shared, durable, locked, save};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::oneshot;

/// `GET /sandbox/clock`.
pub(super) async fn clock(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    axum::Json(json!({ "now": locked(&shared.world).now().to_string() }))
}

/// `POST /sandbox/clock`: moves it, and with it the billing month.
pub(super) async fn set_clock(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let clock: Clock = match sent(&body, "{\"now\": \"2026-12-01T00:00:00Z\"}") {
        Ok(clock) => clock,
        Err(wrong) => return wrong.into_response(),
    };
    let saved = {
        let mut world = locked(&shared.world);
        world.move_clock(clock.now);
        save(&shared)
    };
    told(saved).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    now: Timestamp,
}

/// `POST /sandbox/sign-in`: a person's first sign-in to Kiro.
pub(super) async fn sign_in(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let person: Person = match sent(&body, "{\"user\": \"jdoe\", \"account\": \"111122223333\"}") {
        Ok(person) => person,
        Err(wrong) => return wrong.into_response(),
    };
    let saved = {
        let mut world = locked(&shared.world);
        let account = person.account.unwrap_or_else(|| world.account_of(""));
        let done = world
            .org(&account)
            .and_then(|org| super::kiro::sign_in(org, &person.user));
        if done.is_err() {
            return (StatusCode::NOT_FOUND, "no such user\n").into_response();
        }
        save(&shared)
    };
    told(saved).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    user: String,
    account: Option<String>,
}

/// `POST /sandbox/faults`: from now on, these go wrong.
pub(super) async fn set_faults(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    match sent(&body, "{\"latency_ms\": 50}") {
        Ok(faults) => {
            *locked(&shared.mischief) = Mischief::new(faults);
            StatusCode::NO_CONTENT.into_response()
        }
        Err(wrong) => wrong.into_response(),
    }
}

/// The body of one of the sandbox's own paths, whatever its content type: people send these by hand.
fn sent<T: DeserializeOwned>(body: &Bytes, example: &str) -> Result<T, (StatusCode, String)> {
    serde_json::from_slice(body).map_err(|wrong| {
        let text = format!("{wrong}; give something like {example}\n");
        (StatusCode::BAD_REQUEST, text)
    })
}

async fn told(saved: Option<oneshot::Receiver<Result<(), String>>>) -> Response {
    match durable(saved).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
