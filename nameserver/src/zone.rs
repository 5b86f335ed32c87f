//! The records served, and the answer to a question about them (RFC 1034 §4.3.2, RFC 4592).

use std::collections::{HashMap, HashSet};

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::rdata::{SOA, TXT};
use hickory_proto::rr::{LowerName, Name, RData, Record, RecordType};
use hickory_proto::serialize::txt::Parser;

/// How many aliases one answer follows.
const MAX_ALIASES: usize = 16;
/// Time to live of the records that are made here, in seconds.
const TTL: u32 = 60;

/// All zones as one tree that starts at the root.
#[derive(Debug, Default)]
pub(crate) struct Zone {
    records: HashMap<LowerName, Vec<Record>>,
    /// Every name that exists, with those that exist only because of a name below.
    names: HashSet<LowerName>,
}

/// The answer to one question.
#[derive(Debug)]
pub(crate) struct Lookup {
    pub(crate) rcode: ResponseCode,
    pub(crate) answers: Vec<Record>,
    /// The start of authority that goes with "nothing".
    pub(crate) authority: Option<Record>,
}

impl Zone {
    /// Adds the records of a zone file. Without `$ORIGIN` names are relative to the root.
    pub(crate) fn add_text(&mut self, text: &str) -> Result<(), String> {
        // hickory's reader turns `\DDD` into other characters than it names.
        if text.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit()) {
            return Err("the escape `\\DDD` is not supported: write the character itself".into());
        }
        let (_, sets) =
            Parser::new(text, None, Some(Name::root())).parse().map_err(|e| e.to_string())?;
        for record in sets.values().flat_map(|set| set.records_without_rrsigs()) {
            self.add(record.clone());
        }
        Ok(())
    }

    /// Adds one text record made of these strings of bytes, each at most 255 long.
    pub(crate) fn add_txt(&mut self, name: &str, strings: &[Vec<u8>]) -> Result<(), String> {
        let mut owner = Name::from_ascii(name).map_err(|e| e.to_string())?;
        owner.set_fqdn(true);
        if let Some(long) = strings.iter().find(|string| string.len() > 255) {
            return Err(format!("a text string of {} bytes: at most 255 fit", long.len()));
        }
        let text = TXT::from_bytes(strings.iter().map(Vec::as_slice).collect());
        self.add(Record::from_rdata(owner, TTL, RData::TXT(text)));
        Ok(())
    }

    fn add(&mut self, record: Record) {
        let owner = LowerName::new(&record.name);
        let mut name = owner.clone();
        while self.names.insert(name.clone()) && !name.is_root() {
            name = name.base_name();
        }
        self.records.entry(owner).or_default().push(record);
    }

    /// Whether the name exists, with records of its own or below it.
    pub(crate) fn contains(&self, name: &LowerName) -> bool {
        self.names.contains(name)
    }

    /// Answers a question, following aliases.
    pub(crate) fn lookup(&self, name: &LowerName, record_type: RecordType) -> Lookup {
        let mut lookup =
            Lookup { rcode: ResponseCode::NoError, answers: Vec::new(), authority: None };
        let mut name = name.clone();
        let mut seen = HashSet::new();
        while seen.insert(name.clone()) && seen.len() <= MAX_ALIASES {
            let Some(records) = self.records_at(&name) else {
                lookup.rcode = ResponseCode::NXDomain;
                lookup.authority = Some(self.authority(&name));
                return lookup;
            };
            let wanted = records.iter().filter(|record| {
                record_type == RecordType::ANY || record.record_type() == record_type
            });
            let before = lookup.answers.len();
            lookup.answers.extend(wanted.map(|record| at(&name, record)));
            if lookup.answers.len() > before {
                return lookup;
            }
            let alias = records.iter().find_map(|record| match &record.data {
                RData::CNAME(target) => Some((record, LowerName::new(&target.0))),
                _ => None,
            });
            let Some((record, target)) = alias else {
                lookup.authority = Some(self.authority(&name));
                return lookup;
            };
            lookup.answers.push(at(&name, record));
            name = target;
        }
        lookup
    }

    /// The records at a name, of its own or from a wildcard; `None` when the name does not exist.
    fn records_at(&self, name: &LowerName) -> Option<&[Record]> {
        if self.names.contains(name) {
            return Some(self.records.get(name).map_or(&[], Vec::as_slice));
        }
        let mut encloser = name.base_name();
        while !self.names.contains(&encloser) && !encloser.is_root() {
            encloser = encloser.base_name();
        }
        let wildcard = Name::from(encloser).prepend_label("*").ok()?;
        self.records.get(&LowerName::new(&wildcard)).map(Vec::as_slice)
    }

    /// "Nothing" of this kind, as if the zone said so.
    pub(crate) fn nothing(&self, name: &LowerName, rcode: ResponseCode) -> Lookup {
        Lookup { rcode, answers: Vec::new(), authority: Some(self.authority(name)) }
    }

    /// The start of authority of the zone that holds a name; a made-up one for the root.
    fn authority(&self, name: &LowerName) -> Record {
        let mut name = name.clone();
        loop {
            let soa = self.records.get(&name).and_then(|records| {
                records.iter().find(|record| record.record_type() == RecordType::SOA)
            });
            match soa {
                Some(soa) => return soa.clone(),
                None if name.is_root() => break,
                None => name = name.base_name(),
            }
        }
        let soa = SOA::new(Name::root(), Name::root(), 1, 3600, 600, 86400, TTL);
        Record::from_rdata(Name::root(), TTL, RData::SOA(soa))
    }
}

/// The record under the name asked for, which differs from its own when it came from a wildcard.
fn at(name: &LowerName, record: &Record) -> Record {
    let mut record = record.clone();
    record.name = Name::from(name.clone());
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "$ORIGIN ornek.com.tr.
$TTL 300
@ IN SOA ns hostmaster 1 3600 600 86400 120
  IN MX 10 mail
mail IN A 192.0.2.7
www IN CNAME mail
far IN CNAME gone.example.net.
l1 IN CNAME l2
l2 IN CNAME l1
a.b IN TXT \"x\" \"y\"
*.w IN TXT \"wild\"
";

    fn ask(name: &str, record_type: RecordType) -> Lookup {
        let mut zone = Zone::default();
        zone.add_text(TEXT).expect("well-formed");
        zone.lookup(&LowerName::new(&Name::from_ascii(name).expect("a name")), record_type)
    }

    #[test]
    fn nothing_of_a_type_and_no_such_name_differ() {
        let nodata = ask("mail.ornek.com.tr.", RecordType::MX);
        assert_eq!((nodata.rcode, nodata.answers.len()), (ResponseCode::NoError, 0));
        assert_eq!(nodata.authority.expect("SOA").name.to_ascii(), "ornek.com.tr.");
        let above = ask("b.ornek.com.tr.", RecordType::TXT);
        assert_eq!(above.rcode, ResponseCode::NoError, "a name between two names exists");
        assert_eq!(ask("no.ornek.com.tr.", RecordType::A).rcode, ResponseCode::NXDomain);
        let outside = ask("example.org.", RecordType::A);
        assert_eq!(outside.rcode, ResponseCode::NXDomain);
        assert!(outside.authority.expect("SOA").name.is_root());
    }

    #[test]
    fn aliases_are_followed_to_their_end() {
        assert_eq!(ask("WWW.ornek.com.tr.", RecordType::A).answers.len(), 2);
        let broken = ask("far.ornek.com.tr.", RecordType::A);
        assert_eq!((broken.rcode, broken.answers.len()), (ResponseCode::NXDomain, 1));
        let circle = ask("l1.ornek.com.tr.", RecordType::A);
        assert_eq!((circle.rcode, circle.answers.len()), (ResponseCode::NoError, 2));
    }

    #[test]
    fn a_wildcard_answers_under_the_name_asked() {
        let wild = ask("x.y.w.ornek.com.tr.", RecordType::TXT);
        assert_eq!(wild.answers[0].name.to_ascii(), "x.y.w.ornek.com.tr.");
        assert_eq!(ask("w.ornek.com.tr.", RecordType::TXT).answers.len(), 0);
    }

    #[test]
    fn faulty_text_is_refused() {
        let mut zone = Zone::default();
        assert!(zone.add_text("@ IN NOTYPE x\n").is_err());
        assert!(zone.add_text("@ 60 IN TXT \"\\195\"\n").is_err());
        assert!(zone.add_txt("ornek.com", &[vec![0; 256]]).is_err());
    }
}
