//! The list of operations, from which `docs/PARITY.md` is written and against which every language
//! tests itself.

mod batches;
mod entries;
mod lead_row;

use std::borrow::Cow;

use serde::Serialize;

pub use self::batches::{BATCHES, Batch, Column};
pub use self::entries::OPERATIONS;

/// One operation: the same in Rust, Python and Node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Its name in Rust and Python; [`camel_case`] gives that in Node.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Its arguments, in the order in which they may be given without a name.
    pub arguments: &'static [Argument],
    /// What comes back.
    pub answer: Answer,
    /// Every error code that it can return, besides `argument_invalid`; `domain_*` stands for all that
    /// begin so.
    pub errors: &'static [&'static str],
    /// A request with the required arguments alone, as JSON.
    pub example: &'static str,
}

/// One argument of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Argument {
    /// Its name in Rust and Python; [`camel_case`] gives that in Node.
    pub name: &'static str,
    /// What it is, in words.
    pub kind: &'static str,
    /// Whether it may be `null`, which every language writes in its own way.
    pub nullable: bool,
    /// What it is where it is not given, as JSON; `None` where it must be given.
    pub default: Option<&'static str>,
}

/// What comes back from an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// Its type in Rust.
    pub name: &'static str,
    /// Its fields. Where there is one alone, Python and Node return its value, and no object around it.
    pub fields: &'static [&'static str],
}

impl Operation {
    /// The name in Node.
    pub fn node_name(&self) -> Cow<'static, str> {
        camel_case(self.name)
    }

    /// The arguments as Python writes them in a signature.
    pub fn python_signature(&self) -> String {
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|argument| match argument.default {
                None => argument.name.to_owned(),
                Some("null" | "{}") => format!("{}=None", argument.name),
                Some(default) => format!("{}={default}", argument.name),
            })
            .collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

impl Argument {
    /// Whether it must be given.
    pub const fn required(&self) -> bool {
        self.default.is_none()
    }

    /// The name in Node.
    pub fn node_name(&self) -> Cow<'static, str> {
        camel_case(self.name)
    }
}

/// A name in `snake_case` as Node has it: `mx_records` is `mxRecords`.
///
/// Only names of operations and arguments change. The fields of requests and answers keep their names
/// in every language, since they are those of the lead row.
pub fn camel_case(name: &'static str) -> Cow<'static, str> {
    if !name.contains('_') {
        return Cow::Borrowed(name);
    }
    let mut camel = String::with_capacity(name.len());
    for (nth, part) in name.split('_').enumerate() {
        match part.chars().next() {
            Some(first) if nth > 0 => {
                camel.push(first.to_ascii_uppercase());
                camel.push_str(&part[1..]);
            }
            _ => camel.push_str(part),
        }
    }
    Cow::Owned(camel)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;
    use serde_json::{Map, Value, json};
    use time::OffsetDateTime;

    use super::super::*;
    use crate::error::CODES;

    const CLOCK: OffsetDateTime = time::macros::datetime!(2026-11-24 09:30 UTC);

    /// The fields of a request as serde knows them: it names them when it meets another.
    fn fields_of<R: DeserializeOwned>() -> Vec<String> {
        let Err(error) = serde_json::from_value::<R>(json!({"?": null})) else {
            panic!("a request takes a field that it does not know")
        };
        let message = error.to_string();
        let (_, listed) = message.split_once("expected").expect("the fields that are known");
        listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    /// Reads a request and forgets it.
    fn reads<R: DeserializeOwned>(request: &Value) -> Result<(), String> {
        serde_json::from_value::<R>(request.clone()).map(drop).map_err(|error| error.to_string())
    }

    type Shape = (fn() -> Vec<String>, fn(&Value) -> Result<(), String>);

    fn shape(operation: &str) -> Shape {
        fn of<R: DeserializeOwned>() -> Shape {
            (fields_of::<R>, reads::<R>)
        }
        match operation {
            "score" => of::<ScoreRequest>(),
            "segment" => of::<SegmentRequest>(),
            "priority_score" => of::<PriorityScoreRequest>(),
            "commercial" => of::<CommercialRequest>(),
            "next_step" => of::<NextStepRequest>(),
            "assess" => of::<AssessRequest>(),
            "sales_summary" => of::<SalesSummaryRequest>(),
            "explain" => of::<ExplainRequest>(),
            "normalize_domain" => of::<NormalizeDomainRequest>(),
            "parse_spf" | "parse_dkim" | "parse_dmarc" => of::<ParseRequest>(),
            "classify_mx" => of::<ClassifyMxRequest>(),
            "signals_hash" | "signals_canonical" => of::<SignalsRequest>(),
            "diff" => of::<DiffRequest>(),
            "contacts" => of::<ContactsRequest>(),
            other => panic!("`{other}` has no request here"),
        }
    }

    fn example(operation: &Operation) -> Map<String, Value> {
        serde_json::from_str(operation.example).expect("an example is a JSON object")
    }

    #[test]
    fn arguments_are_the_fields_of_the_requests() {
        assert!(!OPERATIONS.is_empty());
        for operation in OPERATIONS {
            let names: Vec<&str> = operation.arguments.iter().map(|a| a.name).collect();
            let (fields, _) = shape(operation.name);
            assert_eq!(names, fields(), "{}", operation.name);
        }
    }

    #[test]
    fn an_example_holds_what_is_required_and_nothing_else_is() {
        for operation in OPERATIONS {
            let (_, reads) = shape(operation.name);
            let example = example(operation);
            let required: BTreeSet<&str> =
                operation.arguments.iter().filter(|a| a.required()).map(|a| a.name).collect();
            let given: BTreeSet<&str> = example.keys().map(String::as_str).collect();
            assert_eq!(given, required, "{}", operation.name);
            reads(&json!(example)).expect(operation.name);
            for argument in operation.arguments {
                let of = format!("{} of {}", argument.name, operation.name);
                let mut request = example.clone();
                request.remove(argument.name);
                assert_eq!(reads(&json!(request)).is_err(), argument.required(), "{of}");
                request.insert(argument.name.to_owned(), Value::Null);
                assert_eq!(reads(&json!(request)).is_ok(), argument.nullable, "{of}");
            }
        }
    }

    #[test]
    fn a_default_says_the_same_as_nothing() {
        let hunter = Hunter::builtin();
        for operation in OPERATIONS {
            let plain = hunter.call(operation.name, operation.example, CLOCK);
            let plain = plain.expect(operation.name);
            for argument in operation.arguments {
                let Some(default) = argument.default else { continue };
                let mut request = example(operation);
                let default = serde_json::from_str(default).expect("a default is JSON");
                request.insert(argument.name.to_owned(), default);
                let filled = hunter.call(operation.name, &json!(request).to_string(), CLOCK);
                assert_eq!(filled.as_deref(), Ok(plain.as_str()), "{}", argument.name);
            }
        }
    }

    #[test]
    fn answers_have_the_fields_that_are_listed() {
        let hunter = Hunter::builtin();
        for operation in OPERATIONS {
            let answer = hunter.call(operation.name, operation.example, CLOCK);
            let answer: Map<String, Value> =
                serde_json::from_str(&answer.expect(operation.name)).expect("an object");
            let found: BTreeSet<&str> = answer.keys().map(String::as_str).collect();
            let listed: BTreeSet<&str> = operation.answer.fields.iter().copied().collect();
            assert_eq!(found, listed, "{}", operation.name);
        }
    }

    #[test]
    fn codes_exist() {
        for operation in OPERATIONS {
            for code in operation.errors {
                let front = code.strip_suffix('*');
                let known = |row: &crate::error::CodeInfo| match front {
                    Some(front) => row.code.starts_with(front),
                    None => row.code == *code,
                };
                assert!(CODES.iter().any(known), "{code} of {}", operation.name);
            }
        }
        let error = Hunter::builtin().call("scor", "{}", CLOCK).expect_err("no such operation");
        assert_eq!(error.code(), "unknown_word");
    }

    #[test]
    fn names_in_the_languages() {
        assert_eq!(camel_case("mx_records"), "mxRecords");
        assert_eq!(camel_case("score"), "score");
        let summary = OPERATIONS.iter().find(|o| o.name == "sales_summary").expect("there");
        assert_eq!(
            summary.python_signature(),
            r#"sales_summary(assessment, lead=None, locale="tr", today=None)"#
        );
    }
}
