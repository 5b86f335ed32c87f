//! Files of companies: no bytes break the reader, every row is counted, and nothing is called `nan`.
//!
//! XLS is left to `hunter-sheets/src/compound.rs` and its tests: the library that reads it panics over some
//! damaged files, which the reader catches and a fuzzer does not.

#![no_main]

use std::io::Cursor;

use hunter_core::sheet::meaning;
use hunter_sheets::{Limits, Options, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return;
    }
    let limits = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    let names_only = bytes.len() % 2 == 1;
    let options = Options { limits, names_only, sheet: None };
    let (mut given, mut last) = (0, 0);
    let summary = read(Cursor::new(bytes), &options, &mut |head, row| {
        given += 1;
        assert!(row.cells.iter().any(|cell| !cell.trim().is_empty()));
        assert!(row.cells.len() <= limits.columns);
        if head.encoding.is_some() {
            assert!(row.line > last, "line {} after {last}", row.line);
            last = row.line;
        }
        let lead = head.layout.read(&row.cells);
        assert!(lead.company.is_none_or(|name| meaning(name) == Some(name)));
        let _ = lead.choose();
        Ok(())
    });
    if let Ok(summary) = summary {
        assert_eq!(summary.rows, given);
        assert!(summary.head.layout.leads_to_a_domain());
    }
});
