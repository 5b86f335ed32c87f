//! Registrable domains against the public suffix list's own tests.

use hunter_core::Domain;

#[derive(serde::Deserialize)]
struct Registrable {
    input: Option<String>,
    registrable: Option<String>,
}

#[test]
fn registrable_domains_are_those_of_the_lists_own_tests() {
    let Some(path) = hunter_tests::shared("data/domains/test_psl.jsonl") else { return };
    let lines = std::fs::read_to_string(path).expect("readable");
    let mut count = 0;
    for line in lines.lines() {
        let case: Registrable = serde_json::from_str(line).expect("a case");
        let Some(input) = case.input else { continue };
        // A single label is no domain here, and no registrable one there.
        let domain: Option<Domain> = input.parse().ok();
        let registrable = domain.as_ref().and_then(Domain::registrable);
        let expected: Option<Domain> =
            case.registrable.map(|name| name.parse().expect("a registrable domain"));
        assert_eq!(registrable, expected.as_ref().map(Domain::as_str), "{input}");
        count += 1;
    }
    assert!(count > 50, "{count} cases only");
}
