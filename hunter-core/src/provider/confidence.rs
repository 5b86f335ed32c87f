//! What traces are worth: the fitted weights that turn them into a probability.
//!
//! The weights are a data file, `hunter-core/data/confidence.toml`, fitted on domains whose provider
//! others have named; `cargo xtask gen confidence` makes it. For each situation of the MX there is
//! one multinomial logistic model over three families (Microsoft, Google, anybody else): a bias, and
//! two weights for each pair of a trace kind and the family that the trace names.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use super::traces::{Family, TraceKind};
use crate::data_file::DataFile;
use crate::error::Error;
use crate::rules::content_hash;
use crate::vocabulary::vocabulary;

const BUILTIN: &str = include_str!("../../data/confidence.toml");

/// The file's own format number that this version reads.
const FORMAT: u32 = 1;

vocabulary! {
    /// What the MX alone says, before any trace is read.
    pub enum Situation ("situation") {
        /// The MX is Exchange Online.
        Microsoft = "microsoft",
        /// The MX is Google's.
        Google = "google",
        /// The MX belongs to a listed host of mailboxes other than these.
        Listed = "listed",
        /// A gateway or forwarder takes the mail.
        Gateway = "gateway",
        /// A host of mailboxes that also filters for others takes the mail.
        FilteringHost = "filtering_host",
        /// The MX lies inside the domain.
        Own = "own",
        /// The table does not list the MX host.
        Unlisted = "unlisted",
    }
}

/// The traces of one domain as a set: which kinds there are, and whom they name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TraceSet(u64);

// Every pair of a kind and a family has its bit.
const _: () = assert!(TraceKind::ALL.len() * Family::ALL.len() <= 64);

impl TraceSet {
    /// Adds a trace.
    pub const fn insert(&mut self, kind: TraceKind, family: Family) {
        self.0 |= 1 << (kind.index() * Family::ALL.len() + family.index());
    }

    /// Whether a trace names that family.
    pub fn names(self, family: Family) -> bool {
        self.iter().any(|(_, named)| named == family)
    }

    /// The traces, by kind and family.
    pub fn iter(self) -> impl Iterator<Item = (TraceKind, Family)> {
        let mut bits = self.0;
        std::iter::from_fn(move || {
            let bit = bits.checked_ilog2()? as usize;
            bits &= !(1 << bit);
            let families = Family::ALL.len();
            Some((TraceKind::ALL[bit / families], Family::ALL[bit % families]))
        })
    }
}

impl FromIterator<(TraceKind, Family)> for TraceSet {
    fn from_iter<I: IntoIterator<Item = (TraceKind, Family)>>(traces: I) -> Self {
        let mut set = Self::default();
        traces.into_iter().for_each(|(kind, family)| set.insert(kind, family));
        set
    }
}

/// How likely each family is to hold the mailboxes; the three add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likelihood {
    /// Microsoft 365.
    pub microsoft: f64,
    /// Google Workspace.
    pub google: f64,
    /// Anybody else.
    pub other: f64,
}

impl Likelihood {
    /// The probability of one family.
    pub const fn of(&self, family: Family) -> f64 {
        match family {
            Family::Microsoft => self.microsoft,
            Family::Google => self.google,
            Family::Other => self.other,
        }
    }

    /// The likeliest family; anybody else on equal terms.
    pub fn best(&self) -> Family {
        if self.microsoft > self.google && self.microsoft > self.other {
            Family::Microsoft
        } else if self.google > self.microsoft && self.google > self.other {
            Family::Google
        } else {
            Family::Other
        }
    }
}

/// The weights of Microsoft and of Google; anybody else has weight 0 by definition.
type Pair = [f64; 2];

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    version: String,
    #[serde(rename = "fitted_on")]
    _fitted_on: String,
    #[serde(rename = "command")]
    _command: String,
    /// Kinds of trace that the fitted data do not carry, and the kind whose weights they take.
    stand_in: BTreeMap<TraceKind, TraceKind>,
    situation: BTreeMap<Situation, Weights>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    #[serde(rename = "domains")]
    _domains: u64,
    bias: Pair,
    #[serde(default)]
    trace: BTreeMap<TraceKind, BTreeMap<Family, Pair>>,
}

/// The fitted weights; cheap to clone.
#[derive(Debug, Clone)]
pub struct ConfidenceModel(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    version: String,
    hash: Arc<str>,
    situations: Vec<Compact>,
}

/// The weights of one situation, by the bit of a trace.
#[derive(Debug, Clone)]
struct Compact {
    bias: Pair,
    weights: [[Pair; Family::ALL.len()]; TraceKind::ALL.len()],
}

impl ConfidenceModel {
    /// The built-in weights.
    pub fn builtin() -> Self {
        static BUILTIN_MODEL: LazyLock<ConfidenceModel> = LazyLock::new(|| {
            ConfidenceModel::from_toml("confidence.toml", BUILTIN).expect("the built-in is valid")
        });
        BUILTIN_MODEL.clone()
    }

    /// Reads a file of weights. `name` is only used in errors.
    ///
    /// # Errors
    /// A `data_*` error that names file, line and key.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, Error> {
        let at = DataFile { name, text };
        let file: File = at.toml()?;
        let fault = |key: String, problem: String| {
            Error::from(at.error("data_value", None, Some(key), problem))
        };
        if file.format != FORMAT {
            let problem = format!("{} is not {FORMAT}, the only format known", file.format);
            return Err(fault("format".into(), problem));
        }
        let mut situations = Vec::with_capacity(Situation::ALL.len());
        for situation in Situation::ALL {
            let Some(weights) = file.situation.get(situation) else {
                let key = format!("situation.{situation}");
                return Err(at.error("data_missing_key", None, Some(key), "is missing").into());
            };
            let is_finite = |pair: &Pair| pair.iter().all(|weight| weight.is_finite());
            let all = weights.trace.values().flat_map(BTreeMap::values);
            if !all.chain(std::iter::once(&weights.bias)).all(is_finite) {
                let problem = "weights must be finite numbers".to_owned();
                return Err(fault(format!("situation.{situation}"), problem));
            }
            situations.push(Compact::of(weights, &file.stand_in));
        }
        let hash = content_hash(text).into();
        Ok(Self(Arc::new(Compiled { version: file.version, hash, situations })))
    }

    /// The version that the file states.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// A hash of the file's text: 16 hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    pub(crate) fn shared_hash(&self) -> Arc<str> {
        Arc::clone(&self.0.hash)
    }

    /// How likely each family is, in a situation and with these traces.
    pub fn likelihood(&self, situation: Situation, traces: TraceSet) -> Likelihood {
        let weights = &self.0.situations[situation.index()];
        let [mut microsoft, mut google] = weights.bias;
        for (kind, family) in traces.iter() {
            let [m, g] = weights.weights[kind.index()][family.index()];
            microsoft += m;
            google += g;
        }
        // Shifted by the largest, so that nothing overflows.
        let top = microsoft.max(google).max(0.0);
        let [m, g, o] = [microsoft - top, google - top, -top].map(f64::exp);
        let sum = m + g + o;
        Likelihood { microsoft: m / sum, google: g / sum, other: o / sum }
    }
}

impl Compact {
    fn of(weights: &Weights, stand_in: &BTreeMap<TraceKind, TraceKind>) -> Self {
        let of = |kind: &TraceKind, family: &Family| {
            weights.trace.get(kind).and_then(|by| by.get(family)).copied()
        };
        let mut all = [[[0.0; 2]; Family::ALL.len()]; TraceKind::ALL.len()];
        for kind in TraceKind::ALL {
            for family in Family::ALL {
                let own = of(kind, family);
                let other = || stand_in.get(kind).and_then(|other| of(other, family));
                all[kind.index()][family.index()] = own.or_else(other).unwrap_or([0.0; 2]);
            }
        }
        Self { bias: weights.bias, weights: all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(traces: &[(TraceKind, Family)]) -> TraceSet {
        traces.iter().copied().collect()
    }

    #[test]
    fn a_set_gives_back_what_went_in() {
        let all: Vec<_> = TraceKind::ALL
            .iter()
            .flat_map(|kind| Family::ALL.iter().map(move |family| (*kind, *family)))
            .collect();
        let mut back: Vec<_> = set(&all).iter().collect();
        back.sort_unstable();
        assert_eq!(back, all);
        assert!(!set(&[(TraceKind::Spf, Family::Google)]).names(Family::Microsoft));
    }

    #[test]
    fn traces_of_microsoft_behind_a_gateway_make_microsoft_likelier() {
        let model = ConfidenceModel::builtin();
        let of = |traces: &[_]| model.likelihood(Situation::Gateway, set(traces)).microsoft;
        let spf = (TraceKind::Spf, Family::Microsoft);
        let dkim = (TraceKind::DkimCname, Family::Microsoft);
        assert!(of(&[]) < of(&[spf]) && of(&[spf]) < of(&[spf, dkim]));
        assert!(of(&[spf, dkim]) > 0.95);
    }

    #[test]
    fn likelihoods_add_up_and_faults_name_their_key() {
        let model = ConfidenceModel::builtin();
        let all: TraceSet = TraceKind::ALL
            .iter()
            .flat_map(|kind| Family::ALL.iter().map(|family| (*kind, *family)))
            .collect();
        for situation in Situation::ALL {
            let found = model.likelihood(*situation, all);
            let sum = found.microsoft + found.google + found.other;
            assert!((sum - 1.0).abs() < 1e-9, "{situation}: {sum}");
        }
        let broken = BUILTIN.replacen("format = 1", "format = 2", 1);
        let error = ConfidenceModel::from_toml("c.toml", &broken).expect_err("another format");
        assert_eq!(error.code(), "data_value");
        let broken = BUILTIN.replacen("bias = [", "bias = [nan, ", 1);
        assert!(ConfidenceModel::from_toml("c.toml", &broken).is_err());
    }
}
