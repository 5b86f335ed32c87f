//! CSV: the flat part of the lead row.

use std::io::{self, Write};

use hunter_core::Assessment;

use super::Row;
use crate::services::spreadsheet::neutral;

const HEADING: [&str; 33] = [
    "line",
    "input",
    "domain",
    "error",
    "suggestion",
    "scan_status",
    "priority_category",
    "priority_label",
    "priority_score",
    "readiness_score",
    "score_low",
    "score_high",
    "partial",
    "unknown",
    "segment",
    "segment_certain",
    "technical_heat",
    "commercial_segment",
    "commercial_heat",
    "provider",
    "provider_name",
    "local_provider",
    "gateway_name",
    "confidence",
    "mx_host",
    "spf",
    "dkim",
    "dmarc",
    "dmarc_policy",
    "expires_at",
    "tags",
    "findings",
    "rules_version",
];

/// Writes a heading and one record a row.
pub(in crate::cli) struct CsvWriter<W: Write> {
    out: ::csv::Writer<W>,
    has_heading: bool,
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out: ::csv::Writer::from_writer(out), has_heading: false }
    }

    pub(super) fn write(&mut self, row: &Row) -> io::Result<()> {
        self.heading()?;
        let mut fields = vec![row.line.to_string(), row.input.clone()];
        match &row.outcome {
            Ok(assessment) => fields.extend(lead_fields(assessment, row.suggestion.as_deref())),
            Err(refusal) => {
                let error = format!("{}: {}", refusal.code, refusal.message);
                fields.extend([String::new(), error]);
                fields.push(row.suggestion.clone().unwrap_or_default());
                fields.resize(HEADING.len(), String::new());
            }
        }
        let record = fields.iter().map(|field| neutral(field).into_owned());
        self.out.write_record(record).map_err(io_error)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.heading()?;
        self.out.flush()
    }

    fn heading(&mut self) -> io::Result<()> {
        if self.has_heading {
            return Ok(());
        }
        self.has_heading = true;
        self.out.write_record(HEADING).map_err(io_error)
    }
}

fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn lead_fields(a: &Assessment, suggestion: Option<&str>) -> Vec<String> {
    fn text<T: ToString>(value: Option<T>) -> String {
        value.map(|value| value.to_string()).unwrap_or_default()
    }
    fn list<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
        values.into_iter().map(|value| value.to_string()).collect::<Vec<_>>().join(" ")
    }
    let verdict = a.verdict.as_ref();
    let signals = &a.authentication.signals;
    let unknown = a.unknown.iter().map(|signal| signal.as_str());
    vec![
        a.domain.to_string(),
        String::new(),
        suggestion.unwrap_or_default().to_owned(),
        a.status.to_string(),
        text(verdict.map(|v| v.priority_category)),
        text(a.priority_label.as_deref()),
        text(verdict.map(|v| v.priority_score)),
        text(verdict.map(|v| v.score)),
        text(verdict.map(|v| v.score_low)),
        text(verdict.map(|v| v.score_high)),
        text(verdict.map(|v| v.partial)),
        list(unknown),
        text(verdict.map(|v| v.segment)),
        text(verdict.map(|v| v.segment_certain)),
        text(verdict.map(|v| v.technical_heat)),
        text(verdict.map(|v| v.commercial_segment)),
        text(verdict.map(|v| v.commercial_heat)),
        a.provider.to_string(),
        text(a.provider_name.as_deref()),
        text(a.local_provider.as_deref()),
        text(a.gateway_name.as_deref()),
        a.confidence.to_string(),
        text(a.mx_host.as_deref()),
        text(signals.spf.as_option()),
        text(signals.dkim.as_option()),
        text(signals.dmarc.presence().as_option()),
        text(signals.dmarc.policy()),
        text(a.expires_at),
        list(&a.tags),
        list(a.findings.iter().map(|finding| finding.kind)),
        a.rules_version.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use hunter_core::{Engine, Lead, Observation};

    use super::*;

    #[test]
    fn every_record_is_as_wide_as_the_heading() {
        let line = r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z"}"#;
        let seen = Observation::from_json(line).expect("well-formed");
        let assessment = Engine::builtin().assess(&seen, &Lead::default());
        assert_eq!(lead_fields(&assessment, None).len() + 2, HEADING.len());
    }
}
