//! One row of a list, read by its layout.

use std::borrow::Cow;

use crate::contacts::{Choice, NoDomain, choose_domain, is_address};

/// What a row says of a company.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadRow<'a> {
    /// The cell of the domain, as it stands: what is wrong with it is told by [`choose`](Self::choose).
    pub domain: Option<&'a str>,
    /// The cell of the web site, as it stands.
    pub website: Option<&'a str>,
    /// The cells of addresses, as they stand; a cell may hold several.
    pub email_cells: Vec<&'a str>,
    /// The company's name.
    pub company: Option<&'a str>,
    /// Its telephone number.
    pub phone: Option<&'a str>,
    /// Its city.
    pub city: Option<&'a str>,
    /// Its country, as ISO 3166-1 alpha-2 code.
    pub country: Option<Cow<'a, str>>,
    /// How many people work there; of a span the lower end.
    pub employees: Option<u32>,
}

impl<'a> LeadRow<'a> {
    /// The well-formed addresses, in their order.
    pub fn emails(&self) -> impl Iterator<Item = &'a str> {
        self.email_cells.iter().flat_map(|cell| parts(cell)).filter(|text| is_address(text))
    }

    /// The domain of the company: a valid domain column wins, then the web site, then the first address
    /// that is not free mail.
    ///
    /// # Errors
    /// [`NoDomain`] lists every filled cell with the reason it was passed over.
    pub fn choose(&self) -> Result<Choice, NoDomain> {
        let mut emails = self.email_cells.iter().flat_map(|cell| parts(cell));
        let first = emails.next();
        let chosen = choose_domain(self.domain, self.website, first);
        let Err(mut none) = chosen else { return chosen };
        for email in emails {
            match choose_domain(None, None, Some(email)) {
                Ok(mut choice) => {
                    choice.rejected.splice(..0, none.rejected);
                    return Ok(choice);
                }
                Err(more) => none.rejected.extend(more.rejected),
            }
        }
        Err(none)
    }
}

/// The addresses of a cell that holds several.
fn parts(cell: &str) -> impl Iterator<Item = &str> {
    // `a@x.com; nan` and `a@x.com,` are several too; a comma in `Yılmaz, Ayşe <a@x.com>` parts a name.
    let is_list = !cell.contains('<') && cell.contains([';', ',', '\n', '|']);
    let is_several = is_list || cell.matches('@').count() > 1;
    let is_edge = move |c: char| is_several && matches!(c, ';' | ',' | '\n' | '|' | '/');
    cell.split(is_edge)
        .flat_map(move |part| {
            // `a@x.com b@x.com`; but `Ayşe Yılmaz <a@x.com>` is one.
            let by_blanks = is_several && !part.contains('<');
            let edge = move |c: char| by_blanks && c.is_whitespace();
            part.split(edge)
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(domain: Option<&str>, emails: &[&str]) -> Result<String, &'static str> {
        let row = LeadRow { domain, email_cells: emails.to_vec(), ..LeadRow::default() };
        row.choose().map(|choice| choice.domain.to_string()).map_err(|none| none.code())
    }

    #[test]
    fn d17_of_several_addresses_the_first_of_a_company_names_it() {
        let several = "x@gmail.com; info@ornek.com.tr, satis@baska.com";
        assert_eq!(chosen(None, &[several]).as_deref(), Ok("ornek.com.tr"));
        assert_eq!(chosen(Some("asil.com"), &[several]).as_deref(), Ok("asil.com"));
        assert_eq!(chosen(None, &["x@gmail.com", "a@ornek.com"]).as_deref(), Ok("ornek.com"));
        assert_eq!(chosen(None, &["x@gmail.com y@hotmail.com"]), Err("domain_free_mail"));
        assert_eq!(
            chosen(None, &["Ayşe Yılmaz <a@ornek.com>; b@x.com"]).as_deref(),
            Ok("ornek.com")
        );
        assert_eq!(chosen(None, &[]), Err("domain_empty"));
    }

    #[test]
    fn d18_only_addresses_become_contacts() {
        let row = LeadRow {
            email_cells: vec!["nan", "a@ornek.com;b@ornek.com", "-"],
            ..LeadRow::default()
        };
        assert_eq!(row.emails().collect::<Vec<_>>(), ["a@ornek.com", "b@ornek.com"]);
    }
}
