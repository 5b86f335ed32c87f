//! A table for people, with one line below it that sums up.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use hunter_core::Assessment;
use hunter_core::assess::{FindingKind, Status};
use hunter_core::observation::Signal;
use hunter_core::signals::DmarcSignal;

use super::super::Sort;
use super::Row;

/// Collects rows and prints them together: a table knows its widths only at the end.
pub(in crate::cli) struct TableWriter<W: Write> {
    out: W,
    table: Table,
    refused: Vec<String>,
    scored: usize,
    undecided: usize,
    sort: Sort,
}

impl<W: Write> TableWriter<W> {
    pub(super) fn new(out: W, sort: Sort) -> Self {
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_BORDERS_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_header([
                "priority", "score", "domain", "mail", "segment", "SPF", "DKIM", "DMARC", "notes",
            ]);
        Self { out, table, refused: Vec::new(), scored: 0, undecided: 0, sort }
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
            "\n{} scored, {} without a verdict, {} not read; {}",
            self.scored,
            self.undecided,
            self.refused.len(),
            match self.sort {
                Sort::Priority => "sorted by priority category, then score",
                Sort::Input => "in the order of the input",
            }
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
    let holder = a.provider_short_name.clone().unwrap_or_else(|| a.provider.to_string());
    match &a.gateway_short_name {
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

/// Findings that the row already shows in another cell: the gateway, the mailbox, the policy.
const SHOWN: [FindingKind; 6] = [
    FindingKind::BehindGateway,
    FindingKind::GatewayConsolidation,
    FindingKind::MailboxByTraces,
    FindingKind::MxUnlisted,
    FindingKind::EstablishedCustomer,
    FindingKind::UndeterminedMailbox,
];

/// Tags, and findings that no tag and no other cell tells; of a domain without a verdict, why.
fn notes(a: &Assessment, suggestion: Option<&str>) -> String {
    let mut notes = Vec::new();
    match a.status {
        Status::Answered => {}
        Status::DnsFailed => notes.push("the MX lookup failed".to_owned()),
        Status::NotObserved => notes.push("the MX was not asked".to_owned()),
    }
    let tags: Vec<String> = a.tags.iter().map(ToString::to_string).collect();
    notes.extend(tags.iter().cloned());
    let findings = a.findings.iter().filter(|finding| !SHOWN.contains(&finding.kind));
    let words = findings.map(|finding| finding.kind.to_string());
    notes.extend(words.filter(|word| !tags.contains(&word.replace('_', "-"))));
    notes.extend(suggestion.map(|meant| format!("did you mean {meant}?")));
    notes.join(", ")
}

#[cfg(test)]
mod tests {
    use hunter_core::{Engine, Lead, Observation};

    use super::super::sorted_by_priority;
    use super::*;

    fn row(line: usize, domain: &str, host: &str) -> Row {
        let text = format!(
            r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[
               {{"name":"{domain}","type":"MX","state":"found","records":["1 {host}"]}}]}}"#
        );
        let seen = Observation::from_json(&text).expect("well-formed");
        let assessment = Engine::builtin().assess(&seen, &Lead::default());
        Row::assessed(line, domain.to_owned(), assessment, None)
    }

    fn printed(sort: Sort, rows: &[Row]) -> String {
        let mut out = Vec::new();
        let mut writer = TableWriter::new(&mut out, sort);
        for row in rows {
            writer.write(row);
        }
        writer.finish().expect("a buffer takes all");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn d20_a_list_is_sorted_by_what_it_shows_and_says_so() {
        let rows =
            vec![row(1, "a.com", "x.mail.protection.outlook.com"), row(2, "c.com", "mail.c.com")];
        let input = printed(Sort::Input, &rows);
        assert!(input.contains("in the order of the input") && !input.contains("sorted by"));
        let sorted = sorted_by_priority(rows);
        let category = |row: &Row| {
            let lead = row.outcome.as_ref().expect("assessed");
            lead.verdict.expect("a verdict").priority_category
        };
        assert!(category(&sorted[0]) < category(&sorted[1]));
        assert_eq!((sorted[0].line, sorted[1].line), (2, 1));
        assert!(printed(Sort::Priority, &sorted).contains("sorted by priority category"));
    }
}
