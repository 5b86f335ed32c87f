//! A scan as an object of JavaScript: `hunter-node/src-ts/scan.ts` is its public face, and paces it.

use hunter_core::operations::read_request;
use hunter_scan::session::{Observed, Output, Session, Waker};
use hunter_scan::{ScanError, ScanSettings};
use napi::bindgen_prelude::Object;
use napi::{Env, JsDeferred};
use napi_derive::napi;

use crate::engine::NativeEngine;
use crate::failure::{RawFault, Result, failure};

/// What a promise is settled by, on the thread of JavaScript.
type Settle = fn(Env) -> napi::Result<()>;

/// What became of one input: an observation, or a fault.
#[napi(object, object_from_js = false)]
pub struct RawObserved {
    /// The input's position, from 0.
    pub index: u32,
    /// The input as given.
    pub input: String,
    /// The domain that was read from it.
    pub domain: Option<String>,
    /// What may have been meant.
    pub suggestion: Option<String>,
    /// The observation, as JSON text.
    pub observation: Option<String>,
    /// Why the input names no domain.
    pub fault: Option<RawFault>,
}

/// A scan in the making. Whatever waits for it keeps the event loop alive; the scan itself does not.
#[napi(js_name = "NativeScan")]
pub struct NativeScan {
    session: Session,
    problems: Vec<(&'static str, String)>,
}

#[napi]
#[expect(clippy::needless_pass_by_value, reason = "values come from JavaScript as copies")]
impl NativeScan {
    /// `settings` are JSON: see [`ScanSettings`].
    #[napi(constructor, catch_unwind)]
    pub fn new(engine: &NativeEngine, settings: String) -> Result<Self> {
        let settings: ScanSettings = read_request(&settings).map_err(|error| failure(&error))?;
        let (scanner, problems) =
            settings.scanner(engine.hunter().engine()).map_err(|error| refused(&error))?;
        let session = Session::new(scanner, settings.check).map_err(|error| refused(&error))?;
        let problems = problems.iter().map(|found| (found.code(), found.to_string())).collect();
        Ok(Self { session, problems })
    }

    /// How many domains may be under way.
    #[napi(getter)]
    pub fn concurrency(&self) -> u32 {
        u32::try_from(self.session.concurrency()).unwrap_or(u32::MAX)
    }

    /// What is wrong with the IP databases.
    #[napi(getter)]
    pub fn problems(&self) -> Vec<RawFault> {
        let fault = |(code, message): &(&'static str, String)| RawFault {
            code: (*code).to_owned(),
            message: message.clone(),
        };
        self.problems.iter().map(fault).collect()
    }

    /// Begins a domain. One output; none where the scan has ended.
    #[napi(catch_unwind)]
    pub fn submit(&self, index: u32, domain: String) -> bool {
        self.session.submit(index as usize, domain).is_ok()
    }

    /// The next output if there is one.
    #[napi(catch_unwind)]
    pub fn poll(&self) -> Result<Option<RawObserved>> {
        self.session.poll().map(given).transpose()
    }

    /// A promise that is settled at the next output or the end.
    #[napi(catch_unwind)]
    pub fn wait<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        let (waker, promise) = promise(env)?;
        self.session.wake(waker);
        Ok(promise)
    }

    /// Ends the scan: what is under way is given up. The promise is settled when its sockets are closed.
    #[napi(catch_unwind)]
    pub fn end<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        let (waker, promise) = promise(env)?;
        self.session.close();
        self.session.on_idle(waker);
        Ok(promise)
    }
}

/// A promise, and what settles it from any thread.
fn promise(env: &Env) -> napi::Result<(Waker, Object<'_>)> {
    let (deferred, promise): (JsDeferred<(), Settle>, _) = env.create_deferred()?;
    Ok((Box::new(move || deferred.resolve(|_| Ok(()))), promise))
}

fn refused(error: &ScanError) -> napi::Error<&'static str> {
    napi::Error::new(error.code(), error.to_string())
}

/// An output as JavaScript takes it.
fn given(output: Output) -> Result<RawObserved> {
    let Observed { index, input, outcome } = match output {
        Output::Observed(observed) => observed,
        Output::Refused(error) => return Err(refused(&error)),
        _ => {
            let problem = "a defect of hunter-leads, please report it: a scan broke";
            return Err(napi::Error::new("GenericFailure", problem.to_owned()));
        }
    };
    let index = u32::try_from(index).unwrap_or(u32::MAX);
    Ok(match outcome {
        Ok(seen) => RawObserved {
            index,
            input,
            domain: Some(seen.domain.as_str().to_owned()),
            suggestion: seen.suggestion,
            observation: Some(seen.observation),
            fault: None,
        },
        Err(error) => {
            let suggestion = error.suggestion.clone();
            let error = hunter_core::Error::from(error);
            let fault = RawFault { code: error.code().to_owned(), message: error.to_string() };
            RawObserved {
                index,
                input,
                domain: None,
                suggestion,
                observation: None,
                fault: Some(fault),
            }
        }
    })
}
