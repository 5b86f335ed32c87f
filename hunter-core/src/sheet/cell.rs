//! What a single cell says, if it says anything.

use crate::domain::cell::is_padding;

/// Texts that spreadsheets and programs leave where nothing was said, in lower case. `#…` are the errors
/// of Excel in English and Turkish.
const BLANKS: [&str; 36] = [
    "-",
    "--",
    "---",
    "_",
    ".",
    "?",
    "*",
    "/",
    "nan",
    "na",
    "n/a",
    "n.a.",
    "n.a",
    "none",
    "null",
    "nil",
    "undefined",
    "(blank)",
    "blank",
    "(boş)",
    "boş",
    "unknown",
    "bilinmiyor",
    "tbd",
    "yok",
    "<na>",
    "nat",
    "#n/a",
    "#na",
    "#yok",
    "#ref!",
    "#başv!",
    "#value!",
    "#değer!",
    "#name?",
    "#ad?",
];

/// The text of a cell without what surrounds it; `None` where it stands for nothing. A blank cell never
/// becomes a company called `nan`.
pub fn meaning(cell: &str) -> Option<&str> {
    let text = cell.trim_matches(is_padding);
    let is_blank = || BLANKS.contains(&text.to_lowercase().as_str());
    // No word for nothing is longer; long cells need no copy to compare.
    (!text.is_empty() && (text.len() > 16 || !is_blank())).then_some(text)
}

/// A number of people as lists give it: `250`, `1.250`, `1,250`, `1 250`, `50+`, and of a span (`50-99`,
/// `51 – 200 çalışan`) the lower end, which is certain.
pub(super) fn people(cell: &str) -> Option<u32> {
    let text = meaning(cell)?;
    let from = text.find(|c: char| c.is_ascii_digit())?;
    // `~50`, `> 50`, `yaklaşık 50`; but no `-50`.
    if text[..from].trim_end().ends_with('-') {
        return None;
    }
    let rest = &text[from..];
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\'');
    let number = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let number = number.trim_end_matches(|c: char| !c.is_ascii_digit());
    let mut groups = number.split(|c: char| !c.is_ascii_digit());
    let first = groups.next()?;
    let others: Vec<&str> = groups.collect();
    if others.is_empty() {
        return first.parse().ok();
    }
    // Thousands come in threes. `250.0` and `250,00` are 250.
    if first.len() <= 3 && others.iter().all(|group| group.len() == 3) {
        return format!("{first}{}", others.concat()).parse().ok();
    }
    let is_zero = |group: &&str| group.len() <= 2 && group.bytes().all(|digit| digit == b'0');
    (others.len() == 1 && others.iter().all(is_zero)).then(|| first.parse().ok())?
}

/// A country as an ISO 3166-1 alpha-2 code: the code itself, or a name of Türkiye.
pub(super) fn country(cell: &str) -> Option<String> {
    let text = meaning(cell)?;
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(text.to_ascii_uppercase());
    }
    let name = super::names::folded(text);
    matches!(name.as_str(), "turkiye" | "turkey" | "tur" | "turkiye cumhuriyeti")
        .then(|| "TR".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d18_blank_cells_say_nothing() {
        for blank in [
            "",
            " ",
            "\u{a0}",
            "\u{feff}",
            "nan",
            "NaN",
            "NAN",
            " None ",
            "null",
            "NULL",
            "#N/A",
            "#REF!",
            "#DEĞER!",
            "(blank)",
            "-",
            "N/A",
            "<NA>",
            "NaT",
            "undefined",
        ] {
            assert_eq!(meaning(blank), None, "{blank:?}");
        }
        for text in ["Nan Gıda", "Noname A.Ş.", "0", "Null Yazılım"] {
            assert_eq!(meaning(&format!(" {text}\t")), Some(text));
        }
    }

    #[test]
    fn people_are_counted_as_lists_give_them() {
        for (cell, expected) in [
            ("250", Some(250)),
            ("1.250", Some(1250)),
            ("1,250", Some(1250)),
            ("1 250 kişi", Some(1250)),
            ("12.345.678", Some(12_345_678)),
            ("50-99", Some(50)),
            ("51 – 200 çalışan", Some(51)),
            ("1000+", Some(1000)),
            (">50", Some(50)),
            ("250.0", Some(250)),
            ("250,00", Some(250)),
            ("2.5", None),
            ("-5", None),
            ("nan", None),
            ("çok", None),
            ("99999999999", None),
        ] {
            assert_eq!(people(cell), expected, "{cell}");
        }
    }

    #[test]
    fn countries_are_codes() {
        for (cell, expected) in
            [("tr", Some("TR")), ("Türkiye", Some("TR")), ("TURKEY", Some("TR")), ("Almanya", None)]
        {
            assert_eq!(country(cell).as_deref(), expected, "{cell}");
        }
    }
}
