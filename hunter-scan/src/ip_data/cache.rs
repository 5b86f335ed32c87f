//! Remembers addresses: many domains share the MX hosts of few providers.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::database::IpFacts;

/// Two halves: what is asked for again moves to the young one, and when that is full the old one
/// goes. So it is bounded, and what is in use stays, without a list of uses.
#[derive(Debug)]
pub(super) struct Cache {
    half: usize,
    young: HashMap<IpAddr, Arc<IpFacts>>,
    old: HashMap<IpAddr, Arc<IpFacts>>,
    /// How often everything was forgotten.
    age: u64,
}

impl Cache {
    pub(super) fn new(capacity: usize) -> Self {
        Self { half: capacity.div_ceil(2), young: HashMap::new(), old: HashMap::new(), age: 0 }
    }

    /// What is remembered, and the age to hand back to [`remember`](Self::remember).
    pub(super) fn recall(&mut self, ip: IpAddr) -> (Option<Arc<IpFacts>>, u64) {
        if let Some(facts) = self.young.get(&ip) {
            return (Some(Arc::clone(facts)), self.age);
        }
        let facts = self.old.remove(&ip);
        if let Some(facts) = &facts {
            self.put(ip, Arc::clone(facts));
        }
        (facts, self.age)
    }

    /// Remembers what was looked up, unless the files have changed since.
    pub(super) fn remember(&mut self, ip: IpAddr, facts: Arc<IpFacts>, age: u64) {
        if age == self.age {
            self.put(ip, facts);
        }
    }

    pub(super) fn forget(&mut self) {
        self.young.clear();
        self.old.clear();
        self.age += 1;
    }

    fn put(&mut self, ip: IpAddr, facts: Arc<IpFacts>) {
        if self.half == 0 {
            return;
        }
        if self.young.len() >= self.half {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(ip, facts);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn it_is_bounded_keeps_what_is_used_and_forgets_at_once() {
        let ip = |n: u32| IpAddr::V4(Ipv4Addr::from_bits(n));
        let mut cache = Cache::new(8);
        for n in 0..1000 {
            cache.remember(ip(n), Arc::default(), 0);
            assert!(cache.recall(ip(0)).0.is_some(), "in use all the time");
            assert!(cache.young.len() + cache.old.len() <= 8);
        }
        assert!(cache.recall(ip(10)).0.is_none());
        let (_, age) = cache.recall(ip(5000));
        cache.forget();
        cache.remember(ip(5000), Arc::default(), age);
        assert!(cache.recall(ip(5000)).0.is_none(), "looked up in the old files");
        assert!(cache.recall(ip(0)).0.is_none());

        let mut none = Cache::new(0);
        none.remember(ip(1), Arc::default(), 0);
        assert!(none.recall(ip(1)).0.is_none());
    }
}
