//! Who may ask what: keys, scopes, names of the machine, limits.

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hunter_store::api_keys::Scope::{Admin, Ingest, Read};
use serde_json::json;

use crate::support::{Answer, Service, google};

const KEYS: &[(&str, &str)] = &[("HUNTER_SECURITY_AUTHENTICATION", "keys")];

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status(), answer.problem())
}

#[tokio::test]
async fn with_keys_nothing_is_answered_without_one_but_probes_and_the_description() {
    let service = Service::with(KEYS).await;
    let document = service.read("/openapi.json").await;
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        if path.starts_with("/healthz") {
            continue;
        }
        let path = path
            .replace("{domain}", "ornek.com.tr")
            .replace("{id}", "1")
            .replace("{ip}", "192.0.2.1");
        for (method, operation) in methods.as_object().unwrap() {
            for path in [path.as_str(), path.trim_start_matches("/api/v1")] {
                let answer = service.send(&method.to_uppercase(), path, &json!({})).await;
                assert_eq!(refused(&answer), (401, "key_missing".into()), "{method} {path}");
                assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"hunter\""));
                asked += 1;
            }
            let scopes = &operation["security"][0]["api_key"];
            assert!(scopes.is_array(), "{method} {path} does not say its scope in http/mod.rs");
            assert!(operation["responses"]["401"].is_object(), "{method} {path}");
        }
    }
    assert!(asked > 40, "{asked}");
    for path in ["/healthz/live", "/healthz/ready", "/docs/", "/openapi.json"] {
        assert_eq!(service.get(path).await.status(), 200, "{path}");
    }
    assert_eq!(refused(&service.get("/nothing").await), (401, "key_missing".into()));
}

#[tokio::test]
async fn a_key_is_taken_in_either_header_and_a_wrong_one_in_none() {
    let service = Service::with(KEYS).await;
    let (_, key) = service.key(&[Read], 60).await;
    let ask = |name: &'static str, value: String| {
        let request = Request::get("/api/v1/leads").header(name, value);
        service.ask(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask("x-api-key", key.clone()).await.status(), 200);
    assert_eq!(ask("authorization", format!("Bearer {key}")).await.status(), 200);
    assert_eq!(ask("authorization", format!("bearer {key}")).await.status(), 200);
    let prefix = key.split_once('.').unwrap().0;
    for (name, value) in [
        ("x-api-key", String::new()),
        ("x-api-key", prefix.to_owned()),
        ("x-api-key", format!("{key}0")),
        ("x-api-key", format!("{prefix}.{}", "0".repeat(64))),
        ("x-api-key", format!("hk_000000000000.{}", "0".repeat(64))),
        ("authorization", key.clone()),
        ("authorization", format!("Basic {key}")),
    ] {
        let answer = ask(name, value.clone()).await;
        assert_eq!(refused(&answer), (401, "key_invalid".into()), "{name}: {value}");
    }
}

#[tokio::test]
async fn a_key_does_what_its_scopes_say() {
    let service = Service::with(KEYS).await;
    service.observed(&[google("ornek.com.tr")]).await;
    let company = json!({"domain": "b.com.tr"});
    let ask = async |key: &str| {
        [
            service.with_key(key, "GET", "/api/v1/leads", None).await.status(),
            service.with_key(key, "POST", "/api/v1/ingest/domain", Some(&company)).await.status(),
            service.with_key(key, "GET", "/api/v1/admin/api-keys", None).await.status(),
        ]
    };
    for (scopes, statuses) in [
        (&[Read][..], [200, 403, 403]),
        (&[Ingest], [403, 201, 403]),
        (&[Read, Ingest], [200, 201, 403]),
        (&[Admin], [200, 201, 200]),
    ] {
        let (_, key) = service.key(scopes, 60).await;
        assert_eq!(ask(&key).await, statuses, "{scopes:?}");
    }
    let (_, key) = service.key(&[Read, Ingest], 60).await;
    let answer = service.with_key(&key, "DELETE", "/leads/ornek.com.tr", None).await;
    assert_eq!(refused(&answer), (403, "scope_missing".into()));
    assert!(answer.json()["detail"].as_str().unwrap().contains("`admin`"));
}

#[tokio::test]
async fn without_keys_only_names_of_this_machine_are_answered() {
    let service = Service::new().await;
    let ask = |name: &'static str, value: &'static str| {
        let request = Request::get("/api/v1/leads").header(name, value);
        service.ask(request.body(Body::empty()).unwrap())
    };
    for (name, value) in [
        ("host", "localhost:8080"),
        ("host", "127.0.0.1"),
        ("host", "[::1]:8080"),
        ("origin", "http://localhost:5173"),
    ] {
        assert_eq!(ask(name, value).await.status(), 200, "{name}: {value}");
    }
    for (name, value) in [
        ("host", "rebound.example"),
        ("host", "127.0.0.1.rebound.example"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        assert_eq!(refused(&ask(name, value).await), (403, "host_refused".into()), "{value}");
    }
    // A key tells who asks, under whatever name.
    let (_, key) = service.key(&[Read], 60).await;
    let request =
        Request::get("/api/v1/leads").header("host", "a.example").header("x-api-key", key);
    assert_eq!(service.ask(request.body(Body::empty()).unwrap()).await.status(), 200);
}

#[tokio::test]
async fn a_key_may_ask_so_often_and_is_told() {
    let service = Service::with(KEYS).await;
    let (_, key) = service.key(&[Read], 2).await;
    let (_, other) = service.key(&[Read], 2).await;
    let first = service.with_key(&key, "GET", "/leads", None).await;
    assert_eq!(first.header("ratelimit-policy"), Some("\"key\";q=2;w=60"));
    assert_eq!(first.header("ratelimit"), Some("\"key\";r=1;t=30"));
    assert_eq!(service.with_key(&key, "GET", "/leads", None).await.status(), 200);
    let answer = service.with_key(&key, "GET", "/leads", None).await;
    assert_eq!(refused(&answer), (429, "rate_limited".into()));
    let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(answer.header("ratelimit"), Some("\"key\";r=0;t=60"));
    assert_eq!(service.with_key(&other, "GET", "/leads", None).await.status(), 200);
}

#[tokio::test]
async fn an_address_may_ask_so_often_whatever_it_says_of_itself() {
    let settings =
        [("HUNTER_SERVER_REQUESTS_PER_MINUTE", "1"), ("HUNTER_SERVER_TRUSTED_PROXIES", "10.0.0.1")];
    let service = Service::with(&settings).await;
    let ask = |peer: &'static str, forwarded: &'static str| {
        let mut request = Request::get("/api/v1/leads").header("x-forwarded-for", forwarded);
        let peer: std::net::IpAddr = peer.parse().unwrap();
        let peer = std::net::SocketAddr::from((peer, 4711));
        request.extensions_mut().unwrap().insert(ConnectInfo(peer));
        service.ask(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask("192.0.2.1", "203.0.113.1").await.status(), 200);
    let answer = ask("192.0.2.1", "203.0.113.2").await;
    assert_eq!(refused(&answer), (429, "rate_limited".into()), "who is no proxy is not believed");
    assert_eq!(ask("10.0.0.1", "203.0.113.1").await.status(), 200);
    assert_eq!(ask("10.0.0.1", "203.0.113.2").await.status(), 200);
    assert_eq!(ask("10.0.0.1", "6.6.6.6, 203.0.113.2").await.status(), 429);
}

#[tokio::test]
async fn every_answer_tells_browsers_to_trust_little() {
    let service = Service::new().await;
    for path in ["/api/v1/leads", "/nothing", "/healthz/live", "/docs/", "/openapi.json"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    }
}
