//! The realm of a user at Microsoft's sign-in service: who signs in the users of the domain.

use hunter_core::observation::Outcome;
use serde_json::{Map, Value};

use super::{Seen, perm_fail, status_fail, text};
use crate::web::Reply;

pub(super) fn read(reply: &Reply) -> Seen {
    if reply.status != 200 {
        return status_fail(reply.status);
    }
    let object: Option<Map<String, Value>> = serde_json::from_slice(&reply.body).ok();
    let Some(object) = object else { return perm_fail("malformed") };
    match text(&object, "NameSpaceType") {
        Some("Unknown") => Outcome::Absent { rcode: Some("Unknown".into()) },
        Some(space @ ("Managed" | "Federated")) => Outcome::Found(found(space, &object)),
        _ => perm_fail("malformed"),
    }
}

fn found(space: &str, object: &Map<String, Value>) -> Map<String, Value> {
    let mut found = Map::new();
    found.insert("namespace_type".into(), space.into());
    for (name, key) in [
        ("federation_brand_name", "FederationBrandName"),
        ("cloud_instance_name", "CloudInstanceName"),
    ] {
        if let Some(value) = text(object, key) {
            found.insert(name.into(), value.into());
        }
    }
    if let Some(url) = text(object, "AuthURL").and_then(without_query) {
        found.insert("auth_url".into(), url.into());
    }
    found
}

/// The query repeats the user that was asked for and is long; host and path name the service.
fn without_query(url: &str) -> Option<String> {
    let mut url = reqwest::Url::parse(url).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.into())
}
