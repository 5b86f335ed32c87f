//! From an assessed observation to what is watched of it.
//!
//! Whether a fact is absent or unknown depends on the questions that were answered, so that the
//! observation is read beside the assessment.

use super::snapshot::{Gateway, MxRoot, Snapshot};
use crate::assess::{Assessment, Status, Tag};
use crate::observation::{AnswerIndex, Observation, RecordType, Signal};
use crate::provider::{Basis, Strength, TraceKind};
use crate::vocabulary::ProviderClass;

/// The names below a domain that can show a tenant or the holder of its mailboxes.
const SERVICES: [&str; 6] = [
    "autodiscover",
    "enterpriseenrollment",
    "enterpriseregistration",
    "lyncdiscover",
    "msoid",
    "sip",
];

/// The selectors of Exchange Online.
const SELECTORS: [&str; 2] = ["selector1", "selector2"];

/// The longest label of a name (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

impl Snapshot {
    /// What an assessment concluded, with what its observation left open.
    ///
    /// Who holds the mailboxes counts as known where the MX says it. Where only traces say it, or say
    /// nothing, it counts as known only if every question about a trace was answered: otherwise a
    /// time-out would look like a move.
    pub fn of(assessment: &Assessment, observation: &Observation) -> Self {
        let scene = Scene { assessment, answers: AnswerIndex::of(observation) };
        let signals = &assessment.authentication.signals;
        let verdict = assessment.verdict.as_ref();
        Self {
            spf: signals.spf,
            dkim: signals.dkim,
            dmarc: signals.dmarc,
            mx: scene.mx(),
            provider: scene.provider(),
            gateway: scene.gateway(),
            tenant: scene.tenant(),
            claim: scene.claim(),
            expires: assessment.expires_at,
            score: verdict.map(|verdict| verdict.score),
            segment: verdict.map(|verdict| verdict.segment),
            priority_score: verdict.map(|verdict| verdict.priority_score),
            observed_on: assessment.observed_at.date(),
        }
    }
}

struct Scene<'a> {
    assessment: &'a Assessment,
    answers: AnswerIndex<'a>,
}

impl Scene<'_> {
    fn mx(&self) -> MxRoot {
        match (self.assessment.status, self.assessment.basis) {
            (Status::Answered, Some(Basis::NoMail)) => MxRoot::Absent,
            (Status::Answered, _) => {
                self.assessment.mx_root.clone().map_or(MxRoot::Unknown, MxRoot::Root)
            }
            (Status::DnsFailed | Status::NotObserved, _) => MxRoot::Unknown,
        }
    }

    fn provider(&self) -> Option<String> {
        let by_traces = || self.traces_are_answered();
        let is_known = match self.assessment.basis? {
            Basis::Listed => true,
            Basis::BehindGateway => self.rests_on(TraceKind::MxFallback) || by_traces(),
            Basis::Traces | Basis::OwnDomain => by_traces(),
            // A host that nobody can name may be anybody's.
            Basis::Unlisted | Basis::Undetermined | Basis::Unusable | Basis::NoMail => false,
        };
        let named = || self.assessment.provider_id.clone();
        let own = || ProviderClass::Local.as_str().to_owned();
        is_known.then(|| named().unwrap_or_else(own))
    }

    /// The tag tells a security gateway from a forwarder.
    fn gateway(&self) -> Gateway {
        let named = || self.assessment.gateway.clone();
        let filters = self.assessment.tags.contains(&Tag::Gateway);
        match (named().filter(|_| filters), self.assessment.basis) {
            (Some(gateway), _) => Gateway::Named(gateway),
            (None, Some(Basis::Listed | Basis::OwnDomain | Basis::Traces)) => Gateway::Absent,
            (None, _) => Gateway::Unknown,
        }
    }

    /// Whether more than a claim speaks for a Microsoft tenant.
    fn tenant(&self) -> Signal {
        let identity = self.assessment.identity.as_ref();
        let is_set_up = identity.is_some_and(|identity| {
            let by_mx = identity.strength == Strength::Certain
                && self.assessment.provider == ProviderClass::M365;
            let by_trace = identity.evidence.iter().any(|evidence| is_proof(evidence.rule));
            by_mx || by_trace
        });
        self.signal(is_set_up, self.traces_are_answered())
    }

    fn claim(&self) -> Signal {
        let identity = self.assessment.identity.as_ref();
        let token = TraceKind::TxtToken.as_str();
        let is_claimed =
            identity.is_some_and(|i| i.evidence.iter().any(|evidence| evidence.rule == token));
        self.signal(is_claimed, self.is_answered("", &RecordType::Txt))
    }

    fn signal(&self, is_present: bool, is_answered: bool) -> Signal {
        if is_present {
            Signal::Present
        } else if is_answered && self.assessment.status == Status::Answered {
            Signal::Missing
        } else {
            Signal::Unknown
        }
    }

    fn rests_on(&self, kind: TraceKind) -> bool {
        self.assessment.evidence.iter().any(|evidence| evidence.rule == kind.as_str())
    }

    /// Whether every question about a trace was answered, with a record or with "nothing".
    fn traces_are_answered(&self) -> bool {
        let domain = self.assessment.domain.as_str();
        let online = domain.replace('.', "-");
        let accepted = format!("{online}.mail.protection.outlook.com");
        self.is_answered("", &RecordType::Txt)
            && SERVICES.iter().all(|service| self.is_answered(service, &RecordType::Cname))
            && SELECTORS.iter().all(|selector| self.is_selector_answered(selector))
            && (online.len() > LONGEST_LABEL
                || self.answers.ask(&accepted, &RecordType::A).is_answered())
    }

    fn is_selector_answered(&self, selector: &str) -> bool {
        let left = format!("{selector}._domainkey");
        [RecordType::Cname, RecordType::Txt].iter().any(|kind| self.is_answered(&left, kind))
            || self.assessment.authentication.dkim_certain
    }

    /// Whether a question about a name below the domain, or the domain itself, was answered.
    fn is_answered(&self, left: &str, kind: &RecordType) -> bool {
        let domain = self.assessment.domain.as_str();
        match left {
            "" => self.answers.ask(domain, kind).is_answered(),
            _ => self.answers.ask(&format!("{left}.{domain}"), kind).is_answered(),
        }
    }
}

/// Whether a record of that rule only stands where a tenant was set up.
fn is_proof(rule: &str) -> bool {
    [
        TraceKind::MxFallback,
        TraceKind::AcceptedDomain,
        TraceKind::DkimCname,
        TraceKind::Autodiscover,
        TraceKind::Enrollment,
        TraceKind::Registration,
        TraceKind::Msoid,
        TraceKind::Sip,
    ]
    .iter()
    .any(|kind| kind.as_str() == rule)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::super::{AlertKind, ChangeKind, changes};
    use super::*;
    use crate::assess::{Engine, Lead};
    use crate::observation::{Answer, Outcome};

    /// Every question that a scan puts, answered with "nothing".
    const NOTHING: [(&str, &str); 12] = [
        ("@", "TXT"),
        ("_dmarc", "TXT"),
        ("selector1._domainkey", "TXT"),
        ("selector2._domainkey", "TXT"),
        ("autodiscover", "CNAME"),
        ("enterpriseenrollment", "CNAME"),
        ("enterpriseregistration", "CNAME"),
        ("lyncdiscover", "CNAME"),
        ("msoid", "CNAME"),
        ("sip", "CNAME"),
        ("ornek-com-tr.mail.protection.outlook.com.", "A"),
        ("@", "MX"),
    ];

    /// The snapshot of a scan that found these records and else nothing; `?` is a time-out.
    fn scan(records: &[(&str, &str, &str)]) -> Snapshot {
        let domain = "ornek.com.tr";
        let mut seen =
            Observation::new(domain.parse().expect("a domain"), datetime!(2026-11-24 09:30 UTC));
        let nothing =
            NOTHING.iter().map(|(left, kind)| (*left, *kind, "-")).filter(|(left, kind, _)| {
                let alias = (*left, if left.contains("_domainkey") { "CNAME" } else { *kind });
                !records.iter().any(|(l, k, _)| (*l, *k) == alias || (*l, *k) == (*left, *kind))
            });
        for (left, kind, record) in records.iter().copied().chain(nothing) {
            let name = match left {
                "@" => domain.to_owned(),
                outside if outside.ends_with('.') => outside.trim_end_matches('.').to_owned(),
                below => format!("{below}.{domain}"),
            };
            let outcome = match record {
                "-" => Outcome::Absent { rcode: Some("NXDOMAIN".to_owned()) },
                "?" => Outcome::TempFail { reason: "timeout".to_owned() },
                _ => Outcome::Found(vec![record.to_owned()]),
            };
            seen.answers.push(Answer::new(name, RecordType::from(kind), outcome));
        }
        Snapshot::of(&Engine::builtin().assess(&seen, &Lead::default()), &seen)
    }

    fn kinds(before: &Snapshot, after: &Snapshot) -> Vec<ChangeKind> {
        let verdict = [ChangeKind::PriorityScoreChanged, ChangeKind::SegmentChanged];
        let found = changes(Some(before), after);
        found.iter().map(|change| change.kind).filter(|kind| !verdict.contains(kind)).collect()
    }

    const OWN: (&str, &str, &str) = ("@", "MX", "10 mail.ornek.com.tr");
    const HOSTER: (&str, &str, &str) = ("@", "MX", "10 mx.kurumsaleposta.com");
    const MICROSOFT: (&str, &str, &str) = ("@", "MX", "0 ornek-com-tr.mail.protection.outlook.com");
    const GATEWAY: (&str, &str, &str) = ("@", "MX", "10 mx1.ornek.iphmx.com");
    const SPF: (&str, &str, &str) = ("@", "TXT", "v=spf1 include:spf.protection.outlook.com -all");
    const TOKEN: (&str, &str, &str) = ("@", "TXT", "MS=ms12345678");
    const DKIM: (&str, &str, &str) =
        ("selector1._domainkey", "CNAME", "s._domainkey.ornek.onmicrosoft.com");
    const AUTODISCOVER: (&str, &str, &str) = ("autodiscover", "CNAME", "autodiscover.outlook.com");

    #[test]
    fn what_a_scan_found_is_known() {
        let hoster = scan(&[HOSTER]);
        assert_eq!(hoster.mx, MxRoot::Root("kurumsaleposta.com".to_owned()));
        assert_eq!(hoster.provider.as_deref(), Some("natro"));
        assert_eq!(hoster.gateway, Gateway::Absent);
        assert_eq!((hoster.tenant, hoster.claim), (Signal::Missing, Signal::Missing));
        assert_eq!((hoster.spf, hoster.score.is_some()), (Signal::Missing, true));

        let microsoft = scan(&[MICROSOFT, SPF]);
        assert_eq!(microsoft.provider.as_deref(), Some("microsoft-365"));
        assert_eq!((microsoft.tenant, microsoft.claim), (Signal::Present, Signal::Missing));

        let google = scan(&[("@", "MX", "1 aspmx.l.google.com")]);
        assert_eq!(google.tenant, Signal::Missing, "Google's identity is no Microsoft tenant");
        assert_eq!(scan(&[OWN]).provider.as_deref(), Some("Local"));
        assert_eq!(scan(&[HOSTER, TOKEN]).claim, Signal::Present);
        assert_eq!(scan(&[HOSTER, TOKEN]).tenant, Signal::Missing, "a claim is only a claim");
    }

    #[test]
    fn what_a_scan_could_not_learn_is_unknown() {
        let failed = scan(&[("@", "MX", "?")]);
        let nothing = Snapshot::unknown(failed.observed_on);
        assert_eq!((&failed.mx, &failed.provider), (&nothing.mx, &nothing.provider));
        assert_eq!((&failed.gateway, failed.tenant), (&nothing.gateway, nothing.tenant));
        assert_eq!((failed.claim, failed.segment), (nothing.claim, nothing.segment));

        let stopped = scan(&[("@", "MX", "0 .")]);
        assert_eq!((stopped.mx, stopped.provider), (MxRoot::Absent, None));
        assert_eq!(stopped.gateway, Gateway::Unknown);
        // Nobody can name the host: it may be anybody's, and a gateway.
        let unlisted = scan(&[("@", "MX", "10 mx.nobody.example")]);
        assert_eq!((unlisted.provider, unlisted.gateway), (None, Gateway::Unknown));
        for question in [
            ("autodiscover", "CNAME"),
            ("selector2._domainkey", "TXT"),
            ("@", "TXT"),
            ("sip", "CNAME"),
        ] {
            let partly = scan(&[OWN, (question.0, question.1, "?")]);
            assert_eq!((partly.provider, partly.tenant), (None, Signal::Unknown), "{question:?}");
        }
        assert_eq!(scan(&[HOSTER, ("@", "TXT", "?")]).claim, Signal::Unknown);
        let forwarded = scan(&[("@", "MX", "10 route1.mx.cloudflare.net")]);
        assert_eq!((forwarded.provider, forwarded.gateway), (None, Gateway::Unknown));
    }

    /// Item 9 of what no other tool has.
    #[test]
    fn none_9_changes_mean_something_to_a_salesperson() {
        use ChangeKind as Kind;
        let hoster = scan(&[HOSTER]);
        assert_eq!(kinds(&hoster, &scan(&[HOSTER, TOKEN])), [Kind::DomainClaimed]);
        assert_eq!(kinds(&hoster, &scan(&[HOSTER, DKIM])), [Kind::TenantAppeared]);
        assert_eq!(
            kinds(&scan(&[HOSTER, TOKEN, DKIM]), &scan(&[MICROSOFT, TOKEN, DKIM])),
            [Kind::MxChanged, Kind::ProviderMoved]
        );
        let behind = [GATEWAY, SPF, DKIM, AUTODISCOVER];
        assert_eq!(
            kinds(&scan(&[MICROSOFT, SPF, DKIM, AUTODISCOVER]), &scan(&behind)),
            [Kind::MxChanged, Kind::GatewayAdded]
        );
        assert_eq!(
            kinds(&scan(&behind), &scan(&[MICROSOFT, SPF, DKIM, AUTODISCOVER])),
            [Kind::MxChanged, Kind::GatewayDropped]
        );
        let policy = |policy| scan(&[HOSTER, ("_dmarc", "TXT", policy)]);
        assert_eq!(
            kinds(&policy("v=DMARC1; p=quarantine"), &policy("v=DMARC1; p=reject")),
            [Kind::DmarcChanged, Kind::DmarcEnforced]
        );
    }

    /// Behind a gateway the MX stands still; only the traces tell of the move.
    #[test]
    fn a_move_behind_a_gateway_is_seen() {
        let before = scan(&[GATEWAY, ("@", "TXT", "v=spf1 redirect=_spf.yandex.net")]);
        let after = scan(&[GATEWAY, SPF, DKIM, AUTODISCOVER]);
        let found = changes(Some(&before), &after);
        let moved = found.iter().find(|change| change.kind == ChangeKind::ProviderMoved);
        let moved = moved.expect("a move");
        assert_eq!(
            (moved.before.as_deref(), moved.after.as_str()),
            (Some("yandex-360"), "microsoft-365")
        );
        assert_eq!(moved.alert, Some(AlertKind::ProviderMoved));
        assert!(!found.iter().any(|change| change.kind == ChangeKind::MxChanged));
    }

    #[test]
    fn a_time_out_never_looks_like_a_move() {
        for front in [OWN, GATEWAY] {
            let whole = [front, SPF, DKIM, AUTODISCOVER];
            let before = scan(&whole);
            assert_eq!(before.provider.as_deref(), Some("microsoft-365"), "{front:?}");
            for lost in [&[1][..], &[2], &[3], &[1, 2], &[2, 3], &[1, 2, 3]] {
                let mut partly = whole;
                for index in lost {
                    partly[*index].2 = "?";
                }
                let after = scan(&partly);
                assert!(!kinds(&before, &after).contains(&ChangeKind::ProviderMoved), "{lost:?}");
                let back = kinds(&after, &before);
                assert!(!back.contains(&ChangeKind::ProviderMoved), "{lost:?}: {back:?}");
                assert!(!back.contains(&ChangeKind::TenantAppeared), "{lost:?}: {back:?}");
            }
        }
    }
}
