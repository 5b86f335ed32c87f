//! The pages of an export, one after the other.

use hunter_store::leads::{ExportLeads as _, ExportPage, LeadExport, Place};
use hunter_store::{Db, StoreError};

/// So many rows are read at once: enough that the way to the database does not count, few enough that
/// those of many exports fit into memory.
const ROWS: u32 = 2_000;

/// Where an export stands.
pub(super) struct Pages {
    db: Db,
    export: LeadExport,
    place: Option<Place>,
    ended: bool,
}

impl Pages {
    pub(super) const fn new(db: Db, export: LeadExport) -> Self {
        Self { db, export, place: None, ended: false }
    }

    /// The next page; `None` after the last. Its connection is free again when this returns.
    pub(super) async fn next(&mut self) -> Result<Option<ExportPage>, StoreError> {
        if self.ended {
            return Ok(None);
        }
        let mut unit = self.db.read().await?;
        let page = unit.export_page(&self.export, self.place.as_ref(), ROWS).await?;
        self.place.clone_from(&page.next);
        self.ended = page.next.is_none();
        Ok(Some(page))
    }
}
