//! Requests, measured as they are answered.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use prometheus::core::Collector as _;
use prometheus::proto::MetricFamily;
use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts};

use crate::http::App;

/// From a page out of memory to a scan of one domain, in seconds.
const BUCKETS: [f64; 13] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Requests by method, route and status. A route is the router's pattern, so that their number is that of
/// the routes; what is asked for in vain is one route more.
pub(super) struct Requests {
    answered: IntCounterVec,
    latency: HistogramVec,
    under_way: IntGauge,
}

impl Default for Requests {
    fn default() -> Self {
        let named = "a name of letters and underscores";
        let answered = Opts::new("hunter_http_requests_total", "Requests that were answered.");
        let latency = HistogramOpts::new(
            "hunter_http_request_duration_seconds",
            "Time from a request to the first byte of its answer.",
        );
        let under_way = Opts::new("hunter_http_requests_under_way", "Requests not answered yet.");
        Self {
            answered: IntCounterVec::new(answered, &["method", "route", "status"]).expect(named),
            latency: HistogramVec::new(latency.buckets(BUCKETS.to_vec()), &["method", "route"])
                .expect(named),
            under_way: IntGauge::with_opts(under_way).expect(named),
        }
    }
}

impl Requests {
    pub(super) fn collect(&self) -> Vec<MetricFamily> {
        let mut families = self.answered.collect();
        families.extend(self.latency.collect());
        families.extend(self.under_way.collect());
        families
    }
}

/// Counts a request that is under way for as long as it is, also where its client leaves.
struct UnderWay<'a>(&'a IntGauge);

impl<'a> UnderWay<'a> {
    fn begin(gauge: &'a IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The pattern that the router knows a request by.
pub(crate) fn route(request: &Request) -> String {
    let matched = request.extensions().get::<MatchedPath>();
    matched.map_or("unmatched", MatchedPath::as_str).to_owned()
}

/// Measures a request.
pub async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let requests = &app.measures.requests;
    let _under_way = UnderWay::begin(&requests.under_way);
    let (method, route) = (method(request.method()), route(&request));
    let begun = Instant::now();
    let response = next.run(request).await;
    let elapsed = begun.elapsed().as_secs_f64();
    requests.latency.with_label_values(&[method, &route]).observe(elapsed);
    requests.answered.with_label_values(&[method, &route, response.status().as_str()]).inc();
    response
}

/// Methods are the caller's words: only those of the interface are told apart.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
