//! Columns by what stands in them.

use super::{Role, cell, names, places};
use crate::contacts::is_address;
use crate::domain::{CellForm, Domain, SuffixKind};

/// Words of legal forms by which companies' names are known, folded.
const LEGAL_FORMS: &[&str] = &[
    "a s",
    "as",
    "ltd",
    "ltd sti",
    "limited",
    "sti",
    "sirketi",
    "anonim",
    "san",
    "tic",
    "sanayi",
    "ticaret",
    "holding",
    "insaat",
    "belediyesi",
    "universitesi",
    "kooperatifi",
    "dernegi",
    "vakfi",
    "gmbh",
    "ag",
    "kg",
    "inc",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "co",
    "bv",
    "b v",
    "nv",
    "sa",
    "s a",
    "srl",
    "spa",
    "oy",
    "ab",
    "aps",
];

/// What the filled cells of a column look like.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Content {
    /// Cells that say anything.
    pub(super) filled: usize,
    pub(super) domains: usize,
    pub(super) websites: usize,
    pub(super) emails: usize,
    pub(super) phones: usize,
    pub(super) cities: usize,
    pub(super) spans: usize,
    pub(super) companies: usize,
    /// Texts with letters that are nothing of the above.
    pub(super) texts: usize,
    /// How many different ones of those there are.
    pub(super) distinct: usize,
}

impl Content {
    /// Looks at the cells of one column.
    pub(super) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut content = Self::default();
        let mut seen = std::collections::BTreeSet::new();
        for text in cells.filter_map(cell::meaning) {
            content.filled += 1;
            let counter = match kind(text) {
                Some(Role::Domain) => &mut content.domains,
                Some(Role::Website) => &mut content.websites,
                Some(Role::Email) => &mut content.emails,
                Some(Role::Phone) => &mut content.phones,
                Some(Role::City) => &mut content.cities,
                Some(Role::Employees) => &mut content.spans,
                kind => {
                    content.companies += usize::from(kind == Some(Role::Company));
                    if text.chars().filter(|c| c.is_alphabetic()).count() < 3 {
                        continue;
                    }
                    seen.insert(text);
                    &mut content.texts
                }
            };
            *counter += 1;
        }
        content.distinct = seen.len();
        content
    }

    /// How many cells bear out that the column is of a role.
    pub(super) const fn matching(&self, role: Role) -> usize {
        match role {
            Role::Domain | Role::Website => self.domains + self.websites,
            Role::Email => self.emails,
            Role::Company => self.companies,
            Role::Phone => self.phones,
            Role::City => self.cities,
            Role::Employees => self.spans,
            Role::Country => 0,
        }
    }

    /// What the column is by its content alone, and how many cells say so.
    pub(super) fn role(&self) -> Option<(Role, usize)> {
        let most = |count: usize| count * 5 >= self.filled * 3 && count > 0;
        let hosts = self.domains + self.websites;
        if most(hosts) {
            let role = if self.websites > self.domains { Role::Website } else { Role::Domain };
            return Some((role, hosts));
        }
        // One match proves little of these.
        let sure = |count: usize| most(count) && count >= 2;
        [Role::Email, Role::Phone, Role::City, Role::Employees]
            .into_iter()
            .map(|role| (role, self.matching(role)))
            .find(|(role, count)| if *role == Role::Email { most(*count) } else { sure(*count) })
            .or_else(|| {
                (self.companies >= 2 && self.companies * 4 >= self.filled)
                    .then_some((Role::Company, self.companies))
            })
    }

    /// Whether each row has a text of its own here, as companies' names are.
    pub(super) fn is_telling(&self) -> bool {
        self.texts * 5 >= self.filled * 4 && self.texts >= 2 && self.distinct * 10 >= self.texts * 9
    }
}

/// What a single text looks like.
pub(super) fn kind(text: &str) -> Option<Role> {
    if text.contains('@') {
        return text.split([';', ',', '\n', '|']).any(is_address).then_some(Role::Email);
    }
    if text.contains('.')
        && let Ok(reading) = Domain::from_cell(text)
        // `A.Ş` and `rapor.pdf` have a dot and no ending.
        && reading.domain.suffix_kind() != SuffixKind::Unlisted
    {
        let lower = text.to_ascii_lowercase();
        let is_page =
            reading.form == CellForm::Url || lower.starts_with("www.") || text.contains('/');
        return Some(if is_page { Role::Website } else { Role::Domain });
    }
    if is_phone(text) {
        return Some(Role::Phone);
    }
    if is_span(text) {
        return Some(Role::Employees);
    }
    let folded = names::folded(text);
    if places::is_city(&folded) {
        return Some(Role::City);
    }
    // The form alone, as in a column of forms, is no name.
    let is_form = |form: &str| {
        format!(" {folded} ").contains(&format!(" {form} ")) && folded.len() > form.len() + 2
    };
    LEGAL_FORMS.iter().any(|form| is_form(form)).then_some(Role::Company)
}

/// A telephone number is told from other numbers by its prefix or its brackets.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_part = |c: char| {
        c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | ' ' | '-' | '/' | '.' | '\u{a0}')
    };
    let is_marked = text.starts_with(['+', '0', '(']) || (text.starts_with("90") && digits == 12);
    (7..=15).contains(&digits) && is_marked && text.chars().all(is_part)
}

/// `11-50`, `51 – 200`, `1000+`: spans of employees, as directories of companies write them.
fn is_span(text: &str) -> bool {
    let is_count = |text: &str| {
        let text = text.trim();
        (1..=6).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',')
    };
    let number = |text: &str| {
        text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u32>().unwrap_or(0)
    };
    match text.split_once(['-', '–']) {
        // Spans end or begin where people round; `2011-12` and `10-11` are dates.
        Some((from, to)) if is_count(from) && is_count(to) => {
            let (from, to) = (number(from), number(to));
            from < to && (to % 10 == 0 || (to % 10 == 9 && from % 10 == 0))
        }
        Some(_) => false,
        None => text.strip_suffix('+').is_some_and(is_count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_known_by_their_look() {
        for (text, expected) in [
            ("ornek.com.tr", Some(Role::Domain)),
            ("https://ornek.com.tr/x", Some(Role::Website)),
            ("www.ornek.com", Some(Role::Website)),
            ("info@ornek.com", Some(Role::Email)),
            ("a@ornek.com; b@ornek.com", Some(Role::Email)),
            ("@ornek", None),
            ("+90 (212) 555 00 00", Some(Role::Phone)),
            ("0212 555 00 00", Some(Role::Phone)),
            ("1234567890", None),
            ("2011-01-01", None),
            ("11-50", Some(Role::Employees)),
            ("1000+", Some(Role::Employees)),
            ("10-11", None),
            ("İSTANBUL", Some(Role::City)),
            ("İstanbul / Kadıköy", Some(Role::City)),
            ("Örnek San. ve Tic. Ltd. Şti.", Some(Role::Company)),
            ("Örnek Gıda A.Ş.", Some(Role::Company)),
            ("rapor.pdf", None),
            ("A.Ş", None),
            ("12.34", None),
            ("Ayşe Yılmaz", None),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }
}
