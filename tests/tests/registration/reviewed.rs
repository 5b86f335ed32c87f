//! Expectations of others that were looked at and are not followed.

/// The case, the field, and why.
pub(crate) const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "weppos/whois.comlaude.com/status_registered.txt",
        "registrar",
        "the name stands in the suite's code, not in the answer",
    ),
    ("weppos/whois.denic.de/de/status_registered.txt", "registrar", A_CONTACT),
    ("io-developer/de/google.de.txt", "registrar", A_CONTACT),
    ("io-developer/ai/google.com.ai.txt", "registrar", A_CONTACT),
    ("io-developer/cf/google.cf.txt", "registrar", A_CONTACT),
    ("io-developer/cz/google.cz.txt", "registrar", A_CONTACT),
    ("io-developer/hr/google.hr.txt", "registrar", A_CONTACT),
    ("io-developer/il/google.co.il.txt", "registrar", A_CONTACT),
    ("io-developer/ir/mhf.ir.txt", "registrar", A_CONTACT),
    ("io-developer/is/google.is.txt", "registrar", A_CONTACT),
    ("io-developer/mk/google.mk.txt", "registrar", A_CONTACT),
    ("io-developer/pr/google.com.pr.txt", "registrar", A_CONTACT),
    ("weppos/whois.nic.es/es/status_available.txt", "registrar", "the answer names no registrar"),
    (
        "weppos/whois.nic.uk/uk/status_reserved.txt",
        "registrar",
        "the answer says that there is none",
    ),
    ("richardpenman/microsoft.com", "registrar", "that of another object in the answer"),
    ("weppos/whois.gandi.net/status_available.txt", "registered", "the answer is empty"),
    ("io-developer/bo/free.txt", "registered", "the server does not take the question"),
    ("io-developer/ga/free.txt", "registered", REFUSED),
    ("io-developer/hk/free.txt", "registered", REFUSED),
    ("io-developer/ml/free.txt", "registered", REFUSED),
    ("io-developer/nz/free.txt", "registered", REFUSED),
    ("io-developer/qa/free.txt", "registered", RESERVED),
    ("likexian/notfound/name_login.name", "registered", RESERVED),
    ("likexian/notfound/name_science.name", "registered", RESERVED),
    ("weppos/whois.nic.as/as/status_registered.txt", "created", "the answer shows the date"),
    ("io-developer/lu/google.lu.txt", "created", "the registry writes the day first"),
    ("likexian/noterror/tk_google.tk", "expires", MONTH_FIRST),
    ("likexian/noterror/tk_zcore.tk", "expires", MONTH_FIRST),
    ("likexian/noterror/ee_git.ee", "updated", "the date of the name servers, not of the domain"),
    (
        "likexian/noterror/ee_google.ee",
        "updated",
        "the date of the name servers, not of the domain",
    ),
    ("io-developer/no/google.no.txt", "nameservers", "the answer shows handles, no hosts"),
];

const A_CONTACT: &str = "a contact's name stands for the registrar's";
const REFUSED: &str = "the server refuses to answer: nobody knows";
const RESERVED: &str = "the name is held back: it is not free";
const MONTH_FIRST: &str = "the registry writes the month first";

/// Why an expectation is not followed, if it was reviewed.
pub(crate) fn reason(case: &str, field: &str) -> Option<&'static str> {
    DIFFERENCES.iter().find(|(name, of, _)| *name == case && *of == field).map(|(.., why)| *why)
}
