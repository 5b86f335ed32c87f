//! `GET /leads/{domain}/summary.pdf`: one page, whatever the lead, with every letter that Turkish has.

use hunter_core::Observation;
use hunter_store::companies::{Arrival, Companies as _, Source};
use time::OffsetDateTime;

use crate::pdf_text::Pdf;
use crate::scans::opt_out;
use crate::support::{Service, google};

const LONG: &str = "Çok Uzun Adlı Uluslararası Nakliyat, Lojistik, Depolama, Sigorta ve Gümrük Müşavirliği \
                    Sanayi, Dış Ticaret ve Pazarlama Anonim Şirketi İstanbul Anadolu Yakası Şubesi";

async fn named(service: &Service, domain: &str, name: &str) {
    let source = Source { name: "test".into(), rank: 10 };
    let arrival = Arrival {
        company_name: Some(name.to_owned()),
        ..Arrival::new(domain.parse().expect("a domain"), source, OffsetDateTime::now_utc())
    };
    let mut unit = service.db().begin().await.expect("a unit");
    unit.import(vec![arrival]).await.expect("taken in");
    unit.commit().await.expect("committed");
}

fn observation(domain: &str, answers: &str) -> Observation {
    let answers = answers.replace('@', domain);
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[{answers}]}}"#
    ))
    .expect("an observation")
}

/// Everything is there, behind a gateway.
fn perfect(domain: &str) -> Observation {
    observation(
        domain,
        r#"{"name":"@","type":"MX","state":"found","records":["10 mx1.ornek-com.iphmx.com","20 mx2.ornek-com.iphmx.com"]},
        {"name":"@","type":"TXT","state":"found","records":["v=spf1 include:spf.protection.outlook.com -all","MS=ms12345678"]},
        {"name":"selector1._domainkey.@","type":"TXT","state":"found","records":["v=DKIM1; k=rsa; p=MIGf"]},
        {"name":"autodiscover.@","type":"CNAME","state":"found","records":["autodiscover.outlook.com"]},
        {"name":"_dmarc.@","type":"TXT","state":"found","records":["v=DMARC1; p=reject"]}"#,
    )
}

/// Nothing is there.
fn bare(domain: &str) -> Observation {
    observation(
        domain,
        r#"{"name":"@","type":"MX","state":"found","records":["10 mail.@"]},
        {"name":"@","type":"TXT","state":"absent","rcode":"NOERROR"},
        {"name":"_domainkey.@","type":"TXT","state":"absent","rcode":"NXDOMAIN"},
        {"name":"_dmarc.@","type":"TXT","state":"absent","rcode":"NXDOMAIN"}"#,
    )
}

/// Nothing was answered.
fn silent(domain: &str) -> Observation {
    observation(
        domain,
        r#"{"name":"@","type":"MX","state":"temp_fail","reason":"timeout"},
        {"name":"@","type":"TXT","state":"temp_fail","reason":"timeout"},
        {"name":"_dmarc.@","type":"TXT","state":"temp_fail","reason":"timeout"}"#,
    )
}

async fn page(service: &Service, domain: &str, locale: &str) -> Pdf {
    let path = format!("/api/v1/leads/{domain}/summary.pdf?locale={locale}");
    let answer = service.get(&path).await;
    assert_eq!(answer.status(), 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    if let Some(folder) = std::env::var_os("HUNTER_TEST_PAGES") {
        let name = format!("{domain}-{locale}.pdf");
        std::fs::write(std::path::Path::new(&folder).join(name), &answer.body).expect("written");
    }
    Pdf::read(&answer.body)
}

#[tokio::test]
async fn every_lead_is_one_page_in_every_language() {
    let service = Service::new().await;
    let leads = [
        ("ornek.com.tr", "Ağaoğlu Işıklı İnşaat Taahhüt Şirketi ₺", google("ornek.com.tr")),
        ("kusursuz.com.tr", LONG, perfect("kusursuz.com.tr")),
        ("yalin.com.tr", "Yalın Çömlek", bare("yalin.com.tr")),
        ("suskun.com.tr", "Suskun A.Ş.", silent("suskun.com.tr")),
        ("adsiz.com.tr", "", google("adsiz.com.tr")),
    ];
    for (domain, name, seen) in leads {
        if !name.is_empty() {
            named(&service, domain, name).await;
        }
        service.observed(&[seen]).await;
        for locale in ["tr", "en"] {
            let pdf = page(&service, domain, locale).await;
            assert_eq!(pdf.pages(), 1, "{domain} {locale}");
            let fonts = pdf.fonts();
            assert_eq!(fonts.len(), 2, "{fonts:?}");
            assert!(
                fonts.iter().all(|font| font.contains("+NotoSans-")),
                "a part of it: {fonts:?}"
            );
            let lines = pdf.lines();
            assert!(lines.iter().any(|line| line == domain), "{lines:#?}");
            assert!(lines.iter().all(|line| !line.contains('\u{fffd}')), "{lines:#?}");
        }
    }
}

#[tokio::test]
async fn what_is_copied_from_the_page_is_what_it_shows() {
    let service = Service::new().await;
    let name = "Ağaoğlu Işıklı İnşaat Şirketi ₺";
    named(&service, "ornek.com.tr", name).await;
    service.observed(&[google("ornek.com.tr")]).await;
    let lead = service.read("/api/v1/leads/ornek.com.tr").await;
    let summary = service.read("/api/v1/leads/ornek.com.tr/sales-summary?locale=tr").await;
    let lines = page(&service, "ornek.com.tr", "tr").await.lines();
    let has = |text: &str| assert!(lines.iter().any(|line| line == text), "{text}: {lines:#?}");
    // ğ ş ı İ ₺ among them.
    has(name);
    has(&lead["readiness_score"].to_string());
    has("olası aralık: 60–90");
    has("rakipten geçiş");
    has("Google Workspace");
    has("1 aspmx.l.google.com");
    // Its DMARC was not answered, which is not "missing".
    has("bilinmiyor");
    has("DMARC");
    // The script, whose lines the page breaks.
    let all = lines.join(" ");
    for point in summary["call_script"].as_array().expect("points") {
        assert!(all.contains(point.as_str().expect("a text")), "{point}: {all}");
    }
    let english = page(&service, "ornek.com.tr", "en").await.lines();
    assert!(english.iter().any(|line| line == "possible range: 60–90"), "{english:#?}");
    assert!(!english.join(" ").contains("bilinmiyor"));
}

#[tokio::test]
async fn what_does_not_fit_gives_way_to_an_ellipsis() {
    let service = Service::new().await;
    let name = format!("{LONG} {LONG}");
    named(&service, "kusursuz.com.tr", &name).await;
    service.observed(&[perfect("kusursuz.com.tr")]).await;
    let lines = page(&service, "kusursuz.com.tr", "tr").await.lines();
    assert!(lines[1].starts_with("Çok Uzun Adlı"), "{lines:#?}");
    assert!(lines[2].ends_with('…') && lines[3] == "kusursuz.com.tr", "{lines:#?}");
}

#[tokio::test]
async fn the_same_lead_gives_the_same_bytes() {
    let service = Service::new().await;
    service.observed(&[google("ornek.com.tr")]).await;
    let path = "/api/v1/leads/ornek.com.tr/summary.pdf";
    let (first, again) = (service.get(path).await, service.get(path).await);
    assert!(first.body == again.body);
    assert_eq!(first.header("etag"), again.header("etag"));
    assert_eq!(first.header("content-disposition"), Some("inline; filename=\"ornek.com.tr.pdf\""));
}

#[tokio::test]
async fn there_is_no_page_of_what_must_not_leave_or_is_not_there() {
    let service = Service::new().await;
    service.observed(&[google("kapali.com.tr"), google("ornek.com.tr")]).await;
    opt_out(&service, "kapali.com.tr").await;
    for (path, status, code) in [
        ("kapali.com.tr/summary.pdf", 409, "opted_out"),
        ("yok.com.tr/summary.pdf", 404, "lead_not_found"),
        ("ornek.com.tr/summary.pdf?locale=xx", 422, "locale_unknown"),
        ("ornek.com.tr/summary.pdf?lang=tr", 422, "validation"),
    ] {
        let answer = service.get(&format!("/api/v1/leads/{path}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (status, code), "{path}");
    }
}
