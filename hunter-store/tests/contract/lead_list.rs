//! The list: filters, orders, pages, search, totals.

use hunter_core::vocabulary::{PriorityCategory, ProviderClass, Segment};
use hunter_store::leads::{
    LeadFilter, LeadPage, LeadQuery, LeadRow, LeadSort, Leads, Order, Page, Total,
};
use hunter_store::testing::TestDb;
use hunter_store::{Backend, StoreError};

use crate::fixtures::{GOOGLE, MICROSOFT, OWN, SILENT, Shows, leads};

contract!(
    d24_every_order_is_complete_and_the_same_by_number_and_by_cursor,
    every_filter_gives_what_a_filter_in_memory_gives,
    unknown_scores_are_neither_low_nor_high,
    words_are_found_however_they_are_typed,
    d28_wildcards_mean_themselves,
    a_cursor_belongs_to_its_list,
    an_empty_page_still_counts,
    beyond_ten_thousand_rows_only_a_cursor_leads,
);

fn shows(i: usize) -> Shows {
    let kind = [MICROSOFT, GOOGLE, OWN, SILENT, Shows { dmarc: Some("none"), ..MICROSOFT }][i % 5];
    kind.later(i64::try_from(i % 7).unwrap())
}

async fn filled(backend: Backend, count: usize) -> TestDb {
    let test = TestDb::new(backend).await;
    let names: Vec<String> = (0..count).map(|i| format!("d{}.com.tr", i * 7919 % 1000)).collect();
    let told: Vec<(&str, &str, Shows)> =
        names.iter().enumerate().map(|(i, name)| (name.as_str(), "Örnek A.Ş.", shows(i))).collect();
    leads(&test, &told).await;
    test
}

async fn page(test: &TestDb, query: LeadQuery) -> Result<LeadPage, StoreError> {
    test.db().read().await.unwrap().leads(&query).await
}

async fn found(test: &TestDb, filter: LeadFilter) -> Vec<LeadRow> {
    let query = LeadQuery { filter, page_size: 200, ..LeadQuery::default() };
    let page = page(test, query).await.unwrap();
    assert_eq!(page.total, Some(Total::Exact(page.leads.len() as u64)));
    page.leads
}

async fn d24_every_order_is_complete_and_the_same_by_number_and_by_cursor(backend: Backend) {
    let test = filled(backend, 60).await;
    for sort in LeadSort::ALL {
        for order in [Order::Ascending, Order::Descending] {
            let query =
                LeadQuery { sort: *sort, order: Some(order), page_size: 7, ..LeadQuery::default() };
            let (mut by_number, mut by_cursor) = (Vec::new(), Vec::new());
            for number in 1..=9 {
                let query = LeadQuery { page: Page::Number(number), ..query.clone() };
                let page = page(&test, query).await.unwrap();
                assert_eq!(page.total, Some(Total::Exact(60)));
                by_number.extend(page.leads);
            }
            let mut next = Page::Number(1);
            loop {
                let query = LeadQuery { page: next, count: false, ..query.clone() };
                let page = page(&test, query).await.unwrap();
                assert_eq!(page.total, None);
                by_cursor.extend(page.leads);
                let Some(cursor) = page.next else { break };
                next = Page::After(cursor);
            }
            assert_eq!(by_number.len(), 60, "{sort:?} {order:?}");
            assert_eq!(by_number, by_cursor, "{sort:?} {order:?}");
            let mut sorted = by_number.clone();
            sorted.sort_by_key(|row| key(*sort, row));
            if order == Order::Descending {
                sorted.reverse();
            }
            let domains =
                |rows: &[LeadRow]| rows.iter().map(|r| r.domain.clone()).collect::<Vec<_>>();
            assert_eq!(domains(&by_number), domains(&sorted), "{sort:?} {order:?}");
        }
    }
}

/// The order as the contract has it.
fn key(sort: LeadSort, row: &LeadRow) -> (String, i64, i64) {
    let text = |text: &str| (text.to_owned(), 0, row.company_id);
    let number = |n: i64| (String::new(), n, row.company_id);
    let score = i64::from(row.readiness_score.unwrap_or(-1));
    match sort {
        LeadSort::PriorityCategory => {
            (row.priority_category.clone().unwrap_or("~".into()), -score, row.company_id)
        }
        LeadSort::Domain => text(&row.domain),
        LeadSort::ReadinessScore => number(score),
        LeadSort::PriorityScore => number(row.priority_score.unwrap_or(99).into()),
        LeadSort::Segment => text(row.segment.as_deref().unwrap_or("~")),
        LeadSort::Provider => text(&row.provider),
        LeadSort::ScannedAt => number(row.scanned_at.as_micros()),
    }
}

/// What a filter means, said in memory.
type Holds = Box<dyn Fn(&LeadRow) -> bool>;

async fn every_filter_gives_what_a_filter_in_memory_gives(backend: Backend) {
    let test = filled(backend, 50).await;
    let all = found(&test, LeadFilter::default()).await;
    assert_eq!(all.len(), 50);
    let some = LeadFilter::default;
    let mut cases: Vec<(LeadFilter, Holds)> = vec![
        (
            LeadFilter { min_score: Some(40), ..some() },
            Box::new(|r| r.readiness_score.is_some_and(|s| s >= 40)),
        ),
        (
            LeadFilter { max_score: Some(40), ..some() },
            Box::new(|r| r.readiness_score.is_some_and(|s| s <= 40)),
        ),
        (
            LeadFilter { search: Some("d1".into()), ..some() },
            Box::new(|r| r.domain.starts_with("d1")),
        ),
        (LeadFilter { search: Some("ÖRNEK".into()), ..some() }, Box::new(|_| true)),
        (LeadFilter { favourite: Some(true), ..some() }, Box::new(|_| false)),
        (LeadFilter { favourite: Some(false), ..some() }, Box::new(|_| true)),
    ];
    for segment in Segment::ALL {
        let word = segment.as_str();
        cases.push((
            LeadFilter { segment: Some(*segment), ..some() },
            Box::new(move |r| r.segment.as_deref() == Some(word)),
        ));
    }
    for class in ProviderClass::ALL {
        let word = class.as_str();
        cases.push((
            LeadFilter { provider: Some(*class), min_score: Some(10), ..some() },
            Box::new(move |r| r.provider == word && r.readiness_score.is_some_and(|s| s >= 10)),
        ));
    }
    for category in PriorityCategory::ALL {
        let word = category.as_str();
        cases.push((
            LeadFilter { priority_category: Some(*category), ..some() },
            Box::new(move |r| r.priority_category.as_deref() == Some(word)),
        ));
    }
    let tags: std::collections::BTreeSet<String> =
        all.iter().flat_map(|r| r.tags.clone()).collect();
    assert!(!tags.is_empty());
    for tag in tags {
        cases.push((
            LeadFilter { tag: Some(tag.clone()), ..some() },
            Box::new(move |r| r.tags.contains(&tag)),
        ));
    }
    for (filter, holds) in cases {
        let wanted: Vec<&LeadRow> = all.iter().filter(|row| holds(row)).collect();
        let rows = found(&test, filter.clone()).await;
        assert_eq!(rows.iter().collect::<Vec<_>>(), wanted, "{filter:?}");
    }
}

async fn unknown_scores_are_neither_low_nor_high(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(&test, &[("silent.com", "S", SILENT), ("known.com", "K", MICROSOFT)]).await;
    for filter in [
        LeadFilter { max_score: Some(100), ..LeadFilter::default() },
        LeadFilter { min_score: Some(0), ..LeadFilter::default() },
    ] {
        let rows = found(&test, filter).await;
        assert_eq!(rows.iter().map(|row| row.domain.as_str()).collect::<Vec<_>>(), ["known.com"]);
    }
    assert_eq!(found(&test, LeadFilter::default()).await[1].domain, "silent.com", "last");
}

async fn search(test: &TestDb, words: &str) -> Vec<String> {
    let filter = LeadFilter { search: Some(words.into()), ..LeadFilter::default() };
    let query = LeadQuery { filter, sort: LeadSort::Domain, ..LeadQuery::default() };
    let page = page(test, query).await.unwrap();
    page.leads.into_iter().map(|row| row.domain).collect()
}

async fn words_are_found_however_they_are_typed(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(
        &test,
        &[
            ("igdirsise.com.tr", "IĞDIR Şişe ve Cam Sanayii A.Ş.", OWN),
            ("istanbulcagri.com", "İstanbul Çağrı Merkezi", OWN),
            ("xn--rnek-4qa.com", "Oerlikon", OWN),
        ],
    )
    .await;
    for (words, wanted) in [
        ("ığdır", vec!["igdirsise.com.tr"]),
        ("IGDIR", vec!["igdirsise.com.tr"]),
        ("Iğdır ŞİŞE", vec!["igdirsise.com.tr"]),
        ("sise igdir", vec!["igdirsise.com.tr"]),
        ("İSTANBUL ÇAĞRI", vec!["istanbulcagri.com"]),
        ("istanbul cagri", vec!["istanbulcagri.com"]),
        ("cagri sise", vec![]),
        ("örnek", vec!["xn--rnek-4qa.com"]),
        ("ORNEK.com", vec!["xn--rnek-4qa.com"]),
        ("ig", vec!["igdirsise.com.tr"]),
        ("a.s. cam", vec!["igdirsise.com.tr"]),
        ("ve cam", vec!["igdirsise.com.tr"]),
        ("   ", vec!["igdirsise.com.tr", "istanbulcagri.com", "xn--rnek-4qa.com"]),
    ] {
        assert_eq!(search(&test, words).await, wanted, "{words}");
    }
}

async fn d28_wildcards_mean_themselves(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(
        &test,
        &[
            ("a.com", "Yüzde 100% Yün_Tekstil", OWN),
            ("b.com", "Yuzde 100 Yun Tekstil", OWN),
            ("c.com", r#"Ters\Bölü "Tırnak" AND (x*)"#, OWN),
        ],
    )
    .await;
    for (words, wanted) in [
        ("100%", vec!["a.com"]),
        ("%%%", vec![]),
        ("___", vec![]),
        ("yun_tek", vec!["a.com"]),
        ("%", vec![]),
        (r"ters\bolu", vec!["c.com"]),
        (r#""tirnak""#, vec!["c.com"]),
        ("(x*)", vec!["c.com"]),
        ("and", vec!["c.com"]),
        ("' OR 1=1 --", vec![]),
        ("tekstil* OR", vec![]),
    ] {
        assert_eq!(search(&test, words).await, wanted, "{words}");
    }
}

async fn a_cursor_belongs_to_its_list(backend: Backend) {
    let test = filled(backend, 20).await;
    let query = LeadQuery { page_size: 5, ..LeadQuery::default() };
    let cursor = page(&test, query.clone()).await.unwrap().next.unwrap();
    let after = LeadQuery { page: Page::After(cursor.clone()), ..query };
    assert!(page(&test, LeadQuery { page_size: 9, ..after.clone() }).await.is_ok(), "any size");
    for other in [
        LeadQuery { sort: LeadSort::Domain, ..after.clone() },
        LeadQuery { order: Some(Order::Descending), ..after.clone() },
        LeadQuery {
            filter: LeadFilter { min_score: Some(1), ..LeadFilter::default() },
            ..after.clone()
        },
        LeadQuery { page: Page::After(cursor[2..].into()), ..after.clone() },
        LeadQuery { page: Page::After(String::new()), ..after.clone() },
        LeadQuery { page: Page::After("ş".into()), ..after },
    ] {
        assert_eq!(page(&test, other).await.unwrap_err().code(), "cursor_invalid");
    }
}

async fn an_empty_page_still_counts(backend: Backend) {
    let test = filled(backend, 12).await;
    let query = LeadQuery { page: Page::Number(5), ..LeadQuery::default() };
    let beyond = page(&test, query).await.unwrap();
    assert_eq!((beyond.leads.len(), beyond.total), (0, Some(Total::Exact(12))));
    assert_eq!(beyond.next, None);
    assert!(search(&test, "nobody at all").await.is_empty());
}

async fn beyond_ten_thousand_rows_only_a_cursor_leads(backend: Backend) {
    let test = TestDb::new(backend).await;
    let query = LeadQuery { page: Page::Number(201), ..LeadQuery::default() };
    let error = page(&test, query).await.unwrap_err();
    assert_eq!(error.code(), "use_cursor");
    assert!(error.to_string().contains("cursor"), "{error}");
}
