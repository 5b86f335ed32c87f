//! `sales_summary`: what a salesperson says and does with one lead.

use serde::Deserialize;
use time::{Date, OffsetDateTime};

use super::request::{default_locale, iso_date, moment};
use super::{Hunter, LeadRow};
use crate::assess::{Assessment, Finding, FindingKind, Lead, Tag};
use crate::error::Error;
use crate::provider::{Basis, Provider, TraceKind};
use crate::sales::{MailStatus, SalesFacts, SalesSummary, SpfFault};
use crate::signals::DmarcSignal;
use crate::vocabulary::DmarcPolicy;

/// Arguments of `sales_summary`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SalesSummaryRequest {
    /// The lead row, whole or in part.
    pub assessment: LeadRow,
    /// What is known of the company besides.
    #[serde(default)]
    pub lead: Lead,
    /// The language of the texts.
    #[serde(default = "default_locale")]
    pub locale: String,
    /// The day from which the registration's days are counted; the host's clock where not given.
    #[serde(default, deserialize_with = "iso_date::deserialize")]
    pub today: Option<Date>,
}

impl Hunter {
    /// What to say and do with a lead that is known by the fields of its row. `clock` is the host's
    /// time; it counts where `today` is not given.
    ///
    /// # Errors
    /// `argument_missing` without a domain, `argument_range` where a score is over 100,
    /// `locale_unknown`.
    pub fn sales_summary(
        &self,
        request: &SalesSummaryRequest,
        clock: OffsetDateTime,
    ) -> Result<SalesSummary, Error> {
        let facts = self.sales_facts(&request.assessment, &request.lead)?;
        self.sales().summarize(&facts, &request.locale, moment(request.today, clock))
    }

    /// The same for an assessment that is at hand, which knows more than its row.
    ///
    /// # Errors
    /// `locale_unknown`.
    pub fn sales_summary_of(
        &self,
        assessment: &Assessment,
        lead: &Lead,
        locale: &str,
        today: Option<Date>,
        clock: OffsetDateTime,
    ) -> Result<SalesSummary, Error> {
        let facts = SalesFacts::from_assessment(assessment, lead);
        self.sales().summarize(&facts, locale, moment(today, clock))
    }

    /// What a row says to the sales engine: the same as its assessment, as far as the row carries it.
    fn sales_facts(&self, row: &LeadRow, lead: &Lead) -> Result<SalesFacts, Error> {
        let table = self.engine().fingerprints();
        // Texts name providers as people do; a row holds the names in full.
        let short = |id: &Option<String>, name: &Option<String>| {
            let listed = id.as_deref().and_then(|id| table.provider(id)).map(Provider::short_name);
            listed.map(str::to_owned).or_else(|| name.clone())
        };
        let provider_name = short(&row.provider_id, &row.provider_name);
        let listed = match row.basis {
            Some(basis) => matches!(basis, Basis::Listed | Basis::BehindGateway),
            None => row.host().is_some_and(|host| table.match_mx(host).is_some()),
        };
        let answered = row.is_answered();
        let partial = |score: Option<u8>| score.filter(|_| row.partial);
        Ok(SalesFacts {
            company: lead.company.clone(),
            status: mail_status(row, answered),
            // A row without a status comes from somebody who knows the class.
            provider: row.provider.filter(|_| answered || row.scan_status.is_none()),
            gateway_name: short(&row.gateway, &row.gateway_name),
            mx_host: row.host().map(str::to_ascii_lowercase),
            own_mx: row.basis == Some(Basis::OwnDomain),
            listed,
            local_provider: row.local_provider.as_ref().map(|name| {
                let known = row.provider_id.as_ref().and(provider_name.as_ref());
                known.unwrap_or(name).clone()
            }),
            provider_name,
            gateway_forwards: row.gateway.is_some() && !row.tags.contains(&Tag::Gateway),
            spf_include: row.target(TraceKind::Spf),
            dkim_target: row.target(TraceKind::DkimCname),
            autodiscover_target: row.target(TraceKind::Autodiscover),
            tenant_name: row.identity.as_ref().and_then(|identity| identity.tenant.clone()),
            senders: row.senders.iter().map(|sender| sender.name.clone()).collect(),
            findings: row.findings.iter().map(Finding::from).collect(),
            segment: row.segment,
            readiness_score: percent("readiness_score", row.readiness_score)?,
            score_low: percent("score_low", partial(row.score_low))?,
            score_high: percent("score_high", partial(row.score_high))?,
            unknown: row.unknown.clone(),
            priority_score: row.priority_score,
            tenant_size: lead.size().or(row.tenant_size),
            spf: row.spf,
            spf_fault: if row.has(FindingKind::SpfSeveralRecords) {
                Some(SpfFault::SeveralRecords)
            } else {
                row.has(FindingKind::SpfInvalid).then_some(SpfFault::Syntax)
            },
            dkim: row.dkim,
            dkim_selectors_tried: match row.finding(FindingKind::DkimNoneFound) {
                Some(finding) => finding.records.clone(),
                None => row.dkim_selectors.clone(),
            },
            dkim_certain: row.has(FindingKind::DkimNoDomainkey),
            dmarc: row.dmarc_signal(),
            dmarc_written: written(row),
            dmarc_testing: row.has(FindingKind::DmarcTestMode),
            dmarc_coverage: percent("dmarc_coverage", row.dmarc_coverage)?,
            contact_quality_score: percent("contact_quality_score", row.contact_quality_score)?,
            expires: row.expires_at,
            registrar: row.registrar.clone(),
            country: row.country.clone().or_else(|| lead.country.clone()),
            is_proxy: row.is_proxy,
            tenant_known: lead.referral().tenant || row.has_tenant(),
            nameservers: row.nameservers.clone(),
            ..SalesFacts::new(row.required_domain()?.clone())
        })
    }
}

impl From<&super::FindingField> for Finding {
    fn from(field: &super::FindingField) -> Self {
        Self { kind: field.kind, records: field.records.clone() }
    }
}

fn mail_status(row: &LeadRow, answered: bool) -> MailStatus {
    match (answered, row.basis) {
        (false, _) => MailStatus::Unknown,
        (true, Some(Basis::NoMail)) if row.has(FindingKind::NullMx) => MailStatus::NullMx,
        (true, Some(Basis::NoMail)) => MailStatus::NoMx,
        (true, _) => MailStatus::Mail,
    }
}

/// The policy as written. In test mode it is one step stronger than the one in force (RFC 9989 §4.7);
/// where `none` is in force, the row does not say which of the two it was.
fn written(row: &LeadRow) -> Option<DmarcPolicy> {
    match row.dmarc_signal() {
        DmarcSignal::Policy(DmarcPolicy::Quarantine) if row.has(FindingKind::DmarcTestMode) => {
            Some(DmarcPolicy::Reject)
        }
        DmarcSignal::Policy(DmarcPolicy::None) if row.has(FindingKind::DmarcTestMode) => None,
        signal => signal.policy(),
    }
}

fn percent(argument: &'static str, value: Option<u8>) -> Result<Option<u8>, Error> {
    value.map(|value| super::score_in_range(argument, i64::from(value))).transpose()
}
