//! Kernels over columns: the same conclusions as the row API, for millions of rows.
//!
//! Columns are plain slices, one value a row, so that any columnar format can feed them. Results go
//! into buffers that the caller keeps and reuses.
//!
//! ```
//! use hunter_core::batch::{ScoreBatch, ScoreColumns};
//! use hunter_core::observation::Signal;
//! use hunter_core::rules::{Mailbox, RuleSet};
//! use hunter_core::signals::DmarcSignal;
//! use hunter_core::vocabulary::ProviderClass;
//!
//! let columns = ScoreColumns {
//!     mailbox: &[Mailbox::Class(ProviderClass::M365), Mailbox::None],
//!     spf: &[Signal::Present, Signal::Present],
//!     dkim: &[Signal::Present, Signal::Unknown],
//!     dmarc: &[DmarcSignal::Absent, DmarcSignal::Unknown],
//!     many_includes: &[Signal::Missing, Signal::Missing],
//! };
//! let mut batch = ScoreBatch::default();
//! batch.score(&RuleSet::builtin(), &columns)?;
//! assert_eq!(batch.score, [70, 0]);
//! # Ok::<(), hunter_core::Error>(())
//! ```

use crate::assess::{Assessment, Engine, Lead};
use crate::error::Error;
use crate::observation::{Observation, Signal};
use crate::provider::{Fingerprints, MxMatch};
use crate::rules::{Mailbox, RuleSet, ScoreFacts, Verdict};
use crate::signals::DmarcSignal;
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, PriorityCategory, ProviderClass, Segment, TechnicalHeat,
};

/// The facts of many domains, a column each. All columns have one length.
#[derive(Debug, Clone, Copy)]
pub struct ScoreColumns<'a> {
    /// Who holds the mailboxes.
    pub mailbox: &'a [Mailbox],
    /// Whether a valid SPF record is published.
    pub spf: &'a [Signal],
    /// Whether a DKIM key is published.
    pub dkim: &'a [Signal],
    /// The DMARC policy in force.
    pub dmarc: &'a [DmarcSignal],
    /// Whether the SPF text holds more `include:` than the rule set allows.
    pub many_includes: &'a [Signal],
}

/// The verdicts of many domains, a column each; the fields are those of
/// [`Verdict`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "each column is the field of the same name of `Verdict`")]
pub struct ScoreBatch {
    pub score: Vec<u8>,
    pub score_low: Vec<u8>,
    pub score_high: Vec<u8>,
    pub partial: Vec<bool>,
    pub segment_certain: Vec<bool>,
    pub segment: Vec<Segment>,
    pub technical_heat: Vec<TechnicalHeat>,
    pub commercial_segment: Vec<CommercialSegment>,
    pub commercial_heat: Vec<CommercialHeat>,
    pub priority_category: Vec<PriorityCategory>,
    pub priority_score: Vec<u8>,
}

impl ScoreColumns<'_> {
    fn rows(&self) -> Result<usize, Error> {
        let rows = self.mailbox.len();
        let others = [
            ("spf", self.spf.len()),
            ("dkim", self.dkim.len()),
            ("dmarc", self.dmarc.len()),
            ("many_includes", self.many_includes.len()),
        ];
        match others.iter().find(|(_, length)| *length != rows) {
            Some((column, length)) => Err(Error::argument(
                "column_length",
                column,
                format!("has {length} rows where `mailbox` has {rows}"),
            )),
            None => Ok(rows),
        }
    }
}

impl ScoreBatch {
    /// Scores every row; earlier content is replaced, buffers are kept.
    ///
    /// # Errors
    /// `column_length` when the columns differ in length.
    pub fn score(&mut self, rules: &RuleSet, columns: &ScoreColumns<'_>) -> Result<(), Error> {
        let rows = columns.rows()?;
        self.clear();
        self.reserve(rows);
        for row in 0..rows {
            let verdict = rules.verdict(&ScoreFacts {
                mailbox: columns.mailbox[row],
                spf: columns.spf[row],
                dkim: columns.dkim[row],
                dmarc: columns.dmarc[row],
                many_includes: columns.many_includes[row],
            });
            self.push(verdict);
        }
        Ok(())
    }

    /// Adds one row.
    pub fn push(&mut self, verdict: &Verdict) {
        self.score.push(verdict.score);
        self.score_low.push(verdict.score_low);
        self.score_high.push(verdict.score_high);
        self.partial.push(verdict.partial);
        self.segment_certain.push(verdict.segment_certain);
        self.segment.push(verdict.segment);
        self.technical_heat.push(verdict.technical_heat);
        self.commercial_segment.push(verdict.commercial_segment);
        self.commercial_heat.push(verdict.commercial_heat);
        self.priority_category.push(verdict.priority_category);
        self.priority_score.push(verdict.priority_score);
    }

    /// Empties the columns; the buffers stay.
    pub fn clear(&mut self) {
        self.score.clear();
        self.score_low.clear();
        self.score_high.clear();
        self.partial.clear();
        self.segment_certain.clear();
        self.segment.clear();
        self.technical_heat.clear();
        self.commercial_segment.clear();
        self.commercial_heat.clear();
        self.priority_category.clear();
        self.priority_score.clear();
    }

    /// Makes room for more rows.
    pub fn reserve(&mut self, rows: usize) {
        self.score.reserve(rows);
        self.score_low.reserve(rows);
        self.score_high.reserve(rows);
        self.partial.reserve(rows);
        self.segment_certain.reserve(rows);
        self.segment.reserve(rows);
        self.technical_heat.reserve(rows);
        self.commercial_segment.reserve(rows);
        self.commercial_heat.reserve(rows);
        self.priority_category.reserve(rows);
        self.priority_score.reserve(rows);
    }
}

/// Names the provider of every MX host; `None` where the table lists none.
pub fn match_mx_column<'a, S: AsRef<str>>(
    fingerprints: &'a Fingerprints,
    hosts: &[S],
    out: &mut Vec<Option<MxMatch<'a>>>,
) {
    out.clear();
    out.extend(hosts.iter().map(|host| fingerprints.match_mx(host.as_ref())));
}

/// The scoring class of a matched host: the class of its provider, else an unlisted host's.
pub fn class_of(found: Option<&MxMatch<'_>>) -> ProviderClass {
    found.map_or(ProviderClass::Local, |found| found.provider.class())
}

/// Assesses stored observations, one JSON object a row. Every row in gives one row out: an assessment,
/// or the error that names its fault.
pub fn assess_column<'a, S: AsRef<str> + 'a>(
    engine: &'a Engine,
    lines: &'a [S],
    lead: &'a Lead,
) -> impl ExactSizeIterator<Item = Result<Assessment, Error>> + 'a {
    lines.iter().map(move |line| {
        Observation::from_json(line.as_ref()).map(|observation| engine.assess(&observation, lead))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_unequal_length_are_refused_by_name() {
        let columns = ScoreColumns {
            mailbox: &[Mailbox::None],
            spf: &[Signal::Present],
            dkim: &[],
            dmarc: &[DmarcSignal::Absent],
            many_includes: &[Signal::Missing],
        };
        let error =
            ScoreBatch::default().score(&RuleSet::builtin(), &columns).expect_err("dkim is short");
        assert_eq!(error.code(), "column_length");
        assert_eq!(error.to_string(), "dkim: has 0 rows where `mailbox` has 1");
    }

    #[test]
    fn every_line_gives_one_row() {
        let engine = Engine::builtin();
        let good = r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z"}"#;
        let lead = Lead::default();
        let rows: Vec<_> = assess_column(&engine, &[good, "not JSON", good], &lead).collect();
        assert_eq!(rows.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    }

    #[test]
    fn an_unlisted_host_is_local_and_a_gateway_unknown() {
        let table = Fingerprints::builtin();
        let mut found = Vec::new();
        match_mx_column(&table, &["mail.ornek.com", "mx1.ornek.iphmx.com"], &mut found);
        assert_eq!(class_of(found[0].as_ref()), ProviderClass::Local);
        assert_eq!(class_of(found[1].as_ref()), ProviderClass::Unknown);
    }
}
