//! One scan of ours, in a process of its own.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use futures::StreamExt as _;
use hunter_core::observation::{Observation, Outcome, RecordType};
use hunter_core::{Domain, Engine};
use hunter_scan::{ScanConfig, Scanner};
use serde::{Deserialize, Serialize};

use super::{Run, outside, usage};

/// The argument by which a benchmark knows that it is to be such a process.
pub const WORD: &str = "observe";

/// What is to be scanned.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// The profile, by its word.
    pub profile: String,
    /// The name server.
    pub server: SocketAddr,
    /// A file of domains, one a line.
    pub domains: PathBuf,
    /// Where the questions are to be written, for others to put them too.
    pub questions: Option<PathBuf>,
}

/// The settings of every scan here: those that a user gets, without limits of pace.
pub fn scanner(profile: &str, server: SocketAddr) -> Scanner {
    let config = ScanConfig {
        resolvers: vec![server.into()],
        profile: profile.parse().expect("a profile"),
        ..ScanConfig::default()
    };
    Scanner::new(config, Engine::builtin()).expect("a scanner")
}

impl Task {
    /// Starts this program again to do the task.
    pub fn run(&self) -> Run {
        let program = std::env::current_exe().expect("this program");
        let task = serde_json::to_string(self).expect("plain data");
        outside::told(Command::new(program).args([WORD, &task]).stdin(Stdio::null()))
    }

    /// Does the task here.
    pub fn observe(&self) -> Run {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(self.scan())
    }

    async fn scan(&self) -> Run {
        let scanner = scanner(&self.profile, self.server);
        // Read as they are needed, as a list of millions would be.
        let lines = BufReader::new(File::open(&self.domains).expect("a file of domains")).lines();
        let domains = lines
            .map(|line| line.expect("readable").parse::<Domain>().expect("written from a domain"));
        let mut questions = self
            .questions
            .as_ref()
            .map(|path| BufWriter::new(File::create(path).expect("a writable folder")));
        let mut run = Run::default();
        let mut unknown = 0;
        let (started, cpu) = (Instant::now(), usage::own_seconds());
        let mut results = Box::pin(scanner.observe_all(futures::stream::iter(domains)));
        while let Some((_, seen)) = results.next().await {
            run.domains += 1;
            for answer in &seen.answers {
                run.queries += answer.attempts.map_or(0, u64::from);
                unknown += u64::from(is_unknown(&answer.outcome));
            }
            if let Some(file) = &mut questions {
                write!(file, "{}", asked(&seen)).expect("a writable file");
            }
        }
        run.seconds = started.elapsed().as_secs_f64();
        run.cpu_seconds = usage::own_seconds() - cpu;
        run.unknown = Some(unknown);
        run.peak_kib = Some(usage::peak_kib());
        if let Some(mut file) = questions {
            file.flush().expect("a writable file");
        }
        run
    }
}

/// Whether a question failed, or was given up for want of time; what the zone itself makes pointless
/// or circular is known.
fn is_unknown(outcome: &Outcome<Vec<String>>) -> bool {
    match outcome {
        Outcome::Found(_) | Outcome::Absent { .. } => false,
        Outcome::TempFail { .. } => true,
        Outcome::PermFail { reason } => reason != "cname_loop",
        Outcome::NotAsked { reason } => reason == "apex_failed" || reason == "deadline",
    }
}

/// The questions that were put for one domain, as dnsperf reads them, below a comment. Of a chain of
/// aliases, which one message answers, only the first name was asked for.
fn asked(seen: &Observation) -> String {
    let mut text = format!("; {}\n", seen.domain);
    let mut first = None;
    for answer in &seen.answers {
        match answer.attempts {
            None if answer.record_type == RecordType::Cname && answer.outcome.found().is_some() => {
                first.get_or_insert(answer.name.as_str());
            }
            None | Some(0) => first = None,
            Some(_) => {
                let name = first.take().unwrap_or(&answer.name);
                text.extend([name, " ", answer.record_type.as_str(), "\n"]);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use hunter_core::observation::Answer;
    use time::macros::datetime;

    use super::*;

    fn answer(name: &str, of_type: RecordType, record: &str, attempts: Option<u32>) -> Answer {
        let outcome = Outcome::Found(vec![record.to_owned()]);
        Answer { attempts, ..Answer::new(name, of_type, outcome) }
    }

    #[test]
    fn each_message_is_one_question_under_the_name_that_was_asked_for() {
        let domain = "ornek.com.tr".parse().expect("a domain");
        let mut seen = Observation::new(domain, datetime!(2026-11-24 09:30 UTC));
        seen.answers = vec![
            answer("ornek.com.tr", RecordType::Mx, "10 mx.example.net", Some(1)),
            answer("_dmarc.ornek.com.tr", RecordType::Cname, "a.example.net", None),
            answer("a.example.net", RecordType::Cname, "b.example.net", None),
            answer("b.example.net", RecordType::Txt, "v=DMARC1; p=none", Some(1)),
            answer("mx.example.net", RecordType::A, "192.0.2.7", Some(0)),
            answer("autodiscover.ornek.com.tr", RecordType::Cname, "c.example.net", Some(2)),
        ];
        let expected = "; ornek.com.tr\nornek.com.tr MX\n_dmarc.ornek.com.tr TXT\n\
                        autodiscover.ornek.com.tr CNAME\n";
        assert_eq!(asked(&seen), expected);
    }

    #[test]
    fn only_failures_are_unknown() {
        let reason = |reason: &str| reason.to_owned();
        assert!(is_unknown(&Outcome::TempFail { reason: reason("timeout") }));
        assert!(is_unknown(&Outcome::PermFail { reason: reason("malformed") }));
        assert!(is_unknown(&Outcome::NotAsked { reason: reason("deadline") }));
        assert!(!is_unknown(&Outcome::NotAsked { reason: reason("null_mx") }));
        assert!(!is_unknown(&Outcome::PermFail { reason: reason("cname_loop") }));
        assert!(!is_unknown(&Outcome::Absent { rcode: None }));
    }
}
