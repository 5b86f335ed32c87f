//! The service under wrk, over PostgreSQL and Redis, beside pgbench with the same statements.
//!
//! `cargo xtask bench server` starts the servers; `--smoke` makes every size small and every run short. The
//! service is a process of its own, which is this program again. A route that the description does not
//! list is named and not measured.
#![expect(clippy::print_stdout, reason = "a benchmark says what it measured")]
#![expect(clippy::print_stderr, reason = "the service of its own says what keeps it from starting")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

mod files;
mod programs;
mod service;

use std::process::ExitCode;
use std::sync::Arc;

use hunter_benches::inputs;
use hunter_benches::manifest::Manifest;
use hunter_core::{Domain, Engine};
use hunter_store::bulk::{LeadRecorder, NoWords};
use hunter_store::leads::{LeadQuery, Leads as _, Page};
use hunter_store::testing::{TestDb, fill_leads, lead_statement, page_statement};
use hunter_store::{Backend, Db};

use programs::Rate;
use service::Service;

/// Connections at the same time.
const CONNECTIONS: [u32; 2] = [8, 64];
/// A lead that rests on an observation, which a breakdown and a summary read.
const OBSERVED: &str = "gozlenen.com.tr";
/// Of pgbench's rate, in percent.
const AIM_RATE: f64 = 50.0;
/// At 8 connections, in milliseconds.
const AIM_P99: f64 = 30.0;
/// In MiB, throughout.
const AIM_MEMORY: u64 = 150;

/// How much is done.
#[derive(Clone, Copy)]
struct Extent {
    smoke: bool,
    /// Of one run.
    seconds: u32,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("--child", words)) =
        words.split_first().map(|(first, rest)| (first.as_str(), rest))
    {
        return match hunter_server::cli::run_from(words) {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("hunter: {error}");
                ExitCode::FAILURE
            }
        };
    }
    // Only `cargo bench` says that this is to be measured.
    let smoke = !words.iter().any(|word| word == "--bench")
        || words.iter().any(|word| ["--smoke", "--test"].contains(&word.as_str()));
    let extent = Extent { smoke, seconds: if smoke { 1 } else { 10 } };
    let manifest = Manifest::read();
    let size = |name: &str| {
        let named = manifest.group("server").find(|workload| workload.name == name);
        named.unwrap_or_else(|| panic!("`{name}` is not in benches/workloads.toml")).input.size
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let largest = size("server_reads");
    for leads in if smoke { vec![2_000] } else { vec![largest / 10, largest] } {
        runtime.block_on(reads(leads, extent));
    }
    let largest = size("server_ingest");
    for rows in if smoke { vec![500] } else { vec![largest / 100, largest] } {
        runtime.block_on(async {
            let test = TestDb::new(Backend::Postgres).await;
            let mut service = Service::start(&test.db().config().url, true);
            files::ingest(&mut service, rows);
        });
    }
    ExitCode::SUCCESS
}

async fn reads(leads: usize, extent: Extent) {
    let test = TestDb::new(Backend::Postgres).await;
    let db = test.db();
    fill_leads(db, u32::try_from(leads).unwrap()).await.unwrap();
    observe(db).await;
    let cursor = at_depth(db, leads / 2).await;
    let url = db.config().url.clone();
    let mut service = Service::start(&url, false);
    let listed = service.routes();
    println!("\n## {leads} leads\n");
    println!("| request | connections | requests/s | p50 ms | p99 ms | of pgbench | |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let query = LeadQuery::default();
    let (page, values) = page_statement(Backend::Postgres, &query).unwrap();
    let one = (lead_statement(), vec!["sirket123.com.tr".to_owned()]);
    for (what, route, path, bare) in [
        ("list, page 1", "/leads", "/leads".to_owned(), Some((page, values))),
        ("list, deep cursor", "/leads", format!("/leads?cursor={cursor}"), None),
        ("filter", "/leads", "/leads?provider=Google&min_score=70".to_owned(), None),
        ("search", "/leads", "/leads?search=celik".to_owned(), None),
        ("lead", "/leads/{domain}", "/leads/sirket123.com.tr".to_owned(), Some(one)),
        (
            "breakdown",
            "/leads/{domain}/score-breakdown",
            format!("/leads/{OBSERVED}/score-breakdown"),
            None,
        ),
        (
            "sales summary",
            "/leads/{domain}/sales-summary",
            format!("/leads/{OBSERVED}/sales-summary"),
            None,
        ),
        ("dashboard", "/dashboard", "/dashboard".to_owned(), None),
    ] {
        if !listed.contains(&format!("/api/v1{route}")) {
            println!("| {what} | | | | | | not there yet |");
            continue;
        }
        for connections in CONNECTIONS {
            let rate = programs::wrk(&service, &path, connections, extent.seconds);
            let bare = bare.as_ref().map(|(sql, values)| {
                programs::pgbench(&url, sql, values, connections, extent.seconds)
            });
            row(what, connections, rate, bare, extent);
        }
    }
    if listed.contains("/api/v1/leads/export") {
        files::export(&mut service, leads);
    } else {
        println!("\nexport: not there yet");
    }
    let memory = service.peak();
    println!(
        "\nmemory at its peak: {memory} MiB, aim {AIM_MEMORY} {}",
        reached(memory < AIM_MEMORY)
    );
}

fn row(what: &str, connections: u32, rate: Rate, bare: Option<f64>, extent: Extent) {
    let share = bare.map(|bare| 100.0 * rate.per_second / bare);
    let fast = share.is_none_or(|share| share >= AIM_RATE);
    let prompt = connections > CONNECTIONS[0] || rate.p99 < AIM_P99;
    let share = share.map_or_else(String::new, |share| format!("{share:.0} %"));
    let verdict = if extent.smoke { "" } else { reached(fast && prompt) };
    println!(
        "| {what} | {connections} | {:.0} | {:.2} | {:.2} | {share} | {verdict} |",
        rate.per_second, rate.p50, rate.p99
    );
}

const fn reached(is: bool) -> &'static str {
    if is { "reached" } else { "missed" }
}

/// Keeps an observation as a scan leaves it.
async fn observe(db: &Db) {
    let engine = Engine::builtin();
    let mut seen = inputs::observations(1, 7, engine.fingerprints()).remove(0);
    let domain: Domain = OBSERVED.parse().unwrap();
    for answer in &mut seen.answers {
        if let Some(front) = answer.name.strip_suffix(seen.domain.as_str()) {
            answer.name = format!("{front}{domain}");
        }
    }
    seen.domain = domain;
    let mut unit = db.begin().await.unwrap();
    LeadRecorder::new(engine, Arc::new(NoWords)).keep(&mut unit, &[seen]).await.unwrap();
    unit.commit().await.unwrap();
}

/// The cursor of a page in the middle of the list, found as a client finds it: page after page.
async fn at_depth(db: &Db, depth: usize) -> String {
    let mut query = LeadQuery { page_size: 200, count: false, ..LeadQuery::default() };
    let mut unit = db.read().await.unwrap();
    let mut cursor = String::new();
    for _ in 0..(depth / 200).max(1) {
        cursor = unit.leads(&query).await.unwrap().next.unwrap();
        query.page = Page::After(cursor.clone());
    }
    cursor
}
