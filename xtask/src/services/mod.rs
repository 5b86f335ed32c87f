//! Private servers for the tests of the store: started before them, stopped after them, with nothing
//! in common with servers that run on the machine already.

mod packages;
mod postgres;
mod redis;

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

pub(crate) use self::packages::{ensure_packages, ensure_programs};
use self::postgres::Postgres;
use self::redis::Redis;

/// Where tests find the servers; `hunter-store` has the same words.
const DATABASE_URL: &str = "HUNTER_TEST_DATABASE_URL";
const REDIS_URL: &str = "HUNTER_TEST_REDIS_URL";

/// Whether a committed row must reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// No: contract tests, which start on an empty database anyway.
    Fast,
    /// Yes: benchmarks, whose figures would else be those of no real server.
    Crash,
}

/// The servers, for as long as this value lives.
pub(crate) struct Services {
    postgres: Postgres,
    redis: Redis,
}

impl Services {
    /// Starts both servers, and installs them first where they are missing.
    pub(crate) fn start(durability: Durability) -> Result<Self, String> {
        packages::ensure()?;
        Ok(Self { postgres: Postgres::start(durability)?, redis: Redis::start()? })
    }

    /// Where the database is.
    pub(crate) fn database(&self) -> String {
        self.postgres.url()
    }

    /// Where Redis is.
    pub(crate) fn redis(&self) -> String {
        self.redis.url()
    }

    /// Tells a test run where the servers are.
    pub(crate) fn add_to(&self, command: &mut Command) {
        command.env(DATABASE_URL, self.postgres.url()).env(REDIS_URL, self.redis.url());
    }
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(word: &str) -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("hunter-{word}-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the system's temporary folder does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A port that nobody listens on now.
fn free_port() -> Result<u16, String> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| format!("no free port: {error}"))
}

/// Waits until `ready` says so.
fn wait_for(what: &str, mut ready: impl FnMut() -> bool) -> Result<(), String> {
    let end = Instant::now() + Duration::from_secs(30);
    while !ready() {
        if Instant::now() > end {
            return Err(format!("{what} does not answer after 30 s"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
