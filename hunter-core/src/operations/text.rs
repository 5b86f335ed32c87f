//! Operations on plain texts: domains, the signals hash, contact addresses.

use serde::{Deserialize, Serialize};

use super::Hunter;
use crate::contacts::{AddressPattern, assess_contacts};
use crate::domain::Domain;
use crate::error::Error;
use crate::hash::{SignalsHash, canonical, signals_hash};

/// Arguments of `normalize_domain`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NormalizeDomainRequest {
    /// A spreadsheet cell, a web address, an e-mail address or a name.
    pub text: String,
}

/// A domain, and what may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NormalizeDomainAnswer {
    /// The canonical form.
    pub domain: Domain,
    /// The form to show to people.
    pub unicode: String,
    /// The domain that the name is registered under; `None` for a public suffix.
    pub registrable: Option<String>,
    /// What may have been meant instead, where the name looks like a slip; never applied.
    pub suggestion: Option<String>,
}

/// Arguments of `signals_hash` and `signals_canonical`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalsRequest {
    /// The signals as JSON text: numbers must not pass through another reader.
    pub signals: String,
}

/// The signals hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SignalsHashAnswer {
    /// 16 hexadecimal digits.
    pub hash: SignalsHash,
}

/// The text that the signals hash is taken of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignalsCanonicalAnswer {
    /// Canonical JSON.
    pub canonical: String,
}

/// Arguments of `contacts`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactsRequest {
    /// The company's domain.
    pub domain: Domain,
    /// E-mail addresses.
    pub addresses: Vec<String>,
}

/// What a lead's addresses say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContactsAnswer {
    /// Different addresses, without regard to case.
    pub count: usize,
    /// How many of them are on the company's own domain or a name below it.
    pub own: usize,
    /// Their share; `None` without addresses.
    pub own_domain_share: Option<f64>,
    /// 0 to 100.
    pub contact_quality_score: u8,
    /// The addresses of a function rather than a person.
    pub generic: Vec<String>,
    /// How most of the company's people's addresses are built.
    pub linkedin_pattern: Option<AddressPattern>,
    /// How many addresses stood there before.
    pub repeated: usize,
    /// The texts that are no addresses.
    pub rejected: Vec<String>,
}

impl Hunter {
    /// Reads a domain from a messy text.
    ///
    /// # Errors
    /// A `domain_*` error ([`Error::Domain`]) that names the fault and carries what may have been meant.
    pub fn normalize_domain(
        &self,
        request: &NormalizeDomainRequest,
    ) -> Result<NormalizeDomainAnswer, Error> {
        let read = Domain::from_cell(&request.text)?;
        Ok(NormalizeDomainAnswer {
            unicode: read.domain.to_unicode(),
            registrable: read.domain.registrable().map(str::to_owned),
            domain: read.domain,
            suggestion: read.suggestion,
        })
    }

    /// The hash under which a score is cached.
    ///
    /// # Errors
    /// `signals_json` and `signals_depth`.
    pub fn signals_hash(&self, request: &SignalsRequest) -> Result<SignalsHashAnswer, Error> {
        Ok(SignalsHashAnswer { hash: signals_hash(&request.signals)? })
    }

    /// The text that the hash is taken of, byte for byte what Python's `json.dumps` prints.
    ///
    /// # Errors
    /// `signals_json` and `signals_depth`.
    pub fn signals_canonical(
        &self,
        request: &SignalsRequest,
    ) -> Result<SignalsCanonicalAnswer, Error> {
        Ok(SignalsCanonicalAnswer { canonical: canonical(&request.signals)? })
    }

    /// What e-mail addresses say of a lead.
    pub fn contacts(&self, request: &ContactsRequest) -> ContactsAnswer {
        let addresses: Vec<&str> = request.addresses.iter().map(String::as_str).collect();
        let found = assess_contacts(&request.domain, &addresses);
        ContactsAnswer {
            own_domain_share: found.own_domain_share(),
            count: found.count,
            own: found.own,
            contact_quality_score: found.quality,
            generic: found.generic,
            linkedin_pattern: found.pattern,
            repeated: found.repeated,
            rejected: found.rejected,
        }
    }
}
