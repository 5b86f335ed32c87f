//! Requests, and answers read to their end.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

/// What is asked.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    /// With a JSON body.
    pub(crate) fn json(method: &'static str, path: impl Into<String>, body: &Value) -> Self {
        Self::new(method, path).text("application/json", body.to_string())
    }

    /// With a body of any kind.
    pub(crate) fn text(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", kind)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let short: String = body.chars().take(200).collect();
        write!(f, "{} {} {short}", self.method, self.path)
    }
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of a problem, whose form is checked.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let body = self.json();
        assert_eq!(body["status"], self.status, "{self:?}");
        assert_eq!(body["request_id"].as_str(), self.header("x-request-id"), "{self:?}");
        for field in ["type", "title", "detail", "instance"] {
            assert!(body[field].is_string(), "{field}: {self:?}");
        }
        body["code"].as_str().expect("a code").to_owned()
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = String::from_utf8_lossy(&self.body);
        let short: String = body.chars().take(2000).collect();
        write!(f, "{} {short}", self.status)
    }
}

#[derive(Clone)]
pub(crate) struct Client(reqwest::Client);

impl Client {
    pub(crate) fn new(patience: Duration) -> Self {
        // The client wants to know how it would speak TLS, though it never does here.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(patience)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Self(client.build().expect("a client"))
    }

    pub(crate) async fn ask(&self, address: &str, asked: &Asked, key: Option<&str>) -> Answer {
        let answer = self.try_ask(address, asked, key).await;
        answer.unwrap_or_else(|error| panic!("{asked:?}: {error:?}"))
    }

    /// The answer, unless the connection broke.
    pub(crate) async fn try_ask(
        &self,
        address: &str,
        asked: &Asked,
        key: Option<&str>,
    ) -> Result<Answer, reqwest::Error> {
        let method = Method::from_bytes(asked.method.as_bytes()).expect("a method");
        let mut request = self.0.request(method, format!("{address}{}", asked.path));
        for (name, value) in &asked.headers {
            request = request.header(*name, value);
        }
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        if !asked.body.is_empty() {
            request = request.body(asked.body.clone());
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }
}
