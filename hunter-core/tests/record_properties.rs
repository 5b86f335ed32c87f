//! The record readers on arbitrary text: none panics, the order received decides nothing, and the
//! cheap reading agrees with the findings.

use std::borrow::Cow;
use std::sync::LazyLock;

use hunter_core::observation::{Outcome, RecordType, Reply, Signal};
use hunter_core::provider::Fingerprints;
use hunter_core::records::dmarc::{DmarcReading, DmarcTags, TreeWalk};
use hunter_core::records::spf::{SpfReading, SpfTree};
use hunter_core::records::verification::Verification;
use hunter_core::records::{
    Effect, Finding, FindingKind, bimi, dkim, dmarc, is_usable, manager, mta_sts, mx, spf, tls_rpt,
};
use proptest::prelude::*;

static TABLE: LazyLock<Fingerprints> = LazyLock::new(Fingerprints::builtin);

/// Pieces of records of every kind: joined by chance they come close to real ones.
const PIECES: &[&str] = &[
    "v=spf1",
    "v=DMARC1",
    "v=DKIM1",
    "v=STSv1",
    "v=TLSRPTv1",
    "v=BIMI1",
    " ",
    ";",
    "; ",
    "=",
    ":",
    "/",
    "include:",
    "a",
    "mx",
    "ptr",
    "ip4:",
    "ip6:",
    "exists:",
    "redirect=",
    "exp=",
    "all",
    "-",
    "~",
    "?",
    "+",
    "a.com",
    "b.com",
    "_dmarc.",
    "192.0.2.1",
    "2001:db8::",
    "/24",
    "//64",
    "%{d}",
    "%{i}",
    "%{",
    "%",
    "}",
    "p=",
    "sp=",
    "np=",
    "t=y",
    "psd=",
    "y",
    "n",
    "u",
    "reject",
    "none",
    "rua=",
    "mailto:",
    "x@a.com",
    "!10m",
    ",",
    "k=rsa",
    "k=ed25519",
    "h=",
    "s=",
    "l=",
    "https://a.com/l.svg",
    "id=",
    "10 ",
    "0 .",
    "MS=",
    "é",
    "\"",
    "\t",
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP",
    "version: STSv1\n",
    "mode: enforce\n",
    "mx: *.a.com\n",
    "max_age: 86400\n",
];

/// How records begin, so that most texts are records of some kind.
const STARTS: &[&str] = &[
    "v=spf1 ",
    "v=spf1",
    "v=DMARC1; ",
    "v=DMARC1; p=reject; ",
    "v=DKIM1; ",
    "v=DKIM1; p=",
    "v=STSv1; ",
    "v=TLSRPTv1; ",
    "v=BIMI1; ",
    "version: STSv1\nmode: testing\nmx: a.b\nmax_age: 1\n",
    "",
];

/// Whole parts, so that most records hold some that are valid.
const PARTS: &[&str] = &[
    "include:a.com ",
    "include:b.com ",
    "include:x.%{d} ",
    "a ",
    "a:b.com/24 ",
    "mx ",
    "ptr ",
    "ip4:192.0.2.0/24 ",
    "ip6:2001:db8::1 ",
    "exists:%{i}.a.com ",
    "redirect=b.com ",
    "exp=a.com ",
    "-all ",
    "~all ",
    "+all ",
    "x=y ",
    "p=none; ",
    "sp=reject; ",
    "np=none; ",
    "t=y; ",
    "psd=y; ",
    "psd=n; ",
    "pct=50; ",
    "fo=1; ",
    "rua=mailto:x@a.com; ",
    "ruf=mailto:x@b.com!1m; ",
    "k=rsa; ",
    "p=; ",
    "t=y:s; ",
    "id=a1; ",
    "l=https://a.com/l.svg; ",
    "a=; ",
    "lps=a,b; ",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => prop::sample::select(PARTS),
        1 => prop::sample::select(PIECES),
    ];
    prop_oneof![
        8 => (prop::sample::select(STARTS), prop::collection::vec(piece, 0..6))
            .prop_map(|(start, pieces)| format!("{start}{}", pieces.concat())),
        1 => prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|p| p.concat()),
        1 => any::<String>(),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..5)
}

/// Findings of the texts in both orders are the same, and each quotes one of the texts.
fn check<'a, K: FindingKind>(
    texts: &'a [String],
    turned: &'a [String],
    read: impl Fn(&'a [String]) -> Vec<Finding<'a, K>>,
) -> Vec<Finding<'a, K>> {
    let found = read(texts);
    assert_eq!(found, read(turned));
    assert!(found.is_sorted());
    for finding in &found {
        assert!(texts.iter().any(|text| text.contains(finding.text)), "{finding}");
        assert!(K::ALL.contains(&finding.kind));
    }
    found
}

#[test]
fn codes_are_unique_and_begin_with_the_record() {
    fn codes<K: FindingKind>(prefix: &str, into: &mut Vec<&'static str>) {
        for kind in K::ALL {
            assert!(kind.code().starts_with(prefix), "{}", kind.code());
            into.push(kind.code());
        }
    }
    let mut all = Vec::new();
    codes::<mx::MxFindingKind>("mx_", &mut all);
    codes::<spf::SpfFindingKind>("spf_", &mut all);
    codes::<spf::SpfTreeFindingKind>("spf_tree_", &mut all);
    codes::<dkim::DkimFindingKind>("dkim_", &mut all);
    codes::<dmarc::DmarcFindingKind>("dmarc_", &mut all);
    codes::<mta_sts::StsFindingKind>("sts_", &mut all);
    codes::<mta_sts::StsPolicyFindingKind>("sts_policy_", &mut all);
    codes::<tls_rpt::TlsRptFindingKind>("tlsrpt_", &mut all);
    codes::<bimi::BimiFindingKind>("bimi_", &mut all);
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_received_decides_nothing(texts in texts()) {
        let turned: Vec<String> = texts.iter().rev().cloned().collect();
        check(&texts, &turned, mx::findings);
        check(&texts, &turned, dkim::findings);
        check(&texts, &turned, mta_sts::findings);
        check(&texts, &turned, tls_rpt::findings);
        check(&texts, &turned, bimi::findings);
        prop_assert_eq!(dkim::DkimKey::read_all(&texts), dkim::DkimKey::read_all(&turned));
        prop_assert_eq!(mta_sts::policy_id(&texts), mta_sts::policy_id(&turned));
        prop_assert_eq!(tls_rpt::destinations(&texts), tls_rpt::destinations(&turned));
    }

    #[test]
    fn the_cheap_reading_of_spf_agrees_with_the_findings(texts in texts()) {
        let turned: Vec<String> = texts.iter().rev().cloned().collect();
        let found = check(&texts, &turned, spf::findings);
        // Near misses and the limit are no matter of the grammar.
        let beside = ["spf_leading_blank", "spf_wrong_version", "spf_too_many_lookups"];
        let breaks = found
            .iter()
            .any(|f| f.effect() == Effect::Void && !beside.contains(&f.code()));
        let invalid = matches!(SpfReading::read(&texts), SpfReading::Invalid(..));
        prop_assert_eq!(breaks, invalid, "{:?}", found);
    }

    #[test]
    fn the_cheap_reading_of_dmarc_agrees_with_the_findings(texts in texts()) {
        let turned: Vec<String> = texts.iter().rev().cloned().collect();
        let found = check(&texts, &turned, dmarc::findings);
        let beside = ["dmarc_wrong_version", "dmarc_version_not_first"];
        let breaks = found
            .iter()
            .any(|f| f.effect() == Effect::Void && !beside.contains(&f.code()));
        let invalid = matches!(DmarcReading::read(&texts), DmarcReading::Invalid(..));
        prop_assert_eq!(breaks, invalid, "{:?}", found);
        for text in &texts {
            let tags = DmarcTags::read(text);
            prop_assert_eq!(tags.is_some(), dmarc::is_dmarc(text));
        }
    }

    #[test]
    fn policies_and_proofs_are_read_without_a_panic(text in text()) {
        let (policy, found) = mta_sts::StsPolicy::read(&text);
        prop_assert_eq!(policy.is_some(), is_usable(&found));
        if let Some(proof) = Verification::read(&TABLE, &text) {
            prop_assert!(text.contains(proof.value));
            let _ = proof.microsoft();
        }
        if let SpfReading::Valid(record) = SpfReading::read(&[text.as_str()]) {
            let _ = manager::spf_manager(&TABLE, &record);
            prop_assert!(record.own_lookups() <= record.terms.len());
        }
    }

    #[test]
    fn walks_end_and_what_is_not_answered_stays_open(a in texts(), b in texts(), answered: bool) {
        let ask = |name: &str, _: &RecordType| -> Reply<'_> {
            match name.trim_start_matches("_dmarc.") {
                "a.com" => Outcome::Found(Cow::Borrowed(&a)),
                "b.com" | "x.a.com" => Outcome::Found(Cow::Borrowed(&b)),
                _ if answered => Outcome::Absent { rcode: Some("NXDOMAIN") },
                _ => Outcome::TempFail { reason: "timeout" },
            }
        };
        let tree = SpfTree::walk("a.com", &ask);
        let again = SpfTree::walk("a.com", &ask);
        prop_assert_eq!(&tree, &again);
        prop_assert!(tree.nodes.len() < 500);
        if !tree.unanswered.is_empty() && tree.findings.is_empty() {
            prop_assert_ne!(tree.permanent_error(), Signal::Missing);
        }
        let walk = TreeWalk::from("x.a.com", &ask);
        prop_assert!(walk.steps.len() <= dmarc::QUERY_LIMIT);
        let _ = (walk.policy(Signal::Unknown), walk.organizational_domain());
    }
}
