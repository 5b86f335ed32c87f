//! Sorted rows into the database.

use uuid::Uuid;

use super::rows::Sorted;
use crate::companies::{Arrival, Companies as _};
use crate::db::Unit;
use crate::error::Result;
use crate::raw_leads::{RawLeads as _, Rejected};

/// The code of a row whose owner opted out.
pub const OPTED_OUT: &str = "opted_out";

/// What became of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TakenIn {
    /// Rows that name a company.
    pub taken: u32,
    /// The code of each row that was rejected.
    pub rejected: Vec<String>,
}

/// Takes rows in, as part of a unit of work. Of a row whose owner opted out nothing is kept but its line.
///
/// # Errors
/// What the store said; the unit is then to be rolled back.
pub async fn take_in(unit: &mut Unit, sorted: Sorted) -> Result<TakenIn> {
    let Sorted { arrivals, mut rejected } = sorted;
    let blanks: Vec<Option<Rejected>> = arrivals.iter().map(refused).collect();
    let outcomes = unit.import(arrivals).await?;
    let refused = outcomes.iter().zip(blanks).filter(|(outcome, _)| outcome.company_id.is_none());
    rejected.extend(refused.filter_map(|(_, blank)| blank));
    let count = outcomes.iter().filter(|outcome| outcome.company_id.is_some()).count();
    let codes = rejected.iter().map(|row| row.code.clone()).collect();
    if !rejected.is_empty() {
        unit.reject(rejected).await?;
    }
    Ok(TakenIn { taken: u32::try_from(count).expect("a batch is small"), rejected: codes })
}

fn refused(arrival: &Arrival) -> Option<Rejected> {
    let import_id: Uuid = arrival.import_id?;
    Some(Rejected {
        source: arrival.source.name.clone(),
        import_id,
        line: arrival.line?,
        payload: serde_json::Value::Null,
        code: OPTED_OUT.to_owned(),
        received_at: arrival.at.into(),
    })
}
