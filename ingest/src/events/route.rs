//! The handler: a stream for whoever may have one.

use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::Events;
use super::bearer::{Caller, Stranger};
use super::stream;
use crate::serve::Problem;

/// When to try again where there are too many streams.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Where the client wants to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// From now on.
    Now,
    /// Behind this seq. One that cannot be read was never given: -1 is such a one.
    Behind(i64),
}

fn asked(headers: &HeaderMap) -> Asked {
    match headers.get("last-event-id") {
        None => Asked::Now,
        Some(id) if id.is_empty() => Asked::Now,
        Some(id) => Asked::Behind(id.to_str().ok().and_then(|id| id.trim().parse().ok()).unwrap_or(-1)),
    }
}

/// Answers with a stream of events.
pub(super) async fn follow(
    State(events): State<Events>,
    caller: Caller,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let shared = &events.0;
    let tenant = shared.store.tenant(caller.bearer.tenant);
    // Followed before it is asked where to begin: nothing falls in between.
    let Some(follower) = shared.followed.follow(tenant.id()) else {
        let says = "there are as many streams as there may be at once; end one, or try again later";
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_streams", says);
        return Err(problem.retry_after(RETRY_AFTER).into_response());
    };
    let after = match asked(&headers) {
        Asked::Behind(seq) => seq,
        Asked::Now => tenant.change_seq().await.map_err(|reason| {
            tracing::warn!(tenant.id = %tenant.id(), error = %reason, "changes cannot be read");
            Stranger::Unavailable.into_response()
        })?,
    };
    let body = stream::open(events, caller.token, tenant, follower, after);
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // nginx keeps answers back until it has a page of them, unless it is told not to.
        (axum::http::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_seq_was_never_given() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("last-event-id", value.parse().unwrap());
            asked(&headers)
        };
        assert_eq!(asked(&HeaderMap::new()), Asked::Now);
        assert_eq!((of(""), of("0"), of(" 42 ")), (Asked::Now, Asked::Behind(0), Asked::Behind(42)));
        for odd in ["x", "4.2", "99999999999999999999", "1 2"] {
            assert_eq!(of(odd), Asked::Behind(-1), "{odd}");
        }
    }
}
