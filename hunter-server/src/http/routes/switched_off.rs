//! What the contract has and this version does not: answered with `feature_disabled` until it is built.

use crate::http::extract::DomainPath;
use crate::http::problem::{Problem, ProblemBody};

fn off(what: &str) -> Problem {
    Problem::new("feature_disabled", format!("{what} is not part of this version"))
}

macro_rules! switched_off {
    ($($(#[$doc:meta])* $name:ident $method:ident $path:literal $tag:literal => $what:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path($method, path = $path, tag = $tag, responses(
            (status = 400, description = "It is not part of this version.", body = ProblemBody, content_type = "application/problem+json"),
        ))]
        pub(crate) async fn $name() -> Problem {
            off($what)
        }
    )*};
}

switched_off! {
    /// Fetches referrals of the Partner Center. Not built yet.
    referrals_sync post "/referrals/sync" "referrals" => "fetching referrals";
    /// The same at a path of old.
    referrals_sync_of_old post "/api/referrals/sync" "referrals" => "fetching referrals";
    /// Referrals that were fetched. Not built yet.
    referrals get "/referrals" "referrals" => "fetching referrals";
    /// Writes many leads to Dynamics 365. Not built yet.
    dynamics_bulk_sync post "/dynamics/bulk-sync" "dynamics" => "writing to Dynamics 365";
    /// Delivers the alerts that wait. Not built yet: alerts are recorded, and `GET /alerts` has them.
    alerts_deliver post "/alerts/deliver" "alerts" => "delivering alerts";
}

/// Writes a lead to Dynamics 365. Not built yet.
#[utoipa::path(post, path = "/dynamics/sync/{domain}", tag = "dynamics", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 400, description = "It is not part of this version.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn dynamics_sync(DomainPath(_domain): DomainPath) -> Problem {
    off("writing to Dynamics 365")
}

/// What was written of a lead to Dynamics 365. Not built yet.
#[utoipa::path(get, path = "/dynamics/status/{domain}", tag = "dynamics", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 400, description = "It is not part of this version.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn dynamics_status(DomainPath(_domain): DomainPath) -> Problem {
    off("writing to Dynamics 365")
}
