//! A batch, cut into chunks for threads.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use hunter_core::operations::{BATCHES, Batch, Hunter};
use time::OffsetDateTime;

use crate::error::BatchError;
use crate::{assess, classify, input, output, score};

/// Which batch is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// `score_batch`
    Score,
    /// `classify_batch`
    Classify,
    /// `assess_batch`
    Assess {
        /// When flat columns were observed; observations say it themselves.
        observed_at: OffsetDateTime,
    },
}

impl Work {
    /// The entry in the list of operations.
    pub fn batch(&self) -> &'static Batch {
        let name = match self {
            Self::Score => "score_batch",
            Self::Classify => "classify_batch",
            Self::Assess { .. } => "assess_batch",
        };
        BATCHES.iter().find(|batch| batch.name == name).expect("every batch is in the list")
    }

    /// The most rows that are done in one go: enough to make what goes with each chunk small, few enough
    /// that threads finish together and offsets of 32 bits suffice.
    const fn most_rows(&self) -> usize {
        match self {
            Self::Score | Self::Classify => 1 << 16,
            Self::Assess { .. } => 1 << 11,
        }
    }

    fn check(&self, schema: &Schema) -> Result<(), BatchError> {
        match self {
            Self::Score => input::check_names(schema, self.batch()),
            Self::Classify => classify::check(schema),
            Self::Assess { .. } => {
                input::check_names(schema, self.batch()).and_then(|()| assess::check(schema))
            }
        }
    }

    fn chunk(
        &self,
        hunter: &Hunter,
        schema: &SchemaRef,
        batch: &RecordBatch,
    ) -> Result<RecordBatch, BatchError> {
        match self {
            Self::Score => score::score(hunter, schema, batch),
            Self::Classify => classify::classify(hunter, schema, batch),
            Self::Assess { observed_at } => assess::assess(hunter, schema, batch, *observed_at),
        }
    }
}

/// Does the work over record batches of one schema, on up to so many threads; the calling thread is one
/// of them. The answer has as many rows, in the same order, in chunks of its own.
///
/// # Errors
/// `column_*` where a column is not known, or of a type that cannot be read.
///
/// # Panics
/// Where a thread panics.
pub fn run(
    hunter: &Hunter,
    work: &Work,
    schema: &Schema,
    batches: &[RecordBatch],
    threads: usize,
) -> Result<Vec<RecordBatch>, BatchError> {
    work.check(schema)?;
    let given = output::schema(work.batch());
    // Types are checked even where there is no row.
    work.chunk(hunter, &given, &RecordBatch::new_empty(schema.clone().into()))?;
    let rows: usize = batches.iter().map(RecordBatch::num_rows).sum();
    let threads = threads.max(1);
    let size = rows.div_ceil(threads).clamp(1, work.most_rows());
    let chunks: Vec<RecordBatch> = batches
        .iter()
        .flat_map(|batch| {
            (0..batch.num_rows())
                .step_by(size)
                .map(move |start| batch.slice(start, size.min(batch.num_rows() - start)))
        })
        .collect();
    let done: Vec<OnceLock<_>> = chunks.iter().map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let take_turns = || {
        while let Some(nth) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|n| *n < done.len())
        {
            done[nth].get_or_init(|| work.chunk(hunter, &given, &chunks[nth]));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(chunks.len()) {
            scope.spawn(take_turns);
        }
        take_turns();
    });
    done.into_iter().map(|chunk| chunk.into_inner().expect("every chunk was taken")).collect()
}
