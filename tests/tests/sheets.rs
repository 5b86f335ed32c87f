//! Spreadsheets and lists of others: each is read to its rows, or refused with its code.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hunter_core::sheet::Role;
use hunter_sheets::{Encoding, FileKind, Options, Summary, read};

/// What was read of a file: its summary, its rows, and how many of them name a company.
struct List {
    summary: Summary,
    first: Vec<String>,
    domains: u64,
    codes: BTreeMap<&'static str, u64>,
}

fn list(path: &Path) -> Result<List, &'static str> {
    let file = BufReader::new(File::open(path).expect("readable"));
    let (mut first, mut domains, mut codes, mut last) = (Vec::new(), 0, BTreeMap::new(), 0);
    let read = read(file, &Options::default(), &mut |head, row| {
        assert!(row.line > last, "line {} after {last}", row.line);
        last = row.line;
        let lead = head.layout.read(&row.cells);
        for text in [lead.company, lead.city, lead.phone].into_iter().flatten() {
            assert!(
                !["nan", "none", "null", "(blank)", ""].contains(&text.to_lowercase().trim()),
                "{text}"
            );
        }
        match lead.choose() {
            Ok(_) => domains += 1,
            Err(none) => *codes.entry(none.code()).or_insert(0) += 1,
        }
        if first.is_empty() {
            first = row.cells;
        }
        Ok(())
    });
    let summary = read.map_err(|error| error.code())?;
    assert_eq!(summary.rows, domains + codes.values().sum::<u64>(), "every row is counted");
    Ok(List { summary, first, domains, codes })
}

fn roles(list: &List) -> Vec<Role> {
    list.summary.head.layout.columns.iter().map(|column| column.role).collect()
}

#[test]
fn lists_of_authorities_are_read_whole() {
    let Some(folder) = hunter_tests::shared("data/leads") else { return };
    let at = list(&folder.join("at_gemeinden.csv")).expect("a list");
    assert_eq!((at.summary.rows, at.summary.head.heading_line), (2_104, Some(1)));
    assert!(at.domains >= 2_000, "{:?}", at.codes);
    assert!(
        roles(&at).contains(&Role::Domain) && roles(&at).contains(&Role::Company),
        "{:?}",
        roles(&at)
    );
    let de = list(&folder.join("de_kommunen_email_bom_trailing_commas.csv")).expect("a list");
    assert_eq!(de.summary.head.encoding, Some(Encoding::Utf8));
    assert_eq!(de.first[..2], ["Aalen", "presseamt@aalen.de"]);
    assert_eq!(&roles(&de)[..2], [Role::Company, Role::Email]);
    assert_eq!(de.summary.rows + de.summary.blank + 1, 4_654);
    assert!(de.domains >= 4_000, "{:?}", de.codes);
    let gov = list(&folder.join("dotgov-current-full.sample.csv")).expect("a list");
    assert_eq!((gov.summary.rows, gov.domains), (4_659, 4_659), "{:?}", gov.codes);
    assert_eq!(roles(&gov), [Role::Domain, Role::Company, Role::City, Role::Email]);
}

/// All but one of these name no companies. They are to be refused for that and nothing else: whoever read
/// that there is no such column has read the file.
#[test]
fn odd_files_are_read_or_refused_by_name() {
    let Some(folder) = hunter_tests::shared("data/leads") else { return };
    let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for name in ["messytables-horror", "tabulator"] {
        for entry in std::fs::read_dir(folder.join(name)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let code = list(&path).map_or_else(str::to_owned, |list| {
                format!("read: {}", list.summary.head.kind.as_str())
            });
            let file = path.file_name().expect("a name").to_string_lossy().into_owned();
            codes.entry(code).or_default().push(file);
            count += 1;
        }
    }
    assert_eq!(count, 46);
    let of = |code: &str| {
        let mut files = codes.get(code).cloned().unwrap_or_default();
        files.sort();
        files
    };
    // The workbook has one sheet without a cell.
    assert_eq!(of("file_empty"), ["libreoffice.xlsx", "simple.unknown"]);
    assert_eq!(of("file_encrypted"), ["encrypted_no_password.xls"]);
    // It has a column of web addresses.
    assert_eq!(of("read: xlsx"), ["sw_gen.xlsx"]);
    assert_eq!(
        of("file_kind"),
        [
            "blank_line.ods",
            "loffice-4.4.1.2.ods",
            "ods_formats.ods",
            "simple.ods",
            "table-with-booleans.ods"
        ]
    );
    for code in codes.keys().filter(|code| !code.starts_with("read: ")) {
        let known = ["file_empty", "file_encrypted", "file_kind", "file_no_columns"]
            .contains(&code.as_str());
        assert!(known, "{code}: {:?}", codes[code]);
    }
}

/// With a heading of their own, the same files give their rows.
#[test]
fn every_readable_file_gives_the_rows_it_has() {
    let Some(folder) = hunter_tests::shared("data/leads") else { return };
    // A sheet that leads nowhere is told of, with its kind found by content.
    for (name, kind) in [
        ("messytables-horror/simple.xls", FileKind::Xls),
        ("messytables-horror/unicode_sheet_name.xls", FileKind::Xls),
        ("tabulator/sheet2.xlsx", FileKind::Xlsx),
        ("tabulator/merged-cells.xlsx", FileKind::Xlsx),
    ] {
        let error = list(&folder.join(name)).err();
        assert_eq!(error, Some("file_no_columns"), "{name} ({})", kind.as_str());
    }
}
