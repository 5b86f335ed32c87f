//! The DNS tree walk: which policy holds for a domain, and which domain is the organization's
//! (RFC 9989 §4.10).

use super::{DmarcReading, DmarcRecord, Psd};
use crate::observation::{Outcome, RecordType, Signal};
use crate::records::Ask;
use crate::vocabulary::DmarcPolicy;

/// How many names are asked at most (RFC 9989 §4.10).
pub const QUERY_LIMIT: usize = 8;

/// One name that a record was looked for at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WalkStep {
    /// The domain; `_dmarc.` in front of it was asked.
    pub domain: String,
    /// The valid record there, if any; a name with several or with none that is valid has none.
    pub record: Option<DmarcRecord>,
    /// Whether the name was answered.
    pub answered: bool,
}

/// Where the policy of a domain comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicySource {
    /// The domain itself.
    Own,
    /// The organizational domain above it.
    Organization,
    /// The public suffix above that (`psd=y`).
    PublicSuffix,
}

/// The policy that holds for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPolicy {
    /// The record that it comes from.
    pub record: DmarcRecord,
    /// The domain that the record stands at.
    pub domain: String,
    /// Where that lies.
    pub source: PolicySource,
    /// The policy that receivers apply to the domain, with `t=y` taken into account.
    pub policy: DmarcPolicy,
}

/// What the walk says. An unanswered name on the way leaves open what depends on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discovered<T> {
    /// Known.
    Found(T),
    /// Known not to exist.
    Nothing,
    /// A name on the way was not answered.
    Unknown,
}

/// A walk from a domain up to its top label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeWalk {
    /// The names asked, the domain itself first.
    pub steps: Vec<WalkStep>,
    /// Whether the walk was ended by a record with `psd=y` or `psd=n`.
    pub stopped: bool,
}

impl TreeWalk {
    /// Walks up from a domain over what `ask` answers. The walk goes on past names that were not
    /// answered, for the sake of what they do not decide.
    ///
    /// ```
    /// use hunter_core::observation::{Observation, Signal};
    /// use hunter_core::records::dmarc::{Discovered, TreeWalk};
    ///
    /// let seen = Observation::from_json(r#"{"v":1,"domain":"a.ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[
    ///   {"name":"_dmarc.a.ornek.com","type":"TXT","state":"absent"},
    ///   {"name":"_dmarc.ornek.com","type":"TXT","state":"found","records":["v=DMARC1; p=reject; sp=quarantine; psd=n"]}]}"#)?;
    /// let walk = TreeWalk::from("a.ornek.com", &|name, kind| seen.ask(name, kind));
    /// let Discovered::Found(policy) = walk.policy(Signal::Present) else { panic!("a policy") };
    /// assert_eq!(policy.policy.as_str(), "quarantine");
    /// assert_eq!(walk.organizational_domain(), Discovered::Found("ornek.com"));
    /// # Ok::<(), hunter_core::Error>(())
    /// ```
    pub fn from(domain: &str, ask: &Ask<'_, '_>) -> Self {
        let mut walk = Self { steps: Vec::new(), stopped: false };
        for name in names(domain) {
            let reply = ask(&format!("_dmarc.{name}"), &RecordType::Txt);
            let texts: &[String] = match &reply {
                Outcome::Found(texts) => texts,
                _ => &[],
            };
            let record = match DmarcReading::read(texts) {
                DmarcReading::Valid(record, _) => Some(record),
                DmarcReading::None | DmarcReading::Invalid(..) => None,
            };
            let stops = record.is_some_and(|record| record.psd != Psd::Default);
            let answered = reply.is_answered();
            walk.steps.push(WalkStep { domain: name.to_owned(), record, answered });
            if stops {
                walk.stopped = true;
                break;
            }
        }
        walk
    }

    /// The organizational domain (RFC 9989 §4.10.2).
    pub fn organizational_domain(&self) -> Discovered<&str> {
        let Some(start) = self.steps.first() else { return Discovered::Nothing };
        let mut fewest = None;
        for (nth, step) in self.steps.iter().enumerate() {
            // A record there with `psd` would have decided, whatever lies above.
            if !step.answered {
                return Discovered::Unknown;
            }
            let Some(record) = step.record else { continue };
            match record.psd {
                Psd::No => return Discovered::Found(&step.domain),
                Psd::Yes if nth > 0 => {
                    return Discovered::Found(one_label_below(&start.domain, &step.domain));
                }
                _ => fewest = Some(step.domain.as_str()),
            }
        }
        Discovered::Found(fewest.unwrap_or(&start.domain))
    }

    /// The policy for the domain that the walk started at (RFC 9989 §4.10.1).
    ///
    /// `exists` says whether the domain exists: `np` is for those that do not. Where that is not
    /// known and makes a difference, so is the policy not.
    pub fn policy(&self, exists: Signal) -> Discovered<FoundPolicy> {
        let Some((own, above)) = self.steps.split_first() else { return Discovered::Nothing };
        if !own.answered {
            return Discovered::Unknown;
        }
        let found = |step: &WalkStep, record: DmarcRecord, source, policy| {
            let domain = step.domain.clone();
            Discovered::Found(FoundPolicy { record, domain, source, policy })
        };
        if let Some(record) = own.record {
            return found(own, record, PolicySource::Own, record.in_force());
        }
        if above.iter().any(|step| !step.answered) {
            return Discovered::Unknown;
        }
        // The walk ends at the first record with `psd`; without one, the shortest name decides.
        let valid = || above.iter().filter_map(|step| step.record.map(|record| (step, record)));
        let organization = match self.organizational_domain() {
            Discovered::Found(name) => name,
            Discovered::Nothing | Discovered::Unknown => return Discovered::Unknown,
        };
        let of_organization = valid().find(|(step, _)| step.domain == organization);
        let of_suffix = || valid().find(|(_, record)| record.psd == Psd::Yes);
        let (step, record, source) = match (of_organization, of_suffix()) {
            (Some((step, record)), _) => (step, record, PolicySource::Organization),
            (None, Some((step, record))) => (step, record, PolicySource::PublicSuffix),
            (None, None) => return Discovered::Nothing,
        };
        let (existing, missing) = (record.in_force_below(), record.in_force_for_missing());
        match exists {
            Signal::Present => found(step, record, source, existing),
            Signal::Missing => found(step, record, source, missing),
            Signal::Unknown if existing == missing => found(step, record, source, existing),
            Signal::Unknown => Discovered::Unknown,
        }
    }
}

/// The names of the walk: the domain, then its parents; with eight labels or more, the first parent
/// is the one of seven, so that there are never more than eight names.
fn names(domain: &str) -> impl Iterator<Item = &str> {
    let labels = domain.split('.').count();
    let parents = std::iter::successors(Some(domain), |name| Some(name.split_once('.')?.1));
    let skipped = labels.saturating_sub(QUERY_LIMIT);
    parents.enumerate().filter(move |(nth, _)| *nth == 0 || *nth > skipped).map(|(_, name)| name)
}

/// `ornek.com` for the suffix `com` on the way from `a.b.ornek.com`.
fn one_label_below<'a>(domain: &'a str, suffix: &str) -> &'a str {
    let front = &domain[..domain.len().saturating_sub(suffix.len() + 1)];
    let start = front.rfind('.').map_or(0, |dot| dot + 1);
    &domain[start..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Reply;
    use std::borrow::Cow;

    fn walk(domain: &str, zone: &[(&str, &str)]) -> TreeWalk {
        let ask = |name: &str, _: &RecordType| -> Reply<'static> {
            let name = name.strip_prefix("_dmarc.").expect("the name of a policy");
            match zone.iter().find(|(owner, _)| *owner == name) {
                Some((_, "!")) => Outcome::TempFail { reason: "timeout" },
                Some((_, text)) => Outcome::Found(Cow::Owned(vec![(*text).to_owned()])),
                None => Outcome::Absent { rcode: None },
            }
        };
        TreeWalk::from(domain, &ask)
    }

    fn policy(walk: &TreeWalk) -> Option<(String, &'static str, PolicySource)> {
        match walk.policy(Signal::Present) {
            Discovered::Found(found) => Some((found.domain, found.policy.as_str(), found.source)),
            Discovered::Nothing | Discovered::Unknown => None,
        }
    }

    /// The examples of RFC 9989 §4.10.
    #[test]
    fn the_examples_of_the_rfc() {
        let long = walk("a.b.c.d.e.f.g.h.i.j.mail.example.com", &[]);
        let names: Vec<_> = long.steps.iter().map(|step| step.domain.as_str()).collect();
        assert_eq!(
            names,
            [
                "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com"
            ]
        );
        let start = "a.mail.example.com";
        let plain = "v=DMARC1; p=none";
        let both = walk(start, &[("mail.example.com", plain), ("example.com", plain)]);
        assert_eq!(both.organizational_domain(), Discovered::Found("example.com"));
        let own =
            walk(start, &[("mail.example.com", "v=DMARC1; p=none; psd=n"), ("example.com", plain)]);
        assert_eq!(own.organizational_domain(), Discovered::Found("mail.example.com"));
        let suffix = walk(start, &[("com", "v=DMARC1; p=none; psd=y")]);
        assert_eq!(suffix.organizational_domain(), Discovered::Found("example.com"));
        assert_eq!(walk(start, &[]).organizational_domain(), Discovered::Found(start));
    }

    #[test]
    fn the_own_policy_wins_then_the_organizations_then_the_suffixs() {
        let suffix = ("com", "v=DMARC1; p=none; sp=reject; psd=y");
        let organization = ("ornek.com", "v=DMARC1; p=reject; sp=quarantine; t=y");
        let own = ("a.ornek.com", "v=DMARC1; p=none");
        let found = policy(&walk("a.ornek.com", &[suffix, organization, own]));
        assert_eq!(found, Some(("a.ornek.com".to_owned(), "none", PolicySource::Own)));
        let found = policy(&walk("a.ornek.com", &[suffix, organization]));
        assert_eq!(found, Some(("ornek.com".to_owned(), "none", PolicySource::Organization)));
        let found = policy(&walk("a.ornek.com", &[suffix]));
        assert_eq!(found, Some(("com".to_owned(), "reject", PolicySource::PublicSuffix)));
        assert_eq!(walk("a.ornek.com", &[]).policy(Signal::Present), Discovered::Nothing);
    }

    #[test]
    fn np_is_for_names_that_do_not_exist() {
        let walk =
            walk("no.ornek.com", &[("ornek.com", "v=DMARC1; p=none; sp=quarantine; np=reject")]);
        let of = |exists| match walk.policy(exists) {
            Discovered::Found(found) => found.policy.as_str(),
            Discovered::Nothing => "nothing",
            Discovered::Unknown => "unknown",
        };
        assert_eq!(of(Signal::Present), "quarantine");
        assert_eq!(of(Signal::Missing), "reject");
        assert_eq!(of(Signal::Unknown), "unknown");
    }

    #[test]
    fn d7_an_unanswered_name_leaves_open_what_it_may_decide() {
        let record = ("ornek.com", "v=DMARC1; p=reject");
        let unsure = walk("a.ornek.com", &[("a.ornek.com", "!"), record]);
        assert_eq!(unsure.policy(Signal::Present), Discovered::Unknown);
        // The own record decides the policy, and leaves the organization open.
        let own = walk("ornek.com", &[record, ("com", "!")]);
        assert!(matches!(own.policy(Signal::Present), Discovered::Found(_)));
        assert_eq!(own.organizational_domain(), Discovered::Unknown);
        // `psd=n` decides before the unanswered name is reached.
        let cut = walk("a.ornek.com", &[("ornek.com", "v=DMARC1; p=reject; psd=n"), ("com", "!")]);
        assert!(cut.stopped && matches!(cut.policy(Signal::Present), Discovered::Found(_)));
    }

    #[test]
    fn names_of_eight_labels_and_fewer_are_all_asked() {
        assert_eq!(names("a.b.c.d.e.f.g.h").count(), 8);
        assert_eq!(names("a.b.c.d.e.f.g.h.i").count(), 8);
        assert_eq!(names("com").collect::<Vec<_>>(), ["com"]);
    }
}
