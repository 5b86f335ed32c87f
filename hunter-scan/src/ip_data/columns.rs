//! Which column of a BIN file holds what, by its product and type. The positions are those of the
//! makers' own libraries; the first column is the address, and 0 says that the type lacks it.

/// What is read of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Country,
    Region,
    City,
    Isp,
    Domain,
    NetSpeed,
    UsageType,
    Asn,
    AsName,
    ProxyType,
}

impl Column {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::City => "city",
            Self::Isp => "isp",
            Self::Domain => "domain",
            Self::NetSpeed => "net_speed",
            Self::UsageType => "usage_type",
            Self::Asn => "asn",
            Self::AsName => "as",
            Self::ProxyType => "proxy_type",
        }
    }
}

/// IP2Location DB1 to DB26.
const LOCATION: [(Column, [u8; 27]); 9] = [
    (
        Column::Country,
        [0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2],
    ),
    (
        Column::Region,
        [0, 0, 0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3],
    ),
    (
        Column::City,
        [0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4],
    ),
    (
        Column::Isp,
        [0, 0, 3, 0, 5, 0, 7, 5, 7, 0, 8, 0, 9, 0, 9, 0, 9, 0, 9, 7, 9, 0, 9, 7, 9, 9, 9],
    ),
    (
        Column::Domain,
        [0, 0, 0, 0, 0, 0, 0, 6, 8, 0, 9, 0, 10, 0, 10, 0, 10, 0, 10, 8, 10, 0, 10, 8, 10, 10, 10],
    ),
    (
        Column::NetSpeed,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 11, 0, 11, 8, 11, 0, 11, 0, 11, 0, 11, 11, 11],
    ),
    (
        Column::UsageType,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 20, 20, 20],
    ),
    (
        Column::Asn,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24],
    ),
    (
        Column::AsName,
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25],
    ),
];

/// IP2Proxy PX1 to PX12, of which the last only adds a column.
const PROXY: [(Column, [u8; 13]); 9] = [
    (Column::ProxyType, [0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]),
    (Column::Country, [0, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3]),
    (Column::Region, [0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4]),
    (Column::City, [0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]),
    (Column::Isp, [0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6]),
    (Column::Domain, [0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7]),
    (Column::UsageType, [0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8]),
    (Column::Asn, [0, 0, 0, 0, 0, 0, 0, 9, 9, 9, 9, 9, 9]),
    (Column::AsName, [0, 0, 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10]),
];

/// The columns of a type with their positions; `None` for a type that is not known.
pub(super) fn of(is_proxy_list: bool, kind: u8) -> Option<Vec<(Column, usize)>> {
    fn pick<const N: usize>(table: &[(Column, [u8; N])], kind: u8) -> Option<Vec<(Column, usize)>> {
        let kind = usize::from(kind);
        let known = (1..N).contains(&kind);
        let columns = table.iter().filter(|(_, at)| known && at[kind] > 0);
        known.then(|| columns.map(|(column, at)| (*column, at[kind].into())).collect())
    }
    if is_proxy_list { pick(&PROXY, kind) } else { pick(&LOCATION, kind) }
}
