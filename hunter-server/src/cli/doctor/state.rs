//! The database and Redis: whether they answer, in which state they are, and what time it is there.

use std::path::{Path, PathBuf};
use std::time::Duration;

use hunter_store::api_keys::ApiKeys as _;
use hunter_store::migrate::{self, RevisionState};
use hunter_store::{Db, StoreConfig, StoreError};
use secrecy::ExposeSecret as _;
use time::OffsetDateTime;
use tokio::time::timeout;

use super::report::Check;
use crate::cli::assembly;
use crate::cli::store::default_path;
use crate::config::{Config, Environment};
use crate::telemetry::mask::Mask;

/// How long one of them may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// From this difference of clocks on, logs of different machines are hard to read together.
const ASKEW: Duration = Duration::from_secs(2);
/// From this one on, what expires does so at the wrong time.
const WRONG: Duration = Duration::from_mins(1);

pub(super) async fn looks(config: &Config) -> Vec<Check> {
    let (database, redis) = tokio::join!(database(config), redis(config));
    [database, redis].concat()
}

/// The file of an SQLite database; `None` for another database.
pub(super) fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let url = config.database.url.expose_secret();
    if url.is_empty() {
        return default_path().ok();
    }
    let path = url.strip_prefix("sqlite:")?.split('?').next()?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path))
}

async fn database(config: &Config) -> Vec<Check> {
    if let Some(file) = sqlite_file(config)
        && !file.exists()
    {
        let detail = format!("there is no file `{}` yet", file.display());
        let remedy = "`hunter serve` or `hunter migrate up` makes it";
        return vec![Check::warn("database", detail, remedy)];
    }
    let store = match assembly::store_config(config) {
        Ok(store) => StoreConfig { acquire_timeout: PATIENCE, max_connections: 2, ..store },
        Err(error) => {
            return vec![Check::failed("database", error.to_string(), "name it in `database.url`")];
        }
    };
    let db = match timeout(2 * PATIENCE, Db::open(store)).await {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => return vec![unreachable(&error.to_string())],
        Err(_) => return vec![unreachable("it does not answer")],
    };
    let mut checks = match timeout(PATIENCE, db.health()).await {
        Ok(Ok(health)) => vec![Check::ok(
            "database",
            format!("{} {} answers in {:?}", health.backend, health.version, health.ping),
        )],
        Ok(Err(error)) => return vec![unreachable(&error.to_string())],
        Err(_) => return vec![unreachable("it does not answer")],
    };
    checks.extend(schema(config, &db).await);
    checks.push(keys(config, &db).await);
    checks.push(match timeout(PATIENCE, db.clock()).await {
        Ok(Ok(there)) => clock("clock of the database", there - OffsetDateTime::now_utc()),
        _ => Check::warn("clock of the database", "it does not tell the time", "ask again"),
    });
    db.close().await;
    checks
}

fn unreachable(problem: &str) -> Check {
    let detail = Mask::new(false).text(problem).into_owned();
    let remedy = "check that it runs, and `database.url`: address, name, user and password";
    Check::failed("database", detail, remedy)
}

async fn schema(config: &Config, db: &Db) -> Vec<Check> {
    let status = match migrate::status(db).await {
        Ok(status) => status,
        Err(error) => {
            return vec![Check::failed("schema", error.to_string(), "see `hunter migrate status`")];
        }
    };
    let pending = status.in_state(RevisionState::Pending).count();
    let strangers = status.in_state(RevisionState::Unknown).count();
    let changed = status.in_state(RevisionState::Changed).count();
    let mut checks = Vec::new();
    if strangers > 0 {
        let detail = format!("{strangers} revisions are of a newer program");
        checks.push(Check::failed("schema", detail, "use that program, or go back with it"));
    } else if changed > 0 {
        let detail = format!("{changed} revisions were applied in another form");
        checks.push(Check::failed("schema", detail, "use the program that applied them"));
    } else if pending > 0 {
        let detail = format!("{pending} revisions are not applied yet");
        checks.push(match config.database.environment {
            Environment::Development => {
                Check::warn("schema", detail, "the next start of `hunter serve` applies them")
            }
            Environment::Production => Check::failed("schema", detail, "run `hunter migrate up`"),
        });
    } else {
        let newest = status.current().unwrap_or_default();
        checks.push(Check::ok("schema", format!("at revision {newest}, the newest")));
    }
    checks.push(drift(db).await);
    checks
}

async fn drift(db: &Db) -> Check {
    match timeout(2 * PATIENCE, migrate::check(db)).await {
        Ok(Ok(check)) if check.drift.is_empty() => {
            Check::ok("drift", "the schema stands as its revisions made it")
        }
        Ok(Ok(check)) => {
            let parts: Vec<&str> = check.drift.iter().map(|one| one.part.as_str()).collect();
            let detail = format!("somebody changed {}", parts.join(", "));
            Check::failed("drift", detail, "take the change back; `hunter migrate check` shows it")
        }
        Ok(Err(StoreError::Schema { .. })) | Err(_) => {
            Check::warn("drift", "it could not be compared", "try `hunter migrate check`")
        }
        Ok(Err(error)) => {
            let remedy = "the user of the database may not make a schema: run `hunter migrate check` \
                          as one who may";
            Check::warn("drift", format!("it could not be compared: {error}"), remedy)
        }
    }
}

async fn keys(config: &Config, db: &Db) -> Check {
    let listen = config.server.listen;
    if config.is_open() {
        return Check::ok("keys", format!("none are asked for: {listen} is this machine's own"));
    }
    let admin = async { db.read().await?.has_active_admin().await };
    match admin.await {
        Ok(true) => Check::ok("keys", "an active key may administer"),
        Ok(false) => Check::failed(
            "keys",
            "requests need keys, and no active one may administer",
            "run `hunter keys create --name NAME --scope admin`",
        ),
        Err(_) => Check::warn("keys", "they cannot be read", "bring the schema up to date first"),
    }
}

async fn redis(config: &Config) -> Vec<Check> {
    let link = match assembly::redis(config) {
        Ok(Some(link)) => link,
        Ok(None) => {
            let detail = "none is set up: caches and limits stay in each process";
            return vec![Check::ok("redis", detail)];
        }
        Err(error) => return vec![Check::failed("redis", error.to_string(), "mend `redis.url`")],
    };
    match timeout(PATIENCE, link.ping()).await {
        Ok(Ok(took)) => {
            let answers = Check::ok("redis", format!("it answers in {took:?}"));
            let clock = match timeout(PATIENCE, link.clock()).await {
                Ok(Ok(there)) => {
                    let there = OffsetDateTime::UNIX_EPOCH + there;
                    clock("clock of redis", there - OffsetDateTime::now_utc())
                }
                _ => Check::warn("clock of redis", "it does not tell the time", "allow `TIME`"),
            };
            vec![answers, clock]
        }
        failed => {
            let why = match failed {
                Ok(Err(error)) => Mask::new(false).text(&error.to_string()).into_owned(),
                _ => "it does not answer".to_owned(),
            };
            let remedy = "check that it runs, and `redis.url`; until then each process keeps its own \
                          limits, and is not ready";
            vec![Check::failed("redis", why, remedy)]
        }
    }
}

/// How far another clock is ahead.
fn clock(name: &str, ahead: time::Duration) -> Check {
    let off = ahead.unsigned_abs();
    let detail = format!("{off:.1?} {}", if ahead.is_negative() { "behind" } else { "ahead" });
    let remedy = "let both machines keep time (chrony, systemd-timesyncd)";
    if off >= WRONG {
        Check::failed(name, detail, remedy)
    } else if off >= ASKEW {
        Check::warn(name, detail, remedy)
    } else {
        Check::ok(name, format!("within {ASKEW:?} of this machine's"))
    }
}

/// The folder in which a file stands or will stand.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_by_little() {
        let verdict = |seconds: f64| {
            let check = clock("clock", time::Duration::seconds_f64(seconds));
            serde_json::to_value(check).expect("JSON")["status"].clone()
        };
        for (ahead, wanted) in [
            (0.1, "ok"),
            (-1.9, "ok"),
            (3.0, "warn"),
            (-59.0, "warn"),
            (61.0, "fail"),
            (-3600.0, "fail"),
        ] {
            assert_eq!(verdict(ahead), wanted, "{ahead}");
        }
    }
}
