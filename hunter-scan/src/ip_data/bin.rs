//! The BIN files of IP2Location and IP2Proxy. Both have a header of 64 bytes, a table of rows for
//! each version of IP in the order of their first addresses, an index of a table by the first 16
//! bits, and strings that the rows point to. Numbers are little-endian, addresses of tables count
//! from 1, those of strings from 0.
//!
//! Everything that a look-up relies on is checked once: the bounds of tables and index, and that
//! rows ascend. Every read has a bound of its own besides.

use std::net::{IpAddr, Ipv6Addr};

use serde_json::{Map, Value};
use time::{Date, Month};

use super::columns::{self, Column};
use super::database::{DatabaseInfo, IpDatabase, IpFacts, ProxyType};
use super::problem::BadDatabase;

/// Bytes of the header.
const HEADER: usize = 64;
/// Entries of an index: one for each value of the first 16 bits.
const INDEX: u32 = 1 << 16;

/// One BIN file.
#[derive(Debug)]
pub(super) struct BinDatabase {
    bytes: Vec<u8>,
    info: DatabaseInfo,
    columns: Vec<(Column, usize)>,
    is_proxy_list: bool,
    v4: Option<Table>,
    v6: Option<Table>,
}

/// The rows of one version of IP; each begins with its first address.
#[derive(Debug, Clone, Copy)]
struct Table {
    /// Where the rows begin.
    start: usize,
    rows: usize,
    /// Bytes of a row, and of the address in it.
    width: usize,
    address: usize,
    /// Where the index begins.
    index: Option<usize>,
}

impl BinDatabase {
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, BadDatabase> {
        let unknown = || BadDatabase::unknown("neither a MaxMind nor an IP2Location file");
        let head: &[u8; HEADER] = bytes.first_chunk().ok_or_else(unknown)?;
        let [kind, width, year, month, day] = [head[0], head[1], head[2], head[3], head[4]];
        // Files before 2021 need not say what they are; IP2Proxy files always did.
        let is_proxy_list = match (head[29], year) {
            (1, _) | (0, ..=20) => false,
            (2, _) => true,
            _ => return Err(unknown()),
        };
        let month = Month::try_from(month).map_err(|_| unknown())?;
        let built = Date::from_calendar_date(2000 + i32::from(year), month, day).ok();
        let built = built.ok_or_else(unknown)?;
        let columns = columns::of(is_proxy_list, kind).ok_or_else(|| {
            BadDatabase::unknown(format!("type {kind} of an IP2Location file is not known"))
        })?;
        let last = columns.iter().map(|(_, position)| *position).max().unwrap_or(1);
        if usize::from(width) < last {
            return Err(BadDatabase::corrupt(format!("{width} columns in a file of type {kind}")));
        }
        let size = number(&bytes, 31).unwrap_or(0) as usize;
        if size > bytes.len() {
            let problem = format!("it ends after {} of {size} bytes: fetch it again", bytes.len());
            return Err(BadDatabase::corrupt(problem));
        }
        let row = usize::from(width) * 4;
        let v4 = Table::read(&bytes, [5, 9, 21], row, 4)?;
        let v6 = Table::read(&bytes, [13, 17, 25], row + 12, 16)?;
        let name = if is_proxy_list { "IP2Proxy PX" } else { "IP2Location DB" };
        let info = DatabaseInfo { database_type: format!("{name}{kind}"), built: Some(built) };
        let database = Self { bytes, info, columns, is_proxy_list, v4, v6 };
        for table in [v4, v6].into_iter().flatten() {
            table.check(&database.bytes)?;
        }
        Ok(database)
    }

    /// The row of an address; `None` where the file holds nothing of it.
    fn row(&self, ip: IpAddr) -> Option<&[u8]> {
        let (table, number) = match embedded(ip) {
            IpAddr::V4(ip) => (self.v4?, u128::from(ip.to_bits())),
            IpAddr::V6(ip) => (self.v6?, ip.to_bits()),
        };
        table.find(&self.bytes, number)
    }

    /// A text of a row; `None` for `-`, by which these files say that there is none.
    fn text(
        &self,
        row: &[u8],
        (column, position): (Column, usize),
    ) -> Result<Option<String>, BadDatabase> {
        let broken = || BadDatabase::corrupt("a text lies outside of the file: fetch it again");
        let at = number(row, (position - 2) * 4).ok_or_else(broken)? as usize;
        let length = usize::from(*self.bytes.get(at).ok_or_else(broken)?);
        let text = self.bytes.get(at + 1..at + 1 + length).ok_or_else(broken)?;
        let text = String::from_utf8_lossy(text);
        let is_nothing = text.is_empty() || text == "-" || text == "N/A";
        if column == Column::Country && !is_nothing && !is_country(&text) {
            return Err(BadDatabase::corrupt(
                "a country is no code of two letters: fetch it again",
            ));
        }
        Ok((!is_nothing).then(|| text.into_owned()))
    }

    fn texts(&self, ip: IpAddr) -> Result<Option<Vec<(Column, String)>>, BadDatabase> {
        let Some(row) = self.row(ip) else { return Ok(None) };
        let mut texts = Vec::new();
        for column in &self.columns {
            texts.extend(self.text(row, *column)?.map(|text| (column.0, text)));
        }
        Ok(Some(texts))
    }

    /// IP2Proxy lists only what is a proxy, so an address without a row is none.
    fn not_listed(&self) -> Option<IpFacts> {
        self.is_proxy_list.then(|| IpFacts { is_proxy: Some(false), ..IpFacts::default() })
    }
}

impl IpDatabase for BinDatabase {
    fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    fn facts(&self, ip: IpAddr) -> Result<Option<IpFacts>, BadDatabase> {
        let Some(texts) = self.texts(ip)? else {
            let has_table = if embedded(ip).is_ipv4() { self.v4 } else { self.v6 };
            return Ok(has_table.and_then(|_| self.not_listed()));
        };
        if texts.is_empty() {
            return Ok(self.not_listed());
        }
        let mut facts = IpFacts::default();
        // PX1 has no kind of proxy: whatever has a country there is one.
        let says_kind = self.columns.iter().any(|(column, _)| *column == Column::ProxyType);
        facts.is_proxy = self.is_proxy_list.then_some(!says_kind);
        for (column, text) in texts {
            match column {
                Column::Country => facts.country = Some(text),
                Column::Region => facts.region = Some(text),
                Column::City => facts.city = Some(text),
                Column::Isp => facts.isp = Some(text),
                Column::Domain => facts.domain = Some(text),
                Column::NetSpeed => facts.connection_type = Some(text),
                Column::UsageType => facts.usage_type = Some(text),
                Column::Asn => facts.asn = text.trim_start_matches("AS").parse().ok(),
                Column::AsName => facts.asn_org = Some(text),
                Column::ProxyType => {
                    let kind = ProxyType::new(&text);
                    facts.is_proxy = Some(kind.is_proxy());
                    facts.proxy_type = Some(kind);
                }
            }
        }
        Ok(Some(facts))
    }

    fn record(&self, ip: IpAddr) -> Result<Option<Value>, BadDatabase> {
        let texts = self.texts(ip)?.filter(|texts| !texts.is_empty());
        Ok(texts.map(|texts| {
            let members =
                texts.into_iter().map(|(column, text)| (column.as_str().into(), text.into()));
            Value::Object(members.collect::<Map<_, _>>())
        }))
    }
}

impl Table {
    /// The table whose count, address and index stand at these places of the header.
    fn read(
        bytes: &[u8],
        [count, start, index]: [usize; 3],
        width: usize,
        address: usize,
    ) -> Result<Option<Self>, BadDatabase> {
        let at = |place| number(bytes, place).unwrap_or(0);
        let rows = at(count) as usize;
        if rows == 0 {
            return Ok(None);
        }
        let broken =
            |what| BadDatabase::corrupt(format!("{what} lies outside of the file: fetch it again"));
        // Addresses of tables count from 1, and nothing lies within the header.
        let place = |address: u32| (address as usize).checked_sub(1).filter(|at| *at >= HEADER);
        let start = place(at(start)).ok_or_else(|| broken("a table"))?;
        let end = rows.checked_mul(width).and_then(|length| length.checked_add(start));
        if end.is_none_or(|end| end > bytes.len()) {
            return Err(broken("a table"));
        }
        let index = match at(index) {
            0 => None,
            index => {
                let index = place(index).ok_or_else(|| broken("an index"))?;
                if index + INDEX as usize * 8 > bytes.len() {
                    return Err(broken("an index"));
                }
                Some(index)
            }
        };
        Ok(Some(Self { start, rows, width, address, index }))
    }

    /// Whether rows ascend and the index points into them, so that the search finds its row.
    fn check(&self, bytes: &[u8]) -> Result<(), BadDatabase> {
        let firsts = (0..self.rows).map(|row| self.first(bytes, row));
        if !firsts.is_sorted() {
            return Err(BadDatabase::corrupt("rows are out of order: fetch it again"));
        }
        let Some(index) = self.index else { return Ok(()) };
        let last = self.rows - 1;
        let bits = self.address * 8 - 16;
        for bucket in 0..INDEX as usize {
            let (low, high) = index_entry(bytes, index, bucket);
            let begin = (bucket as u128) << bits;
            // The last row is the very last address, and only ends the one before it.
            let end = (begin | ((1 << bits) - 1)).min(self.first(bytes, last).saturating_sub(1));
            let holds = low <= high
                && high <= self.rows
                && (low >= last || self.first(bytes, low) <= begin)
                && (high >= last || self.first(bytes, high + 1) > end);
            if !holds {
                return Err(BadDatabase::corrupt("the index misses its table: fetch it again"));
            }
        }
        Ok(())
    }

    /// The first address of a row.
    fn first(&self, bytes: &[u8], row: usize) -> u128 {
        let at = self.start + row * self.width;
        let mut number = [0; 16];
        number[..self.address].copy_from_slice(&bytes[at..at + self.address]);
        u128::from_le_bytes(number)
    }

    /// The columns of the row that holds an address, without the address itself. The last row only
    /// ends the one before it.
    fn find<'a>(&self, bytes: &'a [u8], number: u128) -> Option<&'a [u8]> {
        // The very last address belongs to the row before it, which the last row would exclude.
        let last = self.rows - 1;
        let number = number.min(self.first(bytes, last).saturating_sub(1));
        let (mut low, mut high) = self.range(bytes, number);
        // The last row of the range that begins at or before the address.
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.first(bytes, middle) <= number {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if self.first(bytes, low) > number || low >= last {
            return None;
        }
        let at = self.start + low * self.width;
        bytes.get(at + self.address..at + self.width)
    }

    /// The rows among which the index says that the address is.
    fn range(&self, bytes: &[u8], address: u128) -> (usize, usize) {
        let all = (0, self.rows - 1);
        let Some(index) = self.index else { return all };
        let bits = self.address * 8 - 16;
        let bucket = usize::try_from((address >> bits) & 0xffff).unwrap_or(0);
        let (low, high) = index_entry(bytes, index, bucket);
        (low.min(all.1), high.min(all.1))
    }
}

/// IPv6 forms of an IPv4 address: mapped, 6to4 (RFC 3056) and Teredo (RFC 4380).
fn embedded(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip.to_canonical() else { return ip.to_canonical() };
    let [head, second, third, .., seventh, eighth] = v6.segments();
    let join = |high: u16, low: u16| IpAddr::V4((u32::from(high) << 16 | u32::from(low)).into());
    match (head, second) {
        (0x2002, high) => join(high, third),
        (0x2001, 0) => join(!seventh, !eighth),
        _ => IpAddr::V6(Ipv6Addr::from(v6.octets())),
    }
}

/// The rows that an entry of the index names. That it lies within the file was checked before.
fn index_entry(bytes: &[u8], index: usize, bucket: usize) -> (usize, usize) {
    let row = |at| number(bytes, at).map_or(usize::MAX, |row| row as usize);
    (row(index + bucket * 8), row(index + bucket * 8 + 4))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
