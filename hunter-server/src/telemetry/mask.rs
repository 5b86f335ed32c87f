//! What nobody may read in a log: secrets never, people only where the operator asks for it.
//!
//! | what | becomes | when |
//! | --- | --- | --- |
//! | user and password in a URL | `postgres://***@db/hunter` | always |
//! | a key of this service, a secret of webhooks | `hk_0123456789ab.***`, `whsec_***` | always |
//! | `Bearer …`, `Basic …`, `password=…`, `token: …` and the like | `password=***` | always |
//! | an Argon2 hash, a JSON web token | `***` | always |
//! | the local part of an e-mail address | `***@ornek.com.tr` | `mask_personal_data` |
//! | a telephone number | `***` | `mask_personal_data` |
//! | an IP address, but for this machine's own | `203.0.113.*`, `2001:db8:1::*` | `mask_personal_data` |
//! | fields such as `contact` or `phone`, whatever they hold | `***` | `mask_personal_data` |
//!
//! Addresses stay where a field's name says that they are a server's, such as `resolver` or `listen`.
//! Domains stay: they are what the service is about, and companies are no persons.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::{Captures, Regex};

const HIDDEN: &str = "***";

/// Fields that hold a secret.
const SECRET_FIELDS: &[&str] =
    &["api_key", "authorization", "cookie", "dsn", "password", "secret", "token"];
/// Fields that hold what belongs to a person.
const PERSONAL_FIELDS: &[&str] = &[
    "contact",
    "contact_name",
    "contacts",
    "email",
    "emails",
    "first_name",
    "last_name",
    "mobile",
    "person",
    "phone",
    "recipient",
    "sender",
];
/// Fields that hold the address of a server.
const SERVER_FIELDS: &[&str] =
    &["listen", "name_server", "resolver", "resolvers", "server", "upstream"];

/// What is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mask {
    personal: bool,
}

struct Rule {
    pattern: Regex,
    with: &'static str,
}

fn rules(list: &[(&str, &'static str)]) -> Vec<Rule> {
    list.iter()
        .map(|(pattern, with)| Rule { pattern: Regex::new(pattern).expect("a pattern"), with })
        .collect()
}

static SECRETS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    rules(&[
        // Up to the last `@`: a password may hold one, though it should be written `%40`.
        (r#"(://)[^ \t\r\n"'`<>]*@"#, "${1}***@"),
        (r"(hk_[0-9a-f]{1,32})\.[0-9A-Za-z]+", "${1}.***"),
        (r"whsec_[A-Za-z0-9+/=_-]+", "whsec_***"),
        (r"((?i-u:bearer|basic)[ \t]+)[A-Za-z0-9+/=._~-]{6,}", "${1}***"),
        (r#"\$argon2[a-z]*\$[^ \t\r\n"'`,]+"#, "***"),
        (r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", "***"),
        (
            r#"((?i-u:password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|signature)["'`]?[ \t]*[=:][ \t]*["'`]?)[^ \t\r\n"'`,;&]+"#,
            "${1}***",
        ),
    ])
});

static PEOPLE: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    rules(&[
        (
            r#"[^ \t\r\n"'`<>()\[\]{},;:=@/|]+@([^ \t\r\n"'`<>()\[\]{},;:=@/|]+\.[^ \t\r\n"'`<>()\[\]{},;:=@/|.]+)"#,
            "***@${1}",
        ),
        // International, as written by people: +90 (532) 123 45 67, 0090-532-1234567.
        (r"(^|[^0-9A-Za-z+.-])(?:\+|00)[1-9](?:[ ().-]{0,2}[0-9]){7,13}", "${1}***"),
        // Turkish, with or without the trunk zero.
        (
            r"(^|[^0-9A-Za-z+.-])(?:90[ ]?|0)?\(?[2-5][0-9]{2}\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}($|[^0-9A-Za-z-])",
            "${1}***${2}",
        ),
    ])
});

/// What may be an address; whether it is one is for the parser to say.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    // What follows a letter is a path of modules.
    Regex::new(
        r"(^|[^0-9A-Za-z_.:])((?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]{0,15}){2,8})",
    )
    .expect("a pattern")
});

impl Mask {
    /// Hides secrets, and people where `personal` is true.
    pub const fn new(personal: bool) -> Self {
        Self { personal }
    }

    /// Hides what a text holds.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.masked(text, true)
    }

    /// Hides what a field holds, by its name and by its content.
    pub fn field<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        if SECRET_FIELDS.contains(&name) || (self.personal && PERSONAL_FIELDS.contains(&name)) {
            return Cow::Borrowed(HIDDEN);
        }
        self.masked(value, !SERVER_FIELDS.contains(&name))
    }

    /// Whether a field is hidden whatever it holds.
    pub fn hides(&self, name: &str) -> bool {
        SECRET_FIELDS.contains(&name) || (self.personal && PERSONAL_FIELDS.contains(&name))
    }

    fn masked<'a>(&self, text: &'a str, addresses: bool) -> Cow<'a, str> {
        let mut out = apply(&SECRETS, Cow::Borrowed(text));
        if self.personal {
            if addresses {
                out = replaced(&ADDRESS, out, |found| {
                    format!("{}{}", &found[1], hide_address(&found[2]))
                });
            }
            out = apply(&PEOPLE, out);
        }
        out
    }
}

fn apply<'a>(rules: &[Rule], text: Cow<'a, str>) -> Cow<'a, str> {
    rules.iter().fold(text, |text, rule| match rule.pattern.replace_all(&text, rule.with) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => Cow::Owned(masked),
    })
}

fn replaced<'a>(
    pattern: &Regex,
    text: Cow<'a, str>,
    with: impl Fn(&Captures<'_>) -> String,
) -> Cow<'a, str> {
    match pattern.replace_all(&text, with) {
        Cow::Borrowed(_) => text,
        Cow::Owned(masked) => Cow::Owned(masked),
    }
}

/// Leaves the network of an address: enough to see where trouble comes from.
fn hide_address(text: &str) -> String {
    // A full stop that ends a sentence is none of the address.
    let bare = text.trim_end_matches('.');
    let rest = &text[bare.len()..];
    let kept = |address: IpAddr| address.is_loopback() || address.is_unspecified();
    if let Ok(address) = bare.parse::<Ipv4Addr>() {
        if kept(address.into()) {
            return text.to_owned();
        }
        let [a, b, c, _] = address.octets();
        return format!("{a}.{b}.{c}.*{rest}");
    }
    let Ok(address) = bare.parse::<Ipv6Addr>() else { return text.to_owned() };
    if kept(address.to_canonical()) {
        return text.to_owned();
    }
    if let IpAddr::V4(address) = address.to_canonical() {
        let [a, b, c, _] = address.octets();
        return format!("{a}.{b}.{c}.*{rest}");
    }
    let [a, b, c, ..] = address.segments();
    format!("{a:x}:{b:x}:{c:x}::*{rest}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: Mask = Mask::new(true);
    const SECRETS_ONLY: Mask = Mask::new(false);

    #[test]
    fn secrets_are_hidden_in_any_mode() {
        for (text, masked) in [
            ("at postgres://u:geheim@h:5432/db now", "at postgres://***@h:5432/db now"),
            ("redis://:p@ss@h", "redis://***@h"),
            ("key hk_0123456789ab.deadbeef is off", "key hk_0123456789ab.*** is off"),
            ("signed by whsec_Z2Vo+Gl/z=, ok", "signed by whsec_***, ok"),
            ("Authorization: Bearer abcdef123", "Authorization: *** ***"),
            ("?token=abc&page=2", "?token=***&page=2"),
            (r#"{"password": "geheim"}"#, r#"{"password": "***"}"#),
            ("PASSWORD=geheim", "PASSWORD=***"),
            ("$argon2id$v=19$m=19456,t=2$abc$def", "***,t=2$abc$def"),
            ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.abc-_1", "jwt ***"),
        ] {
            if text.starts_with("$argon2") {
                assert!(!SECRETS_ONLY.text(text).contains("argon2id"), "{text}");
                continue;
            }
            assert_eq!(SECRETS_ONLY.text(text), masked);
            assert_eq!(ALL.text(text), masked);
        }
        assert_eq!(SECRETS_ONLY.field("dsn", "anything"), HIDDEN);
    }

    #[test]
    fn people_are_hidden_where_it_is_asked_for() {
        for (text, masked) in [
            ("sent to ayşe.yılmaz@örnek.com.tr.", "sent to ***@örnek.com.tr."),
            ("<a+b@example.com>", "<***@example.com>"),
            ("call +90 (532) 123 45 67!", "call ***!"),
            ("0090-532-1234567", "***"),
            ("tel 0532 123 45 67, work", "tel ***, work"),
            ("tel 5321234567", "tel ***"),
            ("from 203.0.113.7:4711", "from 203.0.113.*:4711"),
            ("from [2001:db8:1:2::3]:80", "from [2001:db8:1::*]:80"),
            ("from ::ffff:203.0.113.7.", "from 203.0.113.*."),
        ] {
            assert_eq!(ALL.text(text), masked);
            assert_eq!(SECRETS_ONLY.text(text), text);
        }
        assert_eq!(ALL.field("contact", "Ayşe"), HIDDEN);
        assert_eq!(SECRETS_ONLY.field("contact", "Ayşe"), "Ayşe");
    }

    #[test]
    fn what_an_operator_needs_stays() {
        for text in [
            "2026-11-24T09:30:00.123456Z",
            "0193-5b1e-7c3a",
            "01935b1e-7c3a-7f00-8123-456789abcdef",
            "took 1234567890 µs in hunter_store::limiter::shared",
            "listening on 127.0.0.1:8080 and [::1]:8080 and 0.0.0.0",
            "ornek.com.tr has MX 10 mail.ornek.com.tr",
            "batch 3 of 12, 50 domains, 12:30:45",
            "token is wrong",
        ] {
            assert_eq!(ALL.text(text), text);
        }
        assert_eq!(ALL.field("resolver", "192.0.2.53:53"), "192.0.2.53:53");
    }

    /// Words that a person or another program may write around what is to be hidden.
    fn around() -> impl Strategy<Value = String> {
        r#"[ a-zA-Z0-9ğüşİıöç.,;:!?()<>\[\]{}"'=/|\\-]{0,24}[ "'<(,;]"#
    }

    proptest! {
        #[test]
        fn no_local_part_survives(
            before in around(), local in "[a-z]{3,12}[0-9]{2}", after in around(),
        ) {
            let text = format!("{before}{local}@ornek.com.tr {after}");
            prop_assert!(!ALL.text(&text).contains(&format!("{local}@")), "{}", ALL.text(&text));
        }

        #[test]
        fn no_client_address_survives(before in around(), a in 1_u8..127, b: u8, c: u8, d: u8) {
            let address = Ipv4Addr::new(a, b, c, d);
            let text = format!("{before}{address} ");
            prop_assert!(!ALL.text(&text).contains(&format!(" {address} ")), "{}", ALL.text(&text));
            prop_assert!(ALL.text(&text).contains('*'));
        }

        #[test]
        fn no_ipv6_address_survives(before in around(), low: u64) {
            let address = Ipv6Addr::from((0x2001_0db8_u128 << 96) | u128::from(low | 1 << 63));
            let text = format!("{before}{address} ");
            prop_assert!(!ALL.text(&text).contains(&address.to_string()), "{}", ALL.text(&text));
        }

        #[test]
        fn no_password_survives(
            before in around(), password in "[a-zA-Z0-9!$%^*_+@/-]{8,20}", personal: bool,
        ) {
            let text = format!("{before}postgres://hunter:{password}@db.example:5432/x");
            let masked = Mask::new(personal).text(&text).into_owned();
            prop_assert!(!masked.contains(&password), "{masked}");
        }

        #[test]
        fn no_telephone_survives(before in around(), number in "5[0-9]{9}", style in 0..4) {
            let (a, b, c, d) = (&number[..3], &number[3..6], &number[6..8], &number[8..]);
            let written = match style {
                0 => format!("+90{number}"),
                1 => format!("+90 {a} {b} {c} {d}"),
                2 => format!("0{a} {b} {c} {d}"),
                _ => format!("0 ({a}) {b}-{c}-{d}").replace("0 (", "0("),
            };
            let text = format!("{before} {written} ");
            prop_assert!(!ALL.text(&text).contains(&written), "{}", ALL.text(&text));
        }

        #[test]
        fn what_is_masked_stays_as_it_is(text in "\\PC{0,80}", personal: bool) {
            let mask = Mask::new(personal);
            let once = mask.text(&text).into_owned();
            let twice = mask.text(&once).into_owned();
            prop_assert_eq!(once.len() >= twice.len(), true);
        }
    }
}
