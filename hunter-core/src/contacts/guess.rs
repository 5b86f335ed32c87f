//! Addresses that somebody at a company may have.

use super::address::{Address, is_combining};
use super::{AddressPattern, GENERIC};
use crate::domain::Domain;

/// Longest part of a name, in letters: longer ones are no names.
const LONGEST: usize = 40;

/// A person's name as it stands in addresses: lower case, letters of ASCII alone.
///
/// ```
/// use hunter_core::contacts::PersonName;
///
/// let name = PersonName::parse("Şükrü Can Öztürk").expect("a name");
/// assert_eq!((name.first(), name.last()), ("sukru", Some("ozturk")));
/// assert_eq!(PersonName::parse("12"), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PersonName {
    first: String,
    last: Option<String>,
}

impl PersonName {
    /// A first name, and a family name where it is known; `None` where nothing of the first is left in
    /// ASCII.
    pub fn new(first: &str, last: Option<&str>) -> Option<Self> {
        let first = fold_name(first)?;
        Some(Self { first, last: last.and_then(fold_name) })
    }

    /// A whole name: its first word, and its last one as the family name.
    pub fn parse(full: &str) -> Option<Self> {
        let mut words = full.split_whitespace();
        let first = words.next()?;
        Self::new(first, words.next_back())
    }

    /// The first name.
    pub fn first(&self) -> &str {
        &self.first
    }

    /// The family name.
    pub fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// The local parts that are built of it, the most usual first.
    fn locals(&self) -> Vec<String> {
        let first = &self.first;
        let Some(last) = &self.last else { return vec![first.clone()] };
        let initial = &first[..1];
        vec![
            format!("{first}.{last}"),
            format!("{initial}.{last}"),
            first.clone(),
            format!("{first}{last}"),
            format!("{initial}{last}"),
            format!("{first}_{last}"),
            format!("{last}.{first}"),
            format!("{first}.{}", &last[..1]),
            last.clone(),
        ]
    }
}

/// The addresses that a person may have at a domain, the most likely first: by the pattern of its other
/// addresses where that is known. Without a person, the mailboxes that companies have for functions.
pub fn guess_addresses(
    domain: &Domain,
    person: Option<&PersonName>,
    pattern: Option<AddressPattern>,
) -> Vec<String> {
    let mut locals = match person {
        None => GENERIC.map(str::to_owned).to_vec(),
        Some(person) => person.locals(),
    };
    // The three patterns stand first, in their own order, where there is a family name.
    if person.is_some_and(|person| person.last.is_some())
        && let Some(pattern) = pattern
    {
        locals[..=pattern.index()].rotate_right(1);
    }
    let mut addresses = Vec::with_capacity(locals.len());
    for local in locals {
        let address = format!("{local}@{domain}");
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// A text as an address, if it is one: lower case, its domain in ASCII. Known are bare addresses,
/// `mailto:…` and `Name <address>`.
///
/// ```
/// use hunter_core::contacts::normalize_address;
///
/// let address = normalize_address("Ayşe Yılmaz <Ayse@Örnek.com.tr>");
/// assert_eq!(address.as_deref(), Some("ayse@xn--rnek-4qa.com.tr"));
/// assert_eq!(normalize_address("ayse@"), None);
/// ```
pub fn normalize_address(text: &str) -> Option<String> {
    Address::read(text).map(|address| format!("{}@{}", address.local, address.domain))
}

/// The part of a name as keyboards without its letters write it; `None` where nothing is left.
fn fold_name(text: &str) -> Option<String> {
    let mut folded = String::new();
    for c in text.chars().filter(|c| !is_combining(*c)).take(2 * LONGEST) {
        for c in c.to_lowercase().filter(|c| !is_combining(*c)) {
            match c {
                'a'..='z' => folded.push(c),
                _ => folded.push_str(ascii(c)),
            }
        }
    }
    (1..=LONGEST).contains(&folded.len()).then_some(folded)
}

/// What stands for a letter with a sign in addresses: Turkish ones first, then those of neighbours.
/// Hyphens and apostrophes within a name go, as most companies leave them out.
fn ascii(c: char) -> &'static str {
    match c {
        'ç' | 'ć' | 'č' => "c",
        'ğ' => "g",
        'ı' | 'î' | 'í' | 'ì' | 'ï' => "i",
        'ö' | 'ô' | 'ó' | 'ò' | 'õ' | 'ø' => "o",
        'ş' | 'ș' | 'š' | 'ś' => "s",
        'ü' | 'û' | 'ú' | 'ù' => "u",
        'â' | 'á' | 'à' | 'ä' | 'ã' | 'å' | 'ə' | 'ă' | 'ą' => "a",
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'ñ' | 'ń' => "n",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' | 'ż' => "z",
        'ł' => "l",
        'ț' => "t",
        'ř' => "r",
        'đ' => "d",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(name: &str, pattern: Option<AddressPattern>) -> Vec<String> {
        let domain = "ornek.com.tr".parse().expect("a domain");
        let person = PersonName::parse(name).expect(name);
        let all = guess_addresses(&domain, Some(&person), pattern);
        all.iter().map(|address| address.split_once('@').expect("an @").0.to_owned()).collect()
    }

    #[test]
    fn turkish_letters_are_folded() {
        for (name, first, last) in [
            ("Çağrı Güneş", "cagri", Some("gunes")),
            ("ÇAĞRI GÜNEŞ", "cagri", Some("gunes")),
            ("İpek IŞIK", "ipek", Some("isik")),
            ("I\u{307}pek Is\u{327}ik", "ipek", Some("isik")),
            ("Hâle Kâmil", "hale", Some("kamil")),
            ("Ayşe Nur Yılmaz-Öztürk", "ayse", Some("yilmazozturk")),
            ("Sinan O'Neil", "sinan", Some("oneil")),
            ("Jörg Weiß", "jorg", Some("weiss")),
            ("Ayşe", "ayse", None),
            ("Ayşe 42", "ayse", None),
        ] {
            let person = PersonName::parse(name).expect(name);
            assert_eq!((person.first(), person.last()), (first, last), "{name}");
        }
        for name in ["", " ", "42", "Иван Петров", &"a".repeat(41)] {
            assert_eq!(PersonName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn the_most_usual_comes_first_unless_the_company_has_its_own_way() {
        let all = guess("Ayşe Yılmaz", None);
        let expected = [
            "ayse.yilmaz",
            "a.yilmaz",
            "ayse",
            "ayseyilmaz",
            "ayilmaz",
            "ayse_yilmaz",
            "yilmaz.ayse",
            "ayse.y",
            "yilmaz",
        ];
        assert_eq!(all, expected);
        for (pattern, first) in AddressPattern::ALL.iter().zip(["ayse.yilmaz", "a.yilmaz", "ayse"])
        {
            let mut ordered = guess("Ayşe Yılmaz", Some(*pattern));
            assert_eq!(ordered[0], first);
            ordered.sort_unstable();
            let mut same = expected.map(str::to_owned).to_vec();
            same.sort_unstable();
            assert_eq!(ordered, same, "only the order differs");
        }
        assert_eq!(guess("Ayşe", Some(AddressPattern::InitialLastname)), ["ayse"]);
        assert_eq!(guess("Ali Ali", None).iter().filter(|local| *local == "ali").count(), 1);
    }

    #[test]
    fn what_is_guessed_is_an_address() {
        let domain = "örnek.com.tr".parse().expect("a domain");
        let person = PersonName::parse("Çağrı Öztürk").expect("a name");
        for person in [None, Some(&person)] {
            let all = guess_addresses(&domain, person, None);
            assert!(all.len() >= 9);
            for address in all {
                assert_eq!(normalize_address(&address).as_deref(), Some(address.as_str()));
            }
        }
    }
}
