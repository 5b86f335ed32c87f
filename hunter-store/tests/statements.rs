//! A page of the list is one statement, however many rows and whatever filters it has. The driver itself
//! says which statements it runs; this test stands alone because it listens to the whole process.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Mutex;

use hunter_core::vocabulary::Segment;
use hunter_store::Backend;
use hunter_store::leads::{LeadFilter, LeadQuery, Leads, Page};
use hunter_store::testing::{TestDb, fill_leads};
use tracing::field::{Field, Visit};

/// The beginnings of the statements that ran since it was last emptied.
static RAN: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

struct Summary(Option<String>);

impl Visit for Summary {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            self.0 = Some(value.to_owned());
        }
    }
}

impl tracing::Subscriber for Listener {
    fn enabled(&self, about: &tracing::Metadata<'_>) -> bool {
        about.target() == "sqlx::query"
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut summary = Summary(None);
        event.record(&mut summary);
        RAN.lock().unwrap().push(summary.0.unwrap_or_default());
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test]
async fn d24_a_page_is_one_statement() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let test = TestDb::new(backend).await;
        fill_leads(test.db(), 500).await.unwrap();
        let first = LeadQuery { page_size: 200, ..LeadQuery::default() };
        let cursor = test.db().read().await.unwrap().leads(&first).await.unwrap().next.unwrap();
        let filter = LeadFilter {
            segment: Some(Segment::Migration),
            min_score: Some(10),
            tag: Some("some-tag".into()),
            favourite: Some(false),
            search: Some("demir celik".into()),
            ..LeadFilter::default()
        };
        for query in [
            first.clone(),
            LeadQuery { page: Page::Number(2), ..first.clone() },
            LeadQuery { page: Page::After(cursor), ..first.clone() },
            LeadQuery { filter, ..first.clone() },
        ] {
            let mut unit = test.db().read().await.unwrap();
            RAN.lock().unwrap().clear();
            let page = unit.leads(&query).await.unwrap();
            let ran = RAN.lock().unwrap().clone();
            assert!(!page.leads.is_empty());
            assert_eq!(ran.len(), 1, "{backend} {query:?}: {ran:?}");
        }
    }
}
