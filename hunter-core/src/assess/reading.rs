//! The combinations of records that mean something to a Microsoft partner.
//!
//! Each finding rests on records that are there, or on an authoritative "nothing"; a question that was
//! not answered raises none.

use super::finding::{Finding, FindingKind};
use crate::observation::{AnswerIndex, Observation, Outcome, RecordType, Signal};
use crate::provider::{
    Basis, Evidence, Family, MailProvider, Provider, ProviderKind, Quote, Role, Strength, Trace,
    TraceKind,
};
use crate::signals::{DmarcSignal, Signals};
use crate::vocabulary::DmarcPolicy;

/// Chains of aliases are short; a loop ends here.
const HOPS: usize = 8;

/// One domain's mail, with the traces that the roles rest on.
pub(super) struct Case<'o, 't, 'a> {
    pub(super) observation: &'o Observation,
    pub(super) answers: &'o AnswerIndex<'a>,
    pub(super) mail: &'o MailProvider<'t>,
    pub(super) traces: &'o [Trace<'t, 'a>],
}

impl Case<'_, '_, '_> {
    /// Adds every combination that holds.
    pub(super) fn tell(&self, signals: &Signals, findings: &mut Vec<Finding>) {
        let mut add = |kind, records: Vec<String>| findings.push(Finding::new(kind, records));
        match self.holder() {
            Some(Family::Microsoft) => self.tell_customer(signals, &mut add),
            holder => self.tell_elsewhere(holder, &mut add),
        }
        let msoid = self.old_msoid();
        if !msoid.is_empty() {
            add(FindingKind::UnmaintainedTenant, msoid);
        }
        let forwards = |gateway: &&Role<'_>| gateway.provider.kind == ProviderKind::Forwarding;
        if self.mail.basis == Basis::Undetermined
            && let Some(forwarder) = self.mail.gateways.first().filter(forwards)
        {
            add(FindingKind::Forwarding, records(&forwarder.evidence));
        }
        if let Some(realm) = self.federated() {
            add(FindingKind::FederatedIdentity, vec![realm]);
        }
    }

    fn holder(&self) -> Option<Family> {
        self.mail.provider.and_then(Family::of)
    }

    /// Microsoft holds the mailboxes.
    fn tell_customer(&self, signals: &Signals, add: &mut impl FnMut(FindingKind, Vec<String>)) {
        let enforced = matches!(
            signals.dmarc,
            DmarcSignal::Policy(DmarcPolicy::Quarantine | DmarcPolicy::Reject)
        );
        let unenforced =
            matches!(signals.dmarc, DmarcSignal::Absent | DmarcSignal::Policy(DmarcPolicy::None));
        // The MX where Microsoft takes the mail itself, else the strongest trace behind what takes it.
        let strongest = usize::from(self.mail.evidence.len() > 1);
        let proof = || records(&self.mail.evidence[strongest..=strongest]);
        if signals.spf == Signal::Present && signals.dkim == Signal::Present && enforced {
            add(FindingKind::EstablishedCustomer, proof());
        } else if (signals.dkim == Signal::Missing && self.selectors_are_answered()) || unenforced {
            add(FindingKind::BasicsUndone, proof());
        }
        let filters = |front: &Provider| front.kind != ProviderKind::Forwarding;
        if self.mail.gateway().is_some_and(filters) {
            add(FindingKind::GatewayConsolidation, records(&self.mail.evidence[..=strongest]));
        }
        let onboarding: Vec<String> =
            self.quotes(&[TraceKind::Sip]).into_iter().chain(self.old_msoid()).collect();
        let enrollment = format!("enterpriseenrollment.{}", self.observation.domain);
        if !onboarding.is_empty() && self.answers.ask(&enrollment, &RecordType::Cname).is_absent() {
            add(FindingKind::OldTenant, onboarding);
        }
    }

    /// Somebody else holds the mailboxes, or nobody knows who.
    fn tell_elsewhere(
        &self,
        holder: Option<Family>,
        add: &mut impl FnMut(FindingKind, Vec<String>),
    ) {
        let takes_mail = self.mail.basis != Basis::NoMail;
        let identity = self.mail.identity.as_ref();
        let tenant = identity.filter(|i| Family::of(i.provider) == Some(Family::Microsoft));
        let devices = self.quotes(&[TraceKind::Enrollment, TraceKind::Registration]);
        if holder == Some(Family::Google) && !devices.is_empty() {
            add(FindingKind::SplitEstate, devices);
        } else if let Some(proof) = self.hybrid() {
            add(FindingKind::Hybrid, proof);
        } else if takes_mail && self.mail.basis != Basis::Undetermined {
            // Behind a gateway that shows nobody, the mail may well be at Microsoft.
            let id = self.tenant_id();
            let proof = tenant.map(|tenant| records(&tenant.evidence)).unwrap_or_default();
            let proof: Vec<String> = proof.into_iter().chain(id.clone()).collect();
            let was_set_up = tenant.is_some_and(|tenant| tenant.strength > Strength::Claimed);
            if was_set_up || id.is_some() {
                add(FindingKind::DormantTenant, proof);
            } else if tenant.is_some() {
                add(FindingKind::TenantClaimed, proof);
            }
        }
        let behind_gateway =
            self.mail.basis == Basis::Undetermined && !self.mail.gateways.is_empty();
        let is_silent =
            !self.mail.traces.names(Family::Microsoft) && !self.mail.traces.names(Family::Google);
        if behind_gateway
            && is_silent
            && self.traces_are_answered()
            && let Some(spf) = self.own_senders()
        {
            add(FindingKind::OwnServersBehindGateway, vec![spf]);
        }
    }

    /// Whether the names at which a suite would show were answered.
    fn traces_are_answered(&self) -> bool {
        let domain = &self.observation.domain;
        ["autodiscover", "selector1._domainkey", "selector2._domainkey"].iter().all(|below| {
            self.answers.ask(&format!("{below}.{domain}"), &RecordType::Cname).is_answered()
        })
    }

    /// Whether the selectors of Exchange Online were answered: others say nothing of its keys.
    fn selectors_are_answered(&self) -> bool {
        let domain = &self.observation.domain;
        let answered = |below: &str| {
            let name = format!("{below}.{domain}");
            let kinds = [RecordType::Txt, RecordType::Cname];
            kinds.iter().any(|kind| self.answers.ask(&name, kind).is_answered())
        };
        self.answers.is_nxdomain(&format!("_domainkey.{domain}"))
            || ["selector1._domainkey", "selector2._domainkey"].iter().all(|name| answered(name))
    }

    /// Exchange hybrid: an own server takes the mail, Exchange Online may send, and clients are sent to
    /// a host of the domain's own.
    fn hybrid(&self) -> Option<Vec<String>> {
        if self.mail.basis != Basis::OwnDomain {
            return None;
        }
        let spf = self.quotes(&[TraceKind::Spf]);
        let domain = &self.observation.domain;
        let name = format!("autodiscover.{domain}");
        // What a wildcard, or a control panel, answers for every name is no set-up of clients.
        let apex = self.answers.ask(domain.as_str(), &RecordType::A);
        let own = if let Some(target) = self.answers.aliases(&name).take(HOPS).last() {
            let is_own = domain.covers(target) && !target.eq_ignore_ascii_case(domain.as_str());
            is_own.then(|| Quote::Record(&name, "CNAME", target).to_string())
        } else {
            let reply = self.answers.ask(&name, &RecordType::A);
            let apex = apex.found()?;
            let address = reply.found()?.iter().filter(|a| !apex.contains(a)).min()?;
            Some(Quote::Record(&name, "A", address).to_string())
        }?;
        (!spf.is_empty()).then(|| spf.into_iter().chain([own]).collect())
    }

    /// The SPF record, where it lets servers of the domain's own send.
    fn own_senders(&self) -> Option<String> {
        let reply = self.answers.ask(self.observation.domain.as_str(), &RecordType::Txt);
        let spf = reply.found()?.iter().filter(|text| crate::records::spf::is_spf(text)).min()?;
        let is_own = |term: &str| {
            let term = term.strip_prefix('+').unwrap_or(term).to_ascii_lowercase();
            ["ip4:", "ip6:", "a:", "mx:", "a/", "mx/"].iter().any(|own| term.starts_with(own))
                || matches!(term.as_str(), "a" | "mx")
        };
        spf.split(' ').any(is_own).then(|| spf.clone())
    }

    /// What traces of these kinds quote, where they name Microsoft.
    fn quotes(&self, kinds: &[TraceKind]) -> Vec<String> {
        let traces = self.traces.iter();
        traces
            .filter(|t| kinds.contains(&t.kind) && t.family() == Some(Family::Microsoft))
            .map(|trace| trace.quote.to_string())
            .collect()
    }

    /// `msoid` of the worldwide cloud; the one that 21Vianet runs in China still needs its own.
    fn old_msoid(&self) -> Vec<String> {
        const NEEDED_BY: &str = "microsoft-365-21vianet";
        self.traces
            .iter()
            .filter(|trace| trace.kind == TraceKind::Msoid)
            .filter(|trace| trace.provider.is_some_and(|provider| provider.id != NEEDED_BY))
            .map(|trace| trace.quote.to_string())
            .collect()
    }

    /// The tenant id that the OpenID configuration of the domain carries.
    fn tenant_id(&self) -> Option<String> {
        let found = self.observation.probes.get("openid")?.0.found()?;
        let id = found.get("tenant_id")?.as_str()?;
        Some(format!("tenant_id {id}"))
    }

    /// The realm of the domain's users, where somebody else than Microsoft signs them in.
    fn federated(&self) -> Option<String> {
        let Outcome::Found(found) = &self.observation.probes.get("user_realm")?.0 else {
            return None;
        };
        let space = found.get("namespace_type")?.as_str()?;
        let is_federated = space.eq_ignore_ascii_case("Federated");
        let with = found.get("auth_url").and_then(|url| url.as_str()).unwrap_or(space);
        is_federated.then(|| with.to_owned())
    }
}

fn records(evidence: &[Evidence]) -> Vec<String> {
    evidence.iter().map(|evidence| evidence.record.clone()).collect()
}
