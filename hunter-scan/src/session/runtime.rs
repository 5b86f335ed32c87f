//! The threads that serve the scans of a process.

use std::io;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime};

/// A scan waits for the network; more threads than this do not make that faster.
const MOST_THREADS: usize = 4;

/// The runtime of a process, and, after a fork, of the child that needed one too. Runtimes live as long
/// as their process: whoever has threads that wait for nothing pays nothing.
struct Shared {
    process: u32,
    runtime: Runtime,
    /// A child has a copy of this structure without the threads. It leaves that alone and puts its own here.
    next: OnceLock<Box<Self>>,
}

static FIRST: OnceLock<Box<Shared>> = OnceLock::new();

/// The runtime of this process, which begins when it is first asked for.
pub(super) fn handle() -> io::Result<Handle> {
    let process = std::process::id();
    let mut place = &FIRST;
    loop {
        let Some(shared) = place.get() else {
            // Made outside the cell, which a fork must not find half initialised. Of two threads that
            // come at once one throws its runtime away, without waiting: it may be a runtime's thread.
            let made = Shared { process, runtime: start()?, next: OnceLock::new() };
            if let Err(late) = place.set(Box::new(made)) {
                late.runtime.shutdown_background();
            }
            continue;
        };
        if shared.process == process {
            return Ok(shared.runtime.handle().clone());
        }
        place = &shared.next;
    }
}

fn start() -> io::Result<Runtime> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    Builder::new_multi_thread()
        .worker_threads(threads.min(MOST_THREADS))
        .thread_name("hunter-scan")
        .enable_all()
        .build()
}
