//! Which network addresses a remote may have: public unicast ones, and no others.
//!
//! The tables follow the IANA registries of special-purpose addresses (RFC 6890 and its updates). For IPv6 the rule
//! is turned round: only 2000::/3 is handed out to the public at all, so everything outside it is refused without
//! being named, and forms that carry an IPv4 address are judged by the address they carry.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address may not be connected to; `None` for a public one.
pub fn unreachable_because(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => refuse_v4(address),
        IpAddr::V6(address) => refuse_v6(address),
    }
}

/// IPv4 blocks that are not public, as (first address, bits of the prefix, what it is).
const BLOCKS_V4: &[(Ipv4Addr, u32, &str)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "unspecified"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "private (carrier-grade NAT)"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

fn refuse_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    BLOCKS_V4
        .iter()
        .find(|(first, prefix, _)| (bits ^ first.to_bits()).leading_zeros() >= *prefix)
        .map(|(_, _, what)| *what)
}

fn refuse_v6(address: Ipv6Addr) -> Option<&'static str> {
    let words = address.segments();
    let carried = Ipv4Addr::from_bits(u32::from(words[6]) << 16 | u32::from(words[7]));
    match words {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("loopback"),
        // IPv4-mapped, and the well-known NAT64 prefix through which an IPv6-only network reaches IPv4 hosts.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => refuse_v4(carried),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xfc00..=0xfdff, ..] => Some("private"),
        [0xff00..=0xffff, ..] => Some("multicast"),
        [0x2002, ..] => Some("6to4"),
        [0x2001, 0, ..] => Some("Teredo"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Some("documentation"),
        [0x2001, 0..=0x01ff, ..] => Some("reserved"),
        [0x2000..=0x3fff, ..] => None,
        _ => Some("reserved"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn judged(text: &str) -> Option<&'static str> {
        unreachable_because(text.parse().unwrap())
    }

    #[test]
    fn public_addresses_are_reachable() {
        for text in [
            "140.82.121.4",
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "2606:50c0:8000::153",
            "2a04:4e42::81",
            "2001:4860:4860::8888",
            "64:ff9b::8c52:7904",
            "::ffff:140.82.121.4",
        ] {
            assert_eq!(judged(text), None, "{text}");
        }
    }

    #[test]
    fn every_other_block_is_refused_at_both_ends() {
        let table: &[(&str, &[&str])] = &[
            ("unspecified", &["0.0.0.0", "0.255.255.255", "::", "::ffff:0.0.0.0"]),
            ("private", &["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.1"]),
            ("private", &["fc00::", "fdff:ffff::1", "::ffff:192.168.1.1", "64:ff9b::10.1.2.3"]),
            ("private (carrier-grade NAT)", &["100.64.0.0", "100.127.255.255"]),
            ("loopback", &["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]),
            ("link-local", &["169.254.169.254", "fe80::1", "febf::1", "::ffff:169.254.169.254"]),
            ("documentation", &["192.0.2.1", "198.51.100.7", "203.0.113.9", "2001:db8::1", "3fff::1"]),
            ("benchmarking", &["198.18.0.0", "198.19.255.255"]),
            ("6to4 relay", &["192.88.99.1"]),
            ("multicast", &["224.0.0.1", "239.255.255.255", "ff02::1"]),
            ("6to4", &["2002:7f00:1::", "2002:8c52:7904::"]),
            ("Teredo", &["2001::1", "2001:0:4136:e378::"]),
            (
                "reserved",
                &["240.0.0.1", "255.255.255.255", "192.0.0.170", "::127.0.0.1", "::2", "64:ff9b:1::1"],
            ),
            ("reserved", &["100::1", "5f00::1", "fec0::1", "4000::", "2001:20::1", "2001:1ff::"]),
        ];
        for (what, addresses) in table {
            for text in *addresses {
                assert_eq!(judged(text), Some(*what), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_mapped_address_is_judged_as_the_address_it_carries(bits: u32) {
            let address = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(
                unreachable_because(IpAddr::V6(address.to_ipv6_mapped())),
                unreachable_because(IpAddr::V4(address))
            );
        }
    }
}
