//! Addresses that are guessed, and what speaks for them.

use hunter_nameserver::NameServer;
use hunter_store::testing::execute;
use serde_json::{Value, json};

use crate::scans::{name_server, opt_out};
use crate::support::Service;

const GENERATE: &str = "/api/v1/email/generate";
const VALIDATE: &str = "/api/v1/email/generate-and-validate";

fn emails(answer: &Value) -> Vec<&str> {
    answer["emails"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[tokio::test]
async fn addresses_are_guessed_with_turkish_letters_folded() {
    let service = Service::new().await;
    let ask = async |body: Value| service.send("POST", GENERATE, &body).await.json();
    let generic = ask(json!({"domain": "https://www.ornek.com.tr"})).await;
    assert!(emails(&generic).contains(&"info@ornek.com.tr"), "{generic}");
    for body in [
        json!({"domain": "ornek.com.tr", "name": "Çağrı Öztürk"}),
        json!({"domain": "ornek.com.tr", "first_name": "ÇAĞRI", "last_name": "Öztürk"}),
    ] {
        let guessed = ask(body).await;
        assert_eq!(
            emails(&guessed)[..3],
            ["cagri.ozturk@ornek.com.tr", "c.ozturk@ornek.com.tr", "cagri@ornek.com.tr"]
        );
        assert_eq!(guessed["pattern"], json!(null));
    }
    // What is known of the company comes first.
    let known = json!({"domain": "ornek.com.tr", "email": "a.yilmaz@ornek.com.tr"});
    assert_eq!(service.send("POST", "/ingest/domain", &known).await.status(), 201);
    let guessed = ask(json!({"domain": "ornek.com.tr", "name": "Çağrı Öztürk"})).await;
    assert_eq!(
        (emails(&guessed)[0], &guessed["pattern"]),
        ("c.ozturk@ornek.com.tr", &json!("f.lastname"))
    );
}

#[tokio::test]
async fn bad_names_are_told_what_is_wrong() {
    let service = Service::new().await;
    for (body, code) in [
        (json!({}), "validation"),
        (json!({"domain": "not a domain"}), "domain_not_a_name"),
        (json!({"domain": "ornek.com.tr", "name": "42"}), "validation"),
        (json!({"domain": "ornek.com.tr", "last_name": "Öztürk"}), "validation"),
        (json!({"domain": "ornek.com.tr", "name": "x".repeat(201)}), "validation"),
    ] {
        for path in [GENERATE, VALIDATE] {
            let answer = service.send("POST", path, &body).await;
            assert_eq!((answer.status(), answer.problem().as_str()), (422, code), "{path} {body}");
        }
    }
}

#[tokio::test]
async fn whether_a_domain_takes_mail_is_asked_and_unknown_is_not_invalid() {
    let server = NameServer::builder()
        .zone_text(
            "ornek.com.tr. 60 IN MX 10 mx.ornek.com.tr.\nnull.com.tr. 60 IN MX 0 .\n\
             yalin.com.tr. 60 IN A 192.0.2.7\n",
        )
        .spawn()
        .await
        .expect("a name server");
    let service = Service::asking(&server).await;
    for (domain, mx, verdict) in [
        ("ornek.com.tr", "hosts", "possible"),
        ("null.com.tr", "null_mx", "invalid"),
        ("yalin.com.tr", "implicit", "possible"),
        ("hic.com.tr", "nowhere", "invalid"),
    ] {
        let body = json!({"domain": domain, "name": "Ayşe Yılmaz"});
        let said = service.send("POST", VALIDATE, &body).await.json();
        assert_eq!(said["mx"], mx, "{said}");
        assert_eq!(said["smtp_probe"], false);
        assert_eq!(said["results"].as_array().map(Vec::len), Some(emails(&said).len()));
        for result in said["results"].as_array().expect("results") {
            assert_eq!(result["syntax_valid"], true);
            assert_eq!(
                (&result["smtp"], &result["verdict"]),
                (&json!("not_asked"), &json!(verdict))
            );
        }
    }
    // A resolver that does not answer.
    let service = Service::with(&[
        ("HUNTER_SCAN_REGISTRATION", "false"),
        ("HUNTER_SCAN_TIMEOUT_MILLISECONDS", "50"),
        ("HUNTER_SCAN_ATTEMPTS", "1"),
    ])
    .await;
    let said = service.send("POST", VALIDATE, &json!({"domain": "ornek.com.tr"})).await.json();
    assert_eq!(
        (&said["mx"], &said["results"][0]["verdict"]),
        (&json!("unknown"), &json!("unknown"))
    );
    assert!(said["mx_unknown_reason"].is_string(), "{said}");
}

#[tokio::test]
async fn mail_servers_are_asked_only_where_that_is_set_and_never_inside() {
    let zone = "ornek.com.tr. 60 IN MX 10 mx.ornek.com.tr.\nmx.ornek.com.tr. 60 IN A 127.0.0.1\n";
    let server = NameServer::builder().zone_text(zone).spawn().await.expect("a name server");
    let resolver = server.addr().to_string();
    let service = Service::with(&[
        ("HUNTER_SCAN_RESOLVERS", &resolver),
        ("HUNTER_SCAN_REGISTRATION", "false"),
        ("HUNTER_EMAIL_SMTP_PROBE_NAME", "probe.example"),
    ])
    .await;
    let said = service.send("POST", VALIDATE, &json!({"domain": "ornek.com.tr"})).await.json();
    assert_eq!(said["smtp_probe"], true);
    let first = &said["results"][0];
    assert_eq!(
        (&first["smtp"], &first["smtp_unknown_reason"]),
        (&json!("unknown"), &json!("refused_address"))
    );
    assert_eq!(first["verdict"], "possible");
}

#[tokio::test]
async fn who_opted_out_is_not_asked_about() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    opt_out(&service, "ornek.com.tr").await;
    let body = json!({"domain": "ornek.com.tr"});
    let answer = service.send("POST", VALIDATE, &body).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (409, "opted_out"));
    assert_eq!(service.send("POST", GENERATE, &body).await.status(), 200, "nobody is asked");
    execute(service.db(), "DELETE FROM opt_outs").await;
    assert_eq!(service.send("POST", VALIDATE, &body).await.status(), 200);
}
