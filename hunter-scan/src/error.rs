//! The one error type of this crate. An observation never fails; only setting up a scanner can.

use hunter_core::error::CodeInfo;

/// Why a scanner cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// A setting is outside what the scanner takes.
    #[error("`{setting}`: {problem}")]
    Setting {
        /// The setting's name, a field of [`ScanConfig`](crate::ScanConfig).
        setting: &'static str,
        /// What is wrong and what would do.
        problem: String,
    },
    /// A DKIM selector that cannot stand in a name.
    #[error("dkim selector `{selector}`: {problem}")]
    Selector {
        /// The selector as given.
        selector: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A data file, given or downloaded, that is not what it should be.
    #[error("{file}: {problem}")]
    DataFile {
        /// Which file.
        file: &'static str,
        /// What is wrong with it, and where.
        problem: String,
    },
    /// The client for outbound HTTPS cannot be set up.
    #[error("http client: {problem}")]
    HttpClient {
        /// What went wrong.
        problem: String,
    },
    /// The threads on which a [`Session`](crate::session::Session) runs cannot be started.
    #[error("the threads of a scan: {problem}")]
    Threads {
        /// What went wrong.
        problem: String,
    },
    /// No resolver was named, and the system's own cannot be found out.
    #[error("the system's resolvers: {problem}: name one in `resolvers`")]
    SystemResolvers {
        /// What went wrong.
        problem: String,
    },
    /// A resolver says of names what cannot be.
    #[error("resolver {resolver} cannot be believed: {problem}: name another one in `resolvers`")]
    ResolverLies {
        /// The resolver.
        resolver: String,
        /// What it said.
        problem: String,
    },
    /// No resolver answers.
    #[error(
        "no answer from {resolvers} ({reason}): check the network, or name another in `resolvers`"
    )]
    ResolversSilent {
        /// All that were asked.
        resolvers: String,
        /// Why: `timeout`, `network`, `refused`, `servfail` or `malformed`.
        reason: &'static str,
    },
}

/// What part of the work a [`ScanError`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's settings.
    Config,
    /// The system the scanner runs on.
    System,
    /// The resolvers that are asked.
    Resolver,
}

impl ScanError {
    pub(crate) fn setting(setting: &'static str, problem: impl Into<String>) -> Self {
        Self::Setting { setting, problem: problem.into() }
    }

    /// The part of the work the error belongs to.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Setting { .. } | Self::Selector { .. } | Self::DataFile { .. } => {
                ErrorKind::Config
            }
            Self::SystemResolvers { .. } | Self::HttpClient { .. } | Self::Threads { .. } => {
                ErrorKind::System
            }
            Self::ResolverLies { .. } | Self::ResolversSilent { .. } => ErrorKind::Resolver,
        }
    }

    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Setting { .. } => "scan_setting",
            Self::Selector { .. } => "scan_selector",
            Self::DataFile { .. } => "scan_data_file",
            Self::HttpClient { .. } => "scan_http_client",
            Self::Threads { .. } => "scan_threads",
            Self::SystemResolvers { .. } => "scan_system_resolvers",
            Self::ResolverLies { .. } => "scan_resolver_lies",
            Self::ResolversSilent { .. } => "scan_resolvers_silent",
        }
    }

    /// Whether the same call can succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::ResolversSilent { .. })
    }
}

/// Every code that this crate can return.
pub const CODES: &[CodeInfo] = &[
    CodeInfo {
        code: "scan_setting",
        meaning: "a scan setting is out of its range",
        remedy: "use a value in the range the message names",
    },
    CodeInfo {
        code: "scan_selector",
        meaning: "a DKIM selector cannot stand in a DNS name",
        remedy: "write only the part before `._domainkey`, such as `selector1`",
    },
    CodeInfo {
        code: "scan_data_file",
        meaning: "a data file is not in its form: the RDAP bootstrap or the WHOIS servers",
        remedy: "correct what the message names, or go back to the built-in file",
    },
    CodeInfo {
        code: "scan_http_client",
        meaning: "the client for outbound HTTPS cannot be set up",
        remedy: "mend what the message names, such as the user agent",
    },
    CodeInfo {
        code: "scan_threads",
        meaning: "the threads of a scan cannot be started",
        remedy: "raise the limit of threads, or end what uses them up",
    },
    CodeInfo {
        code: "scan_system_resolvers",
        meaning: "no resolver was named and the system's own cannot be read",
        remedy: "name a resolver, such as `192.0.2.53:53`",
    },
    CodeInfo {
        code: "scan_resolver_lies",
        meaning: "a resolver gives records of made-up names, or denies the root",
        remedy: "name a resolver that leaves answers as they are; a portal may want a log-in first",
    },
    CodeInfo {
        code: "scan_resolvers_silent",
        meaning: "no resolver answers",
        remedy: "check the network and the firewall, or name another resolver",
    },
    CodeInfo {
        code: "ip_data_missing",
        meaning: "a named IP database does not exist",
        remedy: "fetch the file, or take it out of the settings",
    },
    CodeInfo {
        code: "ip_data_unreadable",
        meaning: "a named IP database cannot be read",
        remedy: "mend what the message names: leave, size, or a file that is still being written",
    },
    CodeInfo {
        code: "ip_data_unknown",
        meaning: "a named file is no IP database that is known",
        remedy: "name a MaxMind, IP2Location or IP2Proxy file",
    },
    CodeInfo {
        code: "ip_data_corrupt",
        meaning: "an IP database contradicts itself or breaks off",
        remedy: "fetch the file again",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ip_data::{IpDataProblem, IpDataProblemKind as Kind};

    #[test]
    fn every_error_has_its_row() {
        let errors = [
            ScanError::setting("timeout", "too short"),
            ScanError::Selector { selector: "a b".into(), problem: "a blank" },
            ScanError::DataFile { file: "rdap bootstrap", problem: "no JSON".into() },
            ScanError::HttpClient { problem: "no".into() },
            ScanError::Threads { problem: "no more".into() },
            ScanError::SystemResolvers { problem: "no file".into() },
            ScanError::ResolverLies { resolver: "192.0.2.53".into(), problem: "it lies".into() },
            ScanError::ResolversSilent { resolvers: "192.0.2.53".into(), reason: "timeout" },
        ];
        let kinds = [Kind::Missing, Kind::Unreadable, Kind::Unknown, Kind::Corrupt];
        assert_eq!(CODES.len(), errors.len() + kinds.len());
        for error in errors {
            assert!(CODES.iter().any(|row| row.code == error.code()), "{error}");
        }
        for kind in kinds {
            let problem = IpDataProblem { path: "x.mmdb".into(), kind, problem: "x".into() };
            assert!(CODES.iter().any(|row| row.code == problem.code()), "{problem}");
        }
    }
}
