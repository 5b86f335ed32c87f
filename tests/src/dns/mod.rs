//! Real name servers for tests: zones with a model of what they must answer, and the programs that
//! serve them.

pub mod generated;
pub mod judge;
pub mod octodns;
pub mod servers;
pub mod zone;
