//! Work that outlives a process: jobs, cut into batches that workers take one at a time.
//!
//! A job is [enqueued](Jobs::enqueue) in the same unit of work as the data that it is about: either
//! both are there or neither. A [`Worker`] takes the batches of the kinds that it has a [`Handler`]
//! for.
//!
//! # What holds
//!
//! * **A batch is done once.** Its handler ends it in the unit of work that writes its results, and
//!   only while the batch is still the worker's own ([`Jobs::finish`]): a worker that was thought dead
//!   and comes back writes nothing. A handler may be *started* more than once.
//! * **A dead worker's batch is taken over** within [`WorkerSettings::lease`], which a living one
//!   renews three times over. Leases run on the database's clock.
//! * **A failure is tried again** after a pause that doubles and varies. A batch that fails
//!   [`WorkerSettings::attempts`] times is parked and counted as failed, and holds nothing up. A
//!   database that is away or full is nobody's failure and does not count.
//! * **Priority** comes first, then the older job, then its batches in order.
//! * **A cancelled job** writes nothing more, not even the batches under way.
//! * **A stop** lets batches end for a while and gives the rest back, uncounted.
//!
//! Why this is no library: `docs/decisions/0014-own-job-queue.md`.

mod claims;
mod clock;
mod jobs;
mod schedules;
mod worker;

pub use claims::Claim;
pub(crate) use claims::{advance, end};
pub(crate) use clock::jittered;
pub use jobs::{DomainResult, Enqueued, Job, JobStatus, Jobs, NewJob, Progress, Waiting};
pub(crate) use jobs::{enqueue_batches, insert_batches, insert_job, set_size};
pub use schedules::{Schedule, Schedules};
pub use worker::{Failure, Handler, ItemMetrics, Worker, WorkerMetrics, WorkerSettings};
