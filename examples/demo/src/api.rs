//! What the demonstration asks of the service, as any client would.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) struct Api {
    client: Client,
    address: String,
    key: String,
}

/// What became of a list.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) domains: Vec<String>,
    /// Why a cell names no company.
    pub(crate) refused: Vec<String>,
}

/// How far a job is.
#[derive(Debug, Deserialize)]
pub(crate) struct Job {
    pub(crate) status: String,
    pub(crate) total: u64,
    pub(crate) processed: u64,
    pub(crate) failed: u64,
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
pub(crate) struct Script {
    pub(crate) domain: String,
    pub(crate) one_liner: String,
    pub(crate) call_script: Vec<String>,
    pub(crate) discovery_questions: Vec<String>,
}

impl Api {
    pub(crate) fn new(address: String, key: String) -> Result<Self> {
        // The client wants to know how it would speak TLS, though it never does here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_secs(60)).no_proxy().build()?;
        Ok(Self { client, address, key })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a list in, row by row.
    pub(crate) async fn ingest(&self, list: &Path) -> Result<Taken> {
        let name = list.display();
        let reader = csv::Reader::from_path(list);
        let mut reader = reader.with_context(|| format!("cannot read `{name}`"))?;
        let mut taken = Taken::default();
        for row in reader.records() {
            let row = row.with_context(|| format!("`{name}` is not a list"))?;
            let cell = row.get(0).unwrap_or_default();
            let company = json!({"domain": cell, "company_name": row.get(1)});
            let request = self.post("/ingest/domain").json(&company);
            let answer = request.send().await?;
            let status = answer.status();
            let body: Value = answer.json().await?;
            match (status, body["domain"].as_str()) {
                (StatusCode::CREATED, Some(domain)) => taken.domains.push(domain.to_owned()),
                (StatusCode::UNPROCESSABLE_ENTITY, _) => {
                    // A cell without anything has nothing wrong in it.
                    let reason = body["errors"][0]["detail"].as_str().or(body["detail"].as_str());
                    taken.refused.push(reason.unwrap_or_default().to_owned());
                }
                _ => bail!("`{cell}` was answered with {status}: {body}"),
            }
        }
        Ok(taken)
    }

    /// Starts a scan of these domains, and says which job it is.
    pub(crate) async fn scan(&self, domains: &[String]) -> Result<String> {
        let list = json!({"domain_list": domains});
        let started: Value = read(self.post("/scan/bulk").json(&list)).await?;
        Ok(started["job_id"].as_str().context("a job without an id")?.to_owned())
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

    pub(crate) async fn sales_summary(&self, domain: &str) -> Result<Script> {
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

async fn read<T: for<'de> Deserialize<'de>>(request: RequestBuilder) -> Result<T> {
    let answer = request.send().await?;
    let (url, status) = (answer.url().clone(), answer.status());
    let body = answer.text().await?;
    if !status.is_success() {
        bail!("{url} was answered with {status}: {body}");
    }
    serde_json::from_str(&body).with_context(|| format!("{url}: {body}"))
}
