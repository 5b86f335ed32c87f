//! Files that are missing, corrupt or replaced: a clean report in bounded time, and never a panic.
//! A watchdog ends the test when a file takes too long.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use hunter_scan::ip_data::{
    AddressSource, IpData, IpDataConfig, IpDataProblemKind as Kind, read_database,
};

/// How long the look-ups of one file may take, in a debug build on a busy machine.
const WATCHDOG: Duration = Duration::from_secs(20);

/// Does the work in a thread of its own; fails when it panics or does not come back.
fn watched<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, came) = mpsc::channel();
    let thread = std::thread::spawn(move || done.send(work()));
    match came.recv_timeout(WATCHDOG) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: not done in {WATCHDOG:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            panic!("{what}: panicked: {:?}", thread.join().map(|_| ()))
        }
    }
}

fn addresses() -> impl Iterator<Item = IpAddr> {
    let v4 = (0..=255_u8).map(|n| IpAddr::from([n, n.wrapping_mul(7), n ^ 0x55, n]));
    let v6 = (0..=255_u8).map(|n| IpAddr::from([0x2000 | u16::from(n), 0, 0, 0, 0, 0, 0, 1]));
    let named = ["::", "::1.1.1.1", "1.1.1.16", "255.255.255.255", "ffff::ffff"];
    v4.chain(v6).chain(named.into_iter().map(|ip| ip.parse().expect("an address")))
}

fn open(files: Vec<PathBuf>) -> (IpData, Vec<hunter_scan::ip_data::IpDataProblem>) {
    IpData::open(IpDataConfig { files, ..IpDataConfig::default() })
}

/// Opens a file, looks up many addresses, and tells how it was judged and how many look-ups failed.
fn judge(path: PathBuf) -> (Option<Kind>, u64) {
    let name = path.display().to_string();
    watched(&name, move || {
        let (data, problems) = open(vec![path]);
        for ip in addresses() {
            data.lookup(ip, AddressSource::MxIp);
            // Whether the record is sound or not, it comes back.
            let _ = data.records(ip);
        }
        (problems.first().map(|problem| problem.kind), data.stats().errors)
    })
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

#[test]
fn corrupt_files_fail_cleanly() {
    let Some(folder) = hunter_tests::shared("data/ipdb/maxmind-bad") else { return };
    let files = files_of(&folder);
    assert_eq!(files.len(), 16);
    for path in files {
        let name = path.display().to_string();
        let (kind, _) = judge(path);
        // This one was too much for another reader: what it says is sound, and it holds no record.
        let is_sound = name.ends_with("libmaxminddb-empty-array-last-in-metadata.mmdb");
        assert_eq!(kind, (!is_sound).then_some(Kind::Corrupt), "{name}");
    }
}

/// Of the files beside the good ones, those that are broken on purpose are refused, those that hold
/// no facts are refused as unknown, and the others are read without a single error.
#[test]
fn good_files_are_told_from_bad_ones() {
    let Some(folder) = hunter_tests::shared("data/ipdb/maxmind") else { return };
    let mut good = 0;
    for path in
        files_of(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "mmdb"))
    {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let (kind, errors) = judge(path);
        match name.as_str() {
            "GeoIP2-City-Test-Broken-Double-Format"
            | "GeoIP2-City-Test-Invalid-Node-Count"
            | "MaxMind-DB-test-broken-pointers-24"
            | "MaxMind-DB-test-broken-search-tree-24" => {
                assert_eq!(kind, Some(Kind::Corrupt), "{name}");
            }
            "MaxMind-DB-no-ipv4-search-tree" | "MaxMind-DB-string-value-entries" => {
                assert_eq!(kind, Some(Kind::Unknown), "{name}");
            }
            _ => {
                assert_eq!((kind, errors), (None, 0), "{name}");
                good += 1;
            }
        }
    }
    assert_eq!(good, 24);
}

/// A small generator with a fixed start, so that a failure comes again.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

#[test]
fn cut_and_damaged_files_never_panic_or_hang() {
    let Some(folder) = hunter_tests::shared("data/ipdb") else { return };
    for file in [
        "maxmind/GeoIP2-City-Test.mmdb",
        "maxmind/GeoLite2-ASN-Test.mmdb",
        "maxmind/MaxMind-DB-test-decoder.mmdb",
        "maxmind/MaxMind-DB-test-nested.mmdb",
        "ip2proxy/PX10.SAMPLE.BIN",
    ] {
        let good = fs::read(folder.join(file)).expect("a file");
        let mut numbers = Numbers(2_026);
        let mut read = 0;
        for round in 0..120 {
            let mut bytes = good.clone();
            if round % 4 == 0 {
                bytes.truncate(numbers.below(good.len()));
            }
            for _ in 0..=numbers.below(8) {
                // Header and metadata, at both ends, are hit as often as all the rest.
                let len = bytes.len().max(1);
                let at = match round % 3 {
                    0 => numbers.below(len.min(64)),
                    1 => len - 1 - numbers.below(len.min(256)),
                    _ => numbers.below(len),
                };
                let value = u8::try_from(numbers.below(256)).expect("a byte");
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            read += watched(&format!("{file}, round {round}"), move || {
                let Ok(database) = read_database(bytes) else { return 0 };
                for ip in addresses().step_by(5) {
                    let _ = (database.facts(ip), database.record(ip));
                }
                1
            });
        }
        assert!(read > 0, "{file}: no damaged file was read at all");
    }
}

#[test]
fn a_bin_file_that_breaks_off_is_corrupt() {
    let Some(folder) = hunter_tests::shared("data/ipdb") else { return };
    for file in ["ip2location/IP2LOCATION-LITE-DB1.BIN", "ip2proxy/PX10.SAMPLE.BIN"] {
        let good = fs::read(folder.join(file)).expect("a file");
        for length in [64, 1_000, good.len() / 2, good.len() - 1] {
            let bad = read_database(good[..length].to_vec()).expect_err("cut");
            assert_eq!(bad.kind, Kind::Corrupt, "{file} {length}");
        }
        for length in [0, 1, 63] {
            let bad = read_database(good[..length].to_vec()).expect_err("no header");
            assert_eq!(bad.kind, Kind::Unknown, "{file} {length}");
        }
    }
}

/// A folder of this test's own, gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hunter-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Puts a file in place as an update does, with a time of change of its own.
fn place(bytes: &[u8], path: &Path, minutes: u64) {
    let aside = path.with_extension("new");
    fs::write(&aside, bytes).expect("written");
    let file = fs::File::options().append(true).open(&aside).expect("a file");
    let when = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + minutes * 60);
    file.set_modified(when).expect("a time");
    fs::rename(aside, path).expect("moved");
}

#[test]
fn what_cannot_be_used_is_reported_and_the_rest_answers() {
    let Some(shared) = hunter_tests::shared("data/ipdb/maxmind") else { return };
    let folder = Folder::new("report");
    let at = |name: &str| folder.0.join(name);
    fs::write(at("page.BIN"), [b'<'; 4096]).expect("written");
    fs::write(at("cut.mmdb"), [0; 4096]).expect("written");
    fs::write(at("large.BIN"), vec![0; 200_000]).expect("written");
    let files = ["none.mmdb", "page.BIN", "cut.mmdb", "large.BIN", "."].map(at);
    let files = files.into_iter().chain([shared.join("GeoLite2-ASN-Test.mmdb")]).collect();
    let config = IpDataConfig { files, max_file_bytes: 100_000, ..IpDataConfig::default() };
    let (data, problems) = watched("open", move || IpData::open(config));
    let kinds: Vec<Kind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(
        kinds,
        [Kind::Missing, Kind::Unknown, Kind::Corrupt, Kind::Unreadable, Kind::Unreadable]
    );
    assert!(problems[0].to_string().contains("none.mmdb"), "{}", problems[0]);
    assert_eq!(data.databases().len(), 1);
    let facts = data.lookup("1.128.0.7".parse().expect("an address"), AddressSource::MxIp);
    assert_eq!((facts.asn, facts.asn_org.as_deref()), (Some(1221), Some("Telstra Pty Ltd")));
}

#[test]
fn a_changed_file_takes_its_place_and_a_bad_one_does_not() {
    let Some(shared) = hunter_tests::shared("data/ipdb") else { return };
    let city = fs::read(shared.join("maxmind/GeoIP2-City-Test.mmdb")).expect("a file");
    let asn = fs::read(shared.join("maxmind/GeoIP2-ISP-Test.mmdb")).expect("a file");
    let folder = Folder::new("reload");
    let path = folder.0.join("data.mmdb");
    let (data, problems) = open(vec![path.clone()]);
    assert_eq!(problems[0].kind, Kind::Missing);
    let ip: IpAddr = "89.160.20.112".parse().expect("an address");
    let country = || data.lookup(ip, AddressSource::MxIp).country;
    assert_eq!(country(), None);

    // It appears.
    place(&city, &path, 1);
    assert_eq!(data.refresh(), []);
    assert_eq!(country().as_deref(), Some("SE"));
    // It stays the same: nothing is read.
    assert_eq!((data.refresh(), data.stats().reloads), (Vec::new(), 1));

    // A bad version, then none at all: the last good one answers.
    place(&city[..city.len() / 2], &path, 2);
    assert_eq!(data.refresh()[0].kind, Kind::Corrupt);
    assert_eq!(country().as_deref(), Some("SE"));
    data.refresh();
    assert_eq!(data.stats().reload_errors, 1, "the same bad version is read once");
    fs::remove_file(&path).expect("removed");
    assert_eq!(data.refresh()[0].kind, Kind::Missing);
    assert_eq!(country().as_deref(), Some("SE"));

    // Another good one: what was remembered of the old one is forgotten.
    place(&asn, &path, 3);
    assert_eq!(data.refresh(), []);
    assert_eq!(country(), None);
    assert_eq!(data.databases()[0].1.database_type, "GeoIP2-ISP");
    assert_eq!(data.stats().reloads, 2);
}

/// Look-ups notice a change by themselves, go on while it is read, and never see half of it.
#[test]
fn look_ups_go_on_while_a_file_is_replaced() {
    let Some(shared) = hunter_tests::shared("data/ipdb/maxmind") else { return };
    let city = fs::read(shared.join("GeoIP2-City-Test.mmdb")).expect("a file");
    let asn = fs::read(shared.join("GeoIP2-ISP-Test.mmdb")).expect("a file");
    let folder = Folder::new("replace");
    let path = folder.0.join("data.mmdb");
    place(&city, &path, 0);
    let config = IpDataConfig {
        files: vec![path.clone()],
        check_every: Duration::from_millis(1),
        ..IpDataConfig::default()
    };
    let (data, problems) = IpData::open(config);
    assert_eq!(problems, []);
    let ip: IpAddr = "89.160.20.112".parse().expect("an address");
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let data = data.clone();
            std::thread::spawn(move || {
                let until = std::time::Instant::now() + WATCHDOG;
                while data.stats().reloads < 6 {
                    let facts = data.lookup(ip, AddressSource::MxIp);
                    let both = (facts.country.is_some(), facts.extra["isp"].is_string());
                    assert!(matches!(both, (true, false) | (false, true)), "{facts:?}");
                    assert!(std::time::Instant::now() < until, "{:?}", data.stats());
                }
            })
        })
        .collect();
    let mut minutes = 0;
    while readers.iter().any(|reader| !reader.is_finished()) {
        minutes += 1;
        place(if minutes % 2 == 0 { &city } else { &asn }, &path, minutes);
        std::thread::sleep(Duration::from_millis(20));
    }
    for reader in readers {
        reader.join().expect("no half of a file");
    }
}
