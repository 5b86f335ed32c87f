//! What the demonstration asks of the service, as any client would.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;

pub(crate) struct Api {
    client: Client,
    address: String,
    key: String,
}

/// What became of a list.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) companies: i64,
    /// Why a row names no company.
    pub(crate) refused: Vec<String>,
    /// The job that scans the companies.
    pub(crate) scan: String,
}

/// How far a job is.
#[derive(Debug, Deserialize)]
pub(crate) struct Job {
    pub(crate) status: String,
    pub(crate) total: u64,
    pub(crate) processed: u64,
    pub(crate) failed: u64,
    /// What became of the rows, of a file that was taken in.
    result: Option<Rows>,
}

#[derive(Debug, Deserialize)]
struct Rows {
    taken_in: i64,
    scan_job_id: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Started {
    job_id: String,
}

/// A row of the list.
#[derive(Debug, Deserialize)]
pub(crate) struct Lead {
    pub(crate) domain: String,
    pub(crate) canonical_name: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) gateway: Option<String>,
    pub(crate) segment: Option<String>,
    pub(crate) readiness_score: Option<u8>,
    pub(crate) priority_category: Option<String>,
    pub(crate) partial: bool,
}

#[derive(Debug, Deserialize)]
struct List {
    leads: Vec<Lead>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SalesSummary {
    pub(crate) domain: String,
    pub(crate) one_liner: String,
    pub(crate) call_script: Vec<String>,
    pub(crate) discovery_questions: Vec<String>,
}

impl Api {
    pub(crate) fn new(address: String, key: String) -> Result<Self> {
        // The client wants to know how it would speak TLS, though it never does here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_mins(1)).no_proxy().build()?;
        Ok(Self { client, address, key })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a list in as a file, to be scanned when it is read.
    pub(crate) async fn ingest(&self, list: &Path) -> Result<Taken> {
        let text = std::fs::read_to_string(list)
            .with_context(|| format!("cannot read `{}`", list.display()))?;
        let form = form(&[("file\"; filename=\"companies.csv", &text), ("auto_scan", "true")]);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.post("/ingest/csv").header(CONTENT_TYPE, kind).body(form);
        let Started { job_id } = read(request).await?;
        let job = self.ended(&job_id, |_| Ok(())).await?;
        let rows = job.result.with_context(|| format!("job {job_id} tells of no rows"))?;
        let rejects = self.get(&format!("/ingest/csv/{job_id}/rejects")).send().await?;
        let rejects = rejects.error_for_status()?.text().await?;
        let mut rejects =
            csv::Reader::from_reader(rejects.trim_start_matches('\u{feff}').as_bytes());
        let refused = rejects.records().map(|row| Ok(row?.get(2).unwrap_or_default().to_owned()));
        Ok(Taken {
            companies: rows.taken_in,
            refused: refused.collect::<Result<_>>()?,
            scan: rows.scan_job_id.context("nothing is scanned")?,
        })
    }

    /// The job once it is over; `seen` is told how far it is meanwhile.
    pub(crate) async fn ended(&self, id: &str, seen: impl Fn(&Job) -> Result<()>) -> Result<Job> {
        loop {
            let job: Job = read(self.get(&format!("/jobs/{id}"))).await?;
            if ["done", "cancelled"].contains(&job.status.as_str()) {
                return Ok(job);
            }
            seen(&job)?;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// The best leads, as many as a page has.
    pub(crate) async fn leads(&self) -> Result<Vec<Lead>> {
        let list: List = read(self.get("/leads?page_size=200")).await?;
        Ok(list.leads)
    }

    pub(crate) async fn sales_summary(&self, domain: &str) -> Result<SalesSummary> {
        read(self.get(&format!("/leads/{domain}/sales-summary?locale=en"))).await
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.with_key(self.client.get(self.url(path)))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.with_key(self.client.post(self.url(path)))
    }

    fn with_key(&self, request: RequestBuilder) -> RequestBuilder {
        request.header("X-API-Key", &self.key)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.address)
    }
}

/// What stands between the parts of a form: in no list.
const BOUNDARY: &str = "hunter-demo-1c9d5f0a";

/// A form with a file (RFC 7578).
fn form(parts: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    parts.iter().map(part).collect::<String>() + &format!("--{BOUNDARY}--\r\n")
}

async fn read<T: for<'de> Deserialize<'de>>(request: RequestBuilder) -> Result<T> {
    let answer = request.send().await?;
    let (url, status) = (answer.url().clone(), answer.status());
    let body = answer.text().await?;
    if !status.is_success() {
        bail!("{url} was answered with {status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("{url}: {body}"))
}
