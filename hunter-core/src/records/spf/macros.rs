//! Macro strings and domain-specs (RFC 7208 §7).

use super::finding::SpfFindingKind;

/// Longest name in presentation form without the trailing dot (RFC 1035 §3.1).
const NAME_OCTETS: usize = 253;

/// One part of a macro string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroPart<'a> {
    /// Text that stands for itself; also what `%%` and `%_` stand for.
    Literal(&'a str),
    /// `%{…}`.
    Macro(SpfMacro<'a>),
}

/// A macro such as `%{d2r.}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpfMacro<'a> {
    /// The letter as written; a capital asks for URL escapes.
    pub letter: char,
    /// How many of the right-most parts are kept; all where not given.
    pub keep: Option<u8>,
    /// `r`: the parts are turned round.
    pub reversed: bool,
    /// Where the value is split; a dot where empty.
    pub delimiters: &'a str,
}

/// Where a macro string may stand: the letters `c`, `r` and `t` belong to explanation texts alone
/// (RFC 7208 §7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacroPlace {
    /// In a term of the record.
    Record,
    /// In the text that `exp=` points to.
    Explanation,
}

/// The parts of a macro string; the last item is an error where the grammar ends.
///
/// # Errors
/// [`SpfFindingKind::BadMacro`] for a `%` that starts no macro.
pub fn macro_parts(
    text: &str,
    place: MacroPlace,
) -> impl Iterator<Item = Result<MacroPart<'_>, SpfFindingKind>> {
    let mut rest = text;
    let mut failed = false;
    std::iter::from_fn(move || {
        if failed || rest.is_empty() {
            return None;
        }
        let Some((part, tail)) = next_part(rest, place) else {
            failed = true;
            return Some(Err(SpfFindingKind::BadMacro));
        };
        rest = tail;
        Some(Ok(part))
    })
}

fn next_part(text: &str, place: MacroPlace) -> Option<(MacroPart<'_>, &str)> {
    let Some(after) = text.strip_prefix('%') else {
        let end = text.find('%').unwrap_or(text.len());
        return Some((MacroPart::Literal(&text[..end]), &text[end..]));
    };
    match after.as_bytes().first()? {
        b'%' => Some((MacroPart::Literal("%"), &after[1..])),
        b'_' => Some((MacroPart::Literal(" "), &after[1..])),
        b'-' => Some((MacroPart::Literal("%20"), &after[1..])),
        b'{' => {
            let (body, tail) = after[1..].split_once('}')?;
            Some((MacroPart::Macro(macro_body(body, place)?), tail))
        }
        _ => None,
    }
}

/// A macro letter, how many parts to keep, `r` for reversal, and delimiters.
fn macro_body(body: &str, place: MacroPlace) -> Option<SpfMacro<'_>> {
    let letter = body.chars().next()?;
    let known = match letter.to_ascii_lowercase() {
        's' | 'l' | 'o' | 'd' | 'i' | 'p' | 'v' | 'h' => true,
        'c' | 'r' | 't' => place == MacroPlace::Explanation,
        _ => false,
    };
    if !known {
        return None;
    }
    let rest = &body[1..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (keep, rest) = rest.split_at(digits);
    // §7.1: a number of parts is not zero. More than 128 is more than any name has.
    let keep = match keep.trim_start_matches('0') {
        "" if keep.is_empty() => None,
        "" => return None,
        digits => Some(digits.parse().unwrap_or(u8::MAX)),
    };
    let (reversed, delimiters) = match rest.strip_prefix(['r', 'R']) {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let all =
        delimiters.bytes().all(|b| matches!(b, b'.' | b'-' | b'+' | b',' | b'/' | b'_' | b'='));
    all.then_some(SpfMacro { letter, keep, reversed, delimiters })
}

/// Whether a text is a macro string: visible ASCII, and every `%` starts a macro or an escape.
pub(super) fn check_macro_string(text: &str) -> Result<(), SpfFindingKind> {
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(SpfFindingKind::BadCharacter);
    }
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Ok(());
    }
    macro_parts(text, MacroPlace::Record).try_for_each(|part| part.map(|_| ()))
}

/// Whether a text is a domain-spec: a macro string that ends in a top label or a macro
/// (RFC 7208 §7.1).
pub(super) fn check_domain_spec(text: &str) -> Result<(), SpfFindingKind> {
    check_macro_string(text)?;
    if text.ends_with('}') || ["%%", "%_", "%-"].iter().any(|escape| text.ends_with(escape)) {
        return Ok(());
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((_, top)) = text.rsplit_once('.') else { return Err(SpfFindingKind::BadDomain) };
    let bytes = top.as_bytes();
    let is_top = !top.is_empty()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
        && !bytes.iter().all(u8::is_ascii_digit)
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-');
    if is_top { Ok(()) } else { Err(SpfFindingKind::BadDomain) }
}

/// The literal end of a domain-spec, after its last macro and without a leading dot: the part that
/// tells whose name server answers. All of it where no macro stands.
///
/// ```
/// use hunter_core::records::spf::literal_end;
///
/// assert_eq!(literal_end("%{ir}.%{v}.%{d}.spf.has.pphosted.com"), "spf.has.pphosted.com");
/// assert_eq!(literal_end("spf.protection.outlook.com"), "spf.protection.outlook.com");
/// assert_eq!(literal_end("%{d}"), "");
/// ```
pub fn literal_end(domain_spec: &str) -> &str {
    let end = domain_spec.rsplit_once('}').map_or(domain_spec, |(_, end)| end);
    let end = end.strip_prefix('.').unwrap_or(end);
    end.strip_suffix('.').unwrap_or(end)
}

/// The name that a domain-spec stands for where only the domain is known; `None` where it depends on
/// the message (`%{i}`, `%{l}`, `%{h}` …), or does not give a name.
///
/// `domain` is the domain whose record it stands in (`%{d}`), `sender` that of the sender (`%{o}`).
/// What is too long loses labels from the left (RFC 7208 §7.3).
pub fn expand(domain_spec: &str, domain: &str, sender: &str) -> Option<String> {
    let mut name = String::with_capacity(domain_spec.len());
    for part in macro_parts(domain_spec, MacroPlace::Record) {
        match part.ok()? {
            MacroPart::Literal(text) => name.push_str(text),
            MacroPart::Macro(part) => {
                let value = match part.letter.to_ascii_lowercase() {
                    'd' => domain,
                    'o' => sender,
                    _ => return None,
                };
                part.transform(value, &mut name);
            }
        }
    }
    let mut name = name.strip_suffix('.').unwrap_or(&name);
    while name.len() > NAME_OCTETS {
        name = name.split_once('.')?.1;
    }
    Some(name.to_owned())
}

impl SpfMacro<'_> {
    fn transform(&self, value: &str, into: &mut String) {
        let is_delimiter = |c: char| {
            if self.delimiters.is_empty() { c == '.' } else { self.delimiters.contains(c) }
        };
        let mut parts: Vec<&str> = value.split(is_delimiter).collect();
        if self.reversed {
            parts.reverse();
        }
        let from = self.keep.map_or(0, |keep| parts.len().saturating_sub(usize::from(keep)));
        for (nth, part) in parts[from..].iter().enumerate() {
            if nth > 0 {
                into.push('.');
            }
            into.push_str(part);
        }
    }
}

/// Whether a domain-spec asks for the validated name of the client, which RFC 7208 §7.2 advises
/// against as slow and unreliable.
pub(super) fn uses_p(domain_spec: &str) -> bool {
    macro_parts(domain_spec, MacroPlace::Record).any(
        |part| matches!(part, Ok(MacroPart::Macro(part)) if part.letter.eq_ignore_ascii_case(&'p')),
    )
}

/// Whether a name without macros can be asked for: labels of 1 to 63 octets, 253 in all.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.len() <= NAME_OCTETS && text.split('.').all(|label| matches!(label.len(), 1..=63))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 7208 §7.4, for the letters that stand for a domain.
    #[test]
    fn the_examples_of_the_rfc() {
        let domain = "email.example.com";
        for (spec, expected) in [
            ("%{o}", "email.example.com"),
            ("%{d}", "email.example.com"),
            ("%{d4}", "email.example.com"),
            ("%{d3}", "email.example.com"),
            ("%{d2}", "example.com"),
            ("%{d1}", "com"),
            ("%{dr}", "com.example.email"),
            ("%{d2r}", "example.email"),
            ("%{D2}._spf.%{o1}", "example.com._spf.com"),
            ("%{d1.-}", "com"),
            ("a%_b%%.%{d2}.", "a b%.example.com"),
        ] {
            assert_eq!(expand(spec, domain, domain).as_deref(), Some(expected), "{spec}");
        }
        assert_eq!(expand("%{i}.%{d}", domain, domain), None);
        assert_eq!(expand("%{d0}", domain, domain), None);
    }

    #[test]
    fn long_names_lose_labels_from_the_left() {
        let long = format!("{}.example.com", ["a".repeat(60).as_str(); 4].join("."));
        let name = expand("x.%{d}", &long, &long).expect("a name");
        assert!(name.len() <= NAME_OCTETS && name.ends_with("example.com"));
    }

    #[test]
    fn explanations_know_more_letters() {
        let all = |text, place| macro_parts(text, place).all(|part| part.is_ok());
        assert!(all("%{c} is not one of %{d}'s servers", MacroPlace::Explanation));
        assert!(!all("%{c}.example.com", MacroPlace::Record));
        assert!(!all("%{z}", MacroPlace::Explanation));
    }
}
