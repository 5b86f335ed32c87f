//! The bulk engine.
use hunter_store::Backend;
contract!(placeholder);
async fn placeholder(_: Backend) {}
