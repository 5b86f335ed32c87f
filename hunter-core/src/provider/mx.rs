//! What the MX records alone say, before any trace is read.

use super::confidence::Situation;
use super::evidence::Evidence;
use super::fingerprints::{Fingerprints, MxMatch};
use super::schema::ProviderKind;
use super::traces::{Family, HOPS};
use crate::domain::Domain;
use crate::observation::AnswerIndex;
use crate::records::mx::{MailExchanger, MailExchangers};
use crate::vocabulary::ProviderClass;

/// A host that the table lists, by its own name or by that of which it is an alias.
#[derive(Clone, Copy)]
pub(super) struct Listed<'t, 'a> {
    pub(super) exchanger: &'a MailExchanger<'a>,
    pub(super) found: MxMatch<'t>,
    /// The hop that leads to the listed name, where the MX host is an alias of it: owner and target.
    alias: Option<(&'a str, &'a str)>,
}

impl Listed<'_, '_> {
    pub(super) fn evidence(&self, rule: &'static str) -> Evidence {
        match self.alias {
            None => Evidence::exchanger(rule, self.exchanger, Some(&self.found)),
            Some((owner, target)) => {
                let mut evidence =
                    Evidence::exchanger("mx_alias", self.exchanger, Some(&self.found));
                evidence.record = format!("{owner} CNAME {target}");
                evidence
            }
        }
    }
}

/// What the MX records alone say.
pub(super) struct MxReading<'t, 'a> {
    /// Who takes the mail first.
    pub(super) taker: Taker<'t, 'a>,
    /// A further MX of somebody who holds mailboxes, behind whoever takes the mail first.
    pub(super) fallback: Option<Listed<'t, 'a>>,
}

/// Who takes the mail first.
pub(super) enum Taker<'t, 'a> {
    /// The domain takes no mail: a null MX, or an authoritative "none".
    NoMail,
    /// Records are there, but no sender can use any; one of them.
    Unusable(&'a str),
    /// A listed host that holds the mailboxes.
    Holder(Listed<'t, 'a>),
    /// Gateways or forwarders, each once, the one that decides first.
    Gateways(Vec<Listed<'t, 'a>>),
    /// A service that only sends stands as the MX.
    Sender(Listed<'t, 'a>),
    /// A host inside the domain that the table does not list.
    Own(&'a MailExchanger<'a>),
    /// A host elsewhere that the table does not list.
    Unlisted(&'a MailExchanger<'a>),
}

impl MxReading<'_, '_> {
    /// The situation that confidence is looked up for; `None` where the MX leaves nothing open, or
    /// nothing to go by.
    pub(super) fn situation(&self) -> Option<Situation> {
        match &self.taker {
            Taker::NoMail | Taker::Unusable(_) | Taker::Sender(_) => None,
            Taker::Holder(listed) => Some(match Family::of(listed.found.provider) {
                Some(Family::Microsoft) => Situation::Microsoft,
                Some(Family::Google) => Situation::Google,
                Some(Family::Other) | None => Situation::Listed,
            }),
            Taker::Gateways(gateways) => {
                if gateways.iter().any(|gateway| gateway.found.provider.also_filters) {
                    Some(Situation::FilteringHost)
                } else {
                    Some(Situation::Gateway)
                }
            }
            // A host that nobody knows, with Microsoft or Google as the further MX, filters.
            Taker::Own(_) | Taker::Unlisted(_) if self.fallback.is_some() => {
                Some(Situation::Gateway)
            }
            Taker::Own(_) => Some(Situation::Own),
            Taker::Unlisted(_) => Some(Situation::Unlisted),
        }
    }
}

/// Reads the MX records of a domain. An empty set of records stands for an authoritative "no MX".
pub(super) fn read<'t, 'a>(
    table: &'t Fingerprints,
    domain: &Domain,
    answers: &AnswerIndex<'a>,
    mx: &'a MailExchangers<'a>,
) -> MxReading<'t, 'a> {
    let only = |taker| MxReading { taker, fallback: None };
    let Some(first) = mx.primary().first() else {
        return only(match mx.malformed.first() {
            Some(record) if !mx.null_mx => Taker::Unusable(record),
            _ => Taker::NoMail,
        });
    };
    let listed = |exchanger: &'a MailExchanger<'a>| find(table, answers, exchanger);
    // Behind a host that does not filter, only those are looked for who never stand there by chance.
    let suite = || {
        let is_suite = |listed: &Listed<'_, '_>| {
            let family = Family::of(listed.found.provider);
            matches!(family, Some(Family::Microsoft | Family::Google))
        };
        mx.fallback().iter().filter_map(listed).find(is_suite)
    };
    let Some(best) = mx.primary().iter().filter_map(listed).reduce(better) else {
        let is_own = is_inside(domain, first.host);
        let taker = if is_own { Taker::Own(first) } else { Taker::Unlisted(first) };
        return MxReading { taker, fallback: suite() };
    };
    let provider = best.found.provider;
    if provider.hides_mailbox() {
        let fallback = holder_behind(mx.hosts.iter().filter_map(listed));
        let last = fallback.map_or(u16::MAX, |fallback| fallback.exchanger.preference);
        let mut gateways: Vec<Listed<'_, '_>> = mx
            .hosts
            .iter()
            .filter(|exchanger| exchanger.preference <= last)
            .filter_map(listed)
            .filter(|listed| listed.found.provider.hides_mailbox())
            .collect();
        gateways.sort_by_key(|listed| listed.found.provider.id != provider.id);
        let mut seen = Vec::new();
        gateways.retain(|listed| {
            let id = listed.found.provider.id.as_str();
            let is_new = !seen.contains(&id);
            seen.push(id);
            is_new
        });
        return MxReading { taker: Taker::Gateways(gateways), fallback };
    }
    let only_sends = provider.kind == ProviderKind::Transactional;
    if only_sends && provider.class() == ProviderClass::Unknown {
        return MxReading { taker: Taker::Sender(best), fallback: suite() };
    }
    MxReading { taker: Taker::Holder(best), fallback: suite() }
}

/// Who holds mailboxes behind gateways: of those that senders try first, the one that decides.
fn holder_behind<'t, 'a>(listed: impl Iterator<Item = Listed<'t, 'a>>) -> Option<Listed<'t, 'a>> {
    let is_holder = |listed: &Listed<'_, '_>| {
        let provider = listed.found.provider;
        let kinds = [ProviderKind::Suite, ProviderKind::Hosting, ProviderKind::LocalHosting];
        kinds.contains(&provider.kind) && !provider.also_filters
    };
    let mut holders = listed.filter(is_holder).peekable();
    let preference = holders.peek()?.exchanger.preference;
    holders.take_while(|holder| holder.exchanger.preference == preference).reduce(better)
}

fn find<'t, 'a>(
    table: &'t Fingerprints,
    answers: &AnswerIndex<'a>,
    exchanger: &'a MailExchanger<'a>,
) -> Option<Listed<'t, 'a>> {
    if let Some(found) = table.match_mx(exchanger.host) {
        return Some(Listed { exchanger, found, alias: None });
    }
    let mut owner = exchanger.host;
    answers.aliases(exchanger.host).take(HOPS).find_map(|target| {
        let hop = (std::mem::replace(&mut owner, target), target);
        Some(Listed { exchanger, found: table.match_mx(target)?, alias: Some(hop) })
    })
}

/// Which of two listed primary hosts decides: consumer mail before anything else, so that it is never
/// taken for a business suite; then a gateway, since what stands beside it stands behind it; then a
/// host of mailboxes before one that only sends, whose bounce host sometimes stands there too; then
/// Microsoft and Google, which nobody publishes without using them; then the longer suffix. The first
/// of equals stays, and exchangers come in a fixed order.
fn better<'t, 'a>(kept: Listed<'t, 'a>, other: Listed<'t, 'a>) -> Listed<'t, 'a> {
    let rank = |listed: &Listed<'_, '_>| {
        let provider = listed.found.provider;
        let is_suite = matches!(Family::of(provider), Some(Family::Microsoft | Family::Google));
        (
            provider.kind == ProviderKind::ConsumerMail,
            provider.hides_mailbox(),
            provider.kind != ProviderKind::Transactional,
            is_suite,
            listed.found.suffix.len(),
        )
    };
    if rank(&other) > rank(&kept) { other } else { kept }
}

/// Whether an MX host lies inside the scanned domain, or inside the domain that it is registered
/// under.
fn is_inside(domain: &Domain, host: &str) -> bool {
    let zone = domain.registrable().unwrap_or(domain.as_str());
    let Some(start) = host.len().checked_sub(zone.len()) else { return false };
    host.get(start..).is_some_and(|tail| tail.eq_ignore_ascii_case(zone))
        && (start == 0 || host.as_bytes()[start - 1] == b'.')
}
