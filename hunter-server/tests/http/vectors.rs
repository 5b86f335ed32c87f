//! `vectors/http.jsonl`: recorded calls of existing clients, at the paths of old and of this version.

use axum::body::Body;
use axum::http::{Request, header};
use hunter_nameserver::NameServer;
use hunter_store::api_keys::Scope::Admin;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{Answer, Service};

const VECTORS: &str = include_str!("../../../tests/vectors/http.jsonl");
const DOMAIN: &str = "ornek.com.tr";
const ZONE: &str = "\
ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.
ornek.com.tr. 60 IN TXT \"v=spf1 include:_spf.google.com ~all\"
ornek.com.tr. 60 IN NS ns1.ornek.com.tr.
google._domainkey.ornek.com.tr. 60 IN TXT \"v=DKIM1; p=MIGf\"
_dmarc.ornek.com.tr. 60 IN TXT \"v=DMARC1; p=none\"
";

/// One recorded call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    method: String,
    path: String,
    status: u16,
    content_type: String,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    shape: Option<Value>,
    /// The first line of a table.
    #[serde(default)]
    header: Option<String>,
}

impl Vector {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The paths it answers at: both, unless it has no version or names one.
    fn paths(&self) -> Vec<String> {
        if self.path.starts_with("/healthz") || self.path.starts_with("/api/v1") {
            return vec![self.path.clone()];
        }
        vec![format!("/api/v1{}", self.path), self.path.clone()]
    }

    /// What is wrong with an answer.
    fn fault(&self, answer: &Answer) -> Option<String> {
        if answer.status() != self.status {
            return Some(format!("{} instead of {}", answer.status(), self.status));
        }
        let kind = answer.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        // Errors have a kind of JSON of their own since (RFC 9457).
        let problem = self.status >= 400 && kind == "application/problem+json";
        if kind != self.content_type && !problem {
            return Some(format!("`{kind}` instead of `{}`", self.content_type));
        }
        if let Some(header) = &self.header {
            let text = String::from_utf8_lossy(&answer.body);
            let first = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}');
            return (first != header).then(|| format!("`{first}` instead of `{header}`"));
        }
        differs(self.shape.as_ref()?, &answer.json(), "")
    }
}

/// Where a value has not the shape that was recorded: names may be added, and a text or number is `null`
/// where nothing is known. Of what was `null` in the record nothing else is known.
fn differs(shape: &Value, value: &Value, at: &str) -> Option<String> {
    let wrong = |wanted: &str| Some(format!("`{at}` is {value}, no {wanted}"));
    match shape {
        Value::Null => None,
        Value::String(kind) => {
            let fits = match kind.as_str() {
                "any" | "null" => true,
                "string" => value.is_string() || value.is_null(),
                "integer" => value.is_i64() || value.is_null(),
                "number" => value.is_number() || value.is_null(),
                "boolean" => value.is_boolean(),
                other => panic!("`{other}` is no kind"),
            };
            if fits { None } else { wrong(kind) }
        }
        Value::Array(of) => {
            let Some(all) = value.as_array() else { return wrong("array") };
            let of = of.first()?;
            let (first, rest) =
                (all.iter().take(1).map(|one| (of.clone(), one)), all.iter().skip(1));
            let rest = rest.map(|one| (names(of), one));
            let mut each = first.chain(rest).enumerate();
            each.find_map(|(i, (of, one))| differs(&of, one, &format!("{at}/{i}")))
        }
        Value::Object(of) => {
            let Some(object) = value.as_object() else { return wrong("object") };
            of.iter().find_map(|(name, shape)| {
                let at = format!("{at}/{name}");
                match object.get(name) {
                    Some(value) => differs(shape, value, &at),
                    None => Some(format!("`{at}` is missing")),
                }
            })
        }
        other => panic!("{other} is no shape"),
    }
}

/// A shape with its names alone: records show one element of a list, and say nothing of the kinds in others.
fn names(shape: &Value) -> Value {
    match shape {
        Value::Object(of) => of.iter().map(|(name, shape)| (name.clone(), names(shape))).collect(),
        Value::Array(of) => of.iter().map(names).collect(),
        _ => json!("any"),
    }
}

/// A text with what the record leaves open.
fn filled(text: &str, job_id: &str) -> String {
    text.replace("{domain}", DOMAIN).replace("{search}", "ornek").replace("{job_id}", job_id)
}

#[tokio::test]
async fn recorded_calls_are_answered_in_their_shape_at_both_paths() {
    let vectors: Vec<Vector> =
        VECTORS.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert!(vectors.len() >= 36, "{}", vectors.len());
    let server = NameServer::builder().zone_text(ZONE).spawn().await.expect("a name server");
    let mut failed: Vec<String> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for place in [0, 1] {
        // Each place has a service of its own: neither lives on what the other one did.
        let service = Service::asking(&server).await;
        let (_, key) = service.key(&[Admin], 10_000).await;
        let body = json!({"domain": DOMAIN});
        let scanned = service.with_key(&key, "POST", "/api/v1/scan/domain", Some(&body)).await;
        assert_eq!(scanned.status(), 200);
        let mut job_id = String::new();
        for vector in &vectors {
            let paths = vector.paths();
            let path = filled(paths.get(place).unwrap_or(&paths[0]), &job_id);
            let body = vector.body.as_ref().map(|body| filled(&body.to_string(), &job_id));
            let request = Request::builder()
                .method(vector.method.as_str())
                .uri(&path)
                .header("x-api-key", &key)
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.map_or_else(Body::empty, Body::from))
                .expect("a request");
            let answer = service.ask(request).await;
            if let Some(fault) = vector.fault(&answer) {
                told.push(format!("{} {path}: {fault}", vector.method));
                failed.push(vector.name());
            } else if vector.path == "/scan/bulk" {
                job_id = answer.json()["job_id"].as_str().expect("an id").to_owned();
            }
        }
    }
    failed.sort_unstable();
    failed.dedup();
    assert!(
        failed.is_empty(),
        "calls of existing clients fail: {failed:?}
{told:#?}"
    );
}

#[test]
fn a_shape_that_differs_is_found() {
    let shape = json!({"a": [{"b": "integer"}], "c": "boolean", "d": "null"});
    assert_eq!(differs(&shape, &json!({"a": [], "c": true, "d": 7, "e": 1}), ""), None);
    for (value, at) in [
        (json!({"a": [{"b": "x"}], "c": true, "d": 1}), "/a/0/b"),
        (json!({"a": [{}], "c": true, "d": 1}), "/a/0/b"),
        (json!({"a": [], "c": null, "d": 1}), "/c"),
        (json!({"a": [], "c": false}), "/d"),
        (json!({"a": [{"b": 1}, {}], "c": true, "d": 1}), "/a/1/b"),
        (json!({"a": {}, "c": false, "d": 1}), "/a"),
    ] {
        let fault = differs(&shape, &value, "").expect("a fault");
        assert!(fault.contains(at), "{value}: {fault}");
    }
}
