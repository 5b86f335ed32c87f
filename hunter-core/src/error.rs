//! The one error type of this crate.
//!
//! Every error has a [`kind`](Error::kind), says whether trying again can help
//! ([`is_retryable`](Error::is_retryable)) and carries a stable [`code`](Error::code): the same
//! string in Rust, Python, Node, HTTP and the command line. `docs/ERRORS.md` is generated from
//! [`CODES`].

use std::fmt;

use crate::domain::DomainError;

/// Anything that can go wrong in hunter-core.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text does not hold a usable domain name.
    #[error(transparent)]
    Domain(#[from] Box<DomainError>),
    /// A rule set, price book, fingerprint table or text catalogue cannot be used.
    #[error(transparent)]
    Data(#[from] Box<DataError>),
    /// A stored observation cannot be read.
    #[error("observation: {problem}: {fix}")]
    Observation {
        /// Stable code, one of [`CODES`].
        code: &'static str,
        /// What is wrong, with the place.
        problem: String,
        /// What to do about it.
        fix: &'static str,
    },
    /// A word is not in a closed word list.
    #[error("`{word}` is not a {what}: use one of {choices}")]
    UnknownWord {
        /// Which list was asked.
        what: &'static str,
        /// The word as given.
        word: String,
        /// The words that would do.
        choices: String,
    },
    /// An argument is outside what the call takes.
    #[error("{argument}: {problem}")]
    Argument {
        /// Stable code, one of [`CODES`].
        code: &'static str,
        /// The argument's name.
        argument: &'static str,
        /// What is wrong with it and what would do.
        problem: String,
    },
}

/// What part of the work an [`Error`] belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text given as a domain.
    Domain,
    /// A data file of rules, prices, fingerprints or texts.
    Data,
    /// A stored observation.
    Observation,
    /// An argument of a call.
    Argument,
}

impl Error {
    pub(crate) fn unknown_word(what: &'static str, word: &str, choices: &[&str]) -> Self {
        Self::UnknownWord { what, word: word.to_owned(), choices: choices.join(", ") }
    }

    pub(crate) fn argument(
        code: &'static str,
        argument: &'static str,
        problem: impl Into<String>,
    ) -> Self {
        Self::Argument { code, argument, problem: problem.into() }
    }

    /// The part of the work the error belongs to.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Domain(_) => ErrorKind::Domain,
            Self::Data(_) => ErrorKind::Data,
            Self::Observation { .. } => ErrorKind::Observation,
            Self::UnknownWord { .. } | Self::Argument { .. } => ErrorKind::Argument,
        }
    }

    /// The stable code; see [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Domain(error) => error.fault.code(),
            Self::Data(error) => error.code,
            Self::Observation { code, .. } | Self::Argument { code, .. } => code,
            Self::UnknownWord { .. } => "unknown_word",
        }
    }

    /// Whether the same call can succeed later without a change. Core is pure, so never; the method
    /// stands here because every crate of the product answers it.
    pub fn is_retryable(&self) -> bool {
        false
    }
}

/// A fault in a data file: which file, which line, which key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DataError {
    /// Stable code, one of [`CODES`].
    pub code: &'static str,
    /// The file's name as the caller gave it.
    pub file: String,
    /// Line of the fault, from 1, where it is known.
    pub line: Option<usize>,
    /// Dotted path of the key, where it is known.
    pub key: Option<String>,
    /// What is wrong and what would do.
    pub problem: String,
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ": `{key}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl From<DomainError> for Error {
    fn from(error: DomainError) -> Self {
        Self::Domain(Box::new(error))
    }
}

impl From<DataError> for Error {
    fn from(error: DataError) -> Self {
        Self::Data(Box::new(error))
    }
}

/// A code, what it means and what to do: one row of `docs/ERRORS.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeInfo {
    /// The stable code.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

const fn row(code: &'static str, meaning: &'static str, remedy: &'static str) -> CodeInfo {
    CodeInfo { code, meaning, remedy }
}

/// Every code that this crate can return.
pub const CODES: &[CodeInfo] = &[
    row("domain_empty", "the cell holds nothing", "fill it in, or drop the row"),
    row(
        "domain_placeholder",
        "the cell holds a word that stands for nothing (`nan`, `N/A`, `-`) or a column heading",
        "fill in the domain, or drop the row",
    ),
    row(
        "domain_ip_address",
        "an IP address stands where a domain should",
        "give the company's domain name",
    ),
    row(
        "domain_number",
        "a number or a date stands where a domain should",
        "check that the right column was read",
    ),
    row(
        "domain_single_label",
        "a single word without a dot",
        "give the full name, with its ending: `firma.com.tr`",
    ),
    row("domain_several", "more than one domain in one cell", "write one domain a row"),
    row(
        "domain_not_a_name",
        "text with blanks or line breaks, no domain name",
        "give only the domain, the web address or the e-mail address",
    ),
    row(
        "domain_bad_scheme",
        "an address whose scheme is not one that names a company's host, or lacks its slashes",
        "use http, https, ftp or mailto, or give the bare domain",
    ),
    row("domain_no_host", "a path or a local part without a host name", "give the host as well"),
    row(
        "domain_bad_character",
        "a character that cannot stand in a host name",
        "remove the character; the message shows it",
    ),
    row(
        "domain_bad_ending",
        "an ending that no registry can have, such as `.c0m`",
        "check the spelling of the ending",
    ),
    row("domain_empty_label", "two dots in a row, or a dot in front", "remove the extra dot"),
    row(
        "domain_hyphen",
        "a label begins or ends with a hyphen, or has two in its third and fourth place",
        "correct the label",
    ),
    row(
        "domain_too_long",
        "a label over 63 octets, or a name over 253",
        "check for missing blanks",
    ),
    row(
        "domain_idna",
        "an international name that UTS #46 does not allow",
        "check the spelling; the message shows the label",
    ),
    row("data_syntax", "a data file is not well-formed", "mend the line that is named"),
    row("data_unknown_key", "a data file has a key that is not known", "check the key's spelling"),
    row("data_missing_key", "a data file lacks a key", "add the key"),
    row("data_value", "a value in a data file is out of its range", "use a value as described"),
    row("data_duplicate", "an entry stands twice in a data file", "remove one of the two"),
    row(
        "data_reference",
        "a data file names an entry that is not there",
        "add it or mend the name",
    ),
    row(
        "data_file_unknown",
        "a data file has a name that is not known",
        "use one of the names that the message gives",
    ),
    row(
        "observation_syntax",
        "a stored observation is not valid JSON of its format",
        "mend the line",
    ),
    row(
        "observation_version",
        "a stored observation is of a newer format than this version reads",
        "use the version of the product that wrote it, or a newer one",
    ),
    row(
        "unknown_word",
        "a word is not in its closed list",
        "use one of the words the message names",
    ),
    row(
        "signals_json",
        "the signals are not valid JSON",
        "mend the text; the message gives the byte",
    ),
    row("signals_depth", "the signals are nested too deeply", "nest at most 128 levels"),
    row("column_length", "the columns of a batch differ in length", "pass columns of one length"),
    row(
        "argument_invalid",
        "the arguments of an operation do not fit it",
        "mend the argument whose place the message gives",
    ),
    row("argument_missing", "something that the operation needs is not given", "give it"),
    row("argument_range", "an argument is out of its range", "use a value in the range named"),
    row("locale_unknown", "no text catalogue for that language", "use a language that is loaded"),
    row(
        "domain_free_mail",
        "the only domain given is one where private people get their mailboxes",
        "give the company's own domain or website",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_plain() {
        let mut seen = HashSet::new();
        for row in CODES {
            assert!(seen.insert(row.code), "{} stands twice", row.code);
            assert!(row.code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", row.code);
            assert!(!row.meaning.is_empty() && !row.remedy.is_empty());
        }
    }

    #[test]
    fn a_data_error_names_file_line_and_key() {
        let error = DataError {
            code: "data_value",
            file: "rules.toml".into(),
            line: Some(12),
            key: Some("points.provider.M365".into()),
            problem: "must lie between -100 and 100".into(),
        };
        assert_eq!(
            Error::from(error).to_string(),
            "rules.toml:12: `points.provider.M365`: must lie between -100 and 100"
        );
    }
}
