//! Batches say what single rows say, whatever the layout of their columns.

use std::sync::Arc;

use arrow_array::builder::{
    LargeListBuilder, LargeStringBuilder, ListBuilder, StringBuilder, StringDictionaryBuilder,
    StringViewBuilder,
};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int8Type, TimestampMicrosecondType, UInt8Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Int32Array, LargeStringArray, NullArray, RecordBatch,
    StringArray, StringViewArray,
};
use hunter_arrow::{BatchError, Work, read_ipc, run, write_ipc};
use hunter_core::operations::{Hunter, ScoreRequest, read_request};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

const ASSESS: Work = Work::Assess { observed_at: datetime!(2026-11-24 09:30 UTC) };

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, c)| (n, c, true)))
        .expect("columns of one length")
}

fn texts(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(StringArray::from(values.to_vec()))
}

fn lists(values: &[Option<&[Option<&str>]>]) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in values {
        lists.append_option(row.map(|row| row.iter().copied()));
    }
    Arc::new(lists.finish())
}

fn done(work: &Work, batch: &RecordBatch) -> Result<RecordBatch, BatchError> {
    let schema = batch.schema();
    let mut found = run(&Hunter::builtin(), work, &schema, std::slice::from_ref(batch), 1)?;
    assert_eq!(found.len(), 1);
    Ok(found.remove(0))
}

/// One value as the lead row prints it; the types of Arrow that have no JSON are left to other tests.
fn printed(batch: &RecordBatch, name: &str, row: usize) -> Value {
    let column = batch.column_by_name(name).expect(name);
    if column.is_null(row) {
        return Value::Null;
    }
    if let Some(flags) = column.as_boolean_opt() {
        json!(flags.value(row))
    } else if let Some(numbers) = column.as_primitive_opt::<UInt8Type>() {
        json!(numbers.value(row))
    } else if let Some(numbers) = column.as_primitive_opt::<Float64Type>() {
        json!(numbers.value(row))
    } else {
        json!(column.as_string::<i32>().value(row))
    }
}

fn score_rows() -> RecordBatch {
    batch(vec![
        ("domain", texts(&[Some("ornek.com.tr"), None, Some("firma,com"), None, None])),
        ("provider", texts(&[Some("Google"), None, Some("M365"), Some("Gogle"), Some("M365")])),
        ("spf", Arc::new(BooleanArray::from(vec![Some(true), None, Some(true), None, None]))),
        ("dkim", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, None, None]))),
        ("dmarc_policy", texts(&[Some(""), Some("reject"), None, None, Some("none")])),
        ("spf_record", texts(&[Some("v=spf1 -all"), None, None, None, None])),
        (
            "mx_records",
            lists(&[Some(&[Some("1 aspmx.l.google.com")]), Some(&[]), None, None, Some(&[None])]),
        ),
    ])
}

#[test]
fn score_says_what_one_row_says_and_faults_stay_in_their_row() {
    let found = done(&Work::Score, &score_rows()).expect("a batch");
    let requests = [
        r#"{"provider":"Google","signals":{"spf":true,"dkim":true,"dmarc_policy":null,"spf_record":"v=spf1 -all"},"mx_records":["1 aspmx.l.google.com"]}"#,
        r#"{"provider":null,"signals":{"dkim":false,"dmarc_policy":"reject"},"mx_records":[]}"#,
    ];
    for (row, request) in requests.iter().enumerate() {
        let request: ScoreRequest = read_request(request).expect("a request");
        let answer = json!(Hunter::builtin().score(&request));
        for field in found.schema().fields().iter().filter(|field| field.name() != "error") {
            assert_eq!(printed(&found, field.name(), row), answer[field.name()], "{field}");
        }
        assert_eq!(printed(&found, "error", row), Value::Null);
    }
    let codes = ["domain_bad_character", "unknown_word", "argument_invalid"];
    for (row, code) in (2..).zip(codes) {
        let error = printed(&found, "error", row);
        assert!(
            error.as_str().is_some_and(|text| text.starts_with(&format!("{code}: "))),
            "{error}"
        );
        for field in found.schema().fields().iter().filter(|field| field.name() != "error") {
            assert_eq!(printed(&found, field.name(), row), Value::Null, "{field}");
        }
    }
}

#[test]
fn every_layout_of_text_is_read() {
    let hosts = [Some("aspmx.l.google.com"), None, Some(""), Some("mx1.ornek.iphmx.com")];
    let mut dictionary = StringDictionaryBuilder::<Int8Type>::new();
    let mut small = ListBuilder::new(StringBuilder::new());
    let mut large = LargeListBuilder::new(LargeStringBuilder::new());
    let mut view = ListBuilder::new(StringViewBuilder::new());
    let mut keyed = ListBuilder::new(StringDictionaryBuilder::<Int8Type>::new());
    for host in hosts {
        dictionary.append_option(host);
        small.append_option(host.map(|host| [Some(host)]));
        large.append_option(host.map(|host| [Some(host)]));
        view.append_option(host.map(|host| [Some(host)]));
        keyed.append_option(host.map(|host| [Some(host)]));
    }
    let layouts: [ArrayRef; 8] = [
        texts(&hosts),
        Arc::new(LargeStringArray::from(hosts.to_vec())),
        Arc::new(StringViewArray::from(hosts.to_vec())),
        Arc::new(dictionary.finish()),
        Arc::new(small.finish()),
        Arc::new(large.finish()),
        Arc::new(view.finish()),
        Arc::new(keyed.finish()),
    ];
    let all: Vec<RecordBatch> = layouts
        .map(|layout| done(&Work::Classify, &batch(vec![("any name", layout)])).expect("a batch"))
        .into();
    for other in &all {
        assert_eq!(other, &all[0]);
    }
    assert_eq!(printed(&all[0], "provider", 0), "Google");
    assert_eq!(printed(&all[0], "provider", 1), Value::Null);
    assert_eq!(printed(&all[0], "gateway", 3), "cisco-secure-email");
    let nulls = batch(vec![("mx", Arc::new(NullArray::new(2)))]);
    let found = done(&Work::Classify, &nulls).expect("a batch");
    assert_eq!(found.column(0).null_count(), 2);
}

#[test]
fn observations_and_flat_columns_give_the_lead_row() {
    let line = r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
        {"name":"ornek.com.tr","type":"MX","state":"found","records":["1 aspmx.l.google.com"]}]}"#;
    let stored = batch(vec![("observation", texts(&[Some(line), None, Some("{")]))]);
    let stored = done(&ASSESS, &stored).expect("a batch");
    let flat = batch(vec![
        ("domain", texts(&[Some("ornek.com.tr"), None, Some("ornek.com.tr")])),
        ("mx", lists(&[Some(&[Some("1 aspmx.l.google.com")]), None, Some(&[None])])),
    ]);
    let flat = done(&ASSESS, &flat).expect("a batch");
    for name in
        ["domain", "provider", "readiness_score", "evidence", "confidence", "spf", "signals_hash"]
    {
        assert_eq!(printed(&stored, name, 0), printed(&flat, name, 0), "{name}");
    }
    let moments = stored.column_by_name("scanned_at").expect("moments");
    assert_eq!(moments.as_primitive::<TimestampMicrosecondType>().value(0), 1_795_512_600_000_000);
    for (found, codes) in [
        (&stored, ["argument_missing", "observation_syntax"]),
        (&flat, ["domain_empty", "argument_invalid"]),
    ] {
        for (row, code) in (1..).zip(codes) {
            let error = printed(found, "error", row);
            assert!(error.as_str().is_some_and(|text| text.starts_with(code)), "{error}");
            assert_eq!(printed(found, "domain", row), Value::Null);
        }
    }
}

#[test]
fn columns_that_do_not_fit_are_refused_by_name() {
    let code = |work: &Work, columns| done(work, &batch(columns)).expect_err("refused").code();
    let numbers = || Arc::new(Int32Array::from(vec![1])) as ArrayRef;
    let text = || texts(&[Some("a.com")]);
    assert_eq!(code(&Work::Score, vec![("provder", text())]), "column_unknown");
    assert_eq!(code(&Work::Score, vec![("spf", text())]), "column_type");
    assert_eq!(code(&Work::Score, vec![("provider", numbers())]), "column_type");
    assert_eq!(code(&Work::Score, vec![("mx_records", text())]), "column_type");
    assert_eq!(code(&Work::Score, vec![("spf", numbers()), ("spf", numbers())]), "column_unknown");
    assert_eq!(code(&Work::Classify, vec![("mx", text()), ("b", text())]), "column_unknown");
    assert_eq!(code(&Work::Classify, vec![("mx", numbers())]), "column_type");
    assert_eq!(code(&ASSESS, vec![("observation", text()), ("mx", text())]), "column_unknown");
    assert_eq!(code(&ASSESS, vec![("observation", numbers())]), "column_type");
    let empty = arrow_schema::Schema::empty();
    for work in [Work::Score, Work::Classify, ASSESS] {
        let refused = run(&Hunter::builtin(), &work, &empty, &[], 1).expect_err("no column");
        assert_eq!(refused.code(), "column_missing");
    }
}

#[test]
fn threads_change_nothing() {
    let hosts: Vec<String> = (0..5000).map(|nth| format!("mx{nth}.ornek.iphmx.com")).collect();
    let whole = batch(vec![("mx", Arc::new(StringArray::from(hosts)))]);
    let parts = [whole.slice(0, 1234), whole.slice(1234, 0), whole.slice(1234, 3766)];
    let rows = |threads| {
        let schema = whole.schema();
        let found =
            run(&Hunter::builtin(), &Work::Classify, &schema, &parts, threads).expect("a batch");
        (0..9)
            .map(|column| {
                let cells = |b: &RecordBatch| {
                    (0..b.num_rows())
                        .map(|row| printed(b, b.schema().field(column).name(), row))
                        .collect::<Vec<_>>()
                };
                found.iter().flat_map(cells).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    };
    let one = rows(1);
    assert_eq!(one[0].len(), 5000);
    assert_eq!(one, rows(3));
    assert_eq!(one, rows(0));
    let none = run(&Hunter::builtin(), &Work::Classify, &whole.schema(), &[], 4);
    assert_eq!(none, Ok(Vec::new()));
}

fn file(rows: &RecordBatch) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer =
        arrow_ipc::writer::FileWriter::try_new(&mut file, &rows.schema()).expect("a writer");
    writer.write(rows).and_then(|()| writer.finish()).expect("memory");
    drop(writer);
    file
}

#[test]
fn more_rows_than_bytes_are_refused() {
    let rows = batch(vec![("mx", Arc::new(NullArray::new(1 << 40)))]);
    let bytes = write_ipc(&rows.schema(), &[rows]);
    assert_eq!(read_ipc(bytes).expect_err("a trillion rows").code(), "arrow_syntax");
}

#[test]
fn ipc_comes_back_as_it_was() {
    let rows = score_rows();
    let bytes = write_ipc(&rows.schema(), &[rows.clone(), rows.slice(1, 2)]);
    let (schema, batches) = read_ipc(bytes).expect("a stream");
    assert_eq!((schema, batches), (rows.schema(), vec![rows.clone(), rows.slice(1, 2)]));
    assert_eq!(read_ipc(file(&rows)).expect("a file").1, [rows]);
    for bytes in [&b""[..], b"ARROW1", b"ARROW1\0\0", b"nonsense, not Arrow", &[0; 64], &[255; 64]]
    {
        assert_eq!(read_ipc(bytes.to_vec()).expect_err("no Arrow").code(), "arrow_syntax");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// What can be read at all is done; what cannot is refused. Nothing else happens.
    #[test]
    fn damaged_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
        is_file: bool,
        cut in any::<Option<proptest::sample::Index>>(),
    ) {
        let rows = score_rows();
        let mut bytes = if is_file { file(&rows) } else { write_ipc(&rows.schema(), &[rows]) };
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok((schema, batches)) = read_ipc(bytes) {
            let _ = run(&Hunter::builtin(), &Work::Score, &schema, &batches, 1);
        }
    }
}
