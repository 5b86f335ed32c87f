//! What a route asks of its caller, said where the route is listed.

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use hunter_store::api_keys::Scope;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{
    ContentBuilder, PathItem, Ref, RefOr, Response as Described, ResponseBuilder,
};
use utoipa_axum::router::{UtoipaMethodRouter, UtoipaMethodRouterExt as _};

use super::identify::{Caller, key_missing};
use crate::http::App;
use crate::http::problem::Problem;

/// Routes for keys with a scope, and for this machine where no keys are asked for.
pub(crate) fn needs(scope: Scope, routes: UtoipaMethodRouter<App>) -> UtoipaMethodRouter<App> {
    guarded(scope, false, routes)
}

/// Routes for keys with a scope, whatever the settings say.
pub(crate) fn always_needs(
    scope: Scope,
    routes: UtoipaMethodRouter<App>,
) -> UtoipaMethodRouter<App> {
    guarded(scope, true, routes)
}

/// Says of routes that this machine is let in without a key, whatever the settings say.
pub(crate) fn open_to_this_machine(
    (schemas, mut paths, methods): UtoipaMethodRouter<App>,
) -> UtoipaMethodRouter<App> {
    for operation in paths.paths.values_mut().flat_map(operations) {
        operation.security.get_or_insert_default().push(SecurityRequirement::default());
    }
    (schemas, paths, methods)
}

fn guarded(
    scope: Scope,
    always: bool,
    (schemas, mut paths, methods): UtoipaMethodRouter<App>,
) -> UtoipaMethodRouter<App> {
    for item in paths.paths.values_mut() {
        operations(item).for_each(|operation| describe(operation, scope));
    }
    let check = move |request: Request, next: Next| async move {
        match refusal(request.extensions().get(), scope, always) {
            None => next.run(request).await,
            Some(problem) => problem.into_response(),
        }
    };
    (schemas, paths, methods).layer(from_fn(check))
}

fn refusal(caller: Option<&Caller>, scope: Scope, always: bool) -> Option<Problem> {
    match caller {
        Some(Caller::Local) if !always => None,
        Some(Caller::Key(key)) if key.scopes.allow(scope) => None,
        Some(Caller::Key(_)) => {
            let detail = format!("this needs a key with the scope `{scope}`");
            Some(Problem::new("scope_missing", detail))
        }
        Some(Caller::Local | Caller::Nobody) | None => Some(key_missing()),
    }
}

pub(crate) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch]
        .into_iter()
        .filter_map(Option::as_mut)
}

/// Says in the document which scope is needed, and what comes without it.
fn describe(operation: &mut Operation, scope: Scope) {
    let needed = [scope.as_str()];
    operation.security = Some(vec![
        SecurityRequirement::new("api_key", needed),
        SecurityRequirement::new("bearer", needed),
    ]);
    for (status, description) in [
        ("401", "The request has no key, or one that is not accepted."),
        ("403", "The key lacks the scope, or the request came under a name of another machine."),
        ("429", "Too many requests; `Retry-After` says when to come again."),
    ] {
        let responses = &mut operation.responses.responses;
        responses.entry(status.into()).or_insert_with(|| RefOr::T(problem(description)));
    }
}

fn problem(description: &str) -> Described {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
    ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", content)
        .build()
}
