-- The totals over all leads, as they were last counted.
CREATE TABLE dashboard (
    dashboard_id INTEGER PRIMARY KEY CHECK (dashboard_id = 1),
    totals TEXT,
    counted_at INTEGER,
    -- Until when whoever began to count them is waited for.
    counting_until INTEGER
) STRICT;
INSERT INTO dashboard (dashboard_id) VALUES (1);

-- What is counted. On PostgreSQL `leads_of_commercial_segment` has all of it.
CREATE INDEX leads_totals ON leads (segment, provider, commercial_segment, priority_category, readiness_score);
