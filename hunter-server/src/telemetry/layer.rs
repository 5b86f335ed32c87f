//! One event, one line: for people or for machines, with the fields of all spans around it, masked.
//!
//! As JSON each line is an object. `timestamp` (RFC 3339, UTC), `level`, `target` and `message` are always
//! there; the fields of the event and of its spans stand beside them, the innermost winning:
//! `request_id`, `method`, `route`, `status` and `latency_ms` of a request, `bulk_id`, `batch_no`,
//! `total_batches` and `batch_size` of a batch.

use std::fmt::{self, Write as _};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::mask::Mask;
use super::sentry::Reporter;
use crate::config::{LogConfig, LogFormat};

/// What every line has; a field of that name is written with an underscore at its end.
const OWN: [&str; 4] = ["timestamp", "level", "target", "message"];

/// Writes events.
pub struct LogLayer {
    format: LogFormat,
    mask: Mask,
    reporter: Option<Reporter>,
    output: Mutex<Box<dyn Write + Send>>,
}

impl LogLayer {
    /// A layer that writes as the settings say.
    pub fn new(config: &LogConfig, output: Box<dyn Write + Send>) -> Self {
        let mask = Mask::new(config.mask_personal_data);
        Self { format: config.format, mask, reporter: None, output: Mutex::new(output) }
    }

    /// The same, and errors are reported besides.
    #[must_use]
    pub fn reporting(self, reporter: Option<Reporter>) -> Self {
        Self { reporter, ..self }
    }

    fn write(&self, line: &str) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        // There is nowhere left to say that the log cannot be written.
        let _ = output.write_all(line.as_bytes());
    }
}

/// Fields, masked as they come in.
struct Fields {
    mask: Mask,
    message: String,
    values: Map<String, Value>,
}

impl Fields {
    fn new(mask: Mask) -> Self {
        Self { mask, message: String::new(), values: Map::new() }
    }

    fn insert(&mut self, field: &Field, value: Value) {
        let name = field.name().trim_start_matches("r#");
        let value = match value {
            _ if self.mask.hides(name) => self.mask.field(name, "").into_owned().into(),
            Value::String(text) => self.mask.field(name, &text).into_owned().into(),
            other => other,
        };
        let name = if OWN.contains(&name) { format!("{name}_") } else { name.to_owned() };
        self.values.insert(name, value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = self.mask.text(&text).into_owned();
        } else {
            self.insert(field, text.into());
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message = self.mask.text(value).into_owned();
        } else {
            self.insert(field, value.into());
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value.into());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for LogLayer {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::new(self.mask);
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            record.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::new(self.mask);
        event.record(&mut fields);
        let mut around = Map::new();
        for span in context
            .event_scope(event)
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                around.extend(of_span.values.clone());
            }
        }
        around.append(&mut fields.values);
        if let Some(reporter) = &self.reporter
            && *event.metadata().level() == Level::ERROR
        {
            reporter.report(event.metadata(), &fields.message, &around);
        }
        let now = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        let line = match self.format {
            LogFormat::Json => json(&now, event.metadata(), fields.message, around),
            LogFormat::Text => text(&now, event.metadata(), &fields.message, &around),
        };
        self.write(&line);
    }
}

fn json(now: &str, metadata: &Metadata<'_>, message: String, fields: Map<String, Value>) -> String {
    let mut line = Map::new();
    line.insert("timestamp".into(), now.into());
    line.insert("level".into(), metadata.level().as_str().into());
    line.insert("target".into(), metadata.target().into());
    line.insert("message".into(), message.into());
    line.extend(fields);
    format!("{}\n", Value::Object(line))
}

fn text(now: &str, metadata: &Metadata<'_>, message: &str, fields: &Map<String, Value>) -> String {
    let (level, target) = (metadata.level(), metadata.target());
    // A line of another's making must not look like one of ours.
    let message = message.replace(['\n', '\r'], "\\n");
    let mut line = format!("{now} {level:>5} {target}: {message}");
    for (name, value) in fields {
        let _ = match value {
            Value::String(word) if is_plain(word) => write!(line, " {name}={word}"),
            other => write!(line, " {name}={other}"),
        };
    }
    line.push('\n');
    line
}

/// Whether a value can be told from what follows it without quotes.
fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"')
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::config::Layers;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, what: impl FnOnce()) -> String {
        let mut config = Layers::default().config().expect("the defaults").log;
        config.format = format;
        let kept = Kept::default();
        let layer = LogLayer::new(&config, Box::new(kept.clone()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), what);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_of_json_has_the_fields_of_its_spans() {
        let log = logged(LogFormat::Json, || {
            let span = tracing::info_span!(
                "bulk",
                bulk_id = "b1",
                batch_no = 3,
                status = tracing::field::Empty
            );
            let _in = span.enter();
            span.record("status", 200);
            let error = "refused for ali@ornek.com.tr at postgres://u:p@h";
            tracing::warn!(batch_no = 4, level = 7, token = 12, error, "no \"luck\"\nat all");
        });
        let line: Value = serde_json::from_str(&log).expect("one object");
        assert!(log.ends_with('\n') && log.lines().count() == 1, "{log}");
        for (name, value) in [
            ("level", "WARN"),
            ("message", "no \"luck\"\nat all"),
            ("bulk_id", "b1"),
            ("token", "***"),
            ("error", "refused for ***@ornek.com.tr at postgres://***@h"),
        ] {
            assert_eq!(line[name], value, "{line}");
        }
        assert_eq!((line["batch_no"].as_u64(), line["level_"].as_u64()), (Some(4), Some(7)));
        assert_eq!(line["status"], 200);
        let at = line["timestamp"].as_str().expect("a time");
        assert!(OffsetDateTime::parse(at, &Rfc3339).is_ok(), "{at}");
    }

    #[test]
    fn a_panic_is_a_line_like_any_other() {
        let before = std::panic::take_hook();
        crate::telemetry::panics::tell();
        let log = logged(LogFormat::Json, || {
            let _in = tracing::info_span!("request", request_id = "r-1").entered();
            let fell = std::panic::catch_unwind(|| panic!("no luck for ali@ornek.com.tr"));
            assert!(fell.is_err());
        });
        std::panic::set_hook(before);
        let line: Value = serde_json::from_str(&log).expect("one object");
        for (name, value) in [
            ("level", "ERROR"),
            ("target", "panic"),
            ("message", "panicked: no luck for ***@ornek.com.tr"),
            ("request_id", "r-1"),
        ] {
            assert_eq!(line[name], value, "{line}");
        }
        assert!(line["place"].as_str().is_some_and(|place| place.contains("layer.rs:")), "{line}");
    }

    #[test]
    fn a_line_for_people_stays_one_line() {
        let log = logged(LogFormat::Text, || {
            tracing::info!(error = "a b", code = "x", "first\nINFO forged");
        });
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(log.contains("first\\nINFO forged code=x error=\"a b\""), "{log}");
    }
}
