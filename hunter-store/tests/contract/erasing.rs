//! Erasing a domain: no table tells that it was known. The tables are asked of the database itself, so
//! that a new one is looked at without being named here.

use hunter_core::Domain;
use hunter_store::crm_lite::{CrmLite, Note, UserTag};
use hunter_store::erase::Erase;
use hunter_store::leads::{LeadFilter, LeadQuery, Leads};
use hunter_store::opt_outs::{OptOuts, Refusal};
use hunter_store::referrals::{CrmSync, CrmSyncs, Referral, Referrals};
use hunter_store::testing::TestDb;
use hunter_store::webhooks::{FailedCall, WebhookRetries};
use hunter_store::{Backend, Executor, Unit};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::fixtures::{GOOGLE, MICROSOFT, NOON, domain, leads};

contract!(an_erased_domain_leaves_nothing_behind, erasing_needs_nothing_and_keeps_the_others);

const SECRET: &str = "gizlisirket.com.tr";

async fn rows(unit: &mut Unit, sql: String) -> Vec<(String,)> {
    match unit.executor() {
        Executor::Sqlite(c) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(c).await.unwrap(),
        Executor::Postgres(c) => sqlx::query_as(AssertSqlSafe(sql)).fetch_all(c).await.unwrap(),
    }
}

/// Whole rows as text; what is no text shows as far as it can.
async fn texts(unit: &mut Unit, whole_row: &str) -> Vec<String> {
    match unit.executor() {
        Executor::Postgres(_) => {
            rows(unit, format!("SELECT {whole_row}")).await.into_iter().map(|row| row.0).collect()
        }
        Executor::Sqlite(c) => {
            let sql = AssertSqlSafe(format!(
                "SELECT CAST({}",
                whole_row.replacen(" FROM", " AS BLOB) FROM", 1)
            ));
            let rows: Vec<(Vec<u8>,)> = sqlx::query_as(sql).fetch_all(c).await.unwrap();
            rows.into_iter().map(|row| String::from_utf8_lossy(&row.0).into_owned()).collect()
        }
    }
}

/// Every table in which a word stands, in whatever column.
async fn places(test: &TestDb, words: &[String]) -> Vec<String> {
    let mut unit = test.db().read().await.unwrap();
    let tables = match test.db().backend() {
        Backend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        Backend::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let mut found = Vec::new();
    for (table,) in rows(&mut unit, tables.into()).await {
        let whole_row = match test.db().backend() {
            Backend::Postgres => format!("CAST(t.* AS text) FROM {table} t"),
            Backend::Sqlite => {
                let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                let columns: Vec<String> =
                    rows(&mut unit, columns).await.into_iter().map(|c| c.0).collect();
                let columns: Vec<String> = columns
                    .iter()
                    .map(|c| format!("coalesce(CAST(\"{c}\" AS TEXT), '')"))
                    .collect();
                format!("({}) FROM \"{table}\" t", columns.join(" || ' ' || "))
            }
        };
        let all = texts(&mut unit, &whole_row).await;
        if all.iter().any(|row| words.iter().any(|word| row.contains(word.as_str()))) {
            found.push(table);
        }
    }
    found.sort();
    found
}

async fn fill(test: &TestDb) -> i64 {
    let ids = leads(test, &[(SECRET, "Gizli", GOOGLE), ("kalan.com", "Kalan", GOOGLE)]).await;
    let id = ids[0];
    let name: Domain = domain(SECRET);
    let mut unit = test.db().begin().await.unwrap();
    unit.save_leads(&[MICROSOFT.later(1).assessed(id, SECRET, Some("Gizli"))]).await.unwrap();
    let (now, text) = (NOON.into(), || SECRET.to_owned());
    let note = Note {
        note_id: Uuid::now_v7(),
        company_id: id,
        body: text(),
        author: None,
        created_at: now,
        updated_at: now,
    };
    unit.write_note(note).await.unwrap();
    let tag = UserTag { tag_id: Uuid::now_v7(), company_id: id, tag: text(), created_at: now };
    unit.add_tag(tag).await.unwrap();
    unit.set_favourite(id, SECRET, true, now).await.unwrap();
    let sync = CrmSync {
        sync_id: Uuid::now_v7(),
        company_id: id,
        system: "dynamics".into(),
        status: "done".into(),
        external_id: Some(text()),
        error: None,
        attempted_at: now,
    };
    unit.log_sync(sync).await.unwrap();
    let referral = Referral {
        referral_id: Uuid::now_v7(),
        company_id: None,
        domain: Some(text()),
        external_id: "1".into(),
        referral_type: None,
        status: "new".into(),
        azure_tenant_id: None,
        deal_value_minor: None,
        currency: None,
        payload: serde_json::json!({ "domain": SECRET }),
        received_at: now,
        updated_at: now,
    };
    unit.keep_referral(referral).await.unwrap();
    let call = FailedCall {
        retry_id: Uuid::now_v7(),
        key_id: None,
        domain: Some(name),
        payload: serde_json::json!({ "domain": SECRET }),
        error: "x".into(),
        at: now,
        due_at: now,
    };
    unit.keep_call(call).await.unwrap();
    let refusal = Refusal { domain: text(), action: "scan".into(), refused_at: NOON };
    unit.refuse(vec![refusal]).await.unwrap();
    unit.commit().await.unwrap();
    id
}

async fn an_erased_domain_leaves_nothing_behind(backend: Backend) {
    let test = TestDb::new(backend).await;
    fill(&test).await;
    let words = [SECRET.to_owned(), "gizlisirket".into(), "Gizli".into()];
    let before = places(&test, &words).await;
    for table in
        ["companies", "leads", "notes", "raw_leads", "referrals", "refusals", "webhook_retries"]
    {
        assert!(before.iter().any(|t| t == table), "{table} is looked at: {before:?}");
    }
    let mut unit = test.db().begin().await.unwrap();
    assert!(unit.erase(&domain(SECRET)).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(places(&test, &words).await, Vec::<String>::new());
    // What hangs on a company by its number alone is gone with it.
    let mut unit = test.db().read().await.unwrap();
    for table in before.iter().filter(|t| !t.starts_with("leads_search")) {
        let orphans = match backend {
            Backend::Sqlite => {
                format!("SELECT count(*) || '' FROM pragma_foreign_key_check('{table}')")
            }
            Backend::Postgres => "SELECT '0'::text".into(),
        };
        assert_eq!(rows(&mut unit, orphans).await[0].0, "0", "{table}");
    }
    let search = LeadFilter { search: Some("gizli".into()), ..LeadFilter::default() };
    let query = LeadQuery { filter: search, ..LeadQuery::default() };
    assert!(unit.leads(&query).await.unwrap().leads.is_empty());
}

async fn erasing_needs_nothing_and_keeps_the_others(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = fill(&test).await;
    let others = places(&test, &["kalan.com".to_owned()]).await;
    let mut unit = test.db().begin().await.unwrap();
    assert!(!unit.erase(&domain("yok.com")).await.unwrap());
    assert!(unit.erase(&domain(SECRET)).await.unwrap());
    assert!(!unit.erase(&domain(SECRET)).await.unwrap(), "twice");
    unit.commit().await.unwrap();
    assert_eq!(places(&test, &["kalan.com".to_owned()]).await, others);
    // A number is never given again: a client that kept it must not read another company.
    let again = leads(&test, &[("yeni.com", "Yeni", GOOGLE)]).await[0];
    assert!(again > id, "{again} after {id}");
}
