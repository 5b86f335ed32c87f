//! Keys are made, listed and switched off; who opted out; what is written down of it.

use hunter_store::api_keys::Scope::{Admin, Read};
use serde_json::{Value, json};

use crate::support::Service;

const KEYS: &[(&str, &str)] = &[("HUNTER_SECURITY_AUTHENTICATION", "keys")];

#[tokio::test]
async fn d28_keys_are_administered_with_a_key_of_an_administrator_alone() {
    for service in [Service::new().await, Service::with(KEYS).await] {
        let (_, reader) = service.key(&[Read], 60).await;
        for (method, path) in [
            ("GET", "/admin/api-keys"),
            ("POST", "/admin/api-keys"),
            ("PATCH", "/admin/api-keys/1/activate"),
            ("PATCH", "/admin/api-keys/1/deactivate"),
            ("GET", "/admin/audit"),
            ("GET", "/debug/ip-enrichment/config"),
            ("GET", "/debug/ip-enrichment/192.0.2.1"),
        ] {
            for path in [path.to_owned(), format!("/api/v1{path}")] {
                let body = json!({"name": "x", "scopes": ["admin"]});
                let answer = service.send(method, &path, &body).await;
                assert_eq!(
                    (answer.status(), answer.problem().as_str()),
                    (401, "key_missing"),
                    "{path}"
                );
                let answer = service.with_key(&reader, method, &path, Some(&body)).await;
                assert_eq!((answer.status(), answer.problem().as_str()), (403, "scope_missing"));
            }
        }
        let (_, admin) = service.key(&[Admin], 60).await;
        let listed = service.with_key(&admin, "GET", "/admin/api-keys", None).await.json();
        assert_eq!(listed.as_array().map(Vec::len), Some(2), "none of the above made a key");
    }
}

#[tokio::test]
async fn d28_neither_hash_nor_secret_is_in_any_answer_but_the_first() {
    let service = Service::with(KEYS).await;
    let (_, admin) = service.key(&[Admin], 60).await;
    let body = json!({"name": "web formu"});
    let made = service.with_key(&admin, "POST", "/admin/api-keys", Some(&body)).await;
    assert_eq!(made.status(), 201);
    let text = made.json()["api_key"].as_str().unwrap().to_owned();
    let secret = text.split_once('.').unwrap().1;
    assert!(!String::from_utf8_lossy(&made.body).contains("argon2"));
    assert_eq!(service.with_key(&text, "GET", "/leads", None).await.status(), 200);
    for path in ["/admin/api-keys", "/admin/audit", "/openapi.json"] {
        let answer = service.with_key(&admin, "GET", path, None).await;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status(), 200, "{path}");
        assert!(
            !body.contains("argon2") && !body.contains(secret) && !body.contains("secret_hash"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn keys_have_the_shapes_that_clients_know() {
    let service = Service::with(KEYS).await;
    let (_, admin) = service.key(&[Admin], 60).await;
    let body = json!({"name": "shape"});
    let made = service.with_key(&admin, "POST", "/admin/api-keys", Some(&body)).await.json();
    assert_eq!((&made["id"], &made["name"]), (&json!(2), &json!("shape")));
    assert_eq!((&made["rate_limit_per_minute"], &made["is_active"]), (&json!(60), &json!(true)));
    assert_eq!(made["scopes"], json!(["read", "ingest", "scan"]));
    assert!(made["created_by"].is_null() && made["message"].is_string());
    assert!(made["created_at"].is_string());
    let listed = service.with_key(&admin, "GET", "/admin/api-keys", None).await.json();
    let key = &listed[1];
    assert_eq!((&key["id"], &key["last_used_at"]), (&json!(2), &Value::Null));
    assert!(key.get("api_key").is_none());
    for body in [
        json!({"name": " "}),
        json!({}),
        json!({"name": "x", "scopes": ["root"]}),
        json!({"name": "x", "scopes": []}),
        json!({"name": "x", "rate_limit_per_minute": 0}),
    ] {
        let answer = service.with_key(&admin, "POST", "/admin/api-keys", Some(&body)).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{body}");
    }
}

#[tokio::test]
async fn a_key_that_is_switched_off_is_refused_at_once_and_taken_again_when_it_is_on() {
    let service = Service::with(KEYS).await;
    let (_, admin) = service.key(&[Admin], 60).await;
    let (id, key) = service.key(&[Read], 60).await;
    let asked = async || service.with_key(&key, "GET", "/leads", None).await.status();
    let switch = async |way: &str| {
        let path = format!("/admin/api-keys/{id}/{way}");
        let answer = service.with_key(&admin, "PATCH", &path, None).await;
        assert_eq!(answer.status(), 200);
        answer.json()["is_active"].as_bool().unwrap()
    };
    assert_eq!(asked().await, 200);
    assert!(!switch("deactivate").await);
    assert_eq!(asked().await, 401, "though it was right a moment ago");
    assert!(switch("activate").await);
    assert_eq!(asked().await, 200);
    for (path, status, code) in [
        ("/admin/api-keys/99/deactivate", 404, "key_not_found"),
        ("/admin/api-keys/one/deactivate", 422, "validation"),
    ] {
        let answer = service.with_key(&admin, "PATCH", path, None).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{path}");
    }
    let log = service.with_key(&admin, "GET", "/admin/audit", None).await.json();
    let entry =
        |i: usize| (log[i]["action"].clone(), log[i]["actor"].clone(), log[i]["target"].clone());
    assert_eq!(entry(0), (json!("api_key.activate"), json!("key 1 (deneme)"), json!("2")));
    assert_eq!(entry(1), (json!("api_key.deactivate"), json!("key 1 (deneme)"), json!("2")));
    assert_eq!(entry(2), (json!("api_key.create"), json!("command line"), json!("2")));
    assert!(log[0]["request_id"].is_string() && log[0]["done_at"].is_string());
    let limited = service.with_key(&admin, "GET", "/admin/audit?limit=1", None).await.json();
    assert_eq!(limited.as_array().map(Vec::len), Some(1));
    for query in ["limit=0", "limit=201", "before=yesterday"] {
        let path = format!("/admin/audit?{query}");
        assert_eq!(service.with_key(&admin, "GET", &path, None).await.status(), 422, "{query}");
    }
}

#[tokio::test]
async fn who_opted_out_is_written_down_and_not_taken_in() {
    let service = Service::new().await;
    let (_, admin) = service.key(&[Admin], 60).await;
    let body = json!({"domain": "https://www.ornek.com.tr/", "ground": "Telefonla istedi"});
    let added = service.send("POST", "/api/v1/opt-outs", &body).await;
    assert_eq!(added.status(), 201);
    let opt_out = added.json();
    assert_eq!((&opt_out["domain"], &opt_out["ground"]), (&json!("ornek.com.tr"), &body["ground"]));
    // The first word on it stands.
    let again = json!({"domain": "ornek.com.tr", "ground": "x"});
    let again = service.send("POST", "/api/v1/opt-outs", &again).await.json();
    assert_eq!(again["recorded_at"], opt_out["recorded_at"]);
    assert_eq!(again["ground"], body["ground"]);
    service.send("POST", "/opt-outs", &json!({"domain": "a.com.tr"})).await;
    let part = service.read("/opt-outs?limit=1").await;
    assert_eq!(
        (&part["opt_outs"][0]["domain"], &part["next"]),
        (&json!("a.com.tr"), &json!("a.com.tr"))
    );
    let part = service.read("/opt-outs?limit=1&after=a.com.tr").await;
    assert_eq!(
        (&part["opt_outs"][0]["domain"], &part["next"]),
        (&json!("ornek.com.tr"), &Value::Null)
    );
    let taken = service.send("POST", "/ingest/domain", &json!({"domain": "ornek.com.tr"})).await;
    assert_eq!((taken.status(), taken.problem().as_str()), (409, "opted_out"));
    for (path, status) in [
        ("/opt-outs/ornek.com.tr", 204),
        ("/opt-outs/ornek.com.tr", 404),
        ("/opt-outs?domain=a.com.tr", 204),
        ("/opt-outs?domain=a.com.tr", 404),
        ("/opt-outs", 422),
    ] {
        assert_eq!(service.send("DELETE", path, &json!({})).await.status(), status, "{path}");
    }
    let taken = service.send("POST", "/ingest/domain", &json!({"domain": "ornek.com.tr"})).await;
    assert_eq!(taken.status(), 201);
    for body in [json!({"domain": "no domain"}), json!({"domain": "a.com", "ground": " "})] {
        assert_eq!(service.send("POST", "/opt-outs", &body).await.status(), 422, "{body}");
    }
    let log = service.with_key(&admin, "GET", "/admin/audit", None).await.json();
    let actions: Vec<_> = log.as_array().unwrap().iter().map(|e| e["action"].as_str()).collect();
    assert_eq!(actions[..2], [Some("opt_out.take_back"), Some("opt_out.take_back")]);
    assert!(actions.contains(&Some("opt_out.record")));
}

#[tokio::test]
async fn an_administrator_sees_what_ip_data_is_there() {
    let service = Service::new().await;
    let (_, admin) = service.key(&[Admin], 60).await;
    let config = service.with_key(&admin, "GET", "/debug/ip-enrichment/config", None).await.json();
    assert_eq!(config, json!({"enabled": false, "databases": [], "problems": []}));
    let one = service.with_key(&admin, "GET", "/debug/ip-enrichment/192.0.2.1", None).await.json();
    assert_eq!((&one["ip"], &one["enabled"]), (&json!("192.0.2.1"), &json!(false)));
    assert!(one["facts"]["country"].is_null() && one["records"] == json!([]));
    let answer = service.with_key(&admin, "GET", "/debug/ip-enrichment/one", None).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"));
}

#[tokio::test]
async fn erasing_a_lead_is_written_down_without_its_name() {
    let service = Service::new().await;
    service.observed(&[crate::support::google("ornek.com.tr")]).await;
    let (id, admin) = service.key(&[Admin], 60).await;
    let erase = async || service.with_key(&admin, "DELETE", "/leads/ornek.com.tr", None).await;
    let erased = erase().await;
    assert_eq!(erased.status(), 204);
    assert_eq!(erase().await.status(), 404);
    let log = service.with_key(&admin, "GET", "/admin/audit", None).await.json();
    let entries: Vec<_> = log
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["action"] == "lead.erase")
        .collect();
    assert_eq!(entries.len(), 1, "{log}");
    assert_eq!(entries[0]["actor"], format!("key {id} (deneme)"));
    assert_eq!(entries[0]["request_id"], erased.header("x-request-id").expect("an id"));
    // What `printf ornek.com.tr | sha256sum` says.
    let hash = "sha256:eaffdb16c5bc7530d39b91755919c39d5c014adc1f40f1dac63b5c921205070f";
    assert_eq!(entries[0]["target"], hash);
    assert!(!log.to_string().contains("ornek"), "{log}");
}
