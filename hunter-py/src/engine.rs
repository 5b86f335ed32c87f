//! The operations, as methods of a class.

use hunter_arrow::Work;
use hunter_core::Lead;
use hunter_core::observation::Observation;
use hunter_core::operations::{
    ClassifyMxRequest, CommercialRequest, DataFiles, Hunter, NextStepRequest,
    NormalizeDomainRequest, ParseRequest, PriorityScoreRequest, ScoreRequest, SegmentRequest,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::de::IgnoredAny;
use time::OffsetDateTime;

use crate::arguments::{number, optional, parsed, signals, text, texts};
use crate::batch;
use crate::errors::raised;
use crate::json;
use crate::memory::{Facts, Scores};
use crate::results::{ToPython, answer};
use crate::table::Table;

type Object<'py> = Bound<'py, PyAny>;

/// The argument of `assess` that may be JSON text.
const OBSERVATION: &str = "observation";

/// Rules, fingerprints, prices and texts, read once; `hunter_leads.Engine` is its public face.
#[pyclass(frozen, module = "hunter_leads._native", name = "Engine")]
pub(crate) struct NativeEngine {
    pub(crate) hunter: Hunter,
    scores: Scores,
}

#[pymethods]
impl NativeEngine {
    /// With data files in place of the built-in ones, as pairs of name and text.
    #[new]
    #[pyo3(signature = (files, tuning_factor = None))]
    fn new(
        py: Python<'_>,
        files: Vec<(String, String)>,
        tuning_factor: Option<f64>,
    ) -> PyResult<Self> {
        let build = || {
            let mut given = DataFiles::default();
            for (name, text) in files {
                given.add(&name, &text)?;
            }
            if let Some(factor) = tuning_factor {
                given.tuning_factor(factor);
            }
            given.build()
        };
        match py.detach(build) {
            Ok(hunter) => Ok(Self { hunter, scores: Scores::default() }),
            Err(error) => Err(raised(py, &error)),
        }
    }

    fn score<'py>(
        &self,
        py: Python<'py>,
        provider: &Object<'py>,
        signals: &Object<'py>,
        mx_records: &Object<'py>,
        domain: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let request = ScoreRequest {
            provider: optional(provider, "provider")?,
            signals: self::signals(signals)?,
            mx_records: if mx_records.is_none() {
                None
            } else {
                Some(texts(mx_records, "mx_records")?)
            },
            domain: optional(domain, "domain")?,
        };
        let facts = Facts::of(&self.hunter, &request);
        if let Some(known) = facts.and_then(|facts| self.scores.get(py, &facts)) {
            return Ok(known);
        }
        let answer = answer(py, Ok(self.hunter.score(&request)))?;
        if let Some(facts) = facts {
            self.scores.keep(facts, &answer);
        }
        Ok(answer)
    }

    fn segment<'py>(
        &self,
        py: Python<'py>,
        score: &Object<'py>,
        provider: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let request = SegmentRequest {
            score: number(score, "score")?,
            provider: parsed(provider, "provider")?,
        };
        answer(py, self.hunter.segment(&request))
    }

    fn priority_score<'py>(
        &self,
        py: Python<'py>,
        segment: &Object<'py>,
        score: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let score = if score.is_none() { None } else { Some(number(score, "score")?) };
        let request = PriorityScoreRequest { segment: optional(segment, "segment")?, score };
        answer(py, self.hunter.priority_score(&request))
    }

    fn commercial<'py>(
        &self,
        py: Python<'py>,
        segment: &Object<'py>,
        provider: &Object<'py>,
        score: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let request = CommercialRequest {
            segment: parsed(segment, "segment")?,
            provider: parsed(provider, "provider")?,
            score: number(score, "score")?,
        };
        answer(py, self.hunter.commercial(&request))
    }

    fn next_step<'py>(
        &self,
        py: Python<'py>,
        segment: &Object<'py>,
        opportunity_potential: &Object<'py>,
        urgency: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let request = NextStepRequest {
            segment: optional(segment, "segment")?,
            opportunity_potential: number(opportunity_potential, "opportunity_potential")?,
            urgency: parsed(urgency, "urgency")?,
        };
        answer(py, self.hunter.next_step(&request))
    }

    fn normalize_domain<'py>(&self, py: Python<'py>, text: &Object<'py>) -> PyResult<Object<'py>> {
        let request = NormalizeDomainRequest { text: self::text(text, "text")?.to_owned() };
        answer(py, self.hunter.normalize_domain(&request))
    }

    fn classify_mx<'py>(
        &self,
        py: Python<'py>,
        records: &Object<'py>,
        domain: &Object<'py>,
    ) -> PyResult<Object<'py>> {
        let request = ClassifyMxRequest {
            records: texts(records, "records")?,
            domain: optional(domain, "domain")?,
        };
        answer(py, Ok(self.hunter.classify_mx(&request)))
    }

    fn parse_spf<'py>(&self, py: Python<'py>, text: &Object<'py>) -> PyResult<Object<'py>> {
        answer(py, Ok(self.hunter.parse_spf(&record(text)?)))
    }

    fn parse_dkim<'py>(&self, py: Python<'py>, text: &Object<'py>) -> PyResult<Object<'py>> {
        answer(py, Ok(self.hunter.parse_dkim(&record(text)?)))
    }

    fn parse_dmarc<'py>(&self, py: Python<'py>, text: &Object<'py>) -> PyResult<Object<'py>> {
        answer(py, Ok(self.hunter.parse_dmarc(&record(text)?)))
    }

    /// `assess` of JSON text and nothing else: the text is read once, where it lies.
    fn assess_text<'py>(&self, py: Python<'py>, text: &Object<'py>) -> PyResult<Object<'py>> {
        let read = Observation::from_json(self::text(text, OBSERVATION)?);
        if let Ok(observation) = read {
            let lead = Lead::default();
            return answer(py, Ok(self.hunter.assess_observation(&observation, &lead, None)));
        }
        // What is wrong is said as for any other arguments.
        let arguments = PyDict::new(py);
        arguments.set_item(OBSERVATION, text)?;
        self.call(py, "assess", &arguments, OBSERVATION)
    }

    /// A batch by the name of its operation. `threads` is `None` for as many as there are processors;
    /// `observed_at` is for flat columns of `assess_batch`, and `None` for now.
    fn batch<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        rows: &Object<'py>,
        threads: &Object<'py>,
        observed_at: &Object<'py>,
    ) -> PyResult<Table> {
        let work = match operation {
            "score_batch" => Work::Score,
            "classify_batch" => Work::Classify,
            _ => Work::Assess { observed_at: batch::moment(observed_at)? },
        };
        batch::run(py, &self.hunter, work, rows, batch::threads(threads)?)
    }

    /// Any operation by its name, with its arguments in a dictionary. Those named in `raw` may be
    /// JSON text, which the core then reads as it stands.
    #[pyo3(signature = (operation, arguments, raw = ""))]
    fn call<'py>(
        &self,
        py: Python<'py>,
        operation: &str,
        arguments: &Bound<'py, PyDict>,
        raw: &str,
    ) -> PyResult<Object<'py>> {
        let mut request = String::from("{");
        for (name, value) in arguments.iter() {
            let name = name.extract::<String>()?;
            if request.len() > 1 {
                request.push(',');
            }
            json::write_text(&name, &mut request);
            request.push(':');
            if name == raw && value.is_instance_of::<pyo3::types::PyString>() {
                request.push_str(whole_json(py, text(&value, &name)?)?);
            } else {
                json::write(&value, &name, &mut request)?;
            }
        }
        request.push('}');
        let clock = OffsetDateTime::now_utc();
        let answered = self.hunter.call_into(operation, &request, clock, ToPython(py));
        Ok(answered.map_err(|error| raised(py, &error))??)
    }
}

/// The argument of the operations that read one record.
fn record(value: &Object<'_>) -> PyResult<ParseRequest> {
    Ok(ParseRequest { text: text(value, "text")?.to_owned() })
}

/// The text of an observation, when it is one JSON value and no more.
fn whole_json<'t>(py: Python<'_>, text: &'t str) -> PyResult<&'t str> {
    if serde_json::from_str::<IgnoredAny>(text).is_err()
        && let Err(error) = Observation::from_json(text)
    {
        return Err(raised(py, &error));
    }
    Ok(text)
}
