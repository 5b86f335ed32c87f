//! The sales engine: a scored lead in, what a salesperson says and does out.

use std::sync::{Arc, LazyLock};

use time::OffsetDateTime;

use super::catalogue::{BUILTIN, Catalogue};
use super::compose;
use super::facts::SalesFacts;
use super::figures::Figures;
use super::hooks::Hooks;
use super::page::PageWords;
use super::price_book::PriceBook;
use super::seller::Seller;
use super::summary::SalesSummary;
use super::text;
use super::voice::Voice;
use crate::error::{DataError, Error};

/// The language of a summary when none is asked for.
pub const DEFAULT_LOCALE: &str = "tr";

/// What the potential is multiplied by when nothing else is configured.
const PLAIN_TUNING: f64 = 1.0;

/// Turns scored leads into sales summaries. Cheap to clone and to share between threads.
///
/// ```
/// use hunter_core::sales::{SalesEngine, SalesFacts};
/// use hunter_core::vocabulary::Segment;
/// use time::macros::datetime;
///
/// let mut facts = SalesFacts::new("ornek.com.tr".parse()?);
/// facts.segment = Some(Segment::Migration);
/// facts.readiness_score = Some(67);
/// let now = datetime!(2026-11-24 09:30 UTC);
/// let summary = SalesEngine::builtin().summarize(&facts, "tr", now)?;
/// assert_eq!(summary.offer_tier.tier, "Business Basic");
/// assert!(summary.one_liner.contains("67 puanla"));
/// # Ok::<(), hunter_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct SalesEngine {
    pub(super) parts: Arc<Parts>,
}

/// Everything that the engine is made of.
#[derive(Debug)]
pub(super) struct Parts {
    voices: Vec<Voice>,
    pub(super) book: PriceBook,
    pub(super) hooks: Hooks,
    pub(super) figures: Figures,
    pub(super) tuning_factor: f64,
}

/// Builds a [`SalesEngine`]; whatever is not given is what ships with the product.
#[derive(Debug, Default)]
#[must_use]
pub struct SalesEngineBuilder {
    catalogues: Vec<Catalogue>,
    book: Option<PriceBook>,
    hooks: Option<Hooks>,
    seller: Seller,
    figures: Option<Figures>,
    tuning_factor: Option<f64>,
}

impl SalesEngine {
    /// The engine with everything that ships with the product, and no seller named.
    pub fn builtin() -> Self {
        static BUILTIN_ENGINE: LazyLock<SalesEngine> = LazyLock::new(|| {
            SalesEngine::builder().build().expect("the built-in files are read by every test")
        });
        BUILTIN_ENGINE.clone()
    }

    /// Begins an engine of one's own.
    pub fn builder() -> SalesEngineBuilder {
        SalesEngineBuilder::default()
    }

    /// The languages that are loaded.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.parts.voices.iter().map(|voice| voice.catalogue.lang())
    }

    /// What to say and do with a lead. `locale` is a language tag such as `tr` or `en-GB`; `now`
    /// gives the day from which the registration's days are counted, and the time stamp.
    ///
    /// # Errors
    /// `locale_unknown` when that language is not loaded; the message names those that are.
    pub fn summarize(
        &self,
        facts: &SalesFacts,
        locale: &str,
        now: OffsetDateTime,
    ) -> Result<SalesSummary, Error> {
        Ok(compose::summary(&self.parts, self.voice(locale)?, facts, now))
    }

    /// A summary as plain text for a terminal, under headings in the language. Lines are not
    /// wrapped.
    ///
    /// # Errors
    /// `locale_unknown` when that language is not loaded; the message names those that are.
    pub fn render_text(&self, summary: &SalesSummary, locale: &str) -> Result<String, Error> {
        Ok(text::render(&self.voice(locale)?.catalogue, summary))
    }

    /// The words of a page about one lead, beside those of its summary.
    ///
    /// # Errors
    /// As for [`render_text`](Self::render_text).
    pub fn page_words(&self, locale: &str) -> Result<PageWords<'_>, Error> {
        Ok(PageWords::new(&self.voice(locale)?.catalogue))
    }

    fn voice(&self, locale: &str) -> Result<&Voice, Error> {
        self.parts.voices.iter().find(|voice| voice.answers_to(locale)).ok_or_else(|| {
            let loaded: Vec<_> = self.languages().collect();
            let problem = format!("no texts in `{locale}`: use one of {}", loaded.join(", "));
            Error::argument("locale_unknown", "locale", problem)
        })
    }
}

impl SalesEngineBuilder {
    /// Adds a language; one of the same tag as a built-in language takes its place.
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogues.push(catalogue);
        self
    }

    /// Sets the price book.
    pub fn price_book(mut self, book: PriceBook) -> Self {
        self.book = Some(book);
        self
    }

    /// Sets the hooks.
    pub fn hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = Some(hooks);
        self
    }

    /// Sets who calls.
    pub fn seller(mut self, seller: Seller) -> Self {
        self.seller = seller;
        self
    }

    /// Sets the figures of the tables.
    pub fn figures(mut self, figures: Figures) -> Self {
        self.figures = Some(figures);
        self
    }

    /// Sets what the potential is multiplied by, 0 to 2.
    pub fn tuning_factor(mut self, factor: f64) -> Self {
        self.tuning_factor = Some(factor);
        self
    }

    /// The engine.
    ///
    /// # Errors
    /// `argument_range` when the tuning factor is not within 0 to 2; `data_…` when a catalogue lacks
    /// the message of a hook.
    pub fn build(self) -> Result<SalesEngine, Error> {
        let tuning_factor = self.tuning_factor.unwrap_or(PLAIN_TUNING);
        if !(0.0..=2.0).contains(&tuning_factor) {
            let problem = format!("`{tuning_factor}` is out of range: use 0 to 2");
            return Err(Error::argument("argument_range", "tuning_factor", problem));
        }
        let book = self.book.map_or_else(PriceBook::builtin, Ok)?;
        let hooks = self.hooks.map_or_else(Hooks::builtin, Ok)?;
        let figures = self.figures.map_or_else(Figures::builtin, Ok)?;
        let voices = with_builtin(self.catalogues)?
            .into_iter()
            .map(|catalogue| Voice::new(catalogue, &book, &hooks, &self.seller))
            .collect::<Result<_, _>>()?;
        Ok(SalesEngine { parts: Arc::new(Parts { voices, book, hooks, figures, tuning_factor }) })
    }
}

/// The built-in languages that are not replaced, then the others.
fn with_builtin(given: Vec<Catalogue>) -> Result<Vec<Catalogue>, DataError> {
    let mut catalogues = Vec::with_capacity(BUILTIN.len() + given.len());
    for (lang, files) in BUILTIN {
        if !given.iter().any(|catalogue| catalogue.lang().eq_ignore_ascii_case(lang)) {
            catalogues.push(Catalogue::from_files(lang, files)?);
        }
    }
    catalogues.extend(given);
    Ok(catalogues)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-24 09:30 UTC);

    fn lead() -> SalesFacts {
        SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
    }

    #[test]
    fn an_unknown_language_names_those_loaded() {
        let engine = SalesEngine::builtin();
        let error = engine.summarize(&lead(), "de", NOW).expect_err("no German");
        assert_eq!(error.code(), "locale_unknown");
        assert_eq!(error.to_string(), "locale: no texts in `de`: use one of tr, en");
        for locale in [DEFAULT_LOCALE, "TR", "tr-TR", "en_GB"] {
            assert!(engine.summarize(&lead(), locale, NOW).is_ok(), "{locale}");
        }
    }

    #[test]
    fn the_tuning_factor_stays_within_its_range() {
        for factor in [-0.1, 2.1, f64::NAN, f64::INFINITY] {
            let error = SalesEngine::builder().tuning_factor(factor).build().expect_err("refused");
            assert_eq!(error.code(), "argument_range", "{factor}");
        }
    }

    #[test]
    fn the_seller_greets_by_what_is_known() {
        let opening = |name: &str, company: &str| {
            let seller = Seller { name: name.into(), company: company.into() };
            let engine = SalesEngine::builder().seller(seller).build().expect("an engine");
            let summary = engine.summarize(&lead(), "tr", NOW).expect("Turkish is built in");
            summary.call_script[0].clone()
        };
        let full = opening("Ayşe Yılmaz", "Örnek Bilişim");
        assert!(
            full.starts_with("Merhaba, ben Ayşe Yılmaz, Örnek Bilişim adına arıyorum. "),
            "{full}"
        );
        assert!(opening("", "Örnek Bilişim").starts_with("Merhaba, Örnek Bilişim adına"));
        assert!(opening("Ayşe Yılmaz", "").starts_with("Merhaba, ben Ayşe Yılmaz. "));
        assert!(opening("", "").starts_with("Merhaba, iyi günler. "));
    }

    #[test]
    fn a_language_of_ones_own_takes_the_place_of_the_built_in() {
        let (_, files) = BUILTIN[1];
        let english = Catalogue::from_files("en", files).expect("the built-in texts");
        let german = Catalogue::from_files("de", files).expect("the built-in texts");
        let engine =
            SalesEngine::builder().catalogue(english).catalogue(german).build().expect("an engine");
        assert_eq!(engine.languages().collect::<Vec<_>>(), ["tr", "en", "de"]);
    }

    #[test]
    fn a_hook_without_words_or_without_its_date_is_refused() {
        let build = |message: &str| {
            let text = format!(
                "[[hook]]\nid = \"x\"\nmessage = \"{message}\"\nwhen = [\"own-mx\"]\nsource = \"s\"\n"
            );
            let hooks = Hooks::from_toml("h.toml", &text).expect("hooks");
            SalesEngine::builder().hooks(hooks).build().expect_err("refused").code()
        };
        assert_eq!(build("hook-not-there"), "data_missing_key");
        assert_eq!(build("hook-price-rise"), "data_reference");
    }
}
