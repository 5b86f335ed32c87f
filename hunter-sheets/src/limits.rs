//! How much of a file is taken.

/// How much of a file is taken. What is beyond is refused with a code of its own; nothing is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a workbook once it is unpacked, and of the texts of all cells together.
    pub unpacked_bytes: u64,
    /// How many times its packed size a part of a workbook may unpack to. The first
    /// [`FREE_BYTES`](Self::FREE_BYTES) of a part are not held to it.
    pub ratio: u64,
    /// Parts of a workbook.
    pub parts: usize,
    /// Columns; empty cells beyond do not count.
    pub columns: usize,
    /// Bytes of the text of one cell. A row may have four times as much.
    pub cell_bytes: usize,
    /// Rows that are not blank.
    pub rows: u64,
}

impl Limits {
    /// What a part of a workbook may unpack to at any ratio: small parts repeat themselves a lot.
    pub const FREE_BYTES: u64 = 16 << 20;
    /// Elements of a part that is held in memory, such as the table of strings.
    pub(crate) const ELEMENTS: u64 = 8_000_000;
    /// Cells of the rectangles that the sheets of an XLS file span. They are held in memory.
    pub(crate) const XLS_CELLS: u64 = 4_000_000;

    pub(crate) const fn row_bytes(&self) -> usize {
        self.cell_bytes.saturating_mul(4)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 512 << 20,
            ratio: 250,
            parts: 1_000,
            columns: 512,
            // Excel's 32,767 characters, at most four bytes each.
            cell_bytes: 131_072,
            rows: 5_000_000,
        }
    }
}
