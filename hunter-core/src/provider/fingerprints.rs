//! The fingerprint table as data: who runs which mail hosts, and where that is known from.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Deserialize;

use super::suffix::{Clash, Suffix, SuffixTable};
use crate::data_file::DataFile;
use crate::error::{DataError, Error};
use crate::rules::content_hash;
use crate::vocabulary::{ProviderClass, vocabulary};

const BUILTIN: &str = include_str!("../../data/providers.json");

/// How many characters a short name may have: a column of a table and a spoken sentence bear it.
const LONGEST_SHORT_NAME: usize = 24;

/// The table's own format number that this version reads.
const FORMAT: u32 = 1;

vocabulary! {
    /// What a provider does for the domains that point to it.
    pub enum ProviderKind ("provider kind") {
        /// Hosted mailboxes with a collaboration suite.
        Suite = "suite",
        /// Mailboxes at an international hoster.
        Hosting = "hosting",
        /// Sends for the domain; holds no mailboxes.
        Transactional = "transactional",
        /// Filters in front of mailboxes that it does not name.
        SecurityGateway = "security-gateway",
        /// Passes mail on to mailboxes that it does not name.
        Forwarding = "forwarding",
        /// Mail of an access provider or an institution.
        Isp = "isp",
        /// Hoster of the home market.
        LocalHosting = "local-hosting",
        /// Free personal mail; never a business suite.
        ConsumerMail = "consumer-mail",
    }
}

vocabulary! {
    /// How well an entry of the table is founded.
    pub enum Grade ("confidence grade") {
        /// One unverified list, or an inference.
        Low = "low",
        /// One observation, or two secondary lists.
        Medium = "medium",
        /// A vendor document, a live check, or two independent observations.
        High = "high",
    }
}

impl Grade {
    /// The grade as a number from 0 to 1.
    pub const fn confidence(self) -> f64 {
        match self {
            Self::Low => 0.5,
            Self::Medium => 0.8,
            Self::High => 0.95,
        }
    }
}

/// One sign by which a provider is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign<V = Suffix> {
    /// The value to match; how it matches is said where the sign stands.
    #[serde(rename = "v")]
    pub value: V,
    /// How well the sign is founded.
    #[serde(rename = "c")]
    pub grade: Grade,
    /// Where it is known from: keys of [`Fingerprints::sources`].
    #[serde(rename = "s")]
    pub sources: Vec<String>,
    /// What to mind.
    #[serde(default)]
    pub note: String,
}

/// One provider and every sign by which it is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Stable identifier, such as `microsoft-365`.
    pub id: String,
    /// Name to show, with what tells it from its neighbours.
    pub name: String,
    /// Name as people say it, where `name` is too long for a table or a sentence.
    #[serde(default)]
    short_name: Option<String>,
    /// What it does.
    pub kind: ProviderKind,
    /// A finer kind, such as `marketing`.
    #[serde(default)]
    pub subkind: Option<String>,
    /// ISO 3166-1 alpha-2 code of its home, where it has one.
    #[serde(default)]
    pub country: Option<String>,
    /// What to mind.
    #[serde(default)]
    pub note: String,
    /// The scoring class, where the kind does not decide it.
    #[serde(default, rename = "class")]
    own_class: Option<ProviderClass>,
    /// MX hosts; `*` stands for exactly one label.
    #[serde(default)]
    pub mx_suffix: Vec<Sign>,
    /// Targets of `include:` and `redirect=`.
    #[serde(default)]
    pub spf_include: Vec<Sign>,
    /// Labels in front of `._domainkey`; `*` at the end matches any rest.
    #[serde(default)]
    pub dkim_selector: Vec<Sign<String>>,
    /// Hops of a selector's CNAME chain.
    #[serde(default)]
    pub dkim_cname_suffix: Vec<Sign>,
    /// Starts of TXT records: `prefix:` and a literal, or `re:` and a regular expression.
    #[serde(default)]
    pub txt_token: Vec<Sign<String>>,
    /// Name servers, as suffixes or `re:` and a regular expression: weak.
    #[serde(default)]
    pub ns_suffix: Vec<Sign<String>>,
    /// Names of MX addresses.
    #[serde(default)]
    pub ptr_suffix: Vec<Sign>,
    /// Service names below the domain, and the targets of their CNAMEs.
    #[serde(default)]
    pub cname: BTreeMap<String, Vec<Sign>>,
    /// Service records.
    #[serde(default)]
    pub srv: Vec<Sign<String>>,
    /// Starts of SMTP greetings.
    #[serde(default)]
    pub smtp_banner: Vec<Sign<String>>,
    /// Autonomous systems of its mail hosts.
    #[serde(default)]
    pub asn: Vec<u32>,
}

impl Provider {
    /// The name as people say it: at most 24 characters, without brackets or a second name. Where
    /// the entry has none of its own, this is [`name`](Self::name) as it stands.
    ///
    /// ```
    /// use hunter_core::provider::Fingerprints;
    ///
    /// let table = Fingerprints::builtin();
    /// let natro = table.provider("natro").expect("it is in the table");
    /// assert_eq!((natro.name.as_str(), natro.short_name()), ("Natro (team.blue)", "Natro"));
    /// ```
    pub fn short_name(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }

    /// The scoring class of a domain whose MX points here.
    pub const fn class(&self) -> ProviderClass {
        match (self.own_class, self.kind) {
            (Some(class), _) => class,
            (None, ProviderKind::Suite | ProviderKind::Hosting) => ProviderClass::Hosting,
            (None, ProviderKind::Isp | ProviderKind::LocalHosting) => ProviderClass::Local,
            (
                None,
                ProviderKind::ConsumerMail
                | ProviderKind::SecurityGateway
                | ProviderKind::Forwarding
                | ProviderKind::Transactional,
            ) => ProviderClass::Unknown,
        }
    }

    /// Whether the mailboxes stand elsewhere, behind this provider.
    pub const fn hides_mailbox(&self) -> bool {
        matches!(self.kind, ProviderKind::SecurityGateway | ProviderKind::Forwarding)
    }
}

/// Where a sign is known from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What it is.
    pub what: String,
    /// Where it stands.
    #[serde(rename = "where")]
    pub place: String,
    /// What to mind.
    #[serde(default)]
    pub note: String,
}

/// A DMARC service, known by the addresses that reports go to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DmarcService {
    /// Stable identifier.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Domains of `rua` addresses.
    pub rua_domain: Vec<Sign>,
    /// SPF records that it hosts.
    #[serde(default)]
    pub spf_include: Vec<Sign>,
}

/// A service that asks for a TXT record as proof of ownership.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TxtService {
    /// Start of the TXT record.
    pub token: String,
    /// Name to show.
    pub service: String,
    #[serde(rename = "c")]
    /// How well the sign is founded.
    pub grade: Grade,
    /// Where it is known from.
    #[serde(rename = "s")]
    pub sources: Vec<String>,
}

/// Who runs name servers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DnsHost {
    /// Name servers' suffix, or `re:` and a regular expression.
    pub suffix: String,
    /// Name to show.
    pub name: String,
    /// How well the sign is founded.
    #[serde(rename = "c")]
    pub grade: Grade,
    /// Where it is known from.
    #[serde(rename = "s")]
    pub sources: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(rename = "title")]
    _title: String,
    version: String,
    #[serde(rename = "built")]
    _built: String,
    /// Prose for the reader of the file; the code carries its own.
    #[serde(rename = "kinds")]
    _kinds: BTreeMap<ProviderKind, String>,
    #[serde(rename = "matching")]
    _matching: BTreeMap<String, String>,
    #[serde(rename = "confidence")]
    _confidence: BTreeMap<Grade, String>,
    sources: BTreeMap<String, Source>,
    providers: Vec<Provider>,
    dmarc_services: Vec<DmarcService>,
    txt_services: Vec<TxtService>,
    dns_hosts: Vec<DnsHost>,
}

/// The fingerprint table, checked and indexed.
#[derive(Debug)]
pub struct Fingerprints {
    file: File,
    hash: Arc<str>,
    mx: SuffixTable<MxSign>,
}

/// Which provider and which of its signs a suffix belongs to.
#[derive(Debug, Clone, Copy)]
struct MxSign {
    provider: u32,
    grade: Grade,
}

/// A provider named by an MX host.
#[derive(Debug, Clone, Copy)]
pub struct MxMatch<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// The suffix that matched.
    pub suffix: &'a str,
    /// How well that sign is founded.
    pub grade: Grade,
}

impl Fingerprints {
    /// The built-in table.
    ///
    /// # Panics
    /// Never: a test reads the same text.
    pub fn builtin() -> Self {
        Self::from_json("providers.json", BUILTIN).expect("the built-in table is valid")
    }

    /// Reads and checks a table. `name` is only used in errors.
    ///
    /// # Errors
    /// A `data_*` error that names file, line and key: a duplicate suffix or identifier, an unknown
    /// kind, an entry without a source.
    pub fn from_json(name: &str, text: &str) -> Result<Self, Error> {
        let at = DataFile { name, text };
        let file: File = at.json()?;
        if file.format != FORMAT {
            let problem = format!("{} is not {FORMAT}, the only format known", file.format);
            return Err(at.error("data_value", None, Some("format".into()), problem).into());
        }
        check(at, &file)?;
        let mut mx = SuffixTable::new();
        for (nth, provider) in file.providers.iter().enumerate() {
            for (entry, sign) in provider.mx_suffix.iter().enumerate() {
                let provider_index = u32::try_from(nth).expect("far fewer providers");
                let value = MxSign { provider: provider_index, grade: sign.grade };
                let key = || format!("providers[{nth}].mx_suffix[{entry}].v");
                match mx.insert(&sign.value, value) {
                    Ok(()) => {}
                    Err(Clash::Duplicate) => {
                        return Err(duplicate(at, sign.value.as_str(), key()).into());
                    }
                    Err(Clash::Hash) => {
                        let problem = "a label hashes like another one: leave this suffix out";
                        return Err(at.error("data_value", None, Some(key()), problem).into());
                    }
                }
            }
        }
        Ok(Self { file, hash: content_hash(text).into(), mx })
    }

    /// The provider that an MX host names: the longest suffix wins. Case does not matter; the host
    /// carries no trailing dot. One pass over the host, without allocation.
    ///
    /// ```
    /// use hunter_core::provider::Fingerprints;
    ///
    /// let table = Fingerprints::builtin();
    /// let id = |host| table.match_mx(host).map(|found| found.provider.id.as_str());
    /// assert_eq!(id("ornek-com-tr.mail.protection.outlook.com"), Some("microsoft-365"));
    /// assert_eq!(id("ornek-com-tr.n-v1.mx.microsoft"), Some("microsoft-365"));
    /// assert_eq!(id("outlook.com.attacker.example"), None);
    /// ```
    #[inline]
    pub fn match_mx(&self, host: &str) -> Option<MxMatch<'_>> {
        let (suffix, sign) = self.mx.longest(host)?;
        let provider = &self.file.providers[sign.provider as usize];
        Some(MxMatch { provider, suffix, grade: sign.grade })
    }

    /// The version that the file states.
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// A hash of the file's text: 16 hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The hash to be kept with every assessment, none of which needs a copy of its own.
    pub(crate) fn shared_hash(&self) -> Arc<str> {
        Arc::clone(&self.hash)
    }

    /// Every provider, in file order.
    pub fn providers(&self) -> &[Provider] {
        &self.file.providers
    }

    /// The provider with that identifier.
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.file.providers.iter().find(|provider| provider.id == id)
    }

    /// Where the signs are known from.
    pub fn sources(&self) -> &BTreeMap<String, Source> {
        &self.file.sources
    }

    /// DMARC services.
    pub fn dmarc_services(&self) -> &[DmarcService] {
        &self.file.dmarc_services
    }

    /// Services known by their TXT tokens.
    pub fn txt_services(&self) -> &[TxtService] {
        &self.file.txt_services
    }

    /// Who runs which name servers.
    pub fn dns_hosts(&self) -> &[DnsHost] {
        &self.file.dns_hosts
    }
}

fn duplicate(at: DataFile<'_>, value: &str, key: String) -> DataError {
    let quoted = format!("\"{value}\"");
    at.error_at_text("data_duplicate", &quoted, 1, key, format!("`{value}` stands twice"))
}

/// Identifiers are unique, and every sign has a source that is listed.
fn check(at: DataFile<'_>, file: &File) -> Result<(), DataError> {
    let mut ids = HashSet::new();
    for (nth, provider) in file.providers.iter().enumerate() {
        if !ids.insert(provider.id.as_str()) {
            return Err(duplicate(at, &provider.id, format!("providers[{nth}].id")));
        }
        if let Some(short) = &provider.short_name
            && !is_short_name(short)
        {
            let key = format!("providers[{nth}].short_name");
            let problem = format!(
                "`{short}` is no short name: use 1 to {LONGEST_SHORT_NAME} characters without \
                 brackets and without ` / `"
            );
            let needle = format!("\"{short}\"");
            return Err(at.error_at_text("data_value", &needle, 0, key, problem));
        }
        let mut signs: Vec<(&str, &[String])> = Vec::new();
        let suffixes = [
            &provider.mx_suffix,
            &provider.spf_include,
            &provider.dkim_cname_suffix,
            &provider.ptr_suffix,
        ];
        for sign in suffixes.into_iter().chain(provider.cname.values()).flatten() {
            signs.push((sign.value.as_str(), &sign.sources));
        }
        let texts = [
            &provider.dkim_selector,
            &provider.txt_token,
            &provider.ns_suffix,
            &provider.srv,
            &provider.smtp_banner,
        ];
        for sign in texts.into_iter().flatten() {
            signs.push((&sign.value, &sign.sources));
        }
        if signs.is_empty() && provider.asn.is_empty() {
            let key = format!("providers[{nth}]");
            let problem = format!("`{}` has no sign to be known by", provider.id);
            return Err(at.error_at_text(
                "data_missing_key",
                &format!("\"{}\"", provider.id),
                0,
                key,
                problem,
            ));
        }
        for (value, sources) in signs {
            check_sources(at, file, &format!("providers[{nth}]"), value, sources)?;
        }
    }
    for (nth, service) in file.dmarc_services.iter().enumerate() {
        for sign in service.rua_domain.iter().chain(&service.spf_include) {
            let key = format!("dmarc_services[{nth}]");
            check_sources(at, file, &key, sign.value.as_str(), &sign.sources)?;
        }
    }
    for (nth, service) in file.txt_services.iter().enumerate() {
        check_sources(at, file, &format!("txt_services[{nth}]"), &service.token, &service.sources)?;
    }
    for (nth, host) in file.dns_hosts.iter().enumerate() {
        check_sources(at, file, &format!("dns_hosts[{nth}]"), &host.suffix, &host.sources)?;
    }
    Ok(())
}

fn is_short_name(name: &str) -> bool {
    (1..=LONGEST_SHORT_NAME).contains(&name.chars().count())
        && name.trim() == name
        && !name.contains(['(', ')', '[', ']'])
        && !name.contains(" / ")
}

fn check_sources(
    at: DataFile<'_>,
    file: &File,
    key: &str,
    value: &str,
    sources: &[String],
) -> Result<(), DataError> {
    let place = |code, problem| {
        Err(at.error_at_text(code, &format!("\"{value}\""), 0, key.to_owned(), problem))
    };
    if sources.is_empty() {
        return place("data_missing_key", format!("`{value}` names no source"));
    }
    match sources.iter().find(|source| !file.sources.contains_key(*source)) {
        Some(unknown) => place(
            "data_reference",
            format!("`{value}` names the source `{unknown}`, which is not listed"),
        ),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_table_is_valid() {
        let table = Fingerprints::builtin();
        assert!(table.providers().len() > 200);
        assert!(
            table.providers().iter().filter(|p| p.country.as_deref() == Some("TR")).count() > 30
        );
    }

    fn fault(from: &str, to: &str) -> DataError {
        assert!(BUILTIN.contains(from), "{from}");
        match Fingerprints::from_json("p.json", &BUILTIN.replacen(from, to, 1)) {
            Err(Error::Data(error)) => *error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn faults_name_file_line_and_key() {
        let error = fault("\"kind\": \"suite\"", "\"kind\": \"sweet\"");
        assert_eq!(error.code, "data_value");
        assert!(error.line.is_some_and(|line| line > 10));
        assert_eq!(error.key.as_deref(), Some("providers[0].kind"));

        let error = fault("\"mx.microsoft\"", "\"mail.protection.outlook.com\"");
        assert_eq!(
            (error.code, error.key.as_deref()),
            ("data_duplicate", Some("providers[0].mx_suffix[1].v"))
        );
        assert!(error.line.is_some());

        let error = fault("\"id\": \"microsoft-365-gcc-high\"", "\"id\": \"microsoft-365\"");
        assert_eq!(error.code, "data_duplicate");

        let error = fault("[\"ms-edns\"", "[\"nobody\"");
        assert_eq!(error.code, "data_reference");

        let error = fault("\"mail.eo.outlook.com\"", "\".outlook.com\"");
        assert_eq!(error.code, "data_value");
    }

    #[test]
    fn a_short_name_is_short_and_simple() {
        for wrong in ["", " Natro", "Natro (team.blue)", "Natro / A", "A provider of 25 letters!"] {
            let text = format!("\"short_name\": \"{wrong}\"");
            let error = fault("\"short_name\": \"Natro\"", &text);
            assert_eq!(error.code, "data_value", "{wrong}");
            assert!(error.line.is_some(), "{wrong}");
            assert!(error.key.is_some_and(|key| key.ends_with(".short_name")), "{wrong}");
        }
        let error = fault("\"short_name\"", "\"shortname\"");
        assert_eq!(error.code, "data_unknown_key");
    }

    #[test]
    fn every_built_in_name_is_short_or_has_a_short_form() {
        let table = Fingerprints::builtin();
        for provider in table.providers() {
            assert!(is_short_name(provider.short_name()), "{}: {}", provider.id, provider.name);
        }
    }

    #[test]
    fn classes_follow_the_kind_unless_the_entry_says_otherwise() {
        let table = Fingerprints::builtin();
        let class = |id| table.provider(id).map(Provider::class);
        assert_eq!(class("microsoft-365-gcc-high"), Some(ProviderClass::M365));
        assert_eq!(class("mailru-biz"), Some(ProviderClass::Hosting));
        assert_eq!(class("natro"), Some(ProviderClass::Local));
        assert_eq!(class("superonline"), Some(ProviderClass::Local));
        assert_eq!(class("microsoft-consumer"), Some(ProviderClass::Unknown));
        assert_eq!(class("proofpoint"), Some(ProviderClass::Unknown));
        assert_eq!(class("sendgrid"), Some(ProviderClass::SendGrid));
    }
}
