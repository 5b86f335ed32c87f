-- Leads are assessed again by other rules, most of them with the same result. Of those only a narrow row
-- says which rules confirmed them: the wide one is not written again.

-- What the values of a row come to, without the rules that made them; NULL until it is next written.
ALTER TABLE leads ADD COLUMN row_hash INTEGER;

-- The rules of one engine, by a short number.
CREATE TABLE rule_stamps (
    stamp_id INTEGER PRIMARY KEY,
    rules_version TEXT NOT NULL,
    rules_hash TEXT NOT NULL,
    fingerprints_hash TEXT NOT NULL,
    confidence_hash TEXT NOT NULL,
    UNIQUE (rules_version, rules_hash, fingerprints_hash, confidence_hash)
) STRICT;

-- Leads that were assessed again since their row was written, and came out the same.
CREATE TABLE confirmed (
    company_id INTEGER PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    stamp_id INTEGER NOT NULL REFERENCES rule_stamps
) STRICT;
