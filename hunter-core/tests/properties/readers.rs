//! Readers of outside text: whatever stands there, they read it or refuse it, and keep count.

use std::collections::HashSet;

use hunter_core::Domain;
use hunter_core::contacts::{assess_contacts, choose_domain};
use hunter_core::provider::Fingerprints;
use hunter_core::records::dkim::DkimKey;
use hunter_core::records::dmarc::{DmarcReading, DmarcRecord};
use hunter_core::records::mx::MailExchangers;
use hunter_core::records::spf::{SpfReading, include_count, is_spf};
use hunter_core::rules::RuleSet;
use proptest::prelude::*;
use proptest::sample::select;

use crate::config;
use crate::strategies::{TABLE, host};

/// Anything at all, what the readers look for, or pieces of it, so that many texts get far.
fn text() -> impl Strategy<Value = String> {
    let piece = select(vec![
        "v=spf1",
        "V=SPF1 ",
        "v=DMARC1",
        "v=DKIM1",
        "p=",
        "p=reject",
        "p=none",
        "sp=",
        "t=y",
        "pct=",
        "include:",
        "redirect=",
        "exp=",
        "a/24",
        "ip4:",
        "ip6:",
        "%{i}",
        "%",
        "all",
        "-",
        "~",
        "+",
        "?",
        ":",
        "/",
        "=",
        ";",
        " ",
        "\t",
        "0",
        "10",
        "65535",
        "65536",
        "-1",
        ".",
        "..",
        "mail",
        "ornek.com",
        "@",
        "info@",
        "_spf",
        "\\",
        "\"",
        "MIGf",
        "k=rsa",
        "İ",
        "ş",
        "日本",
        "😀",
        "e\u{301}",
        "\u{feff}",
        "\u{202e}",
        "\0",
        "<",
        ">",
        ",",
        "http://",
        "mailto:",
    ]);
    let whole = select(vec![
        "v=spf1 include:_spf.google.com ~all",
        "v=DKIM1; p=MIGf",
        "v=DMARC1; p=reject",
        "v=DMARC1; p=none; pct=20",
        "10 mail.ornek.com",
        "0 .",
        "info@ornek.com",
        "ali.can@ornek.com",
        "ornek.com.tr",
    ]);
    prop_oneof![
        2 => whole.prop_map(str::to_owned),
        1 => "(?s:.{0,60})",
        3 => prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat()),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..5)
}

proptest! {
    #![proptest_config(config(4000))]

    #[test]
    fn spf_is_one_of_the_texts(texts in texts()) {
        let marked = texts.iter().filter(|text| is_spf(text)).count();
        let reading = SpfReading::read(&texts);
        prop_assert_eq!(reading.text().is_some(), marked > 0);
        match &reading {
            SpfReading::None => prop_assert_eq!(marked, 0),
            SpfReading::Valid(_) => prop_assert_eq!(marked, 1),
            SpfReading::Invalid(..) => prop_assert!(marked > 0),
        }
        if let Some(found) = reading.text() {
            prop_assert!(texts.iter().any(|text| text.contains(found)));
        }
        for text in &texts {
            prop_assert!(include_count(text) <= text.matches(':').count());
        }
    }

    #[test]
    fn dkim_is_a_key_only_with_its_tag(text in text()) {
        if DkimKey::read(&text) != DkimKey::NotAKey {
            prop_assert!(text.contains('p') && text.contains('='), "{}", text);
        }
    }

    #[test]
    fn dmarc_applies_one_record_or_none(texts in texts()) {
        let records = texts.iter().filter_map(|text| DmarcRecord::read(text)).count();
        match DmarcReading::read(&texts) {
            DmarcReading::None => prop_assert_eq!(records, 0),
            DmarcReading::Valid(record, text) => {
                prop_assert_eq!(records, 1);
                prop_assert_eq!(DmarcRecord::read(text), Some(Ok(record)));
                prop_assert!(record.percent.is_none_or(|percent| percent <= 100));
            }
            DmarcReading::Invalid(..) => prop_assert!(records > 0),
        }
    }

    #[test]
    fn every_mx_record_is_an_exchanger_or_malformed(texts in texts()) {
        let read = MailExchangers::read(&texts);
        prop_assert!(read.hosts.is_sorted_by_key(|mx| mx.preference));
        prop_assert_eq!(read.primary().len() + read.fallback().len(), read.hosts.len());
        for text in &texts {
            let alone = MailExchangers::read(std::slice::from_ref(text));
            let told = alone.hosts.len() + alone.malformed.len() + usize::from(alone.null_mx);
            prop_assert_eq!(told, 1, "{:?}", text);
            prop_assert!(alone.hosts.iter().all(|mx| read.hosts.contains(mx)));
            prop_assert!(alone.malformed.iter().all(|text| read.malformed.contains(text)));
            prop_assert!(read.null_mx || !alone.null_mx);
        }
    }

    #[test]
    fn the_domain_of_a_lead_is_that_of_the_cell_it_names(
        domain in prop::option::of(text()),
        website in prop::option::of(text()),
        email in prop::option::of(text()),
    ) {
        let cells = [domain.as_deref(), website.as_deref(), email.as_deref()];
        let filled = cells.iter().flatten().filter(|cell| !cell.trim().is_empty()).count();
        match choose_domain(cells[0], cells[1], cells[2]) {
            Ok(choice) => {
                let cell = cells[choice.from.index()].expect("the cell is filled");
                let read = Domain::from_cell(cell).map(|reading| reading.domain);
                prop_assert_eq!(read, Ok(choice.domain));
                prop_assert!(choice.rejected.len() < filled);
            }
            Err(none) => prop_assert_eq!(none.rejected.len(), filled),
        }
    }

    #[test]
    fn every_address_is_counted_once(texts in texts()) {
        let domain = "ornek.com".parse().expect("a domain");
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = assess_contacts(&domain, &texts);
        prop_assert_eq!(found.count + found.repeated + found.rejected.len(), texts.len());
        prop_assert!(found.own <= found.count && found.generic.len() <= found.count);
        prop_assert!(found.quality <= 100);
        let different: HashSet<&&str> = texts.iter().collect();
        prop_assert!(found.count <= different.len());
    }

    #[test]
    fn a_host_is_matched_by_a_suffix_that_covers_it(host in prop_oneof![host(), text()]) {
        if let Some(found) = TABLE.match_mx(&host) {
            let mut suffixes = found.provider.mx_suffix.iter().map(|sign| &sign.value);
            let suffix = suffixes.find(|suffix| suffix.as_str() == found.suffix);
            prop_assert!(suffix.is_some_and(|suffix| suffix.covers(&host)));
        }
    }

    #[test]
    fn any_text_is_a_data_file_or_an_error_that_names_it(text in text()) {
        let rules = RuleSet::from_toml("r.toml", &text).map(drop);
        let table = Fingerprints::from_json("f.json", &text).map(drop);
        for (result, name) in [(rules, "r.toml"), (table, "f.json")] {
            let error = result.expect_err("too short to be one");
            prop_assert!(error.code().starts_with("data_"), "{}", error.code());
            prop_assert!(error.to_string().starts_with(name), "{}", error);
        }
    }
}
