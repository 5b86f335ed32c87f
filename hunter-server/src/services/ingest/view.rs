//! What was read of a file, as it is shown.

use hunter_core::contacts::{Choice, NoDomain};
use hunter_core::sheet::{Evidence, LeadRow};
use hunter_sheets::Summary;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What a file is, and what of it is understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileView {
    /// `csv`, `xlsx` or `xls`, by its content.
    #[schema(example = "csv")]
    kind: String,
    /// How its text is written, of a CSV.
    #[schema(example = "windows-1254")]
    encoding: Option<String>,
    /// What parts its cells, of a CSV.
    #[schema(example = ";")]
    delimiter: Option<String>,
    /// The sheet that is read, of a workbook.
    sheet: Option<String>,
    /// Sheets that are not read: name one in `sheet` to read it instead.
    other_sheets: Vec<String>,
    /// The line of the heading, from 1.
    heading_line: Option<u64>,
    /// Rows above the heading.
    title_rows: u64,
    /// Rows below it that hold something.
    rows: u64,
    /// Rows that hold nothing.
    blank_rows: u64,
    /// The columns that are understood.
    columns: Vec<FileColumn>,
}

/// A column that is understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FileColumn {
    /// Its place, from 1.
    position: usize,
    /// Its name in the heading.
    name: Option<String>,
    /// What it says: `domain`, `website`, `email`, `company`, `phone`, `city`, `country`, `employees`.
    #[schema(example = "company")]
    role: String,
    /// Why it was taken for that: `name`, `name_and_content`, `content` or `position`.
    #[schema(value_type = String, example = "name")]
    evidence: Evidence,
    /// How many cells say anything, of the first two hundred rows.
    filled: usize,
    /// How many of those look like what the column says.
    matching: usize,
}

impl From<&Summary> for FileView {
    fn from(summary: &Summary) -> Self {
        let head = &summary.head;
        let column = |column: &hunter_core::sheet::Column| FileColumn {
            position: column.index + 1,
            name: column.name.clone(),
            role: column.role.to_string(),
            evidence: column.evidence.clone(),
            filled: column.filled,
            matching: column.matching,
        };
        Self {
            kind: head.kind.as_str().to_owned(),
            encoding: head.encoding.map(|encoding| encoding.as_str().to_owned()),
            delimiter: head.delimiter.map(String::from),
            sheet: head.sheet.clone(),
            other_sheets: head.other_sheets.clone(),
            heading_line: head.heading_line,
            title_rows: head.titles,
            rows: summary.rows,
            blank_rows: summary.blank,
            columns: head.layout.columns.iter().map(column).collect(),
        }
    }
}

/// What a job keeps of its file: what it was told of it, its heading, and what tells the request from
/// another under the same key.
pub fn about(summary: &Summary, request: &str) -> Value {
    let heading = &summary.head.heading;
    json!({"file": FileView::from(summary), "heading": heading, "request": request})
}

/// The heading of a job's file.
pub fn heading_of(about: &Value) -> Vec<String> {
    let cells = about["heading"].as_array().map(Vec::as_slice).unwrap_or_default();
    cells.iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect()
}

/// A row as it would be read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewRow {
    line: u64,
    /// The domain, where the row names one.
    domain: Option<String>,
    /// The column it was read from: `domain`, `website` or `email`.
    chosen_from: Option<String>,
    /// What was probably meant, where the domain looks misspelt.
    suggestion: Option<String>,
    company_name: Option<String>,
    emails: Vec<String>,
    website: Option<String>,
    phone: Option<String>,
    city: Option<String>,
    country: Option<String>,
    employees: Option<u32>,
    /// Why the row would be rejected.
    code: Option<&'static str>,
    /// The same in words.
    reason: Option<String>,
}

impl PreviewRow {
    pub(super) fn new(line: u64, row: &LeadRow<'_>, chosen: Result<Choice, NoDomain>) -> Self {
        let (choice, none) = match chosen {
            Ok(choice) => (Some(choice), None),
            Err(none) => (None, Some(none)),
        };
        let own = |text: Option<&str>| text.map(str::to_owned);
        Self {
            line,
            domain: choice.as_ref().map(|choice| choice.domain.to_string()),
            chosen_from: choice.as_ref().map(|choice| choice.from.to_string()),
            suggestion: choice.and_then(|choice| choice.suggestion),
            company_name: own(row.company),
            emails: row.emails().map(str::to_owned).collect(),
            website: own(row.website.and_then(hunter_core::sheet::meaning)),
            phone: own(row.phone),
            city: own(row.city),
            country: own(row.country.as_deref()),
            employees: row.employees,
            code: none.as_ref().map(NoDomain::code),
            reason: none.map(|none| none.to_string()),
        }
    }
}
