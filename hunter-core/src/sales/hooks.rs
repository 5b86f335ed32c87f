//! Dated facts to bring up in the call, each shown only where the lead's own records prove it.

use std::collections::HashSet;

use serde::Deserialize;
use time::Date;

use super::facts::{MailStatus, SalesFacts};
use super::holder::{in_zone, is_microsoft_mx};
use crate::assess::FindingKind;
use crate::data_file::{DataFile, calendar_date};
use crate::error::DataError;
use crate::signals::DmarcSignal;
use crate::vocabulary::{ProviderClass, vocabulary};

const BUILTIN: &str = include_str!("../../data/hooks.toml");

/// Zones of İsimtescil's name servers and mail hosts.
const ISIMTESCIL_ZONES: [&str; 2] = ["isimtescil.net", "dnsenable.com"];

/// Message ids of hooks begin with this.
pub(super) const MESSAGE_PREFIX: &str = "hook-";

vocabulary! {
    /// What a lead's records must show for a hook to apply.
    pub enum Trigger ("hook trigger") {
        /// The preferred MX host belongs to Exchange Online, worldwide.
        MxMicrosoft = "mx-microsoft",
        /// The preferred MX host ends in `mx.microsoft`.
        MxNewMicrosoft = "mx-new-microsoft",
        /// The scoring class is `M365`.
        ProviderM365 = "provider-m365",
        /// The preferred MX host lies inside the domain.
        OwnMx = "own-mx",
        /// An authoritative answer says that there is no DMARC record.
        DmarcAbsent = "dmarc-absent",
        /// Microsoft holds the mailboxes, and a separate product filters in front of it.
        GatewayConsolidation = "gateway-consolidation",
        /// A name server or the MX host is one of İsimtescil's.
        DnsIsimtescil = "dns-isimtescil",
    }
}

/// The hooks, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    rows: Vec<Hook>,
}

/// One hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its stable name.
    pub id: String,
    /// Its message in every catalogue.
    pub message: String,
    /// What must hold, all of it.
    pub when: Vec<Trigger>,
    /// The first day on which it is shown.
    pub from: Option<Date>,
    /// The last day on which it is shown.
    pub until: Option<Date>,
    /// The day that its text names.
    pub date: Option<Date>,
    /// Where the fact comes from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    hook: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    message: String,
    when: Vec<Trigger>,
    from: Option<toml::value::Datetime>,
    until: Option<toml::value::Datetime>,
    date: Option<toml::value::Datetime>,
    source: String,
}

impl Hooks {
    /// Reads a file of hooks; `file_name` only serves the error.
    ///
    /// # Errors
    /// [`DataError`] names the file, the line and the key.
    pub fn from_toml(file_name: &str, text: &str) -> Result<Self, DataError> {
        let at = DataFile { name: file_name, text };
        let file: File = at.toml()?;
        let mut seen = HashSet::new();
        let mut rows = Vec::with_capacity(file.hook.len());
        for (index, row) in file.hook.into_iter().enumerate() {
            let fault = |key: &str, problem: String| {
                at.value_fault(&format!("hook[{index}].{key}"), problem)
            };
            let day = |key: &str, value: Option<toml::value::Datetime>| {
                value
                    .map(|value| {
                        calendar_date(value).ok_or_else(|| {
                            fault(key, "must be a calendar date, like 2026-12-31".to_owned())
                        })
                    })
                    .transpose()
            };
            if !row.message.starts_with(MESSAGE_PREFIX) {
                return Err(fault("message", format!("must begin with `{MESSAGE_PREFIX}`")));
            }
            if row.when.is_empty() {
                return Err(fault("when", "must name at least one trigger".to_owned()));
            }
            if !seen.insert(row.id.clone()) {
                return Err(DataError {
                    code: "data_duplicate",
                    ..fault("id", format!("the id `{}` stands twice", row.id))
                });
            }
            rows.push(Hook {
                from: day("from", row.from)?,
                until: day("until", row.until)?,
                date: day("date", row.date)?,
                id: row.id,
                message: row.message,
                when: row.when,
                source: row.source,
            });
        }
        Ok(Self { rows })
    }

    /// The hooks that ship with the product.
    pub(super) fn builtin() -> Result<Self, DataError> {
        Self::from_toml("hooks.toml", BUILTIN)
    }

    /// Every hook.
    pub fn iter(&self) -> impl Iterator<Item = &Hook> {
        self.rows.iter()
    }

    /// The hooks that the lead's records prove and whose days include today, each with its place in
    /// the list. A domain that takes no mail gets none.
    pub fn for_lead<'a>(
        &'a self,
        facts: &'a SalesFacts,
        today: Date,
    ) -> impl Iterator<Item = (usize, &'a Hook)> {
        self.rows
            .iter()
            .enumerate()
            .filter(move |(_, hook)| !facts.takes_no_mail() && hook.applies(facts, today))
    }
}

impl Hook {
    fn applies(&self, facts: &SalesFacts, today: Date) -> bool {
        self.from.is_none_or(|from| today >= from)
            && self.until.is_none_or(|until| today <= until)
            && self.when.iter().all(|trigger| trigger.holds(facts))
    }
}

impl Trigger {
    fn holds(self, facts: &SalesFacts) -> bool {
        let host = facts.mx_host.as_deref().filter(|_| facts.status == MailStatus::Mail);
        match self {
            Self::MxMicrosoft => host.is_some_and(|host| {
                is_microsoft_mx(host)
                    && (in_zone(host, "outlook.com") || in_zone(host, "mx.microsoft"))
            }),
            Self::MxNewMicrosoft => host.is_some_and(|host| in_zone(host, "mx.microsoft")),
            Self::ProviderM365 => facts.provider == Some(ProviderClass::M365),
            Self::OwnMx => facts.own_mx && facts.status == MailStatus::Mail,
            Self::GatewayConsolidation => facts.proves(FindingKind::GatewayConsolidation),
            Self::DmarcAbsent => facts.dmarc == DmarcSignal::Absent,
            Self::DnsIsimtescil => host
                .into_iter()
                .chain(facts.nameservers.iter().map(String::as_str))
                .any(|name| ISIMTESCIL_ZONES.iter().any(|zone| in_zone(name, zone))),
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn ids(facts: &SalesFacts, today: Date) -> Vec<String> {
        let hooks = Hooks::builtin().expect("the built-in hooks");
        hooks.for_lead(facts, today).map(|(_, hook)| hook.id.clone()).collect()
    }

    fn lead(host: &str) -> SalesFacts {
        SalesFacts {
            status: MailStatus::Mail,
            mx_host: Some(host.to_owned()),
            ..SalesFacts::new("ornek.com.tr".parse().expect("a domain"))
        }
    }

    #[test]
    fn a_hook_shows_only_within_its_days() {
        let facts = lead("ornek-com-tr.mail.protection.outlook.com");
        assert_eq!(ids(&facts, date!(2026 - 12 - 31)), ["smtp-auth-basic"]);
        assert!(ids(&facts, date!(2027 - 01 - 01)).is_empty());
        assert!(ids(&facts, date!(2026 - 01 - 28)).is_empty());
    }

    #[test]
    fn a_hook_shows_only_what_the_records_prove() {
        let today = date!(2026 - 11 - 24);
        assert!(ids(&lead("mx.outlook.com.attacker.example"), today).is_empty());
        assert!(ids(&lead("ornek.olc.protection.outlook.com"), today).is_empty());
        assert_eq!(
            ids(&lead("ornek-com-tr.x-v1.mx.microsoft"), today),
            ["smtp-auth-basic", "mx-microsoft"]
        );
        let mut own = lead("mail.ornek.com.tr");
        own.own_mx = true;
        own.nameservers = vec!["tr.dnsenable.com".into()];
        assert_eq!(ids(&own, today), ["exchange-end-of-support", "isimtescil-txt"]);
        own.dmarc = DmarcSignal::Absent;
        own.status = MailStatus::NoMx;
        assert!(ids(&own, today).is_empty(), "a domain without mail gets no hook");
    }

    #[test]
    fn faults_name_their_row() {
        let row =
            "[[hook]]\nid = \"a\"\nmessage = \"hook-a\"\nwhen = [\"own-mx\"]\nsource = \"s\"\n";
        let fault = |text: &str| Hooks::from_toml("h.toml", text).expect_err("a fault");
        assert_eq!(fault(&format!("{row}{row}")).code, "data_duplicate");
        let error = fault(&row.replace("own-mx", "own-mix"));
        assert_eq!((error.code, error.line), ("data_value", Some(4)));
        assert_eq!(error.key.as_deref(), Some("hook[0].when[0]"));
        assert_eq!(fault(&row.replace("hook-a", "a")).key.as_deref(), Some("hook[0].message"));
        assert_eq!(fault(&format!("{row}from = 10:00:00\n")).line, Some(6));
        assert_eq!(fault(&format!("{row}fromm = 2026-01-01\n")).code, "data_unknown_key");
    }
}
