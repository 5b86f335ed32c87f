//! What a lead's e-mail addresses say: how good its contacts are, how the company builds its
//! addresses, and which domain the lead stands for.
//!
//! ```
//! use hunter_core::contacts::{AddressPattern, assess_contacts};
//!
//! let domain = "ornek.com.tr".parse()?;
//! let given = ["Ayşe.Yılmaz@ornek.com.tr", "info@ornek.com.tr", "ornek@gmail.com", "yok"];
//! let contacts = assess_contacts(&domain, &given);
//! assert_eq!((contacts.count, contacts.own), (3, 2));
//! assert_eq!(contacts.quality, 30 + 26);
//! assert_eq!(contacts.pattern, Some(AddressPattern::FirstnameLastname));
//! assert_eq!(contacts.rejected, ["yok"]);
//! # Ok::<(), hunter_core::DomainError>(())
//! ```

mod address;
mod choice;
mod free_mail;
mod guess;

use std::collections::HashSet;

use serde::Serialize;

use self::address::{Address, is_combining};
pub use self::choice::{Choice, LeadField, NoDomain, Refusal, Refused, choose_domain};
pub use self::free_mail::is_free_mail;
pub use self::guess::{PersonName, guess_addresses, normalize_address};
use crate::domain::Domain;
use crate::vocabulary::vocabulary;

/// Mailboxes of a function rather than a person, Turkish letters folded.
const GENERIC: [&str; 9] =
    ["info", "iletisim", "muhasebe", "satis", "sales", "admin", "support", "ik", "hr"];

/// Points for the number of addresses: from how many on, and how many points.
const COUNT_POINTS: [(usize, usize); 5] = [(10, 60), (5, 45), (3, 30), (2, 20), (1, 10)];
/// Points when every address is on the company's own domain.
const OWN_POINTS: usize = 40;
const MOST_POINTS: usize = 100;

vocabulary! {
    /// How a company builds its people's addresses. On equal numbers the earlier one wins.
    pub enum AddressPattern ("address pattern") {
        /// `ayse.yilmaz@`
        FirstnameLastname = "firstname.lastname",
        /// `a.yilmaz@`
        InitialLastname = "f.lastname",
        /// `ayse@`
        Firstname = "firstname",
    }
}

/// What a lead's addresses say. Every address given is counted, repeated or rejected.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Contacts {
    /// Different addresses, without regard to case.
    pub count: usize,
    /// How many of them are on the company's own domain or a name below it.
    pub own: usize,
    /// 0 to 100: points for the number of addresses, and for the share of [`own`](Self::own) ones.
    pub quality: u8,
    /// The addresses of a function rather than a person, in the order given.
    pub generic: Vec<String>,
    /// How most of the company's people's addresses are built.
    pub pattern: Option<AddressPattern>,
    /// How many addresses stood there before.
    pub repeated: usize,
    /// The texts that are no addresses, as given.
    pub rejected: Vec<String>,
}

impl Contacts {
    /// The share of addresses on the company's own domain; `None` without addresses.
    pub fn own_domain_share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a lead has far fewer than 2^52 addresses")]
        (self.count > 0).then(|| self.own as f64 / self.count as f64)
    }
}

/// Whether a text is one e-mail address, bare, as `mailto:…` or as `Name <address>`.
pub fn is_address(text: &str) -> bool {
    Address::read(text).is_some()
}

/// Assesses the e-mail addresses known of a lead.
///
/// An address is the company's own on `domain` and on every name below it. The pattern is taken
/// from people's addresses: generic mailboxes and free-mail addresses do not count for it.
pub fn assess_contacts(domain: &Domain, addresses: &[&str]) -> Contacts {
    let mut contacts = Contacts::default();
    let mut seen = HashSet::with_capacity(addresses.len());
    let mut patterns = [0_usize; AddressPattern::ALL.len()];
    for text in addresses {
        let Some(address) = Address::read(text) else {
            contacts.rejected.push((*text).to_owned());
            continue;
        };
        if seen.contains(&address) {
            contacts.repeated += 1;
            continue;
        }
        contacts.count += 1;
        contacts.own += usize::from(domain.covers(address.domain.as_str()));
        if is_generic(address.mailbox()) {
            contacts.generic.push(format!("{}@{}", address.local, address.domain));
        } else if !is_free_mail(&address.domain)
            && let Some(pattern) = pattern_of(address.mailbox())
        {
            patterns[pattern.index()] += 1;
        }
        seen.insert(address);
    }
    contacts.quality = quality(contacts.count, contacts.own);
    // `max_by_key` would give the last of equals.
    contacts.pattern = AddressPattern::ALL
        .iter()
        .copied()
        .filter(|pattern| patterns[pattern.index()] > 0)
        .min_by_key(|pattern| usize::MAX - patterns[pattern.index()]);
    contacts
}

fn quality(count: usize, own: usize) -> u8 {
    let by_count = COUNT_POINTS.iter().find(|(from, _)| count >= *from).map_or(0, |(_, p)| *p);
    let by_share = (OWN_POINTS * own).checked_div(count).unwrap_or(0);
    u8::try_from((by_count + by_share).min(MOST_POINTS)).expect("at most 100")
}

fn is_generic(mailbox: &str) -> bool {
    let folded: String = mailbox.chars().filter(|c| !is_combining(*c)).map(fold).collect();
    GENERIC.contains(&folded.as_str())
}

/// The ASCII letter that stands for a Turkish one where the keyboard has none.
fn fold(c: char) -> char {
    match c {
        'ç' => 'c',
        'ğ' => 'g',
        'ı' => 'i',
        'ö' => 'o',
        'ş' => 's',
        'ü' => 'u',
        other => other,
    }
}

/// The pattern of one mailbox name: one word, or two words with a dot between them.
fn pattern_of(mailbox: &str) -> Option<AddressPattern> {
    match mailbox.split_once('.') {
        None => (letters(mailbox)? > 1).then_some(AddressPattern::Firstname),
        Some((first, last)) => match (letters(first)?, letters(last)?) {
            (_, 0 | 1) => None,
            (1, _) => Some(AddressPattern::InitialLastname),
            _ => Some(AddressPattern::FirstnameLastname),
        },
    }
}

/// How many letters a name has; `None` if it holds anything that no name does. Hyphens and
/// apostrophes join the parts of a name.
fn letters(name: &str) -> Option<usize> {
    let is_name =
        |c: char| c.is_alphabetic() || is_combining(c) || matches!(c, '-' | '\'' | '\u{2019}');
    let count = name.chars().filter(|c| c.is_alphabetic()).count();
    (count > 0 && name.chars().all(is_name)).then_some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assess(addresses: &[&str]) -> Contacts {
        assess_contacts(&"ornek.com.tr".parse().expect("a domain"), addresses)
    }

    fn people(count: usize, domain: &str) -> Vec<String> {
        (0..count).map(|i| format!("kisi{i}@{domain}")).collect()
    }

    #[test]
    fn quality_follows_the_table() {
        for (own, other, expected) in [
            (0, 0, 0),
            (1, 0, 50),
            (0, 1, 10),
            (1, 1, 40),
            (2, 1, 56),
            (1, 2, 43),
            (0, 4, 30),
            (5, 0, 85),
            (9, 0, 85),
            (10, 0, 100),
            (0, 10, 60),
            (6, 1, 79),
            (40, 0, 100),
        ] {
            let mut all = people(own, "ornek.com.tr");
            all.extend(people(other, "baska.com"));
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let contacts = assess(&all);
            assert_eq!((contacts.count, contacts.own), (own + other, own));
            assert_eq!(contacts.quality, expected, "{own} own, {other} other");
        }
        assert_eq!(assess(&[]).own_domain_share(), None);
        assert_eq!(assess(&["a@ornek.com.tr", "a@baska.com"]).own_domain_share(), Some(0.5));
    }

    #[test]
    fn every_address_given_is_accounted_for() {
        let given = [
            "Ayse@ornek.com.tr",
            "ayse@ORNEK.com.tr",
            "Ayşe <AYSE@ornek.com.tr>",
            "nan",
            "",
            "b@posta.ornek.com.tr",
            "b@kornek.com.tr",
        ];
        let contacts = assess(&given);
        assert_eq!((contacts.count, contacts.own, contacts.repeated), (3, 2, 2));
        assert_eq!(contacts.rejected, ["nan", ""]);
        assert_eq!(contacts.count + contacts.repeated + contacts.rejected.len(), given.len());
    }

    #[test]
    fn d18_nan_is_neither_a_contact_nor_a_name() {
        let contacts = assess(&["nan", "NaN", " nan "]);
        assert_eq!((contacts.count, contacts.quality, contacts.pattern), (0, 0, None));
        assert_eq!(contacts.rejected.len(), 3);
    }

    #[test]
    fn generic_mailboxes_in_either_spelling() {
        for name in GENERIC {
            assert_eq!(assess(&[&format!("{name}@ornek.com.tr")]).generic.len(), 1, "{name}");
        }
        let given = ["İLETİŞİM@ornek.com.tr", "satış+web@ornek.com.tr", "İK@ornek.com.tr"];
        assert_eq!(
            assess(&given).generic,
            ["iletişim@ornek.com.tr", "satış+web@ornek.com.tr", "ik@ornek.com.tr"]
        );
        assert!(assess(&["informatik@ornek.com.tr", "hr.yilmaz@ornek.com.tr"]).generic.is_empty());
    }

    #[test]
    fn patterns_of_one_address() {
        use AddressPattern::{Firstname, FirstnameLastname, InitialLastname};
        for (mailbox, expected) in [
            ("ayse.yilmaz", Some(FirstnameLastname)),
            ("Şükrü.Öztürk", Some(FirstnameLastname)),
            ("İpek.Işık", Some(FirstnameLastname)),
            ("anne-marie.o'neil", Some(FirstnameLastname)),
            ("ayse.yilmaz+crm", Some(FirstnameLastname)),
            ("a.yilmaz", Some(InitialLastname)),
            ("Ç.Şahin", Some(InitialLastname)),
            ("g\u{306}.sahin", Some(InitialLastname)),
            ("ayse", Some(Firstname)),
            ("Çiğdem", Some(Firstname)),
            ("ayse.y", None),
            ("a", None),
            ("ayse2", None),
            ("mehmet.ali.yilmaz", None),
            ("ayse_yilmaz", None),
            ("info", None),
        ] {
            let contacts = assess(&[&format!("{mailbox}@ornek.com.tr")]);
            assert_eq!(contacts.pattern, expected, "{mailbox}");
        }
    }

    #[test]
    fn the_most_frequent_pattern_wins_and_the_earlier_of_equals() {
        use AddressPattern::{Firstname, FirstnameLastname, InitialLastname};

        let pattern = |locals: &[&str]| {
            let all: Vec<String> = locals.iter().map(|l| format!("{l}@ornek.com.tr")).collect();
            assess(&all.iter().map(String::as_str).collect::<Vec<_>>()).pattern
        };
        assert_eq!(pattern(&["ayse", "ali", "ali.can"]), Some(Firstname));
        assert_eq!(pattern(&["ayse", "ali.can"]), Some(FirstnameLastname));
        assert_eq!(pattern(&["ayse", "a.can"]), Some(InitialLastname));
        assert_eq!(pattern(&["info", "sales", "a.can"]), Some(InitialLastname));
        // The same address twice is one voice.
        assert_eq!(pattern(&["ayse", "AYSE", "a.can"]), Some(InitialLastname));
    }

    #[test]
    fn private_mailboxes_do_not_show_a_companys_pattern() {
        let contacts = assess(&["ali.can@gmail.com", "veli.can@hotmail.com", "ayse@ornek.com.tr"]);
        assert_eq!(contacts.pattern, Some(AddressPattern::Firstname));
        assert_eq!(assess(&["ali.can@gmail.com"]).pattern, None);
    }
}
