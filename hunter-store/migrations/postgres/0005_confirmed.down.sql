DROP TABLE confirmed;
DROP TABLE rule_stamps;
ALTER TABLE leads DROP COLUMN row_hash;
