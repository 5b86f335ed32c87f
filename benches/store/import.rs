//! `hunter import` of a CSV file, as a user starts it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use hunter_benches::manifest::Workload;

use crate::{child, table};

/// The domain of a row; the scan that follows asks for the same ones.
pub(crate) fn domain(number: usize) -> String {
    format!("sirket{number}.com.tr")
}

fn write_list(path: &Path, size: usize) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    writeln!(file, "domain,website,email,company,country,seats").unwrap();
    for number in 0..size {
        let domain = domain(number);
        let seats = 5 + number * 7 % 900;
        writeln!(
            file,
            "{domain},https://www.{domain}/,bilgi@{domain},Örnek Sanayi {number} A.Ş.,TR,{seats}"
        )
        .unwrap();
    }
    file.flush().unwrap();
}

pub(crate) fn measure(url: &str, workload: &Workload, size: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    write_list(&path, size);
    let path = path.to_str().unwrap();
    let done = child::run(&["hunter", "import", path, "--database", url]);
    assert!(done.said.contains(&format!("{size} rows taken in, 0 refused")), "{}", done.said);
    table::rate(workload, size, done.took, Some(done.peak));
}
