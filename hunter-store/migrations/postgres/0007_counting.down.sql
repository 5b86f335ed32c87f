DROP STATISTICS lead_tags_in_sample;
DROP STATISTICS leads_in_sample;
DROP INDEX leads_of_commercial_segment;
DROP INDEX leads_of_tenant_size;
CREATE INDEX leads_of_tenant_size ON leads (tenant_size, sort_rank, company_id, sort_score, segment, provider);
CREATE INDEX leads_of_commercial_segment ON leads (
    commercial_segment, sort_rank, company_id, sort_score, segment, provider
);
