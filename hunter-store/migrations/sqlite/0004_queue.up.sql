-- Batches are claimed without a look at their jobs: what decides on the next one stands with them.

ALTER TABLE jobs ADD COLUMN batches INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE batches ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
CREATE INDEX batches_open ON batches (priority DESC, job_id, batch_no) WHERE status IN ('waiting', 'running');
-- A domain stands once in a job, so that it has one result.
CREATE UNIQUE INDEX batch_items_once ON batch_items (job_id, domain);

CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    every_seconds INTEGER NOT NULL CHECK (every_seconds > 0),
    next_at INTEGER NOT NULL
) STRICT;

-- Leads whose segment changed when all were assessed again.
CREATE TABLE segment_changes (
    job_id BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
    domain TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (job_id, domain)
) STRICT;
CREATE INDEX segment_changes_domain ON segment_changes (domain);
