//! What the tests of the sales texts share.

use hunter_core::sales::{SalesEngine, SalesFacts, SalesSummary};
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

/// Words that say that a record is not there, for each protocol, in both languages.
pub(crate) const SPF_MISSING: [&str; 4] =
    ["SPF kaydı yok", "SPF: kayıt yok", "no SPF record", "SPF: no record"];
pub(crate) const DMARC_MISSING: [&str; 4] =
    ["DMARC kaydı yok", "DMARC: kayıt yok", "no DMARC record", "DMARC: no record"];

pub(crate) fn lead() -> SalesFacts {
    SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
}

pub(crate) fn summary(facts: &SalesFacts, locale: &str) -> SalesSummary {
    SalesEngine::builtin().summarize(facts, locale, NOW).expect("a built-in language")
}

/// Every text of a summary.
pub(crate) fn texts(summary: &SalesSummary) -> Vec<&str> {
    let mut texts = vec![
        summary.one_liner.as_str(),
        &summary.segment_explanation,
        &summary.provider_reasoning,
        &summary.offer_tier.recommendation,
        &summary.opportunity_rationale.summary,
        &summary.next_step.message,
        &summary.next_step.internal_note,
    ];
    texts.extend(summary.call_script.iter().map(String::as_str));
    texts.extend(summary.discovery_questions.iter().map(String::as_str));
    texts.extend(summary.opportunity_rationale.factors.iter().map(|factor| &*factor.comment));
    texts.extend(summary.hooks.iter().map(|hook| &*hook.text));
    texts.extend(summary.urgency_reason.as_deref());
    if let Some(security) = &summary.security_reasoning {
        texts.extend([&*security.summary, &security.sales_angle, &security.recommended_action]);
        texts.extend(security.details.iter().map(String::as_str));
    }
    texts
}

pub(crate) fn says(summary: &SalesSummary, words: &[&str]) -> Option<String> {
    texts(summary)
        .into_iter()
        .find(|text| words.iter().any(|word| text.contains(word)))
        .map(str::to_owned)
}
