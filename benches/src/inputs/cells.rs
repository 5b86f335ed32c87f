//! Spreadsheet cells as people fill them.

use super::hosts;
use super::random::Random;

/// One cell.
pub(super) fn cell(random: &mut Random) -> String {
    const NOTHING: [&str; 8] =
        ["", "-", "yok", "n/a", "Örnek Sanayi A.Ş.", "192.0.2.17", "ornek", "info@"];
    const INTERNATIONAL: [&str; 4] = [
        "çiçek-bahçesi.com.tr",
        "Şişli Belediyesi <bilgi@şişli.bel.tr>",
        "müller.de",
        "İSTANBUL.com",
    ];
    let company = hosts::company(random);
    match random.below(20) {
        0..=7 => company,
        8 | 9 => format!("www.{company}"),
        10 => format!("  {}\u{a0}", company.to_uppercase()),
        11 | 12 => format!("https://www.{company}/iletisim?dil=tr"),
        13 => format!("http://{company}:8080/"),
        14 | 15 => format!("info@{company}"),
        16 => format!("Satış <satis@{company}>;"),
        17 => random.word(&INTERNATIONAL).to_owned(),
        _ => random.word(&NOTHING).to_owned(),
    }
}
