ALTER TABLE alert_configs DROP COLUMN number;
