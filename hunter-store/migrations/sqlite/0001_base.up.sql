-- Everything that is known about companies, and what people and machines do with it.
-- Words of closed lists are those of hunter-core's vocabulary; unknown is NULL, never a default.
-- Times are microseconds since 1970, in UTC; identifiers are the 16 bytes of a UUID; numbers of erased
-- companies are never given again.

CREATE TABLE companies (
    company_id INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    domain TEXT NOT NULL UNIQUE,
    -- Companies that are one customer under several domains share a group.
    group_id BLOB,
    -- What each source said about each field; the columns below hold the values that won.
    claims TEXT NOT NULL,
    canonical_name TEXT,
    website TEXT,
    country TEXT,
    seats INTEGER,
    referral_type TEXT,
    azure_tenant_id TEXT,
    contact_emails TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX companies_group ON companies (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE raw_leads (
    raw_lead_id BLOB PRIMARY KEY,
    company_id INTEGER REFERENCES companies ON DELETE CASCADE,
    domain TEXT,
    source TEXT NOT NULL,
    -- The file or call it came with, and its line there.
    import_id BLOB,
    line INTEGER,
    payload TEXT NOT NULL,
    -- The code of the fault, for a row that names no company.
    rejected TEXT,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX raw_leads_company ON raw_leads (company_id);
CREATE INDEX raw_leads_import ON raw_leads (import_id, line);

CREATE TABLE observations (
    observation_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    observed_at INTEGER NOT NULL,
    -- The observation's JSON in a zstd frame.
    body BLOB NOT NULL,
    UNIQUE (company_id, observed_at)
) STRICT;

-- The last known state of what is watched for changes: a time-out does not undo knowledge.
CREATE TABLE signals (
    company_id INTEGER PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    observed_on TEXT NOT NULL,
    spf INTEGER,
    dkim INTEGER,
    -- A policy, or `absent`.
    dmarc TEXT,
    -- A registrable domain, or the empty text where no mail is taken.
    mx_root TEXT,
    provider TEXT,
    -- An identifier, or the empty text where nothing filters.
    gateway TEXT,
    tenant INTEGER,
    claim INTEGER,
    expires TEXT,
    score INTEGER,
    segment TEXT,
    priority_score INTEGER
) STRICT;

-- Every verdict that differed from the one before.
CREATE TABLE scores (
    score_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    scored_at INTEGER NOT NULL,
    readiness_score INTEGER,
    score_low INTEGER,
    score_high INTEGER,
    segment TEXT,
    priority_category TEXT,
    priority_score INTEGER,
    signals_hash TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    rules_hash TEXT NOT NULL,
    UNIQUE (company_id, scored_at)
) STRICT;

-- The list: one row for each company that was assessed.
CREATE TABLE leads (
    company_id INTEGER PRIMARY KEY REFERENCES companies ON DELETE CASCADE,
    domain TEXT NOT NULL UNIQUE,
    canonical_name TEXT,
    provider TEXT NOT NULL,
    provider_id TEXT,
    provider_name TEXT,
    local_provider TEXT,
    gateway TEXT,
    gateway_name TEXT,
    basis TEXT,
    confidence REAL NOT NULL,
    tenant_size TEXT,
    country TEXT,
    contact_emails TEXT NOT NULL,
    contact_quality_score INTEGER,
    linkedin_pattern TEXT,
    mx_host TEXT,
    mx_root TEXT,
    spf INTEGER,
    dkim INTEGER,
    dmarc INTEGER,
    dmarc_policy TEXT,
    dmarc_coverage INTEGER,
    registrar TEXT,
    expires_at TEXT,
    nameservers TEXT NOT NULL,
    scan_status TEXT NOT NULL,
    scanned_at INTEGER NOT NULL,
    readiness_score INTEGER,
    score_low INTEGER,
    score_high INTEGER,
    partial INTEGER NOT NULL,
    unknown TEXT NOT NULL,
    segment TEXT,
    segment_certain INTEGER,
    reason TEXT,
    technical_heat TEXT,
    commercial_segment TEXT,
    commercial_heat TEXT,
    priority_category TEXT,
    priority_label TEXT,
    priority_score INTEGER,
    infrastructure_summary TEXT,
    referral_type TEXT,
    tags TEXT NOT NULL,
    user_tags TEXT NOT NULL,
    findings TEXT NOT NULL,
    asn_org TEXT,
    is_proxy INTEGER,
    signals_hash TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    rules_hash TEXT NOT NULL,
    fingerprints_hash TEXT NOT NULL,
    confidence_hash TEXT NOT NULL,
    observation_id BLOB,
    -- The keys that lists are sorted by. They are never NULL, so that a cursor can stand on any row;
    -- what is unknown comes after all that is known, in the direction that a column is mostly read in.
    sort_rank INTEGER NOT NULL GENERATED ALWAYS AS (
        CASE priority_category WHEN 'P1' THEN 1 WHEN 'P2' THEN 2 WHEN 'P3' THEN 3 WHEN 'P4' THEN 4
            WHEN 'P5' THEN 5 WHEN 'P6' THEN 6 ELSE 9 END * 1000 + 100 - COALESCE(readiness_score, -1)
    ) STORED,
    sort_score INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(readiness_score, -1)) STORED,
    sort_priority INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(priority_score, 99)) STORED,
    sort_segment TEXT NOT NULL GENERATED ALWAYS AS (COALESCE(segment, '~')) STORED
) STRICT;
CREATE INDEX leads_by_rank ON leads (sort_rank, company_id);
CREATE INDEX leads_by_score ON leads (sort_score, company_id);
CREATE INDEX leads_by_priority ON leads (sort_priority, company_id);
CREATE INDEX leads_by_segment ON leads (sort_segment, company_id);
CREATE INDEX leads_by_provider ON leads (provider, company_id);
CREATE INDEX leads_by_scan ON leads (scanned_at, company_id);
-- A filter on one of these, in the order that lists have unless another is asked for, and by score where
-- the two go together: else the lowest scores would be looked for from the top.
CREATE INDEX leads_of_segment ON leads (segment, sort_rank, company_id);
CREATE INDEX leads_of_provider ON leads (provider, sort_rank, company_id);
CREATE INDEX leads_of_category_by_score ON leads (priority_category, sort_score, company_id);
CREATE INDEX leads_of_segment_by_score ON leads (segment, sort_score, company_id);
CREATE INDEX leads_of_provider_by_score ON leads (provider, sort_score, company_id);
CREATE INDEX leads_of_commercial_segment_by_score ON leads (commercial_segment, sort_score, company_id);
-- With what they are mostly combined with, so that the rest is filtered without a look at the rows.
CREATE INDEX leads_of_tenant_size ON leads (tenant_size, sort_rank, company_id, sort_score, segment, provider);
CREATE INDEX leads_of_commercial_segment ON leads (
    commercial_segment, sort_rank, company_id, sort_score, segment, provider
);
CREATE INDEX leads_of_referral_type ON leads (referral_type, sort_rank, company_id) WHERE referral_type IS NOT NULL;

-- The tags of leads, once more, to filter on; `leads` has them to be read.
CREATE TABLE lead_tags (
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (company_id, tag)
) STRICT;
CREATE INDEX lead_tags_by_tag ON lead_tags (tag, company_id);
-- See `leads_sample`.
CREATE INDEX lead_tags_sample ON lead_tags (tag, company_id) WHERE company_id * 2654435761 % 4294967296 < 33554432;

CREATE TABLE changes (
    change_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    kind TEXT NOT NULL,
    before TEXT,
    after TEXT,
    changed_at INTEGER NOT NULL,
    UNIQUE (company_id, changed_at, kind)
) STRICT;
CREATE INDEX changes_by_time ON changes (changed_at, change_id);

CREATE TABLE alerts (
    alert_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    -- `pending`, `sent` or `failed`.
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    UNIQUE (company_id, created_at, kind)
) STRICT;
CREATE INDEX alerts_by_time ON alerts (created_at, alert_id);
CREATE INDEX alerts_pending ON alerts (created_at) WHERE status = 'pending';

CREATE TABLE alert_configs (
    config_id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    -- `webhook`, `email` or `slack`.
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    -- `immediate` or `daily`.
    frequency TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, method, target)
) STRICT;

CREATE TABLE alert_schedule (
    schedule_id INTEGER PRIMARY KEY CHECK (schedule_id = 1),
    enabled INTEGER NOT NULL,
    -- The minute of the day, in the time zone's own time.
    minute_of_day INTEGER NOT NULL CHECK (minute_of_day BETWEEN 0 AND 1439),
    time_zone TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    key_id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    -- The first letters of the secret, by which people tell keys apart.
    prefix TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    per_minute INTEGER NOT NULL CHECK (per_minute > 0),
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE TABLE webhook_retries (
    retry_id BLOB PRIMARY KEY,
    key_id BLOB REFERENCES api_keys ON DELETE SET NULL,
    domain TEXT,
    payload TEXT NOT NULL,
    -- `waiting`, `done` or `given_up`.
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    -- When it may be tried again; while it is tried, when the attempt counts as lost.
    due_at INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_retries_due ON webhook_retries (due_at) WHERE status = 'waiting';
CREATE INDEX webhook_retries_domain ON webhook_retries (domain);

CREATE TABLE notes (
    note_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    body TEXT NOT NULL,
    author TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_company ON notes (company_id, created_at);

CREATE TABLE user_tags (
    tag_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    tag TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (company_id, tag)
) STRICT;

CREATE TABLE favourites (
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, owner)
) STRICT;

CREATE TABLE ip_addresses (
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    ip TEXT NOT NULL,
    source TEXT NOT NULL,
    asn INTEGER,
    asn_org TEXT,
    country TEXT,
    city TEXT,
    isp TEXT,
    usage_type TEXT,
    is_proxy INTEGER,
    proxy_type TEXT,
    observed_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, ip, source)
) STRICT;
CREATE INDEX ip_addresses_by_time ON ip_addresses (observed_at);

CREATE TABLE referrals (
    referral_id BLOB PRIMARY KEY,
    company_id INTEGER REFERENCES companies ON DELETE CASCADE,
    domain TEXT,
    -- The number in the system it came from.
    external_id TEXT NOT NULL UNIQUE,
    referral_type TEXT,
    status TEXT NOT NULL,
    azure_tenant_id TEXT,
    -- Money is a whole number of the currency's smallest unit.
    deal_value_minor INTEGER,
    currency TEXT,
    payload TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK ((deal_value_minor IS NULL) = (currency IS NULL))
) STRICT;
CREATE INDEX referrals_company ON referrals (company_id);
CREATE INDEX referrals_domain ON referrals (domain);
CREATE INDEX referrals_by_time ON referrals (received_at, referral_id);

CREATE TABLE crm_syncs (
    sync_id BLOB PRIMARY KEY,
    company_id INTEGER NOT NULL REFERENCES companies ON DELETE CASCADE,
    system TEXT NOT NULL,
    -- `done`, `skipped` or `failed`.
    status TEXT NOT NULL,
    external_id TEXT,
    error TEXT,
    attempted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX crm_syncs_company ON crm_syncs (company_id, attempted_at);

-- Who does not want to be asked. This stays when the lead is erased: it is what keeps it away.
CREATE TABLE opt_outs (
    domain TEXT PRIMARY KEY,
    ground TEXT NOT NULL,
    recorded_by TEXT,
    recorded_at INTEGER NOT NULL
) STRICT;

-- What was refused because of an opt-out.
CREATE TABLE refusals (
    refusal_id BLOB PRIMARY KEY,
    domain TEXT NOT NULL,
    -- `scan`, `export` or `sync`.
    action TEXT NOT NULL,
    refused_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refusals_domain ON refusals (domain, refused_at);

CREATE TABLE provider_overrides (
    mx_root TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    note TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
