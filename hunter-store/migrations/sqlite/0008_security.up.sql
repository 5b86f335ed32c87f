-- Keys are found by their prefix and checked against a salted hash; people and programs name them by a
-- number. No program made a key before this revision.
ALTER TABLE api_keys ADD COLUMN id INTEGER;
UPDATE api_keys SET id = rowid;
-- Words separated by blanks.
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN created_by TEXT;
CREATE UNIQUE INDEX api_keys_id ON api_keys (id);
CREATE UNIQUE INDEX api_keys_prefix ON api_keys (prefix);

-- What was done to the service itself, by whom.
CREATE TABLE audit_log (
    audit_id BLOB PRIMARY KEY,
    done_at INTEGER NOT NULL,
    -- The name of a key with its number, or where the command was given.
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    request_id TEXT
) STRICT;
CREATE INDEX audit_log_by_time ON audit_log (done_at, audit_id);
