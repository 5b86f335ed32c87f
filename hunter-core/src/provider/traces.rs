//! The traces that a domain's records leave of whoever holds its mailboxes, sends for it or knows
//! its identity.
//!
//! A trace is one record that names one provider of the table. What traces are worth is decided
//! elsewhere ([`confidence`](super::confidence)): here they are only read.

use std::fmt;
use std::net::IpAddr;

use super::fingerprints::Fingerprints;
use super::schema::{Provider, ProviderKind};
use super::signs::Owner;
use super::suffix::SuffixTable;
use crate::domain::Domain;
use crate::observation::{AddressFacts, AnswerIndex, RecordType, without_dot};
use crate::records::dkim::DkimKey;
use crate::records::mx::MailExchangers;
use crate::vocabulary::{ProviderClass, vocabulary};

vocabulary! {
    /// The sort of record that names a provider, what tells most of the mailbox first.
    pub enum TraceKind ("trace") {
        /// A usable MX behind whatever takes the mail first.
        MxFallback = "mx_fallback",
        /// The CNAME of a DKIM selector.
        DkimCname = "dkim_cname",
        /// `autodiscover`, as a CNAME or a service record.
        Autodiscover = "autodiscover",
        /// The address that Exchange Online gives to a domain that it accepts mail for.
        AcceptedDomain = "accepted_domain",
        /// `include:` or `redirect=` of the SPF record.
        Spf = "spf_include",
        /// A key under a selector that one provider uses and hardly anybody else.
        DkimSelector = "dkim_selector",
        /// A key that stands itself under a selector which the provider only publishes as a CNAME:
        /// somebody else uses the name.
        DkimKey = "dkim_key",
        /// The MX address is named after the provider.
        MxPtr = "mx_ptr",
        /// The MX address lies in the provider's network.
        MxAsn = "mx_asn",
        /// A proof of ownership.
        TxtToken = "txt_token",
        /// `enterpriseenrollment`: devices are enrolled with Intune.
        Enrollment = "enterpriseenrollment",
        /// `enterpriseregistration`: devices are registered with Entra ID.
        Registration = "enterpriseregistration",
        /// `msoid`, of the years before 2020.
        Msoid = "msoid",
        /// `lyncdiscover`, `sip` and the service records of Skype and Teams.
        Sip = "sip",
        /// Another service name below the domain.
        Service = "service",
    }
}

vocabulary! {
    /// Whom a trace speaks for, as far as the mailbox is concerned.
    pub enum Family ("family") {
        /// Microsoft 365, every cloud.
        Microsoft = "microsoft",
        /// Google Workspace.
        Google = "google",
        /// Anybody else who holds mailboxes.
        Other = "other",
    }
}

impl Family {
    /// The family of a provider that holds mailboxes; `None` for one that only filters, forwards or
    /// sends.
    pub const fn of(provider: &Provider) -> Option<Self> {
        match (provider.class(), provider.kind) {
            (ProviderClass::M365, _) => Some(Self::Microsoft),
            (ProviderClass::Google, _) => Some(Self::Google),
            (
                _,
                ProviderKind::Suite
                | ProviderKind::Hosting
                | ProviderKind::LocalHosting
                | ProviderKind::Isp
                | ProviderKind::ConsumerMail,
            ) => Some(Self::Other),
            _ => None,
        }
    }
}

/// Chains of aliases are short; a loop ends here.
pub(crate) const HOPS: usize = 8;

/// A record as it is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Quote<'a> {
    /// A text, or the term of one.
    Text(&'a str),
    /// Owner, type and data.
    Record(&'a str, &'static str, &'a str),
    /// Preference and host of a mail exchanger.
    Exchanger(u16, &'a str),
    /// The number of an autonomous system.
    Asn(u32),
}

impl fmt::Display for Quote<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Record(owner, kind, data) => write!(f, "{} {kind} {data}", without_dot(owner)),
            Self::Exchanger(preference, host) => write!(f, "{preference} {host}"),
            Self::Asn(number) => write!(f, "AS{number}"),
        }
    }
}

/// One record that names one provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace<'t, 'a> {
    pub(crate) kind: TraceKind,
    /// `None` for a host that the table does not list: somebody else, nobody knows who.
    pub(crate) provider: Option<&'t Provider>,
    /// The sign that matched.
    pub(super) owner: Option<Owner>,
    pub(crate) quote: Quote<'a>,
    /// The suffix that matched, where the sign is one.
    pub(super) matched: Option<&'t str>,
}

impl<'t, 'a> Trace<'t, 'a> {
    /// A usable MX behind whatever takes the mail first.
    pub(super) const fn fallback(provider: &'t Provider, preference: u16, host: &'a str) -> Self {
        let (kind, quote) = (TraceKind::MxFallback, Quote::Exchanger(preference, host));
        Self { kind, provider: Some(provider), owner: None, quote, matched: None }
    }

    /// Whom the trace speaks for.
    pub(crate) fn family(&self) -> Option<Family> {
        self.provider.map_or(Some(Family::Other), Family::of)
    }
}

/// What traces are read from.
pub(super) struct Scene<'o, 'a> {
    pub(super) domain: &'o Domain,
    pub(super) answers: &'o AnswerIndex<'a>,
    pub(super) addresses: &'a [AddressFacts],
    pub(super) exchangers: &'a MailExchangers<'a>,
}

/// Every trace of an observation, in an order that does not depend on that of the answers.
pub(super) fn gather<'t, 'a>(table: &'t Fingerprints, scene: &Scene<'_, 'a>) -> Vec<Trace<'t, 'a>> {
    let mut reader = Reader { table, scene, traces: Vec::with_capacity(16) };
    for answer in scene.answers.answers() {
        let Some(records) = answer.outcome.found() else { continue };
        let name = without_dot(&answer.name);
        let left = labels_below(name, scene.domain.as_str());
        match (&answer.record_type, left) {
            (RecordType::Txt, Some("")) => records.iter().for_each(|text| reader.text(text)),
            (RecordType::Txt, Some(left)) if is_dkim(left) => reader.key(left, name, records),
            (RecordType::Cname, Some(left)) if is_dkim(left) => reader.dkim(name),
            (RecordType::Cname, Some(left)) => reader.service(left, name),
            (RecordType::Srv, Some(left)) => reader.srv(left, name, records),
            (RecordType::Ptr, _) => reader.ptr(name, records),
            (RecordType::A, None) => reader.accepted(name, "A", records),
            (RecordType::Aaaa, None) => reader.accepted(name, "AAAA", records),
            _ => {}
        }
    }
    reader.networks();
    let mut traces = reader.traces;
    traces.sort_unstable_by(|a, b| (a.kind, a.quote).cmp(&(b.kind, b.quote)));
    traces.dedup_by(|a, b| a.kind == b.kind && a.quote == b.quote);
    traces
}

/// What stands left of the domain: empty for the domain itself, `None` outside it.
fn labels_below<'a>(name: &'a str, domain: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(domain.len())?;
    let (left, right) = name.split_at_checked(at)?;
    if !right.eq_ignore_ascii_case(domain) {
        return None;
    }
    if left.is_empty() { Some("") } else { left.strip_suffix('.') }
}

fn is_dkim(left: &str) -> bool {
    const DOMAINKEY: &str = "._domainkey";
    left.len()
        .checked_sub(DOMAINKEY.len())
        .and_then(|at| left.get(at..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(DOMAINKEY))
}

struct Reader<'t, 'o, 'a> {
    table: &'t Fingerprints,
    scene: &'o Scene<'o, 'a>,
    traces: Vec<Trace<'t, 'a>>,
}

impl<'t, 'a> Reader<'t, '_, 'a> {
    fn add(&mut self, kind: TraceKind, owner: Owner, matched: Option<&'t str>, quote: Quote<'a>) {
        let provider = Some(self.table.owner(owner));
        self.traces.push(Trace { kind, provider, owner: Some(owner), quote, matched });
    }

    fn nobody(&mut self, kind: TraceKind, quote: Quote<'a>) {
        self.traces.push(Trace { kind, provider: None, owner: None, quote, matched: None });
    }

    /// A TXT record of the domain itself: an SPF record, or a token.
    fn text(&mut self, text: &'a str) {
        let signs = &self.table.signs;
        if !crate::records::spf::is_spf(text) {
            for (token, owner) in &signs.tokens {
                if token.matches(text) {
                    self.add(TraceKind::TxtToken, *owner, None, Quote::Text(text));
                    return;
                }
            }
            return;
        }
        for term in text.split(' ').filter(|term| !term.is_empty()) {
            if let Some(target) = spf_target(term)
                && let Some((suffix, owner)) = signs.spf.longest(without_dot(target))
            {
                self.add(TraceKind::Spf, *owner, Some(suffix), Quote::Text(term));
            }
        }
    }

    /// A key that stands itself at a selector: it speaks for whoever uses that name, and against
    /// Microsoft where Exchange Online would only publish a CNAME.
    fn key(&mut self, left: &'a str, name: &'a str, records: &'a [String]) {
        let selector = left.split('.').next().unwrap_or(left);
        let is_microsoft =
            ["selector1", "selector2"].iter().any(|own| selector.eq_ignore_ascii_case(own));
        let owner = self.table.signs.selectors.get(selector).copied();
        if !is_microsoft && owner.is_none() {
            return;
        }
        let is_key = |text: &&String| matches!(DkimKey::read(text), DkimKey::Valid { .. });
        let Some(key) = records.iter().filter(is_key).min() else { return };
        let quote = Quote::Record(name, "TXT", key);
        if let Some(owner) = owner {
            self.add(TraceKind::DkimSelector, owner, None, quote);
        } else if self.scene.answers.aliases(name).next().is_none() {
            self.nobody(TraceKind::DkimKey, quote);
        }
    }

    /// The CNAME chain of a selector; the first hop that the table lists names the provider.
    fn dkim(&mut self, name: &'a str) {
        let signs = &self.table.signs;
        let mut owner = name;
        for target in self.scene.answers.aliases(name).take(HOPS) {
            if let Some((suffix, found)) = signs.dkim.longest(target) {
                let quote = Quote::Record(owner, "CNAME", target);
                self.add(TraceKind::DkimCname, *found, Some(suffix), quote);
                return;
            }
            owner = target;
        }
    }

    /// A service name: the first hop of its chain that the table lists names the provider. A chain that
    /// only leads to the domain itself is what a wildcard answers to every name, and tells nothing.
    fn service(&mut self, left: &str, name: &'a str) {
        let kind = service_kind(left);
        let table = self.service_table(left);
        let mut owner = name;
        let mut last = None;
        for target in self.scene.answers.aliases(name).take(HOPS) {
            let quote = Quote::Record(owner, "CNAME", target);
            if let Some((suffix, found)) = table.and_then(|table| table.longest(target)) {
                self.add(kind, *found, Some(suffix), quote);
                return;
            }
            last = Some((target, quote));
            owner = target;
        }
        if let Some((target, quote)) = last
            && kind == TraceKind::Autodiscover
            && !target.eq_ignore_ascii_case(self.scene.domain.as_str())
        {
            self.nobody(kind, quote);
        }
    }

    fn service_table(&self, left: &str) -> Option<&'t SuffixTable<Owner>> {
        let services = &self.table.signs.services;
        services.iter().find(|(name, _)| name.eq_ignore_ascii_case(left)).map(|(_, table)| table)
    }

    fn srv(&mut self, left: &str, name: &'a str, records: &'a [String]) {
        for record in records {
            let Some(target) = record.rsplit(' ').next().map(without_dot) else { continue };
            let quote = Quote::Record(name, "SRV", record);
            if left.eq_ignore_ascii_case("_autodiscover._tcp") {
                match self.service_table("autodiscover").and_then(|table| table.longest(target)) {
                    Some((suffix, owner)) => {
                        self.add(TraceKind::Autodiscover, *owner, Some(suffix), quote);
                    }
                    None => self.nobody(TraceKind::Autodiscover, quote),
                }
                continue;
            }
            let listed = self.table.signs.srv.iter().find(|(owner, wanted, _)| {
                owner.eq_ignore_ascii_case(left) && wanted.eq_ignore_ascii_case(target)
            });
            if let Some((_, wanted, owner)) = listed {
                self.add(TraceKind::Sip, *owner, Some(wanted), quote);
            }
        }
    }

    /// The name of an address, where it is that of an MX host: the web server's tells nothing of mail.
    fn ptr(&mut self, name: &'a str, records: &'a [String]) {
        if !self.mx_addresses().any(|address| reverse_name(address).eq_ignore_ascii_case(name)) {
            return;
        }
        for record in records {
            let host = without_dot(record);
            let signs = &self.table.signs;
            if let Some((suffix, owner)) =
                signs.ptr.longest(host).or_else(|| signs.mx.longest(host))
            {
                let quote = Quote::Record(name, "PTR", host);
                self.add(TraceKind::MxPtr, *owner, Some(suffix), quote);
            }
        }
    }

    /// The addresses of MX hosts, as IP databases and the answers have them.
    fn mx_addresses(&self) -> impl Iterator<Item = IpAddr> {
        let looked_up = self.scene.addresses.iter().filter(|address| address.source == "mx-ip");
        let answers = self.scene.answers;
        let hosts = self.scene.exchangers.hosts.iter();
        let answered = hosts.flat_map(move |exchanger| {
            [RecordType::A, RecordType::Aaaa].into_iter().flat_map(move |kind| {
                let reply = answers.ask(exchanger.host, &kind);
                let records = reply.found().map(|records| records.to_vec()).unwrap_or_default();
                records.into_iter().filter_map(|record| record.parse().ok())
            })
        });
        looked_up.map(|address| address.ip).chain(answered)
    }

    /// The address of `<domain-with-dashes>.mail.protection.outlook.com`.
    fn accepted(&mut self, name: &'a str, kind: &'static str, records: &'a [String]) {
        let Some((label, zone)) = name.split_once('.') else { return };
        let Some(address) = records.iter().min() else { return };
        if is_accepted_label(label, self.scene.domain.as_str())
            && let Some((suffix, owner)) = self.table.signs.mx.longest(zone)
            && self.table.owner(*owner).class() == ProviderClass::M365
        {
            let quote = Quote::Record(name, kind, address);
            self.add(TraceKind::AcceptedDomain, *owner, Some(suffix), quote);
        }
    }

    fn networks(&mut self) {
        for address in self.scene.addresses.iter().filter(|address| address.source == "mx-ip") {
            let Some(asn) = address.asn else { continue };
            if let Some(owner) = self.table.signs.asn.get(&asn) {
                self.add(TraceKind::MxAsn, *owner, None, Quote::Asn(asn));
            }
        }
    }
}

/// The name under which an address is looked up backwards (RFC 1035 §3.5, RFC 3596 §2.5).
fn reverse_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            format!("{d}.{c}.{b}.{a}.in-addr.arpa")
        }
        IpAddr::V6(address) => {
            let nibbles =
                address.octets().into_iter().rev().flat_map(|octet| [octet & 15, octet >> 4]);
            let mut name = String::with_capacity(72);
            for nibble in nibbles {
                name.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
                name.push('.');
            }
            name + "ip6.arpa"
        }
    }
}

fn service_kind(left: &str) -> TraceKind {
    const NAMES: [(&str, TraceKind); 6] = [
        ("autodiscover", TraceKind::Autodiscover),
        ("enterpriseenrollment", TraceKind::Enrollment),
        ("enterpriseregistration", TraceKind::Registration),
        ("msoid", TraceKind::Msoid),
        ("lyncdiscover", TraceKind::Sip),
        ("sip", TraceKind::Sip),
    ];
    NAMES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(left))
        .map_or(TraceKind::Service, |(_, kind)| *kind)
}

/// The target of `include:` or `redirect=`.
fn spf_target(term: &str) -> Option<&str> {
    // `-` and `?` say that the target's servers may not send, or nothing about them.
    let term = term.strip_prefix(['+', '~']).unwrap_or(term);
    ["include:", "redirect="].iter().find_map(|name| {
        let (head, target) = term.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(target)
    })
}

/// Whether a label is the domain with dashes for dots: `ornek-com-tr` of `ornek.com.tr`.
fn is_accepted_label(label: &str, domain: &str) -> bool {
    label.len() == domain.len()
        && label
            .bytes()
            .zip(domain.bytes())
            .all(|(own, other)| own.eq_ignore_ascii_case(&other) || (own == b'-' && other == b'.'))
}
