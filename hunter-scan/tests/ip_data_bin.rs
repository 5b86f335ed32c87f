//! BIN files that are built here, against what was put into them; and the addresses of a domain.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hunter_core::observation::Observation;
use hunter_scan::ip_data::{IpData, IpDataConfig, IpDataProblemKind, read_database};
use proptest::prelude::*;

/// A row: its first address, and the texts of its columns.
type Row<'a> = (u128, Vec<&'a str>);

/// Builds a file of IP2Location (product 1) or IP2Proxy (product 2), as their makers do.
struct Bin {
    product: u8,
    kind: u8,
    columns: u8,
    with_index: bool,
}

impl Bin {
    fn build(&self, v4: &[Row<'_>], v6: &[Row<'_>]) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..5].copy_from_slice(&[self.kind, self.columns, 26, 11, 24]);
        (bytes[29], bytes[30]) = (self.product, 1);
        for (rows, width, header) in [(v4, 4, [5, 9, 21]), (v6, 16, [13, 17, 25])] {
            let last = vec!["-"; usize::from(self.columns) - 1];
            let end = if width == 4 { u128::from(u32::MAX) } else { u128::MAX };
            let mut rows = rows.to_vec();
            if !rows.is_empty() {
                rows.push((end, last));
            }
            put(&mut bytes, header[0], rows.len());
            if self.with_index && !rows.is_empty() {
                let at = bytes.len() + 1;
                put(&mut bytes, header[2], at);
                bytes.extend(index(&rows, width * 8 - 16));
            }
            let at = bytes.len() + 1;
            put(&mut bytes, header[1], at);
            let texts_at = bytes.len() + rows.len() * (width + (usize::from(self.columns) - 1) * 4);
            let mut texts = Vec::new();
            for (first, columns) in &rows {
                bytes.extend(&first.to_le_bytes()[..width]);
                for text in columns {
                    bytes.extend(
                        u32::try_from(texts_at + texts.len()).expect("small").to_le_bytes(),
                    );
                    texts.push(u8::try_from(text.len()).expect("short"));
                    texts.extend(text.as_bytes());
                }
            }
            bytes.extend(texts);
        }
        let size = bytes.len();
        put(&mut bytes, 31, size);
        bytes
    }
}

fn put(bytes: &mut [u8], at: usize, number: usize) {
    bytes[at..at + 4].copy_from_slice(&u32::try_from(number).expect("small").to_le_bytes());
}

/// For each value of the first 16 bits, the rows that hold its first and its last address.
fn index(rows: &[Row<'_>], bits: usize) -> Vec<u8> {
    let holds = |address: u128| {
        let row = rows.partition_point(|(first, _)| *first <= address) - 1;
        u32::try_from(row).expect("few")
    };
    let buckets =
        (0..1_u128 << 16).map(|bucket| (bucket << bits, (bucket << bits) | ((1 << bits) - 1)));
    buckets.flat_map(|(low, high)| [holds(low), holds(high)]).flat_map(u32::to_le_bytes).collect()
}

const CODES: [&str; 5] = ["TR", "DE", "US", "-", "JP"];

fn countries(firsts: &[u128]) -> Vec<Row<'static>> {
    firsts.iter().enumerate().map(|(n, first)| (*first, vec![CODES[n % 5]])).collect()
}

fn expected(rows: &[Row<'static>], number: u128) -> Option<&'static str> {
    let row = rows.iter().rfind(|(first, _)| *first <= number).expect("rows begin at 0");
    Some(row.1[0]).filter(|code| *code != "-")
}

/// Ascending first addresses from 0 on, close together and far apart.
fn firsts(most: u128) -> impl Strategy<Value = Vec<u128>> {
    let one = prop_oneof![0..most, 0..1000_u128, (most - 1000)..most];
    proptest::collection::btree_set(one, 0..40).prop_map(move |mut set| {
        set.insert(0);
        set.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_address_finds_its_row(
        firsts in (firsts(u128::from(u32::MAX)), firsts(u128::MAX)),
        with_index: bool,
        more: [u32; 16],
    ) {
        let (v4, v6) = (countries(&firsts.0), countries(&firsts.1));
        let bin = Bin { product: 1, kind: 1, columns: 2, with_index };
        let database = read_database(bin.build(&v4, &v6)).expect("sound");
        let borders = |firsts: &[u128]| {
            firsts.iter().flat_map(|first| [first.wrapping_sub(1), *first, first + 1]).collect::<Vec<_>>()
        };
        let country = |ip| database.facts(ip).expect("sound").and_then(|facts| facts.country);
        for number in borders(&firsts.0).into_iter().chain(more.map(u128::from)) {
            let number = number & u128::from(u32::MAX);
            let ip = Ipv4Addr::from_bits(u32::try_from(number).expect("masked")).into();
            let wanted = expected(&v4, number.min(u128::from(u32::MAX) - 1));
            let found = country(ip);
 prop_assert_eq!(found.as_deref(), wanted, "{}", ip);
        }
        for number in borders(&firsts.1).into_iter().chain(more.map(|n| u128::from(n) << 96)) {
            let ip = Ipv6Addr::from_bits(number);
            let carries_v4 = ip.to_ipv4_mapped().is_some()
                || ip.segments()[0] == 0x2002
                || ip.segments()[..2] == [0x2001, 0];
            if !carries_v4 {
                let wanted = expected(&v6, number.min(u128::MAX - 1));
                let found = country(ip.into());
 prop_assert_eq!(found.as_deref(), wanted, "{}", ip);
            }
        }
    }

    /// Any bytes behind any header: an error or an answer.
    #[test]
    fn damaged_bytes_are_refused_or_answer(
        product in 0..3_u8,
        kind in 0..30_u8,
        damage in proptest::collection::vec((0..700_usize, any::<u8>()), 0..6),
        length in 0..700_usize,
    ) {
        let rows = countries(&[0, 1 << 24, 2 << 24, 9 << 24]);
        let mut bytes = Bin { product, kind, columns: 2, with_index: false }.build(&rows, &rows);
        bytes.resize(length.max(bytes.len()), 0);
        for (at, byte) in damage {
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
        }
        if let Ok(database) = read_database(bytes) {
            for ip in ["0.0.0.0", "1.2.3.4", "9.9.9.9", "255.255.255.255", "::", "2a00::1"] {
                let ip: IpAddr = ip.parse().expect("an address");
                prop_assert_eq!(database.facts(ip).is_ok(), database.record(ip).is_ok());
            }
        }
    }
}

#[test]
fn columns_stand_where_the_type_puts_them() {
    // IP2Location DB26 has most of them; what is not read stands between.
    let mut row = vec!["?"; 28];
    for (position, text) in [
        (2, "TR"),
        (3, "Istanbul"),
        (4, "Kadıköy"),
        (9, "Ornek Net"),
        (10, "ornek.com.tr"),
        (11, "DSL"),
        (20, "DCH"),
        (24, "64500"),
        (25, "Ornek AS"),
    ] {
        row[position - 2] = text;
    }
    let location = Bin { product: 1, kind: 26, columns: 29, with_index: false };
    let database = read_database(location.build(&[(0, row)], &[])).expect("sound");
    assert_eq!(database.info().database_type, "IP2Location DB26");
    assert_eq!(database.info().built.map(|day| day.to_string()).as_deref(), Some("2026-11-24"));
    let ip: IpAddr = "192.0.2.7".parse().expect("an address");
    let facts = database.facts(ip).expect("sound").expect("a row");
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    assert_eq!((text(&facts.country), text(&facts.region)), ("TR".into(), "Istanbul".into()));
    assert_eq!((text(&facts.city), text(&facts.isp)), ("Kadıköy".into(), "Ornek Net".into()));
    assert_eq!(
        (text(&facts.domain), text(&facts.usage_type)),
        ("ornek.com.tr".into(), "DCH".into())
    );
    assert_eq!((facts.asn, text(&facts.asn_org)), (Some(64500), "Ornek AS".into()));
    assert_eq!((facts.is_proxy, facts.proxy_type), (None, None));

    // PX1 knows no kinds: whatever it lists is a proxy.
    let proxies = Bin { product: 2, kind: 1, columns: 2, with_index: false };
    let rows = [(0, vec!["-"]), (0xc000_0200, vec!["TR"]), (0xc000_0300, vec!["-"])];
    let database = read_database(proxies.build(&rows, &[])).expect("sound");
    let is_proxy = |ip: &str| {
        let facts = database.facts(ip.parse().expect("an address")).expect("sound");
        facts.map(|facts| facts.is_proxy)
    };
    assert_eq!(is_proxy("192.0.2.7"), Some(Some(true)));
    assert_eq!(is_proxy("192.0.3.7"), Some(Some(false)));
    assert_eq!(is_proxy("2a00::1"), None, "no table of IPv6");
}

#[test]
fn what_a_look_up_relies_on_is_checked_when_a_file_is_opened() {
    let rows = countries(&[0, 1 << 24, 2 << 24]);
    let bin = |with_index| Bin { product: 1, kind: 1, columns: 2, with_index };
    let plain = bin(false).build(&rows, &[]);
    let indexed = bin(true).build(&rows, &[]);
    let with = |bytes: &[u8], change: fn(&mut Vec<u8>)| {
        let mut bytes = bytes.to_vec();
        change(&mut bytes);
        read_database(bytes).map(|_| ()).map_err(|bad| bad.kind)
    };
    assert_eq!(with(&plain, |_| {}), Ok(()));
    assert_eq!(with(&indexed, |_| {}), Ok(()));
    let (corrupt, unknown) = (Err(IpDataProblemKind::Corrupt), Err(IpDataProblemKind::Unknown));
    let damages = [
        (&plain, (|b| b[0] = 27) as fn(&mut Vec<u8>), unknown),
        (&plain, |b| b[0] = 0, unknown),
        (&plain, |b| b[29] = 3, unknown),
        (&plain, |b| b[29] = 0, unknown),
        (&plain, |b| b[3] = 13, unknown),
        (&plain, |b| b[4] = 31, unknown),
        (&plain, |b| b[1] = 1, corrupt),
        (&plain, |b| b[8] = 0xff, corrupt),
        (&plain, |b| b[9] = 1, corrupt),
        (&plain, |b| b[12] = 0xff, corrupt),
        (&plain, |b| b[31] = 0xff, corrupt),
        (&plain, |b| b.truncate(80), corrupt),
        // The first row begins behind the second.
        (&plain, |b| b[64 + 3] = 7, corrupt),
        // An index that begins behind the end, and one that names the wrong rows.
        (&indexed, |b| b[24] = 0x7f, corrupt),
        (&indexed, |b| b[64 + 256 * 8] = 2, corrupt),
        (&indexed, |b| b[64 + 255 * 8 + 4] = 0xff, corrupt),
        (&indexed, |b| b[64 + 256 * 8..][..8].fill(0), corrupt),
    ];
    for (number, (bytes, change, judged)) in damages.into_iter().enumerate() {
        assert_eq!(with(bytes, change), judged, "damage {number}");
    }
}

#[test]
fn a_domain_has_the_addresses_that_its_answers_name() {
    let rows = countries(&[0, 0xc000_0200, 0xc000_0300]);
    let bytes = Bin { product: 1, kind: 1, columns: 2, with_index: false }.build(&rows, &[]);
    let path = std::env::temp_dir().join(format!("hunter-of-{}.BIN", std::process::id()));
    fs::write(&path, bytes).expect("written");
    let config = IpDataConfig { files: vec![path.clone()], ..IpDataConfig::default() };
    let (data, problems) = IpData::open(config);
    fs::remove_file(path).expect("removed");
    assert_eq!(problems, []);
    let seen = Observation::from_json(
        r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[
        {"name":"ornek.com.tr","type":"MX","state":"found","records":["20 b.ornek.com.tr","10 mx.example.net"]},
        {"name":"mx.example.net","type":"CNAME","state":"found","records":["a.example.net"]},
        {"name":"a.example.net","type":"A","state":"found","records":["192.0.2.7","192.0.2.7"]},
        {"name":"a.example.net","type":"AAAA","state":"found","records":["2001:db8::7"]},
        {"name":"b.ornek.com.tr","type":"A","state":"temp_fail","reason":"timeout"},
        {"name":"ornek.com.tr","type":"A","state":"found","records":["192.0.2.7","192.0.3.1"]}]}"#,
    )
    .expect("an observation");
    let rows: Vec<_> = data
        .of(&seen)
        .into_iter()
        .map(|row| (row.ip.to_string(), row.source, row.country))
        .collect();
    let row = |ip: &str, source: &str, country: Option<&str>| {
        (ip.to_owned(), source.to_owned(), country.map(str::to_owned))
    };
    assert_eq!(
        rows,
        [
            row("192.0.2.7", "mx-ip", Some("DE")),
            row("2001:db8::7", "mx-ip", None),
            row("192.0.2.7", "root-ip", Some("DE")),
            row("192.0.3.1", "root-ip", Some("US")),
        ]
    );
    assert!(IpData::open(IpDataConfig::default()).0.of(&seen).is_empty(), "off by default");
}
