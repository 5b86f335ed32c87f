//! Referrals of partners, and what was written to a CRM.

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit, Value};
use crate::error::Result;

/// A referral.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct Referral {
    /// Its identifier here.
    pub referral_id: Uuid,
    /// The company, where it is known.
    pub company_id: Option<i64>,
    /// The domain it names.
    pub domain: Option<String>,
    /// Its number in the system it came from.
    pub external_id: String,
    /// What kind of referral it is.
    pub referral_type: Option<String>,
    /// Its state in the system it came from.
    pub status: String,
    /// The Azure tenant it names.
    pub azure_tenant_id: Option<String>,
    /// What the deal is worth, in the smallest unit of the currency.
    pub deal_value_minor: Option<i64>,
    /// The currency, by its ISO 4217 code.
    pub currency: Option<String>,
    /// The referral as it came.
    #[sqlx(json)]
    pub payload: serde_json::Value,
    /// When it first came.
    pub received_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// One attempt to write a lead to a CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct CrmSync {
    /// Its identifier.
    pub sync_id: Uuid,
    /// The company.
    pub company_id: i64,
    /// The CRM.
    pub system: String,
    /// `done`, `skipped` or `failed`.
    pub status: String,
    /// The number of the record there.
    pub external_id: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
    /// When it was tried.
    pub attempted_at: Timestamp,
}

/// Referrals.
#[async_trait]
pub trait Referrals: Send {
    /// Keeps a referral, or what is new of the one with its external number; an older state does not take
    /// the place of a newer one. It is tied to the company of its domain, if there is one.
    ///
    /// # Errors
    /// `store_conflict` for a value without a currency, or a currency without a value.
    async fn keep_referral(&mut self, referral: Referral) -> Result<()>;

    /// Referrals received before a moment, the latest first.
    async fn referrals_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Referral>>;

    /// The referrals of a domain, the latest first.
    async fn referrals_of(&mut self, domain: &Domain) -> Result<Vec<Referral>>;
}

/// The log of what was written to a CRM.
#[async_trait]
pub trait CrmSyncs: Send {
    /// Writes an attempt down.
    async fn log_sync(&mut self, sync: CrmSync) -> Result<()>;

    /// The attempts for a company, the latest first.
    async fn syncs(&mut self, company_id: i64, limit: u32) -> Result<Vec<CrmSync>>;
}

const ALL: &str = "referral_id, company_id, domain, external_id, referral_type, status, azure_tenant_id, \
                   deal_value_minor, currency, payload, received_at, updated_at";

#[async_trait]
impl Referrals for Unit {
    async fn keep_referral(&mut self, referral: Referral) -> Result<()> {
        let payload = self.backend().json("$9");
        let sql = format!(
            "INSERT INTO referrals ({ALL}) VALUES ($1, (SELECT company_id FROM companies WHERE domain = $2), \
             $2, $3, $4, $5, $6, $7, $8, {payload}, $10, $11) \
             ON CONFLICT (external_id) DO UPDATE SET company_id = excluded.company_id, domain = excluded.domain, \
             referral_type = excluded.referral_type, status = excluded.status, \
             azure_tenant_id = excluded.azure_tenant_id, deal_value_minor = excluded.deal_value_minor, \
             currency = excluded.currency, payload = excluded.payload, updated_at = excluded.updated_at \
             WHERE excluded.updated_at >= referrals.updated_at"
        );
        let values = [
            referral.referral_id.into(),
            referral.domain.into(),
            referral.external_id.into(),
            referral.referral_type.into(),
            referral.status.into(),
            referral.azure_tenant_id.into(),
            referral.deal_value_minor.into(),
            referral.currency.into(),
            Value::json(&referral.payload),
            referral.received_at.into(),
            referral.updated_at.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn referrals_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Referral>> {
        let sql = format!(
            "SELECT {ALL} FROM referrals WHERE received_at < $1 \
             ORDER BY received_at DESC, referral_id DESC LIMIT $2"
        );
        self.fetch_all(sql, [before.into(), limit.into()]).await
    }

    async fn referrals_of(&mut self, domain: &Domain) -> Result<Vec<Referral>> {
        let sql =
            format!("SELECT {ALL} FROM referrals WHERE domain = $1 ORDER BY received_at DESC");
        self.fetch_all(sql, [domain.as_str().into()]).await
    }
}

#[async_trait]
impl CrmSyncs for Unit {
    async fn log_sync(&mut self, sync: CrmSync) -> Result<()> {
        let sql = "INSERT INTO crm_syncs (sync_id, company_id, system, status, external_id, error, attempted_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sync_id) DO NOTHING";
        let CrmSync { sync_id, company_id, system, status, external_id, error, attempted_at } =
            sync;
        let values = [
            sync_id.into(),
            company_id.into(),
            system.into(),
            status.into(),
            external_id.into(),
            error.into(),
            attempted_at.into(),
        ];
        self.execute(sql, values).await.map(|_| ())
    }

    async fn syncs(&mut self, company_id: i64, limit: u32) -> Result<Vec<CrmSync>> {
        let sql = "SELECT sync_id, company_id, system, status, external_id, error, attempted_at FROM crm_syncs \
                   WHERE company_id = $1 ORDER BY attempted_at DESC LIMIT $2";
        self.fetch_all(sql, [company_id.into(), limit.into()]).await
    }
}
