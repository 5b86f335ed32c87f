//! SMTP TLS reporting (RFC 8460 §3): where senders report failures of TLS.

use super::dmarc::Destination;
use super::finding::{Finding, finding_kinds};
use super::single::{Single, begins_like};
use super::uri::is_https;

finding_kinds! {
    /// Kinds of findings about the TXT records at `_smtp._tls`.
    pub enum TlsRptFindingKind {
        /// More than one record: senders report to none (RFC 8460 §3).
        SeveralRecords = "tlsrpt_several_records", Void;
        /// Begins like TLS-RPT, but not exactly with `v=TLSRPTv1;`.
        WrongVersion = "tlsrpt_wrong_version", Void;
        /// No `rua`.
        NoDestination = "tlsrpt_no_destination", Void;
        /// A part that is not `name=value`.
        NotATag = "tlsrpt_not_a_tag", Void;
        /// A tag stands twice; senders differ.
        RepeatedTag = "tlsrpt_repeated_tag", Ignored;
        /// A destination that is neither `mailto:` nor `https:`.
        BadDestination = "tlsrpt_bad_destination", Ignored;
        /// None of the destinations can be used.
        NoUsableDestination = "tlsrpt_no_usable_destination", Void;
        /// A tag that RFC 8460 does not know; senders ignore it.
        UnknownTag = "tlsrpt_unknown_tag", Ignored;
    }
}

/// One finding about the TXT records at `_smtp._tls`.
pub type TlsRptFinding<'a> = Finding<'a, TlsRptFindingKind>;

const SINGLE: Single<TlsRptFindingKind> = Single {
    is_record: is_tls_rpt,
    is_near_miss: |text| begins_like(text, "v=TLSRPT"),
    several: TlsRptFindingKind::SeveralRecords,
    near_miss: TlsRptFindingKind::WrongVersion,
};

/// Whether a text is a TLS-RPT record: it begins with `v=TLSRPTv1;`, exactly (RFC 8460 §3).
pub fn is_tls_rpt(text: &str) -> bool {
    text.strip_prefix("v=TLSRPTv1").is_some_and(|rest| trim(rest).starts_with(';'))
}

/// Where reports go, in the order written; empty where senders report to nobody.
///
/// ```
/// use hunter_core::records::tls_rpt::destinations;
///
/// let texts = ["v=TLSRPTv1; rua=mailto:t@ornek.com,https://tls.example.net/v1"];
/// assert_eq!(destinations(&texts), ["mailto:t@ornek.com", "https://tls.example.net/v1"]);
/// ```
pub fn destinations<S: AsRef<str>>(texts: &[S]) -> Vec<&str> {
    let Some(record) = SINGLE.only(texts) else { return Vec::new() };
    let mut found = Vec::new();
    let usable = inspect(record, &mut found);
    if super::is_usable(&found) { usable } else { Vec::new() }
}

/// Everything that deserves a word about the TXT records at `_smtp._tls`, sorted, so that the order
/// received does not matter.
pub fn findings<S: AsRef<str>>(texts: &[S]) -> Vec<TlsRptFinding<'_>> {
    SINGLE.findings(texts, |text, found| {
        inspect(text, found);
    })
}

/// Every finding about one text for which [`is_tls_rpt`] holds; gives the destinations that can be
/// used.
fn inspect<'a>(text: &'a str, found: &mut Vec<TlsRptFinding<'a>>) -> Vec<&'a str> {
    use TlsRptFindingKind as Kind;
    let mut add = |kind, text| found.push(Finding::new(kind, text));
    let mut usable = Vec::new();
    let mut has_rua = false;
    for part in text.split(';').skip(1).map(trim).filter(|part| !part.is_empty()) {
        match part.split_once('=') {
            Some(("rua", _)) if has_rua => add(Kind::RepeatedTag, part),
            Some(("rua", list)) => {
                has_rua = true;
                for uri in list.split(',').map(trim) {
                    if Destination::read(uri).address().is_some() || is_https(uri) {
                        usable.push(uri);
                    } else {
                        add(Kind::BadDestination, uri);
                    }
                }
                if usable.is_empty() {
                    add(Kind::NoUsableDestination, list);
                }
            }
            Some((name, _)) if !name.is_empty() => add(Kind::UnknownTag, name),
            _ => add(Kind::NotATag, part),
        }
    }
    if !has_rua {
        add(Kind::NoDestination, "");
    }
    usable
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[&str]) -> Vec<String> {
        findings(texts).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_examples_of_the_rfc_have_none() {
        assert_eq!(codes(&["v=TLSRPTv1;rua=mailto:reports@example.com"]), [""; 0]);
        assert_eq!(codes(&["v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt"]), [""; 0]);
    }

    #[test]
    fn every_fault_of_a_record_is_found() {
        assert_eq!(
            codes(&["v=TLSRPTv1; rua=ftp://a.com,mailto:a@b.com; rua=mailto:c@d.com; x=y; stray"]),
            [
                "tlsrpt_not_a_tag: `stray`",
                "tlsrpt_repeated_tag: `rua=mailto:c@d.com`",
                "tlsrpt_bad_destination: `ftp://a.com`",
                "tlsrpt_unknown_tag: `x`",
            ]
        );
        assert_eq!(codes(&["v=TLSRPTv1;"]), ["tlsrpt_no_destination: ``"]);
        assert_eq!(codes(&["v=tlsrptv1; rua=mailto:a@b.com"]).len(), 1);
        let two = ["v=TLSRPTv1; rua=mailto:a@b.com", "v=TLSRPTv1; rua=mailto:c@d.com"];
        assert_eq!((codes(&two).len(), destinations(&two).len()), (2, 0));
    }
}
