use hunter_core::observation::{Outcome, RegistrationFacts};
use time::macros::date;

use super::parse_whois;

fn found(domain: &str, text: &str) -> RegistrationFacts {
    match parse_whois(domain, text) {
        Outcome::Found(facts) => facts,
        other => panic!("{other:?}: {text}"),
    }
}

/// The form of TRABIS, with sections that begin with two stars.
#[test]
fn tr_of_today() {
    let facts = found(
        "ornek.com.tr",
        "** Domain Name: ornek.com.tr\nDomain Status: Active\nFrozen Status: -\nTransfer Status: The domain is LOCKED to transfer.\n\n\
         ** Registrant:\n   Örnek A.Ş.\n   Hidden upon user request\n\n\n\
         ** Registrar:\nNIC Handle\t\t: ogv40\nOrganization Name\t: ÖRNEK BİLGİ TEKNOLOJİLERİ A.Ş.\nAddress\t\t\t: Ankara\n\t\t\t  06800 Ankara Türkiye\nPhone\t\t\t: 90-312-\nFax\t\t\t: -\n\n\n\
         ** Domain Servers:\nns1.ornek.com.tr\t192.0.2.1\nns2.ornek.net\n\n\n\
         ** Additional Info:\nCreated on..............: 2010-May-03.\nExpires on..............: 2027-May-02.\n\n\n\
         ** Whois Server:\nLast Update Time: 2026-11-24T03:33:35+03:00\n",
    );
    assert_eq!(facts.registrar.as_deref(), Some("ÖRNEK BİLGİ TEKNOLOJİLERİ A.Ş."));
    assert_eq!(facts.created, Some(date!(2010 - 05 - 03)));
    assert_eq!(facts.expires, Some(date!(2027 - 05 - 02)));
    // When the server last updated itself says nothing of the domain.
    assert_eq!(facts.updated, None);
    assert_eq!(facts.nameservers, ["ns1.ornek.com.tr", "ns2.ornek.net"]);
    assert_eq!(facts.status, ["Active"]);
}

#[test]
fn tr_that_nobody_holds_and_tr_that_was_not_understood() {
    assert!(parse_whois("ornek.com.tr", "No match found for \"ornek.com.tr\"").is_absent());
    assert_eq!(
        parse_whois("ornek.com.tr", "Invalid input"),
        Outcome::PermFail { reason: "invalid_query".into() }
    );
}

#[test]
fn a_registry_that_shows_no_dates_is_found_all_the_same() {
    let facts = found(
        "ornek.de",
        "Domain: ornek.de\nNserver: ns1.ornek.de 192.0.2.1\nStatus: connect\nChanged: 2018-03-12T21:44:25+01:00\n\n[Zone-C]\nType: ROLE\nChanged: 2020-01-01T00:00:00+01:00\n",
    );
    assert_eq!((facts.registrar, facts.created, facts.expires), (None, None, None));
    assert_eq!(facts.updated, Some(date!(2018 - 03 - 12)));
    assert_eq!(facts.status, ["connect"]);
    assert!(found("ornek.de", "Domain: ornek.de\nStatus: connect\n").nameservers.is_empty());
    assert!(parse_whois("ornek.de", "Domain: ornek.de\nStatus: free\n").is_absent());
}

#[test]
fn what_is_said_of_people_and_keys_is_not_said_of_the_domain() {
    let facts = found(
        "ornek.it",
        "Domain:             ornek.it\nStatus:             ok\nCreated:            1999-12-10 00:00:00\nExpire Date:        2028-04-21\n\n\
         Registrant\n  Organization:     Baska\n  Created:          2017-10-04 00:06:41\n  Last Update:      2017-10-04 00:06:41\n\n\
         Registrar\n  Organization:     Ornek Kayit\n  Name:             ORNEK-REG\n\n\
         Nameservers\n  ns1.ornek.it\n  ns2.ornek.it\n",
    );
    assert_eq!(facts.registrar.as_deref(), Some("Ornek Kayit"));
    assert_eq!((facts.created, facts.updated), (Some(date!(1999 - 12 - 10)), None));
    assert_eq!(facts.nameservers, ["ns1.ornek.it", "ns2.ornek.it"]);

    let blocks = found(
        "ornek.cz",
        "domain:       ornek.cz\nregistrar:    REG-ORNEK\nregistered:   30.01.2006 18:55:00\nexpire:       30.01.2028\n\n\
         contact:      KISI\ncreated:      19.11.2004 15:05:00\nchanged:      19.11.2024 15:05:00\n\n\
         nsset:        NSS:ORNEK\nnserver:      a.ns.ornek.cz (192.0.2.1, 2001:db8::1)\nregistrar:    REG-BASKA\nchanged:      19.07.2011 15:27:33\n",
    );
    assert_eq!(blocks.registrar.as_deref(), Some("REG-ORNEK"));
    assert_eq!((blocks.created, blocks.updated), (Some(date!(2006 - 01 - 30)), None));
    assert_eq!(blocks.nameservers, ["a.ns.ornek.cz"]);
}

#[test]
fn a_block_about_the_registrar_names_it_and_one_that_begins_with_it_does_not() {
    let described = found(
        "ornek.sk",
        "Domain: ornek.sk\nValid Until: 2027-04-24\n\nRegistrar: ORNE-0001\nName: Ornek s.r.o.\nCreated: 2017-09-14\n",
    );
    assert_eq!(described.registrar.as_deref(), Some("Ornek s.r.o."));
    assert_eq!(described.created, None);
    let mixed = found(
        "ornek.xy",
        "Domain: ornek.xy\n\nRegistrar: Ornek Ltd\nCreated: 2017-09-14\nName: Biri\n",
    );
    assert_eq!(mixed.registrar.as_deref(), Some("Ornek Ltd"));
    assert_eq!(mixed.created, Some(date!(2017 - 09 - 14)));
}

#[test]
fn values_below_their_labels_and_sentences() {
    let facts = found(
        "ornek.co.uk",
        "\n    Domain name:\n        ornek.co.uk\n\n    Registrant:\n        Biri\n\n    Registrar:\n        Ornek Ltd t/a Ornek [Tag = ORNEK]\n        URL: https://ornek.uk\n\n    Relevant dates:\n        Registered on: 02-Aug-2000\n        Expiry date:  02-Aug-2027\n        Last updated:  01-Jul-2026\n\n    Registration status:\n        Registered until expiry date.\n\n    Name servers:\n        ns1.ornek.co.uk  192.0.2.1  2001:db8::1\n        ns2.ornek.co.uk\n\n    WHOIS lookup made at 12:00:00 24-Nov-2026\n",
    );
    assert_eq!(facts.registrar.as_deref(), Some("Ornek Ltd t/a Ornek"));
    assert_eq!(facts.expires, Some(date!(2027 - 08 - 02)));
    assert_eq!(facts.nameservers, ["ns1.ornek.co.uk", "ns2.ornek.co.uk"]);
    assert_eq!(facts.status, ["Registered until expiry date"]);

    let sentences = found(
        "ornek.kg",
        "Domain ORNEK.KG (ACTIVE)\n\nRecord created: Tue Feb 10 09:42:42 2004\nRecord expires on Sun Mar 30 23:59:00 2027\n\nName servers in the listed order:\n\nNS1.ORNEK.COM\nNS2.ORNEK.COM\n",
    );
    assert_eq!(sentences.expires, Some(date!(2027 - 03 - 30)));
    assert_eq!(sentences.nameservers, ["ns1.ornek.com", "ns2.ornek.com"]);
}

#[test]
fn an_empty_value_is_no_heading() {
    let facts = found(
        "ornek.gl",
        "Domain Name: ornek.gl\nWHOIS Server: \nReferral URL: \nRegistrar:\nUpdated Date: 2013-12-02T19:11:52Z\nCreation Date: 2003-03-11T03:00:00Z\nTech Fax:\nTech Fax Ext:\nName Server:\nName Server: ns1.ornek.com\nRegistrant:\nRegistrant Name: Biri\nRegistry Expiry Date: 2027-01-01T03:00:00Z\n",
    );
    assert_eq!(facts.created, Some(date!(2003 - 03 - 11)));
    assert_eq!(facts.expires, Some(date!(2027 - 01 - 01)));
    assert_eq!(facts.nameservers, ["ns1.ornek.com"]);
    assert_eq!(facts.registrar, None);
}

#[test]
fn a_refusal_is_neither_found_nor_absent() {
    for (text, reason) in [
        ("", "empty_answer"),
        ("\r\n\r\n", "empty_answer"),
        ("WHOIS LIMIT EXCEEDED - SEE WWW.ORNEK.ORG/WHOIS FOR DETAILS", "rate_limited"),
        ("%% Too many requests...\n%%\n\n%% No entries found in the database.\n", "rate_limited"),
        ("-3: IP address blocked", "access_denied"),
        ("domain_name: ornek.co.nz\nquery_status: 440 Request Denied\n", "access_denied"),
        (
            "WHOIS lookup for ornek.ga can temporarily not be answered. Please try again.",
            "unavailable",
        ),
    ] {
        assert_eq!(parse_whois("", text), Outcome::TempFail { reason: reason.into() }, "{text}");
    }
    // Terms of use speak of limits and blocks too.
    let terms = "No match for \"ornek.uk\".\n\nAccess to the whois service is rate limited. Access may be withdrawn or\nrestricted at any time for exceeding query rate or volume limits.\n";
    assert!(parse_whois("ornek.uk", terms).is_absent());
}

#[test]
fn an_answer_that_only_repeats_the_question_is_not_understood() {
    for text in [
        "Query: ornek.ke\n",
        "Domain: ornek.com\nError: 17\n",
        "Domain Name: ornek.com\nStatus: error\n",
    ] {
        assert_eq!(
            parse_whois("", text),
            Outcome::PermFail { reason: "not_understood".into() },
            "{text}"
        );
    }
    assert!(parse_whois("", "Domain: ornek.com\nStatus: ACTIVE\n").found().is_some());
}

#[test]
fn what_is_held_back_is_found_and_says_so() {
    assert_eq!(found("ornek.qa", "Reserved by QDR").status, ["reserved"]);
    assert_eq!(
        found("ornek.it", "Domain:  ornek.it\nStatus:  UNASSIGNABLE\n").status,
        ["UNASSIGNABLE"]
    );
}

#[test]
fn an_answer_about_a_name_above_is_no_answer() {
    let of_the_root = "domain:       TR\norganisation: Ornek\nwhois:        whois.ornek.tr\ncreated:      1990-09-17\n";
    assert_eq!(
        parse_whois("ornek.com.tr", of_the_root),
        Outcome::PermFail { reason: "other_domain".into() }
    );
    assert_eq!(
        parse_whois("x.com", "Hello."),
        Outcome::PermFail { reason: "not_understood".into() }
    );
}

/// A server may send what it likes up to the limit of size: reading it stays quick.
#[test]
fn the_largest_answers_are_read_in_time() {
    use std::fmt::Write as _;
    let mut hosts = String::from("Name Servers:\n");
    for nth in 0..9_000 {
        writeln!(hosts, "ns{nth}.ornek.com").expect("a string");
    }
    let repeated = |text: &str| text.repeat(1024 * 1024 / text.len());
    let began = std::time::Instant::now();
    assert_eq!(found("ornek.com", &hosts).nameservers.len(), 100);
    for text in
        ["Registrant:\n", "a:\n\n", "Registrar: x\n\n", "Status: a b c,", "<", "(", "1-", "domain:"]
    {
        parse_whois("ornek.com", &repeated(text));
    }
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn web_pages_are_read_as_text() {
    let facts = found(
        "ornek.vn",
        "<html><body><pre>Domain: ornek.vn<br>Registrar:&nbsp;Ornek &amp; Co<br>Expires: 2027-01-01</pre></body></html>",
    );
    assert_eq!(facts.registrar.as_deref(), Some("Ornek & Co"));
    assert_eq!(facts.expires, Some(date!(2027 - 01 - 01)));
}

#[test]
fn the_table_of_labels_is_sorted_and_its_labels_are_in_their_plain_form() {
    super::labels::check_table();
}
