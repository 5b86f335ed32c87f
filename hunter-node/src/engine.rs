//! The engine as an object of JavaScript: every operation, from JSON text to JSON text.

use hunter_core::observation::Observation;
use hunter_core::operations::{DataFiles, Hunter};
use napi::Env;
use napi::bindgen_prelude::ObjectFinalize;
use napi_derive::napi;
use serde::de::IgnoredAny;
use time::OffsetDateTime;

use crate::failure::{Result, failure};

/// A data file: its name and its text.
#[napi(object)]
pub struct DataFile {
    /// One of the names of `hunter_core::operations::DATA_FILES`, with or without folders in front.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What an engine of files weighs, by and large. JavaScript sees a small object and would be in no hurry
/// to free it.
const WEIGHT: i64 = 2 << 20;

/// What the operations work with.
#[napi(js_name = "NativeEngine", custom_finalize)]
pub struct NativeEngine {
    hunter: Hunter,
    /// What JavaScript was told that it weighs; built-in tables are shared and weigh nothing.
    weight: i64,
}

impl ObjectFinalize for NativeEngine {
    fn finalize(self, env: Env) -> napi::Result<()> {
        env.adjust_external_memory(-self.weight).map(|_| ())
    }
}

impl NativeEngine {
    pub(crate) const fn hunter(&self) -> &Hunter {
        &self.hunter
    }
}

#[napi]
#[expect(clippy::needless_pass_by_value, reason = "values come from JavaScript as copies")]
impl NativeEngine {
    /// With these data files in place of the built-in ones.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, files: Vec<DataFile>, tuning_factor: Option<f64>) -> Result<Self> {
        if files.is_empty() && tuning_factor.is_none() {
            return Ok(Self { hunter: Hunter::builtin(), weight: 0 });
        }
        let mut given = DataFiles::default();
        for file in &files {
            given.add(&file.name, &file.text).map_err(|error| failure(&error))?;
        }
        if let Some(factor) = tuning_factor {
            given.tuning_factor(factor);
        }
        let hunter = given.build().map_err(|error| failure(&error))?;
        // Where the engine is not told of its weight, it is freed later: no reason to refuse it.
        let weight = env.adjust_external_memory(WEIGHT).map_or(0, |_| WEIGHT);
        Ok(Self { hunter, weight })
    }

    /// Carries out an operation: see [`Hunter::call`].
    #[napi(catch_unwind)]
    pub fn call(&self, operation: String, request: String) -> Result<String> {
        self.hunter
            .call(&operation, &request, OffsetDateTime::now_utc())
            .map_err(|error| failure(&error))
    }

    /// The same with an observation that is JSON text already; `rest` is a JSON object with the other
    /// arguments.
    #[napi(catch_unwind)]
    pub fn call_with_observation(
        &self,
        operation: String,
        observation: String,
        rest: String,
    ) -> Result<String> {
        // A text that is one JSON value ends where it ends: it cannot bring arguments with it.
        if serde_json::from_str::<IgnoredAny>(&observation).is_err()
            && let Err(error) = Observation::from_json(&observation)
        {
            return Err(failure(&error));
        }
        let rest = rest.trim_start_matches('{');
        let comma = if rest.starts_with('}') { "" } else { "," };
        self.call(operation, format!("{{\"observation\":{observation}{comma}{rest}"))
    }
}
