//! Where the two databases want different words: all of it, beside the migrations and the schema check.

use super::{Executor, Unit};
use crate::config::Backend;

impl Unit {
    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.backend
    }
}

impl Executor<'_> {
    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }
}

impl Backend {
    /// The texts of a JSON array that a parameter carries, as rows.
    pub(crate) fn texts(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("SELECT value FROM json_each({parameter})"),
            Self::Postgres => format!("SELECT jsonb_array_elements_text({parameter}::jsonb)"),
        }
    }

    /// The numbers of a JSON array that a parameter carries, as rows.
    pub(crate) fn numbers(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => self.texts(parameter),
            Self::Postgres => {
                format!("SELECT jsonb_array_elements_text({parameter}::jsonb)::bigint")
            }
        }
    }

    /// A parameter that carries JSON for a column of JSON.
    pub(crate) fn json(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => parameter.to_owned(),
            Self::Postgres => format!("{parameter}::jsonb"),
        }
    }

    /// The leads, the number of their priority category and their score, such that one index has all of it
    /// beside the segments and the provider. SQLite takes no index for enough where a generated column is
    /// asked for, and must be told which one to read.
    pub(crate) const fn leads_by_totals(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Sqlite => (
                "leads INDEXED BY leads_totals",
                "COALESCE(substr(priority_category, 2), 9)",
                "COALESCE(readiness_score, -1)",
            ),
            Self::Postgres => ("leads", "sort_rank / 1000", "sort_score"),
        }
    }

    /// What follows the leads where only their sample is read. PostgreSQL has statistics that say how small
    /// it is; SQLite has none of an expression, and must be told.
    pub(crate) const fn by_the_sample(self) -> &'static str {
        match self {
            Self::Sqlite => " INDEXED BY leads_sample",
            Self::Postgres => "",
        }
    }

    /// A column of JSON as its text.
    pub(crate) fn text(self, column: &str) -> String {
        match self {
            Self::Sqlite => column.to_owned(),
            Self::Postgres => format!("{column}::text"),
        }
    }

    /// What makes rows that are read to be written wait for each other. SQLite has one writer anyway.
    pub(crate) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// As [`for_update`](Self::for_update), leaving others free to add rows that hang on these.
    pub(crate) const fn for_change(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE",
        }
    }

    /// As [`for_update`](Self::for_update), passing over rows that another unit of work has taken.
    pub(crate) fn for_update_of_free(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR UPDATE OF {table} SKIP LOCKED"),
        }
    }

    /// The moment at which a statement runs, on the database's clock: machines that share a database do
    /// not share a clock.
    pub(crate) const fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
            Self::Postgres => "clock_timestamp()",
        }
    }

    /// A moment so many microseconds, an expression, after another.
    pub(crate) fn later(self, moment: &str, micros: &str) -> String {
        match self {
            Self::Sqlite => format!("{moment} + {micros}"),
            Self::Postgres => format!("{moment} + ({micros})::bigint * interval '1 microsecond'"),
        }
    }

    /// The microseconds from one moment to another.
    pub(crate) fn micros_between(self, from: &str, to: &str) -> String {
        match self {
            Self::Sqlite => format!("({to} - {from})"),
            Self::Postgres => format!("(extract(epoch FROM {to} - {from}) * 1000000)::bigint"),
        }
    }

    /// The next number of a column that counts its rows: an expression for an INSERT. SQLite has one writer,
    /// so that nobody else can take the number meanwhile.
    pub(crate) fn next_number(self, table: &str, column: &str) -> String {
        match self {
            Self::Sqlite => format!("(SELECT COALESCE(MAX({column}), 0) + 1 FROM {table})"),
            Self::Postgres => format!("nextval(pg_get_serial_sequence('{table}', '{column}'))"),
        }
    }

    /// What makes a statement tell its plan.
    pub(crate) const fn explain(self) -> &'static str {
        match self {
            Self::Sqlite => "EXPLAIN QUERY PLAN",
            Self::Postgres => "EXPLAIN",
        }
    }

    /// A condition: the company is, or is not, among the favourites, of which there are few.
    pub(crate) fn is_among_favourites(self, yes: bool) -> String {
        let all = "SELECT f.company_id FROM favourites f";
        match (self, yes) {
            (_, false) => format!("l.company_id NOT IN ({all})"),
            (Self::Sqlite, true) => format!("l.company_id IN ({all})"),
            // As an array, which makes the planner expect few, and begin with them.
            (Self::Postgres, true) => format!("l.company_id = ANY (ARRAY({all}))"),
        }
    }

    /// A condition on one row: its folded text contains a folded term of three letters or more, which
    /// `parameter` carries as [`contained`](Self::contained) makes it.
    pub(crate) fn contains(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => self.has(parameter),
            Self::Postgres => format!("l.search_text LIKE {parameter}"),
        }
    }

    /// The ends of two statements of which only one shall do anything: the first where a condition holds, the
    /// second, which gives so many rows, where it does not. PostgreSQL looks at a condition that stands
    /// outside before it starts; SQLite would only drop the rows one by one, and is told to want none.
    pub(crate) fn only_one_of(self, condition: &str, rows: &str) -> (String, String) {
        match self {
            Self::Sqlite => (
                format!(" LIMIT CASE WHEN {condition} THEN -1 ELSE 0 END"),
                format!("CASE WHEN {condition} THEN 0 ELSE {rows} END"),
            ),
            Self::Postgres => (String::new(), rows.to_owned()),
        }
    }

    /// What SQLite's search index is asked for: every term as it stands. PostgreSQL's is used by
    /// [`contains`](Self::contains) itself.
    pub(crate) fn indexed(terms: &[&str]) -> String {
        let quoted: Vec<String> =
            terms.iter().map(|term| format!("\"{}\"", term.replace('"', "\"\""))).collect();
        quoted.join(" ")
    }

    /// A condition: the folded text of a lead contains a folded term, however short. No index helps.
    pub(crate) fn has(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("instr(l.search_text, {parameter}) > 0"),
            Self::Postgres => format!("strpos(l.search_text, {parameter}) > 0"),
        }
    }

    /// The value for [`contains`](Self::contains): nothing in the term has a meaning of its own.
    pub(crate) fn contained(self, term: &str) -> String {
        match self {
            Self::Sqlite => term.to_owned(),
            Self::Postgres => {
                let mut pattern = String::from("%");
                for c in term.chars() {
                    if matches!(c, '%' | '_' | '\\') {
                        pattern.push('\\');
                    }
                    pattern.push(c);
                }
                pattern.push('%');
                pattern
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_has_no_meaning_of_its_own() {
        assert_eq!(Backend::Postgres.contained(r"50%_\"), r"%50\%\_\\%");
        assert_eq!(Backend::indexed(&["a\" OR b", "c*"]), "\"a\"\" OR b\" \"c*\"");
    }
}
