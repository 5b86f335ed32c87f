//! The dashboard: totals over all leads, and what happened lately.

use serde_json::{Value, json};

use crate::scans::name_server;
use crate::support::{Service, google};

#[tokio::test]
async fn totals_are_those_of_the_list() {
    let service = Service::new().await;
    let nothing = service.read("/dashboard").await;
    assert_eq!((&nothing["total_leads"], &nothing["avg_score"]), (&json!(0), &json!(null)));
    assert_eq!(nothing["max_score"], json!(null));

    let service = Service::new().await;
    service.observed(&[google("bir.com.tr"), google("iki.com.tr")]).await;
    let totals = service.read("/api/v1/dashboard").await;
    let leads = service.read("/api/v1/leads").await;
    assert_eq!(totals["total_leads"], leads["total"]);
    let score = leads["leads"][0]["readiness_score"].as_i64().expect("a score");
    let score = i32::try_from(score).expect("at most 100");
    assert_eq!(totals["max_score"], json!(score));
    assert_eq!(totals["avg_score"].as_f64(), Some(f64::from(score)));
    let segment = leads["leads"][0]["segment"].as_str().expect("a segment").to_lowercase();
    for name in ["migration", "existing", "cold", "skip"] {
        assert_eq!(totals[name], json!(if name == segment { 2 } else { 0 }), "{name}");
    }
    assert_eq!(
        (&totals["without_segment"], &totals["by_provider"]),
        (&json!(0), &json!({"Google": 2}))
    );
    let kpis = service.read("/api/v1/dashboard/kpis").await;
    for (one, other) in [
        ("total_leads", "total_leads"),
        ("migration_leads", "migration"),
        ("high_priority", "high_priority"),
        ("max_score", "max_score"),
        ("counted_at", "counted_at"),
    ] {
        assert_eq!(kpis[one], totals[other], "{one}");
    }
    // A minute is not over: nothing is counted anew for whoever looks again.
    service.observed(&[google("uc.com.tr")]).await;
    assert_eq!(service.read("/dashboard").await, totals);
}

#[tokio::test]
async fn activity_tells_of_changes_and_jobs() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    assert_eq!(service.read("/dashboard/activity").await, json!({"activity": []}));
    service.observed(&[google("baska.com.tr")]).await;
    let body = json!({"domain_list": ["ornek.com.tr"]});
    let job = service.send("POST", "/api/v1/scan/bulk", &body).await.json();
    service.send("POST", "/api/v1/scan/baska.com.tr/rescan", &json!(null)).await;
    let all = service.read("/api/v1/dashboard/activity").await;
    let rows = all["activity"].as_array().expect("rows");
    let of = |kind: &str| {
        rows.iter().find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {all}"))
    };
    let moved = of("mx_changed");
    assert_eq!((&moved["type"], &moved["domain"]), (&json!("change"), &json!("baska.com.tr")));
    assert_eq!((&moved["before"], &moved["after"]), (&json!("google.com"), &json!("outlook.com")));
    let worked = of("scan");
    assert_eq!((&worked["type"], &worked["job_id"]), (&json!("job"), &job["job_id"]));
    assert_eq!((&worked["status"], &worked["total"]), (&json!("queued"), &json!(1)));
    let first = service.read("/api/v1/dashboard/activity?limit=1").await;
    assert_eq!(first["activity"].as_array().map(Vec::as_slice), Some(&rows[..1]));
    let before = rows[0]["at"].as_str().expect("a time");
    let older: Value = service.read(&format!("/api/v1/dashboard/activity?before={before}")).await;
    assert!(older["activity"].as_array().is_some_and(|older| older.len() < rows.len()));
    for query in ["limit=0", "limit=201", "before=gestern", "colour=red"] {
        let answer = service.get(&format!("/api/v1/dashboard/activity?{query}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{query}");
    }
}
