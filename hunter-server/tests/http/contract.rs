//! What clients of old rely on: paths without a version, headers, statuses.

use serde_json::{Value, json};

use crate::support::{Service, google};

#[tokio::test]
async fn paths_of_old_answer_the_same_and_say_that_they_are() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let old = service.get("/leads/ornek.com.tr").await;
    let new = service.get("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(old.json(), new.json());
    assert_eq!(old.header("deprecation"), Some("@1767225600"));
    assert!(old.header("sunset").is_some_and(|sunset| sunset.ends_with("GMT")));
    assert_eq!(old.header("link"), Some("</api/v1/leads/ornek.com.tr>; rel=\"successor-version\""));
    assert!(new.header("deprecation").is_none());
}

#[tokio::test]
async fn writes_that_moved_are_gone() {
    let service = Service::new().await;
    for (method, path) in [
        ("POST", "notes"),
        ("PUT", "notes/1"),
        ("DELETE", "notes/1"),
        ("POST", "tags"),
        ("DELETE", "tags/1"),
        ("POST", "favorite"),
        ("DELETE", "favorite"),
    ] {
        for prefix in ["", "/api/v1"] {
            let path = format!("{prefix}/leads/ornek.com.tr/{path}");
            let answer = service.send(method, &path, &json!({"note": "x"})).await;
            assert_eq!(
                (answer.status(), answer.problem().as_str()),
                (410, "gone"),
                "{method} {path}"
            );
        }
    }
}

#[tokio::test]
async fn probes_say_what_they_looked_at() {
    let service = Service::new().await;
    assert_eq!(service.read("/healthz/live").await, json!({"status": "alive"}));
    let ready = json!({"status": "ready", "checks": {"database": true, "redis": true}});
    assert_eq!(service.read("/healthz/ready").await, ready);
    let summary = service.read("/healthz").await;
    assert_eq!(
        (&summary["database"], &summary["redis"]),
        (&json!("connected"), &json!("not_configured"))
    );
}

#[tokio::test]
async fn probes_say_what_is_away() {
    let service = Service::new().await;
    service.db().close().await;
    for path in ["/healthz/ready", "/healthz/startup"] {
        let answer = service.get(path).await;
        let checks = json!({"database": false, "redis": true});
        assert_eq!(answer.status(), 503, "{path}");
        assert_eq!(answer.json(), json!({"status": "not_ready", "checks": checks}), "{path}");
    }
    let answer = service.get("/healthz").await;
    assert_eq!((answer.status(), &answer.json()["status"]), (503, &json!("unhealthy")));
    assert_eq!(service.get("/healthz/live").await.status(), 200);
}

#[tokio::test]
async fn the_interface_describes_itself_without_help_from_outside() {
    let service = Service::new().await;
    let document = service.read("/openapi.json").await;
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    assert!(document["paths"]["/api/v1/leads"]["get"].is_object());
    for reference in references(&document) {
        let place = reference.strip_prefix('#').expect("a place in the document");
        assert!(document.pointer(place).is_some(), "`{reference}` names nothing");
    }
    let page = service.get("/docs/").await;
    assert_eq!(page.status(), 200);
    assert!(!String::from_utf8_lossy(&page.body).contains("https://"));
}

#[tokio::test]
async fn what_is_not_built_says_so() {
    let service = Service::new().await;
    for (method, path) in [
        ("POST", "/referrals/sync"),
        ("GET", "/referrals"),
        ("POST", "/dynamics/sync/ornek.com.tr"),
        ("POST", "/dynamics/bulk-sync"),
        ("GET", "/dynamics/status/ornek.com.tr"),
        ("POST", "/alerts/deliver"),
    ] {
        for path in [path.to_owned(), format!("/api/v1{path}")] {
            let answer = service.send(method, &path, &json!({})).await;
            assert_eq!(
                (answer.status(), answer.problem().as_str()),
                (400, "feature_disabled"),
                "{method} {path}"
            );
        }
    }
    let answer = service.send("POST", "/api/referrals/sync", &json!({})).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (400, "feature_disabled"));
    let successor = "</api/v1/referrals/sync>; rel=\"successor-version\"";
    assert_eq!(answer.header("link"), Some(successor));
    let answer = service.send("POST", "/dynamics/sync/not%20a%20domain", &json!({})).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (422, "domain_not_a_name"));
}

#[tokio::test]
async fn every_problem_leads_to_where_it_is_explained() {
    let service = Service::new().await;
    let page = service.get("/docs/errors").await;
    assert_eq!(
        (page.status(), page.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let text = String::from_utf8(page.body).expect("UTF-8");
    for path in
        ["/nothing", "/leads/yok-boyle.example", "/leads/not%20a%20domain", "/leads?page_size=0"]
    {
        let kind = service.get(path).await.json()["type"].as_str().expect("a type").to_owned();
        let anchor = kind.strip_prefix("/docs/errors#").expect(&kind);
        assert_eq!(text.matches(&format!("id=\"{anchor}\"")).count(), 1, "{anchor}");
    }
}

/// Whatever the document names elsewhere in itself.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(values) => values.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
