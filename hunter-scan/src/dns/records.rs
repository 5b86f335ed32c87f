//! Records as text: presentation format without outer quotes.

use hickory_proto::rr::rdata::{SOA, TXT};
use hickory_proto::rr::{Name, RData, RecordType as WireType};
use hunter_core::observation::RecordType;

/// The type as it goes over the wire; `None` when this crate does not ask for it.
pub(crate) fn wire_type(record_type: &RecordType) -> Option<WireType> {
    Some(match record_type {
        RecordType::A => WireType::A,
        RecordType::Aaaa => WireType::AAAA,
        RecordType::Cname => WireType::CNAME,
        RecordType::Mx => WireType::MX,
        RecordType::Ns => WireType::NS,
        RecordType::Ptr => WireType::PTR,
        RecordType::Soa => WireType::SOA,
        RecordType::Srv => WireType::SRV,
        RecordType::Txt => WireType::TXT,
        _ => return None,
    })
}

/// A name in lower-case ASCII without trailing dot; the root is `.`.
pub(crate) fn host(name: &Name) -> String {
    let mut text = name.to_ascii().to_ascii_lowercase();
    if text.len() > 1 && text.ends_with('.') {
        text.pop();
    }
    text
}

/// A record's data as text.
pub(crate) fn present(data: &RData) -> String {
    match data {
        RData::MX(mx) => format!("{} {}", mx.preference, host(&mx.exchange)),
        RData::TXT(txt) => joined(txt),
        RData::CNAME(name) => host(&name.0),
        RData::NS(name) => host(&name.0),
        RData::PTR(name) => host(&name.0),
        RData::SRV(srv) => {
            format!("{} {} {} {}", srv.priority, srv.weight, srv.port, host(&srv.target))
        }
        RData::SOA(soa) => start_of_authority(soa),
        other => other.to_string(),
    }
}

/// The strings of a text record as one; bytes that are not UTF-8 as `\ddd`. They are joined first,
/// because a character may lie across two strings.
fn joined(txt: &TXT) -> String {
    let bytes = txt.txt_data.concat();
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push('\\');
            text.extend(
                [byte / 100, byte / 10 % 10, byte % 10].map(|digit| char::from(b'0' + digit)),
            );
        }
    }
    text
}

fn start_of_authority(soa: &SOA) -> String {
    let (primary, mailbox) = (host(&soa.mname), host(&soa.rname));
    let SOA { serial, refresh, retry, expire, minimum, .. } = soa;
    format!("{primary} {mailbox} {serial} {refresh} {retry} {expire} {minimum}")
}

#[cfg(test)]
mod tests {
    use hickory_proto::rr::rdata::MX;

    use super::*;

    #[test]
    fn text_is_joined_and_foreign_bytes_are_escaped() {
        let text = |strings: Vec<&[u8]>| present(&RData::TXT(TXT::from_bytes(strings)));
        assert_eq!(text(vec![b"v=spf1 ", b"-all"]), "v=spf1 -all");
        assert_eq!(text(vec![b"\xc3", b"\xa7"]), "ç", "a character across two strings");
        assert_eq!(text(vec![b"a\xff\x00\x07b\xc3"]), "a\\255\0\u{7}b\\195");
        assert_eq!(text(vec![b"a\"b\\c"]), "a\"b\\c");
        assert_eq!(text(vec![b""]), "");
    }

    #[test]
    fn hosts_are_lower_case_without_trailing_dot() {
        let mx =
            |name: &str| present(&RData::MX(MX::new(10, Name::from_ascii(name).expect("a name"))));
        assert_eq!(mx("MAIL.Ornek.com.tr."), "10 mail.ornek.com.tr");
        assert_eq!(mx("."), "10 .");
    }
}
