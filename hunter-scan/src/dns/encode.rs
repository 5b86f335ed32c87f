//! A question as it goes over the wire.

use hickory_proto::op::{DEFAULT_MAX_PAYLOAD_LEN, Query};

/// Recursion desired, one question, one additional record (RFC 1035 §4.1.1). The id is the sender's.
const HEAD: [u8; 12] = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];

/// The question with its EDNS record (RFC 6891 §6.1.2), id 0. One question has nothing that could be
/// compressed, so that it needs none of what an encoder of messages keeps.
pub(crate) fn question(query: &Query) -> Vec<u8> {
    let mut message = Vec::with_capacity(HEAD.len() + query.name.len() + 1 + 4 + 11);
    message.extend(HEAD);
    for label in &query.name {
        message.push(u8::try_from(label.len()).unwrap_or(0));
        message.extend(label);
    }
    message.push(0);
    message.extend(u16::from(query.query_type()).to_be_bytes());
    message.extend(u16::from(query.query_class()).to_be_bytes());
    // The root, type OPT, the longest datagram taken, no flags and no options.
    message.extend([0, 0, 41]);
    message.extend(DEFAULT_MAX_PAYLOAD_LEN.to_be_bytes());
    message.extend([0; 6]);
    message
}

#[cfg(test)]
mod tests {
    use hickory_proto::op::{DnsRequest, DnsRequestOptions, Message};
    use hickory_proto::rr::{Name, RecordType};

    use super::*;

    #[test]
    fn it_is_what_hickory_would_send() {
        for name in
            [".", "ornek.com.tr.", "_dmarc.Ornek.com.tr.", &format!("{}.tr.", "a".repeat(63))]
        {
            let query = Query::query(Name::from_ascii(name).expect("a name"), RecordType::TXT);
            let bytes = question(&query);
            let options = DnsRequestOptions::default();
            let mut wanted = DnsRequest::from_query(query, options).to_vec().expect("encoded");
            wanted[..2].fill(0);
            assert_eq!(bytes, wanted, "{name}");
            assert!(Message::from_vec(&bytes).is_ok());
        }
    }
}
