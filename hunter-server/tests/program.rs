//! The `hunter` program as its users start it: what it prints, when, and how it ends.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use hunter_core::provider::Fingerprints;
use hunter_core::rules::RuleSet;
use hunter_core::{Engine, Observation};
use hunter_nameserver::NameServer;
use hunter_store::bulk::{LeadRecorder, NoWords, Reassessments as _};
use hunter_store::queue::Jobs as _;
use hunter_store::{Db, StoreConfig};

const HUNTER: &str = env!("CARGO_BIN_EXE_hunter");

/// Lines enough to take far more memory than is allowed, were they all held at once.
const MANY: usize = 60_000;

const ZONE: &str = "\
ornek.com.tr. 60 IN MX 1 aspmx.l.google.com.
ornek.com.tr. 60 IN TXT \"v=spf1 include:_spf.google.com ~all\"
silent.com.tr. 60 IN MX 1 aspmx.l.google.com.
";

/// An observation of a domain at Natro.
const SEEN: &str = r#"{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":[{"name":"ornek.com.tr","type":"MX","state":"found","records":["1 mx-01.kurumsaleposta.com"]}]}"#;

/// A folder of the test's own, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("hunter-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("within the folder")).expect("a folder");
        std::fs::write(&path, text).expect("a file");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What remains is in the system's temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(words: &[&str]) -> Output {
    hunter().args(words).stdin(Stdio::null()).output().expect("the program starts")
}

/// The program without the settings of whoever runs these tests.
fn hunter() -> Command {
    let mut command = Command::new(HUNTER);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("HUNTER_") {
            command.env_remove(name);
        }
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The exit code and standard error of a run that says nothing else.
fn refusal(words: &[&str]) -> (Option<i32>, String) {
    let output = run(words);
    assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
    (output.status.code(), text(&output.stderr))
}

fn builtin(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hunter-core/data").join(name);
    std::fs::read_to_string(path).expect("a data file of hunter-core")
}

/// The English texts as one file.
fn english() -> String {
    ["names", "lead", "security", "script", "findings", "plan", "hooks", "page"]
        .iter()
        .map(|name| builtin(&format!("texts/en/{name}.ftl")))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_list_is_scanned_while_it_is_still_being_written() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = NameServer::builder().zone_text(ZONE);
    let server = runtime.block_on(server.spawn()).expect("a name server");
    let resolver = server.addr().to_string();
    for format in ["jsonl", "csv"] {
        let mut hunter = hunter()
            .args(["scan", "--file", "-", "--format", format])
            .args(["--resolver", &resolver])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut list = hunter.stdin.take().expect("piped");
        let mut rows = BufReader::new(hunter.stdout.take().expect("piped")).lines();
        let mut next = || rows.next().map(|row| row.expect("UTF-8"));

        // The list stays open: each row can only come because it does not wait for the end.
        writeln!(list, "ornek.com.tr").expect("the list is read");
        if format == "csv" {
            assert!(next().expect("a heading").starts_with("line,input,"));
        }
        assert!(next().expect("a row").contains("google-workspace") || format == "csv");
        writeln!(list, "10.0.0.10").expect("the list is read");
        assert!(next().expect("a row").contains("domain_ip_address"));

        let memory = peak_memory(hunter.id());
        let writer = std::thread::spawn(move || {
            for number in 0..MANY {
                let cell = if number % 1_000 == 0 { "ornek.com.tr" } else { "10.0.0.10" };
                writeln!(list, "{cell}").expect("the list is read");
            }
        });
        for number in 0..MANY {
            let row = next().expect("a row for each line");
            let line = number + 3;
            let start = match format {
                "csv" => format!("{line},"),
                _ => format!("{{\"line\":{line},"),
            };
            assert!(row.starts_with(&start), "{start}: {row}");
            assert_eq!(row.contains("domain_ip_address"), number % 1_000 != 0, "{row}");
        }
        writer.join().expect("the list was written");
        if let (Some(before), Some(after)) = (memory, peak_memory(hunter.id())) {
            let grown = after - before;
            assert!(grown < 5_000, "{MANY} lines took {grown} kB");
        }
        assert!(next().is_none(), "no row without a line");
        assert_eq!(hunter.wait().expect("it ends").code(), Some(3), "some lines are refused");
    }
}

/// The most memory that a process has held so far, in kB, where the system tells.
fn peak_memory(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

#[test]
fn rows_keep_the_order_of_the_list_whoever_answers_first() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = NameServer::builder().zone_text(ZONE).faults_text("silent.com.tr * timeout");
    let server = runtime.block_on(server.spawn()).expect("a name server");
    let resolver = server.addr().to_string();
    let folder = Folder::new("order");
    let mut list = "silent.com.tr\n".to_owned();
    for _ in 0..200 {
        writeln!(list, "ornek.com.tr").expect("a string takes all");
    }
    let list = folder.write("list.txt", &list);
    let kept = folder.0.join("kept.jsonl").to_string_lossy().into_owned();
    let words = ["scan", "--file", &list, "--format", "jsonl", "--resolver", &resolver];
    let more = ["--timeout", "200", "--attempts", "1", "--concurrency", "4", "--save", &kept];
    let output = run(&[&words[..], &more[..]].concat());
    assert_eq!(output.status.code(), Some(3), "the silent one has no verdict");
    for text in [text(&output.stdout), std::fs::read_to_string(kept).expect("kept")] {
        let rows: Vec<_> = text.lines().collect();
        assert_eq!(rows.len(), 201);
        assert!(rows[0].contains("silent.com.tr"), "{}", rows[0]);
        assert!(rows[1..].iter().all(|row| row.contains("\"ornek.com.tr\"")));
    }
}

#[test]
fn an_empty_list_gives_an_output_without_rows() {
    let folder = Folder::new("empty");
    let list = folder.write("list.txt", "");
    let scan = |format| run(&["scan", "--file", &list, "--no-check", "--format", format]);
    for (format, expected) in [("json", "[]\n"), ("jsonl", "")] {
        let output = scan(format);
        assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), expected));
    }
    assert_eq!(text(&scan("csv").stdout).lines().count(), 1);
    assert!(text(&scan("table").stdout).contains("0 scored"));
}

#[test]
fn a_list_is_never_overwritten_by_what_is_kept() {
    let folder = Folder::new("keep");
    let list = folder.write("list.txt", "10.0.0.10\n");
    let (code, said) = refusal(&["scan", "--no-check", "--file", &list, "--save", &list]);
    assert_eq!(code, Some(1));
    assert!(said.contains("it is the list itself [file_write]"), "{said}");
    let kept = folder.write("kept.jsonl", SEEN);
    let (code, _) = refusal(&["scan", "--no-check", "--file", "no-such-list", "--save", &kept]);
    assert_eq!(code, Some(1));
    assert_eq!(std::fs::read_to_string(list).expect("still there"), "10.0.0.10\n");
    assert_eq!(std::fs::read_to_string(kept).expect("still there"), SEEN);
}

#[test]
fn a_refusal_names_file_line_and_key_and_ends_with_two() {
    let folder = Folder::new("faults");
    let seen = folder.write("seen.jsonl", SEEN);
    let explain = |option: &str, path: &str| {
        let (code, said) = refusal(&["explain", "ornek.com.tr", "--from", &seen, option, path]);
        assert_eq!(code, Some(2), "{said}");
        said
    };
    for option in ["--rules", "--fingerprints", "--prices", "--seller", "--hooks", "--figures"] {
        let said = explain(option, "no-such-file");
        assert!(said.contains("`no-such-file`") && said.contains("[data_file_read]"), "{said}");
    }
    assert!(explain("--texts", "no-such-file").contains("[data_file_read]"));
    assert!(explain("--data-dir", "no-such-folder").contains("[data_file_read]"));

    let seller = folder.write("s.toml", "# who calls\nnmae = \"Ayşe\"\n");
    let said = explain("--seller", &seller);
    assert!(said.contains("s.toml:2: `nmae`: ") && said.contains("[data_unknown_key]"), "{said}");
    let hooks = builtin("hooks.toml").replacen("\"own-mx\"", "\"own-mix\"", 1);
    let said = explain("--hooks", &folder.write("h.toml", &hooks));
    assert!(said.contains("h.toml:") && said.contains("`hook[1].when[0]`"), "{said}");
    let figures = builtin("sales.toml").replacen("Cold = 15", "Cold = 1500", 1);
    let said = explain("--figures", &folder.write("f.toml", &figures));
    assert!(said.contains("f.toml:6: `potential.segment.Cold`"), "{said}");

    let texts = english().replacen("ask-budget =", "ask-bugdet =", 1);
    let said = explain("--texts", &folder.write("one/de.ftl", &texts));
    assert!(
        said.contains("de.ftl: `ask-budget`: ") && said.contains("[data_missing_key]"),
        "{said}"
    );
    folder.write("several/de/a.ftl", &texts);
    folder.write("several/de/b.ftl", "# nothing yet\n");
    let several = folder.0.join("several/de").to_string_lossy().into_owned();
    let said = explain("--texts", &several);
    assert!(said.contains("several/de: `ask-budget`: "), "{said}");
    folder.write("none/de/readme.txt", "");
    let none = folder.0.join("none/de").to_string_lossy().into_owned();
    assert!(explain("--texts", &none).contains("it holds no `.ftl` file [data_folder]"));
}

#[test]
fn a_folder_of_data_files_is_taken_by_name_and_an_option_goes_before_it() {
    let folder = Folder::new("data");
    let seen = folder.write("seen.jsonl", SEEN);
    folder.write("data/seller.toml", "name = \"Ayşe Yılmaz\"\n");
    folder.write(
        "data/rules.toml",
        &builtin("rules/classic.toml").replacen(
            "version = \"classic-1\"",
            "version = \"ours-7\"",
            1,
        ),
    );
    folder.write("data/hooks.toml", "");
    folder.write("data/sales.toml", &builtin("sales.toml"));
    folder.write("data/prices.toml", &builtin("prices/default-eur.toml"));
    folder.write("data/providers.json", &builtin("providers.json"));
    folder.write("data/texts/de.ftl", &english().replacen("ask-budget =", "ask-budget = Etat:", 1));
    let data = folder.0.join("data").to_string_lossy().into_owned();
    let explain = |more: &[&str]| {
        let words = ["explain", "ornek.com.tr", "--from", &seen, "--format", "json"];
        let output = run(&[&words[..], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let ours = explain(&["--data-dir", &data, "--lang", "de"]);
    for expected in ["Ayşe Yılmaz", "\"ours-7\"", "Etat:", "\"hooks\":[]"] {
        assert!(ours.contains(expected), "{expected}: {ours}");
    }
    let seller = folder.write("other.toml", "name = \"Can Demir\"\n");
    let ours = explain(&["--data-dir", &data, "--seller", &seller]);
    assert!(ours.contains("Can Demir") && !ours.contains("Ayşe Yılmaz"), "{ours}");

    let assessed = run(&["assess", &seen, "--data-dir", &data, "--format", "jsonl"]);
    assert!(text(&assessed.stdout).contains("\"ours-7\""));

    folder.write("data/hook.toml", "");
    let (code, said) = refusal(&["assess", &seen, "--data-dir", &data]);
    assert_eq!(code, Some(2));
    assert!(said.contains("`hook.toml` is not a known name") && said.contains("[data_folder]"));
    folder.write("elsewhere/notes.txt", "");
    let elsewhere = folder.0.join("elsewhere").to_string_lossy().into_owned();
    let (code, said) = refusal(&["assess", &seen, "--data-dir", &elsewhere]);
    assert_eq!((code, said.contains("it holds none of rules.toml")), (Some(2), true), "{said}");
}

#[test]
fn a_provider_is_shown_by_its_short_name_and_recorded_by_its_full_one() {
    let folder = Folder::new("names");
    let seen = folder.write("seen.jsonl", SEEN);
    let table = text(&run(&["assess", &seen]).stdout);
    assert!(table.contains("Natro") && !table.contains("team.blue"), "{table}");
    let row = text(&run(&["assess", &seen, "--format", "jsonl"]).stdout);
    assert!(row.contains("\"provider_name\":\"Natro (team.blue)\""), "{row}");
}

#[test]
fn a_resolver_that_is_not_there_is_told_apart_from_records_that_are_not() {
    // The port was free a moment ago, so nobody answers at it.
    let free = std::net::UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
    let resolver = free.expect("a free port").to_string();
    let options = ["--resolver", &resolver, "--timeout", "200", "--attempts", "1"];
    for command in ["scan", "explain"] {
        let (code, said) = refusal(&[&[command, "ornek.com.tr"][..], &options].concat());
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&resolver) && said.contains("[scan_resolvers_silent]"), "{said}");
    }
    let options = [&options[..], &["--no-check"]].concat();
    let output = run(&[&["scan", "ornek.com.tr"][..], &options].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(text(&output.stdout).contains("the MX lookup failed"));
    assert!(text(&output.stderr).contains("no lookup was answered: check the network"));
    let output = run(&[&["explain", "ornek.com.tr", "--lang", "en"][..], &options].concat());
    assert_eq!(output.status.code(), Some(3));
    let page = text(&output.stdout);
    assert!(page.contains(" UTC\n") && page.contains("no selector was tried"), "{page}");
}

#[test]
fn a_resolver_that_invents_names_is_refused_before_anything_is_asked() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = NameServer::builder().zone_text("*. 60 IN A 192.0.2.1\n").spawn();
    let portal = runtime.block_on(portal).expect("a name server");
    let resolver = portal.addr().to_string();
    let (code, said) = refusal(&["scan", "ornek.com.tr", "--resolver", &resolver]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("made-up name") && said.contains("[scan_resolver_lies]"), "{said}");
    assert!(!portal.queries().iter().any(|query| query.name == "ornek.com.tr"));
}

#[test]
fn a_scan_that_is_taken_up_again_asks_only_what_had_failed() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let zone = "a.com.tr. 60 IN MX 10 mx.a.com.tr.\nb.com.tr. 60 IN MX 10 mx.b.com.tr.\n";
    let serve = |faults: &str| {
        let server = NameServer::builder().zone_text(zone).faults_text(faults).spawn();
        runtime.block_on(server).expect("a name server")
    };
    let folder = Folder::new("resume");
    let list = folder.write("list.txt", "a.com.tr\nnot a domain\nb.com.tr\n");
    let saved = folder.0.join("seen.jsonl.zst").to_string_lossy().into_owned();
    let scan = |resolver: &str, more: &[&str]| {
        let words = ["scan", "--file", &list, "--format", "jsonl", "--save", &saved];
        let short = ["--timeout", "300", "--attempts", "1", "--resolver", resolver];
        run(&[&words[..], &short, more].concat())
    };
    let faulty = serve("b.com.tr * timeout");
    let first = scan(&faulty.addr().to_string(), &[]);
    assert_eq!(first.status.code(), Some(3));
    let healthy = serve("");
    let second = scan(&healthy.addr().to_string(), &["--resume"]);
    assert_eq!(text(&second.stdout).lines().count(), 3, "every line has its row");
    assert!(!text(&second.stdout).contains("temp_fail"));
    let said = text(&second.stderr);
    assert!(said.contains("2 domains in") && said.contains("1 of them from the earlier"), "{said}");
    let asked = healthy.queries();
    assert!(asked.iter().any(|query| query.name == "b.com.tr"));
    assert!(!asked.iter().any(|query| query.name == "a.com.tr"), "it was settled");
    let rows = text(&run(&["assess", &saved, "--format", "jsonl"]).stdout);
    assert_eq!(rows.lines().count(), 2, "the file holds each domain once");
}

#[test]
fn a_list_is_imported_and_a_worker_scans_it() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = NameServer::builder().zone_text(ZONE).spawn();
    let server = runtime.block_on(server).expect("a name server");
    let folder = Folder::new("import");
    let list = folder.write(
        "list.csv",
        "Firma;E-posta;Alan adı\nÖrnek A.Ş.;bilgi@ornek.com.tr;\nKişi;biri@gmail.com;\n;;10.0.0.10\n",
    );
    let database = format!("sqlite:{}", folder.0.join("hunter.db").display());
    let with = |words: &[&str]| run(&[words, &["--database", &database]].concat());

    let status = text(&with(&["migrate", "status"]).stdout);
    assert!(status.contains("pending"), "{status}");
    let up = with(&["migrate", "up"]);
    assert_eq!(up.status.code(), Some(0), "{}", text(&up.stderr));
    assert_eq!(with(&["migrate", "check"]).status.code(), Some(0));

    let imported = with(&["import", &list, "--scan"]);
    let said = text(&imported.stdout);
    assert_eq!(imported.status.code(), Some(3), "two rows name no company: {said}");
    assert!(said.contains("1 rows taken in, 2 refused"), "{said}");
    assert!(said.contains("1 domain_free_mail"), "{said}");

    let resolver = server.addr().to_string();
    let worked =
        with(&["worker", "--until-idle", "--resolver", &resolver, "--registration", "false"]);
    assert_eq!(worked.status.code(), Some(0), "{}", text(&worked.stderr));
    assert!(text(&worked.stderr).contains("1 batches done"), "{}", text(&worked.stderr));
    assert!(server.queries().iter().any(|query| query.name == "ornek.com.tr"));

    let down = with(&["migrate", "down"]);
    assert_eq!(down.status.code(), Some(0), "{}", text(&down.stderr));
    let (code, said) = refusal(&["import", &list, "--production", "--database", &database]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[schema_behind]"), "{said}");
}

/// Leads of which nine in ten are at Google.
async fn fill(db: &Db, count: usize) {
    let recorder = LeadRecorder::new(Engine::builtin(), Arc::new(NoWords));
    let seen: Vec<Observation> = (0..count)
        .map(|number| {
            let host =
                if number % 10 == 0 { "mx-01.kurumsaleposta.com" } else { "aspmx.l.google.com" };
            let text = SEEN.replace("ornek.com.tr", &format!("d{number:05}.com.tr"));
            Observation::from_json(&text.replace("mx-01.kurumsaleposta.com", host))
                .expect("an observation")
        })
        .collect();
    let mut unit = db.begin().await.expect("a database");
    for chunk in seen.chunks(500) {
        recorder.keep(&mut unit, chunk).await.expect("kept");
    }
    unit.commit().await.expect("kept");
}

#[test]
fn leads_are_exported_to_a_file_that_is_whole_or_not_there() {
    let folder = Folder::new("export");
    let database = format!("sqlite:{}", folder.0.join("hunter.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(StoreConfig::development(&database)).await.expect("a database");
        hunter_store::migrate::ensure(&db).await.expect("a schema");
        fill(&db, 30).await;
        db.close().await;
    });
    let path = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    let export = |words: &[&str]| {
        let output = run(&[&["export", "--database", &database], words].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        output.stdout
    };
    let csv = path("leads.csv");
    assert!(export(&[&csv, "--provider", "Google", "--sort-by", "domain"]).is_empty());
    let written = std::fs::read_to_string(&csv).expect("a file");
    let lines: Vec<_> = written.lines().collect();
    assert!(lines[0].starts_with("\u{feff}domain,company_name,priority_category,"), "{}", lines[0]);
    assert_eq!(lines.len(), 1 + 27);
    assert!(lines[1].starts_with("d00001.com.tr,"), "{}", lines[1]);
    // The same to standard output, as the service gives it.
    let few =
        export(&["-", "--columns", "domain,segment", "--min-score", "1", "--sort-order", "desc"]);
    assert!(text(&few).starts_with("\u{feff}domain,segment\r\n"));
    let book = path("leads.xlsx");
    export(&[&book]);
    assert!(std::fs::read(&book).expect("a file").starts_with(b"PK"));
    assert!(export(&["-", "--format", "xlsx"]).starts_with(b"PK"));

    for (words, code) in [
        (&[path("leads.txt").as_str()][..], "nothing_to_do"),
        (&["-", "--columns", "secret"], "export_column"),
        (&["-", "--min-score", "9", "--max-score", "3"], "nothing_to_do"),
    ] {
        let (status, said) = refusal(&[&["export", "--database", &database], words].concat());
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(&format!("[{code}]")), "{said}");
    }
    // Where it cannot be written, nothing is left behind.
    let nowhere = path("no/leads.csv");
    let (status, said) = refusal(&["export", "--database", &database, &nowhere]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("[file_write]"), "{said}");
    let left = std::fs::read_dir(&folder.0).expect("a folder").count();
    assert!(
        std::fs::read_dir(&folder.0).expect("a folder").all(|entry| {
            let name = entry.expect("an entry").file_name();
            let name = name.to_string_lossy();
            name.starts_with("hunter.db") || name.starts_with("leads.")
        }),
        "{left}"
    );
}

#[test]
fn a_reassessment_that_was_killed_goes_on_and_lists_every_change() {
    const LEADS: usize = 5_000;
    let folder = Folder::new("reassess");
    let rules = builtin("rules/classic.toml").replace("Google = 50", "Google = 5");
    let path = folder.write("strict.toml", &rules.replace("classic-1", "strict-1"));
    let rules = RuleSet::from_toml("strict.toml", &rules.replace("classic-1", "strict-1"));
    let engine = Engine::new(rules.expect("a rule set"), Fingerprints::builtin());
    let database = format!("sqlite:{}", folder.0.join("hunter.db").display());
    let words = ["reassess", "--database", &database, "--rules", &path, "--batches", "1"];
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let done = runtime.block_on(async {
        let db = Db::open(StoreConfig::development(&database)).await.expect("a database");
        hunter_store::migrate::ensure(&db).await.expect("a schema");
        fill(&db, LEADS).await;
        let mut unit = db.begin().await.expect("a database");
        let job = unit.enqueue_reassessment(&engine).await.expect("a job").job_id;
        unit.commit().await.expect("a job");
        let mut first =
            hunter().args(words).stdout(Stdio::null()).spawn().expect("the program starts");
        let done = async || {
            let job = db.read().await.expect("a database").job(job).await.expect("a job");
            job.expect("the job").succeeded
        };
        while done().await < 1 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        first.kill().expect("it is still at work");
        first.wait().expect("it ends");
        let done = done().await;
        db.close().await;
        done
    });
    assert!((1..5).contains(&done), "{done} of 5 batches were done when it was killed");

    let second = run(&words);
    let said = text(&second.stderr);
    assert_eq!(second.status.code(), Some(0), "{said}");
    assert!(said.contains("5 of 5 batches done, 4500 leads changed their segment"), "{said}");
    let listed = text(&second.stdout);
    let mut lines = listed.lines();
    assert_eq!(lines.next(), Some("domain,before,after"));
    assert_eq!(lines.next(), Some("d00001.com.tr,Cold,Skip"));
    assert_eq!(lines.count(), LEADS * 9 / 10 - 1);

    let third = run(&words);
    assert_eq!(text(&third.stdout), "domain,before,after\n", "the same rules say the same");
}

#[test]
fn a_rescan_lists_what_changed() {
    let folder = Folder::new("rescan");
    let database = format!("sqlite:{}", folder.0.join("hunter.db").display());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let server = NameServer::builder().zone_text(ZONE);
    let server = runtime.block_on(server.spawn()).expect("a name server");
    let resolver = server.addr().to_string();
    runtime.block_on(async {
        let db = Db::open(StoreConfig::development(&database)).await.expect("a database");
        hunter_store::migrate::ensure(&db).await.expect("a schema");
        let recorder = LeadRecorder::new(Engine::builtin(), Arc::new(NoWords));
        let mut unit = db.begin().await.expect("a database");
        let seen = Observation::from_json(SEEN).expect("an observation");
        recorder.keep(&mut unit, &[seen]).await.expect("kept");
        unit.commit().await.expect("kept");
        db.close().await;
    });
    let rescan = |words: &[&str]| {
        let store = ["--database", &database];
        run(&[&["rescan"][..], words, &store, &["--resolver", &resolver]].concat())
    };
    let nothing = rescan(&["--due", "100000"]);
    assert_eq!((nothing.status.code(), text(&nothing.stdout)), (Some(0), String::new()));
    assert!(text(&nothing.stderr).contains("nothing to be scanned again"));

    let later = rescan(&["--due", "0", "--enqueue"]);
    assert_eq!(later.status.code(), Some(0), "{}", text(&later.stderr));
    assert_eq!(text(&later.stdout).trim().len(), 36, "the number of a job");
    let waits = rescan(&["--due", "0"]);
    assert!(text(&waits.stderr).contains("nothing to be"), "it waits already");

    let now = rescan(&["https://www.ornek.com.tr/", "not a domain"]);
    let said = text(&now.stderr);
    assert_eq!(now.status.code(), Some(3), "one is no domain: {said}");
    assert!(
        said.contains("[domain_not_a_name]") && said.contains("1 of 1 domains scanned"),
        "{said}"
    );
    let listed = text(&now.stdout);
    let mut lines = listed.lines();
    assert_eq!(lines.next(), Some("domain,event,kind,before,after,message"));
    assert!(
        listed.contains("ornek.com.tr,change,mx_changed,kurumsaleposta.com,google.com,"),
        "{listed}"
    );
    assert!(listed.contains("ornek.com.tr,alert,mx_changed,,,"), "{listed}");

    let again = rescan(&["ornek.com.tr"]);
    assert_eq!((again.status.code(), text(&again.stdout).lines().count()), (Some(0), 1));
    let (code, _) = refusal(&["rescan", "--database", &database]);
    assert_eq!(code, Some(2), "neither domains nor --due");
}

#[test]
fn wrong_words_end_with_two_and_help_says_so() {
    for words in [
        &["scan", "--formt", "csv", "a.com"][..],
        &["scan", "a.com", "--profile", "fast"],
        &["scan", "a.com", "--concurrency", "0"],
        &["scan", "a.com", "--resolver", "nowhere"],
        // The texts are not spoken here: to take the option and ignore it would deceive.
        &["scan", "a.com", "--prices", "prices.toml"],
        &["scan"],
        &["explain"],
        &["explain", "nan"],
    ] {
        let (code, said) = refusal(words);
        assert_eq!(code, Some(2), "{words:?}: {said}");
        assert!(said.lines().count() > 0, "{words:?}");
    }
    for file in [&["scan", "--file", "no-such-file"][..], &["assess", "no-such-file"]] {
        let (code, said) = refusal(file);
        assert_eq!(code, Some(1));
        assert!(said.contains("`no-such-file`") && said.contains("[file_read]"), "{said}");
    }
    for words in [&["--help"][..], &["scan", "--help"], &["assess", "-h"], &["explain", "-h"]] {
        let output = run(words);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("Exit codes:"), "{words:?}");
    }
}

#[test]
fn a_language_that_is_not_there_is_told_before_the_network_is_asked() {
    // Nobody answers at this address; a question would take its time.
    let words = ["explain", "ornek.com.tr", "--lang", "xx", "--resolver", "192.0.2.1:53"];
    let start = std::time::Instant::now();
    let (code, said) = refusal(&[&words[..], &["--timeout", "60000"]].concat());
    assert_eq!(code, Some(2));
    assert!(said.contains("use one of tr, en [locale_unknown]"), "{said}");
    assert!(start.elapsed() < std::time::Duration::from_secs(30));
}

#[test]
fn the_first_key_comes_from_the_command_line_and_without_one_nobody_is_let_in() {
    let folder = Folder::new("keys");
    let database = format!("sqlite:{}", folder.0.join("hunter.db").display());
    let store = ["--database", &database];
    // Others could connect: nothing listens before somebody can administer it.
    let serve = ["serve", "--listen", "0.0.0.0:0"];
    let (code, said) = refusal(&[&serve[..], &store].concat());
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("hunter keys create") && said.contains("[admin_key_missing]"), "{said}");
    let made =
        run(&[&["keys", "create", "--name", "ofis", "--scope", "admin"][..], &store].concat());
    assert!(made.status.success(), "{}", text(&made.stderr));
    let key = text(&made.stdout);
    let (prefix, secret) = key.trim().split_once('.').expect("prefix.secret");
    assert_eq!(secret.len(), 64);
    let listed = text(&run(&[&["keys", "list"][..], &store].concat()).stdout);
    assert_eq!(listed, format!("1\t{prefix}\tactive\t60/min\tadmin\tofis\n"));
    let off = text(&run(&[&["keys", "deactivate", "1"][..], &store].concat()).stdout);
    assert!(off.contains("inactive"), "{off}");
    let (code, said) = refusal(&[&serve[..], &store].concat());
    assert_eq!(code, Some(2), "a key that is off lets nobody in: {said}");
    let (code, said) = refusal(&[&["keys", "activate", "9"][..], &store].concat());
    assert!(code == Some(2) && said.contains("[key_unknown]"), "{said}");
    let (code, said) =
        refusal(&[&["keys", "create", "--name", "x", "--scope", "root"][..], &store].concat());
    assert!(code == Some(2) && said.contains("`root` is no scope"), "{said}");
}
