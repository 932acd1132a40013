//! Metrics in the text format of Prometheus.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::{ConstCounter, Counter};
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::service::Service;

/// The content type of [`Metrics::text`].
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// In seconds, for answers from memory, answers with a write, and answers with a request to the
/// provider.
const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0,
];

/// The metrics of HTTP and of the service.
pub(super) struct Metrics {
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    registry: Registry,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

impl Metrics {
    pub(super) fn new(service: Service) -> Arc<Self> {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let requests = Family::<Request, Counter>::default();
        let durations = Family::new_with_constructor(histogram);
        let mut registry = Registry::with_prefix("switchback");
        registry.register("http_requests", "Answered requests", requests.clone());
        registry.register(
            "http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            durations.clone(),
        );
        registry.register_collector(Box::new(ServiceCounters(service)));
        Arc::new(Self {
            requests,
            durations,
            registry,
        })
    }

    /// Counts an answered request.
    pub(super) fn count(&self, method: &Method, route: &str, status: u16, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::HEAD => "HEAD",
            // Clients can send any method.
            _ => "other",
        };
        let route = route.to_owned();
        let durations = Route {
            route: route.clone(),
        };
        let seconds = took.as_secs_f64();
        self.durations.get_or_create(&durations).observe(seconds);
        let request = Request {
            method,
            route,
            status,
        };
        self.requests.get_or_create(&request).inc();
    }

    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Collects the counters of the service.
struct ServiceCounters(Service);

impl fmt::Debug for ServiceCounters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceCounters")
    }
}

impl Collector for ServiceCounters {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let counters = self.0.counters();
        for (name, help, counter) in [
            (
                "logins_started",
                "Logins that were begun",
                &counters.started,
            ),
            (
                "logins_completed",
                "Logins that were completed with a session",
                &counters.logged_in,
            ),
            (
                "logins_refused",
                "Refused callbacks, including those of people who declined",
                &counters.refused,
            ),
            (
                "refreshes_sent",
                "Refresh tokens that were sent to the provider",
                &counters.refreshes_sent,
            ),
            (
                "refreshes_done",
                "Refreshes that returned new tokens",
                &counters.refreshed,
            ),
            (
                "sessions_over",
                "Sessions that ended without a log-out",
                &counters.sessions_over,
            ),
            ("log_outs", "Log-outs", &counters.logged_out),
            (
                "tokens_repeated",
                "Refresh tokens of apps that were sent again before the new ones were used",
                &counters.repeated,
            ),
            (
                "tokens_reused",
                "Refresh tokens of apps that were used again after the new ones were used",
                &counters.reused,
            ),
            (
                "signings_prepared",
                "Signings that were prepared",
                &counters.signings_prepared,
            ),
            (
                "signatures_verified",
                "Signatures that were verified and stored",
                &counters.signatures_verified,
            ),
            (
                "signatures_unverified",
                "Verifications that lacked revocation information",
                &counters.signatures_unverified,
            ),
            (
                "signatures_timestamped",
                "Signatures that got a timestamp",
                &counters.signatures_timestamped,
            ),
            (
                "signatures_refused",
                "Signatures that were not accepted",
                &counters.signatures_refused,
            ),
        ] {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(counter.get()).encode(metric)?;
        }
        Ok(())
    }
}
