//! Optional controls: signs of care, which never touch the score.

use crate::assess::finding::{Finding, FindingKind};
use crate::domain::Domain;
use crate::observation::{AnswerIndex, RecordType};
use crate::records::{bimi, mta_sts, tls_rpt};

/// Whether one text is the record in question.
type Test = fn(&str) -> bool;

/// MTA-STS (RFC 8461 §3.1), TLS-RPT (RFC 8460 §3) and BIMI: the name below the domain, and the record.
const CONTROLS: [(&str, Test, FindingKind); 3] = [
    ("_mta-sts", mta_sts::is_sts, FindingKind::MtaSts),
    ("_smtp._tls", tls_rpt::is_tls_rpt, FindingKind::TlsRpt),
    ("default._bimi", bimi::is_bimi, FindingKind::Bimi),
];

/// Adds the controls that are published.
pub(super) fn read(domain: &Domain, answers: &AnswerIndex<'_>, findings: &mut Vec<Finding>) {
    let mut name = String::with_capacity(16 + domain.as_str().len());
    for (below, is_record, kind) in CONTROLS {
        name.clear();
        name.push_str(below);
        name.push('.');
        name.push_str(domain.as_str());
        let reply = answers.ask(&name, &RecordType::Txt);
        let mut records: Vec<String> = reply
            .found()
            .map(|texts| texts.iter().filter(|text| is_record(text)).cloned().collect())
            .unwrap_or_default();
        if !records.is_empty() {
            records.sort_unstable();
            findings.push(Finding::new(kind, records));
        }
    }
}
