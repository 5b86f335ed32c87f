//! The figures: confusion, precision and recall, gateways, calibration.

use std::collections::BTreeMap;

use hunter_core::provider::Family;

use crate::sample::Sample;

/// The levels at which calibration is checked.
pub(crate) const LEVELS: [f64; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/// Rows by label and by whom the engine names; the last column counts those of whom it names nobody.
#[derive(Default, Clone)]
pub(crate) struct Confusion(pub(crate) [[u32; 4]; 3]);

impl Confusion {
    fn of<'a>(samples: impl Iterator<Item = &'a Sample>) -> Self {
        let mut confusion = Self::default();
        for sample in samples {
            let column = sample.named.map_or(3, Family::index);
            confusion.0[sample.label.index()][column] += 1;
        }
        confusion
    }

    /// Of those that the engine calls `family`, the share that the label calls so too.
    pub(crate) fn precision(&self, family: Family) -> f64 {
        let called: u32 = self.0.iter().map(|row| row[family.index()]).sum();
        share(self.0[family.index()][family.index()], called)
    }

    /// Of those that the label calls `family`, the share that the engine calls so too.
    pub(crate) fn recall(&self, family: Family) -> f64 {
        let row = self.0[family.index()];
        share(row[family.index()], row.iter().sum())
    }
}

/// Answers with at least some confidence.
pub(crate) struct Level {
    pub(crate) least: f64,
    pub(crate) answers: u32,
    pub(crate) right: u32,
}

impl Level {
    pub(crate) fn accuracy(&self) -> f64 {
        share(self.right, self.answers)
    }
}

pub(crate) struct Measured {
    /// Labelled domains, and how many of them the fit never saw.
    pub(crate) all: usize,
    pub(crate) held_out: usize,
    pub(crate) raw: Confusion,
    /// Rows that carry a record besides the MX hosts.
    pub(crate) traced: Confusion,
    /// The same over the rows that the fit saw.
    pub(crate) fitted: Confusion,
    pub(crate) levels: Vec<Level>,
    pub(crate) with_mx: u32,
    /// Of these, how many reach 0.8.
    pub(crate) reach: u32,
    /// By label, all rows: how many, and how many agree.
    pub(crate) gateways: BTreeMap<String, (u32, u32)>,
    /// Held-out rows with a trace where label and engine differ.
    pub(crate) wrong: Vec<String>,
}

impl Measured {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        let held = || samples.iter().filter(|sample| sample.held_out);
        let levels = LEVELS
            .iter()
            .map(|least| {
                let sure =
                    || held().filter(|s| s.has_mx && s.named.is_some() && s.confidence >= *least);
                Level {
                    least: *least,
                    answers: count(sure()),
                    right: count(sure().filter(|sample| sample.is_right())),
                }
            })
            .collect();
        let mut gateways: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for (label, agrees) in samples.iter().flat_map(|sample| &sample.gateways) {
            let entry = gateways.entry(label.clone()).or_default();
            entry.0 += 1;
            entry.1 += u32::from(*agrees);
        }
        let wrong = held()
            .filter(|sample| sample.has_trace && !sample.is_right())
            .map(|s| {
                let pattern = s.pattern.map(|(situation, traces)| {
                    let traces: Vec<String> =
                        traces.iter().map(|(kind, family)| format!("{kind}:{family}")).collect();
                    format!("{situation} [{}]", traces.join(" "))
                });
                let named = s.named.map_or("nobody", Family::as_str);
                let pattern = pattern.unwrap_or_default();
                format!("{} label={} engine={named} by={} {pattern}", s.domain, s.label, s.taker)
            })
            .collect();
        Self {
            all: samples.len(),
            held_out: held().count(),
            raw: Confusion::of(held()),
            traced: Confusion::of(held().filter(|sample| sample.has_trace)),
            fitted: Confusion::of(samples.iter().filter(|s| !s.held_out && s.has_trace)),
            levels,
            with_mx: count(held().filter(|sample| sample.has_mx)),
            reach: count(held().filter(|s| s.has_mx && s.named.is_some() && s.confidence >= 0.8)),
            gateways,
            wrong,
        }
    }

    /// The share of gateway labels that the engine agrees with.
    pub(crate) fn gateway_agreement(&self) -> f64 {
        let (all, agree) =
            self.gateways.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        share(agree, all)
    }

    pub(crate) fn coverage(&self) -> f64 {
        share(self.reach, self.with_mx)
    }

    /// The bars that are not reached, each as a sentence.
    pub(crate) fn missed(&self) -> Vec<String> {
        let mut bars = vec![
            ("precision of Microsoft".to_owned(), self.traced.precision(Family::Microsoft), 0.97),
            ("recall of Microsoft".to_owned(), self.traced.recall(Family::Microsoft), 0.97),
            ("precision of Google".to_owned(), self.traced.precision(Family::Google), 0.98),
            ("recall of Google".to_owned(), self.traced.recall(Family::Google), 0.97),
            ("agreement on gateways".to_owned(), self.gateway_agreement(), 0.95),
            ("share of confident answers".to_owned(), self.coverage(), 0.85),
        ];
        bars.extend(self.levels.iter().map(|level| {
            (format!("accuracy at confidence {}", level.least), level.accuracy(), level.least)
        }));
        bars.into_iter()
            .filter(|(_, reached, bar)| reached < bar)
            .map(|(what, reached, bar)| format!("{what} is {reached:.4}, below {bar}"))
            .collect()
    }
}

fn count<'a>(samples: impl Iterator<Item = &'a Sample>) -> u32 {
    u32::try_from(samples.count()).expect("far fewer rows")
}

fn share(part: u32, whole: u32) -> f64 {
    // Nothing measured reaches no bar.
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}
