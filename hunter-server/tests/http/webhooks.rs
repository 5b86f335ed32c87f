//! Webhooks: who may send them, what they do, and what becomes of those that fail.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use hunter_core::Domain;
use hunter_server::services::webhooks::Pace;
use hunter_store::api_keys::Scope::{Admin, Ingest, Read};
use hunter_store::companies::{Companies as _, Company};
use hunter_store::testing::execute;
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;
use time::OffsetDateTime;

use crate::scans::opt_out;
use crate::support::{Answer, Service, google};

const PATH: &str = "/api/v1/ingest/webhook";
const CALLS: &str = "/api/v1/ingest/webhook/calls";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

async fn company(service: &Service, domain: &str) -> Option<Company> {
    let domain: Domain = domain.parse().expect("a domain");
    service.db().read().await.expect("a unit").company(&domain).await.expect("read")
}

fn of(domain: &str) -> Value {
    json!({"domain": domain, "company_name": "W", "contact_emails": [format!("a@{domain}")]})
}

/// A call with headers beside the key.
async fn call(service: &Service, key: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::post(PATH)
        .header("x-api-key", key)
        .header(header::CONTENT_TYPE, "application/json");
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    service.ask(request.body(Body::from(body.to_owned())).expect("a request")).await
}

fn refused(answer: &Answer) -> (u16, String) {
    (answer.status(), answer.problem())
}

/// A company whose domain the database does not take, as long as this stands.
async fn breaks(service: &Service, domain: &str) {
    let sql = format!(
        "CREATE TRIGGER broken BEFORE INSERT ON companies WHEN NEW.domain = '{domain}' \
         BEGIN SELECT RAISE(ABORT, 'broken'); END"
    );
    execute(service.db(), &sql).await;
}

#[tokio::test]
async fn a_key_is_needed_wherever_the_service_listens() {
    for service in
        [Service::new().await, Service::with(&[("HUNTER_SECURITY_AUTHENTICATION", "keys")]).await]
    {
        let body = of("ornek.com.tr");
        for path in [PATH, "/ingest/webhook"] {
            let answer = service.send("POST", path, &body).await;
            assert_eq!(refused(&answer), (401, "key_missing".into()), "{path}");
        }
        let (_, reader) = service.key(&[Read], 60).await;
        let answer = service.with_key(&reader, "POST", PATH, Some(&body)).await;
        assert_eq!(refused(&answer), (403, "scope_missing".into()));
        assert!(company(&service, "ornek.com.tr").await.is_none());
    }
}

#[tokio::test]
async fn a_call_takes_a_company_in_and_its_lead_has_the_contacts_at_once() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let (_, key) = service.key(&[Ingest], 60).await;
    assert_eq!(service.read("/leads/ornek.com.tr").await["contact_quality_score"], json!(null));
    let body = json!({
        "domain": "https://www.ornek.com.tr/iletisim", "company_name": "Örnek A.Ş.", "deal": {"id": 7},
        "contact_emails": ["Ayşe <Ayse.Yilmaz@ornek.com.tr>", "nan", ""],
    });
    let answer = service.with_key(&key, "POST", "/ingest/webhook", Some(&body)).await;
    assert_eq!(answer.status(), 201, "{}", String::from_utf8_lossy(&answer.body));
    let said = answer.json();
    assert_eq!((&said["status"], &said["domain"]), (&json!("done"), &json!("ornek.com.tr")));
    assert_eq!((&said["ingested"], &said["enriched"]), (&json!(true), &json!(true)));
    assert_eq!(said["rejected_emails"], json!(["nan"]));
    let company = company(&service, "ornek.com.tr").await.expect("taken in");
    assert_eq!(company.contact_emails, ["ayse.yilmaz@ornek.com.tr"]);
    let lead = service.read("/leads/ornek.com.tr").await;
    assert_eq!(lead["canonical_name"], "Örnek A.Ş.");
    assert_eq!(
        (&lead["contact_quality_score"], &lead["linkedin_pattern"]),
        (&json!(50), &json!("firstname.lastname"))
    );
    let history = service.read("/leads/ornek.com.tr/history").await;
    assert_eq!(history["changes"], json!([]), "contacts are no change of what was observed");
}

#[tokio::test]
async fn bad_calls_are_told_what_is_wrong_and_not_kept() {
    let service = Service::new().await;
    let (_, key) = service.key(&[Admin], 600).await;
    opt_out(&service, "yok.com.tr").await;
    let many = vec!["a@ornek.com.tr"; 201];
    for (body, status, code) in [
        (json!({"domain": "not a domain"}), 422, "validation"),
        (json!({}), 422, "validation"),
        (json!({"domain": "ornek.com.tr", "contact_emails": "a@b.tr"}), 422, "validation"),
        (json!({"domain": "ornek.com.tr", "contact_emails": many}), 422, "validation"),
        (of("yok.com.tr"), 409, "opted_out"),
    ] {
        let answer = service.with_key(&key, "POST", PATH, Some(&body)).await;
        assert_eq!(refused(&answer), (status, code.into()), "{body}");
    }
    assert_eq!(refused(&call(&service, &key, "{", &[]).await), (400, "json_syntax".into()));
    for status in ["waiting", "done", "given_up"] {
        let path = format!("{CALLS}?status={status}");
        assert_eq!(service.read(&path).await, json!([]), "{status}");
    }
    assert_eq!(
        refused(&service.get(&format!("{CALLS}?limit=0")).await),
        (422, "validation".into())
    );
}

#[tokio::test]
async fn a_key_may_call_so_often_a_minute() {
    let service = Service::new().await;
    let (_, key) = service.key(&[Ingest], 1).await;
    let (_, other) = service.key(&[Ingest], 1).await;
    let body = of("ornek.com.tr");
    assert_eq!(service.with_key(&key, "POST", PATH, Some(&body)).await.status(), 201);
    let answer = service.with_key(&key, "POST", PATH, Some(&body)).await;
    assert_eq!(refused(&answer), (429, "rate_limited".into()));
    let wait: u64 = answer.header("retry-after").expect("a time").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(service.with_key(&other, "POST", PATH, Some(&body)).await.status(), 201);
}

#[tokio::test]
async fn d26_a_failed_webhook_call_is_done_by_the_worker() {
    let service = Service::new().await;
    let (_, key) = service.key(&[Ingest], 60).await;
    breaks(&service, "kirik.com.tr").await;
    let answer = service.with_key(&key, "POST", PATH, Some(&of("kirik.com.tr"))).await;
    assert_eq!(answer.status(), 202, "{}", String::from_utf8_lossy(&answer.body));
    let said = answer.json();
    assert_eq!((&said["status"], &said["ingested"]), (&json!("waiting"), &json!(false)));
    let waiting = service.read(&format!("{CALLS}?status=waiting")).await;
    assert_eq!((&waiting[0]["call_id"], &waiting[0]["attempts"]), (&said["call_id"], &json!(0)));
    assert_eq!(service.app().webhooks().retry_due().await.expect("read"), 0, "not due yet");

    execute(service.db(), "DROP TRIGGER broken; UPDATE webhook_retries SET due_at = 0").await;
    let pace = Pace { poll: Duration::from_millis(20), ..Pace::default() };
    let (webhooks, ending) =
        (service.app().webhooks().clone().with_pace(pace), service.app().ending.clone());
    let worker = tokio::spawn(async move { webhooks.retry(ending).await });
    for _ in 0..500 {
        if company(&service, "kirik.com.tr").await.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let company = company(&service, "kirik.com.tr").await.expect("done by the worker");
    assert_eq!(company.contact_emails, ["a@kirik.com.tr"]);
    let done = service.read(&format!("{CALLS}?status=done")).await;
    assert_eq!((&done[0]["call_id"], &done[0]["attempts"]), (&said["call_id"], &json!(1)));
    service.end();
    worker.await.expect("it ends with the process");
}

#[tokio::test]
async fn d26_a_webhook_call_that_fails_again_and_again_is_given_up_and_seen() {
    let service = Service::new().await;
    let (_, key) = service.key(&[Ingest], 60).await;
    breaks(&service, "kirik.com.tr").await;
    let body = of("kirik.com.tr").to_string();
    let named = [("idempotency-key", "a")];
    assert_eq!(call(&service, &key, &body, &named).await.status(), 202);
    assert_eq!(call(&service, &key, &body, &named).await.status(), 202, "it waits already");
    for attempt in 1..=3 {
        let waiting = service.read(&format!("{CALLS}?status=waiting")).await;
        assert_eq!(waiting.as_array().map(Vec::len), Some(1), "attempt {attempt}");
        execute(service.db(), "UPDATE webhook_retries SET due_at = 0").await;
        let webhooks = service.app().webhooks().clone();
        assert_eq!(webhooks.retry_due().await.expect("read"), 1, "attempt {attempt}");
        assert_eq!(webhooks.retry_due().await.expect("read"), 0, "the next one comes later");
    }
    assert_eq!(service.read(&format!("{CALLS}?status=waiting")).await, json!([]));
    let given_up = service.read(CALLS).await;
    assert_eq!((&given_up[0]["attempts"], &given_up[0]["due_at"]), (&json!(3), &json!(null)));
    assert_eq!(given_up[0]["domain"], "kirik.com.tr");
    assert!(given_up[0]["last_error"].as_str().is_some_and(|code| code.starts_with("store_")));
    assert_eq!(refused(&call(&service, &key, &body, &named).await), (409, "call_given_up".into()));
    execute(service.db(), "DROP TRIGGER broken; UPDATE webhook_retries SET due_at = 0").await;
    assert_eq!(service.app().webhooks().retry_due().await.expect("read"), 0);
    assert!(company(&service, "kirik.com.tr").await.is_none());
}

#[tokio::test]
async fn a_named_call_is_done_once_for_each_key() {
    let service = Service::new().await;
    let (_, key) = service.key(&[Ingest], 60).await;
    let (_, other) = service.key(&[Ingest], 60).await;
    let named = [("idempotency-key", "a")];
    let first = call(&service, &key, &of("bir.com.tr").to_string(), &named).await;
    assert_eq!((first.status(), first.header("idempotency-replayed")), (201, None));
    let again = call(&service, &key, &of("bir.com.tr").to_string(), &named).await;
    assert_eq!((again.status(), again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.json(), first.json());
    let answer = call(&service, &key, &of("iki.com.tr").to_string(), &named).await;
    assert_eq!(refused(&answer), (422, "idempotency_conflict".into()));
    let answer = call(&service, &other, &of("iki.com.tr").to_string(), &named).await;
    assert_eq!(answer.status(), 201, "another key has names of its own");
    assert!(company(&service, "iki.com.tr").await.is_some());
    let long = "x".repeat(201);
    let named = [("idempotency-key", long.as_str())];
    let answer = call(&service, &key, &of("bir.com.tr").to_string(), &named).await;
    assert_eq!(refused(&answer), (422, "validation".into()));
}

/// The headers of a call that was signed so many seconds ago.
fn signed(id: &str, body: &str, secret: &str, ago: i64) -> [(&'static str, String); 3] {
    let at = (OffsetDateTime::now_utc().unix_timestamp() - ago).to_string();
    let secret = secret.strip_prefix("whsec_").expect("a secret");
    let secret = BASE64_STANDARD.decode(secret).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    [
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", at),
        ("webhook-signature", format!("v1,{signature}")),
    ]
}

#[tokio::test]
async fn with_a_secret_calls_are_signed_and_what_was_listened_to_does_nothing_twice() {
    let service = Service::with(&[("HUNTER_WEBHOOKS_SECRETS", SECRET)]).await;
    let (_, key) = service.key(&[Ingest], 60).await;
    let (_, other) = service.key(&[Ingest], 60).await;
    let send = async |key: &str, body: &str, headers: &[(&'static str, String)]| {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        call(&service, key, body, &headers).await
    };
    let body = of("bir.com.tr").to_string();
    let wrong = (401, "signature_invalid".to_owned());
    assert_eq!(refused(&send(&key, &body, &[]).await), wrong);
    let strange = format!("whsec_{}", BASE64_STANDARD.encode([7; 32]));
    assert_eq!(refused(&send(&key, &body, &signed("m1", &body, &strange, 0)).await), wrong);
    assert_eq!(refused(&send(&key, &body, &signed("m1", "{}", SECRET, 0)).await), wrong);
    assert_eq!(refused(&send(&key, &body, &signed("m1", &body, SECRET, 301)).await), wrong);
    assert_eq!(refused(&send(&key, &body, &signed("m1", &body, SECRET, -301)).await), wrong);
    assert!(company(&service, "bir.com.tr").await.is_none());

    let headers = signed("m1", &body, SECRET, 0);
    assert_eq!(send(&key, &body, &headers).await.status(), 201);
    // The same message, sent again by whoever listened, with whatever key.
    for key in [&key, &other] {
        let answer = send(key, &body, &headers).await;
        assert_eq!((answer.status(), answer.header("idempotency-replayed")), (201, Some("true")));
    }
    let else_body = of("iki.com.tr").to_string();
    let answer = send(&key, &else_body, &signed("m1", &else_body, SECRET, 0)).await;
    assert_eq!(refused(&answer), (422, "idempotency_conflict".into()));
}
