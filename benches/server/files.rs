//! Files in and out: a list sent in, and all leads as a file.

use std::io::{BufWriter, Write as _};
use std::time::{Duration, Instant};

use crate::service::Service;
use crate::{AIM_MEMORY, reached};

/// Rows a second.
const AIM_EXPORT: f64 = 100_000.0;

/// Sends a list in, and waits until every row of it is kept.
pub(crate) fn ingest(service: &mut Service, rows: usize) {
    if !service.routes().contains("/api/v1/ingest/csv") {
        println!("\ningest of {rows} rows: not there yet");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    let mut file = BufWriter::new(std::fs::File::create(&path).unwrap());
    writeln!(file, "domain,company_name,email").unwrap();
    for row in 0..rows {
        writeln!(file, "firma{row}.com.tr,Firma {row} A.Ş.,bilgi@firma{row}.com.tr").unwrap();
    }
    file.flush().unwrap();
    service.forget_peak();
    let begun = Instant::now();
    let form = format!("file=@{};type=text/csv", path.display());
    let words = ["/api/v1/ingest/csv", "--form", &form, "--form", "auto_detect_columns=true"];
    let started = service.json(&words);
    let job = started["job_id"].as_str().unwrap_or_else(|| panic!("{started}")).to_owned();
    loop {
        let job = service.json(&[&format!("/api/v1/jobs/{job}")]);
        if job["status"] == "done" {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let (rate, memory) = (per_second(rows, begun.elapsed()), service.peak());
    let verdict = reached(memory < AIM_MEMORY);
    println!("\ningest of {rows} rows: {rate:.0} a second, peak {memory} MiB, {verdict}");
}

/// Takes every lead as CSV.
pub(crate) fn export(service: &mut Service, leads: usize) {
    service.forget_peak();
    let begun = Instant::now();
    let path = "/api/v1/leads/export?format=csv";
    let status = service.curl(&[path, "--output", "/dev/null"]).status().unwrap();
    assert!(status.success(), "the export failed");
    let (rate, memory) = (per_second(leads, begun.elapsed()), service.peak());
    let verdict = reached(rate >= AIM_EXPORT && memory < AIM_MEMORY);
    println!("\nexport of {leads} leads: {rate:.0} a second, peak {memory} MiB, {verdict}");
}

fn per_second(size: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(size).unwrap()) / took.as_secs_f64()
}
