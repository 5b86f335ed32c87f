DROP TABLE audit_log;
DROP INDEX api_keys_prefix;
DROP INDEX api_keys_id;
ALTER TABLE api_keys DROP COLUMN created_by;
ALTER TABLE api_keys DROP COLUMN scopes;
ALTER TABLE api_keys DROP COLUMN id;
