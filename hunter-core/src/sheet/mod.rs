//! Lists of companies as people keep them: which row is the heading, which column says what, and which
//! company a row names.
//!
//! Whoever reads a file gives its first rows to [`Layout::detect`], and then each row to
//! [`Layout::read`]. Columns are known by their names, in Turkish and English, and where names fail by
//! what stands in them; each says why it was taken for what it is.
//!
//! ```
//! use hunter_core::sheet::{Layout, Role};
//!
//! let rows: Vec<Vec<String>> = [
//!     ["Müşteri listesi 2026", "", ""],
//!     ["Firma Ünvanı", "E-Posta", "Çalışan Sayısı"],
//!     ["Örnek A.Ş.", "info@ornek.com.tr", "1.250"],
//! ]
//! .map(|row| row.map(str::to_owned).to_vec())
//! .to_vec();
//! let layout = Layout::detect(&rows);
//! assert_eq!(layout.heading, Some(1));
//! assert_eq!(layout.columns.iter().map(|c| c.role).collect::<Vec<_>>(), [
//!     Role::Company, Role::Email, Role::Employees,
//! ]);
//! let row = layout.read(&rows[2]);
//! assert_eq!(row.choose()?.domain.as_str(), "ornek.com.tr");
//! assert_eq!((row.company, row.employees), (Some("Örnek A.Ş."), Some(1250)));
//! # Ok::<(), hunter_core::contacts::NoDomain>(())
//! ```

mod cell;
mod content;
mod layout;
mod names;
mod places;
mod row;

pub use self::cell::meaning;
pub use self::layout::{Column, Evidence, Layout, SAMPLE_ROWS};
pub use self::row::LeadRow;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a column says of a company.
    pub enum Role ("column role") {
        /// Its domain.
        Domain = "domain",
        /// Its web site.
        Website = "website",
        /// An address there, or several.
        Email = "email",
        /// Its name.
        Company = "company",
        /// A telephone number.
        Phone = "phone",
        /// The city it is in.
        City = "city",
        /// The country it is in.
        Country = "country",
        /// How many people work there.
        Employees = "employees",
    }
}

impl Role {
    /// Whether a column of this kind can name the company's domain.
    pub const fn leads_to_a_domain(self) -> bool {
        matches!(self, Self::Domain | Self::Website | Self::Email)
    }
}
