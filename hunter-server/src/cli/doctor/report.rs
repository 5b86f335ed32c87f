//! What was looked at, and what came of it.

use std::fmt::Write as _;

use serde::Serialize;

/// How it stands with one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// All is well.
    Ok,
    /// The service works; somebody should look.
    Warn,
    /// The service cannot work, or not as it is set up.
    Fail,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Check {
    name: String,
    status: Verdict,
    /// What was found.
    detail: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Check {
    pub(super) fn ok(name: &str, detail: impl Into<String>) -> Self {
        let (name, detail) = (name.to_owned(), detail.into());
        Self { name, status: Verdict::Ok, detail, remedy: None }
    }

    pub(super) fn warn(name: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        let remedy = Some(remedy.into());
        Self { status: Verdict::Warn, remedy, ..Self::ok(name, detail) }
    }

    pub(super) fn failed(name: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { status: Verdict::Fail, ..Self::warn(name, detail, remedy) }
    }
}

/// All looks.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    status: Verdict,
    version: &'static str,
    checks: Vec<Check>,
}

impl Report {
    pub(super) fn new(checks: Vec<Check>) -> Self {
        let status = checks.iter().map(|check| check.status).max().unwrap_or(Verdict::Ok);
        Self { status, version: env!("CARGO_PKG_VERSION"), checks }
    }

    /// Whether nothing failed.
    pub(super) fn is_sound(&self) -> bool {
        self.status < Verdict::Fail
    }

    pub(super) fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("texts can be written");
        text + "\n"
    }

    pub(super) fn text(&self) -> String {
        let width = self.checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for Check { name, status, detail, remedy } in &self.checks {
            let word = match status {
                Verdict::Ok => "ok",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{word:<4}  {name:<width$}  {detail}");
            if let Some(remedy) = remedy {
                let _ = writeln!(text, "      {:<width$}  -> {remedy}", "");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_look_is_the_verdict() {
        let ok = Check::ok("a", "fine");
        let warn = Check::warn("b", "hm", "look");
        let failed = Check::failed("c", "no", "mend it");
        assert!(Report::new(vec![ok.clone(), warn.clone()]).is_sound());
        let report = Report::new(vec![ok, failed, warn]);
        assert!(!report.is_sound());
        let read: serde_json::Value = serde_json::from_str(&report.json()).expect("JSON");
        assert_eq!(
            (&read["status"], &read["checks"][1]["remedy"]),
            (&"fail".into(), &"mend it".into())
        );
        assert!(report.text().contains("FAIL  c  no\n         -> mend it\n"), "{}", report.text());
    }
}
