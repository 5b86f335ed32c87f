//! Observations as a standard scan leaves them.

use hunter_core::observation::{
    AddressFacts, Answer, Observation, Outcome, RecordType, Registration, RegistrationFacts,
};
use time::macros::{date, datetime};
use time::{Date, Duration};

use super::hosts::{self, Suffixes};
use super::random::Random;

/// The selectors that a standard scan tries.
const SELECTORS: [&str; 12] = [
    "selector1",
    "selector2",
    "google",
    "default",
    "k1",
    "k2",
    "s1",
    "s2",
    "mail",
    "dkim",
    "zoho",
    "smtp",
];

/// Who takes the mail of a company, in the shares in which lead lists have them.
enum Mail {
    Microsoft,
    Google,
    Gateway,
    Listed,
    Own,
    None,
}

/// One observation.
pub(super) fn observation(random: &mut Random, suffixes: &Suffixes) -> Observation {
    let company = hosts::company(random);
    let mail = match random.below(100) {
        0..=29 => Mail::Microsoft,
        30..=44 => Mail::Google,
        45..=51 => Mail::Gateway,
        52..=69 => Mail::Listed,
        70..=97 => Mail::Own,
        _ => Mail::None,
    };
    let domain = company.parse().expect("made of letters, digits, hyphens and dots");
    let at = datetime!(2026-11-24 09:30 UTC) + Duration::seconds(number(random, 100_000));
    let mut seen = Observation::new(domain, at);
    "standard".clone_into(&mut seen.profile);
    let mut scan = Scan { random, seen, company };
    scan.mail(&mail, suffixes);
    scan.authentication(&mail);
    scan.surroundings(&mail);
    scan.seen
}

/// An SPF record; `None` stands for a company without a listed provider.
pub(super) fn spf_record(random: &mut Random, include: Option<&str>) -> String {
    const OTHERS: [&str; 5] = [
        "include:sendgrid.net",
        "include:servers.mcsv.net",
        "include:_spf.salesforce.com",
        "include:spf.mandrillapp.com",
        "a:mail.ornek-hizmet.net",
    ];
    let mut record = "v=spf1 ".to_owned();
    if let Some(include) = include {
        record.push_str("include:");
        record.push_str(include);
        record.push(' ');
    }
    for _ in 0..random.below(3) {
        record.push_str(random.word(&OTHERS));
        record.push(' ');
    }
    for _ in 0..random.below(4) {
        record.push_str("ip4:192.0.2.");
        record.push_str(&random.below(256).to_string());
        record.push(' ');
    }
    record.push_str(random.word(&["mx -all", "~all", "-all"]));
    record
}

/// A scan in progress.
struct Scan<'a> {
    random: &'a mut Random,
    seen: Observation,
    company: String,
}

impl Scan<'_> {
    fn mail(&mut self, mail: &Mail, suffixes: &Suffixes) {
        let slug = self.company.replace('.', "-");
        let records = match mail {
            Mail::Microsoft => vec![format!("0 {slug}.mail.protection.outlook.com")],
            Mail::Google => vec![
                "1 aspmx.l.google.com".to_owned(),
                "5 alt1.aspmx.l.google.com".to_owned(),
                "5 alt2.aspmx.l.google.com".to_owned(),
                "10 alt3.aspmx.l.google.com".to_owned(),
                "10 alt4.aspmx.l.google.com".to_owned(),
            ],
            Mail::Gateway => {
                const GATEWAYS: [&str; 3] = ["proofpoint", "cisco-secure-email", "mimecast"];
                let id = self.random.word(&GATEWAYS);
                let host = hosts::of(self.random, suffixes, id, &self.company);
                let mut records = vec![format!("10 {host}")];
                if self.random.one_in(3) {
                    records.push(format!("50 {slug}.mail.protection.outlook.com"));
                }
                records
            }
            Mail::Listed => vec![
                format!("10 {}", hosts::listed(self.random, suffixes, &self.company)),
                format!("20 {}", hosts::listed(self.random, suffixes, &self.company)),
            ],
            Mail::Own => vec![format!("10 {}", hosts::unlisted(self.random, &self.company))],
            Mail::None => Vec::new(),
        };
        self.answer(&self.company.clone(), RecordType::Mx, records);
    }

    fn authentication(&mut self, mail: &Mail) {
        const POLICIES: [&str; 5] = ["none", "none", "quarantine", "reject", ""];
        let company = self.company.clone();
        let include = match mail {
            Mail::Microsoft => Some("spf.protection.outlook.com"),
            Mail::Google => Some("_spf.google.com"),
            _ => None,
        };
        let mut texts = vec![
            format!("MS=ms{:08}", self.random.below(100_000_000)),
            format!("google-site-verification={}", self.random.token(43)),
        ];
        if !self.random.one_in(5) {
            texts.insert(self.random.below(3), spf_record(self.random, include));
        }
        self.answer(&company, RecordType::Txt, texts);

        let signs = !self.random.one_in(3);
        for selector in SELECTORS {
            let name = format!("{selector}._domainkey.{company}");
            let key = format!("v=DKIM1; k=rsa; p={}", self.random.token(392));
            match mail {
                Mail::Microsoft if signs && selector.starts_with("selector") => {
                    let slug = company.replace('.', "-");
                    let target = format!("{selector}-{slug}._domainkey.{slug}.onmicrosoft.com");
                    self.answer(&name, RecordType::Cname, vec![target.clone()]);
                    self.answer(&target, RecordType::Txt, vec![key]);
                }
                Mail::Google if signs && selector == "google" => {
                    self.answer(&name, RecordType::Txt, vec![key]);
                }
                Mail::Own | Mail::Listed if signs && selector == "default" => {
                    self.answer(&name, RecordType::Txt, vec![key]);
                }
                _ => self.answer(&name, RecordType::Txt, Vec::new()),
            }
        }
        let records = match self.random.word(&POLICIES) {
            "" => Vec::new(),
            policy => vec![format!("v=DMARC1; p={policy}; rua=mailto:dmarc@{company}; fo=1")],
        };
        self.answer(&format!("_dmarc.{company}"), RecordType::Txt, records);
    }

    fn surroundings(&mut self, mail: &Mail) {
        let company = self.company.clone();
        let servers = ["ns1", "ns2"].map(|server| format!("{server}.alanadi-hizmeti.net"));
        self.answer(&company, RecordType::Ns, servers.to_vec());
        let soa = "ns1.alanadi-hizmeti.net. hostmaster.alanadi-hizmeti.net. 2026112401 7200 900 1209600 3600";
        self.answer(&company, RecordType::Soa, vec![soa.to_owned()]);
        let address = format!("203.0.113.{}", self.random.below(256));
        self.answer(&company, RecordType::A, vec![address.clone()]);
        self.answer(&company, RecordType::Aaaa, Vec::new());
        for (label, target) in [
            ("autodiscover", "autodiscover.outlook.com"),
            ("lyncdiscover", "webdir.online.lync.com"),
        ] {
            let targets = match mail {
                Mail::Microsoft => vec![target.to_owned()],
                _ => Vec::new(),
            };
            self.answer(&format!("{label}.{company}"), RecordType::Cname, targets);
        }
        self.answer(&format!("_mta-sts.{company}"), RecordType::Txt, Vec::new());

        let expires: Date = date!(2026 - 11 - 01) + Duration::days(number(self.random, 700));
        if !self.random.one_in(3) {
            self.seen.registration = Some(Registration {
                outcome: Outcome::Found(RegistrationFacts {
                    registrar: Some("Ornek Alan Adi Hizmetleri A.S.".to_owned()),
                    created: Some(date!(2010 - 05 - 03)),
                    expires: Some(expires),
                    nameservers: servers.to_vec(),
                    ..RegistrationFacts::default()
                }),
                source: Some("rdap".to_owned()),
                server: Some("rdap.kayit.example".to_owned()),
            });
        }
        self.seen.addresses.push(AddressFacts {
            ip: address.parse().expect("written as an address"),
            source: "root-ip".to_owned(),
            asn: Some(64_500),
            asn_org: Some("Ornek Telekom".to_owned()),
            country: Some("TR".to_owned()),
            is_proxy: None,
            extra: serde_json::Map::new(),
        });
    }

    /// Adds an answer; without records an authoritative "nothing", and now and then a failure.
    fn answer(&mut self, name: &str, record_type: RecordType, records: Vec<String>) {
        let nothing = if name == self.company { "NOERROR" } else { "NXDOMAIN" };
        let outcome = if self.random.one_in(50) {
            Outcome::TempFail { reason: "timeout".to_owned() }
        } else if records.is_empty() {
            Outcome::Absent { rcode: Some(nothing.to_owned()) }
        } else {
            Outcome::Found(records)
        };
        self.seen.answers.push(Answer {
            ttl: outcome.found().map(|_| 3600),
            server: Some("198.51.100.53:53".to_owned()),
            attempts: Some(1),
            ms: Some(5 + self.random.next() % 60),
            ..Answer::new(name, record_type, outcome)
        });
    }
}

fn number(random: &mut Random, end: usize) -> i64 {
    i64::try_from(random.below(end)).expect("small")
}
