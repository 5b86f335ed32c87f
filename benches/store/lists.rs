//! Pages of the list, at either size, beside the bare statements.

use std::time::Instant;

use hunter_core::vocabulary::{
    CommercialSegment, PriorityCategory, ProviderClass, Segment, TenantSize,
};
use hunter_store::dashboard;
use hunter_store::leads::{LeadFilter, LeadQuery, LeadSort, Leads as _, Page};
use hunter_store::testing::{TestDb, fill_leads, lead_statement, page_statement};
use hunter_store::{Backend, Db};

use crate::peers;
use crate::table::{self, Latencies};

pub(crate) async fn measure(backend: Backend, size: usize, rounds: usize) {
    let test = TestDb::new(backend).await;
    let db = test.db();
    let begun = Instant::now();
    fill_leads(db, u32::try_from(size).unwrap()).await.unwrap();
    println!("\n### {size} leads, made in {:.0} s\n", begun.elapsed().as_secs_f64());
    table::heading(&["query", "p50", "p95", "bare p50", "bare p95"]);
    let deep = at_depth(db, size / 2).await;
    for (what, query) in queries(deep) {
        let mut times = Latencies::default();
        // One connection, as a request has one; the first call reads the catalogue.
        let mut unit = db.read().await.unwrap();
        unit.leads(&query).await.unwrap();
        for _ in 0..rounds {
            let begun = Instant::now();
            let page = unit.leads(&query).await.unwrap();
            times.push(begun.elapsed());
            assert!(!page.leads.is_empty(), "{what}");
        }
        drop(unit);
        let (sql, values) = page_statement(backend, &query).unwrap();
        row(db, what, times, &sql, &values, rounds);
    }
    single(db, size, rounds).await;
    let mut times = Latencies::default();
    for _ in 0..rounds.min(10) {
        let begun = Instant::now();
        dashboard::refresh(db).await.unwrap();
        times.push(begun.elapsed());
    }
    times.row("totals of the dashboard, counted");
    let mut times = Latencies::default();
    for _ in 0..rounds {
        let begun = Instant::now();
        dashboard::totals(db, dashboard::MAX_AGE).await.unwrap();
        times.push(begun.elapsed());
    }
    times.row("totals of the dashboard, as kept");
}

/// The cursor of a page in the middle of the list, found as a client finds it: page after page.
async fn at_depth(db: &Db, depth: usize) -> Page {
    let mut query = LeadQuery { page_size: 200, count: false, ..LeadQuery::default() };
    let mut unit = db.read().await.unwrap();
    for _ in 0..(depth / 200).max(1) {
        query.page = Page::After(unit.leads(&query).await.unwrap().next.unwrap());
    }
    query.page
}

fn queries(deep: Page) -> Vec<(&'static str, LeadQuery)> {
    let none = LeadFilter::default;
    let with = |filter| LeadQuery { filter, ..LeadQuery::default() };
    let search = |words: &str| with(LeadFilter { search: Some(words.into()), ..none() });
    vec![
        ("page 1, with the total", with(none())),
        ("page 200, with the total", LeadQuery { page: Page::Number(200), ..with(none()) }),
        ("page in the middle, by cursor", LeadQuery { page: deep, count: false, ..with(none()) }),
        ("by score", LeadQuery { sort: LeadSort::ReadinessScore, ..with(none()) }),
        ("by domain", LeadQuery { sort: LeadSort::Domain, ..with(none()) }),
        ("segment", with(LeadFilter { segment: Some(Segment::Migration), ..none() })),
        (
            "provider and score",
            with(LeadFilter {
                provider: Some(ProviderClass::Google),
                min_score: Some(70),
                ..none()
            }),
        ),
        (
            "category, lowest scores",
            with(LeadFilter {
                priority_category: Some(PriorityCategory::P2),
                max_score: Some(80),
                ..none()
            }),
        ),
        (
            "commercial segment and size",
            with(LeadFilter {
                commercial_segment: Some(CommercialSegment::Competitive),
                tenant_size: Some(TenantSize::Small),
                ..none()
            }),
        ),
        ("rare tag", with(LeadFilter { tag: Some("rare".into()), ..none() })),
        ("frequent tag", with(LeadFilter { tag: Some("weak-spf".into()), ..none() })),
        ("search, many finds", search("celik")),
        ("search, one find", search("sirket123.com")),
        ("search, two letters", search("si")),
        (
            "count of a filter",
            LeadQuery {
                page_size: 1,
                ..with(LeadFilter { segment: Some(Segment::Existing), ..none() })
            },
        ),
    ]
}

async fn single(db: &Db, size: usize, rounds: usize) {
    let mut times = Latencies::default();
    let mut unit = db.read().await.unwrap();
    for round in 0..rounds {
        let number = 1 + round * 7919 % size;
        let domain = format!("sirket{number}.com.tr").parse().unwrap();
        let begun = Instant::now();
        let lead = unit.lead(&domain).await.unwrap();
        times.push(begun.elapsed());
        assert!(lead.is_some());
    }
    drop(unit);
    row(db, "one lead", times, &lead_statement(), &["sirket123.com.tr".into()], rounds);
}

/// One query beside its bare statement.
fn row(db: &Db, what: &str, mut times: Latencies, sql: &str, values: &[String], rounds: usize) {
    let (p50, p95) = (times.percentile(50), times.percentile(95));
    let url = &db.config().url;
    let (bare_p50, bare_p95) = match db.backend() {
        Backend::Postgres => {
            let mut bare = peers::pgbench(url, sql, values, rounds);
            (table::time(bare.percentile(50)), table::time(bare.percentile(95)))
        }
        Backend::Sqlite => {
            let mean = peers::sqlite3(url, sql, values, rounds);
            (format!("{} on average", table::time(mean)), String::new())
        }
    };
    let (p50, p95) = (table::time(p50), table::time(p95));
    println!("| {what} | {p50} | {p95} | {bare_p50} | {bare_p95} |");
}
