//! The closed word lists of the product: classes, segments, heats, categories.
//!
//! Each list is one enum whose spelling is frozen: it is what JSON, databases, the HTTP contract and
//! both bindings carry. The words and their meaning are in the rule-set file
//! (`hunter-core/data/rules/classic.toml`) and in `docs/ARCHITECTURE.md`.

/// Declares an enum with one frozen spelling per variant.
macro_rules! vocabulary {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident ($what:literal) {
            $( $(#[$vmeta:meta])* $variant:ident = $text:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        $vis enum $name { $( $(#[$vmeta])* $variant ),+ }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[ $( Self::$variant ),+ ];

            /// The frozen spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $text ),+ }
            }

            /// Position in [`Self::ALL`].
            pub const fn index(self) -> usize { self as usize }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;

            /// Reads the frozen spelling, exactly.
            fn from_str(text: &str) -> Result<Self, $crate::error::Error> {
                match text {
                    $( $text => Ok(Self::$variant), )+
                    _ => Err($crate::error::Error::unknown_word($what, text, &[ $( $text ),+ ])),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                struct Word;
                impl serde::de::Visitor<'_> for Word {
                    type Value = $name;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str(concat!("one of the words for a ", $what))
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                d.deserialize_str(Word)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::openapi::words(Self::ALL.iter().map(|word| word.as_str()))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
    };
}
pub(crate) use vocabulary;

vocabulary! {
    /// The scoring class of whoever holds the mailboxes.
    pub enum ProviderClass ("provider class") {
        /// Microsoft 365, every cloud.
        M365 = "M365",
        /// Google Workspace.
        Google = "Google",
        /// Yandex 360.
        Yandex = "Yandex",
        /// Zoho Mail or Workplace.
        Zoho = "Zoho",
        /// Amazon `WorkMail`, or SES receiving mail.
        Amazon = "Amazon",
        /// `SendGrid` as the MX.
        SendGrid = "SendGrid",
        /// Mailgun as the MX.
        Mailgun = "Mailgun",
        /// Any other suite, or an international hoster.
        Hosting = "Hosting",
        /// A local hoster or access provider, a server of the company's own, or an unlisted host.
        Local = "Local",
        /// Nothing can be said: consumer mail, a gateway or forwarder with nothing visible behind it,
        /// or no usable MX.
        Unknown = "Unknown",
    }
}

vocabulary! {
    /// The technical segment.
    pub enum Segment ("segment") {
        /// Mature enough elsewhere to be moved.
        Migration = "Migration",
        /// Already a Microsoft 365 customer.
        Existing = "Existing",
        /// Not yet ready.
        Cold = "Cold",
        /// Not worth a call.
        Skip = "Skip",
        /// None of the above; only an outside caller can bring it in.
        Other = "Other",
    }
}

vocabulary! {
    /// How warm the technical situation is.
    pub enum TechnicalHeat ("technical heat") {
        /// A customer of the platform already.
        Hot = "Hot",
        /// On a competing suite.
        Warm = "Warm",
        /// Everything else.
        Cold = "Cold",
    }
}

vocabulary! {
    /// What the lead means commercially.
    pub enum CommercialSegment ("commercial segment") {
        /// Own or local mail, ready to move.
        Greenfield = "GREENFIELD",
        /// On a competing suite.
        Competitive = "COMPETITIVE",
        /// A Microsoft customer whose basics were left undone.
        WeakPartner = "WEAK_PARTNER",
        /// A well-kept Microsoft customer.
        Renewal = "RENEWAL",
        /// Little to gain now.
        LowIntent = "LOW_INTENT",
        /// Leave alone.
        NoGo = "NO_GO",
    }
}

vocabulary! {
    /// How soon the commercial segment deserves attention.
    pub enum CommercialHeat ("commercial heat") {
        /// Now.
        High = "HIGH",
        /// Soon.
        Medium = "MEDIUM",
        /// Later, if at all.
        Low = "LOW",
    }
}

vocabulary! {
    /// The priority category: the order in which lists are shown and sorted.
    pub enum PriorityCategory ("priority category") {
        /// High potential, nothing to displace.
        P1 = "P1",
        /// Competitive takeover.
        P2 = "P2",
        /// A Microsoft customer with a weak partner.
        P3 = "P3",
        /// Renewal pressure.
        P4 = "P4",
        /// Long nurturing.
        P5 = "P5",
        /// Archive.
        P6 = "P6",
    }
}

vocabulary! {
    /// How large the customer is; only from what is known, never guessed.
    pub enum TenantSize ("tenant size") {
        /// 1 to 50 seats.
        Small = "small",
        /// 51 to 500 seats.
        Medium = "medium",
        /// 501 seats and more.
        Large = "large",
    }
}

impl TenantSize {
    /// The size that a known number of seats means; `None` for zero seats, which says nothing.
    pub const fn from_seats(seats: u32) -> Option<Self> {
        match seats {
            0 => None,
            1..=50 => Some(Self::Small),
            51..=500 => Some(Self::Medium),
            _ => Some(Self::Large),
        }
    }
}

vocabulary! {
    /// The policy of a DMARC record (RFC 9989 §4.7, `p`).
    pub enum DmarcPolicy ("DMARC policy") {
        /// `none`: watch only.
        None = "none",
        /// `quarantine`: treat failing mail as suspicious.
        Quarantine = "quarantine",
        /// `reject`: refuse failing mail.
        Reject = "reject",
    }
}

impl DmarcPolicy {
    /// Reads a policy word without regard to case, as DMARC does.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|policy| word.eq_ignore_ascii_case(policy.as_str()))
    }

    /// The policy that `t=y` leaves in force (RFC 9989 §4.7): one step weaker.
    #[must_use]
    pub const fn one_step_weaker(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            Self::Quarantine | Self::None => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for class in ProviderClass::ALL {
            assert_eq!(class.as_str().parse::<ProviderClass>().expect("own spelling"), *class);
        }
        for segment in Segment::ALL {
            let json = serde_json::to_string(segment).expect("a string");
            assert_eq!(serde_json::from_str::<Segment>(&json).expect("own spelling"), *segment);
        }
    }

    #[test]
    fn an_unknown_word_names_the_choices() {
        let error = "lukewarm".parse::<TechnicalHeat>().expect_err("not a heat");
        assert_eq!(error.code(), "unknown_word");
        assert_eq!(
            error.to_string(),
            "`lukewarm` is not a technical heat: use one of Hot, Warm, Cold"
        );
    }

    #[test]
    fn dmarc_words_ignore_case_and_test_mode_weakens_by_one_step() {
        assert_eq!(DmarcPolicy::from_word("REJECT"), Some(DmarcPolicy::Reject));
        assert_eq!(DmarcPolicy::from_word("monitor"), None);
        assert_eq!(DmarcPolicy::Reject.one_step_weaker(), DmarcPolicy::Quarantine);
        assert_eq!(DmarcPolicy::None.one_step_weaker(), DmarcPolicy::None);
    }

    #[test]
    fn d10_size_comes_from_seats_alone() {
        assert_eq!(TenantSize::from_seats(0), None);
        assert_eq!(TenantSize::from_seats(50), Some(TenantSize::Small));
        assert_eq!(TenantSize::from_seats(51), Some(TenantSize::Medium));
        assert_eq!(TenantSize::from_seats(501), Some(TenantSize::Large));
    }
}
