//! Mail exchangers (RFC 5321 §5.1) and the null MX (RFC 7505).
//!
//! [`MailExchangers`] is the cheap reading: who takes the mail, in which order. [`findings`] says
//! what deserves a word.

mod inspect;

pub use inspect::{MxFinding, MxFindingKind, findings};

/// One mail exchanger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MailExchanger<'a> {
    /// Lower is tried first.
    pub preference: u16,
    /// Host name as received, without trailing dot.
    pub host: &'a str,
}

/// The MX records of a domain, in the order in which senders try them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailExchangers<'a> {
    /// Usable exchangers by preference, then by name, so that the order received does not matter.
    pub hosts: Vec<MailExchanger<'a>>,
    /// Whether a null MX (`0 .`) is among the records: the domain says that it takes no mail.
    pub null_mx: bool,
    /// Records that cannot be read.
    pub malformed: Vec<&'a str>,
}

impl<'a> MailExchangers<'a> {
    /// Reads records such as `10 mail.ornek.com.tr`.
    pub fn read<S: AsRef<str>>(records: &'a [S]) -> Self {
        let mut read = Self { hosts: Vec::with_capacity(records.len()), ..Self::default() };
        for record in records {
            let record = record.as_ref();
            match read_one(record) {
                Some(exchanger) if exchanger.host.is_empty() => read.null_mx = true,
                Some(exchanger) => read.hosts.push(exchanger),
                None => read.malformed.push(record),
            }
        }
        read.hosts.sort_unstable_by(|a, b| {
            a.preference.cmp(&b.preference).then_with(|| cmp_ignore_case(a.host, b.host))
        });
        read.hosts.dedup();
        read.malformed.sort_unstable();
        read
    }

    /// Those that senders try first: all with the lowest preference.
    pub fn primary(&self) -> &[MailExchanger<'a>] {
        let Some(first) = self.hosts.first() else { return &[] };
        let end = self.hosts.partition_point(|mx| mx.preference == first.preference);
        &self.hosts[..end]
    }

    /// Those that senders try when the primary ones do not answer.
    pub fn fallback(&self) -> &[MailExchanger<'a>] {
        &self.hosts[self.primary().len()..]
    }
}

/// By name without case; spellings of one name in byte order, so that one of them always comes first.
pub(crate) fn cmp_ignore_case(a: &str, b: &str) -> std::cmp::Ordering {
    let lower = |b: u8| b.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower)).then_with(|| a.cmp(b))
}

/// An empty host stands for the root, the mark of a null MX.
fn read_one(record: &str) -> Option<MailExchanger<'_>> {
    let (preference, host) = record.trim().split_once([' ', '\t'])?;
    let preference = preference.parse().ok()?;
    let host = host.trim_start();
    let host = host.strip_suffix('.').unwrap_or(host);
    let is_host = |b: u8| b.is_ascii_graphic() && b != b';' && b != b'"';
    let readable = host.len() <= 253 && host.bytes().all(is_host) && !host.contains("..");
    // An address where a name belongs is never delivered to (RFC 5321 §5.1 wants a domain name).
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    (readable && !is_address).then_some(MailExchanger { preference, host })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference_decides_and_the_order_received_does_not() {
        let forward = ["20 b.example.net", "10 Z.example.net.", "10 a.example.net"];
        let backward = ["10 a.example.net", "10 Z.example.net.", "20 b.example.net"];
        let read = MailExchangers::read(&forward);
        assert_eq!(read, MailExchangers::read(&backward));
        assert_eq!(
            read.primary().iter().map(|mx| mx.host).collect::<Vec<_>>(),
            ["a.example.net", "Z.example.net"]
        );
        assert_eq!(read.fallback().len(), 1);
    }

    #[test]
    fn d14_a_null_mx_is_no_exchanger() {
        let read = MailExchangers::read(&["0 ."]);
        assert!(read.null_mx && read.hosts.is_empty() && read.malformed.is_empty());
    }

    #[test]
    fn records_that_cannot_be_used_are_kept_aside() {
        let read =
            MailExchangers::read(&["mail.ornek.com", "10 192.0.2.7", "x y", "99999 a.b", ""]);
        assert!(read.hosts.is_empty());
        assert_eq!(read.malformed.len(), 5);
    }
}
