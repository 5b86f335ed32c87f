//! The workloads of group `scan`: real domains from a name server on the same machine, without
//! throttles, and others at the same work in the same run.
//!
//! `cargo xtask bench scan` installs what it takes and runs all of it; with `--smoke`, and under
//! `cargo test`, each part runs for a moment to see that it still works.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use hunter_benches::manifest::{Manifest, Peer, Workload};
use hunter_benches::scan::observe::{self, Task};
use hunter_benches::scan::report::{Latency, Report};
use hunter_benches::scan::{Run, delay, outside, sample};
use hunter_core::Domain;
use hunter_tests::dns::generated::root_zone;
use hunter_tests::dns::servers::Server;
use hunter_tests::domains::DOMAINS;

const GROUP: &str = "scan";
/// The workload whose memory is judged, and so many domains that all others are compared with.
const JUDGED: (&str, usize) = ("scan_standard", 5000);
/// The workloads of which one domain is timed by itself.
const TIMED: [&str; 2] = ["scan_light", "scan_standard"];
/// How late a question arrives at a name server that is far away.
const FAR: Duration = Duration::from_millis(20);
/// Domains that are timed by themselves.
const ALONE: usize = 200;
/// How often dnsperf goes over its file, so that it runs for seconds.
const TIMES: u32 = 5;
/// As many domains in flight as in a scan of ours.
const AT_ONCE: &str = "64";
/// The most domains of each part when it only has to be seen to work.
const FEW: usize = 30;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, task] = arguments.as_slice()
        && word == observe::WORD
    {
        let task: Task = serde_json::from_str(task).expect("written by this program");
        return writeln!(io::stdout(), "{}", serde_json::to_string(&task.observe())?);
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let timed = has("--bench") && !has("--smoke") && !has("--test");
    let Some(rows) = hunter_tests::shared(DOMAINS) else { return Ok(()) };
    let (zone, domains) = root_zone(&fs::read_to_string(rows)?);
    let server = Server::nsd(&[(String::new(), zone.to_text(""))]);
    // It takes a few hundred MiB, and is not needed once the server has it.
    drop(zone);
    let place = Place {
        server: server.addr(),
        folder: tempfile::tempdir()?,
        domains,
        most: if timed { usize::MAX } else { FEW },
    };
    let manifest = Manifest::read();
    let report = place.measure(&manifest)?;
    let mut out = io::stdout();
    if !timed {
        writeln!(out, "\nso few domains that the figures mean nothing")?;
    }
    write!(out, "\n{report}")
}

/// What the runs share.
struct Place {
    server: SocketAddr,
    folder: tempfile::TempDir,
    domains: Vec<Domain>,
    /// The most domains of any part.
    most: usize,
}

impl Place {
    fn measure<'a>(&self, manifest: &'a Manifest) -> io::Result<Report<'a>> {
        let mut report = Report::default();
        for workload in manifest.group(GROUP) {
            let name = workload.name.as_str();
            tell(name)?;
            report.profiles.push((name, self.observe(name, workload.input.size)?));
            if name == JUDGED.0 {
                report.few = Some((name, self.observe(name, JUDGED.1)?));
            }
            for peer in &workload.peers {
                tell(&format!("{name}: {}", peer.name))?;
                if let Some(run) = self.peer(workload, peer)? {
                    report.peers.push((name, peer, run));
                }
            }
        }
        for name in TIMED {
            tell(&format!("{name}: one domain"))?;
            report.latencies.push(self.alone(name)?);
        }
        Ok(report)
    }

    /// A run of ours over so many domains, in a process of its own.
    fn observe(&self, workload: &str, count: usize) -> io::Result<Run> {
        let (domains, count) = self.list(count)?;
        let task = self.task(workload, domains, None);
        let run = task.run();
        assert_eq!(run.domains, count, "each domain comes back once");
        Ok(run)
    }

    fn task(&self, workload: &str, domains: PathBuf, questions: Option<&Path>) -> Task {
        Task {
            profile: profile(workload).to_owned(),
            server: self.server,
            domains,
            questions: questions.map(Path::to_owned),
        }
    }

    /// A file of so many domains, and how many they are.
    fn list(&self, count: usize) -> io::Result<(PathBuf, u64)> {
        let chosen = sample(&self.domains, count.min(self.most));
        let mut lines = String::new();
        for domain in &chosen {
            lines.extend([domain.as_str(), "\n"]);
        }
        let path = self.folder.path().join("domains");
        fs::write(&path, lines)?;
        Ok((path, u64::try_from(chosen.len()).expect("counted")))
    }

    /// Another program at the work of a workload; none where it is not installed.
    fn peer(&self, workload: &Workload, peer: &Peer) -> io::Result<Option<Run>> {
        let (domains, _) = self.list(peer.size.unwrap_or(workload.input.size))?;
        let port = self.server.port().to_string();
        let run = match peer.name.as_str() {
            "dnsperf" => {
                let questions = self.questions(workload, domains);
                Some(outside::dnsperf(self.server, &questions, TIMES))
            }
            "dnspython" => {
                let questions = self.questions(workload, domains);
                outside::python("ask_all.py", &[&port, path(&questions), AT_ONCE])
            }
            "checkdmarc" => outside::python("check_all.py", &[&port, path(&domains)]),
            name => panic!("workloads.toml names {name}, which nothing here runs"),
        };
        if run.is_none() {
            let name = &peer.name;
            tell(&format!("NOT MEASURED: {name}: `cargo xtask bench scan` installs it"))?;
        }
        Ok(run)
    }

    /// The questions that a scan of these domains puts.
    fn questions(&self, workload: &Workload, domains: PathBuf) -> PathBuf {
        let path = self.folder.path().join("questions");
        self.task(&workload.name, domains, Some(&path)).run();
        path
    }

    /// The time that one domain takes by itself, far from the name server and with nothing known.
    fn alone(&self, workload: &str) -> io::Result<Latency> {
        let runtime = tokio::runtime::Runtime::new()?;
        let times = runtime.block_on(async {
            let far = delay::before(self.server, FAR).await?;
            let mut times = Vec::new();
            for domain in sample(&self.domains, ALONE.min(self.most)) {
                let scanner = observe::scanner(profile(workload), far);
                let started = Instant::now();
                scanner.observe(&domain).await;
                times.push(started.elapsed());
            }
            io::Result::Ok(times)
        })?;
        Ok(Latency::new(workload.to_owned(), FAR, times))
    }
}

/// The profile that a workload is named for.
fn profile(workload: &str) -> &str {
    workload.strip_prefix("scan_").expect("workloads of scans are named for their profile")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a temporary folder has a plain name")
}

fn tell(text: &str) -> io::Result<()> {
    writeln!(io::stderr(), "{text}")
}
