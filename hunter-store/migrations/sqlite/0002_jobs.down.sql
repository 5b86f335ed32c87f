DROP TABLE commit_log;
DROP TABLE batch_items;
DROP TABLE batches;
DROP TABLE jobs;
