-- What confirmed a row is written into it, where it stood before.
UPDATE leads SET rules_version = r.rules_version, rules_hash = r.rules_hash,
    fingerprints_hash = r.fingerprints_hash, confidence_hash = r.confidence_hash
FROM confirmed f JOIN rule_stamps r ON r.stamp_id = f.stamp_id WHERE f.company_id = leads.company_id;
DROP TABLE confirmed;
DROP TABLE rule_stamps;
ALTER TABLE leads DROP COLUMN row_hash;
