//! `docs/ERRORS.md`: every stable error code, what it means and what to do.

use std::fmt::Write as _;

use hunter_core::error::CodeInfo;

/// The code tables of the product, in the order of the document: one line a crate.
pub(crate) const TABLES: &[(&str, &[CodeInfo])] = &[
    ("hunter-core", hunter_core::error::CODES),
    ("hunter-arrow", hunter_arrow::CODES),
    ("hunter-scan", hunter_scan::CODES),
    ("hunter-sheets", hunter_sheets::CODES),
    ("hunter-store", hunter_store::CODES),
    ("hunter-server", hunter_server::error::CODES),
    ("HTTP interface", hunter_server::http::problem::CODES),
    ("hunter-nameserver", hunter_nameserver::CODES),
];

const INTRODUCTION: &str = "\
<!-- Written by `cargo xtask gen` from the code; change the tables there, not this file. -->
# Error codes

Every error carries one of these codes. A code is the same in Rust, Python, Node, HTTP and on the
command line, and it does not change its meaning between versions; the sentence beside it may.
";

/// The document for `tables`.
pub(crate) fn document(tables: &[(&str, &[CodeInfo])]) -> String {
    let mut text = String::from(INTRODUCTION);
    for (name, codes) in tables {
        // Writing to a string cannot fail.
        let _ =
            write!(text, "\n## {name}\n\n| code | meaning | what to do |\n| --- | --- | --- |\n");
        for row in *codes {
            let _ =
                writeln!(text, "| `{}` | {} | {} |", row.code, cell(row.meaning), cell(row.remedy));
        }
    }
    text
}

/// A text that stays inside its table cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_row_stays_one_row() {
        let codes = [CodeInfo { code: "a_b", meaning: "one | two", remedy: "first\nthen" }];
        let text = document(&[("some-crate", &codes)]);
        assert!(text.contains("\n## some-crate\n"));
        assert!(text.ends_with("| `a_b` | one \\| two | first then |\n"), "{text}");
    }

    #[test]
    fn a_code_means_one_thing_in_the_whole_product() {
        let mut owner = HashMap::new();
        for (name, codes) in TABLES {
            for row in *codes {
                if let Some(other) = owner.insert(row.code, name) {
                    panic!("`{}` stands in {other} and in {name}", row.code);
                }
            }
        }
    }
}
