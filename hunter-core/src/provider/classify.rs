//! From MX records and traces to whoever holds the mailboxes, with the records that say so.

use super::confidence::{ConfidenceModel, Likelihood, Situation, TraceSet};
use super::evidence::Evidence;
use super::fingerprints::Fingerprints;
use super::mx::{self, Listed, MxReading, Taker};
use super::roles::{Identity, Role};
use super::schema::{Grade, Provider, ProviderKind};
use super::traces::{Family, Scene, Trace, TraceKind, gather};
use crate::domain::Domain;
use crate::observation::{AddressFacts, AnswerIndex, Observation};
use crate::records::mx::MailExchangers;
use crate::rules::Mailbox;
use crate::vocabulary::{ProviderClass, vocabulary};

/// A family is named by traces alone only when it is likelier than not.
const LEAST_LIKELY: f64 = 0.5;

vocabulary! {
    /// What a classification rests on.
    pub enum Basis ("basis") {
        /// The table lists the MX host.
        Listed = "listed",
        /// A gateway or forwarder takes the mail, and something shows who holds the mailboxes behind it.
        BehindGateway = "behind_gateway",
        /// A host that names nobody takes the mail, and traces show who holds the mailboxes.
        Traces = "traces",
        /// Only a gateway, a forwarder or a sending service shows.
        Undetermined = "undetermined",
        /// The MX host lies inside the domain itself and names nobody.
        OwnDomain = "own_domain",
        /// The table does not list the MX host.
        Unlisted = "unlisted",
        /// MX records are there, but none can be used.
        Unusable = "unusable",
        /// The domain takes no mail.
        NoMail = "no_mail",
    }
}

/// Who runs a domain's mail.
#[derive(Debug, Clone)]
pub struct MailProvider<'t> {
    /// Who holds the mailboxes, for the score.
    pub mailbox: Mailbox,
    /// The listed provider that holds the mailboxes.
    pub provider: Option<&'t Provider>,
    /// What the classification rests on.
    pub basis: Basis,
    /// How likely the family is right, 0 to 1, as fitted on domains whose provider is known: that it is
    /// Microsoft, Google, or neither. 0 where the mailbox is undetermined. See [`ConfidenceModel`].
    pub confidence: f64,
    /// The records that say so.
    pub evidence: Vec<Evidence>,
    /// What stands in front of the mailboxes, the first to take the mail first.
    pub gateways: Vec<Role<'t>>,
    /// Who else sends for the domain.
    pub senders: Vec<Role<'t>>,
    /// Whose identity service knows the domain.
    pub identity: Option<Identity<'t>>,
    /// What the confidence was looked up for; `None` where the MX leaves nothing open.
    pub pattern: Option<(Situation, TraceSet)>,
    /// Every kind of trace, and whom it names.
    pub traces: TraceSet,
}

impl<'t> MailProvider<'t> {
    /// The name of a local hoster or access provider, where one is named.
    pub fn local_provider(&self) -> Option<&'t str> {
        let is_local = self.mailbox == Mailbox::Class(ProviderClass::Local);
        self.provider.filter(|_| is_local).map(|provider| provider.name.as_str())
    }

    /// The gateway in front of the mailboxes, unless it holds them itself.
    pub fn gateway(&self) -> Option<&'t Provider> {
        let holder = self.provider.map(|provider| provider.id.as_str());
        self.gateways
            .iter()
            .map(|gateway| gateway.provider)
            .find(|gateway| Some(gateway.id.as_str()) != holder)
    }
}

/// Whoever holds the mailboxes, before the other roles are added.
struct Verdict<'t> {
    mailbox: Mailbox,
    provider: Option<&'t Provider>,
    basis: Basis,
    confidence: f64,
    evidence: Vec<Evidence>,
}

impl<'t> Verdict<'t> {
    /// Nobody named.
    fn unnamed(mailbox: Mailbox, basis: Basis, confidence: f64, evidence: Vec<Evidence>) -> Self {
        Self { mailbox, provider: None, basis, confidence, evidence }
    }

    fn named(
        provider: &'t Provider,
        basis: Basis,
        confidence: f64,
        evidence: Vec<Evidence>,
    ) -> Self {
        let mailbox = Mailbox::Class(provider.class());
        Self { mailbox, provider: Some(provider), basis, confidence, evidence }
    }
}

impl Fingerprints {
    /// Who runs a domain's mail, from its MX records alone.
    pub fn classify_mx<'t>(
        &'t self,
        model: &ConfidenceModel,
        domain: &Domain,
        mx: &MailExchangers<'_>,
    ) -> MailProvider<'t> {
        self.classify_with(model, domain, &AnswerIndex::default(), &[], mx).0
    }

    /// Who runs a domain's mail, from its MX records and every trace of the observation. An empty set
    /// of exchangers stands for an authoritative "no MX".
    pub fn classify<'t>(
        &'t self,
        model: &ConfidenceModel,
        observation: &Observation,
        answers: &AnswerIndex<'_>,
        mx: &MailExchangers<'_>,
    ) -> MailProvider<'t> {
        let (domain, addresses) = (&observation.domain, &observation.addresses);
        self.classify_with(model, domain, answers, addresses, mx).0
    }

    /// The same, with the traces that it rests on.
    pub(crate) fn classify_with<'t, 'a>(
        &'t self,
        model: &ConfidenceModel,
        domain: &Domain,
        answers: &AnswerIndex<'a>,
        addresses: &'a [AddressFacts],
        mx: &'a MailExchangers<'a>,
    ) -> (MailProvider<'t>, Vec<Trace<'t, 'a>>) {
        let reading = mx::read(self, domain, answers, mx);
        let mut traces = gather(self, &Scene { domain, answers, addresses, exchangers: mx });
        if let Some(Listed { exchanger, found, .. }) = &reading.fallback {
            let (preference, host) = (exchanger.preference, exchanger.host);
            traces.insert(0, Trace::fallback(found.provider, preference, host));
        }
        let situation = reading.situation();
        let set: TraceSet = traces
            .iter()
            .filter(|trace| speaks_of_the_mailbox(trace, situation))
            .filter_map(|trace| Some((trace.kind, trace.family()?)))
            .collect();
        let pattern = situation.map(|situation| (situation, set));
        let likelihood = pattern.map(|(situation, set)| model.likelihood(situation, set));
        let verdict = self.decide(&reading, &traces, set, likelihood);
        let gateways = match &reading.taker {
            Taker::Gateways(gateways) => gateways.iter().map(Role::gateway).collect(),
            _ => Vec::new(),
        };
        let mail = MailProvider {
            mailbox: verdict.mailbox,
            provider: verdict.provider,
            basis: verdict.basis,
            confidence: verdict.confidence,
            evidence: verdict.evidence,
            gateways,
            senders: Role::senders(self, &traces, verdict.provider),
            identity: Identity::read(self, &traces, verdict.provider, &reading),
            pattern,
            traces: set,
        };
        (mail, traces)
    }

    fn decide<'t>(
        &'t self,
        reading: &MxReading<'t, '_>,
        traces: &[Trace<'t, '_>],
        set: TraceSet,
        likelihood: Option<Likelihood>,
    ) -> Verdict<'t> {
        let sure = |family| rounded(likelihood.map_or(0.0, |likelihood| likelihood.of(family)));
        // Somebody who may stand behind what takes the mail: likelier than not, and named by a record
        // that is more than the network in which the MX stands.
        let behind = || {
            let family = likelihood?.best();
            let is_named = family != Family::Other
                && set.iter().any(|(kind, named)| named == family && kind != TraceKind::MxAsn);
            (is_named && sure(family) >= LEAST_LIKELY).then_some(family)
        };
        match &reading.taker {
            Taker::NoMail => Verdict::unnamed(Mailbox::None, Basis::NoMail, 1.0, Vec::new()),
            Taker::Unusable(record) => {
                let evidence = vec![Evidence::record("mx_unusable", (*record).to_owned())];
                let mailbox = Mailbox::Class(ProviderClass::Unknown);
                Verdict::unnamed(mailbox, Basis::Unusable, 0.0, evidence)
            }
            Taker::Sender(listed) => {
                let evidence = vec![listed.evidence("mx_suffix")];
                Verdict::unnamed(Mailbox::Undetermined, Basis::Undetermined, 0.0, evidence)
            }
            Taker::Holder(listed) => {
                let provider = listed.found.provider;
                let family = Family::of(provider).unwrap_or(Family::Other);
                let evidence = vec![listed.evidence("mx_suffix")];
                Verdict::named(provider, Basis::Listed, sure(family), evidence)
            }
            Taker::Gateways(gateways) => {
                let fallback = reading.fallback.as_ref();
                let evidence = gateways.first().map(|gateway| gateway.evidence("mx_suffix"));
                let evidence = evidence.into_iter().collect();
                self.decide_behind(gateways, fallback, traces, evidence, behind(), &sure)
            }
            Taker::Own(first) | Taker::Unlisted(first) => {
                let (rule, basis) = if matches!(reading.taker, Taker::Own(_)) {
                    ("mx_own_domain", Basis::OwnDomain)
                } else {
                    ("mx_unlisted", Basis::Unlisted)
                };
                let mut evidence = vec![Evidence::exchanger(rule, first, None)];
                if let Some(fallback) = &reading.fallback {
                    let provider = fallback.found.provider;
                    evidence.push(fallback.evidence("mx_fallback"));
                    let family = Family::of(provider).unwrap_or(Family::Other);
                    return Verdict::named(provider, Basis::Traces, sure(family), evidence);
                }
                if let Some(family) = behind()
                    && let Some(provider) = self.add_traces(traces, family, &mut evidence)
                {
                    return Verdict::named(provider, Basis::Traces, sure(family), evidence);
                }
                let other_is_likely = sure(Family::Other) >= LEAST_LIKELY;
                if other_is_likely
                    && let Some((provider, grade)) = self.hoster(traces, &mut evidence)
                {
                    let confidence = sure(Family::Other).min(grade.confidence());
                    return Verdict::named(provider, Basis::Traces, confidence, evidence);
                }
                let mailbox = Mailbox::Class(ProviderClass::Local);
                Verdict::unnamed(mailbox, basis, sure(Family::Other), evidence)
            }
        }
    }

    /// Who holds the mailboxes behind gateways: a further MX that says so, then the traces.
    fn decide_behind<'t>(
        &'t self,
        gateways: &[Listed<'t, '_>],
        fallback: Option<&Listed<'t, '_>>,
        traces: &[Trace<'t, '_>],
        mut evidence: Vec<Evidence>,
        behind: Option<Family>,
        sure: &impl Fn(Family) -> f64,
    ) -> Verdict<'t> {
        if let Some(fallback) = fallback {
            let provider = fallback.found.provider;
            evidence.push(fallback.evidence("mx_fallback"));
            let family = Family::of(provider).unwrap_or(Family::Other);
            return Verdict::named(provider, Basis::BehindGateway, sure(family), evidence);
        }
        if let Some(family) = behind
            && let Some(provider) = self.add_traces(traces, family, &mut evidence)
        {
            return Verdict::named(provider, Basis::BehindGateway, sure(family), evidence);
        }
        let confidence = sure(Family::Other);
        if confidence < LEAST_LIKELY {
            return Verdict::unnamed(Mailbox::Undetermined, Basis::Undetermined, 0.0, evidence);
        }
        // Another suite: an SPF record only allows to send, and hosters put their own into every
        // zone, so that a hoster needs more than that.
        let holder = traces.iter().find(|trace| {
            let kind = trace.provider.map(|provider| provider.kind);
            match trace.kind {
                TraceKind::DkimCname | TraceKind::Autodiscover => {
                    trace.family() == Some(Family::Other) && kind.is_some()
                }
                TraceKind::Spf => {
                    kind == Some(ProviderKind::Suite) && trace.family() == Some(Family::Other)
                }
                _ => false,
            }
        });
        let found = holder.and_then(|trace| Some((trace, trace.provider?)));
        if let Some((trace, provider)) = found {
            evidence.push(Evidence::trace(self, trace));
            return Verdict::named(provider, Basis::BehindGateway, confidence, evidence);
        }
        if let Some(gateway) = gateways.iter().find(|g| g.found.provider.also_filters) {
            let provider = gateway.found.provider;
            return Verdict::named(provider, Basis::Listed, confidence, evidence);
        }
        Verdict::unnamed(Mailbox::Undetermined, Basis::Undetermined, 0.0, evidence)
    }

    /// The hoster behind a host that names nobody: one that a record of the mail set-up itself names,
    /// or at least two records of different kinds. Hosters put their SPF record into every zone, and
    /// anybody may rent a server in their network, so that one of these alone is not enough.
    fn hoster<'t>(
        &self,
        traces: &[Trace<'t, '_>],
        evidence: &mut Vec<Evidence>,
    ) -> Option<(&'t Provider, Grade)> {
        let is_strong = |kind| {
            matches!(kind, TraceKind::MxPtr | TraceKind::DkimCname | TraceKind::Autodiscover)
        };
        let is_weak =
            |kind| matches!(kind, TraceKind::Spf | TraceKind::DkimSelector | TraceKind::MxAsn);
        let of = |provider: &'t Provider| {
            let is_same = move |trace: &&Trace<'t, '_>| {
                trace.provider.is_some_and(|other| std::ptr::eq(other, provider))
            };
            traces.iter().filter(is_same)
        };
        let provider = traces
            .iter()
            .filter(|trace| trace.family() == Some(Family::Other))
            .filter_map(|trace| trace.provider)
            .filter(|provider| provider.kind != ProviderKind::ConsumerMail)
            .find(|provider| {
                let kinds = || of(provider).map(|trace| trace.kind);
                let mut weak: Vec<TraceKind> = kinds().filter(|kind| is_weak(*kind)).collect();
                weak.dedup();
                kinds().any(is_strong) || weak.len() >= 2
            })?;
        evidence.extend(of(provider).map(|trace| Evidence::trace(self, trace)));
        let grade = of(provider).filter_map(|trace| trace.owner).map(|owner| owner.grade).max()?;
        Some((provider, grade))
    }

    /// Quotes every trace that names a family; the provider that the strongest one names.
    fn add_traces<'t>(
        &self,
        traces: &[Trace<'t, '_>],
        family: Family,
        evidence: &mut Vec<Evidence>,
    ) -> Option<&'t Provider> {
        let named = || traces.iter().filter(|trace| trace.family() == Some(family));
        evidence.extend(named().map(|trace| Evidence::trace(self, trace)));
        named().find_map(|trace| trace.provider)
    }
}

/// Whether a trace speaks of the mailbox at all. Behind a gateway, network and name of the MX address
/// are those of the gateway, and the SPF record of a hoster is mostly that of the web site: they tell
/// nothing. A further MX speaks only behind a host that filters, and services for devices and calls
/// never do.
fn speaks_of_the_mailbox(trace: &Trace<'_, '_>, situation: Option<Situation>) -> bool {
    let filtered = matches!(situation, Some(Situation::Gateway | Situation::FilteringHost));
    match trace.kind {
        TraceKind::MxAsn | TraceKind::MxPtr => !filtered,
        TraceKind::MxFallback => filtered,
        TraceKind::Spf => {
            !filtered || trace.provider.is_some_and(|provider| provider.kind == ProviderKind::Suite)
        }
        TraceKind::Enrollment
        | TraceKind::Registration
        | TraceKind::Msoid
        | TraceKind::Sip
        | TraceKind::Service => false,
        _ => true,
    }
}

/// Three decimals: as much as the fit can tell, and the same on every machine.
fn rounded(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    static TABLE: LazyLock<Fingerprints> = LazyLock::new(Fingerprints::builtin);

    fn classify(records: &[&str]) -> MailProvider<'static> {
        let domain = "sube.ornek.com.tr".parse().expect("a name");
        TABLE.classify_mx(&ConfidenceModel::builtin(), &domain, &MailExchangers::read(records))
    }

    fn class(records: &[&str]) -> Mailbox {
        classify(records).mailbox
    }

    #[test]
    fn d1_the_new_microsoft_names_are_microsoft() {
        for host in [
            "0 ornek-com-tr.mail.protection.outlook.com",
            "0 ornek-com-tr.n-v1.mx.microsoft",
            "0 ornek.mail.protection.office365.us",
            "0 ornek.mail.protection.partner.outlook.cn",
        ] {
            assert_eq!(class(&[host]), Mailbox::Class(ProviderClass::M365), "{host}");
        }
    }

    #[test]
    fn d3_consumer_outlook_is_no_business_tenant() {
        let found =
            classify(&["5 ornek.olc.protection.outlook.com", "5 a.mail.protection.outlook.com"]);
        assert_eq!(found.mailbox, Mailbox::Class(ProviderClass::Unknown));
        assert_eq!(found.provider.map(|p| p.id.as_str()), Some("microsoft-consumer"));
    }

    #[test]
    fn d8_hosters_are_known_by_their_mail_hosts() {
        for host in ["10 mailstore1.secureserver.net", "10 gator.websitewelcome.com"] {
            assert_eq!(class(&[host]), Mailbox::Class(ProviderClass::Hosting), "{host}");
        }
        assert_eq!(class(&["10 mail.godaddy.com.example"]), Mailbox::Class(ProviderClass::Local));
    }

    #[test]
    fn d2_a_gateway_alone_is_undetermined_and_with_a_fallback_is_seen_through() {
        let alone = classify(&["10 mx1.ornek.iphmx.com"]);
        assert_eq!((alone.mailbox, alone.basis), (Mailbox::Undetermined, Basis::Undetermined));
        assert_eq!(alone.gateway().map(|g| g.id.as_str()), Some("cisco-secure-email"));

        let mixed =
            classify(&["20 ornek-com-tr.mail.protection.outlook.com", "10 server-1.arsmtp.com"]);
        assert_eq!(mixed.mailbox, Mailbox::Class(ProviderClass::M365));
        assert_eq!(mixed.gateway().map(|g| g.id.as_str()), Some("zix-appriver"));
        assert_eq!(mixed.evidence.len(), 2);
    }

    #[test]
    fn hosts_that_name_nobody_are_local() {
        let own = classify(&["10 MAIL.ornek.com.tr"]);
        assert_eq!((own.basis, own.local_provider()), (Basis::OwnDomain, None));
        let other = classify(&["10 mail.kornek.com.tr"]);
        assert_eq!(other.basis, Basis::Unlisted);
        assert!(other.confidence < own.confidence, "an unlisted host may be a gateway");
        let natro = classify(&["10 mx.kurumsaleposta.com"]);
        assert_eq!(natro.local_provider(), Some("Natro (team.blue)"));
    }

    #[test]
    fn amazon_regions_are_one_label() {
        assert_eq!(
            class(&["10 inbound-smtp.eu-west-1.amazonaws.com"]),
            Mailbox::Class(ProviderClass::Amazon)
        );
        assert_eq!(
            class(&["10 ec2-1-2-3-4.eu-west-1.compute.amazonaws.com"]),
            Mailbox::Class(ProviderClass::Local)
        );
    }

    #[test]
    fn no_mail_is_told_from_no_usable_record() {
        assert_eq!(class(&["0 ."]), Mailbox::None);
        assert_eq!(class(&[]), Mailbox::None);
        let broken = classify(&["10 192.0.2.1"]);
        assert_eq!(
            (broken.mailbox, broken.basis),
            (Mailbox::Class(ProviderClass::Unknown), Basis::Unusable)
        );
    }
}
