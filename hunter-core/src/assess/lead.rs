//! What a lead itself carries: not observed, but told.

use serde::{Deserialize, Serialize};

use crate::rules::ReferralFacts;
use crate::vocabulary::{TenantSize, vocabulary};

vocabulary! {
    /// What kind of referral brought the lead.
    pub enum ReferralType ("referral type") {
        /// A co-sell opportunity with Microsoft.
        CoSell = "co-sell",
        /// A marketplace lead.
        Marketplace = "marketplace",
        /// A solution-provider referral.
        SolutionProvider = "solution-provider",
    }
}

/// What is known of a company before anything is observed. Everything is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lead {
    /// The company's name.
    pub company: Option<String>,
    /// Seats, where somebody counted them.
    pub seats: Option<u32>,
    /// The size, where only that is known (a referral's customer size); seats win over it.
    pub tenant_size: Option<TenantSize>,
    /// ISO 3166-1 alpha-2 country code.
    pub country: Option<String>,
    /// What kind of referral brought the lead.
    pub referral_type: Option<ReferralType>,
    /// The Azure tenant id that a referral carries.
    pub azure_tenant_id: Option<String>,
    /// Contact addresses.
    pub contact_emails: Vec<String>,
}

impl Lead {
    /// The size: from seats, else as told; never guessed.
    pub fn size(&self) -> Option<TenantSize> {
        self.seats.and_then(TenantSize::from_seats).or(self.tenant_size)
    }

    /// What the referral changes in the score.
    pub fn referral(&self) -> ReferralFacts {
        ReferralFacts {
            tenant: self.azure_tenant_id.as_deref().is_some_and(|id| !id.trim().is_empty()),
            co_sell: self.referral_type == Some(ReferralType::CoSell),
        }
    }
}
