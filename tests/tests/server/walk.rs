//! Every route of the description, good and bad, of the real program.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Answer, Asked};
use crate::system::{SCOPES, System, domains};
use crate::table::later::list;
use crate::table::{Known, LEAD, Route, routes};

const SOON: Duration = Duration::from_mins(2);
const NO_KEY: &str = "hk_000000000000.0000";

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_on_sqlite_as_described() {
    let system = System::sqlite().await;
    walk(&system).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_on_postgres_and_redis_as_described_from_either_process() {
    let system = System::cluster(&[]).await;
    walk(&system).await;
}

async fn walk(system: &System) {
    let known = prepare(system).await;
    let described = system.good(&Asked::get("/openapi.json")).await;
    let listed = listed(&described);
    let routes = routes(&known);
    let table: BTreeSet<_> = routes.iter().map(|route| route.name.to_owned()).collect();
    assert_eq!(table, listed, "the table of routes and the description list the same");
    let mut wrong = Vec::new();
    for (at, route) in routes.iter().enumerate() {
        let operation = operation(&described, route.name);
        turned_away(system, route, operation, at % 2 == 0).await;
        for (status, asked) in &route.good {
            wrong.extend(check(system, route, operation, asked, *status, None).await);
        }
        for (status, code, asked) in &route.bad {
            wrong.extend(check(system, route, operation, asked, *status, Some(code)).await);
        }
        wrong.extend(malformed(system, route, operation).await);
        wrong.extend(missing(route, operation));
        old_path(system, route).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let said = system.said();
    for secret in system.secrets() {
        assert!(!said.contains(secret), "a secret stands in the log");
    }
    assert!(!said.contains("panicked"), "{said}");
}

/// Makes what the table asks for.
async fn prepare(system: &System) -> Known {
    let body = json!({"domain": "cikti.com.tr", "ground": "test"});
    system.good(&Asked::json("POST", "/api/v1/opt-outs", &body)).await;
    for (domain, name) in [(LEAD, "Sıfır A.Ş."), ("d0001.com.tr", "Bir A.Ş.")] {
        let body = json!({"domain": domain, "company_name": name});
        system.good(&Asked::json("POST", "/api/v1/ingest/domain", &body)).await;
    }
    let done = bulk(system, &domains(0..20)).await;
    system.ended(&done, SOON).await;
    // Many domains, so that both are open when the walk comes to them.
    let waiting = [bulk(system, &many("y")).await, bulk(system, &many("z")).await];
    let file = system.good(&list("domain\nd0020.com.tr\nnan\n", "")).await;
    let file = file["job_id"].as_str().expect("an id").to_owned();
    let body = json!({"name": "unused"});
    let key = system.good(&Asked::json("POST", "/api/v1/admin/api-keys", &body)).await;
    Known { job: done, waiting, file, key: key["id"].as_i64().expect("a number") }
}

/// More domains than are scanned during the walk; none of them exists.
fn many(first: &str) -> Vec<String> {
    (0..20_000).map(|number| format!("{first}{number:05}.com.tr")).collect()
}

pub(crate) async fn bulk(system: &System, domains: &[String]) -> String {
    let body = json!({"domain_list": domains});
    let started = system.good(&Asked::json("POST", "/api/v1/scan/bulk", &body)).await;
    assert_eq!(started["total"], domains.len());
    started["job_id"].as_str().expect("an id").to_owned()
}

/// The routes of the description, as `METHOD /path`.
fn listed(described: &Value) -> BTreeSet<String> {
    let paths = described["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("methods").keys();
        methods.map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

fn operation<'a>(described: &'a Value, name: &str) -> &'a Value {
    let (method, path) = name.split_once(' ').expect("a method and a path");
    &described["paths"][path][method.to_lowercase()]
}

/// Asks, and says how the answer differs from the table, if it does, and from the description.
async fn check(
    system: &System,
    route: &Route,
    operation: &Value,
    asked: &Asked,
    status: u16,
    code: Option<&str>,
) -> Option<String> {
    let key = route.scope.map(|scope| system.key(scope));
    let answer = system.ask(asked, key).await;
    documented(operation, asked, &answer);
    assert!(answer.header("x-request-id").is_some(), "{asked:?}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{asked:?}");
    let is_right = answer.status == status
        && match code {
            Some(code) => answer.code() == code,
            None => answer.status < 300,
        };
    let code = code.unwrap_or("success");
    (!is_right).then(|| format!("{asked:?}: {answer:?} and not {status} {code}"))
}

fn documented(operation: &Value, asked: &Asked, answer: &Answer) {
    let response = &operation["responses"][answer.status.to_string()];
    assert!(response.is_object(), "{asked:?}: {answer:?} is not in the description");
    let kinds = response["content"].as_object();
    match (kinds, answer.body.is_empty()) {
        (None, true) => {}
        (None, false) => panic!("{asked:?}: a body that is not in the description: {answer:?}"),
        (Some(kinds), _) => {
            let kind = answer.header("content-type").unwrap_or_default();
            let kind = kind.split(';').next().unwrap_or_default();
            assert!(kinds.contains_key(kind), "{asked:?}: `{kind}` is not in the description");
        }
    }
}

/// Without a key, with a wrong one, and with one of another scope. An address may try sixty wrong keys a
/// minute, so that not each route can be asked with one.
async fn turned_away(system: &System, route: &Route, operation: &Value, guesses: bool) {
    let Some(scope) = route.scope else {
        assert!(operation["security"].is_null(), "{}: needs a key", route.name);
        return;
    };
    assert_eq!(operation["security"][0]["api_key"], json!([scope]), "{}", route.name);
    // This machine may read metrics without a key.
    if operation["security"].as_array().is_some_and(|all| all.contains(&json!({}))) {
        return;
    }
    let good = route.good.first().map(|(_, asked)| asked);
    let asked = good.unwrap_or_else(|| &route.bad[0].2);
    let answer = system.ask(asked, None).await;
    assert_eq!((answer.status, answer.code().as_str()), (401, "key_missing"), "{}", route.name);
    if guesses {
        let answer = system.ask(asked, Some(NO_KEY)).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "key_invalid"), "{}", route.name);
    }
    for other in SCOPES.iter().filter(|other| **other != scope && **other != "admin") {
        let answer = system.ask(asked, Some(system.key(other))).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "scope_missing"),
            "{}",
            route.name
        );
        documented(operation, asked, &answer);
    }
}

/// Bodies that are none, where a JSON body is asked for.
async fn malformed(system: &System, route: &Route, operation: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    if operation["requestBody"]["content"]["application/json"].is_null() {
        return wrong;
    }
    let (method, path) = route.name.split_once(' ').expect("a method and a path");
    let method = ["POST", "PUT", "PATCH"].into_iter().find(|known| *known == method);
    let asked =
        || Asked::new(method.expect("a method with a body"), path.replace("{domain}", LEAD));
    let deep = "[".repeat(100_000);
    for (status, code, asked) in [
        (400, "json_syntax", asked().text("application/json", "{")),
        (400, "json_syntax", asked().text("application/json", b"\xff{}".as_slice())),
        (400, "json_syntax", asked().text("application/json", format!("{{\"x\": {deep}"))),
        (400, "json_syntax", asked().header("content-type", "application/json")),
        (422, "validation", asked().text("application/json", "[]")),
        (422, "validation", asked().text("application/json", "null")),
        (415, "media_type", asked().text("text/plain", "{}")),
        (415, "media_type", asked()),
    ] {
        wrong.extend(check(system, route, operation, &asked, status, Some(code)).await);
    }
    wrong
}

/// What a route says that it can answer, as far as a request alone decides it, and the table lacks.
fn missing(route: &Route, operation: &Value) -> Vec<String> {
    let described = operation["responses"].as_object().expect("responses").keys();
    let described = described.map(|status| status.parse::<u16>().expect("a status"));
    let is_there = |status: u16| match status {
        // By keys, by what others do, by a connection that was there before, by sizes.
        204 if route.name.ends_with("/events") => true,
        // A call that failed is kept, which no request alone brings about.
        202 if route.name.ends_with("/webhook") => true,
        401 | 403 | 413 | 415 | 429 | 503 => true,
        400 if !operation["requestBody"].is_null() => true,
        200..300 => route.good.iter().any(|(known, _)| *known == status),
        _ => route.bad.iter().any(|(known, ..)| *known == status),
    };
    let wanting = described.filter(|status| !is_there(*status));
    wanting
        .map(|status| format!("{}: nothing in the table is answered with {status}", route.name))
        .collect()
}

/// The same at the path of old, where nothing is changed by asking twice.
async fn old_path(system: &System, route: &Route) {
    let Some((status, asked)) = route.good.first() else { return };
    let Some(old) = asked.path.strip_prefix("/api/v1") else { return };
    if asked.method != "GET" {
        return;
    }
    let key = route.scope.map(|scope| system.key(scope));
    let answer = system.ask(&Asked::get(old), key).await;
    assert_eq!(answer.status, *status, "{old}: {answer:?}");
    for header in ["deprecation", "sunset", "link"] {
        assert!(answer.header(header).is_some(), "{old}: {header}");
    }
}
