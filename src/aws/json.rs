//! A client for AWS services that have no crate, on the SDK's own orchestrator: its signing, credentials, identity cache,
//! clock-skew correction, retries, time-outs, connections and user agent are the SDK's, only names and bodies are ours.
//! It knows no operation.

use super::answer::Answer;
use super::failure::{Call, Failure};
use super::http::{Paces, ThrottlingTold};
use super::retry;
use aws_config::SdkConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin};
use aws_smithy_runtime_api::shared::IntoShared;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use std::fmt;

/// A service's names on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Service {
    /// IAM's prefix, for messages.
    pub(super) iam: &'static str,
    /// SigV4's service name.
    pub(super) signing: &'static str,
    /// What stands before the dot in `X-Amz-Target`.
    pub(super) target: &'static str,
    /// The host, with `{region}` in it.
    pub(super) host: &'static str,
}

/// Whether an unanswered call may be made again unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Twice {
    /// Twice is the same as once.
    Harmless,
    /// The caller looks first.
    LookFirst,
}

/// One service in one region.
#[derive(Clone, Debug)]
pub(super) struct JsonClient {
    service: Service,
    endpoint: String,
    plugin: SharedRuntimePlugin,
    config: SdkConfig,
}

impl JsonClient {
    /// `endpoint` wins over the configuration's (`AWS_ENDPOINT_URL`), and that over the service's own host.
    pub(super) fn new(
        service: Service,
        config: &SdkConfig,
        region: &str,
        endpoint: Option<&str>,
        paces: &Paces,
    ) -> Self {
        let endpoint = match endpoint.or(config.endpoint_url()) {
            Some(endpoint) => endpoint.to_owned(),
            None => format!("https://{}", service.host.replace("{region}", region)),
        };
        Self {
            service,
            endpoint,
            plugin: plugin(service, config, region, paces),
            config: config.clone(),
        }
    }

    /// Makes a call and returns the answer's body as it came.
    pub(super) async fn call(
        &self,
        operation: &'static str,
        input: &serde_json::Value,
        twice: Twice,
    ) -> Result<Vec<u8>, Failure> {
        let target = self.target(operation);
        let mut call = Operation::builder()
            .service_name(self.service.iam)
            .operation_name(operation)
            .endpoint_url(&self.endpoint)
            .with_connection_poisoning()
            .runtime_plugin(self.plugin.clone())
            .serializer(move |body: String| -> Result<HttpRequest, BoxError> {
                let mut request = HttpRequest::new(SdkBody::from(body));
                request.set_method("POST")?;
                request.set_uri("/")?;
                let headers = request.headers_mut();
                headers.insert("content-type", "application/x-amz-json-1.0");
                headers.insert("x-amz-target", target.clone());
                Ok(request)
            })
            .deserializer::<Vec<u8>, Refused>(|response| {
                if response.status().is_success() {
                    return Ok(response.body().bytes().unwrap_or_default().to_vec());
                }
                Err(OrchestratorError::operation(Refused::of(&Answer::of(
                    response,
                ))))
            });
        if twice == Twice::LookFirst {
            call = call.retry_classifier(retry::NothingButThrottling);
        }
        if let Some(version) = self.config.behavior_version() {
            call = call.behavior_version(version);
        }
        let done = call.build().invoke(input.to_string()).await;
        done.map_err(|error| Failure::of(self.names(operation), error))
    }

    /// What a call's header names.
    pub(super) fn target(&self, operation: &str) -> String {
        format!("{}.{operation}", self.service.target)
    }

    /// The call as IAM and messages name it.
    pub(super) fn names(&self, operation: &'static str) -> Call {
        Call {
            service: self.service.iam,
            operation,
        }
    }
}

/// All that the SDK's generated clients put around a call. Left out, each of these is missed silently: without the retry
/// configuration nothing is retried, without the identity cache each client fetches credentials of its own.
fn plugin(
    service: Service,
    config: &SdkConfig,
    region: &str,
    paces: &Paces,
) -> SharedRuntimePlugin {
    let region = Region::new(region.to_owned());
    let mut layer = Layer::new(service.target);
    layer.store_put(SigningName::from_static(service.signing));
    layer.store_put(SigningRegion::from(region.clone()));
    layer.store_put(region);
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(ApiMetadata::new(service.iam, env!("CARGO_PKG_VERSION")));
    layer.store_put(retry::partition());
    if let Some(retries) = config.retry_config() {
        layer.store_put(retries.clone());
    }
    if let Some(timeouts) = config.timeout_config() {
        layer.store_put(timeouts.clone());
    }
    if let Some(stalls) = config.stalled_stream_protection() {
        layer.store_put(stalls);
    }
    if let Some(name) = config.app_name() {
        layer.store_put(name.clone());
    }

    let signing = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
    let mut components = RuntimeComponentsBuilder::new(service.target);
    components.set_http_client(config.http_client());
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(signing)));
    components.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
    components.set_identity_cache(config.identity_cache());
    components.set_sleep_impl(config.sleep_impl());
    components.set_time_source(config.time_source());
    components.push_retry_classifier(HttpStatusCodeClassifier::default());
    components.push_retry_classifier(TransientErrorClassifier::<Refused>::new());
    components.push_retry_classifier(retry::Throttling);
    components.push_interceptor(ServiceClockSkewInterceptor::new());
    components.push_interceptor(RequestInfoInterceptor::new());
    components.push_interceptor(UserAgentInterceptor::new());
    components.push_interceptor(InvocationIdInterceptor::new());
    components.push_interceptor(ThrottlingTold(paces.clone()));
    StaticRuntimePlugin::new()
        .with_config(layer.freeze())
        .with_runtime_components(components)
        .into_shared()
}

/// An error answer, as the orchestrator wants it.
#[derive(Debug)]
struct Refused(ErrorMetadata);

impl Refused {
    fn of(answer: &Answer) -> Self {
        let mut meta = ErrorMetadata::builder();
        if let Some(code) = &answer.code {
            meta = meta.code(code);
        }
        if let Some(message) = &answer.message {
            meta = meta.message(message);
        }
        Self(meta.build())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}
