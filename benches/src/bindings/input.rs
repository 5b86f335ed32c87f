//! The rows of each workload, as files.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use hunter_core::assess::Engine;
use hunter_core::vocabulary::ProviderClass;

use super::{PLAN, Plan, workloads};
use crate::inputs::{self, ScoreRow};
use crate::manifest::{InputKind, Workload};

/// The observations of the real domains, a line each, where they are there.
const OBSERVATIONS: &str = "observations.jsonl";

/// So many rows of each workload are enough to see that everything runs.
const SMOKE_ROWS: usize = 500;

/// Writes the plan and the rows into a folder. A smoke run has five hundred rows of each workload.
///
/// # Errors
/// Where a file cannot be written, or the real domains are not as many as the manifest says.
pub fn prepare(folder: &Path, is_smoke: bool) -> anyhow::Result<()> {
    let mut there = Vec::new();
    for workload in workloads() {
        let rows = if is_smoke { SMOKE_ROWS } else { workload.input.size };
        match batch(folder, &workload, rows)? {
            Some(batch) => {
                let ipc = hunter_arrow::write_ipc(&batch.schema(), std::slice::from_ref(&batch));
                fs::write(folder.join(format!("{}.arrow", workload.name)), ipc)?;
                there.push(workload);
            }
            None => writeln!(
                std::io::stderr(),
                "NOT MEASURED: {}, since the shared domains are missing",
                workload.name
            )?,
        }
    }
    let plan = Plan::new(is_smoke, there);
    fs::write(folder.join(PLAN), serde_json::to_string_pretty(&plan)?)?;
    Ok(())
}

fn batch(folder: &Path, workload: &Workload, rows: usize) -> anyhow::Result<Option<RecordBatch>> {
    let engine = Engine::builtin();
    let (kind, seed) = (workload.input.kind, workload.input.seed);
    let columns = match kind {
        InputKind::ScoreRows => {
            score_columns(&inputs::score_rows(rows, seed, engine.fingerprints()))
        }
        InputKind::Hosts => {
            let hosts = inputs::hosts(rows, seed, engine.fingerprints());
            vec![("mx", Arc::new(StringArray::from(hosts)) as ArrayRef)]
        }
        InputKind::SpfRecords => {
            let texts = inputs::spf_records(rows, seed);
            vec![("text", Arc::new(StringArray::from(texts)) as ArrayRef)]
        }
        InputKind::Domains => {
            let path = folder.join(OBSERVATIONS);
            if !path.exists() {
                return Ok(None);
            }
            let text = fs::read_to_string(&path).context(OBSERVATIONS)?;
            let all = text.lines().count();
            ensure!(
                rows < workload.input.size || all == workload.input.size,
                "there are {all} real domains, and not {}: write that into workloads.toml",
                workload.input.size
            );
            let lines = text.lines().take(rows).map(Some);
            vec![("observation", Arc::new(lines.collect::<StringArray>()) as ArrayRef)]
        }
        other => anyhow::bail!("{}: no binding takes {other:?}", workload.name),
    };
    Ok(Some(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )?))
}

fn score_columns(rows: &[ScoreRow]) -> Vec<(&'static str, ArrayRef)> {
    let provider = rows.iter().map(|row| row.provider.map(ProviderClass::as_str));
    let spf = rows.iter().map(|row| row.spf);
    let dkim = rows.iter().map(|row| row.dkim);
    let dmarc_policy = rows.iter().map(|row| row.dmarc_policy);
    let spf_record = rows.iter().map(|row| row.spf_record.as_deref());
    let mut mx_records = ListBuilder::new(StringBuilder::new());
    for row in rows {
        for record in &row.mx_records {
            mx_records.values().append_value(record);
        }
        mx_records.append(true);
    }
    vec![
        ("provider", Arc::new(provider.collect::<StringArray>())),
        ("spf", Arc::new(spf.collect::<BooleanArray>())),
        ("dkim", Arc::new(dkim.collect::<BooleanArray>())),
        ("dmarc_policy", Arc::new(dmarc_policy.collect::<StringArray>())),
        ("spf_record", Arc::new(spf_record.collect::<StringArray>())),
        ("mx_records", Arc::new(mx_records.finish())),
    ]
}
