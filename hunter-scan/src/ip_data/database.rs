//! One database, whatever its format, and what it may know of an address.

use std::net::IpAddr;

use hunter_core::observation::AddressFacts;
use serde_json::{Map, Value};

use super::AddressSource;
use super::bin::BinDatabase;
use super::maxmind::MaxMindDatabase;
use super::problem::BadDatabase;

/// A database in memory. A look-up takes bounded time, whatever the bytes.
pub trait IpDatabase: Send + Sync + std::fmt::Debug {
    /// What it is.
    fn info(&self) -> &DatabaseInfo;

    /// What it knows of an address; `None` where it holds nothing of it.
    ///
    /// # Errors
    /// The record is corrupt.
    fn facts(&self, ip: IpAddr) -> Result<Option<IpFacts>, BadDatabase>;

    /// The whole record as JSON; `None` where it holds nothing of the address.
    ///
    /// # Errors
    /// The record is corrupt, or holds what JSON cannot.
    fn record(&self, ip: IpAddr) -> Result<Option<Value>, BadDatabase>;
}

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseInfo {
    /// Its type, such as `GeoLite2-City`, `IP2Location DB11` or `IP2Proxy PX10`.
    pub database_type: String,
    /// The day it was made, where it says so.
    pub built: Option<time::Date>,
}

/// Reads a database of any known format.
///
/// # Errors
/// [`BadDatabase`] says whether the bytes are of an unknown format, or corrupt.
pub fn read_database(bytes: Vec<u8>) -> Result<Box<dyn IpDatabase>, BadDatabase> {
    if MaxMindDatabase::is_one(&bytes) {
        return Ok(Box::new(MaxMindDatabase::read(bytes)?));
    }
    Ok(Box::new(BinDatabase::read(bytes)?))
}

/// How an address hides who is behind it, in the words of IP2Proxy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProxyType {
    /// `VPN`: a virtual private network for customers.
    Vpn,
    /// `TOR`: an exit node.
    Tor,
    /// `PUB`: an open proxy.
    Public,
    /// `RES`: a proxy at a home.
    Residential,
    /// `DCH`: a data centre. Mail servers stand there; it is no proxy.
    DataCentre,
    /// `SES`: the crawler of a search engine; it is no proxy.
    SearchEngine,
    /// Another word of the database, such as `WEB`, `CPN` or `EPN`.
    Other(String),
}

impl ProxyType {
    /// Reads the word of IP2Proxy.
    pub fn new(word: &str) -> Self {
        match word {
            "VPN" => Self::Vpn,
            "TOR" => Self::Tor,
            "PUB" => Self::Public,
            "RES" => Self::Residential,
            "DCH" => Self::DataCentre,
            "SES" => Self::SearchEngine,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The word that stands in an observation.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Vpn => "VPN",
            Self::Tor => "TOR",
            Self::Public => "PUB",
            Self::Residential => "RES",
            Self::DataCentre => "DCH",
            Self::SearchEngine => "SES",
            Self::Other(word) => word,
        }
    }

    /// Whether somebody else is behind the address.
    pub fn is_proxy(&self) -> bool {
        !matches!(self, Self::DataCentre | Self::SearchEngine)
    }
}

/// What is known of an address. `None` is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IpFacts {
    /// Autonomous system number.
    pub asn: Option<u32>,
    /// Who runs the autonomous system.
    pub asn_org: Option<String>,
    /// ISO 3166-1 alpha-2 country code.
    pub country: Option<String>,
    /// The first subdivision of the country, in English.
    pub region: Option<String>,
    /// The city, in English.
    pub city: Option<String>,
    /// The provider of the connection.
    pub isp: Option<String>,
    /// Who uses the network.
    pub organization: Option<String>,
    /// A domain of the network.
    pub domain: Option<String>,
    /// What the network is used for, in the words of the database.
    pub usage_type: Option<String>,
    /// How the network is connected, in the words of the database.
    pub connection_type: Option<String>,
    /// Whether it is a known proxy.
    pub is_proxy: Option<bool>,
    /// The kind of proxy, or of other machine.
    pub proxy_type: Option<ProxyType>,
}

impl IpFacts {
    /// Takes from `other` what is not known here.
    pub(super) fn fill(&mut self, other: Self) {
        fn fill<T>(mine: &mut Option<T>, other: Option<T>) {
            if mine.is_none() {
                *mine = other;
            }
        }
        fill(&mut self.asn, other.asn);
        fill(&mut self.asn_org, other.asn_org);
        fill(&mut self.country, other.country);
        fill(&mut self.region, other.region);
        fill(&mut self.city, other.city);
        fill(&mut self.isp, other.isp);
        fill(&mut self.organization, other.organization);
        fill(&mut self.domain, other.domain);
        fill(&mut self.usage_type, other.usage_type);
        fill(&mut self.connection_type, other.connection_type);
        fill(&mut self.is_proxy, other.is_proxy);
        fill(&mut self.proxy_type, other.proxy_type);
    }

    /// The row of an observation. `city`, `isp`, `usage_type` and `proxy_type` stand there always,
    /// null where they are unknown; the others where they are known.
    pub fn to_address_facts(&self, ip: IpAddr, source: AddressSource) -> AddressFacts {
        let mut extra = Map::new();
        let proxy_type = self.proxy_type.as_ref().map(|kind| kind.as_str().to_owned());
        for (name, value) in [
            ("city", &self.city),
            ("isp", &self.isp),
            ("usage_type", &self.usage_type),
            ("proxy_type", &proxy_type),
        ] {
            extra.insert(name.into(), value.clone().into());
        }
        for (name, value) in [
            ("region", &self.region),
            ("organization", &self.organization),
            ("domain", &self.domain),
            ("connection_type", &self.connection_type),
        ] {
            if let Some(value) = value {
                extra.insert(name.into(), value.clone().into());
            }
        }
        AddressFacts {
            ip,
            source: source.as_str().to_owned(),
            asn: self.asn,
            asn_org: self.asn_org.clone(),
            country: self.country.clone(),
            is_proxy: self.is_proxy,
            extra,
        }
    }
}
