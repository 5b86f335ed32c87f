//! What the service says of itself: counts in two forms, to whom, and that it is about to end.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hunter_store::api_keys::Scope;
use serde_json::{Value, json};

use crate::support::{Answer, Service, google};

/// The shape that existing clients know: sections, names and kinds.
const SHAPE: &str = r#"{"cache": {"hits": "integer", "misses": "integer", "total": "integer", "hit_rate_percent": "number",
"sets": "integer", "deletes": "integer", "ttl_expirations": "integer"}, "rate_limit": {"hits": "integer", "acquired":
"integer", "fallback_used": "integer", "circuit_breaker_open": "integer", "circuit_breaker_closed": "integer", "per_key":
{}}, "bulk_operations": {"batch_success": "integer", "batch_failure": "integer", "batch_success_rate_percent": "number",
"deadlock_occurrences": "integer", "partial_commit_recoveries": "integer", "average_batch_processing_time_seconds":
"number", "total_batches": "integer", "total_domains_processed": "integer", "total_domains_succeeded": "integer",
"total_domains_failed": "integer", "domain_success_rate_percent": "number"}, "errors": {"total_errors": "integer",
"errors_by_component": {}, "errors_by_severity": {}, "daily_error_count": {}, "weekly_error_count": {}},
"deprecated_endpoints": {"total_calls": "integer", "calls_by_endpoint": {}, "calls_by_domain": {}, "daily_call_count": {},
"weekly_call_count": {}, "top_endpoints": {}, "top_domains": {}}}"#;

/// Whether a value has a shape, name for name.
fn fits(value: &Value, shape: &Value) -> bool {
    match shape {
        Value::Object(wanted) if wanted.is_empty() => value.is_object(),
        Value::Object(wanted) => value.as_object().is_some_and(|value| {
            value.len() == wanted.len()
                && wanted
                    .iter()
                    .all(|(name, shape)| value.get(name).is_some_and(|v| fits(v, shape)))
        }),
        kind => match kind.as_str() {
            Some("integer") => value.is_u64(),
            Some("number") => value.is_number(),
            _ => false,
        },
    }
}

async fn from(service: &Service, address: &str, path: &str, more: &[(&str, &str)]) -> Answer {
    let peer: SocketAddr = address.parse().expect("an address");
    let mut request = Request::get(path).extension(ConnectInfo(peer));
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    service.ask(request.body(Body::empty()).expect("a request")).await
}

async fn exposition(service: &Service) -> String {
    let answer = service.get("/metrics").await;
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    String::from_utf8(answer.body).expect("text")
}

/// The value of one line.
fn value(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map(|number| number.parse().expect("a number"))
}

#[tokio::test]
async fn the_json_has_the_shape_that_clients_know() {
    let service = Service::new().await;
    let metrics = service.read("/healthz/metrics").await;
    let shape: Value = serde_json::from_str(SHAPE).expect("a shape");
    for (section, shape) in shape.as_object().expect("sections") {
        assert!(fits(&metrics[section], shape), "{section}: {}", metrics[section]);
    }
    let ours = ["scanner", "dns", "jobs", "database", "ip_enrichment"];
    assert_eq!(metrics.as_object().expect("sections").len(), 5 + ours.len());
    for section in ours {
        assert!(metrics[section].is_object(), "{section}");
    }
    assert_eq!(metrics["database"]["connected"], true);
}

#[tokio::test]
async fn d26_batches_that_are_done_are_counted() {
    let server = hunter_nameserver::NameServer::builder();
    let server = server.zone_text("ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.\n").spawn().await;
    let server = server.expect("a name server");
    let service = Service::asking(&server).await;
    let body = json!({"domain_list": ["ornek.com.tr", "bos.com.tr"]});
    let job = service.send("POST", "/api/v1/scan/bulk", &body).await.json();
    let metrics = service.read("/healthz/metrics").await;
    assert_eq!(metrics["jobs"]["waiting"], 1, "{metrics}");
    let waiting = exposition(&service).await;
    let name = "hunter_queue_batches{kind=\"scan\",state=\"waiting\"}";
    assert_eq!(value(&waiting, name), Some(1.0), "{waiting}");
    assert!(value(&waiting, "hunter_queue_oldest_seconds").expect("an age") >= 0.0);

    service.work();
    service.ended(job["job_id"].as_str().expect("an id")).await;
    // The worker counts a batch after it has written it.
    for _ in 0..100 {
        if service.read("/healthz/metrics").await["bulk_operations"]["batch_success"] == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let metrics = service.read("/healthz/metrics").await;
    let bulk = &metrics["bulk_operations"];
    assert_eq!(bulk["batch_success"], 1, "{metrics}");
    assert_eq!(bulk["total_domains_processed"], 2, "{metrics}");
    assert_eq!(bulk["total_domains_succeeded"], 2, "{metrics}");
    assert!(bulk["average_batch_processing_time_seconds"].as_f64().expect("a time") > 0.0);
    assert_eq!(metrics["scanner"]["domains"], 2);
    assert!(metrics["dns"]["found"].as_u64().expect("a count") >= 1, "{metrics}");
    assert_eq!(metrics["rate_limit"]["per_key"]["scan:domains"]["acquired"], 2, "{metrics}");
    assert_eq!(metrics["jobs"]["waiting"], 0);
    let text = exposition(&service).await;
    assert_eq!(value(&text, "hunter_batches_total{result=\"done\"}"), Some(1.0), "{text}");
    assert_eq!(value(&text, "hunter_batch_domains_total{result=\"succeeded\"}"), Some(2.0));
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    service.get("/api/v1/leads/ornek.com.tr").await;
    service.get("/api/v1/leads/yok.com.tr").await;
    service.get("/leads/ornek.com.tr").await;
    service.get("/no/such/path-of-somebody").await;
    service.send("POST", "/api/v1/leads/ornek.com.tr/notes", &json!({})).await;
    let text = exposition(&service).await;
    let requests = |route: &str, status: u16| {
        let name = format!(
            "hunter_http_requests_total{{method=\"GET\",route=\"{route}\",status=\"{status}\"}}"
        );
        value(&text, &name)
    };
    assert_eq!(requests("/api/v1/leads/{domain}", 200), Some(1.0), "{text}");
    assert_eq!(requests("/api/v1/leads/{domain}", 404), Some(1.0));
    assert_eq!(requests("/leads/{domain}", 200), Some(1.0));
    assert_eq!(requests("unmatched", 404), Some(1.0));
    assert!(!text.contains("ornek.com.tr") && !text.contains("path-of-somebody"), "{text}");
    let bucket = "hunter_http_request_duration_seconds_bucket{method=\"GET\",\
                  route=\"/api/v1/leads/{domain}\",le=\"+Inf\"}";
    assert_eq!(value(&text, bucket), Some(2.0), "{text}");

    let metrics = service.read("/healthz/metrics").await;
    let deprecated = &metrics["deprecated_endpoints"];
    assert_eq!(deprecated["total_calls"], 2, "{deprecated}");
    let endpoints = json!({"GET /leads/{domain}": 1, "POST /api/v1/leads/{domain}/notes": 1});
    assert_eq!(deprecated["calls_by_endpoint"], endpoints);
    assert_eq!(deprecated["top_endpoints"], endpoints);
    assert_eq!(deprecated["calls_by_domain"], json!({"ornek.com.tr": 2}));
}

#[tokio::test]
async fn labels_stay_few_however_many_ask() {
    let service = Service::with(&[("HUNTER_SERVER_REQUESTS_PER_MINUTE", "1000000")]).await;
    for i in 0..400 {
        from(&service, &format!("198.51.{}.{}:1", i / 250, i % 250), "/healthz/live", &[]).await;
        service.get(&format!("/leads/d{i}.com.tr")).await;
    }
    let metrics = service.read("/healthz/metrics").await;
    let keys = metrics["rate_limit"]["per_key"].as_object().expect("keys");
    assert!(keys.len() <= 3, "{keys:?}");
    assert!(!metrics.to_string().contains("198.51."), "{metrics}");
    let domains = metrics["deprecated_endpoints"]["calls_by_domain"].as_object().expect("domains");
    assert_eq!(domains.len(), 101);
    assert_eq!(domains["other"], 300);
}

#[tokio::test]
async fn metrics_are_for_this_machine_and_for_keys() {
    let service = Service::with(&[("HUNTER_SECURITY_AUTHENTICATION", "keys")]).await;
    let (_, key) = service.key(&[Scope::Read], 60).await;
    for path in ["/metrics", "/healthz/metrics"] {
        assert_eq!(from(&service, "127.0.0.1:4711", path, &[]).await.status(), 200, "{path}");
        assert_eq!(from(&service, "[::1]:4711", path, &[]).await.status(), 200, "{path}");
        let stranger = from(&service, "192.0.2.7:4711", path, &[]).await;
        assert_eq!(stranger.problem(), "key_missing", "{path}");
        // A page from elsewhere that speaks through a browser on this machine.
        let rebound = from(&service, "127.0.0.1:1", path, &[("host", "evil.example")]).await;
        assert_eq!(rebound.problem(), "host_refused", "{path}");
        let with_key = from(&service, "192.0.2.7:4711", path, &[("x-api-key", &key)]).await;
        assert_eq!(with_key.status(), 200, "{path}");
    }
    // Nothing else is open to this machine.
    let leads = from(&service, "127.0.0.1:4711", "/api/v1/leads", &[]).await;
    assert_eq!(leads.problem(), "key_missing");
}

#[tokio::test]
async fn who_is_about_to_end_is_not_ready_and_still_answers() {
    let service = Service::new().await;
    assert_eq!(service.get("/healthz/ready").await.status(), 200);
    service.end();
    let answer = service.get("/healthz/ready").await;
    assert_eq!((answer.status(), answer.header("connection")), (503, Some("close")));
    assert_eq!(answer.json()["checks"], json!({"database": true, "redis": true}));
    assert_eq!(service.get("/healthz/live").await.status(), 200);
    assert_eq!(service.get("/api/v1/leads").await.status(), 200);
}

/// Everything in one text: a worker, a Redis that is away, calls of what is old.
async fn all() -> String {
    let service = Service::with(&[("HUNTER_REDIS_URL", "redis://127.0.0.1:9")]).await;
    service.work();
    service.observed(&[google("ornek.com.tr")]).await;
    service.get("/leads").await;
    service.send("POST", "/api/v1/scan/bulk", &json!({"domain_list": ["ornek.com.tr"]})).await;
    exposition(&service).await
}

#[tokio::test]
async fn what_is_deployed_asks_for_metrics_that_there_are() {
    let text = all().await;
    let families: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    let mut seen = BTreeSet::new();
    for file in ["prometheus/alerts.yaml", "grafana/hunter.json"] {
        let asked = std::fs::read_to_string(deploy.join(file)).expect(file);
        let words = asked.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for word in words.filter(|w| w.starts_with("hunter_") || w.starts_with("process_")) {
            let family = word.strip_suffix("_bucket").unwrap_or(word);
            assert!(
                families.contains(&family),
                "{file} asks for {word}, which is not in {families:?}"
            );
            seen.insert(family.to_owned());
        }
    }
    assert!(seen.len() >= 20, "{seen:?}");
}

#[tokio::test]
async fn the_text_is_what_prometheus_reads() {
    use std::io::Write as _;
    let text = all().await;
    let mut promtool = std::process::Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("promtool, of the package prometheus, must be installed");
    promtool.stdin.take().expect("piped").write_all(text.as_bytes()).expect("read");
    let said = promtool.wait_with_output().expect("ended");
    let complaints = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.status.success() && complaints.is_empty(), "{complaints}\n{text}");
}
