//! The expectations of weppos/whois-parser: blocks of `#property` and assertions about it.

use std::fs;
use std::path::Path;

use super::{Case, Expected, Stated, day, files, relative};

pub(super) fn cases(root: &Path) -> Vec<Case> {
    let raw = files(root).into_iter().filter(|path| path.extension().is_some_and(|e| e == "txt"));
    raw.filter_map(|path| {
        let text = fs::read_to_string(path.with_extension("expected")).ok()?;
        let name = relative(&path, root);
        let parts: Vec<&str> = name.split('/').collect();
        // `server/tld/file`, `server/tld/part/file`, or `server/file` for a registrar.
        let zone = if parts.len() > 2 { parts[1] } else { "" };
        let tld = zone.rsplit('.').next().unwrap_or_default();
        // Two folders bear names that are no top level.
        let tld = match tld {
            "tld" => "",
            "ex" => "ec",
            other => other,
        };
        let expected = expected(&text);
        Some(Case {
            name: format!("weppos/{name}"),
            tld: tld.to_owned(),
            domain: String::new(),
            answer: fs::read(&path).expect("readable"),
            expected,
        })
    })
    .collect()
}

fn expected(text: &str) -> Expected {
    let mut expected = Expected::nothing();
    let mut property = "";
    let (mut registered, mut available) = (None, None);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('#') {
            property = name.trim();
            continue;
        }
        let Some(assertion) = line.trim().strip_prefix("%s") else { continue };
        let assertion = assertion.trim_start();
        match property {
            "registered?" => registered = truth(assertion),
            "available?" => available = truth(assertion),
            "response_throttled?" | "response_unavailable?" | "response_blocked?" => {
                expected.refused |= truth(assertion) == Some(true);
            }
            "created_on" => time(&mut expected.created, assertion),
            "updated_on" => time(&mut expected.updated, assertion),
            "expires_on" => time(&mut expected.expires, assertion),
            "registrar" => registrar(&mut expected.registrar, assertion),
            "nameservers" => nameservers(&mut expected.nameservers, assertion),
            _ => {}
        }
    }
    // A reserved name is neither: it is not compared.
    expected.registered = match (registered, available) {
        (Some(true), _) => Stated::Some(true),
        (Some(false), Some(true)) => Stated::Some(false),
        _ => Stated::No,
    };
    expected
}

fn truth(assertion: &str) -> Option<bool> {
    assertion.strip_prefix("== ")?.trim().parse().ok()
}

fn time(stated: &mut Stated<time::Date>, assertion: &str) {
    if assertion == "== nil" {
        *stated = Stated::None;
    } else if let Some(text) = assertion.strip_prefix("%TIME{") {
        let text = text.trim_end_matches('}');
        *stated = Stated::Some(day(text).unwrap_or_else(|| panic!("no time: {text}")));
    }
}

fn registrar(stated: &mut Stated<Vec<String>>, assertion: &str) {
    if assertion == "== nil" {
        *stated = Stated::None;
        return;
    }
    let named = assertion.strip_prefix(".name").or_else(|| assertion.strip_prefix(".organization"));
    let Some(value) = named.and_then(|rest| rest.trim_start().strip_prefix("== ")) else { return };
    if let Some(value) = value.trim().strip_prefix('"') {
        let value = value.trim_end_matches('"').replace("\\\"", "\"");
        match stated {
            Stated::Some(names) => names.push(value),
            _ => *stated = Stated::Some(vec![value]),
        }
    }
}

fn nameservers(stated: &mut Stated<Vec<String>>, assertion: &str) {
    if assertion == "== []" {
        *stated = Stated::None;
        return;
    }
    let Some((_, value)) = assertion.split_once(".name").filter(|_| assertion.starts_with('['))
    else {
        return;
    };
    let name = value.trim_start().trim_start_matches("==").trim().trim_matches('"');
    match stated {
        Stated::Some(names) => names.push(name.to_lowercase()),
        _ => *stated = Stated::Some(vec![name.to_lowercase()]),
    }
}
