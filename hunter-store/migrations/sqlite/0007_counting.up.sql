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
