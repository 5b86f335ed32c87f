//! Speaks messages of one language with the variables of one lead.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};
use time::Date;

use super::amount::Amount;
use super::catalogue::{Catalogue, Message, Variable};

/// A catalogue and the variables set so far.
pub(super) struct Speech<'a> {
    catalogue: &'a Catalogue,
    args: FluentArgs<'a>,
}

impl<'a> Speech<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        Self { catalogue, args: FluentArgs::with_capacity(40) }
    }

    /// Sets a text, or the word of a choice.
    pub(super) fn set(&mut self, variable: Variable, text: impl Into<Cow<'a, str>>) {
        self.args.set(variable.name(), FluentValue::String(text.into()));
    }

    pub(super) fn set_number(&mut self, variable: Variable, number: impl Into<i64>) {
        self.args.set(variable.name(), FluentValue::from(number.into()));
    }

    /// The message in words.
    pub(super) fn say(&self, message: Message) -> String {
        let mut text = String::with_capacity(160);
        self.catalogue.write(&mut text, message.id(), &self.args);
        debug_assert!(!text.contains("{$"), "{}: {text}", message.id());
        text
    }

    /// Adds the message as the next sentence of `text`.
    pub(super) fn add(&self, text: &mut String, message: Message) {
        if !text.is_empty() {
            text.push(' ');
        }
        self.catalogue.write(text, message.id(), &self.args);
    }

    /// Adds the message to `text` as it stands.
    pub(super) fn append(&self, text: &mut String, message: Message) {
        self.catalogue.write(text, message.id(), &self.args);
    }

    /// The hook's message in words.
    pub(super) fn say_hook(&self, id: &str) -> String {
        let mut text = String::with_capacity(240);
        self.catalogue.write(&mut text, id, &self.args);
        text
    }
}

/// Says one message with a few variables of its own.
pub(super) fn phrase(
    catalogue: &Catalogue,
    message: Message,
    variables: &[(Variable, FluentValue<'_>)],
) -> String {
    let args: FluentArgs<'_> =
        variables.iter().map(|(variable, value)| (variable.name(), value.clone())).collect();
    let mut text = String::new();
    catalogue.write(&mut text, message.id(), &args);
    text
}

/// A date the way the language writes it.
pub(super) fn date(catalogue: &Catalogue, date: Date) -> String {
    let variables = [
        (Variable::Day, FluentValue::from(date.day())),
        (Variable::Month, FluentValue::from(u8::from(date.month()))),
        (Variable::Year, FluentValue::from(date.year().to_string())),
    ];
    phrase(catalogue, Message::Date, &variables)
}

/// A sum of money the way the language writes it: whole sums without a fraction.
pub(super) fn sum(catalogue: &Catalogue, amount: Amount, currency: &str) -> String {
    let mut text = grouped(amount.whole(), &phrase(catalogue, Message::NumberGroup, &[]));
    if amount.fraction() > 0 {
        text.push_str(&phrase(catalogue, Message::NumberDecimal, &[]));
        if amount.fraction() < 10 {
            text.push('0');
        }
        text.push_str(&amount.fraction().to_string());
    }
    let variables =
        [(Variable::Amount, FluentValue::from(text)), (Variable::Currency, currency.into())];
    phrase(catalogue, Message::Sum, &variables)
}

/// The names as a list: commas between, the language's "and" before the last.
pub(super) fn list<'n>(catalogue: &Catalogue, names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter().peekable();
    let mut text = names.next().unwrap_or_default().to_owned();
    while let Some(name) = names.next() {
        let joint = if names.peek().is_some() { Message::ListComma } else { Message::ListAnd };
        let variables = [(Variable::First, text.into()), (Variable::Last, name.into())];
        text = phrase(catalogue, joint, &variables);
    }
    text
}

/// The digits in groups of three.
fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// Text from outside, safe to stand within a sentence: control and direction characters and runs of
/// blanks become one blank, and what is overlong is cut.
pub(super) fn tidy(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 120;
    let plain = |c: char| !(c.is_control() || is_direction_mark(c));
    let is_tidy = text.len() <= LONGEST
        && text.chars().all(plain)
        && text.trim() == text
        && !text.contains("  ");
    if is_tidy {
        return Cow::Borrowed(text);
    }
    let mut tidied = String::with_capacity(LONGEST + 4);
    for word in text.split(|c: char| c.is_whitespace() || !plain(c)).filter(|word| !word.is_empty())
    {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
    }
    if let Some((end, _)) = tidied.char_indices().nth(LONGEST) {
        tidied.truncate(end);
        tidied.push('…');
    }
    Cow::Owned(tidied)
}

/// Characters that turn the direction of the text around them (Unicode bidirectional controls).
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::sales::catalogue::BUILTIN;

    fn catalogue(index: usize) -> Catalogue {
        let (lang, files) = BUILTIN[index];
        Catalogue::from_files(lang, files).expect("a built-in catalogue")
    }

    #[test]
    fn dates_and_sums_follow_the_language() {
        let (tr, en) = (catalogue(0), catalogue(1));
        let day = date!(2026 - 12 - 31);
        assert_eq!(super::date(&tr, day), "31 Aralık 2026");
        assert_eq!(super::date(&en, day), "31 December 2026");
        let amount = Amount::from_hundredths(123_456_700);
        assert_eq!(sum(&tr, amount, "EUR"), "1.234.567 €");
        assert_eq!(sum(&en, amount, "EUR"), "€1,234,567");
        assert_eq!(sum(&tr, Amount::from_hundredths(1083), "TRY"), "10,83 TL");
        assert_eq!(sum(&en, Amount::from_hundredths(1005), "USD"), "$10.05");
        assert_eq!(sum(&en, Amount::from_hundredths(500), "PLN"), "5 PLN");
    }

    #[test]
    fn lists_end_with_the_languages_and() {
        let (tr, en) = (catalogue(0), catalogue(1));
        assert_eq!(list(&tr, ["SPF"]), "SPF");
        assert_eq!(list(&tr, ["SPF", "DKIM"]), "SPF ve DKIM");
        assert_eq!(list(&en, ["SPF", "DKIM", "DMARC"]), "SPF, DKIM and DMARC");
        assert_eq!(list(&en, []), "");
    }

    #[test]
    fn text_from_outside_cannot_break_a_sentence() {
        assert_eq!(tidy("Örnek A.Ş."), "Örnek A.Ş.");
        assert_eq!(tidy(" Örnek\r\n A.Ş.\u{202e} "), "Örnek A.Ş.");
        assert_eq!(tidy(&"ş".repeat(500)).chars().count(), 121);
    }
}
