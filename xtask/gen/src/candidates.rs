//! `xtask-gen fingerprints`: which MX hosts the fingerprint table should know next, from observations.
//!
//! It counts and concludes nothing: whether a host holds mailboxes or filters for others is for the
//! reader of the report to say.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::BufRead;

use hunter_core::Domain;
use hunter_core::observation::{AnswerIndex, Observation, RecordType};
use hunter_core::provider::{Basis, ConfidenceModel, Fingerprints, Provider, Sign};
use hunter_core::records::mx::MailExchangers;
use hunter_core::records::spf::SpfReading;
use hunter_core::vocabulary::ProviderClass;

/// How many values a line of the report shows.
const SHOWN: usize = 5;

/// No CNAME chain is followed further; a loop in the observed records would not end.
const CNAME_HOPS: usize = 8;

/// Values, and for how many domains each was seen.
#[derive(Debug, Default)]
struct Tally(BTreeMap<String, u32>);

impl Tally {
    /// One domain's values, each of which counts once.
    fn add(&mut self, values: BTreeSet<String>) {
        for value in values {
            *self.0.entry(value).or_default() += 1;
        }
    }

    /// The most frequent values with their numbers; equals stand in the order of their names.
    fn top(&self) -> String {
        let mut rows: Vec<_> = self.0.iter().collect();
        rows.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        let shown: Vec<String> =
            rows.iter().take(SHOWN).map(|(value, count)| format!("{value} {count}")).collect();
        match rows.len().checked_sub(SHOWN) {
            None | Some(0) => shown.join(", "),
            Some(more) => format!("{}, {more} more", shown.join(", ")),
        }
    }
}

/// What stands beside the unlisted MX hosts of one registrable domain.
#[derive(Debug, Default)]
struct Candidate {
    domains: u32,
    microsoft: u32,
    google: u32,
    hosts: Tally,
    spf: Tally,
    dkim: Tally,
    autodiscover: Tally,
    asns: Tally,
}

/// The counts over a file of observations.
pub(crate) struct Census {
    fingerprints: Fingerprints,
    domains: u32,
    unlisted: u32,
    candidates: BTreeMap<String, Candidate>,
}

impl Census {
    pub(crate) fn new(fingerprints: Fingerprints) -> Self {
        Self { fingerprints, domains: 0, unlisted: 0, candidates: BTreeMap::new() }
    }

    /// Counts JSON lines, one of which is in memory at a time. `name` is only used in errors; an empty
    /// line is none.
    pub(crate) fn read(&mut self, name: &str, mut lines: impl BufRead) -> Result<(), String> {
        let mut line = Vec::new();
        for number in 1.. {
            let fault = |what: &dyn std::fmt::Display| format!("{name}: line {number}: {what}");
            line.clear();
            if lines.read_until(b'\n', &mut line).map_err(|e| fault(&e))? == 0 {
                break;
            }
            let text = std::str::from_utf8(&line).map_err(|e| fault(&e))?.trim();
            if !text.is_empty() {
                self.add(&Observation::from_json(text).map_err(|e| fault(&e))?);
            }
        }
        Ok(())
    }

    /// Counts one domain, where its mail goes to a host that neither the table nor the domain itself
    /// names.
    fn add(&mut self, seen: &Observation) {
        self.domains += 1;
        let domain = seen.domain.as_str();
        let reply = seen.ask(domain, &RecordType::Mx);
        let Some(records) = reply.found() else { return };
        let mx = MailExchangers::read(records);
        let model = ConfidenceModel::builtin();
        if self.fingerprints.classify_mx(&model, &seen.domain, &mx).basis != Basis::Unlisted {
            return;
        }
        self.unlisted += 1;
        let own = registrable(domain);
        let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for exchanger in mx.primary() {
            let host = exchanger.host.to_ascii_lowercase();
            groups.entry(registrable(&host)).or_default().insert(host);
        }
        groups.remove(&own);
        let spf = spf_targets(seen);
        let dkim = dkim_targets(seen);
        let autodiscover = hops(seen, &format!("autodiscover.{domain}"));
        let asns: BTreeSet<String> = seen
            .addresses
            .iter()
            .filter(|address| address.source == "mx-ip")
            .filter_map(|address| Some(format!("AS{}", address.asn?)))
            .collect();
        let traced = |class| {
            self.fingerprints
                .providers()
                .iter()
                .filter(|provider| provider.class() == class)
                .any(|provider| has_trace(provider, &spf, &dkim, &autodiscover))
        };
        let (microsoft, google) = (traced(ProviderClass::M365), traced(ProviderClass::Google));
        let mut dkim: BTreeSet<String> = dkim.iter().map(|target| registrable(target)).collect();
        dkim.remove(&own);
        for (group, hosts) in groups {
            let candidate = self.candidates.entry(group).or_default();
            candidate.domains += 1;
            candidate.microsoft += u32::from(microsoft);
            candidate.google += u32::from(google);
            candidate.hosts.add(hosts);
            candidate.spf.add(spf.clone());
            candidate.dkim.add(dkim.clone());
            candidate.autodiscover.add(autodiscover.clone());
            candidate.asns.add(asns.clone());
        }
    }

    /// The candidates of at least that many domains, the most frequent first.
    pub(crate) fn report(&self, at_least: u32) -> String {
        let mut rows: Vec<_> =
            self.candidates.iter().filter(|(_, found)| found.domains >= at_least).collect();
        rows.sort_by_key(|(_, found)| std::cmp::Reverse(found.domains));
        let mut text = format!(
            "{} domains, {} of them with unlisted hosts below {} registrable domains; {} of these \
             seen for {at_least} domains or more\n",
            self.domains,
            self.unlisted,
            self.candidates.len(),
            rows.len()
        );
        for (name, found) in rows {
            let share = |count: u32| {
                format!("{count} ({} %)", u64::from(count) * 100 / u64::from(found.domains))
            };
            let traces =
                format!("Microsoft {}, Google {}", share(found.microsoft), share(found.google));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n{name}: {} domains", found.domains);
            for (title, values) in [
                ("hosts", found.hosts.top()),
                ("spf", found.spf.top()),
                ("dkim", found.dkim.top()),
                ("autodiscover", found.autodiscover.top()),
                ("asn", found.asns.top()),
                ("traces", traces),
            ] {
                let values = if values.is_empty() { "-" } else { &values };
                let _ = writeln!(text, "  {title:<13}{values}");
            }
        }
        text
    }
}

/// Whether any of the domain's own records names the provider: a sign of mailboxes behind the MX.
fn has_trace(
    provider: &Provider,
    spf: &BTreeSet<String>,
    dkim: &BTreeSet<String>,
    autodiscover: &BTreeSet<String>,
) -> bool {
    let names = |signs: &[Sign], values: &BTreeSet<String>| {
        signs.iter().any(|sign| values.iter().any(|value| sign.value.covers(value)))
    };
    names(&provider.spf_include, spf)
        || names(&provider.dkim_cname_suffix, dkim)
        || provider.cname.get("autodiscover").is_some_and(|signs| names(signs, autodiscover))
}

/// Whom the SPF record lets in, but for names with macros, which are no names yet.
fn spf_targets(seen: &Observation) -> BTreeSet<String> {
    let reply = seen.ask(seen.domain.as_str(), &RecordType::Txt);
    match reply.found().map(|texts| SpfReading::read(texts)) {
        Some(SpfReading::Valid(record)) => record
            .delegates()
            .filter(|target| !target.contains('%'))
            .map(|target| target.trim_end_matches('.').to_ascii_lowercase())
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Every hop of every selector's CNAME chain.
fn dkim_targets(seen: &Observation) -> BTreeSet<String> {
    let below = format!("._domainkey.{}", seen.domain);
    seen.answers
        .iter()
        .filter(|answer| answer.name.to_ascii_lowercase().ends_with(&below))
        .flat_map(|answer| hops(seen, &answer.name))
        .collect()
}

fn hops(seen: &Observation, name: &str) -> BTreeSet<String> {
    AnswerIndex::of(seen).aliases(name).take(CNAME_HOPS).map(str::to_ascii_lowercase).collect()
}

/// The registrable domain of a host. Labels with an underscore, which no registrable domain has, are
/// looked past; a name without a registrable domain stands for itself.
fn registrable(name: &str) -> String {
    let start = name.rfind('_').and_then(|at| Some(at + name[at..].find('.')? + 1)).unwrap_or(0);
    let host = name[start..].parse::<Domain>();
    host.ok().and_then(|host| host.registrable().map(str::to_owned)).unwrap_or_else(|| name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#""observed_at":"2026-11-24T09:30:00Z""#;

    /// Three domains at one unlisted operator, of which one has Microsoft behind it; one at another;
    /// one on its own server, one at a listed provider, and one whose MX is not known.
    fn lines() -> String {
        let answer = |name: &str, kind: &str, record: &str| {
            format!(r#"{{"name":"{name}","type":"{kind}","state":"found","records":["{record}"]}}"#)
        };
        let line = |domain: &str, answers: &[String], rest: &str| {
            let answers = answers.join(",");
            format!(r#"{{"v":1,"domain":"{domain}",{HEAD},"answers":[{answers}]{rest}}}"#)
        };
        let mx = |domain: &str, host: &str| answer(domain, "MX", &format!("10 {host}"));
        [
            line(
                "a.example",
                &[
                    mx("a.example", "MX1.Relay.example-operator.net"),
                    answer("a.example", "TXT", "v=spf1 include:_spf.example-operator.net -all"),
                ],
                r#","addresses":[{"ip":"192.0.2.1","source":"mx-ip","asn":64500},{"ip":"192.0.2.2","source":"root-ip","asn":64501}]"#,
            ),
            String::new(),
            line(
                "b.example",
                &[
                    mx("b.example", "mx1.relay.example-operator.net"),
                    mx("b.example", "mx2.example-operator.net"),
                    answer(
                        "selector1._domainkey.b.example",
                        "CNAME",
                        "selector1-b-example._domainkey.b.onmicrosoft.com",
                    ),
                    answer("autodiscover.b.example", "CNAME", "autodiscover.outlook.com"),
                ],
                "",
            ),
            line("c.example", &[mx("c.example", "mx2.example-operator.net")], ""),
            line("d.example", &[mx("d.example", "mail.example-other.org")], ""),
            line("e.example", &[mx("e.example", "mail.e.example")], ""),
            line("f.example", &[mx("f.example", "f-example.mail.protection.outlook.com")], ""),
            line(
                "g.example",
                &[r#"{"name":"g.example","type":"MX","state":"temp_fail","reason":"timeout"}"#
                    .to_owned()],
                "",
            ),
        ]
        .join("\n")
    }

    fn census(text: &str) -> Result<Census, String> {
        let mut census = Census::new(Fingerprints::builtin());
        census.read("seen.jsonl", text.as_bytes()).map(|()| census)
    }

    #[test]
    fn unlisted_operators_are_listed_with_what_stands_beside_them() {
        let report = census(&lines()).unwrap().report(2);
        assert_eq!(
            report,
            "\
7 domains, 4 of them with unlisted hosts below 2 registrable domains; 1 of these seen for 2 domains or more

example-operator.net: 3 domains
  hosts        mx1.relay.example-operator.net 2, mx2.example-operator.net 2
  spf          _spf.example-operator.net 1
  dkim         onmicrosoft.com 1
  autodiscover autodiscover.outlook.com 1
  asn          AS64500 1
  traces       Microsoft 1 (33 %), Google 0 (0 %)
"
        );
        let all = census(&lines()).unwrap().report(1);
        assert!(all.find("example-operator.net: 3") < all.find("example-other.org: 1"), "{all}");
        assert!(all.contains("\n  spf          -\n"), "{all}");
    }

    #[test]
    fn a_bad_line_is_named() {
        let text = lines() + "\n{\"v\":1}\n";
        let error = census(&text).err().unwrap();
        assert!(error.starts_with("seen.jsonl: line 9: observation: "), "{error}");
        let mut census = Census::new(Fingerprints::builtin());
        let error = census.read("seen.jsonl", &b"\n\xff\n"[..]).unwrap_err();
        assert!(error.starts_with("seen.jsonl: line 2: invalid utf-8"), "{error}");
    }

    #[test]
    fn long_lists_are_cut_and_say_so() {
        let mut tally = Tally::default();
        tally.add(["a", "b", "c", "d", "e", "f"].map(str::to_owned).into());
        tally.add(["f".to_owned()].into());
        assert_eq!(tally.top(), "f 2, a 1, b 1, c 1, d 1, 1 more");
    }

    #[test]
    fn a_registrable_domain_is_found_behind_underscores() {
        for (name, wanted) in [
            ("mx1.mail.ornek.com.tr", "ornek.com.tr"),
            ("selector1-x._domainkey.x.onmicrosoft.com", "onmicrosoft.com"),
            ("mail_01.ornek.net", "ornek.net"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(registrable(name), wanted, "{name}");
        }
    }
}
