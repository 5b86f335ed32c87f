//! What an RDAP answer says (RFC 9083): a pure function from JSON to facts.

use hunter_core::observation::{Outcome, RegistrationFacts};
use serde_json::Value;
use time::Date;

use super::dates::{self, DayMonth};
use super::status;
use super::whois::{host, registrar_name};

mod redacted;

use redacted::Redacted;

/// Reads the answer of an RDAP server about `domain`. An empty `domain` is one that the caller does
/// not know.
///
/// * `Found`: a domain object. What the server took out or masked (RFC 9537) is empty, and named in the
///   field `redacted`: withheld is not the same as missing.
/// * `Absent`: an error object with the code 404 (RFC 7480 §5.3).
/// * `TempFail`: an error object with another code: `rate_limited` (429), `access_denied` (401, 403),
///   or `http_` with the code.
/// * `PermFail`: `malformed` where it is no RDAP, `other_object` or `other_domain` where it is about
///   something else.
pub fn parse_rdap(domain: &str, json: &str) -> Outcome<RegistrationFacts> {
    let malformed = || Outcome::PermFail { reason: "malformed".to_owned() };
    let Ok(answer @ Value::Object(_)) = serde_json::from_str::<Value>(json) else {
        return malformed();
    };
    if let Some(code) = answer["errorCode"].as_u64() {
        return of_code(u16::try_from(code).unwrap_or(u16::MAX));
    }
    let name = ["ldhName", "unicodeName"].iter().find_map(|key| answer[key].as_str());
    match answer["objectClassName"].as_str() {
        Some(class) if class.eq_ignore_ascii_case("domain") => {}
        Some(_) => return Outcome::PermFail { reason: "other_object".to_owned() },
        // Some early servers leave the class out.
        None if name.is_some() && (answer["events"].is_array() || answer["status"].is_array()) => {}
        None => return malformed(),
    }
    if !is_about(domain, &answer) {
        return Outcome::PermFail { reason: "other_domain".to_owned() };
    }
    Outcome::Found(facts(&answer))
}

/// No delegation has more. Each is compared with those before, so a bound it needs.
const MOST_SERVERS: usize = 100;

/// What a status code or error code says on its own.
pub(super) fn of_code(code: u16) -> Outcome<RegistrationFacts> {
    match code {
        404 => Outcome::Absent { rcode: None },
        400 | 422 => Outcome::PermFail { reason: "invalid_query".to_owned() },
        401 | 403 => Outcome::TempFail { reason: "access_denied".to_owned() },
        429 => Outcome::TempFail { reason: "rate_limited".to_owned() },
        code => Outcome::TempFail { reason: format!("http_{code}") },
    }
}

fn is_about(domain: &str, answer: &Value) -> bool {
    let names = ["ldhName", "unicodeName"].map(|key| answer[key].as_str());
    let asked = domain.trim_end_matches('.');
    let same = |name: &str| name.trim_end_matches('.').eq_ignore_ascii_case(asked);
    asked.is_empty()
        || names == [None, None]
        || names.iter().flatten().any(|name| same(name))
        // A server may write U-labels where it should not.
        || names.iter().flatten().any(|name| !name.is_ascii())
}

fn facts(answer: &Value) -> RegistrationFacts {
    let redacted = Redacted::of(answer);
    let event = |field: &str, actions: &[&str]| {
        if redacted.has(field) { None } else { date_of(answer, actions) }
    };
    let mut facts = RegistrationFacts {
        registrar: if redacted.has("registrar") { None } else { registrar(answer) },
        created: event("created", &["registration"]),
        updated: event("updated", &["last changed", "last update"]),
        // The registry's end; a registrar's own (RFC 8056 has none, ICANN's profile does) only where
        // the registry shows no other.
        expires: event("expires", &["expiration", "registrar expiration"]),
        ..RegistrationFacts::default()
    };
    if !redacted.has("nameservers") {
        for server in list(&answer["nameservers"]).take(MOST_SERVERS) {
            let name = ["ldhName", "unicodeName"].iter().find_map(|key| server[key].as_str());
            if let Some(name) = name.and_then(host)
                && !facts.nameservers.contains(&name)
            {
                facts.nameservers.push(name);
            }
        }
    }
    if !redacted.has("status") {
        for word in list(&answer["status"]).filter_map(Value::as_str) {
            status::add(&mut facts.status, status::from_rdap(word));
        }
    }
    if !redacted.is_empty() {
        facts.extra.insert("redacted".to_owned(), redacted.into_value());
    }
    facts
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The date of the first of these events. Times are at UTC.
fn date_of(answer: &Value, actions: &[&str]) -> Option<Date> {
    let of = |action: &str| {
        list(&answer["events"])
            .filter(|event| {
                event["eventAction"].as_str().is_some_and(|text| text.eq_ignore_ascii_case(action))
            })
            .find_map(|event| dates::date(event["eventDate"].as_str()?, DayMonth::default()))
    };
    actions.iter().find_map(|action| of(action))
}

/// The name of the entity whose role is `registrar` (RFC 9083 §10.2.4).
fn registrar(answer: &Value) -> Option<String> {
    let is_registrar = |entity: &&Value| {
        let role =
            |role: &Value| role.as_str().is_some_and(|r| r.eq_ignore_ascii_case("registrar"));
        // Some servers write one role as a text.
        list(&entity["roles"]).any(role) || role(&entity["roles"])
    };
    list(&answer["entities"]).filter(is_registrar).find_map(|entity| {
        card(&entity["vcardArray"], "fn")
            .or_else(|| card(&entity["vcardArray"], "org"))
            .or_else(|| jscontact(&entity["jscard"]))
            .or_else(|| entity["handle"].as_str().and_then(registrar_name))
    })
}

/// The text of a property of a jCard (RFC 7095 §3.3): `["fn", {}, "text", "…"]`.
fn card(vcard: &Value, property: &str) -> Option<String> {
    let mut card = vcard;
    // `[["vcard", […]]]` is written too.
    while card.get(0).is_some_and(Value::is_array) {
        card = &card[0];
    }
    if card[0] != "vcard" {
        return None;
    }
    let text = list(&card[1])
        .find(|line| line[0].as_str().is_some_and(|name| name.eq_ignore_ascii_case(property)))?;
    let value = &text[3];
    value.as_str().or_else(|| value[0].as_str()).and_then(registrar_name)
}

/// The name in a `JSContact` card (RFC 9553), which some servers send beside the jCard or instead.
fn jscontact(card: &Value) -> Option<String> {
    let organizations = card["organizations"].as_object();
    let of = organizations.and_then(|all| all.values().next()).map(|one| &one["name"]);
    let name = of.or(Some(&card["name"]["full"]));
    name.and_then(Value::as_str).and_then(registrar_name)
}

#[cfg(test)]
mod tests;
