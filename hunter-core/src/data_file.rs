//! Reading the product's data files, with errors that name file, line and key.
//!
//! Core touches no file system: callers pass a file's name and its text.

use serde::de::DeserializeOwned;

use crate::error::DataError;

/// Where an error is reported: the name as the caller gave it, and the text for line numbers.
#[derive(Clone, Copy)]
pub(crate) struct DataFile<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl DataFile<'_> {
    /// Reads TOML into `T`.
    pub(crate) fn toml<T: DeserializeOwned>(self) -> Result<T, DataError> {
        let deserializer = toml::Deserializer::parse(self.text).map_err(|e| {
            let code = code_of(e.message()).unwrap_or("data_syntax");
            self.error(code, e.span().map(|span| span.start), None, one_line(e.message()))
        })?;
        serde_path_to_error::deserialize(deserializer).map_err(|e| {
            let start = e.inner().span().map(|span| span.start);
            self.serde_error(start.map(|at| self.line_at(at)), e.path(), e.inner().message())
        })
    }

    /// Reads JSON into `T`.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<T, DataError> {
        let mut deserializer = serde_json::Deserializer::from_str(self.text);
        serde_path_to_error::deserialize(&mut deserializer).map_err(|e| {
            let inner = e.inner();
            if inner.is_data() {
                let message = inner.to_string();
                // The place is reported apart from the text.
                let message = message.rsplit_once(" at line ").map_or(&*message, |(text, _)| text);
                self.serde_error(Some(inner.line()), e.path(), message)
            } else {
                DataError {
                    line: Some(inner.line()),
                    ..self.error("data_syntax", None, None, inner.to_string())
                }
            }
        })
    }

    /// An error at a byte offset and a key.
    pub(crate) fn error(
        self,
        code: &'static str,
        offset: Option<usize>,
        key: Option<String>,
        problem: impl Into<String>,
    ) -> DataError {
        DataError {
            code,
            file: self.name.to_owned(),
            line: offset.map(|at| self.line_at(at)),
            key,
            problem: problem.into(),
        }
    }

    /// An error at the `nth` (from 0) place where `needle` stands in the text.
    pub(crate) fn error_at_text(
        self,
        code: &'static str,
        needle: &str,
        nth: usize,
        key: String,
        problem: impl Into<String>,
    ) -> DataError {
        let offset = self.text.match_indices(needle).nth(nth).map(|(at, _)| at);
        self.error(code, offset, Some(key), problem)
    }

    /// A fault of a value that is well-formed but cannot be used. Its line is told where its key is
    /// assigned only once.
    pub(crate) fn value_fault(self, key: &str, problem: impl Into<String>) -> DataError {
        let last = key.rsplit('.').next().unwrap_or(key);
        let line = self.line_of_key(last);
        DataError { line, ..self.error("data_value", None, Some(key.to_owned()), problem) }
    }

    /// The line, from 1, of the byte at `offset`.
    pub(crate) fn line_at(self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + memchr::memchr_iter(b'\n', before).count()
    }

    fn serde_error(
        self,
        line: Option<usize>,
        path: &serde_path_to_error::Path,
        message: &str,
    ) -> DataError {
        let path = Some(path.to_string()).filter(|path| path != ".");
        let code = code_of(message).unwrap_or("data_value");
        DataError { line, ..self.error(code, None, key_of(message, path), one_line(message)) }
    }

    /// The line of the one assignment to `key`; `None` when there are several to choose from.
    fn line_of_key(self, key: &str) -> Option<usize> {
        let mut lines = self.text.lines().enumerate().filter(|(_, line)| {
            line.trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        });
        let (index, _) = lines.next()?;
        lines.next().is_none().then_some(index + 1)
    }
}

/// The date of a TOML value that is a local date and nothing else.
pub(crate) fn calendar_date(value: toml::value::Datetime) -> Option<time::Date> {
    let (Some(date), None, None) = (value.date, value.time, value.offset) else {
        return None;
    };
    let month = time::Month::try_from(date.month).ok()?;
    time::Date::from_calendar_date(i32::from(date.year), month, date.day).ok()
}

/// The code of a fault that serde or TOML tells by its words alone.
fn code_of(message: &str) -> Option<&'static str> {
    [
        ("unknown field", "data_unknown_key"),
        ("missing field", "data_missing_key"),
        ("duplicate", "data_duplicate"),
    ]
    .into_iter()
    .find_map(|(words, code)| message.starts_with(words).then_some(code))
}

/// The dotted key: the path to the value, and for a field that is missing or stands twice its name
/// added to it.
fn key_of(message: &str, path: Option<String>) -> Option<String> {
    let field = ["missing field `", "duplicate field `"]
        .into_iter()
        .find_map(|words| message.strip_prefix(words)?.split('`').next());
    match (path, field) {
        (Some(path), Some(field)) => Some(format!("{path}.{field}")),
        (None, Some(field)) => Some(field.to_owned()),
        (path, None) => path,
    }
}

/// A message of several lines in one, as errors are printed.
fn one_line(message: &str) -> String {
    message.replace('\n', "; ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[expect(dead_code, reason = "only its reading is tested")]
        points: BTreeMap<String, i8>,
        #[expect(dead_code, reason = "only its reading is tested")]
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its reading is tested")]
        share: u8,
    }

    fn toml_fault(text: &str) -> (&'static str, Option<usize>, Option<String>) {
        place(DataFile { name: "f.toml", text }.toml::<Sample>().expect_err("faulty"), "f.toml")
    }

    fn json_fault(text: &str) -> (&'static str, Option<usize>, Option<String>) {
        place(DataFile { name: "f.json", text }.json::<Sample>().expect_err("faulty"), "f.json")
    }

    fn place(error: DataError, file: &str) -> (&'static str, Option<usize>, Option<String>) {
        assert_eq!(error.file, file);
        assert!(!error.problem.contains('\n'), "{}", error.problem);
        (error.code, error.line, error.key)
    }

    #[test]
    fn toml_faults_name_line_and_key() {
        for (text, code, line, key) in [
            ("\n[points]\na = 400\n", "data_value", 3, Some("points.a")),
            ("[points]\n\n[point]\n", "data_unknown_key", 3, Some("point")),
            (
                "[points]\n[inner]\nshare = 1\nshaer = 2\n",
                "data_unknown_key",
                4,
                Some("inner.shaer"),
            ),
            ("", "data_missing_key", 1, Some("points")),
            ("[points]\n[inner]\n", "data_missing_key", 2, Some("inner.share")),
            ("[points]\na = 1\na = 2\n", "data_duplicate", 3, None),
            ("[points]\na = = 1", "data_syntax", 2, None),
            ("[inner\n", "data_syntax", 1, None),
        ] {
            assert_eq!(toml_fault(text), (code, Some(line), key.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn json_faults_name_line_and_key() {
        for (text, code, line, key) in [
            ("{\"points\":\n {\"a\": 400}}", "data_value", 2, Some("points.a")),
            ("{\"points\":{}\n,\"x\":1}", "data_unknown_key", 2, Some("x")),
            ("{\"points\":{},\n\"inner\":{}}", "data_missing_key", 2, Some("inner.share")),
            ("{\"points\":{},\n\"points\":{}}", "data_duplicate", 2, Some("points")),
            ("{\n\n", "data_syntax", 3, None),
        ] {
            assert_eq!(json_fault(text), (code, Some(line), key.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn a_line_is_told_only_where_its_key_stands_once() {
        let text = "[a]\nshare = 1\n  rate=2 # share = 3\n[b]\nshare = 4\nshares = 5\n";
        let line = |key| DataFile { name: "f.toml", text }.value_fault(key, "is odd").line;
        assert_eq!(line("a.rate"), Some(3));
        assert_eq!(line("b.shares"), Some(6));
        assert_eq!((line("a.share"), line("a.sha")), (None, None));
    }

    #[test]
    fn a_calendar_date_has_no_time_and_exists() {
        let date = |text: &str| calendar_date(text.parse().expect("a TOML date or time"));
        assert_eq!(date("2026-11-24"), Some(time::macros::date!(2026 - 11 - 24)));
        for other in ["2026-11-24T09:30:00", "2026-11-24T09:30:00Z", "09:30:00"] {
            assert_eq!(date(other), None, "{other}");
        }
    }
}
