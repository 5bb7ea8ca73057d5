//! All routes of the service as one: each part brings its own, and what none of them knows is answered here.

use axum::Router;
use axum::http::{Method, StatusCode, Uri};

use super::Problem;

/// The parts as one. What is not found, and a method that a route does not know, are answered as problems.
pub fn routes(parts: impl IntoIterator<Item = Router>) -> Router {
    let whole = parts.into_iter().fold(Router::new(), Router::merge);
    whole.fallback(not_found).method_not_allowed_fallback(not_allowed)
}

async fn not_found(_: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing at this address")
}

/// The header `Allow` is added by the router, which knows the methods.
async fn not_allowed(_: Method) -> Problem {
    let detail = "this address does not take this method; the header Allow names those that it takes";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
