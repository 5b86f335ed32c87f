//! A BIN file of IP2Location or IP2Proxy: it is refused, or every address gets an answer or an error.

#![no_main]

use std::net::IpAddr;

use hunter_scan::ip_data::read_database;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(database) = read_database(bytes.to_vec()) else { return };
    // Addresses from the file itself are the likeliest to meet its borders.
    let from_file =
        bytes.windows(4).skip(64).take(32).map(|w| IpAddr::from([w[3], w[2], w[1], w[0]]));
    let named = ["0.0.0.0", "192.0.2.7", "255.255.255.255", "::1", "2a00::1", "2002:101:101::1"];
    for ip in named.map(|ip| ip.parse().expect("an address")).into_iter().chain(from_file) {
        let (facts, record) = (database.facts(ip), database.record(ip));
        assert_eq!(facts.is_err(), record.is_err());
        assert_eq!(record, database.record(ip));
    }
});
