//! Mail hosts that the operator assigned to providers, put in force in every process.
//!
//! They stand in the database. Each process that assesses looks there every [`EVERY`], and the one that
//! was told of a change at once. The engine with them has another fingerprint hash: what was remembered by
//! the engine before is not found any more, in any process, and leads say by which table they were assessed.

use std::time::Duration;

use hunter_core::Engine;
use hunter_store::bulk::SharedEngine;
use hunter_store::overrides::ProviderOverrides as _;
use hunter_store::{Db, StoreError};
use tokio::sync::watch;

/// How long it takes at most until a process knows of a change that another one made.
pub const EVERY: Duration = Duration::from_secs(5);

/// The engine with what is assigned in a database.
///
/// # Errors
/// What the store said.
pub async fn engine(db: &Db, engine: Engine) -> Result<Engine, StoreError> {
    let assigned = db.read().await?.overrides().await?;
    let table = engine.fingerprints();
    let known = assigned.iter().filter(|one| {
        let is_known = table.provider(&one.provider).is_some();
        if !is_known {
            // Written for another table: that is no reason to assess nothing.
            tracing::warn!(
                mx_root = one.mx_root,
                provider = one.provider,
                "assigned to nobody known"
            );
        }
        is_known
    });
    let hosts = known.map(|one| (one.mx_root.as_str(), one.provider.as_str()));
    match table.with_assigned(hosts) {
        Ok(table) if table.hash() == engine.fingerprints().hash() => Ok(engine),
        Ok(table) => Ok(engine.with_fingerprints(table)),
        Err(error) => {
            tracing::error!(%error, "what is assigned in the database cannot be used");
            Ok(engine)
        }
    }
}

/// Puts in force what is assigned now; tells whether that changed anything.
///
/// # Errors
/// What the store said.
pub async fn refresh(db: &Db, shared: &SharedEngine) -> Result<bool, StoreError> {
    let before = shared.get();
    let now = engine(db, before.clone()).await?;
    let changed = now.fingerprints().hash() != before.fingerprints().hash();
    if changed {
        tracing::info!(fingerprints = now.fingerprints().hash(), "other mail hosts are assigned");
        shared.replace(now);
    }
    Ok(changed)
}

/// Puts in force what is assigned, now and for as long as the process lives.
///
/// # Errors
/// What the store said at the beginning; what it says later is logged.
pub async fn follow(
    db: &Db,
    shared: &SharedEngine,
    mut ending: watch::Receiver<bool>,
) -> Result<(), StoreError> {
    refresh(db, shared).await?;
    let (db, shared) = (db.clone(), shared.clone());
    tokio::spawn(async move {
        loop {
            tokio::select! {
                // Ends with the process, or with whoever would tell of it.
                _ = ending.wait_for(|ending| *ending) => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            if let Err(error) = refresh(&db, &shared).await {
                tracing::warn!(%error, code = error.code(), "assigned mail hosts were not looked up");
            }
        }
    });
    Ok(())
}
