//! The addresses of hosts that are called over HTTPS or WHOIS, asked of the same resolvers.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt, join};
use hunter_core::observation::{Answer, RecordType};

use super::clock::Clock;
use super::exchange::Manner;
use super::resolve::Asker;
use crate::web::{Lookup, LookupError};

/// Finds addresses with the resolvers of a scanner.
#[derive(Clone)]
pub(crate) struct Addresses {
    asker: Arc<Asker>,
    limit: Duration,
}

impl Addresses {
    /// A look-up that takes no longer than `limit`.
    pub(crate) fn new(asker: Arc<Asker>, limit: Duration) -> Self {
        Self { asker, limit }
    }
}

impl Lookup for Addresses {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        async move {
            let clock = Clock::new(self.limit);
            let manner = Manner { clock: &clock, confirm: false };
            let (v4, v6) = join(
                self.asker.ask(None, host, &RecordType::A, manner),
                self.asker.ask(None, host, &RecordType::Aaaa, manner),
            )
            .await;
            judge(&[v4, v6])
        }
        .boxed()
    }
}

/// What the last answers of the chains say together.
fn judge(chains: &[Vec<Answer>]) -> Result<Vec<IpAddr>, LookupError> {
    let last = || chains.iter().filter_map(|chain| chain.last());
    let found: Vec<IpAddr> = last()
        .filter_map(|answer| answer.outcome.found())
        .flatten()
        .filter_map(|address| address.parse().ok())
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    match last().find(|answer| !answer.outcome.is_answered()) {
        None => Err(LookupError::Absent),
        Some(answer) => {
            let why = answer.outcome.why_unanswered().unwrap_or("not answered");
            Err(LookupError::Failed(why.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use hunter_core::observation::Outcome;

    use super::*;

    #[test]
    fn only_two_answers_make_an_absence() {
        let chain = |outcome| vec![Answer::new("mta-sts.ornek.com.tr", RecordType::A, outcome)];
        let found = || chain(Outcome::Found(vec!["192.0.2.7".to_owned()]));
        let absent = || chain(Outcome::Absent { rcode: Some("NXDOMAIN".to_owned()) });
        let failed = || chain(Outcome::TempFail { reason: "timeout".to_owned() });
        assert_eq!(judge(&[absent(), absent()]), Err(LookupError::Absent));
        assert_eq!(judge(&[absent(), failed()]), Err(LookupError::Failed("timeout".to_owned())));
        assert_eq!(judge(&[failed(), found()]).map(|found| found.len()), Ok(1));
    }
}
