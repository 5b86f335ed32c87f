//! The totals of the dashboard: what they count, and when they are counted.

use std::time::Duration;

use hunter_store::dashboard::{self, Activity, Totals};
use hunter_store::queue::{Jobs as _, NewJob};
use hunter_store::testing::{TestDb, execute, fill_leads};
use hunter_store::{Backend, Executor};
use sqlx::AssertSqlSafe;

use crate::fixtures::{GOOGLE, MICROSOFT, OWN, SILENT, leads};

contract!(
    totals_count_every_lead,
    totals_are_kept_for_a_minute_and_counted_by_one,
    totals_never_go_from_an_index_to_each_row,
    activity_joins_changes_and_jobs_by_time,
);

const HOUR: Duration = Duration::from_hours(1);

async fn totals_count_every_lead(backend: Backend) {
    let test = TestDb::new(backend).await;
    let nothing = dashboard::totals(test.db(), HOUR).await.unwrap();
    assert_eq!(nothing.totals, Totals::default(), "an empty list");
    leads(
        &test,
        &[
            ("a.com.tr", "A", MICROSOFT),
            ("b.com.tr", "B", GOOGLE),
            ("c.com.tr", "C", GOOGLE),
            ("d.com.tr", "D", OWN),
            ("e.com.tr", "E", SILENT),
        ],
    )
    .await;
    let Totals { leads, scored, by_provider, by_segment, by_score, .. } =
        dashboard::refresh(test.db()).await.unwrap().totals;
    assert_eq!((leads, scored), (5, 4), "who was not reached has no score");
    assert_eq!(by_provider["Google"], 2);
    assert_eq!(by_segment["Existing"], 1);
    assert_eq!(by_segment.values().sum::<u64>(), 4);
    assert_eq!(by_score.values().sum::<u64>(), 4);

    // Against the list itself, lead by lead.
    let test = TestDb::new(backend).await;
    fill_leads(test.db(), 2_000).await.unwrap();
    execute(test.db(), "INSERT INTO lead_tags (company_id, tag) VALUES (7, 'migration-ready')")
        .await;
    let totals = dashboard::refresh(test.db()).await.unwrap().totals;
    let number = async |what: &str| {
        let mut unit = test.db().read().await.unwrap();
        let sql = AssertSqlSafe(format!("SELECT CAST({what} AS BIGINT) FROM leads"));
        let count: i64 = match unit.executor() {
            Executor::Sqlite(c) => sqlx::query_scalar(sql).fetch_one(c).await.unwrap(),
            Executor::Postgres(c) => sqlx::query_scalar(sql).fetch_one(c).await.unwrap(),
        };
        u64::try_from(count).unwrap()
    };
    let of = |condition: &str| format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)");
    assert_eq!(totals.leads, 2_000);
    assert_eq!(totals.migration_ready, 1);
    assert_eq!(totals.scored, number("COUNT(readiness_score)").await);
    assert_eq!(totals.high_priority, number(&of("priority_category IN ('P1', 'P2')")).await);
    assert_eq!(totals.by_segment["Migration"], number(&of("segment = 'Migration'")).await);
    assert_eq!(totals.by_priority_category["P3"], number(&of("priority_category = 'P3'")).await);
    assert_eq!(
        totals.by_commercial_segment["RENEWAL"],
        number(&of("commercial_segment = 'RENEWAL'")).await
    );
    assert_eq!(totals.by_score[&40], number(&of("readiness_score BETWEEN 40 AND 49")).await);
    assert_eq!(totals.max_score.map(u64::from), Some(number("MAX(readiness_score)").await));
    assert_eq!(totals.by_score[&0], number(&of("readiness_score BETWEEN 0 AND 9")).await);
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let mean = number("SUM(readiness_score)").await as f64 / totals.scored as f64;
    assert!((totals.average_score.unwrap() - mean).abs() < 1e-9);
}

async fn totals_are_kept_for_a_minute_and_counted_by_one(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(&test, &[("a.com.tr", "A", MICROSOFT)]).await;
    let totals = async |max_age| dashboard::totals(test.db(), max_age).await.unwrap().totals.leads;
    assert_eq!(totals(dashboard::MAX_AGE).await, 1, "the first who asks counts");
    leads(&test, &[("b.com.tr", "B", GOOGLE)]).await;
    assert_eq!(totals(dashboard::MAX_AGE).await, 1, "a minute is not over");
    assert_eq!(totals(Duration::ZERO).await, 2, "who wants them newer counts");

    leads(&test, &[("c.com.tr", "C", OWN)]).await;
    let (old, busy) = match backend {
        Backend::Sqlite => ("counted_at - 61000000", "counted_at + 3600000000"),
        Backend::Postgres => ("counted_at - interval '61 seconds'", "now() + interval '1 hour'"),
    };
    execute(test.db(), &format!("UPDATE dashboard SET counting_until = {busy}")).await;
    execute(test.db(), &format!("UPDATE dashboard SET counted_at = {old}")).await;
    assert_eq!(totals(dashboard::MAX_AGE).await, 2, "another one is counting: nobody waits");
    execute(test.db(), "UPDATE dashboard SET counting_until = counted_at").await;
    assert_eq!(totals(dashboard::MAX_AGE).await, 3, "whoever counted is gone, and they are old");
    assert_eq!(totals(dashboard::MAX_AGE).await, 3);
}

/// Row by row through an index that lacks a column would be the slowest way. PostgreSQL reads a small
/// table whole, and a large one by its index.
async fn totals_never_go_from_an_index_to_each_row(backend: Backend) {
    let test = TestDb::new(backend).await;
    fill_leads(test.db(), 20_000).await.unwrap();
    let plan = dashboard::explain(test.db()).await.unwrap();
    let (whole, row_by_row) = match backend {
        Backend::Sqlite => ("USING COVERING INDEX", "USING INDEX"),
        Backend::Postgres => ("on leads", "Index Scan using"),
    };
    assert!(plan.iter().any(|line| line.contains(whole)), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains(row_by_row)), "{plan:#?}");
}

async fn activity_joins_changes_and_jobs_by_time(backend: Backend) {
    let test = TestDb::new(backend).await;
    assert!(activity(&test, 10).await.is_empty());
    leads(&test, &[("a.com.tr", "A", MICROSOFT)]).await;
    leads(&test, &[("a.com.tr", "A", GOOGLE.later(1))]).await;
    let mut unit = test.db().begin().await.unwrap();
    let job = unit.enqueue(&NewJob::new("scan")).await.unwrap();
    unit.commit().await.unwrap();
    let all = activity(&test, 10).await;
    let of_job = all.iter().find(|one| one.job_id.is_some()).expect("the job");
    assert_eq!((of_job.job_id, of_job.kind.as_str()), (Some(job.job_id), "scan"));
    assert_eq!((of_job.status.as_deref(), of_job.total), (Some("queued"), Some(1)));
    let moved = all.iter().find(|one| one.kind == "mx_changed").expect("the change");
    assert_eq!((moved.domain.as_deref(), moved.job_id), (Some("a.com.tr"), None));
    assert_eq!(
        (moved.before.as_deref(), moved.after.as_deref()),
        (Some("outlook.com"), Some("google.com"))
    );
    assert!(all.is_sorted_by_key(|one| std::cmp::Reverse(one.at)), "{all:#?}");
    assert_eq!(activity(&test, 1).await, all[..1]);
    let before = dashboard::activity(test.db(), all[0].at, 10).await.unwrap();
    assert!(before.iter().all(|one| one.at < all[0].at));
}

async fn activity(test: &TestDb, limit: u32) -> Vec<Activity> {
    let later = time::OffsetDateTime::now_utc() + time::Duration::DAY;
    dashboard::activity(test.db(), later.into(), limit).await.unwrap()
}
