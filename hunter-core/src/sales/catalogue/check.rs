//! Holds a catalogue to the list of messages, so that no sentence can fail when it is spoken.

use std::collections::{HashMap, HashSet};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};

use super::Source;
use super::messages::{HOOK_VARIABLES, Message};
use super::variables::{Kind, Variable};
use crate::error::DataError;
use crate::sales::hooks;

/// The messages of a catalogue by id, with the place each was read from.
pub(super) struct Messages<'a> {
    /// The file, or the language when there are several files.
    name: &'a str,
    entries: HashMap<&'a str, (&'a Source, &'a Pattern<&'a str>)>,
}

impl<'a> Messages<'a> {
    /// Lists the messages; refuses attributes, terms, doubles and messages without a text.
    pub(super) fn of(name: &'a str, sources: &'a [Source]) -> Result<Self, DataError> {
        let mut entries = HashMap::new();
        for source in sources {
            for entry in source.resource.entries() {
                let message = match entry {
                    Entry::Message(message) => message,
                    Entry::Term(term) => {
                        let problem = "terms are not used here: write a message without the hyphen";
                        return Err(source.fault("data_unknown_key", term.id.name, problem));
                    }
                    _ => continue,
                };
                let id = message.id.name;
                let Some(pattern) = &message.value else {
                    return Err(source.fault("data_value", id, "the message has no text"));
                };
                if !message.attributes.is_empty() {
                    let problem = "attributes are not used here: remove them";
                    return Err(source.fault("data_unknown_key", id, problem));
                }
                if entries.insert(id, (source, pattern)).is_some() {
                    return Err(source.fault("data_duplicate", id, "the message stands twice"));
                }
            }
        }
        Ok(Self { name, entries })
    }

    /// Checks every message that the engine speaks and every hook, and that there is no other
    /// besides helpers of these.
    pub(super) fn check(&self) -> Result<(), DataError> {
        let mut used = HashSet::new();
        for message in Message::ALL {
            self.check_message(message.id(), message.variables(), &mut used)?;
        }
        for id in self.entries.keys() {
            if id.starts_with(hooks::MESSAGE_PREFIX) {
                self.check_message(id, HOOK_VARIABLES, &mut used)?;
            }
        }
        for (id, (source, _)) in &self.entries {
            if !used.contains(id) {
                let problem = "no message of that name is spoken: check the spelling";
                return Err(source.fault("data_unknown_key", id, problem));
            }
        }
        Ok(())
    }

    /// Checks that a message is there and stays within the variables allowed.
    fn check_message(
        &self,
        id: &str,
        allowed: &[Variable],
        used: &mut HashSet<&'a str>,
    ) -> Result<(), DataError> {
        self.check_reference(id, allowed, used, &mut Vec::new())
    }

    fn check_reference(
        &self,
        id: &str,
        allowed: &[Variable],
        used: &mut HashSet<&'a str>,
        path: &mut Vec<&'a str>,
    ) -> Result<(), DataError> {
        let Some((&id, &(source, pattern))) = self.entries.get_key_value(id) else {
            let asked_by = path.last().and_then(|asking| self.entries.get(asking));
            return Err(match asked_by {
                Some((source, _)) => {
                    source.fault("data_reference", id, "the message is named but not there")
                }
                None => DataError {
                    code: "data_missing_key",
                    file: self.name.to_owned(),
                    line: None,
                    key: Some(id.to_owned()),
                    problem: "the catalogue lacks this message: add it".to_owned(),
                },
            });
        };
        if path.contains(&id) {
            return Err(source.fault("data_reference", id, "the message refers to itself"));
        }
        used.insert(id);
        path.push(id);
        self.check_pattern(pattern, &Place { source, id, allowed }, used, path)?;
        path.pop();
        Ok(())
    }

    fn check_pattern(
        &self,
        pattern: &'a Pattern<&'a str>,
        place: &Place<'_>,
        used: &mut HashSet<&'a str>,
        path: &mut Vec<&'a str>,
    ) -> Result<(), DataError> {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.check_expression(expression, place, used, path)?;
            }
        }
        Ok(())
    }

    fn check_expression(
        &self,
        expression: &'a Expression<&'a str>,
        place: &Place<'_>,
        used: &mut HashSet<&'a str>,
        path: &mut Vec<&'a str>,
    ) -> Result<(), DataError> {
        match expression {
            Expression::Inline(inline) => self.check_inline(inline, place, used, path),
            Expression::Select { selector, variants } => {
                let InlineExpression::VariableReference { id } = selector else {
                    return Err(place.fault("data_value", "only a variable can be selected by"));
                };
                let kind = place.variable(id.name)?.kind();
                for variant in variants {
                    place.check_variant(id.name, kind, &variant.key, variant.default)?;
                    self.check_pattern(&variant.value, place, used, path)?;
                }
                Ok(())
            }
        }
    }

    fn check_inline(
        &self,
        inline: &'a InlineExpression<&'a str>,
        place: &Place<'_>,
        used: &mut HashSet<&'a str>,
        path: &mut Vec<&'a str>,
    ) -> Result<(), DataError> {
        match inline {
            InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {
                Ok(())
            }
            InlineExpression::VariableReference { id } => match place.variable(id.name)?.kind() {
                Kind::Choice(_) => {
                    let problem = format!("`${}` is only there to be selected by", id.name);
                    Err(place.fault("data_value", &problem))
                }
                Kind::Text | Kind::Number | Kind::Code => Ok(()),
            },
            InlineExpression::MessageReference { id, attribute: None } => {
                self.check_reference(id.name, place.allowed, used, path)
            }
            InlineExpression::Placeable { expression } => {
                self.check_expression(expression, place, used, path)
            }
            InlineExpression::FunctionReference { .. }
            | InlineExpression::MessageReference { .. }
            | InlineExpression::TermReference { .. } => {
                Err(place.fault("data_value", "functions, attributes and terms are not used here"))
            }
        }
    }
}

/// The message being checked.
struct Place<'p> {
    source: &'p Source,
    id: &'p str,
    allowed: &'p [Variable],
}

impl Place<'_> {
    fn fault(&self, code: &'static str, problem: &str) -> DataError {
        self.source.fault(code, self.id, problem)
    }

    fn variable(&self, name: &str) -> Result<Variable, DataError> {
        Variable::named(name).filter(|variable| self.allowed.contains(variable)).ok_or_else(|| {
            let choices: Vec<_> =
                self.allowed.iter().map(|variable| format!("${}", variable.name())).collect();
            let problem = if choices.is_empty() {
                format!("`${name}` is not known here: this message takes no variable")
            } else {
                format!("`${name}` is not known here: use one of {}", choices.join(", "))
            };
            self.fault("data_reference", &problem)
        })
    }

    fn check_variant(
        &self,
        variable: &str,
        kind: Kind,
        key: &VariantKey<&str>,
        default: bool,
    ) -> Result<(), DataError> {
        match (kind, key) {
            (Kind::Choice(words), VariantKey::Identifier { name }) if words.contains(name) => {
                Ok(())
            }
            (
                Kind::Choice(words),
                VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name },
            ) => {
                let problem =
                    format!("`${variable}` is never `{name}`: use one of {}", words.join(", "));
                Err(self.fault("data_value", &problem))
            }
            (Kind::Number, VariantKey::Identifier { .. }) | (Kind::Code, _) if default => Ok(()),
            (Kind::Number, VariantKey::Identifier { name })
                if !["zero", "one", "two", "few", "many", "other"].contains(name) =>
            {
                let problem = format!("`{name}` is neither a number nor a plural form");
                Err(self.fault("data_value", &problem))
            }
            (Kind::Number, _) | (Kind::Code, VariantKey::Identifier { .. }) => Ok(()),
            (Kind::Text, _) | (Kind::Code, VariantKey::NumberLiteral { .. }) => {
                let problem = format!("`${variable}` cannot be selected by that");
                Err(self.fault("data_value", &problem))
            }
        }
    }
}
