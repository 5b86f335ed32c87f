//! Which row is the heading, and what each column says.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::content::Content;
use super::row::LeadRow;
use super::{Role, cell, content, names};

/// How many rows a layout is found from; more make it no surer.
pub const SAMPLE_ROWS: usize = 200;
/// The heading stands among the first so many rows.
const HEADING_ROWS: usize = 40;
/// Longer texts are no names of columns.
const LONGEST_NAME: usize = 60;

/// Why a column was taken for what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// By its name.
    Name,
    /// By its name and by what stands in it.
    NameAndContent,
    /// By what stands in it.
    Content,
    /// As the first column of texts that differ from row to row.
    Position,
}

/// A column that is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its place, from 0.
    pub index: usize,
    /// What it says.
    pub role: Role,
    /// Its name, where the list has a heading.
    pub name: Option<String>,
    /// Why it was taken for that.
    pub evidence: Evidence,
    /// How many cells of the sample say anything.
    pub filled: usize,
    /// How many of those look like what the column says.
    pub matching: usize,
}

/// Where what stands in a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Layout {
    /// The place of the heading among the rows, from 0; `None` where the list has none. Rows before it are
    /// titles.
    pub heading: Option<usize>,
    /// The columns that are understood, in their order.
    pub columns: Vec<Column>,
}

impl Layout {
    /// Finds the heading and the columns from the first rows of a list, the blank ones left out; of more than
    /// [`SAMPLE_ROWS`] the rest is not looked at.
    pub fn detect<R: AsRef<[String]>>(rows: &[R]) -> Self {
        let rows = &rows[..rows.len().min(SAMPLE_ROWS)];
        let heading = heading(rows);
        let mut layout = columns(rows, heading, true);
        if layout.heading.is_none() {
            layout.heading = heading_by_content(rows, &layout);
            if layout.heading.is_some() {
                layout = columns(rows, layout.heading, true);
            }
        }
        layout
    }

    /// Takes the first row for the heading, and columns by their names alone.
    pub fn by_names<R: AsRef<[String]>>(rows: &[R]) -> Self {
        let rows = &rows[..rows.len().min(SAMPLE_ROWS)];
        columns(rows, (!rows.is_empty()).then_some(0), false)
    }

    /// Whether a row can name a company at all.
    pub fn leads_to_a_domain(&self) -> bool {
        self.columns.iter().any(|column| column.role.leads_to_a_domain())
    }

    /// Whether the row at a place belongs to the list, rather than to its titles and heading.
    pub fn is_data(&self, place: usize) -> bool {
        self.heading.is_none_or(|heading| place > heading)
    }

    /// Reads a row.
    pub fn read<'a, S: AsRef<str>>(&self, cells: &'a [S]) -> LeadRow<'a> {
        let mut row = LeadRow::default();
        for column in &self.columns {
            let Some(text) = cells.get(column.index).map(AsRef::as_ref) else { continue };
            match column.role {
                Role::Domain => row.domain = row.domain.or(filled(text)),
                Role::Website => row.website = row.website.or(filled(text)),
                Role::Email => row.email_cells.extend(filled(text)),
                Role::Company => row.company = row.company.or(cell::meaning(text)),
                Role::Phone => row.phone = row.phone.or(cell::meaning(text)),
                Role::City => row.city = row.city.or(cell::meaning(text)),
                Role::Country => {
                    row.country = row.country.or_else(|| cell::country(text).map(Cow::Owned));
                }
                Role::Employees => row.employees = row.employees.or_else(|| cell::people(text)),
            }
        }
        row
    }
}

fn filled(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}

/// The row that names most columns, the earliest of equals. One that names a way to a domain counts as
/// heading even alone; others have to name two.
fn heading<R: AsRef<[String]>>(rows: &[R]) -> Option<usize> {
    let named = |row: &R| {
        let mut roles: Vec<Role> = Vec::new();
        for text in row.as_ref() {
            // A row of data may hold the word for a column, and never a domain or an address beside it.
            if content::kind(text).is_some_and(Role::leads_to_a_domain) {
                return 0;
            }
            let Some(name) = name_of(text) else { continue };
            roles.extend(names::exact(&name).or_else(|| names::partial(&name)));
        }
        roles.sort_unstable();
        roles.dedup();
        let leads = roles.iter().any(|role| role.leads_to_a_domain());
        if leads || roles.len() >= 2 { roles.len() + usize::from(leads) } else { 0 }
    };
    let named = rows.iter().take(HEADING_ROWS).map(named).enumerate();
    let best = named.max_by_key(|(place, count)| (*count, std::cmp::Reverse(*place)))?;
    (best.1 > 0).then_some(best.0)
}

/// The row above the first one that holds a domain or an address, if it looks like names of columns.
fn heading_by_content<R: AsRef<[String]>>(rows: &[R], layout: &Layout) -> Option<usize> {
    let leading = || layout.columns.iter().filter(|column| column.role.leads_to_a_domain());
    let matches = |row: &R| {
        leading().any(|column| {
            let text = row.as_ref().get(column.index);
            text.is_some_and(|text| content::kind(text.trim()).is_some_and(Role::leads_to_a_domain))
        })
    };
    let first = rows.iter().take(HEADING_ROWS).position(matches)?;
    let above = rows[first.checked_sub(1)?].as_ref();
    let texts: Vec<&str> = above.iter().filter_map(|text| cell::meaning(text)).collect();
    let is_name = |text: &&str| {
        text.len() <= LONGEST_NAME
            && text.chars().any(char::is_alphabetic)
            && content::kind(text).is_none_or(|kind| kind == Role::Company)
    };
    let names_a_column = leading()
        .any(|column| above.get(column.index).is_some_and(|text| cell::meaning(text).is_some()));
    // One matching row below proves no list.
    let is_list = rows[first..].iter().filter(|row| matches(row)).count() >= 2;
    (texts.len() >= 2 && names_a_column && is_list && texts.iter().all(is_name))
        .then_some(first - 1)
}

/// A cell as the folded name of a column.
fn name_of(text: &str) -> Option<String> {
    let text = cell::meaning(text)?;
    (text.chars().count() <= LONGEST_NAME)
        .then(|| names::folded(text))
        .filter(|name| !name.is_empty())
}

/// The columns below a heading.
fn columns<R: AsRef<[String]>>(rows: &[R], heading: Option<usize>, by_content: bool) -> Layout {
    let data = &rows[heading.map_or(0, |heading| heading + 1).min(rows.len())..];
    let names = heading.map(|heading| rows[heading].as_ref()).unwrap_or_default();
    let width = data.iter().map(|row| row.as_ref().len()).max().unwrap_or(0).max(names.len());
    let contents: Vec<Content> = (0..width)
        .map(|index| {
            Content::of(data.iter().filter_map(|row| row.as_ref().get(index).map(String::as_str)))
        })
        .collect();
    let folded: Vec<Option<String>> =
        (0..width).map(|index| names.get(index).and_then(|text| name_of(text))).collect();
    let mut found: Vec<Option<(Role, Evidence)>> = vec![None; width];
    // A column of addresses may come more than once; of the others the first counts.
    let is_free = |found: &[Option<(Role, Evidence)>], role: Role| {
        role == Role::Email || !found.iter().flatten().any(|(taken, _)| *taken == role)
    };
    for index in 0..width {
        let Some(role) = folded[index].as_deref().and_then(names::exact) else { continue };
        if is_free(&found, role) {
            let evidence = if contents[index].matching(role) > 0 {
                Evidence::NameAndContent
            } else {
                Evidence::Name
            };
            found[index] = Some((role, evidence));
        }
    }
    for index in (0..width).filter(|_| by_content) {
        if found[index].is_some() {
            continue;
        }
        let Some(role) = folded[index].as_deref().and_then(names::partial) else { continue };
        let content = &contents[index];
        // A longer name has to be borne out, but for companies' names, which look like anything.
        let is_borne_out = match role {
            Role::Company => content.is_telling() || content.companies > 0,
            Role::Employees => true,
            _ => content.matching(role) * 2 >= content.filled && content.filled > 0,
        };
        if is_borne_out && is_free(&found, role) {
            found[index] = Some((role, Evidence::NameAndContent));
        }
    }
    if by_content {
        for index in 0..width {
            let exact = folded[index].as_deref().and_then(names::exact);
            let Some((role, _)) =
                contents[index].role().filter(|_| found[index].is_none() && exact.is_none())
            else {
                continue;
            };
            if is_free(&found, role) {
                found[index] = Some((role, Evidence::Content));
            }
        }
        if is_free(&found, Role::Company) {
            let may = |index: &usize| {
                found[*index].is_none()
                    && contents[*index].is_telling()
                    && folded[*index].as_deref().is_none_or(names::may_be_company)
            };
            if let Some(index) = (0..width).find(may) {
                found[index] = Some((Role::Company, Evidence::Position));
            }
        }
    }
    let columns = found
        .into_iter()
        .enumerate()
        .filter_map(|(index, found)| {
            let (role, evidence) = found?;
            let content = &contents[index];
            let name = names.get(index).and_then(|text| cell::meaning(text)).map(str::to_owned);
            let (filled, matching) = (content.filled, content.matching(role));
            Some(Column { index, role, name, evidence, filled, matching })
        })
        .collect();
    Layout { heading, columns }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect())
            .collect()
    }

    fn detected(text: &str) -> (Option<usize>, Vec<(usize, Role)>) {
        let layout = Layout::detect(&rows(text));
        (layout.heading, layout.columns.iter().map(|column| (column.index, column.role)).collect())
    }

    #[test]
    fn the_heading_is_found_below_titles() {
        let (heading, columns) = detected(
            "Firma listesi||\n24.11.2026||\nSıra No|Firma Adı|Web Sitesi\n1|Örnek A.Ş.|www.ornek.com.tr",
        );
        assert_eq!(heading, Some(2));
        assert_eq!(columns, [(1, Role::Company), (2, Role::Website)]);
    }

    #[test]
    fn a_list_without_heading_is_read_by_its_content() {
        use Role::{City, Company, Domain, Email, Employees, Phone};
        let (heading, columns) = detected(
            "Örnek A.Ş.|ornek.com.tr|info@ornek.com.tr|+90 212 555 00 00|İstanbul|11-50\n\
             Başka Ltd. Şti.|baska.com.tr|info@baska.com.tr|0312 555 00 00|Ankara|51-200",
        );
        assert_eq!(heading, None);
        let roles: Vec<_> = columns.iter().map(|(_, role)| *role).collect();
        assert_eq!(roles, [Company, Domain, Email, Phone, City, Employees]);
    }

    #[test]
    fn names_that_nobody_knows_are_a_heading_all_the_same() {
        let (heading, columns) =
            detected("Liste|\nKommune|Kontakt\nAalen|presse@aalen.de\nBacknang|stadt@backnang.de");
        assert_eq!(heading, Some(1));
        assert_eq!(columns, [(0, Role::Company), (1, Role::Email)]);
    }

    #[test]
    fn plain_lines_are_domains_and_none_is_lost() {
        let (heading, columns) = detected("ornek\nornek.com.tr\nbaska.com");
        assert_eq!((heading, columns), (None, vec![(0, Role::Domain)]));
        let (heading, columns) = detected("domain\nornek.com.tr");
        assert_eq!((heading, columns), (Some(0), vec![(0, Role::Domain)]));
    }

    #[test]
    fn a_longer_name_has_to_be_borne_out() {
        let text = "Domain name|Domain type|Security contact email\nadaoh.gov|City|a@adaoh.gov";
        let (_, columns) = detected(text);
        assert_eq!(columns, [(0, Role::Domain), (2, Role::Email)]);
        let (_, columns) = detected("Firma|Mail gönderildi\nÖrnek|evet\nBaşka|hayır");
        assert_eq!(columns, [(0, Role::Company)]);
    }

    #[test]
    fn by_names_alone_the_first_row_is_the_heading() {
        let layout = Layout::by_names(&rows("x|Firma|E-posta\n1|Örnek A.Ş.|ornek.com"));
        let columns: Vec<_> =
            layout.columns.iter().map(|column| (column.index, column.role)).collect();
        assert_eq!(
            (layout.heading, columns),
            (Some(0), vec![(1, Role::Company), (2, Role::Email)])
        );
        assert!(!Layout::by_names(&rows("ornek.com|x")).leads_to_a_domain());
    }

    #[test]
    fn d18_what_stands_for_nothing_is_not_read() {
        let layout = Layout::detect(&rows("Firma|Domain|Çalışan|Şehir\nA|ornek.com|50|Bursa"));
        let cells = ["nan", "ornek.com", "NaN", "None"];
        let row = layout.read(&cells);
        assert_eq!((row.company, row.employees, row.city), (None, None, None));
        assert_eq!(row.choose().unwrap().domain.as_str(), "ornek.com");
        // A short row says nothing of the rest.
        assert_eq!(layout.read(&["A"]).choose().unwrap_err().code(), "domain_empty");
    }

    #[test]
    fn a_layout_is_kept_as_json() {
        let layout = Layout::detect(&rows("Firma|Domain\nA|ornek.com"));
        let json = serde_json::to_string(&layout).unwrap();
        assert_eq!(serde_json::from_str::<Layout>(&json).unwrap(), layout);
    }
}
