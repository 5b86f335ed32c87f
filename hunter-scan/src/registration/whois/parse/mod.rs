//! What a WHOIS answer says: a pure function from text to facts.
//!
//! There is no format: RFC 3912 leaves the text to each registry. The reader knows none of them by
//! name. It splits the text into labels and values ([`lines`]), reads labels in any of their spellings
//! and languages ([`labels`]), follows headings, margins and blank lines to tell what is said of the
//! domain from what is said of people, keys and other objects ([`reader`]), and asks last what the
//! answer as a whole is ([`verdict`]).

use hunter_core::observation::{Outcome, RegistrationFacts};

mod hosts;
mod labels;
mod lines;
mod phrases;
mod reader;
mod registrar;
mod table;
mod verdict;

pub(crate) use hosts::host;
pub(crate) use registrar::name as registrar_name;

use reader::Reading;
use verdict::Verdict;

/// Reads the answer of a WHOIS server about `domain`.
///
/// An empty `domain` is one that the caller does not know.
///
/// * `Found`: the domain is registered. A field that the registry does not show is empty: `.de` shows
///   neither dates nor a registrar. A name that the registry holds back is found with a status such as
///   `reserved`: nobody can register it.
/// * `Absent`: the server says that nobody holds the domain.
/// * `TempFail`: the server refused or could not answer: `rate_limited`, `access_denied`,
///   `unavailable`, `empty_answer`. A refusal is never read as "no match", also where the server writes
///   both.
/// * `PermFail`: `invalid_query`, or `not_understood` where nothing says what the answer is.
pub fn parse_whois(domain: &str, text: &str) -> Outcome<RegistrationFacts> {
    let text = without_markup(text);
    let lines = lines::lines(&text);
    let reading = reader::read(&lines);
    if is_of_parent(domain, &reading) {
        return Outcome::PermFail { reason: "other_domain".to_owned() };
    }
    match verdict::verdict(&lines, &reading) {
        Verdict::Registered => Outcome::Found(facts(reading)),
        Verdict::Free => Outcome::Absent { rcode: None },
        Verdict::Reserved => Outcome::Found(reserved(reading)),
        Verdict::Refused(reason) => Outcome::TempFail { reason: reason.to_owned() },
        Verdict::Invalid => Outcome::PermFail { reason: "invalid_query".to_owned() },
        Verdict::Unclear => Outcome::PermFail { reason: "not_understood".to_owned() },
    }
}

fn facts(reading: Reading) -> RegistrationFacts {
    RegistrationFacts {
        registrar: reading.registrar,
        created: reading.created,
        updated: reading.updated,
        expires: reading.expires,
        nameservers: reading.nameservers,
        status: reading.status,
        ..RegistrationFacts::default()
    }
}

fn reserved(reading: Reading) -> RegistrationFacts {
    let mut facts = facts(reading);
    if facts.status.is_empty() {
        facts.status.push("reserved".to_owned());
    }
    facts
}

/// Whether the answer is about a name above the domain: a server that does not know the domain may
/// describe its top level.
fn is_of_parent(domain: &str, reading: &Reading) -> bool {
    let Some(named) = reading.domain.as_deref() else { return false };
    let named = named.trim_end_matches('.').to_lowercase();
    let domain = domain.trim_end_matches('.').to_lowercase();
    !named.is_empty()
        && domain.len() > named.len()
        && domain.ends_with(&named)
        && domain[..domain.len() - named.len()].ends_with('.')
}

/// The text of an answer that came as a web page.
fn without_markup(text: &str) -> std::borrow::Cow<'_, str> {
    let lower = text.get(..text.len().min(4096)).unwrap_or(text).to_ascii_lowercase();
    if !["<pre", "<br", "<html", "<body", "<p>"].iter().any(|tag| lower.contains(tag)) {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        plain.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else { break };
        let tag = rest[at..=at + end].to_ascii_lowercase();
        if ["<br", "<p", "</p", "<tr", "</tr", "<pre", "</pre", "<div", "</div"]
            .iter()
            .any(|t| tag.starts_with(t))
        {
            plain.push('\n');
        }
        rest = &rest[at + end + 1..];
    }
    plain.push_str(rest);
    plain.replace("&nbsp;", " ").replace("&amp;", "&").into()
}

#[cfg(test)]
mod tests;
