//! The list, one lead, and what is said of it.

use serde_json::json;

use crate::support::{Service, google};

#[tokio::test]
async fn a_lead_is_listed_read_explained_and_erased() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let list = service.read("/api/v1/leads").await;
    assert_eq!(
        (&list["total"], &list["page"], &list["total_pages"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(list["leads"][0]["domain"], "ornek.com.tr");
    let lead = service.read("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(lead, list["leads"][0]);

    let breakdown = service.read("/api/v1/leads/ornek.com.tr/score-breakdown").await;
    assert_eq!(breakdown["total_score"], lead["readiness_score"]);
    assert_eq!(breakdown["priority_category"], lead["priority_category"]);
    assert_eq!(
        (&breakdown["unknown"], &breakdown["rules_current"]),
        (&json!(["dmarc"]), &json!(true))
    );

    let turkish = service.read("/api/v1/leads/ornek.com.tr/sales-summary").await;
    let english = service.read("/api/v1/leads/ornek.com.tr/sales-summary?locale=en").await;
    assert_eq!(turkish["domain"], "ornek.com.tr");
    assert_ne!(turkish["one_liner"], english["one_liner"]);
    let unknown = service.get("/api/v1/leads/ornek.com.tr/sales-summary?locale=xx").await;
    assert_eq!((unknown.status(), unknown.problem().as_str()), (422, "locale_unknown"));

    let history = service.read("/api/v1/leads/ornek.com.tr/history").await;
    assert_eq!(history["scores"].as_array().map(Vec::len), Some(1));

    let erased = service.send("DELETE", "/api/v1/leads/ornek.com.tr", &json!(null)).await;
    assert_eq!(erased.status(), 204);
    for path in ["", "/score-breakdown", "/sales-summary", "/history", "/notes", "/tags"] {
        let answer = service.get(&format!("/api/v1/leads/ornek.com.tr{path}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (404, "lead_not_found"), "{path}");
    }
}

#[tokio::test]
async fn pages_go_on_by_cursor() {
    let service = Service::new().await;
    let observations: Vec<_> = (0..5).map(|i| google(&format!("ornek{i}.com.tr"))).collect();
    service.observed(&observations).await;
    let mut path = "/api/v1/leads?page_size=2&sort_by=domain".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = service.read(&path).await;
        seen.extend(page["leads"].as_array().unwrap().iter().map(|lead| lead["domain"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/leads?page_size=2&sort_by=domain&cursor={cursor}");
    }
    let expected: Vec<_> = (0..5).map(|i| json!(format!("ornek{i}.com.tr"))).collect();
    assert_eq!(seen, expected);
    let deep = service.get("/api/v1/leads?page=201").await;
    assert_eq!((deep.status(), deep.problem().as_str()), (400, "use_cursor"));
    let wrong = service.get("/api/v1/leads?cursor=x").await;
    assert_eq!((wrong.status(), wrong.problem().as_str()), (400, "cursor_invalid"));
}

#[tokio::test]
async fn what_is_read_again_unchanged_is_not_sent_again() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let first = service.get("/api/v1/leads/ornek.com.tr").await;
    let tag = first.header("etag").expect("a tag").to_owned();
    let request =
        axum::http::Request::get("/api/v1/leads/ornek.com.tr").header("if-none-match", tag);
    let again = service.ask(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((again.status(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn one_company_is_taken_in_by_whatever_names_it() {
    let service = Service::new().await;
    let body = json!({"domain": "https://www.ornek.com.tr/iletisim", "company_name": "Örnek A.Ş.", "email": "info@gmail.com"});
    let answer = service.send("POST", "/api/v1/ingest/domain", &body).await;
    assert_eq!(answer.status(), 201);
    let taken = answer.json();
    assert_eq!(
        (&taken["domain"], &taken["chosen_from"]),
        (&json!("ornek.com.tr"), &json!("domain"))
    );

    // D17: free mail never makes a lead.
    let body = json!({"domain": "", "email": "biri@gmail.com"});
    let answer = service.send("POST", "/api/v1/ingest/domain", &body).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"));
    assert_eq!(answer.json()["errors"][0]["pointer"], "/email");
}
