//! What the scans came to, as tables.

use std::fmt;
use std::time::Duration;

use super::Run;
use crate::manifest::Peer;
use crate::report::{precise, ratio, thousands};

/// How much more memory nine times as many domains may take and still count as flat.
const FLAT: f64 = 1.25;

/// How long one domain takes by itself.
#[derive(Debug)]
pub struct Latency {
    /// The profile.
    pub profile: String,
    /// How late each question arrives.
    pub delay: Duration,
    times: Vec<Duration>,
}

impl Latency {
    /// The times of some domains, at least one.
    pub fn new(profile: String, delay: Duration, mut times: Vec<Duration>) -> Self {
        assert!(!times.is_empty(), "nothing was timed");
        times.sort_unstable();
        Self { profile, delay, times }
    }

    /// The time within which so many of a hundred domains were done.
    pub fn percentile(&self, of_hundred: usize) -> Duration {
        let rank = (self.times.len() * of_hundred).div_ceil(100).max(1);
        self.times[rank - 1]
    }
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report<'a> {
    /// All domains, a run for each profile.
    pub profiles: Vec<(&'a str, Run)>,
    /// Few domains of a profile, by whose memory that of all is judged.
    pub few: Option<(&'a str, Run)>,
    /// Others at the work of a profile.
    pub peers: Vec<(&'a str, &'a Peer, Run)>,
    /// One domain at a time.
    pub latencies: Vec<Latency>,
}

/// One aim and what was reached.
struct Aim {
    what: String,
    wanted: String,
    reached: String,
    holds: bool,
}

impl Report<'_> {
    fn profile(&self, name: &str) -> Option<&Run> {
        self.profiles.iter().find(|(profile, _)| *profile == name).map(|(_, run)| run)
    }

    fn aims(&self) -> Vec<Aim> {
        let mut aims = Vec::new();
        for (profile, peer, run) in &self.peers {
            let Some(own) = self.profile(profile) else { continue };
            if let Some(wanted) = peer.faster {
                let reached = own.domains_per_second() / run.domains_per_second();
                aims.push(Aim {
                    what: format!("{profile}: domains a second, of those of {}", peer.name),
                    wanted: format!("{wanted:.0}x or more"),
                    reached: ratio(reached),
                    holds: reached >= wanted,
                });
            }
            if let Some(wanted) = peer.cpu_within {
                let reached = own.cpu_per_thousand() / run.cpu_per_thousand();
                aims.push(Aim {
                    what: format!("{profile}: processor time a question, of that of {}", peer.name),
                    wanted: format!("{wanted:.0}x or less"),
                    reached: ratio(reached),
                    holds: reached <= wanted,
                });
            }
        }
        let unknown: u64 = self.profiles.iter().filter_map(|(_, run)| run.unknown).sum();
        aims.push(Aim {
            what: "unknown answers, all profiles".to_owned(),
            wanted: "0".to_owned(),
            reached: thousands(precise(unknown)),
            holds: unknown == 0,
        });
        if let Some((profile, few)) = &self.few
            && let Some(many) = self.profile(profile)
            && let (Some(small), Some(large)) = (few.peak_kib, many.peak_kib)
        {
            let reached = precise(large) / precise(small);
            let (many, few) = (thousands(precise(many.domains)), thousands(precise(few.domains)));
            aims.push(Aim {
                what: format!("{profile}: peak memory at {many} domains, of that at {few}"),
                wanted: format!("{FLAT}x or less"),
                reached: ratio(reached),
                holds: reached <= FLAT,
            });
        }
        aims
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<28} {:>9} {:>10} {:>10} {:>10} {:>14} {:>10} {:>8}",
            "run",
            "domains",
            "domains/s",
            "queries",
            "queries/s",
            "cpu ms/1000 q",
            "peak MiB",
            "unknown"
        )?;
        for (profile, run) in &self.profiles {
            row(f, profile, run)?;
        }
        if let Some((profile, run)) = &self.few {
            row(f, &format!("{profile}, few"), run)?;
        }
        for (profile, peer, run) in &self.peers {
            row(f, &format!("{profile}: {}", peer.name), run)?;
        }
        if !self.latencies.is_empty() {
            writeln!(
                f,
                "\n{:<28} {:>9} {:>10} {:>10} {:>10}",
                "one domain", "domains", "delay ms", "p50 ms", "p95 ms"
            )?;
            for latency in &self.latencies {
                let ms = |time: Duration| time.as_secs_f64() * 1e3;
                writeln!(
                    f,
                    "{:<28} {:>9} {:>10.0} {:>10.1} {:>10.1}",
                    latency.profile,
                    latency.times.len(),
                    ms(latency.delay),
                    ms(latency.percentile(50)),
                    ms(latency.percentile(95))
                )?;
            }
        }
        writeln!(f, "\n{:<64} {:>14} {:>10}", "aim", "wanted", "reached")?;
        for aim in self.aims() {
            let word = if aim.holds { "" } else { "missed" };
            let line = format!("{:<64} {:>14} {:>10} {word}", aim.what, aim.wanted, aim.reached);
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, run: &Run) -> fmt::Result {
    // dnsperf knows questions only.
    let (domains, rate) = match run.domains {
        0 => ("-".to_owned(), "-".to_owned()),
        some => (thousands(precise(some)), format!("{:.1}", run.domains_per_second())),
    };
    let peak = run.peak_kib.map_or("-".to_owned(), |kib| format!("{:.0}", precise(kib) / 1024.0));
    let unknown = run.unknown.map_or("-".to_owned(), |count| thousands(precise(count)));
    writeln!(
        f,
        "{name:<28} {domains:>9} {rate:>10} {:>10} {:>10} {:>14.1} {peak:>10} {unknown:>8}",
        thousands(precise(run.queries)),
        thousands(run.queries_per_second()),
        run.cpu_per_thousand()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(domains: u64, seconds: f64, peak_kib: u64) -> Run {
        let queries = domains * 40;
        Run {
            domains,
            queries,
            unknown: Some(0),
            seconds,
            cpu_seconds: seconds,
            peak_kib: Some(peak_kib),
        }
    }

    #[test]
    fn percentiles_are_times_that_were_seen() {
        let times = (1..=20).rev().map(Duration::from_millis).collect();
        let latency = Latency::new("light".into(), Duration::ZERO, times);
        assert_eq!(latency.percentile(50), Duration::from_millis(10));
        assert_eq!(latency.percentile(95), Duration::from_millis(19));
    }

    #[test]
    fn aims_are_judged_against_the_run_that_they_belong_to() {
        let peer = |name: &str, faster, cpu_within| Peer {
            name: name.to_owned(),
            call: String::new(),
            size: None,
            faster,
            cpu_within,
        };
        let (slow, floor) = (peer("slow", Some(50.0), None), peer("floor", None, Some(15.0)));
        let mut report = Report {
            profiles: vec![("full", run(900, 9.0, 9)), ("standard", run(9_000, 9.0, 1_100))],
            few: Some(("standard", run(1_000, 1.0, 1_000))),
            peers: vec![
                ("standard", &slow, run(10, 1.0, 9)),
                ("standard", &floor, Run { cpu_seconds: 0.01, ..run(100, 0.1, 9) }),
            ],
            latencies: Vec::new(),
        };
        let holds =
            |report: &Report<'_>| report.aims().iter().map(|aim| aim.holds).collect::<Vec<_>>();
        assert_eq!(holds(&report), [true; 4]);
        report.profiles[0].1.unknown = Some(1);
        report.profiles[1].1.peak_kib = Some(2_000);
        report.profiles[1].1.seconds = 90.0;
        assert_eq!(holds(&report), [false, true, false, false]);
        assert_eq!(report.to_string().matches("missed").count(), 3);
    }
}
