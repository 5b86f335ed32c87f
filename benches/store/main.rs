//! The workloads of group `store`, on a SQLite file and on PostgreSQL.
//!
//! `cargo xtask bench store` starts the servers and runs all of them; words after `--` pick some, and
//! `--smoke` makes every size small. What shows its memory, an import or a job, runs in a process of its
//! own, which is this program again.
#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::print_stderr, reason = "a process of its own says so how much memory it took")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

mod bulk;
mod cache;
mod child;
mod import;
mod lists;
mod peers;
mod queue;
mod save;
mod table;

use hunter_benches::manifest::{Manifest, Workload};
use hunter_store::Backend;
use hunter_store::testing::TestDb;

const GROUP: &str = "store";
/// Everything is measured at the size of the manifest and at a tenth of it: what holds at one and not at
/// the other does not scale.
const TENTH: usize = 10;
/// So many leads that the last page by number has some.
const LISTED: usize = 11_000;

/// What was asked for.
struct Options {
    /// Small sizes: whether it runs, not how fast.
    smoke: bool,
    /// Workloads and databases by name; all where none is named.
    words: Vec<String>,
}

impl Options {
    fn read() -> Self {
        let mut options = Self { smoke: true, words: Vec::new() };
        for word in std::env::args().skip(1) {
            match word.as_str() {
                // Only `cargo bench` says that this is to be measured.
                "--bench" => options.smoke = false,
                _ if !word.starts_with('-') => options.words.push(word),
                _ => {}
            }
        }
        options.smoke |= std::env::args().any(|word| matches!(word.as_str(), "--smoke" | "--test"));
        options
    }

    fn wants(&self, name: &str) -> bool {
        let databases = ["sqlite", "postgres"];
        let of_kind = |database: bool| {
            let mut words = self
                .words
                .iter()
                .filter(move |word| databases.contains(&word.as_str()) == database);
            let all = words.clone().next().is_none();
            all || words.any(|word| word == name)
        };
        of_kind(databases.contains(&name))
    }

    /// The sizes of a workload, the smaller one first.
    fn sizes(&self, workload: &Workload, smallest: usize) -> Vec<usize> {
        let size = workload.input.size;
        if self.smoke { vec![smallest] } else { vec![size / TENTH, size] }
    }
}

fn main() {
    if let Some(task) = child::task() {
        return task.run();
    }
    let options = Options::read();
    let manifest = Manifest::read();
    let workload = |name: &str| {
        let named = manifest.group(GROUP).find(|workload| workload.name == name);
        named.unwrap_or_else(|| panic!("`{name}` is not in benches/workloads.toml"))
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!("{}", table::machine());
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if !options.wants(backend.as_str()) {
            continue;
        }
        println!("\n## {backend}");
        if options.wants("store_lists") {
            for size in options.sizes(workload("store_lists"), LISTED) {
                let rounds = if options.smoke { 3 } else { 300 };
                runtime.block_on(lists::measure(backend, size, rounds));
            }
        }
        if options.wants("store_save") {
            let size = workload("store_save").input.size / if options.smoke { 100 } else { 1 };
            runtime.block_on(save::measure(backend, workload("store_save"), size));
        }
        let chain = ["store_import", "store_bulk", "store_reassess"];
        if chain.iter().any(|name| options.wants(name)) {
            for size in options.sizes(workload("store_import"), 500) {
                runtime.block_on(chained(backend, size, &options, &workload));
            }
        }
        if options.wants("store_queue") {
            let size = workload("store_queue").input.size / if options.smoke { 20 } else { 1 };
            runtime.block_on(queue::measure(backend, size));
        }
    }
    if options.wants("store_limiter") {
        runtime.block_on(queue::limiter(if options.smoke { 200 } else { 20_000 }));
    }
    if options.wants("store_cache") {
        runtime.block_on(cache::measure(if options.smoke { 200 } else { 20_000 }));
    }
}

/// An import, a scan of what was imported, and a reassessment of what was scanned: each rests on the one
/// before.
async fn chained<'a>(
    backend: Backend,
    size: usize,
    options: &Options,
    workload: &dyn Fn(&str) -> &'a Workload,
) {
    let test = TestDb::new(backend).await;
    let url = test.db().config().url.clone();
    import::measure(&url, workload("store_import"), size);
    if options.wants("store_bulk") || options.wants("store_reassess") {
        bulk::scan(&url, workload("store_bulk"), size);
    }
    if options.wants("store_reassess") {
        bulk::reassess(&test, workload("store_reassess"), size).await;
    }
}
