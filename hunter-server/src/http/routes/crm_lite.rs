//! Notes, tags and favourites: still readable. Writing them is the CRM's business now.

use axum::Json;
use axum::extract::State;
use hunter_store::crm_lite::{CrmLite as _, Note, UserTag};

use super::company;
use crate::http::App;
use crate::http::extract::DomainPath;
use crate::http::problem::{Problem, ProblemBody};

/// The notes of a lead, the oldest first.
#[utoipa::path(get, path = "/leads/{domain}/notes", tag = "crm-lite", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 200, body = Vec<Note>),
    (status = 404, description = "Nothing is known of it.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn notes(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
) -> Result<Json<Vec<Note>>, Problem> {
    let mut unit = app.db.read().await?;
    let company = company(&mut unit, &domain).await?;
    Ok(Json(unit.notes(company.company_id).await?))
}

/// The tags that people gave a lead.
#[utoipa::path(get, path = "/leads/{domain}/tags", tag = "crm-lite", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), responses(
    (status = 200, body = Vec<UserTag>),
    (status = 404, description = "Nothing is known of it.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn tags(
    State(app): State<App>,
    DomainPath(domain): DomainPath,
) -> Result<Json<Vec<UserTag>>, Problem> {
    let mut unit = app.db.read().await?;
    let company = company(&mut unit, &domain).await?;
    Ok(Json(unit.user_tags(company.company_id).await?))
}

/// What became of a write.
fn gone(what: &str, instead: &str) -> Problem {
    Problem::new("gone", format!("{what} are written in the CRM now: {instead}"))
}

macro_rules! gone_writes {
    ($($(#[$doc:meta])* $name:ident $method:ident $path:literal ($($param:literal)*) => $what:literal, $instead:literal;)*) => {$(
        $(#[$doc])*
        #[utoipa::path($method, path = $path, tag = "crm-lite", params(
            $(($param = String, Path, description = "As ever."),)*
        ), responses(
            (status = 410, description = "Gone; `detail` names the replacement.", body = ProblemBody, content_type = "application/problem+json"),
        ))]
        pub(crate) async fn $name() -> Problem {
            gone($what, $instead)
        }
    )*};
}

gone_writes! {
    /// Gone: notes are written in the CRM.
    add_note post "/leads/{domain}/notes" ("domain")
        => "notes", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: notes are written in the CRM.
    change_note put "/leads/{domain}/notes/{id}" ("domain" "id")
        => "notes", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: notes are written in the CRM.
    delete_note delete "/leads/{domain}/notes/{id}" ("domain" "id")
        => "notes", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: tags are given in the CRM.
    add_tag post "/leads/{domain}/tags" ("domain")
        => "tags", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: tags are given in the CRM.
    delete_tag delete "/leads/{domain}/tags/{id}" ("domain" "id")
        => "tags", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: favourites are kept in the CRM.
    add_favourite post "/leads/{domain}/favorite" ("domain")
        => "favourites", "`POST /dynamics/sync/{domain}` makes the lead there";
    /// Gone: favourites are kept in the CRM.
    delete_favourite delete "/leads/{domain}/favorite" ("domain")
        => "favourites", "`POST /dynamics/sync/{domain}` makes the lead there";
}
