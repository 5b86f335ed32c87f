//! What the demonstration prints.

use std::io::{Write as _, stdout};

use anyhow::Result;

use crate::api::{Job, Lead, SalesSummary, Taken};

pub(crate) fn taken(taken: &Taken) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{} rows name a company, {} do not:", taken.companies, taken.refused.len())?;
    for reason in &taken.refused {
        writeln!(out, "  {}", reason.escape_debug())?;
    }
    Ok(())
}

pub(crate) fn progress(job: &Job) -> Result<()> {
    writeln!(stdout(), "  {}: {} of {}", job.status, job.processed, job.total)?;
    Ok(())
}

pub(crate) fn job(job: &Job) -> Result<()> {
    writeln!(
        stdout(),
        "  {}: {} of {}, {} failed",
        job.status,
        job.processed,
        job.total,
        job.failed
    )?;
    Ok(())
}

pub(crate) fn leads(leads: &[Lead]) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "\nThe leads, the best first; `?` where a name server did not answer:\n")?;
    let columns = |out: &mut std::io::StdoutLock<'_>, row: [&str; 6]| {
        let [category, score, segment, provider, domain, name] = row;
        writeln!(out, "{category:<3} {score:>5}  {segment:<10} {provider:<32} {domain:<40} {name}")
    };
    columns(&mut out, ["", "score", "segment", "provider", "domain", "company"])?;
    for lead in leads {
        let text = |field: &Option<String>| field.clone().unwrap_or_else(|| "?".to_owned());
        let mark = if lead.partial { "?" } else { "" };
        let score = lead.readiness_score.map_or_else(String::new, |score| score.to_string());
        let provider = match &lead.gateway {
            Some(gateway) => format!("{} behind {gateway}", text(&lead.provider)),
            None => text(&lead.provider),
        };
        columns(
            &mut out,
            [
                &text(&lead.priority_category),
                &format!("{score}{mark}"),
                &text(&lead.segment),
                &provider,
                &lead.domain,
                lead.canonical_name.as_deref().unwrap_or_default(),
            ],
        )?;
    }
    Ok(())
}

pub(crate) fn script(script: &SalesSummary) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "\nWhat to say to {}:\n\n{}\n", script.domain, script.one_liner)?;
    for line in script.call_script.iter().chain(&script.discovery_questions) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}
