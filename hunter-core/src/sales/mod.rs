//! What a salesperson says and does with a scored lead.
//!
//! [`SalesEngine::summarize`] takes [`SalesFacts`] and returns a [`SalesSummary`]: a one-liner, the
//! reasons, a call script, questions, an offer, the potential, the urgency and the next step. It is
//! pure: the language and the time are arguments.
//!
//! Words live in text catalogues (`data/texts/<language>/*.ftl`), prices in a [`PriceBook`]
//! (`data/prices/`), figures of the tables in [`Figures`] (`data/sales.toml`), dated facts in
//! [`Hooks`] (`data/hooks.toml`) and the caller's name in [`Seller`] (`data/seller.toml`). No
//! sentence states more than the facts carry: what is unknown is said to be unknown.

mod amount;
mod catalogue;
mod compose;
mod decide;
mod engine;
mod facts;
mod figures;
mod from_assessment;
mod holder;
mod hooks;
mod next_step;
mod page;
mod price_book;
mod risk;
mod seller;
mod speech;
mod summary;
mod text;
mod voice;

pub use amount::Amount;
pub use catalogue::Catalogue;
pub use engine::{DEFAULT_LOCALE, SalesEngine, SalesEngineBuilder};
pub use facts::{MailStatus, SalesFacts, SpfFault};
pub use figures::Figures;
pub(crate) use from_assessment::target_of;
pub use hooks::{Hook, Hooks, Trigger};
pub use page::{Label, PageWords};
pub use price_book::{PriceBook, Tier};
pub use seller::Seller;
pub use summary::{
    Action, Factor, HookText, Level, Metadata, NextStep, OfferTier, OpportunityRationale,
    PriceList, RawValue, SalesSummary, SecurityReasoning, Timeline,
};
