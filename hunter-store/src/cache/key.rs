//! What a key says of the value kept under it.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A key, bound to the type of its value, its lifetime and its version.
///
/// In Redis the key is `{namespace}:{NAME}:{SCHEMA}:value:{key()}`, beside `failure` and `generation`.
pub trait CacheKey: Send + Sync + 'static {
    /// What is kept. It must survive JSON, the form in which Redis holds it.
    type Value: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What is kept, briefly and apart, when a load fails.
    type Failure: Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The name of the cache, such as `dns`; two key types never share one.
    const NAME: &'static str;
    /// Raised whenever the form of `Value` or `Failure` changes, so that no process reads what
    /// another version wrote.
    const SCHEMA: u32;
    /// How long a value is kept at most.
    const LIFETIME: Duration;
    /// How long a failure is kept.
    const FAILURE_LIFETIME: Duration = Duration::from_mins(1);
    /// How many values this process holds at most.
    const CAPACITY: u64 = 100_000;

    /// The text that tells this key from others of its type. Where rules matter it holds their hash.
    fn key(&self) -> String;

    /// How long this value is kept, where that depends on it; never longer than
    /// [`LIFETIME`](Self::LIFETIME). Zero keeps nothing.
    fn lifetime(&self, value: &Self::Value) -> Duration {
        let _ = value;
        Self::LIFETIME
    }

    /// How long this failure is kept; zero for one that must not be remembered.
    fn failure_lifetime(&self, failure: &Self::Failure) -> Duration {
        let _ = failure;
        Self::FAILURE_LIFETIME
    }
}
