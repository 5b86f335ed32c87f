//! A table for people, with one line below it that sums up.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use hunter_core::Assessment;
use hunter_core::assess::Status;
use hunter_core::observation::Signal;
use hunter_core::signals::DmarcSignal;

use super::Row;

/// Collects rows and prints them together: a table knows its widths only at the end.
pub(in crate::cli) struct TableWriter<W: Write> {
    out: W,
    table: Table,
    refused: Vec<String>,
    scored: usize,
    undecided: usize,
}

impl<W: Write> TableWriter<W> {
    pub(super) fn new(out: W) -> Self {
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_BORDERS_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header([
                "priority", "score", "domain", "mail", "segment", "SPF", "DKIM", "DMARC", "notes",
            ]);
        Self { out, table, refused: Vec::new(), scored: 0, undecided: 0 }
    }

    pub(super) fn write(&mut self, row: &Row) {
        match &row.outcome {
            Ok(assessment) => {
                match assessment.verdict {
                    Some(_) => self.scored += 1,
                    None => self.undecided += 1,
                }
                self.table.add_row(cells(assessment, row.suggestion.as_deref()));
            }
            Err(refusal) => {
                let meant =
                    row.suggestion.as_ref().map(|meant| format!("; did you mean `{meant}`?"));
                self.refused.push(format!(
                    "  line {}: `{}`: {}{}",
                    row.line,
                    row.input.escape_debug(),
                    refusal.message,
                    meant.unwrap_or_default()
                ));
            }
        }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.table.row_count() > 0 {
            writeln!(self.out, "{}", self.table)?;
        }
        if !self.refused.is_empty() {
            writeln!(self.out, "\nNot read:")?;
            for line in &self.refused {
                writeln!(self.out, "{line}")?;
            }
        }
        writeln!(
            self.out,
            "\n{} scored, {} without a verdict, {} not read; sorted by priority category, then score",
            self.scored,
            self.undecided,
            self.refused.len()
        )
    }
}

fn cells(a: &Assessment, suggestion: Option<&str>) -> [String; 9] {
    let (priority, score, segment) = match &a.verdict {
        Some(verdict) => {
            let interval = if verdict.partial {
                format!("{} ({}–{})", verdict.score, verdict.score_low, verdict.score_high)
            } else {
                verdict.score.to_string()
            };
            let certain = if verdict.segment_certain { "" } else { "?" };
            let segment = format!("{}{certain}", verdict.segment);
            (verdict.priority_category.to_string(), interval, segment)
        }
        None => ("–".to_owned(), "–".to_owned(), "–".to_owned()),
    };
    let signals = &a.authentication.signals;
    [
        priority,
        score,
        a.domain.to_unicode(),
        mail(a),
        segment,
        signal(signals.spf).to_owned(),
        signal(signals.dkim).to_owned(),
        match signals.dmarc {
            DmarcSignal::Unknown => "?".to_owned(),
            DmarcSignal::Absent => "no".to_owned(),
            DmarcSignal::Policy(policy) => policy.to_string(),
        },
        notes(a, suggestion),
    ]
}

/// Who holds the mailboxes, and what stands in front.
fn mail(a: &Assessment) -> String {
    if a.status != Status::Answered {
        return "?".to_owned();
    }
    let holder = a.provider_name.clone().unwrap_or_else(|| a.provider.to_string());
    match &a.gateway_name {
        Some(gateway) => format!("{holder} behind {gateway}"),
        None => holder,
    }
}

const fn signal(signal: Signal) -> &'static str {
    match signal {
        Signal::Present => "yes",
        Signal::Missing => "no",
        Signal::Unknown => "?",
    }
}

/// Tags and findings; of a domain without a verdict, why.
fn notes(a: &Assessment, suggestion: Option<&str>) -> String {
    let mut notes = Vec::new();
    match a.status {
        Status::Answered => {}
        Status::DnsFailed => notes.push("the MX lookup failed".to_owned()),
        Status::NotObserved => notes.push("the MX was not asked".to_owned()),
    }
    notes.extend(a.tags.iter().map(ToString::to_string));
    notes.extend(a.findings.iter().map(|finding| finding.kind.to_string()));
    notes.extend(suggestion.map(|meant| format!("did you mean {meant}?")));
    notes.join(", ")
}
