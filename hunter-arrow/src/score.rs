//! `score_batch`.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, UInt8Array};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use arrow_schema::SchemaRef;
use hunter_core::observation::Signal;
use hunter_core::operations::batch::{ScoreRow, error_text};
use hunter_core::operations::{Hunter, mail_taken};
use hunter_core::rules::Verdict;

use crate::error::BatchError;
use crate::input::{Flags, TextLists, Texts};
use crate::output::{Faults, joined, words};

pub(crate) fn score(
    hunter: &Hunter,
    schema: &SchemaRef,
    batch: &RecordBatch,
) -> Result<RecordBatch, BatchError> {
    let domain = Texts::of(batch, "domain")?;
    let provider = Texts::of(batch, "provider")?;
    let (spf, dkim) = (Flags::of(batch, "spf")?, Flags::of(batch, "dkim")?);
    let dmarc_policy = Texts::of(batch, "dmarc_policy")?;
    let spf_record = Texts::of(batch, "spf_record")?;
    let mx_records = TextLists::of(batch, "mx_records")?;

    let mut faults = Faults::default();
    let mut records = Vec::new();
    let mut verdicts: Vec<Option<&Verdict>> = Vec::with_capacity(batch.num_rows());
    for row in 0..batch.num_rows() {
        let mail = match mx_records.get(row, &mut records) {
            Ok(true) => mail_taken(Some(&records)),
            Ok(false) => Signal::Unknown,
            Err(_) => {
                faults.add_null_in(row, "mx_records");
                verdicts.push(None);
                continue;
            }
        };
        let verdict = hunter.score_row(&ScoreRow {
            domain: domain.get(row),
            provider: provider.get(row),
            spf: spf.get(row),
            dkim: dkim.get(row),
            dmarc_policy: dmarc_policy.get(row),
            spf_record: spf_record.get(row),
            mail,
        });
        verdicts.push(verdict.unwrap_or_else(|error| {
            faults.add(row, error_text(&error));
            None
        }));
    }

    let nulls = NullBuffer::from(BooleanBuffer::collect_bool(verdicts.len(), |row| {
        verdicts[row].is_some()
    }));
    let number = |field: fn(&Verdict) -> u8| -> ArrayRef {
        let values: Vec<u8> = verdicts.iter().map(|row| row.map_or(0, field)).collect();
        Arc::new(UInt8Array::new(values.into(), Some(nulls.clone())))
    };
    let flag = |field: fn(&Verdict) -> bool| -> ArrayRef {
        let values =
            BooleanBuffer::collect_bool(verdicts.len(), |row| verdicts[row].is_some_and(field));
        Arc::new(BooleanArray::new(values, Some(nulls.clone())))
    };
    let word = |field: fn(&&Verdict) -> &'static str| words(&verdicts, &nulls, field);
    let columns = vec![
        number(|v| v.score),
        number(|v| v.score_low),
        number(|v| v.score_high),
        flag(|v| v.partial),
        flag(|v| v.segment_certain),
        word(|v| v.segment.as_str()),
        word(|v| v.technical_heat.as_str()),
        word(|v| v.commercial_segment.as_str()),
        word(|v| v.commercial_heat.as_str()),
        word(|v| v.priority_category.as_str()),
        number(|v| v.priority_score),
    ];
    Ok(joined(schema, columns, &faults, batch.num_rows()))
}
