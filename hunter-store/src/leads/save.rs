//! Keeping assessments, many at once: one statement for each table, whatever the number of leads.

use std::collections::{HashMap, HashSet};

use hunter_core::assess::Status;
use hunter_core::changes::{Change, Snapshot, changes};
use hunter_core::{Assessment, Observation};
use uuid::Uuid;

use super::{row, signals};
use crate::db::{Insert, Kind, Timestamp, Unit, Value};
use crate::error::Result;
use crate::observations;

/// An assessment to keep, with what it rests on.
#[derive(Debug, Clone)]
pub struct AssessedLead {
    /// The company's number.
    pub company_id: i64,
    /// The company's name, as it is believed.
    pub canonical_name: Option<String>,
    /// Its contacts.
    pub contact_emails: Vec<String>,
    /// Why the verdict is what it is, in a sentence.
    pub reason: Option<String>,
    /// What stands behind the domain, in a sentence.
    pub infrastructure_summary: Option<String>,
    /// What was observed.
    pub observation: Observation,
    /// What was concluded from it.
    pub assessment: Assessment,
}

/// What became of an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// What changed against what was known before; nothing for a first one, an older one, or the same
    /// observation under other rules.
    pub changes: Vec<Change>,
    /// The segment that the list showed before.
    pub segment_before: Option<String>,
}

/// What the list shows before.
#[derive(sqlx::FromRow)]
struct Before {
    company_id: i64,
    scanned_at: Timestamp,
    scan_status: String,
    signals_hash: String,
    rules_hash: String,
    readiness_score: Option<i16>,
    segment: Option<String>,
    observation_id: Option<Uuid>,
    #[sqlx(json)]
    tags: Vec<String>,
    #[sqlx(json)]
    user_tags: Vec<String>,
}

const SCORE: &[(&str, Kind)] = &[
    ("score_id", Kind::Uuid),
    ("company_id", Kind::Int),
    ("scored_at", Kind::Time),
    ("readiness_score", Kind::Int),
    ("score_low", Kind::Int),
    ("score_high", Kind::Int),
    ("segment", Kind::Text),
    ("priority_category", Kind::Text),
    ("priority_score", Kind::Int),
    ("signals_hash", Kind::Text),
    ("rules_version", Kind::Text),
    ("rules_hash", Kind::Text),
];
const CHANGE: &[(&str, Kind)] = &[
    ("change_id", Kind::Uuid),
    ("company_id", Kind::Int),
    ("kind", Kind::Text),
    ("before", Kind::Text),
    ("after", Kind::Text),
    ("changed_at", Kind::Time),
];
const ALERT: &[(&str, Kind)] = &[
    ("alert_id", Kind::Uuid),
    ("company_id", Kind::Int),
    ("kind", Kind::Text),
    ("message", Kind::Text),
    ("status", Kind::Text),
    ("attempts", Kind::Int),
    ("created_at", Kind::Time),
];
const ADDRESS: &[(&str, Kind)] = &[
    ("company_id", Kind::Int),
    ("ip", Kind::Text),
    ("source", Kind::Text),
    ("asn", Kind::Int),
    ("asn_org", Kind::Text),
    ("country", Kind::Text),
    ("city", Kind::Text),
    ("isp", Kind::Text),
    ("usage_type", Kind::Text),
    ("is_proxy", Kind::Bool),
    ("proxy_type", Kind::Text),
    ("observed_at", Kind::Time),
];

/// The rows for each table.
#[derive(Default)]
struct Rows {
    leads: Vec<Vec<Value>>,
    observations: Vec<Vec<Value>>,
    scores: Vec<Vec<Value>>,
    tags: Vec<Vec<Value>>,
    retagged: Vec<i64>,
    changes: Vec<Vec<Value>>,
    alerts: Vec<Vec<Value>>,
    addresses: Vec<Vec<Value>>,
}

pub(super) async fn save(unit: &mut Unit, leads: &[AssessedLead]) -> Result<Vec<Option<Saved>>> {
    // Always in the same order: see `companies::by_domains`. Of two for one company the later one stays.
    let mut order: Vec<usize> = (0..leads.len()).collect();
    order.sort_by_key(|i| (leads[*i].company_id, leads[*i].assessment.observed_at));
    let ids: Vec<i64> = order.iter().map(|i| leads[*i].company_id).collect();
    let companies = lock_companies(unit, &ids).await?;
    order.retain(|i| companies.contains(&leads[*i].company_id));
    let ids: Vec<i64> = order.iter().map(|i| leads[*i].company_id).collect();
    let mut before = read_before(unit, &ids).await?;
    let mut known = signals::read(unit, &ids).await?;
    let mut rows = Rows::default();
    let mut saved: Vec<Option<Saved>> = vec![None; leads.len()];
    let mut compressor = observations::compressor()?;
    let mut newest: HashMap<i64, Vec<Value>> = HashMap::new();
    for i in order {
        let lead = &leads[i];
        let at = Timestamp::from(lead.assessment.observed_at);
        let there = before.get(&lead.company_id);
        let is_same = there.is_some_and(|b| b.scanned_at == at);
        let is_older = there.is_some_and(|b| b.scanned_at > at);
        let mut observation_id = there.and_then(|b| b.observation_id);
        if !is_same {
            let id = Uuid::now_v7();
            rows.observations.push(observations::values(
                id,
                lead.company_id,
                &lead.observation,
                &mut compressor,
            )?);
            observation_id = if is_older { observation_id } else { Some(id) };
        }
        let mut outcome =
            Saved { changes: Vec::new(), segment_before: there.and_then(|b| b.segment.clone()) };
        let answered = lead.assessment.status == Status::Answered;
        let hides = !answered && there.is_some_and(|b| b.scan_status == Status::Answered.as_str());
        if !is_older {
            let now = Snapshot::of(&lead.assessment, &lead.observation);
            let old = known.get(&lead.company_id);
            if !is_same {
                outcome.changes = changes(old, &now);
            }
            let joined = old.map_or_else(|| now.clone(), |old| now.or_known_from(old));
            known.insert(lead.company_id, joined);
            rows.add_addresses(lead, at);
        }
        if !is_older && !hides {
            rows.add_verdict(lead, there, at);
            let user_tags = there.map_or(&[][..], |b| b.user_tags.as_slice());
            rows.add_tags(lead, there, user_tags);
            newest.insert(lead.company_id, row::values(lead, user_tags, observation_id));
            before.insert(lead.company_id, Before::of(lead, user_tags, at, observation_id));
        }
        rows.add_changes(lead.company_id, at, &outcome.changes);
        saved[i] = Some(outcome);
    }
    let mut order: Vec<(i64, Vec<Value>)> = newest.into_iter().collect();
    order.sort_by_key(|(id, _)| *id);
    rows.leads = order.into_iter().map(|(_, values)| values).collect();
    let mut touched: Vec<(i64, &Snapshot)> =
        ids.iter().filter_map(|id| known.get(id).map(|snapshot| (*id, snapshot))).collect();
    touched.dedup_by_key(|(id, _)| *id);
    signals::write(unit, touched).await?;
    rows.write(unit).await?;
    Ok(saved)
}

/// Those of the companies that are there, held until the unit ends: what is compared with what was known
/// before must not change meanwhile, and nobody erases what is being written.
async fn lock_companies(unit: &mut Unit, ids: &[i64]) -> Result<HashSet<i64>> {
    let backend = unit.backend();
    let sql = format!(
        "SELECT company_id FROM companies WHERE company_id IN ({}) ORDER BY company_id{}",
        backend.numbers("$1"),
        backend.for_change()
    );
    let rows: Vec<(i64,)> = unit.fetch_all(sql, [Value::json(&ids)]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn read_before(unit: &mut Unit, ids: &[i64]) -> Result<HashMap<i64, Before>> {
    let sql = format!(
        "SELECT company_id, scanned_at, scan_status, signals_hash, rules_hash, readiness_score, segment, \
         observation_id, tags, user_tags FROM leads WHERE company_id IN ({})",
        unit.backend().numbers("$1"),
    );
    let rows: Vec<Before> = unit.fetch_all(sql, [Value::json(&ids)]).await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row)).collect())
}

impl Before {
    /// What the list will show, for a second assessment of the same company in one call.
    fn of(lead: &AssessedLead, user_tags: &[String], at: Timestamp, id: Option<Uuid>) -> Self {
        let a = &lead.assessment;
        Self {
            company_id: lead.company_id,
            scanned_at: at,
            scan_status: a.status.as_str().into(),
            signals_hash: a.authentication.signals.hash().to_string(),
            rules_hash: a.rules_hash.to_string(),
            readiness_score: a.verdict.as_ref().map(|v| v.score.into()),
            segment: a.verdict.as_ref().map(|v| v.segment.as_str().into()),
            observation_id: id,
            tags: words(&a.tags),
            user_tags: user_tags.to_vec(),
        }
    }
}

fn words(tags: &[hunter_core::assess::Tag]) -> Vec<String> {
    tags.iter().map(|tag| tag.as_str().to_owned()).collect()
}

impl Rows {
    fn add_verdict(&mut self, lead: &AssessedLead, there: Option<&Before>, at: Timestamp) {
        let a = &lead.assessment;
        let hash = a.authentication.signals.hash().to_string();
        let verdict = a.verdict.as_ref();
        let is_known = there.is_some_and(|b| {
            b.signals_hash == hash
                && b.rules_hash == *a.rules_hash
                && b.readiness_score == verdict.map(|v| v.score.into())
                && b.segment.as_deref() == verdict.map(|v| v.segment.as_str())
        });
        if is_known {
            return;
        }
        self.scores.push(vec![
            Uuid::now_v7().into(),
            lead.company_id.into(),
            at.into(),
            verdict.map(|v| v.score).into(),
            verdict.map(|v| v.score_low).into(),
            verdict.map(|v| v.score_high).into(),
            verdict.map(|v| v.segment.as_str()).into(),
            verdict.map(|v| v.priority_category.as_str()).into(),
            verdict.map(|v| v.priority_score).into(),
            hash.into(),
            a.rules_version.as_ref().into(),
            a.rules_hash.as_ref().into(),
        ]);
    }

    fn add_tags(&mut self, lead: &AssessedLead, there: Option<&Before>, user_tags: &[String]) {
        let tags = words(&lead.assessment.tags);
        if there.is_some_and(|b| b.tags == tags) {
            return;
        }
        if there.is_some() {
            self.retagged.push(lead.company_id);
            self.tags.retain(|row| row[0] != Value::from(lead.company_id));
        }
        for tag in tags.iter().chain(user_tags) {
            self.tags.push(vec![lead.company_id.into(), tag.as_str().into()]);
        }
    }

    fn add_changes(&mut self, company_id: i64, at: Timestamp, changes: &[Change]) {
        for change in changes {
            self.changes.push(vec![
                Uuid::now_v7().into(),
                company_id.into(),
                change.kind.as_str().into(),
                change.before.clone().into(),
                change.after.as_str().into(),
                at.into(),
            ]);
        }
        let mut alerted = Vec::new();
        for change in changes {
            let Some(kind) = change.alert.filter(|kind| !alerted.contains(kind)) else { continue };
            alerted.push(kind);
            let before = change.before.as_deref().unwrap_or("?");
            self.alerts.push(vec![
                Uuid::now_v7().into(),
                company_id.into(),
                kind.as_str().into(),
                format!("{}: {before} → {}", change.kind, change.after).into(),
                "pending".into(),
                0_i64.into(),
                at.into(),
            ]);
        }
    }

    fn add_addresses(&mut self, lead: &AssessedLead, at: Timestamp) {
        for address in &lead.observation.addresses {
            let extra = |name: &str| {
                Value::Text(address.extra.get(name).and_then(|v| v.as_str()).map(str::to_owned))
            };
            let (ip, source) = (address.ip.to_string(), address.source.as_str());
            let key = [lead.company_id.into(), ip.as_str().into(), Value::from(source)];
            self.addresses.retain(|row| row[..3] != key);
            self.addresses.push(vec![
                lead.company_id.into(),
                ip.into(),
                source.into(),
                address.asn.into(),
                address.asn_org.clone().into(),
                address.country.clone().into(),
                extra("city"),
                extra("isp"),
                extra("usage_type"),
                address.is_proxy.into(),
                extra("proxy_type"),
                at.into(),
            ]);
        }
    }

    async fn write(self, unit: &mut Unit) -> Result<()> {
        if !self.retagged.is_empty() {
            let numbers = unit.backend().numbers("$1");
            let sql = format!("DELETE FROM lead_tags WHERE company_id IN ({numbers})");
            unit.execute(sql, [Value::json(&self.retagged)]).await?;
        }
        let replace = row::replace();
        let addresses: Vec<String> =
            ADDRESS[3..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
        let addresses = format!(
            "ON CONFLICT (company_id, ip, source) DO UPDATE SET {} \
             WHERE excluded.observed_at >= ip_addresses.observed_at",
            addresses.join(", ")
        );
        let tag: &[(&str, Kind)] = &[("company_id", Kind::Int), ("tag", Kind::Text)];
        let ignore = "ON CONFLICT DO NOTHING";
        for (table, columns, suffix, rows) in [
            ("observations", observations::COLUMNS, ignore, self.observations),
            ("leads", row::COLUMNS, replace.as_str(), self.leads),
            ("scores", SCORE, ignore, self.scores),
            ("lead_tags", tag, ignore, self.tags),
            ("changes", CHANGE, ignore, self.changes),
            ("alerts", ALERT, ignore, self.alerts),
            ("ip_addresses", ADDRESS, addresses.as_str(), self.addresses),
        ] {
            unit.insert(Insert { table, columns, suffix, rows }).await?;
        }
        Ok(())
    }
}
