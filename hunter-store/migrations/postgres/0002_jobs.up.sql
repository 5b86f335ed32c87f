-- Work that outlives a process: jobs, their batches, and what became of each domain.

CREATE TABLE jobs (
    job_id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    -- `queued`, `running`, `done`, `failed` or `cancelled`.
    status TEXT NOT NULL,
    priority SMALLINT NOT NULL,
    payload JSONB NOT NULL,
    idempotency_key TEXT UNIQUE,
    total BIGINT NOT NULL,
    succeeded BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    message TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ
);
CREATE INDEX jobs_by_time ON jobs (created_at, job_id);

CREATE TABLE batches (
    job_id UUID NOT NULL REFERENCES jobs ON DELETE CASCADE,
    batch_no INTEGER NOT NULL,
    -- `waiting`, `running`, `done` or `parked`.
    status TEXT NOT NULL,
    attempts SMALLINT NOT NULL,
    owner TEXT,
    lease_until TIMESTAMPTZ,
    last_error TEXT,
    updated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (job_id, batch_no)
);

CREATE TABLE batch_items (
    job_id UUID NOT NULL,
    batch_no INTEGER NOT NULL,
    item_no INTEGER NOT NULL,
    domain TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id, batch_no, item_no),
    FOREIGN KEY (job_id, batch_no) REFERENCES batches ON DELETE CASCADE
);
CREATE INDEX batch_items_domain ON batch_items (domain);

CREATE TABLE commit_log (
    job_id UUID NOT NULL REFERENCES jobs ON DELETE CASCADE,
    batch_no INTEGER NOT NULL,
    domain TEXT COLLATE "C" NOT NULL,
    -- The code of the failure; NULL for a domain that was committed.
    error TEXT,
    committed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (job_id, domain)
);
CREATE INDEX commit_log_domain ON commit_log (domain);
