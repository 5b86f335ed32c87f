//! `POST /leads/{domain}/enrich`: contact addresses for a lead.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::no_lead;
use crate::http::App;
use crate::http::extract::{DomainPath, Json as Body};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::enrich::{Enriched, enrich as add};
use crate::services::keys::Actor;

/// The most addresses of one request.
const MOST: usize = 1_000;
/// The longest text that may be an address: a display name and 254 letters (RFC 5321 §4.5.3.1).
const LONGEST: usize = 512;

/// Addresses.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewContacts {
    /// E-mail addresses, in whatever form people write them. They are added to those that are known.
    #[schema(min_items = 1, max_items = 1000, example = json!(["ali.veli@ornek.com.tr"]))]
    contact_emails: Vec<String>,
}

/// What is known of the contacts now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Contacts {
    domain: String,
    /// Every address that is known.
    contact_emails: Vec<String>,
    /// How good they are, 0 to 100.
    contact_quality_score: Option<i16>,
    /// How the company builds the addresses of its people; `null` where they do not show it.
    linkedin_pattern: Option<String>,
    message: String,
    /// The texts that are no addresses, as they were sent.
    rejected: Vec<String>,
}

/// Adds contact addresses to a lead.
#[utoipa::path(post, path = "/leads/{domain}/enrich", tag = "leads", params(
    ("domain" = String, Path, description = "The domain, a web address or an e-mail address."),
), request_body = NewContacts, responses(
    (status = 200, body = Contacts),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 404, description = "It was not scanned yet.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "Its owner opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "That is no domain, or no address was given.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn enrich(
    State(app): State<App>,
    actor: Actor,
    DomainPath(domain): DomainPath,
    Body(NewContacts { contact_emails }): Body<NewContacts>,
) -> Result<Json<Contacts>, Problem> {
    if !(1..=MOST).contains(&contact_emails.len()) {
        return Err(Problem::field("/contact_emails", format!("use 1 to {MOST} addresses")));
    }
    if let Some(at) = contact_emails.iter().position(|text| text.chars().count() > LONGEST) {
        let pointer = format!("/contact_emails/{at}");
        return Err(Problem::field(pointer, format!("is longer than {LONGEST} letters")));
    }
    let recorder = app.scans.recorder();
    match add(&app.db, recorder, &domain, &contact_emails, &actor).await? {
        Enriched::Taken(lead, rejected) => Ok(Json(Contacts {
            message: format!(
                "{} of {} texts were taken as addresses of `{domain}`",
                contact_emails.len() - rejected.len(),
                contact_emails.len()
            ),
            domain: lead.domain,
            contact_emails: lead.contact_emails,
            contact_quality_score: lead.contact_quality_score,
            linkedin_pattern: lead.linkedin_pattern,
            rejected,
        })),
        Enriched::NoLead => Err(no_lead(&domain)),
        Enriched::OptedOut => {
            Err(Problem::new("opted_out", format!("the owner of `{domain}` opted out")))
        }
        Enriched::NoAddress => {
            let problem = Problem::new("validation", "no address was given");
            Err((0..contact_emails.len().min(20)).fold(problem, |problem, at| {
                problem.and(format!("/contact_emails/{at}"), "is no e-mail address")
            }))
        }
    }
}
