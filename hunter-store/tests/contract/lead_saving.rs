//! Keeping assessments.

use hunter_core::changes::ChangeKind;
use hunter_store::erase::Erase;
use hunter_store::leads::{LeadRow, Leads, Saved};
use hunter_store::observations::Observations;
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Timestamp};
use time::Duration;

use crate::fixtures::{GOOGLE, MICROSOFT, NOON, OWN, SILENT, Shows, companies, domain};

contract!(
    a_lead_reads_back_as_it_was_concluded,
    saving_twice_changes_nothing,
    a_move_is_a_change_and_raises_an_alert_once,
    an_older_assessment_only_joins_the_history,
    silence_never_hides_an_answer,
    observations_read_back_and_are_forgotten_but_the_last,
    all_leads_are_walked_in_pages,
    many_leads_of_one_company_in_one_call,
    a_company_that_was_erased_meanwhile_spoils_nothing,
    the_same_saved_by_many_at_once_is_kept_once,
);

async fn save(test: &TestDb, id: i64, shows: Shows) -> Saved {
    let mut unit = test.db().begin().await.unwrap();
    let lead = shows.assessed(id, "ornek.com.tr", Some("Örnek"));
    let mut saved = unit.save_leads(&[lead]).await.unwrap();
    unit.commit().await.unwrap();
    saved.pop().unwrap().unwrap()
}

async fn lead(test: &TestDb) -> LeadRow {
    test.db().read().await.unwrap().lead(&domain("ornek.com.tr")).await.unwrap().unwrap()
}

async fn a_lead_reads_back_as_it_was_concluded(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    save(&test, id, MICROSOFT).await;
    let row = serde_json::to_value(lead(&test).await).unwrap();
    let assessment = MICROSOFT.assessed(id, "ornek.com.tr", None).assessment;
    let wanted: serde_json::Value = serde_json::from_str(&assessment.to_json()).unwrap();
    // What is not kept in the list is concluded again from the observation.
    let not_kept = [
        "evidence",
        "breakdown",
        "gateways",
        "senders",
        "identity",
        "spf_record",
        "dkim_selectors",
    ];
    for (name, value) in wanted.as_object().unwrap() {
        if !not_kept.contains(&name.as_str()) {
            assert_eq!(row.get(name), Some(value), "{name}");
        }
    }
    assert_eq!(row["company_id"], id);
    assert_eq!(row["canonical_name"], "Örnek");
    assert_eq!(row["contact_emails"][0], "info@ornek.com.tr");
    assert_eq!(row["reason"], "because");
}

async fn saving_twice_changes_nothing(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    save(&test, id, MICROSOFT).await;
    let before = lead(&test).await;
    let again = save(&test, id, MICROSOFT).await;
    assert!(again.changes.is_empty());
    assert_eq!(again.segment_before, before.segment);
    assert_eq!(lead(&test).await, before);
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.scores(id, 10).await.unwrap().len(), 1);
    assert_eq!(unit.observation_history(id, 10).await.unwrap().len(), 1);
}

async fn a_move_is_a_change_and_raises_an_alert_once(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    assert!(save(&test, id, GOOGLE).await.changes.is_empty(), "a first one has no changes");
    let moved = save(&test, id, MICROSOFT.later(1)).await;
    let kinds: Vec<_> = moved.changes.iter().map(|change| change.kind).collect();
    assert!(kinds.contains(&ChangeKind::ProviderMoved), "{kinds:?}");
    assert!(kinds.contains(&ChangeKind::MxChanged), "{kinds:?}");
    // The batch is done again, as after a crash.
    save(&test, id, MICROSOFT.later(1)).await;
    assert!(save(&test, id, MICROSOFT.later(2)).await.changes.is_empty());
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.scores(id, 10).await.unwrap().len(), 2);
    let snapshot = &unit.snapshots(&[id, 999]).await.unwrap();
    assert_eq!(snapshot.len(), 1);
}

async fn an_older_assessment_only_joins_the_history(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    save(&test, id, MICROSOFT.later(5)).await;
    let before = lead(&test).await;
    assert!(save(&test, id, OWN).await.changes.is_empty());
    assert_eq!(lead(&test).await, before);
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.observation_history(id, 10).await.unwrap().len(), 2);
    let latest = unit.latest_observation(id).await.unwrap().unwrap();
    assert_eq!(latest.observation.observed_at, MICROSOFT.later(5).at);
}

async fn silence_never_hides_an_answer(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    save(&test, id, SILENT).await;
    assert_eq!(lead(&test).await.scan_status, "dns_failed", "nothing better is known");
    assert_eq!(lead(&test).await.readiness_score, None, "unknown is not 0");
    save(&test, id, MICROSOFT.later(1)).await;
    let answered = lead(&test).await;
    let unanswered = Shows { mx: None, ..MICROSOFT.later(2) };
    assert!(save(&test, id, unanswered).await.changes.is_empty());
    assert_eq!(lead(&test).await, answered);
    assert!(
        save(&test, id, MICROSOFT.later(3)).await.changes.is_empty(),
        "nothing moved meanwhile"
    );
}

async fn observations_read_back_and_are_forgotten_but_the_last(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["ornek.com.tr"]).await[0];
    for hours in 0..3 {
        save(&test, id, MICROSOFT.later(hours)).await;
    }
    let mut unit = test.db().begin().await.unwrap();
    let history = unit.observation_history(id, 10).await.unwrap();
    assert_eq!(history.len(), 3);
    assert!(history.is_sorted_by(|a, b| a.1 > b.1));
    let first = unit.observation(history[2].0).await.unwrap().unwrap();
    assert_eq!(first.observation, MICROSOFT.observation("ornek.com.tr"));
    let future = Timestamp::from(NOON + Duration::days(400));
    assert_eq!(unit.forget_observations(future).await.unwrap(), 2);
    assert_eq!(unit.observation_history(id, 10).await.unwrap(), history[..1]);
    assert!(unit.observation(history[2].0).await.unwrap().is_none());
}

async fn all_leads_are_walked_in_pages(backend: Backend) {
    let test = TestDb::new(backend).await;
    let names: Vec<String> = (0..25).map(|i| format!("d{i}.com")).collect();
    let told: Vec<(&str, &str, Shows)> =
        names.iter().map(|name| (name.as_str(), "x", GOOGLE)).collect();
    let mut ids = crate::fixtures::leads(&test, &told).await;
    ids.sort_unstable();
    let mut unit = test.db().read().await.unwrap();
    let (mut after, mut walked) = (0, Vec::new());
    loop {
        let page = unit.current_observations(after, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.company_id;
        walked.extend(page.into_iter().map(|stored| stored.company_id));
    }
    assert_eq!(walked, ids);
}

async fn many_leads_of_one_company_in_one_call(backend: Backend) {
    let test = TestDb::new(backend).await;
    let ids = companies(&test, &["ornek.com.tr", "b.com"]).await;
    let call = [
        MICROSOFT.later(2).assessed(ids[0], "ornek.com.tr", None),
        GOOGLE.assessed(ids[1], "b.com", None),
        OWN.later(1).assessed(ids[0], "ornek.com.tr", None),
    ];
    let mut unit = test.db().begin().await.unwrap();
    let saved = unit.save_leads(&call).await.unwrap();
    unit.commit().await.unwrap();
    let changes: Vec<_> = saved.into_iter().map(|saved| saved.unwrap().changes).collect();
    assert_eq!(changes.len(), 3);
    assert!(!changes[0].is_empty(), "the later one follows the earlier one");
    assert!(changes[2].is_empty());
    assert_eq!(lead(&test).await.provider, "M365");
}

async fn a_company_that_was_erased_meanwhile_spoils_nothing(backend: Backend) {
    let test = TestDb::new(backend).await;
    let ids = companies(&test, &["ornek.com.tr", "b.com"]).await;
    let mut unit = test.db().begin().await.unwrap();
    unit.erase(&domain("b.com")).await.unwrap();
    unit.commit().await.unwrap();
    let call =
        [GOOGLE.assessed(ids[1], "b.com", None), MICROSOFT.assessed(ids[0], "ornek.com.tr", None)];
    let mut unit = test.db().begin().await.unwrap();
    let saved = unit.save_leads(&call).await.unwrap();
    unit.commit().await.unwrap();
    assert!(saved[0].is_none() && saved[1].is_some());
    assert_eq!(lead(&test).await.provider, "M365");
    let gone = test.db().read().await.unwrap().lead(&domain("b.com")).await.unwrap();
    assert_eq!(gone, None, "what was erased does not come back");
}

async fn the_same_saved_by_many_at_once_is_kept_once(backend: Backend) {
    let test = TestDb::new(backend).await;
    let names: Vec<String> = (0..20).map(|i| format!("d{i}.com")).collect();
    let ids = companies(&test, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..5 {
        let mut call: Vec<_> =
            names.iter().zip(&ids).map(|(name, id)| GOOGLE.assessed(*id, name, None)).collect();
        call.rotate_left(turn * 3);
        let db = test.db().clone();
        tasks.spawn(async move {
            let mut unit = db.begin().await.unwrap();
            unit.save_leads(&call).await.unwrap();
            unit.commit().await.unwrap();
        });
    }
    tasks.join_all().await;
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.current_observations(0, 100).await.unwrap().len(), 20);
    for id in ids {
        assert_eq!(unit.observation_history(id, 10).await.unwrap().len(), 1);
        assert_eq!(unit.scores(id, 10).await.unwrap().len(), 1);
    }
}
