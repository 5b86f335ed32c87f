//! The workloads of group `core`, on one thread.
//!
//! `cargo bench -p hunter-benches --bench core` runs all of them and prints one table; a filter
//! after `--` picks some, and `--test` there runs each once to see that it still works.

use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput};
use hunter_benches::inputs;
use hunter_benches::manifest::{InputSpec, Manifest, Peer, Workload};
use hunter_benches::peers::{EndsWith, LabelMap, sorted_hash};
use hunter_benches::report::{Measured, Report, Times};
use hunter_core::Domain;
use hunter_core::assess::{Engine, Lead};
use hunter_core::batch::{ScoreBatch, ScoreColumns};
use hunter_core::hash::signals_hash;
use hunter_core::observation::Observation;
use hunter_core::rules::RuleSet;
use hunter_core::sales::{SalesEngine, SalesFacts};

const GROUP: &str = "core";

/// One pass over the whole input.
type Pass = Box<dyn FnMut()>;

fn main() -> io::Result<()> {
    // Criterion only times when cargo says that this is a benchmark run.
    let arguments: Vec<String> = std::env::args().collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let timed = has("--bench") && !has("--test");

    let manifest = Manifest::read();
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .sample_size(30)
        .without_plots()
        .configure_from_args();
    let mut measured = Vec::new();
    for workload in manifest.group(GROUP) {
        for peer in std::iter::once(None).chain(workload.peers.iter().map(Some)) {
            measured.extend(measure(&mut criterion, workload, peer));
        }
    }
    criterion.final_summary();
    let mut out = io::stdout();
    if timed && !measured.is_empty() {
        write!(out, "\n{}", Report(measured))?;
    }
    Ok(())
}

/// Times one workload or peer; `None` when the filter leaves it out.
fn measure<'a>(
    criterion: &mut Criterion,
    workload: &'a Workload,
    peer: Option<&'a Peer>,
) -> Option<Measured<'a>> {
    let mut times = Times::default();
    let mut pass: Option<Pass> = None;
    let mut group = criterion.benchmark_group(GROUP);
    group.sampling_mode(SamplingMode::Flat);
    group.throughput(Throughput::Elements(u64::try_from(workload.input.size).unwrap_or(u64::MAX)));
    let id = match peer {
        None => BenchmarkId::from_parameter(&workload.name),
        Some(peer) => BenchmarkId::new(&workload.name, &peer.name),
    };
    group.bench_function(id, |bencher| {
        let pass = pass.get_or_insert_with(|| make_pass(workload, peer));
        bencher.iter_custom(|passes| {
            let start = Instant::now();
            for _ in 0..passes {
                pass();
            }
            let took = start.elapsed();
            times.add(passes, took);
            took
        });
    });
    group.finish();
    // The passes above have filled every cache and buffer.
    let allocations = allocation_counter::measure(pass?).count_total;
    Some(Measured::new(workload, peer, times.median()?, allocations))
}

/// Makes the input of a workload, and the closure that goes over it once.
fn make_pass(workload: &Workload, peer: Option<&Peer>) -> Pass {
    let input = &workload.input;
    match (workload.name.as_str(), peer.map(|peer| peer.name.as_str())) {
        ("score_rows", None) => score_rows(input),
        ("score_columns", None) => score_columns(input),
        ("mx_hosts", None) => mx_hosts(input),
        ("mx_hosts", Some("ends_with")) => mx_hosts_ends_with(input),
        ("mx_hosts", Some("label_map")) => mx_hosts_label_map(input),
        ("signals_hash", None) => hash_signals(input),
        ("signals_hash_json", None) => {
            hash_json(input, |text| black_box(signals_hash(text)).is_ok())
        }
        ("signals_hash_json", Some("serde_json_sorted")) => {
            hash_json(input, |text| black_box(sorted_hash(text)).len() == 8)
        }
        ("assess", None) => assess(input),
        ("assess_lines", None) => assess_lines(input),
        ("read_lines", None) => read_lines(input, |line| Observation::from_json(line).is_ok()),
        ("read_lines", Some("serde_json_value")) => read_lines(input, |line| {
            black_box(serde_json::from_str::<serde_json::Value>(line)).is_ok()
        }),
        ("write_lines", None) => write_lines(input),
        ("write_lines", Some("serde_json_value")) => write_values(input),
        ("write_assessments", None) => write_assessments(input),
        ("sales_tr", None) => summarize(input, "tr"),
        ("sales_en", None) => summarize(input, "en"),
        ("domain_cells", None) => domain_cells(input),
        (name, peer) => panic!("workloads.toml names {name} {peer:?}, which nothing here runs"),
    }
}

fn score_rows(input: &InputSpec) -> Pass {
    let rules = RuleSet::builtin();
    let facts = inputs::facts(input.size, input.seed);
    Box::new(move || {
        for facts in &facts {
            black_box(rules.verdict(black_box(facts)));
        }
    })
}

fn score_columns(input: &InputSpec) -> Pass {
    let rules = RuleSet::builtin();
    let facts = inputs::facts(input.size, input.seed);
    let mailbox: Vec<_> = facts.iter().map(|facts| facts.mailbox).collect();
    let spf: Vec<_> = facts.iter().map(|facts| facts.spf).collect();
    let dkim: Vec<_> = facts.iter().map(|facts| facts.dkim).collect();
    let dmarc: Vec<_> = facts.iter().map(|facts| facts.dmarc).collect();
    let many_includes: Vec<_> = facts.iter().map(|facts| facts.many_includes).collect();
    let mut batch = ScoreBatch::default();
    Box::new(move || {
        let columns = ScoreColumns {
            mailbox: &mailbox,
            spf: &spf,
            dkim: &dkim,
            dmarc: &dmarc,
            many_includes: &many_includes,
        };
        batch.score(&rules, black_box(&columns)).expect("columns of one length");
        black_box(&batch);
    })
}

fn mx_hosts(input: &InputSpec) -> Pass {
    let engine = Engine::builtin();
    let hosts = inputs::hosts(input.size, input.seed, engine.fingerprints());
    Box::new(move || {
        for host in &hosts {
            black_box(engine.fingerprints().match_mx(black_box(host)));
        }
    })
}

fn mx_hosts_ends_with(input: &InputSpec) -> Pass {
    let engine = Engine::builtin();
    let hosts = inputs::hosts(input.size, input.seed, engine.fingerprints());
    let peer = EndsWith::new(engine.fingerprints());
    Box::new(move || {
        for host in &hosts {
            black_box(peer.longest(black_box(host)));
        }
    })
}

fn mx_hosts_label_map(input: &InputSpec) -> Pass {
    let engine = Engine::builtin();
    let hosts = inputs::hosts(input.size, input.seed, engine.fingerprints());
    let peer = LabelMap::new(engine.fingerprints());
    Box::new(move || {
        for host in &hosts {
            black_box(peer.longest(black_box(host)));
        }
    })
}

fn hash_signals(input: &InputSpec) -> Pass {
    let signals = inputs::signals(input.size, input.seed);
    Box::new(move || {
        for signals in &signals {
            black_box(black_box(signals).hash());
        }
    })
}

fn hash_json(input: &InputSpec, hash: fn(&str) -> bool) -> Pass {
    let signals = inputs::signals(input.size, input.seed);
    let texts: Vec<String> = signals.iter().map(inputs::signals_json).collect();
    Box::new(move || {
        for text in &texts {
            assert!(hash(black_box(text)));
        }
    })
}

fn observations(input: &InputSpec) -> (Engine, Vec<Observation>) {
    let engine = Engine::builtin();
    let seen = inputs::observations(input.size, input.seed, engine.fingerprints());
    (engine, seen)
}

fn lines(input: &InputSpec) -> Vec<String> {
    observations(input).1.iter().map(Observation::to_json).collect()
}

fn assess(input: &InputSpec) -> Pass {
    let (engine, seen) = observations(input);
    let lead = Lead::default();
    Box::new(move || {
        for observation in &seen {
            black_box(engine.assess(black_box(observation), &lead));
        }
    })
}

fn assess_lines(input: &InputSpec) -> Pass {
    let lines = lines(input);
    let engine = Engine::builtin();
    let lead = Lead::default();
    Box::new(move || {
        for line in &lines {
            let observation = Observation::from_json(black_box(line)).expect("written here");
            black_box(engine.assess(&observation, &lead));
        }
    })
}

fn read_lines(input: &InputSpec, read: fn(&str) -> bool) -> Pass {
    let lines = lines(input);
    Box::new(move || {
        for line in &lines {
            assert!(read(black_box(line)));
        }
    })
}

fn write_lines(input: &InputSpec) -> Pass {
    let (_, seen) = observations(input);
    Box::new(move || {
        for observation in &seen {
            black_box(black_box(observation).to_json());
        }
    })
}

fn write_values(input: &InputSpec) -> Pass {
    let values: Vec<serde_json::Value> =
        lines(input).iter().map(|line| serde_json::from_str(line).expect("written here")).collect();
    Box::new(move || {
        for value in &values {
            black_box(black_box(value).to_string());
        }
    })
}

fn write_assessments(input: &InputSpec) -> Pass {
    let (engine, seen) = observations(input);
    let lead = Lead::default();
    let assessments: Vec<_> = seen.iter().map(|seen| engine.assess(seen, &lead)).collect();
    Box::new(move || {
        for assessment in &assessments {
            black_box(black_box(assessment).to_json());
        }
    })
}

fn summarize(input: &InputSpec, locale: &'static str) -> Pass {
    let (engine, seen) = observations(input);
    let lead = Lead::default();
    let leads: Vec<SalesFacts> = seen
        .iter()
        .map(|seen| SalesFacts::from_assessment(&engine.assess(seen, &lead), &lead))
        .collect();
    let now = seen.first().expect("no input is empty").observed_at;
    let engine = SalesEngine::builtin();
    Box::new(move || {
        for facts in &leads {
            black_box(engine.summarize(black_box(facts), locale, now)).expect("built in");
        }
    })
}

fn domain_cells(input: &InputSpec) -> Pass {
    let cells = inputs::cells(input.size, input.seed);
    Box::new(move || {
        for cell in &cells {
            let _ = black_box(Domain::from_cell(black_box(cell)));
        }
    })
}
