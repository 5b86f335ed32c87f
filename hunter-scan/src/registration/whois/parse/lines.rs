//! The text of an answer as lines: headings, labels with values, and the rest.

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Columns before the first character; a tab counts to the next multiple of eight.
    pub(super) indent: usize,
    /// The text without its margins and without the marks of a list or comment.
    pub(super) text: &'a str,
    /// A line that the server wrote about itself: it begins with `%`, `#` or `;`.
    pub(super) comment: bool,
    /// What stands before the separator, if there is one.
    pub(super) label: Option<&'a str>,
    /// What stands behind it; the whole line where there is no label.
    pub(super) value: &'a str,
}

impl Line<'_> {
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
    }
}

/// No registry answers with more; what stands behind is not read.
const MOST_LINES: usize = 10_000;

/// A longer label is prose with a colon in it.
const LONGEST_LABEL: usize = 70;

pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    // A carriage return alone ends a line only where no line ends otherwise; else it is a margin.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split(end).take(MOST_LINES).map(line).collect()
}

fn line(raw: &str) -> Line<'_> {
    let indent = raw
        .chars()
        .take_while(|c| c.is_whitespace() || *c == '\u{feff}')
        .fold(0, |column, c| if c == '\t' { (column / 8 + 1) * 8 } else { column + 1 });
    let text = raw.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
    let comment = text.starts_with(['%', '#', ';']);
    let text = text.trim_start_matches(['%', '#', ';', '*', '>']).trim_start();
    // Marks that only draw a line.
    let text =
        if text.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '.')) { "" } else { text };
    let (label, value) = split(text);
    Line { indent, text, comment, label, value }
}

/// A line as label and value.
fn split(text: &str) -> (Option<&str>, &str) {
    bracketed(text)
        .or_else(|| leaders(text))
        .or_else(|| colon(text))
        .map_or((None, text), |(label, value)| (Some(label), value))
}

/// `[Domain Name]   EXAMPLE.JP`, also behind an item letter: `a. [Domain Name]`, `a [Domain Name]`.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let start = text.find('[')?;
    let item = text[..start].trim_end().trim_end_matches('.');
    if item.len() > 1 {
        return None;
    }
    let (label, value) = text[start + 1..].split_once(']')?;
    let plain =
        label.chars().next().is_some_and(char::is_alphabetic) && label.len() <= LONGEST_LABEL;
    plain.then(|| (label.trim(), value.trim().trim_start_matches(':').trim_start()))
}

/// `Created on..............: 2001-Aug-23`, `Registrar#. . . . . . . . cerist`.
fn leaders(text: &str) -> Option<(&str, &str)> {
    let start = text.find("...").or_else(|| text.find(". . ."))?;
    let label = text[..start].trim_end_matches(['#', ' ']);
    let value = text[start..].trim_start_matches(['.', ' ', '\t']);
    let value = value.strip_prefix(':').unwrap_or(value).trim();
    (is_label(label) && !label.contains(':')).then_some((label, value))
}

fn colon(text: &str) -> Option<(&str, &str)> {
    let at = text.char_indices().find_map(|(at, c)| {
        let full_width = c == '：';
        (c == ':' || full_width).then_some((at, c.len_utf8()))
    });
    let (at, width) = at?;
    let label = text[..at].trim_end();
    let value = &text[at + width..];
    // The colon of a URL, of a time, of an IPv6 address.
    let hour = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let in_time = !hour.is_empty()
        && hour.bytes().all(|b| b.is_ascii_digit())
        && value.starts_with(|c: char| c.is_ascii_digit());
    let other_colon = value.starts_with("//") || value.starts_with(':') || in_time;
    (is_label(label) && !other_colon).then(|| {
        let value = unquoted(value.trim()).trim_start_matches(['.', ' ', '\t']);
        // `registrar: !Registrar`: the type of what stands below (YAML 1.2 §6.9.1).
        let tag = value.starts_with('!') && value[1..].chars().all(char::is_alphabetic);
        (label.trim_matches('"'), if tag { "" } else { value.trim() })
    })
}

/// A text without the quotes around it; quotes within are its own.
pub(super) fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

fn is_label(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_LABEL
        && text.chars().any(char::is_alphabetic)
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.split_whitespace().count() <= 9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<&str>, &str) {
        split(text)
    }

    #[test]
    fn labels_of_every_make() {
        for (text, label, value) in [
            ("Domain Name:GOOGLE.COM", "Domain Name", "GOOGLE.COM"),
            ("Created on..............: 2001-Aug-23.", "Created on", "2001-Aug-23."),
            ("Created on...............:null", "Created on", "null"),
            ("Registrar#. . . . . . . . . . . cerist", "Registrar", "cerist"),
            ("Date de creation#. . . . . . .10/01/2007", "Date de creation", "10/01/2007"),
            ("[Domain Name]                   VEGANWIZ.JP", "Domain Name", "VEGANWIZ.JP"),
            ("p. [Name Server]                dns1.ornek.jp", "Name Server", "dns1.ornek.jp"),
            ("c [Record Created]              13-MAY-2009", "Record Created", "13-MAY-2009"),
            ("Registrar:", "Registrar", ""),
            ("registrar: !Registrar", "registrar", ""),
            ("Registrant Street1:77 Ornek Hill", "Registrant Street1", "77 Ornek Hill"),
            ("Registrar:..........ORNEK", "Registrar", "ORNEK"),
            ("url: http://ornek.com", "url", "http://ornek.com"),
            ("created: \"2011-01-13T15:45:18+01:00\"", "created", "2011-01-13T15:45:18+01:00"),
        ] {
            assert_eq!(parts(text), (Some(label), value), "{text}");
        }
        for text in [
            "http://ornek.com/",
            "2001:db8::1",
            "12:00:00",
            "Record expires on Sun Mar 30 23:59:00 2014",
            "By submitting a query you agree to abide by these terms of use: you agree",
            "[ JPRS database provides information on network administration. Its use is    ]",
        ] {
            assert_eq!(parts(text).0, None, "{text}");
        }
    }

    #[test]
    fn margins_marks_and_comments() {
        let all = lines("** Domain Servers:\r\n\tns1.ornek.tr\n%% No entries\n------\n");
        assert_eq!((all[0].indent, all[0].label), (0, Some("Domain Servers")));
        assert_eq!(all[0].value, "");
        let ns = all.iter().find(|line| line.text.starts_with("ns1")).expect("there");
        assert_eq!((ns.indent, ns.label), (8, None));
        assert!(all.iter().any(|line| line.comment && line.text == "No entries"));
        assert!(all.last().expect("one").is_blank());
    }
}
