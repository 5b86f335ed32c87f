//! Reading requests, and saying which argument is at fault.

use serde::de::DeserializeOwned;
use serde_json::Value;
use time::{Date, OffsetDateTime, Time};

use crate::assess::{ReferralType, Status};
use crate::domain::Domain;
use crate::error::Error;
use crate::provider::Basis;
use crate::sales::Level;
use crate::vocabulary::{
    CommercialHeat, CommercialSegment, DmarcPolicy, PriorityCategory, ProviderClass, Segment,
    TechnicalHeat, TenantSize,
};

/// The highest score.
const FULL: i64 = 100;

/// Reads a request, or a part of one such as [`SignalsInput`](super::SignalsInput),
/// [`LeadRow`](super::LeadRow) or [`Lead`](crate::Lead), from JSON text.
///
/// # Errors
/// A word that is not in its list is `unknown_word` and a text that is no domain `domain_*`, the same as
/// where a host reads the argument by itself. Everything else that does not fit is `argument_invalid`
/// with the argument's place, or `observation_syntax` within an observation.
pub fn read_request<R: DeserializeOwned>(json: &str) -> Result<R, Error> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let (place, problem) = match serde_path_to_error::deserialize(&mut reader) {
        Ok(request) => {
            return reader.end().map(|()| request).map_err(|error| invalid("", &error.to_string()));
        }
        Err(error) => (error.path().to_string(), error.into_inner().to_string()),
    };
    if place == "observation" || place.starts_with("observation.") {
        return Err(Error::Observation {
            code: "observation_syntax",
            problem: format!("{place}: {problem}"),
            fix: "mend the line; `hunter_core::observation` describes the format",
        });
    }
    let request: Value = serde_json::from_str(json).unwrap_or_default();
    let given = place.split('.').try_fold(&request, |value, name| value.get(name));
    let field = place.rsplit('.').next().unwrap_or_default();
    // A field that does not belong there may have the name of one that does elsewhere.
    let given = given.and_then(Value::as_str).filter(|_| !problem.starts_with("unknown field"));
    let named = given.and_then(|text| word_fault(field, text));
    Err(named.unwrap_or_else(|| invalid(&place, &problem)))
}

fn invalid(place: &str, problem: &str) -> Error {
    let place = if matches!(place, "" | ".") { "request" } else { place };
    Error::argument("argument_invalid", "arguments", format!("`{place}`: {problem}"))
}

/// What is wrong with a word or a domain that stands in a field of this name.
fn word_fault(field: &str, text: &str) -> Option<Error> {
    fn of<T: std::str::FromStr<Err = Error>>(text: &str) -> Option<Error> {
        text.parse::<T>().err()
    }
    match field {
        "domain" => text.parse::<Domain>().err().map(Error::from),
        "provider" => of::<ProviderClass>(text),
        "segment" => of::<Segment>(text),
        "urgency" => of::<Level>(text),
        "dmarc_policy" => of::<DmarcPolicy>(text),
        "tenant_size" => of::<TenantSize>(text),
        "referral_type" => of::<ReferralType>(text),
        "technical_heat" => of::<TechnicalHeat>(text),
        "commercial_segment" => of::<CommercialSegment>(text),
        "commercial_heat" => of::<CommercialHeat>(text),
        "priority_category" => of::<PriorityCategory>(text),
        "scan_status" => of::<Status>(text),
        "basis" => of::<Basis>(text),
        _ => None,
    }
}

/// A number as a score.
///
/// # Errors
/// `argument_range` outside 0 to 100; `argument` names it.
pub fn score_in_range(argument: &'static str, score: i64) -> Result<u8, Error> {
    match u8::try_from(score) {
        Ok(fitting) if score <= FULL => Ok(fitting),
        _ => {
            let problem = format!("`{score}` is out of range: use 0 to {FULL}");
            Err(Error::argument("argument_range", argument, problem))
        }
    }
}

/// A clean domain name, as all operations but `normalize_domain` take it.
///
/// # Errors
/// A `domain_*` error that names the fault and carries what may have been meant.
pub fn domain(text: &str) -> Result<Domain, Error> {
    Ok(text.parse::<Domain>()?)
}

pub(super) fn missing(argument: &'static str, why: &str) -> Error {
    Error::argument("argument_missing", argument, why)
}

/// The moment that a day, if one is given, stands for: its beginning. Otherwise the host's clock.
pub(super) fn moment(today: Option<Date>, clock: OffsetDateTime) -> OffsetDateTime {
    today.map_or(clock, |day| day.with_time(Time::MIDNIGHT).assume_utc())
}

/// The language of texts where none is given.
pub(super) fn default_locale() -> String {
    crate::sales::DEFAULT_LOCALE.to_owned()
}

/// Calendar dates as `YYYY-MM-DD`, or `null`.
pub(super) mod iso_date {
    use serde::{Deserialize, Deserializer};
    use time::Date;
    use time::format_description::well_known::Iso8601;

    pub(in crate::operations) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        let text = Option::<std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.map(|text| {
            let date = Date::parse(&text, &Iso8601::DATE).ok();
            // RFC 3339, in which answers write times, has no other years.
            date.filter(|date| (0..=9999).contains(&date.year())).ok_or_else(|| {
                serde::de::Error::custom(format_args!("`{text}` is not an ISO 8601 date"))
            })
        })
        .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AssessRequest, ScoreRequest, SegmentRequest};
    use super::*;

    fn fault<R: DeserializeOwned>(json: &str) -> (&'static str, String) {
        let Err(error) = read_request::<R>(json) else { panic!("{json} is read") };
        (error.code(), error.to_string())
    }

    #[test]
    fn faults_name_their_place() {
        let (code, message) = fault::<SegmentRequest>(r#"{"score": 70, "provider": "Gogle"}"#);
        assert_eq!(code, "unknown_word");
        assert!(
            message.starts_with("`Gogle` is not a provider class: use one of M365"),
            "{message}"
        );
        let (code, message) = fault::<SegmentRequest>(r#"{"score": "x", "provider": "Google"}"#);
        assert_eq!(code, "argument_invalid");
        assert!(message.starts_with("arguments: `score`: invalid type: string"), "{message}");
        for text in ["", "[", "{}", r#"{"score":1,"provider":"Google","x":1}"#, "{} {}"] {
            assert_eq!(fault::<SegmentRequest>(text).0, "argument_invalid", "{text}");
        }
        let score = |signals: &str, domain: &str| {
            let json = format!(
                r#"{{"provider":null,"mx_records":[],"signals":{signals},"domain":"{domain}"}}"#
            );
            fault::<ScoreRequest>(&json).0
        };
        assert_eq!(score("{}", "firma,com"), "domain_bad_character");
        assert_eq!(score(r#"{"dmarc_policy":"monitor"}"#, "a.com"), "unknown_word");
        assert_eq!(score(r#"{"spf":"yes"}"#, "a.com"), "argument_invalid");
        assert_eq!(score(r#"{"sfp":true}"#, "a.com"), "argument_invalid");
        let observation = r#"{"observation": {"v":1, "domain": "-"}}"#;
        assert_eq!(fault::<AssessRequest>(observation).0, "observation_syntax");
    }

    #[test]
    fn scores_end_at_a_hundred() {
        assert_eq!(score_in_range("score", 100).expect("a score"), 100);
        for score in [-1, 101, 256, i64::MIN] {
            let error = score_in_range("score", score).expect_err("out of range");
            assert_eq!(error.code(), "argument_range", "{score}");
        }
    }
}
