//! Which questions are put for one domain, in which order. All questions of a round go out at the
//! same time; a round waits only for what it needs to know.

use std::net::IpAddr;

use futures::future::{join, join_all, join3, join5};
use hunter_core::Domain;
use hunter_core::observation::{Answer, Observation, RecordType};
use hunter_core::records::dkim::WILDCARD_SELECTOR;

use crate::config::Profile;
use crate::dns::exchange::Manner;
use crate::dns::names;
use crate::dns::resolve::{Asker, not_asked};
use crate::dns::spf;
use crate::selectors::{self, COMMON_SELECTORS, SelectorPlan};

/// The reason written where a name above does not exist, so that nothing exists below it.
const NXDOMAIN_ABOVE: &str = "nxdomain_above";
/// The reason written where the domain declares that it takes no mail.
const NULL_MX: &str = "null_mx";
/// How many addresses of one MX host are asked for their names.
const ADDRESSES: usize = 2;

/// The questions of one domain.
pub(crate) struct Rounds<'a> {
    pub(crate) asker: &'a Asker,
    pub(crate) domain: &'a Domain,
    pub(crate) profile: Profile,
    pub(crate) manner: Manner<'a>,
}

/// The selectors of one domain, by the grounds for asking.
pub(crate) struct Selectors {
    /// Asked for whatever `_domainkey` says: named by the user, or likely for the provider.
    likely: Vec<String>,
    /// Asked for unless `_domainkey` does not exist.
    guesses: Vec<String>,
}

impl Rounds<'_> {
    /// Everything that can be asked with nothing known: the apex, and the DMARC record.
    pub(crate) async fn first(&self) -> Vec<Answer> {
        use RecordType::{A, Aaaa, Mx, Ns, Soa, Txt};
        let apex: &[RecordType] = match self.profile {
            Profile::Light => &[Mx, Txt, Ns, Soa, A],
            Profile::Standard | Profile::Full => &[Mx, Txt, Ns, Soa, A, Aaaa],
        };
        let dmarc = format!("_dmarc.{}", self.domain);
        let apex = join_all(apex.iter().map(|of_type| self.ask(self.domain.as_str(), of_type)));
        let (apex, dmarc) = join(apex, self.ask(&dmarc, &Txt)).await;
        apex.into_iter().flatten().chain(dmarc).collect()
    }

    /// What the first answers lead to.
    pub(crate) async fn after_the_first(
        &self,
        seen: &Observation,
        selectors: &Selectors,
    ) -> Vec<Answer> {
        let policy = self.parents(seen);
        let apex_texts = seen.ask(self.domain.as_str(), &RecordType::Txt).found().cloned();
        let domainkey = format!("_domainkey.{}", self.domain);
        if names::has_null_mx(seen) {
            let mut answers = policy.await;
            answers.push(not_asked(&domainkey, &RecordType::Txt, NULL_MX));
            return answers;
        }
        if self.profile == Profile::Light {
            let autodiscover = format!("autodiscover.{}", self.domain);
            let (policy, keys, alias) = join3(
                policy,
                self.keys(&domainkey, selectors.likely.iter()),
                self.ask(&autodiscover, &RecordType::Cname),
            )
            .await;
            return [policy, keys, alias].concat();
        }
        let walk = spf::Walk::new(self.asker, self.domain, self.manner);
        let senders = async {
            match &apex_texts {
                Some(texts) => walk.below(self.domain.as_str(), texts, 0).await,
                None => Vec::new(),
            }
        };
        let (policy, keys, senders, services, hosts) = join5(
            policy,
            self.dkim(&domainkey, selectors),
            senders,
            self.services(),
            self.exchangers(seen),
        )
        .await;
        [policy, keys, senders, services, hosts].concat()
    }

    /// About how many questions [`Rounds::after_the_first`] puts to the domain's own servers.
    pub(crate) fn expected(&self, selectors: &Selectors) -> u32 {
        let services = match self.profile {
            Profile::Light => 1,
            Profile::Standard => names::SERVICES.len() + 1,
            Profile::Full => names::SERVICES.len() + names::CONTROLS.len() + names::SRV.len() + 1,
        };
        let count = services + selectors.likely.len() + selectors.guesses.len();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The selectors to ask for, each once.
    pub(crate) fn selectors(
        &self,
        plan: &dyn SelectorPlan,
        seen: &Observation,
        named: &[String],
    ) -> Selectors {
        let planned =
            if self.profile == Profile::Light { Vec::new() } else { plan.selectors(seen) };
        let always = selectors::ALWAYS.into_iter();
        let likely = selectors::merge(
            always
                .chain(planned.iter().map(String::as_str))
                .chain(named.iter().map(String::as_str)),
        );
        let guesses = match self.profile {
            Profile::Light => Vec::new(),
            Profile::Standard | Profile::Full => COMMON_SELECTORS
                .iter()
                .filter(|guess| !likely.iter().any(|known| known == *guess))
                .map(|&guess| guess.to_owned())
                .collect(),
        };
        Selectors { likely, guesses }
    }

    pub(crate) async fn ask(&self, name: &str, record_type: &RecordType) -> Vec<Answer> {
        self.asker.ask(Some(self.domain), name, record_type, self.manner).await
    }

    async fn ask_each<S: AsRef<str>>(
        &self,
        names: impl IntoIterator<Item = S>,
        record_type: &RecordType,
    ) -> Vec<Answer> {
        let questions =
            names.into_iter().map(|name| async move { self.ask(name.as_ref(), record_type).await });
        join_all(questions).await.concat()
    }

    /// The DMARC records of the domain's parents, where it has none of its own (RFC 9989 §4.10).
    /// All at once: a second wait costs more than the question that may turn out needless.
    async fn parents(&self, seen: &Observation) -> Vec<Answer> {
        let own = seen.ask(&format!("_dmarc.{}", self.domain), &RecordType::Txt);
        let has_one = own.found().is_some_and(|texts| names::single_dmarc(texts).is_some());
        if !own.is_answered() || has_one {
            return Vec::new();
        }
        self.ask_each(names::tree_walk(self.domain), &RecordType::Txt).await
    }

    async fn keys<'k>(
        &self,
        domainkey: &str,
        selectors: impl Iterator<Item = &'k String>,
    ) -> Vec<Answer> {
        let names = selectors.map(|selector| format!("{selector}.{domainkey}"));
        self.ask_each(names, &RecordType::Txt).await
    }

    /// The keys under the likely selectors and, unless `_domainkey` does not exist (RFC 8020), under
    /// the guessed ones, with one that nobody has: what answers there answers everywhere.
    async fn dkim(&self, domainkey: &str, selectors: &Selectors) -> Vec<Answer> {
        let (mut answers, likely) = join(
            self.ask(domainkey, &RecordType::Txt),
            self.keys(domainkey, selectors.likely.iter()),
        )
        .await;
        let is_absent = answers.iter().any(|answer| {
            answer.outcome.is_nxdomain() && answer.answers(domainkey, &RecordType::Txt)
        });
        answers.extend(likely);
        if is_absent {
            let names = selectors.guesses.iter().map(|guess| format!("{guess}.{domainkey}"));
            answers.extend(names.map(|name| not_asked(&name, &RecordType::Txt, NXDOMAIN_ABOVE)));
        } else {
            let wildcard = WILDCARD_SELECTOR.to_owned();
            let guesses = selectors.guesses.iter().chain([&wildcard]);
            answers.extend(self.keys(domainkey, guesses).await);
        }
        answers
    }

    async fn services(&self) -> Vec<Answer> {
        let below = |name: &&str| format!("{name}.{}", self.domain);
        let exchange_online = async {
            match names::exchange_online(self.domain) {
                Some(name) => self.ask(&name, &RecordType::A).await,
                None => Vec::new(),
            }
        };
        let autodiscover = format!("autodiscover.{}", self.domain);
        let aliases = names::SERVICES.iter().map(below);
        let controls: &[&str] = if self.profile == Profile::Full { &names::CONTROLS } else { &[] };
        let located: &[&str] = if self.profile == Profile::Full { &names::SRV } else { &[] };
        let (autodiscover, aliases, exchange_online, controls, located) = join5(
            self.autodiscover(&autodiscover),
            self.ask_each(aliases, &RecordType::Cname),
            exchange_online,
            self.ask_each(controls.iter().map(below), &RecordType::Txt),
            self.ask_each(located.iter().map(below), &RecordType::Srv),
        )
        .await;
        [autodiscover, aliases, exchange_online, controls, located].concat()
    }

    /// The alias of `autodiscover` or, where the name exists without one, its address.
    async fn autodiscover(&self, name: &str) -> Vec<Answer> {
        let mut answers = self.ask(name, &RecordType::Cname).await;
        if answers.iter().any(|a| a.outcome.is_absent() && !a.outcome.is_nxdomain()) {
            answers.extend(self.ask(name, &RecordType::A).await);
        }
        answers
    }

    /// The addresses of the first MX hosts, and the names of those addresses where a host lies
    /// below the domain itself and so tells nothing of who runs it.
    async fn exchangers(&self, seen: &Observation) -> Vec<Answer> {
        let hosts = match self.profile {
            Profile::Full => names::mx_hosts(seen, names::MX_HOSTS_FULL),
            Profile::Light | Profile::Standard => names::mx_hosts(seen, names::MX_HOSTS),
        };
        let each = hosts.iter().map(|host| async move {
            let a = self.ask(host, &RecordType::A);
            let mut answers = if self.profile == Profile::Full {
                let (a, aaaa) = join(a, self.ask(host, &RecordType::Aaaa)).await;
                [a, aaaa].concat()
            } else {
                a.await
            };
            if self.profile == Profile::Full || self.is_own(host) {
                let names: Vec<String> =
                    addresses(&answers).take(ADDRESSES).map(names::reverse).collect();
                answers.extend(self.ask_each(names, &RecordType::Ptr).await);
            }
            answers
        });
        join_all(each).await.concat()
    }

    fn is_own(&self, host: &str) -> bool {
        self.domain.covers(host)
            || self.domain.registrable().is_some_and(|registrable| {
                host.strip_suffix(registrable)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
    }
}

fn addresses(answers: &[Answer]) -> impl Iterator<Item = IpAddr> + '_ {
    answers
        .iter()
        .filter(|answer| matches!(answer.record_type, RecordType::A | RecordType::Aaaa))
        .filter_map(|answer| answer.outcome.found())
        .flatten()
        .filter_map(|address| address.parse().ok())
}
