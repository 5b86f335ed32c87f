//! Which RDAP server knows a domain: the bootstrap registry of IANA (RFC 9224).

use std::collections::HashMap;
use std::path::Path;

use reqwest::Url;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::ScanError;

const BUILTIN: &str = include_str!("../../data/rdap-bootstrap.json");

/// The RDAP servers of top levels and other suffixes.
///
/// A suffix is found label by label, the longest first (RFC 9224 §4), whatever the case: `telecom` is
/// not `com`.
///
/// ```
/// use hunter_scan::registration::Bootstrap;
///
/// let bootstrap = Bootstrap::builtin();
/// assert_eq!(bootstrap.servers("Ornek.COM"), Some(&["https://rdap.verisign.com/com/v1/".to_owned()][..]));
/// // Registries of countries need not have RDAP: WHOIS is asked there.
/// assert_eq!(bootstrap.servers("ornek.com.tr"), None);
/// assert_eq!(bootstrap.published().year(), 2026);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bootstrap {
    published: OffsetDateTime,
    servers: HashMap<String, Vec<String>>,
}

impl Bootstrap {
    /// The file that was built in.
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("the built-in file is tested")
    }

    /// Reads a bootstrap file (RFC 9224 §3).
    ///
    /// # Errors
    /// `scan_data_file` where it is not one, whole: a file with one faulty service may be faulty
    /// elsewhere too.
    pub fn parse(json: &str) -> Result<Self, ScanError> {
        let fault = |problem: String| ScanError::DataFile { file: "rdap bootstrap", problem };
        let file: Value = serde_json::from_str(json).map_err(|error| fault(error.to_string()))?;
        if file["version"] != "1.0" {
            return Err(fault(format!("version {} is not `1.0`", file["version"])));
        }
        let published = file["publication"].as_str().unwrap_or_default();
        let published = OffsetDateTime::parse(published, &Rfc3339)
            .map_err(|error| fault(format!("publication `{published}`: {error}")))?;
        let services = file["services"].as_array().ok_or_else(|| fault("no `services`".into()))?;
        let mut servers = HashMap::new();
        for (nth, service) in services.iter().enumerate() {
            let (suffixes, urls) = service_of(service)
                .map_err(|problem| fault(format!("service {}: {problem}", nth + 1)))?;
            for suffix in suffixes {
                if servers.insert(suffix.clone(), urls.clone()).is_some() {
                    return Err(fault(format!("service {}: `{suffix}` stands twice", nth + 1)));
                }
            }
        }
        if servers.is_empty() {
            return Err(fault("it names no server".into()));
        }
        Ok(Self { published, servers })
    }

    /// Reads a bootstrap file from disk.
    ///
    /// # Errors
    /// `scan_data_file` where it cannot be read or is not one.
    pub fn load(path: &Path) -> Result<Self, ScanError> {
        let text = std::fs::read_to_string(path).map_err(|error| ScanError::DataFile {
            file: "rdap bootstrap",
            problem: format!("`{}`: {error}", path.display()),
        })?;
        Self::parse(&text)
    }

    /// Checks a downloaded file and puts it in the place of another. What is in place stays where the
    /// new file is faulty or cannot be written: it is written beside and then renamed.
    ///
    /// # Errors
    /// `scan_data_file` names what is wrong.
    pub fn store(json: &str, path: &Path) -> Result<Self, ScanError> {
        let parsed = Self::parse(json)?;
        let beside = path.with_extension("new");
        std::fs::write(&beside, json).and_then(|()| std::fs::rename(&beside, path)).map_err(
            |error| ScanError::DataFile {
                file: "rdap bootstrap",
                problem: format!("`{}`: {error}", path.display()),
            },
        )?;
        Ok(parsed)
    }

    /// When IANA published it.
    pub fn published(&self) -> OffsetDateTime {
        self.published
    }

    /// How many suffixes it knows.
    pub fn len(&self) -> usize {
        self.servers.len()
    }

    /// Whether it knows none. A file that was read never does.
    pub fn is_empty(&self) -> bool {
        self.servers.is_empty()
    }

    /// The base URLs of the servers that know a domain, each with a slash at its end, those with TLS
    /// first; `None` where the file names none.
    pub fn servers(&self, domain: &str) -> Option<&[String]> {
        let name = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
        let mut suffix = name.as_str();
        loop {
            if let Some(servers) = self.servers.get(suffix) {
                return Some(servers);
            }
            suffix = suffix.split_once('.')?.1;
        }
    }
}

/// The suffixes and the URLs of one service: `[["com", "net"], ["https://rdap.example/"]]`.
fn service_of(service: &Value) -> Result<(Vec<String>, Vec<String>), String> {
    let texts = |value: &Value| -> Option<Vec<String>> {
        value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
    };
    let parts = service.as_array().filter(|parts| parts.len() == 2);
    let [suffixes, urls] = parts.map_or([None, None], |parts| [texts(&parts[0]), texts(&parts[1])]);
    let (Some(suffixes), Some(urls)) = (suffixes, urls) else {
        return Err("it is not a list of suffixes and a list of URLs".into());
    };
    if suffixes.is_empty() || urls.is_empty() {
        return Err("a list is empty".into());
    }
    let suffixes: Vec<String> = suffixes.iter().map(|suffix| suffix.to_ascii_lowercase()).collect();
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if let Some(faulty) = suffixes.iter().find(|suffix| !suffix.split('.').all(is_label)) {
        return Err(format!("`{faulty}` is no suffix"));
    }
    let mut checked = Vec::with_capacity(urls.len());
    for mut url in urls {
        let parsed = Url::parse(&url).map_err(|error| format!("`{url}`: {error}"))?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(format!("`{url}` is neither http nor https"));
        }
        // RFC 9224 §3: base URLs end in a slash.
        if !url.ends_with('/') {
            url.push('/');
        }
        checked.push(url);
    }
    checked.sort_by_key(|url| !url.starts_with("https:"));
    Ok((suffixes, checked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(services: &str) -> String {
        format!(
            r#"{{"version":"1.0","publication":"2026-07-14T22:00:03Z","services":[{services}]}}"#
        )
    }

    #[test]
    fn the_built_in_file_knows_most_top_levels() {
        let bootstrap = Bootstrap::builtin();
        assert!(bootstrap.len() > 1_100, "{}", bootstrap.len());
        assert!(bootstrap.servers("example.org").is_some());
        for none in ["ornek.com.tr", "ornek.de", "ornek.ch", "ornek.io", "", "."] {
            assert_eq!(bootstrap.servers(none), None, "{none}");
        }
    }

    #[test]
    fn labels_match_whole_the_longest_first_and_without_case() {
        let text = file(
            r#"[["COM","net"],["http://a.example","https://b.example/x"]],[["co.com"],["https://c.example/"]]"#,
        );
        let bootstrap = Bootstrap::parse(&text).expect("well-formed");
        let first = |domain| bootstrap.servers(domain).map(|urls| urls[0].as_str());
        assert_eq!(first("Ornek.Com."), Some("https://b.example/x/"));
        assert_eq!(bootstrap.servers("a.net").expect("known")[1], "http://a.example/");
        assert_eq!(first("ornek.co.com"), Some("https://c.example/"));
        assert_eq!(first("ornek.xco.com"), Some("https://b.example/x/"));
        assert_eq!(first("ornek.telecom"), None);
        assert_eq!(first("com.ornek"), None);
    }

    #[test]
    fn a_faulty_file_is_refused_whole_and_the_fault_is_named() {
        for (text, part) in [
            ("{".to_owned(), "EOF"),
            ("{}".to_owned(), "version"),
            (file("[]"), "service 1"),
            (file(r#"[["com"],["https://a.example/"]],[["net"],[]]"#), "service 2"),
            (file(r#"[["com"],["ftp://a.example/"]]"#), "ftp"),
            (file(r#"[["com"],["a.example"]]"#), "a.example"),
            (file(r#"[["c om"],["https://a.example/"]]"#), "c om"),
            (file(r#"[["com","Com"],["https://a.example/"]]"#), "twice"),
            (file(""), "no server"),
            (file("").replace("2026-07-14T22:00:03Z", "today"), "publication"),
        ] {
            let error = Bootstrap::parse(&text).expect_err("faulty");
            assert_eq!(error.code(), "scan_data_file");
            assert!(error.to_string().contains(part), "{part}: {error}");
        }
    }

    #[test]
    fn a_faulty_download_leaves_the_old_file_in_place() {
        let folder = std::env::temp_dir().join(format!("hunter-bootstrap-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("dns.json");
        let good = file(r#"[["com"],["https://a.example/"]]"#);
        Bootstrap::store(&good, &path).expect("stored");
        assert!(Bootstrap::store("{", &path).is_err());
        assert_eq!(Bootstrap::load(&path).expect("still there").len(), 1);
        std::fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(Bootstrap::load(&path).expect_err("gone").code(), "scan_data_file");
    }
}
