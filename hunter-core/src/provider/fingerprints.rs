//! The fingerprint table, checked and indexed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::check;
use super::schema::{DmarcService, DnsHost, File, Grade, Provider, Source, TxtService};
use super::signs::{Owner, Signs};
use super::suffix::{Suffix, SuffixTable};
use crate::data_file::DataFile;
use crate::error::{DataError, Error};
use crate::rules::content_hash;

const BUILTIN: &str = include_str!("../../data/providers.json");

/// The table's own format number that this version reads.
const FORMAT: u32 = 1;

/// The fingerprint table, checked and indexed.
#[derive(Debug)]
pub struct Fingerprints {
    file: Arc<File>,
    hash: Arc<str>,
    pub(super) signs: Arc<Signs>,
    assigned: Option<Assigned>,
}

/// Mail hosts that an operator assigned, over those of the table.
#[derive(Debug)]
struct Assigned {
    hosts: SuffixTable<Owner>,
    sources: Arc<[String]>,
    /// The hash of the table without them.
    table: Arc<str>,
}

/// Where an operator's own word is known from, in place of a key of [`Fingerprints::sources`].
pub const OPERATOR: &str = "operator";

/// A provider named by an MX host.
#[derive(Debug, Clone, Copy)]
pub struct MxMatch<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// The suffix that matched.
    pub suffix: &'a str,
    /// How well that sign is founded.
    pub grade: Grade,
    /// Where the sign is known from: keys of [`Fingerprints::sources`], or [`OPERATOR`].
    pub sources: &'a Arc<[String]>,
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
        let signs = Signs::index(at, &file)?;
        let hash = content_hash(text).into();
        Ok(Self { file: Arc::new(file), hash, signs: Arc::new(signs), assigned: None })
    }

    /// The same table with mail hosts that an operator assigned: each a domain and the identifier of a
    /// provider, in place of those assigned before. They come before every sign of the table, since the
    /// operator has seen what the table could only collect; whatever lies below an assigned domain is
    /// assigned too, and of two such domains the longer one counts. Evidence names [`OPERATOR`] as its
    /// source. The hash becomes another, so that assessments show by which assignments they were made.
    ///
    /// ```
    /// use hunter_core::provider::Fingerprints;
    ///
    /// let table = Fingerprints::builtin();
    /// assert!(table.match_mx("mail.ornek.com.tr").is_none());
    /// let assigned = table.with_assigned([("ornek.com.tr", "natro")])?;
    /// let found = assigned.match_mx("mail.ornek.com.tr").expect("it is assigned");
    /// assert_eq!((found.provider.id.as_str(), &found.sources[..]), ("natro", &["operator".to_owned()][..]));
    /// # Ok::<(), hunter_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// `data_reference` for a provider that the table does not have, `data_value` for a domain that is
    /// none, `data_duplicate` for one that stands twice.
    pub fn with_assigned<'a>(
        &self,
        hosts: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let table = self.assigned.as_ref().map_or(&self.hash, |assigned| &assigned.table);
        let mut given: Vec<_> = hosts.into_iter().collect();
        given.sort_unstable();
        let mut hosts = SuffixTable::new();
        let mut text = table.to_string();
        for (domain, id) in &given {
            let fault = |code, problem| DataError {
                code,
                file: "assigned mail hosts".to_owned(),
                line: None,
                key: Some((*domain).to_owned()),
                problem,
            };
            let suffix = Suffix::read(domain).ok_or_else(|| {
                fault("data_value", format!("`{domain}` is no domain in lower case"))
            })?;
            let provider = self.file.providers.iter().position(|provider| provider.id == *id);
            let provider = provider.and_then(|nth| u32::try_from(nth).ok()).ok_or_else(|| {
                fault("data_reference", format!("the table has no provider `{id}`"))
            })?;
            hosts
                .insert(&suffix, Owner::assigned(provider))
                .map_err(|_| fault("data_duplicate", "the domain is assigned twice".to_owned()))?;
            text.extend(["\n", domain, " ", id]);
        }
        let assigned = (!given.is_empty()).then(|| Assigned {
            hosts,
            sources: [OPERATOR.to_owned()].into(),
            table: Arc::clone(table),
        });
        let hash = match &assigned {
            Some(_) => content_hash(&text).into(),
            None => Arc::clone(table),
        };
        let (file, signs) = (Arc::clone(&self.file), Arc::clone(&self.signs));
        Ok(Self { file, hash, signs, assigned })
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
        if let Some(assigned) = &self.assigned
            && let Some((suffix, owner)) = assigned.hosts.longest(host)
        {
            let (provider, sources) = (self.owner(*owner), &assigned.sources);
            return Some(MxMatch { provider, suffix, grade: owner.grade, sources });
        }
        let (suffix, owner) = self.signs.mx.longest(host)?;
        let (provider, sources) = (self.owner(*owner), self.signs.sources(*owner));
        Some(MxMatch { provider, suffix, grade: owner.grade, sources })
    }

    /// The provider that a sign belongs to.
    pub(super) fn owner(&self, owner: Owner) -> &Provider {
        &self.file.providers[owner.provider as usize]
    }

    /// The version that the file states.
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// A hash of the file's text, and of what was [assigned](Self::with_assigned): 16 hexadecimal digits.
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

    /// The DMARC service that a report address's domain belongs to.
    pub(crate) fn report_service(&self, domain: &str) -> Option<&DmarcService> {
        let (_, place) = self.signs.reports.longest(domain)?;
        Some(&self.file.dmarc_services[*place as usize])
    }

    /// The service that hosts SPF records in the zone of a host.
    pub(crate) fn spf_host(&self, host: &str) -> Option<&DmarcService> {
        let (_, place) = self.signs.hosted_spf.longest(host)?;
        Some(&self.file.dmarc_services[*place as usize])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::check::is_short_name;
    use crate::vocabulary::ProviderClass;

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
    fn what_an_operator_assigned_comes_before_the_table() {
        let table = Fingerprints::builtin();
        let given = [("outlook.com", "natro"), ("mx.ornek.com", "google"), ("ornek.com", "natro")];
        let google = table.providers().iter().find(|p| p.id.starts_with("google")).expect("listed");
        let given = given.map(|(host, id)| (host, if id == "google" { &*google.id } else { id }));
        let assigned = table.with_assigned(given).expect("assigned");
        let id = |host| assigned.match_mx(host).map(|found| found.provider.id.as_str());
        // Also where the table knows a longer suffix.
        assert_eq!(id("ornek-com.mail.protection.outlook.com"), Some("natro"));
        assert_eq!(id("a.mx.ornek.com"), Some(&*google.id));
        assert_eq!(id("MAIL.ornek.com"), Some("natro"));
        assert_eq!(id("notornek.com"), None);
        // What is not assigned stays as it was.
        assert_eq!(id("ornek-com-tr.n-v1.mx.microsoft"), Some("microsoft-365"));
    }

    #[test]
    fn the_hash_tells_what_is_assigned_and_nothing_else() {
        let table = Fingerprints::builtin();
        let of = |given: &[(&str, &str)]| table.with_assigned(given.to_vec()).expect("assigned");
        let one = of(&[("a.com", "natro"), ("b.com", "natro")]);
        assert_ne!(one.hash(), table.hash());
        assert_eq!(one.hash(), of(&[("b.com", "natro"), ("a.com", "natro")]).hash());
        assert_ne!(one.hash(), of(&[("a.com", "natro")]).hash());
        // They are replaced, not gathered.
        let again = one.with_assigned([("a.com", "natro")]).expect("assigned");
        assert_eq!(again.hash(), of(&[("a.com", "natro")]).hash());
        assert_eq!(again.with_assigned([]).expect("taken back").hash(), table.hash());
    }

    #[test]
    fn what_cannot_be_assigned_is_refused() {
        let table = Fingerprints::builtin();
        for (given, code) in [
            (vec![("ornek.com", "nobody")], "data_reference"),
            (vec![("com", "natro")], "data_value"),
            (vec![("Ornek.com", "natro")], "data_value"),
            (vec![("ornek.com", "natro"), ("ornek.com", "superonline")], "data_duplicate"),
        ] {
            let error = table.with_assigned(given.clone()).expect_err("refused");
            assert_eq!(error.code(), code, "{given:?}");
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
