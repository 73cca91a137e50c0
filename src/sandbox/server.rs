//! HTTP: every service on one port, told apart by `X-Amz-Target`, and a few paths of the sandbox's own.

use super::answer::Refusal;
use super::calls::{Call, Log};
use super::faults::{Faults, Mischief, Verdict};
use super::file::Save;
use super::signature::{self, Signed};
use super::world::{SERVICES, World, caller_identity, error_body, writes};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use tokio::sync::oneshot;

/// What all requests share.
pub(super) struct Shared {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) mischief: Mutex<Mischief>,
    pub(super) log: Mutex<Option<Log>>,
    pub(super) saver: Option<mpsc::Sender<Save>>,
    pub(super) requests: AtomicU64,
}

/// A request that panicked has left the state as it was: it is changed only by what cannot fail.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The routes.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", post(call))
        .route("/sandbox/clock", get(clock).post(set_clock))
        .route("/sandbox/sign-in", post(sign_in))
        .route("/sandbox/faults", post(set_faults))
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
    let Some(service) = service else {
        let unknown = Refusal::new(
            "UnknownOperationException",
            format!("unknown target {prefix}"),
        );
        return refused(&unknown, prefix, &id);
    };
    let latency = locked(&shared.mischief).latency();
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let signed = match signature::check(&headers, service) {
        Ok(signed) => signed,
        Err(refusal) => {
            note(
                &shared,
                None,
                (service, operation),
                &Value::Null,
                String::new(),
                Some(&refusal),
            );
            return refused(&refusal, prefix, &id);
        }
    };
    let Ok(input) = serde_json::from_slice::<Value>(if body.is_empty() { b"{}" } else { &body })
    else {
        return refused(
            &Refusal::new("SerializationException", "The body is no JSON."),
            prefix,
            &id,
        );
    };
    let verdict = locked(&shared.mischief).verdict(service, operation, writes(operation));
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
    let account = locked(&shared.world).account_of(&signed.access_key);
    let key = locked(&shared.world).key(&account, &input);
    if let Some(refusal) = stopped {
        note(
            &shared,
            Some(&signed),
            (service, operation),
            &input,
            key,
            Some(&refusal),
        );
        return refused(&refusal, prefix, &id);
    }
    if verdict == (Verdict::Dropped { after: false }) {
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
    if let Err(refusal) = durable(saved).await {
        return refused(&refusal, prefix, &id);
    }
    note(
        &shared,
        Some(&signed),
        (service, operation),
        &input,
        key,
        answer.as_ref().err(),
    );
    match (verdict, answer) {
        (Verdict::Dropped { .. }, _) => dropped(),
        (
            Verdict::Error {
                status,
                code,
                message,
                ..
            },
            Ok(_),
        ) => refused(&made_up(status, &code, &message), prefix, &id),
        (_, Ok(answer)) => json_response(StatusCode::OK, prefix, &answer, &id),
        (_, Err(refusal)) => refused(&refusal, prefix, &id),
    }
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
    let call = ("sts", "GetCallerIdentity");
    match signature::check(headers, "sts") {
        Ok(signed) => {
            let account = locked(&shared.world).account_of(&signed.access_key);
            note(
                shared,
                Some(&signed),
                call,
                &Value::Null,
                String::new(),
                None,
            );
            xml(StatusCode::OK, caller_identity(&account))
        }
        Err(refusal) => {
            let code = refusal.code.trim_end_matches("Exception");
            let message = refusal.body["message"].as_str().unwrap_or_default();
            let text = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
                 <RequestId>{id}</RequestId></ErrorResponse>"
            );
            note(
                shared,
                None,
                call,
                &Value::Null,
                String::new(),
                Some(&refusal),
            );
            xml(StatusCode::FORBIDDEN, text)
        }
    }
}

/// Asks the thread that saves.
fn save(shared: &Shared) -> Option<oneshot::Receiver<Result<(), String>>> {
    let saver = shared.saver.as_ref()?;
    let (done, saved): (Save, _) = oneshot::channel();
    saver.send(done).ok()?;
    Some(saved)
}

async fn durable(saved: Option<oneshot::Receiver<Result<(), String>>>) -> Result<(), Refusal> {
    let Some(saved) = saved else { return Ok(()) };
    let lost = |why: String| Refusal::new("InternalServerException", why).status(500);
    match saved.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(lost(format!("the sandbox cannot save its state: {why}"))),
        Err(_) => Err(lost("the sandbox is closing".into())),
    }
}

fn note(
    shared: &Shared,
    signed: Option<&Signed>,
    (service, operation): (&str, &str),
    input: &Value,
    key: String,
    refusal: Option<&Refusal>,
) {
    let world = locked(&shared.world);
    let account = signed
        .map(|signed| world.account_of(&signed.access_key))
        .unwrap_or_default();
    let key = if key.is_empty() {
        world.key(&account, input)
    } else {
        key
    };
    let call = Call {
        at: world.now(),
        account: &account,
        service,
        region: signed.map_or("", |signed| &signed.region),
        operation,
        key,
        status: refusal.map_or(200, |refusal| refusal.status),
        error: refusal.map(|refusal| refusal.code),
    };
    if let Some(log) = locked(&shared.log).as_mut() {
        log.add(&call);
    }
}

fn throttled(prefix: &str, after: Option<u64>) -> Refusal {
    let mut refusal = Refusal::new("ThrottlingException", "Rate exceeded");
    if prefix.contains("QDeveloper") {
        refusal = refusal.status(429);
    }
    match after {
        Some(seconds) => refusal.with("RetryAfterSeconds", json!(seconds)),
        None => refusal,
    }
}

/// An error that a fault asks for; its name is leaked once for each, which a test double can bear.
fn made_up(status: u16, code: &str, message: &str) -> Refusal {
    let code: &'static str = Box::leak(code.to_owned().into_boxed_str());
    Refusal::new(code, message).status(status)
}

fn refused(refusal: &Refusal, prefix: &str, id: &str) -> Response {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    json_response(status, prefix, &error_body(refusal, prefix), id)
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

async fn clock(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    axum::Json(json!({ "now": locked(&shared.world).now().to_string() }))
}

async fn set_clock(
    State(shared): State<Arc<Shared>>,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let now = body["now"]
        .as_str()
        .and_then(|text| text.parse::<Timestamp>().ok());
    let Some(now) = now else {
        return (
            StatusCode::BAD_REQUEST,
            "give {\"now\": \"2026-12-01T00:00:00Z\"}",
        )
            .into_response();
    };
    let saved = {
        let mut world = locked(&shared.world);
        world.move_clock(now);
        save(&shared)
    };
    told(saved).await
}

async fn sign_in(
    State(shared): State<Arc<Shared>>,
    axum::Json(body): axum::Json<Value>,
) -> Response {
    let name = body["user"].as_str().unwrap_or_default();
    let saved = {
        let mut world = locked(&shared.world);
        let account = body["account"]
            .as_str()
            .map_or_else(|| world.account_of(""), str::to_owned);
        let done = world
            .org(&account)
            .and_then(|org| super::kiro::sign_in(org, name));
        if done.is_err() {
            return (StatusCode::NOT_FOUND, "no such user").into_response();
        }
        save(&shared)
    };
    told(saved).await
}

async fn set_faults(
    State(shared): State<Arc<Shared>>,
    axum::Json(faults): axum::Json<Faults>,
) -> Response {
    *locked(&shared.mischief) = Mischief::new(faults);
    StatusCode::NO_CONTENT.into_response()
}

async fn told(saved: Option<oneshot::Receiver<Result<(), String>>>) -> Response {
    match durable(saved).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
