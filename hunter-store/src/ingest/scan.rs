//! A job over the domains that came in with a file.

use uuid::Uuid;

use crate::bulk;
use crate::db::Unit;
use crate::error::Result;
use crate::queue::{Enqueued, NewJob, insert_batches, insert_job, set_size};

/// Lines whose domains are enqueued with one statement.
const LINES: i64 = 20_000;

/// What makes the scan of a file one job, however often it is asked for.
pub(super) fn key(import_id: Uuid) -> String {
    format!("ingest:{import_id}")
}

/// The scan of what came in with a file.
pub(super) fn job(import_id: Uuid) -> NewJob {
    NewJob { idempotency_key: Some(key(import_id)), ..NewJob::new(bulk::KIND) }
}

pub(super) async fn enqueue(
    unit: &mut Unit,
    job: &NewJob,
    import_id: Uuid,
    batch_size: u32,
) -> Result<Enqueued> {
    let enqueued = insert_job(unit, job).await?;
    if !enqueued.is_new {
        return Ok(enqueued);
    }
    let job_id = enqueued.job_id;
    let sql = "SELECT COALESCE(MIN(line), 1), COALESCE(MAX(line), 0) FROM raw_leads \
               WHERE import_id = $1 AND company_id IS NOT NULL";
    let ends: Option<(i64, i64)> = unit.fetch_optional(sql, [import_id.into()]).await?;
    let (mut from, last) = ends.unwrap_or((1, 0));
    let (mut batches, mut total) = (0_u32, 0_u64);
    while from <= last {
        let next = from.saturating_add(LINES);
        // How many there are shows only when they are written, and their batches have to be there by then.
        let sql = "SELECT COUNT(*) FROM (SELECT DISTINCT domain FROM raw_leads r WHERE import_id = $2 \
                   AND line >= $3 AND line < $4 AND company_id IS NOT NULL AND NOT EXISTS \
                   (SELECT 1 FROM batch_items b WHERE b.job_id = $1 AND b.domain = r.domain)) d";
        let values = [job_id.into(), import_id.into(), from.into(), next.into()];
        let count: Option<(i64,)> = unit.fetch_optional(sql, values).await?;
        let count = count.and_then(|(count,)| u32::try_from(count).ok()).unwrap_or(0);
        if count > 0 {
            let first = batches + 1;
            batches += count.div_ceil(batch_size);
            insert_batches(unit, job_id, job, first..batches + 1).await?;
            let sql = "INSERT INTO batch_items (job_id, batch_no, item_no, domain) \
                       SELECT $1, CAST($5 + (n - 1) / $6 AS INTEGER), CAST((n - 1) % $6 + 1 AS INTEGER), domain \
                       FROM (SELECT domain, ROW_NUMBER() OVER (ORDER BY line) AS n FROM \
                       (SELECT domain, MIN(line) AS line FROM raw_leads r WHERE import_id = $2 \
                       AND line >= $3 AND line < $4 AND company_id IS NOT NULL AND NOT EXISTS \
                       (SELECT 1 FROM batch_items b WHERE b.job_id = $1 AND b.domain = r.domain) \
                       GROUP BY domain) d) numbered";
            let values = [
                job_id.into(),
                import_id.into(),
                from.into(),
                next.into(),
                first.into(),
                batch_size.into(),
            ];
            total += unit.execute(sql, values).await?;
        }
        from = next;
    }
    set_size(unit, job_id, total, batches).await?;
    Ok(enqueued)
}
