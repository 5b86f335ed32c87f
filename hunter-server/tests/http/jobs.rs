//! Many domains as a job: any process answers for it, and its counts are true.

use axum::body::Body;
use axum::http::{Request, header};
use hunter_store::api_keys::Scope::{Read, Scan};
use hunter_store::testing::execute;
use serde_json::{Value, json};

use crate::scans::{name_server, opt_out};
use crate::support::{Answer, Service, google};

async fn bulk(service: &Service, body: &Value, key: Option<&str>) -> Answer {
    let request =
        Request::post("/api/v1/scan/bulk").header(header::CONTENT_TYPE, "application/json");
    let request =
        key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    service.ask(request.body(Body::from(body.to_string())).expect("a request")).await
}

async fn started(service: &Service, domains: &[&str]) -> String {
    let answer = bulk(service, &json!({"domain_list": domains}), None).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["job_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn d25_jobs_are_seen_from_every_process() {
    let server = name_server().await;
    let one = Service::asking(&server).await;
    let other = one.beside().await;
    let job = started(&one, &["ornek.com.tr", "baska.com.tr"]).await;
    for service in [&one, &other] {
        for path in [format!("/api/v1/jobs/{job}"), format!("/scan/bulk/{job}")] {
            let seen = service.read(&path).await;
            assert_eq!((&seen["status"], &seen["total"]), (&json!("queued"), &json!(2)), "{path}");
        }
    }
    // Whoever took it in does not do it.
    other.work();
    let ended = one.ended(&job).await;
    assert_eq!(ended, other.read(&format!("/api/v1/jobs/{job}")).await);
    assert_eq!(one.read("/api/v1/leads").await["total"], 2);
    let events = one.get(&format!("/api/v1/jobs/{job}/events")).await;
    assert!(String::from_utf8_lossy(&events.body).contains("event: end"));
    other.end();
}

#[tokio::test]
async fn d26_a_job_says_how_much_of_it_is_done() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    let job = started(&service, &["ornek.com.tr", "baska.com.tr", "yok.com.tr"]).await;
    opt_out(&service, "yok.com.tr").await;
    service.work();
    let ended = service.ended(&job).await;
    for (field, value) in [
        ("status", json!("done")),
        ("total", json!(3)),
        ("processed", json!(3)),
        ("succeeded", json!(2)),
        ("failed", json!(1)),
        ("remaining", json!(0)),
        ("progress", json!(100)),
        ("errors", json!([{"domain": "yok.com.tr", "code": "opted_out"}])),
    ] {
        assert_eq!(ended[field], value, "{field}");
    }
    assert_eq!(service.read("/api/v1/leads").await["total"], 2);
    let results = service.read(&format!("/api/v1/scan/bulk/{job}/results")).await;
    assert_eq!((&results["succeeded"], &results["failed"]), (&json!(2), &json!(1)));
    service.end();
}

#[tokio::test]
async fn results_go_on_by_cursor_and_list_changes() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    service.observed(&[google("baska.com.tr")]).await;
    service.work();
    let body = json!({"domain_list": ["ornek.com.tr", "baska.com.tr"]});
    let answer = service.send("POST", "/api/v1/scan/bulk/rescan", &body).await;
    assert_eq!(answer.status(), 200);
    let job = answer.json()["job_id"].as_str().expect("an id").to_owned();
    service.ended(&job).await;
    let mut path = format!("/api/v1/scan/bulk/{job}/results?page_size=1");
    let mut rows = Vec::new();
    loop {
        let page = service.read(&path).await;
        rows.extend(page["results"].as_array().expect("rows").clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/scan/bulk/{job}/results?page_size=1&cursor={cursor}");
    }
    let domains: Vec<_> = rows.iter().map(|row| &row["domain"]).collect();
    assert_eq!(domains, [&json!("baska.com.tr"), &json!("ornek.com.tr")]);
    let moved = rows[0]["changes"].as_array().expect("changes");
    assert!(moved.iter().any(|change| change["kind"] == "mx_changed"), "{}", rows[0]);
    let alerts = rows[0]["alerts"].as_array().expect("alerts");
    assert!(alerts.iter().any(|alert| alert["alert_type"] == "mx_changed"), "{}", rows[0]);
    assert_eq!((&rows[1]["changes"], &rows[1]["error"]), (&json!([]), &json!(null)));
    assert!(rows[1]["score"].is_i64(), "{}", rows[1]);
    service.end();
}

#[tokio::test]
async fn what_is_no_domain_is_told_by_its_place() {
    let service = Service::new().await;
    opt_out(&service, "yok.com.tr").await;
    let list = ["ornek.com.tr", "not a domain", "yok.com.tr", "www.ornek.com.tr"];
    let answer = bulk(&service, &json!({"domain_list": list}), None).await;
    assert_eq!(answer.status(), 200);
    let taken = answer.json();
    assert_eq!(taken["total"], 1);
    let refused: Vec<_> = taken["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|refused| (refused["index"].as_u64(), refused["code"].as_str()))
        .collect();
    assert_eq!(refused, [(Some(1), Some("domain_not_a_name")), (Some(2), Some("opted_out"))]);

    for list in [json!([]), json!(["not a domain"]), json!(["yok.com.tr"])] {
        let answer = bulk(&service, &json!({"domain_list": list}), None).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{list}");
    }
}

#[tokio::test]
async fn the_same_request_sent_twice_is_one_job() {
    let service = Service::new().await;
    let body = json!({"domain_list": ["ornek.com.tr"]});
    let first = bulk(&service, &body, Some("a")).await.json();
    assert_eq!(bulk(&service, &body, Some("a")).await.json()["job_id"], first["job_id"]);
    assert_ne!(bulk(&service, &body, Some("b")).await.json()["job_id"], first["job_id"]);
    let another = json!({"domain_list": ["baska.com.tr"]});
    let answer = bulk(&service, &another, Some("a")).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (422, "idempotency_conflict"));
    let long = "x".repeat(201);
    let answer = bulk(&service, &body, Some(&long)).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"));
}

#[tokio::test]
async fn a_job_is_cancelled_once_and_for_all() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    let job = started(&service, &["ornek.com.tr"]).await;
    let path = format!("/api/v1/scan/bulk/{job}");
    for _ in 0..2 {
        let answer = service.send("DELETE", &path, &json!(null)).await;
        assert_eq!((answer.status(), &answer.json()["status"]), (200, &json!("cancelled")));
    }
    let job = started(&service, &["ornek.com.tr"]).await;
    service.work();
    service.ended(&job).await;
    let answer = service.send("DELETE", &format!("/api/v1/scan/bulk/{job}"), &json!(null)).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (409, "job_ended"));
    service.end();
}

#[tokio::test]
async fn progress_comes_as_events_until_the_end() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    let job = started(&service, &["ornek.com.tr", "baska.com.tr"]).await;
    let path = format!("/api/v1/jobs/{job}/events");
    // The stream is open before anybody works, and is read to its end.
    let (events, ()) = tokio::join!(service.get(&path), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        service.work();
    });
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let text = String::from_utf8(events.body.clone()).expect("UTF-8");
    let field = |name: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.strip_prefix(name));
        lines.map(|value| value.trim_start_matches(':').trim().to_owned()).collect()
    };
    let names = field("event");
    assert_eq!(names.first().map(String::as_str), Some("progress"), "{text}");
    assert_eq!(names.iter().filter(|name| *name == "end").count(), 1, "{text}");
    assert_eq!(names.last().map(String::as_str), Some("end"), "{text}");
    let last: Value = serde_json::from_str(field("data").last().expect("data")).expect("JSON");
    assert_eq!((&last["status"], &last["processed"]), (&json!("done"), &json!(2)));

    // Who knows the end is not told again; who knows less is.
    let id = field("id").last().expect("an id").clone();
    let ask = |id: String| {
        let request = Request::get(&path).header("last-event-id", id);
        service.ask(request.body(Body::empty()).expect("a request"))
    };
    assert_eq!(ask(id).await.status(), 204);
    let again = ask("0".into()).await;
    assert!(String::from_utf8_lossy(&again.body).contains("event: end"));
    service.end();
}

#[tokio::test]
async fn events_end_with_the_process() {
    let service = Service::new().await;
    let job = started(&service, &["ornek.com.tr"]).await;
    let path = format!("/api/v1/jobs/{job}/events");
    let (events, ()) = tokio::join!(service.get(&path), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        service.end();
    });
    let text = String::from_utf8_lossy(&events.body);
    assert!(text.contains("event: progress") && !text.contains("event: end"), "{text}");
}

#[tokio::test]
async fn unknown_jobs_and_bad_pages_are_problems() {
    let service = Service::new().await;
    let job = started(&service, &["ornek.com.tr"]).await;
    let unknown = "01890000-0000-7000-8000-000000000000";
    for id in [unknown, "x"] {
        for path in [
            format!("/api/v1/jobs/{id}"),
            format!("/api/v1/jobs/{id}/events"),
            format!("/api/v1/scan/bulk/{id}"),
            format!("/api/v1/scan/bulk/{id}/results"),
        ] {
            let answer = service.get(&path).await;
            assert_eq!(
                (answer.status(), answer.problem().as_str()),
                (404, "job_not_found"),
                "{path}"
            );
        }
        let path = format!("/api/v1/scan/bulk/{id}");
        let answer = service.send("DELETE", &path, &json!(null)).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (404, "job_not_found"));
    }
    for (query, status, code) in [
        ("page_size=0", 422, "validation"),
        ("page_size=201", 422, "validation"),
        ("cursor=not%20a%20domain", 400, "cursor_invalid"),
        ("colour=red", 422, "validation"),
    ] {
        let answer = service.get(&format!("/api/v1/scan/bulk/{job}/results?{query}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{query}");
    }
}

#[tokio::test]
async fn two_keys_do_not_share_the_names_of_their_requests() {
    let service = Service::new().await;
    let (_, one) = service.key(&[Scan], 60).await;
    let (_, other) = service.key(&[Scan], 60).await;
    let ask = async |key: Option<&str>, path: &str, domain: &str| {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", "a");
        let request =
            key.into_iter().fold(request, |request, key| request.header("x-api-key", key));
        let body = json!({"domain_list": [domain]}).to_string();
        let answer = service.ask(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()["job_id"].clone()
    };
    for path in ["/api/v1/scan/bulk", "/api/v1/scan/bulk/rescan"] {
        execute(service.db(), "DELETE FROM jobs").await;
        let first = ask(Some(&one), path, "bir.com.tr").await;
        assert_eq!(ask(Some(&one), path, "bir.com.tr").await, first);
        let second = ask(Some(&other), path, "iki.com.tr").await;
        let third = ask(None, path, "uc.com.tr").await;
        assert!(first != second && second != third && first != third, "{path}");
    }
}

#[tokio::test]
async fn streams_of_events_are_bounded_for_each_key_and_in_all() {
    let settings =
        [("HUNTER_SERVER_EVENT_STREAMS", "2"), ("HUNTER_SERVER_EVENT_STREAMS_PER_KEY", "1")];
    let service = Service::with(&settings).await;
    let job = started(&service, &["ornek.com.tr"]).await;
    let path = format!("/api/v1/jobs/{job}/events");
    let (_, one) = service.key(&[Read], 60).await;
    let (_, other) = service.key(&[Read], 60).await;
    let ask = |key: &str| {
        let request = Request::get(&path).header("x-api-key", key);
        service.open(request.body(Body::empty()).expect("a request"))
    };
    let first = ask(&one).await;
    assert_eq!(first.status(), 200);
    let full = service.with_key(&one, "GET", &path, None).await;
    assert_eq!((full.status(), full.problem().as_str()), (429, "too_many_streams"));
    assert!(full.header("retry-after").is_some());
    let second = ask(&other).await;
    assert_eq!(second.status(), 200);
    let full = service.get(&path).await;
    assert_eq!((full.status(), full.problem().as_str()), (503, "unavailable"));
    assert!(full.header("retry-after").is_some());
    // A client that goes leaves its place to the next one.
    drop((first, second));
    assert_eq!(ask(&one).await.status(), 200);
}
