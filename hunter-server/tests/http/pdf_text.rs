//! The texts of a PDF as a reader copies them: through the fonts' tables of letters (ISO 32000-1 §9.10). Only
//! as much of the format as the server writes.

use std::collections::HashMap;
use std::io::Read as _;

/// A PDF taken apart.
pub(crate) struct Pdf {
    objects: HashMap<u32, Vec<u8>>,
}

/// The bytes between two marks, and what follows.
fn between<'b>(bytes: &'b [u8], from: &[u8], to: &[u8]) -> Option<&'b [u8]> {
    let start = find(bytes, from)? + from.len();
    let end = find(&bytes[start..], to)?;
    Some(&bytes[start..start + end])
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or_else(|_| panic!("`{digits}` is no number"))
}

fn hexadecimal(digits: &str) -> u16 {
    u16::from_str_radix(digits, 16).unwrap_or_else(|_| panic!("`{digits}` is no number"))
}

impl Pdf {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-1.") && bytes.ends_with(b"%%EOF"), "whole");
        let mut objects = HashMap::new();
        let mut at = 0;
        while let Some(mark) = find(&bytes[at..], b" 0 obj\n") {
            let start = at + mark;
            let digits =
                bytes[..start].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
            let number = number(&text(&bytes[start - digits..start]));
            let end = start + find(&bytes[start..], b"\nendobj").expect("an end");
            objects.insert(number, bytes[start + 7..end].to_vec());
            at = end;
        }
        Self { objects }
    }

    /// How many pages it has.
    pub(crate) fn pages(&self) -> usize {
        self.objects.values().filter(|object| find(object, b"/Type/Page/").is_some()).count()
    }

    /// The names of its fonts, all of which are embedded.
    pub(crate) fn fonts(&self) -> Vec<String> {
        let described = self.objects.values().filter_map(|object| {
            let name = between(object, b"/Type/FontDescriptor/FontName/", b"/")?;
            let file = between(object, b"/FontFile2 ", b" 0 R").expect("an embedded font");
            let file = self.stream(number(&text(file)));
            assert!(file.len() > 1_000, "a font is larger");
            Some(text(name))
        });
        described.collect()
    }

    fn stream(&self, number: u32) -> Vec<u8> {
        let object = &self.objects[&number];
        let start = find(object, b"stream\n").expect("a stream") + 7;
        let end = object.len() - b"\nendstream".len();
        let mut plain = Vec::new();
        let mut inflated = flate2::read::ZlibDecoder::new(&object[start..end]);
        inflated.read_to_end(&mut plain).expect("compressed");
        plain
    }

    /// The letters of each font, by the number that the page writes.
    fn letters(&self) -> HashMap<String, HashMap<u16, String>> {
        let resources = self.objects.values().find_map(|object| between(object, b"/Font<<", b">>"));
        let resources = text(resources.expect("fonts"));
        let mut fonts = HashMap::new();
        for entry in resources.split('/').filter(|entry| !entry.is_empty()) {
            let (name, place) = entry.split_once(' ').expect("a name and a place");
            let font = &self.objects[&number(place.split(' ').next().unwrap_or_default())];
            let map = between(font, b"/ToUnicode ", b" 0 R").expect("a table of letters");
            let map = text(&self.stream(number(&text(map))));
            let mut letters = HashMap::new();
            let is_pair = |line: &&str| line.starts_with('<') && line.matches('<').count() == 2;
            for line in map.lines().filter(is_pair) {
                let (from, to) = line.split_once("> <").expect("a pair");
                let to = to.trim_end_matches('>');
                let units: Vec<u16> =
                    (0..to.len() / 4).map(|at| hexadecimal(&to[4 * at..4 * at + 4])).collect();
                let from = hexadecimal(from.trim_start_matches('<'));
                letters.insert(from, String::from_utf16(&units).expect("letters"));
            }
            fonts.insert(name.to_owned(), letters);
        }
        fonts
    }

    /// The texts, a line each, in the order in which they are drawn.
    pub(crate) fn lines(&self) -> Vec<String> {
        let fonts = self.letters();
        let page = self.objects.values().find_map(|object| {
            find(object, b"/Type/Page/")?;
            between(object, b"/Contents ", b" 0 R")
        });
        let content = self.stream(number(&text(page.expect("a page"))));
        let mut lines = Vec::new();
        let mut rest = &content[..];
        while let Some(start) = find(rest, b"BT ") {
            let end = start + find(&rest[start..], b"\nET").expect("an end");
            let drawn = &rest[start..end];
            let font = text(between(drawn, b"/", b" ").expect("a font"));
            let bytes = strings(drawn);
            let line = bytes.chunks(2).map(|pair| {
                let number = u16::from_be_bytes([pair[0], pair[1]]);
                fonts[&font].get(&number).map_or("\u{fffd}", String::as_str)
            });
            lines.push(line.collect());
            rest = &rest[end + 3..];
        }
        lines
    }
}

/// The bytes of all strings in brackets (§7.3.4.2).
fn strings(drawn: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut at, mut inside) = (0, false);
    while at < drawn.len() {
        match (inside, drawn[at]) {
            (false, b'(') => inside = true,
            (true, b')') => inside = false,
            (true, b'\\') => {
                at += 1;
                let octal =
                    drawn[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
                if octal > 0 {
                    let digits = text(&drawn[at..at + octal]);
                    bytes.push(u8::from_str_radix(&digits, 8).expect("a byte"));
                    at += octal - 1;
                } else {
                    bytes.push(match drawn[at] {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 8,
                        b'f' => 12,
                        other => other,
                    });
                }
            }
            (true, byte) => bytes.push(byte),
            (false, _) => {}
        }
        at += 1;
    }
    bytes
}
