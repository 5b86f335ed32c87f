//! Files of companies over HTTP: read at the door, taken in by a job, every row accounted for.

use axum::body::Body;
use axum::http::{Request, header};
use hunter_store::companies::Companies as _;
use hunter_store::queue::Jobs as _;
use serde_json::{Value, json};

use crate::scans::{name_server, opt_out};
use crate::support::{Answer, Service};

const BOUNDARY: &str = "sinir";

/// A form with a file and other fields.
fn form(file: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .bytes(),
        );
    }
    body.extend(
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.bin\"\r\n\r\n").bytes(),
    );
    body.extend(file);
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    body
}

async fn post(service: &Service, path: &str, body: Vec<u8>, key: Option<&str>) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    let request =
        key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
    service.ask(request.body(Body::from(body)).expect("a request")).await
}

async fn send(service: &Service, file: &[u8], fields: &[(&str, &str)]) -> Answer {
    post(service, "/api/v1/ingest/csv", form(file, fields), None).await
}

async fn accepted(service: &Service, file: &[u8], fields: &[(&str, &str)]) -> Value {
    let answer = send(service, file, fields).await;
    assert_eq!(answer.status(), 202, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn id(started: &Value) -> &str {
    started["job_id"].as_str().expect("an id")
}

const LIST: &str = "Müşteri listesi;;;\n\
    Firma Adı;Web Sitesi;E-posta;Çalışan Sayısı\n\
    Örnek A.Ş.;https://www.ornek.com.tr/iletisim;biri@gmail.com;1.250\n\
    nan;;info@baska.com.tr;NaN\n\
    \n\
    Kişi;nan;biri@gmail.com;\n\
    =1+1;;;\n";

#[tokio::test]
async fn a_file_is_taken_in_and_every_row_accounted_for() {
    let service = Service::new().await;
    service.work();
    let started = accepted(&service, LIST.as_bytes(), &[]).await;
    assert_eq!((&started["total"], &started["file"]["delimiter"]), (&json!(4), &json!(";")));
    assert_eq!(started["file"]["heading_line"], 2);
    assert_eq!(
        (&started["file"]["title_rows"], &started["file"]["blank_rows"]),
        (&json!(1), &json!(1))
    );
    let ended = service.ended(id(&started)).await;
    for (field, value) in [
        ("kind", json!("ingest")),
        ("status", json!("done")),
        ("total", json!(4)),
        ("succeeded", json!(2)),
        ("failed", json!(2)),
        ("remaining", json!(0)),
    ] {
        assert_eq!(ended[field], value, "{field}");
    }
    assert_eq!(
        ended["result"],
        json!({"taken_in": 2, "rejected": {"domain_empty": 1, "domain_placeholder": 1}, "scan_job_id": null})
    );
    assert_eq!(ended["errors"][0], json!({"domain": "", "code": "domain_placeholder", "line": 6}));
    let rejects = service.get(&format!("/ingest/csv/{}/rejects", id(&started))).await;
    assert_eq!(rejects.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = String::from_utf8(rejects.body).expect("UTF-8");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("\u{feff}line,code,reason,Firma Adı,Web Sitesi,E-posta,Çalışan Sayısı")
    );
    let first = lines.next().expect("a row");
    assert!(
        first.starts_with("6,domain_placeholder,") && first.ends_with(",Kişi,nan,biri@gmail.com,"),
        "{first}"
    );
    let second = lines.next().expect("a row");
    assert!(second.starts_with("7,domain_empty,") && second.ends_with(",'=1+1,,,"), "{second}");
    assert_eq!(lines.next(), None);
    service.end();
}

#[tokio::test]
async fn d17_d18_no_company_is_called_nan_or_gmail() {
    let service = Service::new().await;
    service.work();
    let started = accepted(&service, LIST.as_bytes(), &[]).await;
    service.ended(id(&started)).await;
    let mut unit = service.db().read().await.expect("a unit");
    let ornek = unit.company(&"ornek.com.tr".parse().unwrap()).await.unwrap().expect("known");
    assert_eq!((ornek.canonical_name.as_deref(), ornek.seats), (Some("Örnek A.Ş."), Some(1250)));
    let other = unit.company(&"baska.com.tr".parse().unwrap()).await.unwrap().expect("known");
    assert_eq!(
        (other.canonical_name.as_deref(), other.website.as_deref(), other.seats),
        (None, None, None)
    );
    assert_eq!(other.contact_emails, ["info@baska.com.tr"]);
    assert!(unit.company(&"gmail.com".parse().unwrap()).await.unwrap().is_none());
    service.end();
}

#[tokio::test]
async fn a_preview_keeps_nothing() {
    let service = Service::new().await;
    let answer = send(&service, LIST.as_bytes(), &[("dry_run", "true")]).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let preview = answer.json();
    assert_eq!(preview["accepted"], 2);
    assert_eq!(preview["rejected"], json!({"domain_empty": 1, "domain_placeholder": 1}));
    let roles: Vec<&str> = preview["file"]["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| column["role"].as_str().expect("a role"))
        .collect();
    assert_eq!(roles, ["company", "website", "email", "employees"]);
    assert_eq!(preview["file"]["columns"][2]["evidence"], "name_and_content");
    let first = &preview["first_rows"][0];
    assert_eq!(
        (&first["line"], &first["domain"], &first["chosen_from"]),
        (&json!(3), &json!("ornek.com.tr"), &json!("website"))
    );
    assert_eq!(preview["first_rows"][2]["code"], "domain_placeholder");
    let mut unit = service.db().read().await.expect("a unit");
    assert_eq!(unit.open_jobs().await.expect("jobs"), 0);
}

#[tokio::test]
async fn a_scan_follows_where_it_was_asked_for() {
    let server = name_server().await;
    let service = Service::asking(&server).await;
    opt_out(&service, "yok.com.tr").await;
    service.work();
    let file = "domain\nornek.com.tr\nwww.ornek.com.tr\nbaska.com.tr\nyok.com.tr\n";
    let started = accepted(&service, file.as_bytes(), &[("auto_scan", "true")]).await;
    let ended = service.ended(id(&started)).await;
    assert_eq!(ended["result"]["rejected"], json!({"opted_out": 1}));
    let scan = ended["result"]["scan_job_id"].as_str().expect("a scan");
    let scanned = service.ended(scan).await;
    assert_eq!(
        (&scanned["kind"], &scanned["total"], &scanned["succeeded"]),
        (&json!("scan"), &json!(2), &json!(2))
    );
    let rejects = service.get(&format!("/api/v1/ingest/csv/{}/rejects", id(&started))).await;
    let text = String::from_utf8(rejects.body).expect("UTF-8");
    assert!(text.contains("5,opted_out,") && !text.contains("yok.com.tr"), "{text}");
    service.end();
}

#[tokio::test]
async fn a_request_that_comes_again_is_the_same_job() {
    let service = Service::new().await;
    let path = "/ingest/csv";
    let first = post(&service, path, form(LIST.as_bytes(), &[]), Some("k1")).await.json();
    let again = post(&service, path, form(LIST.as_bytes(), &[]), Some("k1")).await;
    assert_eq!((again.status(), &again.json()["job_id"]), (202, &first["job_id"]));
    let other = post(&service, path, form(b"domain\na.com\n", &[]), Some("k1")).await;
    assert_eq!((other.status(), other.problem().as_str()), (422, "idempotency_conflict"));
}

#[tokio::test]
async fn any_process_does_what_another_took_in() {
    let one = Service::new().await;
    let other = one.beside().await;
    let started = accepted(&one, LIST.as_bytes(), &[]).await;
    other.work();
    let ended = one.ended(id(&started)).await;
    assert_eq!(ended["succeeded"], 2);
    other.end();
}

#[tokio::test]
async fn what_cannot_be_taken_in_says_why() {
    let service = Service::with(&[
        ("HUNTER_SERVER_UPLOAD_LIMIT_BYTES", "100000"),
        ("HUNTER_INGEST_COLUMNS_LIMIT", "10"),
        ("HUNTER_INGEST_CELL_LIMIT_BYTES", "1000"),
        ("HUNTER_INGEST_ROWS_LIMIT", "1000"),
    ])
    .await;
    let wide = format!("domain{}\n", ",x".repeat(10));
    let giant = format!("domain\n{}\n", "x".repeat(1_001));
    let long = format!("domain\n{}", "a.com\n".repeat(1_001));
    let large = "a.com\n".repeat(20_000);
    for (file, status, code) in [
        (&b""[..], 422, "file_empty"),
        (b"\n\n", 422, "file_empty"),
        (b"%PDF-1.7", 415, "file_kind"),
        (b"<html><table></table></html>", 415, "file_kind"),
        (b"PK\x03\x04xx", 422, "file_corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx", 422, "file_corrupt"),
        (b"renk,boy\nmavi,5\n", 422, "file_no_columns"),
        (b"domain\n\"a.com\n", 422, "file_quote_open"),
        (wide.as_bytes(), 422, "file_too_many_columns"),
        (giant.as_bytes(), 422, "file_cell_too_large"),
        (long.as_bytes(), 413, "file_too_many_rows"),
        (large.as_bytes(), 413, "body_too_large"),
    ] {
        let answer = send(&service, file, &[]).await;
        let said = (answer.status(), answer.problem());
        assert_eq!(
            (said.0, said.1.as_str()),
            (status, code),
            "{}",
            String::from_utf8_lossy(&file[..file.len().min(20)])
        );
    }
    for (fields, pointer) in
        [(&[("auto_scan", "maybe")][..], "/auto_scan"), (&[("delimiter", ";")], "/delimiter")]
    {
        let answer = send(&service, b"domain\na.com\n", fields).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"));
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
    let no_form = service.send("POST", "/ingest/csv", &json!({})).await;
    assert_eq!((no_form.status(), no_form.problem().as_str()), (415, "media_type"));
    let cut = form(b"domain\na.com\n", &[]);
    let cut = post(&service, "/ingest/csv", cut[..cut.len() - 12].to_vec(), None).await;
    assert_eq!((cut.status(), cut.problem().as_str()), (400, "form_syntax"));
    let none = service.get("/ingest/csv/0190c8a0-0000-7000-8000-000000000000/rejects").await;
    assert_eq!((none.status(), none.problem().as_str()), (404, "job_not_found"));
}
