//! What a label means, whatever its language, case and punctuation.

use super::table::LABELS;

/// What the value behind a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Domain,
    Registrar,
    Created,
    Updated,
    Expires,
    Status,
    NameServer,
}

/// A field, and how much a label of it is worth: of several, the lowest rank is believed, then the
/// first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) field: Field,
    pub(super) rank: u8,
}

/// What a part of an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// The domain itself: dates, states.
    Domain,
    Registrar,
    NameServers,
    /// An object that lists name servers; whatever else it says is about itself.
    HostList,
    /// People, keys, other objects: nothing in it is about the domain.
    Other,
}

/// The words of a label: lower case, letters only, one blank between words. Digits are dropped, so that
/// `ns1_hostname` and `Name Server 2` are one label each.
pub(super) fn words(label: &str) -> String {
    let mut words = String::with_capacity(label.len());
    let mut gap = false;
    for c in label.chars() {
        if c.is_alphabetic() {
            if gap && !words.is_empty() {
                words.push(' ');
            }
            gap = false;
            words.extend(c.to_lowercase().map(plain));
        } else {
            gap = true;
        }
    }
    words
}

/// A letter without its accent: registries write their language with and without.
fn plain(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'î' | 'ı' => 'i',
        'ñ' => 'n',
        'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        'ş' => 's',
        'ğ' => 'g',
        _ => c,
    }
}

/// A label in several languages is several labels: `Estado / Status`, `Última modificación (Last
/// update)`.
fn variants(label: &str) -> impl Iterator<Item = String> + '_ {
    let whole = std::iter::once(words(label));
    whole.chain(label.split(['/', '(', ')', '|']).map(words)).filter(|words| !words.is_empty())
}

/// What a label means; `None` for all that is not about the domain.
pub(super) fn meaning(label: &str) -> Option<Meaning> {
    variants(label).find_map(|words| listed(&words).or_else(|| guessed(&words)))
}

/// What a heading opens.
pub(super) fn section(heading: &str) -> Option<Section> {
    variants(heading).find_map(|words| section_of(&words))
}

fn section_of(words: &str) -> Option<Section> {
    let has = |one: &str| words.split(' ').any(|word| word == one);
    if OTHER_HEADINGS.contains(&words) || is_of_a_person(words) {
        return Some(Section::Other);
    }
    if has("registrar") || has("registar") || has("registrador") {
        let known = ["information", "info", "data", "details", "last", "current", "sponsoring"];
        let only = words.split(' ').all(|word| word.starts_with("regist") || known.contains(&word));
        return only.then_some(Section::Registrar);
    }
    if matches!(listed(words), Some(Meaning { field: Field::NameServer, .. })) {
        return Some(Section::NameServers);
    }
    DOMAIN_HEADINGS.contains(&words).then_some(Section::Domain)
}

/// Whether a label is about a person or another object rather than the domain.
pub(super) fn is_of_a_person(words: &str) -> bool {
    words.split(' ').any(|word| PERSON_WORDS.contains(&word))
}

/// Whether a heading names a person and nothing else: `Registrant`, `Admin Contact`, and not `Tech Fax`.
fn is_only_a_person(heading: &str) -> bool {
    let words = words(heading);
    let filler =
        |word: &str| matches!(word, "s" | "information" | "info" | "details" | "domain" | "and");
    is_of_a_person(&words)
        && words.split(' ').all(|word| PERSON_WORDS.contains(&word) || filler(word))
}

/// Whether a block that begins with this label describes a person or another object.
pub(super) fn opens_other_object(label: &str) -> bool {
    let words = words(label);
    begins_other_object(label)
        || OTHER_OBJECTS.contains(&words.as_str())
        || (is_only_a_person(label) && !matches!(words.as_str(), "registrant" | "owner"))
}

/// Whether another object begins at this label, also without a blank line before it.
pub(super) fn begins_other_object(label: &str) -> bool {
    let words = words(label);
    matches!(
        words.as_str(),
        "contact" | "contact id" | "contact type" | "nic handle" | "nic hdl" | "nic hdl br"
    )
}

/// Whether a heading opens a part about people or other objects, also above a flat list.
pub(super) fn is_heading_of_other(heading: &str) -> bool {
    is_only_a_person(heading) || is_heading_of_no_person(heading)
}

/// Whether a heading opens a part about keys or the server itself.
pub(super) fn is_heading_of_no_person(heading: &str) -> bool {
    OTHER_HEADINGS.contains(&words(heading).as_str())
}

/// Whether a table has the label as it stands.
pub(super) fn is_listed(label: &str) -> bool {
    listed(&words(label)).is_some()
}

/// Whether a label is about the domain also among people: it says so, or nothing else has it.
pub(super) fn is_of_the_domain(label: &str, meaning: Meaning) -> bool {
    meaning.field == Field::NameServer
        || (meaning.field == Field::Expires && meaning.rank == 0)
        || (meaning.rank < 7 && words(label).starts_with("domain "))
}

/// Whether a value of `State` is a state of the domain: addresses have a state too.
pub(super) fn is_state_of_a_domain(value: &str) -> bool {
    const STATES: [&str; 12] = [
        "active",
        "connected",
        "deleted",
        "expired",
        "inactive",
        "locked",
        "ok",
        "pending",
        "quarantine",
        "registered",
        "reserved",
        "suspended",
    ];
    let value = value.to_lowercase();
    STATES.iter().any(|state| value.starts_with(state)) || value.starts_with("to be ")
}

/// Whether a block that begins with this label is a list of name servers.
pub(super) fn opens_host_list(label: &str) -> bool {
    matches!(words(label).as_str(), "ns list" | "nsset")
}

/// The label under which a registrar's section names it.
pub(super) fn names_registrar(label: &str) -> Option<u8> {
    match words(label).as_str() {
        "organization name" | "organization" | "organisation" | "org" | "company" => Some(0),
        "name" | "registrar name" | "registrar" | "nombre" | "nome" => Some(1),
        _ => None,
    }
}

/// A label of a name server that counts only among name servers.
pub(super) fn is_host_label(label: &str) -> bool {
    let words = words(label);
    words.ends_with("hostname")
        || matches!(
            words.as_str(),
            "host name" | "host" | "name" | "server" | "primary" | "secondary"
        )
        || matches!(listed(&words), Some(Meaning { field: Field::NameServer, .. }))
}

/// The beginnings of sentences that name a date without a colon: `Record created on 22-Apr-2003`.
pub(super) fn sentence(text: &str) -> Option<(Meaning, &str)> {
    let lower = text.to_ascii_lowercase();
    SENTENCES.iter().find_map(|(begin, field)| {
        let value = lower.strip_prefix(begin)?;
        Some((Meaning { field: *field, rank: 2 }, &text[text.len() - value.len()..]))
    })
}

fn listed(words: &str) -> Option<Meaning> {
    let at = LABELS.binary_search_by_key(&words, |(label, ..)| *label).ok()?;
    let (_, field, rank) = LABELS[at];
    Some(Meaning { field, rank })
}

/// A label that no table lists, by the words in it. Its rank is the last.
fn guessed(words: &str) -> Option<Meaning> {
    let any = |test: &dyn Fn(&str) -> bool| words.split(' ').any(test);
    let barred = |word: &str| {
        PERSON_WORDS.contains(&word)
            || matches!(
                word,
                "by" | "database"
                    | "whois"
                    | "registrar"
                    | "registar"
                    | "transfer"
                    | "transferred"
                    | "transferdate"
                    | "dnssec"
                    | "ds"
                    | "key"
                    | "period"
                    | "status"
                    | "reason"
                    | "id"
                    | "handle"
                    | "lock"
                    | "query"
                    | "lookup"
                    | "code"
                    | "trademark"
                    | "class"
                    | "applied"
                    | "ipr"
                    | "for"
                    | "server"
                    | "zone"
                    | "file"
                    | "hold"
                    | "cancelled"
                    | "deletion"
                    | "delete"
            )
    };
    if words.len() > 45 || any(&barred) {
        return None;
    }
    let field = if any(&|word| {
        word.starts_with("expir")
            || word.starts_with("exp") && word.len() <= 4
            || matches!(
                word,
                "renewal"
                    | "till"
                    | "until"
                    | "vencimiento"
                    | "vencimento"
                    | "caducidad"
                    | "validity"
                    | "expdate"
            )
    }) {
        Field::Expires
    } else if any(&|word| {
        word.starts_with("creat") || word.starts_with("cread") || word.starts_with("cria")
    }) || (any(&|word| word.starts_with("regist"))
        && any(&|word| word.starts_with("date") || word == "time" || word == "on"))
    {
        Field::Created
    } else if any(&|word| {
        word.starts_with("updat")
            || word.starts_with("modif")
            || matches!(word, "changed" | "actualizacion")
    }) {
        Field::Updated
    } else {
        return None;
    };
    Some(Meaning { field, rank: 7 })
}

/// Sentences that name a date without a colon.
const SENTENCES: &[(&str, Field)] = &[
    ("domain record activated:", Field::Created),
    ("registered on ", Field::Created),
    ("record created on ", Field::Created),
    ("record created: ", Field::Created),
    ("domain created on ", Field::Created),
    ("created on ", Field::Created),
    ("record expires on ", Field::Expires),
    ("record will expire on ", Field::Expires),
    ("domain expires on ", Field::Expires),
    ("expires on ", Field::Expires),
    ("record last updated on ", Field::Updated),
    ("record last modified on ", Field::Updated),
    ("record changed on ", Field::Updated),
    ("domain record last updated:", Field::Updated),
    ("last updated on ", Field::Updated),
];

const DOMAIN_HEADINGS: &[&str] = &[
    "additional info",
    "dates",
    "domain",
    "domain details",
    "domain information",
    "domain name",
    "domain record",
    "important dates",
    "relevant dates",
];

/// Headings of what is not about the domain, beside those with a word of [`PERSON_WORDS`].
const OTHER_HEADINGS: &[&str] = &[
    "dnssec",
    "domain managers",
    "ds records",
    "flags",
    "key",
    "keys",
    "whois",
    "whois server",
    "zone c",
];

/// The first labels of blocks that describe something else than the domain, beside those of
/// [`begins_other_object`].
const OTHER_OBJECTS: &[&str] = &[
    "handle",
    "key tag",
    "keyset",
    "nic",
    "organisation",
    "organization",
    "person",
    "personname",
    "role",
    "server name",
];

const PERSON_WORDS: &[&str] = &[
    "abuse",
    "adm",
    "admin",
    "administrative",
    "administrativo",
    "administrator",
    "adminstrative",
    "applicant",
    "bill",
    "billing",
    "cobranza",
    "contact",
    "contacto",
    "contacts",
    "financiero",
    "holder",
    "owner",
    "owners",
    "registrant",
    "registrants",
    "reseller",
    "responsable",
    "responsible",
    "responsavel",
    "tec",
    "tech",
    "technical",
    "tecnico",
    "titular",
];

/// The search needs the order; a label that [`words`] never makes would never be found.
#[cfg(test)]
pub(super) fn check_table() {
    assert!(LABELS.is_sorted_by(|a, b| a.0 < b.0));
    for (label, ..) in LABELS {
        assert_eq!(words(label), *label);
    }
}

#[cfg(test)]
mod tests;
