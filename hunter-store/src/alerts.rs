//! Alerts, and who wants them how.

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Timestamp, Unit};
use crate::error::Result;

/// An alert of a company, as [`save_leads`](crate::leads::Leads::save_leads) raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Alert {
    /// Its identifier.
    pub alert_id: Uuid,
    /// The company.
    pub company_id: i64,
    /// The company's domain.
    pub domain: String,
    /// A word of [`AlertKind`](hunter_core::changes::AlertKind).
    pub kind: String,
    /// What happened.
    pub message: String,
    /// `pending`, `sent` or `failed`.
    pub status: String,
    /// How often it was tried to send it.
    pub attempts: i16,
    /// When it was raised.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

/// Who wants alerts of a kind, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct AlertConfig {
    /// Its identifier.
    pub config_id: Uuid,
    /// The number by which clients know it. The database gives it: what is written is not looked at.
    pub number: i64,
    /// The kind of alert.
    pub kind: String,
    /// `webhook`, `email` or `slack`.
    pub method: String,
    /// The address.
    pub target: String,
    /// `immediate` or `daily`.
    pub frequency: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// When the daily digest goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct AlertSchedule {
    /// Whether it goes out.
    pub enabled: bool,
    /// The minute of the day in its time zone, 0 to 1439.
    pub minute_of_day: i16,
    /// The time zone, by its IANA name.
    pub time_zone: String,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Alerts and their configuration.
#[async_trait]
pub trait Alerts: Send {
    /// Alerts raised before a moment, the latest first.
    async fn alerts_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Alert>>;

    /// Alerts that wait to be sent, the oldest first. Two units of work never get the same one.
    async fn pending_alerts(&mut self, limit: u32) -> Result<Vec<Alert>>;

    /// Says that an alert was sent; false when it is not there.
    async fn alert_sent(&mut self, alert_id: Uuid, at: Timestamp) -> Result<bool>;

    /// Says that an alert could not be sent; after `most` attempts it is given up. False when it is not
    /// there.
    async fn alert_failed(&mut self, alert_id: Uuid, most: u8) -> Result<bool>;

    /// Writes a configuration. The same kind, method and target are one configuration, whose frequency
    /// and state are replaced; the answer is what stands there now.
    async fn set_alert_config(&mut self, config: AlertConfig) -> Result<AlertConfig>;

    /// Every configuration.
    async fn alert_configs(&mut self) -> Result<Vec<AlertConfig>>;

    /// The schedule of the digest; `None` until it was set.
    async fn alert_schedule(&mut self) -> Result<Option<AlertSchedule>>;

    /// Sets the schedule of the digest.
    ///
    /// # Errors
    /// `store_conflict` for a minute that no day has.
    async fn set_alert_schedule(&mut self, schedule: AlertSchedule) -> Result<()>;
}

const ALERTS: &str = "SELECT a.alert_id, a.company_id, c.domain, a.kind, a.message, a.status, a.attempts, \
                      a.created_at, a.sent_at FROM alerts a JOIN companies c ON c.company_id = a.company_id";
const CONFIG: &str = "config_id, kind, method, target, frequency, enabled, created_at, updated_at";

#[async_trait]
impl Alerts for Unit {
    async fn alerts_before(&mut self, before: Timestamp, limit: u32) -> Result<Vec<Alert>> {
        let sql = format!(
            "{ALERTS} WHERE a.created_at < $1 ORDER BY a.created_at DESC, a.alert_id DESC LIMIT $2"
        );
        self.fetch_all(sql, [before.into(), limit.into()]).await
    }

    async fn pending_alerts(&mut self, limit: u32) -> Result<Vec<Alert>> {
        let lock = self.backend().for_update_of_free("a");
        let sql =
            format!("{ALERTS} WHERE a.status = 'pending' ORDER BY a.created_at LIMIT $1{lock}");
        self.fetch_all(sql, [limit.into()]).await
    }

    async fn alert_sent(&mut self, alert_id: Uuid, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE alerts SET status = 'sent', attempts = attempts + 1, sent_at = $2 WHERE alert_id = $1";
        Ok(self.execute(sql, [alert_id.into(), at.into()]).await? > 0)
    }

    async fn alert_failed(&mut self, alert_id: Uuid, most: u8) -> Result<bool> {
        let sql = "UPDATE alerts SET attempts = attempts + 1, \
                   status = CASE WHEN attempts + 1 >= $2 THEN 'failed' ELSE 'pending' END WHERE alert_id = $1";
        Ok(self.execute(sql, [alert_id.into(), most.into()]).await? > 0)
    }

    async fn set_alert_config(&mut self, config: AlertConfig) -> Result<AlertConfig> {
        let sql = format!(
            "INSERT INTO alert_configs ({CONFIG}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (kind, method, target) DO UPDATE SET frequency = excluded.frequency, \
             enabled = excluded.enabled, updated_at = excluded.updated_at RETURNING number, {CONFIG}"
        );
        let values = [
            config.config_id.into(),
            config.kind.into(),
            config.method.into(),
            config.target.into(),
            config.frequency.into(),
            config.enabled.into(),
            config.created_at.into(),
            config.updated_at.into(),
        ];
        self.fetch_one(sql, values).await
    }

    async fn alert_configs(&mut self) -> Result<Vec<AlertConfig>> {
        let sql = format!("SELECT number, {CONFIG} FROM alert_configs ORDER BY number");
        self.fetch_all(sql, []).await
    }

    async fn alert_schedule(&mut self) -> Result<Option<AlertSchedule>> {
        let sql = "SELECT enabled, minute_of_day, time_zone, updated_at FROM alert_schedule";
        self.fetch_optional(sql, []).await
    }

    async fn set_alert_schedule(&mut self, schedule: AlertSchedule) -> Result<()> {
        let sql = "INSERT INTO alert_schedule (schedule_id, enabled, minute_of_day, time_zone, updated_at) \
                   VALUES (1, $1, $2, $3, $4) ON CONFLICT (schedule_id) DO UPDATE SET enabled = excluded.enabled, \
                   minute_of_day = excluded.minute_of_day, time_zone = excluded.time_zone, \
                   updated_at = excluded.updated_at";
        let AlertSchedule { enabled, minute_of_day, time_zone, updated_at } = schedule;
        let values = [enabled.into(), minute_of_day.into(), time_zone.into(), updated_at.into()];
        self.execute(sql, values).await.map(|_| ())
    }
}
