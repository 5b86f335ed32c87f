//! `docs/PARITY.md` and the same list as JSON: every operation in Rust, Python and Node.

use std::fmt::Write as _;

use hunter_core::operations::batch::ColumnType;
use hunter_core::operations::{BATCHES, Batch, Column, OPERATIONS, Operation, camel_case};
use hunter_scan::session::FIELDS;
use hunter_scan::{CODES, SETTINGS, ScanSettings};
use serde_json::{Value, json};

const INTRODUCTION: &str = "\
<!-- Written by `cargo xtask gen` from the code; change `hunter_core::operations::OPERATIONS`, not this file. -->
# Parity of the languages

Rust, Python and Node offer the same operations, with the same arguments, defaults, answers and error
codes. Names are `snake_case` in Rust and Python. Node writes operations and arguments in `camelCase`;
the fields of requests and answers keep their names everywhere, since they are those of the lead row.
An answer with one field is that field's value in Python and Node. An argument that is not known has
the code `argument_invalid`, as has every value of a wrong type.

In Rust an operation is a method of `hunter_core::operations::Hunter`, in Python and Node of `Engine`.
`Hunter::call` does each of them from JSON text to JSON text, with the names of the first column. Each
language tests itself against the list that `cargo run -p xtask-gen -- operations` prints as JSON.

| Rust | Python | Node | answer | error codes |
| --- | --- | --- | --- | --- |
";

const BATCH_INTRODUCTION: &str = "
# Batches

Columns in, columns out; types are Arrow's, and every column may hold nulls. A column that is left out
holds nulls. Every row in gives one row out. A faulty row has `code: message` in `error` and nulls in all
other columns.
";

const SCAN_INTRODUCTION: &str = "
# Scanning

`scan(domains)` and `scan_sync(domains)` in Python, `scan(domains, options)` in Node, `hunter scan` on the
command line: the settings of `hunter_scan::ScanSettings`, with its defaults. On the command line a list is
an option that is given several times, and `--no-check` takes `check` away. Python and Node also take
`engine`, whose fingerprints name the DKIM selectors of each provider.

| setting | in Node | command line | what it is | default |
| --- | --- | --- | --- | --- |
";

/// The document.
pub(crate) fn document() -> String {
    let mut text = String::from(INTRODUCTION);
    // Writing to a string cannot fail.
    for operation in OPERATIONS {
        let _ = writeln!(
            text,
            "| `Hunter::{}` | `{}` | `{}` | `{}` | {} |",
            operation.name,
            operation.python_signature(),
            node_signature(operation),
            operation.answer.name,
            codes(operation.errors),
        );
    }
    for operation in OPERATIONS {
        write_operation(&mut text, operation);
    }
    text.push_str(BATCH_INTRODUCTION);
    for batch in BATCHES {
        write_batch(&mut text, batch);
    }
    write_scan(&mut text);
    text
}

/// The list as JSON: `operations` and `batches`, as `hunter_core::operations` serialises them, and `scan`
/// with its settings, output and error codes.
pub(crate) fn json() -> String {
    let defaults = scan_defaults();
    let setting = |name: &str, flag, kind| json!({"name": name, "flag": flag, "kind": kind, "default": defaults[name]});
    let settings = SETTINGS.iter().map(|found| setting(found.name, found.flag, found.kind));
    let scan = json!({
        "settings": settings.collect::<Vec<_>>(), "output": FIELDS, "errors": scan_codes(),
    });
    let list = json!({"operations": OPERATIONS, "batches": BATCHES, "scan": scan});
    let mut text = serde_json::to_string_pretty(&list).expect("string keys and plain values only");
    text.push('\n');
    text
}

fn write_operation(text: &mut String, operation: &Operation) {
    let _ = write!(
        text,
        "\n## {}\n\n{}\n\n| argument | in Node | what it is | default |\n| --- | --- | --- | --- |\n",
        operation.name, operation.summary
    );
    for argument in operation.arguments {
        let default = argument.default.map_or("required".to_owned(), |text| format!("`{text}`"));
        let _ = writeln!(
            text,
            "| `{}` | `{}` | {} | {default} |",
            argument.name,
            argument.node_name(),
            argument.kind
        );
    }
    let fields: Vec<String> =
        operation.answer.fields.iter().map(|field| format!("`{field}`")).collect();
    let _ =
        write!(text, "\nAnswer: {}.\n\n```json\n{}\n```\n", fields.join(", "), operation.example);
}

fn write_batch(text: &mut String, batch: &Batch) {
    let _ = write!(
        text,
        "\n## {}\n\n{} In Node: `{}`.\n\n| column in | type | note |\n| --- | --- | --- |\n",
        batch.name,
        batch.summary,
        camel_case(batch.name)
    );
    write_columns(text, batch.input);
    text.push_str("\n| column out | type | note |\n| --- | --- | --- |\n");
    write_columns(text, &(batch.output)());
}

fn write_scan(text: &mut String) {
    text.push_str(SCAN_INTRODUCTION);
    let defaults = scan_defaults();
    for setting in SETTINGS {
        let _ = writeln!(
            text,
            "| `{}` | `{}` | `{}` | {} | `{}` |",
            setting.name,
            camel_case(setting.name),
            setting.flag,
            setting.kind,
            defaults[setting.name]
        );
    }
    let fields: Vec<String> = FIELDS.iter().map(|field| format!("`{field}`")).collect();
    let _ = write!(
        text,
        "\nEach input gives one output: {}. An input that names no domain has its `domain_*` error there, \
         and the scan goes on; a question that failed is written in the observation, and is no error. A scan \
         that cannot be begun or gone on with has one of: {}; and `argument_invalid`, as elsewhere.\n",
        fields.join(", "),
        codes(&scan_codes()),
    );
}

fn scan_defaults() -> Value {
    serde_json::to_value(ScanSettings::default()).expect("plain values")
}

/// The codes of the scan itself; those of IP databases are warnings.
fn scan_codes() -> Vec<&'static str> {
    CODES.iter().map(|row| row.code).filter(|code| code.starts_with("scan_")).collect()
}

fn write_columns(text: &mut String, columns: &[Column]) {
    for column in columns {
        let type_name = match column.column_type {
            ColumnType::Bool => "bool",
            ColumnType::Uint8 => "uint8",
            ColumnType::Float64 => "float64",
            ColumnType::Utf8 => "utf8",
            ColumnType::ListUtf8 => "list\\<utf8\\>",
            ColumnType::Date32 => "date32",
            ColumnType::Timestamp => "timestamp[us, UTC]",
            ColumnType::Json => "utf8 with JSON",
        };
        let _ = writeln!(text, "| `{}` | {type_name} | {} |", column.name, column.note);
    }
}

/// The arguments as TypeScript writes them: a question mark where one may be left out.
fn node_signature(operation: &Operation) -> String {
    let arguments: Vec<String> = operation
        .arguments
        .iter()
        .map(|argument| {
            let mark = if argument.required() { "" } else { "?" };
            format!("{}{mark}", argument.node_name())
        })
        .collect();
    format!("{}({})", operation.node_name(), arguments.join(", "))
}

fn codes(codes: &[&str]) -> String {
    if codes.is_empty() {
        return "none".to_owned();
    }
    codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_its_row_and_its_part() {
        let text = document();
        assert!(text.contains(
            "| `Hunter::priority_score` | `priority_score(segment, score)` | \
             `priorityScore(segment, score)` | `PriorityScoreAnswer` |"
        ));
        assert!(text.contains("`classifyMx(records, domain?)`"));
        for operation in OPERATIONS {
            assert!(text.contains(&format!("\n## {}\n", operation.name)), "{}", operation.name);
        }
        for batch in BATCHES {
            assert!(text.contains(&format!("\n## {}\n", batch.name)), "{}", batch.name);
        }
        assert!(text.contains("| `timeout_ms` | `timeoutMs` | `--timeout` |"));
        let list: Value = serde_json::from_str(&json()).expect("JSON");
        assert_eq!(list["operations"].as_array().map(Vec::len), Some(OPERATIONS.len()));
        assert_eq!(list["scan"]["settings"][2]["default"], 2000);
    }
}
