//! `score_batch`.

use super::super::{Hunter, SignalsRef, dmarc_signal};
use crate::batch::ScoreBatch;
use crate::domain::Domain;
use crate::error::Error;
use crate::observation::Signal;
use crate::rules::Verdict;

/// One row as `score_batch` takes it.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScoreRow<'a> {
    /// The domain; only checked, and not where it is null.
    pub domain: Option<&'a str>,
    /// The provider class; null: nobody knows who holds the mailboxes.
    pub provider: Option<&'a str>,
    /// Whether a valid SPF record is published.
    pub spf: Option<bool>,
    /// Whether a DKIM key is published.
    pub dkim: Option<bool>,
    /// The policy in force; null: unknown, empty: no record.
    pub dmarc_policy: Option<&'a str>,
    /// The SPF text.
    pub spf_record: Option<&'a str>,
    /// What the MX records say: [`mail_taken`](super::super::mail_taken) of them.
    pub mail: Signal,
}

/// The verdicts of a batch.
#[derive(Debug, Default)]
pub struct ScoreRows {
    /// A column for each field of a verdict; where a row is not valid, its values mean nothing.
    pub values: ScoreBatch,
    /// Whether there is a verdict: not without an answer to the MX question, nor where a row is faulty.
    pub valid: Vec<bool>,
    /// The faulty rows by their number, ascending.
    pub errors: Vec<(usize, Error)>,
}

impl ScoreRows {
    /// Empties the columns; the buffers stay.
    pub fn clear(&mut self) {
        self.values.clear();
        self.valid.clear();
        self.errors.clear();
    }
}

impl Hunter {
    /// The verdict on one row; `None` without an answer to the MX question.
    ///
    /// # Errors
    /// `unknown_word` for a class or a policy that is none, `domain_*` for a domain that is none.
    #[inline]
    pub fn score_row(&self, row: &ScoreRow<'_>) -> Result<Option<&Verdict>, Error> {
        if let Some(domain) = row.domain {
            domain.parse::<Domain>()?;
        }
        let provider = row.provider.map(str::parse).transpose()?;
        let signals = SignalsRef {
            spf: row.spf.into(),
            dkim: row.dkim.into(),
            dmarc: dmarc_signal(row.dmarc_policy)?,
            spf_record: row.spf_record,
        };
        Ok(self.verdict(provider, signals, row.mail))
    }

    /// Scores rows into columns, behind what stands there.
    pub fn score_batch<'a>(
        &self,
        rows: impl IntoIterator<Item = ScoreRow<'a>>,
        out: &mut ScoreRows,
    ) {
        let rows = rows.into_iter();
        out.values.reserve(rows.size_hint().0);
        out.valid.reserve(rows.size_hint().0);
        // What stands in the columns of a row without a verdict.
        let nothing = *self
            .verdict(None, SignalsRef::default(), Signal::Missing)
            .expect("that no mail is taken is an answer");
        for row in rows {
            let verdict = self.score_row(&row).unwrap_or_else(|error| {
                out.errors.push((out.valid.len(), error));
                None
            });
            out.values.push(verdict.unwrap_or(&nothing));
            out.valid.push(verdict.is_some());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_gives_one_row_and_faults_keep_their_place() {
        let good =
            ScoreRow { provider: Some("Google"), mail: Signal::Present, ..Default::default() };
        let rows = [
            good,
            ScoreRow { dmarc_policy: Some("monitor"), ..good },
            ScoreRow { mail: Signal::Unknown, ..good },
            ScoreRow { mail: Signal::Missing, ..good },
            ScoreRow { domain: Some("firma,com"), ..good },
        ];
        let mut out = ScoreRows::default();
        Hunter::builtin().score_batch(rows, &mut out);
        assert_eq!(out.valid, [true, false, false, true, false]);
        assert_eq!((out.values.score[0], out.values.score[3]), (50, 0));
        assert_eq!(out.values.segment.len(), 5);
        let faults: Vec<_> = out.errors.iter().map(|(row, error)| (*row, error.code())).collect();
        assert_eq!(faults, [(1, "unknown_word"), (4, "domain_bad_character")]);
        out.clear();
        assert!(out.valid.is_empty() && out.values.score.is_empty());
    }
}
