//! Companies: one a domain, whatever the number of sources that tell of it.

mod claims;
mod import;
mod told;

use async_trait::async_trait;
use hunter_core::{Domain, Lead};
use serde::Serialize;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

pub use self::claims::{Claim, Claims, Field, Source};
pub use self::import::{Arrival, Imported, Outcome};
pub(crate) use self::told::Told;
use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// A company, as far as it was told rather than observed.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct Company {
    /// The number that clients read.
    pub company_id: i64,
    /// The identifier, unique among all installations.
    pub id: Uuid,
    /// Its domain.
    pub domain: String,
    /// What it shares with its other domains, where they were linked.
    pub group_id: Option<Uuid>,
    /// Everything that was said of it.
    #[sqlx(json)]
    pub claims: Claims,
    /// The name that is believed.
    pub canonical_name: Option<String>,
    /// The web site that is believed.
    pub website: Option<String>,
    /// The country that is believed.
    pub country: Option<String>,
    /// The seats that are believed.
    pub seats: Option<i64>,
    /// The kind of referral that is believed.
    pub referral_type: Option<String>,
    /// The tenant id that is believed.
    pub azure_tenant_id: Option<String>,
    /// Every contact address.
    #[sqlx(json)]
    pub contact_emails: Vec<String>,
    /// When it was first told of.
    #[sqlx(try_from = "Timestamp")]
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When something new was last told of it.
    #[sqlx(try_from = "Timestamp")]
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

impl Company {
    /// What the engine is told of it.
    pub fn told(&self) -> Lead {
        Told::of(self).lead()
    }
}

/// Companies and what is told of them.
#[async_trait]
pub trait Companies: Send {
    /// Takes in what sources say, many at once. Rows of one domain are joined; a domain whose owner opted
    /// out is refused. The answer has one outcome for each row, in their order.
    async fn import(&mut self, arrivals: Vec<Arrival>) -> Result<Vec<Imported>>;

    /// The company of a domain; `None` when nobody told of it.
    async fn company(&mut self, domain: &Domain) -> Result<Option<Company>>;

    /// The companies of the domains that are known, in no particular order.
    async fn companies(&mut self, domains: &[Domain]) -> Result<Vec<Company>>;

    /// Says that domains belong to one customer. What was linked to any of them before stays linked.
    /// Domains that are not known are left out; the answer is how many companies are linked now.
    async fn link(&mut self, domains: &[Domain]) -> Result<u64>;

    /// The companies that are one customer with that of a domain, itself included; empty when the domain
    /// is not known.
    async fn linked(&mut self, domain: &Domain) -> Result<Vec<Company>>;
}

const ALL: &str = "company_id, id, domain, group_id, claims, canonical_name, website, country, seats, \
                   referral_type, azure_tenant_id, contact_emails, created_at, updated_at";

#[async_trait]
impl Companies for Unit {
    async fn import(&mut self, arrivals: Vec<Arrival>) -> Result<Vec<Imported>> {
        import::import(self, arrivals).await
    }

    async fn company(&mut self, domain: &Domain) -> Result<Option<Company>> {
        let sql = format!("SELECT {ALL} FROM companies WHERE domain = $1");
        self.fetch_optional(sql, [domain.as_str().into()]).await
    }

    async fn companies(&mut self, domains: &[Domain]) -> Result<Vec<Company>> {
        by_domains(self, domains.iter().map(Domain::as_str).collect(), false).await
    }

    async fn link(&mut self, domains: &[Domain]) -> Result<u64> {
        let companies =
            by_domains(self, domains.iter().map(Domain::as_str).collect(), true).await?;
        let Some(first) = companies.iter().map(|company| company.id).min() else { return Ok(0) };
        // The group of the oldest company stays, so that linking in any order gives the same.
        let groups: Vec<Uuid> = companies.iter().filter_map(|company| company.group_id).collect();
        let group = groups.iter().copied().min().unwrap_or(first);
        let mut linked = 0;
        for company in &companies {
            let sql = "UPDATE companies SET group_id = $1 WHERE company_id = $2";
            linked += self.execute(sql, [group.into(), company.company_id.into()]).await?;
        }
        for other in groups.into_iter().filter(|other| *other != group) {
            let sql = "UPDATE companies SET group_id = $1 WHERE group_id = $2";
            linked += self.execute(sql, [group.into(), other.into()]).await?;
        }
        Ok(linked)
    }

    async fn linked(&mut self, domain: &Domain) -> Result<Vec<Company>> {
        let sql = format!(
            "SELECT {ALL} FROM companies WHERE domain = $1 OR group_id = \
             (SELECT group_id FROM companies WHERE domain = $1) ORDER BY company_id"
        );
        self.fetch_all(sql, [domain.as_str().into()]).await
    }
}

/// Always in the same order, so that two units of work that take the same rows wait for each other
/// instead of each holding what the other wants.
async fn by_domains(unit: &mut Unit, domains: Vec<&str>, lock: bool) -> Result<Vec<Company>> {
    let backend = unit.backend();
    let sql = format!(
        "SELECT {ALL} FROM companies WHERE domain IN ({}) ORDER BY domain{}",
        backend.texts("$1"),
        if lock { backend.for_update() } else { "" }
    );
    unit.fetch_all(sql, [Value::json(&Json(domains))]).await
}
