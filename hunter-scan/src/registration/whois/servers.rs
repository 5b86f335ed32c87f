//! Which WHOIS server knows a domain, and how it is asked.

use std::collections::HashMap;

use crate::error::ScanError;

const BUILTIN: &str = include_str!("../../../data/whois-servers.txt");

/// How a WHOIS server is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoisServer {
    /// Its host, with `:port` where that is not 43.
    pub host: String,
    /// The character set of answers that are not UTF-8, by a label of the Encoding Standard.
    pub charset: Option<String>,
    /// What is sent, with `$domain` for the name; the name alone where it is `None` (RFC 3912 §2).
    pub query: Option<String>,
}

impl WhoisServer {
    /// A server that is asked with the name alone.
    pub fn new(host: impl Into<String>) -> Self {
        Self { host: host.into(), charset: None, query: None }
    }
}

/// What the table says of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhoisRoute<'a> {
    /// This server knows it.
    Server(&'a WhoisServer),
    /// The registry runs no WHOIS server.
    Nobody,
    /// The table does not have the suffix.
    Unlisted,
}

/// The WHOIS servers of suffixes. A suffix is found label by label, the longest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoisServers {
    by_suffix: HashMap<String, Option<WhoisServer>>,
}

impl WhoisServers {
    /// The table that was built in.
    pub fn builtin() -> Self {
        Self::parse(BUILTIN).expect("the built-in table is tested")
    }

    /// Reads a table. Its form stands at the head of `data/whois-servers.txt`.
    ///
    /// # Errors
    /// `scan_data_file` names the line.
    pub fn parse(text: &str) -> Result<Self, ScanError> {
        let mut by_suffix = HashMap::new();
        for (nth, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fault = |problem: &str| ScanError::DataFile {
                file: "whois servers",
                problem: format!("line {}: {problem}: `{line}`", nth + 1),
            };
            let (suffix, server) = row(line).map_err(&fault)?;
            if by_suffix.insert(suffix.to_ascii_lowercase(), server).is_some() {
                return Err(fault("the suffix stands twice"));
            }
        }
        Ok(Self { by_suffix })
    }

    /// Sets the server of a suffix.
    pub fn insert(&mut self, suffix: &str, server: WhoisServer) {
        self.by_suffix.insert(suffix.to_ascii_lowercase(), Some(server));
    }

    /// Who is asked for a domain.
    pub fn route(&self, domain: &str) -> WhoisRoute<'_> {
        let name = domain.strip_suffix('.').unwrap_or(domain).to_ascii_lowercase();
        let mut rest = name.as_str();
        // The name itself is no suffix of a domain below it.
        while let Some((_, suffix)) = rest.split_once('.') {
            match self.by_suffix.get(suffix) {
                Some(Some(server)) => return WhoisRoute::Server(server),
                Some(None) => return WhoisRoute::Nobody,
                None => rest = suffix,
            }
        }
        WhoisRoute::Unlisted
    }
}

fn row(line: &str) -> Result<(&str, Option<WhoisServer>), &'static str> {
    let (line, query) = match line.split_once(" query=") {
        Some((line, query)) => (line, Some(query.to_owned())),
        None => (line, None),
    };
    if query.as_ref().is_some_and(|query| !query.contains("$domain")) {
        return Err("the query has no `$domain`");
    }
    let mut words = line.split_whitespace();
    let (Some(suffix), Some(host)) = (words.next(), words.next()) else {
        return Err("it needs a suffix and a server");
    };
    let charset = match words.next() {
        None => None,
        Some(word) => Some(word.strip_prefix("charset=").ok_or("an unknown word")?.to_owned()),
    };
    if let Some(label) = &charset
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        return Err("the character set is unknown");
    }
    if words.next().is_some() {
        return Err("a word too many");
    }
    if host == "-" {
        return Ok((suffix, None));
    }
    Ok((suffix, Some(WhoisServer { host: host.to_owned(), charset, query })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host<'a>(servers: &'a WhoisServers, domain: &str) -> Option<&'a str> {
        match servers.route(domain) {
            WhoisRoute::Server(server) => Some(&server.host),
            _ => None,
        }
    }

    #[test]
    fn the_built_in_table_knows_who_has_no_rdap() {
        let servers = WhoisServers::builtin();
        assert_eq!(host(&servers, "ornek.com.tr"), Some("whois.trabis.gov.tr"));
        assert_eq!(host(&servers, "ornek.TR."), Some("whois.trabis.gov.tr"));
        assert_eq!(host(&servers, "ornek.de"), Some("whois.denic.de"));
        assert_eq!(host(&servers, "ornek.co.uk"), Some("whois.nic.uk"));
        assert_eq!(host(&servers, "ornek.ac.uk"), Some("whois.nic.ac.uk"));
        assert_eq!(servers.route("ornek.com.gr"), WhoisRoute::Nobody);
        assert_eq!(servers.route("ornek.telecom"), WhoisRoute::Unlisted);
        assert_eq!(servers.route("com"), WhoisRoute::Unlisted);
        let WhoisRoute::Server(denic) = servers.route("ornek.de") else { panic!("listed") };
        assert_eq!(denic.query.as_deref(), Some("-C UTF-8 -T dn,ace $domain"));
    }

    #[test]
    fn a_faulty_line_is_named() {
        for (text, part) in [
            ("tr", "line 1"),
            ("# head\n\ntr a.tr\nTR b.tr", "line 4"),
            ("tr a.tr charset=klingon", "character set"),
            ("tr a.tr charset=utf-8 more", "too many"),
            ("tr a.tr utf-8", "unknown word"),
            ("tr a.tr query=plain", "$domain"),
        ] {
            let error = WhoisServers::parse(text).expect_err("faulty");
            assert_eq!(error.code(), "scan_data_file");
            assert!(error.to_string().contains(part), "{part}: {error}");
        }
    }
}
