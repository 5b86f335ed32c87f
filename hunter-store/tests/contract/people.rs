//! What people and other systems write beside leads.

use hunter_core::Domain;
use hunter_store::addresses::{Addresses, RETENTION_DAYS};
use hunter_store::alerts::{AlertConfig, AlertSchedule, Alerts};
use hunter_store::api_keys::{ApiKeys, NewApiKey, Scope, Scopes};
use hunter_store::audit::{Audit, AuditEntry};
use hunter_store::changes::Changes;
use hunter_store::crm_lite::{CrmLite, Note, UserTag};
use hunter_store::leads::{LeadFilter, LeadQuery, Leads};
use hunter_store::opt_outs::{OptOuts, Refusal};
use hunter_store::overrides::{ProviderOverride, ProviderOverrides};
use hunter_store::raw_leads::{RawLeads, Rejected};
use hunter_store::referrals::{CrmSync, CrmSyncs, Referral, Referrals};
use hunter_store::testing::TestDb;
use hunter_store::webhooks::{DoneCall, FailedCall, WebhookRetries};
use hunter_store::{Backend, Timestamp};
use time::Duration;
use uuid::Uuid;

use crate::fixtures::{GOOGLE, MICROSOFT, NOON, companies, domain, leads};

contract!(
    notes_tags_and_favourites_read_back,
    alerts_are_raised_sent_and_given_up,
    two_senders_never_get_the_same_alert,
    alert_settings_read_back,
    api_keys_are_found_by_prefix_and_switched_off,
    an_active_administrator_is_known,
    the_audit_log_reads_back_the_latest_first,
    d26_failed_calls_come_back_until_they_are_given_up,
    addresses_are_forgotten_after_a_year,
    referrals_keep_the_newest_state_and_whole_money,
    rejected_rows_read_back_with_line_and_reason,
    refusals_syncs_and_overrides_read_back,
);

fn at(hours: i64) -> Timestamp {
    (NOON + Duration::hours(hours)).into()
}

async fn notes_tags_and_favourites_read_back(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = leads(&test, &[("a.com", "A", GOOGLE), ("b.com", "B", GOOGLE)]).await[0];
    let mut unit = test.db().begin().await.unwrap();
    let note = Note {
        note_id: Uuid::now_v7(),
        company_id: id,
        body: "Salı günü aranacak".into(),
        author: Some("Ayşe".into()),
        created_at: at(0),
        updated_at: at(0),
    };
    unit.write_note(note.clone()).await.unwrap();
    let note = Note { body: "Çarşamba".into(), updated_at: at(1), ..note };
    unit.write_note(note.clone()).await.unwrap();
    assert_eq!(unit.notes(id).await.unwrap(), [note]);
    let tag =
        UserTag {
            tag_id: Uuid::now_v7(), company_id: id, tag: "önemli".into(), created_at: at(0)
        };
    unit.add_tag(tag.clone()).await.unwrap();
    unit.add_tag(UserTag { tag_id: Uuid::now_v7(), ..tag.clone() }).await.unwrap();
    assert_eq!(unit.user_tags(id).await.unwrap(), [tag]);
    for favourite in [true, true, false, true] {
        unit.set_favourite(id, "ayşe", favourite, at(0)).await.unwrap();
    }
    assert_eq!(unit.favourite_of(id).await.unwrap(), ["ayşe"]);
    unit.commit().await.unwrap();
    // A new scan with other tags of its own leaves the people's where they are.
    let mut unit = test.db().begin().await.unwrap();
    unit.save_leads(&[MICROSOFT.later(1).assessed(id, "a.com", None)]).await.unwrap();
    unit.commit().await.unwrap();
    for filter in [
        LeadFilter { tag: Some("önemli".into()), ..LeadFilter::default() },
        LeadFilter { favourite: Some(true), ..LeadFilter::default() },
    ] {
        let query = LeadQuery { filter, ..LeadQuery::default() };
        let page = test.db().read().await.unwrap().leads(&query).await.unwrap();
        assert_eq!(page.leads.len(), 1);
        assert_eq!(page.leads[0].domain, "a.com");
        assert_eq!(page.leads[0].user_tags, ["önemli"]);
    }
}

/// A company that moved, which raises alerts.
async fn moved(test: &TestDb) -> i64 {
    let id = leads(test, &[("a.com", "A", GOOGLE)]).await[0];
    let mut unit = test.db().begin().await.unwrap();
    unit.save_leads(&[MICROSOFT.later(1).assessed(id, "a.com", None)]).await.unwrap();
    unit.commit().await.unwrap();
    id
}

async fn alerts_are_raised_sent_and_given_up(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = moved(&test).await;
    let mut unit = test.db().begin().await.unwrap();
    let changes = unit.changes_of(id, 50).await.unwrap();
    assert!(changes.iter().any(|c| c.kind == "provider_moved" && c.domain == "a.com"));
    assert_eq!(unit.changes_before(at(9), 50).await.unwrap().len(), changes.len());
    assert!(unit.changes_before(at(1), 50).await.unwrap().is_empty());
    let pending = unit.pending_alerts(50).await.unwrap();
    assert!(pending.len() >= 2, "{pending:?}");
    assert!(pending.iter().any(|alert| alert.kind == "provider_moved"));
    assert!(unit.alert_sent(pending[0].alert_id, at(2)).await.unwrap());
    for _ in 0..3 {
        assert!(unit.alert_failed(pending[1].alert_id, 3).await.unwrap());
    }
    assert!(!unit.alert_sent(Uuid::now_v7(), at(2)).await.unwrap());
    assert_eq!(unit.pending_alerts(50).await.unwrap().len(), pending.len() - 2);
    let all = unit.alerts_before(at(9), 50).await.unwrap();
    let state = |id| all.iter().find(|a| a.alert_id == id).map(|a| (a.status.as_str(), a.attempts));
    assert_eq!(state(pending[0].alert_id), Some(("sent", 1)));
    assert_eq!(state(pending[1].alert_id), Some(("failed", 3)));
}

async fn two_senders_never_get_the_same_alert(backend: Backend) {
    let test = TestDb::new(backend).await;
    moved(&test).await;
    let mut first = test.db().begin().await.unwrap();
    let taken = first.pending_alerts(1).await.unwrap();
    if backend == Backend::Postgres {
        // On SQLite a second unit that writes waits until the first has ended.
        let mut second = test.db().begin().await.unwrap();
        let others = second.pending_alerts(50).await.unwrap();
        assert!(others.iter().all(|alert| alert.alert_id != taken[0].alert_id));
    }
    first.alert_sent(taken[0].alert_id, at(2)).await.unwrap();
    first.commit().await.unwrap();
    let mut second = test.db().begin().await.unwrap();
    let others = second.pending_alerts(50).await.unwrap();
    assert!(others.iter().all(|alert| alert.alert_id != taken[0].alert_id));
}

async fn alert_settings_read_back(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let config = AlertConfig {
        config_id: Uuid::now_v7(),
        number: 0,
        kind: "mx_changed".into(),
        method: "webhook".into(),
        target: "https://example.com/hook".into(),
        frequency: "immediate".into(),
        enabled: true,
        created_at: at(0),
        updated_at: at(0),
    };
    let config = AlertConfig { number: 1, ..config };
    assert_eq!(unit.set_alert_config(config.clone()).await.unwrap(), config);
    let other = AlertConfig {
        config_id: Uuid::now_v7(),
        frequency: "daily".into(),
        updated_at: at(1),
        ..config.clone()
    };
    let now = unit.set_alert_config(other).await.unwrap();
    assert_eq!((now.config_id, now.frequency.as_str()), (config.config_id, "daily"));
    assert_eq!(now.number, 1, "it stays the same one");
    let second = AlertConfig {
        config_id: Uuid::now_v7(),
        number: 0,
        target: "https://example.com/other".into(),
        ..config.clone()
    };
    let second = unit.set_alert_config(second).await.unwrap();
    assert!(second.number > 1, "{second:?}");
    assert_eq!(unit.alert_configs().await.unwrap(), [now, second]);
    assert_eq!(unit.alert_schedule().await.unwrap(), None);
    let schedule = AlertSchedule {
        enabled: true,
        minute_of_day: 8 * 60,
        time_zone: "Europe/Istanbul".into(),
        updated_at: at(0),
    };
    unit.set_alert_schedule(schedule.clone()).await.unwrap();
    let schedule = AlertSchedule { minute_of_day: 9 * 60, ..schedule };
    unit.set_alert_schedule(schedule.clone()).await.unwrap();
    assert_eq!(unit.alert_schedule().await.unwrap(), Some(schedule.clone()));
    let error = unit.set_alert_schedule(AlertSchedule { minute_of_day: 1440, ..schedule }).await;
    assert_eq!(error.unwrap_err().code(), "store_conflict");
}

fn new_key(prefix: &str, scopes: &[Scope]) -> NewApiKey {
    NewApiKey {
        name: "web form".into(),
        prefix: prefix.into(),
        scopes: Scopes::new(scopes.iter().copied()),
        per_minute: 60,
        created_by: Some("Ayşe".into()),
        created_at: at(0),
    }
}

async fn api_keys_are_found_by_prefix_and_switched_off(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let new = new_key("hk_12", &[Scope::Ingest, Scope::Read]);
    let key = unit.add_api_key(new.clone(), "hash".into()).await.unwrap();
    assert_eq!((key.id, key.active, key.last_used_at), (1, true, None));
    assert_eq!((&key.name, &key.scopes), (&new.name, &new.scopes));
    assert_eq!(key.created_by.as_deref(), Some("Ayşe"));
    let found = unit.api_key_candidate("hk_12").await.unwrap().unwrap();
    assert_eq!((found.key.clone(), found.secret_hash.as_str()), (key.clone(), "hash"));
    assert!(!format!("{found:?}").contains("hash\""), "a hash is not for logs: {found:?}");
    assert_eq!(unit.api_key_candidate("hk_1").await.unwrap(), None);
    unit.api_key_used(key.id, at(5)).await.unwrap();
    unit.api_key_used(key.id, at(3)).await.unwrap();
    assert_eq!(unit.api_keys().await.unwrap()[0].last_used_at, Some(at(5)), "the later one stays");
    let off = unit.set_api_key_active(key.id, false).await.unwrap().unwrap();
    assert_eq!((off.id, off.active), (key.id, false));
    assert!(!unit.api_key_candidate("hk_12").await.unwrap().unwrap().key.active);
    assert_eq!(unit.set_api_key_active(99, true).await.unwrap(), None);
    let second = unit.add_api_key(new_key("hk_34", &[]), "other".into()).await.unwrap();
    assert_eq!(second.id, 2);
    let ids: Vec<i64> = unit.api_keys().await.unwrap().iter().map(|key| key.id).collect();
    assert_eq!(ids, [1, 2]);
    unit.commit().await.unwrap();
    for (prefix, hash, per_minute) in
        [("hk_12", "new", 60), ("hk_56", "hash", 60), ("hk_7", "n", 0)]
    {
        let mut unit = test.db().begin().await.unwrap();
        let key = NewApiKey { per_minute, ..new_key(prefix, &[]) };
        let refused = unit.add_api_key(key, hash.into()).await;
        assert_eq!(refused.unwrap_err().code(), "store_conflict", "{prefix} {hash}");
    }
}

async fn an_active_administrator_is_known(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    unit.add_api_key(new_key("hk_1", &[Scope::Read, Scope::Scan]), "a".into()).await.unwrap();
    assert!(!unit.has_active_admin().await.unwrap());
    let admin = unit.add_api_key(new_key("hk_2", &[Scope::Admin]), "b".into()).await.unwrap();
    assert!(unit.has_active_admin().await.unwrap());
    unit.set_api_key_active(admin.id, false).await.unwrap();
    assert!(!unit.has_active_admin().await.unwrap());
}

async fn the_audit_log_reads_back_the_latest_first(backend: Backend) {
    let test = TestDb::new(backend).await;
    let entry = |hours, action: &str| AuditEntry {
        audit_id: Uuid::now_v7(),
        done_at: at(hours),
        actor: "key 1 (ofis)".into(),
        action: action.into(),
        target: "2".into(),
        request_id: Some("abc-1".into()),
    };
    let entries = [entry(0, "api_key.create"), entry(1, "api_key.deactivate")];
    let mut unit = test.db().begin().await.unwrap();
    for entry in &entries {
        unit.audit(entry.clone()).await.unwrap();
    }
    let [first, second] = entries;
    assert_eq!(unit.audit_before(at(9), 10).await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(unit.audit_before(at(9), 1).await.unwrap(), [second]);
    assert_eq!(unit.audit_before(at(1), 10).await.unwrap(), [first]);
}

async fn d26_failed_calls_come_back_until_they_are_given_up(backend: Backend) {
    let test = TestDb::new(backend).await;
    let mut unit = test.db().begin().await.unwrap();
    let id = Uuid::now_v7();
    let call = FailedCall {
        retry_id: id,
        key_id: None,
        domain: Some(domain("a.com")),
        payload: serde_json::json!({"domain": "a.com", "name": "Şirket"}),
        error: "store_busy".into(),
        at: at(0),
        due_at: at(1),
    };
    assert!(unit.keep_call(call.clone()).await.unwrap());
    assert!(!unit.keep_call(call.clone()).await.unwrap(), "it is kept once");
    assert_eq!(unit.next_call_due().await.unwrap(), Some(at(1)));
    assert!(unit.take_due_calls(at(0), at(1), 10).await.unwrap().is_empty(), "not due yet");
    for attempt in 1..=3 {
        let hour = i64::from(attempt) * 2;
        let taken = unit.take_due_calls(at(hour), at(hour + 1), 10).await.unwrap();
        assert_eq!(taken.len(), 1, "attempt {attempt}");
        assert_eq!((taken[0].retry_id, taken[0].attempts), (id, attempt));
        assert_eq!(taken[0].payload, call.payload);
        assert!(unit.take_due_calls(at(hour), at(hour + 1), 10).await.unwrap().is_empty(), "taken");
        assert!(unit.call_failed(id, "again", at(hour), at(hour + 1), 3).await.unwrap());
    }
    let kept = unit.kept_call(id).await.unwrap().unwrap();
    assert_eq!((kept.status.as_str(), kept.last_error.as_deref()), ("given_up", Some("again")));
    assert!(unit.take_due_calls(at(99), at(100), 10).await.unwrap().is_empty());
    assert_eq!(unit.next_call_due().await.unwrap(), None);
    // A taker that dies gives its call back when its time is over.
    let id = Uuid::now_v7();
    assert!(unit.keep_call(FailedCall { retry_id: id, ..call }).await.unwrap());
    unit.take_due_calls(at(1), at(2), 10).await.unwrap();
    assert_eq!(unit.take_due_calls(at(2), at(3), 10).await.unwrap()[0].retry_id, id);
    assert!(unit.call_done(id, at(3)).await.unwrap());
    assert!(unit.take_due_calls(at(99), at(100), 10).await.unwrap().is_empty());
    assert!(!unit.call_done(Uuid::now_v7(), at(3)).await.unwrap());
    // A call that names itself is noted once, and each is forgotten in its time.
    let named = DoneCall {
        retry_id: Uuid::now_v7(),
        key_id: None,
        domain: domain("b.com"),
        payload: serde_json::json!({}),
        at: at(4),
    };
    assert!(unit.note_call(named.clone()).await.unwrap());
    assert!(!unit.note_call(named.clone()).await.unwrap());
    let done = unit.kept_calls("done", 10).await.unwrap();
    assert_eq!(done.iter().map(|c| c.retry_id).collect::<Vec<_>>(), [named.retry_id, id]);
    assert_eq!(unit.kept_calls("given_up", 10).await.unwrap().len(), 1);
    assert_eq!(unit.forget_calls(at(4), at(0)).await.unwrap(), 1);
    assert_eq!(unit.kept_calls("done", 10).await.unwrap()[0].retry_id, named.retry_id);
    assert_eq!(unit.forget_calls(at(0), at(99)).await.unwrap(), 1, "what was given up");
}

async fn addresses_are_forgotten_after_a_year(backend: Backend) {
    let test = TestDb::new(backend).await;
    let ids = leads(&test, &[("a.com", "A", GOOGLE), ("b.com", "B", GOOGLE.later(48))]).await;
    let mut unit = test.db().begin().await.unwrap();
    let found = unit.addresses(ids[0]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].asn, Some(64500));
    assert_eq!(found[0].city.as_deref(), Some("Ankara"));
    let year = NOON + Duration::days(RETENTION_DAYS);
    assert_eq!(unit.forget_addresses(year.into()).await.unwrap(), 0, "to the day");
    assert_eq!(unit.forget_addresses((year + Duration::hours(1)).into()).await.unwrap(), 1);
    assert!(unit.addresses(ids[0]).await.unwrap().is_empty());
    assert_eq!(unit.addresses(ids[1]).await.unwrap().len(), 1);
}

fn referral(status: &str, hours: i64) -> Referral {
    Referral {
        referral_id: Uuid::now_v7(),
        company_id: None,
        domain: Some("a.com".into()),
        external_id: "PC-1".into(),
        referral_type: Some("co-sell".into()),
        status: status.into(),
        azure_tenant_id: None,
        deal_value_minor: Some(123_456_789_012_345),
        currency: Some("TRY".into()),
        payload: serde_json::json!({"name": "Örnek"}),
        received_at: at(0),
        updated_at: at(hours),
    }
}

async fn referrals_keep_the_newest_state_and_whole_money(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["a.com"]).await[0];
    let mut unit = test.db().begin().await.unwrap();
    for (status, hours) in [("new", 1), ("won", 5), ("active", 3)] {
        unit.keep_referral(referral(status, hours)).await.unwrap();
    }
    let found = unit.referrals_of(&domain("a.com")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].status.as_str(), found[0].company_id), ("won", Some(id)));
    assert_eq!(found[0].deal_value_minor, Some(123_456_789_012_345));
    assert_eq!(unit.referrals_before(at(1), 10).await.unwrap(), found);
    assert!(unit.referrals_before(at(0), 10).await.unwrap().is_empty());
    let no_currency = Referral { currency: None, external_id: "PC-2".into(), ..referral("new", 1) };
    assert_eq!(unit.keep_referral(no_currency).await.unwrap_err().code(), "store_conflict");
}

async fn rejected_rows_read_back_with_line_and_reason(backend: Backend) {
    let test = TestDb::new(backend).await;
    let import_id = Uuid::now_v7();
    let row = |line| Rejected {
        source: "csv".into(),
        import_id,
        line,
        payload: serde_json::json!({"Firma": "Şirket", "line": line}),
        code: "domain_empty".into(),
        received_at: at(0),
    };
    let mut unit = test.db().begin().await.unwrap();
    unit.reject((1..=25).rev().map(row).collect()).await.unwrap();
    let page = unit.rejected(import_id, 10, 5).await.unwrap();
    assert_eq!(page.iter().filter_map(|row| row.line).collect::<Vec<_>>(), [11, 12, 13, 14, 15]);
    assert_eq!(page[0].rejected.as_deref(), Some("domain_empty"));
    assert_eq!(page[0].payload["Firma"], "Şirket");
    assert!(unit.rejected(Uuid::now_v7(), 0, 5).await.unwrap().is_empty());
    unit.commit().await.unwrap();
    companies(&test, &["a.com"]).await;
    let mut unit = test.db().read().await.unwrap();
    assert_eq!(unit.raw_leads(&domain("a.com"), 5).await.unwrap().len(), 1);
}

async fn refusals_syncs_and_overrides_read_back(backend: Backend) {
    let test = TestDb::new(backend).await;
    let id = companies(&test, &["a.com"]).await[0];
    let name: Domain = domain("a.com");
    let mut unit = test.db().begin().await.unwrap();
    let refusal = |hours| Refusal {
        domain: "a.com".into(),
        action: "scan".into(),
        refused_at: at(hours).into(),
    };
    unit.refuse(vec![refusal(0), refusal(1)]).await.unwrap();
    assert_eq!(unit.refusals(&name, 10).await.unwrap(), [refusal(1), refusal(0)]);
    let sync = CrmSync {
        sync_id: Uuid::now_v7(),
        company_id: id,
        system: "dynamics".into(),
        status: "failed".into(),
        external_id: None,
        error: Some("crm_unreachable".into()),
        attempted_at: at(0),
    };
    unit.log_sync(sync.clone()).await.unwrap();
    unit.log_sync(sync.clone()).await.unwrap();
    assert_eq!(unit.syncs(id, 10).await.unwrap(), [sync]);
    let assignment = |provider: &str, hours| ProviderOverride {
        mx_root: "ornek.net".into(),
        provider: provider.into(),
        note: None,
        created_at: at(0),
        updated_at: at(hours),
    };
    unit.set_override(assignment("turkticaret", 0)).await.unwrap();
    unit.set_override(assignment("natro", 1)).await.unwrap();
    assert_eq!(unit.overrides().await.unwrap(), [assignment("natro", 1)]);
    assert!(unit.remove_override("ornek.net").await.unwrap());
    assert!(!unit.remove_override("ornek.net").await.unwrap());
}
