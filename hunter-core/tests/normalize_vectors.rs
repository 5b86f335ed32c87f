//! Domains against the golden vectors, and against their own promises.

use hunter_core::Domain;
use hunter_core::operations::{Hunter, NormalizeDomainRequest};
use proptest::prelude::*;

#[derive(serde::Deserialize)]
struct Vector {
    r#in: String,
    domain: Option<String>,
}

#[test]
fn every_golden_vector_matches() {
    let lines = include_str!("../../tests/vectors/normalize.jsonl");
    let hunter = Hunter::builtin();
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let vector: Vector = serde_json::from_str(line).expect("a vector");
        let request = NormalizeDomainRequest { text: vector.r#in.clone() };
        let read = hunter.normalize_domain(&request).ok().map(|answer| answer.domain.to_string());
        if read != vector.domain {
            wrong.push(format!("{:?}: {read:?}, expected {:?}", vector.r#in, vector.domain));
        }
        count += 1;
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(count, 88, "the file holds another number of vectors than this test knows");
}

/// Texts near to what cells hold: so that many are accepted, and most refusals are near misses.
fn cells() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "ornek",
        "www",
        "com",
        "tr",
        "com.tr",
        ".",
        "..",
        "-",
        "--",
        "xn--",
        "xn--iek-1lab",
        "http://",
        "https:",
        "mailto:",
        "@",
        "/",
        ":",
        ":8080",
        "\\",
        "?",
        "#",
        "[",
        "]",
        "<",
        ">",
        ",",
        ";",
        " ",
        "\t",
        "\u{feff}",
        "\u{200b}",
        "\u{ad}",
        "İ",
        "ı",
        "ş",
        "ß",
        "ς",
        "Ⅷ",
        "。",
        "．",
        "日本",
        "😀",
        "e\u{301}",
        "\u{202e}",
        "א",
        "a",
        "1",
        "127.0.0.1",
        "::1",
        "%",
        "_",
        "nan",
        "\"",
        "'",
        "\0",
        "K",
        "℡",
        "a\u{200d}b",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

fn is_canonical(domain: &Domain) -> bool {
    let name = domain.as_str();
    name.len() <= 253
        && domain.labels().count() >= 2
        && domain.labels().all(|label| (1..=63).contains(&label.len()))
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
}

fn holds_its_promises(text: &str) -> Result<(), TestCaseError> {
    let Ok(reading) = Domain::from_cell(text) else { return Ok(()) };
    let domain = reading.domain;
    prop_assert!(is_canonical(&domain), "{text:?} gave {domain}");
    prop_assert_eq!(domain.as_str().parse::<Domain>(), Ok(domain.clone()), "{:?}", text);
    let shown = domain.to_unicode();
    prop_assert_eq!(shown.parse(), Ok(domain.clone()), "{:?} shows as {}", text, shown);
    // `www.` is dropped once, as a reader of cells promises; a name without it reads back whole.
    if !domain.as_str().starts_with("www.") {
        let again = Domain::from_cell(domain.as_str()).map(|reading| reading.domain);
        prop_assert_eq!(again, Ok(domain), "{:?}", text);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}|(?s:.{0,40})") {
        holds_its_promises(&text)?;
    }

    #[test]
    fn any_cell_is_read_or_refused(text in cells()) {
        holds_its_promises(&text)?;
    }

    #[test]
    fn long_names_are_refused_not_cut(labels in prop::collection::vec("[a-z]{1,70}", 1..8)) {
        let name = format!("{}.com.tr", labels.join("."));
        let fits = name.len() <= 253 && labels.iter().all(|label| label.len() <= 63);
        prop_assert_eq!(name.parse::<Domain>().is_ok(), fits, "{}", name);
    }
}
