-- A commercial segment together with a size: each of the two indexes has the other column too, so that such leads
-- are counted without a look at the rows.
DROP INDEX leads_of_tenant_size;
DROP INDEX leads_of_commercial_segment;
CREATE INDEX leads_of_tenant_size ON leads (
    tenant_size, sort_rank, company_id, sort_score, segment, provider, commercial_segment
);
CREATE INDEX leads_of_commercial_segment ON leads (
    commercial_segment, sort_rank, company_id, sort_score, segment, provider, tenant_size
);

-- How many the sample holds is a matter of this expression, of which the planner knows nothing by itself: it
-- takes the sample for a third of all leads, and counts by another index that has many more entries.
CREATE STATISTICS leads_in_sample ON (company_id * 2654435761 % 4294967296) FROM leads;
CREATE STATISTICS lead_tags_in_sample ON (company_id * 2654435761 % 4294967296) FROM lead_tags;
