//! Mailbox services for private people.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::domain::Domain;

/// The list, with its sources.
const LIST: &str = include_str!("../../data/free-mail.txt");

static NAMES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| entries().collect());

fn entries() -> impl Iterator<Item = &'static str> {
    LIST.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Whether private people get their mailboxes under this domain or one above it, as at `gmail.com`,
/// so that an address there says nothing of a company.
pub fn is_free_mail(domain: &Domain) -> bool {
    let mut name = Some(domain.as_str());
    while let Some(current) = name {
        if NAMES.contains(current) {
            return true;
        }
        name = current.split_once('.').map(|(_, parent)| parent);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_well_formed() {
        assert!(entries().count() >= 60);
        assert_eq!(entries().count(), NAMES.len(), "an entry stands twice");
        for entry in entries() {
            let domain: Domain = entry.parse().expect(entry);
            assert_eq!(domain.as_str(), entry);
            assert_eq!(domain.registrable(), Some(entry), "{entry} must be a registrable domain");
        }
    }

    #[test]
    fn labels_decide_not_letters() {
        let is_free = |text: &str| is_free_mail(&text.parse().expect("a domain"));
        for text in ["gmail.com", "hotmail.com.tr", "yandex.com.tr", "mynet.com", "posta.mynet.com"]
        {
            assert!(is_free(text), "{text}");
        }
        for text in ["ornekgmail.com", "gmail.com.ornek.com.tr", "gmail.ornek.com", "google.com"] {
            assert!(!is_free(text), "{text}");
        }
    }
}
