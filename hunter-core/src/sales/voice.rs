//! One language made ready: the texts that are the same for every lead, written once.

use fluent_bundle::{FluentArgs, FluentValue};

use super::catalogue::{Catalogue, Message, Variable};
use super::hooks::{Hook, Hooks};
use super::price_book::{PriceBook, Tier};
use super::seller::Seller;
use super::speech;
use crate::error::DataError;
use crate::vocabulary::TenantSize;

/// A language with the seller's greeting and the price book already put into words.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) catalogue: Catalogue,
    pub(super) greeting: String,
    pub(super) as_of: String,
    /// The day that each hook names, in the order of the hooks; empty where it names none.
    pub(super) hook_dates: Vec<String>,
    tiers: Vec<TierTexts>,
}

/// The sums of a tier in words.
#[derive(Debug)]
pub(super) struct TierTexts {
    pub(super) price: String,
    pub(super) fee: String,
    pub(super) defender: Option<String>,
    pub(super) consulting: Option<String>,
}

impl Voice {
    /// Makes a language ready; refuses one that lacks a hook's message.
    pub(super) fn new(
        catalogue: Catalogue,
        book: &PriceBook,
        hooks: &Hooks,
        seller: &Seller,
    ) -> Result<Self, DataError> {
        for hook in hooks.iter() {
            check_hook(&catalogue, hook)?;
        }
        let greeting = greeting(&catalogue, seller);
        let as_of = speech::date(&catalogue, book.as_of);
        let hook_dates = hooks
            .iter()
            .map(|hook| hook.date.map(|date| speech::date(&catalogue, date)).unwrap_or_default())
            .collect();
        let tiers = TenantSize::ALL
            .iter()
            .map(|size| TierTexts::of(&catalogue, book.tier(*size), &book.currency))
            .collect();
        Ok(Self { catalogue, greeting, as_of, hook_dates, tiers })
    }

    /// The sums of the tier of that size.
    pub(super) fn tier(&self, size: TenantSize) -> &TierTexts {
        &self.tiers[size.index()]
    }

    /// Whether this is the language asked for: the whole tag, or its first part.
    pub(super) fn answers_to(&self, locale: &str) -> bool {
        let lang = self.catalogue.lang();
        let base = locale.split(['-', '_']).next().unwrap_or(locale);
        lang.eq_ignore_ascii_case(locale) || lang.eq_ignore_ascii_case(base)
    }
}

impl TierTexts {
    fn of(catalogue: &Catalogue, tier: &Tier, currency: &str) -> Self {
        let sum = |amount| speech::sum(catalogue, amount, currency);
        Self {
            price: sum(tier.price_per_user_per_month),
            fee: sum(tier.migration_fee),
            defender: tier.defender_price_per_user_per_month.map(sum),
            consulting: tier.consulting_fee.map(sum),
        }
    }
}

fn greeting(catalogue: &Catalogue, seller: &Seller) -> String {
    let (name, company) = (speech::tidy(&seller.name), speech::tidy(&seller.company));
    let known = match (name.is_empty(), company.is_empty()) {
        (false, false) => "full",
        (false, true) => "name",
        (true, false) => "company",
        (true, true) => "nobody",
    };
    let variables = [
        (Variable::Seller, FluentValue::from(known)),
        (Variable::SellerName, FluentValue::from(&*name)),
        (Variable::SellerCompany, FluentValue::from(&*company)),
    ];
    speech::phrase(catalogue, Message::Greeting, &variables)
}

/// Refuses a hook whose message is not there, or names a date that the hook does not have.
fn check_hook(catalogue: &Catalogue, hook: &Hook) -> Result<(), DataError> {
    let fault = |code, problem: String| DataError {
        code,
        file: catalogue.lang().to_owned(),
        line: None,
        key: Some(hook.message.clone()),
        problem,
    };
    if !catalogue.has(&hook.message) {
        let problem = format!("the catalogue lacks the message of the hook `{}`: add it", hook.id);
        return Err(fault("data_missing_key", problem));
    }
    let mut args = FluentArgs::new();
    args.set(Variable::Domain.name(), "");
    if hook.date.is_some() {
        args.set(Variable::Date.name(), "");
    }
    if !catalogue.can_say(&hook.message, &args) {
        let problem =
            format!("the message names `$date`, but the hook `{}` has no `date`", hook.id);
        return Err(fault("data_reference", problem));
    }
    Ok(())
}
