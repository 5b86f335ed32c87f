//! Rule sets: the points and tables that turn facts into a score, a segment and a priority.
//!
//! A rule set is a data file. The built-in one is `hunter-core/data/rules/classic.toml`; load another
//! with [`RuleSet::from_toml`]. Loading compiles it: whatever the facts, known or unknown, the
//! verdict is then one look-up without allocation.
//!
//! ```
//! use hunter_core::observation::Signal;
//! use hunter_core::rules::{Mailbox, RuleSet, ScoreFacts};
//! use hunter_core::signals::DmarcSignal;
//! use hunter_core::vocabulary::{ProviderClass, Segment};
//!
//! let rules = RuleSet::builtin();
//! let verdict = rules.verdict(&ScoreFacts {
//!     mailbox: Mailbox::Class(ProviderClass::Google),
//!     spf: Signal::Present,
//!     dkim: Signal::Present,
//!     dmarc: DmarcSignal::Unknown, // the lookup timed out
//!     many_includes: Signal::Missing,
//! });
//! assert_eq!((verdict.score, verdict.score_low, verdict.score_high), (70, 60, 90));
//! assert_eq!(verdict.segment, Segment::Migration);
//! assert!(verdict.partial && verdict.segment_certain);
//! ```

mod breakdown;
mod file;
mod table;

use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

pub use breakdown::{Breakdown, Points, ProviderPoints};
pub use table::{Consequence, Mailbox, ScoreFacts, Verdict};

use self::file::{Referral, RuleFile};
use self::table::Table;
use crate::data_file::DataFile;
use crate::error::Error;
use crate::observation::Signal;
use crate::vocabulary::{PriorityCategory, ProviderClass, Segment};

const CLASSIC: &str = include_str!("../../data/rules/classic.toml");

/// A compiled rule set; cheap to clone.
#[derive(Debug, Clone)]
pub struct RuleSet(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    file: RuleFile,
    version: Arc<str>,
    hash: Arc<str>,
    table: Table,
}

/// What a lead's referral changes, applied after the base score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReferralFacts {
    /// The referral carries an Azure tenant id: a customer already.
    pub tenant: bool,
    /// The referral is a co-sell.
    pub co_sell: bool,
}

impl RuleSet {
    /// The default rule set.
    pub fn builtin() -> Self {
        static BUILTIN: LazyLock<RuleSet> = LazyLock::new(|| {
            RuleSet::from_toml("classic.toml", CLASSIC).expect("the built-in rule set is valid")
        });
        BUILTIN.clone()
    }

    /// Reads and compiles a rule-set file. `name` is only used in errors.
    ///
    /// # Errors
    /// A `data_*` error that names file, line and key.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, Error> {
        let file = RuleFile::read(DataFile { name, text })?;
        let table = Table::compile(&file);
        let version = file.version.as_str().into();
        let hash = content_hash(text).into();
        Ok(Self(Arc::new(Compiled { file, version, hash, table })))
    }

    /// The text of the built-in rule set, to start another one from.
    pub const fn builtin_text() -> &'static str {
        CLASSIC
    }

    /// The version that the file states.
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// A hash of the file's text: 16 hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.0.hash
    }

    /// Version and hash to be kept with every assessment, none of which needs a copy of its own.
    pub(crate) fn shared_stamp(&self) -> (Arc<str>, Arc<str>) {
        (Arc::clone(&self.0.version), Arc::clone(&self.0.hash))
    }

    /// The verdict on the facts, before any referral.
    #[inline]
    pub fn verdict(&self, facts: &ScoreFacts) -> &Verdict {
        self.0.table.verdict(facts)
    }

    /// The verdict with the referral's overrides: a tenant id makes the lead an existing customer,
    /// also where the domain takes no mail; a co-sell adds points to a domain that takes mail.
    pub fn verdict_with_referral(&self, facts: &ScoreFacts, referral: ReferralFacts) -> Verdict {
        let table = &self.0.table;
        match (referral.tenant, referral.co_sell) {
            (false, false) => *table.verdict(facts),
            (false, true) => *table.co_sell_verdict(facts),
            (true, co_sell) => self.tenant_verdict(facts, co_sell),
        }
    }

    /// The verdict on a customer: segment and class are the rule set's, whatever else is unknown.
    fn tenant_verdict(&self, facts: &ScoreFacts, co_sell: bool) -> Verdict {
        let Referral { tenant, co_sell: points } = &self.0.file.referral;
        let added = if co_sell && facts.mailbox != Mailbox::None { points.0 } else { 0 };
        let lift = |score: u8| table::clamp(i16::from(score.max(tenant.least_score.0)) + added);
        let base = self.verdict(facts);
        Verdict {
            score_low: lift(base.score_low),
            score_high: lift(base.score_high),
            partial: base.partial,
            ..self.0.table.certain(tenant.segment, tenant.provider, lift(base.score))
        }
    }

    /// The segment of a class and a score.
    pub fn segment(&self, class: ProviderClass, score: u8) -> Segment {
        self.0.file.segment(class, score)
    }

    /// What follows from a segment, a class and a score. Scores over 100 count as 100.
    #[inline]
    pub fn consequence(&self, segment: Segment, class: ProviderClass, score: u8) -> Consequence {
        self.0.table.consequence(segment, class, score)
    }

    /// The priority score of a segment and a score; without a score, the worst.
    pub fn priority_score(&self, segment: Segment, score: Option<u8>) -> u8 {
        const WORST: u8 = 7;
        score.map_or(WORST, |score| {
            self.consequence(segment, ProviderClass::Unknown, score).priority_score
        })
    }

    /// The label of a priority category.
    pub fn priority_label(&self, category: PriorityCategory) -> &str {
        &self.0.file.priority_labels.0[category.index()]
    }

    /// Whether an SPF text holds more `include:` than the rule set allows. Without a text the answer
    /// follows the SPF signal: unknown where SPF is unknown, else no.
    pub fn many_includes(&self, spf: Signal, spf_record: Option<&str>) -> Signal {
        match spf_record {
            Some(text) => {
                let count = crate::records::spf::include_count(text);
                Signal::from(Some(count > self.0.file.limits.spf_includes))
            }
            None if spf == Signal::Unknown => Signal::Unknown,
            None => Signal::Missing,
        }
    }

    /// The class of a lead whose referral carries a tenant id.
    pub fn tenant_class(&self) -> ProviderClass {
        self.0.file.referral.tenant.provider
    }

    /// A registration that ends in fewer days than this, and has not ended, is tagged `expire-soon`.
    pub fn expire_soon_days(&self) -> u16 {
        self.0.file.tags.expire_soon_days
    }

    /// The least score in segment Migration that is tagged `migration-ready`.
    pub fn migration_ready(&self) -> u8 {
        self.0.file.tags.migration_ready.0
    }
}

impl Mailbox {
    /// The class by which the rules name the mailbox.
    pub const fn class(self) -> ProviderClass {
        match self {
            Self::Class(class) => class,
            Self::Undetermined | Self::None => ProviderClass::Unknown,
        }
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
pub(crate) fn content_hash(text: &str) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(String::with_capacity(16), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string");
        hex
    })
}
