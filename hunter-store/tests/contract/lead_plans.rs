//! How the databases find pages: by an index that has the order, whatever is asked. The list is long
//! enough that their planners see the difference.

use hunter_core::assess::ReferralType;
use hunter_core::vocabulary::{
    CommercialSegment, PriorityCategory, ProviderClass, Segment, TenantSize,
};
use hunter_store::Backend;
use hunter_store::leads::{LeadFilter, LeadQuery, LeadSort, Leads, Order, Page, Total};
use hunter_store::testing::{TestDb, fill_leads};

contract!(
    d24_no_list_is_read_or_sorted_whole,
    d24_two_filters_are_counted_without_a_look_at_the_rows,
    d24_a_total_is_estimated_from_the_sample_alone,
    a_total_is_exact_up_to_its_bound_and_near_beyond_it,
    a_search_finds_the_same_by_either_way,
);

const LEADS: u32 = 20_000;

async fn filled(backend: Backend) -> TestDb {
    let test = TestDb::new(backend).await;
    fill_leads(test.db(), LEADS).await.unwrap();
    test
}

/// The lines that say that the whole list is read or sorted. The rows of one page are sorted once more at
/// the end, which is no such line.
fn faults(backend: Backend, plan: &[String]) -> Vec<&String> {
    let sorts = |line: &&String| match backend {
        Backend::Sqlite => line.contains("USE TEMP B-TREE FOR ORDER BY"),
        Backend::Postgres => line.trim_start().trim_start_matches("->  ").starts_with("Sort  ("),
    };
    let reads = |line: &&String| match backend {
        // Without an index the line ends with the name.
        Backend::Sqlite => matches!(line.as_str(), "SCAN l" | "SCAN leads"),
        Backend::Postgres => line.contains("Seq Scan on leads"),
    };
    plan.iter().filter(sorts).skip(1).chain(plan.iter().filter(reads)).collect()
}

async fn d24_no_list_is_read_or_sorted_whole(backend: Backend) {
    let test = filled(backend).await;
    let mut unit = test.db().read().await.unwrap();
    let none = LeadFilter::default;
    let filters = [
        none(),
        LeadFilter { segment: Some(Segment::Migration), ..none() },
        LeadFilter { provider: Some(ProviderClass::M365), ..none() },
        LeadFilter { priority_category: Some(PriorityCategory::P3), ..none() },
        LeadFilter { commercial_segment: Some(CommercialSegment::Renewal), ..none() },
    ];
    for sort in LeadSort::ALL {
        for order in [Order::Ascending, Order::Descending] {
            let query =
                LeadQuery { sort: *sort, order: Some(order), count: false, ..LeadQuery::default() };
            let cursor = unit.leads(&query).await.unwrap().next.unwrap();
            for page in [Page::Number(1), Page::Number(100), Page::After(cursor)] {
                let plan = unit.explain_leads(&LeadQuery { page, ..query.clone() }).await.unwrap();
                assert_eq!(
                    faults(backend, &plan),
                    Vec::<&String>::new(),
                    "{sort:?} {order:?}\n{plan:#?}"
                );
            }
        }
    }
    // A filter in the natural order of lists; the range of scores makes several stretches of it.
    for filter in filters {
        for min_score in [None, Some(90)] {
            let filter = LeadFilter { min_score, ..filter.clone() };
            let query = LeadQuery { filter, count: false, ..LeadQuery::default() };
            let plan = unit.explain_leads(&query).await.unwrap();
            let reads: Vec<_> = faults(backend, &plan)
                .into_iter()
                .filter(|line| line.contains("Seq Scan") || line.starts_with("SCAN"))
                .collect();
            assert_eq!(reads, Vec::<&String>::new(), "{query:?}\n{plan:#?}");
        }
    }
    // What an index cannot help with shows as a fault: the test can fail.
    let plan = match backend {
        Backend::Sqlite => vec!["SCAN l".to_owned()],
        Backend::Postgres => vec!["  ->  Seq Scan on leads l  (cost=0".to_owned()],
    };
    assert_eq!(faults(backend, &plan).len(), 1);
}

/// Too few for an estimate and many enough to take long: counted from an index that has both columns.
async fn d24_two_filters_are_counted_without_a_look_at_the_rows(backend: Backend) {
    let test = filled(backend).await;
    let mut unit = test.db().read().await.unwrap();
    let filter = LeadFilter {
        commercial_segment: Some(CommercialSegment::Competitive),
        tenant_size: Some(TenantSize::Small),
        ..LeadFilter::default()
    };
    let query = LeadQuery { filter, page_size: 1, ..LeadQuery::default() };
    assert_eq!(unit.leads(&query).await.unwrap().total, Some(Total::Exact(1_990)));
    let plan = unit.explain_leads(&query).await.unwrap();
    let (only, index) = match backend {
        Backend::Sqlite => ("COVERING INDEX", "leads_of_"),
        Backend::Postgres => ("Index Only Scan using", "leads_of_"),
    };
    assert!(plan.iter().any(|line| line.contains(only) && line.contains(index)), "{plan:#?}");
}

/// The sample is told from the rest by an expression; without statistics of it PostgreSQL takes it for a
/// third of all leads, and reads an index of many more.
async fn d24_a_total_is_estimated_from_the_sample_alone(backend: Backend) {
    let test = filled(backend).await;
    let mut unit = test.db().read().await.unwrap();
    let filter = LeadFilter {
        provider: Some(ProviderClass::M365),
        min_score: Some(70),
        ..LeadFilter::default()
    };
    let query = LeadQuery { filter, ..LeadQuery::default() };
    let plan = unit.explain_leads(&query).await.unwrap();
    assert!(plan.iter().any(|line| line.contains("leads_sample")), "{plan:#?}");
}

async fn a_total_is_exact_up_to_its_bound_and_near_beyond_it(backend: Backend) {
    let test = filled(backend).await;
    let mut unit = test.db().read().await.unwrap();
    let none = LeadFilter::default;
    let mut total = async |filter| {
        let query = LeadQuery { filter, page_size: 1, ..LeadQuery::default() };
        unit.leads(&query).await.unwrap().total.unwrap()
    };
    let Total::Estimate(all) = total(none()).await else { panic!("{LEADS} is above the bound") };
    assert!(all.abs_diff(LEADS.into()) < u64::from(LEADS) / 4, "{all}");
    let rare = LeadFilter { tag: Some("rare".into()), ..none() };
    assert_eq!(total(rare).await, Total::Exact(4));
    let referral = LeadFilter { referral_type: Some(ReferralType::CoSell), ..none() };
    assert_eq!(total(referral).await, Total::Exact(20));
    let large = LeadFilter { tenant_size: Some(TenantSize::Large), ..none() };
    assert!(matches!(total(large).await, Total::Exact(1..1_000)));
    let everybody = LeadFilter { search: Some("sirket".into()), ..none() };
    let Total::Estimate(found) = total(everybody).await else { panic!("all of them") };
    assert!(found.abs_diff(LEADS.into()) < u64::from(LEADS) / 4, "{found}");
    let one = LeadFilter { search: Some("sirket12345.com".into()), ..none() };
    assert_eq!(total(one).await, Total::Exact(1));
}

/// Few finds are gathered and sorted, many are met on a walk through the list.
async fn a_search_finds_the_same_by_either_way(backend: Backend) {
    let test = filled(backend).await;
    let mut unit = test.db().read().await.unwrap();
    for (search, fits) in [("celik", "demir celik"), ("sirket1234", "sirket1234")] {
        for sort in [LeadSort::PriorityCategory, LeadSort::Domain] {
            let filter = LeadFilter { search: Some(search.into()), ..LeadFilter::default() };
            let mut query = LeadQuery { filter, sort, page_size: 7, ..LeadQuery::default() };
            let first = unit.leads(&query).await.unwrap();
            let mut rows = first.leads;
            query.page = Page::After(first.next.unwrap());
            rows.extend(unit.leads(&query).await.unwrap().leads);
            let mut wanted = Vec::new();
            let mut all = LeadQuery { sort, page_size: 200, count: false, ..LeadQuery::default() };
            while wanted.len() < rows.len() {
                let page = unit.leads(&all).await.unwrap();
                wanted.extend(page.leads.into_iter().filter(|row| {
                    let name = row.canonical_name.as_deref().unwrap_or_default();
                    format!("{} {name}", row.domain).to_lowercase().contains(fits)
                }));
                let Some(next) = page.next else { break };
                all.page = Page::After(next);
            }
            wanted.truncate(rows.len());
            assert!(rows.len() > 7, "{search}: two pages");
            assert_eq!(rows, wanted, "{search} by {sort:?}");
        }
    }
}
