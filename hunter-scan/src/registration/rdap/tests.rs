use time::macros::date;

use super::*;

fn found(json: &str) -> RegistrationFacts {
    match parse_rdap("ornek.com", json) {
        Outcome::Found(facts) => facts,
        other => panic!("{other:?}"),
    }
}

const WHOLE: &str = r#"{"objectClassName":"domain","ldhName":"ORNEK.COM","status":["client transfer prohibited","active"],
 "events":[{"eventAction":"registration","eventDate":"1997-09-15T04:00:00Z"},{"eventAction":"expiration","eventDate":"2028-09-14T01:00:00+03:00"},
  {"eventAction":"last changed","eventDate":"2019-09-09T15:39:04.000+0000"},{"eventAction":"last update of RDAP database","eventDate":"2026-01-01T00:00:00Z"}],
 "nameservers":[{"ldhName":"NS1.ORNEK.COM."},{"unicodeName":"ns2.ornek.com"},{}],
 "entities":[{"roles":["abuse"],"vcardArray":["vcard",[["fn",{},"text","Abuse"]]]},
  {"roles":["registrar"],"vcardArray":["vcard",[["version",{},"text","4.0"],["fn",{},"text","Ornek Kayit A.S."]]]}]}"#;

#[test]
fn a_whole_answer() {
    let facts = found(WHOLE);
    assert_eq!(facts.registrar.as_deref(), Some("Ornek Kayit A.S."));
    assert_eq!(facts.created, Some(date!(1997 - 09 - 15)));
    assert_eq!(facts.updated, Some(date!(2019 - 09 - 09)));
    assert_eq!(facts.expires, Some(date!(2028 - 09 - 13)));
    assert_eq!(facts.nameservers, ["ns1.ornek.com", "ns2.ornek.com"]);
    assert_eq!(facts.status, ["clientTransferProhibited", "ok"]);
    assert!(facts.extra.is_empty());
}

#[test]
fn what_is_withheld_is_empty_and_named() {
    let mut answer: Value = serde_json::from_str(WHOLE).expect("JSON");
    answer["redacted"] = serde_json::json!([
        {"name":{"type":"Registrar Name"},"postPath":"$.entities[?(@.roles[0]=='registrar')].vcardArray[1][?(@[0]=='fn')][3]","method":"partialValue"},
        {"name":{"type":"Expiry"},"prePath":"$.events[?(@.eventAction=='expiration')]","method":"removal"},
        {"name":{"type":"Registrant Name"},"prePath":"$.entities[?(@.roles[0]=='registrant')]","method":"removal"}
    ]);
    let facts = found(&answer.to_string());
    assert_eq!((facts.registrar, facts.expires), (None, None));
    assert_eq!(facts.created, Some(date!(1997 - 09 - 15)));
    assert_eq!(facts.extra["redacted"], serde_json::json!(["registrar", "expires"]));
}

#[test]
fn a_name_masked_in_place_is_no_name() {
    let masked = WHOLE.replace("Ornek Kayit A.S.", "REDACTED FOR PRIVACY");
    assert_eq!(found(&masked).registrar, None);
}

#[test]
fn errors_are_never_absence_but_404() {
    let of = |code: u16| parse_rdap("ornek.com", &format!(r#"{{"errorCode":{code},"title":"x"}}"#));
    assert!(of(404).is_absent());
    for (code, reason) in
        [(429, "rate_limited"), (403, "access_denied"), (500, "http_500"), (301, "http_301")]
    {
        assert_eq!(of(code), Outcome::TempFail { reason: reason.to_owned() });
    }
    assert_eq!(of(400), Outcome::PermFail { reason: "invalid_query".to_owned() });
}

#[test]
fn what_is_no_domain_object_of_that_name_is_refused() {
    for (json, reason) in [
        ("", "malformed"),
        ("[]", "malformed"),
        ("{}", "malformed"),
        ("<html></html>", "malformed"),
        (r#"{"objectClassName":"entity","handle":"x"}"#, "other_object"),
        (r#"{"objectClassName":"domain","ldhName":"com"}"#, "other_domain"),
        (r#"{"objectClassName":"domain","ldhName":"xornek.com"}"#, "other_domain"),
    ] {
        assert_eq!(
            parse_rdap("ornek.com", json),
            Outcome::PermFail { reason: reason.to_owned() },
            "{json}"
        );
    }
}

#[test]
fn odd_shapes_of_real_servers() {
    let nested = r#"{"objectClassName":"Domain","ldhName":"ornek.com","entities":[{"roles":"registrar","vcardArray":[["vcard",[["fn",{},"text","A"]]]]}]}"#;
    assert_eq!(found(nested).registrar.as_deref(), Some("A"));
    let org = r#"{"objectClassName":"domain","ldhName":"ornek.com","entities":[{"roles":["registrar"],"vcardArray":["vcard",[["fn",{},"text",""],["org",{},"text",["B","unit"]]]]}]}"#;
    assert_eq!(found(org).registrar.as_deref(), Some("B"));
    let handle = r#"{"objectClassName":"domain","ldhName":"ornek.com","entities":[{"roles":["registrar"],"handle":"C-1"}]}"#;
    assert_eq!(found(handle).registrar.as_deref(), Some("C-1"));
}
