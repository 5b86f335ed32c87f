DROP INDEX leads_sample;
DROP INDEX leads_search;
ALTER TABLE leads DROP COLUMN search_text;
-- The extension stays: others may have come to use it.
