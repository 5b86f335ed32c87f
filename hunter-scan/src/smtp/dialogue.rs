//! Commands and replies (RFC 5321 §4).

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::Mailbox;

/// The most bytes of one reply, over all of its lines; each has 512 at most (RFC 5321 §4.5.3.1.5).
const REPLY: u64 = 8 * 1024;

/// A connection on which a sender was given.
pub(super) struct Dialogue {
    stream: BufReader<TcpStream>,
}

/// A reply.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reply {
    code: u16,
    /// The text of its first line.
    text: String,
}

impl Dialogue {
    /// Greets, and gives the empty sender.
    pub(super) async fn begin(stream: TcpStream, name: &str) -> Result<Self, &'static str> {
        let mut dialogue = Self { stream: BufReader::new(stream) };
        if dialogue.reply().await?.code != 220 {
            return Err("refused");
        }
        let mut greeted = dialogue.say(&format!("EHLO {name}")).await?;
        if greeted.code >= 500 {
            greeted = dialogue.say(&format!("HELO {name}")).await?;
        }
        if greeted.code != 250 || dialogue.say("MAIL FROM:<>").await?.code != 250 {
            dialogue.quit().await;
            return Err("refused");
        }
        Ok(dialogue)
    }

    /// What the server says of a recipient.
    pub(super) async fn recipient(&mut self, address: &str) -> Result<Mailbox, &'static str> {
        Ok(self.say(&format!("RCPT TO:<{address}>")).await?.of_mailbox())
    }

    /// Leaves. What comes of it changes nothing.
    pub(super) async fn quit(&mut self) {
        let _ = self.say("QUIT").await;
    }

    async fn say(&mut self, command: &str) -> Result<Reply, &'static str> {
        let line = format!("{command}\r\n");
        self.stream.write_all(line.as_bytes()).await.map_err(|_| "network")?;
        self.reply().await
    }

    /// A reply, to its last line (RFC 5321 §4.2.1).
    async fn reply(&mut self) -> Result<Reply, &'static str> {
        let mut first: Option<Reply> = None;
        let mut limited = (&mut self.stream).take(REPLY);
        loop {
            let mut line = Vec::new();
            limited.read_until(b'\n', &mut line).await.map_err(|_| "network")?;
            if line.pop() != Some(b'\n') {
                return Err(if limited.limit() == 0 { "reply" } else { "network" });
            }
            let line = String::from_utf8_lossy(&line);
            let (code, rest) = line.split_at_checked(3).ok_or("reply")?;
            let code = code.parse().map_err(|_| "reply")?;
            let is_last = !rest.starts_with('-');
            let text = rest.trim_start_matches(['-', ' ']).trim_end().to_owned();
            let reply = first.get_or_insert(Reply { code, text });
            if reply.code != code {
                return Err("reply");
            }
            if is_last {
                return first.ok_or("reply");
            }
        }
    }
}

impl Reply {
    /// Only what is said of the mailbox counts: its address is wrong (RFC 3463 §3.2), or the reply is the one
    /// of a mailbox that is not there and gives no other reason (RFC 5321 §4.2.3).
    fn of_mailbox(&self) -> Mailbox {
        let detail = self.text.split_ascii_whitespace().next().unwrap_or_default();
        let is_detail = detail.starts_with("5.") && detail.split('.').count() == 3;
        match self.code {
            250 | 251 => Mailbox::Accepted,
            500..=599 if is_detail => {
                let of_address = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];
                if of_address.contains(&detail) {
                    Mailbox::Refused
                } else {
                    Mailbox::Unknown("policy")
                }
            }
            550 | 551 | 553 => Mailbox::Refused,
            400..=499 => Mailbox::Unknown("try_later"),
            _ => Mailbox::Unknown("policy"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_mailbox_is_a_refusal() {
        for (code, text, said) in [
            (250, "2.1.5 Ok", Mailbox::Accepted),
            (251, "user not local; will forward", Mailbox::Accepted),
            (252, "cannot verify", Mailbox::Unknown("policy")),
            (550, "5.1.1 user unknown", Mailbox::Refused),
            (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", Mailbox::Refused),
            (550, "No such user here", Mailbox::Refused),
            (550, "5.7.1 listed by a blocklist", Mailbox::Unknown("policy")),
            (554, "5.7.1 relay access denied", Mailbox::Unknown("policy")),
            (530, "5.7.0 must issue STARTTLS", Mailbox::Unknown("policy")),
            (552, "5.2.2 mailbox full", Mailbox::Unknown("policy")),
            (450, "4.2.0 greylisted", Mailbox::Unknown("try_later")),
            (451, "4.7.1 try again", Mailbox::Unknown("try_later")),
        ] {
            let reply = Reply { code, text: text.to_owned() };
            assert_eq!(reply.of_mailbox(), said, "{code} {text}");
        }
    }
}
