//! What the engine is told of a company, read without all that was ever said of it.

use hunter_core::Lead;

use super::Company;

/// What the engine is told of a company.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Told {
    pub(crate) company_id: i64,
    canonical_name: Option<String>,
    country: Option<String>,
    seats: Option<i64>,
    referral_type: Option<String>,
    azure_tenant_id: Option<String>,
    #[sqlx(json)]
    contact_emails: Vec<String>,
}

impl Told {
    /// The columns of `companies`, as `c`, that it is read from.
    pub(crate) const COLUMNS: &str = "c.company_id, c.canonical_name, c.country, c.seats, \
                                      c.referral_type, c.azure_tenant_id, c.contact_emails";

    pub(crate) fn of(company: &Company) -> Self {
        Self {
            company_id: company.company_id,
            canonical_name: company.canonical_name.clone(),
            country: company.country.clone(),
            seats: company.seats,
            referral_type: company.referral_type.clone(),
            azure_tenant_id: company.azure_tenant_id.clone(),
            contact_emails: company.contact_emails.clone(),
        }
    }

    /// A word that this version does not know is no reason to assess nothing.
    pub(crate) fn lead(self) -> Lead {
        Lead {
            company: self.canonical_name,
            seats: self.seats.and_then(|seats| u32::try_from(seats).ok()),
            tenant_size: None,
            country: self.country,
            referral_type: self.referral_type.as_deref().and_then(|word| word.parse().ok()),
            azure_tenant_id: self.azure_tenant_id,
            contact_emails: self.contact_emails,
        }
    }
}
