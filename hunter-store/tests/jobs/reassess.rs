//! Leads assessed again after a change of the rules.

use std::sync::Arc;
use std::time::Duration;

use hunter_core::provider::Fingerprints;
use hunter_core::rules::RuleSet;
use hunter_core::{Domain, Engine, Observation};
use hunter_store::bulk::{
    LeadRecorder, NoWords, Reassess, Reassessments as _, Recorder as _, SegmentChange,
};
use hunter_store::leads::{LeadQuery, Leads as _};
use hunter_store::queue::{JobStatus, Worker, WorkerSettings};
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db, migrate};

use super::{Running, domains, done};

contract!(
    leads_whose_segment_changes_are_listed,
    a_reassessment_goes_on_where_a_dead_worker_left_it,
    what_comes_out_the_same_is_only_confirmed,
    newer_rules_take_the_place_of_those_under_way,
);

const WORKER: WorkerSettings = WorkerSettings {
    concurrency: 2,
    lease: Duration::from_millis(900),
    poll: Duration::from_millis(20),
    attempts: 3,
    pause: Duration::from_millis(20),
    grace: Duration::from_secs(5),
};

/// Rules under which a mailbox at Google is worth next to nothing.
fn stricter() -> Engine {
    let text = include_str!("../../../hunter-core/data/rules/classic.toml");
    let text = text.replace("Google = 50", "Google = 5").replace("classic-1", "strict-1");
    let rules = RuleSet::from_toml("strict.toml", &text).expect("a rule set");
    Engine::new(rules, Fingerprints::builtin())
}

fn observation(domain: &Domain) -> Observation {
    let text = serde_json::json!({"v": 1, "domain": domain, "observed_at": "2026-11-24T09:30:00Z",
    "answers": [
        {"name": domain, "type": "MX", "state": "found", "records": ["1 aspmx.l.google.com"]},
        {"name": domain, "type": "TXT", "state": "found",
            "records": ["v=spf1 include:_spf.google.com ~all"]},
        {"name": format!("google._domainkey.{domain}"), "type": "TXT", "state": "found",
            "records": ["v=DKIM1; p=MIGf"]},
        {"name": format!("_dmarc.{domain}"), "type": "TXT", "state": "found",
            "records": ["v=DMARC1; p=reject"]},
    ]});
    Observation::from_json(&text.to_string()).expect("an observation")
}

fn recorder(engine: Engine) -> LeadRecorder {
    LeadRecorder::new(engine, Arc::new(NoWords))
}

/// Leads under the built-in rules; every tenth at Microsoft, which the stricter rules leave alone.
async fn leads(db: &Db, count: usize) {
    let mut unit = db.begin().await.unwrap();
    let seen: Vec<_> = domains(count)
        .enumerate()
        .map(|(number, domain)| {
            let text = observation(&domain).to_json();
            let mx = "aspmx.l.google.com";
            let there = text.replace(mx, "ornek.mail.protection.outlook.com");
            Observation::from_json(if number % 10 == 0 { &there } else { &text }).unwrap()
        })
        .collect();
    for chunk in seen.chunks(500) {
        recorder(Engine::builtin()).record(&mut unit, chunk).await.unwrap();
    }
    unit.commit().await.unwrap();
}

fn start(db: &Db, engine: Engine) -> Running {
    let handler = Arc::new(Reassess::new(recorder(engine)));
    Running::start(Worker::new(db.clone(), vec![handler], WORKER))
}

async fn enqueue(db: &Db, engine: &Engine) -> (uuid::Uuid, bool) {
    let mut unit = db.begin().await.unwrap();
    let enqueued = unit.enqueue_reassessment(engine).await.unwrap();
    unit.commit().await.unwrap();
    (enqueued.job_id, enqueued.is_new)
}

async fn all_changes(db: &Db, id: uuid::Uuid) -> Vec<SegmentChange> {
    db.read().await.unwrap().segment_changes(id, None, 100_000).await.unwrap()
}

async fn leads_whose_segment_changes_are_listed(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(test.db(), 40).await;
    let engine = stricter();
    let (id, is_new) = enqueue(test.db(), &engine).await;
    assert!(is_new);
    assert_eq!(enqueue(test.db(), &engine).await, (id, false), "the same one is meant");
    let running = start(test.db(), engine.clone());
    done(test.db(), id).await;
    running.stop().await;
    let changes = all_changes(test.db(), id).await;
    assert_eq!(changes.len(), 36);
    let first = SegmentChange {
        domain: "d000001.com.tr".into(),
        before: Some("Migration".into()),
        after: Some("Cold".into()),
    };
    assert_eq!(changes[0], first);
    let domain = "d000001.com.tr".parse().unwrap();
    let lead = test.db().read().await.unwrap().lead(&domain).await.unwrap().unwrap();
    assert_eq!(lead.segment.as_deref(), Some("Cold"));
    assert_eq!(lead.rules_hash, engine.rules().hash());
    assert_eq!(super::number(test.db(), "SELECT count(*) FROM observations").await, 40);

    let (again, is_new) = enqueue(test.db(), &engine).await;
    assert!(is_new, "that one has ended");
    let running = start(test.db(), engine);
    done(test.db(), again).await;
    running.stop().await;
    assert!(all_changes(test.db(), again).await.is_empty(), "nothing changes twice");
}

/// A lead that comes out the same is not written again; a narrow row says which rules say so too.
async fn what_comes_out_the_same_is_only_confirmed(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(test.db(), 40).await;
    let confirmed = async || super::number(test.db(), "SELECT count(*) FROM confirmed").await;
    let builtin = Engine::builtin();
    let rules_of = async |domain: &str| {
        let domain = domain.parse().unwrap();
        test.db().read().await.unwrap().lead(&domain).await.unwrap().unwrap().rules_hash
    };
    let reassess = async |engine: Engine| {
        let (id, _) = enqueue(test.db(), &engine).await;
        let running = start(test.db(), engine);
        done(test.db(), id).await;
        running.stop().await;
        all_changes(test.db(), id).await.len()
    };
    assert_eq!((reassess(builtin.clone()).await, confirmed().await), (0, 0), "nothing is new");
    assert_eq!((reassess(stricter()).await, confirmed().await), (36, 4));
    for domain in ["d000000.com.tr", "d000001.com.tr"] {
        assert_eq!(rules_of(domain).await, stricter().rules().hash(), "{domain}");
    }
    let scores = super::number(test.db(), "SELECT count(*) FROM scores").await;
    assert_eq!(scores, 40, "the same observation has one place in the history");
    assert_eq!((reassess(builtin.clone()).await, confirmed().await), (36, 0));
    for domain in ["d000000.com.tr", "d000001.com.tr"] {
        assert_eq!(rules_of(domain).await, builtin.rules().hash(), "{domain}");
    }
    // On the way down, what was confirmed is written where it stood before.
    reassess(stricter()).await;
    let before = test.db().read().await.unwrap().leads(&LeadQuery::default()).await.unwrap();
    let all = migrate::status(test.db()).await.unwrap().revisions.len();
    migrate::down(test.db(), all - 4).await.unwrap();
    migrate::up(test.db(), None).await.unwrap();
    let after = test.db().read().await.unwrap().leads(&LeadQuery::default()).await.unwrap();
    assert_eq!(after, before);
    assert_eq!(confirmed().await, 0);
}

async fn newer_rules_take_the_place_of_those_under_way(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(test.db(), 10).await;
    let (older, _) = enqueue(test.db(), &Engine::builtin()).await;
    let (newer, is_new) = enqueue(test.db(), &stricter()).await;
    assert!(is_new && older != newer);
    assert_eq!(super::job(test.db(), older).await.status, JobStatus::Cancelled);
    assert_eq!(super::job(test.db(), newer).await.status, JobStatus::Queued);
}

async fn a_reassessment_goes_on_where_a_dead_worker_left_it(backend: Backend) {
    let test = TestDb::new(backend).await;
    leads(test.db(), 4_500).await;
    let engine = stricter();
    let (id, _) = enqueue(test.db(), &engine).await;
    let first = start(&test.reopen().await, engine.clone());
    while super::job(test.db(), id).await.succeeded < 1 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    first.kill();
    let second = start(test.db(), engine);
    let job = done(test.db(), id).await;
    second.stop().await;
    assert_eq!((job.total, job.succeeded), (5, 5));
    assert_eq!(all_changes(test.db(), id).await.len(), 4_050);
}
