//! What the operations work with.

use super::data_files::DataFiles;
use crate::assess::Engine;
use crate::error::Error;
use crate::rules::RuleSet;
use crate::sales::SalesEngine;

/// Everything that the operations need: rules, fingerprints, prices and texts, read once. Cheap to
/// clone, free of locks, shared between threads.
#[derive(Debug, Clone)]
pub struct Hunter {
    engine: Engine,
    sales: SalesEngine,
}

impl Hunter {
    /// With everything that ships with the product.
    pub fn builtin() -> Self {
        Self::new(Engine::builtin(), SalesEngine::builtin())
    }

    /// With engines of the caller's.
    pub const fn new(engine: Engine, sales: SalesEngine) -> Self {
        Self { engine, sales }
    }

    /// With data files in place of the built-in ones, given as name and text; see [`DataFiles`].
    ///
    /// # Errors
    /// As for [`DataFiles::add`] and [`DataFiles::build`].
    pub fn from_files<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, Error> {
        let mut given = DataFiles::default();
        for (name, text) in files {
            given.add(name.as_ref(), text.as_ref())?;
        }
        given.build()
    }

    /// What assesses.
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What writes sales texts.
    pub const fn sales(&self) -> &SalesEngine {
        &self.sales
    }

    /// The rule set.
    #[inline]
    pub const fn rules(&self) -> &RuleSet {
        self.engine.rules()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shared_between_threads() {
        const fn shared<T: Send + Sync + Clone + 'static>() {}
        const { shared::<Hunter>() }
    }
}
