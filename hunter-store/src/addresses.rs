//! What IP databases said of the addresses of a company's hosts. It is forgotten after a year.

use async_trait::async_trait;
use serde::Serialize;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// For how many days it is kept.
pub const RETENTION_DAYS: i64 = 365;

/// What was said of one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Address {
    /// The company.
    pub company_id: i64,
    /// The address.
    pub ip: String,
    /// Whose it is: `mx-ip` or `root-ip`.
    pub source: String,
    /// Autonomous system number.
    pub asn: Option<i64>,
    /// Who runs the autonomous system.
    pub asn_org: Option<String>,
    /// ISO 3166-1 alpha-2 country code.
    pub country: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Access provider.
    pub isp: Option<String>,
    /// What the address is used for.
    pub usage_type: Option<String>,
    /// Whether it is a known proxy.
    pub is_proxy: Option<bool>,
    /// What kind of proxy.
    pub proxy_type: Option<String>,
    /// When it was looked up.
    pub observed_at: Timestamp,
}

/// IP data of companies; [`save_leads`](crate::leads::Leads::save_leads) writes it.
#[async_trait]
pub trait Addresses: Send {
    /// The addresses of a company, the latest first.
    async fn addresses(&mut self, company_id: i64) -> Result<Vec<Address>>;

    /// Forgets what is older than [`RETENTION_DAYS`]; gives how many addresses that were. Observations hold
    /// addresses too: see
    /// [`forget_observations`](crate::observations::Observations::forget_observations).
    async fn forget_addresses(&mut self, now: Timestamp) -> Result<u64>;
}

#[async_trait]
impl Addresses for Unit {
    async fn addresses(&mut self, company_id: i64) -> Result<Vec<Address>> {
        let sql = "SELECT company_id, ip, source, asn, asn_org, country, city, isp, usage_type, is_proxy, \
                   proxy_type, observed_at FROM ip_addresses WHERE company_id = $1 \
                   ORDER BY observed_at DESC, source, ip";
        self.fetch_all(sql, [company_id.into()]).await
    }

    async fn forget_addresses(&mut self, now: Timestamp) -> Result<u64> {
        let before = time::OffsetDateTime::from(now) - time::Duration::days(RETENTION_DAYS);
        self.execute("DELETE FROM ip_addresses WHERE observed_at < $1", [before.into()]).await
    }
}
