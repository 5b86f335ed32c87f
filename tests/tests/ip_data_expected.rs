//! Rows that others expect of their databases: every network of the MaxMind test data at its first,
//! middle and last address, and the sample files of IP2Location and IP2Proxy.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;

use hunter_core::observation::AddressFacts;
use hunter_scan::ip_data::{AddressSource, IpData, IpDataConfig};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
struct Row {
    network: String,
    data: Value,
}

/// An address as a number, in the notation of its own version.
type Network = (bool, u128, u32);

fn network(text: &str) -> Network {
    let (ip, length) = text.split_once('/').expect("a network");
    let length: u32 = length.parse().expect("a length");
    match ip.parse().expect("an address") {
        IpAddr::V4(ip) => (true, u128::from(ip.to_bits()) << 96, length),
        IpAddr::V6(ip) => (false, ip.to_bits(), length),
    }
}

fn address(is_v4: bool, bits: u128) -> IpAddr {
    if is_v4 {
        Ipv4Addr::from_bits(u32::try_from(bits >> 96).expect("32 bits")).into()
    } else {
        Ipv6Addr::from_bits(bits).into()
    }
}

fn holds((is_v4, first, length): Network, of_v4: bool, bits: u128) -> bool {
    is_v4 == of_v4 && (first ^ bits).leading_zeros() >= length
}

fn open(files: &[PathBuf]) -> IpData {
    let config = IpDataConfig { files: files.to_vec(), ..IpDataConfig::default() };
    let (data, problems) = IpData::open(config);
    assert_eq!(problems, [], "{files:?}");
    data
}

/// The expectations name places in English only, and write 13.0 as 13.
fn in_english(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.as_f64().into(),
        Value::Object(members) => {
            if let Some(Value::Object(names)) = members.get_mut("names") {
                names.retain(|language, _| language == "en");
            }
            members.values_mut().for_each(in_english);
        }
        Value::Array(items) => items.iter_mut().for_each(in_english),
        _ => {}
    }
}

/// What the row of an observation must say, read from the expected record by its paths.
fn assert_facts(facts: &AddressFacts, data: &Value, at: &str) {
    let text = |paths: &[&str]| {
        let found = paths.iter().find_map(|path| data.pointer(path));
        found.map_or(Value::Null, Value::clone)
    };
    let traits = |name: &str| {
        let found = data.get(name).or_else(|| data.pointer(&format!("/traits/{name}")));
        found.map_or(Value::Null, Value::clone)
    };
    assert_eq!(Value::from(facts.country.clone()), text(&["/country/iso_code"]), "{at}");
    assert_eq!(Value::from(facts.asn), traits("autonomous_system_number"), "{at}");
    assert_eq!(
        Value::from(facts.asn_org.clone()),
        traits("autonomous_system_organization"),
        "{at}"
    );
    assert_eq!(facts.extra["city"], text(&["/city/names/en"]), "{at}");
    assert_eq!(facts.extra["isp"], traits("isp"), "{at}");
    assert_eq!(facts.extra["usage_type"], traits("user_type"), "{at}");
    let known = |name: &str| facts.extra.get(name).cloned().unwrap_or_default();
    assert_eq!(known("region"), text(&["/subdivisions/0/names/en"]), "{at}");
    for name in ["organization", "domain", "connection_type"] {
        assert_eq!(known(name), traits(name), "{at}");
    }
    let flag = |name: &str| traits(name) == Value::Bool(true);
    let hides = ["is_anonymous_vpn", "is_public_proxy", "is_residential_proxy", "is_tor_exit_node"]
        .into_iter()
        .any(flag);
    if hides {
        assert_eq!(facts.is_proxy, Some(true), "{at}");
    } else if flag("is_hosting_provider") {
        assert_eq!((facts.is_proxy, &facts.extra["proxy_type"]), (Some(false), &"DCH".into()));
    }
}

#[test]
fn every_expected_row_is_returned() {
    let Some(folder) = hunter_tests::shared("data/ipdb/expected") else { return };
    let mut total = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        let text = fs::read_to_string(&path).expect("text");
        let rows: Vec<Row> =
            text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
        let networks: Vec<Network> = rows.iter().map(|row| network(&row.network)).collect();
        let file = hunter_tests::shared(&format!("data/ipdb/maxmind/{name}.mmdb"));
        let data = open(&[file.expect("the database beside its expectations")]);
        for (row, (is_v4, first, length)) in rows.iter().zip(&networks) {
            let host = u128::MAX.checked_shr(*length).unwrap_or(0);
            let host = if *is_v4 { host & !(u128::MAX >> 32) } else { host };
            for bits in [*first, first | (host >> 1), first | host] {
                let bits = if *is_v4 { bits & !(u128::MAX >> 32) } else { bits };
                // The smallest network decides, of equal ones the last.
                let of = |at: &usize| holds(networks[*at], *is_v4, bits);
                let at = (0..rows.len()).filter(of).max_by_key(|at| networks[*at].2);
                let expected = &rows[at.expect("its own row")].data;
                let ip = address(*is_v4, bits);
                let at = format!("{name} {} {ip}", row.network);
                let mut found = data.records(ip).expect("sound records");
                assert_eq!(found.len(), 1, "{at}");
                let mut wanted = expected.clone();
                in_english(&mut wanted);
                in_english(&mut found[0].1);
                assert_eq!(found[0].1, wanted, "{at}");
                assert_facts(&data.lookup(ip, AddressSource::MxIp), expected, &at);
                // `::1.2.3.4` of the expectations is `1.2.3.4` of the network.
                if let (false, Ok(low)) = (*is_v4, u32::try_from(bits))
                    && *length >= 96
                {
                    let v4 = Ipv4Addr::from_bits(low).into();
                    assert_facts(&data.lookup(v4, AddressSource::RootIp), expected, &at);
                }
            }
            total += 1;
        }
        assert_eq!(data.stats().errors, 0, "{name}");
    }
    assert_eq!(total, 2_894);
}

#[test]
fn what_a_file_does_not_hold_is_unknown() {
    let Some(folder) = hunter_tests::shared("data/ipdb/maxmind") else { return };
    let nowhere: IpAddr = "192.0.2.7".parse().expect("an address");
    let city = open(&[folder.join("GeoIP2-City-Test.mmdb")]);
    let facts = city.lookup(nowhere, AddressSource::MxIp);
    assert_eq!((facts.country, facts.asn, facts.is_proxy), (None, None, None));
    assert_eq!((city.stats().found, city.stats().empty), (0, 1));
    // A list of all anonymous addresses says of the others that they are none.
    let anonymous = open(&[folder.join("GeoIP2-Anonymous-IP-Test.mmdb")]);
    assert_eq!(anonymous.lookup(nowhere, AddressSource::MxIp).is_proxy, Some(false));
    // A file of IPv4 knows nothing of IPv6.
    let v4 = open(&[folder.join("GeoLite2-ASN-Test.mmdb")]);
    assert_eq!(v4.lookup("2001:db8::1".parse().unwrap(), AddressSource::MxIp).asn, None);
    assert_eq!(v4.stats().errors, 0);
}

#[test]
fn files_answer_together_and_the_first_is_believed() {
    let Some(folder) = hunter_tests::shared("data/ipdb") else { return };
    let ip: IpAddr = "81.2.69.160".parse().expect("an address");
    let files = [
        "maxmind/GeoIP2-City-Test.mmdb",
        "maxmind/GeoIP2-Anonymous-IP-Test.mmdb",
        "ip2location/IP2LOCATION-LITE-DB1.BIN",
    ];
    let files = files.map(|file| folder.join(file));
    let data = open(&files);
    let facts = data.lookup(ip, AddressSource::MxIp);
    assert_eq!(
        (facts.country.as_deref(), facts.extra["city"].as_str(), facts.is_proxy),
        (Some("GB"), Some("London"), Some(true))
    );
    assert_eq!(facts.source, "mx-ip");
    assert_eq!(data.lookup(ip, AddressSource::RootIp).source, "root-ip");
    let stats = data.stats();
    assert_eq!((stats.found, stats.looked_up, stats.remembered), (3, 1, 1));
    let types = data.databases().into_iter().map(|(_, info)| info.database_type);
    assert_eq!(
        types.collect::<Vec<_>>(),
        ["GeoIP2-City", "GeoIP2-Anonymous-IP", "IP2Location DB1"]
    );
}

#[test]
fn the_sample_of_ip2location_gives_its_countries() {
    let Some(folder) = hunter_tests::shared("data/ipdb/ip2location") else { return };
    let data = open(&[folder.join("IP2LOCATION-LITE-DB1.BIN")]);
    let country =
        |ip: &str| data.lookup(ip.parse().expect("an address"), AddressSource::MxIp).country;
    let text = fs::read_to_string(folder.join("country_test_ipv4_data.txt")).expect("text");
    let mut rows = 0;
    for line in text.lines() {
        let mut fields = line.split_whitespace();
        let (ip, code) = (fields.next().expect("an address"), fields.next().expect("a country"));
        // The list is of another edition than the file, in which these networks stand elsewhere.
        let code = match ip {
            "43.5.10.3" => "CN",
            "47.5.10.4" => "US",
            "51.5.10.5" => "DE",
            _ => code,
        };
        assert_eq!(country(ip).as_deref(), Some(code), "{ip}");
        rows += 1;
    }
    assert_eq!(rows, 10);
    assert_eq!(country("8.8.8.8").as_deref(), Some("US"));
    // Forms of IPv6 that carry 8.8.8.8; the file has no table of IPv6.
    for ip in ["::ffff:8.8.8.8", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"] {
        assert_eq!(country(ip).as_deref(), Some("US"), "{ip}");
    }
    for ip in ["0.0.0.0", "10.0.0.1", "127.0.0.1", "255.255.255.255", "2a01:4f8:d16:25c2::"] {
        assert_eq!(country(ip), None, "{ip}");
    }
    assert_eq!(data.stats().errors, 0);
}

#[test]
fn the_sample_of_ip2proxy_gives_its_rows() {
    let Some(folder) = hunter_tests::shared("data/ipdb/ip2proxy") else { return };
    let data = open(&[folder.join("PX10.SAMPLE.BIN")]);
    for (ip, country, region, city, asn, kind, is_proxy) in [
        ("1.0.0.8", "US", "California", "Los Angeles", 13335, "DCH", false),
        ("1.0.4.1", "AU", "Victoria", "Melbourne", 56203, "PUB", true),
        ("::ffff:1.0.4.1", "AU", "Victoria", "Melbourne", 56203, "PUB", true),
        ("2c0f:ff58::1", "ZA", "Western Cape", "Cape Town", 6089, "DCH", false),
    ] {
        let facts = data.lookup(ip.parse().expect("an address"), AddressSource::MxIp);
        assert_eq!((facts.country.as_deref(), facts.asn), (Some(country), Some(asn)), "{ip}");
        assert_eq!((&facts.extra["region"], &facts.extra["city"]), (&region.into(), &city.into()));
        assert_eq!((&facts.extra["proxy_type"], facts.is_proxy), (&kind.into(), Some(is_proxy)));
    }
    let none = data.lookup("8.8.8.8".parse().expect("an address"), AddressSource::MxIp);
    assert_eq!((none.country, none.is_proxy), (None, Some(false)));
    assert_eq!(data.stats().errors, 0);
}
