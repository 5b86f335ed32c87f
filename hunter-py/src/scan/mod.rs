//! A scan: `hunter_leads.scan` and `scan_sync` are its public faces, and pace it.
//!
//! Each scan has a runtime of its own, whose threads end with it. Nothing is left for a fork to
//! break, and whoever ends a scan gets its sockets back.

mod queue;
mod settings;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hunter_core::Domain;
use hunter_scan::Scanner;
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::arguments::text;
use crate::engine::NativeEngine;
use crate::errors::{invalid, raised, scan_refused};
use queue::{Done, Queue, Seen};
use settings::Settings;

/// A scan waits for the network; more threads than this do not make that faster.
const MOST_THREADS: usize = 4;
/// How long a thread of Python's waits at a time before it looks for signals, such as Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long the end of a scan waits for its threads.
const FAREWELL: Duration = Duration::from_secs(1);

/// A scan in the making. Not safe against calls from several threads at once as to order; the public
/// faces see to that.
#[pyclass(frozen, module = "hunter_leads._native", name = "Scan")]
pub(crate) struct NativeScan {
    /// Which process it belongs to: threads do not survive a fork.
    process: u32,
    work: Mutex<Option<Work>>,
    queue: Arc<Queue>,
    concurrency: usize,
    checks: bool,
    problems: Vec<String>,
}

/// What a scan holds until it ends.
struct Work {
    runtime: Runtime,
    scanner: Scanner,
}

#[pymethods]
impl NativeScan {
    #[new]
    fn new(
        py: Python<'_>,
        engine: &Bound<'_, NativeEngine>,
        settings: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let settings = Settings::read(settings)?;
        let checks = settings.check;
        let engine = engine.get().hunter.engine().clone();
        let made = py.detach(|| settings.scanner(&engine));
        let (scanner, problems) = made.map_err(|error| scan_refused(py, &error))?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads.min(MOST_THREADS))
            .thread_name("hunter-scan")
            .enable_all()
            .build()?;
        let concurrency = scanner.config().concurrency;
        Ok(Self {
            process: std::process::id(),
            work: Mutex::new(Some(Work { runtime, scanner })),
            queue: Arc::default(),
            concurrency,
            checks,
            problems,
        })
    }

    /// How many domains may be under way.
    #[getter]
    fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Whether `check` is to be called first.
    #[getter]
    fn checks(&self) -> bool {
        self.checks
    }

    /// What is wrong with the IP databases.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.problems.clone()
    }

    /// Finds out whether the resolvers can be believed. One output: `None`, or the error is raised.
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        self.spawn(py, |scanner| async move { Done::Checked(scanner.check().await.map(|_| ())) })
    }

    /// Begins a domain. One output.
    fn submit(&self, py: Python<'_>, index: usize, domain: &Bound<'_, PyAny>) -> PyResult<()> {
        let input = text(domain, &format!("domains[{index}]"))?.to_owned();
        self.spawn(py, move |scanner| async move {
            let outcome = match Domain::from_cell(&input) {
                Err(error) => Err(error),
                Ok(reading) => {
                    let observation = scanner.observe(&reading.domain).await.to_json();
                    let domain = reading.domain.to_string();
                    Ok(Seen { domain, suggestion: reading.suggestion, observation })
                }
            };
            Done::Domain { index, input, outcome }
        })
    }

    /// The next output if there is one, as index, input, domain, suggestion, observation and error.
    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.belongs(py)?;
        self.queue.pop().map(|done| output(py, done)).transpose()
    }

    /// Waits for the next output, while other threads of Python's run.
    fn wait<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.belongs(py)?;
        loop {
            if let Some(done) = py.detach(|| self.queue.wait(PATIENCE)) {
                return output(py, done);
            }
            py.check_signals()?;
        }
    }

    /// Has that called, from another thread, at the next output; `false` when there is one already.
    fn wake(&self, py: Python<'_>, waker: Py<PyAny>) -> PyResult<bool> {
        self.belongs(py)?;
        Ok(self.queue.wake(waker))
    }

    /// Ends the scan: what is under way is given up, and its sockets are closed.
    fn close(&self, py: Python<'_>) {
        if let Some(work) = self.take() {
            self.queue.clear();
            py.detach(|| {
                drop(work.scanner);
                work.runtime.shutdown_timeout(FAREWELL);
            });
        }
    }
}

impl Drop for NativeScan {
    fn drop(&mut self) {
        if let Some(work) = self.take() {
            work.runtime.shutdown_background();
        }
    }
}

impl NativeScan {
    /// The work, which is then over. In a forked process it is left alone: its locks may be held by
    /// threads that are not there.
    fn take(&self) -> Option<Work> {
        if self.process != std::process::id() {
            let copied = self.work.try_lock().ok().and_then(|mut work| work.take());
            std::mem::forget(copied);
            return None;
        }
        self.work.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn belongs(&self, py: Python<'_>) -> PyResult<()> {
        if self.process == std::process::id() {
            return Ok(());
        }
        let problem = "belongs to the process that began it: begin one after the fork";
        Err(invalid(py, "scan", problem, None))
    }

    /// Does something whose output goes to the queue, whatever happens.
    fn spawn<F>(&self, py: Python<'_>, task: impl FnOnce(Scanner) -> F) -> PyResult<()>
    where
        F: Future<Output = Done> + Send + 'static,
    {
        self.belongs(py)?;
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(work) = work.as_ref() else {
            return Err(invalid(py, "scan", "has ended: begin another one", None));
        };
        let delivery = Delivery { queue: Arc::clone(&self.queue), done: Some(Done::Broken) };
        let task = task(work.scanner.clone());
        work.runtime.spawn(async move {
            let mut delivery = delivery;
            delivery.done = Some(task.await);
        });
        Ok(())
    }
}

/// Puts an output into the queue when it is dropped, so that a task that panics has one too.
struct Delivery {
    queue: Arc<Queue>,
    done: Option<Done>,
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let waker = self.done.take().and_then(|done| self.queue.push(done));
        let (Some(waker), Ok(runtime)) = (waker, Handle::try_current()) else { return };
        // The interpreter may be busy; the threads that serve the network do not wait for it.
        runtime.spawn_blocking(move || {
            Python::try_attach(|py| {
                if let Err(error) = waker.call0(py) {
                    error.write_unraisable(py, Some(waker.bind(py)));
                }
            });
        });
    }
}

/// An output as Python takes it.
fn output(py: Python<'_>, done: Done) -> PyResult<Bound<'_, PyAny>> {
    match done {
        Done::Checked(Ok(())) => Ok(py.None().into_bound(py)),
        Done::Checked(Err(error)) => Err(scan_refused(py, &error)),
        Done::Domain { index, input, outcome: Ok(seen) } => {
            let Seen { domain, suggestion, observation } = seen;
            (index, input, domain, suggestion, observation, py.None()).into_bound_py_any(py)
        }
        Done::Domain { index, input, outcome: Err(error) } => {
            let suggestion = error.suggestion.clone();
            let error = raised(py, &hunter_core::Error::from(error)).into_value(py);
            (index, input, py.None(), suggestion, py.None(), error).into_bound_py_any(py)
        }
        Done::Broken => Err(PyRuntimeError::new_err("a scan broke: please report it")),
    }
}
