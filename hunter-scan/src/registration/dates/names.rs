//! Names of months and zones.

/// The number of a month, from its name in English, Spanish, Portuguese or French, or from the first
/// three letters or more of the English one.
pub(super) fn month(word: &str) -> Option<u16> {
    const ENGLISH: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    // What does not begin like the English name. `jan`, `mar`, `abr`, `out` and the like are listed
    // because registries abbreviate too.
    const OTHERS: [(&str, u16); 37] = [
        ("enero", 1),
        ("ene", 1),
        ("janeiro", 1),
        ("janvier", 1),
        ("febrero", 2),
        ("fevereiro", 2),
        ("fev", 2),
        ("février", 2),
        ("fevrier", 2),
        ("marzo", 3),
        ("março", 3),
        ("marco", 3),
        ("mars", 3),
        ("abril", 4),
        ("abr", 4),
        ("avril", 4),
        ("mayo", 5),
        ("maio", 5),
        ("mai", 5),
        ("junio", 6),
        ("junho", 6),
        ("juin", 6),
        ("julio", 7),
        ("julho", 7),
        ("juillet", 7),
        ("agosto", 8),
        ("ago", 8),
        ("août", 8),
        ("septiembre", 9),
        ("setembro", 9),
        ("octubre", 10),
        ("outubro", 10),
        ("out", 10),
        ("noviembre", 11),
        ("novembro", 11),
        ("diciembre", 12),
        ("dezembro", 12),
    ];
    let word = word.to_lowercase();
    let english = (word.len() >= 3).then(|| {
        (1u16..).zip(ENGLISH).find(|(_, name)| {
            name.starts_with(&word) || (word == "sept" && name.starts_with("sep"))
        })
    });
    english
        .flatten()
        .map(|(number, _)| number)
        .or_else(|| OTHERS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number))
}

/// Minutes east of UTC of the zones that registries name. A name that two zones share is read as the
/// one that a registry uses: `CST` is China's, `IST` India's, `EST` the American.
pub(super) fn zone_minutes(name: &str) -> Option<i16> {
    Some(match name.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "WET" | "UT" => 0,
        "BST" | "WEST" | "CET" | "MEZ" | "WAT" => 60,
        "CEST" | "MESZ" | "EET" | "CAT" | "SAST" => 120,
        "EEST" | "MSK" | "EAT" | "AST" | "TRT" => 180,
        "GST" | "SAMT" => 240,
        "PKT" | "UZT" => 300,
        "IST" => 330,
        "ALMT" => 360,
        "ICT" | "WIB" => 420,
        "CST" | "HKT" | "SGT" | "MYT" | "AWST" => 480,
        "JST" | "KST" => 540,
        "AEST" => 600,
        "AEDT" => 660,
        "NZST" => 720,
        "NZDT" => 780,
        "BRT" | "ART" => -180,
        "EDT" => -240,
        "EST" | "CDT" => -300,
        "MDT" => -360,
        "MST" | "PDT" => -420,
        "PST" => -480,
        _ => return None,
    })
}
