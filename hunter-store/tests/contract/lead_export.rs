//! The rows of a file: each lead once, whatever the pages, and none whose owner opted out.

use hunter_core::vocabulary::Segment;
use hunter_store::leads::{
    Cell, ExportLeads, ExportPage, LeadColumn, LeadExport, LeadFilter, LeadQuery, LeadSort, Leads,
    Order, Page,
};
use hunter_store::opt_outs::{OptOut, OptOuts};
use hunter_store::testing::{TestDb, fill_leads};
use hunter_store::{Backend, StoreError, Timestamp};
use time::OffsetDateTime;

use crate::fixtures::{GOOGLE, MICROSOFT, OWN, SILENT, leads};

contract!(
    every_order_is_complete_whatever_the_pages,
    a_filter_means_the_same_as_in_the_list,
    cells_say_what_the_row_says,
    whoever_opted_out_is_withheld,
);

fn column(name: &str) -> LeadColumn {
    LeadColumn::named(name).unwrap()
}

fn texts(page: &ExportPage) -> Vec<String> {
    let mut texts = Vec::new();
    page.each(|cells| {
        let Cell::Text(text) = &cells[0] else { panic!("{cells:?}") };
        texts.push((*text).to_owned());
        Ok::<_, StoreError>(())
    })
    .unwrap();
    texts
}

/// The domains of a file that is read in pages of some length.
async fn domains(test: &TestDb, export: &LeadExport, rows: u32) -> Vec<String> {
    let export = LeadExport { columns: vec![column("domain")], ..export.clone() };
    let (mut all, mut place) = (Vec::new(), None);
    loop {
        let mut unit = test.db().read().await.unwrap();
        let page = unit.export_page(&export, place.as_ref(), rows).await.unwrap();
        assert!(page.len() <= rows as usize);
        all.extend(texts(&page));
        place.clone_from(&page.next);
        if place.is_none() {
            return all;
        }
    }
}

/// The same by the pages of the list.
async fn listed(test: &TestDb, export: &LeadExport) -> Vec<String> {
    let LeadExport { filter, sort, order, .. } = export.clone();
    let mut query =
        LeadQuery { filter, sort, order, page_size: 200, count: false, ..LeadQuery::default() };
    let mut all = Vec::new();
    loop {
        let page = test.db().read().await.unwrap().leads(&query).await.unwrap();
        all.extend(page.leads.into_iter().map(|lead| lead.domain));
        let Some(next) = page.next else { return all };
        query.page = Page::After(next);
    }
}

async fn every_order_is_complete_whatever_the_pages(backend: Backend) {
    let test = TestDb::new(backend).await;
    fill_leads(test.db(), 1_000).await.unwrap();
    for sort in LeadSort::ALL.iter().copied() {
        for order in [None, Some(Order::Ascending), Some(Order::Descending)] {
            let export = LeadExport { sort, order, ..LeadExport::default() };
            let expected = listed(&test, &export).await;
            assert_eq!(expected.len(), 1_000);
            for rows in [7, 250, 1_000, 5_000] {
                assert_eq!(domains(&test, &export, rows).await, expected, "{sort:?} {rows}");
            }
        }
    }
}

async fn a_filter_means_the_same_as_in_the_list(backend: Backend) {
    let test = TestDb::new(backend).await;
    fill_leads(test.db(), 1_000).await.unwrap();
    for filter in [
        LeadFilter { segment: Some(Segment::Cold), ..LeadFilter::default() },
        LeadFilter { min_score: Some(20), max_score: Some(60), ..LeadFilter::default() },
        LeadFilter { tag: Some("some-tag".into()), ..LeadFilter::default() },
        LeadFilter { search: Some("EGE gıda".into()), ..LeadFilter::default() },
        LeadFilter { search: Some("si".into()), ..LeadFilter::default() },
        LeadFilter { favourite: Some(false), ..LeadFilter::default() },
        LeadFilter { search: Some("nobody".into()), ..LeadFilter::default() },
    ] {
        let export = LeadExport { filter, ..LeadExport::default() };
        let expected = listed(&test, &export).await;
        assert_eq!(domains(&test, &export, 64).await, expected, "{:?}", export.filter);
        let count = test.db().read().await.unwrap().export_count(&export, 5_000).await.unwrap();
        assert_eq!(count, expected.len() as u64);
    }
    let some = LeadExport::default();
    assert_eq!(test.db().read().await.unwrap().export_count(&some, 10).await.unwrap(), 10);
}

async fn cells_say_what_the_row_says(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(
        &test,
        &[("a.com.tr", "Örnek A.Ş.", GOOGLE), ("b.com.tr", "B", SILENT), ("c.com.tr", "C", OWN)],
    )
    .await;
    let export = LeadExport {
        columns: LeadColumn::all().collect(),
        sort: LeadSort::Domain,
        ..LeadExport::default()
    };
    let mut unit = test.db().read().await.unwrap();
    let page = unit.export_page(&export, None, 10).await.unwrap();
    let mut rows = Vec::new();
    page.each(|cells| {
        rows.push(cells.iter().map(|cell| format!("{cell:?}")).collect::<Vec<_>>());
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let list = LeadQuery { sort: LeadSort::Domain, ..LeadQuery::default() };
    let leads = unit.leads(&list).await.unwrap().leads;
    assert_eq!((rows.len(), leads.len()), (3, 3));
    for (row, lead) in rows.iter().zip(&leads) {
        let cell = |name| &row[export.columns.iter().position(|c| *c == column(name)).unwrap()];
        let told = |cell: Cell<'_>| format!("{cell:?}");
        assert_eq!(*cell("domain"), told(Cell::Text(&lead.domain)));
        assert_eq!(
            *cell("canonical_name"),
            told(lead.canonical_name.as_deref().map_or(Cell::Unknown, Cell::Text))
        );
        assert_eq!(*cell("company_id"), told(Cell::Whole(lead.company_id)));
        assert_eq!(*cell("confidence"), told(Cell::Real(lead.confidence)));
        assert_eq!(*cell("partial"), told(Cell::Flag(lead.partial)));
        assert_eq!(*cell("unknown"), told(Cell::List(lead.unknown.clone())));
        assert_eq!(*cell("tags"), told(Cell::List(lead.tags.clone())));
        assert_eq!(
            *cell("segment"),
            told(lead.segment.as_deref().map_or(Cell::Unknown, Cell::Text))
        );
        assert_eq!(*cell("rules_version"), told(Cell::Text(&lead.rules_version)));
        let score = lead.readiness_score.map_or(Cell::Unknown, |score| Cell::Whole(score.into()));
        assert_eq!(*cell("readiness_score"), told(score));
        assert_eq!(*cell("spf"), told(lead.spf.map_or(Cell::Unknown, Cell::Flag)));
        assert_eq!(*cell("expires_at"), told(lead.expires_at.map_or(Cell::Unknown, Cell::Day)));
        assert_eq!(*cell("scanned_at"), told(Cell::Moment(lead.scanned_at.into())));
    }
}

async fn whoever_opted_out_is_withheld(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(
        &test,
        &[("a.com.tr", "A", GOOGLE), ("b.com.tr", "B", MICROSOFT), ("c.com.tr", "C", GOOGLE)],
    )
    .await;
    let mut unit = test.db().begin().await.unwrap();
    for domain in ["b.com.tr", "c.com.tr", "unknown.com.tr"] {
        let recorded_at = OffsetDateTime::from(Timestamp::from_micros(0).unwrap());
        let opt_out =
            OptOut { domain: domain.into(), ground: "x".into(), recorded_by: None, recorded_at };
        unit.opt_out(opt_out).await.unwrap();
    }
    unit.commit().await.unwrap();
    let all = LeadExport { sort: LeadSort::Domain, ..LeadExport::default() };
    assert_eq!(domains(&test, &all, 2).await, ["a.com.tr"]);
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.export_count(&all, 10).await.unwrap(), 1);
    assert_eq!(unit.withheld(&all, 10).await.unwrap(), ["b.com.tr", "c.com.tr"]);
    let filter = LeadFilter { search: Some("c.com".into()), ..LeadFilter::default() };
    let some = LeadExport { filter, ..all };
    assert_eq!(unit.withheld(&some, 10).await.unwrap(), ["c.com.tr"]);
}
