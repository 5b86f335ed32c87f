//! `/providers`: an assignment takes effect in every process, and is written down.

use hunter_nameserver::NameServer;
use hunter_server::services::assigned;
use hunter_store::bulk::SharedEngine;
use serde_json::{Value, json};

use crate::support::Service;

const ZONE: &str = "\
ornek.com.tr. 60 IN MX 10 mx1.posta.com.tr.
baska.com.tr. 60 IN MX 10 mx1.posta.com.tr.
";
const PATH: &str = "/api/v1/providers/overrides/posta.com.tr";

async fn scanned(service: &Service, domain: &str) -> Value {
    let answer = service.send("POST", "/api/v1/scan/domain", &json!({"domain": domain})).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[tokio::test]
async fn the_table_is_listed_with_what_is_assigned() {
    let service = Service::new().await;
    let list = service.read("/api/v1/providers").await;
    let providers = list["providers"].as_array().expect("providers");
    let natro = providers.iter().find(|provider| provider["id"] == "natro").expect("listed");
    assert_eq!((&natro["short_name"], &natro["class"]), (&json!("Natro"), &json!("Local")));
    assert!(natro["mx_suffixes"].as_array().is_some_and(|hosts| !hosts.is_empty()));
    assert_eq!(list["overrides"], json!([]));

    let body = json!({"provider": "natro", "note": " sorduk "});
    let answer = service.send("PUT", PATH, &body).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let assigned = answer.json();
    assert_eq!(
        (&assigned["mx_root"], &assigned["note"]),
        (&json!("posta.com.tr"), &json!("sorduk"))
    );
    assert!(assigned["message"].as_str().is_some_and(|text| text.contains("hunter reassess")));
    let after = service.read("/api/v1/providers").await;
    assert_eq!(after["overrides"][0]["provider"], "natro");
    assert_ne!(after["hash"], list["hash"]);

    assert_eq!(service.send("DELETE", PATH, &json!(null)).await.status(), 200);
    assert_eq!(service.read("/api/v1/providers").await, list);
    let again = service.send("DELETE", PATH, &json!(null)).await;
    assert_eq!((again.status(), again.problem().as_str()), (404, "override_not_found"));
}

#[tokio::test]
async fn what_is_assigned_holds_from_the_next_scan_on_in_every_process() {
    let server = NameServer::builder().zone_text(ZONE).spawn().await.expect("a name server");
    let service = Service::asking(&server).await;
    let other = service.beside().await;
    for service in [&service, &other] {
        // Both remember the verdict now.
        assert_ne!(scanned(service, "ornek.com.tr").await["provider_id"], "natro");
    }
    let answer = service.send("PUT", PATH, &json!({"provider": "natro"})).await.json();
    assert_eq!(answer["leads_affected"], 1);
    assert_eq!(scanned(&service, "ornek.com.tr").await["provider_id"], "natro");
    assert_eq!(scanned(&service, "baska.com.tr").await["provider_id"], "natro");

    // Another process looks every few seconds; here it is told to.
    let engine: SharedEngine = other.app().scans.recorder().engine().clone();
    assert!(assigned::refresh(other.db(), &engine).await.expect("looked"));
    assert!(!assigned::refresh(other.db(), &engine).await.expect("looked"), "nothing is new");
    assert_eq!(scanned(&other, "ornek.com.tr").await["provider_id"], "natro");

    let breakdown = service.read("/api/v1/leads/ornek.com.tr/score-breakdown").await;
    assert_eq!(breakdown["evidence"][0]["sources"], json!(["operator"]));
    assert_eq!(breakdown["rules_current"], true);

    service.send("DELETE", PATH, &json!(null)).await;
    // The lead keeps its verdict and says that it is by other rules.
    let lead = service.read("/api/v1/leads/ornek.com.tr").await;
    assert_eq!(lead["provider_id"], "natro");
    let breakdown = service.read("/api/v1/leads/ornek.com.tr/score-breakdown").await;
    assert_eq!(breakdown["rules_current"], false);
    assert_ne!(scanned(&service, "ornek.com.tr").await["provider_id"], "natro");
}

#[tokio::test]
async fn jobs_follow_it_too() {
    let server = NameServer::builder().zone_text(ZONE).spawn().await.expect("a name server");
    let service = Service::asking(&server).await;
    service.work();
    service.send("PUT", PATH, &json!({"provider": "natro"})).await;
    let body = json!({"domain_list": ["ornek.com.tr", "baska.com.tr"]});
    let job = service.send("POST", "/api/v1/scan/bulk", &body).await.json();
    service.ended(job["job_id"].as_str().expect("a job")).await;
    for domain in ["ornek.com.tr", "baska.com.tr"] {
        let lead = service.read(&format!("/api/v1/leads/{domain}")).await;
        assert_eq!(lead["provider_id"], "natro", "{domain}");
    }
}

#[tokio::test]
async fn what_cannot_be_assigned_is_refused() {
    let service = Service::new().await;
    for (path, body, pointer) in [
        ("com.tr", json!({"provider": "natro"}), "mx_root"),
        ("mx1.posta.com.tr", json!({"provider": "natro"}), "mx_root"),
        ("10.0.0.1", json!({"provider": "natro"}), "mx_root"),
        ("posta.com.tr", json!({"provider": "nobody"}), "/provider"),
        ("posta.com.tr", json!({"provider": "natro", "note": "x".repeat(501)}), "/note"),
        ("posta.com.tr", json!({}), ""),
    ] {
        let path = format!("/api/v1/providers/overrides/{path}");
        let answer = service.send("PUT", &path, &body).await;
        assert_eq!(answer.status(), 422, "{path} {body}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{path} {body}");
    }
    assert_eq!(service.read("/api/v1/providers").await["overrides"], json!([]));
}

#[tokio::test]
async fn only_an_administrator_assigns_and_it_is_written_down() {
    use hunter_store::api_keys::Scope;
    let service = Service::with(&[("HUNTER_SECURITY_AUTHENTICATION", "keys")]).await;
    let (_, reader) = service.key(&[Scope::Read, Scope::Scan, Scope::Ingest], 60).await;
    let (_, admin) = service.key(&[Scope::Admin], 60).await;
    let body = json!({"provider": "natro"});
    let refused = service.with_key(&reader, "PUT", PATH, Some(&body)).await;
    assert_eq!((refused.status(), refused.problem().as_str()), (403, "scope_missing"));
    assert_eq!(service.with_key(&admin, "PUT", PATH, Some(&body)).await.status(), 200);
    assert_eq!(service.with_key(&admin, "DELETE", PATH, None).await.status(), 200);
    let audit = service.with_key(&admin, "GET", "/api/v1/admin/audit", None).await.json();
    let entries = audit.as_array().expect("entries");
    for (action, target) in [
        ("provider_override.set", "posta.com.tr → natro"),
        ("provider_override.remove", "posta.com.tr"),
    ] {
        let entry = entries.iter().find(|entry| entry["action"] == action).expect(action);
        assert_eq!(entry["target"], target);
        assert!(entry["actor"].as_str().is_some_and(|actor| actor.contains("deneme")), "{entry}");
    }
}
