//! Status words, in the spelling of EPP where EPP has the word.
//!
//! RDAP writes `client transfer prohibited`, registries write `CLIENT-XFER-PROHIBITED`,
//! `clientTransferProhibited https://icann.org/epp#…` or words of their own. The codes of RFC 5731 §2.3
//! and of the grace periods of RFC 3915 §3.1 get one spelling, by the table of RFC 8056 §2; any other
//! word is kept as the registry writes it.

/// The codes of RFC 5731 §2.3 and RFC 3915 §3.1.
const EPP: [&str; 25] = [
    "addPeriod",
    "autoRenewPeriod",
    "clientDeleteProhibited",
    "clientHold",
    "clientRenewProhibited",
    "clientTransferProhibited",
    "clientUpdateProhibited",
    "inactive",
    "linked",
    "ok",
    "pendingCreate",
    "pendingDelete",
    "pendingRenew",
    "pendingRestore",
    "pendingTransfer",
    "pendingUpdate",
    "redemptionPeriod",
    "renewPeriod",
    "serverDeleteProhibited",
    "serverHold",
    "serverRenewProhibited",
    "serverTransferProhibited",
    "serverUpdateProhibited",
    "transferPeriod",
    "validated",
];

/// A status word as it is written down: an EPP code in its own spelling, or the text itself. `None`
/// where the text says nothing.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let text = without_link(text);
    if text.is_empty() || text.chars().all(|c| !c.is_alphanumeric()) {
        return None;
    }
    // RFC 8056 §2: what RDAP calls `active` is what EPP calls `ok`; this holds for RDAP only, where
    // `from_rdap` says so.
    let letters = letters_of(text);
    let known = EPP.iter().find(|code| code.eq_ignore_ascii_case(&letters));
    Some(known.map_or_else(|| text.to_owned(), |code| (*code).to_owned()))
}

/// A status value of RDAP in the words of EPP (RFC 8056 §2).
pub(crate) fn from_rdap(text: &str) -> Option<String> {
    if text.trim().eq_ignore_ascii_case("active") {
        return Some("ok".to_owned());
    }
    canonical(text)
}

/// No registry gives a domain more of them.
const MOST: usize = 100;

/// Adds a status once.
pub(crate) fn add(list: &mut Vec<String>, status: Option<String>) {
    if let Some(status) = status
        && list.len() < MOST
        && !list.iter().any(|known| known.eq_ignore_ascii_case(&status))
    {
        list.push(status);
    }
}

/// A line of statuses: `ok / autoRenewPeriod`, `a, b`, or one with the link that explains it.
pub(crate) fn each(line: &str) -> impl Iterator<Item = String> + '_ {
    let whole = without_link(line);
    let many = whole.split([',', ';']).flat_map(|part| part.split(" / ")).flat_map(codes_or_whole);
    many.filter_map(canonical)
}

/// Several codes in one field are parted by blanks; a phrase is one status.
fn codes_or_whole(part: &str) -> Vec<&str> {
    let words: Vec<&str> = part.split_whitespace().collect();
    let all_codes = words.len() > 1
        && words.iter().all(|word| {
            let letters = letters_of(word);
            EPP.iter().any(|code| code.eq_ignore_ascii_case(&letters))
        });
    if all_codes { words } else { vec![part.trim()] }
}

/// The text before the link or the note in brackets that explains it.
fn without_link(text: &str) -> &str {
    let end = ["http://", "https://", "(http", "--", " - "]
        .iter()
        .filter_map(|mark| text.find(*mark))
        .min()
        .unwrap_or(text.len());
    text[..end].trim().trim_end_matches(['-', ',', '.']).trim_end()
}

fn letters_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_code_is_one() {
        for text in [
            "clientTransferProhibited",
            "client transfer prohibited",
            "CLIENT TRANSFER PROHIBITED",
            "CLIENT-TRANSFER-PROHIBITED",
            "clientTransferProhibited https://icann.org/epp#clientTransferProhibited",
            "clientTransferProhibited (http://www.icann.org/epp#x)",
            "clienttransferprohibited -- see rules",
        ] {
            assert_eq!(canonical(text).as_deref(), Some("clientTransferProhibited"), "{text}");
        }
        assert_eq!(from_rdap("active").as_deref(), Some("ok"));
        assert_eq!(canonical("paid and in zone").as_deref(), Some("paid and in zone"));
        assert_eq!(canonical(" - "), None);
    }

    #[test]
    fn a_line_can_hold_several() {
        let all = |line| each(line).collect::<Vec<_>>();
        assert_eq!(all("ok / autoRenewPeriod"), ["ok", "autoRenewPeriod"]);
        assert_eq!(all("clientHold,serverHold"), ["clientHold", "serverHold"]);
        assert_eq!(all("clientHold serverHold"), ["clientHold", "serverHold"]);
        assert_eq!(all("Registered until expiry date."), ["Registered until expiry date"]);
        assert!(all("https://icann.org/epp").is_empty());
    }
}
