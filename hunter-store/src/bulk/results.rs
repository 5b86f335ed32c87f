//! What a job over domains came to: the verdict on each, and what it found changed.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;
use crate::queue::Job;

/// What became of one domain of a job.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScanResult {
    /// The domain.
    pub domain: String,
    /// The code of the failure; `None` for a domain that was scanned.
    pub error: Option<String>,
    /// When that was written.
    pub committed_at: Timestamp,
    /// The readiness score that the list shows now.
    pub score: Option<i16>,
    /// The segment.
    pub segment: Option<String>,
    /// Why it is in that segment.
    pub reason: Option<String>,
    /// When to call.
    pub priority_category: Option<String>,
    /// Who holds the mailboxes.
    pub provider: Option<String>,
    /// Whether the domain answered.
    pub scan_status: Option<String>,
}

/// A change that a job found, or an alert that it raised.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ScanNews {
    /// The domain.
    pub domain: String,
    /// A word of [`ChangeKind`](hunter_core::changes::ChangeKind), or of
    /// [`AlertKind`](hunter_core::changes::AlertKind).
    pub kind: String,
    /// The value before a change.
    pub before: Option<String>,
    /// The value after it.
    pub after: Option<String>,
    /// The words of an alert; `None` for a change.
    pub message: Option<String>,
}

/// The results of jobs over domains.
#[async_trait]
pub trait ScanResults: Send {
    /// What became of the domains of a job, with the verdicts that the list shows, in the order of
    /// domains, after one of them; those that failed, where that is asked for.
    async fn scan_results(
        &mut self,
        job_id: Uuid,
        only_failed: bool,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ScanResult>>;

    /// The changes and alerts of a job's domains after one of them, up to another: those between the
    /// beginning of the job and the moment at which the domain's result was written.
    async fn scan_news(
        &mut self,
        job: &Job,
        after: Option<&str>,
        last: &str,
    ) -> Result<Vec<ScanNews>>;
}

#[async_trait]
impl ScanResults for Unit {
    async fn scan_results(
        &mut self,
        job_id: Uuid,
        only_failed: bool,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Vec<ScanResult>> {
        let failed = if only_failed { "AND r.error IS NOT NULL" } else { "" };
        let sql = format!(
            "SELECT r.domain, r.error, r.committed_at, l.readiness_score AS score, l.segment, l.reason, \
             l.priority_category, l.provider, l.scan_status FROM commit_log r \
             LEFT JOIN leads l ON l.domain = r.domain AND r.error IS NULL \
             WHERE r.job_id = $1 AND r.domain > $2 {failed} ORDER BY r.domain LIMIT $3"
        );
        let after = after.unwrap_or_default();
        self.fetch_all(sql, [job_id.into(), after.into(), limit.into()]).await
    }

    async fn scan_news(
        &mut self,
        job: &Job,
        after: Option<&str>,
        last: &str,
    ) -> Result<Vec<ScanNews>> {
        let of_job = |table: &str, at: &str| {
            format!(
                "FROM commit_log r JOIN companies c ON c.domain = r.domain \
                 JOIN {table} n ON n.company_id = c.company_id \
                 WHERE r.job_id = $1 AND r.domain > $2 AND r.domain <= $3 AND r.error IS NULL \
                 AND n.{at} >= $4 AND n.{at} <= r.committed_at"
            )
        };
        let sql = format!(
            "SELECT r.domain, n.kind, n.before, n.after, NULL AS message {changes} \
             UNION ALL SELECT r.domain, n.kind, NULL, NULL, n.message {alerts} ORDER BY 1, 2",
            changes = of_job("changes", "changed_at"),
            alerts = of_job("alerts", "created_at"),
        );
        let after = after.unwrap_or_default();
        let values = [job.job_id.into(), after.into(), last.into(), job.created_at.into()];
        self.fetch_all(sql, values).await
    }
}
