//! The policy that stands at `https://mta-sts.domain/.well-known/mta-sts.txt` (RFC 8461 §3.2).

use crate::records::finding::{Finding, finding_kinds};

/// A year, the longest that a policy may be kept (RFC 8461 §3.2).
const MAX_AGE_SECONDS: u32 = 31_557_600;
/// A day: shorter policies give an attacker a chance each time (RFC 8461 §3.2 speaks of weeks).
const SHORT_SECONDS: u32 = 86_400;

finding_kinds! {
    /// Kinds of findings about a policy. Senders do not use one that they cannot read.
    pub enum StsPolicyFindingKind {
        /// A line that is not `key: value`.
        NotAField = "sts_policy_not_a_field", Void;
        /// No `version`, or one that is not `STSv1`.
        BadVersion = "sts_policy_bad_version", Void;
        /// No `mode`, or one that is not known.
        BadMode = "sts_policy_bad_mode", Void;
        /// No `max_age`, or one that is no number of at most 31557600.
        BadMaxAge = "sts_policy_bad_max_age", Void;
        /// No `mx` where the mode asks for one.
        NoMx = "sts_policy_no_mx", Void;
        /// An `mx` that is no host name, with or without `*.` in front.
        BadMx = "sts_policy_bad_mx", Void;
        /// A key stands twice; the first one counts.
        RepeatedKey = "sts_policy_repeated_key", Ignored;
        /// A key that RFC 8461 does not know; senders ignore it.
        UnknownKey = "sts_policy_unknown_key", Ignored;
        /// `testing`: senders only report.
        Testing = "sts_policy_testing", Advice;
        /// `none`: the domain takes its policy back.
        ModeNone = "sts_policy_mode_none", Advice;
        /// Kept for less than a day.
        ShortMaxAge = "sts_policy_short_max_age", Advice;
    }
}

/// One finding about a policy.
pub type StsPolicyFinding<'a> = Finding<'a, StsPolicyFindingKind>;

/// What senders do where TLS or the certificate fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `enforce`: they do not deliver.
    Enforce,
    /// `testing`: they deliver and report.
    Testing,
    /// `none`: they act as without a policy.
    None,
}

/// Which hosts may take the mail: a name, or `*.` and a name for exactly one label in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MxPattern<'a>(pub &'a str);

impl MxPattern<'_> {
    /// Whether a host, without trailing dot, is among them (RFC 8461 §4.1).
    pub fn covers(&self, host: &str) -> bool {
        match self.0.strip_prefix("*.") {
            Some(parent) => host.split_once('.').is_some_and(|(label, rest)| {
                !label.is_empty() && rest.eq_ignore_ascii_case(parent)
            }),
            None => host.eq_ignore_ascii_case(self.0),
        }
    }

    fn is_valid(&self) -> bool {
        let name = self.0.strip_prefix("*.").unwrap_or(self.0);
        let is_label = |label: &str| {
            matches!(label.len(), 1..=63)
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        name.len() <= 253 && name.contains('.') && name.split('.').all(is_label)
    }
}

/// A policy that senders use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsPolicy<'a> {
    /// What senders do.
    pub mode: Mode,
    /// For how many seconds they keep it.
    pub max_age: u32,
    /// Which hosts may take the mail.
    pub mx: Vec<MxPattern<'a>>,
}

impl<'a> StsPolicy<'a> {
    /// Reads the body of a policy: the policy where senders use it, and everything that deserves a
    /// word, in the order of kinds and text.
    ///
    /// ```
    /// use hunter_core::records::mta_sts::{Mode, StsPolicy};
    ///
    /// let body = "version: STSv1\r\nmode: enforce\r\nmx: *.mail.protection.outlook.com\r\nmax_age: 604800\r\n";
    /// let (policy, findings) = StsPolicy::read(body);
    /// let policy = policy.expect("a policy");
    /// assert_eq!((policy.mode, policy.max_age, findings.len()), (Mode::Enforce, 604_800, 0));
    /// assert!(policy.mx[0].covers("ornek-com-tr.mail.protection.outlook.com"));
    /// ```
    pub fn read(body: &'a str) -> (Option<Self>, Vec<StsPolicyFinding<'a>>) {
        use StsPolicyFindingKind as Kind;
        let mut found = Vec::new();
        let mut add = |kind, text| found.push(Finding::new(kind, text));
        let (mut version, mut mode, mut max_age) = (None, None, None);
        let mut mx = Vec::new();
        // Lines end in CRLF or LF (RFC 8461 §3.2); blanks behind them are allowed.
        let lines = body.split('\n').map(|line| line.trim_end_matches(['\r', ' ', '\t']));
        for line in lines.filter(|line| !line.is_empty()) {
            let Some((key, value)) = line.split_once(':').filter(|(key, _)| is_key(key)) else {
                add(Kind::NotAField, line);
                continue;
            };
            let value = value.trim_matches([' ', '\t']);
            let slot = match key {
                "version" => &mut version,
                "mode" => &mut mode,
                "max_age" => &mut max_age,
                "mx" => {
                    let pattern = MxPattern(value);
                    if pattern.is_valid() {
                        mx.push(pattern);
                    } else {
                        add(Kind::BadMx, value);
                    }
                    continue;
                }
                _ => {
                    add(Kind::UnknownKey, key);
                    continue;
                }
            };
            if slot.is_some() {
                add(Kind::RepeatedKey, line);
            } else {
                *slot = Some(value);
            }
        }
        if version != Some("STSv1") {
            add(Kind::BadVersion, version.unwrap_or_default());
        }
        let mode = match mode {
            Some("enforce") => Some(Mode::Enforce),
            Some("testing") => Some(Mode::Testing),
            Some("none") => Some(Mode::None),
            other => {
                add(Kind::BadMode, other.unwrap_or_default());
                None
            }
        };
        let age = max_age.filter(|age| age.bytes().all(|b| b.is_ascii_digit()));
        let age = age.and_then(|age| age.parse().ok()).filter(|age| *age <= MAX_AGE_SECONDS);
        match age {
            None => add(Kind::BadMaxAge, max_age.unwrap_or_default()),
            Some(age) if age < SHORT_SECONDS && mode != Some(Mode::None) => {
                add(Kind::ShortMaxAge, max_age.unwrap_or_default());
            }
            Some(_) => {}
        }
        match mode {
            Some(Mode::Testing) => add(Kind::Testing, "testing"),
            Some(Mode::None) => add(Kind::ModeNone, "none"),
            _ => {}
        }
        if mx.is_empty() && mode != Some(Mode::None) {
            add(Kind::NoMx, "");
        }
        found.sort_unstable();
        found.dedup();
        let usable = crate::records::is_usable(&found);
        let policy = mode.zip(age).filter(|_| usable);
        (policy.map(|(mode, max_age)| Self { mode, max_age, mx }), found)
    }
}

fn is_key(key: &str) -> bool {
    let is_char = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    matches!(key.len(), 1..=32) && key.bytes().all(is_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(body: &str) -> Vec<String> {
        let (policy, found) = StsPolicy::read(body);
        assert_eq!(policy.is_some(), crate::records::is_usable(&found));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_example_of_the_rfc() {
        let body = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmx: *.example.net\n\
                    mx: backupmx.example.com\nmax_age: 604800\n";
        assert_eq!(codes(body), [""; 0]);
        let (policy, _) = StsPolicy::read(body);
        let policy = policy.expect("a policy");
        let covers = |host| policy.mx.iter().any(|pattern| pattern.covers(host));
        assert!(covers("MAIL.example.com") && covers("a.example.net"));
        assert!(!covers("example.net") && !covers("a.b.example.net") && !covers("evilexample.net"));
    }

    #[test]
    fn every_fault_of_a_policy_is_found() {
        assert_eq!(
            codes(
                "version: STSv2\nmode: on\nmx: *.*.a.com\nmax_age: 99999999\nmode: none\nx: y\nstray"
            ),
            [
                "sts_policy_not_a_field: `stray`",
                "sts_policy_bad_version: `STSv2`",
                "sts_policy_bad_mode: `on`",
                "sts_policy_bad_max_age: `99999999`",
                "sts_policy_no_mx: ``",
                "sts_policy_bad_mx: `*.*.a.com`",
                "sts_policy_repeated_key: `mode: none`",
                "sts_policy_unknown_key: `x`",
            ]
        );
        assert_eq!(
            codes("version: STSv1\nmode: none\nmax_age: 60"),
            ["sts_policy_mode_none: `none`"]
        );
        assert_eq!(codes("").len(), 4);
    }
}
