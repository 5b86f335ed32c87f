//! The data files that a command may be given instead of the built-in ones: one by one, or as a
//! folder in which each has its well-known name.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use hunter_core::error::DataError;
use hunter_core::provider::{ConfidenceModel, Fingerprints};
use hunter_core::rules::RuleSet;
use hunter_core::sales::{Catalogue, Figures, Hooks, PriceBook, SalesEngine, Seller};
use hunter_core::{Engine, Error};

use crate::error::ServerError;

const RULES: &str = "rules.toml";
const FINGERPRINTS: &str = "providers.json";
const CONFIDENCE: &str = "confidence.toml";
const PRICES: &str = "prices.toml";
const SELLER: &str = "seller.toml";
const HOOKS: &str = "hooks.toml";
const FIGURES: &str = "sales.toml";
const TEXTS: &str = "texts";

/// The names that a folder of data files may hold.
const KNOWN: [&str; 8] = [RULES, FINGERPRINTS, CONFIDENCE, PRICES, SELLER, HOOKS, FIGURES, TEXTS];

/// The ending of a file of texts.
const TEXT_ENDING: &str = "ftl";

/// Data files in place of the built-in ones, as far as an assessment needs them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Data files")]
pub struct DataArgs {
    /// Take from this folder whatever the command uses and the folder holds under these names:
    /// `rules.toml`, `providers.json`, `confidence.toml`, `prices.toml`, `seller.toml`, `hooks.toml`,
    /// `sales.toml`, `texts/`. An option for a single file goes before the folder.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Score by this rule set instead of the built-in one.
    #[arg(long, value_name = "TOML")]
    pub rules: Option<PathBuf>,
    /// Name providers by this fingerprint table instead of the built-in one.
    #[arg(long, value_name = "JSON")]
    pub fingerprints: Option<PathBuf>,
    /// Weigh traces by this confidence model instead of the built-in one.
    #[arg(long, value_name = "TOML")]
    pub confidence: Option<PathBuf>,
}

/// Data files behind the sales texts.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Data files")]
pub struct SalesArgs {
    /// Quote this price book instead of the built-in one.
    #[arg(long, value_name = "TOML")]
    pub prices: Option<PathBuf>,
    /// Speak in the name of the seller in this file.
    #[arg(long, value_name = "TOML")]
    pub seller: Option<PathBuf>,
    /// Bring up these dated facts instead of the built-in ones.
    #[arg(long, value_name = "TOML")]
    pub hooks: Option<PathBuf>,
    /// Take the points and thresholds of potential, urgency and next step from this file.
    #[arg(long, value_name = "TOML")]
    pub figures: Option<PathBuf>,
    /// Speak by this catalogue: a folder of `.ftl` files or one such file, named by its language
    /// (`de`, `de.ftl`). It joins the built-in languages or takes the place of one; may be given
    /// several times.
    #[arg(long, value_name = "PATH")]
    pub texts: Vec<PathBuf>,
}

impl DataArgs {
    /// The engine over these files.
    ///
    /// # Errors
    /// `data_file_read`, `data_folder`, or a `data_*` error that names file, line and key.
    pub fn engine(&self) -> Result<Engine, ServerError> {
        let folder = self.folder()?;
        let rules = load(pick(self.rules.as_ref(), folder.as_ref(), RULES), RuleSet::from_toml)?;
        let fingerprints = load(
            pick(self.fingerprints.as_ref(), folder.as_ref(), FINGERPRINTS),
            Fingerprints::from_json,
        )?;
        let confidence = load(
            pick(self.confidence.as_ref(), folder.as_ref(), CONFIDENCE),
            ConfidenceModel::from_toml,
        )?;
        let engine = Engine::new(
            rules.unwrap_or_else(RuleSet::builtin),
            fingerprints.unwrap_or_else(Fingerprints::builtin),
        );
        Ok(match confidence {
            Some(confidence) => engine.with_confidence(confidence),
            None => engine,
        })
    }

    /// The sales engine over these files.
    ///
    /// # Errors
    /// `data_file_read`, `data_folder`, or a `data_*` error that names file, line and key.
    pub fn sales(&self, args: &SalesArgs) -> Result<SalesEngine, ServerError> {
        let folder = self.folder()?;
        let mut builder = SalesEngine::builder();
        if let Some(book) =
            load(pick(args.prices.as_ref(), folder.as_ref(), PRICES), PriceBook::from_toml)?
        {
            builder = builder.price_book(book);
        }
        if let Some(seller) =
            load(pick(args.seller.as_ref(), folder.as_ref(), SELLER), Seller::from_toml)?
        {
            builder = builder.seller(seller);
        }
        if let Some(hooks) =
            load(pick(args.hooks.as_ref(), folder.as_ref(), HOOKS), Hooks::from_toml)?
        {
            builder = builder.hooks(hooks);
        }
        if let Some(figures) =
            load(pick(args.figures.as_ref(), folder.as_ref(), FIGURES), Figures::from_toml)?
        {
            builder = builder.figures(figures);
        }
        for catalogue in catalogues(&args.texts, folder.as_ref())? {
            builder = builder.catalogue(catalogue);
        }
        Ok(builder.build()?)
    }

    fn folder(&self) -> Result<Option<Folder>, ServerError> {
        self.data_dir.as_deref().map(Folder::open).transpose()
    }
}

/// A folder in which every data file has its well-known name.
struct Folder(PathBuf);

impl Folder {
    /// Refuses a folder that holds none of the names, and a data file of another name: a misspelt
    /// name would leave the built-in file in force without a word.
    fn open(path: &Path) -> Result<Self, ServerError> {
        let mut holds_any = false;
        for name in names(path)? {
            let is_known = KNOWN.contains(&name.as_str());
            let is_data = ["toml", "json", TEXT_ENDING]
                .iter()
                .any(|ending| Path::new(&name).extension().is_some_and(|found| found == *ending));
            if is_data && !is_known {
                let problem = format!("`{name}` is not a known name: use {}", KNOWN.join(", "));
                return Err(ServerError::DataFolder { path: path.to_owned(), problem });
            }
            holds_any |= is_known;
        }
        if holds_any {
            return Ok(Self(path.to_owned()));
        }
        let problem = format!("it holds none of {}", KNOWN.join(", "));
        Err(ServerError::DataFolder { path: path.to_owned(), problem })
    }

    fn get(&self, name: &str) -> Option<PathBuf> {
        let path = self.0.join(name);
        path.exists().then_some(path)
    }
}

/// The file that an option names, else the one in the folder.
fn pick(option: Option<&PathBuf>, folder: Option<&Folder>, name: &str) -> Option<PathBuf> {
    option.cloned().or_else(|| folder?.get(name))
}

/// Reads a data file, where there is one to read.
fn load<T, E: Into<Error>>(
    path: Option<PathBuf>,
    parse: impl FnOnce(&str, &str) -> Result<T, E>,
) -> Result<Option<T>, ServerError> {
    let Some(path) = path else { return Ok(None) };
    let text = read(&path)?;
    Ok(Some(parse(&path.to_string_lossy(), &text).map_err(Into::into)?))
}

/// The catalogues named by options, and those languages of the folder that no option names.
fn catalogues(named: &[PathBuf], folder: Option<&Folder>) -> Result<Vec<Catalogue>, ServerError> {
    let mut found: Vec<Catalogue> = Vec::new();
    for path in named {
        let language = catalogue(path)?;
        if found.iter().any(|other| other.lang().eq_ignore_ascii_case(language.lang())) {
            let problem = format!("the language `{}` is given twice", language.lang());
            return Err(ServerError::DataFolder { path: path.clone(), problem });
        }
        found.push(language);
    }
    if let Some(texts) = folder.and_then(|folder| folder.get(TEXTS)) {
        for name in names(&texts)? {
            let language = catalogue(&texts.join(name))?;
            if !found.iter().any(|other| other.lang().eq_ignore_ascii_case(language.lang())) {
                found.push(language);
            }
        }
    }
    Ok(found)
}

/// One language: a folder of files, or a file. Either is named by the language.
fn catalogue(path: &Path) -> Result<Catalogue, ServerError> {
    let is_folder = path.is_dir();
    let name = if is_folder { path.file_name() } else { path.file_stem() };
    let lang = name.unwrap_or_default().to_string_lossy().into_owned();
    let files = if is_folder { text_files(path)? } else { vec![path.to_owned()] };
    let texts = files
        .iter()
        .map(|file| Ok((file.to_string_lossy().into_owned(), read(file)?)))
        .collect::<Result<Vec<_>, ServerError>>()?;
    let texts: Vec<(&str, &str)> =
        texts.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
    Catalogue::from_files(&lang, &texts).map_err(|mut fault: DataError| {
        // A message that none of several files holds is missing from all: that is the folder's fault.
        if fault.file == lang {
            fault.file = path.to_string_lossy().into_owned();
        }
        Error::from(fault).into()
    })
}

/// The files of texts in a language's folder, by name.
fn text_files(path: &Path) -> Result<Vec<PathBuf>, ServerError> {
    let names = names(path)?;
    let files: Vec<_> = names
        .iter()
        .map(|name| path.join(name))
        .filter(|file| file.extension().is_some_and(|ending| ending == TEXT_ENDING))
        .collect();
    if files.is_empty() {
        let problem = format!("it holds no `.{TEXT_ENDING}` file");
        return Err(ServerError::DataFolder { path: path.to_owned(), problem });
    }
    Ok(files)
}

/// The names in a folder, sorted; hidden ones are left out.
fn names(path: &Path) -> Result<Vec<String>, ServerError> {
    let fail = |source| ServerError::DataFile { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(fail)? {
        let name = entry.map_err(fail)?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// The text of a data file.
fn read(path: &Path) -> Result<String, ServerError> {
    fs::read_to_string(path)
        .map_err(|source| ServerError::DataFile { path: path.to_owned(), source })
}
