//! What the client calls, what it refuses, and how long it waits.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use hunter_scan::web::{Get, Lookup, LookupError, Reply, WebClient, WebConfig, WebFault};

use crate::server::{Does, Names, Server};

const HOST: &str = "www.ornek.com.tr";

async fn get(config: WebConfig, names: Names, url: &str) -> Result<Reply, WebFault> {
    WebClient::new(config, names).expect("a client").get(&Get::new(url)).await
}

fn reason(came: Result<Reply, WebFault>) -> &'static str {
    came.expect_err("a fault").reason()
}

#[tokio::test]
async fn an_answer_of_any_status_comes_back() {
    let server = Server::start(&[HOST], |target, _| match target {
        "/teapot" => Does::Answers(418, vec!["retry-after: 7".into()], b"short".to_vec()),
        _ => Does::json("{}"),
    })
    .await;
    let url = server.url(HOST, "/teapot");
    let reply = get(server.config(), Names::local(&[HOST]), &url).await.expect("an answer");
    assert_eq!((reply.status, reply.body.as_slice()), (418, &b"short"[..]));
    assert_eq!(reply.header("retry-after"), Some("7"));
    assert_eq!((reply.server, &reply.url), (Some(server.addr), &url));
    let host = format!("{HOST}:{}", server.addr.port());
    assert_eq!(server.seen(), [(host, "/teapot".to_owned())]);
}

#[tokio::test]
async fn no_spelling_of_a_forbidden_address_is_called() {
    let server = Server::start(&["127.0.0.1"], |_, _| Does::json("{}")).await;
    let port = server.addr.port();
    let config = WebConfig { allow: Vec::new(), ports: vec![port], ..server.config() };
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "[64:ff9b::7f00:1]",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "１２７.0.0.1",
    ] {
        let came = get(config.clone(), Names::default(), &format!("https://{host}:{port}/")).await;
        assert_eq!(reason(came), "refused_address", "{host}");
    }
    for name in ["localhost", "metadata.internal", HOST] {
        let names = Names::local(&[name]);
        let came = get(config.clone(), names, &format!("https://{name}:{port}/")).await;
        assert_eq!(reason(came), "refused_address", "{name}");
    }
    assert!(server.seen().is_empty());

    // Where it is named with its port, the very same address is called.
    let url = server.url("127.0.0.1", "/");
    let reply = get(server.config(), Names::default(), &url).await.expect("an answer");
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn an_allowed_address_is_allowed_on_its_port_only() {
    let (named, other) = (
        Server::start(&[HOST], |_, _| Does::json("{}")).await,
        Server::start(&[HOST], |_, _| Does::json("{}")).await,
    );
    let mut config = named.config();
    let came = get(config.clone(), Names::local(&[HOST]), &other.url(HOST, "/")).await;
    assert_eq!(reason(came), "bad_url");
    config.ports = vec![other.addr.port()];
    config.roots.push(other.root.clone());
    let came = get(config, Names::local(&[HOST]), &other.url(HOST, "/")).await;
    assert_eq!(reason(came), "refused_address");
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn one_forbidden_address_among_several_refuses_the_host() {
    let server = Server::start(&[HOST], |_, _| Does::json("{}")).await;
    let names = Names::default().with(HOST, &[&["127.0.0.1", "10.0.0.1"]]);
    assert_eq!(
        reason(get(server.config(), names, &server.url(HOST, "/")).await),
        "refused_address"
    );
    assert!(server.seen().is_empty());
}

/// What was checked is what is connected to; the name is not resolved again in between.
#[tokio::test]
async fn a_name_that_changes_its_address_gains_nothing() {
    let server = Server::start(&[HOST], |_, _| Does::json("{}")).await;
    let names = Arc::new(Names::default().with(HOST, &[&["127.0.0.1"], &["10.0.0.1"]]));
    let client = WebClient::new(server.config(), Arc::clone(&names)).expect("a client");
    let url = server.url(HOST, "/");
    assert_eq!(client.get(&Get::new(&url)).await.expect("an answer").server, Some(server.addr));
    assert_eq!(reason(client.get(&Get::new(&url)).await), "refused_address");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn each_redirect_is_checked() {
    const PRIVATE: &str = "intranet.ornek.com.tr";
    let server = Server::start(&[HOST], move |target, _| match target {
        "/literal" => Does::redirects(302, "https://169.254.169.254/latest/meta-data/"),
        "/number" => Does::redirects(307, "https://2130706433/"),
        "/name" => Does::redirects(301, &format!("https://{PRIVATE}/")),
        "/plain" => Does::redirects(308, "http://www.ornek.com.tr/"),
        "/file" => Does::redirects(303, "file:///etc/passwd"),
        "/user" => Does::redirects(302, "https://a:b@www.ornek.com.tr/"),
        "/ssh" => Does::redirects(302, "https://www.ornek.com.tr:22/"),
        "/junk" => Does::redirects(302, "https://["),
        "/loop" => Does::redirects(302, "/loop"),
        "/relative" => Does::redirects(302, "end?x=1"),
        "/no-target" => Does::status(302),
        _ => Does::json("{}"),
    })
    .await;
    let names = || Names::local(&[HOST]).with(PRIVATE, &[&["10.0.0.1"]]);
    let call = async |target: &str| get(server.config(), names(), &server.url(HOST, target)).await;
    for (target, expected) in [
        ("/literal", "refused_address"),
        ("/number", "refused_address"),
        ("/name", "refused_address"),
        ("/plain", "bad_url"),
        ("/file", "bad_url"),
        ("/user", "bad_url"),
        ("/ssh", "bad_url"),
        ("/junk", "bad_url"),
        ("/loop", "too_many_redirects"),
    ] {
        assert_eq!(reason(call(target).await), expected, "{target}");
    }
    let came = call("/relative").await.expect("an answer");
    assert_eq!((came.status, came.url), (200, server.url(HOST, "/end?x=1")));
    assert_eq!(call("/no-target").await.expect("an answer").status, 302);

    let client = WebClient::new(server.config(), names()).expect("a client");
    let url = server.url(HOST, "/literal");
    let kept = client.get(&Get { redirects: 0, ..Get::new(&url) }).await.expect("an answer");
    assert_eq!(kept.status, 302);
}

#[tokio::test]
async fn a_body_is_bounded_after_decompression() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(&vec![0; 4 * 1024 * 1024]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    assert!(bomb.len() < 16 * 1024, "small on the wire");
    let server = Server::start(&[HOST], move |target, _| match target {
        "/endless" => Does::NeverEnds,
        "/bomb" => Does::Answers(200, vec!["content-encoding: gzip".into()], bomb.clone()),
        "/full" => Does::Answers(200, Vec::new(), vec![b'x'; 65_536]),
        "/over" => Does::Answers(200, Vec::new(), vec![b'x'; 65_537]),
        _ => Does::Answers(500, Vec::new(), vec![b'x'; 100_000]),
    })
    .await;
    let config = WebConfig { max_bytes: 65_536, ..server.config() };
    let call = async |target: &str| {
        get(config.clone(), Names::local(&[HOST]), &server.url(HOST, target)).await
    };
    for target in ["/endless", "/bomb", "/over"] {
        assert_eq!(call(target).await, Err(WebFault::TooLarge { limit: 65_536 }), "{target}");
    }
    assert_eq!(call("/full").await.expect("an answer").body.len(), 65_536);
    let error = call("/error-page").await.expect("an answer");
    assert_eq!((error.status, error.body.len()), (500, 65_536));
}

#[tokio::test]
async fn time_is_bounded_over_the_whole_call() {
    let server = Server::start(&[HOST], |target, _| match target {
        "/silent" => Does::Stalls,
        "/half" => Does::StallsInside,
        _ => Does::redirects(302, "/silent"),
    })
    .await;
    let config = WebConfig { timeout: Duration::from_millis(300), ..server.config() };
    for target in ["/silent", "/half", "/redirect"] {
        let began = Instant::now();
        let came = get(config.clone(), Names::local(&[HOST]), &server.url(HOST, target)).await;
        assert_eq!(came, Err(WebFault::Timeout), "{target}");
        assert!(began.elapsed() < Duration::from_secs(3), "{target}: {:?}", began.elapsed());
    }
}

/// Gives its answer late, as one that waits for leave to ask.
struct Late(Duration);

impl Lookup for Late {
    fn addresses<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        Box::pin(async {
            tokio::time::sleep(self.0).await;
            Ok(vec![Ipv4Addr::LOCALHOST.into()])
        })
    }
}

#[tokio::test]
async fn a_look_up_that_waits_for_its_turn_takes_no_time_of_the_call() {
    let server = Server::start(&[HOST], |_, _| Does::json("{}")).await;
    let limit = Duration::from_secs(1);
    let config = WebConfig { timeout: limit, connect_timeout: limit, ..server.config() };
    let client = WebClient::new(config, Late(2 * limit)).expect("a client");
    let reply = client.get(&Get::new(&server.url(HOST, "/"))).await.expect("an answer");
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a_certificate_must_be_valid_for_the_host() {
    let server = Server::start(&["other.example"], |_, _| Does::json("{}")).await;
    let came = get(server.config(), Names::local(&[HOST]), &server.url(HOST, "/")).await;
    assert_eq!(reason(came), "certificate");
    let unknown = WebConfig { roots: Vec::new(), ..server.config() };
    let names = Names::local(&["other.example"]);
    let came = get(unknown, names, &server.url("other.example", "/")).await.expect_err("a fault");
    assert_eq!((came.reason(), came.is_retryable()), ("certificate", false));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn failures_say_why() {
    let server = Server::start(&[HOST], |target, _| match target {
        "/garbage" => Does::Sends(b"220 mail.ornek.com.tr ESMTP\r\n"),
        "/cut" => Does::Sends(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
        _ => Does::Sends(b""),
    })
    .await;
    for target in ["/garbage", "/cut", "/nothing"] {
        let came = get(server.config(), Names::local(&[HOST]), &server.url(HOST, target)).await;
        assert_eq!(reason(came), "http", "{target}");
    }

    let url = server.url(HOST, "/");
    let broken = Names::default().failing(HOST, LookupError::Failed("SERVFAIL".into()));
    let came = get(server.config(), broken, &url).await;
    assert_eq!(came, Err(WebFault::Lookup("SERVFAIL".into())));
    let absent = Names::default().failing(HOST, LookupError::Absent);
    assert_eq!(get(server.config(), absent, &url).await, Err(WebFault::NoAddress));
    let empty = Names::default().with(HOST, &[&[]]);
    assert_eq!(reason(get(server.config(), empty, &url).await), "dns");

    // A port where nobody listens any more, and one where nobody speaks TLS.
    let config = server.config();
    drop(server);
    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    };
    let config = WebConfig { allow: vec![closed], ..config };
    let came = get(config.clone(), Names::default(), &format!("https://{closed}/")).await;
    assert_eq!(reason(came), "connect");
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = plain.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut stream, _) = plain.accept().await.expect("a connection");
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 no TLS\r\n\r\n").await
    });
    let config = WebConfig { allow: vec![addr], ..config };
    let came =
        get(config, Names::default(), &format!("https://{addr}/")).await.expect_err("a fault");
    assert!(came.is_retryable() && came.reason() == "tls", "{came:?}");
}

#[tokio::test]
async fn http_without_tls_is_called_only_where_allowed() {
    let plain = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = plain.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let mut head = [0; 1024];
            let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut head).await;
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
        }
    });
    let url = format!("http://{addr}/");
    let config = WebConfig { allow: vec![addr], ..WebConfig::default() };
    assert_eq!(reason(get(config.clone(), Names::default(), &url).await), "bad_url");
    let config = WebConfig { allow_http: true, ..config };
    assert_eq!(get(config, Names::default(), &url).await.expect("an answer").body, b"{}");
}
