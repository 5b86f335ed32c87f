//! Which addresses of a domain are looked up: those that its own answers name.

use std::net::IpAddr;

use hunter_core::observation::{AddressFacts, AnswerIndex, Observation, RecordType};
use hunter_core::records::mx::MailExchangers;

use super::{AddressSource, IpData};

/// No domain gets more rows than this.
const MOST: usize = 32;

impl IpData {
    /// The rows of [`Observation::addresses`]: the addresses of the MX hosts by preference, then
    /// those of the domain itself, each once a source. Nothing is asked: what counts are the A and
    /// AAAA answers that the observation holds. There are none when no database is in use.
    pub fn of(&self, seen: &Observation) -> Vec<AddressFacts> {
        if self.is_off() {
            return Vec::new();
        }
        let answers = AnswerIndex::of(seen);
        let domain = seen.domain.as_str();
        let mut addresses: Vec<(IpAddr, AddressSource)> = Vec::new();
        let mut add = |host: &str, source| {
            for record_type in [RecordType::A, RecordType::Aaaa] {
                let reply = answers.ask(host, &record_type);
                for ip in reply.found().into_iter().flat_map(|records| records.iter()) {
                    let row = ip.parse().map(|ip| (ip, source));
                    addresses.extend(row.ok().filter(|row| !addresses.contains(row)));
                }
            }
        };
        let mx = answers.ask(domain, &RecordType::Mx);
        let records = mx.found().map_or(&[][..], |records| records);
        for exchanger in MailExchangers::read(records).hosts {
            add(exchanger.host, AddressSource::MxIp);
        }
        add(domain, AddressSource::RootIp);
        addresses.truncate(MOST);
        addresses.into_iter().map(|(ip, source)| self.lookup(ip, source)).collect()
    }
}
