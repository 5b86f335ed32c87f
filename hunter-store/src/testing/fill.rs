//! Many leads at once, made by the database itself: enough of them that a wrong plan shows.

use sqlx::AssertSqlSafe;

use crate::config::Backend;
use crate::db::{Db, Pools};
use crate::error::Result;

/// Makes companies 1 to `count` with a lead each, in the proportions of a real list: two thirds are of a
/// few classes, one in 5,000 has the tag `rare`, one in 1,000 a referral. The statistics that the planner
/// reads are made too.
///
/// # Errors
/// What the database said.
pub async fn fill_leads(db: &Db, count: u32) -> Result<()> {
    let (id, moment, day) = match db.backend() {
        Backend::Sqlite => ("randomblob(16)", "1700000000000000 + i * 1000", "'2027-05-02'"),
        Backend::Postgres => {
            ("gen_random_uuid()", "to_timestamp(1700000000 + i / 1000.0)", "DATE '2027-05-02'")
        }
    };
    let numbers = format!(
        "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count}), \
         h(i, a, b, c) AS (SELECT i, i * 2654435761 % 4294967296 / 1000 % 100, \
         i * 40503 % 65536 / 7 % 101, i * 69069 % 262144 / 11 % 1000 FROM n)"
    );
    let domain = "'sirket' || i || '.com.tr'";
    let name = "CASE c % 4 WHEN 0 THEN 'Yilmaz Insaat ' WHEN 1 THEN 'Demir Celik ' WHEN 2 THEN 'Ege Gida ' \
                ELSE 'Marmara Tekstil ' END || i";
    let companies = format!(
        "INSERT INTO companies (company_id, id, domain, claims, canonical_name, contact_emails, created_at, \
         updated_at) {numbers} SELECT i, {id}, {domain}, '{{}}', {name}, '[]', {moment}, {moment} FROM h"
    );
    let provider = "CASE WHEN a < 40 THEN 'Local' WHEN a < 75 THEN 'M365' WHEN a < 88 THEN 'Google' \
                    WHEN a < 92 THEN 'Hosting' WHEN a < 95 THEN 'Yandex' WHEN a < 97 THEN 'Zoho' \
                    ELSE 'Unknown' END";
    let segment = "CASE WHEN a < 10 THEN 'Skip' WHEN a < 40 THEN 'Cold' WHEN a < 75 THEN 'Existing' \
                   WHEN a < 97 THEN 'Migration' END";
    let category = "CASE WHEN a >= 97 THEN NULL WHEN b > 90 THEN 'P1' WHEN b > 75 THEN 'P2' \
                    WHEN b > 60 THEN 'P3' WHEN b > 40 THEN 'P4' WHEN b > 20 THEN 'P5' ELSE 'P6' END";
    let leads = format!(
        "INSERT INTO leads (company_id, domain, canonical_name, provider, confidence, tenant_size, \
         contact_emails, mx_root, spf, expires_at, nameservers, scan_status, scanned_at, readiness_score, \
         partial, unknown, segment, commercial_segment, priority_category, priority_score, referral_type, tags, \
         user_tags, findings, signals_hash, rules_version, rules_hash, fingerprints_hash, confidence_hash, \
         search_text) {numbers} SELECT i, {domain}, {name}, {provider}, 0.9, \
         CASE WHEN c < 20 THEN 'large' WHEN c < 100 THEN 'medium' WHEN c < 400 THEN 'small' END, '[]', \
         'protection.outlook.com', b > 50, {day}, '[\"ns1.example\", \"ns2.example\"]', 'answered', {moment}, \
         CASE WHEN a < 97 THEN b END, a < 3, '[]', {segment}, \
         CASE WHEN c < 300 THEN 'GREENFIELD' WHEN c < 600 THEN 'COMPETITIVE' WHEN c < 990 THEN 'RENEWAL' \
         ELSE 'NO_GO' END, {category}, CASE WHEN a < 97 THEN 1 + b % 7 END, \
         CASE WHEN i % 1000 = 7 THEN 'co-sell' END, '[]', '[]', '[]', 'h', '1', 'h', 'h', 'h', \
         lower({domain} || ' ' || {name}) FROM h"
    );
    let tags = format!(
        "INSERT INTO lead_tags (company_id, tag) {numbers} SELECT i, CASE WHEN i % 5000 = 1 THEN 'rare' \
         WHEN a < 30 THEN 'weak-spf' ELSE 'some-tag' END FROM h"
    );
    for statement in [companies, leads, tags] {
        let statement = AssertSqlSafe(statement);
        match db.pools() {
            Pools::Sqlite { writer, .. } => {
                sqlx::raw_sql(statement).execute(writer).await?;
            }
            Pools::Postgres(pool) => {
                // It may take longer than a statement of the program may.
                let mut connection = pool.acquire().await?;
                sqlx::raw_sql("SET statement_timeout = 0").execute(&mut *connection).await?;
                sqlx::raw_sql(statement).execute(&mut *connection).await?;
                connection.close().await?;
            }
        }
    }
    match db.pools() {
        Pools::Sqlite { writer, .. } => {
            sqlx::raw_sql("ANALYZE").execute(writer).await?;
        }
        Pools::Postgres(pool) => {
            let mut connection = pool.acquire().await?;
            for statement in [
                "SET statement_timeout = 0",
                "VACUUM (ANALYZE) companies",
                "VACUUM (ANALYZE) leads",
                "VACUUM (ANALYZE) lead_tags",
                "SELECT setval(pg_get_serial_sequence('companies', 'company_id'), max(company_id)) FROM companies",
            ] {
                sqlx::raw_sql(statement).execute(&mut *connection).await?;
            }
            connection.close().await?;
        }
    }
    Ok(())
}
