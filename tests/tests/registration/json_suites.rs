//! The suites whose expectations are JSON.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Case, Expected, Stated, day, files, relative};

/// `noterror/TLD_NAME` with `.json` beside it, `notfound/TLD_NAME`.
pub(super) fn likexian(root: &Path) -> Vec<Case> {
    let raw = files(root).into_iter().filter(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        !name.ends_with(".json") && !name.ends_with(".pre") && !name.ends_with(".md")
    });
    raw.map(|path| {
        let name = relative(&path, root);
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        let (tld, domain) = file.split_once('_').expect("TLD_NAME");
        let mut expected = Expected::nothing();
        if name.starts_with("notfound") {
            expected.registered = Stated::Some(false);
        } else {
            let json = json(&path.with_file_name(format!("{file}.json")));
            let domain = &json["domain"];
            expected.registered = Stated::Some(true);
            expected.registrar = text(&json["registrar"]["name"]);
            let time = |name: &str| match &domain[format!("{name}_in_time")] {
                Value::Null => date(&domain[name]),
                time => date(time),
            };
            expected.created = time("created_date");
            expected.updated = time("updated_date");
            expected.expires = time("expiration_date");
            expected.nameservers = names(&domain["name_servers"]);
        }
        Case {
            name: format!("likexian/{name}"),
            tld: tld.rsplit('.').next().expect("one").to_owned(),
            domain: domain.to_owned(),
            answer: fs::read(&path).expect("readable"),
            expected,
        }
    })
    .collect()
}

/// `whois/NAME`, `expected/NAME`.
pub(super) fn richardpenman(root: &Path) -> Vec<Case> {
    let raw = files(&root.join("whois"));
    raw.into_iter()
        .map(|path| {
            let domain = path.file_name().expect("a file").to_string_lossy().into_owned();
            let mut expected = Expected::nothing();
            let stated =
                fs::read_to_string(root.join("expected").join(&domain)).unwrap_or_default();
            if let Ok(json) = serde_json::from_str::<Value>(&stated) {
                expected.registrar = text(first(&json["registrar"]));
                expected.created = date(first(&json["creation_date"]));
                expected.updated = date(first(&json["updated_date"]));
                expected.expires = date(first(&json["expiration_date"]));
                if json["domain_name"].is_string() {
                    expected.registered = Stated::Some(true);
                }
            }
            Case {
                name: format!("richardpenman/{domain}"),
                tld: domain.rsplit('.').next().expect("one").to_owned(),
                answer: fs::read(&path).expect("readable"),
                domain,
                expected,
            }
        })
        .collect()
}

/// `TLD/NAME.txt` with `NAME.json` beside it; `TLD/free.txt`.
pub(super) fn io_developer(root: &Path) -> Vec<Case> {
    let raw = files(root).into_iter().filter(|path| path.extension().is_some_and(|e| e == "txt"));
    raw.map(|path| {
        let name = relative(&path, root);
        let zone = name.split('/').next().expect("one").to_owned();
        let stem = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let mut expected = Expected::nothing();
        if stem == "free" {
            expected.registered = Stated::Some(false);
        } else if path.with_extension("json").exists() {
            let json = json(&path.with_extension("json"));
            expected.registered = Stated::Some(true);
            expected.registrar = text(&json["registrar"]);
            expected.created = date(&json["creationDate"]);
            expected.updated = date(&json["updatedDate"]);
            expected.expires = date(&json["expirationDate"]);
            expected.nameservers = names(&json["nameServers"]);
        }
        Case {
            name: format!("io-developer/{name}"),
            tld: zone.rsplit('.').next().expect("one").to_owned(),
            domain: format!("ornek-ornek.{zone}"),
            answer: fs::read(&path).expect("readable"),
            expected,
        }
    })
    .collect()
}

/// `TLD/caseN.txt`.
pub(super) fn without_expectation(root: &Path, suite: &str) -> Vec<Case> {
    files(root)
        .into_iter()
        .map(|path| {
            let name = relative(&path, root);
            let tld = name.split('/').next().expect("one").to_owned();
            Case {
                name: format!("{suite}/{name}"),
                domain: format!("ornek-ornek.{tld}"),
                tld,
                answer: fs::read(&path).expect("readable"),
                expected: Expected::nothing(),
            }
        })
        .collect()
}

/// `tld_TLD.txt`, and one expectation.
pub(super) fn asyncwhois(root: &Path) -> Vec<Case> {
    let raw = files(root).into_iter().filter(|path| path.extension().is_some_and(|e| e == "txt"));
    raw.map(|path| {
        let stem = path.file_stem().expect("a file").to_string_lossy().into_owned();
        let tld = stem.trim_start_matches("tld_").trim_end_matches(char::is_numeric).to_owned();
        let mut expected = Expected::nothing();
        if tld == "com" {
            let json = json(&root.join("com_dict_asyncwhois.json"));
            expected.registered = Stated::Some(true);
            expected.registrar = text(&json["registrar"]);
            expected.created = date(&json["created"]);
            expected.updated = date(&json["updated"]);
            expected.expires = date(&json["expires"]);
            expected.nameservers = names(&json["name_servers"]);
        }
        Case {
            name: format!("asyncwhois/{stem}.txt"),
            domain: format!("ornek-ornek.{tld}"),
            tld,
            answer: fs::read(&path).expect("readable"),
            expected,
        }
    })
    .collect()
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Some fields are lists of what the server gave under several labels.
fn first(value: &Value) -> &Value {
    value.as_array().and_then(|list| list.first()).unwrap_or(value)
}

fn text(value: &Value) -> Stated<Vec<String>> {
    match value.as_str() {
        Some(text) if !text.is_empty() => Stated::Some(vec![text.to_owned()]),
        _ => Stated::No,
    }
}

fn date(value: &Value) -> Stated<time::Date> {
    value.as_str().and_then(day).filter(|day| day.year() > 1970).map_or(Stated::No, Stated::Some)
}

fn names(value: &Value) -> Stated<Vec<String>> {
    let Some(list) = value.as_array().filter(|list| !list.is_empty()) else { return Stated::No };
    let names = list.iter().filter_map(Value::as_str);
    Stated::Some(names.map(|name| name.trim_end_matches('.').to_lowercase()).collect())
}
