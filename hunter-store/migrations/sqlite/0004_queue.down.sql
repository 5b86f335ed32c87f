DROP TABLE segment_changes;
DROP TABLE schedules;
DROP INDEX batch_items_once;
DROP INDEX batches_open;
ALTER TABLE batches DROP COLUMN priority;
ALTER TABLE batches DROP COLUMN kind;
ALTER TABLE jobs DROP COLUMN batches;
