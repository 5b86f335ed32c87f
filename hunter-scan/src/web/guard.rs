//! Which addresses an outbound call may reach: public ones, and what the operator named.
//!
//! Names and redirects come from strangers. A name that leads to `127.0.0.1`, to `169.254.169.254`
//! or to a neighbour in the data centre would make the scanner their messenger.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// An address block: first address, prefix length, and what it is for.
type Block<Ip> = (Ip, u32, &'static str);

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u32, what: &'static str) -> Block<Ipv4Addr> {
    (Ipv4Addr::new(a, b, c, d), prefix, what)
}

const fn v6(head: [u16; 4], prefix: u32, what: &'static str) -> Block<Ipv6Addr> {
    (Ipv6Addr::new(head[0], head[1], head[2], head[3], 0, 0, 0, 0), prefix, what)
}

/// The IANA IPv4 special-purpose registry (RFC 6890 and what was added to it), multicast (RFC 5771)
/// and the reserved class E. Blocks that are reachable everywhere, such as those of AS112, stand
/// here too: no web server is behind them.
const SPECIAL_V4: &[Block<Ipv4Addr>] = &[
    v4(0, 0, 0, 0, 8, "this network (RFC 791)"),
    v4(10, 0, 0, 0, 8, "private (RFC 1918)"),
    v4(100, 64, 0, 0, 10, "shared by carriers (RFC 6598)"),
    v4(127, 0, 0, 0, 8, "loopback (RFC 1122)"),
    v4(169, 254, 0, 0, 16, "link-local (RFC 3927)"),
    v4(172, 16, 0, 0, 12, "private (RFC 1918)"),
    v4(192, 0, 0, 0, 24, "protocol assignments (RFC 6890)"),
    v4(192, 0, 2, 0, 24, "documentation (RFC 5737)"),
    v4(192, 31, 196, 0, 24, "AS112 (RFC 7535)"),
    v4(192, 52, 193, 0, 24, "multicast tunnels (RFC 7450)"),
    v4(192, 88, 99, 0, 24, "6to4 relays (RFC 7526)"),
    v4(192, 168, 0, 0, 16, "private (RFC 1918)"),
    v4(192, 175, 48, 0, 24, "AS112 (RFC 7534)"),
    v4(198, 18, 0, 0, 15, "benchmarks (RFC 2544)"),
    v4(198, 51, 100, 0, 24, "documentation (RFC 5737)"),
    v4(203, 0, 113, 0, 24, "documentation (RFC 5737)"),
    v4(224, 0, 0, 0, 4, "multicast (RFC 5771)"),
    v4(240, 0, 0, 0, 4, "reserved (RFC 1112)"),
];

/// Inside the global unicast block: what the IANA IPv6 special-purpose registry takes out of it.
/// Blocks that carry an IPv4 address are refused whole, whatever address they carry.
const SPECIAL_V6: &[Block<Ipv6Addr>] = &[
    v6([0x2001, 0, 0, 0], 32, "Teredo (RFC 4380)"),
    v6([0x2001, 0, 0, 0], 23, "protocol assignments (RFC 2928)"),
    v6([0x2001, 0xdb8, 0, 0], 32, "documentation (RFC 3849)"),
    v6([0x2002, 0, 0, 0], 16, "6to4 (RFC 3056)"),
    v6([0x2620, 0x4f, 0x8000, 0], 48, "AS112 (RFC 7534)"),
    v6([0x3ffe, 0, 0, 0], 16, "6bone, given back (RFC 3701)"),
    v6([0x3fff, 0, 0, 0], 20, "documentation (RFC 9637)"),
];

/// The only block of IPv6 that holds public hosts (RFC 4291 §2.4, IANA IPv6 address space).
const GLOBAL_UNICAST_V6: Block<Ipv6Addr> = v6([0x2000, 0, 0, 0], 3, "global unicast (RFC 4291)");

/// Outside of it, the blocks that deserve their name in a message; all the rest is refused as well.
const NOT_GLOBAL_V6: &[Block<Ipv6Addr>] = &[
    v6([0, 0, 0, 0], 128, "unspecified (RFC 4291)"),
    (Ipv6Addr::LOCALHOST, 128, "loopback (RFC 4291)"),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, "IPv4-mapped (RFC 4291)"),
    v6([0, 0, 0, 0], 96, "IPv4-compatible (RFC 4291)"),
    v6([0x64, 0xff9b, 0, 0], 96, "NAT64 (RFC 6052)"),
    v6([0x64, 0xff9b, 1, 0], 48, "local NAT64 (RFC 8215)"),
    v6([0x100, 0, 0, 0], 64, "discard (RFC 6666)"),
    v6([0x5f00, 0, 0, 0], 16, "segment routing (RFC 9602)"),
    v6([0xfc00, 0, 0, 0], 7, "unique local (RFC 4193)"),
    v6([0xfe80, 0, 0, 0], 10, "link-local (RFC 4291)"),
    v6([0xfec0, 0, 0, 0], 10, "site-local (RFC 3879)"),
    v6([0xff00, 0, 0, 0], 8, "multicast (RFC 4291)"),
];

/// What an address is set apart for; `None` for one that a public host may have.
///
/// ```
/// use hunter_scan::web::special_purpose;
///
/// assert_eq!(special_purpose("169.254.169.254".parse()?), Some("link-local (RFC 3927)"));
/// assert_eq!(special_purpose("::ffff:8.8.8.8".parse()?), Some("IPv4-mapped (RFC 4291)"));
/// assert_eq!(special_purpose("8.8.8.8".parse()?), None);
/// assert_eq!(special_purpose("2a00:1450:4001:81b::200e".parse()?), None);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn special_purpose(ip: IpAddr) -> Option<&'static str> {
    match ip {
        IpAddr::V4(ip) => SPECIAL_V4.iter().find(|block| holds_v4(block, ip)).map(|block| block.2),
        IpAddr::V6(ip) => {
            let named = |blocks: &[Block<Ipv6Addr>]| {
                blocks.iter().find(|block| holds_v6(block, ip)).map(|block| block.2)
            };
            if holds_v6(&GLOBAL_UNICAST_V6, ip) {
                return named(SPECIAL_V6);
            }
            named(NOT_GLOBAL_V6).or(Some("not global unicast (RFC 4291)"))
        }
    }
}

fn holds_v4(&(first, prefix, _): &Block<Ipv4Addr>, ip: Ipv4Addr) -> bool {
    (first.to_bits() ^ ip.to_bits()).leading_zeros() >= prefix
}

fn holds_v6(&(first, prefix, _): &Block<Ipv6Addr>, ip: Ipv6Addr) -> bool {
    (first.to_bits() ^ ip.to_bits()).leading_zeros() >= prefix
}

/// Lets public addresses pass, and those that were named with their port.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guard {
    allow: Vec<SocketAddr>,
}

impl Guard {
    pub(crate) fn new(allow: Vec<SocketAddr>) -> Self {
        Self { allow }
    }

    /// # Errors
    /// What the address is set apart for.
    pub(crate) fn check(&self, addr: SocketAddr) -> Result<(), &'static str> {
        if self.allow.contains(&addr) {
            return Ok(());
        }
        special_purpose(addr.ip()).map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn what(text: &str) -> Option<&'static str> {
        special_purpose(text.parse().expect("an address"))
    }

    /// The last address before, the first and last within, and the first behind each block, by hand.
    #[test]
    fn blocks_begin_and_end_where_the_registries_say() {
        for (inside, outside) in [
            (["0.0.0.0", "0.255.255.255"], &["1.0.0.0"][..]),
            (["10.0.0.0", "10.255.255.255"], &["9.255.255.255", "11.0.0.0"]),
            (["100.64.0.0", "100.127.255.255"], &["100.63.255.255", "100.128.0.0"]),
            (["127.0.0.0", "127.255.255.255"], &["126.255.255.255", "128.0.0.0"]),
            (["169.254.0.0", "169.254.255.255"], &["169.253.255.255", "169.255.0.0"]),
            (["172.16.0.0", "172.31.255.255"], &["172.15.255.255", "172.32.0.0"]),
            (["192.0.0.0", "192.0.0.255"], &["191.255.255.255", "192.0.1.0"]),
            (["192.0.2.0", "192.0.2.255"], &["192.0.1.255", "192.0.3.0"]),
            (["192.31.196.0", "192.31.196.255"], &["192.31.195.255", "192.31.197.0"]),
            (["192.52.193.0", "192.52.193.255"], &["192.52.192.255", "192.52.194.0"]),
            (["192.88.99.0", "192.88.99.255"], &["192.88.98.255", "192.88.100.0"]),
            (["192.168.0.0", "192.168.255.255"], &["192.167.255.255", "192.169.0.0"]),
            (["192.175.48.0", "192.175.48.255"], &["192.175.47.255", "192.175.49.0"]),
            (["198.18.0.0", "198.19.255.255"], &["198.17.255.255", "198.20.0.0"]),
            (["198.51.100.0", "198.51.100.255"], &["198.51.99.255", "198.51.101.0"]),
            (["203.0.113.0", "203.0.113.255"], &["203.0.112.255", "203.0.114.0"]),
            (["224.0.0.0", "255.255.255.255"], &["223.255.255.255"]),
            (["2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2001:200::"]),
            (
                ["2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["2001:db7:ffff::", "2001:db9::"],
            ),
            (["2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2001:ffff::", "2003::"]),
            (["2620:4f:8000::", "2620:4f:8000:ffff::1"], &["2620:4f:7fff::", "2620:4f:8001::"]),
            (["3ffe::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"], &["3ffd:ffff::", "3fff:1000::"]),
            (["::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], &["2000::"]),
            (
                ["4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
                &["3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
            ),
        ] {
            assert!(inside.iter().all(|ip| what(ip).is_some()), "{inside:?}");
            assert!(outside.iter().all(|ip| what(ip).is_none()), "{outside:?}");
        }
    }

    #[test]
    fn what_carries_an_ipv4_address_is_refused_by_its_name() {
        for (ip, reason) in [
            ("::ffff:127.0.0.1", "IPv4-mapped (RFC 4291)"),
            ("::127.0.0.1", "IPv4-compatible (RFC 4291)"),
            ("::1", "loopback (RFC 4291)"),
            ("::", "unspecified (RFC 4291)"),
            ("64:ff9b::7f00:1", "NAT64 (RFC 6052)"),
            ("64:ff9b:1::1", "local NAT64 (RFC 8215)"),
            ("2001:0:7f00:1::", "Teredo (RFC 4380)"),
            ("2002:7f00:1::", "6to4 (RFC 3056)"),
            ("fd00::1", "unique local (RFC 4193)"),
            ("fe80::1", "link-local (RFC 4291)"),
            ("ff02::1", "multicast (RFC 4291)"),
            ("100::1", "discard (RFC 6666)"),
        ] {
            assert_eq!(what(ip), Some(reason), "{ip}");
        }
    }

    #[test]
    fn what_was_named_passes_on_its_port_only() {
        let named: SocketAddr = "127.0.0.1:8443".parse().expect("an address");
        let guard = Guard::new(vec![named]);
        assert_eq!(guard.check(named), Ok(()));
        assert_eq!(guard.check("127.0.0.1:443".parse().unwrap()), Err("loopback (RFC 1122)"));
        assert_eq!(guard.check("8.8.8.8:443".parse().unwrap()), Ok(()));
        assert!(Guard::default().check(named).is_err());
    }

    proptest! {
        /// The standard library's own tests of IPv4 blocks are another author's reading.
        #[test]
        fn whatever_the_standard_library_calls_special_is_refused(bits: u32) {
            let ip = Ipv4Addr::from_bits(bits);
            let special = ip.is_private() || ip.is_loopback() || ip.is_link_local()
                || ip.is_documentation() || ip.is_multicast() || ip.is_broadcast()
                || ip.is_unspecified();
            prop_assert!(!special || special_purpose(ip.into()).is_some());
        }

        #[test]
        fn an_address_within_a_block_is_refused(block in 0..SPECIAL_V4.len(), host: u32) {
            let (first, prefix, _) = SPECIAL_V4[block];
            let ip = Ipv4Addr::from_bits(first.to_bits() | (host & (u32::MAX >> prefix)));
            prop_assert!(special_purpose(ip.into()).is_some());
        }

        #[test]
        fn no_ipv6_form_of_an_ipv4_address_is_let_through(bits: u32) {
            let ip = Ipv4Addr::from_bits(bits);
            let [high, low] = [(bits >> 16) as u16, (bits & 0xffff) as u16];
            for form in [
                ip.to_ipv6_mapped(),
                ip.to_ipv6_compatible(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, high, low, 0, 0, !high, !low),
            ] {
                prop_assert!(special_purpose(form.into()).is_some(), "{form}");
            }
        }

        #[test]
        fn only_global_unicast_is_public_in_ipv6(bits: u128) {
            let ip = Ipv6Addr::from_bits(bits);
            prop_assert!(special_purpose(ip.into()).is_some() || bits >> 125 == 1);
            prop_assert!(!ip.is_multicast() || special_purpose(ip.into()).is_some());
        }
    }
}
