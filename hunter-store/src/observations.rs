//! Observations as they were made, compressed, with their history.

use async_trait::async_trait;
use hunter_core::Observation;
use uuid::Uuid;
use zstd::bulk::{Compressor, Decompressor};

use crate::db::{Kind, Timestamp, Unit, Value};
use crate::error::{Result, StoreError};

/// How hard to compress: level 3 is as fast as it is written, and halves what the levels below leave.
const LEVEL: i32 = 3;
/// No observation is longer; what claims to be is broken.
const MAX_BYTES: usize = 64 << 20;

/// One observation of a company's history.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredObservation {
    /// Its identifier.
    pub observation_id: Uuid,
    /// The company's number.
    pub company_id: i64,
    /// What was observed.
    pub observation: Observation,
}

/// Observations of companies.
#[async_trait]
pub trait Observations: Send {
    /// The latest observation of a company; `None` when it was never observed.
    async fn latest_observation(&mut self, company_id: i64) -> Result<Option<StoredObservation>>;

    /// When a company was observed, the latest first, with the identifiers.
    async fn observation_history(
        &mut self,
        company_id: i64,
        limit: u32,
    ) -> Result<Vec<(Uuid, Timestamp)>>;

    /// One observation; `None` when there is none of that identifier.
    async fn observation(&mut self, observation_id: Uuid) -> Result<Option<StoredObservation>>;

    /// What the list rests on: one observation for each lead, in the order of company numbers, after one
    /// of them. This is how a million leads are assessed again.
    async fn current_observations(
        &mut self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<StoredObservation>>;

    /// Forgets observations made before a moment that the list does not rest on; gives how many.
    async fn forget_observations(&mut self, before: Timestamp) -> Result<u64>;
}

pub(crate) const COLUMNS: &[(&str, Kind)] = &[
    ("observation_id", Kind::Uuid),
    ("company_id", Kind::Int),
    ("observed_at", Kind::Time),
    ("body", Kind::Bytes),
];

/// Compresses many: what it works with takes longer to make than an observation to compress.
pub(crate) fn compressor() -> Result<Compressor<'static>> {
    Compressor::new(LEVEL).map_err(|error| corrupt(&error))
}

pub(crate) fn values(
    id: Uuid,
    company_id: i64,
    observation: &Observation,
    compressor: &mut Compressor<'_>,
) -> Result<Vec<Value>> {
    let json = observation.to_json();
    let body = compressor.compress(json.as_bytes()).map_err(|error| corrupt(&error))?;
    Ok(vec![id.into(), company_id.into(), observation.observed_at.into(), body.into()])
}

type Row = (Uuid, i64, Vec<u8>);

fn read(rows: Vec<Row>) -> Result<Vec<StoredObservation>> {
    let mut reader = Reader::new()?;
    rows.into_iter()
        .map(|(observation_id, company_id, body)| {
            let observation = reader.read(&body)?;
            Ok(StoredObservation { observation_id, company_id, observation })
        })
        .collect()
}

/// Reads many: what it works with is made once.
pub(crate) struct Reader(Decompressor<'static>);

impl Reader {
    pub(crate) fn new() -> Result<Self> {
        Decompressor::new().map(Self).map_err(|error| corrupt(&error))
    }

    /// An observation as it is stored.
    pub(crate) fn read(&mut self, body: &[u8]) -> Result<Observation> {
        let size = zstd::zstd_safe::get_frame_content_size(body).ok().flatten();
        let size =
            size.and_then(|size| usize::try_from(size).ok()).filter(|size| *size <= MAX_BYTES);
        let size = size.ok_or_else(|| corrupt(&"no zstd frame of a known size"))?;
        let json = self.0.decompress(body, size).map_err(|error| corrupt(&error))?;
        let json = std::str::from_utf8(&json).map_err(|error| corrupt(&error))?;
        Observation::from_json(json).map_err(|error| corrupt(&error))
    }
}

fn corrupt(problem: &impl ToString) -> StoreError {
    StoreError::Corrupt { place: "observations.body", problem: problem.to_string() }
}

#[async_trait]
impl Observations for Unit {
    async fn latest_observation(&mut self, company_id: i64) -> Result<Option<StoredObservation>> {
        let sql = "SELECT observation_id, company_id, body FROM observations WHERE company_id = $1 \
                   ORDER BY observed_at DESC LIMIT 1";
        Ok(read(self.fetch_all(sql, [company_id.into()]).await?)?.pop())
    }

    async fn observation_history(
        &mut self,
        company_id: i64,
        limit: u32,
    ) -> Result<Vec<(Uuid, Timestamp)>> {
        let sql = "SELECT observation_id, observed_at FROM observations WHERE company_id = $1 \
                   ORDER BY observed_at DESC LIMIT $2";
        self.fetch_all(sql, [company_id.into(), limit.into()]).await
    }

    async fn observation(&mut self, observation_id: Uuid) -> Result<Option<StoredObservation>> {
        let sql =
            "SELECT observation_id, company_id, body FROM observations WHERE observation_id = $1";
        Ok(read(self.fetch_all(sql, [observation_id.into()]).await?)?.pop())
    }

    async fn current_observations(
        &mut self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<StoredObservation>> {
        let sql = "SELECT o.observation_id, o.company_id, o.body FROM leads l \
                   JOIN observations o ON o.observation_id = l.observation_id \
                   WHERE l.company_id > $1 ORDER BY l.company_id LIMIT $2";
        read(self.fetch_all(sql, [after.into(), limit.into()]).await?)
    }

    async fn forget_observations(&mut self, before: Timestamp) -> Result<u64> {
        let sql = "DELETE FROM observations WHERE observed_at < $1 AND NOT EXISTS \
                   (SELECT 1 FROM leads l WHERE l.company_id = observations.company_id \
                    AND l.observation_id = observations.observation_id)";
        self.execute(sql, [before.into()]).await
    }
}
