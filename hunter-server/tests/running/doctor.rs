//! `hunter doctor` on a sound installation, and on one for each thing that can be wrong.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use hunter_nameserver::{NameServer, Running as NameServerRunning};
use serde_json::Value;

use crate::support::{Running, free, hunter, output, sqlite, text, write};

/// A place to look at, with a resolver that can be believed.
struct Place {
    folder: tempfile::TempDir,
    resolver: NameServerRunning,
    runtime: tokio::runtime::Runtime,
}

impl Place {
    fn new() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let resolver =
            NameServer::builder().zone_text("ornek.com.tr. 60 IN MX 1 a.ornek.com.tr.\n");
        let resolver = runtime.block_on(resolver.spawn()).expect("a name server");
        Self { folder: tempfile::tempdir().expect("a folder"), resolver, runtime }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn command(&self) -> Command {
        let mut command = hunter(self.path());
        command
            .env("HUNTER_DATABASE_URL", sqlite(self.path()))
            .env("HUNTER_SCAN_RESOLVERS", self.resolver.addr().to_string())
            .env("HUNTER_SERVER_LISTEN", free().to_string());
        command
    }

    fn migrate(&self) {
        let mut command = hunter(self.path());
        command.args(["migrate", "up", "--database", &sqlite(self.path())]);
        assert!(output(&mut command).status.success());
    }
}

/// What the doctor says, and whether nothing failed.
fn examined(command: &mut Command) -> (bool, Value) {
    let said = output(command.args(["doctor", "--json"]));
    let report = serde_json::from_slice(&said.stdout);
    let report: Value = report.unwrap_or_else(|error| panic!("{error}: {}", text(&said.stderr)));
    let sound = said.status.code() == Some(0);
    assert_eq!(sound, report["status"] != "fail", "{report}");
    assert!(sound || said.status.code() == Some(1));
    (sound, report)
}

/// The verdict on one thing; whatever is not well has a remedy.
fn on(report: &Value, name: &str) -> (String, String) {
    let check = report["checks"].as_array().expect("checks").iter().find(|one| one["name"] == name);
    let check = check.unwrap_or_else(|| panic!("{name}: {report}"));
    let status = check["status"].as_str().expect("a status").to_owned();
    assert_eq!(status != "ok", check["remedy"].is_string(), "{check}");
    (status, check["detail"].as_str().expect("a detail").to_owned())
}

fn assert_on(report: &Value, name: &str, status: &str, word: &str) {
    let (found, detail) = on(report, name);
    assert_eq!(found, status, "{name}: {detail}");
    assert!(detail.contains(word), "{name}: {detail}");
}

#[test]
fn a_sound_installation_is_called_one() {
    let place = Place::new();
    place.migrate();
    let (sound, report) = examined(&mut place.command());
    assert!(sound, "{report}");
    for check in report["checks"].as_array().expect("checks") {
        assert_eq!(check["status"], "ok", "{report}");
    }
    let said = output(place.command().arg("doctor"));
    assert!(text(&said.stdout).contains("ok    resolvers"), "{}", text(&said.stdout));
}

#[test]
fn a_database_that_is_not_there_yet_is_told_and_not_made() {
    let place = Place::new();
    let (sound, report) = examined(&mut place.command());
    assert!(sound, "{report}");
    assert_on(&report, "database", "warn", "no file");
    assert!(!place.path().join("hunter.db").exists());
}

#[test]
fn broken_settings_end_the_look() {
    let place = Place::new();
    let mut command = place.command();
    let (sound, report) = examined(command.env("HUNTER_WORKER_BATCHS", "3"));
    assert!(!sound);
    assert_on(&report, "configuration", "fail", "HUNTER_WORKER_BATCHES");
    let (_, report) = examined(place.command().env("HUNTER_LOG_LEVEL", "loud=very"));
    assert_on(&report, "configuration", "fail", "loud");
}

#[test]
fn a_database_that_does_not_answer_is_told_without_its_password() {
    let place = Place::new();
    let mut command = place.command();
    let url = "postgres://hunter:GizliParola@127.0.0.1:9/hunter";
    let (sound, report) = examined(command.env("HUNTER_DATABASE_URL", url));
    assert!(!sound);
    assert_eq!(on(&report, "database").0, "fail");
    assert!(!report.to_string().contains("GizliParola"), "{report}");
    // The rest is looked at all the same.
    assert_on(&report, "resolvers", "ok", "believed");
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let place = Place::new();
    write(place.path(), "hunter.db", &"this is no database ".repeat(100));
    let (sound, report) = examined(&mut place.command());
    assert!(!sound);
    assert_eq!(on(&report, "database").0, "fail", "{report}");
}

#[test]
fn a_schema_that_is_behind_fails_in_production_only() {
    let place = Place::new();
    place.migrate();
    let mut down = hunter(place.path());
    down.args(["migrate", "down", "--database", &sqlite(place.path())]);
    assert!(output(&mut down).status.success());
    let (sound, report) = examined(&mut place.command());
    assert!(sound);
    assert_on(&report, "schema", "warn", "1 revisions");
    let mut command = place.command();
    let (sound, report) = examined(command.env("HUNTER_DATABASE_ENVIRONMENT", "production"));
    assert!(!sound);
    assert_on(&report, "schema", "fail", "1 revisions");
}

#[test]
fn a_schema_that_somebody_changed_is_told() {
    let place = Place::new();
    place.migrate();
    let mut sqlite3 = Command::new("sqlite3");
    sqlite3.arg(place.path().join("hunter.db")).arg("DROP INDEX batches_open");
    assert!(sqlite3.status().expect("sqlite3, of the package of that name").success());
    let (sound, report) = examined(&mut place.command());
    assert!(!sound);
    assert_on(&report, "drift", "fail", "batches_open");
}

#[test]
fn a_redis_that_does_not_answer_is_told_without_its_password() {
    let place = Place::new();
    place.migrate();
    let mut command = place.command();
    let url = format!("redis://:GizliParola@{}", free());
    let (sound, report) = examined(command.env("HUNTER_REDIS_URL", url));
    assert!(!sound);
    assert_eq!(on(&report, "redis").0, "fail");
    assert!(!report.to_string().contains("GizliParola"), "{report}");
    let mut command = place.command();
    let (_, report) = examined(command.env("HUNTER_REDIS_URL", "http://127.0.0.1"));
    assert_eq!(on(&report, "redis").0, "fail");
}

#[test]
fn silent_resolvers_are_told() {
    let place = Place::new();
    place.migrate();
    let mut command = place.command();
    command.env("HUNTER_SCAN_RESOLVERS", "127.0.0.1:9").env("HUNTER_SCAN_ATTEMPTS", "1");
    let (sound, report) = examined(command.env("HUNTER_SCAN_TIMEOUT_MILLISECONDS", "300"));
    assert!(!sound);
    assert_on(&report, "resolvers", "fail", "scan_resolvers_silent");
}

#[test]
fn a_resolver_that_invents_names_is_told() {
    let place = Place::new();
    place.migrate();
    let liar = NameServer::builder().zone_text("*. 60 IN A 192.0.2.1\n*. 60 IN MX 1 a.example.\n");
    let liar = place.runtime.block_on(liar.spawn()).expect("a name server");
    let mut command = place.command();
    let resolver = liar.addr().to_string();
    let (sound, report) = examined(command.env("HUNTER_SCAN_RESOLVERS", resolver));
    assert!(!sound);
    assert_on(&report, "resolvers", "fail", "scan_resolver_lies");
}

#[test]
fn data_files_that_cannot_be_used_are_named() {
    let place = Place::new();
    place.migrate();
    let data = place.path().join("data");
    std::fs::create_dir(&data).expect("a folder");
    write(&data, "rules.toml", "this is = no rule set");
    let mut command = place.command();
    command.env("HUNTER_DATA_FOLDER", &data).env("HUNTER_DATA_LANGUAGE", "xx");
    command.env("HUNTER_SCAN_IP_DATA", place.path().join("none.mmdb"));
    let (sound, report) = examined(&mut command);
    assert!(!sound);
    assert_on(&report, "data files", "fail", "rules.toml");
    assert_eq!(on(&report, "texts").0, "fail");
    assert_on(&report, "IP data", "warn", "none.mmdb");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_told() {
    let place = Place::new();
    place.migrate();
    let mut command = place.command();
    // Nobody can write there, not even root.
    let (sound, report) = examined(command.env("HUNTER_LOG_FILE", "/proc/self/hunter.log"));
    assert!(!sound);
    assert_on(&report, "folder of the log", "fail", "/proc/self");
}

#[test]
fn a_port_is_free_or_ours_or_taken() {
    let place = Place::new();
    place.migrate();
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = other.local_addr().expect("an address").to_string();
    let (sound, report) = examined(place.command().env("HUNTER_SERVER_LISTEN", &taken));
    assert!(!sound);
    assert_on(&report, "port", "fail", "taken");

    let service = Running::serve(&mut place.command());
    let ours = service.address().to_string();
    let (sound, report) = examined(place.command().env("HUNTER_SERVER_LISTEN", &ours));
    assert!(sound, "{report}");
    assert_on(&report, "port", "ok", "a hunter answers");
}

#[test]
fn nobody_to_administer_is_told() {
    let place = Place::new();
    place.migrate();
    let mut command = place.command();
    let (sound, report) = examined(command.env("HUNTER_SERVER_LISTEN", "0.0.0.0:0"));
    assert!(!sound);
    assert_on(&report, "keys", "fail", "administer");
}
