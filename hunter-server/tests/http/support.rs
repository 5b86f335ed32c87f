//! A service to ask.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hunter_core::operations::Hunter;
use hunter_core::{Engine, Observation};
use hunter_nameserver::Running;
use hunter_scan::ip_data::{IpData, IpDataConfig};
use hunter_server::config::{Config, Layers};
use hunter_server::http::{App, Parts, router};
use hunter_server::services::guard::Guard;
use hunter_server::services::ingest::Files;
use hunter_server::services::jobs;
use hunter_server::services::keys::{self, Actor, Wanted};
use hunter_server::services::scanning::{self, CachedScanner, SalesWords, ScanService};
use hunter_store::api_keys::{Scope, Scopes};
use hunter_store::bulk::{LeadRecorder, NoWords};
use hunter_store::cache::Caches;
use hunter_store::limiter::Limiter;
use hunter_store::testing::TestDb;
use hunter_store::{Backend, Db, RedisLink};
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::watch;
use tower::ServiceExt as _;

/// A service over a database of its own.
pub(crate) struct Service {
    router: Router,
    app: App,
    db: Arc<TestDb>,
    end: watch::Sender<bool>,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) head: Response<()>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.head.status().as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.headers().get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The code of a problem, whose form is checked.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let body = self.json();
        assert_eq!(body["status"], self.status());
        assert_eq!(body["request_id"], self.header("x-request-id").expect("an id"));
        for field in ["type", "title", "detail", "instance"] {
            assert!(body[field].is_string(), "{field}: {body}");
        }
        body["code"].as_str().expect("a code").to_owned()
    }
}

impl Service {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A service with settings from the environment.
    pub(crate) async fn with(settings: &[(&str, &str)]) -> Self {
        // No resolver of the machine is asked by a test: one that names another goes before this.
        let silent = [("HUNTER_SCAN_RESOLVERS", "127.0.0.1:9")];
        let settings = silent
            .iter()
            .chain(settings)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Layers::load(None, settings).and_then(|layers| layers.config());
        let config = config.expect("the settings");
        let test = TestDb::new(Backend::Sqlite).await;
        let db = test.db().clone();
        Self::over(config, db, Arc::new(test))
    }

    /// A service like another process over the same database has it: nothing else is shared.
    pub(crate) async fn beside(&self) -> Self {
        Self::over(self.app.config.clone(), self.db.reopen().await, Arc::clone(&self.db))
    }

    fn over(config: Config, db: Db, test: Arc<TestDb>) -> Self {
        let (end, ending) = watch::channel(false);
        let app = Self::join(config, db, ending);
        Self { router: router(&app), app, db: test, end }
    }

    /// A service whose questions go to a name server.
    pub(crate) async fn asking(server: &Running) -> Self {
        let resolver = server.addr().to_string();
        Self::with(&[
            ("HUNTER_SCAN_RESOLVERS", &resolver),
            ("HUNTER_SCAN_REGISTRATION", "false"),
            ("HUNTER_SCAN_DOMAINS_PER_SECOND", "1000"),
        ])
        .await
    }

    /// Tells the process to end.
    pub(crate) fn end(&self) {
        self.end.send_replace(true);
    }

    /// Does jobs until the service is told to end.
    pub(crate) fn work(&self) {
        let app = &self.app;
        let scans = app.scans.clone();
        let recorder = scans.recorder().clone();
        let worker =
            jobs::worker(app.db.clone(), Arc::new(scans), recorder, app.config.worker.batches, 8);
        app.measures.watch(worker.clone());
        let ending = app.ending.clone();
        tokio::spawn(async move { worker.run(ending).await });
    }

    /// Changes the database beside the service.
    pub(crate) fn db(&self) -> &Db {
        &self.app.db
    }

    /// A job once it is over.
    pub(crate) async fn ended(&self, job_id: &str) -> Value {
        for _ in 0..600 {
            let job = self.read(&format!("/api/v1/jobs/{job_id}")).await;
            if job["status"] == "done" || job["status"] == "cancelled" {
                return job;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the job {job_id} does not end")
    }

    fn join(config: Config, db: Db, ending: watch::Receiver<bool>) -> App {
        let (hunter, caches) = (Hunter::builtin(), Caches::in_memory());
        let limiter = Limiter::in_process();
        let ip_data = IpData::open(IpDataConfig::default()).0;
        let scanner = scanning::scanner(&config.scan, &hunter, limiter.clone(), &ip_data);
        let observer = CachedScanner::new(scanner.expect("a scanner"), &caches);
        let words = SalesWords::new(hunter.clone(), &config.data.language).expect("a language");
        let engine = hunter.engine().clone();
        let scans = ScanService::new(db.clone(), observer, engine, Arc::new(words), &caches);
        let redis = match config.redis.url.expose_secret() {
            "" => None,
            url => Some(RedisLink::open(url).expect("an address")),
        };
        let files = Files::new(&config.ingest);
        App::new(Parts {
            config,
            db,
            redis,
            caches,
            hunter,
            ip_data,
            guard: Guard::new(limiter),
            files,
            scans,
            ending,
            legacy: hunter_server::http::layers::deprecation::LegacyCalls::default(),
            measures: hunter_server::http::metrics::Measures::default(),
        })
    }

    /// Keeps what was observed.
    pub(crate) async fn observed(&self, observations: &[Observation]) {
        let recorder = LeadRecorder::new(Engine::builtin(), Arc::new(NoWords));
        let mut unit = self.app.db.begin().await.expect("a unit");
        recorder.keep(&mut unit, observations).await.expect("kept");
        unit.commit().await.expect("committed");
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes().to_vec();
        Answer { head: Response::from_parts(parts, ()), body }
    }

    /// An answer whose body is left to be read.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.expect("infallible")
    }

    /// A key with these scopes, as `hunter keys create` makes it: its number and its text.
    pub(crate) async fn key(&self, scopes: &[Scope], per_minute: i32) -> (i64, String) {
        let wanted = Wanted {
            name: "deneme".into(),
            scopes: Scopes::new(scopes.iter().copied()),
            per_minute,
            created_by: None,
        };
        let made = keys::create(&self.app.db, wanted, &Actor::command_line()).await;
        let (key, text) = made.expect("a key");
        (key.id, keys::shown_once(&text).to_owned())
    }

    /// A request with a key and, where it has one, a body.
    pub(crate) async fn with_key(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        self.ask(request.expect("a request")).await
    }

    /// The service itself, to be put behind a socket.
    pub(crate) fn app(&self) -> App {
        self.app.clone()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.ask(request).await
    }

    /// The answer to a read that succeeds.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(
            answer.head.status(),
            StatusCode::OK,
            "{path}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }
}

/// A domain on Google with SPF and DKIM, whose DMARC was not answered.
pub(crate) fn google(domain: &str) -> Observation {
    Observation::from_json(&format!(
        r#"{{"v":1,"domain":"{domain}","observed_at":"2026-11-24T09:30:00Z","answers":[
        {{"name":"{domain}","type":"MX","state":"found","records":["1 aspmx.l.google.com"]}},
        {{"name":"{domain}","type":"TXT","state":"found","records":["v=spf1 include:_spf.google.com ~all"]}},
        {{"name":"google._domainkey.{domain}","type":"TXT","state":"found","records":["v=DKIM1; p=MIGf"]}},
        {{"name":"_dmarc.{domain}","type":"TXT","state":"temp_fail","reason":"timeout"}}]}}"#
    ))
    .expect("an observation")
}
