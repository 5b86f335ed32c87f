//! Mail servers asked about addresses, over real sockets: what is said, what it means, what never happens.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{BoxFuture, FutureExt as _};
use hunter_scan::smtp::{Mailbox, SmtpConfig, SmtpProbe};
use hunter_scan::web::{Lookup, LookupError};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

/// Every host is at this machine, but for one that is nowhere and one nobody knows of.
struct Here;

impl Lookup for Here {
    fn addresses<'a>(&'a self, host: &'a str) -> BoxFuture<'a, Result<Vec<IpAddr>, LookupError>> {
        let found = match host {
            "nowhere.example" => Err(LookupError::Absent),
            "silent.example" => Err(LookupError::Failed("timeout".into())),
            _ => Ok(vec![IpAddr::from([127, 0, 0, 1])]),
        };
        async move { found }.boxed()
    }
}

/// A server that answers each command by the first of these that it begins with.
struct Server {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start(
        greeting: &'static str,
        answers: &'static [(&'static str, &'static str)],
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let record = Arc::clone(&record);
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(format!("{greeting}\r\n").as_bytes()).await?;
                    let mut line = String::new();
                    while stream.read_line(&mut line).await? > 0 {
                        let command = line.trim_end().to_owned();
                        line.clear();
                        let answer = answers.iter().find(|(start, _)| command.starts_with(start));
                        record.lock().expect("no panic").push(command);
                        let answer = answer.map_or("250 ok", |(_, answer)| answer);
                        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
                    }
                    Ok::<_, std::io::Error>(())
                });
            }
        });
        Self { address, heard }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no panic").clone()
    }

    fn probe(&self) -> SmtpProbe {
        let mut config = SmtpConfig::new("probe.example");
        config.port = self.address.port();
        config.timeout = Duration::from_secs(2);
        config.allow = vec![self.address];
        SmtpProbe::new(config, Arc::new(Here), None)
    }

    async fn ask(&self, addresses: &[&str]) -> Vec<Mailbox> {
        let addresses: Vec<_> = addresses.iter().map(|text| (*text).to_owned()).collect();
        self.probe().ask("ornek.com.tr", &["mx.example".to_owned()], &addresses).await
    }
}

const NOBODY: (&str, &str) = ("RCPT TO:<hunter-no-such", "550 5.1.1 no such user");

#[tokio::test]
async fn recipients_are_asked_about_and_no_message_is_ever_begun() {
    let server = Server::start(
        "220-mx.example\r\n220 ready",
        &[
            ("EHLO", "250-mx.example\r\n250-PIPELINING\r\n250 8BITMIME"),
            ("RCPT TO:<yok@", "550 5.1.1 no such user"),
            ("RCPT TO:<sonra@", "450 4.2.0 greylisted"),
            NOBODY,
        ],
    )
    .await;
    let said = server
        .ask(&["ayse@ornek.com.tr", "yok@ornek.com.tr", "sonra@ornek.com.tr", "ayşe@ornek.com.tr"])
        .await;
    let expected = [
        Mailbox::Accepted,
        Mailbox::Refused,
        Mailbox::Unknown("try_later"),
        Mailbox::Unknown("not_ascii"),
    ];
    assert_eq!(said, expected);
    let heard = server.heard();
    assert_eq!(heard[..2], ["EHLO probe.example", "MAIL FROM:<>"]);
    assert_eq!(heard.last().map(String::as_str), Some("QUIT"));
    assert!(
        !heard.iter().any(|command| command.starts_with("DATA") || command.starts_with("BDAT"))
    );
    assert_eq!(heard.len(), 7, "{heard:?}");
}

#[tokio::test]
async fn a_server_that_takes_everything_says_nothing() {
    let server = Server::start("220 ready", &[]).await;
    assert_eq!(server.ask(&["ayse@ornek.com.tr"]).await, [Mailbox::CatchAll]);
    let server = Server::start("220 ready", &[("RCPT TO:<hunter-no", "451 later")]).await;
    let said = server.ask(&["ayse@ornek.com.tr"]).await;
    assert_eq!(said, [Mailbox::Unknown("maybe_catch_all")]);
}

#[tokio::test]
async fn a_server_of_old_is_greeted_in_the_old_way() {
    let server = Server::start("220 ready", &[("EHLO", "502 what?"), NOBODY]).await;
    assert_eq!(server.ask(&["ayse@ornek.com.tr"]).await, [Mailbox::Accepted]);
    assert_eq!(server.heard()[1], "HELO probe.example");
}

#[tokio::test]
async fn whatever_goes_wrong_is_unknown_and_never_a_refusal() {
    for (greeting, answers, reason) in [
        ("554 go away", &[][..], "refused"),
        ("220 ready", &[("MAIL", "550 5.7.1 blocked")][..], "refused"),
        ("220 ready", &[("RCPT", "nonsense")][..], "reply"),
        ("220 ready", &[("RCPT", "250-one\r\n550 other")][..], "reply"),
        ("220 ready", &[("RCPT", "")][..], "reply"),
    ] {
        let server = Server::start(greeting, answers).await;
        let said = server.ask(&["ayse@ornek.com.tr"]).await;
        assert_eq!(said, [Mailbox::Unknown(reason)], "{greeting} {answers:?}");
    }
    let server = Server::start("220 ready", &[NOBODY]).await;
    for (host, reason) in [("nowhere.example", "no_address"), ("silent.example", "dns")] {
        let (hosts, addresses) = ([host.to_owned()], ["a@ornek.com.tr".to_owned()]);
        let said = server.probe().ask("ornek.com.tr", &hosts, &addresses).await;
        assert_eq!(said, [Mailbox::Unknown(reason)]);
    }
    // The next host is asked where one cannot be reached.
    let hosts = ["nowhere.example".to_owned(), "mx.example".to_owned()];
    let said = server.probe().ask("ornek.com.tr", &hosts, &["a@ornek.com.tr".into()]).await;
    assert_eq!(said, [Mailbox::Accepted]);
    let many: Vec<String> = (0..12).map(|i| format!("kisi{i}@ornek.com.tr")).collect();
    let said = server.probe().ask("ornek.com.tr", &["mx.example".to_owned()], &many).await;
    assert_eq!(said.iter().filter(|mailbox| **mailbox == Mailbox::Accepted).count(), 10);
    assert_eq!(said[10..], [Mailbox::Unknown("too_many"); 2]);
}

#[tokio::test]
async fn a_server_that_is_silent_or_talks_without_end_is_left() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut config = SmtpConfig::new("probe.example");
    let address = silent.local_addr().expect("an address");
    (config.port, config.allow) = (address.port(), vec![address]);
    config.timeout = Duration::from_millis(200);
    let probe = SmtpProbe::new(config, Arc::new(Here), None);
    let (hosts, addresses) = (["mx.example".to_owned()], ["a@ornek.com.tr".to_owned()]);
    let ask = || probe.ask("ornek.com.tr", &hosts, &addresses);
    assert_eq!(ask().await, [Mailbox::Unknown("timeout")]);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = silent.accept().await {
            while stream.write_all(b"220-and so on\r\n").await.is_ok() {}
        }
    });
    assert_eq!(ask().await, [Mailbox::Unknown("reply")]);
}

#[tokio::test]
async fn addresses_that_are_not_public_are_never_connected_to() {
    let server = Server::start("220 ready", &[NOBODY]).await;
    let mut config = SmtpConfig::new("probe.example");
    config.port = server.address.port();
    let probe = SmtpProbe::new(config, Arc::new(Here), None);
    let hosts = ["mx.example".to_owned()];
    let said = probe.ask("ornek.com.tr", &hosts, &["a@ornek.com.tr".into()]).await;
    assert_eq!(said, [Mailbox::Unknown("refused_address")]);
    assert!(server.heard().is_empty());
}
