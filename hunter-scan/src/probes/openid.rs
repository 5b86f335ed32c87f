//! The OpenID configuration of a tenant (OpenID Connect Discovery 1.0 §4.2, with Microsoft's own
//! members). The identity of the tenant is the first segment of the issuer's path.

use hunter_core::observation::Outcome;
use serde_json::{Map, Value};

use super::{Seen, perm_fail, status_fail, text};
use crate::web::Reply;

/// "Tenant not found": the answer to a domain that no tenant holds.
const NO_TENANT: &str = "AADSTS90002";
/// The one tenant of all personal Microsoft accounts, which holds `outlook.com` and its like.
const PERSONAL: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";
/// Members that are handed on as they are.
const KEPT: [&str; 3] = ["tenant_region_scope", "tenant_region_sub_scope", "cloud_instance_name"];

pub(super) fn read(reply: &Reply) -> Seen {
    let object: Option<Map<String, Value>> = serde_json::from_slice(&reply.body).ok();
    match (reply.status, object) {
        (200, Some(object)) => found(&object),
        (200, None) => perm_fail("malformed"),
        (400, Some(object)) if says_no_tenant(&object) => {
            Outcome::Absent { rcode: Some(NO_TENANT.into()) }
        }
        (status, _) => status_fail(status),
    }
}

fn found(object: &Map<String, Value>) -> Seen {
    let Some(tenant) = text(object, "issuer").and_then(tenant_of) else {
        return perm_fail("malformed");
    };
    if tenant == PERSONAL {
        return Outcome::Absent { rcode: Some("personal_accounts".into()) };
    }
    let mut found = Map::new();
    found.insert("tenant_id".into(), tenant.into());
    for key in KEPT {
        if let Some(value) = text(object, key) {
            found.insert(key.into(), value.into());
        }
    }
    Outcome::Found(found)
}

/// The error number stands in a list, and at the beginning of the description.
fn says_no_tenant(object: &Map<String, Value>) -> bool {
    let codes = object.get("error_codes").and_then(Value::as_array);
    let listed = codes.is_some_and(|codes| codes.iter().any(|code| code.as_u64() == Some(90_002)));
    let told = text(object, "error_description").and_then(|text| text.split([':', ' ']).next());
    listed || told == Some(NO_TENANT)
}

/// `https://login.microsoftonline.com/TENANT/v2.0` and, of version 1, `https://sts.windows.net/TENANT/`.
fn tenant_of(issuer: &str) -> Option<String> {
    let url = reqwest::Url::parse(issuer).ok()?;
    let tenant = url.path_segments()?.next()?;
    is_uuid(tenant).then(|| tenant.to_ascii_lowercase())
}

/// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits. The issuer of `common` has a placeholder here.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenant_is_read_from_either_version_of_the_issuer() {
        let id = "72f988bf-86f1-41af-91ab-2d7cd011db47";
        for issuer in [
            format!("https://login.microsoftonline.com/{id}/v2.0"),
            format!("https://sts.windows.net/{}/", id.to_uppercase()),
        ] {
            assert_eq!(tenant_of(&issuer).as_deref(), Some(id));
        }
        for issuer in [
            "https://login.microsoftonline.com/{tenantid}/v2.0",
            "https://login.microsoftonline.com/",
            "urn:federation:MicrosoftOnline",
            "",
        ] {
            assert_eq!(tenant_of(issuer), None, "{issuer}");
        }
    }
}
