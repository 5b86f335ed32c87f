CREATE TABLE alert_configs_unnumbered (
    config_id BLOB PRIMARY KEY,
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
INSERT INTO alert_configs_unnumbered
SELECT config_id, kind, method, target, frequency, enabled, created_at, updated_at FROM alert_configs;
DROP TABLE alert_configs;
ALTER TABLE alert_configs_unnumbered RENAME TO alert_configs;
