//! The conditions of a list: which leads a filter means.

use hunter_core::vocabulary::PriorityCategory;

use super::query::{LeadQuery, LeadSort};
use crate::config::Backend;
use crate::db::Value;
use crate::fold::folded;

/// Whether a company is in the sample, which has one in 128; the indexes `leads_sample` and
/// `lead_tags_sample` say the same.
pub(super) const IN_SAMPLE: &str = "company_id * 2654435761 % 4294967296 < 33554432";

/// Conditions and their values; a value that stands in the statement twice is bound once.
pub(super) struct Conditions {
    /// Every condition, as it is asked of a row.
    pub(super) all: Vec<String>,
    /// The same, as it is asked of the sample.
    pub(super) sampled: Vec<String>,
    /// What the index of the search is asked for.
    search: Option<String>,
    pub(super) values: Vec<Value>,
}

impl Conditions {
    pub(super) fn new(backend: Backend, query: &LeadQuery) -> Self {
        let filter = &query.filter;
        let mut made =
            Self { all: Vec::new(), sampled: Vec::new(), search: None, values: Vec::new() };
        for (column, word) in [
            ("segment", filter.segment.map(hunter_core::vocabulary::Segment::as_str)),
            ("provider", filter.provider.map(hunter_core::vocabulary::ProviderClass::as_str)),
            (
                "commercial_segment",
                filter.commercial_segment.map(hunter_core::vocabulary::CommercialSegment::as_str),
            ),
            ("tenant_size", filter.tenant_size.map(hunter_core::vocabulary::TenantSize::as_str)),
            ("referral_type", filter.referral_type.map(hunter_core::assess::ReferralType::as_str)),
        ] {
            if let Some(word) = word {
                let value = made.value(word.into());
                made.add(format!("l.{column} = {value}"));
            }
        }
        if let Some(category) = filter.priority_category {
            let value = made.value(category.as_str().into());
            made.add(format!("l.priority_category = {value}"));
            if query.sort == LeadSort::PriorityCategory {
                // A stretch of the list's own index.
                let first = rank_of(category);
                made.add(format!("l.sort_rank BETWEEN {first} AND {}", first + 999));
            }
        }
        if let Some(score) = filter.min_score {
            let value = made.value(score.into());
            made.add(format!("l.sort_score >= {value}"));
        }
        if let Some(score) = filter.max_score {
            let value = made.value(score.into());
            // Unknown is not low.
            made.add(format!("l.sort_score BETWEEN 0 AND {value}"));
        }
        if let Some(tag) = &filter.tag {
            let value = made.value(tag.as_str().into());
            let tagged = format!("SELECT t.company_id FROM lead_tags t WHERE t.tag = {value}");
            made.all.push(format!("l.company_id IN ({tagged})"));
            // The tags have a sample of their own.
            made.sampled.push(format!("l.company_id IN ({tagged} AND t.{IN_SAMPLE})"));
        }
        if let Some(favourite) = filter.favourite {
            made.add(backend.is_among_favourites(favourite));
        }
        if let Some(search) = &filter.search {
            made.search(backend, &folded(search));
        }
        made
    }

    fn search(&mut self, backend: Backend, folded: &str) {
        let (long, short): (Vec<&str>, Vec<&str>) = folded
            .split(' ')
            .filter(|term| !term.is_empty())
            .partition(|term| term.chars().count() >= 3);
        for term in &long {
            let value = self.value(backend.contained(term).into());
            self.add(backend.contains(&value));
        }
        if !long.is_empty() {
            self.search = Some(Backend::indexed(&long));
        }
        for term in short {
            if long.is_empty() {
                // No index finds fewer than three letters; the order of domains does.
                let first = self.value(term.into());
                let beyond = self.value(format!("{term}\u{10ffff}").into());
                self.add(format!("l.domain >= {first} AND l.domain < {beyond}"));
            } else {
                let value = self.value(term.into());
                self.add(backend.has(&value));
            }
        }
    }

    /// What a search finds by its index.
    pub(super) fn hits(&mut self, backend: Backend, column: &str) -> Option<String> {
        let search = self.search.take()?;
        let all: Vec<&str> = self.all.iter().map(String::as_str).collect();
        Some(match backend {
            Backend::Postgres => {
                format!(
                    "SELECT l.company_id, l.{column} AS sort_key FROM leads l{}",
                    where_all(&all)
                )
            }
            Backend::Sqlite => {
                let others: Vec<String> =
                    all.iter().map(|&condition| condition.to_owned()).collect();
                let value = self.value(search.into());
                let found = format!("s.leads_search MATCH {value}");
                let conditions: Vec<&str> =
                    others.iter().map(String::as_str).chain([found.as_str()]).collect();
                // In this order: the search first, then its rows.
                format!(
                    "SELECT l.company_id, l.{column} AS sort_key FROM leads_search s \
                     CROSS JOIN leads l ON l.company_id = s.rowid{}",
                    where_all(&conditions)
                )
            }
        })
    }

    pub(super) fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn add(&mut self, condition: String) {
        self.sampled.push(condition.clone());
        self.all.push(condition);
    }

    pub(super) fn text(&self) -> String {
        if self.all.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.all.join(" AND "))
        }
    }
}

/// Where a category begins in the order of ranks; the column `sort_rank` says the same.
pub(super) fn rank_of(category: PriorityCategory) -> i64 {
    1000 * (i64::try_from(category.index()).unwrap_or(0) + 1)
}

pub(super) fn where_all(conditions: &[&str]) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    }
}
