//! The native part of the npm package `hunter-leads`.
//!
//! It is private to the package: what people call stands in `hunter-node/src-ts`, which knows the
//! types and the defaults. Three ways lead from there to `hunter_core::operations`:
//!
//! * every operation as JSON text to JSON text (`engine`), so that requests, answers and errors are
//!   those of Rust to the letter;
//! * the calls that are made by the million as plain values (`hot`). They know no errors: what does
//!   not fit is refused, and the package asks again by JSON, which says what is wrong;
//! * batches (`batch`) as Arrow IPC or as columns (`columns`), on threads, as promises.
//!
//! Scans (`scan`) lead to `hunter_scan::session`.

mod batch;
mod columns;
mod engine;
mod failure;
mod hot;
mod scan;

/// A panic becomes an error of JavaScript that has its message, or, in damaged Arrow bytes, a refusal.
/// Standard error belongs to the program; the hook is that of this library alone, which has a runtime
/// of its own.
#[napi_derive::module_init]
fn keep_quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}
