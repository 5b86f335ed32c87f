//! `POST /ingest/domain`: one company, by whatever names it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use hunter_core::contacts::{Choice, choose_domain};
use hunter_store::companies::{Arrival, Companies as _, Source};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::Json as Body;
use crate::http::problem::{Problem, ProblemBody};

/// How far what somebody sends by hand is believed; a higher rank wins.
const RANK: i16 = 10;

/// A company.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct NewCompany {
    /// The domain, a web address or an e-mail address. A valid one wins over the other fields.
    #[schema(example = "ornek.com.tr", max_length = 2048)]
    domain: String,
    /// Its name.
    #[serde(default)]
    #[schema(max_length = 500)]
    company_name: Option<String>,
    /// An address there; it names the company where the other fields do not, unless it is free mail.
    #[serde(default)]
    #[schema(max_length = 2048)]
    email: Option<String>,
    /// Its web site.
    #[serde(default)]
    #[schema(max_length = 2048)]
    website: Option<String>,
}

/// What was taken in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TakenIn {
    domain: String,
    company_id: i64,
    message: String,
    /// The field that named the domain: `domain`, `website` or `email`.
    chosen_from: String,
    /// What was probably meant, where the domain looks misspelt.
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<String>,
    /// Why other fields were passed over.
    passed_over: Vec<PassedOver>,
}

/// A field that did not name the domain.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PassedOver {
    field: String,
    code: &'static str,
    reason: String,
}

/// Takes in one company. Sending it again changes nothing but what is newly known.
#[utoipa::path(post, path = "/ingest/domain", tag = "ingest", request_body = NewCompany, responses(
    (status = 201, body = TakenIn),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "Its owner opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "No field names a domain.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn ingest_domain(
    State(app): State<App>,
    Body(company): Body<NewCompany>,
) -> Result<(StatusCode, Json<TakenIn>), Problem> {
    let NewCompany { domain, company_name, email, website } = company;
    let choice =
        choose_domain(Some(&domain), website.as_deref(), email.as_deref()).map_err(|none| {
            let problem = Problem::new("validation", "no field names a domain");
            none.rejected.iter().fold(problem, |problem, refused| {
                problem.and(format!("/{}", refused.field), refused.why.to_string())
            })
        })?;
    let arrival = Arrival {
        company_name: company_name.filter(|name| !name.trim().is_empty()),
        website,
        contact_emails: email.into_iter().filter(|email| !email.trim().is_empty()).collect(),
        ..Arrival::new(
            choice.domain.clone(),
            Source { name: "api".into(), rank: RANK },
            OffsetDateTime::now_utc(),
        )
    };
    let mut unit = app.db.begin().await?;
    let outcomes = unit.import(vec![arrival]).await?;
    unit.commit().await?;
    let Some(company_id) = outcomes.first().and_then(|outcome| outcome.company_id) else {
        let detail = format!("the owner of `{}` opted out", choice.domain);
        return Err(Problem::new("opted_out", detail));
    };
    Ok((StatusCode::CREATED, Json(taken_in(choice, company_id))))
}

fn taken_in(choice: Choice, company_id: i64) -> TakenIn {
    let Choice { domain, from, suggestion, rejected } = choice;
    TakenIn {
        message: format!("`{domain}` was taken in, as named by `{from}`"),
        domain: domain.to_string(),
        company_id,
        chosen_from: from.to_string(),
        suggestion,
        passed_over: rejected
            .into_iter()
            .map(|refused| PassedOver {
                field: refused.field.to_string(),
                code: refused.why.code(),
                reason: refused.why.to_string(),
            })
            .collect(),
    }
}
