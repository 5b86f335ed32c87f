//! The engine in force, which all that assess in a process share.

use std::sync::{Arc, PoisonError, RwLock};

use hunter_core::Engine;
use hunter_core::operations::Hunter;

/// The engine in force. It can be replaced while work goes on, as when an operator assigns a mail host:
/// whoever asks next gets the new one. Clones share it.
#[derive(Debug, Clone)]
pub struct SharedEngine(Arc<RwLock<Engine>>);

impl SharedEngine {
    /// The engine that is in force now.
    pub fn get(&self) -> Engine {
        // Nothing panics while it holds the lock; and an engine is whole at any time.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another engine in force.
    pub fn replace(&self, engine: Engine) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = engine;
    }
}

impl From<Engine> for SharedEngine {
    fn from(engine: Engine) -> Self {
        Self(Arc::new(RwLock::new(engine)))
    }
}

impl From<&Hunter> for SharedEngine {
    fn from(hunter: &Hunter) -> Self {
        hunter.engine().clone().into()
    }
}

impl From<&Self> for SharedEngine {
    fn from(shared: &Self) -> Self {
        shared.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_replaced_is_replaced_for_all() {
        let shared = SharedEngine::from(Engine::builtin());
        let other = shared.clone();
        let engine = Engine::builtin();
        let table =
            engine.fingerprints().with_assigned([("ornek.com", "natro")]).expect("assigned");
        let hash = table.hash().to_owned();
        other.replace(engine.with_fingerprints(table));
        assert_eq!(shared.get().fingerprints().hash(), hash);
    }
}
