//! `GET /leads/export`: every lead once, as the list has them, in files that spreadsheets trust.

use std::io::{Cursor, Read as _};

use axum::body::Body;
use axum::http::Request;
use calamine::{Data, Reader as _, Xlsx};
use http_body_util::BodyExt as _;
use hunter_server::http::router;
use hunter_server::services::export::{self, FileFormat};
use hunter_store::leads::LeadExport;
use hunter_store::opt_outs::OptOuts as _;
use hunter_store::testing::fill_leads;
use hunter_store::{Db, Pools};
use serde_json::json;
use tower::ServiceExt as _;

use crate::scans::opt_out;
use crate::support::{Answer, Service, google};

/// The records of a CSV file, its heading first.
fn records(answer: &Answer) -> Vec<Vec<String>> {
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    let text = std::str::from_utf8(&answer.body).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(text.lines().count() > 0 && text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

fn column(records: &[Vec<String>], name: &str) -> Vec<String> {
    let at = records[0].iter().position(|heading| heading == name).expect("a column");
    records[1..].iter().map(|record| record[at].clone()).collect()
}

async fn alter(db: &Db, sql: &'static str) {
    let Pools::Sqlite { writer, .. } = db.pools() else { panic!("SQLite") };
    sqlx::query(sql).execute(writer).await.expect("altered");
}

#[tokio::test]
async fn existing_clients_get_the_file_they_know() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr"), google("baska.com.tr")]).await;
    let answer = service.get("/leads/export?format=csv&search=ornek").await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let disposition = answer.header("content-disposition").expect("a name");
    assert!(disposition.starts_with("attachment; filename=\"leads-"), "{disposition}");
    assert!(disposition.ends_with(".csv\""), "{disposition}");
    let records = records(&answer);
    assert_eq!(
        records[0].join(","),
        "domain,company_name,provider,country,segment,readiness_score,priority_score,spf,dkim,dmarc_policy,\
         mx_root,registrar,expires_at,nameservers,scan_status,scanned_at,reason"
    );
    assert_eq!(records.len(), 2);
    for (name, value) in [
        ("domain", "ornek.com.tr"),
        ("spf", "true"),
        // Its DMARC was not answered: that is no "none".
        ("dmarc_policy", ""),
        ("scanned_at", "2026-11-24T09:30:00Z"),
    ] {
        assert_eq!(column(&records, name), [value], "{name}");
    }
}

#[tokio::test]
async fn a_file_has_every_lead_once_in_the_order_of_the_list() {
    let service = Service::new().await;
    fill_leads(service.db(), 4_500).await.expect("leads");
    for query in [
        "",
        "&sort_by=scanned_at",
        "&sort_by=readiness_score&sort_order=asc",
        "&sort_by=segment&sort_order=desc",
        "&sort_by=provider",
        "&sort_by=domain",
        "&sort_by=priority_score",
    ] {
        let file = records(&service.get(&format!("/api/v1/leads/export?format=csv{query}")).await);
        let domains = column(&file, "domain");
        assert_eq!(domains.len(), 4_500, "{query}");
        for page in [1, 11, 23] {
            let list =
                service.read(&format!("/api/v1/leads?page_size=200&page={page}{query}")).await;
            let listed = list["leads"].as_array().expect("leads").iter();
            let first = (page - 1) * 200;
            let expected = &domains[first..(first + 200).min(4_500)];
            let listed: Vec<_> = listed.map(|lead| lead["domain"].as_str().unwrap()).collect();
            assert_eq!(listed, expected, "{query} page {page}");
        }
    }
    for query in
        ["&segment=Cold", "&min_score=40&max_score=60", "&tag=weak-spf", "&search=ege%20gida"]
    {
        let file = records(&service.get(&format!("/api/v1/leads/export?format=csv{query}")).await);
        let list = service.read(&format!("/api/v1/leads?page_size=1{query}")).await;
        assert_eq!(json!(file.len() - 1), list["total"], "{query}");
        assert!(file.len() > 100, "{query}");
    }
}

#[tokio::test]
async fn columns_are_chosen_and_what_is_not_known_is_refused() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let path =
        "/api/v1/leads/export?format=csv&columns=priority_category,score_low,unknown,rules_version";
    let file = records(&service.get(path).await);
    assert_eq!(file[0], ["priority_category", "score_low", "unknown", "rules_version"]);
    assert_eq!(file[1][2], "dmarc");
    assert!(!file[1][3].is_empty());
    for (query, pointer) in [
        ("", None),
        ("format=pdf", Some("format")),
        ("format=csv&columns=secret", Some("columns")),
        ("format=csv&min_score=101", Some("min_score")),
        ("format=csv&min_score=9&max_score=3", Some("min_score")),
        ("format=csv&page=2", None),
    ] {
        let answer = service.get(&format!("/api/v1/leads/export?{query}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (422, "validation"), "{query}");
        if let Some(pointer) = pointer {
            assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
        }
    }
}

#[tokio::test]
async fn d28_what_strangers_wrote_is_no_formula() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    alter(
        service.db(),
        "UPDATE leads SET canonical_name = '=HYPERLINK(\"http://x\";\"A\")', mx_root = 'mx;=cmd|x!A0', \
         registrar = '@SUM(1)', reason = 'a, \"b\"', nameservers = '[\"-1\",\"=2\"]'",
    )
    .await;
    let file = records(&service.get("/api/v1/leads/export?format=csv").await);
    for (name, value) in [
        ("company_name", "'=HYPERLINK(\"http://x\";\"A\")"),
        ("mx_root", "mx;'=cmd|x!A0"),
        ("registrar", "'@SUM(1)"),
        ("reason", "a, \"b\""),
        ("nameservers", "'-1; '=2"),
    ] {
        assert_eq!(column(&file, name), [value], "{name}");
    }
    let book = service.get("/api/v1/leads/export?format=xlsx&columns=company_name,registrar").await;
    let mut book = Xlsx::new(Cursor::new(book.body)).expect("a workbook");
    let formulas = book.worksheet_formula("leads").expect("a sheet");
    assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
    let sheet = book.worksheet_range("leads").expect("a sheet");
    assert_eq!(sheet.get((1, 1)), Some(&Data::String("@SUM(1)".into())));
}

#[tokio::test]
async fn a_workbook_has_cells_with_types() {
    let service = Service::new().await;
    fill_leads(service.db(), 2_500).await.expect("leads");
    let path = "/api/v1/leads/export?format=xlsx&sort_by=domain";
    let answer = service.get(path).await;
    assert_eq!(answer.status(), 200);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    assert_eq!(answer.header("content-type"), Some(kind));
    let mut book = Xlsx::new(Cursor::new(&answer.body)).expect("a workbook");
    let sheet = book.worksheet_range("leads").expect("a sheet");
    assert_eq!(sheet.height(), 2_501);
    let heading = |name: &str| {
        let mut names = (0..sheet.width()).map(|at| sheet.get((0, at)));
        names.position(|cell| cell == Some(&Data::String(name.into()))).expect(name)
    };
    let list = service.read("/api/v1/leads?page_size=1&sort_by=domain").await;
    let lead = &list["leads"][0];
    let cell = |name| sheet.get((1, heading(name))).expect("a cell");
    assert_eq!(cell("domain"), &Data::String(lead["domain"].as_str().unwrap().into()));
    assert_eq!(cell("spf"), &Data::Bool(lead["spf"].as_bool().unwrap()));
    assert_eq!(cell("confidence"), &Data::Float(0.9));
    let Data::DateTime(day) = cell("expires_at") else { panic!("{:?}", cell("expires_at")) };
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    assert_eq!((year, month, day), (2027, 5, 2));
    assert!(matches!(cell("scanned_at"), Data::DateTime(_)));
    // The heading stays in sight and filters.
    let text = sheet_xml(&answer.body);
    assert!(
        text.contains("state=\"frozen\"") && text.contains("<autoFilter ref=\"A1:"),
        "{}",
        &text[..2_000]
    );
}

/// The sheet's own text within a workbook.
fn sheet_xml(book: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let sheet = archive.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
    std::io::read_to_string(sheet).expect("a text")
}

#[tokio::test]
async fn opted_out_domains_are_never_part_of_a_file() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr"), google("kapali.com.tr")]).await;
    opt_out(&service, "kapali.com.tr").await;
    let file = records(&service.get("/api/v1/leads/export?format=csv").await);
    assert_eq!(column(&file, "domain"), ["ornek.com.tr"]);
    let book = service.get("/api/v1/leads/export?format=xlsx").await;
    let mut book = Xlsx::new(Cursor::new(book.body)).expect("a workbook");
    assert_eq!(book.worksheet_range("leads").expect("a sheet").height(), 2);
    let domain = "kapali.com.tr".parse().expect("a domain");
    let refusals = service.db().read().await.unwrap().refusals(&domain, 10).await.unwrap();
    assert_eq!(refusals.iter().map(|one| one.action.as_str()).collect::<Vec<_>>(), ["export"; 2]);
}

#[tokio::test]
async fn a_file_is_whole_when_it_is_compressed_on_the_way() {
    let service = Service::new().await;
    let request = Request::get("/leads/export?format=csv").header("accept-encoding", "gzip");
    let answer = service.ask(request.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&answer.body[..]).read_to_string(&mut text).expect("a file");
    assert!(text.contains("domain,company_name"), "{text}");
}

#[tokio::test]
async fn nothing_found_is_a_file_with_a_heading() {
    let service = Service::new().await;
    let file = records(&service.get("/api/v1/leads/export?format=csv").await);
    assert_eq!(file.len(), 1);
    let book = service.get("/api/v1/leads/export?format=xlsx").await;
    let mut book = Xlsx::new(Cursor::new(book.body)).expect("a workbook");
    assert_eq!(book.worksheet_range("leads").expect("a sheet").height(), 1);
}

#[tokio::test]
async fn a_file_that_breaks_off_does_not_look_whole() {
    let service = Service::new().await;
    fill_leads(service.db(), 9_000).await.expect("leads");
    alter(service.db(), "UPDATE leads SET tags = '[1]' WHERE company_id = 8900").await;
    for format in ["csv", "xlsx"] {
        let path = format!(
            "/api/v1/leads/export?format={format}&columns=tags&sort_by=scanned_at&sort_order=asc"
        );
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = router(&service.app()).oneshot(request).await.expect("infallible");
        assert_eq!(response.status(), 200, "it began well");
        let broken = response.into_body().collect().await;
        assert!(broken.is_err(), "{format}");
    }
}

#[tokio::test]
async fn whoever_stops_reading_stops_the_questions() {
    let service = Service::new().await;
    fill_leads(service.db(), 40_000).await.expect("leads");
    for format in [FileFormat::Csv, FileFormat::Xlsx] {
        let leads = LeadExport { columns: export::all(), ..LeadExport::default() };
        let before = service.db().health().await.expect("an answer").units;
        let parts = export::export(service.db(), format, leads).await.expect("begun");
        drop(parts);
        let mut looks = 0;
        let mut last = 0;
        let units = loop {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            looks += 1;
            let units = service.db().health().await.expect("an answer").units;
            // Nothing but this look since the one before.
            if units == last + 1 && service.db().held().is_empty() {
                break units;
            }
            assert!(looks < 100, "it goes on for nobody");
            last = units;
        };
        // Twenty pages in all, and a few units of work before the first.
        assert!(units - before - looks < 8, "{} of 20 pages were read", units - before - looks);
    }
}
