//! The signs of a fingerprint table, indexed for look-up.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use regex::Regex;

use super::check::duplicate;
use super::schema::{File, Grade, Provider, Sign};
use super::suffix::{Clash, Suffix, SuffixTable};
use super::traces::Family;
use crate::data_file::DataFile;
use crate::error::DataError;

/// Selectors that anybody may choose, whoever else uses them too.
const GENERIC_SELECTORS: [&str; 6] = ["default", "dkim", "k1", "mail", "s1", "s2"];

/// Which provider a sign belongs to, and how well it is founded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    /// The provider's place in the file.
    pub(super) provider: u32,
    pub(super) grade: Grade,
    /// Where the sign is known from: the place in [`Signs::sources`].
    sources: u32,
}

/// Every sign by which a provider is known, by where it stands.
#[derive(Debug)]
pub(super) struct Signs {
    pub(super) mx: SuffixTable<Owner>,
    pub(super) spf: SuffixTable<Owner>,
    pub(super) dkim: SuffixTable<Owner>,
    pub(super) ptr: SuffixTable<Owner>,
    /// CNAME targets of service names below the domain, such as `autodiscover`.
    pub(super) services: BTreeMap<String, SuffixTable<Owner>>,
    /// Owner of a service record: by owner name below the domain, with the target.
    pub(super) srv: Vec<(String, String, Owner)>,
    pub(super) tokens: Vec<(Token, Owner)>,
    pub(super) asn: HashMap<u32, Owner>,
    /// Selectors that one holder of mailboxes uses and hardly anybody else.
    pub(super) selectors: HashMap<String, Owner>,
    /// Domains that DMARC reports go to, and zones of hosted SPF records: the place of the service.
    pub(super) reports: SuffixTable<u32>,
    pub(super) hosted_spf: SuffixTable<u32>,
    sources: Vec<Arc<[String]>>,
}

/// The start of a TXT record.
#[derive(Debug)]
pub(super) enum Token {
    Prefix(String),
    /// An expression, and the literal text that it begins with.
    Expression(String, Regex),
}

impl Owner {
    /// Of what an operator says himself: nothing in the table stands behind it.
    pub(super) const fn assigned(provider: u32) -> Self {
        Self { provider, grade: Grade::High, sources: u32::MAX }
    }
}

impl Token {
    pub(super) fn matches(&self, text: &str) -> bool {
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix.as_str()),
            Self::Expression(head, expression) => {
                text.starts_with(head.as_str()) && expression.is_match(text)
            }
        }
    }

    /// Reads `prefix:` and a literal, or `re:` and a regular expression.
    fn read(sign: &str) -> Result<Self, String> {
        if let Some(prefix) = sign.strip_prefix("prefix:") {
            return Ok(Self::Prefix(prefix.to_owned()));
        }
        let Some(expression) = sign.strip_prefix("re:") else {
            return Err(format!("`{sign}` begins neither with `prefix:` nor with `re:`"));
        };
        let regex = Regex::new(expression).map_err(|e| format!("`{expression}`: {e}"))?;
        let literal = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '=' | '-' | '_');
        let mut head: String =
            expression.strip_prefix('^').unwrap_or("").chars().take_while(literal).collect();
        // What a quantifier follows may be missing.
        let rest = expression.get(1 + head.len()..).unwrap_or("");
        if rest.starts_with(['?', '*', '{']) {
            head.pop();
        }
        // Another branch may begin with anything.
        if expression.contains('|') {
            head.clear();
        }
        Ok(Self::Expression(head, regex))
    }
}

impl Signs {
    /// Indexes a checked file.
    ///
    /// # Errors
    /// `data_duplicate` for a suffix that stands twice among signs of one sort; `data_value` for an
    /// expression that cannot be read.
    pub(super) fn index(at: DataFile<'_>, file: &File) -> Result<Self, DataError> {
        let mut signs = Self {
            mx: SuffixTable::new(),
            spf: SuffixTable::new(),
            dkim: SuffixTable::new(),
            ptr: SuffixTable::new(),
            services: BTreeMap::new(),
            srv: Vec::new(),
            tokens: Vec::new(),
            asn: HashMap::new(),
            selectors: HashMap::new(),
            reports: SuffixTable::new(),
            hosted_spf: SuffixTable::new(),
            sources: Vec::new(),
        };
        for (nth, provider) in file.providers.iter().enumerate() {
            signs.add(at, nth, provider)?;
        }
        for (nth, service) in file.dmarc_services.iter().enumerate() {
            let tables = [
                (&mut signs.reports, &service.rua_domain, "rua_domain"),
                (&mut signs.hosted_spf, &service.spf_include, "spf_include"),
            ];
            for (table, list, field) in tables {
                for (entry, sign) in list.iter().enumerate() {
                    let key = || format!("dmarc_services[{nth}].{field}[{entry}].v");
                    insert(at, table, sign, number(nth), key)?;
                }
            }
        }
        Ok(signs)
    }

    /// Where a sign is known from.
    pub(super) fn sources(&self, owner: Owner) -> &Arc<[String]> {
        &self.sources[owner.sources as usize]
    }

    fn add(&mut self, at: DataFile<'_>, nth: usize, provider: &Provider) -> Result<(), DataError> {
        let Self { mx, spf, dkim, ptr, services, srv, tokens, asn, selectors, sources, .. } = self;
        let mut owner = |grade, names: &[String]| {
            sources.push(names.into());
            Owner { provider: number(nth), grade, sources: number(sources.len() - 1) }
        };
        let tables = [
            (mx, &provider.mx_suffix, "mx_suffix"),
            (spf, &provider.spf_include, "spf_include"),
            (dkim, &provider.dkim_cname_suffix, "dkim_cname_suffix"),
            (ptr, &provider.ptr_suffix, "ptr_suffix"),
        ];
        for (table, signs, field) in tables {
            for (entry, sign) in signs.iter().enumerate() {
                let key = || format!("providers[{nth}].{field}[{entry}].v");
                insert(at, table, sign, owner(sign.grade, &sign.sources), key)?;
            }
        }
        for (service, signs) in &provider.cname {
            let table = services.entry(service.clone()).or_insert_with(SuffixTable::new);
            for (entry, sign) in signs.iter().enumerate() {
                let key = || format!("providers[{nth}].cname.{service}[{entry}].v");
                insert(at, table, sign, owner(sign.grade, &sign.sources), key)?;
            }
        }
        for (entry, sign) in provider.srv.iter().enumerate() {
            let mut words = sign.value.split(' ');
            let (Some(name), Some(_), Some(target), None) =
                (words.next(), words.next(), words.next(), words.next())
            else {
                let key = format!("providers[{nth}].srv[{entry}].v");
                let problem = format!("`{}` is not `owner port target`", sign.value);
                return Err(at.error("data_value", None, Some(key), problem));
            };
            srv.push((name.to_owned(), target.to_owned(), owner(sign.grade, &sign.sources)));
        }
        for (entry, sign) in provider.txt_token.iter().enumerate() {
            let token = Token::read(&sign.value).map_err(|problem| {
                let key = format!("providers[{nth}].txt_token[{entry}].v");
                at.error_at_text("data_value", &format!("\"{}\"", sign.value), 0, key, problem)
            })?;
            tokens.push((token, owner(sign.grade, &sign.sources)));
        }
        for sign in &provider.dkim_selector {
            let name = sign.value.as_str();
            let is_telling = !name.ends_with('*') && !GENERIC_SELECTORS.contains(&name);
            // Exchange Online publishes its keys as CNAMEs: a key that stands itself is another's.
            if is_telling && matches!(Family::of(provider), Some(Family::Google | Family::Other)) {
                let owner = owner(sign.grade, &sign.sources);
                selectors.entry(name.to_owned()).or_insert(owner);
            }
        }
        for system in &provider.asn {
            // A network tells less than a name: it may carry other people's servers too.
            asn.entry(*system).or_insert_with(|| owner(Grade::Medium, &[]));
        }
        Ok(())
    }
}

fn number(nth: usize) -> u32 {
    u32::try_from(nth).expect("far fewer providers and signs")
}

fn insert<V>(
    at: DataFile<'_>,
    table: &mut SuffixTable<V>,
    sign: &Sign<Suffix>,
    value: V,
    key: impl Fn() -> String,
) -> Result<(), DataError> {
    match table.insert(&sign.value, value) {
        Ok(()) => Ok(()),
        Err(Clash::Duplicate) => Err(duplicate(at, sign.value.as_str(), key())),
        Err(Clash::Hash) => {
            let problem = "a label hashes like another one: leave this suffix out";
            Err(at.error("data_value", None, Some(key()), problem))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_literals_or_expressions() {
        let google = Token::read("prefix:google-site-verification=").expect("a prefix");
        assert!(google.matches("google-site-verification=abc"));
        assert!(!google.matches("xgoogle-site-verification=abc"));
        let tenant = Token::read("re:^MS=ms[0-9]{6,}$").expect("an expression");
        assert!(tenant.matches("MS=ms12345678") && !tenant.matches("MS=ms12345678x"));
        let optional = Token::read("re:^ab?c").expect("an expression");
        assert!(optional.matches("ac") && optional.matches("abc"));
        let either = Token::read("re:^MS=|^ms=").expect("an expression");
        assert!(either.matches("ms=x") && either.matches("MS=x"));
        assert!(Token::read("MS=").is_err() && Token::read("re:^(").is_err());
    }
}
