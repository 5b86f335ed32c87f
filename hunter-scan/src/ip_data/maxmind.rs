//! MaxMind files (MaxMind DB format 2.0), read by the crate `maxminddb`, which bounds every record
//! by depth, values and bytes.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use maxminddb::{MaxMindDbError, Reader};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use time::OffsetDateTime;

use super::database::{DatabaseInfo, IpDatabase, IpFacts, ProxyType};
use super::problem::BadDatabase;

/// What begins the metadata, within the last 128 KiB of a file.
const MARKER: &[u8] = b"\xab\xcd\xefMaxMind.com";
const MARKER_WITHIN: usize = 128 * 1024;
/// The check at the start visits this many networks from each of so many places, and ends in this
/// time: all of a small file, and a sample of a large one.
const CHECK: (u32, u32, Duration) = (64, 512, Duration::from_millis(500));

/// One MaxMind file.
#[derive(Debug)]
pub(super) struct MaxMindDatabase {
    reader: Reader<Vec<u8>>,
    info: DatabaseInfo,
    /// Whether the file lists every anonymous address, so that the others are none.
    lists_anonymous: bool,
}

/// The members that are read; each may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Record<'a> {
    #[serde(borrow)]
    country: Country<'a>,
    city: Place<'a>,
    subdivisions: Vec<Place<'a>>,
    traits: Traits<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Country<'a> {
    iso_code: Option<&'a str>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Place<'a> {
    #[serde(borrow)]
    names: Names<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Names<'a> {
    en: Option<&'a str>,
}

/// What stands below `traits` in Enterprise files, and at the top in all others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Traits<'a> {
    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<&'a str>,
    isp: Option<&'a str>,
    organization: Option<&'a str>,
    domain: Option<&'a str>,
    user_type: Option<&'a str>,
    connection_type: Option<&'a str>,
    is_anonymous: Option<bool>,
    is_anonymous_vpn: Option<bool>,
    is_hosting_provider: Option<bool>,
    is_public_proxy: Option<bool>,
    is_residential_proxy: Option<bool>,
    is_tor_exit_node: Option<bool>,
}

impl MaxMindDatabase {
    /// Whether the bytes hold the mark of the format.
    pub(super) fn is_one(bytes: &[u8]) -> bool {
        let tail = &bytes[bytes.len().saturating_sub(MARKER_WITHIN)..];
        tail.windows(MARKER.len()).any(|window| window == MARKER)
    }

    /// Reads the metadata, and checks what a look-up relies on.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, BadDatabase> {
        let reader = Reader::from_source(bytes).map_err(|error| corrupt(&error))?;
        let metadata = reader.metadata();
        // A tree whose branches lead back to themselves answers, and answers wrongly. The time that
        // this takes grows with the file, and not with what is wrong in it. It also asks for a
        // description, which files of other makers may lack; those get the check below alone.
        if !metadata.description.is_empty() {
            reader.verify().map_err(|error| corrupt(&error))?;
        }
        let built = i64::try_from(metadata.build_epoch)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .map(OffsetDateTime::date);
        let info = DatabaseInfo { database_type: metadata.database_type.clone(), built };
        let lists_anonymous = info.database_type.contains("Anonymous");
        let database = Self { reader, info, lists_anonymous };
        database.check()?;
        Ok(database)
    }

    /// Follows the networks from places that are spread over all addresses.
    fn check(&self) -> Result<(), BadDatabase> {
        let (places, steps, time) = CHECK;
        let until = Instant::now() + time;
        let mut seen = HashSet::new();
        let is_v6 = self.reader.metadata().ip_version == 6;
        for place in 0..places {
            let v4 = IpAddr::V4(Ipv4Addr::from_bits(place << 26));
            self.check_from(v4, steps, until, &mut seen)?;
            if is_v6 {
                // Half of the places in the global unicast block, where the data is.
                let (bits, spread) = (u128::from(place), u128::from(place / 2));
                let v6 = if place % 2 == 0 { spread << 123 } else { 1 << 125 | bits << 119 };
                self.check_from(Ipv6Addr::from_bits(v6).into(), steps, until, &mut seen)?;
            }
        }
        Ok(())
    }

    fn check_from(
        &self,
        first: IpAddr,
        steps: u32,
        until: Instant,
        seen: &mut HashSet<usize>,
    ) -> Result<(), BadDatabase> {
        let mut ip = first;
        for _ in 0..steps {
            if Instant::now() > until {
                return Ok(());
            }
            let at = self.reader.lookup(ip).map_err(|error| corrupt(&error))?;
            if at.offset().is_some_and(|offset| seen.insert(offset)) {
                at.decode::<IgnoredAny>().map_err(|error| corrupt(&error))?;
                let read = at.decode::<Record<'_>>().and_then(|_| at.decode::<Traits<'_>>());
                read.map_err(|error| self.unreadable(&error))?;
            }
            let network = at.network().map_err(|error| corrupt(&error))?;
            let Some(next) = behind(ip, network.prefix()) else { return Ok(()) };
            ip = next;
        }
        Ok(())
    }

    /// Records that are sound and have another form than those of MaxMind, or corrupt ones.
    fn unreadable(&self, error: &MaxMindDbError) -> BadDatabase {
        let MaxMindDbError::Decoding { .. } = error else { return corrupt(error) };
        let kind = &self.info.database_type;
        BadDatabase::unknown(format!("`{kind}` has records of another form: {error}"))
    }

    fn of_record(&self, record: &Record<'_>, flat: &Traits<'_>) -> IpFacts {
        let traits = &record.traits;
        let mut facts = IpFacts {
            country: owned(record.country.iso_code),
            region: owned(record.subdivisions.first().and_then(|place| place.names.en)),
            city: owned(record.city.names.en),
            ..of_traits(flat)
        };
        facts.fill(of_traits(traits));
        if self.lists_anonymous && facts.is_proxy.is_none() {
            facts.is_proxy = Some(false);
        }
        facts
    }
}

impl IpDatabase for MaxMindDatabase {
    fn info(&self) -> &DatabaseInfo {
        &self.info
    }

    fn facts(&self, ip: IpAddr) -> Result<Option<IpFacts>, BadDatabase> {
        let Some(at) = find(&self.reader, ip)? else {
            return Ok(None);
        };
        let decoded = at.decode::<Record<'_>>().and_then(|record| {
            let flat = at.decode::<Traits<'_>>()?;
            Ok(record.zip(flat).map(|(record, flat)| self.of_record(&record, &flat)))
        });
        let facts = decoded.map_err(|error| corrupt(&error))?;
        let none = || {
            self.lists_anonymous.then(|| IpFacts { is_proxy: Some(false), ..IpFacts::default() })
        };
        Ok(facts.or_else(none))
    }

    fn record(&self, ip: IpAddr) -> Result<Option<Value>, BadDatabase> {
        let Some(at) = find(&self.reader, ip)? else {
            return Ok(None);
        };
        at.decode().map_err(|error| corrupt(&error))
    }
}

/// `None` for an IPv6 address in a file of IPv4.
fn find(
    reader: &Reader<Vec<u8>>,
    ip: IpAddr,
) -> Result<Option<maxminddb::LookupResult<'_, Vec<u8>>>, BadDatabase> {
    let ip = ip.to_canonical();
    if ip.is_ipv6() && reader.metadata().ip_version == 4 {
        return Ok(None);
    }
    reader.lookup(ip).map(Some).map_err(|error| corrupt(&error))
}

fn corrupt(error: &MaxMindDbError) -> BadDatabase {
    BadDatabase::corrupt(format!("{error}: fetch it again"))
}

fn owned(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn of_traits(traits: &Traits<'_>) -> IpFacts {
    let (is_proxy, proxy_type) = proxy(traits);
    IpFacts {
        asn: traits.autonomous_system_number,
        asn_org: owned(traits.autonomous_system_organization),
        isp: owned(traits.isp),
        organization: owned(traits.organization),
        domain: owned(traits.domain),
        usage_type: owned(traits.user_type),
        connection_type: owned(traits.connection_type),
        is_proxy,
        proxy_type,
        ..IpFacts::default()
    }
}

/// A flag that is set proves something; one that is missing is not kept in the file. A hosting
/// provider counts as anonymous there, and is no proxy.
fn proxy(traits: &Traits<'_>) -> (Option<bool>, Option<ProxyType>) {
    let kinds = [
        (traits.is_tor_exit_node, ProxyType::Tor),
        (traits.is_anonymous_vpn, ProxyType::Vpn),
        (traits.is_residential_proxy, ProxyType::Residential),
        (traits.is_public_proxy, ProxyType::Public),
        (traits.is_hosting_provider, ProxyType::DataCentre),
    ];
    let kind = kinds.into_iter().find(|(flag, _)| *flag == Some(true)).map(|(_, kind)| kind);
    let is_proxy = match &kind {
        Some(kind) => Some(kind.is_proxy()),
        None => traits.is_anonymous,
    };
    (is_proxy, kind)
}

/// The first address behind a network; `None` behind the last.
fn behind(ip: IpAddr, prefix: u8) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => {
            let host = u32::MAX.checked_shr(prefix.into()).unwrap_or(0);
            (ip.to_bits() | host).checked_add(1).map(|next| Ipv4Addr::from_bits(next).into())
        }
        IpAddr::V6(ip) => {
            let host = u128::MAX.checked_shr(prefix.into()).unwrap_or(0);
            (ip.to_bits() | host).checked_add(1).map(|next| Ipv6Addr::from_bits(next).into())
        }
    }
}
