//! What the sales engine returns: the frozen contract of a sales summary.
//!
//! Field names and types never change; new fields are optional.

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::amount::Amount;
use crate::Domain;
use crate::signals::UnknownSignal;
use crate::vocabulary::{ProviderClass, Segment, TenantSize, vocabulary};

vocabulary! {
    /// How urgent, how risky, or how important: three steps.
    pub enum Level ("level") {
        /// The top step.
        High = "high",
        /// The middle step.
        Medium = "medium",
        /// The bottom step.
        Low = "low",
    }
}

vocabulary! {
    /// What to do next.
    pub enum Action ("action") {
        /// Call.
        Call = "call",
        /// Write an e-mail.
        Email = "email",
        /// Leave the lead alone for now.
        Wait = "wait",
    }
}

vocabulary! {
    /// By when. The spelling is an identifier of the frozen contract in every language.
    pub enum Timeline ("timeline") {
        /// Within 24 hours.
        Day = "24_saat",
        /// Within three days.
        ThreeDays = "3_gün",
        /// Within a week.
        Week = "1_hafta",
        /// In a month.
        Month = "1_ay",
    }
}

/// What a salesperson says and does with one lead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SalesSummary {
    /// The domain, in canonical form; texts show the international form.
    pub domain: Domain,
    /// The lead in one sentence.
    pub one_liner: String,
    /// Why the lead is in its segment.
    pub segment_explanation: String,
    /// Who holds the mailboxes, and how that is known.
    pub provider_reasoning: String,
    /// The state of mail authentication; `None` when SPF, DKIM and DMARC are all unknown.
    pub security_reasoning: Option<SecurityReasoning>,
    /// What to say, point by point.
    pub call_script: Vec<String>,
    /// What to ask.
    pub discovery_questions: Vec<String>,
    /// What to offer.
    pub offer_tier: OfferTier,
    /// How promising the lead is, 0–100.
    pub opportunity_potential: u8,
    /// How the potential came about.
    pub opportunity_rationale: OpportunityRationale,
    /// How urgent the lead is.
    pub urgency: Level,
    /// What to do next.
    pub next_step: NextStep,
    /// What the summary was made from.
    pub metadata: Metadata,
    /// Why the urgency is what it is, and when the registration ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgency_reason: Option<String>,
    /// Dated facts that this lead's records can prove, to bring up in the call.
    #[serde(default)]
    pub hooks: Vec<HookText>,
    /// Facts that nobody knows yet.
    #[serde(default)]
    pub unknown: Vec<UnknownSignal>,
}

/// The state of mail authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityReasoning {
    /// The risk, from the known factors.
    pub risk_level: Level,
    /// What is present, what is missing, what is unknown.
    pub summary: String,
    /// One sentence for SPF, DKIM and DMARC each.
    pub details: Vec<String>,
    /// How to bring it up.
    pub sales_angle: String,
    /// What to do about it.
    pub recommended_action: String,
}

/// What to offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferTier {
    /// The tier's name.
    pub tier: String,
    /// The licence it stands on.
    pub license: String,
    /// Licence price per user and month.
    pub price_per_user_per_month: Amount,
    /// What a migration costs, once.
    pub migration_fee: Amount,
    /// Defender price per user and month.
    pub defender_price_per_user_per_month: Option<Amount>,
    /// Price of a consulting package.
    pub consulting_fee: Option<Amount>,
    /// The offer in words.
    pub recommendation: String,
    /// Which price list the sums come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_list: Option<PriceList>,
}

/// Which price list a sum comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceList {
    /// ISO 4217 code.
    pub currency: String,
    /// The day the prices were set.
    #[serde(with = "iso_date")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub as_of: Date,
    /// Where they come from.
    pub source: String,
}

/// How the potential came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpportunityRationale {
    /// Equals the potential.
    pub total: u8,
    /// What was counted.
    pub factors: Vec<Factor>,
    /// What the sum was multiplied by.
    pub tuning_factor: f64,
    /// The count in words.
    pub summary: String,
}

/// One factor of the potential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Factor {
    /// The factor's name.
    pub name: String,
    /// Its nominal weight.
    pub weight: f64,
    /// The value that was looked at; `None` when there is none.
    pub raw: Option<RawValue>,
    /// The points it gave.
    pub score: u8,
    /// The factor in words.
    pub comment: String,
}

/// The value behind a factor: a number, or a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum RawValue {
    /// A score.
    Number(u8),
    /// A word of a closed list, or `Unknown`.
    Word(String),
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NextStep {
    /// Call, e-mail or wait.
    pub action: Action,
    /// By when.
    pub timeline: Timeline,
    /// How important it is.
    pub priority: Level,
    /// What to do and what to tell the customer.
    pub message: String,
    /// A note for the seller alone.
    pub internal_note: String,
}

/// What the summary was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Metadata {
    /// The domain.
    pub domain: Domain,
    /// The scoring class.
    pub provider: Option<ProviderClass>,
    /// The technical segment.
    pub segment: Option<Segment>,
    /// The readiness score.
    pub readiness_score: Option<u8>,
    /// The priority score.
    pub priority_score: Option<u8>,
    /// The customer's size.
    pub tenant_size: Option<TenantSize>,
    /// The local provider.
    pub local_provider: Option<String>,
    /// When the summary was written.
    #[serde(with = "time::serde::rfc3339")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub generated_at: OffsetDateTime,
}

/// A dated fact to bring up in the call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HookText {
    /// The hook's id in the hooks file.
    pub id: String,
    /// The hook in words.
    pub text: String,
}

/// Calendar dates as `YYYY-MM-DD`.
mod iso_date {
    use serde::{Deserialize, Deserializer, Serializer};
    use time::Date;
    use time::format_description::well_known::Iso8601;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    pub(super) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(date)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Date, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Date::parse(&text, &Iso8601::DATE)
            .map_err(|_| serde::de::Error::custom(format_args!("`{text}` is not an ISO 8601 date")))
    }
}
