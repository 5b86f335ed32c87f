//! Reads the TOML files of the sales engine, so that every fault names its file, line and key.

use serde::de::DeserializeOwned;

use crate::error::DataError;

/// Reads `text` into `T`; the fault names the line and the dotted key where they are known.
pub(super) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, DataError> {
    let fault = |error: &toml::de::Error, path: Option<String>| {
        let message = error.message();
        DataError {
            code: code_of(message, path.is_some()),
            file: file.to_owned(),
            line: error.span().map(|span| line_at(text, span.start)),
            key: key_of(message, path),
            problem: message.replace('\n', "; "),
        }
    };
    let input = toml::Deserializer::parse(text).map_err(|error| fault(&error, None))?;
    serde_path_to_error::deserialize(input)
        .map_err(|error| fault(error.inner(), Some(error.path().to_string())))
}

/// A fault of a value that is well-formed but cannot be used.
pub(super) fn value_fault(
    file: &str,
    text: &str,
    key: &str,
    problem: impl Into<String>,
) -> DataError {
    let last = key.rsplit('.').next().unwrap_or(key);
    DataError {
        code: "data_value",
        file: file.to_owned(),
        line: line_of_key(text, last),
        key: Some(key.to_owned()),
        problem: problem.into(),
    }
}

/// The date of a TOML value that is a local date and nothing else.
pub(super) fn calendar_date(value: toml::value::Datetime) -> Option<time::Date> {
    let (Some(date), None, None) = (value.date, value.time, value.offset) else {
        return None;
    };
    let month = time::Month::try_from(date.month).ok()?;
    time::Date::from_calendar_date(i32::from(date.year), month, date.day).ok()
}

/// The line, from 1, of the byte at `offset`.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    1 + memchr::memchr_iter(b'\n', before).count()
}

/// The line of the one assignment to `key`; `None` when there are several to choose from.
fn line_of_key(text: &str, key: &str) -> Option<usize> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| {
        line.trim_start()
            .strip_prefix(key)
            .is_some_and(|rest| rest.trim_start().starts_with(['=', ':']))
    });
    let (index, _) = lines.next()?;
    lines.next().is_none().then_some(index + 1)
}

fn code_of(message: &str, well_formed: bool) -> &'static str {
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        "data_unknown_key"
    } else if message.starts_with("missing field") {
        "data_missing_key"
    } else if message.starts_with("duplicate") {
        "data_duplicate"
    } else if well_formed {
        "data_value"
    } else {
        "data_syntax"
    }
}

/// The dotted key: the path to the value, and for a missing field the field's name added to it.
fn key_of(message: &str, path: Option<String>) -> Option<String> {
    let path = path.filter(|path| path != ".");
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match (path, missing) {
        (Some(path), Some(field)) => Some(format!("{path}.{field}")),
        (None, Some(field)) => Some(field.to_owned()),
        (path, None) => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only reading is tested")]
        inner: Inner,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only reading is tested")]
        points: u8,
    }

    fn fault(text: &str) -> (&'static str, Option<usize>, Option<String>) {
        let error = read::<Outer>("f.toml", text).expect_err("a fault");
        assert_eq!(error.file, "f.toml");
        (error.code, error.line, error.key)
    }

    #[test]
    fn every_fault_names_its_place() {
        assert_eq!(
            fault("[inner]\npoints = 900\n"),
            ("data_value", Some(2), Some("inner.points".into()))
        );
        assert_eq!(
            fault("[inner]\npoints = 9\npoits = 1\n"),
            ("data_unknown_key", Some(3), Some("inner.poits".into()))
        );
        assert_eq!(fault("[inner]\n"), ("data_missing_key", Some(1), Some("inner.points".into())));
        assert_eq!(fault("[inner]\npoints = 1\npoints = 2\n").0, "data_duplicate");
        assert_eq!(fault("[inner\n").0, "data_syntax");
        assert_eq!(fault("[inner\n").1, Some(1));
    }
}
