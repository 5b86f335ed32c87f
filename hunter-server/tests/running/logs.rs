//! The whole log of a run, searched for what may not be in it.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Running, hunter, output, sqlite, text};

/// What may stand in no log.
const SECRETS: [&str; 3] = ["GizliRedis1", "GizliSorgu2", "GizliBaslik3"];
/// What may stand in none where people are masked.
const PEOPLE: [&str; 4] = ["ayse.yilmaz@", "mehmet.demir@", "203.0.113.77", "5321234567"];

/// Runs a service that meets all of that, and gives its log and the key that was used.
fn logged(personal: bool, format: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("logs/hunter.log");
    let database = sqlite(folder.path());
    let command = || {
        let mut command = hunter(folder.path());
        command
            .env("HUNTER_DATABASE_URL", &database)
            .env("HUNTER_REDIS_URL", "redis://:GizliRedis1@127.0.0.1:9")
            .env("HUNTER_SECURITY_AUTHENTICATION", "keys")
            .env("HUNTER_SERVER_TRUSTED_PROXIES", "127.0.0.1")
            .env("HUNTER_LOG_FORMAT", format)
            .env("HUNTER_LOG_LEVEL", "trace")
            .env("HUNTER_LOG_FILE", &log)
            .env("HUNTER_LOG_MASK_PERSONAL_DATA", personal.to_string());
        command
    };
    let mut create = hunter(folder.path());
    create.args([
        "keys",
        "create",
        "--name",
        "deneme",
        "--scope",
        "admin",
        "--per-minute",
        "60000",
        "--database",
        &database,
    ]);
    let made = output(&mut create);
    let key = text(&made.stdout);
    let key =
        key.split_whitespace().find(|word| word.starts_with("hk_")).expect("a key").to_owned();

    let service = Running::serve(&mut command());
    let client = ("X-Forwarded-For", "203.0.113.77");
    let with_key = [("X-API-Key", key.as_str()), client];
    let body = r#"{"domain": "ornek.com.tr", "email": "mehmet.demir@ornek.com.tr", "company_name": "Örnek"}"#;
    // Limits begin empty where Redis is away.
    let begun = Instant::now();
    let mut answer = service.ask("POST", "/api/v1/ingest/domain", &with_key, body);
    while answer.0 == 429 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(200));
        answer = service.ask("POST", "/api/v1/ingest/domain", &with_key, body);
    }
    assert_eq!(answer.0, 201, "{}", answer.1);
    service.get("/api/v1/leads/ayse.yilmaz@ornek.com.tr?token=GizliSorgu2", &with_key);
    service.get("/api/v1/leads?search=5321234567", &with_key);
    service.get("/yok/ayse.yilmaz@ornek.com.tr/05321234567", &with_key);
    service
        .get("/api/v1/leads", &[("Authorization", "Bearer hk_0123456789ab.GizliBaslik3"), client]);
    service.ask("POST", "/api/v1/scan/domain", &with_key, "{\"domain\": 5321234567}");
    assert!(service.end().success());
    (std::fs::read_to_string(log).expect("a log"), key)
}

#[test]
fn no_log_holds_a_secret_and_people_stay_unnamed() {
    for format in ["json", "text"] {
        let (log, key) = logged(true, format);
        assert!(log.lines().count() > 20, "{log}");
        let secret = key.split_once('.').expect("a secret").1.to_owned();
        for planted in SECRETS.iter().chain(&PEOPLE).copied().chain([secret.as_str()]) {
            let found = log.lines().find(|line| line.contains(planted));
            assert_eq!(found, None, "{planted}");
        }
    }
}

#[test]
fn secrets_are_hidden_also_where_people_are_not() {
    let (log, key) = logged(false, "json");
    let secret = key.split_once('.').expect("a secret").1.to_owned();
    for planted in SECRETS.iter().copied().chain([secret.as_str()]) {
        let found = log.lines().find(|line| line.contains(planted));
        assert_eq!(found, None, "{planted}");
    }
    let mut answered = 0;
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).expect("each line is an object");
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "{field}: {line}");
        }
        if line["message"] == "answered" {
            answered += 1;
            for field in ["request_id", "method", "route"] {
                assert!(line[field].is_string(), "{field}: {line}");
            }
            for field in ["status", "latency_ms"] {
                assert!(line[field].is_u64(), "{field}: {line}");
            }
        }
    }
    assert!(answered >= 6, "{log}");
}
