//! From lines to facts: what part of an answer a line stands in, and what its label means there.

use super::hosts::hosts;
use super::labels::{self, Field, Meaning, Section};
use super::lines::Line;
use super::registrar;
use crate::registration::dates::{self, DayMonth};
use crate::registration::status;

/// What an answer says, before it is decided what the answer is.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) domain: Option<String>,
    pub(super) registrar: Option<String>,
    pub(super) created: Option<time::Date>,
    pub(super) updated: Option<time::Date>,
    pub(super) expires: Option<time::Date>,
    pub(super) status: Vec<String>,
    pub(super) nameservers: Vec<String>,
    /// How many lines have a label and a value.
    pub(super) labels: usize,
}

/// No registry shows more name servers. Each is compared with those before, so a bound it needs.
const MOST: usize = 100;

/// A value that is believed until one of a better label comes.
#[derive(Debug, Default)]
struct Best<'a>(Option<(u8, &'a str, &'a str)>);

impl<'a> Best<'a> {
    fn offer(&mut self, rank: u8, label: &'a str, value: &'a str) -> bool {
        let better = self.0.is_none_or(|(kept, ..)| rank < kept);
        if better {
            self.0 = Some((rank, label, value));
        }
        better
    }
}

/// The part of the answer that a line stands in.
#[derive(Debug, Clone, Copy)]
struct Scope {
    section: Section,
    /// A field whose value stands on the lines below its label.
    below: Option<Meaning>,
    /// The margin of the heading.
    indent: usize,
    /// Lines of the section stand deeper than its heading.
    deeper: bool,
    /// A blank line has passed.
    blank: bool,
    /// A line of the section was read.
    used: bool,
}

impl Scope {
    const DOMAIN: Self = Self {
        section: Section::Domain,
        below: None,
        indent: 0,
        deeper: false,
        blank: false,
        used: false,
    };

    fn ends_at(&self, line: &Line<'_>) -> bool {
        if line.indent > self.indent {
            return false;
        }
        line.indent < self.indent || self.deeper || (self.blank && self.used)
    }
}

struct Reader<'a> {
    scope: Scope,
    block_start: bool,
    domain: Best<'a>,
    registrar: Best<'a>,
    created: Best<'a>,
    updated: Best<'a>,
    expires: Best<'a>,
    status: Vec<String>,
    nameservers: Vec<String>,
    /// The number of the line, and of the one that `updated` was read from.
    nth: usize,
    updated_at: usize,
    /// Whether a block describes the registrar, and the name that it gives.
    explains: bool,
    explained: Option<&'a str>,
}

/// Reads the facts of an answer.
pub(super) fn read(lines: &[Line<'_>]) -> Reading {
    let mut reader = Reader {
        scope: Scope::DOMAIN,
        block_start: true,
        domain: Best::default(),
        registrar: Best::default(),
        created: Best::default(),
        updated: Best::default(),
        expires: Best::default(),
        status: Vec::new(),
        nameservers: Vec::new(),
        nth: 0,
        updated_at: usize::MAX - 1,
        explains: false,
        explained: None,
    };
    for (nth, line) in lines.iter().enumerate() {
        reader.nth = nth;
        if line.is_blank() {
            reader.scope.blank = true;
            reader.block_start = true;
        } else if !line.comment {
            reader.line(line, &lines[nth + 1..]);
            reader.block_start = false;
        }
    }
    reader.finish(lines)
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &Line<'a>, rest: &[Line<'a>]) {
        if self.scope.ends_at(line) {
            self.scope = Scope::DOMAIN;
        }
        if self.opens(line, rest) {
            return;
        }
        let below = self.scope.below;
        self.scope.deeper |= line.indent > self.scope.indent;
        self.scope.blank = false;
        let used = std::mem::replace(&mut self.scope.used, true);
        match (self.scope.section, line.label) {
            (Section::Other, Some(label)) => {
                if let Some(meaning) = labels::meaning(label)
                    && labels::is_of_the_domain(label, meaning)
                {
                    self.take(meaning, label, line.value);
                }
            }
            (Section::Registrar, Some(label)) => {
                if let Some(rank) = labels::names_registrar(label)
                    && registrar::is_name(line.value)
                {
                    if self.explains {
                        self.explained.get_or_insert(line.value);
                    }
                    self.registrar.offer(rank, label, line.value);
                }
            }
            (Section::Registrar, None) => {
                if !used && registrar::is_name(line.text) {
                    self.registrar.offer(below.map_or(0, |meaning| meaning.rank), "", line.text);
                }
            }
            (Section::NameServers, label) => self.name_server_line(line, label),
            (Section::HostList, Some(label)) if labels::is_host_label(label) => {
                self.add_hosts(line.value, 1);
            }
            (Section::HostList, _) | (Section::Other, None) => {}
            (Section::Domain, Some(label)) => {
                self.labelled(label, line.value);
                self.expect_hosts(line, label, rest);
            }
            (Section::Domain, None) => match below {
                Some(meaning) => {
                    if !used || meaning.field == Field::Status {
                        self.take(meaning, "", line.text);
                    }
                }
                None => self.unlabelled(line),
            },
        }
    }

    /// Whether the line is a heading. It then opens its section.
    fn opens(&mut self, line: &Line<'a>, rest: &[Line<'a>]) -> bool {
        if let Some(label) = line.label
            && self.opens_object(line, label, rest)
        {
            return true;
        }
        let heading = match line.label {
            Some(label) if line.value.is_empty() => label,
            Some(_) => return false,
            None if columns(line.text).is_some() => return false,
            None => line.text,
        };
        let Some(next) = rest.iter().find(|line| !line.comment && !line.is_blank()) else {
            return false;
        };
        let section = labels::section(heading).filter(|section| {
            // Without a colon, only what is nothing but a heading.
            line.label.is_some()
                || *section != Section::Other
                || labels::is_heading_of_other(heading)
        });
        let below = line.label.and_then(labels::meaning);
        let flat = next.label.is_some() && next.indent <= line.indent;
        let of_no_person = self.block_start && labels::is_heading_of_no_person(heading);
        if line.label.is_some()
            && flat
            && !of_no_person
            && (is_empty_value(next, section, heading)
                || (section == Some(Section::Other)
                    && !(self.block_start && labels::is_heading_of_other(heading))))
        {
            // An empty value, not a heading.
            return true;
        }
        match (section, below) {
            (Some(section @ (Section::Other | Section::NameServers)), _) => {
                self.enter(line, section, None);
            }
            (Some(Section::Registrar), _) => self.enter(line, Section::Registrar, None),
            (_, below @ Some(Meaning { field: Field::Registrar, .. })) => {
                self.enter(line, Section::Registrar, below);
            }
            (_, Some(meaning)) => self.enter(line, Section::Domain, Some(meaning)),
            (Some(Section::Domain), None) => self.enter(line, Section::Domain, None),
            (Some(Section::HostList) | None, None) => return false,
        }
        true
    }

    /// Whether the line begins an object of its own. The object is then entered.
    fn opens_object(&mut self, line: &Line<'a>, label: &'a str, rest: &[Line<'a>]) -> bool {
        // A registrar has a handle too.
        if self.scope.section == Section::Registrar && !self.block_start {
            return false;
        }
        let section = if self.block_start && labels::opens_host_list(label) {
            Section::HostList
        } else if self.block_start && self.explains_registrar(label, line.value, rest) {
            self.registrar.offer(0, label, line.value);
            self.explains = true;
            Section::Registrar
        } else if labels::begins_other_object(label)
            || (self.block_start && !line.value.is_empty() && labels::opens_other_object(label))
        {
            Section::Other
        } else {
            return false;
        };
        self.enter(line, section, None);
        self.scope.used = true;
        true
    }

    /// Whether a block behind that of the domain describes the registrar.
    fn explains_registrar(&self, label: &str, value: &str, rest: &[Line<'a>]) -> bool {
        let is_registrar =
            matches!(labels::meaning(label), Some(Meaning { field: Field::Registrar, .. }));
        let known = self.registrar.0.is_some_and(|(.., known)| known == value);
        // A name further down may be a person's.
        let named = || rest.first()?.label.and_then(labels::names_registrar);
        is_registrar && !value.is_empty() && self.domain.0.is_some() && (known || named().is_some())
    }

    fn enter(&mut self, line: &Line<'_>, section: Section, below: Option<Meaning>) {
        let indent = line.indent;
        self.scope = Scope { section, below, indent, deeper: false, blank: false, used: false };
    }

    fn name_server_line(&mut self, line: &Line<'a>, label: Option<&'a str>) {
        // An IPv6 address behind the host has colons too.
        let first = line.text.split_whitespace().next().unwrap_or_default();
        let label = label.filter(|_| hosts(first).next().is_none());
        match label {
            None => self.add_hosts(line.text, usize::MAX),
            Some(label) if labels::is_host_label(label) => self.add_hosts(line.value, 1),
            Some(label) => {
                if labels::meaning(label).is_some() && line.indent <= self.scope.indent {
                    self.scope = Scope::DOMAIN;
                }
                self.labelled(label, line.value);
            }
        }
    }

    /// `[Primary Name Server]   NS1-HANDLE`: the value is a handle, the names stand below.
    fn expect_hosts(&mut self, line: &Line<'a>, label: &str, rest: &[Line<'a>]) {
        let below =
            rest.first().is_some_and(|next| next.label.is_none() && next.indent > line.indent);
        let names =
            matches!(labels::meaning(label), Some(Meaning { field: Field::NameServer, .. }));
        if below && names && hosts(line.value).next().is_none() {
            self.enter(line, Section::NameServers, None);
        }
    }

    fn labelled(&mut self, label: &'a str, value: &'a str) {
        // `domain:Domain-Name:ornek.ma`: the class of the object stands before each label (RFC 2167).
        let inner =
            value.split_once(':').filter(|(inner, _)| label == "domain" && !inner.is_empty());
        let (label, value) = inner.unwrap_or((label, value));
        if let Some(meaning) = labels::meaning(label) {
            self.take(meaning, label, value);
        }
    }

    /// A line without a label in the part about the domain.
    fn unlabelled(&mut self, line: &Line<'a>) {
        if let Some((meaning, value)) = labels::sentence(line.text) {
            self.take(meaning, "", value);
        } else if let Some((label, value)) = columns(line.text)
            && let Some(meaning) = labels::meaning(label)
        {
            self.take(meaning, label, value);
        } else if self.nameservers_continue(line) {
            self.add_hosts(line.text, usize::MAX);
        }
    }

    fn nameservers_continue(&self, line: &Line<'_>) -> bool {
        line.indent > 8 && !self.nameservers.is_empty() && !self.scope.blank
    }

    fn take(&mut self, meaning: Meaning, label: &'a str, value: &'a str) {
        if value.is_empty() {
            return;
        }
        let Meaning { field, rank } = meaning;
        match field {
            Field::Domain => {
                self.domain.offer(rank, label, value);
            }
            Field::Registrar => {
                if registrar::is_name(value) {
                    self.registrar.offer(rank, label, value);
                }
            }
            Field::Created => {
                offer_date(&mut self.created, rank, label, value);
            }
            Field::Updated => {
                // A history, oldest first: `changed: … 19960111`, `changed: … 20140116`.
                if self.updated_at + 1 == self.nth {
                    self.updated = Best::default();
                }
                if offer_date(&mut self.updated, rank, label, value) {
                    self.updated_at = self.nth;
                }
            }
            Field::Expires => {
                offer_date(&mut self.expires, rank, label, value);
            }
            Field::Status => {
                if labels::words(label) == "state" {
                    if !labels::is_state_of_a_domain(value) {
                        return;
                    }
                    // JPRS: the day until which it is connected.
                    offer_date(&mut self.expires, 6, label, value);
                }
                status::each(value).for_each(|word| status::add(&mut self.status, Some(word)));
            }
            Field::NameServer => self.add_hosts(value, usize::MAX),
        }
    }

    fn add_hosts(&mut self, value: &str, most: usize) {
        for host in hosts(value).take(most) {
            if self.nameservers.len() < MOST && !self.nameservers.contains(&host) {
                self.nameservers.push(host);
            }
        }
    }

    fn finish(self, lines: &[Line<'_>]) -> Reading {
        let dates = [&self.created, &self.updated, &self.expires];
        let proved = dates.iter().find_map(|best| DayMonth::proved(best.0?.2));
        let stated =
            lines.iter().filter(|line| line.comment).find_map(|line| DayMonth::hinted(line.text));
        let date = |best: &Best<'_>| {
            let (_, label, value) = best.0?;
            let order = DayMonth::hinted(label).or(proved).or(stated).unwrap_or_default();
            dates::date(value, order)
        };
        let (created, updated) = (date(&self.created), date(&self.updated));
        // `status: OK-UNTIL 20140903121852`
        let until = self.status.iter().find(|status| status.contains("UNTIL"));
        let expires = date(&self.expires)
            .or_else(|| until.and_then(|status| dates::date(status, DayMonth::default())));
        // `.dk` writes the domain itself under `DNS`.
        let own = self.domain.0.map(|(.., value)| value.to_lowercase());
        let mut nameservers = self.nameservers;
        nameservers.retain(|host| Some(host) != own.as_ref());
        Reading {
            domain: self.domain.0.map(|(.., value)| value.to_owned()),
            registrar: self.explained.and_then(registrar::name).or_else(|| {
                let (_, label, value) = self.registrar.0?;
                registrar::labelled_name(label, value)
            }),
            created,
            updated,
            expires,
            status: self.status,
            nameservers,
            labels: lines
                .iter()
                .filter(|l| !l.comment && l.label.is_some() && !l.value.is_empty())
                .count(),
        }
    }
}

/// Offers a value that holds a date; says whether it is the best so far.
fn offer_date<'a>(best: &mut Best<'a>, rank: u8, label: &'a str, value: &'a str) -> bool {
    dates::date(value, DayMonth::default()).is_some() && best.offer(rank, label, value)
}

/// Whether a label without a value is just that, in a flat list of labels, and no heading: the next
/// line at the same margin is again about the domain, or a longer form of the same label.
fn is_empty_value(next: &Line<'_>, section: Option<Section>, heading: &str) -> bool {
    let Some(label) = next.label else { return false };
    if section == Some(Section::NameServers) && labels::is_host_label(label) {
        return false;
    }
    if section == Some(Section::Registrar) && labels::names_registrar(label).is_some() {
        return false;
    }
    if section == Some(Section::Domain) && !next.value.is_empty() {
        return false;
    }
    let (own, other) = (labels::words(heading), labels::words(label));
    labels::meaning(label).is_some() || (other.len() > own.len() && other.starts_with(&own))
}

/// `Domain-name         ornek.sk`: two columns. Prose that is set in columns has a longer value.
fn columns(text: &str) -> Option<(&str, &str)> {
    let at = text.find("   ").or_else(|| text.find('\t'))?;
    let (label, value) = text.split_at(at);
    let value = value.trim();
    (labels::is_listed(label) && value.split_whitespace().count() <= 3).then_some((label, value))
}
