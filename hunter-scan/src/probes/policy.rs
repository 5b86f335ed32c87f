//! The MTA-STS policy of a domain (RFC 8461 §3.2 and §3.3).

use hunter_core::observation::Outcome;
use hunter_core::records::mta_sts::{Mode, StsPolicy};
use serde_json::{Map, Value};

use super::{Seen, perm_fail, status_fail};
use crate::web::Reply;

pub(super) fn read(reply: &Reply) -> Seen {
    match reply.status {
        200 => {}
        // The host is there, its certificate is valid, and it says that there is no policy.
        status @ (404 | 410) => return Outcome::Absent { rcode: Some(status.to_string()) },
        status => return status_fail(status),
    }
    let Ok(body) = std::str::from_utf8(&reply.body) else { return perm_fail("malformed") };
    // Senders do not use a policy that they cannot read; web pages answer every path.
    let (Some(policy), _) = StsPolicy::read(body) else { return perm_fail("malformed") };
    let mode = match policy.mode {
        Mode::Enforce => "enforce",
        Mode::Testing => "testing",
        Mode::None => "none",
    };
    let mx: Vec<&str> = policy.mx.iter().map(|pattern| pattern.0).collect();
    let mut found = Map::new();
    found.insert("mode".into(), mode.into());
    found.insert("max_age".into(), policy.max_age.into());
    found.insert("mx".into(), Value::from(mx));
    found.insert("policy".into(), body.into());
    Outcome::Found(found)
}
