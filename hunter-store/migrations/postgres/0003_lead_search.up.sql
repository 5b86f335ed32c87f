-- Search by any part of a name or domain. The text is folded by the program, the same for both
-- databases, since their own ideas of Turkish letters differ.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER TABLE leads ADD COLUMN search_text TEXT COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX leads_search ON leads USING gin (search_text gin_trgm_ops);

-- One lead in 128, from which a total above the bound of exact counting is estimated. The numbers are
-- scattered first, so that what comes in turns in an import is not taken for the whole.
CREATE INDEX leads_sample ON leads (company_id)
    INCLUDE (segment, provider, sort_rank, commercial_segment, tenant_size, referral_type, sort_score,
        priority_category, domain, search_text)
    WHERE company_id * 2654435761 % 4294967296 < 33554432;
