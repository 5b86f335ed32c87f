//! What IP databases say of an address: network, place, use, and whether it is a proxy.
//!
//! Off unless files are named in [`IpDataConfig::files`]. MaxMind files (`.mmdb`: City, Country,
//! ASN, ISP, Anonymous IP, Enterprise, Domain, Connection Type, and others of the same form) and the
//! BIN files of IP2Location and IP2Proxy are told apart by what is in them. Several files answer
//! together: of two that know the same fact, the one named first is believed.
//!
//! A file that is missing or corrupt is reported and left out; the others answer. A file that
//! changes is read again beside the old one and takes its place at once when it is good; a bad one
//! is reported, and the old one stays. Files are held in memory whole
//! (`docs/decisions/0013-own-reader-of-bin-files.md`).

mod addresses;
mod bin;
mod cache;
mod columns;
mod database;
mod files;
mod maxmind;
mod problem;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};
use std::time::{Duration, Instant};

use hunter_core::observation::AddressFacts;
use serde_json::Value;

pub use database::{DatabaseInfo, IpDatabase, IpFacts, ProxyType, read_database};
pub use problem::{BadDatabase, IpDataProblem, IpDataProblemKind};

use cache::Cache;
use files::File;

/// The settings of [`IpData`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IpDataConfig {
    /// The database files, the most trusted first; none by default, which turns all of this off.
    pub files: Vec<PathBuf>,
    /// How often, at most, files are looked at for a change.
    pub check_every: Duration,
    /// How many addresses are remembered.
    pub remember: usize,
    /// How large a file may be.
    pub max_file_bytes: u64,
}

impl Default for IpDataConfig {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            check_every: Duration::from_mins(1),
            remember: 16_384,
            max_file_bytes: 4 << 30,
        }
    }
}

/// Whose address is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AddressSource {
    /// The address of an MX host.
    MxIp,
    /// The address of the domain itself.
    RootIp,
}

impl AddressSource {
    /// The word that stands in an observation.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MxIp => "mx-ip",
            Self::RootIp => "root-ip",
        }
    }
}

/// Counters since the start. An address that is remembered counts as `remembered` only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IpDataStats {
    /// Look-ups in a file that found a record.
    pub found: u64,
    /// Look-ups in a file that holds nothing of the address.
    pub empty: u64,
    /// Look-ups that met a corrupt record.
    pub errors: u64,
    /// Addresses that were answered from memory.
    pub remembered: u64,
    /// Addresses that were looked up in the files.
    pub looked_up: u64,
    /// Files that were read again after a change.
    pub reloads: u64,
    /// Times that a changed file could not be used.
    pub reload_errors: u64,
}

#[derive(Debug, Default)]
struct Counters {
    found: AtomicU64,
    empty: AtomicU64,
    errors: AtomicU64,
    remembered: AtomicU64,
    looked_up: AtomicU64,
    reloads: AtomicU64,
    reload_errors: AtomicU64,
}

/// The databases of a scanner. Cheap to clone; clones share files, memory and counters.
///
/// ```
/// use hunter_scan::ip_data::{AddressSource, IpData, IpDataConfig, IpDataProblemKind};
///
/// let files = vec!["no-such-file.mmdb".into()];
/// let (data, problems) = IpData::open(IpDataConfig { files, ..IpDataConfig::default() });
/// assert_eq!(problems[0].kind, IpDataProblemKind::Missing);
/// let facts = data.lookup("192.0.2.7".parse()?, AddressSource::MxIp);
/// assert_eq!((facts.source.as_str(), facts.country), ("mx-ip", None));
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Debug, Clone)]
pub struct IpData {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: IpDataConfig,
    /// Replaced as a whole, so that a look-up sees either all of the old files or all of the new.
    files: RwLock<Arc<Vec<File>>>,
    cache: Mutex<Cache>,
    counters: Counters,
    next_check: Mutex<Instant>,
    /// Held by the one who looks for changes.
    checking: Mutex<()>,
}

impl IpData {
    /// Reads the files, and reports those that cannot be used. It blocks while it reads.
    pub fn open(config: IpDataConfig) -> (Self, Vec<IpDataProblem>) {
        let limit = config.max_file_bytes;
        let files: Vec<File> = config.files.iter().map(|path| File::open(path, limit)).collect();
        let problems = files.iter().filter_map(|file| file.problem.clone()).collect();
        let inner = Inner {
            cache: Mutex::new(Cache::new(config.remember)),
            files: RwLock::new(Arc::new(files)),
            counters: Counters::default(),
            next_check: Mutex::new(Instant::now() + config.check_every),
            checking: Mutex::new(()),
            config,
        };
        (Self { inner: Arc::new(inner) }, problems)
    }

    /// Whether no file was named.
    pub fn is_off(&self) -> bool {
        self.inner.config.files.is_empty()
    }

    /// What the files say of an address. What none of them knows is `None`, or null in `extra`.
    ///
    /// When it is time, a thread of its own looks whether files have changed; this call does not
    /// wait for it.
    pub fn lookup(&self, ip: IpAddr, source: AddressSource) -> AddressFacts {
        self.check_in_background();
        self.inner.facts(ip).to_address_facts(ip, source)
    }

    /// The record of each file that holds one, as JSON, with the file it comes from; for those who
    /// want to see why.
    ///
    /// # Errors
    /// The first corrupt record that is met.
    pub fn records(&self, ip: IpAddr) -> Result<Vec<(PathBuf, Value)>, IpDataProblem> {
        let files = self.inner.files();
        let mut records = Vec::new();
        for (file, database) in files.iter().filter_map(File::in_use) {
            let record = database.record(ip).map_err(|problem| problem.at(&file.path))?;
            records.extend(record.map(|record| (file.path.clone(), record)));
        }
        Ok(records)
    }

    /// The databases in use, with their files.
    pub fn databases(&self) -> Vec<(PathBuf, DatabaseInfo)> {
        let files = self.inner.files();
        files
            .iter()
            .filter_map(File::in_use)
            .map(|(f, db)| (f.path.clone(), db.info().clone()))
            .collect()
    }

    /// What is wrong with the files now: those that cannot be used, and those whose newer version
    /// cannot.
    pub fn problems(&self) -> Vec<IpDataProblem> {
        self.inner.files().iter().filter_map(|file| file.problem.clone()).collect()
    }

    /// The counters so far.
    pub fn stats(&self) -> IpDataStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.inner.counters;
        IpDataStats {
            found: read(&counters.found),
            empty: read(&counters.empty),
            errors: read(&counters.errors),
            remembered: read(&counters.remembered),
            looked_up: read(&counters.looked_up),
            reloads: read(&counters.reloads),
            reload_errors: read(&counters.reload_errors),
        }
    }

    /// Looks at once whether files have changed, and reads those that have. It blocks while it
    /// reads; look-ups go on with the old files.
    ///
    /// Returns what is wrong afterwards, as [`problems`](Self::problems).
    pub fn refresh(&self) -> Vec<IpDataProblem> {
        let one = self.inner.checking.lock().unwrap_or_else(PoisonError::into_inner);
        self.inner.reload();
        drop(one);
        self.problems()
    }

    fn check_in_background(&self) {
        if self.is_off() || !self.inner.is_time() {
            return;
        }
        let inner = Arc::clone(&self.inner);
        let check = move || {
            let _one = match inner.checking.try_lock() {
                Ok(one) => one,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                // A large file is still being read.
                Err(TryLockError::WouldBlock) => return,
            };
            inner.reload();
        };
        // Where no thread is to be had now, the next look-up that is due tries again.
        let _ = std::thread::Builder::new().name("ip-data".into()).spawn(check);
    }
}

impl Inner {
    fn files(&self) -> Arc<Vec<File>> {
        Arc::clone(&self.files.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn facts(&self, ip: IpAddr) -> Arc<IpFacts> {
        let (remembered, age) = self.cache().recall(ip);
        if let Some(facts) = remembered {
            self.counters.remembered.fetch_add(1, Ordering::Relaxed);
            return facts;
        }
        self.counters.looked_up.fetch_add(1, Ordering::Relaxed);
        let mut facts = IpFacts::default();
        let mut is_whole = true;
        for (_, database) in self.files().iter().filter_map(File::in_use) {
            let counter = match database.facts(ip) {
                Ok(Some(more)) => {
                    facts.fill(more);
                    &self.counters.found
                }
                Ok(None) => &self.counters.empty,
                Err(_) => {
                    is_whole = false;
                    &self.counters.errors
                }
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let facts = Arc::new(facts);
        if is_whole {
            self.cache().remember(ip, Arc::clone(&facts), age);
        }
        facts
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_time(&self) -> bool {
        let mut next = self.next_check.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if now < *next {
            return false;
        }
        *next = now + self.config.check_every;
        true
    }

    fn reload(&self) {
        let old = self.files();
        let limit = self.config.max_file_bytes;
        let new: Vec<Option<File>> = old.iter().map(|file| file.changed(limit)).collect();
        if new.iter().all(Option::is_none) {
            return;
        }
        for file in new.iter().flatten() {
            let counter = if file.problem.is_none() {
                &self.counters.reloads
            } else {
                &self.counters.reload_errors
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let files = new.into_iter().zip(old.iter());
        let files = files.map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect();
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(files);
        self.cache().forget();
    }
}
