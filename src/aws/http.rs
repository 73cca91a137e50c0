//! The one HTTP client that everything shares, credentials included, so that connections are reused; and the paces,
//! which every attempt keeps, first or repeated, of the SDK's clients and of ours.
//!
//! The pace is kept inside the connector: there the waiting counts against no time-out, because connecting and reading
//! are timed below it and attempts as a whole are not timed.

use super::answer::Answer;
use super::pacer::Pacer;
use aws_smithy_http_client::{Connector, proxy::ProxyConfig, tls};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use aws_types::request_id::RequestId;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Twenty a second is documented per API and store; evenly spaced, half a call less leaves room for jitter on the way
/// and for clocks that do not agree on how long a second is.
const DOCUMENTED: f64 = 19.5;

/// No limit is known for seat writes; half of what the published services take is where others got along.
const SEAT_WRITES: f64 = 10.0;

/// The range within which a given maximum is a rate at all, and not a way to stand still.
const SANE: (f64, f64) = (0.01, 10_000.0);

/// The header by which these protocols name what is called.
const TARGET: &str = "x-amz-target";

/// The paces of all APIs, each found by what a request calls.
#[derive(Clone, Debug)]
pub(super) struct Paces {
    max_rps: Option<f64>,
    by_api: Arc<Mutex<HashMap<String, Arc<Pacer>>>>,
}

impl Paces {
    /// `max_rps` replaces both where each API starts and its ceiling.
    pub(super) fn new(max_rps: Option<f64>) -> Self {
        Self {
            max_rps: max_rps
                .filter(|rate| rate.is_finite())
                .map(|rate| rate.clamp(SANE.0, SANE.1)),
            by_api: Arc::default(),
        }
    }

    /// The APIs that are called more slowly than they might be, by name, and how often a second.
    pub(super) fn slowed(&self) -> Vec<(String, f64)> {
        let paces = self.by_api.lock().unwrap_or_else(PoisonError::into_inner);
        let slowed = paces.iter().filter(|(_, pacer)| pacer.is_slowed());
        let mut slowed: Vec<_> = slowed
            .map(|(api, pacer)| (api.clone(), pacer.rate()))
            .collect();
        slowed.sort_by(|one, other| one.0.cmp(&other.0));
        slowed
    }

    /// The pacer of what this request calls; requests without a target, such as those for credentials, have none.
    fn of(&self, request: &HttpRequest) -> Option<(String, Arc<Pacer>)> {
        Some(self.called(request.headers().get(TARGET)?))
    }

    fn called(&self, target: &str) -> (String, Arc<Pacer>) {
        let (api, start) = api(target);
        let mut paces = self.by_api.lock().unwrap_or_else(PoisonError::into_inner);
        let pacer = paces.entry(api.to_owned()).or_insert_with(|| {
            let start = self.max_rps.unwrap_or(start);
            let ceiling = self.max_rps.unwrap_or(DOCUMENTED);
            Arc::new(Pacer::new(start, ceiling))
        });
        (api.to_owned(), Arc::clone(pacer))
    }

    /// Waits until `target` may be called.
    pub(super) async fn turn(&self, target: &str) -> Turn {
        let (_, pacer) = self.called(target);
        pacer.turn().await;
        Turn(())
    }
}

/// What is counted together, and the pace at which it starts. Identity Store limits each operation by itself, SSO Admin
/// all of its operations together; Kiro's limits are unknown, its lists are few calls.
fn api(target: &str) -> (&str, f64) {
    match target.split_once('.') {
        Some((service @ "SWBExternalService", _)) => (service, DOCUMENTED),
        Some((service @ ("AmazonQDeveloperService" | "KiroControlPlaneQDeveloperService"), _)) => {
            (service, SEAT_WRITES)
        }
        _ => (target, DOCUMENTED),
    }
}

/// The shared client.
#[derive(Debug)]
pub(super) struct PacedHttp {
    paces: Paces,
    /// For a double on loopback: no TLS, and no proxy, whatever the environment says.
    plain: bool,
    connectors: Mutex<HashMap<Timeouts, SharedHttpConnector>>,
}

type Timeouts = (Option<Duration>, Option<Duration>);

impl PacedHttp {
    pub(super) fn new(paces: Paces, plain: bool) -> Self {
        Self {
            paces,
            plain,
            connectors: Mutex::default(),
        }
    }

    fn connector(&self, settings: &HttpConnectorSettings) -> SharedHttpConnector {
        let connector = Connector::builder().connector_settings(settings.clone());
        if self.plain {
            return SharedHttpConnector::new(connector.build_http());
        }
        let crypto = tls::rustls_provider::CryptoMode::AwsLc;
        let connector = connector.proxy_config(ProxyConfig::from_env());
        SharedHttpConnector::new(
            connector
                .tls_provider(tls::Provider::Rustls(crypto))
                .build(),
        )
    }
}

impl HttpClient for PacedHttp {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let timeouts = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self
            .connectors
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let inner = connectors
            .entry(timeouts)
            .or_insert_with(|| self.connector(settings))
            .clone();
        SharedHttpConnector::new(PacedConnector {
            inner,
            paces: self.paces.clone(),
        })
    }
}

#[derive(Debug)]
struct PacedConnector {
    inner: SharedHttpConnector,
    paces: Paces,
}

impl HttpConnector for PacedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Some((_, pacer)) = self.paces.of(&request) else {
            return self.inner.call(request);
        };
        let inner = self.inner.clone();
        HttpConnectorFuture::new(async move {
            if !TAKEN.try_with(Cell::take).unwrap_or_default() {
                pacer.turn().await;
            }
            inner.call(request).await
        })
    }
}

/// Tells the pacer when an attempt was throttled. Beside the connector and not in it, because only here has the body
/// been read.
#[derive(Debug)]
pub(super) struct ThrottlingTold(pub(super) Paces);

#[dyn_dispatch_hint]
impl Intercept for ThrottlingTold {
    fn name(&self) -> &'static str {
        "throttling is told to the pacer"
    }

    /// The request is gone once it has been sent, so its pacer is noted before.
    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some((api, pacer)) = self.0.of(context.request()) {
            config.interceptor_state().store_put(Paced { api, pacer });
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(Paced { api, pacer }), Some(response)) =
            (config.load::<Paced>(), context.response())
        else {
            return Ok(());
        };
        if let Some(id) = response.request_id() {
            // Outside of `heard`, nobody wants to know.
            let _ = HEARD.try_with(|heard| heard.replace(Some(id.to_owned())));
        }
        if response.status().is_success() {
            return Ok(());
        }
        let answer = Answer::of(response);
        // A bare 503 is an overloaded service: it may have done something, so it is no throttling to retries, but going
        // on at the same pace would not help it.
        if answer.is_throttling() || answer.status == 503 {
            pacer.throttled(answer.pause);
            tracing::debug!(
                api,
                calls_a_second = pacer.rate(),
                "throttled, slowing down"
            );
        }
        Ok(())
    }
}

tokio::task_local! {
    static HEARD: RefCell<Option<String>>;
    /// Whether the first attempt of a call has had its turn.
    static TAKEN: Cell<bool>;
}

/// A turn at an API's pace that was taken before its call: what is written down about the call in between is not about one
/// that still waits.
#[derive(Debug)]
pub struct Turn(());

impl Turn {
    /// Makes the call whose turn it is.
    pub(super) async fn with<T>(self, call: impl Future<Output = T>) -> T {
        TAKEN.scope(Cell::new(true), call).await
    }
}

/// Does `work`, and tells the request id of the last answer that came meanwhile, whether it was one of success or not.
pub async fn heard<T>(work: impl Future<Output = T>) -> (T, Option<String>) {
    let noted = async {
        let done = work.await;
        let id = HEARD.try_with(RefCell::take).ok().flatten();
        (done, id)
    };
    HEARD.scope(RefCell::default(), noted).await
}

/// Which pacer a call under way keeps to.
#[derive(Debug)]
struct Paced {
    api: String,
    pacer: Arc<Pacer>,
}

impl Storable for Paced {
    type Storer = StoreReplace<Self>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_store_is_paced_by_operation_and_the_others_by_what_limits_them() {
        assert_ne!(
            api("AWSIdentityStore.ListUsers").0,
            api("AWSIdentityStore.ListGroups").0
        );
        assert_eq!(
            api("SWBExternalService.ListInstances").0,
            api("SWBExternalService.ListApplications").0
        );
        assert_eq!(
            api("AmazonQDeveloperService.CreateAssignment"),
            ("AmazonQDeveloperService", SEAT_WRITES)
        );
    }

    #[tokio::test]
    async fn a_request_without_a_target_is_not_paced_and_a_given_maximum_is_the_pace() {
        let paces = Paces::new(Some(3.0));
        let mut request = HttpRequest::empty();
        assert!(paces.of(&request).is_none());
        request
            .headers_mut()
            .insert(TARGET, "AWSIdentityStore.ListUsers");
        let (_, pacer) = paces.of(&request).unwrap();
        assert!((pacer.rate() - 3.0).abs() < 0.01);
    }
}
