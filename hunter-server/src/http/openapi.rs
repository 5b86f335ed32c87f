//! The document that describes the interface, and the pages that show it.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required};
use utoipa_swagger_ui::SwaggerUi;

use super::layers::operations;
use super::{App, error_page};

/// The document without its paths.
pub(super) fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Hunter")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Which companies to call first, why, and what to say.\n\nEvery path under `/api/v1` also \
             answers without that prefix, with `Deprecation`, `Sunset` and `Link` headers. Requests with a key, \
             and where addresses are limited, are answered with `RateLimit` and `RateLimit-Policy` \
             (draft-ietf-httpapi-ratelimit-headers-10). Errors are \
             `application/problem+json` (RFC 9457) with a stable `code`.",
        ))
        .build();
    let header = ApiKeyValue::with_description("X-API-Key", "A key of `hunter keys create`.");
    let components = ComponentsBuilder::new()
        .security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(header)))
        .security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// Adds what the annotations of routes cannot say: that an empty parameter is one that was left out.
pub(super) fn complete(document: &mut OpenApi) {
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        for parameter in operation.parameters.iter_mut().flatten() {
            let RefOr::T(parameter) = parameter else { continue };
            let is_optional = parameter.required != Required::True;
            if parameter.parameter_in == ParameterIn::Query && is_optional {
                let extensions = parameter.extensions.get_or_insert_default();
                extensions.insert("allowEmptyValue".to_owned(), true.into());
            }
        }
    }
}

/// The document, and its interactive page: all of it is served from here.
pub(super) fn pages(document: &OpenApi) -> Router<App> {
    let json = document.to_json().expect("the document has a JSON form");
    let json = Bytes::from(json);
    Router::new()
        .merge(SwaggerUi::new("/docs").config(utoipa_swagger_ui::Config::new(["/openapi.json"])))
        .route("/docs/errors", get(|| async { error_page::page() }))
        .route(
            "/openapi.json",
            get(move || async move { ([(CONTENT_TYPE, "application/json")], json) }),
        )
}
