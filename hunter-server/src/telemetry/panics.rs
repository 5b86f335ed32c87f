//! Panics go where all else goes: an event, masked like every other.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};

use super::errors::PANIC;

/// Writes panics to the log from now on, instead of to standard error as they are.
pub(super) fn tell() {
    panic::set_hook(Box::new(|info| {
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then_some(backtrace);
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(
            target: PANIC,
            place,
            thread = std::thread::current().name().unwrap_or("unnamed"),
            backtrace = backtrace.map(tracing::field::display),
            "panicked: {}",
            said(info)
        );
    }));
}

fn said<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    info.payload_as_str().unwrap_or("with something that is no text")
}
