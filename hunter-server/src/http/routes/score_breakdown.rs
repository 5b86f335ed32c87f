//! `GET /leads/{domain}/score-breakdown`: why the score is what it is.

use axum::Json;
use axum::extract::State;
use hunter_core::provider::Evidence;
use hunter_core::rules::{Points, ProviderPoints};
use hunter_core::signals::UnknownSignal;
use hunter_core::vocabulary::{
    CommercialHeat, CommercialSegment, PriorityCategory, Segment, TechnicalHeat, TenantSize,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::no_lead;
use crate::http::App;
use crate::http::extract::DomainPath;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::lead_view::LeadView;

/// The points behind a score: `base_score`, the provider's points and all rows add up to `total_score`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScoreBreakdown {
    domain: String,
    base_score: i16,
    provider: ProviderPoints,
    signal_points: Points,
    risk_points: Points,
    /// What was done after adding: `clamp` to 0..=100, `referral_tenant`, `referral_co_sell`.
    adjustments: Points,
    total_score: u8,
    /// The lowest score that the unknown facts leave possible.
    score_low: u8,
    /// The highest.
    score_high: u8,
    /// Facts without an answer.
    unknown: Vec<UnknownSignal>,
    segment: Segment,
    segment_certain: bool,
    tenant_size: Option<TenantSize>,
    local_provider: Option<String>,
    dmarc_coverage: Option<i16>,
    dmarc_policy: Option<String>,
    ip_enrichment: Option<IpEnrichment>,
    technical_heat: TechnicalHeat,
    commercial_segment: CommercialSegment,
    commercial_heat: CommercialHeat,
    priority_category: PriorityCategory,
    priority_label: Option<String>,
    /// The records that name the provider.
    evidence: Vec<Evidence>,
    confidence: f64,
    /// The rule set that this breakdown was computed by.
    rules_version: String,
    /// Whether the list was computed by the same rules; if not, `hunter reassess` makes it so.
    rules_current: bool,
}

/// What an IP database knows of the domain's addresses.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IpEnrichment {
    country: Option<String>,
    asn_org: Option<String>,
    is_proxy: Option<bool>,
}

/// Why the score is what it is.
#[utoipa::path(get, path = "/leads/{domain}/score-breakdown", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 200, body = ScoreBreakdown),
    (status = 404, description = "It was not scanned yet, or has no score.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn score_breakdown(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
) -> Result<Json<ScoreBreakdown>, Problem> {
    let lead = LeadView::read(&app.db, &app.hunter(), &domain).await?;
    let lead = lead.ok_or_else(|| no_lead(&domain))?;
    let rules_current = lead.is_current();
    let LeadView { row, assessment, .. } = lead;
    let (Some(breakdown), Some(verdict)) = (assessment.breakdown, assessment.verdict) else {
        let detail = format!(
            "the mail exchangers of `{domain}` are not known, so that it has no score: scan it again"
        );
        return Err(Problem::new("lead_not_found", detail));
    };
    let known = row.asn_org.is_some() || row.is_proxy.is_some();
    Ok(Json(ScoreBreakdown {
        domain: row.domain,
        base_score: breakdown.base_score,
        provider: breakdown.provider,
        signal_points: breakdown.signal_points,
        risk_points: breakdown.risk_points,
        adjustments: breakdown.adjustments,
        total_score: breakdown.total_score,
        score_low: verdict.score_low,
        score_high: verdict.score_high,
        unknown: assessment.unknown,
        segment: verdict.segment,
        segment_certain: verdict.segment_certain,
        tenant_size: assessment.tenant_size,
        local_provider: assessment.local_provider,
        dmarc_coverage: row.dmarc_coverage,
        dmarc_policy: row.dmarc_policy,
        ip_enrichment: known.then_some(IpEnrichment {
            country: row.country,
            asn_org: row.asn_org,
            is_proxy: row.is_proxy,
        }),
        technical_heat: verdict.technical_heat,
        commercial_segment: verdict.commercial_segment,
        commercial_heat: verdict.commercial_heat,
        priority_category: verdict.priority_category,
        priority_label: assessment.priority_label,
        evidence: assessment.evidence,
        confidence: assessment.confidence,
        rules_version: assessment.rules_version.to_string(),
        rules_current,
    }))
}
