//! Which of a lead's cells names its domain.

use std::fmt;

use super::is_free_mail;
use crate::domain::{CellForm, Domain, DomainError, DomainFault};
use crate::error::Error;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A cell of a lead that can name its domain, in the order in which they are believed.
    pub enum LeadField ("lead field") {
        /// The domain column.
        Domain = "domain",
        /// The web address.
        Website = "website",
        /// The e-mail address.
        Email = "email",
    }
}

/// Why a cell does not name the lead's domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It holds no usable domain.
    Unreadable(DomainError),
    /// It holds a domain where private people get their mailboxes.
    FreeMail(Domain),
}

impl Refusal {
    /// The stable code; see [`crate::error::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.fault.code(),
            Self::FreeMail(_) => "domain_free_mail",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::FreeMail(domain) => {
                write!(f, "`{domain}` gives mailboxes to private people: give the company's domain")
            }
        }
    }
}

/// A cell that was passed over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The cell.
    pub field: LeadField,
    /// Why it was passed over.
    pub why: Refusal,
}

/// The domain of a lead, and how it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The domain.
    pub domain: Domain,
    /// The cell it was read from.
    pub from: LeadField,
    /// What may have been meant instead, where the name looks like a slip.
    pub suggestion: Option<String>,
    /// The cells before it that were filled and passed over.
    pub rejected: Vec<Refused>,
}

/// No cell of a lead names a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NoDomain {
    /// Every cell that was filled, and why it was passed over; empty when none was filled.
    pub rejected: Vec<Refused>,
}

impl NoDomain {
    /// The stable code: that of the first cell passed over, or `domain_empty`.
    pub fn code(&self) -> &'static str {
        self.rejected.first().map_or(DomainFault::Empty.code(), |refused| refused.why.code())
    }
}

impl fmt::Display for NoDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rejected.is_empty() {
            return f.write_str("neither a domain nor a website nor an e-mail address is given");
        }
        for (i, refused) in self.rejected.iter().enumerate() {
            write!(f, "{}{}: {}", if i > 0 { "; " } else { "" }, refused.field, refused.why)?;
        }
        Ok(())
    }
}

impl From<NoDomain> for Error {
    fn from(none: NoDomain) -> Self {
        Self::argument(none.code(), "lead", none.to_string())
    }
}

/// Chooses the domain of a lead: a valid domain column wins, then the website, then the e-mail
/// address.
///
/// A free-mail domain never makes a lead, with one exception: a bare name in the domain column
/// (`gmail.com`) is taken at its word, for its owner is a company too. An e-mail address in that
/// column is not. Blank cells count as not given.
///
/// # Errors
/// [`NoDomain`] lists every filled cell with the reason it was passed over.
pub fn choose_domain(
    domain_cell: Option<&str>,
    website: Option<&str>,
    email: Option<&str>,
) -> Result<Choice, NoDomain> {
    let cells = [
        (LeadField::Domain, domain_cell),
        (LeadField::Website, website),
        (LeadField::Email, email),
    ];
    let mut rejected = Vec::new();
    for (field, cell) in cells {
        let Some(cell) = cell.filter(|cell| !cell.trim().is_empty()) else { continue };
        let why = match Domain::from_cell(cell) {
            Ok(reading) => {
                let at_its_word = field == LeadField::Domain && reading.form == CellForm::Name;
                if at_its_word || !is_free_mail(&reading.domain) {
                    let (domain, suggestion) = (reading.domain, reading.suggestion);
                    return Ok(Choice { domain, from: field, suggestion, rejected });
                }
                Refusal::FreeMail(reading.domain)
            }
            Err(error) => Refusal::Unreadable(error),
        };
        rejected.push(Refused { field, why });
    }
    Err(NoDomain { rejected })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(
        domain: &str,
        website: &str,
        email: &str,
    ) -> Result<(String, LeadField, Vec<&'static str>), &'static str> {
        match choose_domain(Some(domain), Some(website), Some(email)) {
            Ok(choice) => {
                let codes = choice.rejected.iter().map(|refused| refused.why.code()).collect();
                Ok((choice.domain.to_string(), choice.from, codes))
            }
            Err(none) => Err(none.code()),
        }
    }

    #[test]
    fn the_domain_then_the_website_then_the_address() {
        use LeadField::{Email, Website};
        let all = chosen("a.com.tr", "https://www.b.com.tr/", "info@c.com.tr");
        assert_eq!(all, Ok(("a.com.tr".to_owned(), LeadField::Domain, vec![])));
        let no_domain = chosen("", "https://www.b.com.tr/", "info@c.com.tr");
        assert_eq!(no_domain, Ok(("b.com.tr".to_owned(), Website, vec![])));
        let bad = chosen("firma,com,tr", "-", "info@c.com.tr");
        let codes = vec!["domain_bad_character", "domain_placeholder"];
        assert_eq!(bad, Ok(("c.com.tr".to_owned(), Email, codes)));
    }

    #[test]
    fn d17_free_mail_never_overrides_the_domain_and_never_makes_a_lead() {
        use LeadField::{Domain, Email, Website};
        let ok =
            |name: &str, from, codes: &[&'static str]| Ok((name.to_owned(), from, codes.to_vec()));
        let free = "domain_free_mail";
        assert_eq!(
            chosen("ornek.com.tr", "gmail.com", "x@gmail.com"),
            ok("ornek.com.tr", Domain, &[])
        );
        assert_eq!(
            chosen("", "https://www.hotmail.com", "x@ornek.com.tr"),
            ok("ornek.com.tr", Email, &[free])
        );
        assert_eq!(
            chosen("x@gmail.com", "ornek.com.tr", "x@gmail.com"),
            ok("ornek.com.tr", Website, &[free])
        );
        assert_eq!(chosen("", "", "ornek@gmail.com"), Err(free));
        assert_eq!(chosen("ornek@mynet.com", "", ""), Err(free));
        // A bare name in the domain column is meant.
        assert_eq!(chosen("gmail.com", "", ""), ok("gmail.com", Domain, &[]));
    }

    #[test]
    fn d18_blank_cells_and_nan_never_become_a_lead() {
        use LeadField::Email;
        for blank in ["nan", "NaN", " nan ", "None", "N/A", "-"] {
            assert_eq!(chosen(blank, blank, blank), Err("domain_placeholder"), "{blank}");
            let kept = chosen(blank, "", "info@ornek.com.tr");
            assert_eq!(kept, Ok(("ornek.com.tr".to_owned(), Email, vec!["domain_placeholder"])));
        }
        assert_eq!(chosen("", " ", "\t"), Err("domain_empty"));
        // A filled cell is never passed over in silence.
        let broken = choose_domain(Some("#REF!"), None, Some("info@ornek.com.tr")).expect("e-mail");
        assert_eq!((broken.from, broken.rejected.len()), (Email, 1));
        assert_eq!(choose_domain(None, None, None), Err(NoDomain { rejected: vec![] }));
    }

    #[test]
    fn a_refusal_says_why_for_each_cell() {
        let none = choose_domain(Some("firma"), None, Some("x@gmail.com")).expect_err("no domain");
        let error = Error::from(none);
        assert_eq!(error.code(), "domain_single_label");
        assert_eq!(
            error.to_string(),
            "lead: domain: `firma`: a single word: the ending, such as `.com.tr`, is missing; \
             email: `gmail.com` gives mailboxes to private people: give the company's domain"
        );
    }

    #[test]
    fn a_slip_is_suggested_and_not_applied() {
        let choice = choose_domain(Some("firma.comtr"), None, None).expect("well-formed");
        assert_eq!(choice.domain.as_str(), "firma.comtr");
        assert_eq!(choice.suggestion.as_deref(), Some("firma.com.tr"));
    }
}
