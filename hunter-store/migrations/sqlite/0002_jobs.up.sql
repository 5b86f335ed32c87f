-- Work that outlives a process: jobs, their batches, and what became of each domain.
-- Times are microseconds since 1970, in UTC.

CREATE TABLE jobs (
    job_id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    -- `queued`, `running`, `done`, `failed` or `cancelled`.
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    payload TEXT NOT NULL,
    idempotency_key TEXT UNIQUE,
    total INTEGER NOT NULL,
    succeeded INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    message TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER
) STRICT;
CREATE INDEX jobs_by_time ON jobs (created_at, job_id);

CREATE TABLE batches (
    job_id BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
    batch_no INTEGER NOT NULL,
    -- `waiting`, `running`, `done` or `parked`.
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    owner TEXT,
    lease_until INTEGER,
    last_error TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, batch_no)
) STRICT;

CREATE TABLE batch_items (
    job_id BLOB NOT NULL,
    batch_no INTEGER NOT NULL,
    item_no INTEGER NOT NULL,
    domain TEXT NOT NULL,
    PRIMARY KEY (job_id, batch_no, item_no),
    FOREIGN KEY (job_id, batch_no) REFERENCES batches ON DELETE CASCADE
) STRICT;
CREATE INDEX batch_items_domain ON batch_items (domain);

CREATE TABLE commit_log (
    job_id BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
    batch_no INTEGER NOT NULL,
    domain TEXT NOT NULL,
    -- The code of the failure; NULL for a domain that was committed.
    error TEXT,
    committed_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, domain)
) STRICT;
CREATE INDEX commit_log_domain ON commit_log (domain);
