//! What a file tells of each lead, under which names.

use hunter_store::leads::LeadColumn;

/// The columns that existing clients read, in their order.
const RECORDED: [&str; 17] = [
    "domain",
    "company_name",
    "provider",
    "country",
    "segment",
    "readiness_score",
    "priority_score",
    "spf",
    "dkim",
    "dmarc_policy",
    "mx_root",
    "registrar",
    "expires_at",
    "nameservers",
    "scan_status",
    "scanned_at",
    "reason",
];

/// What is first looked for in a list; the rest follows in the order of the row.
const FIRST: [&str; 14] = [
    "domain",
    "company_name",
    "priority_category",
    "priority_label",
    "readiness_score",
    "score_low",
    "score_high",
    "partial",
    "unknown",
    "segment",
    "segment_certain",
    "provider",
    "provider_name",
    "gateway_name",
];

/// A column that is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no column `{0}`: use names of the lead row, such as `domain,priority_category`, or `all`"
)]
pub struct UnknownColumn(String);

impl UnknownColumn {
    /// One of that name.
    pub fn of(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// Files call the name of a company as they always did.
pub(super) fn heading(column: LeadColumn) -> &'static str {
    match column.name() {
        "canonical_name" => "company_name",
        name => name,
    }
}

fn column(name: &str) -> Option<LeadColumn> {
    LeadColumn::named(if name == "company_name" { "canonical_name" } else { name })
}

/// The columns that existing clients read.
pub fn recorded() -> Vec<LeadColumn> {
    RECORDED.iter().filter_map(|name| column(name)).collect()
}

/// All columns, what matters first.
pub fn all() -> Vec<LeadColumn> {
    let first: Vec<_> = FIRST.iter().filter_map(|name| column(name)).collect();
    let rest = LeadColumn::all().filter(|column| !first.contains(column));
    first.iter().copied().chain(rest).collect()
}

/// The columns of a list of names with commas between them; `all` stands for all of them.
///
/// # Errors
/// The first name that is no column.
pub fn named(names: &str) -> Result<Vec<LeadColumn>, UnknownColumn> {
    let mut columns = Vec::new();
    for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        if name == "all" {
            columns.extend(all());
        } else {
            columns.push(column(name).ok_or_else(|| UnknownColumn::of(name))?);
        }
    }
    if columns.is_empty() { Err(UnknownColumn::of("")) } else { Ok(columns) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_of_old_are_all_there() {
        let names: Vec<_> = recorded().into_iter().map(heading).collect();
        assert_eq!(names, RECORDED);
    }

    #[test]
    fn all_are_all_once() {
        let all = all();
        assert_eq!(all.len(), LeadColumn::all().count());
        assert_eq!(all[..FIRST.len()].iter().map(|c| heading(*c)).collect::<Vec<_>>(), FIRST);
    }

    #[test]
    fn columns_are_chosen_by_name() {
        let chosen = named("segment, company_name").expect("columns");
        assert_eq!(
            chosen.into_iter().map(heading).collect::<Vec<_>>(),
            ["segment", "company_name"]
        );
        for wrong in ["", ",", "domain,search_text"] {
            assert!(named(wrong).is_err(), "{wrong}");
        }
    }
}
