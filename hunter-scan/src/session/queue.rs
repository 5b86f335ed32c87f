//! What a session has done and nobody has fetched yet.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Output, Waker};

/// Outputs on their way to whoever takes them. No lock is held while a waker is called or dropped: both
/// may run code of the host's.
#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    done: VecDeque<Output>,
    /// Tasks that hold something.
    running: usize,
    closed: bool,
    /// Whom to call at the next output, or at the end.
    waker: Option<Waker>,
    /// Whom to call when no task runs any more.
    idle: Option<Waker>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a task that begins.
    pub(super) fn begin(&self) {
        self.lock().running += 1;
    }

    /// Counts a task that is over, and takes its output unless nobody wants it any more.
    pub(super) fn finish(&self, output: Output) {
        let mut state = self.lock();
        state.running -= 1;
        let mut waker = None;
        if !state.closed {
            state.done.push_back(output);
            waker = state.waker.take();
        }
        let idle = if state.running == 0 { state.idle.take() } else { None };
        self.changed.notify_all();
        drop(state);
        call(waker);
        call(idle);
    }

    /// The next output, if there is one.
    pub(super) fn pop(&self) -> Option<Output> {
        self.lock().done.pop_front()
    }

    /// The next output; `None` when there is none for so long, or none will come.
    pub(super) fn wait(&self, patience: Duration) -> Option<Output> {
        let mut state = self.wait_until(patience, |state| !state.done.is_empty() || state.closed);
        state.done.pop_front()
    }

    /// Waits until no task runs; `false` when that takes longer.
    pub(super) fn wait_idle(&self, patience: Duration) -> bool {
        self.wait_until(patience, |state| state.running == 0).running == 0
    }

    fn wait_until(
        &self,
        patience: Duration,
        met: impl Fn(&State) -> bool,
    ) -> MutexGuard<'_, State> {
        let until = Instant::now() + patience;
        let mut state = self.lock();
        while !met(&state) {
            let Some(left) = until.checked_duration_since(Instant::now()) else { break };
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state
    }

    /// Calls the waker at the next output, or at the end; at once where there is one already.
    pub(super) fn wake(&self, waker: Waker) {
        let mut state = self.lock();
        let ready = state.closed || !state.done.is_empty();
        let due = if ready { Some(waker) } else { state.waker.replace(waker) };
        drop(state);
        call(due);
    }

    /// Calls the waker as soon as no task runs.
    pub(super) fn on_idle(&self, waker: Waker) {
        let mut state = self.lock();
        let due = if state.running == 0 { Some(waker) } else { state.idle.replace(waker) };
        drop(state);
        call(due);
    }

    /// Forgets what is done, and takes nothing from now on.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let forgotten = std::mem::take(&mut state.done);
        let waker = state.waker.take();
        self.changed.notify_all();
        drop(state);
        drop(forgotten);
        call(waker);
    }
}

fn call(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker();
    }
}
