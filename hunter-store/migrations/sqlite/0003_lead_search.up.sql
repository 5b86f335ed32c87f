-- Search by any part of a name or domain. The text is folded by the program, the same for both
-- databases, since their own ideas of Turkish letters differ.

ALTER TABLE leads ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
CREATE VIRTUAL TABLE leads_search USING fts5(
    search_text, content = 'leads', content_rowid = 'company_id', tokenize = 'trigram'
);
-- What is erased leaves the index at once, not when its pages are next merged.
INSERT INTO leads_search (leads_search, rank) VALUES ('secure-delete', 1);
INSERT INTO leads_search (rowid, search_text) SELECT company_id, search_text FROM leads;
CREATE TRIGGER leads_search_insert AFTER INSERT ON leads BEGIN
    INSERT INTO leads_search (rowid, search_text) VALUES (new.company_id, new.search_text);
END;
CREATE TRIGGER leads_search_delete AFTER DELETE ON leads BEGIN
    INSERT INTO leads_search (leads_search, rowid, search_text)
    VALUES ('delete', old.company_id, old.search_text);
END;
CREATE TRIGGER leads_search_update AFTER UPDATE OF search_text ON leads
WHEN old.search_text <> new.search_text BEGIN
    INSERT INTO leads_search (leads_search, rowid, search_text)
    VALUES ('delete', old.company_id, old.search_text);
    INSERT INTO leads_search (rowid, search_text) VALUES (new.company_id, new.search_text);
END;

-- One lead in 128, from which a total above the bound of exact counting is estimated. The numbers are
-- scattered first, so that what comes in turns in an import is not taken for the whole.
CREATE INDEX leads_sample ON leads (
    company_id, segment, provider, sort_rank, commercial_segment, tenant_size, referral_type, sort_score,
    priority_category, domain, search_text
) WHERE company_id * 2654435761 % 4294967296 < 33554432;
