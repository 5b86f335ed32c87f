//! Scripted misbehaviour: which question fails, and how.

use std::time::Duration;

use hickory_proto::rr::{LowerName, Name, RecordType};

use crate::error::NameServerError;

/// How a question fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No answer at all.
    Timeout,
    /// The answer SERVFAIL.
    ServFail,
    /// The answer REFUSED.
    Refused,
    /// Over UDP an empty answer with the truncation bit; over TCP the true answer.
    Truncate,
    /// The true answer, after this long.
    Slow(Duration),
    /// An alias that points at itself.
    CnameLoop,
    /// The answer FORMERR.
    FormErr,
    /// The answer NOTIMP.
    NotImp,
    /// "No such name", whatever the zone holds: a lie.
    NxDomain,
    /// "Nothing of this type", whatever the zone holds: a lie.
    NoData,
    /// An empty answer with neither authority nor recursion, as servers give for zones that were
    /// delegated to them and that they do not know.
    Lame,
    /// No answer so many times, then the true one.
    Lose(u32),
    /// Over UDP an empty answer with the truncation bit; over TCP no answer.
    Stall,
}

/// One line of the script: the questions it meets, and their fault.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    name: LowerName,
    /// Whether the rule meets the names below `name` instead of `name` itself.
    below: bool,
    /// `None` meets every type.
    record_type: Option<RecordType>,
    pub(crate) fault: Fault,
}

impl Rule {
    /// Builds a rule from text. A name that starts with `*.` stands for every name below it; the
    /// type `*` or `None` for every type.
    pub(crate) fn new(
        name: &str,
        record_type: Option<&str>,
        fault: Fault,
    ) -> Result<Self, NameServerError> {
        let refuse = |problem: String| NameServerError::Fault {
            rule: format!("{name} {}", record_type.unwrap_or("*")),
            problem,
        };
        let (below, owner) = match name.strip_prefix("*.") {
            Some(owner) => (true, owner),
            None => (false, name),
        };
        let mut owner = Name::from_ascii(owner)
            .map_err(|e| refuse(format!("the name cannot be read ({e}): write it in ASCII")))?;
        owner.set_fqdn(true);
        let record_type =
            match record_type {
                None | Some("*") => None,
                Some(word) => Some(word.to_ascii_uppercase().parse().map_err(|_| {
                    refuse(format!("`{word}` is no record type: use MX, TXT or *"))
                })?),
            };
        Ok(Self { name: LowerName::new(&owner), below, record_type, fault })
    }

    pub(crate) fn meets(&self, name: &LowerName, record_type: RecordType) -> bool {
        self.record_type.is_none_or(|wanted| wanted == record_type)
            && if self.below {
                self.name.zone_of(name) && self.name != *name
            } else {
                self.name == *name
            }
    }
}

/// Reads a fault file: one `name type fault` a line, `#` starts a comment.
pub(crate) fn parse(text: &str) -> Result<Vec<Rule>, NameServerError> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(parse_line).collect()
}

fn parse_line(line: &str) -> Result<Rule, NameServerError> {
    let refuse = |problem: &str| NameServerError::Fault {
        rule: line.to_owned(),
        problem: problem.to_owned(),
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    let fault = match words[2.min(words.len())..] {
        ["timeout"] => Fault::Timeout,
        ["servfail"] => Fault::ServFail,
        ["refused"] => Fault::Refused,
        ["truncate"] => Fault::Truncate,
        ["cname_loop"] => Fault::CnameLoop,
        ["formerr"] => Fault::FormErr,
        ["notimp"] => Fault::NotImp,
        ["nxdomain"] => Fault::NxDomain,
        ["nodata"] => Fault::NoData,
        ["lame"] => Fault::Lame,
        ["stall"] => Fault::Stall,
        ["lose", times] => {
            Fault::Lose(times.parse().map_err(|_| refuse("`lose` takes a whole number of times"))?)
        }
        ["slow", ms] => Fault::Slow(Duration::from_millis(
            ms.parse().map_err(|_| refuse("`slow` takes a whole number of milliseconds"))?,
        )),
        _ => {
            return Err(refuse(
                "write `name type fault`; a fault is timeout, servfail, refused, truncate, stall, \
                 cname_loop, formerr, notimp, nxdomain, nodata, lame, `lose TIMES` or `slow MS`",
            ));
        }
    };
    Rule::new(words[0], Some(words[1]), fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> LowerName {
        LowerName::new(&Name::from_ascii(text).expect("a name"))
    }

    #[test]
    fn a_line_meets_its_own_questions_only() {
        let rules = parse(
            "# comment\n\nOrnek.com MX timeout # why\n*.ornek.com * slow 30\norg.net * refused\n",
        )
        .expect("well-formed");
        assert_eq!(rules.len(), 3);
        assert!(rules[0].meets(&name("ornek.com."), RecordType::MX));
        assert!(!rules[0].meets(&name("ornek.com."), RecordType::TXT));
        assert!(!rules[0].meets(&name("a.ornek.com."), RecordType::MX));
        assert!(rules[1].meets(&name("a.b.ornek.com."), RecordType::TXT));
        assert!(!rules[1].meets(&name("ornek.com."), RecordType::TXT));
        assert!(!rules[1].meets(&name("a.kornek.com."), RecordType::TXT));
        assert_eq!(rules[1].fault, Fault::Slow(Duration::from_millis(30)));
    }

    #[test]
    fn every_fault_has_its_word() {
        let text = "a * timeout\na * servfail\na * refused\na * truncate\na * stall\n\
                    a * cname_loop\na * formerr\na * notimp\na * nxdomain\na * nodata\n\
                    a * lame\na * lose 2\na * slow 5\n";
        let read: Vec<Fault> =
            parse(text).expect("well-formed").into_iter().map(|rule| rule.fault).collect();
        assert_eq!(
            read,
            [
                Fault::Timeout,
                Fault::ServFail,
                Fault::Refused,
                Fault::Truncate,
                Fault::Stall,
                Fault::CnameLoop,
                Fault::FormErr,
                Fault::NotImp,
                Fault::NxDomain,
                Fault::NoData,
                Fault::Lame,
                Fault::Lose(2),
                Fault::Slow(Duration::from_millis(5)),
            ]
        );
    }

    #[test]
    fn a_bad_line_is_named() {
        for line in ["ornek.com", "ornek.com MX", "ornek.com MX explode", "ornek.com ZZ timeout"] {
            let error = parse(line).expect_err(line);
            assert_eq!(error.code(), "nameserver_fault");
            assert!(error.to_string().contains("ornek.com"), "{error}");
        }
        assert!(parse("ornek.com MX slow soon").is_err());
        assert!(parse("ornek.com MX lose often").is_err());
    }
}
