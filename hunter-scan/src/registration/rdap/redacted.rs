//! What an answer says it does not say (RFC 9537).

use serde_json::Value;

/// The fields of ours that a server took out, emptied, shortened or replaced.
#[derive(Debug, Default)]
pub(super) struct Redacted(Vec<&'static str>);

impl Redacted {
    pub(super) fn of(answer: &Value) -> Self {
        let mut fields: Vec<&'static str> = Vec::new();
        for entry in answer["redacted"].as_array().into_iter().flatten() {
            // RFC 9537 §4.2: the path is in `prePath` where a member was removed, in `postPath` where
            // it is still there with another value, in `replacementPath` where another took its place.
            let paths =
                ["prePath", "postPath", "path"].iter().filter_map(|key| entry[key].as_str());
            for field in paths.filter_map(field_of) {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        Self(fields)
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains(&field)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_value(self) -> Value {
        self.0.into()
    }
}

/// Which of our fields a path leads to. Paths are `JSONPath` (RFC 9535) and written in many ways; what
/// is asked is only whether one of the members that are read here is meant.
fn field_of(path: &str) -> Option<&'static str> {
    let path: String = path.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    let path = path.strip_prefix("$.").or_else(|| path.strip_prefix("$[")).unwrap_or(&path);
    let member = path.split(['.', '[', ']']).next().unwrap_or_default();
    match member {
        "events" if path.contains("expiration") => Some("expires"),
        "events" if path.contains("registration") => Some("created"),
        "events" if path.contains("last changed") => Some("updated"),
        // Only what names the entity itself, not the entities, phones and addresses below it.
        "entities" if path.contains("registrar") && !path[8..].contains("entities") => {
            let whole = !path.contains("vcardArray") && !path.contains("publicIds");
            let name = path.contains("==fn") || path.contains("== fn") || path.contains("org");
            (whole || name).then_some("registrar")
        }
        "nameservers" if !path.contains("ipAddresses") => Some("nameservers"),
        "status" => Some("status"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_fields() {
        for (path, field) in [
            (
                "$.entities[?(@.roles[0]=='registrar')].vcardArray[1][?(@[0]=='fn')][3]",
                Some("registrar"),
            ),
            ("$.entities[?(@.roles[0]=='registrar')]", Some("registrar")),
            ("$.entities[?(@.roles[0]=='registrar')].vcardArray[1][?(@[0]=='tel')]", None),
            (
                "$.entities[?(@.roles[0]=='registrar')].entities[?(@.roles[0]=='abuse')].vcardArray[1][?(@[0]=='fn')]",
                None,
            ),
            ("$.entities[?(@.roles[0]=='registrant')].vcardArray[1][?(@[0]=='fn')][3]", None),
            ("$.events[?(@.eventAction=='expiration')]", Some("expires")),
            ("$['events'][?(@['eventAction']=='registration')]", Some("created")),
            ("$.nameservers", Some("nameservers")),
            ("$.nameservers[0].ipAddresses", None),
            ("$.handle", None),
            ("", None),
        ] {
            assert_eq!(field_of(path), field, "{path}");
        }
    }
}
