//! What can be asked of the list.

use hunter_core::assess::ReferralType;
use hunter_core::vocabulary::{
    CommercialSegment, PriorityCategory, ProviderClass, Segment, TenantSize,
};
use sha2::{Digest as _, Sha256};

use crate::error::{Result, StoreError};

/// The most rows of one page.
pub const MAX_PAGE_SIZE: u32 = 200;
/// The last row that a page by number can reach; further on only a cursor leads.
pub const MAX_NUMBERED_ROWS: u64 = 10_000;

/// Which leads: those that every given condition holds for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadFilter {
    /// Of this segment.
    pub segment: Option<Segment>,
    /// With at least this readiness score.
    pub min_score: Option<u8>,
    /// With at most this readiness score.
    pub max_score: Option<u8>,
    /// Of this provider class.
    pub provider: Option<ProviderClass>,
    /// Of this priority category.
    pub priority_category: Option<PriorityCategory>,
    /// Of this commercial segment.
    pub commercial_segment: Option<CommercialSegment>,
    /// Of this size.
    pub tenant_size: Option<TenantSize>,
    /// With this tag, given by the rules or by people.
    pub tag: Option<String>,
    /// That came with this kind of referral.
    pub referral_type: Option<ReferralType>,
    /// That are, or are not, somebody's favourite.
    pub favourite: Option<bool>,
    /// With these words in domain or name, whatever their case and marks. Words of three letters or more
    /// are found anywhere within; shorter ones alone, as the beginning of the domain.
    pub search: Option<String>,
}

/// The key that a list is sorted by. Equal keys are in the order of company numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeadSort {
    /// The priority category, P1 first; within it the readiness score, the highest first.
    #[default]
    PriorityCategory,
    /// The domain.
    Domain,
    /// The readiness score; what is unknown counts as below 0.
    ReadinessScore,
    /// The priority score, 1 first; what is unknown counts as after the last.
    PriorityScore,
    /// The segment; what is unknown counts as after the last.
    Segment,
    /// The provider class.
    Provider,
    /// The moment of the scan.
    ScannedAt,
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The smallest first.
    Ascending,
    /// The greatest first.
    Descending,
}

impl LeadSort {
    /// Every key.
    pub const ALL: &'static [Self] = &[
        Self::PriorityCategory,
        Self::Domain,
        Self::ReadinessScore,
        Self::PriorityScore,
        Self::Segment,
        Self::Provider,
        Self::ScannedAt,
    ];

    /// The word of the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PriorityCategory => "priority_category",
            Self::Domain => "domain",
            Self::ReadinessScore => "readiness_score",
            Self::PriorityScore => "priority_score",
            Self::Segment => "segment",
            Self::Provider => "provider",
            Self::ScannedAt => "scanned_at",
        }
    }

    /// The direction where none is asked for: the best score and the latest scan first.
    pub const fn natural_order(self) -> Order {
        match self {
            Self::ReadinessScore | Self::ScannedAt => Order::Descending,
            _ => Order::Ascending,
        }
    }

    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::PriorityCategory => "sort_rank",
            Self::Domain => "domain",
            Self::ReadinessScore => "sort_score",
            Self::PriorityScore => "sort_priority",
            Self::Segment => "sort_segment",
            Self::Provider => "provider",
            Self::ScannedAt => "scanned_at",
        }
    }
}

/// Which page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// By its number, from 1.
    Number(u32),
    /// What follows a cursor of the page before.
    After(String),
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadQuery {
    /// Which leads.
    pub filter: LeadFilter,
    /// In which order.
    pub sort: LeadSort,
    /// In which direction; `None` for the natural one.
    pub order: Option<Order>,
    /// Which page of them.
    pub page: Page,
    /// How many rows a page has.
    pub page_size: u32,
    /// Whether to count all of them as well.
    pub count: bool,
}

impl Default for LeadQuery {
    fn default() -> Self {
        Self {
            filter: LeadFilter::default(),
            sort: LeadSort::default(),
            order: None,
            page: Page::Number(1),
            page_size: 50,
            count: true,
        }
    }
}

impl LeadQuery {
    pub(super) fn direction(&self) -> Order {
        self.order.unwrap_or(self.sort.natural_order())
    }

    /// How many rows come before the page.
    pub(super) fn offset(&self) -> Result<u64> {
        if !(1..=MAX_PAGE_SIZE).contains(&self.page_size) {
            return Err(StoreError::request(
                "store_request",
                "page_size",
                format!("is {}: use 1 to {MAX_PAGE_SIZE}", self.page_size),
            ));
        }
        let Page::Number(number) = self.page else { return Ok(0) };
        let Some(before) = number.checked_sub(1) else {
            return Err(StoreError::request("store_request", "page", "is 0: the first page is 1"));
        };
        let offset = u64::from(before) * u64::from(self.page_size);
        if offset + u64::from(self.page_size) > MAX_NUMBERED_ROWS {
            return Err(StoreError::request(
                "use_cursor",
                "page",
                format!(
                    "{number} with {} rows each lies beyond row {MAX_NUMBERED_ROWS}: page on with `cursor`",
                    self.page_size
                ),
            ));
        }
        Ok(offset)
    }

    /// What tells this list from others, for its cursors.
    pub(super) fn mark(&self) -> [u8; 8] {
        let text = format!("{:?} {:?} {:?}", self.sort, self.direction(), self.filter);
        let digest = Sha256::digest(text);
        std::array::from_fn(|i| digest[i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_pages_end_at_ten_thousand_rows() {
        let page = |number, page_size| {
            LeadQuery { page: Page::Number(number), page_size, ..LeadQuery::default() }.offset()
        };
        assert_eq!(page(1, 50).unwrap(), 0);
        assert_eq!(page(200, 50).unwrap(), 9_950);
        assert_eq!(page(201, 50).unwrap_err().code(), "use_cursor");
        assert_eq!(page(u32::MAX, 200).unwrap_err().code(), "use_cursor");
        for (number, size) in [(0, 50), (1, 0), (1, 201)] {
            assert_eq!(page(number, size).unwrap_err().code(), "store_request");
        }
    }
}
