//! A scan for a host that has a thread or an event loop of its own: Python, Node.
//!
//! The host submits inputs and fetches outputs, in its own time and from its own threads; what is under
//! way runs on threads of this library. Rust programs with a runtime of their own want
//! [`Scanner::observe_all`](crate::Scanner::observe_all).

mod queue;
mod runtime;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hunter_core::{Domain, DomainError};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use crate::error::ScanError;
use crate::scanner::Scanner;
use queue::Queue;

/// Whom to call, once. It may be called on a thread of the scan's, and must not block there.
pub type Waker = Box<dyn FnOnce() + Send>;

/// What comes out of a [`Session`]: one for each input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// An input, and what became of it.
    Observed(Observed),
    /// The resolvers cannot be believed, or are silent: there is nothing to wait for.
    Refused(ScanError),
    /// A task ended without an output, which only a fault of this library brings about.
    Broken,
}

/// What an output of a scan is made of, by the names that it has in every host.
pub const FIELDS: &[&str] = &["index", "input", "domain", "suggestion", "observation", "error"];

/// What became of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The number under which it was submitted.
    pub index: usize,
    /// The input as given.
    pub input: String,
    /// What was seen, or why the input names no domain.
    pub outcome: Result<Seen, DomainError>,
}

/// What was observed of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The domain that was read from the input.
    pub domain: Domain,
    /// What may have been meant; never applied.
    pub suggestion: Option<String>,
    /// The observation, as one line of JSON.
    pub observation: String,
}

/// Why nothing more can be submitted or fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionEnded {
    /// [`Session::close`] was called.
    #[error("has ended: begin another one")]
    Closed,
    /// This process is a fork of the one that began it; threads do not survive that.
    #[error("belongs to the process that began it: begin one after the fork")]
    Forked,
}

/// A scan under way. All sessions of a process share a few threads, which begin with the first one.
pub struct Session {
    process: u32,
    concurrency: usize,
    queue: Arc<Queue>,
    work: Mutex<Option<Work>>,
}

/// What a session holds until it ends.
struct Work {
    runtime: Handle,
    scanner: Scanner,
    /// What the check of the resolvers gave; `None` where it is not wanted.
    checked: Option<Arc<OnceCell<Result<(), ScanError>>>>,
    tasks: JoinSet<()>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("process", &self.process).finish_non_exhaustive()
    }
}

impl Session {
    /// Nothing is asked yet. With `check`, domains wait until the resolvers can be believed.
    ///
    /// # Errors
    /// `scan_threads` when the system gives no threads.
    pub fn new(scanner: Scanner, check: bool) -> Result<Self, ScanError> {
        let runtime =
            runtime::handle().map_err(|e| ScanError::Threads { problem: e.to_string() })?;
        Ok(Self {
            process: std::process::id(),
            concurrency: scanner.config().concurrency,
            queue: Arc::default(),
            work: Mutex::new(Some(Work {
                runtime,
                scanner,
                checked: check.then(Arc::default),
                tasks: JoinSet::new(),
            })),
        })
    }

    /// How many inputs the host should have submitted and not fetched, at most.
    pub const fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Whether outputs can still come.
    ///
    /// # Errors
    /// When it was closed, or in a forked process.
    pub fn usable(&self) -> Result<(), SessionEnded> {
        if self.process != std::process::id() {
            return Err(SessionEnded::Forked);
        }
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if work.is_some() { Ok(()) } else { Err(SessionEnded::Closed) }
    }

    /// Begins an input: a domain, a web address or an e-mail address. One output follows.
    ///
    /// # Errors
    /// As [`Session::usable`].
    pub fn submit(&self, index: usize, input: String) -> Result<(), SessionEnded> {
        if self.process != std::process::id() {
            return Err(SessionEnded::Forked);
        }
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let work = work.as_mut().ok_or(SessionEnded::Closed)?;
        while work.tasks.try_join_next().is_some() {}
        let (scanner, checked) = (work.scanner.clone(), work.checked.clone());
        let delivery = Delivery::new(Arc::clone(&self.queue));
        let task = async move {
            // Named, so that it goes last: whoever waits for the end waits for all that the task held.
            let mut delivery = delivery;
            delivery.output = observe(scanner, checked, index, input).await;
        };
        work.tasks.spawn_on(task, &work.runtime);
        Ok(())
    }

    /// The next output if there is one.
    pub fn poll(&self) -> Option<Output> {
        self.queue.pop()
    }

    /// The next output; `None` when none comes for so long, or the session was closed.
    pub fn wait(&self, patience: Duration) -> Option<Output> {
        self.queue.wait(patience)
    }

    /// Calls the waker at the next output, at once if there is one; and when the session is closed.
    pub fn wake(&self, waker: Waker) {
        self.queue.wake(waker);
    }

    /// Ends the session: what is under way is given up, which is done when [`Session::wait_idle`] says so;
    /// sockets that tasks had shared are closed in the moments after. In a forked process nothing
    /// happens, since locks may be held there by threads that do not exist.
    pub fn close(&self) {
        if self.process != std::process::id() {
            let copied = self.work.try_lock().ok().and_then(|mut work| work.take());
            std::mem::forget(copied);
            return;
        }
        // First, since a task that is given up has an output too.
        self.queue.close();
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner).take();
        // Tasks are given up where their set is dropped.
        drop(work);
    }

    /// Waits until nothing is under way; `false` when that takes longer.
    pub fn wait_idle(&self, patience: Duration) -> bool {
        self.process != std::process::id() || self.queue.wait_idle(patience)
    }

    /// Calls the waker as soon as nothing is under way.
    pub fn on_idle(&self, waker: Waker) {
        self.queue.on_idle(waker);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.close();
    }
}

async fn observe(
    scanner: Scanner,
    checked: Option<Arc<OnceCell<Result<(), ScanError>>>>,
    index: usize,
    input: String,
) -> Output {
    if let Some(checked) = checked {
        let check = || async { scanner.check().await.map(|_| ()) };
        if let Err(error) = checked.get_or_init(check).await {
            return Output::Refused(error.clone());
        }
    }
    let outcome = match Domain::from_cell(&input) {
        Err(error) => Err(error),
        Ok(reading) => {
            let observation = scanner.observe(&reading.domain).await.to_json();
            Ok(Seen { domain: reading.domain, suggestion: reading.suggestion, observation })
        }
    };
    Output::Observed(Observed { index, input, outcome })
}

/// Hands over an output when it is dropped, so that a task that panics has one too.
struct Delivery {
    queue: Arc<Queue>,
    output: Output,
}

impl Delivery {
    fn new(queue: Arc<Queue>) -> Self {
        queue.begin();
        Self { queue, output: Output::Broken }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.queue.finish(std::mem::replace(&mut self.output, Output::Broken));
    }
}
