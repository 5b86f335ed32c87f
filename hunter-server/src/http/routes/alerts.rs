//! `GET /alerts`, `GET` and `POST /alerts/config`, `GET` and `PUT /alerts/schedule`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hunter_core::changes::AlertKind;
use hunter_store::Timestamp;
use hunter_store::alerts::{Alert, AlertConfig, AlertSchedule, Alerts as _};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{before, limit};
use crate::http::App;
use crate::http::extract::{Json as Body, Query};
use crate::http::problem::{Problem, ProblemBody};

/// The most alerts at once.
const MOST: u32 = 200;
/// Whose configurations they are: the installation's, until there are users.
const USER: &str = "default";
/// The longest address.
const LONGEST: usize = 2048;

/// Which alerts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only those raised before this moment (RFC 3339).
    #[param(example = "2026-11-24T09:30:00Z")]
    before: Option<String>,
    /// How many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// An alert.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertRow {
    id: Uuid,
    company_id: i64,
    domain: String,
    #[schema(example = "mx_changed")]
    alert_type: String,
    message: String,
    /// `pending`, `sent` or `failed`.
    status: String,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
}

impl From<Alert> for AlertRow {
    fn from(alert: Alert) -> Self {
        Self {
            id: alert.alert_id,
            company_id: alert.company_id,
            domain: alert.domain,
            alert_type: alert.kind,
            message: alert.message,
            status: alert.status,
            created_at: alert.created_at,
            sent_at: alert.sent_at,
        }
    }
}

/// Alerts, the latest first.
#[utoipa::path(get, path = "/alerts", tag = "alerts", params(Which), responses(
    (status = 200, body = Vec<AlertRow>),
    (status = 422, description = "A parameter is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    Query(which): Query<Which>,
) -> Result<Json<Vec<AlertRow>>, Problem> {
    let limit = limit(which.limit, 50, MOST)?;
    let before = before(which.before.as_deref())?;
    let alerts = app.db.read().await?.alerts_before(before, limit).await?;
    Ok(Json(alerts.into_iter().map(AlertRow::from).collect()))
}

/// How an alert is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Method {
    Webhook,
    Email,
    Slack,
}

/// When an alert is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Frequency {
    #[default]
    Immediate,
    Daily,
}

/// Who wants alerts of a kind, and how.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct NewAlertConfig {
    alert_type: AlertKind,
    notification_method: Method,
    #[serde(default = "yes")]
    #[schema(default = true)]
    enabled: bool,
    #[serde(default)]
    frequency: Frequency,
    /// Where to, for `webhook` and `slack`.
    #[serde(default)]
    #[schema(max_length = 2048)]
    webhook_url: Option<String>,
    /// Whom to, for `email`.
    #[serde(default)]
    #[schema(max_length = 2048)]
    email_address: Option<String>,
}

const fn yes() -> bool {
    true
}

/// A configuration as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertConfigRow {
    id: i64,
    user_id: &'static str,
    #[schema(example = "mx_changed")]
    alert_type: String,
    /// `webhook`, `email` or `slack`.
    notification_method: String,
    enabled: bool,
    /// `immediate` or `daily`.
    frequency: String,
    webhook_url: Option<String>,
    email_address: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<AlertConfig> for AlertConfigRow {
    fn from(config: AlertConfig) -> Self {
        let is_email = config.method == "email";
        let target = Some(config.target);
        let (webhook_url, email_address) = if is_email { (None, target) } else { (target, None) };
        Self {
            id: config.number,
            user_id: USER,
            alert_type: config.kind,
            notification_method: config.method,
            enabled: config.enabled,
            frequency: config.frequency,
            webhook_url,
            email_address,
            created_at: config.created_at,
            updated_at: config.updated_at,
        }
    }
}

impl NewAlertConfig {
    /// The address of its method, as far as its form can tell.
    fn target(&self) -> Result<String, Problem> {
        let (field, given) = match self.notification_method {
            Method::Webhook | Method::Slack => ("/webhook_url", &self.webhook_url),
            Method::Email => ("/email_address", &self.email_address),
        };
        let target = given.as_deref().map(str::trim).unwrap_or_default();
        let fits = match self.notification_method {
            Method::Webhook | Method::Slack => {
                let uri: Option<axum::http::Uri> = target.parse().ok();
                uri.is_some_and(|uri| uri.scheme_str() == Some("https") && uri.host().is_some())
            }
            Method::Email => {
                let parts = target.rsplit_once('@');
                parts.is_some_and(|(local, host)| {
                    !local.is_empty() && host.parse::<hunter_core::Domain>().is_ok()
                })
            }
        };
        if target.len() > LONGEST || !fits {
            let wanted = match self.notification_method {
                Method::Webhook | Method::Slack => "an address that begins with https://",
                Method::Email => "an e-mail address",
            };
            return Err(Problem::field(field, format!("this method needs {wanted}")));
        }
        Ok(target.to_owned())
    }
}

/// Every configuration.
#[utoipa::path(get, path = "/alerts/config", tag = "alerts", responses(
    (status = 200, body = Vec<AlertConfigRow>),
))]
pub(crate) async fn configs(State(app): State<App>) -> Result<Json<Vec<AlertConfigRow>>, Problem> {
    let configs = app.db.read().await?.alert_configs().await?;
    Ok(Json(configs.into_iter().map(AlertConfigRow::from).collect()))
}

/// Writes a configuration. The same kind, method and address are one, whose state is replaced. Alerts
/// are recorded; they are not delivered yet.
#[utoipa::path(post, path = "/alerts/config", tag = "alerts", request_body = NewAlertConfig, responses(
    (status = 201, body = AlertConfigRow),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn set_config(
    State(app): State<App>,
    Body(new): Body<NewAlertConfig>,
) -> Result<(StatusCode, Json<AlertConfigRow>), Problem> {
    let target = new.target()?;
    let now = Timestamp::from(OffsetDateTime::now_utc());
    let method = match new.notification_method {
        Method::Webhook => "webhook",
        Method::Email => "email",
        Method::Slack => "slack",
    };
    let frequency = match new.frequency {
        Frequency::Immediate => "immediate",
        Frequency::Daily => "daily",
    };
    let config = AlertConfig {
        config_id: Uuid::now_v7(),
        number: 0,
        kind: new.alert_type.as_str().to_owned(),
        method: method.to_owned(),
        target,
        frequency: frequency.to_owned(),
        enabled: new.enabled,
        created_at: now,
        updated_at: now,
    };
    let mut unit = app.db.begin().await?;
    let config = unit.set_alert_config(config).await?;
    unit.commit().await?;
    Ok((StatusCode::CREATED, Json(config.into())))
}

/// When the daily digest goes out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Schedule {
    /// Whether it goes out.
    enabled: bool,
    /// The time of day, `HH:MM`.
    #[schema(example = "08:30", pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    time: String,
    /// The time zone, by its IANA name.
    #[schema(example = "Europe/Istanbul", max_length = 64)]
    time_zone: String,
}

impl From<AlertSchedule> for Schedule {
    fn from(schedule: AlertSchedule) -> Self {
        let (hour, minute) = (schedule.minute_of_day / 60, schedule.minute_of_day % 60);
        Self {
            enabled: schedule.enabled,
            time: format!("{hour:02}:{minute:02}"),
            time_zone: schedule.time_zone,
        }
    }
}

/// `HH:MM` as the minute of the day.
fn minute_of_day(text: &str) -> Option<i16> {
    let digits = text.bytes().enumerate().all(|(i, b)| i == 2 || b.is_ascii_digit());
    let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5 && digits)?;
    let (hour, minute): (i16, i16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// Whether a text has the form of an IANA name; which zones there are is for who sends the digest.
fn is_zone(text: &str) -> bool {
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b"/_+-".contains(&b);
    (1..=64).contains(&text.len())
        && text.bytes().all(is_name)
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The schedule of the daily digest.
#[utoipa::path(get, path = "/alerts/schedule", tag = "alerts", responses(
    (status = 200, description = "The one that was set; else 08:00 in Istanbul, not enabled.", body = Schedule),
))]
pub(crate) async fn schedule(State(app): State<App>) -> Result<Json<Schedule>, Problem> {
    let schedule = app.db.read().await?.alert_schedule().await?;
    Ok(Json(schedule.map_or_else(
        || Schedule {
            enabled: false,
            time: "08:00".to_owned(),
            time_zone: "Europe/Istanbul".to_owned(),
        },
        Schedule::from,
    )))
}

/// Sets the schedule of the daily digest.
#[utoipa::path(put, path = "/alerts/schedule", tag = "alerts", request_body = Schedule, responses(
    (status = 200, body = Schedule),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn set_schedule(
    State(app): State<App>,
    Body(new): Body<Schedule>,
) -> Result<Json<Schedule>, Problem> {
    let Some(minute_of_day) = minute_of_day(&new.time) else {
        return Err(Problem::field("/time", format!("`{}` is no time such as 08:30", new.time)));
    };
    if !is_zone(&new.time_zone) {
        let detail = format!("`{}` is no time zone such as Europe/Istanbul", new.time_zone);
        return Err(Problem::field("/time_zone", detail));
    }
    let schedule = AlertSchedule {
        enabled: new.enabled,
        minute_of_day,
        time_zone: new.time_zone.clone(),
        updated_at: OffsetDateTime::now_utc().into(),
    };
    let mut unit = app.db.begin().await?;
    unit.set_alert_schedule(schedule).await?;
    unit.commit().await?;
    Ok(Json(new))
}
