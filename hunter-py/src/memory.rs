//! Answers of `score` that were given before.
//!
//! An answer rests on few facts, each of which has few values, and never changes: one object can stand
//! for all calls with the same facts. There are a few thousand of them, and no more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hunter_core::observation::Signal;
use hunter_core::operations::{Hunter, ScoreRequest, mail_taken};
use hunter_core::signals::DmarcSignal;
use hunter_core::vocabulary::ProviderClass;
use pyo3::prelude::*;

/// Everything that an answer of `score` rests on, but for the domain, which it hands through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Facts {
    mail: Signal,
    provider: Option<ProviderClass>,
    spf: Signal,
    dkim: Signal,
    dmarc: DmarcSignal,
    many_includes: Signal,
}

impl Facts {
    /// The facts of a request; none where it names a domain.
    pub(crate) fn of(hunter: &Hunter, request: &ScoreRequest) -> Option<Self> {
        let ScoreRequest { provider, signals, mx_records, domain } = request;
        domain.is_none().then(|| Self {
            mail: mail_taken(mx_records.as_deref()),
            provider: *provider,
            spf: signals.spf,
            dkim: signals.dkim,
            dmarc: signals.dmarc,
            many_includes: hunter.rules().many_includes(signals.spf, signals.spf_record.as_deref()),
        })
    }
}

/// The answers of one engine.
#[derive(Debug, Default)]
pub(crate) struct Scores(Mutex<HashMap<Facts, Py<PyAny>>>);

impl Scores {
    /// The answer on facts that were met before.
    pub(crate) fn get<'py>(&self, py: Python<'py>, facts: &Facts) -> Option<Bound<'py, PyAny>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(facts).map(|answer| answer.bind(py).clone())
    }

    pub(crate) fn keep(&self, facts: Facts, answer: &Bound<'_, PyAny>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing of Python runs while the lock is held: the first answer stays, no other is freed.
        known.entry(facts).or_insert_with(|| answer.clone().unbind());
    }
}
