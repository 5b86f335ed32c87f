//! The figures as the tables of `docs/ACCURACY.md`.

use std::fmt::Write as _;

use hunter_core::provider::Family;

use crate::labels::Labels;
use crate::measure::{Confusion, Measured};

const INTRO: &str = include_str!("../intro.md");

pub(crate) fn document(measured: &Measured, labels: &Labels) -> String {
    let mut out = format!("{INTRO}## Figures\n\n");
    let _ = writeln!(
        out,
        "{} labelled domains; measured on the {} that the fit never saw.\n",
        measured.all, measured.held_out
    );
    confusion(&mut out, "All rows", &measured.raw);
    confusion(&mut out, "Rows that carry more than their MX hosts", &measured.traced);
    confusion(&mut out, "The same, over the half that was fitted", &measured.fitted);
    let _ = writeln!(
        out,
        "### Calibration\n\n| confidence | answers | right |\n| ---: | ---: | ---: |"
    );
    for level in &measured.levels {
        let _ =
            writeln!(out, "| ≥ {:.2} | {} | {:.4} |", level.least, level.answers, level.accuracy());
    }
    let _ = writeln!(
        out,
        "\n{} of {} rows with an MX reach 0.8: {:.4}.\n",
        measured.reach,
        measured.with_mx,
        measured.coverage()
    );
    let _ = writeln!(
        out,
        "### Gateways\n\nAgreement with gateway labels, all rows: {:.4}.\n\n\
         | label | rows | agree |\n| --- | ---: | ---: |",
        measured.gateway_agreement()
    );
    let mut gateways: Vec<_> = measured.gateways.iter().collect();
    gateways.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(b.0)));
    for (label, (all, agree)) in gateways {
        let _ = writeln!(out, "| {label} | {all} | {agree} |");
    }
    let _ = writeln!(out, "\n## Where label and engine differ\n");
    for reviewed in &labels.reviewed {
        let _ = writeln!(
            out,
            "- **{}.** Label: {}; engine: {}. {} ({})",
            reviewed.rows,
            reviewed.label,
            reviewed.engine,
            reviewed.why,
            reviewed.examples.join(", ")
        );
    }
    out
}

fn confusion(out: &mut String, title: &str, confusion: &Confusion) {
    let _ = writeln!(
        out,
        "### {title}\n\n| label ↓ engine → | Microsoft | Google | other | nobody | recall |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |"
    );
    for family in Family::ALL {
        let [m, g, o, none] = confusion.0[family.index()];
        let recall = confusion.recall(*family);
        let _ = writeln!(out, "| {family} | {m} | {g} | {o} | {none} | {recall:.4} |");
    }
    let [m, g, o] = [Family::Microsoft, Family::Google, Family::Other]
        .map(|family| confusion.precision(family));
    let _ = writeln!(out, "| precision | {m:.4} | {g:.4} | {o:.4} | | |\n");
}
