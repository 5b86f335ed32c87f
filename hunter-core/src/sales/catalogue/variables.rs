//! The variables that catalogue messages may use.

/// What a variable holds, and so how a message may use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sales) enum Kind {
    /// Words to print; nothing may be selected by them.
    Text,
    /// A number to print or to select by.
    Number,
    /// A word of a closed list, to select by.
    Choice(&'static [&'static str]),
    /// A code of an open list, such as a country, to print or to select by.
    Code,
}

macro_rules! variables {
    ( $( $variant:ident = $name:literal : $kind:expr ),+ $(,)? ) => {
        /// A variable that a message may use.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::sales) enum Variable { $( $variant ),+ }

        impl Variable {
            const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The name after the dollar sign.
            pub(in crate::sales) const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name ),+ }
            }

            /// What it holds.
            pub(in crate::sales) const fn kind(self) -> Kind {
                match self { $( Self::$variant => $kind ),+ }
            }
        }
    };
}

const LEVELS: Kind = Kind::Choice(&["high", "medium", "low"]);

variables! {
    Amount = "amount": Kind::Text,
    AsOf = "as-of": Kind::Text,
    AutodiscoverTarget = "autodiscover-target": Kind::Text,
    Band = "band": Kind::Choice(&["top", "high", "middle", "low", "unknown"]),
    Category = "category": Kind::Choice(&["p1", "p2", "p3", "p4", "p5", "p6"]),
    Class = "class": Kind::Choice(&[
        "m365", "google", "yandex", "zoho", "amazon", "sendgrid", "mailgun", "hosting", "local",
        "unknown",
    ]),
    Clauses = "clauses": Kind::Text,
    Consequence = "consequence": Kind::Choice(&["forgery", "delivery", "gap", "partial", "clean"]),
    Consulting = "consulting": Kind::Text,
    ContactPoints = "contact-points": Kind::Number,
    Count = "count": Kind::Number,
    Country = "country": Kind::Code,
    CountryName = "country-name": Kind::Text,
    Coverage = "coverage": Kind::Number,
    Currency = "currency": Kind::Code,
    Date = "date": Kind::Text,
    Day = "day": Kind::Number,
    Days = "days": Kind::Number,
    Defender = "defender": Kind::Text,
    Dkim = "dkim": Kind::Choice(&["present", "missing", "not-found", "unknown"]),
    DkimTarget = "dkim-target": Kind::Text,
    Dmarc = "dmarc": Kind::Choice(&["absent", "none", "quarantine", "reject", "partial", "unknown"]),
    Domain = "domain": Kind::Text,
    Effect = "effect": Kind::Text,
    Fact = "fact": Kind::Choice(&["present", "missing", "unknown"]),
    Factor = "factor": Kind::Text,
    Fee = "fee": Kind::Text,
    First = "first": Kind::Text,
    Front = "front": Kind::Choice(&["gateway", "forwarder"]),
    Gateway = "gateway": Kind::Text,
    Greeting = "greeting": Kind::Text,
    High = "high": Kind::Number,
    Host = "host": Kind::Text,
    Last = "last": Kind::Text,
    Level = "level": LEVELS,
    LevelName = "level-name": Kind::Text,
    License = "license": Kind::Text,
    Low = "low": Kind::Number,
    Month = "month": Kind::Number,
    Parts = "parts": Kind::Text,
    Percent = "percent": Kind::Number,
    Points = "points": Kind::Number,
    Policy = "policy": Kind::Text,
    Potential = "potential": Kind::Number,
    Price = "price": Kind::Text,
    Priority = "priority": Kind::Number,
    PriorityPoints = "priority-points": Kind::Number,
    Provider = "provider": Kind::Text,
    Quality = "quality": Kind::Number,
    ReadinessPoints = "readiness-points": Kind::Number,
    Records = "records": Kind::Text,
    Registrar = "registrar": Kind::Text,
    Risk = "risk": LEVELS,
    Row = "row": Kind::Choice(&[
        "base", "provider", "spf", "dkim", "dmarc-reject", "dmarc-quarantine", "dmarc-none", "no-spf",
        "no-dkim", "dkim-none", "hosting-mx-weak", "spf-multiple-includes", "clamp", "referral-tenant",
        "referral-co-sell", "other",
    ]),
    Rules = "rules": Kind::Text,
    Score = "score": Kind::Number,
    Segment = "segment": Kind::Choice(&["migration", "existing", "cold", "skip", "none"]),
    SegmentName = "segment-name": Kind::Text,
    SegmentPoints = "segment-points": Kind::Number,
    Selectors = "selectors": Kind::Text,
    Seller = "seller": Kind::Choice(&["full", "name", "company", "nobody"]),
    SellerCompany = "seller-company": Kind::Text,
    SellerName = "seller-name": Kind::Text,
    Senders = "senders": Kind::Text,
    Signal = "signal": Kind::Choice(&["provider", "spf", "dkim", "dmarc"]),
    Size = "size": Kind::Choice(&["small", "medium", "large", "unknown"]),
    SizeName = "size-name": Kind::Text,
    SizePoints = "size-points": Kind::Number,
    Spf = "spf": Kind::Choice(&["present", "missing", "several", "malformed", "unknown"]),
    SpfInclude = "spf-include": Kind::Text,
    Standing = "standing": Kind::Text,
    Sum = "sum": Kind::Number,
    Tails = "tails": Kind::Text,
    TenantName = "tenant-name": Kind::Text,
    Timeline = "timeline": Kind::Choice(&["day", "three-days", "week", "month"]),
    TimelineName = "timeline-name": Kind::Text,
    Total = "total": Kind::Number,
    Unknown = "unknown": Kind::Text,
    Who = "who": Kind::Text,
    Written = "written": Kind::Text,
    Year = "year": Kind::Text,
}

impl Variable {
    /// The variable of that name.
    pub(in crate::sales) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|variable| variable.name() == name)
    }
}
