//! The other roles around a domain's mail: who filters, who sends, whose identity.

use serde::Serialize;

use super::evidence::Evidence;
use super::fingerprints::Fingerprints;
use super::mx::{Listed, MxReading, Taker};
use super::schema::{Grade, Provider, ProviderKind};
use super::traces::{Family, Quote, Trace, TraceKind};

/// One provider in one role, and the records that say so.
#[derive(Debug, Clone)]
pub struct Role<'t> {
    /// The provider.
    pub provider: &'t Provider,
    /// How well the best of the signs is founded, 0 to 1.
    pub confidence: f64,
    /// The region that serves the domain, where the name of its host shows one.
    pub region: Option<String>,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

impl<'t> Role<'t> {
    pub(super) fn gateway(listed: &Listed<'t, '_>) -> Self {
        Self {
            provider: listed.found.provider,
            confidence: listed.found.grade.confidence(),
            region: listed.found.provider.region(listed.exchanger.host),
            evidence: vec![listed.evidence("mx_suffix")],
        }
    }

    /// Who may send for the domain, besides whoever holds the mailboxes: named by the SPF record, by
    /// the CNAME of a DKIM selector, or by the name of a bounce host. A proof of ownership alone shows
    /// that somebody signed up, not that they send.
    pub(super) fn senders(
        table: &'t Fingerprints,
        traces: &[Trace<'t, '_>],
        holder: Option<&Provider>,
    ) -> Vec<Self> {
        let mut senders: Vec<Self> = Vec::new();
        let is_sending =
            |kind| matches!(kind, TraceKind::Spf | TraceKind::DkimCname | TraceKind::Service);
        for trace in traces.iter().filter(|trace| is_sending(trace.kind)) {
            let (Some(provider), Some(owner)) = (trace.provider, trace.owner) else { continue };
            if holder.is_some_and(|holder| holder.id == provider.id)
                || provider.kind == ProviderKind::SecurityGateway
                || (trace.kind == TraceKind::Service
                    && provider.kind != ProviderKind::Transactional)
            {
                continue;
            }
            let evidence = Evidence::trace(table, trace);
            let confidence = owner.grade.confidence();
            match senders.iter_mut().find(|sender| sender.provider.id == provider.id) {
                Some(sender) => {
                    sender.confidence = sender.confidence.max(confidence);
                    sender.evidence.push(evidence);
                }
                None => senders.push(Self {
                    provider,
                    confidence,
                    region: None,
                    evidence: vec![evidence],
                }),
            }
        }
        senders.sort_by(|a, b| a.provider.id.cmp(&b.provider.id));
        senders
    }
}

/// Whose identity service knows the domain.
#[derive(Debug, Clone)]
pub struct Identity<'t> {
    /// The provider whose identity service it is.
    pub provider: &'t Provider,
    /// The tenant's initial name, as a DKIM target shows it: `ornek` of `ornek.onmicrosoft.com`.
    pub tenant: Option<String>,
    /// How far the strongest record proves that the identity exists.
    pub strength: Strength,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
}

/// How far a record proves that a tenant exists (`docs/ACCURACY.md` has the table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A proof of ownership: the domain was claimed once.
    Claimed,
    /// Services were set up; they may be left over.
    SetUp,
    /// Mail is delivered there.
    Certain,
}

impl Strength {
    /// The strength as a number from 0 to 1.
    pub const fn confidence(self) -> f64 {
        match self {
            Self::Claimed => Grade::Low.confidence(),
            Self::SetUp => Grade::Medium.confidence(),
            Self::Certain => Grade::High.confidence(),
        }
    }

    const fn of(kind: TraceKind) -> Option<Self> {
        match kind {
            TraceKind::MxFallback => Some(Self::Certain),
            // The address is there for domains that are, or were, accepted.
            TraceKind::AcceptedDomain
            | TraceKind::DkimCname
            | TraceKind::Autodiscover
            | TraceKind::Enrollment
            | TraceKind::Registration
            | TraceKind::Msoid
            | TraceKind::Sip => Some(Self::SetUp),
            TraceKind::TxtToken => Some(Self::Claimed),
            _ => None,
        }
    }
}

impl<'t> Identity<'t> {
    /// A Microsoft tenant where a record speaks for one, else a Google one where Google holds the
    /// mailboxes: other identity services leave no record.
    pub(super) fn read(
        table: &'t Fingerprints,
        traces: &[Trace<'t, '_>],
        holder: Option<&'t Provider>,
        reading: &MxReading<'t, '_>,
    ) -> Option<Self> {
        let microsoft = || traces.iter().filter(|t| t.family() == Some(Family::Microsoft));
        let proofs = || microsoft().filter_map(|t| Some((Strength::of(t.kind)?, t)));
        let of_mx = |family| {
            let Taker::Holder(listed) = &reading.taker else { return None };
            let holder = holder.filter(|holder| Family::of(holder) == Some(family))?;
            Some((holder, listed.evidence("mx_suffix")))
        };
        let mx_of_microsoft = of_mx(Family::Microsoft);
        let strongest = proofs().map(|(strength, _)| strength).max();
        let strength = match (&mx_of_microsoft, strongest) {
            (Some(_), _) => Strength::Certain,
            (None, Some(strength)) => strength,
            (None, None) => {
                let (provider, evidence) = of_mx(Family::Google)?;
                let evidence = vec![evidence];
                return Some(Self {
                    provider,
                    tenant: None,
                    strength: Strength::Certain,
                    evidence,
                });
            }
        };
        let provider = match &mx_of_microsoft {
            Some((provider, _)) => provider,
            None => proofs().find_map(|(_, trace)| trace.provider)?,
        };
        let mut evidence: Vec<Evidence> = mx_of_microsoft.map(|(_, e)| e).into_iter().collect();
        evidence.extend(proofs().map(|(_, trace)| Evidence::trace(table, trace)));
        Some(Self { provider, tenant: microsoft().find_map(tenant_of), strength, evidence })
    }
}

/// The tenant's initial name in a DKIM target: `selector1-ornek-com-tr._domainkey.ornek.onmicrosoft.com`,
/// and `selector1-ornek-com-tr._domainkey.ornek.n-v1.dkim.mail.microsoft` for domains added since May
/// 2025.
fn tenant_of(trace: &Trace<'_, '_>) -> Option<String> {
    let Quote::Record(_, "CNAME", target) = trace.quote else { return None };
    if trace.kind != TraceKind::DkimCname {
        return None;
    }
    let (_, below) = target.split_once("._domainkey.")?;
    let (tenant, rest) = below.split_once('.')?;
    (rest.contains('.') && !tenant.is_empty()).then(|| tenant.to_ascii_lowercase())
}
