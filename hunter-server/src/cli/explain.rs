//! `hunter explain`: everything about one domain.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use hunter_core::observation::Outcome as Asked;
use hunter_core::observation::Signal;
use hunter_core::provider::Evidence;
use hunter_core::sales::{SalesFacts, SalesSummary};
use hunter_core::signals::DmarcSignal;
use hunter_core::{Assessment, Domain, Engine, Lead, Observation};
use time::{OffsetDateTime, UtcOffset};

use super::{DataArgs, LanguageArgs, Outcome, SalesArgs, ScanOptions, input};
use crate::error::ServerError;

/// Arguments of `hunter explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The domain, web address or e-mail address.
    #[arg(value_name = "DOMAIN")]
    domain: String,
    /// Take the newest stored observation of the domain from a file instead of scanning.
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    format: ExplainFormat,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    options: ScanOptions,
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    texts: SalesArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For people.
    Text,
    /// One JSON object: `lead`, `sales`, `observation`.
    Json,
}

pub(super) fn run(args: &ExplainArgs) -> Result<Outcome, ServerError> {
    let engine = args.data.engine()?;
    let sales = args.data.sales(&args.texts)?;
    let reading = Domain::from_cell(&args.domain).map_err(hunter_core::Error::from)?;
    // A language that is not there is told before the network is asked.
    let nothing_known = SalesFacts::new(reading.domain.clone());
    sales.summarize(&nothing_known, &args.language.lang, OffsetDateTime::now_utc())?;
    let observation = match &args.from {
        Some(path) => stored(path, &reading.domain)?,
        None => observe(args, &engine, &reading.domain)?,
    };
    let now = OffsetDateTime::now_utc();
    let lead = Lead::default();
    let assessment = engine.assess_on(&observation, &lead, now.date());
    let facts = SalesFacts::from_assessment(&assessment, &lead);
    let summary = sales.summarize(&facts, &args.language.lang, now)?;
    let mut out = io::stdout().lock();
    match args.format {
        ExplainFormat::Text => {
            let page =
                Page { observation: &observation, assessment: &assessment, summary: &summary };
            page.write(&mut out, &sales.render_text(&summary, &args.language.lang)?)
        }
        ExplainFormat::Json => {
            let object = serde_json::json!({
                "lead": assessment,
                "sales": summary,
                "observation": observation,
            });
            writeln!(out, "{object}")
        }
    }
    .map_err(ServerError::Output)?;
    if let Some(meant) = reading.suggestion {
        // A hint beside the output; losing it loses nothing.
        let _ = writeln!(io::stderr(), "hunter: did you mean `{meant}`?");
    }
    Ok(if assessment.verdict.is_some() { Outcome::Complete } else { Outcome::Partial })
}

fn observe(
    args: &ExplainArgs,
    engine: &Engine,
    domain: &Domain,
) -> Result<Observation, ServerError> {
    let scanner = args.options.scanner(engine)?;
    let runtime = tokio::runtime::Runtime::new().map_err(ServerError::Start)?;
    runtime.block_on(async {
        args.options.check(&scanner).await?;
        Ok(scanner.observe(domain).await)
    })
}

/// The newest observation of a domain in a file; of several with one time, the last.
fn stored(path: &Path, domain: &Domain) -> Result<Observation, ServerError> {
    let mut newest: Option<Observation> = None;
    for line in input::lines(path)? {
        // Lines of other domains may be faulty; what is asked for must not hang on them.
        let Ok(observation) = Observation::from_json(&line?.text) else { continue };
        let is_newer =
            newest.as_ref().is_none_or(|kept| observation.observed_at >= kept.observed_at);
        if observation.domain == *domain && is_newer {
            newest = Some(observation);
        }
    }
    newest
        .ok_or_else(|| ServerError::NotStored { domain: domain.to_string(), path: path.to_owned() })
}

/// The page for people.
struct Page<'a> {
    observation: &'a Observation,
    assessment: &'a Assessment,
    summary: &'a SalesSummary,
}

impl Page<'_> {
    fn write(&self, out: &mut impl Write, script: &str) -> io::Result<()> {
        let a = self.assessment;
        writeln!(out, "{}", a.domain.to_unicode())?;
        let observed = a.observed_at.to_offset(UtcOffset::UTC);
        let (day, time) = (observed.date(), observed.time());
        let (hour, minute, second) = time.as_hms();
        writeln!(out, "observed {day} {hour:02}:{minute:02}:{second:02} UTC")?;
        writeln!(out, "{}", self.summary.one_liner)?;
        self.verdict(out)?;
        self.roles(out)?;
        self.signals(out)?;
        self.breakdown(out)?;
        self.findings(out)?;
        self.unanswered(out)?;
        writeln!(out, "\n{script}")
    }

    fn verdict(&self, out: &mut impl Write) -> io::Result<()> {
        let a = self.assessment;
        writeln!(out, "\nVerdict")?;
        let Some(verdict) = &a.verdict else {
            return writeln!(out, "  none: {} ({})", a.status, why_no_verdict(self.observation));
        };
        let label = a.priority_label.as_deref().unwrap_or_default();
        writeln!(
            out,
            "  priority   {} {label}; {} on the scale 1 to 7",
            verdict.priority_category, verdict.priority_score
        )?;
        writeln!(
            out,
            "  segment    {}, technical heat {}",
            verdict.segment, verdict.technical_heat
        )?;
        writeln!(
            out,
            "  commercial {}, heat {}",
            verdict.commercial_segment, verdict.commercial_heat
        )?;
        writeln!(out, "  score      {}", verdict.score)?;
        if verdict.partial {
            let unknown: Vec<_> = a.unknown.iter().map(ToString::to_string).collect();
            let certain = if verdict.segment_certain {
                "the segment holds"
            } else {
                "the segment may change"
            };
            writeln!(
                out,
                "  interval   {} to {}: {} unknown; {certain}",
                verdict.score_low,
                verdict.score_high,
                unknown.join(", ")
            )?;
        }
        writeln!(out, "  rules      {} ({})", a.rules_version, a.rules_hash)
    }

    /// Who holds the mailboxes, who filters, who sends, whose identity: each with its records.
    fn roles(&self, out: &mut impl Write) -> io::Result<()> {
        let a = self.assessment;
        writeln!(out, "\nMailboxes")?;
        let name = a.provider_name.as_deref().unwrap_or("not named");
        writeln!(out, "  {}, {name}, confidence {:.2}", a.provider, a.confidence)?;
        records(out, &a.evidence)?;
        for (title, roles) in [("Gateways", &a.gateways), ("Senders", &a.senders)] {
            if !roles.is_empty() {
                writeln!(out, "\n{title}")?;
            }
            for role in roles {
                let region = role.region.as_ref().map(|region| format!(", region {region}"));
                let region = region.unwrap_or_default();
                writeln!(out, "  {}{region}, confidence {:.2}", role.name, role.confidence)?;
                records(out, &role.evidence)?;
            }
        }
        if let Some(identity) = &a.identity {
            writeln!(out, "\nIdentity")?;
            let tenant = identity.tenant.as_ref().map(|tenant| format!(", tenant {tenant}"));
            let tenant = tenant.unwrap_or_default();
            writeln!(out, "  {}{tenant}, confidence {:.2}", identity.name, identity.confidence)?;
            records(out, &identity.evidence)?;
        }
        Ok(())
    }

    fn signals(&self, out: &mut impl Write) -> io::Result<()> {
        let authentication = &self.assessment.authentication;
        let signals = &authentication.signals;
        writeln!(out, "\nSignals")?;
        let spf = signals.spf_record.as_deref().unwrap_or_default();
        writeln!(out, "  SPF    {:<8} {spf}", word(signals.spf))?;
        let (found, tried) =
            (&authentication.dkim_selectors_found, &authentication.dkim_selectors_tried);
        let selectors = match (found.is_empty(), tried.is_empty()) {
            (false, _) => format!("found: {}", found.join(", ")),
            (true, false) => format!("tried: {}", tried.join(", ")),
            (true, true) => "no selector was tried".to_owned(),
        };
        writeln!(out, "  DKIM   {:<8} {selectors}", word(signals.dkim))?;
        let dmarc = match signals.dmarc {
            DmarcSignal::Unknown => "unknown".to_owned(),
            DmarcSignal::Absent => "missing".to_owned(),
            DmarcSignal::Policy(policy) => format!("present  policy in force: {policy}"),
        };
        writeln!(out, "  DMARC  {dmarc}")
    }

    fn breakdown(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(breakdown) = &self.assessment.breakdown else { return Ok(()) };
        writeln!(out, "\nBreakdown")?;
        let mut row = |name: &str, points: i16| writeln!(out, "  {name:<24}{points:>+5}");
        if breakdown.base_score != 0 {
            row("base", breakdown.base_score)?;
        }
        row(&format!("provider {}", breakdown.provider.name), breakdown.provider.points)?;
        for points in [&breakdown.signal_points, &breakdown.risk_points, &breakdown.adjustments] {
            for (name, points) in points.iter() {
                row(name, points)?;
            }
        }
        writeln!(out, "  {:<24}{:>5}", "total", breakdown.total_score)
    }

    fn findings(&self, out: &mut impl Write) -> io::Result<()> {
        let a = self.assessment;
        if !a.findings.is_empty() {
            writeln!(out, "\nFindings")?;
        }
        for finding in &a.findings {
            writeln!(out, "  {:<24}{}", finding.kind.as_str(), finding.records.join(" | "))?;
        }
        if !a.tags.is_empty() {
            let tags: Vec<_> = a.tags.iter().map(ToString::to_string).collect();
            writeln!(out, "\nTags\n  {}", tags.join(", "))?;
        }
        Ok(())
    }

    /// Questions that got no answer: they are unknown, not absent.
    fn unanswered(&self, out: &mut impl Write) -> io::Result<()> {
        let failed = self.observation.answers.iter().filter(|answer| {
            matches!(answer.outcome, Asked::TempFail { .. } | Asked::PermFail { .. })
        });
        for (nth, answer) in failed.enumerate() {
            if nth == 0 {
                writeln!(out, "\nNot answered (unknown, not absent)")?;
            }
            let why = answer.outcome.why_unanswered().unwrap_or_default();
            writeln!(out, "  {} {}: {why}", answer.record_type, answer.name)?;
        }
        Ok(())
    }
}

/// One line for each record, with the rule that read it.
fn records(out: &mut impl Write, evidence: &[Evidence]) -> io::Result<()> {
    for evidence in evidence {
        let record = &evidence.record;
        let matched = evidence.matched.as_ref().map(|matched| format!(" lies below {matched}"));
        writeln!(out, "    {record}{} [{}]", matched.unwrap_or_default(), evidence.rule)?;
    }
    Ok(())
}

const fn word(signal: Signal) -> &'static str {
    match signal {
        Signal::Present => "present",
        Signal::Missing => "missing",
        Signal::Unknown => "unknown",
    }
}

fn why_no_verdict(observation: &Observation) -> String {
    let mx = hunter_core::observation::RecordType::Mx;
    let reply = observation.ask(observation.domain.as_str(), &mx);
    reply.why_unanswered().unwrap_or("the MX question was not put").to_owned()
}
