//! `assess_batch`: flat columns as an observation.

use time::OffsetDateTime;

use super::super::Hunter;
use super::super::mail::with_preference;
use crate::assess::{Assessment, Lead};
use crate::domain::Domain;
use crate::error::Error;
use crate::observation::{Answer, Observation, Outcome, RecordType};

/// One row of flat columns, as tools keep them that do not store observations. Null was not asked and
/// is unknown; an empty list or text is the authoritative "nothing there".
#[derive(Debug, Clone, Copy, Default)]
pub struct FlatObservation<'a> {
    /// The domain.
    pub domain: Option<&'a str>,
    /// MX records, as `10 host` or as bare hosts that count as equal.
    pub mx: Option<&'a [&'a str]>,
    /// TXT records at the domain.
    pub txt: Option<&'a [&'a str]>,
    /// The TXT record at `_dmarc`.
    pub dmarc: Option<&'a str>,
    /// Targets of the CNAME records of DKIM selectors. They show who signs, not that a key stands at
    /// their end: the DKIM signal stays unknown.
    pub dkim_cnames: Option<&'a [&'a str]>,
    /// The target of the CNAME record at `autodiscover`.
    pub autodiscover: Option<&'a str>,
}

impl FlatObservation<'_> {
    /// The row as an observation. Columns do not say when they were observed: `observed_at` does.
    ///
    /// The names of DKIM selectors are not in the columns. A selector takes the name that its target
    /// begins with, which is the one that Microsoft and most senders use.
    ///
    /// # Errors
    /// A `domain_*` error for a domain that is none; `domain_empty` where it is null.
    pub fn observation(&self, observed_at: OffsetDateTime) -> Result<Observation, Error> {
        let domain: Domain = self.domain.unwrap_or_default().parse()?;
        let mut answers = Vec::new();
        let mut add = |name: String, record_type, records: Vec<String>| {
            answers.push(Answer::new(name, record_type, outcome(records)));
        };
        if let Some(mx) = self.mx {
            let records = mx.iter().map(|record| with_preference(record).into_owned()).collect();
            add(domain.to_string(), RecordType::Mx, records);
        }
        if let Some(texts) = self.txt {
            let records = texts.iter().map(|text| (*text).to_owned()).collect();
            add(domain.to_string(), RecordType::Txt, records);
        }
        if let Some(text) = self.dmarc {
            add(format!("_dmarc.{domain}"), RecordType::Txt, one(text));
        }
        if let Some(target) = self.autodiscover {
            add(format!("autodiscover.{domain}"), RecordType::Cname, one(target));
        }
        for (nth, target) in self.dkim_cnames.unwrap_or_default().iter().enumerate() {
            let selector = selector(target, &domain);
            let name = format!("{selector}._domainkey.{domain}");
            let is_taken = answers.iter().any(|answer| answer.name == name);
            let name =
                if is_taken { format!("{selector}-{nth}._domainkey.{domain}") } else { name };
            answers.push(Answer::new(name, RecordType::Cname, outcome(one(target))));
        }
        let mut observation = Observation::new(domain, observed_at);
        observation.answers = answers;
        Ok(observation)
    }
}

impl Hunter {
    /// Assesses rows of flat columns. Every row in gives one row out: an assessment, or the error that
    /// names its fault. [`assess_column`](crate::batch::assess_column) does the same for observations
    /// as JSON.
    pub fn assess_batch<'a>(
        &'a self,
        rows: impl IntoIterator<Item = FlatObservation<'a>> + 'a,
        lead: &'a Lead,
        observed_at: OffsetDateTime,
    ) -> impl Iterator<Item = Result<Assessment, Error>> + 'a {
        rows.into_iter().map(move |row| {
            let observation = row.observation(observed_at)?;
            Ok(self.assess_observation(&observation, lead, None))
        })
    }
}

fn outcome(records: Vec<String>) -> Outcome<Vec<String>> {
    if records.is_empty() { Outcome::Absent { rcode: None } } else { Outcome::Found(records) }
}

fn one(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
}

/// `selector1` from `selector1-ornek-com-tr._domainkey.ornek.onmicrosoft.com`: the first label, without
/// the domain that Microsoft writes behind it.
fn selector<'t>(target: &'t str, domain: &Domain) -> &'t str {
    let label = target.trim().split('.').next().unwrap_or_default();
    let dashed = domain.as_str().replace('.', "-");
    let short = label.strip_suffix(dashed.as_str()).and_then(|front| front.strip_suffix('-'));
    short.filter(|short| !short.is_empty()).unwrap_or(label)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::assess::Status;
    use crate::observation::Signal;
    use crate::signals::DmarcSignal;
    use crate::vocabulary::{DmarcPolicy, ProviderClass};

    const NOW: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

    fn assess(row: FlatObservation<'_>) -> Result<Assessment, Error> {
        let lead = Lead::default();
        let hunter = Hunter::builtin();
        hunter.assess_batch([row], &lead, NOW).next().expect("one row")
    }

    #[test]
    fn null_is_unknown_and_empty_is_absent() {
        let named = FlatObservation { domain: Some("ornek.com.tr"), ..Default::default() };
        let unknown = assess(named).expect("a row");
        assert_eq!((unknown.status, unknown.verdict), (Status::NotObserved, None));
        assert_eq!(unknown.unknown.len(), 4);
        let nothing = FlatObservation {
            mx: Some(&[]),
            txt: Some(&[]),
            dmarc: Some(""),
            dkim_cnames: Some(&[]),
            autodiscover: Some(""),
            ..named
        };
        let nothing = assess(nothing).expect("a row");
        assert_eq!(nothing.verdict.map(|verdict| verdict.score), Some(0));
        let signals = &nothing.authentication.signals;
        assert_eq!((signals.spf, signals.dmarc), (Signal::Missing, DmarcSignal::Absent));
        assert_eq!(signals.dkim, Signal::Unknown, "without a CNAME a key may stand there itself");
    }

    #[test]
    fn records_are_read_and_traces_count() {
        let targets = [
            "selector1-ornek-com-tr._domainkey.ornek.onmicrosoft.com",
            "selector2-ornek-com-tr._domainkey.ornek.onmicrosoft.com",
        ];
        let row = FlatObservation {
            domain: Some("Ornek.com.tr"),
            mx: Some(&["mx1.ornek.iphmx.com"]),
            txt: Some(&["v=spf1 include:spf.protection.outlook.com -all"]),
            dmarc: Some("v=DMARC1; p=reject"),
            dkim_cnames: Some(&targets),
            autodiscover: Some("autodiscover.outlook.com"),
        };
        let names: Vec<String> =
            row.observation(NOW).expect("a row").answers.into_iter().map(|a| a.name).collect();
        assert!(names.contains(&"selector2._domainkey.ornek.com.tr".to_owned()), "{names:?}");
        let found = assess(row).expect("a row");
        assert_eq!(found.provider, ProviderClass::M365);
        assert_eq!(found.gateway.as_deref(), Some("cisco-secure-email"));
        let signals = &found.authentication.signals;
        assert_eq!((signals.spf, signals.dkim), (Signal::Present, Signal::Unknown));
        assert_eq!(signals.dmarc, DmarcSignal::Policy(DmarcPolicy::Reject));
    }

    #[test]
    fn a_faulty_domain_is_an_error_of_its_row() {
        for (domain, code) in [
            (None, "domain_empty"),
            (Some("firma,com"), "domain_bad_character"),
            (Some("localhost"), "domain_single_label"),
        ] {
            let row = FlatObservation { domain, ..Default::default() };
            assert_eq!(assess(row).expect_err("refused").code(), code);
        }
    }

    #[test]
    fn selectors_are_told_apart() {
        let targets = ["k1.mcsv.net", "k1.mcsv.net", ""];
        let row = FlatObservation {
            domain: Some("ornek.com"),
            dkim_cnames: Some(&targets),
            ..Default::default()
        };
        let observation = row.observation(NOW).expect("a row");
        let names: Vec<&str> = observation.answers.iter().map(|a| a.name.as_str()).collect();
        assert_eq!(names[..2], ["k1._domainkey.ornek.com", "k1-1._domainkey.ornek.com"]);
    }
}
