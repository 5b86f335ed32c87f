//! Batches: done on threads of their own, while the event loop goes on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow_array::RecordBatch;
use hunter_arrow::{BatchError, Work, read_ipc, run, schema, write_ipc};
use hunter_core::operations::Hunter;
use napi::bindgen_prelude::{AsyncTask, Uint8Array};
use napi::{Env, Task};
use napi_derive::napi;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::columns::{Columns, RawColumn, gather, read};
use crate::engine::NativeEngine;
use crate::failure::{Fault, RawFault, Result};

/// What became of a batch: one of the three.
#[napi(object, object_from_js = false)]
pub struct RawOutcome {
    /// Bytes, where bytes came in.
    pub ipc: Option<Uint8Array>,
    /// Columns, where columns came in.
    pub columns: Option<Vec<RawColumn>>,
    /// Why it could not be done.
    pub fault: Option<RawFault>,
}

/// Rows on their way to a thread.
enum Rows {
    Ipc(Vec<u8>),
    Columns(RecordBatch),
}

enum Done {
    Ipc(Vec<u8>),
    Columns(Columns),
}

/// A batch, for the thread that does it.
pub struct BatchTask {
    hunter: Hunter,
    work: Work,
    /// Taken by the thread.
    rows: Option<std::result::Result<Rows, Fault>>,
    threads: usize,
}

impl BatchTask {
    fn carry_out(&mut self) -> std::result::Result<Done, Fault> {
        let Self { hunter, work, rows, threads } = self;
        let refused = |error: BatchError| Fault::new(error.code(), error.to_string());
        let given = schema(work.batch());
        match rows.take().expect("a task is done once")? {
            Rows::Ipc(bytes) => {
                let (schema, batches) = read_ipc(bytes).map_err(refused)?;
                let done = run(hunter, work, &schema, &batches, *threads).map_err(refused)?;
                drop(batches);
                Ok(Done::Ipc(write_ipc(&given, &done)))
            }
            Rows::Columns(batch) => {
                let schema = batch.schema();
                let done = run(hunter, work, &schema, &[batch], *threads).map_err(refused)?;
                gather(&given, &done).map(Done::Columns)
            }
        }
    }
}

/// What a thread hands over.
pub struct Outcome(std::result::Result<Done, Fault>);

impl Task for BatchTask {
    type Output = Outcome;
    type JsValue = RawOutcome;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        // A panic must not run over the border; it is a defect of ours and has no code.
        catch_unwind(AssertUnwindSafe(|| Outcome(self.carry_out()))).map_err(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
            napi::Error::from_reason(format!("a defect of hunter-leads, please report it: {said}"))
        })
    }

    fn resolve(&mut self, _env: Env, output: Self::Output) -> napi::Result<RawOutcome> {
        let mut outcome = RawOutcome { ipc: None, columns: None, fault: None };
        match output.0 {
            Ok(Done::Ipc(bytes)) => outcome.ipc = Some(bytes.into()),
            Ok(Done::Columns(columns)) => outcome.columns = Some(columns.into_raw()),
            Err(fault) => outcome.fault = Some(fault.into()),
        }
        Ok(outcome)
    }
}

#[napi]
#[expect(clippy::needless_pass_by_value, reason = "values come from JavaScript as copies")]
impl NativeEngine {
    /// A batch as Arrow IPC. `threads` is 0 for as many as there are processors; `observed_at` is for
    /// flat columns of `assess_batch`.
    #[napi(catch_unwind)]
    pub fn batch_of_ipc(
        &self,
        operation: String,
        bytes: Uint8Array,
        threads: u32,
        observed_at: Option<String>,
    ) -> Result<AsyncTask<BatchTask>> {
        self.task(&operation, Ok(Rows::Ipc(bytes.to_vec())), threads, observed_at.as_deref())
    }

    /// The same as columns.
    #[napi(catch_unwind)]
    pub fn batch_of_columns(
        &self,
        operation: String,
        columns: Vec<RawColumn>,
        threads: u32,
        observed_at: Option<String>,
    ) -> Result<AsyncTask<BatchTask>> {
        let rows = read(&columns).map(Rows::Columns);
        self.task(&operation, rows, threads, observed_at.as_deref())
    }
}

impl NativeEngine {
    fn task(
        &self,
        operation: &str,
        rows: std::result::Result<Rows, Fault>,
        threads: u32,
        observed_at: Option<&str>,
    ) -> Result<AsyncTask<BatchTask>> {
        let work = match operation {
            "score_batch" => Work::Score,
            "classify_batch" => Work::Classify,
            _ => Work::Assess { observed_at: moment(observed_at)? },
        };
        let threads = match usize::try_from(threads) {
            Ok(wanted) if wanted > 0 => wanted,
            _ => std::thread::available_parallelism().map_or(1, usize::from),
        };
        let hunter = self.hunter().clone();
        Ok(AsyncTask::new(BatchTask { hunter, work, rows: Some(rows), threads }))
    }
}

fn moment(text: Option<&str>) -> Result<OffsetDateTime> {
    let Some(text) = text else { return Ok(OffsetDateTime::now_utc()) };
    OffsetDateTime::parse(text, &Rfc3339).map_err(|_| {
        let problem = "arguments: `observedAt`: give a moment as RFC 3339 writes it";
        napi::Error::new("argument_invalid", problem.to_owned())
    })
}
