//! Why a call brought no answer.

use std::error::Error;

/// Why a call brought no answer. An answer of any status is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebFault {
    /// A URL that is not called.
    #[error("`{url}`: {problem}")]
    Url {
        /// The URL as given, or the target of a redirect.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The host leads to an address that is not public.
    #[error("`{host}` leads to an address that is not called: {what}")]
    Refused {
        /// The host of the URL.
        host: String,
        /// What the address is set apart for.
        what: &'static str,
    },
    /// An authoritative answer says that the host has no address.
    #[error("the host has no address")]
    NoAddress,
    /// The addresses of the host could not be found out.
    #[error("the host's addresses: {0}")]
    Lookup(String),
    /// The time was over.
    #[error("no answer in time")]
    Timeout,
    /// No connection came up.
    #[error("no connection: {0}")]
    Connect(String),
    /// The server's certificate is not valid for the host.
    #[error("the server's certificate: {0}")]
    Certificate(String),
    /// TLS failed for another reason.
    #[error("TLS: {0}")]
    Tls(String),
    /// The body is longer than what is read.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// One redirect after another.
    #[error("more than {limit} redirects")]
    Redirects {
        /// How many were followed.
        limit: usize,
    },
    /// What came back is not HTTP, or broke off.
    #[error("no HTTP answer: {0}")]
    Http(String),
}

impl WebFault {
    /// The word that stands in an observation.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Url { .. } => "bad_url",
            Self::Refused { .. } => "refused_address",
            Self::NoAddress => "no_address",
            Self::Lookup(_) => "dns",
            Self::Timeout => "timeout",
            Self::Connect(_) => "connect",
            Self::Certificate(_) => "certificate",
            Self::Tls(_) => "tls",
            Self::TooLarge { .. } => "too_large",
            Self::Redirects { .. } => "too_many_redirects",
            Self::Http(_) => "http",
        }
    }

    /// Whether the same call may succeed later, without a change at the other end.
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Lookup(_) | Self::Timeout | Self::Connect(_) | Self::Tls(_) | Self::Http(_)
        )
    }

    /// Finds the cause that tells most in what the HTTP client reports.
    pub(super) fn of(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let mut last = error.to_string();
        while let Some(at) = cause {
            if let Some(fault) = at.downcast_ref::<Self>() {
                return fault.clone();
            }
            if let Some(tls) = at.downcast_ref::<rustls::Error>() {
                return Self::of_tls(tls);
            }
            last = at.to_string();
            // An I/O error hides what it wraps from `source`, which gives the cause of that.
            let wrapped = at.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            cause = match wrapped {
                Some(inner) => Some(inner),
                None => at.source(),
            };
        }
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_connect() {
            Self::Connect(last)
        } else {
            Self::Http(last)
        }
    }

    fn of_tls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                Self::Certificate(error.to_string())
            }
            other => Self::Tls(other.to_string()),
        }
    }
}
