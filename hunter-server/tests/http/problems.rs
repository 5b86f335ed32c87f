//! Every kind of bad request gets a problem that says what to mend.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use crate::support::Service;

#[tokio::test]
async fn bad_requests_are_told_what_is_wrong() {
    let service = Service::new().await;
    for (path, status, code) in [
        ("/api/v1/nothing", 404, "path_not_found"),
        ("/nothing", 404, "path_not_found"),
        ("/api/v1/leads/yok-boyle.example", 404, "lead_not_found"),
        ("/api/v1/leads/not%20a%20domain", 422, "domain_not_a_name"),
        ("/api/v1/leads?segment=Hot", 422, "validation"),
        ("/api/v1/leads?sort_by=colour", 422, "validation"),
        ("/api/v1/leads?min_score=101", 422, "validation"),
        ("/api/v1/leads?min_score=60&max_score=50", 422, "validation"),
        ("/api/v1/leads?page_size=0", 422, "validation"),
        ("/api/v1/leads?segmnt=Cold", 422, "validation"),
        ("/api/v1/leads?page=1&cursor=x", 422, "validation"),
    ] {
        let answer = service.get(path).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{path}");
    }
    let answer = service.send("PATCH", "/api/v1/leads", &json!({})).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (405, "method_not_allowed"));
    assert!(answer.header("allow").is_some());
}

#[tokio::test]
async fn bad_bodies_are_told_where() {
    let service = Service::new().await;
    for (kind, body, status, code) in [
        ("text/plain", "x", 415, "media_type"),
        ("application/json", "{", 400, "json_syntax"),
        ("application/json", r#"{"domain": 7}"#, 422, "validation"),
        ("application/json", "{}", 422, "validation"),
    ] {
        let request = Request::post("/api/v1/ingest/domain").header(header::CONTENT_TYPE, kind);
        let answer = service.ask(request.body(Body::from(body)).unwrap()).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{body}");
    }
    let large = json!({"domain": "x".repeat(2_000_000)});
    let answer = service.send("POST", "/api/v1/ingest/domain", &large).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (413, "body_too_large"));
}

#[tokio::test]
async fn a_request_keeps_its_id() {
    let service = Service::new().await;
    let ask = |id: &'static str| {
        let request = Request::get("/api/v1/nothing").header("x-request-id", id);
        service.ask(request.body(Body::empty()).unwrap())
    };
    assert_eq!(ask("abc-1").await.json()["request_id"], "abc-1");
    // What could forge a line of the log is replaced.
    assert_ne!(ask("a b").await.json()["request_id"], "a b");
}
