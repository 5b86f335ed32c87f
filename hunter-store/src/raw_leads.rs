//! Rows as they came, and those of them that name no company.

use async_trait::async_trait;
use hunter_core::Domain;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Insert, Kind, Timestamp, Unit, Value};
use crate::error::Result;

/// A row as it came. Rows that name a company are kept by
/// [`import`](crate::companies::Companies::import).
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct RawLead {
    /// Its identifier.
    pub raw_lead_id: Uuid,
    /// The company it names.
    pub company_id: Option<i64>,
    /// The domain that was read from it.
    pub domain: Option<String>,
    /// Where it came from.
    pub source: String,
    /// The file or call it came with.
    pub import_id: Option<Uuid>,
    /// Its line there.
    pub line: Option<i64>,
    /// The row itself.
    #[sqlx(json)]
    pub payload: serde_json::Value,
    /// The code of the fault for which it names no company.
    pub rejected: Option<String>,
    /// When it came.
    pub received_at: Timestamp,
}

/// A row that names no company.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// Where it came from.
    pub source: String,
    /// The file or call it came with.
    pub import_id: Uuid,
    /// Its line there.
    pub line: i64,
    /// The row itself.
    pub payload: serde_json::Value,
    /// The code of the fault.
    pub code: String,
    /// When it came.
    pub received_at: Timestamp,
}

/// Rows as they came.
#[async_trait]
pub trait RawLeads: Send {
    /// Keeps rows that name no company, to be given back with their line and reason.
    async fn reject(&mut self, rows: Vec<Rejected>) -> Result<()>;

    /// The rejected rows of an import after a line, in the order of lines.
    async fn rejected(&mut self, import_id: Uuid, after: i64, limit: u32) -> Result<Vec<RawLead>>;

    /// What came in for a domain, the latest first.
    async fn raw_leads(&mut self, domain: &Domain, limit: u32) -> Result<Vec<RawLead>>;
}

const ALL: &str =
    "raw_lead_id, company_id, domain, source, import_id, line, payload, rejected, received_at";

#[async_trait]
impl RawLeads for Unit {
    async fn reject(&mut self, rows: Vec<Rejected>) -> Result<()> {
        let columns = &[
            ("raw_lead_id", Kind::Uuid),
            ("source", Kind::Text),
            ("import_id", Kind::Uuid),
            ("line", Kind::Int),
            ("payload", Kind::Json),
            ("rejected", Kind::Text),
            ("received_at", Kind::Time),
        ];
        let rows = rows
            .into_iter()
            .map(|row| {
                vec![
                    Uuid::now_v7().into(),
                    row.source.into(),
                    row.import_id.into(),
                    row.line.into(),
                    Value::json(&row.payload),
                    row.code.into(),
                    row.received_at.into(),
                ]
            })
            .collect();
        self.insert(Insert { table: "raw_leads", columns, suffix: "", rows }).await.map(|_| ())
    }

    async fn rejected(&mut self, import_id: Uuid, after: i64, limit: u32) -> Result<Vec<RawLead>> {
        let sql = format!(
            "SELECT {ALL} FROM raw_leads WHERE import_id = $1 AND line > $2 AND rejected IS NOT NULL \
             ORDER BY line LIMIT $3"
        );
        self.fetch_all(sql, [import_id.into(), after.into(), limit.into()]).await
    }

    async fn raw_leads(&mut self, domain: &Domain, limit: u32) -> Result<Vec<RawLead>> {
        let sql = format!(
            "SELECT {ALL} FROM raw_leads WHERE company_id = \
             (SELECT company_id FROM companies WHERE domain = $1) ORDER BY received_at DESC, line DESC LIMIT $2"
        );
        self.fetch_all(sql, [domain.as_str().into(), limit.into()]).await
    }
}
