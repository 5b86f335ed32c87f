//! Reads JSON as Python's `json` module does, keeping what a common reader loses: integers of any
//! size, lone surrogates, `NaN`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::print::{self, Sink};
use crate::error::Error;

/// Levels of arrays and objects that may be nested.
const LEVELS: usize = 128;

/// A JSON value whose leaves are canonical text already.
#[derive(Debug)]
pub(super) enum Value<'a> {
    /// A number, a word or a string, as it will be printed.
    Leaf(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    /// Keys are code points, not characters: a lone surrogate is one of them.
    Object(BTreeMap<Vec<u32>, Value<'a>>),
}

impl Value<'_> {
    pub(super) fn print(&self, sink: &mut impl Sink) {
        match self {
            Self::Leaf(text) => sink.put(text),
            Self::Array(items) => {
                sink.put("[");
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        sink.put(", ");
                    }
                    item.print(sink);
                }
                sink.put("]");
            }
            Self::Object(members) => {
                sink.put("{");
                for (i, (key, value)) in members.iter().enumerate() {
                    sink.put(if i > 0 { ", \"" } else { "\"" });
                    for point in key {
                        print::point(*point, sink);
                    }
                    sink.put("\": ");
                    value.print(sink);
                }
                sink.put("}");
            }
        }
    }
}

/// Reads one value and nothing after it.
pub(super) fn read(text: &str) -> Result<Value<'_>, Error> {
    let mut reader = Reader { text, at: 0 };
    reader.skip_blanks();
    let value = reader.value(0)?;
    reader.skip_blanks();
    if reader.at < text.len() { Err(reader.expected("the end")) } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    /// The next byte; always at a character boundary.
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next_if(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> Error {
        let found = match self.text[self.at..].chars().next() {
            None => "the end".to_owned(),
            Some(c) => format!("`{}`", c.escape_debug()),
        };
        let problem = format!("byte {}: expected {what}, found {found}", self.at);
        Error::argument("signals_json", "signals", problem)
    }

    /// Reads the value at the next byte, inside `level` arrays and objects.
    fn value(&mut self, level: usize) -> Result<Value<'a>, Error> {
        match self.peek() {
            Some(b'{' | b'[') if level == LEVELS => Err(Error::argument(
                "signals_depth",
                "signals",
                format!("byte {}: nested in more than {LEVELS} levels", self.at),
            )),
            Some(b'{') => self.object(level + 1),
            Some(b'[') => self.array(level + 1),
            Some(b'"') => {
                let mut printed = "\"".to_owned();
                self.string(|point| print::point(point, &mut printed))?;
                printed.push('"');
                Ok(Value::Leaf(printed.into()))
            }
            _ => self.word().map_or_else(|| self.number(), Ok).map(Value::Leaf),
        }
    }

    fn object(&mut self, level: usize) -> Result<Value<'a>, Error> {
        let mut members = BTreeMap::new();
        self.at += 1;
        self.skip_blanks();
        if self.next_if(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.expected(if members.is_empty() {
                    "a key in double quotes or `}`"
                } else {
                    "a key in double quotes"
                }));
            }
            let mut key = Vec::new();
            self.string(|point| key.push(point))?;
            self.skip_blanks();
            if !self.next_if(b':') {
                return Err(self.expected("`:`"));
            }
            self.skip_blanks();
            // The last of several equal keys stands.
            members.insert(key, self.value(level)?);
            self.skip_blanks();
            if self.next_if(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.next_if(b',') {
                return Err(self.expected("`,` or `}`"));
            }
            self.skip_blanks();
        }
    }

    fn array(&mut self, level: usize) -> Result<Value<'a>, Error> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_blanks();
        if self.next_if(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(level)?);
            self.skip_blanks();
            if self.next_if(b']') {
                return Ok(Value::Array(items));
            }
            if !self.next_if(b',') {
                return Err(self.expected("`,` or `]`"));
            }
            self.skip_blanks();
        }
    }

    fn word(&mut self) -> Option<Cow<'a, str>> {
        const WORDS: [&str; 6] = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
        let word = WORDS.into_iter().find(|word| self.text[self.at..].starts_with(word))?;
        self.at += word.len();
        Some(word.into())
    }

    fn number(&mut self) -> Result<Cow<'a, str>, Error> {
        let start = self.at;
        self.next_if(b'-');
        if self.next_if(b'0') {
            if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                return Err(self.expected("no digit after a leading zero"));
            }
        } else {
            self.digits(if self.at == start { "a value" } else { "a digit" })?;
        }
        let whole = self.at;
        if self.next_if(b'.') {
            self.digits("a digit")?;
        }
        if self.next_if(b'e') || self.next_if(b'E') {
            if !self.next_if(b'+') {
                self.next_if(b'-');
            }
            self.digits("a digit")?;
        }
        let text = &self.text[start..self.at];
        if self.at > whole {
            let value = text.parse().expect("a JSON number is a number to Rust");
            return Ok(print::float(value).into());
        }
        Ok(if text == "-0" { "0".into() } else { text.into() })
    }

    /// Steps over at least one digit.
    fn digits(&mut self, what: &str) -> Result<(), Error> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.expected(what));
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    /// Reads a string from its opening quote on and hands over its code points. Two escapes that
    /// form a surrogate pair are one code point; a lone one stays as it is.
    fn string(&mut self, mut each: impl FnMut(u32)) -> Result<(), Error> {
        self.at += 1;
        while let Some(c) = self.text[self.at..].chars().next() {
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(());
                }
                '\\' => each(self.escape()?),
                '\0'..='\u{1f}' => {
                    return Err(self.expected("no control character inside a string"));
                }
                _ => {
                    self.at += c.len_utf8();
                    each(u32::from(c));
                }
            }
        }
        Err(self.expected("the closing `\"`"))
    }

    fn escape(&mut self) -> Result<u32, Error> {
        self.at += 1;
        let point = match self.peek() {
            Some(b'"') => 0x22,
            Some(b'\\') => 0x5c,
            Some(b'/') => 0x2f,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => 0x0a,
            Some(b'r') => 0x0d,
            Some(b't') => 0x09,
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.expected("one of `\"\\/bfnrtu` after `\\`")),
        };
        self.at += 1;
        Ok(point)
    }

    fn unicode_escape(&mut self) -> Result<u32, Error> {
        self.at += 1;
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) || !self.text[self.at..].starts_with("\\u") {
            return Ok(first);
        }
        let after_first = self.at;
        self.at += 2;
        let second = self.four_digits()?;
        if (0xdc00..0xe000).contains(&second) {
            return Ok(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00));
        }
        self.at = after_first;
        Ok(first)
    }

    fn four_digits(&mut self) -> Result<u32, Error> {
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.expected("four hexadecimal digits after `\\u`"));
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use crate::hash::canonical;

    fn printed(text: &str) -> String {
        canonical(text).unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    fn refused(text: &str) -> String {
        let error = canonical(text).expect_err(text);
        assert_eq!(error.code(), "signals_json", "{text}");
        error.to_string()
    }

    #[test]
    fn numbers_keep_their_kind_and_size() {
        for (text, expected) in [
            ("-0", "0"),
            ("-0.0", "-0.0"),
            ("0e0", "0.0"),
            ("-10", "-10"),
            ("1E2", "100.0"),
            ("1e+16", "1e+16"),
            ("0.1e-6", "1e-07"),
            ("1e999", "Infinity"),
            ("-1e999", "-Infinity"),
            ("1e-999", "0.0"),
            ("0e99999999999999999999", "0.0"),
            ("NaN", "NaN"),
            ("[Infinity,-Infinity]", "[Infinity, -Infinity]"),
        ] {
            assert_eq!(printed(text), expected, "{text}");
        }
        let big = "-1234567890".repeat(1000).replace("0-", "0");
        assert_eq!(printed(&big), big);
    }

    #[test]
    fn surrogates_pair_up_or_stay_alone() {
        for (text, expected) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\uD83D""#, r#""\ud83d""#),
            (r#""\ude00\ud83d""#, r#""\ude00\ud83d""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ud83d\ud83d\ude00""#),
            (r#""\ud83dx\n""#, r#""\ud83dx\n""#),
            ("\"😀\"", r#""\ud83d\ude00""#),
        ] {
            assert_eq!(printed(text), expected, "{text}");
        }
    }

    #[test]
    fn keys_sort_by_code_point_and_the_last_of_equals_stands() {
        assert_eq!(
            printed(r#"{"\uffff":1,"😀":2,"\ud83d":3,"b":4,"":5,"B":6,"\u0062":7}"#),
            r#"{"": 5, "B": 6, "b": 7, "\ud83d": 3, "\uffff": 1, "\ud83d\ude00": 2}"#
        );
        assert_eq!(printed(r#"{"a":{"a":1},"a":[]}"#), r#"{"a": []}"#);
    }

    #[test]
    fn a_refusal_names_the_byte_and_what_was_expected() {
        for (text, expected) in [
            ("", "byte 0: expected a value, found the end"),
            ("\u{feff}{}", "byte 0: expected a value, found `\\u{feff}`"),
            ("\u{a0}{}", "byte 0: expected a value, found `\\u{a0}`"),
            ("{\"ş\" 1}", "byte 6: expected `:`, found `1`"),
            ("{1:2}", "byte 1: expected a key in double quotes or `}`, found `1`"),
            ("{\"a\":1,}", "byte 7: expected a key in double quotes, found `}`"),
            ("{\"a\":1;}", "byte 6: expected `,` or `}`, found `;`"),
            ("[1,]", "byte 3: expected a value, found `]`"),
            ("[1 2]", "byte 3: expected `,` or `]`, found `2`"),
            ("01", "byte 1: expected no digit after a leading zero, found `1`"),
            ("-", "byte 1: expected a digit, found the end"),
            ("+1", "byte 0: expected a value, found `+`"),
            ("1.", "byte 2: expected a digit, found the end"),
            ("1e+", "byte 3: expected a digit, found the end"),
            ("-NaN", "byte 1: expected a digit, found `N`"),
            ("nul", "byte 0: expected a value, found `n`"),
            ("{} {}", "byte 3: expected the end, found `{`"),
            ("\"ab", "byte 3: expected the closing `\"`, found the end"),
            ("\"a\tb\"", "byte 2: expected no control character inside a string, found `\\t`"),
            (r#""\x""#, "byte 2: expected one of `\"\\/bfnrtu` after `\\`, found `x`"),
            (r#""\u12g4""#, "byte 5: expected four hexadecimal digits after `\\u`, found `g`"),
            (
                r#""\ud83d\u+123""#,
                "byte 9: expected four hexadecimal digits after `\\u`, found `+`",
            ),
        ] {
            assert_eq!(refused(text), format!("signals: {expected}"), "{text}");
        }
    }

    #[test]
    fn nesting_ends_at_128_levels() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(printed(&nested(128)), nested(128));
        let error = canonical(&nested(129)).expect_err("too deep");
        assert_eq!(error.code(), "signals_depth");
        assert_eq!(error.to_string(), "signals: byte 128: nested in more than 128 levels");
        // Depth counts, not number.
        assert!(canonical(&format!("[{}0]", "[],".repeat(1000))).is_ok());
    }
}
