//! What a scan tells whoever asked for it.

use hunter_core::assess::Status;
use hunter_core::changes::{AlertKind, Change, ChangeKind};
use hunter_core::observation::Signal;
use hunter_core::vocabulary::{DmarcPolicy, PriorityCategory, ProviderClass, Segment, TenantSize};
use hunter_core::{Assessment, Domain};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

/// The verdict on a domain, with the signals that it rests on. What is unknown is `null`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Scanned {
    /// The domain, in canonical form.
    pub domain: Domain,
    /// The readiness score, 0 to 100.
    pub score: Option<u8>,
    /// The least that it can be, whatever is unknown.
    pub score_low: Option<u8>,
    /// The most that it can be.
    pub score_high: Option<u8>,
    /// The segment.
    pub segment: Option<Segment>,
    /// Why it is in that segment.
    pub reason: Option<String>,
    /// When to call.
    pub priority_category: Option<PriorityCategory>,
    /// Who holds the mailboxes.
    pub provider: ProviderClass,
    /// The provider by its identifier.
    pub provider_id: Option<String>,
    /// The local provider.
    pub local_provider: Option<String>,
    /// How large the tenant is.
    pub tenant_size: Option<TenantSize>,
    /// The registrable domain of the first MX host.
    pub mx_root: Option<String>,
    /// Whether there is an SPF record.
    pub spf: Option<bool>,
    /// Whether there is a DKIM key.
    pub dkim: Option<bool>,
    /// The DMARC policy in force.
    pub dmarc_policy: Option<DmarcPolicy>,
    /// To how many percent of mail it applies.
    pub dmarc_coverage: Option<u8>,
    /// Whether the domain answered.
    pub scan_status: Status,
    /// When the first question was put.
    #[serde(with = "time::serde::rfc3339")]
    pub scanned_at: OffsetDateTime,
}

impl Scanned {
    pub(super) fn of(assessment: &Assessment, reason: Option<String>) -> Self {
        let verdict = assessment.verdict.as_ref();
        let signals = &assessment.authentication.signals;
        Self {
            domain: assessment.domain.clone(),
            score: verdict.map(|verdict| verdict.score),
            score_low: verdict.map(|verdict| verdict.score_low),
            score_high: verdict.map(|verdict| verdict.score_high),
            segment: verdict.map(|verdict| verdict.segment),
            reason,
            priority_category: verdict.map(|verdict| verdict.priority_category),
            provider: assessment.provider,
            provider_id: assessment.provider_id.clone(),
            local_provider: assessment.local_provider.clone(),
            tenant_size: assessment.tenant_size,
            mx_root: assessment.mx_root.clone(),
            spf: Signal::as_option(signals.spf),
            dkim: Signal::as_option(signals.dkim),
            dmarc_policy: signals.dmarc.policy(),
            dmarc_coverage: assessment.authentication.dmarc_coverage(),
            scan_status: assessment.status,
            scanned_at: assessment.observed_at,
        }
    }
}

/// A change against what was known before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Changed {
    /// What changed.
    pub kind: ChangeKind,
    /// The value before; `null` where it was not known.
    pub before: Option<String>,
    /// The value now.
    pub after: String,
}

/// An alert that a change raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Alerted {
    /// The kind of alert.
    pub alert_type: AlertKind,
    /// What happened.
    pub message: String,
}

impl Changed {
    pub(super) fn of(change: &Change) -> Self {
        Self { kind: change.kind, before: change.before.clone(), after: change.after.clone() }
    }
}

impl Alerted {
    /// The alerts of changes: one of each kind, in the words that the store keeps.
    pub(super) fn all(changes: &[Change]) -> Vec<Self> {
        let mut alerts: Vec<Self> = Vec::new();
        for change in changes {
            let Some(alert_type) = change.alert else { continue };
            if alerts.iter().any(|alert| alert.alert_type == alert_type) {
                continue;
            }
            let before = change.before.as_deref().unwrap_or("?");
            let message = format!("{}: {before} → {}", change.kind, change.after);
            alerts.push(Self { alert_type, message });
        }
        alerts
    }
}
