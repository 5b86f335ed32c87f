//! `POST /leads/{domain}/enrich`: contact addresses, and what they say of a lead.

use hunter_store::leads::Leads as _;
use serde_json::{Value, json};

use crate::scans::opt_out;
use crate::support::{Service, google};

async fn enrich(service: &Service, path: &str, emails: &Value) -> crate::support::Answer {
    service.send("POST", path, &json!({"contact_emails": emails})).await
}

#[tokio::test]
async fn addresses_are_added_and_judged_at_both_paths() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let before = service.read("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(before["contact_quality_score"], json!(null));
    let emails = json!(["ali.veli@ornek.com.tr", "info@ornek.com.tr"]);
    let answer = enrich(&service, "/leads/ornek.com.tr/enrich", &emails).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let body = answer.json();
    // The shape that clients of old rely on.
    assert_eq!(body["domain"], "ornek.com.tr");
    let known = body["contact_emails"].as_array().expect("addresses");
    assert!(known.len() == 2 && emails.as_array().unwrap().iter().all(|one| known.contains(one)));
    assert_eq!(body["contact_quality_score"], 60);
    assert_eq!(body["linkedin_pattern"], "firstname.lastname");
    assert!(body["message"].is_string());

    // Another call adds to the first; what is known already changes nothing.
    let emails = json!(["Ali.Veli@ornek.com.tr", "a@gmail.com", "nan", "yok"]);
    let body = enrich(&service, "/api/v1/leads/ornek.com.tr/enrich", &emails).await.json();
    assert_eq!(body["rejected"], json!(["nan", "yok"]));
    assert_eq!(body["contact_quality_score"], 56);

    // The lead says the same, and nothing else of it changed.
    let mut after = service.read("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(after["contact_quality_score"], body["contact_quality_score"]);
    assert_eq!(after["contact_emails"], body["contact_emails"]);
    for field in [
        "contact_emails",
        "contact_quality_score",
        "linkedin_pattern",
        "reason",
        "infrastructure_summary",
    ] {
        after[field] = before[field].clone();
    }
    assert_eq!(after, before);
    let company = before["company_id"].as_i64().expect("a number");
    let scores = service.db().read().await.unwrap().scores(company, 10).await.unwrap();
    assert_eq!(scores.len(), 1, "no verdict moved");
}

#[tokio::test]
async fn who_added_them_is_written_down() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    enrich(&service, "/api/v1/leads/ornek.com.tr/enrich", &json!(["a@ornek.com.tr"])).await;
    let (_, key) = service.key(&[hunter_store::api_keys::Scope::Admin], 60).await;
    let audit = service.with_key(&key, "GET", "/api/v1/admin/audit", None).await.json();
    let entries = audit.as_array().expect("entries");
    let entry =
        entries.iter().find(|entry| entry["action"] == "lead.enrich").expect("written down");
    // An entry that outlives the lead does not say whose it was.
    let target = entry["target"].as_str().expect("a target");
    assert!(
        target.starts_with("sha256:") && !audit.to_string().contains("ornek.com.tr"),
        "{audit}"
    );
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_by_its_place() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr"), google("kapali.com.tr")]).await;
    opt_out(&service, "kapali.com.tr").await;
    let path = |domain: &str| format!("/api/v1/leads/{domain}/enrich");
    for (domain, emails, status, code) in [
        ("ornek.com.tr", json!([]), 422, "validation"),
        ("ornek.com.tr", json!(["yok", "nan"]), 422, "validation"),
        ("ornek.com.tr", json!(["a".repeat(600)]), 422, "validation"),
        ("ornek.com.tr", json!("a@ornek.com.tr"), 422, "validation"),
        ("baska.com.tr", json!(["a@baska.com.tr"]), 404, "lead_not_found"),
        ("kapali.com.tr", json!(["a@kapali.com.tr"]), 409, "opted_out"),
    ] {
        let answer = enrich(&service, &path(domain), &emails).await;
        assert_eq!(
            (answer.status(), answer.problem().as_str()),
            (status, code),
            "{domain} {emails}"
        );
    }
    let answer = enrich(&service, &path("ornek.com.tr"), &json!(["yok", "nan"])).await.json();
    assert_eq!(answer["errors"][1]["pointer"], "/contact_emails/1");
}
