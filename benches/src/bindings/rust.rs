//! The forms in Rust.

use std::fs;
use std::hint::black_box;
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use arrow_array::cast::AsArray as _;
use arrow_array::types::UInt8Type;
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::SchemaRef;
use hunter_arrow::{Work, read_ipc, run, write_ipc};
use hunter_core::observation::Observation;
use hunter_core::operations::batch::ScoreRow as Row;
use hunter_core::operations::{
    ClassifyMxAnswer, ClassifyMxRequest, Hunter, ParseRequest, ParseSpfAnswer,
    PriorityScoreRequest, ScoreAnswer, ScoreRequest, SegmentRequest, SignalsInput, dmarc_signal,
    mail_taken,
};
use hunter_core::vocabulary::{ProviderClass, Segment};
use hunter_core::{Assessment, Lead};
use time::OffsetDateTime;

use super::{Line, Plan};
use crate::inputs;
use crate::manifest::Workload;

/// Measures every form of Rust of one workload.
///
/// # Errors
/// Where the folder was not prepared, or the manifest names a form that is not known here.
pub fn measure(folder: &Path, name: &str, mut emit: impl FnMut(&Line)) -> anyhow::Result<()> {
    let plan = Plan::read(folder)?;
    let workload = plan.workloads.iter().find(|known| known.name == name);
    let workload = workload.with_context(|| format!("the plan has no workload `{name}`"))?;
    let path = folder.join(format!("{name}.arrow"));
    for form in workload.forms.iter().filter(|form| form.language() == "rust") {
        let input = Input::read(workload, &path, form.rows)?;
        for &threads in &form.threads {
            let mut pass = input.pass(workload, &form.name, threads)?;
            let check = pass().check(plan.checked)?;
            emit(&Line {
                workload: name.to_owned(),
                form: form.name.clone(),
                threads,
                items: input.rows,
                seconds: median(&plan, || timed(&mut pass)),
                check,
            });
        }
    }
    Ok(())
}

/// One pass over all rows.
type Pass<'a> = Box<dyn FnMut() -> Output + 'a>;

/// What a pass gives. Freeing the answer of a batch is not measured, in no language.
enum Output {
    Batches(Vec<RecordBatch>),
    Ipc(Vec<u8>),
    /// Of each row the number that is added up to check the answers.
    Plain(Vec<u32>),
}

/// The time of a pass in seconds.
fn timed(pass: &mut Pass<'_>) -> f64 {
    let start = Instant::now();
    let output = black_box(pass());
    let took = start.elapsed().as_secs_f64();
    drop(output);
    took
}

/// The median time of as many passes as the plan wants.
fn median(plan: &Plan, mut pass: impl FnMut() -> f64) -> f64 {
    let mut times = Vec::new();
    while times.len() < plan.passes || times.iter().sum::<f64>() < plan.seconds {
        times.push(pass());
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

impl Output {
    fn check(self, rows: usize) -> anyhow::Result<u64> {
        let batches = match self {
            Self::Plain(numbers) => {
                return Ok(numbers.iter().take(rows).copied().map(u64::from).sum());
            }
            Self::Batches(batches) => batches,
            Self::Ipc(bytes) => read_ipc(bytes)?.1,
        };
        let mut left = rows;
        let mut sum = 0;
        for batch in batches {
            let batch = batch.slice(0, left.min(batch.num_rows()));
            left -= batch.num_rows();
            let errors = batch.column_by_name("error").context("a column `error`")?;
            ensure!(errors.null_count() == errors.len(), "a row is faulty");
            let scores =
                batch.column_by_name("score").or_else(|| batch.column_by_name("readiness_score"));
            sum += if let Some(scores) = scores {
                let scores = scores.as_primitive::<UInt8Type>();
                scores.iter().flatten().map(u64::from).sum::<u64>()
            } else {
                let ids = batch.column_by_name("provider_id").context("a column to check")?;
                ids.as_string::<i32>().iter().flatten().map(|id| u64::from(length(id))).sum()
            };
        }
        Ok(sum)
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).expect("identifiers are short")
}

/// The rows of a workload.
struct Input {
    hunter: Hunter,
    ipc: Vec<u8>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    rows: usize,
}

impl Input {
    fn read(workload: &Workload, path: &Path, first: Option<usize>) -> anyhow::Result<Self> {
        let ipc = fs::read(path).with_context(|| path.display().to_string())?;
        let (schema, mut batches) = read_ipc(ipc.clone())?;
        if let Some(first) = first {
            // `prepare` writes one batch.
            for batch in &mut batches {
                *batch = batch.slice(0, first.min(batch.num_rows()));
            }
        }
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        ensure!(rows > 0, "{}: there are no rows", workload.name);
        Ok(Self { hunter: Hunter::builtin(), ipc, schema, batches, rows })
    }

    fn pass(&self, workload: &Workload, form: &str, threads: usize) -> anyhow::Result<Pass<'_>> {
        let work = match workload.name.as_str() {
            "score_table" => Work::Score,
            "classify_table" => Work::Classify,
            "assess_table" => Work::Assess { observed_at: OffsetDateTime::UNIX_EPOCH },
            "score_call" if form == "rust_call" => return Ok(self.score_calls(workload)),
            "segment_call" if form == "rust_call" => return Ok(self.segment_calls(workload)),
            "priority_call" if form == "rust_call" => return Ok(self.priority_calls()),
            "classify_call" if form == "rust_call" => return Ok(self.classify_calls(workload)),
            "parse_spf_call" if form == "rust_call" => return Ok(self.spf_calls()),
            "assess_call" if form == "rust_call" => return Ok(self.assess_calls()),
            name => bail!("workloads.toml names {name} {form}, which nothing here runs"),
        };
        Ok(match form {
            "rust_arrow" => Box::new(move || {
                let done = run(&self.hunter, &work, &self.schema, &self.batches, threads);
                Output::Batches(done.expect("columns of the batch"))
            }),
            "rust_ipc" => Box::new(move || {
                let (schema, batches) = read_ipc(self.ipc.clone()).expect("written here");
                let done = run(&self.hunter, &work, &schema, &batches, threads);
                let done = done.expect("columns of the batch");
                Output::Ipc(write_ipc(&hunter_arrow::schema(work.batch()), &done))
            }),
            "rust_plain" => match work {
                Work::Score => self.score_rows(workload, threads),
                Work::Classify => self.classify_rows(workload, threads),
                Work::Assess { .. } => self.assess_texts(threads),
            },
            _ => bail!("workloads.toml names {} {form}, which nothing here runs", workload.name),
        })
    }

    fn given(&self, workload: &Workload) -> Vec<inputs::ScoreRow> {
        let table = self.hunter.engine().fingerprints();
        inputs::score_rows(self.rows, workload.input.seed, table)
    }

    fn hosts(&self, workload: &Workload) -> Vec<String> {
        let table = self.hunter.engine().fingerprints();
        inputs::hosts(self.rows, workload.input.seed, table)
    }

    fn score_rows(&self, workload: &Workload, threads: usize) -> Pass<'_> {
        let rows = self.given(workload);
        Box::new(move || {
            spread(rows.len(), threads, |range| {
                let score = |row: &inputs::ScoreRow| {
                    let row = Row {
                        domain: None,
                        provider: row.provider.map(ProviderClass::as_str),
                        spf: row.spf,
                        dkim: row.dkim,
                        dmarc_policy: row.dmarc_policy,
                        spf_record: row.spf_record.as_deref(),
                        mail: mail_taken(Some(&row.mx_records)),
                    };
                    let verdict = self.hunter.score_row(black_box(&row)).expect("no row is faulty");
                    verdict.map_or(0, |verdict| verdict.score.into())
                };
                rows[range].iter().map(score).collect()
            })
        })
    }

    fn classify_rows(&self, workload: &Workload, threads: usize) -> Pass<'_> {
        let hosts = self.hosts(workload);
        Box::new(move || {
            spread(hosts.len(), threads, |range| {
                let classify = |host: &String| {
                    let found = black_box(self.hunter.classify_row(std::slice::from_ref(host)));
                    found.provider_id.map_or(0, length)
                };
                hosts[range].iter().map(classify).collect()
            })
        })
    }

    fn assess_texts(&self, threads: usize) -> Pass<'_> {
        let texts = self.texts();
        let lead = Lead::default();
        Box::new(move || {
            spread(texts.len(), threads, |range| {
                let assess = |text: &String| {
                    let observation = Observation::from_json(text).expect("written here");
                    let found = self.hunter.assess_observation(&observation, &lead, None);
                    black_box(&found).verdict.map_or(0, |verdict| verdict.score.into())
                };
                texts[range].iter().map(assess).collect()
            })
        })
    }

    fn texts(&self) -> Vec<String> {
        let texts = |batch: &RecordBatch| batch.column(0).as_string::<i32>().clone();
        let columns: Vec<_> = self.batches.iter().map(texts).collect();
        columns.iter().flat_map(|column| column.iter().flatten().map(str::to_owned)).collect()
    }

    fn score_calls(&self, workload: &Workload) -> Pass<'_> {
        let request = |row: inputs::ScoreRow| {
            let spf_record = row.spf_record;
            let dmarc = dmarc_signal(row.dmarc_policy).expect("a policy");
            let signals =
                SignalsInput { spf: row.spf.into(), dkim: row.dkim.into(), dmarc, spf_record };
            let mx_records = Some(row.mx_records);
            ScoreRequest { provider: row.provider, signals, mx_records, domain: None }
        };
        let score = |request: &ScoreRequest| self.hunter.score(request);
        let check = |answer: &ScoreAnswer| answer.score.unwrap_or(0).into();
        calls(self.given(workload).into_iter().map(request).collect(), score, check)
    }

    fn segment_calls(&self, workload: &Workload) -> Pass<'_> {
        let request = |(nth, row): (usize, inputs::ScoreRow)| SegmentRequest {
            score: score_of(nth),
            provider: row.provider.unwrap_or(ProviderClass::Unknown),
        };
        let requests = self.given(workload).into_iter().enumerate().map(request).collect();
        let segment = |request: &SegmentRequest| self.hunter.segment(request).expect("in range");
        calls(requests, segment, |answer| length(answer.segment.as_str()))
    }

    fn priority_calls(&self) -> Pass<'_> {
        let request = |nth| PriorityScoreRequest {
            segment: Some(SEGMENTS[nth % SEGMENTS.len()]),
            score: Some(score_of(nth)),
        };
        let priority =
            |request: &PriorityScoreRequest| self.hunter.priority_score(request).expect("in range");
        calls((0..self.rows).map(request).collect(), priority, |answer| {
            answer.priority_score.into()
        })
    }

    fn classify_calls(&self, workload: &Workload) -> Pass<'_> {
        let request = |host| ClassifyMxRequest { records: vec![host], domain: None };
        let classify = |request: &ClassifyMxRequest| self.hunter.classify_mx(request);
        let check = |answer: &ClassifyMxAnswer| answer.provider_id.as_deref().map_or(0, length);
        calls(self.hosts(workload).into_iter().map(request).collect(), classify, check)
    }

    fn spf_calls(&self) -> Pass<'_> {
        let requests = self.texts().into_iter().map(|text| ParseRequest { text }).collect();
        let parse = |request: &ParseRequest| self.hunter.parse_spf(request);
        let check = |answer: &ParseSpfAnswer| u32::try_from(answer.terms.len()).expect("short");
        calls(requests, parse, check)
    }

    fn assess_calls(&self) -> Pass<'_> {
        let lead = Lead::default();
        let assess = move |text: &String| {
            let observation = Observation::from_json(text).expect("written here");
            self.hunter.assess_observation(&observation, &lead, None)
        };
        let check = |found: &Assessment| found.verdict.map_or(0, |verdict| verdict.score.into());
        calls(self.texts(), assess, check)
    }
}

/// A pass of single calls. None of the answers is kept, in no language.
fn calls<'a, R: 'a, A: 'a>(
    requests: Vec<R>,
    call: impl Fn(&R) -> A + 'a,
    check: fn(&A) -> u32,
) -> Pass<'a> {
    Box::new(move || {
        let call = |request| check(black_box(&call(black_box(request))));
        Output::Plain(requests.iter().map(call).collect())
    })
}

/// The segments that single calls go through.
const SEGMENTS: [Segment; 4] =
    [Segment::Existing, Segment::Migration, Segment::Cold, Segment::Skip];

/// The score that goes with a row of single calls.
fn score_of(nth: usize) -> i64 {
    i64::try_from(nth % 101).expect("below 101")
}

/// Cuts rows into as many ranges as there are threads.
fn spread(rows: usize, threads: usize, work: impl Fn(Range<usize>) -> Vec<u32> + Sync) -> Output {
    let size = rows.div_ceil(threads);
    let numbers = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|nth| {
                let range = (nth * size).min(rows)..((nth + 1) * size).min(rows);
                let work = &work;
                scope.spawn(move || work(range))
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("no row panics")).collect()
    });
    Output::Plain(numbers)
}
