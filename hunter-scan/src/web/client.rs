//! The client: one call, its redirects, and the checks before each.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode, Url, redirect};
use rustls::ClientConfig;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use tokio::time::{Instant, timeout};

use super::config::WebConfig;
use super::fault::WebFault;
use super::guard::Guard;
use super::lookup::{Hosts, Lookup, LookupError};
use crate::error::ScanError;

/// How many idle connections to one host are kept, and how long.
const IDLE: (usize, Duration) = (2, Duration::from_secs(15));

/// Calls public servers; the rules stand at [`web`](crate::web). Cheap to clone; clones share their
/// connections.
///
/// ```
/// use hunter_scan::web::{Get, SystemLookup, WebClient, WebConfig};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), hunter_scan::ScanError> {
/// let client = WebClient::new(WebConfig::default(), SystemLookup)?;
/// let fault = client.get(&Get::new("https://169.254.169.254/latest/")).await.unwrap_err();
/// assert_eq!(fault.reason(), "refused_address");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WebClient {
    inner: Arc<Inner>,
}

struct Inner {
    config: WebConfig,
    guard: Guard,
    hosts: Arc<Hosts>,
    /// One client for each port: a resolver is told the host alone, and what may be reached on one
    /// port need not be on another.
    by_port: HashMap<u16, reqwest::Client>,
}

impl std::fmt::Debug for WebClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebClient").field("config", &self.inner.config).finish_non_exhaustive()
    }
}

/// One call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Get<'a> {
    /// What is called.
    pub url: &'a str,
    /// Media types that are taken (`Accept`).
    pub accept: &'a str,
    /// How many redirects are followed. With none, a redirect is an answer like any other.
    pub redirects: usize,
}

impl<'a> Get<'a> {
    /// A call that takes any media type and follows up to five redirects.
    pub const fn new(url: &'a str) -> Self {
        Self { url, accept: "*/*", redirects: 5 }
    }
}

/// What came back, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The URL that answered, after redirects.
    pub url: String,
    /// The address that answered.
    pub server: Option<SocketAddr>,
    /// The body, decompressed. That of an error (no 2xx) is cut at [`WebConfig::max_bytes`].
    pub body: Vec<u8>,
    headers: HeaderMap,
}

impl Reply {
    /// The value of a header, where there is one and it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How long the server asks to be left alone (RFC 9110 §10.2.3: seconds, or a date).
    pub fn retry_after(&self, now: OffsetDateTime) -> Option<Duration> {
        retry_after(self.headers.get(RETRY_AFTER)?.to_str().ok()?, now)
    }
}

impl WebClient {
    /// A client under these settings that finds addresses by `lookup`.
    ///
    /// # Errors
    /// `scan_setting` as [`WebConfig::validate`], and for a root or a user agent that cannot be
    /// used; `scan_http_client` when the client cannot be set up.
    pub fn new(config: WebConfig, lookup: impl Lookup + 'static) -> Result<Self, ScanError> {
        config.validate()?;
        let mut tls = crate::tls::client("web.roots", &config.roots)?;
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let guard = Guard::new(config.allow.clone());
        let hosts = Arc::new(Hosts::new(lookup));
        let mut by_port = HashMap::new();
        for port in config.all_ports() {
            if by_port.contains_key(&port) {
                continue;
            }
            let resolver = Checked { guard: guard.clone(), hosts: Arc::clone(&hosts), port };
            by_port.insert(port, build(&config, tls.clone(), resolver)?);
        }
        Ok(Self { inner: Arc::new(Inner { config, guard, hosts, by_port }) })
    }

    /// The settings in force.
    pub fn config(&self) -> &WebConfig {
        &self.inner.config
    }

    /// Makes one call.
    ///
    /// # Errors
    /// A [`WebFault`] when no answer came, or one that is not taken. An answer of any status is no
    /// error.
    pub async fn get(&self, call: &Get<'_>) -> Result<Reply, WebFault> {
        self.inner.follow(call).await
    }
}

impl Inner {
    async fn follow(&self, call: &Get<'_>) -> Result<Reply, WebFault> {
        let unreadable = |text: &str| WebFault::Url { url: text.into(), problem: "it is no URL" };
        let mut url = Url::parse(call.url).map_err(|_| unreadable(call.url))?;
        let mut may_be_http = self.config.allow_http;
        let mut left = Left(self.config.timeout);
        for followed in 0.. {
            let request = self.request(&url, call.accept, may_be_http).await?;
            let answer = left.of(request.send()).await?.map_err(|error| WebFault::of(&error))?;
            let target = target(&answer).filter(|_| call.redirects > 0);
            let Some(target) = target else {
                return left.of(self.read(url, answer)).await?;
            };
            if followed == call.redirects {
                return Err(WebFault::Redirects { limit: call.redirects });
            }
            may_be_http &= url.scheme() == "http";
            url = url.join(&target).map_err(|_| unreadable(&target))?;
        }
        unreachable!("a call ends with its last redirect at the latest")
    }

    /// A request that passed the checks. Its host was looked up before any time was spent: a look-up
    /// has bounds of its own, and may wait for leave to ask.
    async fn request(
        &self,
        url: &Url,
        accept: &str,
        http: bool,
    ) -> Result<RequestBuilder, WebFault> {
        let refuse = |problem| Err(WebFault::Url { url: url.to_string(), problem });
        match url.scheme() {
            "https" => {}
            "http" if http => {}
            "http" => return refuse("http is not called: use https"),
            _ => return refuse("neither https nor http"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("credentials in a URL are not sent");
        }
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return refuse("it names no host");
        };
        let Some(client) = self.by_port.get(&port) else {
            return refuse("its port is not called");
        };
        // A literal address never reaches the resolver. The URL standard has brought all spellings
        // of IPv4, such as `2130706433` or `0x7f.1`, to the usual one.
        let literal: Result<IpAddr, _> = host.trim_matches(['[', ']']).parse();
        match literal {
            Ok(ip) => self
                .guard
                .check(SocketAddr::new(ip, port))
                .map_err(|what| WebFault::Refused { host: host.to_owned(), what })?,
            Err(_) => {
                checked(&self.guard, host, port, self.hosts.look_up(host).await)?;
            }
        }
        Ok(client.get(url.clone()).header(ACCEPT, accept))
    }

    async fn read(&self, url: Url, mut answer: Response) -> Result<Reply, WebFault> {
        let (status, server) = (answer.status().as_u16(), answer.remote_addr());
        let headers = answer.headers().clone();
        let limit = self.config.max_bytes;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| WebFault::of(&error))? {
            let room = limit - body.len();
            if chunk.len() > room {
                if (200..=299).contains(&status) {
                    return Err(WebFault::TooLarge { limit });
                }
                // The status of an error says more than the length of its page.
                body.extend_from_slice(&chunk[..room]);
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, url: url.into(), server, body, headers })
    }
}

/// What is left of the time of a call.
struct Left(Duration);

impl Left {
    async fn of<T>(&mut self, work: impl Future<Output = T>) -> Result<T, WebFault> {
        let started = Instant::now();
        let done = timeout(self.0, work).await.map_err(|_| WebFault::Timeout);
        self.0 = self.0.saturating_sub(started.elapsed());
        done
    }
}

/// Where a redirect leads; one without a readable target is an answer like any other.
fn target(answer: &Response) -> Option<String> {
    let is_redirect = matches!(
        answer.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let target = answer.headers().get(LOCATION).filter(|_| is_redirect)?;
    target.to_str().ok().map(str::to_owned)
}

fn retry_after(text: &str, now: OffsetDateTime) -> Option<Duration> {
    const DATE: &[time::format_description::BorrowedFormatItem<'_>] = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = PrimitiveDateTime::parse(text, DATE).ok()?.assume_utc();
    Some((at - now).try_into().unwrap_or(Duration::ZERO))
}

/// Resolves for one port, and hands on only addresses that were checked.
struct Checked {
    guard: Guard,
    hosts: Arc<Hosts>,
    port: u16,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, hosts, port) = (self.guard.clone(), Arc::clone(&self.hosts), self.port);
        Box::pin(async move {
            let found = hosts.recent(name.as_str()).await;
            let found = checked(&guard, name.as_str(), port, found)?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn checked(
    guard: &Guard,
    host: &str,
    port: u16,
    found: Result<Vec<IpAddr>, LookupError>,
) -> Result<Vec<SocketAddr>, WebFault> {
    let found = found.map_err(|error| match error {
        LookupError::Absent => WebFault::NoAddress,
        LookupError::Failed(problem) => WebFault::Lookup(problem),
    })?;
    if found.is_empty() {
        return Err(WebFault::Lookup("no address came back".into()));
    }
    let found: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
    for addr in &found {
        guard.check(*addr).map_err(|what| WebFault::Refused { host: host.to_owned(), what })?;
    }
    Ok(found)
}

fn build(
    config: &WebConfig,
    tls: ClientConfig,
    resolver: Checked,
) -> Result<reqwest::Client, ScanError> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Arc::new(resolver))
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .https_only(!config.allow_http)
        .connect_timeout(config.connect_timeout)
        .timeout(config.timeout)
        .pool_max_idle_per_host(IDLE.0)
        .pool_idle_timeout(IDLE.1)
        .user_agent(&config.user_agent)
        .build()
        .map_err(|error| ScanError::HttpClient { problem: WebFault::of(&error).to_string() })
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = datetime!(2026-11-24 09:30 UTC);
        let after = |text| retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(after("120"), Some(120));
        assert_eq!(after("Tue, 24 Nov 2026 09:31:30 GMT"), Some(90));
        assert_eq!(after("Tue, 24 Nov 2026 09:00:00 GMT"), Some(0));
        assert_eq!(after("soon"), None);
        assert_eq!(after("-1"), None);
    }

    #[test]
    fn a_client_refuses_faulty_settings() {
        let with = |change: fn(&mut WebConfig)| {
            let mut config = WebConfig::default();
            change(&mut config);
            let built = WebClient::new(config, super::super::SystemLookup);
            built.map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(with(|_| {}), Ok(()));
        for (faulty, setting) in [
            (with(|c| c.timeout = Duration::ZERO), "web.timeout"),
            (with(|c| c.connect_timeout = Duration::from_secs(121)), "web.connect_timeout"),
            (with(|c| c.max_bytes = 0), "web.max_bytes"),
            (with(|c| c.allow = vec![([127, 0, 0, 1], 0).into()]), "web.allow"),
            (with(|c| c.roots = vec![b"-----BEGIN".to_vec()]), "web.roots"),
        ] {
            assert!(faulty.expect_err("faulty").contains(setting), "{setting}");
        }
    }
}
