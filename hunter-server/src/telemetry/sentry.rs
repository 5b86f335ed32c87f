//! Errors and panics to a Sentry, where one is set up: what the log has of them, masked as there.

use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use sentry::protocol::{Event, Level, Map};
use sentry::transports::DefaultTransportFactory;
use sentry::types::Dsn;
use sentry::{Client, ClientOptions};
use serde_json::Value;
use tracing::Metadata;

use super::errors::{component, severity};
use crate::config::{Config, Origin};
use crate::error::ServerError;

/// How long the end of the process waits for what is not sent yet.
const PATIENCE: Duration = Duration::from_secs(2);

/// Fields by which events are found.
const TAGS: [&str; 6] = ["bulk_id", "code", "method", "request_id", "route", "status"];

/// Sends events from a thread of its own. Cheap to clone.
#[derive(Clone)]
pub struct Reporter(Arc<Client>);

impl Reporter {
    /// The reporter of the settings; `None` where none is set up.
    ///
    /// # Errors
    /// `config_value` for an address that cannot be understood, or a rate that is none.
    pub fn new(config: &Config) -> Result<Option<Self>, ServerError> {
        let wrong = |key: &str, problem: &str| ServerError::ConfigValue {
            key: key.to_owned(),
            origin: Origin::Default,
            problem: problem.to_owned(),
        };
        let settings = &config.sentry;
        if !(0.0..=1.0).contains(&settings.sample_rate) {
            return Err(wrong("sentry.sample_rate", "must be between 0 and 1"));
        }
        let dsn = match settings.dsn.expose_secret() {
            "" => return Ok(None),
            // What is wrong with it is not told: it is a secret.
            dsn => dsn.parse::<Dsn>().map_err(|_| {
                wrong("sentry.dsn", "is no DSN: it reads `https://KEY@HOST/PROJECT`")
            })?,
        };
        // The transport takes the provider of the process; another part may have set the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let environment = match settings.environment.as_str() {
            "" => config.database.environment.as_str(),
            named => named,
        };
        let mut options = ClientOptions::new()
            .release(concat!("hunter@", env!("CARGO_PKG_VERSION")))
            .environment(environment.to_owned())
            .sample_rate(settings.sample_rate)
            .default_integrations(false)
            .send_default_pii(false)
            .transport(DefaultTransportFactory);
        options.dsn = Some(dsn);
        Ok(Some(Self(Arc::new(Client::from_config(options)))))
    }

    /// Sends an event whose message and fields are masked already.
    pub(super) fn report(
        &self,
        metadata: &Metadata<'_>,
        message: &str,
        fields: &serde_json::Map<String, Value>,
    ) {
        let Some(severity) = severity(metadata.target(), *metadata.level()) else { return };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut tags: Map<String, String> = TAGS
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), text(fields.get(*name)?))))
            .collect();
        tags.insert("component".into(), component(metadata.target()).into());
        tags.insert("severity".into(), severity.into());
        let event = Event {
            level: if severity == "critical" { Level::Fatal } else { Level::Error },
            logger: Some(metadata.target().to_owned()),
            message: Some(message.to_owned()),
            tags,
            extra: fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..Event::default()
        };
        self.0.capture_event(event, None);
    }

    /// Waits until what was reported is sent, but not for long.
    pub(super) fn close(&self) {
        self.0.close(Some(PATIENCE));
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};
    use std::sync::mpsc;
    use std::thread;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::config::Layers;
    use crate::telemetry::layer::LogLayer;

    /// A server that takes envelopes and hands their bodies on.
    fn sink() -> (SocketAddr, mpsc::Receiver<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut reader = BufReader::new(stream);
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) == 0 {
                        break;
                    }
                    let lower = line.to_ascii_lowercase();
                    if let Some(value) = lower.strip_prefix("content-length:") {
                        length = value.trim().parse().expect("a length");
                    }
                    if line == "\r\n" {
                        let mut body = vec![0; length];
                        reader.read_exact(&mut body).expect("a body");
                        let _ = sender.send(String::from_utf8(body).expect("text"));
                        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                        reader.get_mut().write_all(answer.as_bytes()).expect("answered");
                    }
                }
            }
        });
        (address, received)
    }

    fn config(dsn: &str) -> Config {
        let variables = [("HUNTER_SENTRY_DSN".to_owned(), dsn.to_owned())];
        Layers::load(None, variables).and_then(|layers| layers.config()).expect("settings")
    }

    #[test]
    fn an_error_arrives_with_its_tags_and_without_people() {
        let (address, received) = sink();
        let config = config(&format!("http://gizli@{address}/7"));
        let reporter = Reporter::new(&config).expect("settings").expect("a reporter");
        let layer =
            LogLayer::new(&config.log, Box::new(std::io::sink())).reporting(Some(reporter.clone()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _in =
                tracing::info_span!("request", request_id = "r-1", route = "/leads").entered();
            tracing::warn!("this is no error");
            let error = "ali@ornek.com.tr from 203.0.113.7 at postgres://u:geheim@h";
            tracing::error!(target: "hunter_store::db", error, phone = 5, "cannot write to 0532 123 45 67");
        });
        reporter.close();
        let envelope = received.recv_timeout(Duration::from_secs(10)).expect("an envelope");
        for planted in ["ali@", "203.0.113.7", "geheim", "0532", "no error"] {
            assert!(!envelope.contains(planted), "{planted}: {envelope}");
        }
        let event = envelope.lines().nth(2).expect("an event");
        let event: Value = serde_json::from_str(event).expect("JSON");
        assert_eq!(event["tags"]["component"], "database", "{event}");
        assert_eq!(event["tags"]["severity"], "error");
        assert_eq!(event["tags"]["request_id"], "r-1");
        assert_eq!(event["environment"], "development");
        assert_eq!(event["message"], "cannot write to ***");
        assert!(received.recv_timeout(Duration::from_millis(200)).is_err(), "one event, once");
    }

    #[test]
    fn without_a_dsn_nothing_is_sent_and_a_wrong_one_is_not_repeated() {
        let none = Layers::default().config().expect("the defaults");
        assert!(Reporter::new(&none).expect("settings").is_none());
        let error = Reporter::new(&config("gizli-ve-yanlis")).err().expect("refused");
        assert_eq!(error.code(), "config_value");
        assert!(!error.to_string().contains("gizli"), "{error}");
    }
}
