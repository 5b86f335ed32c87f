//! Files of companies, taken in by a job: nothing lost, nothing twice, on any worker.
//!
//! Whoever receives a file reads it to its end, packs its rows and enqueues them in one unit of work
//! ([`Ingests::enqueue_rows`]). The rows lie in the database, so that every worker can read them, and go
//! with the batch that takes them in. [`Ingest`] is the [`Handler`](crate::queue::Handler) of such jobs.
//!
//! # What holds
//!
//! * **Every row is counted**: it becomes a company's, or it is kept as rejected with its line and reason.
//! * **One transaction a batch**: companies, raw rows, rejected rows, the batch's end and the job's counts.
//!   A worker that dies before that has written nothing, and one that dies after it repeats nothing.
//! * **A row that the database refuses**, or of which workers die, fails alone: such a batch is done row by
//!   row.
//! * **Of a row whose owner opted out** nothing is kept but its line.
//! * **A scan that was asked for** is enqueued with the last batch, once.

mod handler;
mod rows;
mod scan;
mod take;

use async_trait::async_trait;
use hunter_core::sheet::Layout;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use handler::Ingest;
pub use rows::{Packed, Packer, ROWS, SheetRow, Sorted, sort};
pub use take::{OPTED_OUT, TakenIn, take_in};

use crate::companies::Source;
use crate::db::{Insert, Kind, Unit, Value};
use crate::error::{Result, StoreError};
use crate::queue::{Enqueued, NewJob, insert_batches, insert_job, set_size};

/// The kind of jobs that take files in.
pub const KIND: &str = "ingest";

/// What a job is told of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who says what the rows say.
    pub source: Source,
    /// Where what stands in a row.
    pub layout: Layout,
    /// Whether the companies are scanned when all are taken in, in batches of this size.
    pub scan: Option<u32>,
    /// What else is to be known of the file by whoever asks for the job.
    #[serde(default)]
    pub about: serde_json::Value,
}

/// What became of the rows of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct IngestResult {
    /// Rows that name a company.
    pub taken_in: i64,
    /// Why others were rejected, and how many, in the order of codes.
    pub rejected: Vec<(String, i64)>,
    /// The job that scans the companies.
    pub scan_job: Option<Uuid>,
}

/// Files of companies.
#[async_trait]
pub trait Ingests: Send {
    /// Enqueues rows to be taken in. They are read as they are written: their number costs no memory. The
    /// payload of the job is to be an [`Order`].
    async fn enqueue_rows(
        &mut self,
        job: &NewJob,
        batches: &mut (dyn Iterator<Item = Packed> + Send),
    ) -> Result<Enqueued>;

    /// What became of the rows by now.
    async fn ingest_result(&mut self, job_id: Uuid) -> Result<IngestResult>;

    /// Enqueues a job over the domains that came in with a file, each once, in the order of its lines.
    async fn enqueue_import(
        &mut self,
        job: &NewJob,
        import_id: Uuid,
        batch_size: u32,
    ) -> Result<Enqueued>;
}

/// Packed batches that are written at once.
const CHUNK: usize = 16;

#[async_trait]
impl Ingests for Unit {
    async fn enqueue_rows(
        &mut self,
        job: &NewJob,
        batches: &mut (dyn Iterator<Item = Packed> + Send),
    ) -> Result<Enqueued> {
        let enqueued = insert_job(self, job).await?;
        if !enqueued.is_new {
            return Ok(enqueued);
        }
        let job_id = enqueued.job_id;
        let (mut count, mut total) = (0_u32, 0_u64);
        loop {
            let chunk: Vec<Packed> = batches.take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            let first = count + 1;
            count += u32::try_from(chunk.len()).expect("a chunk is small");
            insert_batches(self, job_id, job, first..count + 1).await?;
            total += chunk.iter().map(|packed| u64::from(packed.rows)).sum::<u64>();
            let row = |(number, packed): (u32, Packed)| {
                vec![job_id.into(), number.into(), Value::Bytes(Some(packed.body))]
            };
            let rows = (first..).zip(chunk).map(row).collect();
            let columns = &[("job_id", Kind::Uuid), ("batch_no", Kind::Int), ("body", Kind::Bytes)];
            self.insert(Insert { table: "ingest_batches", columns, suffix: "", rows }).await?;
        }
        set_size(self, job_id, total, count).await?;
        Ok(enqueued)
    }

    async fn ingest_result(&mut self, job_id: Uuid) -> Result<IngestResult> {
        let sql = "SELECT rejected, COUNT(*) FROM raw_leads WHERE import_id = $1 \
                   GROUP BY rejected ORDER BY rejected";
        let counts: Vec<(Option<String>, i64)> = self.fetch_all(sql, [job_id.into()]).await?;
        let mut result = IngestResult::default();
        for (code, count) in counts {
            match code {
                None => result.taken_in = count,
                Some(code) => result.rejected.push((code, count)),
            }
        }
        let sql = "SELECT job_id FROM jobs WHERE idempotency_key = $1";
        let scan: Option<(Uuid,)> = self.fetch_optional(sql, [scan::key(job_id).into()]).await?;
        result.scan_job = scan.map(|(id,)| id);
        Ok(result)
    }

    async fn enqueue_import(
        &mut self,
        job: &NewJob,
        import_id: Uuid,
        batch_size: u32,
    ) -> Result<Enqueued> {
        if batch_size == 0 {
            let problem = "is 0: use 1 or more";
            return Err(StoreError::request("store_request", "batch_size", problem));
        }
        scan::enqueue(self, job, import_id, batch_size).await
    }
}
