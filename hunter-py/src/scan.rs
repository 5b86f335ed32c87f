//! A scan: `hunter_leads.scan` and `scan_sync` are its public faces, and pace it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hunter_core::operations::read_request;
use hunter_scan::ScanSettings;
use hunter_scan::session::{Observed, Output, Session, SessionEnded};
use pyo3::IntoPyObjectExt as _;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tokio::runtime::Handle;

use crate::arguments::text;
use crate::engine::NativeEngine;
use crate::errors::{invalid, raised, scan_refused};
use crate::json;

/// How long a thread of Python's waits at a time before it looks for signals, such as Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(100);
/// How long the end of a scan waits for its sockets.
const FAREWELL: Duration = Duration::from_secs(1);

/// A scan in the making. Its calls come one after the other; the public faces see to that.
#[pyclass(frozen, module = "hunter_leads._native", name = "Scan")]
pub(crate) struct NativeScan {
    session: Session,
    problems: Vec<String>,
}

#[pymethods]
impl NativeScan {
    #[new]
    fn new(
        py: Python<'_>,
        engine: &Bound<'_, NativeEngine>,
        settings: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let mut request = String::from("{");
        for (name, value) in settings.iter() {
            let name = text(&name, "settings")?.to_owned();
            if request.len() > 1 {
                request.push(',');
            }
            json::write_text(&name, &mut request);
            request.push(':');
            json::write(&value, &name, &mut request)?;
        }
        request.push('}');
        let settings: ScanSettings = read_request(&request).map_err(|error| raised(py, &error))?;
        let engine = engine.get().hunter.engine().clone();
        let made = py.detach(|| {
            let (scanner, problems) = settings.scanner(&engine)?;
            Ok((Session::new(scanner, settings.check)?, problems))
        });
        let (session, problems) = made.map_err(|error| scan_refused(py, &error))?;
        let problems = problems.iter().map(|found| format!("{found} [{}]", found.code())).collect();
        Ok(Self { session, problems })
    }

    /// How many domains may be under way.
    #[getter]
    fn concurrency(&self) -> usize {
        self.session.concurrency()
    }

    /// What is wrong with the IP databases.
    #[getter]
    fn problems(&self) -> Vec<String> {
        self.problems.clone()
    }

    /// Begins a domain. One output.
    fn submit(&self, py: Python<'_>, index: usize, domain: &Bound<'_, PyAny>) -> PyResult<()> {
        let input = text(domain, &format!("domains[{index}]"))?.to_owned();
        self.session.submit(index, input).map_err(|ended| over(py, ended))
    }

    /// The next output if there is one, as index, input, domain, suggestion, observation and error.
    fn poll<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.is_open(py)?;
        self.session.poll().map(|output| given(py, output)).transpose()
    }

    /// Waits for the next output, while other threads of Python's run; none comes after the end.
    fn wait<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        while self.is_open(py)? {
            if let Some(output) = py.detach(|| self.session.wait(PATIENCE)) {
                return given(py, output).map(Some);
            }
            py.check_signals()?;
        }
        Ok(None)
    }

    /// Has that called, from some thread, at the next output or the end.
    fn wake(&self, py: Python<'_>, waker: Py<PyAny>) -> PyResult<()> {
        self.is_open(py)?;
        let call = move || tell(&waker);
        py.detach(|| {
            self.session.wake(Box::new(move || match Handle::try_current() {
                // The interpreter may be busy; the threads that serve the network do not wait for it.
                Ok(runtime) => drop(runtime.spawn_blocking(call)),
                Err(_) => call(),
            }));
        });
        Ok(())
    }

    /// Ends the scan: what is under way is given up, and its sockets are closed.
    fn close(&self, py: Python<'_>) {
        py.detach(|| {
            self.session.close();
            self.session.wait_idle(FAREWELL);
        });
    }
}

/// Threads of scans that are calling Python.
static TELLING: AtomicUsize = AtomicUsize::new(0);
/// Whether the interpreter is about to end.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Calls a waker. Not once the interpreter ends: it cuts off threads that wait for it, in the middle of
/// whatever they do, and a thread that is not Python's own takes the process with it.
fn tell(waker: &Py<PyAny>) {
    TELLING.fetch_add(1, Ordering::SeqCst);
    if !ENDING.load(Ordering::SeqCst) {
        Python::try_attach(|py| {
            if let Err(error) = waker.call0(py) {
                error.write_unraisable(py, Some(waker.bind(py)));
            }
        });
    }
    TELLING.fetch_sub(1, Ordering::SeqCst);
}

/// Waits for threads that are calling Python, and lets no more of them do so.
#[pyfunction]
fn quiesce(py: Python<'_>) {
    ENDING.store(true, Ordering::SeqCst);
    let until = Instant::now() + FAREWELL;
    py.detach(|| {
        // The count of a forked process may have in it what threads of its parent did.
        while TELLING.load(Ordering::SeqCst) > 0 && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

/// Has the interpreter wait, when it ends, for threads of scans that are calling it.
pub(crate) fn quiesce_at_exit(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let quiesce = wrap_pyfunction!(quiesce, module)?;
    module.py().import("atexit")?.call_method1("register", (quiesce,)).map(drop)
}

impl NativeScan {
    /// Whether outputs can still come. In a forked process that is an error.
    fn is_open(&self, py: Python<'_>) -> PyResult<bool> {
        match self.session.usable() {
            Ok(()) => Ok(true),
            Err(SessionEnded::Closed) => Ok(false),
            Err(ended) => Err(over(py, ended)),
        }
    }
}

fn over(py: Python<'_>, ended: SessionEnded) -> PyErr {
    invalid(py, "scan", &ended.to_string(), None)
}

/// An output as Python takes it.
fn given(py: Python<'_>, output: Output) -> PyResult<Bound<'_, PyAny>> {
    match output {
        Output::Observed(Observed { index, input, outcome: Ok(seen) }) => {
            let domain = seen.domain.as_str();
            (index, input, domain, seen.suggestion, seen.observation, py.None())
                .into_bound_py_any(py)
        }
        Output::Observed(Observed { index, input, outcome: Err(error) }) => {
            let suggestion = error.suggestion.clone();
            let error = raised(py, &hunter_core::Error::from(error)).into_value(py);
            (index, input, py.None(), suggestion, py.None(), error).into_bound_py_any(py)
        }
        Output::Refused(error) => Err(scan_refused(py, &error)),
        _ => Err(PyRuntimeError::new_err("a scan broke: please report it")),
    }
}
