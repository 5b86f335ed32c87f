//! `GET /leads`: the list, filtered, sorted and searched.

use axum::Json;
use axum::extract::State;
use hunter_core::assess::ReferralType;
use hunter_core::vocabulary::{
    CommercialSegment, PriorityCategory, ProviderClass, Segment, TenantSize,
};
use hunter_store::leads::{
    LeadFilter, LeadQuery, LeadRow, LeadSort, Leads as _, Order, Page, Total,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::App;
use crate::http::extract::Queries;
use crate::http::problem::{Problem, ProblemBody};

/// The most rows at once.
const MOST: u32 = 200;

/// Which leads, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Of this segment.
    segment: Option<Segment>,
    /// With at least this readiness score.
    #[param(minimum = 0, maximum = 100)]
    min_score: Option<u8>,
    /// With at most this readiness score.
    #[param(minimum = 0, maximum = 100)]
    max_score: Option<u8>,
    /// Of this provider class.
    provider: Option<ProviderClass>,
    /// Of this priority category.
    priority_category: Option<PriorityCategory>,
    /// Of this commercial segment.
    commercial_segment: Option<CommercialSegment>,
    /// Of this size.
    tenant_size: Option<TenantSize>,
    /// With this tag, given by the rules or by people.
    tag: Option<String>,
    /// That came with this kind of referral.
    #[param(inline)]
    referral_type: Option<ReferralType>,
    /// That are, or are not, somebody's favourite.
    favorite: Option<bool>,
    /// With these words in domain or name, whatever their case and marks.
    search: Option<String>,
    /// The key of the order. Without it: priority category, then score, the best first.
    #[param(inline)]
    sort_by: Option<SortBy>,
    /// The direction. Without it: the natural one of the key.
    #[param(inline)]
    sort_order: Option<SortOrder>,
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Part {
    /// The page, from 1. Beyond row 10,000 use `cursor`.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// How many rows a page has.
    #[param(minimum = 1, maximum = 200, default = 50)]
    page_size: Option<u32>,
    /// Where the page before ended, as its `next_cursor` says. Its cost does not grow with depth.
    cursor: Option<String>,
}

/// A key to sort by.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SortBy {
    Domain,
    ReadinessScore,
    PriorityScore,
    PriorityCategory,
    Segment,
    Provider,
    ScannedAt,
}

/// A direction.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SortOrder {
    Asc,
    Desc,
}

/// A page of leads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeadList {
    leads: Vec<LeadRow>,
    /// How many there are on all pages.
    total: u64,
    /// Whether `total` is an estimate: beyond 10,000 leads it is.
    total_is_estimate: bool,
    /// The number of the page; absent on a page by cursor.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    page_size: u32,
    total_pages: u64,
    /// Where the next page begins; `null` on the last one.
    next_cursor: Option<String>,
}

impl Wanted {
    /// The filter.
    pub(super) fn filter(&self) -> Result<LeadFilter, Problem> {
        if let (Some(min), Some(max)) = (self.min_score, self.max_score)
            && min > max
        {
            return Err(Problem::field(
                "min_score",
                format!("{min} is above max_score, which is {max}"),
            ));
        }
        for (name, score) in [("min_score", self.min_score), ("max_score", self.max_score)] {
            if score.is_some_and(|score| score > 100) {
                return Err(Problem::field(name, "a score is 0 to 100"));
            }
        }
        Ok(LeadFilter {
            segment: self.segment,
            min_score: self.min_score,
            max_score: self.max_score,
            provider: self.provider,
            priority_category: self.priority_category,
            commercial_segment: self.commercial_segment,
            tenant_size: self.tenant_size,
            tag: self.tag.clone(),
            referral_type: self.referral_type,
            favourite: self.favorite,
            search: self.search.clone(),
        })
    }

    /// The key of the order.
    pub(super) const fn sort(&self) -> LeadSort {
        match self.sort_by {
            None | Some(SortBy::PriorityCategory) => LeadSort::PriorityCategory,
            Some(SortBy::Domain) => LeadSort::Domain,
            Some(SortBy::ReadinessScore) => LeadSort::ReadinessScore,
            Some(SortBy::PriorityScore) => LeadSort::PriorityScore,
            Some(SortBy::Segment) => LeadSort::Segment,
            Some(SortBy::Provider) => LeadSort::Provider,
            Some(SortBy::ScannedAt) => LeadSort::ScannedAt,
        }
    }

    /// The direction.
    pub(super) fn order(&self) -> Option<Order> {
        self.sort_order.map(|order| match order {
            SortOrder::Asc => Order::Ascending,
            SortOrder::Desc => Order::Descending,
        })
    }
}

fn query(wanted: &Wanted, part: Part) -> Result<LeadQuery, Problem> {
    let filter = wanted.filter()?;
    if part.page == Some(0) {
        return Err(Problem::field("page", "is 0: the first page is 1"));
    }
    let page_size = part.page_size.unwrap_or(50);
    if !(1..=MOST).contains(&page_size) {
        return Err(Problem::field("page_size", format!("is {page_size}: use 1 to {MOST}")));
    }
    let page = match (part.cursor, part.page) {
        (Some(_), Some(_)) => {
            return Err(Problem::field("cursor", "give `cursor` or `page`, not both"));
        }
        (Some(cursor), None) => Page::After(cursor),
        (None, page) => Page::Number(page.unwrap_or(1)),
    };
    Ok(LeadQuery {
        filter,
        sort: wanted.sort(),
        order: wanted.order(),
        page,
        page_size,
        count: true,
    })
}

/// The list of leads.
#[utoipa::path(get, path = "/leads", tag = "leads", params(Wanted, Part), responses(
    (status = 200, body = LeadList),
    (status = 400, description = "`use_cursor` beyond row 10,000; `cursor_invalid`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(app): State<App>,
    Queries(wanted, part): Queries<Wanted, Part>,
) -> Result<Json<LeadList>, Problem> {
    let query = query(&wanted, part)?;
    let found = app.db.read().await?.leads(&query).await?;
    let (total, total_is_estimate) = match found.total {
        Some(Total::Exact(total)) => (total, false),
        Some(Total::Estimate(total)) => (total, true),
        None => (0, true),
    };
    let page = match query.page {
        Page::Number(page) => Some(page),
        Page::After(_) => None,
    };
    let total_pages = total.div_ceil(query.page_size.into());
    let (leads, next_cursor, page_size) = (found.leads, found.next, query.page_size);
    Ok(Json(LeadList {
        leads,
        total,
        total_is_estimate,
        page,
        page_size,
        total_pages,
        next_cursor,
    }))
}
