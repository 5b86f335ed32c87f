-- The totals over all leads, as they were last counted.
CREATE TABLE dashboard (
    dashboard_id SMALLINT PRIMARY KEY CHECK (dashboard_id = 1),
    totals JSONB,
    counted_at TIMESTAMPTZ,
    -- Until when whoever began to count them is waited for.
    counting_until TIMESTAMPTZ
);
INSERT INTO dashboard (dashboard_id) VALUES (1);
