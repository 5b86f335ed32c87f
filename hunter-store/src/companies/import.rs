//! Taking in what sources say, many rows at once.

use std::collections::{BTreeMap, HashMap, HashSet};

use hunter_core::Domain;
use time::OffsetDateTime;
use uuid::Uuid;

use super::claims::{Claims, Field, Source};
use super::{Company, by_domains};
use crate::db::{Insert, Kind, Timestamp, Unit, Value};
use crate::error::Result;

/// One row of an import: what a source says of a domain.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Whom it is about.
    pub domain: Domain,
    /// Who says it.
    pub source: Source,
    /// When it was said.
    pub at: OffsetDateTime,
    /// The company's name.
    pub company_name: Option<String>,
    /// Its web site.
    pub website: Option<String>,
    /// ISO 3166-1 alpha-2 country code.
    pub country: Option<String>,
    /// Seats.
    pub seats: Option<u32>,
    /// What kind of referral it is.
    pub referral_type: Option<String>,
    /// The Azure tenant id of a referral.
    pub azure_tenant_id: Option<String>,
    /// Addresses of contacts.
    pub contact_emails: Vec<String>,
    /// The file or call it came with.
    pub import_id: Option<Uuid>,
    /// Its line there.
    pub line: Option<i64>,
    /// The row as it came.
    pub payload: serde_json::Value,
}

impl Arrival {
    /// A row that names only its domain.
    pub fn new(domain: Domain, source: Source, at: OffsetDateTime) -> Self {
        Self {
            domain,
            source,
            at,
            company_name: None,
            website: None,
            country: None,
            seats: None,
            referral_type: None,
            azure_tenant_id: None,
            contact_emails: Vec::new(),
            import_id: None,
            line: None,
            payload: serde_json::Value::Null,
        }
    }

    fn claims(&self) -> Claims {
        let mut claims = Claims::default();
        let at = Timestamp::from(self.at);
        let seats = self.seats.map(|seats| seats.to_string());
        for (field, value) in [
            (Field::CanonicalName, &self.company_name),
            (Field::Website, &self.website),
            (Field::Country, &self.country),
            (Field::Seats, &seats),
            (Field::ReferralType, &self.referral_type),
            (Field::AzureTenantId, &self.azure_tenant_id),
        ] {
            if let Some(value) = value {
                claims.add(field, &self.source, at, value.trim());
            }
        }
        for address in &self.contact_emails {
            claims.add(Field::ContactEmail, &self.source, at, address.trim());
        }
        claims
    }
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody had told of the domain before.
    Created,
    /// Something new was said of it.
    Updated,
    /// Nothing new was said.
    Unchanged,
    /// The owner opted out; nothing was kept but that it was refused.
    OptedOut,
}

/// One row of an import, taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The number of the company; `None` for a domain that was refused.
    pub company_id: Option<i64>,
    /// What became of it.
    pub outcome: Outcome,
}

const COMPANY: &[(&str, Kind)] = &[
    ("id", Kind::Uuid),
    ("domain", Kind::Text),
    ("claims", Kind::Json),
    ("canonical_name", Kind::Text),
    ("website", Kind::Text),
    ("country", Kind::Text),
    ("seats", Kind::Int),
    ("referral_type", Kind::Text),
    ("azure_tenant_id", Kind::Text),
    ("contact_emails", Kind::Json),
    ("created_at", Kind::Time),
    ("updated_at", Kind::Time),
];

const RAW: &[(&str, Kind)] = &[
    ("raw_lead_id", Kind::Uuid),
    ("company_id", Kind::Int),
    ("domain", Kind::Text),
    ("source", Kind::Text),
    ("import_id", Kind::Uuid),
    ("line", Kind::Int),
    ("payload", Kind::Json),
    ("received_at", Kind::Time),
];

fn company_row(
    id: Uuid,
    domain: &str,
    claims: &Claims,
    made: Timestamp,
    now: Timestamp,
) -> Vec<Value> {
    let text = |field| Value::from(claims.value(field));
    vec![
        id.into(),
        domain.into(),
        Value::json(claims),
        text(Field::CanonicalName),
        text(Field::Website),
        text(Field::Country),
        Value::Int(claims.value(Field::Seats).and_then(|seats| seats.parse().ok())),
        text(Field::ReferralType),
        text(Field::AzureTenantId),
        Value::json(&claims.contact_emails()),
        made.into(),
        now.into(),
    ]
}

pub(super) async fn import(unit: &mut Unit, arrivals: Vec<Arrival>) -> Result<Vec<Imported>> {
    let opted_out = opted_out(unit, &arrivals).await?;
    // In the order of domains: see `by_domains`.
    let mut told: BTreeMap<&str, (Claims, OffsetDateTime)> = BTreeMap::new();
    for arrival in arrivals.iter().filter(|a| !opted_out.contains(a.domain.as_str())) {
        match told.entry(arrival.domain.as_str()) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert((arrival.claims(), arrival.at));
            }
            std::collections::btree_map::Entry::Occupied(mut taken) => {
                let (claims, at) = taken.get_mut();
                claims.join(arrival.claims());
                *at = (*at).max(arrival.at);
            }
        }
    }
    let rows = told
        .iter()
        .map(|(domain, (claims, at))| {
            company_row(Uuid::now_v7(), domain, claims, (*at).into(), (*at).into())
        })
        .collect();
    let created: Vec<(String, i64)> = unit
        .insert_returning(Insert {
            table: "companies",
            columns: COMPANY,
            suffix: "ON CONFLICT (domain) DO NOTHING RETURNING domain, company_id",
            rows,
        })
        .await?;
    let mut known: HashMap<String, (i64, Outcome)> =
        created.into_iter().map(|(domain, id)| (domain, (id, Outcome::Created))).collect();
    let others: Vec<&str> =
        told.keys().copied().filter(|domain| !known.contains_key(*domain)).collect();
    if !others.is_empty() {
        let stored = by_domains(unit, others, true).await?;
        let mut rows = Vec::new();
        for company in stored {
            let Some((claims, at)) = told.remove(company.domain.as_str()) else { continue };
            let (row, outcome) = joined(&company, claims, at);
            rows.extend(row);
            known.insert(company.domain, (company.company_id, outcome));
        }
        let suffix = "ON CONFLICT (domain) DO UPDATE SET claims = excluded.claims, \
             canonical_name = excluded.canonical_name, website = excluded.website, country = excluded.country, \
             seats = excluded.seats, referral_type = excluded.referral_type, \
             azure_tenant_id = excluded.azure_tenant_id, contact_emails = excluded.contact_emails, \
             updated_at = excluded.updated_at";
        unit.insert(Insert { table: "companies", columns: COMPANY, suffix, rows }).await?;
    }
    let outcomes: Vec<Imported> = arrivals
        .iter()
        .map(|arrival| match known.get(arrival.domain.as_str()) {
            Some((id, outcome)) => Imported { company_id: Some(*id), outcome: *outcome },
            None => Imported { company_id: None, outcome: Outcome::OptedOut },
        })
        .collect();
    let rows = arrivals
        .into_iter()
        .zip(&outcomes)
        .filter(|(_, imported)| imported.company_id.is_some())
        .map(|(arrival, imported)| {
            vec![
                Uuid::now_v7().into(),
                imported.company_id.into(),
                arrival.domain.as_str().into(),
                arrival.source.name.into(),
                arrival.import_id.into(),
                arrival.line.into(),
                Value::json(&arrival.payload),
                arrival.at.into(),
            ]
        })
        .collect();
    unit.insert(Insert { table: "raw_leads", columns: RAW, suffix: "", rows }).await?;
    Ok(outcomes)
}

/// The row to write for a company that is known, if anything new was said of it.
fn joined(company: &Company, claims: Claims, at: OffsetDateTime) -> (Option<Vec<Value>>, Outcome) {
    let mut all = company.claims.clone();
    all.join(claims);
    if all == company.claims {
        return (None, Outcome::Unchanged);
    }
    let now = company.updated_at.max(at).into();
    let row = company_row(company.id, &company.domain, &all, company.created_at.into(), now);
    (Some(row), Outcome::Updated)
}

async fn opted_out(unit: &mut Unit, arrivals: &[Arrival]) -> Result<HashSet<String>> {
    let domains: Vec<&str> = arrivals.iter().map(|arrival| arrival.domain.as_str()).collect();
    crate::opt_outs::among(unit, &domains).await
}
