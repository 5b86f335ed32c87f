//! x
fn main() { for p in std::env::args().skip(1) { let b = std::fs::read(&p).unwrap(); let t = hunter_scan::registration::decode_whois(None, &b); println!("{p}: {:#?}", hunter_scan::registration::parse_whois("", &t)); } }
