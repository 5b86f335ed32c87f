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
        let deserializer = toml::Deserializer::parse(self.text)
            .map_err(|e| self.error("data_syntax", e.span().map(|s| s.start), None, e.message()))?;
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

    fn serde_error(
        self,
        line: Option<usize>,
        path: &serde_path_to_error::Path,
        message: &str,
    ) -> DataError {
        let code = if message.starts_with("unknown field") {
            "data_unknown_key"
        } else if message.starts_with("missing field") {
            "data_missing_key"
        } else {
            "data_value"
        };
        let path = path.to_string();
        let key = (path != ".").then_some(path);
        DataError { line, ..self.error(code, None, key, message) }
    }

    fn line_at(self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        1 + memchr::memchr_iter(b'\n', before).count()
    }
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
    }

    fn place(error: &DataError) -> (&'static str, Option<usize>, Option<&str>) {
        (error.code, error.line, error.key.as_deref())
    }

    #[test]
    fn toml_faults_name_line_and_key() {
        let read = |text| DataFile { name: "f.toml", text }.toml::<Sample>().expect_err("faulty");
        assert_eq!(
            place(&read("\n[points]\na = 400\n")),
            ("data_value", Some(3), Some("points.a"))
        );
        assert_eq!(
            place(&read("[points]\n\n[point]\n")),
            ("data_unknown_key", Some(3), Some("point"))
        );
        assert_eq!(place(&read("")).0, "data_missing_key");
        assert_eq!(place(&read("[points]\na = = 1")), ("data_syntax", Some(2), None));
    }

    #[test]
    fn json_faults_name_line_and_key() {
        let read = |text| DataFile { name: "f.json", text }.json::<Sample>().expect_err("faulty");
        let error = read("{\"points\":\n {\"a\": 400}}");
        assert_eq!(place(&error), ("data_value", Some(2), Some("points.a")));
        assert_eq!(
            place(&read("{\"points\":{}\n,\"x\":1}")),
            ("data_unknown_key", Some(2), Some("x"))
        );
        assert_eq!(place(&read("{\n\n")), ("data_syntax", Some(3), None));
    }
}
