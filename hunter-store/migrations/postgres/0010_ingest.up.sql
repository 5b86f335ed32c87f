-- The rows of files that wait to be taken in, where every worker can read them: JSON, packed with zstd.
CREATE TABLE ingest_batches (
    job_id UUID NOT NULL,
    batch_no INTEGER NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (job_id, batch_no),
    FOREIGN KEY (job_id, batch_no) REFERENCES batches ON DELETE CASCADE
);
