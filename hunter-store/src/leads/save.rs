//! Keeping assessments, many at once: one statement for each table, whatever the number of leads.

use std::collections::{BTreeSet, HashMap, HashSet};

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
    #[sqlx(flatten)]
    written_by: Stamp,
    /// The rules that confirmed the row since, by their number.
    stamp_id: Option<i32>,
    row_hash: Option<i64>,
    readiness_score: Option<i16>,
    segment: Option<String>,
    observation_id: Option<Uuid>,
    #[sqlx(json)]
    tags: Vec<String>,
    #[sqlx(json)]
    user_tags: Vec<String>,
}

/// Which rules said so.
#[derive(Debug, Clone, PartialEq, Eq, Hash, sqlx::FromRow)]
struct Stamp {
    rules_version: String,
    rules_hash: String,
    fingerprints_hash: String,
    confidence_hash: String,
}

impl Stamp {
    fn of(assessment: &Assessment) -> Self {
        Self {
            rules_version: assessment.rules_version.to_string(),
            rules_hash: assessment.rules_hash.to_string(),
            fingerprints_hash: assessment.fingerprints_hash.to_string(),
            confidence_hash: assessment.confidence_hash.to_string(),
        }
    }

    fn values(&self) -> [Value; 4] {
        [&self.rules_version, &self.rules_hash, &self.fingerprints_hash, &self.confidence_hash]
            .map(|text| text.as_str().into())
    }
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
    /// By company, address and source, of which the last one stays.
    addresses: HashMap<(i64, String, String), Vec<Value>>,
    /// Companies whose rows came out as they are, by the rules that say so.
    confirmed: HashMap<Stamp, Vec<i64>>,
    /// Companies whose rows are not what earlier rules confirmed.
    unconfirmed: Vec<i64>,
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
    let mut touched = BTreeSet::new();
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
            if old != Some(&joined) {
                touched.insert(lead.company_id);
                known.insert(lead.company_id, joined);
            }
            if !is_same {
                rows.add_addresses(lead, at);
            }
        }
        if !is_older && !hides {
            rows.add_verdict(lead, there, at);
            let user_tags = there.map_or(&[][..], |b| b.user_tags.as_slice());
            rows.add_tags(lead, there, user_tags);
            let (values, hash) = row::values(lead, user_tags, observation_id);
            if let Some(there) = there.filter(|b| is_same && b.row_hash == Some(hash)) {
                rows.confirm(lead, there);
            } else {
                newest.insert(lead.company_id, values);
                if there.is_some_and(|b| b.stamp_id.is_some()) {
                    rows.unconfirmed.push(lead.company_id);
                }
                let after = Before::of(lead, user_tags, at, observation_id, hash);
                before.insert(lead.company_id, after);
            }
        }
        rows.add_changes(lead.company_id, at, &outcome.changes);
        saved[i] = Some(outcome);
    }
    let mut order: Vec<(i64, Vec<Value>)> = newest.into_iter().collect();
    order.sort_by_key(|(id, _)| *id);
    rows.leads = order.into_iter().map(|(_, values)| values).collect();
    let touched: Vec<(i64, &Snapshot)> = touched
        .into_iter()
        .filter_map(|id| known.get(&id).map(|snapshot| (id, snapshot)))
        .collect();
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
        "SELECT l.company_id, l.scanned_at, l.scan_status, l.signals_hash, l.rules_version, l.rules_hash, \
         l.fingerprints_hash, l.confidence_hash, l.row_hash, l.readiness_score, l.segment, \
         l.observation_id, l.tags, l.user_tags, f.stamp_id FROM leads l \
         LEFT JOIN confirmed f ON f.company_id = l.company_id WHERE l.company_id IN ({})",
        unit.backend().numbers("$1"),
    );
    let rows: Vec<Before> = unit.fetch_all(sql, [Value::json(&ids)]).await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row)).collect())
}

impl Before {
    /// What the list will show, for a second assessment of the same company in one call.
    fn of(
        lead: &AssessedLead,
        user_tags: &[String],
        at: Timestamp,
        id: Option<Uuid>,
        hash: i64,
    ) -> Self {
        let a = &lead.assessment;
        Self {
            company_id: lead.company_id,
            scanned_at: at,
            scan_status: a.status.as_str().into(),
            signals_hash: a.authentication.signals.hash().to_string(),
            written_by: Stamp::of(a),
            stamp_id: None,
            row_hash: Some(hash),
            readiness_score: a.verdict.as_ref().map(|v| v.score.into()),
            segment: a.verdict.as_ref().map(|v| v.segment.as_str().into()),
            observation_id: id,
            tags: words(&a.tags),
            user_tags: user_tags.to_vec(),
        }
    }
}

/// The number of some rules, which they are given the first time.
async fn stamp_id(unit: &mut Unit, stamp: &Stamp) -> Result<i32> {
    let known = "SELECT stamp_id FROM rule_stamps WHERE rules_version = $1 AND rules_hash = $2 \
                 AND fingerprints_hash = $3 AND confidence_hash = $4";
    let row: Option<(i32,)> = unit.fetch_optional(known, stamp.values()).await?;
    if let Some((id,)) = row {
        return Ok(id);
    }
    let new = "INSERT INTO rule_stamps (rules_version, rules_hash, fingerprints_hash, confidence_hash) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    unit.execute(new, stamp.values()).await?;
    let row: (i32,) = unit.fetch_one(known, stamp.values()).await?;
    Ok(row.0)
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
                // Other rules that say the same of the same observation are no other verdict.
                && (b.written_by.rules_hash == *a.rules_hash || b.scanned_at == at)
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
            let row = vec![
                lead.company_id.into(),
                ip.as_str().into(),
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
            ];
            self.addresses.insert((lead.company_id, ip, source.to_owned()), row);
        }
    }

    /// Says that a row is what the rules of an assessment give, too.
    fn confirm(&mut self, lead: &AssessedLead, there: &Before) {
        let stamp = Stamp::of(&lead.assessment);
        if stamp != there.written_by {
            self.confirmed.entry(stamp).or_default().push(lead.company_id);
        } else if there.stamp_id.is_some() {
            self.unconfirmed.push(lead.company_id);
        }
    }

    /// Says once for all rows what would make a new version of each, were it written there.
    async fn write_confirmations(&mut self, unit: &mut Unit) -> Result<()> {
        let numbers = unit.backend().numbers("$1");
        if !self.unconfirmed.is_empty() {
            let sql = format!("DELETE FROM confirmed WHERE company_id IN ({numbers})");
            unit.execute(sql, [Value::json(&self.unconfirmed)]).await?;
        }
        for (stamp, companies) in std::mem::take(&mut self.confirmed) {
            let stamp_id = stamp_id(unit, &stamp).await?;
            let rows = companies
                .into_iter()
                .map(|company| vec![company.into(), stamp_id.into()])
                .collect();
            let columns = &[("company_id", Kind::Int), ("stamp_id", Kind::Int)];
            let suffix = "ON CONFLICT (company_id) DO UPDATE SET stamp_id = excluded.stamp_id \
                          WHERE confirmed.stamp_id <> excluded.stamp_id";
            unit.insert(Insert { table: "confirmed", columns, suffix, rows }).await?;
        }
        Ok(())
    }

    async fn write(mut self, unit: &mut Unit) -> Result<()> {
        self.write_confirmations(unit).await?;
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
        // In one order for all units of work, so that none waits for one that waits for it.
        let mut by_address: Vec<_> = self.addresses.into_iter().collect();
        by_address.sort_by(|(one, _), (other, _)| one.cmp(other));
        let by_address = by_address.into_iter().map(|(_, row)| row).collect();
        let tag: &[(&str, Kind)] = &[("company_id", Kind::Int), ("tag", Kind::Text)];
        let ignore = "ON CONFLICT DO NOTHING";
        for (table, columns, suffix, rows) in [
            ("observations", observations::COLUMNS, ignore, self.observations),
            ("leads", row::COLUMNS, replace.as_str(), self.leads),
            ("scores", SCORE, ignore, self.scores),
            ("lead_tags", tag, ignore, self.tags),
            ("changes", CHANGE, ignore, self.changes),
            ("alerts", ALERT, ignore, self.alerts),
            ("ip_addresses", ADDRESS, addresses.as_str(), by_address),
        ] {
            unit.insert(Insert { table, columns, suffix, rows }).await?;
        }
        Ok(())
    }
}
