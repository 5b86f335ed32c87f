//! `parse_spf`, `parse_dkim`, `parse_dmarc`: one record read, with everything that deserves a word.

use serde::{Deserialize, Serialize};

use super::Hunter;
use crate::records::dkim::{self, DkimKey, DkimRecord, KeyMaterial, KeyType};
use crate::records::dmarc::{self, Alignment, Destination, DmarcTags};
use crate::records::spf::{self, SpfReading, SpfTerm, SpfTermKind};
use crate::records::{Effect, Finding, FindingKind, is_usable};
use crate::vocabulary::DmarcPolicy;

/// Arguments of `parse_spf`, `parse_dkim` and `parse_dmarc`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParseRequest {
    /// The text of one TXT record, joined, without outer quotes.
    pub text: String,
}

/// One finding about a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordFinding {
    /// The stable code.
    pub code: &'static str,
    /// What receivers do: `void` (as if the record were not there), `ignored` (the part is skipped),
    /// `advice` (the record works).
    pub effect: &'static str,
    /// The offending text; empty where something is missing.
    pub text: String,
}

/// What an SPF record says (RFC 7208).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParseSpfAnswer {
    /// Whether the text is an SPF record at all.
    pub is_record: bool,
    /// Whether it follows the grammar; where not, every check ends in a permanent error.
    pub valid: bool,
    /// What receivers do with all other senders: `+`, `-`, `~` or `?`; `None` without `all`.
    pub all: Option<char>,
    /// The target of `redirect=`, where it counts.
    pub redirect: Option<String>,
    /// The targets of `include:`.
    pub includes: Vec<String>,
    /// How many terms of this record alone ask the DNS; ten are allowed, with those of included records.
    pub lookups: usize,
    /// Mechanisms and modifiers, in order; none where the record is not valid.
    pub terms: Vec<SpfTermAnswer>,
    /// Everything that deserves a word.
    pub findings: Vec<RecordFinding>,
}

/// One mechanism or modifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpfTermAnswer {
    /// Its name as RFC 7208 spells it; `unknown-modifier` for others.
    pub name: &'static str,
    /// `+`, `-`, `~` or `?`.
    pub qualifier: char,
    /// What follows `:` or `=`.
    pub target: Option<String>,
    /// The prefix length for IPv4 of `a` and `mx`.
    pub prefix_v4: Option<u8>,
    /// The prefix length for IPv6 of `a` and `mx`.
    pub prefix_v6: Option<u8>,
}

/// What a DKIM key record says (RFC 6376).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParseDkimAnswer {
    /// Whether the text is a key record at all.
    pub is_record: bool,
    /// Whether verifiers can use the key.
    pub valid: bool,
    /// Whether the key was withdrawn.
    pub revoked: bool,
    /// `rsa` or `ed25519`; `None` for a kind that is not known.
    pub key_type: Option<&'static str>,
    /// Bits of an RSA key.
    pub bits: Option<usize>,
    /// `t=y`: the domain only tests DKIM.
    pub testing: bool,
    /// `t=s`: the identity must be the signing domain itself.
    pub strict: bool,
    /// Everything that deserves a word.
    pub findings: Vec<RecordFinding>,
}

/// What a DMARC record says (RFC 9989), defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ParseDmarcAnswer {
    /// Whether the text is a DMARC record at all.
    pub is_record: bool,
    /// Whether receivers apply it.
    pub valid: bool,
    /// The policy in force: the written one, under `t=y` one step weaker.
    pub dmarc_policy: Option<DmarcPolicy>,
    /// `p` as written.
    pub policy: Option<DmarcPolicy>,
    /// `sp`.
    pub subdomain_policy: Option<DmarcPolicy>,
    /// `np`.
    pub non_existent_policy: Option<DmarcPolicy>,
    /// `t=y`.
    pub testing: bool,
    /// `pct` (RFC 7489), 100 where not given.
    pub dmarc_coverage: Option<u8>,
    /// `adkim`: `relaxed` or `strict`.
    pub dkim_alignment: Option<&'static str>,
    /// `aspf`: `relaxed` or `strict`.
    pub spf_alignment: Option<&'static str>,
    /// `rua`: where aggregate reports go, as written.
    pub aggregate_reports: Vec<String>,
    /// `ruf`: where failure reports go, as written.
    pub failure_reports: Vec<String>,
    /// Everything that deserves a word.
    pub findings: Vec<RecordFinding>,
}

impl Hunter {
    /// Reads an SPF record.
    pub fn parse_spf(&self, request: &ParseRequest) -> ParseSpfAnswer {
        let texts = [request.text.as_str()];
        let reading = SpfReading::read(&texts);
        let mut answer = ParseSpfAnswer {
            is_record: reading.text().is_some(),
            valid: false,
            all: None,
            redirect: None,
            includes: Vec::new(),
            lookups: 0,
            terms: Vec::new(),
            findings: findings(&spf::findings(&texts)),
        };
        if let SpfReading::Valid(record) = &reading {
            answer.valid = true;
            answer.all = record.all().map(spf::Qualifier::as_char);
            answer.redirect = record.redirect().map(str::to_owned);
            answer.includes = record.includes().map(str::to_owned).collect();
            answer.lookups = record.own_lookups();
            answer.terms = record.terms.iter().map(SpfTermAnswer::of).collect();
        }
        answer
    }

    /// Reads a DKIM key record.
    pub fn parse_dkim(&self, request: &ParseRequest) -> ParseDkimAnswer {
        let text = request.text.as_str();
        let texts = [text];
        let found = dkim::findings(&texts);
        let record = DkimRecord::read(text);
        let key = record.and_then(|record| record.key);
        let is_key = matches!(DkimKey::read(text), DkimKey::Valid { .. });
        ParseDkimAnswer {
            is_record: record.is_some(),
            valid: is_key && is_usable(&found),
            revoked: key == Some(KeyMaterial::Revoked),
            key_type: record.and_then(|record| record.key_type).map(|key_type| match key_type {
                KeyType::Rsa => "rsa",
                KeyType::Ed25519 => "ed25519",
            }),
            bits: match key {
                Some(KeyMaterial::Rsa { bits }) => Some(bits),
                _ => None,
            },
            testing: record.is_some_and(|record| record.is_testing()),
            strict: record.is_some_and(|record| record.is_strict()),
            findings: findings(&found),
        }
    }

    /// Reads a DMARC record.
    pub fn parse_dmarc(&self, request: &ParseRequest) -> ParseDmarcAnswer {
        let text = request.text.as_str();
        let tags = DmarcTags::read(text);
        let tags = tags.as_ref();
        let record = tags.and_then(|tags| tags.record);
        let alignment = |of: fn(&DmarcTags<'_>) -> Alignment| {
            tags.map(|tags| match of(tags) {
                Alignment::Relaxed => "relaxed",
                Alignment::Strict => "strict",
            })
        };
        let written = |list: fn(&DmarcTags<'_>) -> Vec<String>| tags.map(list).unwrap_or_default();
        ParseDmarcAnswer {
            is_record: tags.is_some(),
            valid: record.is_some(),
            dmarc_policy: record.map(|record| record.in_force()),
            policy: record.map(|record| record.policy),
            subdomain_policy: record.and_then(|record| record.subdomain_policy),
            non_existent_policy: record.and_then(|record| record.non_existent_policy),
            testing: record.is_some_and(|record| record.testing),
            dmarc_coverage: record.map(|record| record.percent.unwrap_or(100)),
            dkim_alignment: alignment(|tags| tags.dkim_alignment),
            spf_alignment: alignment(|tags| tags.spf_alignment),
            aggregate_reports: written(|tags| texts(&tags.aggregate_reports)),
            failure_reports: written(|tags| texts(&tags.failure_reports)),
            findings: findings(&dmarc::findings(&[text])),
        }
    }
}

impl SpfTermAnswer {
    fn of(term: &SpfTerm<'_>) -> Self {
        Self {
            name: match term.kind {
                SpfTermKind::All => "all",
                SpfTermKind::Include => "include",
                SpfTermKind::A => "a",
                SpfTermKind::Mx => "mx",
                SpfTermKind::Ptr => "ptr",
                SpfTermKind::Ip4 => "ip4",
                SpfTermKind::Ip6 => "ip6",
                SpfTermKind::Exists => "exists",
                SpfTermKind::Redirect => "redirect",
                SpfTermKind::Explanation => "exp",
                SpfTermKind::OtherModifier => "unknown-modifier",
            },
            qualifier: term.qualifier.as_char(),
            target: term.target.map(str::to_owned),
            prefix_v4: term.prefix.v4,
            prefix_v6: term.prefix.v6,
        }
    }
}

fn findings<K: FindingKind>(found: &[Finding<'_, K>]) -> Vec<RecordFinding> {
    let answer = |finding: &Finding<'_, K>| RecordFinding {
        code: finding.code(),
        effect: match finding.effect() {
            Effect::Void => "void",
            Effect::Ignored => "ignored",
            Effect::Advice => "advice",
        },
        text: finding.text.to_owned(),
    };
    found.iter().map(answer).collect()
}

fn texts(destinations: &[Destination<'_>]) -> Vec<String> {
    destinations.iter().map(|to| to.text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(text: &str) -> ParseRequest {
        ParseRequest { text: text.to_owned() }
    }

    fn codes(findings: &[RecordFinding]) -> Vec<(&str, &str)> {
        findings.iter().map(|finding| (finding.code, finding.effect)).collect()
    }

    #[test]
    fn records_are_told_from_faulty_ones_and_from_other_texts() {
        let hunter = Hunter::builtin();
        let spf = hunter.parse_spf(&request("v=spf1 include:_spf.google.com a/24 ~all"));
        assert_eq!((spf.valid, spf.all, spf.lookups), (true, Some('~'), 2));
        assert_eq!((spf.terms[1].name, spf.terms[1].prefix_v4), ("a", Some(24)));
        let broken = hunter.parse_spf(&request("v=spf1 moo -all"));
        assert!(broken.is_record && !broken.valid);
        assert_eq!(codes(&broken.findings), [("spf_unknown_term", "void")]);
        assert!(!hunter.parse_spf(&request("MS=ms1")).is_record);

        let revoked = hunter.parse_dkim(&request("v=DKIM1; p="));
        assert!(revoked.is_record && revoked.revoked && !revoked.valid);
        assert!(!hunter.parse_dkim(&request("MS=ms1")).is_record);

        let dmarc = hunter.parse_dmarc(&request("v=DMARC1; p=reject; t=y; rua=mailto:d@a.com"));
        assert_eq!(dmarc.dmarc_policy, Some(DmarcPolicy::Quarantine));
        assert_eq!(dmarc.policy, Some(DmarcPolicy::Reject));
        assert_eq!((dmarc.dmarc_coverage, dmarc.testing), (Some(100), true));
        assert_eq!(dmarc.aggregate_reports, ["mailto:d@a.com"]);
        let faulty = hunter.parse_dmarc(&request("v=DMARC1; p=monitor"));
        assert!(faulty.is_record && !faulty.valid && !faulty.findings.is_empty());
    }
}
