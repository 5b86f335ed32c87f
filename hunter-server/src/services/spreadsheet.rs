//! What spreadsheets do with text, and how they are kept from it.

use std::borrow::Cow;

/// What makes a spreadsheet take a cell for a formula, at its beginning.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
/// What ends a cell where a file is read with another separator than it was written with, as a Turkish or
/// German Excel does by itself: the rest of the text then begins a cell of its own.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// A text that no spreadsheet runs as a formula, however it splits the file: an apostrophe goes before
/// what would begin one. Texts come from MX names and lists of strangers (D28).
pub fn neutral(text: &str) -> Cow<'_, str> {
    let mut safe: Option<String> = None;
    let mut begins = true;
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        // A tab or a line break at the beginning is itself taken for one.
        let starts = FORMULA.contains(&c) || (at == 0 && matches!(c, '\t' | '\r' | '\n'));
        if begins && starts {
            let safe = safe.get_or_insert_with(|| String::with_capacity(text.len() + 8));
            safe.push_str(&text[copied..at]);
            safe.push('\'');
            copied = at;
            begins = false;
        }
        if SEPARATORS.contains(&c) {
            begins = true;
        } else if !c.is_whitespace() && c != '"' {
            begins = false;
        }
    }
    match safe {
        None => text.into(),
        Some(mut safe) => {
            safe.push_str(&text[copied..]);
            safe.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d28_formulas_are_neutralised() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "＝1+1", "＋1", "－1", "＠A1"] {
            assert_eq!(neutral(formula), format!("'{formula}"));
        }
        // Such a beginning also ends a cell, so that what follows is a beginning too.
        for control in ['\t', '\r', '\n'] {
            assert_eq!(neutral(&format!("{control}=1")), format!("'{control}'=1"));
        }
        assert_eq!(neutral("  =1"), "  '=1");
        for plain in
            ["ornek.com", "", "a=b", "Ayşe-Yılmaz", "10 mx.ornek.com; mx2.ornek.com", "'=1"]
        {
            assert!(matches!(neutral(plain), Cow::Borrowed(text) if text == plain), "{plain}");
        }
    }

    #[test]
    fn d28_no_other_separator_uncovers_a_formula() {
        for (text, safe) in [
            ("mx;=cmd|' /C calc'!A0", "mx;'=cmd|' /C calc'!A0"),
            ("a\t@x", "a\t'@x"),
            ("a\r\n+1\n-2", "a\r\n'+1\n'-2"),
            ("a;\"=1", "a;\"'=1"),
            ("a; =1; b-c", "a; '=1; b-c"),
            ("=a;=b", "'=a;'=b"),
        ] {
            assert_eq!(neutral(text), safe);
        }
    }
}
