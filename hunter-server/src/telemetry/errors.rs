//! What went wrong, counted by the part of the program and by how bad it is.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::calendar::Calendar;

/// The target of events that tell of a panic.
pub(super) const PANIC: &str = "panic";

const SEVERITIES: [&str; 3] = ["warning", "error", "critical"];

/// The parts of the program, by the modules that log: the longest beginning decides.
const COMPONENTS: &[(&str, &str)] = &[
    (PANIC, "process"),
    ("hunter_scan", "scanner"),
    ("hunter_server::services::scanning", "scanner"),
    ("hunter_store::cache", "cache"),
    ("hunter_store::limiter", "rate_limit"),
    ("hunter_store::queue", "jobs"),
    ("hunter_store::bulk", "jobs"),
    ("hunter_store", "database"),
    ("hunter_server::http", "http"),
    ("hunter_server", "server"),
];

/// The part of the program that logs under a target: one of a dozen.
pub fn component(target: &str) -> &'static str {
    let known = COMPONENTS.iter().filter(|(module, _)| target.starts_with(module));
    known.max_by_key(|(module, _)| module.len()).map_or("library", |(_, component)| component)
}

/// Every kind that is counted apart, so that each is told as 0 before it first happens.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let components = COMPONENTS.iter().map(|(_, component)| *component).chain(["library"]);
    components.flat_map(|component| SEVERITIES.map(|severity| (component, severity)))
}

/// How bad an event is; `None` for one that nothing went wrong in.
pub fn severity(target: &str, level: Level) -> Option<&'static str> {
    match level {
        Level::ERROR if target == PANIC => Some("critical"),
        Level::ERROR => Some("error"),
        Level::WARN => Some("warning"),
        _ => None,
    }
}

/// Counts of what went wrong.
#[derive(Debug, Default)]
pub struct Errors(Mutex<Counts>);

/// What was counted so far.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By part of the program and severity.
    pub by_kind: BTreeMap<(&'static str, &'static str), u64>,
    /// By day and week.
    pub calendar: Calendar,
}

impl Errors {
    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.lock().clone()
    }

    fn count(&self, component: &'static str, severity: &'static str) {
        let mut counts = self.lock();
        *counts.by_kind.entry((component, severity)).or_default() += 1;
        counts.calendar.count(OffsetDateTime::now_utc());
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The counts of this process: it has one log.
pub fn of_process() -> &'static Errors {
    static ERRORS: LazyLock<Errors> = LazyLock::new(Errors::default);
    &ERRORS
}

/// Counts events.
#[derive(Debug)]
pub(super) struct CountErrors(pub(super) &'static Errors);

impl<S: Subscriber> Layer<S> for CountErrors {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if let Some(severity) = severity(metadata.target(), *metadata.level()) {
            self.0.count(component(metadata.target()), severity);
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn the_longest_beginning_names_the_component() {
        for (target, name) in [
            ("hunter_store::limiter::shared", "rate_limit"),
            ("hunter_store::db::unit", "database"),
            ("hunter_server::http::problem", "http"),
            ("hunter_server::services::scanning::scan", "scanner"),
            ("hyper::proto", "library"),
            (PANIC, "process"),
        ] {
            assert_eq!(component(target), name, "{target}");
        }
    }

    #[test]
    fn warnings_errors_and_panics_are_counted_and_nothing_else() {
        static OWN: LazyLock<Errors> = LazyLock::new(Errors::default);
        let subscriber = tracing_subscriber::registry().with(CountErrors(&OWN));
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!("well");
            tracing::warn!(target: "hunter_store::cache", "not so well");
            tracing::error!(target: "hunter_store::cache", "badly");
            tracing::error!(target: PANIC, "worse");
        });
        let counts = OWN.counts();
        let seen: Vec<_> = counts.by_kind.into_iter().collect();
        let wanted =
            [(("cache", "error"), 1), (("cache", "warning"), 1), (("process", "critical"), 1)];
        assert_eq!(seen, wanted);
        assert_eq!(counts.calendar.days().values().sum::<u64>(), 3);
    }
}
