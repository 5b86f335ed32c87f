//! Keeps leads and all that is known about them, on SQLite or PostgreSQL.
//!
//! The same statements run on a file on a laptop and on a server under many workers; where the two
//! databases differ, `db/dialect.rs` and the two folders of migrations say so.
//!
//! ```
//! use hunter_store::companies::{Arrival, Companies, Source};
//! use hunter_store::{Db, StoreConfig, migrate};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let url = format!("sqlite:{}", folder.path().join("hunter.db").display());
//! let db = Db::open(StoreConfig::development(url)).await?;
//! migrate::ensure(&db).await?;
//!
//! let source = Source { name: "csv".into(), rank: 10 };
//! let now = time::OffsetDateTime::now_utc();
//! let row = Arrival {
//!     company_name: Some("Örnek A.Ş.".into()),
//!     ..Arrival::new("ornek.com.tr".parse()?, source, now)
//! };
//! let mut unit = db.begin().await?;
//! unit.import(vec![row]).await?;
//! unit.commit().await?;
//!
//! let known = db.read().await?.company(&"ornek.com.tr".parse()?).await?;
//! assert_eq!(known.and_then(|company| company.canonical_name).as_deref(), Some("Örnek A.Ş."));
//! # Ok(())
//! # }
//! ```
//!
//! # How it is used
//!
//! A [`Unit`] is one transaction on one connection; [`Db::begin`] gives one that writes, [`Db::read`] one
//! that reads. What can be asked of it stands in small traits, one a subject, each of which can be a trait
//! object:
//!
//! | module | keeps |
//! | --- | --- |
//! | [`companies`], [`raw_leads`] | what sources told, who is believed, and the rows as they came |
//! | [`observations`] | what was observed, compressed, with its history |
//! | [`leads`] | what was concluded: list, search, verdicts, the last known signals |
//! | [`dashboard`] | totals over all leads |
//! | [`changes`], [`alerts`] | what moved, and who wants to hear of it |
//! | [`addresses`] | IP data, for a year |
//! | [`crm_lite`], [`referrals`] | notes, tags, favourites; referrals and what was written to a CRM |
//! | [`opt_outs`], [`erase`] | who does not want to be asked; how a domain is forgotten |
//! | [`api_keys`], [`audit`] | who may do what, and what administrators did |
//! | [`webhooks`], [`overrides`] | failed calls, assignments of mail hosts |
//! | [`ingest`] | files of companies on their way in |
//! | [`queue`] | work that outlives a process: jobs, their batches, schedules |
//!
//! That something is not there is `None` or `false`, never an error.
//!
//! Beside the database: [`bulk`] does the work on many domains; [`cache`] has what is dear to find out and
//! [`limiter`] what others ration, each in one process or, over Redis, in many.

pub mod addresses;
pub mod alerts;
pub mod api_keys;
pub mod audit;
pub mod bulk;
pub mod cache;
pub mod changes;
pub mod companies;
mod config;
pub mod crm_lite;
pub mod dashboard;
mod db;
pub mod erase;
mod error;
mod fold;
pub mod ingest;
pub mod leads;
pub mod limiter;
pub mod migrate;
pub mod observations;
pub mod opt_outs;
pub mod overrides;
pub mod queue;
pub mod raw_leads;
mod redis_link;
pub mod referrals;
#[cfg(feature = "testing")]
pub mod testing;
pub mod webhooks;

pub use config::{Backend, Environment, StoreConfig};
pub use db::{Db, Executor, Health, Held, PoolHealth, Pools, Timestamp, Unit};
pub use error::{CODES, ErrorKind, Result, StoreError};
pub use redis_link::RedisLink;
