//! The last known state of what is watched for changes.

use std::collections::HashMap;

use hunter_core::changes::{Gateway, MxRoot, Snapshot};
use hunter_core::observation::Signal;
use hunter_core::signals::DmarcSignal;
use time::Date;

use super::row::known;
use crate::db::{Insert, Kind, Unit, Value};
use crate::error::{Result, StoreError};

/// How an absent policy is written; no policy is called so.
const ABSENT: &str = "absent";

#[derive(sqlx::FromRow)]
struct Row {
    company_id: i64,
    observed_on: Date,
    spf: Option<bool>,
    dkim: Option<bool>,
    dmarc: Option<String>,
    mx_root: Option<String>,
    provider: Option<String>,
    gateway: Option<String>,
    tenant: Option<bool>,
    claim: Option<bool>,
    expires: Option<Date>,
    score: Option<i16>,
    segment: Option<String>,
    priority_score: Option<i16>,
}

const COLUMNS: &[(&str, Kind)] = &[
    ("company_id", Kind::Int),
    ("observed_on", Kind::Date),
    ("spf", Kind::Bool),
    ("dkim", Kind::Bool),
    ("dmarc", Kind::Text),
    ("mx_root", Kind::Text),
    ("provider", Kind::Text),
    ("gateway", Kind::Text),
    ("tenant", Kind::Bool),
    ("claim", Kind::Bool),
    ("expires", Kind::Date),
    ("score", Kind::Int),
    ("segment", Kind::Text),
    ("priority_score", Kind::Int),
];

pub(super) async fn read(unit: &mut Unit, company_ids: &[i64]) -> Result<HashMap<i64, Snapshot>> {
    let numbers = unit.backend().numbers("$1");
    let columns: Vec<&str> = COLUMNS.iter().map(|(name, _)| *name).collect();
    let columns = columns.join(", ");
    let sql = format!("SELECT {columns} FROM signals WHERE company_id IN ({numbers})");
    let rows: Vec<Row> = unit.fetch_all(sql, [Value::json(&company_ids)]).await?;
    rows.into_iter().map(|row| Ok((row.company_id, row.snapshot()?))).collect()
}

pub(super) async fn write(unit: &mut Unit, snapshots: Vec<(i64, &Snapshot)>) -> Result<()> {
    let set: Vec<String> =
        COLUMNS[1..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
    let suffix = format!("ON CONFLICT (company_id) DO UPDATE SET {}", set.join(", "));
    let rows = snapshots.into_iter().map(|(id, snapshot)| values(id, snapshot)).collect();
    unit.insert(Insert { table: "signals", columns: COLUMNS, suffix: &suffix, rows }).await?;
    Ok(())
}

fn values(company_id: i64, s: &Snapshot) -> Vec<Value> {
    let dmarc = match s.dmarc {
        DmarcSignal::Unknown => None,
        DmarcSignal::Absent => Some(ABSENT),
        DmarcSignal::Policy(policy) => Some(policy.as_str()),
    };
    let mx_root = match &s.mx {
        MxRoot::Unknown => None,
        MxRoot::Absent => Some(""),
        MxRoot::Root(root) => Some(root.as_str()),
    };
    let gateway = match &s.gateway {
        Gateway::Unknown => None,
        Gateway::Absent => Some(""),
        Gateway::Named(id) => Some(id.as_str()),
    };
    vec![
        company_id.into(),
        s.observed_on.into(),
        Value::Bool(known(s.spf)),
        Value::Bool(known(s.dkim)),
        dmarc.into(),
        mx_root.into(),
        s.provider.clone().into(),
        gateway.into(),
        Value::Bool(known(s.tenant)),
        Value::Bool(known(s.claim)),
        s.expires.into(),
        s.score.into(),
        s.segment.map(hunter_core::vocabulary::Segment::as_str).into(),
        s.priority_score.into(),
    ]
}

impl Row {
    fn snapshot(self) -> Result<Snapshot> {
        let corrupt = |place, problem: String| StoreError::Corrupt { place, problem };
        let small = |place, number: Option<i16>| {
            let read = number.map(u8::try_from).transpose();
            read.map_err(|_| corrupt(place, format!("{number:?} is no score")))
        };
        let dmarc = match self.dmarc.as_deref() {
            None => DmarcSignal::Unknown,
            Some(ABSENT) => DmarcSignal::Absent,
            Some(word) => DmarcSignal::Policy(
                word.parse()
                    .map_err(|e: hunter_core::Error| corrupt("signals.dmarc", e.to_string()))?,
            ),
        };
        let segment = self.segment.as_deref().map(str::parse).transpose();
        Ok(Snapshot {
            spf: signal(self.spf),
            dkim: signal(self.dkim),
            dmarc,
            mx: match self.mx_root {
                None => MxRoot::Unknown,
                Some(root) if root.is_empty() => MxRoot::Absent,
                Some(root) => MxRoot::Root(root),
            },
            provider: self.provider,
            gateway: match self.gateway {
                None => Gateway::Unknown,
                Some(id) if id.is_empty() => Gateway::Absent,
                Some(id) => Gateway::Named(id),
            },
            tenant: signal(self.tenant),
            claim: signal(self.claim),
            expires: self.expires,
            score: small("signals.score", self.score)?,
            segment: segment
                .map_err(|e: hunter_core::Error| corrupt("signals.segment", e.to_string()))?,
            priority_score: small("signals.priority_score", self.priority_score)?,
            observed_on: self.observed_on,
        })
    }
}

const fn signal(known: Option<bool>) -> Signal {
    match known {
        Some(true) => Signal::Present,
        Some(false) => Signal::Missing,
        None => Signal::Unknown,
    }
}
