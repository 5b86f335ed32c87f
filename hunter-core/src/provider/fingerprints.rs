//! The fingerprint table, checked and indexed.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::check::check;
use super::schema::{DmarcService, DnsHost, File, Grade, Provider, Source, TxtService};
use super::signs::{Owner, Signs};
use crate::data_file::DataFile;
use crate::error::Error;
use crate::rules::content_hash;

const BUILTIN: &str = include_str!("../../data/providers.json");

/// The table's own format number that this version reads.
const FORMAT: u32 = 1;

/// The fingerprint table, checked and indexed.
#[derive(Debug)]
pub struct Fingerprints {
    file: File,
    hash: Arc<str>,
    pub(super) signs: Signs,
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
    /// Where the sign is known from: keys of [`Fingerprints::sources`].
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
        Ok(Self { file, hash: content_hash(text).into(), signs })
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
    use crate::error::DataError;
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
