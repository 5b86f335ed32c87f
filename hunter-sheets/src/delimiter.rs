//! The character that parts the cells of a text.

use hunter_core::sheet::Layout;

use crate::limits::Limits;
use crate::rows::Rows;

/// In the order in which they win on equal grounds.
const CANDIDATES: [u8; 7] = [b',', b';', b'\t', b'|', b'^', b'~', b'\x1f'];
/// So many rows tell.
const ROWS: usize = 100;

/// The delimiter of a text by its beginning: the one that Excel was told (`sep=;`), else the one by which
/// most columns are understood and the rows are of one width. `is_cut` says that the text goes on.
pub(crate) fn detect(text: &[u8], is_cut: bool, limits: Limits) -> u8 {
    if let Some(told) = told(text) {
        return told;
    }
    let mut best = (CANDIDATES[0], 0.0);
    for candidate in CANDIDATES {
        let worth = worth(text, candidate, is_cut, limits);
        if worth > best.1 {
            best = (candidate, worth);
        }
    }
    best.0
}

/// The delimiter of a first line such as `sep=;`.
pub(crate) fn told(text: &[u8]) -> Option<u8> {
    let line = text.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let rest = line.strip_prefix(b"sep=").or_else(|| line.strip_prefix(b"SEP="))?;
    let [delimiter] = rest else { return None };
    (delimiter.is_ascii() && *delimiter != b'"').then_some(*delimiter)
}

fn worth(text: &[u8], delimiter: u8, is_cut: bool, limits: Limits) -> f64 {
    if !text.contains(&delimiter) {
        return 0.0;
    }
    let mut reader = Rows::new(text, delimiter, limits);
    let (mut rows, mut cells) = (Vec::new(), Vec::new());
    while rows.len() <= ROWS {
        match reader.read(&mut cells) {
            Ok(Some(_)) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
            Ok(Some(_)) => rows.push(std::mem::take(&mut cells)),
            // What cannot be read so is told when it is read, if it is.
            Ok(None) | Err(_) => break,
        }
    }
    if is_cut && rows.len() > 1 {
        rows.pop();
    }
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|one, two| one == two).max_by_key(|same| (same.len(), same[0]));
    let Some((same, width)) = most.map(|same| (same.len(), same[0])) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let ratio = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let regular = ratio(same, rows.len()) * (1.0 - ratio(1, width));
    let layout = Layout::detect(&rows);
    let understood = ratio(layout.columns.len().min(4), 4);
    regular + understood
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> char {
        char::from(detect(text.as_bytes(), false, Limits::default()))
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_sense() {
        for (text, expected) in [
            ("a,b\n1,2\n", ','),
            ("a;b\n1;2\n", ';'),
            ("a\tb\n1\t2\n", '\t'),
            ("a|b\n1|2\n", '|'),
            ("ornek.com.tr\nbaska.com\n", ','),
            // Commas in addresses and numbers outnumber the real delimiter.
            (
                "Firma;Adres;Domain\nA;Cad. 1, Kat 2, D. 3, Ankara;a.com\nB;Sok. 2, No 1, Ankara;b.com\n",
                ';',
            ),
            ("Firma;Ciro;Domain\nA;1,5;a.com\nB;2,5;b.com\n", ';'),
            ("Firma,Domain\n\"A; B; C\",a.com\n\"D; E; F\",b.com\n", ','),
            ("sep=|\na,b|c,d\n", '|'),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }
}
