//! How Python writes strings and floating-point numbers in JSON.

use sha2::{Digest, Sha256};

/// Where canonical text goes: into a string, or straight into the digest.
pub(super) trait Sink {
    fn put(&mut self, text: &str);
}

impl Sink for String {
    fn put(&mut self, text: &str) {
        self.push_str(text);
    }
}

impl Sink for Sha256 {
    fn put(&mut self, text: &str) {
        self.update(text.as_bytes());
    }
}

/// Writes a text as a JSON string.
pub(super) fn quoted(text: &str, sink: &mut impl Sink) {
    sink.put("\"");
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        if !is_plain(u32::from(c)) {
            sink.put(&text[plain..at]);
            point(u32::from(c), sink);
            plain = at + c.len_utf8();
        }
    }
    sink.put(&text[plain..]);
    sink.put("\"");
}

/// Whether a code point stands for itself in canonical text. DEL does not.
fn is_plain(point: u32) -> bool {
    matches!(point, 0x20..=0x7e) && point != u32::from('"') && point != u32::from('\\')
}

/// Writes one code point of a string; a lone surrogate counts as one.
pub(super) fn point(point: u32, sink: &mut impl Sink) {
    match point {
        0x08 => sink.put("\\b"),
        0x09 => sink.put("\\t"),
        0x0a => sink.put("\\n"),
        0x0c => sink.put("\\f"),
        0x0d => sink.put("\\r"),
        0x22 => sink.put("\\\""),
        0x5c => sink.put("\\\\"),
        0x1_0000.. => {
            unit(0xd800 + ((point - 0x1_0000) >> 10), sink);
            unit(0xdc00 + ((point - 0x1_0000) & 0x3ff), sink);
        }
        _ => match char::from_u32(point).filter(|_| is_plain(point)) {
            Some(c) => sink.put(c.encode_utf8(&mut [0; 4])),
            None => unit(point, sink),
        },
    }
}

/// Writes one UTF-16 code unit as `\uXXXX`.
fn unit(unit: u32, sink: &mut impl Sink) {
    let mut escape = *b"\\u0000";
    for (place, digit) in escape[2..].iter_mut().rev().enumerate() {
        let nibble = (unit >> (4 * place)) & 0xf;
        *digit = char::from_digit(nibble, 16).map_or(b'0', |c| c as u8);
    }
    sink.put(std::str::from_utf8(&escape).expect("an escape is ASCII"));
}

/// A number as Python's `repr` shows it: the shortest digits that read back, with an exponent when
/// it is below -4 or above 15.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').expect("`{:e}` writes an exponent");
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a decimal exponent");
    if (-4..16).contains(&exponent) {
        return plain(mantissa, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// The fewest digits that read back as `value`, as `{:e}` lays them out.
///
/// Where two such numbers are equally near, Rust takes the upper and Python the even one; rounding
/// the exact value to as many digits takes the even one too. Just above a power of two the nearest
/// number need not read back: there `{:e}` is right.
fn shortest(value: f64) -> String {
    let upper = format!("{value:e}");
    let front = upper.split_once('e').map_or(upper.as_str(), |(mantissa, _)| mantissa);
    let digits = front.bytes().filter(u8::is_ascii_digit).count();
    let even = format!("{value:.*e}", digits - 1);
    let reads_back = even.parse::<f64>().is_ok_and(|read| read.to_bits() == value.to_bits());
    if reads_back { even } else { upper }
}

/// Lays out `mantissa` × 10^`exponent` without an exponent, with at least one digit after the point.
fn plain(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replacen('.', "", 1);
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    if whole == 0 {
        let zeros = "0".repeat((-1 - exponent).unsigned_abs() as usize);
        return format!("{sign}0.{zeros}{digits}");
    }
    match digits.split_at_checked(whole) {
        Some((front, rest)) if !rest.is_empty() => format!("{sign}{front}.{rest}"),
        _ => format!("{sign}{digits}{}.0", "0".repeat(whole - digits.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_as_python_shows_them() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (1e15, "1000000000000000.0"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.234_567_890_123_456_8e17, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.000_123_45, "0.00012345"),
            (0.000_01, "1e-05"),
            (-1e-7, "-1e-07"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (0.1 + 0.2, "0.30000000000000004"),
            // Two numbers of as few digits are equally near: the even one.
            (-827_622_881_095_523.0 - 0.25, "-827622881095523.2"),
            (827_622_881_095_523.0 + 0.75, "827622881095523.8"),
            (2f64.powi(-44), "5.684341886080802e-14"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn strings_are_printable_ascii() {
        let mut text = String::new();
        quoted("a/b \"\\\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}~ş\u{ffff}😀", &mut text);
        assert_eq!(text, r#""a/b \"\\\b\f\n\r\t\u0000\u001f\u007f~\u015f\uffff\ud83d\ude00""#);
    }
}
