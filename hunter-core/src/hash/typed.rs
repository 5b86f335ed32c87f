//! The hash of [`Signals`] without JSON in between.

use sha2::{Digest, Sha256};

use super::SignalsHash;
use super::print::{self, Sink};
use crate::observation::Signal;
use crate::signals::{DmarcSignal, Signals};

impl Signals {
    /// The hash of these signals, equal to [`signals_hash`](super::signals_hash) of this object:
    ///
    /// | key | value | left out |
    /// | --- | --- | --- |
    /// | `dkim`, `spf` | `true` or `false` | where unknown |
    /// | `dmarc_policy` | the policy, or `null` where no record exists | where unknown |
    /// | `spf_record` | the text, or `null` where there is none or it is unknown | never |
    ///
    /// Nothing is allocated.
    pub fn hash(&self) -> SignalsHash {
        let mut hasher = Sha256::new();
        print_signals(self, &mut hasher);
        SignalsHash::of(hasher)
    }
}

/// Writes the signals in canonical JSON; the keys stand in the order of their code points.
fn print_signals(signals: &Signals, sink: &mut impl Sink) {
    sink.put(match signals.dkim {
        Signal::Present => "{\"dkim\": true, ",
        Signal::Missing => "{\"dkim\": false, ",
        Signal::Unknown => "{",
    });
    match signals.dmarc {
        DmarcSignal::Unknown => {}
        DmarcSignal::Absent => sink.put("\"dmarc_policy\": null, "),
        DmarcSignal::Policy(policy) => {
            sink.put("\"dmarc_policy\": \"");
            sink.put(policy.as_str());
            sink.put("\", ");
        }
    }
    sink.put(match signals.spf {
        Signal::Present => "\"spf\": true, \"spf_record\": ",
        Signal::Missing => "\"spf\": false, \"spf_record\": ",
        Signal::Unknown => "\"spf_record\": ",
    });
    match &signals.spf_record {
        None => sink.put("null}"),
        Some(record) => {
            print::quoted(record, sink);
            sink.put("}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::hash::signals_hash;
    use crate::vocabulary::DmarcPolicy;

    /// The object of the table above, built by other means.
    fn object(signals: &Signals) -> String {
        let mut object = serde_json::Map::new();
        object.insert("spf_record".to_owned(), json!(signals.spf_record));
        for (key, signal) in [("spf", signals.spf), ("dkim", signals.dkim)] {
            if let Some(known) = signal.as_option() {
                object.insert(key.to_owned(), json!(known));
            }
        }
        if signals.dmarc != DmarcSignal::Unknown {
            object.insert("dmarc_policy".to_owned(), json!(signals.dmarc.policy()));
        }
        serde_json::Value::Object(object).to_string()
    }

    #[test]
    fn every_combination_hashes_as_its_json_does() {
        let all = [Signal::Present, Signal::Missing, Signal::Unknown];
        let policies = DmarcPolicy::ALL.iter().map(|policy| DmarcSignal::Policy(*policy));
        let dmarc: Vec<_> = policies.chain([DmarcSignal::Absent, DmarcSignal::Unknown]).collect();
        let long = format!("v=spf1 {}-all", "include:posta.ornek.com.tr ".repeat(40));
        let records = [None, Some(""), Some("v=spf1 -all"), Some("ş\"\\\u{7f}\n😀"), Some(&long)];
        let mut seen = std::collections::HashSet::new();
        for spf in all {
            for dkim in all {
                for dmarc in &dmarc {
                    for record in records {
                        let spf_record = record.map(str::to_owned);
                        let signals = Signals { spf, dkim, dmarc: *dmarc, spf_record };
                        let by_json = signals_hash(&object(&signals)).expect("valid JSON");
                        assert_eq!(signals.hash(), by_json, "{signals:?}");
                        seen.insert(by_json);
                    }
                }
            }
        }
        assert_eq!(seen.len(), 3 * 3 * 5 * 5);
    }
}
