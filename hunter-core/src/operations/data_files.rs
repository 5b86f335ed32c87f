//! Data files in place of the built-in ones, as texts: core reads no files.

use std::collections::BTreeMap;

use super::Hunter;
use crate::assess::Engine;
use crate::error::{DataError, Error};
use crate::provider::{ConfidenceModel, Fingerprints};
use crate::rules::RuleSet;
use crate::sales::{Catalogue, Figures, Hooks, PriceBook, SalesEngineBuilder, Seller};

/// The names that [`DataFiles::add`] knows, and what each file holds. A language's texts are one file
/// or several.
pub const DATA_FILES: &[(&str, &str)] = &[
    ("rules.toml", "the rule set"),
    ("providers.json", "the fingerprint table"),
    ("confidence.toml", "the confidence model"),
    ("prices.toml", "the price book"),
    ("hooks.toml", "the dated facts"),
    ("sales.toml", "points and thresholds of the sales tables"),
    ("seller.toml", "who calls"),
    ("texts/LANGUAGE.ftl", "the texts of a language"),
    ("texts/LANGUAGE/FILE.ftl", "a part of the texts of a language"),
];

/// Data files in place of the built-in ones. What is not given is what ships with the product.
///
/// ```
/// use hunter_core::operations::DataFiles;
///
/// let mut files = DataFiles::default();
/// files.add("seller.toml", "name = \"Ayşe Yılmaz\"")?.tuning_factor(1.1);
/// let hunter = files.build()?;
/// assert!(DataFiles::default().add("rules.tml", "").is_err());
/// # Ok::<(), hunter_core::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct DataFiles {
    rules: Option<RuleSet>,
    fingerprints: Option<Fingerprints>,
    confidence: Option<ConfidenceModel>,
    sales: SalesEngineBuilder,
    /// The files of each language, by name.
    texts: BTreeMap<String, BTreeMap<String, String>>,
    given: Vec<String>,
}

impl DataFiles {
    /// Adds a file, by one of the names of [`DATA_FILES`]. Folders in front of the name are kept for
    /// messages alone, so that a whole path may be given.
    ///
    /// # Errors
    /// `data_file_unknown` where the name is none of them, `data_duplicate` where the file was given
    /// before, or another `data_*` error that names file, line and key.
    pub fn add(&mut self, name: &str, text: &str) -> Result<&mut Self, Error> {
        let parts: Vec<&str> = name.split(['/', '\\']).collect();
        let known = match parts[..] {
            [.., "texts", _, file] | [.., "texts", file] if has_texts(file) => {
                let start = parts.iter().rposition(|part| *part == "texts").unwrap_or_default();
                parts[start..].join("/")
            }
            [.., file] => file.to_owned(),
            [] => String::new(),
        };
        if self.given.contains(&known) {
            return Err(fault("data_duplicate", name, "is given twice: give it once".to_owned()));
        }
        self.read(name, &known, text)?;
        self.given.push(known);
        Ok(self)
    }

    fn read(&mut self, name: &str, known: &str, text: &str) -> Result<(), Error> {
        match known {
            "rules.toml" => self.rules = Some(RuleSet::from_toml(name, text)?),
            "providers.json" => self.fingerprints = Some(Fingerprints::from_json(name, text)?),
            "confidence.toml" => self.confidence = Some(ConfidenceModel::from_toml(name, text)?),
            "prices.toml" => {
                let book = PriceBook::from_toml(name, text)?;
                self.with_sales(|sales| sales.price_book(book));
            }
            "hooks.toml" => {
                let hooks = Hooks::from_toml(name, text)?;
                self.with_sales(|sales| sales.hooks(hooks));
            }
            "sales.toml" => {
                let figures = Figures::from_toml(name, text)?;
                self.with_sales(|sales| sales.figures(figures));
            }
            "seller.toml" => {
                let seller = Seller::from_toml(name, text)?;
                self.with_sales(|sales| sales.seller(seller));
            }
            _ => {
                let language = known.strip_prefix("texts/").and_then(|rest| {
                    rest.split_once('/').map(|(lang, _)| lang).or(rest.strip_suffix(".ftl"))
                });
                let Some(language) = language else {
                    let names: Vec<&str> = DATA_FILES.iter().map(|(name, _)| *name).collect();
                    let problem = format!("is not a known name: use one of {}", names.join(", "));
                    return Err(fault("data_file_unknown", name, problem));
                };
                let files = self.texts.entry(language.to_owned()).or_default();
                files.insert(name.to_owned(), text.to_owned());
            }
        }
        Ok(())
    }

    /// Sets what the potential is multiplied by, 0 to 2; 1 where it is not set.
    pub fn tuning_factor(&mut self, factor: f64) -> &mut Self {
        self.with_sales(|sales| sales.tuning_factor(factor));
        self
    }

    fn with_sales(&mut self, set: impl FnOnce(SalesEngineBuilder) -> SalesEngineBuilder) {
        self.sales = set(std::mem::take(&mut self.sales));
    }

    /// Everything joined.
    ///
    /// # Errors
    /// `argument_range` when the tuning factor is not within 0 to 2; a `data_*` error when texts are
    /// faulty or lack a message.
    pub fn build(self) -> Result<Hunter, Error> {
        let mut sales = self.sales;
        for (language, files) in &self.texts {
            let files: Vec<(&str, &str)> =
                files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
            sales = sales.catalogue(Catalogue::from_files(language, &files)?);
        }
        let mut engine = match (self.rules, self.fingerprints) {
            (None, None) => Engine::builtin(),
            (rules, fingerprints) => Engine::new(
                rules.unwrap_or_else(RuleSet::builtin),
                fingerprints.unwrap_or_else(Fingerprints::builtin),
            ),
        };
        if let Some(confidence) = self.confidence {
            engine = engine.with_confidence(confidence);
        }
        Ok(Hunter::new(engine, sales.build()?))
    }
}

fn has_texts(file: &str) -> bool {
    file.strip_suffix(".ftl").is_some_and(|front| !front.is_empty())
}

fn fault(code: &'static str, name: &str, problem: String) -> Error {
    DataError { code, file: name.to_owned(), line: None, key: None, problem }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(files: &[(&str, &str)]) -> &'static str {
        Hunter::from_files(files).expect_err("refused").code()
    }

    #[test]
    fn every_file_takes_the_place_of_the_built_in() {
        let rules = RuleSet::builtin_text();
        let edited = rules.replacen("M365 = 50", "M365 = 49", 1);
        assert_ne!(rules, edited);
        let hunter = Hunter::from_files(&[
            ("data/rules.toml", edited.as_str()),
            ("data/sales.toml", include_str!("../../data/sales.toml")),
            ("seller.toml", include_str!("../../data/seller.toml")),
            ("hooks.toml", include_str!("../../data/hooks.toml")),
        ])
        .expect("a hunter");
        assert_ne!(hunter.rules().hash(), RuleSet::builtin().hash());
    }

    #[test]
    fn a_language_comes_in_one_file_or_in_several() {
        const FILES: [&str; 8] = [
            include_str!("../../data/texts/en/names.ftl"),
            include_str!("../../data/texts/en/lead.ftl"),
            include_str!("../../data/texts/en/security.ftl"),
            include_str!("../../data/texts/en/script.ftl"),
            include_str!("../../data/texts/en/plan.ftl"),
            include_str!("../../data/texts/en/page.ftl"),
            include_str!("../../data/texts/en/hooks.ftl"),
            include_str!("../../data/texts/en/findings.ftl"),
        ];
        let several: Vec<(String, &str)> = FILES
            .iter()
            .enumerate()
            .map(|(nth, text)| (format!("/etc/hunter/texts/de/{nth}.ftl"), *text))
            .collect();
        let one = [("texts/de.ftl", FILES.concat())];
        let languages = |hunter: Hunter| hunter.sales().languages().count();
        assert_eq!(languages(Hunter::from_files(&several).expect("a hunter")), 3);
        assert_eq!(languages(Hunter::from_files(&one).expect("a hunter")), 3);
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(code(&[("rules.tml", "")]), "data_file_unknown");
        assert_eq!(code(&[("texts/de.txt", "")]), "data_file_unknown");
        assert_eq!(code(&[("", "")]), "data_file_unknown");
        assert_eq!(code(&[("seller.toml", ""), ("a/seller.toml", "")]), "data_duplicate");
        assert_eq!(code(&[("rules.toml", "version = ")]), "data_syntax");
        let error = DataFiles::default().tuning_factor(f64::NAN).build_now().expect_err("refused");
        assert_eq!(error.code(), "argument_range");
    }

    impl DataFiles {
        fn build_now(&mut self) -> Result<Hunter, Error> {
            std::mem::take(self).build()
        }
    }
}
