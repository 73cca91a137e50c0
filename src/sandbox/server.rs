//! HTTP: every service on one port, told apart by `X-Amz-Target`, and a few paths of the sandbox's own.

use super::answer::Refusal;
use super::calls::Call;
use super::faults::Verdict;
use super::own;
use super::shared::{Shared, durable, locked, save};
use super::signature::{self, Signed};
use super::world::{SERVICES, caller_identity, error_body, writes};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The routes.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/sandbox/clock", get(own::clock).post(own::set_clock))
        .route("/sandbox/sign-in", post(own::sign_in))
        .route("/sandbox/faults", post(own::set_faults))
        .with_state(shared)
}

async fn call(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok());
    let target = target.and_then(|target| target.split_once('.'));
    let request = shared.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let id = format!("sandbox-{request:08}");
    let Some((prefix, operation)) = target else {
        return sts(&shared, &headers, &body, &id);
    };
    let service = SERVICES
        .iter()
        .find(|(known, _)| *known == prefix)
        .map(|(_, service)| *service);
    let mut asked = Asked {
        signed: None,
        service: service.unwrap_or(prefix),
        operation,
        key: String::new(),
    };
    let (signed, input) = match read(&headers, &body, service) {
        Ok(read) => read,
        Err(refusal) => {
            note(&shared, &asked, Told::Refused(&refusal), false);
            return refused(&refusal, prefix, &id);
        }
    };
    let account = locked(&shared.world).account_of(&signed.access_key);
    asked.key = locked(&shared.world).key(&account, &input);
    asked.signed = Some(&signed);
    let (verdict, latency) =
        locked(&shared.mischief).verdict(asked.service, operation, &asked.key, writes(operation));
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let stopped = match &verdict {
        Verdict::Throttled(after) => Some(throttled(prefix, *after)),
        Verdict::Error {
            after: false,
            status,
            code,
            message,
        } => Some(made_up(*status, code, message)),
        _ => None,
    };
    if let Some(refusal) = stopped {
        note(&shared, &asked, Told::Refused(&refusal), false);
        return refused(&refusal, prefix, &id);
    }
    if verdict == (Verdict::Dropped { after: false }) {
        note(&shared, &asked, Told::Nothing, false);
        return dropped();
    }
    let (answer, saved) = {
        let mut world = locked(&shared.world);
        let answer = world.answer(&signed, prefix, operation, &input);
        let saved = match (&answer, writes(operation)) {
            (Ok(_), true) => save(&shared),
            _ => None,
        };
        (answer, saved)
    };
    let answer = durable(saved).await.and(answer);
    let done = answer.is_ok();
    let answer = match verdict {
        Verdict::Dropped { .. } => {
            note(&shared, &asked, Told::Nothing, done);
            return dropped();
        }
        Verdict::Error {
            status,
            code,
            message,
            ..
        } => answer.and_then(|_| Err(made_up(status, &code, &message))),
        Verdict::Fine | Verdict::Throttled(_) => answer,
    };
    match answer {
        Ok(answer) => {
            note(&shared, &asked, Told::Answer, false);
            json_response(StatusCode::OK, prefix, &answer, &id)
        }
        Err(refusal) => {
            note(&shared, &asked, Told::Refused(&refusal), done);
            refused(&refusal, prefix, &id)
        }
    }
}

/// Who asks, and for what.
fn read(
    headers: &HeaderMap,
    body: &Bytes,
    service: Option<&str>,
) -> Result<(Signed, Value), Refusal> {
    let unknown = || Refusal::new("UnknownOperationException", "The service is not known.");
    let signed = signature::check(headers, service.ok_or_else(unknown)?)?;
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    let input = serde_json::from_slice(body);
    let input = input.ok().filter(Value::is_object);
    let input = input
        .ok_or_else(|| Refusal::new("SerializationException", "The body is no JSON object."))?;
    Ok((signed, input))
}

fn sts(shared: &Shared, headers: &HeaderMap, body: &Bytes, id: &str) -> Response {
    let form = String::from_utf8_lossy(body);
    if !form
        .split('&')
        .any(|pair| pair == "Action=GetCallerIdentity")
    {
        return StatusCode::NOT_FOUND.into_response();
    }
    let xml = |status: StatusCode, text: String| {
        let kind = (header::CONTENT_TYPE, "text/xml".to_owned());
        (status, [kind], [("x-amzn-requestid", id.to_owned())], text).into_response()
    };
    let mut asked = Asked {
        signed: None,
        service: "sts",
        operation: "GetCallerIdentity",
        key: String::new(),
    };
    match signature::check(headers, "sts") {
        Ok(signed) => {
            let account = locked(&shared.world).account_of(&signed.access_key);
            asked.signed = Some(&signed);
            note(shared, &asked, Told::Answer, false);
            xml(StatusCode::OK, caller_identity(&account))
        }
        Err(refusal) => {
            let code = refusal.code.trim_end_matches("Exception");
            let message = refusal.body["message"].as_str().unwrap_or_default();
            let text = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>{id}</RequestId></ErrorResponse>"
            );
            note(shared, &asked, Told::Refused(&refusal), false);
            xml(StatusCode::FORBIDDEN, text)
        }
    }
}

/// A call, as the log names it.
struct Asked<'a> {
    signed: Option<&'a Signed>,
    service: &'a str,
    operation: &'a str,
    key: String,
}

/// What the caller hears.
#[derive(Clone, Copy)]
enum Told<'a> {
    Answer,
    Refused(&'a Refusal),
    Nothing,
}

fn note(shared: &Shared, asked: &Asked, told: Told, done: bool) {
    let world = locked(&shared.world);
    let account = asked
        .signed
        .map(|signed| world.account_of(&signed.access_key))
        .unwrap_or_default();
    let (status, error) = match told {
        Told::Answer => (200, None),
        Told::Refused(refusal) => (refusal.status, Some(refusal.code.as_ref())),
        Told::Nothing => (0, Some("dropped")),
    };
    let call = Call {
        at: world.now(),
        account: &account,
        service: asked.service,
        region: asked.signed.map_or("", |signed| &signed.region),
        operation: asked.operation,
        key: asked.key.clone(),
        status,
        error,
        done,
    };
    drop(world);
    locked(&shared.log).add(&call);
}

fn throttled(prefix: &str, after: Option<u64>) -> Refusal {
    let mut refusal = Refusal::new("ThrottlingException", "Rate exceeded");
    if prefix.contains("QDeveloper") {
        refusal.retry_after = after;
        return refusal.status(429);
    }
    match after {
        Some(seconds) => refusal.with("RetryAfterSeconds", json!(seconds)),
        None => refusal,
    }
}

/// An error that a fault asks for.
fn made_up(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::new(code.to_owned(), message).status(status)
}

fn refused(refusal: &Refusal, prefix: &str, id: &str) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json_response(status, prefix, &error_body(refusal, prefix), id);
    if let Some(seconds) = refusal.retry_after {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn json_response(status: StatusCode, prefix: &str, body: &Value, id: &str) -> Response {
    let kind = match prefix {
        "AWSIdentityStore" | "SWBExternalService" => "application/x-amz-json-1.1",
        _ => "application/x-amz-json-1.0",
    };
    let headers = [
        (header::CONTENT_TYPE.as_str(), kind),
        ("x-amzn-requestid", id),
    ];
    (status, headers, body.to_string()).into_response()
}

/// Closes the connection in the middle of an answer.
fn dropped() -> Response {
    let broken = futures_util::stream::once(async {
        Err::<Bytes, std::io::Error>(std::io::ErrorKind::ConnectionReset.into())
    });
    Response::builder()
        .header(header::CONTENT_LENGTH, "100")
        .body(axum::body::Body::from_stream(broken))
        .unwrap_or_default()
}
