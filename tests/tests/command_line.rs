//! The `hunter` program's promises about lines and outcomes, against a name server of our own.

use hunter_nameserver::NameServer;
use hunter_server::cli::{self, Outcome};

const ZONE: &str = "\
ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.
ornek.com.tr. 60 IN TXT \"v=spf1 include:_spf.google.com ~all\"
";

#[test]
fn a_scan_keeps_observations_that_assess_and_explain_read_again() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server =
        runtime.block_on(NameServer::builder().zone_text(ZONE).spawn()).expect("a name server");
    let resolver = server.addr().to_string();
    let folder = std::env::temp_dir().join(format!("hunter-cli-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let kept = folder.join("kept.jsonl");
    let list = folder.join("list.txt");
    std::fs::write(&list, "ornek.com.tr\n\n10.0.0.10\n").expect("a list");
    let (kept, list) = (kept.to_string_lossy(), list.to_string_lossy());

    let run =
        |words: &[&str]| cli::run_from(std::iter::once("hunter").chain(words.iter().copied()));
    for format in ["table", "json", "jsonl", "csv"] {
        let words =
            ["scan", "--file", &list, "--resolver", &resolver, "--format", format, "--save", &kept];
        assert_eq!(run(&words).expect("a scan"), Outcome::Partial, "two lines are refused");
    }
    let observations = std::fs::read_to_string(&*kept).expect("kept observations");
    assert_eq!(observations.lines().count(), 1);

    assert_eq!(run(&["assess", &kept, "--format", "jsonl"]).expect("assessed"), Outcome::Complete);
    let words = ["explain", "ornek.com.tr", "--from", &kept, "--lang", "en"];
    assert_eq!(run(&words).expect("explained"), Outcome::Complete);

    let code = |words: &[&str]| run(words).expect_err("refused").code();
    assert_eq!(code(&["scan"]), "nothing_to_do");
    assert_eq!(code(&["assess", "no-such-file"]), "file_read");
    assert_eq!(code(&["scan", "a.com", "--resolver", "nowhere"]), "resolver_address");
    assert_eq!(code(&["scan", "a.com", "--rules", &list]), "data_syntax");
    assert_eq!(code(&["scan", "a.com", "--rules", "no-such-file"]), "data_file_read");
    assert_eq!(code(&["scan", "a.com", "--data-dir", &folder.to_string_lossy()]), "data_folder");
    for option in ["--hooks", "--figures"] {
        let words = ["explain", "ornek.com.tr", "--from", &kept, option, &list];
        assert_eq!(code(&words), "data_syntax", "{option}");
    }
    let words = ["explain", "ornek.com.tr", "--from", &kept, "--texts", &list];
    assert_eq!(code(&words), "data_value");
    assert_eq!(code(&["explain", "nan", "--from", &kept]), "domain_placeholder");
    assert_eq!(code(&["explain", "a.com", "--from", &kept]), "observation_not_stored");
    assert_eq!(
        code(&["explain", "ornek.com.tr", "--from", &kept, "--lang", "xx"]),
        "locale_unknown"
    );
    std::fs::remove_dir_all(&folder).expect("the folder was ours");
}
