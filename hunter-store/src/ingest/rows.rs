//! Rows on their way: packed for the database, and sorted into companies' and rejected ones.

use hunter_core::sheet::Layout;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::companies::{Arrival, Source};
use crate::error::{Result, StoreError};
use crate::raw_leads::Rejected;

/// How many rows are one batch: a transaction of a second or less.
pub const ROWS: usize = 1_000;
/// Packed batches are small, and a quick packing is enough for what is soon deleted.
const LEVEL: i32 = 1;

/// A row of a file: its line, and its cells as they stand.
pub type SheetRow = (i64, Vec<String>);

/// Rows of one batch, packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// How many they are.
    pub rows: u32,
    /// JSON, packed with zstd.
    pub body: Vec<u8>,
}

/// Collects rows into packed batches.
#[derive(Debug, Default)]
pub struct Packer {
    rows: Vec<SheetRow>,
    bytes: usize,
}

impl Packer {
    /// So many bytes of text make a batch full as well.
    const BYTES: usize = 4 << 20;

    /// Adds a row, and gives a batch when one is full.
    ///
    /// # Errors
    /// `store_io` when the batch cannot be packed.
    pub fn push(&mut self, line: i64, cells: Vec<String>) -> std::io::Result<Option<Packed>> {
        self.bytes += cells.iter().map(String::len).sum::<usize>();
        self.rows.push((line, cells));
        let is_full = self.rows.len() == ROWS || self.bytes >= Self::BYTES;
        if is_full { self.pack() } else { Ok(None) }
    }

    /// Gives what is left; `None` when that is nothing.
    ///
    /// # Errors
    /// When the batch cannot be packed.
    pub fn pack(&mut self) -> std::io::Result<Option<Packed>> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let json = serde_json::to_vec(&self.rows)?;
        let body = zstd::stream::encode_all(json.as_slice(), LEVEL)?;
        let rows = u32::try_from(self.rows.len()).expect("a batch is small");
        self.rows.clear();
        self.bytes = 0;
        Ok(Some(Packed { rows, body }))
    }
}

/// The rows of a packed batch.
pub(super) fn unpack(body: &[u8]) -> Result<Vec<SheetRow>> {
    let corrupt = |problem: String| StoreError::Corrupt { place: "ingest_batches.body", problem };
    let json = zstd::stream::decode_all(body).map_err(|error| corrupt(error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| corrupt(error.to_string()))
}

/// Rows, sorted into those that name a company and those that do not.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Rows that name a company.
    pub arrivals: Vec<Arrival>,
    /// Rows that name none, with the reason.
    pub rejected: Vec<Rejected>,
}

impl Sorted {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.arrivals.len() + self.rejected.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Sorts a row. A blank cell says nothing: no company is called `nan`.
pub fn sort(
    sorted: &mut Sorted,
    (line, cells): SheetRow,
    layout: &Layout,
    source: &Source,
    import_id: Uuid,
    at: OffsetDateTime,
) {
    let row = layout.read(&cells);
    match row.choose() {
        Err(none) => sorted.rejected.push(Rejected {
            source: source.name.clone(),
            import_id,
            line,
            code: none.code().to_owned(),
            payload: cells.into(),
            received_at: at.into(),
        }),
        Ok(choice) => sorted.arrivals.push(Arrival {
            company_name: row.company.map(str::to_owned),
            website: row.website.and_then(hunter_core::sheet::meaning).map(str::to_owned),
            country: row.country.as_deref().map(str::to_owned),
            seats: row.employees,
            contact_emails: row.emails().map(str::to_owned).collect(),
            import_id: Some(import_id),
            line: Some(line),
            payload: cells.into(),
            ..Arrival::new(choice.domain, source.clone(), at)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source { name: "upload".into(), rank: 10 }
    }

    #[test]
    fn rows_come_back_as_they_were_packed() {
        let mut packer = Packer::default();
        let mut packed = Vec::new();
        let rows: Vec<SheetRow> =
            (0..2_500).map(|n| (n, vec![format!("Örnek {n}"), "\0\"".into()])).collect();
        for (line, cells) in rows.clone() {
            packed.extend(packer.push(line, cells).unwrap());
        }
        packed.extend(packer.pack().unwrap());
        assert_eq!(packed.iter().map(|p| p.rows).collect::<Vec<_>>(), [1_000, 1_000, 500]);
        let back: Vec<_> = packed.iter().flat_map(|p| unpack(&p.body).unwrap()).collect();
        assert_eq!(back, rows);
        assert_eq!(unpack(b"x").unwrap_err().code(), "store_corrupt");
    }

    #[test]
    fn d17_d18_a_row_becomes_what_it_says_and_no_more() {
        let heading = ["Firma", "Domain", "Web", "E-posta", "Çalışan", "Ülke"].map(String::from);
        let layout = Layout::by_names(&[heading]);
        let mut sorted = Sorted::default();
        for cells in [
            ["nan", "ornek.com.tr", "None", "x@gmail.com; nan", "NaN", "null"],
            ["Örnek", "nan", "https://www.b.com/", "info@c.com", "1.250", "Türkiye"],
            ["Örnek", "", "", "ornek@gmail.com", "5", "TR"],
        ] {
            let row = (7, cells.map(String::from).to_vec());
            let at = OffsetDateTime::UNIX_EPOCH;
            sort(&mut sorted, row, &layout, &source(), Uuid::nil(), at);
        }
        let [first, second] = &sorted.arrivals[..] else { panic!("{sorted:?}") };
        assert_eq!(first.domain.as_str(), "ornek.com.tr");
        assert_eq!((&first.company_name, &first.website, first.seats), (&None, &None, None));
        assert_eq!(
            (first.country.as_deref(), &first.contact_emails[..]),
            (None, &["x@gmail.com".to_owned()][..])
        );
        assert_eq!(second.domain.as_str(), "b.com");
        assert_eq!((second.seats, second.country.as_deref()), (Some(1250), Some("TR")));
        assert_eq!(sorted.rejected[0].code, "domain_free_mail");
    }
}
