//! `score`: from a provider, the signals and the MX records to the verdict.

use serde::{Deserialize, Deserializer, Serialize};

use super::Hunter;
use crate::assess::Status;
use crate::domain::Domain;
use crate::error::Error;
use crate::observation::Signal;
use crate::rules::{Breakdown, Mailbox, ReferralFacts, ScoreFacts, Verdict};
use crate::signals::{DmarcSignal, UnknownSignal};
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, DmarcPolicy, PriorityCategory, ProviderClass, Segment,
    TechnicalHeat,
};

/// Arguments of `score`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRequest {
    /// The scoring class of whoever holds the mailboxes; `null` where nobody knows.
    #[serde(deserialize_with = "required")]
    pub provider: Option<ProviderClass>,
    /// What is known of SPF, DKIM and DMARC.
    pub signals: SignalsInput,
    /// The MX records, as `10 host` or as bare hosts. An empty list is the authoritative "no MX", a
    /// hard fail; `null` says that nobody knows, and gives no verdict.
    #[serde(deserialize_with = "required")]
    pub mx_records: Option<Vec<String>>,
    /// The domain; it is checked and handed through.
    #[serde(default)]
    pub domain: Option<Domain>,
}

/// The signals as a caller has them. A key that is missing, and a `null` boolean, are unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignalsInput {
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Whether a DKIM key is published.
    pub dkim: Signal,
    /// The policy in force, in any case; `null` where there is no record, left out where unknown.
    #[serde(rename = "dmarc_policy", deserialize_with = "policy")]
    pub dmarc: DmarcSignal,
    /// The SPF text, for its number of includes.
    pub spf_record: Option<String>,
}

/// [`SignalsInput`], borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignalsRef<'a> {
    /// Whether a valid SPF record is published.
    pub spf: Signal,
    /// Whether a DKIM key is published.
    pub dkim: Signal,
    /// The policy in force.
    pub dmarc: DmarcSignal,
    /// The SPF text, for its number of includes.
    pub spf_record: Option<&'a str>,
}

impl SignalsInput {
    /// The same, borrowed.
    pub fn as_ref(&self) -> SignalsRef<'_> {
        let Self { spf, dkim, dmarc, spf_record } = self;
        SignalsRef { spf: *spf, dkim: *dkim, dmarc: *dmarc, spf_record: spf_record.as_deref() }
    }
}

/// The verdict in the names of the lead row. Without an answer to the MX question everything that
/// follows from it is `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `Verdict` and `Assessment`")]
pub struct ScoreAnswer {
    pub domain: Option<Domain>,
    pub scan_status: Status,
    pub score: Option<u8>,
    pub score_low: Option<u8>,
    pub score_high: Option<u8>,
    pub partial: bool,
    pub unknown: Vec<UnknownSignal>,
    pub segment: Option<Segment>,
    pub segment_certain: Option<bool>,
    pub technical_heat: Option<TechnicalHeat>,
    pub commercial_segment: Option<CommercialSegment>,
    pub commercial_heat: Option<CommercialHeat>,
    pub priority_category: Option<PriorityCategory>,
    pub priority_label: Option<String>,
    pub priority_score: Option<u8>,
    pub breakdown: Option<Breakdown>,
    pub rules_version: String,
    pub rules_hash: String,
}

impl Hunter {
    /// Scores one domain by what is known of it.
    pub fn score(&self, request: &ScoreRequest) -> ScoreAnswer {
        let mail = mail_taken(request.mx_records.as_deref());
        let facts = self.score_facts(request.provider, request.signals.as_ref(), mail);
        let verdict = facts.map(|facts| *self.rules().verdict(&facts));
        ScoreAnswer {
            domain: request.domain.clone(),
            scan_status: facts.map_or(Status::NotObserved, |_| Status::Answered),
            score: verdict.map(|v| v.score),
            score_low: verdict.map(|v| v.score_low),
            score_high: verdict.map(|v| v.score_high),
            partial: verdict.is_some_and(|v| v.partial),
            unknown: unknown(facts.map(|facts| facts.mailbox), request.signals.as_ref()),
            segment: verdict.map(|v| v.segment),
            segment_certain: verdict.map(|v| v.segment_certain),
            technical_heat: verdict.map(|v| v.technical_heat),
            commercial_segment: verdict.map(|v| v.commercial_segment),
            commercial_heat: verdict.map(|v| v.commercial_heat),
            priority_category: verdict.map(|v| v.priority_category),
            priority_label: verdict
                .map(|v| self.rules().priority_label(v.priority_category).to_owned()),
            priority_score: verdict.map(|v| v.priority_score),
            breakdown: facts.map(|facts| self.rules().breakdown(&facts, ReferralFacts::default())),
            rules_version: self.rules().version().to_owned(),
            rules_hash: self.rules().hash().to_owned(),
        }
    }

    /// The verdict alone, without an allocation. `provider` is `None` where nobody knows who holds the
    /// mailboxes, and `mail` says what the MX question says; see [`mail_taken`]. `None` where it was
    /// not answered.
    #[inline]
    pub fn verdict(
        &self,
        provider: Option<ProviderClass>,
        signals: SignalsRef<'_>,
        mail: Signal,
    ) -> Option<&Verdict> {
        Some(self.rules().verdict(&self.score_facts(provider, signals, mail)?))
    }

    #[inline]
    pub(super) fn score_facts(
        &self,
        provider: Option<ProviderClass>,
        signals: SignalsRef<'_>,
        mail: Signal,
    ) -> Option<ScoreFacts> {
        let mailbox = match mail {
            Signal::Unknown => return None,
            Signal::Missing => Mailbox::None,
            Signal::Present => provider.map_or(Mailbox::Undetermined, Mailbox::Class),
        };
        let SignalsRef { spf, dkim, dmarc, spf_record } = signals;
        let many_includes = self.rules().many_includes(spf, spf_record);
        Some(ScoreFacts { mailbox, spf, dkim, dmarc, many_includes })
    }
}

/// Whether mail is taken, by MX records such as `10 host` or `host`: not without records, nor where
/// all are null MX (RFC 7505); unknown without an answer.
pub fn mail_taken<S: AsRef<str>>(records: Option<impl IntoIterator<Item = S>>) -> Signal {
    let is_null = |record: S| {
        let record = record.as_ref().trim();
        record == "."
            || record.split_once([' ', '\t']).is_some_and(|(preference, host)| {
                host.trim_start() == "." && preference.parse::<u16>().is_ok()
            })
    };
    Signal::from(records.map(|records| !records.into_iter().all(is_null)))
}

/// A DMARC policy from a column or an argument: `None` is unknown, the empty text an absent record.
///
/// # Errors
/// `unknown_word` where the text is not a policy.
pub fn dmarc_signal(policy: Option<&str>) -> Result<DmarcSignal, Error> {
    match policy {
        None => Ok(DmarcSignal::Unknown),
        Some("") => Ok(DmarcSignal::Absent),
        Some(word) => match DmarcPolicy::from_word(word) {
            Some(policy) => Ok(DmarcSignal::Policy(policy)),
            None => word.parse().map(DmarcSignal::Policy),
        },
    }
}

fn unknown(mailbox: Option<Mailbox>, signals: SignalsRef<'_>) -> Vec<UnknownSignal> {
    let facts = [
        (UnknownSignal::Provider, matches!(mailbox, None | Some(Mailbox::Undetermined))),
        (UnknownSignal::Spf, signals.spf == Signal::Unknown),
        (UnknownSignal::Dkim, signals.dkim == Signal::Unknown),
        (UnknownSignal::Dmarc, signals.dmarc == DmarcSignal::Unknown),
    ];
    facts.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(signal, _)| signal).collect()
}

/// An argument that may be `null`, but not be left out.
pub(super) fn required<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer)
}

/// `null` is an absent record; a field that is left out never gets here.
pub(super) fn policy<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DmarcSignal, D::Error> {
    let word = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    match word {
        None => Ok(DmarcSignal::Absent),
        Some(word) => DmarcPolicy::from_word(&word)
            .map_or_else(|| word.parse().map_err(serde::de::Error::custom), Ok)
            .map(DmarcSignal::Policy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(json: &str) -> ScoreAnswer {
        Hunter::builtin().score(&serde_json::from_str(json).expect("a request"))
    }

    #[test]
    fn what_is_left_out_is_unknown_and_a_null_policy_is_absent() {
        let signals = |json| serde_json::from_str::<SignalsInput>(json).expect("signals");
        assert_eq!(signals("{}"), SignalsInput::default());
        assert_eq!(signals(r#"{"spf":null,"dkim":null}"#), SignalsInput::default());
        assert_eq!(signals(r#"{"dmarc_policy":null}"#).dmarc, DmarcSignal::Absent);
        let reject = DmarcSignal::Policy(DmarcPolicy::Reject);
        assert_eq!(signals(r#"{"dmarc_policy":"REJECT"}"#).dmarc, reject);
    }

    #[test]
    fn no_answer_is_no_verdict_and_no_mail_is_a_hard_fail() {
        let unknown = score(r#"{"provider":"Google","signals":{},"mx_records":null}"#);
        assert_eq!((unknown.score, unknown.segment, unknown.unknown.len()), (None, None, 4));
        assert_eq!(unknown.scan_status, Status::NotObserved);
        for records in ["[]", r#"["0 ."]"#, r#"["."]"#] {
            let none = score(&format!(
                r#"{{"provider":"Google","signals":{{"spf":true}},"mx_records":{records}}}"#
            ));
            assert_eq!((none.score, none.segment), (Some(0), Some(Segment::Skip)), "{records}");
        }
    }

    #[test]
    fn an_unknown_holder_is_not_the_class_unknown() {
        let json = |provider| {
            format!(
                r#"{{"provider":{provider},"signals":{{"spf":true,"dkim":true,"dmarc_policy":null}},"mx_records":["mx.example"]}}"#
            )
        };
        let (holder, class) = (score(&json("null")), score(&json("\"Unknown\"")));
        assert_eq!((holder.score, class.score), (Some(20), Some(20)));
        assert!(holder.partial && !class.partial);
        assert_eq!((holder.score_high, class.score_high), (Some(70), Some(20)));
    }

    #[test]
    fn the_empty_text_of_a_column_is_an_absent_record() {
        assert_eq!(dmarc_signal(Some("")).expect("absent"), DmarcSignal::Absent);
        assert_eq!(dmarc_signal(None).expect("unknown"), DmarcSignal::Unknown);
        assert_eq!(dmarc_signal(Some("monitor")).expect_err("no policy").code(), "unknown_word");
    }
}
