//! The fit: one multinomial logistic model a situation, by gradient descent.
//!
//! Domains with the same traces are one row with counts, so that the whole fit is a few hundred rows.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use hunter_core::provider::{Family, Situation, TraceKind, TraceSet};

use crate::sample::Sample;

/// Kinds of trace that the shared data do not carry (or hardly), and the kind whose weights they take:
/// one that proves about as much. A further MX and the address of an accepted domain are set up by
/// Exchange Online itself, like the target of a DKIM CNAME; a selector that one provider uses allows to
/// send, like the SPF record; a PTR name tells like a network; a key of somebody else's tells like
/// `autodiscover` elsewhere.
const STAND_IN: &[(TraceKind, TraceKind)] = &[
    (TraceKind::MxFallback, TraceKind::DkimCname),
    (TraceKind::AcceptedDomain, TraceKind::DkimCname),
    (TraceKind::DkimSelector, TraceKind::Spf),
    (TraceKind::DkimKey, TraceKind::Autodiscover),
    (TraceKind::MxPtr, TraceKind::MxAsn),
];

/// A trace seen for fewer domains than this is left out: its weight would be chance.
const LEAST_DOMAINS: u32 = 5;
/// How strongly weights are held near nothing; the weight of one imagined domain.
const RIDGE: f64 = 0.5;
const STEPS: usize = 20_000;

type Trace = (TraceKind, Family);
/// How many domains of each family.
type Counts = [u32; Family::ALL.len()];
type Pair = [f64; 2];

/// The document: `hunter-core/data/confidence.toml`.
pub(crate) fn document(samples: &[Sample]) -> String {
    let mut out = String::new();
    let fitted = samples.iter().filter(|s| !s.held_out && s.pattern.is_some()).count();
    let _ = write!(
        out,
        "# What the traces of a domain are worth; `hunter_core::provider::ConfidenceModel` reads it.\n\
         # Made by the command below; do not edit by hand. Each pair is the weight for Microsoft and\n\
         # the weight for Google, in log-odds against anybody else.\n\n\
         format = 1\n\
         version = \"2026-11-24\"\n\
         fitted_on = \"{fitted} labelled domains, half of those of the shared data, scanned in 2026\"\n\
         command = \"cargo xtask gen confidence\"\n\n\
         # Kinds of trace that those domains do not carry, and the kind whose weights they take.\n\
         [stand_in]\n"
    );
    for (kind, other) in STAND_IN {
        let _ = writeln!(out, "{kind} = \"{other}\"");
    }
    for situation in Situation::ALL {
        let model = Model::fit(samples, *situation);
        let _ = write!(
            out,
            "\n[situation.{situation}]\ndomains = {}\nbias = {}\n",
            model.domains,
            pair(model.bias)
        );
        let mut kind = None;
        for ((trace, family), weights) in model.traces.iter().zip(&model.weights) {
            if kind != Some(trace) {
                let _ = writeln!(out, "[situation.{situation}.trace.{trace}]");
                kind = Some(trace);
            }
            let _ = writeln!(out, "{family} = {}", pair(*weights));
        }
    }
    out
}

fn pair([microsoft, google]: Pair) -> String {
    // Two decimals: the same on every machine, and all that the data can tell.
    let rounded = |weight: f64| (weight * 100.0).round() / 100.0 + 0.0;
    format!("[{:?}, {:?}]", rounded(microsoft), rounded(google))
}

struct Model {
    domains: u32,
    bias: Pair,
    traces: Vec<Trace>,
    weights: Vec<Pair>,
}

/// Domains with the same traces.
struct Group {
    /// Places in [`Model::traces`].
    traces: Vec<usize>,
    counts: Counts,
}

impl Model {
    fn fit(samples: &[Sample], situation: Situation) -> Self {
        let mut counted: BTreeMap<TraceSet, Counts> = BTreeMap::new();
        for sample in samples.iter().filter(|sample| !sample.held_out) {
            if let Some((its, traces)) = sample.pattern
                && its == situation
            {
                counted.entry(traces).or_default()[sample.label.index()] += 1;
            }
        }
        let mut seen: BTreeMap<Trace, u32> = BTreeMap::new();
        for (set, counts) in &counted {
            for trace in set.iter() {
                *seen.entry(trace).or_default() += counts.iter().sum::<u32>();
            }
        }
        let traces: Vec<Trace> =
            seen.iter().filter(|(_, n)| **n >= LEAST_DOMAINS).map(|(trace, _)| *trace).collect();
        let groups: Vec<Group> = counted
            .iter()
            .map(|(set, counts)| Group {
                traces: set.iter().filter_map(|t| traces.iter().position(|o| *o == t)).collect(),
                counts: *counts,
            })
            .collect();
        let domains = groups.iter().flat_map(|group| group.counts).sum();
        let mut model =
            Self { domains, bias: [0.0; 2], weights: vec![[0.0; 2]; traces.len()], traces };
        model.descend(&groups);
        model
    }

    /// Gradient descent with a step for each weight that grows while its sign stays (Rprop): no rate
    /// to tune, and the same result on every run.
    fn descend(&mut self, groups: &[Group]) {
        let size = 1 + self.weights.len();
        let mut steps = vec![[0.1; 2]; size];
        let mut last = vec![[0.0; 2]; size];
        for _ in 0..STEPS {
            let gradient = self.gradient(groups);
            for place in 0..size {
                for side in 0..2 {
                    let slope = gradient[place][side];
                    let step = &mut steps[place][side];
                    let turn = slope * last[place][side];
                    if turn > 0.0 {
                        *step = (*step * 1.2_f64).min(1.0);
                    } else if turn < 0.0 {
                        *step = (*step * 0.5_f64).max(1e-9);
                    }
                    last[place][side] = slope;
                    let weight = if place == 0 {
                        &mut self.bias[side]
                    } else {
                        &mut self.weights[place - 1][side]
                    };
                    if slope != 0.0 {
                        *weight -= slope.signum() * *step;
                    }
                    // A record that names somebody never makes him less likely: where it seems so,
                    // records that mostly stand together share the weight by chance.
                    let names_side = |(_, family): &Trace| family.index() == side;
                    if place > 0 && self.traces.get(place - 1).is_some_and(names_side) {
                        *weight = weight.max(0.0);
                    }
                }
            }
        }
    }

    /// The slope of the loss: bias first, then the weights.
    fn gradient(&self, groups: &[Group]) -> Vec<Pair> {
        let mut gradient = vec![[0.0; 2]; 1 + self.weights.len()];
        for (slope, weight) in gradient.iter_mut().skip(1).zip(&self.weights) {
            *slope = weight.map(|weight| RIDGE * weight);
        }
        // An intercept without a pull would run away where one family never occurs.
        gradient[0] = self.bias.map(|bias| 0.02 * bias);
        for group in groups {
            let mut score = self.bias;
            for place in &group.traces {
                score[0] += self.weights[*place][0];
                score[1] += self.weights[*place][1];
            }
            let top = score[0].max(score[1]).max(0.0);
            let [m, g, o] = [score[0] - top, score[1] - top, -top].map(f64::exp);
            let sum = m + g + o;
            let all: u32 = group.counts.iter().sum();
            for (side, likely) in [m / sum, g / sum].into_iter().enumerate() {
                // Families stand in the order Microsoft, Google, other.
                let slope = f64::from(all) * likely - f64::from(group.counts[side]);
                gradient[0][side] += slope;
                for place in &group.traces {
                    gradient[place + 1][side] += slope;
                }
            }
        }
        gradient
    }
}
