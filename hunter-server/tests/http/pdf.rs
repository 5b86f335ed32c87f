//! `GET /leads/{domain}/summary.pdf`.

use hunter_core::Observation;
use hunter_store::companies::{Arrival, Companies as _, Source};
use serde_json::json;
use time::OffsetDateTime;

use crate::scans::opt_out;
use crate::support::{Service, google};

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

fn perfect(domain: &str) -> Observation {
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[
        {{"name":"{domain}","type":"MX","state":"found","records":["10 mx1.ornek-com.iphmx.com","20 mx2.ornek-com.iphmx.com"]}},
        {{"name":"{domain}","type":"TXT","state":"found","records":["v=spf1 include:spf.protection.outlook.com include:_spf.salesforce.com -all","MS=ms12345678","google-site-verification=abcdefghijklmnopqrstuvwxyz0123456789abcdefghi"]}},
        {{"name":"selector1._domainkey.{domain}","type":"TXT","state":"found","records":["v=DKIM1; k=rsa; p=MIGf"]}},
        {{"name":"autodiscover.{domain}","type":"CNAME","state":"found","records":["autodiscover.outlook.com"]}},
        {{"name":"_dmarc.{domain}","type":"TXT","state":"found","records":["v=DMARC1; p=reject; rua=mailto:d@{domain}"]}}]}}"#
    ))
    .expect("an observation")
}

fn silent(domain: &str) -> Observation {
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[
        {{"name":"{domain}","type":"MX","state":"temp_fail","reason":"timeout"}},
        {{"name":"{domain}","type":"TXT","state":"temp_fail","reason":"timeout"}},
        {{"name":"_dmarc.{domain}","type":"TXT","state":"temp_fail","reason":"timeout"}}]}}"#
    ))
    .expect("an observation")
}

fn yandex(domain: &str) -> Observation {
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[
        {{"name":"{domain}","type":"MX","state":"found","records":["10 mail.{domain}"]}},
        {{"name":"{domain}","type":"TXT","state":"found","records":[]}},
        {{"name":"selector1._domainkey.{domain}","type":"TXT","state":"absent"}},
        {{"name":"_dmarc.{domain}","type":"TXT","state":"temp_fail","reason":"timeout"}}]}}"#
    )).unwrap_or_else(|_| google(domain))
}

#[tokio::test]
async fn pictures() {
    let service = Service::new().await;
    for (domain, name, seen) in [
        ("ornek.com.tr", "Ağaoğlu Işıklı İnşaat Taahhüt Şirketi ₺", google("ornek.com.tr")),
        ("mukemmel.com.tr", "Çok Uzun Adlı Uluslararası Nakliyat, Lojistik, Depolama, Sigorta ve Gümrük Müşavirliği Sanayi ve Ticaret Anonim Şirketi", perfect("mukemmel.com.tr")),
        ("suskun.com.tr", "Suskun A.Ş.", silent("suskun.com.tr")),
        ("xn--rnek-4qa-cok-uzun.com.tr", "", yandex("kendi.com.tr")),
    ] {
        let domain = seen.domain.to_string();
        if !name.is_empty() {
            named(&service, &domain, name).await;
        }
        service.observed(&[seen]).await;
        for lang in ["tr", "en"] {
            let answer = service.get(&format!("/api/v1/leads/{domain}/summary.pdf?locale={lang}")).await;
            assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
            std::fs::write(format!("/tmp/export-pdf-{domain}-{lang}.pdf"), &answer.body).unwrap();
        }
    }
    let _ = (json!(null), opt_out);
}
