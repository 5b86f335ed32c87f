//! Where each value comes from: one layer over the other, each checked against the defaults.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Authentication, Config};
use crate::error::ServerError;

/// The defaults, with their explanations.
pub(super) const DEFAULTS: &str = include_str!("default.toml");
/// The file that is read where none is named.
const USUAL_FILE: &str = "hunter.toml";
const PREFIX: &str = "HUNTER_";
/// Variables that begin like settings and are none.
const OTHER_VARIABLES: &[&str] = &["HUNTER_CONFIG"];

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The built-in file.
    Default,
    /// The operator's file.
    File(PathBuf),
    /// A variable of the environment.
    Environment(String),
    /// A flag of the command.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file `{}`", path.display()),
            Self::Environment(name) => write!(f, "environment `{name}`"),
            Self::Flag(name) => write!(f, "flag `{name}`"),
        }
    }
}

/// The settings as they are laid over each other.
#[derive(Debug, Clone)]
pub struct Layers {
    values: Table,
    /// By `section.name`; what is not here is a default.
    origins: BTreeMap<String, Origin>,
}

impl Default for Layers {
    fn default() -> Self {
        let values = DEFAULTS.parse().expect("the defaults are TOML");
        Self { values, origins: BTreeMap::new() }
    }
}

impl Layers {
    /// The defaults, the operator's file and the environment.
    ///
    /// # Errors
    /// `config_read` and `config_syntax` for the file; `config_unknown` for a name that is no setting,
    /// `config_value` for a value of another type.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ServerError> {
        let mut layers = Self::default();
        let environment: BTreeMap<String, String> =
            environment.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let named = file.map(Path::to_owned);
        let named = named.or_else(|| environment.get("HUNTER_CONFIG").map(PathBuf::from));
        match named {
            Some(path) => layers.file(&path)?,
            None if Path::new(USUAL_FILE).exists() => layers.file(Path::new(USUAL_FILE))?,
            None => {}
        }
        layers.environment(&environment)?;
        Ok(layers)
    }

    fn file(&mut self, path: &Path) -> Result<(), ServerError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ServerError::ConfigRead { path: path.to_owned(), source })?;
        let syntax = |error: toml::de::Error| ServerError::ConfigSyntax {
            path: path.to_owned(),
            problem: error.to_string(),
        };
        let table: Table = text.parse().map_err(syntax)?;
        for (section, values) in table {
            let Value::Table(values) = values else {
                return Err(self.unknown(&section, Origin::File(path.to_owned())));
            };
            if !self.values.contains_key(&section) {
                return Err(self.unknown(&section, Origin::File(path.to_owned())));
            }
            for (name, value) in values {
                self.set(&section, &name, value, Origin::File(path.to_owned()))?;
            }
        }
        Ok(())
    }

    fn environment(&mut self, variables: &BTreeMap<String, String>) -> Result<(), ServerError> {
        // What hosting platforms set goes before the file's word, and after our own variable.
        for (name, section) in [("DATABASE_URL", "database"), ("REDIS_URL", "redis")] {
            if let Some(url) = variables.get(name) {
                let origin = Origin::Environment(name.to_owned());
                self.set(section, "url", Value::String(url.clone()), origin)?;
            }
        }
        let settings: BTreeMap<String, (String, String)> = self
            .names()
            .map(|(section, name)| {
                let variable = format!("{PREFIX}{section}_{name}").to_uppercase();
                (variable, (section.to_owned(), name.to_owned()))
            })
            .collect();
        for (variable, text) in variables.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
            if OTHER_VARIABLES.contains(&variable.as_str()) {
                continue;
            }
            let origin = Origin::Environment(variable.clone());
            let Some((section, name)) = settings.get(variable) else {
                let near = nearest(variable, settings.keys().map(String::as_str));
                return Err(ServerError::ConfigUnknown { key: variable.clone(), origin, near });
            };
            let value = self.read(section, name, text, &origin)?;
            self.set(section, name, value, origin)?;
        }
        Ok(())
    }

    /// Sets a value that a flag of the command gives.
    ///
    /// # Errors
    /// `config_unknown`, `config_value`.
    pub fn flag(
        &mut self,
        section: &str,
        name: &str,
        text: &str,
        flag: &'static str,
    ) -> Result<(), ServerError> {
        let origin = Origin::Flag(flag);
        let value = self.read(section, name, text, &origin)?;
        self.set(section, name, value, origin)
    }

    /// Text as a value of the type that the setting has.
    fn read(
        &self,
        section: &str,
        name: &str,
        text: &str,
        origin: &Origin,
    ) -> Result<Value, ServerError> {
        let wrong = |wanted: &str| ServerError::ConfigValue {
            key: format!("{section}.{name}"),
            origin: origin.clone(),
            problem: format!("is no {wanted}"),
        };
        let like = self.values.get(section).and_then(|values| values.get(name));
        Ok(match like {
            Some(Value::Boolean(_)) => {
                Value::Boolean(text.parse().map_err(|_| wrong("`true` or `false`"))?)
            }
            Some(Value::Integer(_)) => match text.parse() {
                Ok(number) => Value::Integer(number),
                Err(_) => Value::Float(text.parse().map_err(|_| wrong("number"))?),
            },
            Some(Value::Float(_)) => Value::Float(text.parse().map_err(|_| wrong("number"))?),
            Some(Value::Array(_)) => Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(|item| Value::String(item.to_owned()))
                    .collect(),
            ),
            _ => Value::String(text.to_owned()),
        })
    }

    fn set(
        &mut self,
        section: &str,
        name: &str,
        value: Value,
        origin: Origin,
    ) -> Result<(), ServerError> {
        let key = format!("{section}.{name}");
        let Some(slot) = self
            .values
            .get_mut(section)
            .and_then(Value::as_table_mut)
            .and_then(|values| values.get_mut(name))
        else {
            return Err(self.unknown(&key, origin));
        };
        *slot = value;
        self.origins.insert(key, origin);
        Ok(())
    }

    fn unknown(&self, key: &str, origin: Origin) -> ServerError {
        let keys: Vec<String> =
            self.names().map(|(section, name)| format!("{section}.{name}")).collect();
        let near = nearest(key, keys.iter().map(String::as_str));
        ServerError::ConfigUnknown { key: key.to_owned(), origin, near }
    }

    /// Every setting, as section and name.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().flat_map(|(section, values)| {
            let names = values.as_table().into_iter().flat_map(Table::keys);
            names.map(move |name| (section.as_str(), name.as_str()))
        })
    }

    pub(super) fn value(&self, section: &str, name: &str) -> Option<&Value> {
        self.values.get(section)?.get(name)
    }

    /// Where a setting comes from.
    pub fn origin(&self, key: &str) -> &Origin {
        self.origins.get(key).unwrap_or(&Origin::Default)
    }

    /// The settings, each of its type.
    ///
    /// # Errors
    /// `config_value` for a value that the setting does not take.
    pub fn config(&self) -> Result<Config, ServerError> {
        let config: Config = serde_path_to_error::deserialize(Value::Table(self.values.clone()))
            .map_err(|error| {
                let key = error.path().to_string();
                let setting = key.split('[').next().unwrap_or(&key);
                let origin = self.origin(setting).clone();
                // The text may be a secret, so that only serde's word of what was expected is kept.
                let problem = error.inner().message().to_owned();
                ServerError::ConfigValue { key, origin, problem }
            })?;
        if config.security.authentication == Authentication::Open
            && !config.server.listen.ip().is_loopback()
        {
            return Err(ServerError::ConfigValue {
                key: "security.authentication".into(),
                origin: self.origin("security.authentication").clone(),
                problem: format!(
                    "is `open` while `server.listen` is {}, which others can reach: use `keys`, or \
                     listen on 127.0.0.1",
                    config.server.listen
                ),
            });
        }
        Ok(config)
    }
}

/// The name that was probably meant.
fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let (similarity, name) = names
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .max_by(|one, two| one.0.total_cmp(&two.0))?;
    (similarity > 0.85).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<Layers, ServerError> {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Layers::load(None, variables)
    }

    #[test]
    fn the_defaults_are_whole() {
        let config = Layers::default().config().expect("the defaults");
        assert!(config.server.listen.ip().is_loopback());
        assert!(config.is_open());
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("own.toml");
        std::fs::write(&path, "[worker]\nbatches = 7\n[server]\nlisten = \"127.0.0.1:1\"\n")
            .unwrap();
        let variables = [("HUNTER_WORKER_BATCHES".to_owned(), "9".to_owned())];
        let layers = Layers::load(Some(&path), variables).expect("layers");
        let config = layers.config().expect("a config");
        assert_eq!(config.worker.batches.get(), 9);
        assert_eq!(config.server.listen.port(), 1);
        assert_eq!(layers.origin("server.listen"), &Origin::File(path));
        assert_eq!(layers.origin("worker.in_process"), &Origin::Default);
    }

    #[test]
    fn a_misspelt_name_is_an_error_that_knows_better() {
        let error = environment(&[("HUNTER_WORKER_BATCHS", "9")]).unwrap_err();
        assert_eq!(error.code(), "config_unknown");
        assert!(error.to_string().contains("HUNTER_WORKER_BATCHES"), "{error}");
        let error = Layers::default().flag("server", "listne", "x", "--listen").unwrap_err();
        assert!(error.to_string().contains("server.listen"), "{error}");
    }

    #[test]
    fn a_value_of_another_kind_names_its_place() {
        for (name, value) in [
            ("HUNTER_WORKER_BATCHES", "many"),
            ("HUNTER_WORKER_BATCHES", "0"),
            ("HUNTER_SERVER_LISTEN", "everywhere"),
            ("HUNTER_SCAN_PROFILE", "deep"),
            ("HUNTER_WORKER_IN_PROCESS", "yes"),
        ] {
            let error = environment(&[(name, value)]).and_then(|l| l.config()).unwrap_err();
            assert_eq!(error.code(), "config_value", "{name}");
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn lists_stand_in_a_variable_with_commas() {
        let layers =
            environment(&[("HUNTER_SCAN_RESOLVERS", "192.0.2.1:53, 192.0.2.2:53")]).unwrap();
        assert_eq!(layers.config().unwrap().scan.resolvers, ["192.0.2.1:53", "192.0.2.2:53"]);
    }

    #[test]
    fn nobody_listens_to_the_world_without_keys() {
        let open =
            [("HUNTER_SERVER_LISTEN", "0.0.0.0:8080"), ("HUNTER_SECURITY_AUTHENTICATION", "open")];
        let error = environment(&open).unwrap().config().unwrap_err();
        assert!(error.to_string().contains("security.authentication"), "{error}");
        let config = environment(&open[..1]).unwrap().config().unwrap();
        assert!(!config.is_open());
    }
}
