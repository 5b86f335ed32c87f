//! What an SPF record makes receivers look up, followed over supplied answers (RFC 7208 §4.6.4).
//!
//! The walk is that of a check for a sender that no mechanism names: every term is tested up to
//! `all`, and every include and redirect is read. No check asks for more, so its count is what the
//! limits are held against. What was not answered is kept apart: a count with an unanswered part is
//! a lower bound, and says so.

use std::collections::BTreeSet;

use super::macros::{expand, is_name};
use super::{Qualifier, SpfFault, SpfReading, SpfRecord, SpfTerm, SpfTermKind};
use crate::observation::{Outcome, RecordType, Signal};
use crate::records::Ask;
use crate::records::finding::finding_kinds;

/// How many terms may ask the DNS in one check (RFC 7208 §4.6.4).
pub const LOOKUP_LIMIT: usize = 10;
/// How many of them may find nothing (RFC 7208 §4.6.4).
pub const VOID_LIMIT: usize = 2;
/// How many exchangers `mx` may name (RFC 7208 §4.6.4).
const EXCHANGER_LIMIT: usize = 10;
/// Where the walk ends. It is far above the limit, and keeps records that include each other many
/// times over from taking for ever.
const WALK_LIMIT: usize = 100;

finding_kinds! {
    /// Kinds of findings about an SPF record and all that it includes. Each makes checks end in a
    /// permanent error.
    pub enum SpfTreeFindingKind {
        /// More than ten terms ask the DNS (RFC 7208 §4.6.4).
        TooManyLookups = "spf_tree_too_many_lookups", Void;
        /// More than two of them find nothing (RFC 7208 §4.6.4).
        TooManyVoids = "spf_tree_too_many_void_lookups", Void;
        /// A record includes itself, directly or by others.
        Loop = "spf_tree_loop", Void;
        /// An included domain has no SPF record (RFC 7208 §5.2, §6.1).
        NoRecord = "spf_tree_no_record", Void;
        /// An included record breaks the grammar, or stands beside another one.
        InvalidRecord = "spf_tree_invalid_record", Void;
        /// `mx` names more than ten exchangers (RFC 7208 §4.6.4).
        TooManyExchangers = "spf_tree_too_many_exchangers", Void;
    }
}

/// One finding about the tree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpfTreeFinding {
    /// What was found.
    pub kind: SpfTreeFindingKind,
    /// The domain whose record it is about.
    pub domain: String,
    /// The offending term or name.
    pub text: String,
}

/// A count over the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many are known.
    pub known: usize,
    /// Whether there can be no more; otherwise the number is a lower bound.
    pub exact: bool,
}

impl Count {
    const ZERO: Self = Self { known: 0, exact: true };

    /// Whether the count is over a limit; unknown where a lower bound is not.
    pub const fn exceeds(self, limit: usize) -> Signal {
        match (self.known > limit, self.exact) {
            (true, _) => Signal::Present,
            (false, true) => Signal::Missing,
            (false, false) => Signal::Unknown,
        }
    }
}

/// How the walk came to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpfStep {
    /// The domain itself.
    Start,
    /// `include:`
    Include,
    /// `redirect=`
    Redirect,
}

/// What stands at a domain of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpfNodeState {
    /// One valid record; holds its text.
    Record(String),
    /// No SPF record.
    NoRecord,
    /// A record that every check ends in a permanent error at.
    Invalid(SpfFault),
    /// The domain lies on the way to itself.
    Loop,
    /// No answer; holds why.
    Unknown(String),
    /// The name depends on the message, by a macro such as `%{i}`.
    DependsOnMessage,
}

/// One domain of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpfNode {
    /// The domain, or the domain-spec where its name depends on the message.
    pub domain: String,
    /// How the walk came to it.
    pub step: SpfStep,
    /// How many steps it lies below the start.
    pub depth: usize,
    /// What stands there.
    pub state: SpfNodeState,
}

/// An SPF record and everything that it includes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpfTree {
    /// The domains in the order in which a check reads them.
    pub nodes: Vec<SpfNode>,
    /// Terms that ask the DNS.
    pub lookups: Count,
    /// Terms that ask and find nothing. `a` counts where there is no address of either kind, as most
    /// checkers have it; to a sender with an IPv6 address, a host with IPv4 addresses alone is void too.
    pub voids: Count,
    /// What ends checks in a permanent error, sorted.
    pub findings: Vec<SpfTreeFinding>,
    /// Names that were asked for and not answered, each with its record type.
    pub unanswered: BTreeSet<(String, RecordType)>,
    /// What receivers do with senders that no term names: the qualifier of the last `all` on the way
    /// of redirects. `None` where there is none, or where it is not known.
    pub all: Option<Qualifier>,
}

impl SpfTree {
    /// Follows the record of a domain over what `ask` answers.
    ///
    /// ```
    /// use hunter_core::observation::{Observation, Signal};
    /// use hunter_core::records::spf::SpfTree;
    ///
    /// let seen = Observation::from_json(r#"{"v":1,"domain":"ornek.com","observed_at":"2026-11-24T09:30:00Z","answers":[
    ///   {"name":"ornek.com","type":"TXT","state":"found","records":["v=spf1 include:a.example.net include:b.example.net -all"]},
    ///   {"name":"a.example.net","type":"TXT","state":"found","records":["v=spf1 exists:%{i}.example.net -all"]},
    ///   {"name":"b.example.net","type":"TXT","state":"temp_fail","reason":"timeout"}]}"#)?;
    /// let tree = SpfTree::walk("ornek.com", &|name, kind| seen.ask(name, kind));
    /// assert_eq!((tree.lookups.known, tree.lookups.exact), (3, false));
    /// assert_eq!(tree.permanent_error(), Signal::Unknown);
    /// # Ok::<(), hunter_core::Error>(())
    /// ```
    pub fn walk(domain: &str, ask: &Ask<'_, '_>) -> Self {
        let mut walk = Walk {
            sender: domain,
            ask,
            lookups: Count::ZERO,
            voids: Count::ZERO,
            nodes: Vec::new(),
            findings: Vec::new(),
            unanswered: BTreeSet::new(),
        };
        let all = walk.visit(domain, SpfStep::Start, &mut Vec::new());
        let mut tree = Self {
            nodes: walk.nodes,
            lookups: walk.lookups,
            voids: walk.voids,
            findings: walk.findings,
            unanswered: walk.unanswered,
            all,
        };
        let mut over = |count: Count, limit, kind| {
            if count.exceeds(limit) == Signal::Present {
                let (domain, text) = (domain.to_owned(), count.known.to_string());
                tree.findings.push(SpfTreeFinding { kind, domain, text });
            }
        };
        over(tree.lookups, LOOKUP_LIMIT, SpfTreeFindingKind::TooManyLookups);
        over(tree.voids, VOID_LIMIT, SpfTreeFindingKind::TooManyVoids);
        tree.findings.sort_unstable();
        tree.findings.dedup();
        tree
    }

    /// Whether checks of senders that no mechanism names end in a permanent error.
    pub fn permanent_error(&self) -> Signal {
        if !self.findings.is_empty() {
            return Signal::Present;
        }
        match self.nodes.first().map(|node| &node.state) {
            Some(SpfNodeState::Invalid(_)) => Signal::Present,
            Some(SpfNodeState::Unknown(_)) | None => Signal::Unknown,
            _ if self.lookups.exact && self.voids.exact => Signal::Missing,
            _ => Signal::Unknown,
        }
    }
}

struct Walk<'w, 'q, 'a> {
    sender: &'w str,
    ask: &'w Ask<'q, 'a>,
    lookups: Count,
    voids: Count,
    nodes: Vec<SpfNode>,
    findings: Vec<SpfTreeFinding>,
    unanswered: BTreeSet<(String, RecordType)>,
}

impl Walk<'_, '_, '_> {
    /// Reads the record of one domain and all below it; gives the qualifier of the `all` that decides.
    fn visit(&mut self, domain: &str, step: SpfStep, path: &mut Vec<String>) -> Option<Qualifier> {
        let depth = path.len();
        let node = |state| SpfNode { domain: domain.to_owned(), step, depth, state };
        if path.iter().any(|above| above.eq_ignore_ascii_case(domain)) {
            self.nodes.push(node(SpfNodeState::Loop));
            self.find(SpfTreeFindingKind::Loop, path.last().map_or(domain, String::as_str), domain);
            return None;
        }
        if self.lookups.known > WALK_LIMIT {
            self.nodes.push(node(SpfNodeState::Unknown("walk_limit".to_owned())));
            self.unknown_below();
            return None;
        }
        let reply = (self.ask)(domain, &RecordType::Txt);
        let texts: &[String] = match &reply {
            Outcome::Found(texts) => texts,
            Outcome::Absent { .. } => {
                if step != SpfStep::Start {
                    self.voids.known += 1;
                }
                &[]
            }
            other => {
                let why = other.why_unanswered().unwrap_or_default();
                self.nodes.push(node(SpfNodeState::Unknown(why.to_owned())));
                self.unanswered.insert((domain.to_owned(), RecordType::Txt));
                self.unknown_below();
                return None;
            }
        };
        match SpfReading::read(texts) {
            SpfReading::None => {
                self.nodes.push(node(SpfNodeState::NoRecord));
                // No record at the domain itself is no error: nothing is checked (§4.5).
                if step != SpfStep::Start {
                    let from = path.last().map_or(domain, String::as_str).to_owned();
                    self.find(SpfTreeFindingKind::NoRecord, &from, domain);
                }
                None
            }
            SpfReading::Invalid(fault, text) => {
                self.nodes.push(node(SpfNodeState::Invalid(fault)));
                self.find(SpfTreeFindingKind::InvalidRecord, domain, text);
                None
            }
            SpfReading::Valid(record) => {
                self.nodes.push(node(SpfNodeState::Record(record.text.to_owned())));
                path.push(domain.to_owned());
                let all = self.follow(&record, domain, path);
                path.pop();
                all
            }
        }
    }

    fn follow(
        &mut self,
        record: &SpfRecord<'_>,
        domain: &str,
        path: &mut Vec<String>,
    ) -> Option<Qualifier> {
        for term in record.tested_terms().filter(|term| term.kind.is_lookup()) {
            self.lookups.known += 1;
            match self.target(term, domain) {
                Target::Name(name) if term.kind == SpfTermKind::Include => {
                    self.visit(&name, SpfStep::Include, path);
                }
                Target::Name(name) => self.look_up(term.kind, &name, domain),
                Target::Unusable => self.voids.known += 1,
                Target::DependsOnMessage(spec) => {
                    self.voids.exact = false;
                    if term.kind == SpfTermKind::Include {
                        self.depends_on_message(spec, SpfStep::Include, path.len());
                    }
                }
            }
        }
        let Some(spec) = record.redirect() else { return record.all() };
        self.lookups.known += 1;
        let Some(name) = expand(spec, domain, self.sender) else {
            self.depends_on_message(spec, SpfStep::Redirect, path.len());
            return None;
        };
        self.visit(&name, SpfStep::Redirect, path)
    }

    fn target<'t>(&self, term: &SpfTerm<'t>, domain: &str) -> Target<'t> {
        let Some(spec) = term.target else { return Target::Name(domain.to_owned()) };
        match expand(spec, domain, self.sender) {
            None => Target::DependsOnMessage(spec),
            // A name that cannot be asked for matches nothing (§4.8), and an include of it has none.
            Some(name) if term.kind != SpfTermKind::Include && !is_name(&name) => Target::Unusable,
            Some(name) => Target::Name(name),
        }
    }

    fn depends_on_message(&mut self, spec: &str, step: SpfStep, depth: usize) {
        let state = SpfNodeState::DependsOnMessage;
        self.nodes.push(SpfNode { domain: spec.to_owned(), step, depth, state });
        self.unknown_below();
    }

    /// Asks what `a`, `mx`, `exists` and `ptr` ask, to see whether anything is there.
    fn look_up(&mut self, kind: SpfTermKind, name: &str, domain: &str) {
        match kind {
            SpfTermKind::A => self.void_if_absent(name, &[RecordType::A, RecordType::Aaaa]),
            // `exists` asks for an IPv4 address, whatever the sender's (§5.7).
            SpfTermKind::Exists => self.void_if_absent(name, &[RecordType::A]),
            SpfTermKind::Mx => {
                let reply = (self.ask)(name, &RecordType::Mx);
                if reply.found().is_some_and(|hosts| hosts.len() > EXCHANGER_LIMIT) {
                    self.find(SpfTreeFindingKind::TooManyExchangers, domain, name);
                }
                self.void_if_absent(name, &[RecordType::Mx]);
            }
            // `ptr` asks for the names of the sender's address, which nobody knows beforehand.
            _ => self.voids.exact = false,
        }
    }

    /// Counts a void lookup where none of the record types is there.
    fn void_if_absent(&mut self, name: &str, record_types: &[RecordType]) {
        let mut unanswered = Vec::new();
        for record_type in record_types {
            match (self.ask)(name, record_type) {
                Outcome::Found(_) => return,
                reply if reply.is_nxdomain() => {
                    self.voids.known += 1;
                    return;
                }
                Outcome::Absent { .. } => {}
                _ => unanswered.push((name.to_owned(), record_type.clone())),
            }
        }
        if unanswered.is_empty() {
            self.voids.known += 1;
        } else {
            self.voids.exact = false;
            self.unanswered.extend(unanswered);
        }
    }

    fn unknown_below(&mut self) {
        self.lookups.exact = false;
        self.voids.exact = false;
    }

    fn find(&mut self, kind: SpfTreeFindingKind, domain: &str, text: &str) {
        let (domain, text) = (domain.to_owned(), text.to_owned());
        self.findings.push(SpfTreeFinding { kind, domain, text });
    }
}

enum Target<'t> {
    Name(String),
    Unusable,
    DependsOnMessage(&'t str),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Reply;
    use std::borrow::Cow;

    /// Answers from a list of names and texts; `!` is a time-out, whatever is not listed is absent.
    fn walk(domain: &str, zone: &[(&str, &str)]) -> SpfTree {
        let ask = |name: &str, record_type: &RecordType| -> Reply<'static> {
            let texts: Vec<String> = zone
                .iter()
                .filter(|(owner, _)| owner.eq_ignore_ascii_case(name))
                .map(|(_, text)| (*text).to_owned())
                .collect();
            match record_type {
                RecordType::Txt if texts.iter().any(|text| text == "!") => {
                    Outcome::TempFail { reason: "timeout" }
                }
                RecordType::Txt if !texts.is_empty() => Outcome::Found(Cow::Owned(texts)),
                RecordType::A | RecordType::Aaaa if name.starts_with("here.") => {
                    Outcome::Found(Cow::Owned(vec!["192.0.2.1".to_owned()]))
                }
                _ => Outcome::Absent { rcode: Some("NOERROR") },
            }
        };
        SpfTree::walk(domain, &ask)
    }

    fn codes(tree: &SpfTree) -> Vec<(&'static str, &str, &str)> {
        use crate::records::finding::FindingKind;
        tree.findings.iter().map(|f| (f.kind.code(), f.domain.as_str(), f.text.as_str())).collect()
    }

    #[test]
    fn terms_are_counted_over_includes_and_redirects() {
        let tree = walk(
            "a.com",
            &[
                ("a.com", "v=spf1 include:b.com a:here.com redirect=c.com"),
                ("b.com", "v=spf1 a:here.com exists:here.com -all mx"),
                ("c.com", "v=spf1 ip4:192.0.2.1 ~all"),
            ],
        );
        assert_eq!(tree.lookups, Count { known: 5, exact: true });
        assert_eq!(tree.voids, Count { known: 0, exact: true });
        assert_eq!(tree.all, Some(Qualifier::SoftFail));
        assert_eq!(tree.permanent_error(), Signal::Missing);
        assert_eq!(
            tree.nodes.iter().map(|n| (n.domain.as_str(), n.step, n.depth)).collect::<Vec<_>>(),
            [
                ("a.com", SpfStep::Start, 0),
                ("b.com", SpfStep::Include, 1),
                ("c.com", SpfStep::Redirect, 1)
            ]
        );
    }

    #[test]
    fn a_loop_and_a_missing_record_are_errors() {
        let tree = walk(
            "a.com",
            &[
                ("a.com", "v=spf1 include:B.com -all"),
                ("b.com", "v=spf1 include:a.com include:no.com"),
            ],
        );
        assert_eq!(
            codes(&tree),
            [("spf_tree_loop", "B.com", "a.com"), ("spf_tree_no_record", "B.com", "no.com")]
        );
        assert_eq!(tree.permanent_error(), Signal::Present);
        assert_eq!(walk("no.com", &[]).permanent_error(), Signal::Missing);
    }

    #[test]
    fn d7_what_is_not_answered_makes_a_lower_bound() {
        let zone = [("a.com", "v=spf1 include:b.com mx:here.com -all"), ("b.com", "!")];
        let tree = walk("a.com", &zone);
        assert_eq!(tree.lookups, Count { known: 2, exact: false });
        assert_eq!(tree.permanent_error(), Signal::Unknown);
        assert!(tree.unanswered.contains(&("b.com".to_owned(), RecordType::Txt)));
        // Ten known ones and an unknown record: still unknown, not "within the limit".
        assert_eq!(tree.lookups.exceeds(LOOKUP_LIMIT), Signal::Unknown);
        assert_eq!(tree.lookups.exceeds(1), Signal::Present);
    }

    #[test]
    fn names_that_depend_on_the_message_are_counted_and_not_followed() {
        let tree = walk(
            "a.com",
            &[
                ("a.com", "v=spf1 include:%{i}._spf.%{d} include:x.%{d} -all"),
                ("x.a.com", "v=spf1 -all"),
            ],
        );
        assert_eq!(tree.lookups, Count { known: 2, exact: false });
        assert_eq!(tree.nodes[1].state, SpfNodeState::DependsOnMessage);
        assert_eq!(tree.nodes[2].domain, "x.a.com");
    }

    #[test]
    fn void_lookups_are_counted() {
        let tree = walk("a.com", &[("a.com", "v=spf1 a:x.com a:y.com exists:z.com -all")]);
        assert_eq!(tree.voids, Count { known: 3, exact: true });
        assert_eq!(codes(&tree), [("spf_tree_too_many_void_lookups", "a.com", "3")]);
    }

    #[test]
    fn records_that_multiply_end_the_walk() {
        let names: Vec<String> = (0..30).map(|n| format!("n{n}.com")).collect();
        let texts: Vec<String> = (1..31)
            .map(|n| format!("v=spf1 include:n{n}.com include:N{n}.com include:n{n}.com -all"))
            .collect();
        let zone: Vec<(&str, &str)> =
            names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let tree = walk("n0.com", &zone);
        assert!(tree.nodes.len() < 500 && !tree.lookups.exact, "{}", tree.nodes.len());
        assert_eq!(tree.lookups.exceeds(LOOKUP_LIMIT), Signal::Present);
    }
}
