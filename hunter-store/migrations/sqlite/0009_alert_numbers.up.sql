-- Clients know configurations by a whole number. A column that counts can only stand in a new table.

CREATE TABLE alert_configs_numbered (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    config_id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    -- `webhook`, `email` or `slack`.
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    -- `immediate` or `daily`.
    frequency TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, method, target)
) STRICT;
INSERT INTO alert_configs_numbered (config_id, kind, method, target, frequency, enabled, created_at, updated_at)
SELECT config_id, kind, method, target, frequency, enabled, created_at, updated_at
FROM alert_configs ORDER BY created_at, config_id;
DROP TABLE alert_configs;
ALTER TABLE alert_configs_numbered RENAME TO alert_configs;
