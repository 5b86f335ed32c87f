//! What is documented as a setting is one, and is honoured.

use std::path::Path;

use hunter_server::config::{Layers, Origin};
use toml::{Table, Value};

const DEFAULTS: &str = include_str!("../../src/config/default.toml");

/// Every setting as the environment calls it, with its place and default.
fn settings() -> Vec<(String, String, Value)> {
    let defaults: Table = DEFAULTS.parse().expect("the defaults");
    let mut settings = Vec::new();
    for (section, values) in &defaults {
        for (name, value) in values.as_table().expect("a section") {
            let variable = format!("HUNTER_{section}_{name}").to_uppercase();
            settings.push((variable, format!("{section}.{name}"), value.clone()));
        }
    }
    settings
}

/// Another value than the default, which the setting takes.
fn other(key: &str, default: &Value) -> String {
    match (key, default) {
        ("server.listen" | "worker.listen", _) => "127.0.0.1:9".into(),
        ("server.trusted_proxies", _) => "192.0.2.1".into(),
        ("security.authentication", _) => "keys".into(),
        ("database.environment", _) => "production".into(),
        ("scan.profile", _) => "light".into(),
        ("log.rotate", _) => "size".into(),
        ("scan.probes", _) => "mta_sts".into(),
        ("webhooks.secrets", _) => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into(),
        ("log.format", _) => "json".into(),
        (_, Value::Boolean(default)) => (!default).to_string(),
        (_, Value::Integer(default)) => (default + 1).to_string(),
        (_, Value::Float(default)) => (default + 1.0).to_string(),
        _ => "other".into(),
    }
}

#[test]
fn d30_every_setting_is_honoured_from_the_environment() {
    let settings = settings();
    assert!(settings.len() > 25, "{}", settings.len());
    let before = Layers::default().print();
    for (variable, key, default) in settings {
        let value = other(&key, &default);
        let layers = Layers::load(None, [(variable.clone(), value)]).expect(&variable);
        layers.config().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(layers.origin(&key), &Origin::Environment(variable.clone()));
        assert_ne!(layers.print(), before, "{variable} changes nothing");
    }
}

#[test]
fn d30_what_hosting_platforms_set_is_honoured() {
    for (variable, key) in [("DATABASE_URL", "database.url"), ("REDIS_URL", "redis.url")] {
        let layers = Layers::load(None, [(variable.to_owned(), "redis://a:1".to_owned())]).unwrap();
        assert_eq!(layers.origin(key), &Origin::Environment(variable.to_owned()));
    }
}

/// Names the file of settings.
const OF_THE_FILE: &str = "HUNTER_CONFIG";
/// What only tests read.
const OF_TESTS: &str = "HUNTER_TEST_";

#[test]
fn d30_every_variable_that_is_documented_is_a_setting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let known: Vec<String> = settings().into_iter().map(|(variable, ..)| variable).collect();
    let mut pages =
        vec![root.join("README.md"), root.join("hunter-server/src/config/default.toml")];
    let mut folders = vec![root.join("docs"), root.join("deploy")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.is_dir() { folders.push(path) } else { pages.push(path) }
        }
    }
    let mut found = 0;
    for page in pages {
        let text = std::fs::read(&page).expect("readable");
        let text = String::from_utf8_lossy(&text);
        for (at, _) in text.match_indices("HUNTER_") {
            let rest = &text[at..];
            let end =
                rest.find(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit() && c != '_');
            let name = &rest[..end.unwrap_or(rest.len())];
            // Names are told as being put together.
            if name == "HUNTER_" {
                continue;
            }
            let is_known = known.iter().any(|one| one == name)
                || name == OF_THE_FILE
                || name.starts_with(OF_TESTS);
            assert!(is_known, "{} names {name}, which is no setting", page.display());
            found += 1;
        }
    }
    assert!(found >= 3, "{found}");
}
