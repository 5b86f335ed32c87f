//! The settings in force, as a file that can be read back, each with where it comes from.

use std::fmt::Write as _;

use toml::Value;

use super::Layers;
use super::layers::{DEFAULTS, Origin};

/// Settings whose values nobody may read from a terminal or a log.
const SECRETS: &[&str] = &["database.url", "redis.url", "webhooks.secrets", "sentry.dsn"];

impl Layers {
    /// The defaults' file with the values that are in force; secrets are hidden.
    pub fn print(&self) -> String {
        let mut section = "";
        let mut out = String::new();
        for line in DEFAULTS.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
            }
            let setting = line.split_once(" = ").filter(|(name, _)| !name.starts_with('#'));
            match setting {
                Some((name, _)) => self.setting(&mut out, section, name),
                None => out.push_str(line),
            }
            out.push('\n');
        }
        out
    }

    fn setting(&self, out: &mut String, section: &str, name: &str) {
        let key = format!("{section}.{name}");
        let value = self.value(section, name).expect("every line of the defaults is a setting");
        let hidden = || Value::String("***".into());
        let shown = match value {
            Value::String(text) if SECRETS.contains(&key.as_str()) && !text.is_empty() => hidden(),
            Value::Array(list) if SECRETS.contains(&key.as_str()) => {
                Value::Array(list.iter().map(|_| hidden()).collect())
            }
            value => value.clone(),
        };
        let _ = write!(out, "{name} = {shown}");
        if let origin @ (Origin::File(_) | Origin::Environment(_) | Origin::Flag(_)) =
            self.origin(&key)
        {
            let _ = write!(out, " # {origin}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read_back() {
        let printed = Layers::default().print();
        let read: toml::Table = printed.parse().expect("TOML");
        let defaults: toml::Table = DEFAULTS.parse().expect("TOML");
        assert_eq!(read, defaults);
    }

    #[test]
    fn secrets_are_hidden_and_origins_shown() {
        let variables = [
            ("DATABASE_URL".to_owned(), "postgres://u:geheim@h/db".to_owned()),
            ("HUNTER_WORKER_BATCHES".to_owned(), "9".to_owned()),
            (
                "HUNTER_WEBHOOKS_SECRETS".to_owned(),
                "whsec_Z2VoZWltZ2VoZWltZ2VoZWltZ2VoZWlt".to_owned(),
            ),
        ];
        let layers = Layers::load(None, variables).expect("layers");
        let printed = layers.print();
        assert!(!printed.contains("geheim") && !printed.contains("Z2Vo"), "{printed}");
        assert!(printed.contains("secrets = [\"***\"]"), "{printed}");
        assert!(printed.contains("url = \"***\" # environment `DATABASE_URL`"), "{printed}");
        assert!(printed.contains("batches = 9 # environment `HUNTER_WORKER_BATCHES`"), "{printed}");
        let debug = format!("{:?}", layers.config().expect("a config"));
        assert!(!debug.contains("geheim") && !debug.contains("Z2Vo"), "{debug}");
    }
}
