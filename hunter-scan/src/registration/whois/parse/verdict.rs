//! Whether an answer says registered, free, refused or nothing at all.

use super::lines::Line;
use super::reader::Reading;

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Registered,
    Free,
    /// Nobody holds it and nobody can register it.
    Reserved,
    /// The server did not want to answer, with the reason in one word.
    Refused(&'static str),
    /// The server did not take the question.
    Invalid,
    /// Nothing in the answer says what it is.
    Unclear,
}

pub(super) fn verdict(lines: &[Line<'_>], reading: &Reading) -> Verdict {
    let has_facts = reading.registrar.is_some()
        || reading.created.is_some()
        || reading.expires.is_some()
        || !reading.nameservers.is_empty();
    let by_status = reading.status.iter().find_map(|status| of_status(status));
    if has_facts {
        return match by_status {
            Some(Verdict::Free) if reading.expires.is_none() && reading.nameservers.is_empty() => {
                Verdict::Free
            }
            _ => Verdict::Registered,
        };
    }
    let said: Vec<String> =
        lines.iter().filter(|line| !line.is_blank()).map(|line| plain(line.text)).collect();
    if said.is_empty() {
        return Verdict::Refused("empty_answer");
    }
    // A refusal is asked for first: some servers write "no entries found" below it.
    if let Some(reason) = said.iter().find_map(|line| refusal(line)) {
        return Verdict::Refused(reason);
    }
    // One word is the whole answer, or the line above the domain.
    let bare = said
        .iter()
        .any(|line| matches!(line.as_str(), "available" | "free" | "not found" | "available."));
    let any = |phrases: &[&str]| said.iter().any(|line| says(line, phrases));
    if let Some(verdict) = by_status {
        return verdict;
    }
    // Terms of use speak of restrictions: what an answer begins with counts more.
    let begins =
        said.iter().any(|line| FREE_BEGINNINGS.iter().any(|begin| line.starts_with(begin)));
    if begins {
        Verdict::Free
    } else if any(RESERVED) {
        Verdict::Reserved
    } else if bare || any(FREE) {
        Verdict::Free
    } else if any(INVALID) {
        Verdict::Invalid
    } else if reading.updated.is_some() || !reading.status.is_empty() || reading.domain.is_some() {
        Verdict::Registered
    } else {
        Verdict::Unclear
    }
}

/// What a status word says on its own.
fn of_status(status: &str) -> Option<Verdict> {
    let status = plain(status);
    if let Some(reason) = refusal(&status) {
        return Some(Verdict::Refused(reason));
    }
    let is = |words: &[&str]| {
        words.iter().any(|word| status == *word || status.starts_with(&format!("{word} ")))
    };
    if is(&[
        "premium name",
        "reserved",
        "restricted",
        "prohibited string",
        "unassignable",
        "blocked",
        "prohibited",
        "invalid",
        "unavailable",
        "forbidden",
        "permanent/reserved",
        "not allowed",
    ]) {
        return Some(Verdict::Reserved);
    }
    let free = is(&[
        "free",
        "available",
        "no object found",
        "not registered",
        "unassigned",
        "not found",
        "no match",
        "unregistered",
        "domain available",
        "does not exist",
        "not delegated",
    ]);
    (free || status.ends_with(" available") && status.starts_with('2')).then_some(Verdict::Free)
}

fn refusal(line: &str) -> Option<&'static str> {
    // registro.br answers with less rather than not at all.
    if line.contains("reduced information") {
        return None;
    }
    let has = |phrases: &[&str]| says(line, phrases);
    if has(RATE_LIMITED) {
        Some("rate_limited")
    } else if has(DENIED) {
        Some("access_denied")
    } else if has(UNAVAILABLE) {
        Some("unavailable")
    } else {
        None
    }
}

/// Whether a line holds one of the phrases. Long lines are terms of use: they speak of everything.
fn says(line: &str, phrases: &[&str]) -> bool {
    line.len() <= LONGEST_SENTENCE && phrases.iter().any(|phrase| line.contains(phrase))
}

const LONGEST_SENTENCE: usize = 200;

/// Lower case, one blank between words.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

const RATE_LIMITED: &[&str] = &[
    "limit exceeded",
    "limit reached",
    "quota exceeded",
    "has been exceeded",
    "excessive querying, grace",
    "exceeded your quota",
    "exceeded the query limit",
    "exceeded the maximum",
    "exceeded allowed",
    "exceeded your",
    "have exceeded",
    "too many requests",
    "too many queries",
    "too many connections",
    "too many simultaneous",
    "too many whois",
    "per second allowed",
    "grace period, wait",
    "please go away",
    "slow down",
    "request limit",
    "excessive querying, please",
    "rate limit exceeded",
    "before starting another enquiry",
    "query interval is too short",
    "queries too frequent",
    "maximum queries",
    "query rate reached",
];

const DENIED: &[&str] = &[
    "access denied",
    "access is denied",
    "not authorised to query",
    "not authorized to query",
    "permission denied",
    "has been blocked",
    "been blacklisted",
    "blacklisted:",
    "is blacklisted",
    "been banned",
    "has been denied",
    "connection refused",
    "access control",
    "requests of this client are not permitted",
    "ip address is blocked",
    "ip address blocked",
    "request denied",
    "your access has been",
    "not in the whitelist",
    "request is blocked",
    "access restricted",
    "authentication required",
    "access is restricted",
    "this whois server is no longer",
];

const UNAVAILABLE: &[&str] = &[
    "try again",
    "temporarily",
    "temporary failure",
    "could not be performed",
    "service unavailable",
    "service is unavailable",
    "not available at this time",
    "database is down",
    "connection attempt failed",
    "internal error",
    "internal server error",
    "system error",
    "unable to connect",
    "cannot connect",
    "timed out",
    "timeout",
    "being updated",
    "under maintenance",
    "server is busy",
    "server too busy",
];

const FREE_BEGINNINGS: &[&str] =
    &["not found", "no match", "domain not found", "no data found", "no entries found"];

const FREE: &[&str] = &[
    "no match",
    "no matching",
    "not match any",
    "not found",
    "object_not_found",
    "not_found",
    "no entries found",
    "no entry found",
    "no data found",
    "no data was found",
    "no object found",
    "no objects found",
    "no results",
    "no record",
    "no records",
    "no such domain",
    "no information available about",
    "no information was found",
    "no domain records",
    "nothing found",
    "no found",
    "nincs tal",
    "data not found",
    "does not exist",
    "doesn't exist",
    "does not have any data",
    "not been registered",
    "not registered",
    "not registred",
    "isn't registered",
    "is not yet registered",
    "no se encuentra registrado",
    "no se encontro",
    "no existe",
    "no está registrado",
    "não registrado",
    "domain unknown",
    "unknown domain",
    "is available for",
    "is available.",
    "is available to",
    "available for registration",
    "is available for purchase",
    "is free",
    ": free",
    ": available",
    "is unallocated",
    "could not find",
    "do not have an entry",
    "returned 0 objects",
    "not available in our",
    "no information available on",
    "not assigned",
    "is not valid!",
    "domain name not known",
    "was not found",
    "status: not",
    "domain status: available",
    "ikke registrert",
    "el dominio no",
    "aucun",
    "not delegated",
    "no est",
];

const RESERVED: &[&str] = &[
    "reserved by",
    "is reserved",
    "been reserved",
    "reserved name",
    "reserved domain",
    "reserved list",
    "registry reserved",
    "restricted domain",
    "restricted from registration",
    "has restricted",
    "is not available for registration",
    "not available for registration",
    "can not be registered",
    "cannot be registered",
    "not available for second level",
    "not allowed by the policy",
    "stop-list",
    "premium domain",
    "is prohibited",
    "korlatozott",
    "prohibited string",
    "in the blocking list",
    "is blocked",
    "not available to register",
    "currently not available",
    "name is not available",
];

const INVALID: &[&str] = &[
    "invalid input",
    "invalid query",
    "invalid domain",
    "invalid request",
    "invalid parameter",
    "invalid name",
    "is not valid",
    "not a valid",
    "special characters not allowed",
    "malformed",
    "syntax error",
    "illegal",
    "unsupported",
    "solo acepta consultas",
    "bad request",
    "not supported",
];
