//! What a scan has done and nobody has fetched yet.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hunter_core::DomainError;
use hunter_scan::ScanError;
use pyo3::prelude::*;

/// One output.
pub(super) enum Done {
    /// The resolvers can be believed, or not.
    Checked(Result<(), ScanError>),
    /// One input and what became of it.
    Domain { index: usize, input: String, outcome: Result<Seen, DomainError> },
    /// A task ended without an output, which only a fault of this library brings about.
    Broken,
}

/// What was observed.
pub(super) struct Seen {
    pub(super) domain: String,
    pub(super) suggestion: Option<String>,
    /// The observation, as JSON.
    pub(super) observation: String,
}

/// Outputs on their way from the runtime's threads to Python. Its lock is never held while a thread
/// waits for the interpreter.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Default)]
struct State {
    done: VecDeque<Done>,
    /// Whom to call at the next output.
    waker: Option<Py<PyAny>>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an output; the waker, which is the caller's to call, waits for it.
    #[must_use = "somebody waits"]
    pub(super) fn push(&self, done: Done) -> Option<Py<PyAny>> {
        let mut state = self.lock();
        state.done.push_back(done);
        self.filled.notify_one();
        state.waker.take()
    }

    /// The next output, if there is one.
    pub(super) fn pop(&self) -> Option<Done> {
        self.lock().done.pop_front()
    }

    /// The next output; `None` when there is none for so long.
    pub(super) fn wait(&self, patience: Duration) -> Option<Done> {
        let until = Instant::now() + patience;
        let mut state = self.lock();
        while state.done.is_empty() {
            let left = until.checked_duration_since(Instant::now())?;
            let waited = self.filled.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.done.pop_front()
    }

    /// Has that called at the next output; `false` when there is one already.
    pub(super) fn wake(&self, waker: Py<PyAny>) -> bool {
        let mut state = self.lock();
        let earlier =
            if state.done.is_empty() { state.waker.replace(waker) } else { return false };
        // An object's end may run code of Python's, which must not find the lock taken.
        drop(state);
        drop(earlier);
        true
    }

    /// Forgets whoever waits and what is done.
    pub(super) fn clear(&self) {
        let state = std::mem::take(&mut *self.lock());
        drop(state);
    }
}
