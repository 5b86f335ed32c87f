//! Zones of others in octoDNS's form: one YAML file a zone, records by relative name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::zone::Zone;

/// The data of a start of authority, which octoDNS leaves to the provider.
const SOA: &str = "ns.test hostmaster.test 1 3600 600 86400 60";

/// A folder of zones.
#[derive(Debug, Default)]
pub struct Zones {
    /// Each zone by its apex, as a server loads it.
    pub each: BTreeMap<String, Zone>,
    /// What all of them say together: delegations between them left out.
    pub all: Zone,
}

impl Zones {
    /// Reads every `*.yaml` of a folder. Types that no standard knows, and those that nobody asks for
    /// here, are left out.
    pub fn read(folder: &Path) -> Self {
        let mut texts = BTreeMap::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let apex = path.file_stem().expect("a name").to_str().expect("ASCII").to_owned();
                texts.insert(apex, fs::read_to_string(&path).expect("readable"));
            }
        }
        let mut zones = Self::default();
        for (apex, text) in &texts {
            let names: BTreeMap<String, Value> =
                serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{apex}: {error}"));
            let mut zone = Zone::default();
            let mut add = |name: &str, of_type, data: &str| {
                let is_ours = zone.add(name, of_type, data);
                let is_cut = of_type == "NS" && name != apex && texts.contains_key(name);
                if is_ours && !is_cut {
                    zones.all.add(name, of_type, data);
                }
            };
            add(apex, "SOA", SOA);
            for (label, sets) in &names {
                let name = match label.as_str() {
                    "" => apex.clone(),
                    label => format!("{label}.{apex}"),
                };
                // One record set, or several of one name; each with one value, or several.
                for set in several(sets) {
                    let Some(of_type) = set["type"].as_str().and_then(known) else { continue };
                    for value in several(&set["values"]).iter().chain(set.get("value")) {
                        if let Some(data) = data(of_type, value) {
                            add(&name, of_type, &data);
                        }
                    }
                }
            }
            zones.each.insert(apex.clone(), zone);
        }
        zones
    }
}

/// The items of a list; what is no list is one item, and nothing none.
fn several(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

fn known(of_type: &str) -> Option<&'static str> {
    ["A", "AAAA", "CNAME", "MX", "NS", "SRV", "TXT"].into_iter().find(|known| *known == of_type)
}

/// A value as an observation shows it.
fn data(of_type: &str, value: &Value) -> Option<String> {
    let word = |key: &str| match value.get(key)? {
        Value::String(text) => Some(host(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Some(match of_type {
        "MX" => format!("{} {}", word("preference")?, word("exchange")?),
        "SRV" => format!(
            "{} {} {} {}",
            word("priority")?,
            word("weight")?,
            word("port")?,
            word("target")?
        ),
        // octoDNS escapes semicolons.
        "TXT" => value.as_str()?.replace("\\;", ";"),
        "A" | "AAAA" => value.as_str()?.to_owned(),
        _ => host(value.as_str()?),
    })
}

fn host(text: &str) -> String {
    match text {
        "." => ".".to_owned(),
        text => text.trim_end_matches('.').to_ascii_lowercase(),
    }
}
