//! How many streams of events are open: each asks the database twice a second, for as long as its client
//! likes.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::layers::identify::Caller;
use super::problem::Problem;

/// Counts the streams that are open in this process.
#[derive(Debug)]
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    per_key: usize,
    by_key: Arc<Mutex<HashMap<i64, usize>>>,
}

/// A place among them, for as long as the stream is open.
#[derive(Debug)]
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    key: Option<i64>,
    by_key: Arc<Mutex<HashMap<i64, usize>>>,
}

impl Streams {
    /// So many in all, and so many for each key.
    pub(crate) fn new(all: NonZeroUsize, per_key: NonZeroUsize) -> Self {
        let places = all.get().min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(places)),
            per_key: per_key.get(),
            by_key: Arc::default(),
        }
    }

    /// A place.
    ///
    /// # Errors
    /// `too_many_streams` where the key has all that it may have, `unavailable` where there is none left.
    pub(crate) fn open(&self, caller: &Caller) -> Result<Place, Problem> {
        let full = |_| {
            let detail = "as many streams of events are open as this process takes";
            Problem::new("unavailable", detail).retry_after(30)
        };
        let permit = Arc::clone(&self.places).try_acquire_owned().map_err(full)?;
        let key = match caller {
            Caller::Key(key) => Some(key.id),
            Caller::Local | Caller::Nobody => None,
        };
        if let Some(key) = key {
            let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
            let open = by_key.entry(key).or_default();
            if *open >= self.per_key {
                let detail = format!("the key has {open} streams of events open");
                return Err(Problem::new("too_many_streams", detail).retry_after(30));
            }
            *open += 1;
        }
        Ok(Place { _permit: permit, key, by_key: Arc::clone(&self.by_key) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(key) = self.key else { return };
        let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = by_key.get_mut(&key) {
            *open -= 1;
            if *open == 0 {
                by_key.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_stream_ends() {
        let one = NonZeroUsize::MIN;
        let streams = Streams::new(NonZeroUsize::MIN.saturating_add(1), one);
        let first = streams.open(&Caller::Local).expect("a place");
        let second = streams.open(&Caller::Local).expect("a place: this machine is no key");
        assert_eq!(streams.open(&Caller::Local).expect_err("full").code, "unavailable");
        drop(first);
        streams.open(&Caller::Local).expect("a place");
        drop(second);
        assert_eq!(streams.places.available_permits(), 2);
    }
}
