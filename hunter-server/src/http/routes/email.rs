//! `POST /email/generate` and `/email/generate-and-validate`: which addresses somebody may have, and what
//! speaks for each.

use axum::Json;
use axum::extract::State;
use hunter_core::Domain;
use hunter_core::contacts::{AddressPattern, PersonName, assess_contacts, guess_addresses};
use hunter_store::companies::Companies as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::App;
use crate::http::extract::{Json as Body, domain_of};
use crate::http::problem::{Problem, ProblemBody};
use crate::services::addresses::{self, CheckedAddress, Mail};

/// The longest name.
const LONGEST_NAME: usize = 200;

/// Whose addresses.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(crate) struct Whose {
    /// The company's domain, a web address or an e-mail address.
    #[schema(example = "ornek.com.tr", max_length = 2048)]
    domain: String,
    /// A person's whole name. Without one, the mailboxes that companies have for functions.
    #[serde(default)]
    #[schema(example = "Ayşe Yılmaz", max_length = 200)]
    name: Option<String>,
    /// The person's first name, in place of `name`.
    #[serde(default)]
    #[schema(max_length = 200)]
    first_name: Option<String>,
    /// The person's family name.
    #[serde(default)]
    #[schema(max_length = 200)]
    last_name: Option<String>,
}

/// Addresses that somebody may have, the most likely first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Generated {
    domain: Domain,
    emails: Vec<String>,
    /// How the addresses are built that are known of the company; `null` where none tells.
    #[schema(value_type = Option<String>, example = "firstname.lastname")]
    pattern: Option<AddressPattern>,
}

/// Addresses that somebody may have, with what speaks for each.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Validated {
    domain: Domain,
    emails: Vec<String>,
    #[schema(value_type = Option<String>, example = "firstname.lastname")]
    pattern: Option<AddressPattern>,
    /// Whether the domain takes mail.
    mx: Mail,
    /// The hosts that take it, the most preferred first.
    mx_hosts: Vec<String>,
    /// Why it is not known whether the domain takes mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    mx_unknown_reason: Option<String>,
    /// Whether mail servers were asked.
    smtp_probe: bool,
    results: Vec<CheckedAddress>,
}

impl Whose {
    fn domain(&self) -> Result<Domain, Problem> {
        domain_of(&self.domain, "/domain")
    }

    fn person(&self) -> Result<Option<PersonName>, Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let (name, first, last) =
            (given(&self.name), given(&self.first_name), given(&self.last_name));
        for (pointer, text) in [("/name", &name), ("/first_name", &first), ("/last_name", &last)] {
            if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_NAME) {
                return Err(Problem::field(pointer, format!("use at most {LONGEST_NAME} letters")));
            }
        }
        let (pointer, person) = match (&name, &first, &last) {
            (_, Some(first), last) => ("/first_name", PersonName::new(first, last.as_deref())),
            (None, None, Some(_)) => {
                return Err(Problem::field("/first_name", "is needed beside a family name"));
            }
            (Some(name), None, _) => ("/name", PersonName::parse(name)),
            (None, None, None) => return Ok(None),
        };
        let wrong = || Problem::field(pointer, "has no letters that an address could have");
        person.map(Some).ok_or_else(wrong)
    }
}

/// What is guessed, by the pattern of the addresses that are known of the company.
async fn generate_for(app: &App, asked: &Whose) -> Result<Generated, Problem> {
    let (domain, person) = (asked.domain()?, asked.person()?);
    let company = app.db.read().await?.company(&domain).await?;
    let pattern = company.and_then(|company| {
        let known: Vec<&str> = company.contact_emails.iter().map(String::as_str).collect();
        assess_contacts(&domain, &known).pattern
    });
    let emails = guess_addresses(&domain, person.as_ref(), pattern);
    Ok(Generated { domain, emails, pattern })
}

/// Addresses that somebody at a company may have: Turkish letters are folded, and the pattern of addresses
/// that are known comes first. Nothing is asked of anybody.
#[utoipa::path(post, path = "/email/generate", tag = "email", request_body = Whose, responses(
    (status = 200, body = Generated),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn generate(
    State(app): State<App>,
    Body(asked): Body<Whose>,
) -> Result<Json<Generated>, Problem> {
    generate_for(&app, &asked).await.map(Json)
}

/// The same, with what speaks for each address: its syntax, whether the domain takes mail, and, where the
/// service is set up so, what its mail server says. What nobody knows is `unknown`, and never `invalid`.
#[utoipa::path(post, path = "/email/generate-and-validate", tag = "email", request_body = Whose, responses(
    (status = 200, body = Validated),
    (status = 400, description = "The body is no JSON.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 409, description = "The owner of the domain opted out.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 413, description = "The body is too large.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 415, description = "The body is not `application/json`.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "A field is wrong.", body = ProblemBody, content_type = "application/problem+json"),
    (status = 503, description = "It took too long.", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(crate) async fn generate_and_validate(
    State(app): State<App>,
    Body(asked): Body<Whose>,
) -> Result<Json<Validated>, Problem> {
    let Generated { domain, emails, pattern } = generate_for(&app, &asked).await?;
    let seen = app.scans.look(&domain).await?;
    let exchangers = addresses::exchangers(&seen);
    let results = addresses::check(app.smtp(), &domain, &exchangers, &emails).await;
    Ok(Json(Validated {
        domain,
        emails,
        pattern,
        mx: exchangers.mail,
        mx_hosts: exchangers.hosts,
        mx_unknown_reason: exchangers.reason,
        smtp_probe: app.smtp().is_some(),
        results,
    }))
}
