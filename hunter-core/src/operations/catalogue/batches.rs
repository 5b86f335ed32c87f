//! The operations on batches: columns in, columns out.

use serde::{Serialize, Serializer};

use super::super::batch::{ColumnType, LEAD_COLUMNS};

/// One operation on a batch: the same in Python and Node. In Rust rows are views into columns; see
/// [`batch`](super::super::batch).
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Batch {
    /// Its name in Rust and Python.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The columns that it takes. A column may be left out and then holds nulls.
    pub input: &'static [Column],
    /// The columns that it gives; the last is `error`.
    #[serde(serialize_with = "listed")]
    pub output: fn() -> Vec<Column>,
}

/// A column of a batch. Every column may hold nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// What null, or the empty value, says, where that is not plain.
    pub note: &'static str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn listed<S: Serializer>(columns: &fn() -> Vec<Column>, serializer: S) -> Result<S::Ok, S::Error> {
    columns().serialize(serializer)
}

const fn column(name: &'static str, column_type: ColumnType) -> Column {
    Column { name, column_type, note: "" }
}

const fn noted(name: &'static str, column_type: ColumnType, note: &'static str) -> Column {
    Column { name, column_type, note }
}

/// What a faulty row holds: its code, a colon and the message; all other columns of the row are null.
const ERROR: Column = noted("error", ColumnType::Utf8, "null: no fault; else `code: message`");

/// Every operation on batches.
pub const BATCHES: &[Batch] = &[
    Batch {
        name: "score_batch",
        summary: "Scores rows by their provider, signals and MX records.",
        input: &[
            noted("domain", ColumnType::Utf8, "only checked"),
            noted("provider", ColumnType::Utf8, "null: nobody knows who holds the mailboxes"),
            noted("spf", ColumnType::Bool, "null: unknown"),
            noted("dkim", ColumnType::Bool, "null: unknown"),
            noted("dmarc_policy", ColumnType::Utf8, "null: unknown; empty: no record"),
            column("spf_record", ColumnType::Utf8),
            noted("mx_records", ColumnType::ListUtf8, "null: unknown, no verdict; empty: no MX"),
        ],
        output: || {
            vec![
                column("score", ColumnType::Uint8),
                column("score_low", ColumnType::Uint8),
                column("score_high", ColumnType::Uint8),
                column("partial", ColumnType::Bool),
                column("segment_certain", ColumnType::Bool),
                column("segment", ColumnType::Utf8),
                column("technical_heat", ColumnType::Utf8),
                column("commercial_segment", ColumnType::Utf8),
                column("commercial_heat", ColumnType::Utf8),
                column("priority_category", ColumnType::Utf8),
                column("priority_score", ColumnType::Uint8),
                ERROR,
            ]
        },
    },
    Batch {
        name: "classify_batch",
        summary: "Names who takes the mail, by MX records or hosts.",
        input: &[noted(
            "mx",
            ColumnType::ListUtf8,
            "`utf8` for one host a row; null: unknown; empty: no MX",
        )],
        output: || {
            vec![
                column("provider", ColumnType::Utf8),
                column("provider_id", ColumnType::Utf8),
                column("provider_name", ColumnType::Utf8),
                column("local_provider", ColumnType::Utf8),
                column("gateway", ColumnType::Utf8),
                column("gateway_name", ColumnType::Utf8),
                column("basis", ColumnType::Utf8),
                column("confidence", ColumnType::Float64),
                ERROR,
            ]
        },
    },
    Batch {
        name: "assess_batch",
        summary: "Assesses rows: observations as JSON, or flat columns.",
        input: &[
            noted(
                "observation",
                ColumnType::Utf8,
                "JSON; where it is there, it is the only column",
            ),
            noted("domain", ColumnType::Utf8, "null: a faulty row"),
            noted("mx", ColumnType::ListUtf8, "null: unknown; empty: no MX"),
            noted("txt", ColumnType::ListUtf8, "null: unknown; empty: no TXT record"),
            noted("dmarc", ColumnType::Utf8, "null: unknown; empty: no record"),
            noted("dkim_cnames", ColumnType::ListUtf8, "null: unknown; empty: no CNAME"),
            noted("autodiscover", ColumnType::Utf8, "null: unknown; empty: no CNAME"),
        ],
        output: || {
            let row = LEAD_COLUMNS.iter().map(|lead| column(lead.name, lead.column_type));
            row.chain([ERROR]).collect()
        },
    },
];

#[cfg(test)]
mod tests {
    use super::super::lead_row::LEAD_ROW;
    use super::*;

    #[test]
    fn the_columns_of_an_assessment_are_the_lead_row() {
        let names: Vec<&str> = LEAD_COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(names, LEAD_ROW);
        for batch in BATCHES {
            assert_eq!((batch.output)().last(), Some(&ERROR), "{}", batch.name);
        }
    }

    #[test]
    fn a_batch_gives_fields_of_the_single_operation() {
        for (batch, single) in [("score_batch", "score"), ("classify_batch", "classify_mx")] {
            let batch = BATCHES.iter().find(|entry| entry.name == batch).expect("a batch");
            let single =
                super::super::OPERATIONS.iter().find(|o| o.name == single).expect("an operation");
            for column in (batch.output)().iter().filter(|column| **column != ERROR) {
                assert!(single.answer.fields.contains(&column.name), "{}", column.name);
            }
        }
    }
}
