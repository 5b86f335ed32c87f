//! The texts of one language, checked when they are loaded.

mod check;
mod messages;
mod variables;

use std::borrow::Cow;
use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

pub(super) use messages::Message;
pub(super) use variables::Variable;

use crate::data_file::DataFile;
use crate::error::DataError;

/// The texts of one language (Project Fluent syntax).
///
/// Loading checks that every message of the engine is there, that each keeps to its variables, and
/// that nothing else is: afterwards no sentence can fail.
pub struct Catalogue {
    lang: String,
    bundle: FluentBundle<Source>,
}

/// One file of texts.
pub(crate) struct Source {
    file: String,
    resource: FluentResource,
}

impl Source {
    fn read(file: &str, text: &str) -> Result<Self, DataError> {
        if let Some(at) = broken_escape(text) {
            return Err(DataError {
                code: "data_syntax",
                file: file.to_owned(),
                line: Some(DataFile { name: file, text }.line_at(at)),
                key: None,
                problem: "`\\u` wants four hexadecimal digits, and `\\U` six".to_owned(),
            });
        }
        match FluentResource::try_new(text.replace("\r\n", "\n")) {
            Ok(resource) => Ok(Self { file: file.to_owned(), resource }),
            Err((_, faults)) => {
                let fault = faults.first();
                Err(DataError {
                    code: "data_syntax",
                    file: file.to_owned(),
                    line: fault.map(|fault| DataFile { name: file, text }.line_at(fault.pos.start)),
                    key: None,
                    problem: fault.map(ToString::to_string).unwrap_or_default(),
                })
            }
        }
    }

    fn fault(&self, code: &'static str, id: &str, problem: &str) -> DataError {
        DataError {
            code,
            file: self.file.clone(),
            line: self.line_of(id),
            key: Some(id.to_owned()),
            problem: problem.to_owned(),
        }
    }

    /// The line on which the message begins.
    fn line_of(&self, id: &str) -> Option<usize> {
        self.resource
            .source()
            .lines()
            .position(|line| {
                line.strip_prefix('-')
                    .unwrap_or(line)
                    .strip_prefix(id)
                    .is_some_and(|rest| rest.trim_start().starts_with('='))
            })
            .map(|index| index + 1)
    }
}

impl std::borrow::Borrow<FluentResource> for Source {
    fn borrow(&self) -> &FluentResource {
        &self.resource
    }
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue").field("lang", &self.lang).finish_non_exhaustive()
    }
}

macro_rules! builtin {
    ( $lang:literal: $( $file:literal ),+ ) => {
        ($lang, &[ $( (
            concat!($lang, "/", $file),
            include_str!(concat!("../../../data/texts/", $lang, "/", $file)),
        ) ),+ ])
    };
}

/// The languages that ship with the product, each in files by subject; the first is the default.
pub(super) const BUILTIN: &[(&str, &[(&str, &str)])] = &[
    builtin!(
        "tr":
        "names.ftl", "lead.ftl", "security.ftl", "script.ftl", "findings.ftl", "plan.ftl", "hooks.ftl",
        "page.ftl"
    ),
    builtin!(
        "en":
        "names.ftl", "lead.ftl", "security.ftl", "script.ftl", "findings.ftl", "plan.ftl", "hooks.ftl",
        "page.ftl"
    ),
];

impl Catalogue {
    /// Reads a language from one file; `file_name` only serves the error.
    ///
    /// # Errors
    /// As for [`from_files`](Self::from_files).
    pub fn from_ftl(file_name: &str, text: &str, lang: &str) -> Result<Self, DataError> {
        Self::from_files(lang, &[(file_name, text)])
    }

    /// Reads a language from several files, given as name and text.
    ///
    /// # Errors
    /// [`DataError`] names the file, the line and the message: a fault of syntax, a message that is
    /// missing, double or not known, or a variable that the message does not have.
    pub fn from_files(lang: &str, files: &[(&str, &str)]) -> Result<Self, DataError> {
        let identifier: LanguageIdentifier = lang.parse().map_err(|_| DataError {
            code: "data_value",
            file: files.first().map_or(lang, |(file, _)| file).to_owned(),
            line: None,
            key: None,
            problem: format!("`{lang}` is not a language tag: use one like `tr` or `en-GB`"),
        })?;
        let sources = files
            .iter()
            .map(|(file, text)| Source::read(file, text))
            .collect::<Result<Vec<_>, _>>()?;
        let name = if let [(file, _)] = files { file } else { lang };
        check::Messages::of(name, &sources)?.check()?;

        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        bundle.set_use_isolating(false);
        bundle.set_transform(Some(unwrap_lines));
        for source in sources {
            bundle.add_resource_overriding(source);
        }
        Ok(Self { lang: lang.to_owned(), bundle })
    }

    /// The language tag.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Whether the message is there.
    pub(super) fn has(&self, id: &str) -> bool {
        self.bundle.has_message(id)
    }

    /// Whether the message can be spoken with these variables alone.
    pub(super) fn can_say(&self, id: &str, args: &FluentArgs<'_>) -> bool {
        let pattern = self.bundle.get_message(id).and_then(|message| message.value());
        pattern.is_some_and(|pattern| {
            let mut errors = Vec::new();
            self.bundle.format_pattern(pattern, Some(args), &mut errors);
            errors.is_empty()
        })
    }

    /// Writes the message with that id at the end of `out`. An id that is not there writes nothing;
    /// all ids were checked when the engine was built.
    pub(super) fn write(&self, out: &mut String, id: &str, args: &FluentArgs<'_>) {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return;
        };
        let mut errors = Vec::new();
        // Writing to a `String` cannot fail.
        let _ = self.bundle.write_pattern(out, pattern, Some(args), &mut errors);
        debug_assert!(errors.is_empty(), "{id}: {errors:?}");
    }
}

/// A line break in a catalogue stands for a blank: long sentences are wrapped there.
fn unwrap_lines(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { Cow::Owned(text.replace('\n', " ")) } else { Cow::Borrowed(text) }
}

/// Where an escape sequence breaks off before a letter outside ASCII: the parser of fluent-syntax 0.12
/// cuts such a letter in two and panics.
fn broken_escape(text: &str) -> Option<usize> {
    text.match_indices('\\').map(|(at, _)| at).find(|at| {
        let rest = &text[at + 1..];
        let length = match rest.chars().next() {
            Some('u') => 4,
            Some('U') => 6,
            _ => return false,
        };
        let digits = rest[1..].bytes().take(length).take_while(u8::is_ascii_hexdigit).count();
        digits < length && rest[1 + digits..].chars().next().is_some_and(|c| !c.is_ascii())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The built-in Turkish texts as one file.
    fn turkish() -> String {
        let (_, files) = BUILTIN[0];
        files.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n")
    }

    fn fault(from: &str, to: &str) -> DataError {
        let text = turkish();
        assert!(text.contains(from), "{from}");
        Catalogue::from_ftl("t.ftl", &text.replacen(from, to, 1), "tr").expect_err("a fault")
    }

    #[test]
    fn a_language_may_be_one_file() {
        let catalogue = Catalogue::from_ftl("t.ftl", &turkish(), "tr-TR").expect("a catalogue");
        assert_eq!(catalogue.lang(), "tr-TR");
        assert!(catalogue.has("greeting"));
    }

    #[test]
    fn an_escape_that_breaks_off_is_refused_and_never_cut() {
        for literal in ["\\u4ð44", "\\Uð", "\\u00ç"] {
            let text = format!("{}\nx = {{\"{literal}\"}}\n", turkish());
            let error = Catalogue::from_ftl("t.ftl", &text, "tr").expect_err(literal);
            assert_eq!(error.code, "data_syntax", "{literal}");
            assert!(error.problem.contains("four hexadecimal digits"), "{literal}");
        }
        let whole = format!("{}\nx = {{\"\\u00e7ð\"}} C:\\ç\n", turkish());
        // Whole escapes pass; what is refused is the message, which nobody knows.
        let error = Catalogue::from_ftl("t.ftl", &whole, "tr").expect_err("an unknown message");
        assert_ne!(error.code, "data_syntax", "{}", error.problem);
    }

    #[test]
    fn a_missing_message_is_refused() {
        let error = fault("ask-budget = ", "ask-bugdet = ");
        assert_eq!((error.code, error.key.as_deref()), ("data_missing_key", Some("ask-budget")));
        assert_eq!(error.file, "t.ftl");
    }

    #[test]
    fn a_message_nobody_speaks_is_refused() {
        let error = fault("ask-budget = ", "ask-pudding = Tatlı?\nask-budget = ");
        assert_eq!((error.code, error.key.as_deref()), ("data_unknown_key", Some("ask-pudding")));
        let line = turkish().lines().position(|line| line.starts_with("ask-budget"));
        assert_eq!(error.line, line.map(|index| index + 1));
    }

    #[test]
    fn variables_and_their_words_are_checked() {
        let error = fault("{ $license }: kul", "{ $licence }: kul");
        assert_eq!((error.code, error.key.as_deref()), ("data_reference", Some("offer-price")));
        assert!(error.problem.contains("use one of $license, $price"), "{}", error.problem);
        let error = fault("ask-budget = ", "ask-budget = { $domain } ");
        assert_eq!(error.code, "data_reference");
        let error = fault("[top] Uygunsanız", "[tip] Uygunsanız");
        assert_eq!(error.code, "data_value");
        assert!(error.problem.contains("`$band` is never `tip`"), "{}", error.problem);
        let error = fault("{ $size ->", "{ $size-name ->");
        assert_eq!(error.code, "data_reference");
        let error = fault("hook-price-rise =", "hook-price-rise = { $host }");
        assert_eq!(error.code, "data_reference");
    }

    #[test]
    fn helpers_are_followed_and_circles_refused() {
        let text =
            turkish().replacen("ask-budget = ", "helper = Peki,\nask-budget = { helper } ", 1);
        Catalogue::from_ftl("t.ftl", &text, "tr").expect("a helper that is used");
        let error = fault("ask-budget = ", "helper = { helper }\nask-budget = { helper } ");
        assert_eq!((error.code, error.key.as_deref()), ("data_reference", Some("helper")));
        let error = fault("ask-budget = ", "ask-budget = { helper } ");
        assert_eq!((error.code, error.key.as_deref()), ("data_reference", Some("helper")));
        let error = fault("ask-budget = ", "ask-budget = { NUMBER(1) } ");
        assert_eq!(error.code, "data_value");
    }

    #[test]
    fn what_no_sentence_needs_is_refused() {
        for (from, to, code, key) in [
            ("ask-budget = ", "-brand = Hunter\nask-budget = ", "data_unknown_key", "brand"),
            ("ask-budget = ", "bare =\n    .label = x\nask-budget = ", "data_value", "bare"),
            (
                "ask-budget = ",
                "more = x\n    .label = y\nask-budget = ",
                "data_unknown_key",
                "more",
            ),
            ("ask-budget = ", "ask-budget = { greeting.label } ", "data_value", "ask-budget"),
            ("ask-budget = ", "ask-budget = { -brand } ", "data_value", "ask-budget"),
            (
                "offer-price = ",
                "offer-price = { \"x\" ->\n   *[x] y\n  } ",
                "data_value",
                "offer-price",
            ),
            (
                "offer-price = ",
                "offer-price = { $license ->\n   *[x] y\n  } ",
                "data_value",
                "offer-price",
            ),
            ("offer-price = ", "offer-price = { { $licence } } ", "data_reference", "offer-price"),
        ] {
            let error = fault(from, to);
            assert_eq!((error.code, error.key.as_deref()), (code, Some(key)), "{to}: {error}");
            assert!(error.line.is_some(), "{error}");
        }
    }

    #[test]
    fn literals_and_nested_placeables_are_texts() {
        let text = turkish().replacen("ask-budget = ", "ask-budget = { \"x\" } { { 1 } } ", 1);
        Catalogue::from_ftl("t.ftl", &text, "tr").expect("literals need no variable");
    }

    #[test]
    fn doubles_and_faults_of_syntax_name_their_line() {
        let error = fault("ask-budget = ", "ask-time = Ne zaman?\nask-budget = ");
        assert_eq!((error.code, error.key.as_deref()), ("data_duplicate", Some("ask-time")));
        let error = Catalogue::from_ftl("t.ftl", "greeting = Merhaba\ndate = {", "tr");
        let error = error.expect_err("a fault");
        assert_eq!((error.code, error.line), ("data_syntax", Some(2)));
        let error = Catalogue::from_ftl("t.ftl", "", "not a tag").expect_err("a fault");
        assert_eq!(error.code, "data_value");
    }

    /// A suffix glued to a variable is right for some values and wrong for others.
    #[test]
    fn no_turkish_suffix_is_glued_to_a_variable() {
        let text = turkish();
        for (place, _) in text.match_indices('}') {
            let after = text[place + 1..].chars().next();
            let glued = after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'));
            assert!(!glued, "{:?}", text[place..].lines().next());
        }
    }
}
