//! The lines of all languages, as one table with its aims. Of the turns the best counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::{Line, Plan, workloads};
use crate::manifest::{Bound, Form, Workload};
use crate::report::thousands;

/// The files that the harnesses write.
const FILES: [&str; 3] = ["rust.jsonl", "python.jsonl", "node.jsonl"];

/// The table, and what is wrong with the run: forms that nobody measured, and answers that differ.
///
/// # Errors
/// Where a file is missing or not well-formed.
pub fn table(folder: &Path) -> anyhow::Result<(String, Vec<String>)> {
    let plan = Plan::read(folder)?;
    let mut lines = Vec::new();
    for file in FILES {
        let text = fs::read_to_string(folder.join(file)).context(file)?;
        for line in text.lines() {
            lines.push(serde_json::from_str(line).with_context(|| format!("{file}: {line}"))?);
        }
    }
    Ok(joined(&plan, &lines))
}

fn joined(plan: &Plan, lines: &[Line]) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut faults = Vec::new();
    for workload in &plan.workloads {
        let own: Vec<&Line> = lines.iter().filter(|line| line.workload == workload.name).collect();
        add(&mut text, workload, &own, &mut faults);
        // Forms that go over fewer rows have sums of their own.
        let mut sums: BTreeMap<usize, &Line> = BTreeMap::new();
        for line in own {
            let first = *sums.entry(line.items.min(plan.checked)).or_insert(line);
            if first.check != line.check {
                let Line { workload, form, check, .. } = line;
                let (other, sum) = (&first.form, first.check);
                faults.push(format!("{workload}: {form} sums to {check}, and {other} to {sum}"));
            }
        }
    }
    for workload in workloads() {
        if !plan.workloads.iter().any(|there| there.name == workload.name) {
            let _ = writeln!(text, "\nNOT MEASURED: {}: {}", workload.name, workload.call);
        }
    }
    for line in lines {
        let known = plan.workloads.iter().any(|workload| {
            workload.name == line.workload && workload.forms.iter().any(|f| f.name == line.form)
        });
        if !known {
            faults.push(format!("{} {} is not in the manifest", line.workload, line.form));
        }
    }
    (text, faults)
}

fn add(text: &mut String, workload: &Workload, lines: &[&Line], faults: &mut Vec<String>) {
    let Workload { name, call, unit, .. } = workload;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n{name}: {call}");
    let _ = writeln!(
        text,
        "{:<15} {:>7} {:>12} {:>15} {:>12}  aims",
        "form",
        "threads",
        unit,
        format!("{unit} a second"),
        "ns each"
    );
    let find = |form: &str, threads| {
        let turns = lines.iter().copied();
        let turns = turns.filter(|line| line.form == form && line.threads == threads);
        turns.min_by(|a, b| a.seconds.total_cmp(&b.seconds))
    };
    for form in &workload.forms {
        for &threads in &form.threads {
            let Some(line) = find(&form.name, threads) else {
                faults.push(format!("{name}: nobody measured {} on {threads}", form.name));
                continue;
            };
            let (items, each) = (thousands(precise(line.items)), line.nanos());
            let rate = thousands(1e9 / each);
            let aims = aims(form, line, |against| find(against, threads));
            let row = format!(
                "{:<15} {threads:>7} {items:>12} {rate:>15} {:>12}  {aims}",
                form.name,
                thousands(each)
            );
            let _ = writeln!(text, "{}", row.trim_end());
        }
    }
}

fn aims<'l>(form: &Form, line: &Line, find: impl Fn(&str) -> Option<&'l Line>) -> String {
    let judged = form.aims.iter().filter_map(|aim| {
        let other = find(&aim.against)?;
        Some(judge(aim.bound, line.nanos(), other.nanos(), &aim.against))
    });
    judged.collect::<Vec<_>>().join("; ")
}

fn judge(bound: Bound, nanos: f64, other: f64, against: &str) -> String {
    let (says, is_reached) = match bound {
        Bound::SlowerAtMost(most) => {
            let ratio = nanos / other;
            (format!("{ratio:.2}x the time of {against}, aim {most}x"), ratio <= most)
        }
        Bound::FasterAtLeast(least) => {
            let ratio = other / nanos;
            (format!("{ratio:.0}x as fast as {against}, aim {least}x"), ratio >= least)
        }
        Bound::MoreNanosAtMost(most) => {
            let more = nanos - other;
            (format!("{more:.0} ns above {against}, aim {most} ns"), more <= most)
        }
    };
    format!("{says}: {}", if is_reached { "reached" } else { "MISSED" })
}

impl Line {
    /// The time of one item in nanoseconds.
    fn nanos(&self) -> f64 {
        self.seconds * 1e9 / precise(self.items)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no input has 2^52 rows")]
fn precise(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aim_is_reached_or_missed() {
        let slower = judge(Bound::SlowerAtMost(1.3), 14.0, 10.0, "rust_arrow");
        assert_eq!(slower, "1.40x the time of rust_arrow, aim 1.3x: MISSED");
        let faster = judge(Bound::FasterAtLeast(100.0), 10.0, 1200.0, "python_loop");
        assert_eq!(faster, "120x as fast as python_loop, aim 100x: reached");
        let more = judge(Bound::MoreNanosAtMost(2000.0), 2500.0, 900.0, "rust_call");
        assert_eq!(more, "1600 ns above rust_call, aim 2000 ns: reached");
    }

    #[test]
    fn forms_without_a_line_strangers_and_answers_that_differ_are_faults() {
        let mut workloads = workloads();
        workloads.retain(|workload| workload.name == "score_call");
        let plan = Plan { turns: 1, seconds: 0.0, passes: 1, checked: 10, workloads };
        let line = |form: &str, check| Line {
            workload: "score_call".to_owned(),
            form: form.to_owned(),
            threads: 1,
            items: 1000,
            seconds: 0.001,
            check,
        };
        let lines = [line("rust_call", 7), line("python_call", 8), line("ruby_call", 7)];
        let (text, faults) = joined(&plan, &lines);
        assert!(text.contains("0 ns above rust_call, aim 2000 ns: reached"), "{text}");
        assert!(text.contains("NOT MEASURED: assess_table"), "{text}");
        assert_eq!(
            faults,
            [
                "score_call: nobody measured node_call on 1",
                "score_call: python_call sums to 8, and rust_call to 7",
                "score_call ruby_call is not in the manifest",
            ]
        );
    }
}
