//! Companies: what sources tell of them, and who wins.

use hunter_core::Domain;
use hunter_store::Backend;
use hunter_store::companies::{Arrival, Companies, Company, Field, Outcome};
use hunter_store::opt_outs::{OptOut, OptOuts};
use hunter_store::testing::TestDb;
use time::Duration;

use crate::fixtures::{NOON, companies, domain, source};

contract!(
    a_row_makes_a_company_once,
    the_better_source_wins_and_the_loser_is_kept,
    the_order_of_imports_decides_nothing,
    rows_of_one_domain_in_one_import_are_joined,
    imports_at_the_same_time_lose_nothing,
    an_opted_out_domain_is_refused,
    domains_of_one_customer_are_linked,
    a_nul_in_a_file_spoils_nothing,
);

fn row(name: &str, source_name: &str, rank: i16, hours: i64, company: &str) -> Arrival {
    Arrival {
        company_name: Some(company.into()),
        contact_emails: vec![format!("{source_name}@{name}")],
        payload: serde_json::json!({"Firma": company}),
        ..Arrival::new(domain(name), source(source_name, rank), NOON + Duration::hours(hours))
    }
}

async fn import(test: &TestDb, rows: Vec<Arrival>) -> Vec<Outcome> {
    let mut unit = test.db().begin().await.unwrap();
    let imported = unit.import(rows).await.unwrap();
    unit.commit().await.unwrap();
    imported.into_iter().map(|row| row.outcome).collect()
}

async fn company(test: &TestDb, name: &str) -> Company {
    test.db().read().await.unwrap().company(&domain(name)).await.unwrap().unwrap()
}

async fn a_row_makes_a_company_once(backend: Backend) {
    let test = TestDb::new(backend).await;
    let rows = vec![row("ornek.com.tr", "csv", 1, 0, "Örnek A.Ş.")];
    assert_eq!(import(&test, rows.clone()).await, [Outcome::Created]);
    let first = company(&test, "ornek.com.tr").await;
    assert_eq!(import(&test, rows).await, [Outcome::Unchanged]);
    let second = company(&test, "ornek.com.tr").await;
    assert_eq!(first, second, "the same told again changes nothing");
    assert_eq!(first.canonical_name.as_deref(), Some("Örnek A.Ş."));
    assert_eq!(first.created_at, NOON, "to the microsecond");
    assert_eq!(first.id.get_version_num(), 7);
    let unknown: Domain = domain("yok.com.tr");
    assert_eq!(test.db().read().await.unwrap().company(&unknown).await.unwrap(), None);
}

async fn the_better_source_wins_and_the_loser_is_kept(backend: Backend) {
    let test = TestDb::new(backend).await;
    import(&test, vec![row("a.com", "crm", 9, 0, "Bir")]).await;
    assert_eq!(import(&test, vec![row("a.com", "csv", 1, 5, "İki")]).await, [Outcome::Updated]);
    let found = company(&test, "a.com").await;
    assert_eq!(found.canonical_name.as_deref(), Some("Bir"));
    let names: Vec<_> =
        found.claims.of(Field::CanonicalName).iter().map(|c| c.value.as_str()).collect();
    assert_eq!(names, ["Bir", "İki"]);
    assert_eq!(found.contact_emails, ["crm@a.com", "csv@a.com"]);
    import(&test, vec![row("a.com", "crm", 9, 6, "Üç")]).await;
    assert_eq!(company(&test, "a.com").await.canonical_name.as_deref(), Some("Üç"));
}

async fn the_order_of_imports_decides_nothing(backend: Backend) {
    let rows = [
        row("a.com", "csv", 1, 3, "c"),
        row("a.com", "crm", 9, 1, "b"),
        row("a.com", "crm", 9, 1, "a"),
        row("a.com", "web", 5, 9, "d"),
    ];
    let mut seen = Vec::new();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let test = TestDb::new(backend).await;
        for i in order {
            import(&test, vec![rows[i].clone()]).await;
        }
        let found = company(&test, "a.com").await;
        seen.push((found.claims, found.canonical_name, found.contact_emails, found.updated_at));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

async fn rows_of_one_domain_in_one_import_are_joined(backend: Backend) {
    let test = TestDb::new(backend).await;
    let rows = vec![
        row("a.com", "csv", 1, 0, "A"),
        row("b.com", "csv", 1, 0, "B"),
        row("a.com", "crm", 9, 0, "AA"),
    ];
    assert_eq!(import(&test, rows).await, [Outcome::Created; 3]);
    assert_eq!(company(&test, "a.com").await.canonical_name.as_deref(), Some("AA"));
    assert_eq!(company(&test, "a.com").await.claims.of(Field::CanonicalName).len(), 2);
}

async fn imports_at_the_same_time_lose_nothing(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..6 {
        let db = test.db().clone();
        tasks.spawn(async move {
            // The same domains, told by each in another order.
            let mut rows: Vec<Arrival> = (0..40)
                .map(|i| row(&format!("d{i}.com"), &format!("s{worker}"), worker, 0, "x"))
                .collect();
            rows.rotate_left(usize::try_from(worker).unwrap() * 7);
            let mut unit = db.begin().await.unwrap();
            unit.import(rows).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    tasks.join_all().await;
    for i in 0..40 {
        let found = company(&test, &format!("d{i}.com")).await;
        assert_eq!(found.claims.of(Field::CanonicalName).len(), 6, "{}", found.domain);
        assert_eq!(found.claims.winner(Field::CanonicalName).unwrap().source, "s5");
    }
}

async fn an_opted_out_domain_is_refused(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let opt_out = OptOut {
        domain: "no.com".into(),
        ground: "asked by its owner".into(),
        recorded_by: Some("ayşe".into()),
        recorded_at: NOON,
    };
    unit.opt_out(opt_out.clone()).await.unwrap();
    unit.opt_out(OptOut { ground: "again".into(), ..opt_out.clone() }).await.unwrap();
    unit.commit().await.unwrap();
    let rows = vec![row("no.com", "csv", 1, 0, "No"), row("yes.com", "csv", 1, 0, "Yes")];
    assert_eq!(import(&test, rows.clone()).await, [Outcome::OptedOut, Outcome::Created]);
    let mut unit = test.db().begin().await.unwrap();
    assert_eq!(unit.company(&domain("no.com")).await.unwrap(), None);
    assert_eq!(unit.opt_outs(None, 10).await.unwrap(), [opt_out]);
    assert!(unit.opt_outs(Some("no.com"), 10).await.unwrap().is_empty());
    assert!(unit.opt_in(&domain("no.com")).await.unwrap());
    assert!(!unit.opt_in(&domain("no.com")).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(import(&test, rows).await, [Outcome::Created, Outcome::Unchanged]);
}

async fn domains_of_one_customer_are_linked(backend: Backend) {
    let test = TestDb::new(backend).await;
    companies(&test, &["a.com", "b.com", "c.com", "d.com", "e.com"]).await;
    let mut unit = test.db().begin().await.unwrap();
    unit.link(&[domain("a.com"), domain("b.com")]).await.unwrap();
    unit.link(&[domain("d.com"), domain("c.com"), domain("yok.com")]).await.unwrap();
    // Two groups become one.
    unit.link(&[domain("b.com"), domain("c.com")]).await.unwrap();
    unit.commit().await.unwrap();
    let mut unit = test.db().read().await.unwrap();
    for name in ["a.com", "b.com", "c.com", "d.com"] {
        let linked = unit.linked(&domain(name)).await.unwrap();
        let names: Vec<_> = linked.iter().map(|company| company.domain.as_str()).collect();
        assert_eq!(names, ["a.com", "b.com", "c.com", "d.com"]);
    }
    assert_eq!(unit.linked(&domain("e.com")).await.unwrap().len(), 1);
    assert!(unit.linked(&domain("yok.com")).await.unwrap().is_empty());
}

async fn a_nul_in_a_file_spoils_nothing(backend: Backend) {
    let test = TestDb::new(backend).await;
    let rows = vec![row("a.com", "csv", 1, 0, "Fir\0ma"), row("b.com", "csv", 1, 0, "B")];
    assert_eq!(import(&test, rows).await, [Outcome::Created; 2]);
    assert_eq!(company(&test, "a.com").await.canonical_name.as_deref(), Some("Fir\u{fffd}ma"));
}
