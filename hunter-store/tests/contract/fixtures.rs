//! Companies and leads for the tests.

use hunter_core::observation::Observation;
use hunter_core::{Domain, Engine, Lead};
use hunter_store::companies::{Arrival, Companies, Source};
use hunter_store::leads::{AssessedLead, Leads};
use hunter_store::testing::TestDb;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

pub(crate) const NOON: OffsetDateTime = datetime!(2026-11-24 12:00:00.5 UTC);

pub(crate) fn domain(name: &str) -> Domain {
    name.parse().unwrap()
}

pub(crate) fn source(name: &str, rank: i16) -> Source {
    Source { name: name.into(), rank }
}

/// What a domain shows in public.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shows {
    /// The MX host; `None` for a question that was not answered.
    pub(crate) mx: Option<&'static str>,
    pub(crate) spf: bool,
    pub(crate) dmarc: Option<&'static str>,
    pub(crate) at: OffsetDateTime,
}

pub(crate) const MICROSOFT: Shows = Shows {
    mx: Some("10 ornek-com-tr.mail.protection.outlook.com"),
    spf: true,
    dmarc: Some("reject"),
    at: NOON,
};
pub(crate) const GOOGLE: Shows =
    Shows { mx: Some("1 aspmx.l.google.com"), spf: true, dmarc: None, at: NOON };
pub(crate) const OWN: Shows =
    Shows { mx: Some("10 mail.ornek.com.tr"), spf: false, dmarc: None, at: NOON };
pub(crate) const SILENT: Shows = Shows { mx: None, spf: false, dmarc: None, at: NOON };

impl Shows {
    pub(crate) fn later(self, hours: i64) -> Self {
        Self { at: self.at + Duration::hours(hours), ..self }
    }

    pub(crate) fn observation(self, domain: &str) -> Observation {
        let answer = |name: &str, kind: &str, records: &[&str]| {
            let mut answer =
                serde_json::json!({"name": name, "type": kind, "attempts": 1, "ms": 1});
            answer["state"] = if records.is_empty() { "absent" } else { "found" }.into();
            if records.is_empty() {
                answer["rcode"] = "NOERROR".into();
            } else {
                answer["records"] = records.into();
            }
            answer
        };
        let mut answers = vec![match self.mx {
            Some(mx) => answer(domain, "MX", &[mx]),
            None => serde_json::json!({
                "name": domain, "type": "MX", "state": "temp_fail", "reason": "timeout", "attempts": 3, "ms": 9
            }),
        }];
        answers.push(answer(domain, "TXT", if self.spf { &["v=spf1 mx -all"] } else { &[] }));
        let policy = self.dmarc.map(|policy| format!("v=DMARC1; p={policy}"));
        let dmarc = format!("_dmarc.{domain}");
        answers.push(answer(&dmarc, "TXT", &policy.as_deref().into_iter().collect::<Vec<_>>()));
        let json = serde_json::json!({
            "v": 1, "domain": domain, "profile": "standard", "answers": answers,
            "observed_at": self.at.format(&time::format_description::well_known::Rfc3339).unwrap(),
            "addresses": [{"ip": "192.0.2.7", "source": "mx-ip", "asn": 64500, "asn_org": "Ağ", "city": "Ankara"}],
        });
        Observation::from_json(&json.to_string()).unwrap()
    }

    pub(crate) fn assessed(
        self,
        company_id: i64,
        domain: &str,
        name: Option<&str>,
    ) -> AssessedLead {
        let observation = self.observation(domain);
        let assessment =
            Engine::builtin().assess_on(&observation, &Lead::default(), self.at.date());
        AssessedLead {
            company_id,
            canonical_name: name.map(str::to_owned),
            contact_emails: vec![format!("info@{domain}")],
            reason: Some("because".into()),
            infrastructure_summary: None,
            observation,
            assessment,
        }
    }
}

/// Makes companies of these domains; their numbers are in the order of the domains.
pub(crate) async fn companies(test: &TestDb, domains: &[&str]) -> Vec<i64> {
    let arrivals =
        domains.iter().map(|name| Arrival::new(domain(name), source("csv", 1), NOON)).collect();
    let mut unit = test.db().begin().await.unwrap();
    // Who uses a repository need not know what keeps it.
    let repository: &mut dyn Companies = &mut unit;
    let imported = repository.import(arrivals).await.unwrap();
    unit.commit().await.unwrap();
    imported.into_iter().map(|row| row.company_id.unwrap()).collect()
}

/// Makes leads, each with a name and what its domain shows; gives the numbers of the companies.
pub(crate) async fn leads(test: &TestDb, told: &[(&str, &str, Shows)]) -> Vec<i64> {
    let ids = companies(test, &told.iter().map(|row| row.0).collect::<Vec<_>>()).await;
    let assessed: Vec<AssessedLead> = told
        .iter()
        .zip(&ids)
        .map(|((domain, name, shows), id)| shows.assessed(*id, domain, Some(name)))
        .collect();
    let mut unit = test.db().begin().await.unwrap();
    let repository: &mut dyn Leads = &mut unit;
    repository.save_leads(&assessed).await.unwrap();
    unit.commit().await.unwrap();
    ids
}
