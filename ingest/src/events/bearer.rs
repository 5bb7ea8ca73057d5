//! Who asks: the bearer of an API token, and so one tenant.
//!
//! A token that is missing and one that is wrong get the same answer. `?tenant_id=` may repeat the token's tenant, for the
//! eyes of whoever reads the address; it never chooses one.

use std::time::Duration;

use axum::extract::{FromRequestParts, Query};
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use muster_store::{Bearer, FindTokenError, Store, Timestamp, Token};
use serde::Deserialize;
use tracing::{debug, warn};

use super::Events;
use crate::serve::Problem;

/// When to try again where the database does not answer.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Somebody whose token holds.
#[derive(Debug)]
pub(super) struct Caller {
    /// What he showed.
    pub(super) token: Token,
    /// Whom it speaks for.
    pub(super) bearer: Bearer,
}

/// Why he gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stranger {
    /// No token that holds.
    Unauthorized,
    /// A token of another tenant.
    OtherTenant,
    /// Nobody can say.
    Unavailable,
}

impl IntoResponse for Stranger {
    fn into_response(self) -> Response {
        match self {
            Self::Unauthorized => {
                let says = "show an API token that is valid: Authorization: Bearer muster_...";
                let mut response =
                    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", says).into_response();
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
                response
            }
            Self::OtherTenant => {
                let says = "this token is of another tenant than the one that tenant_id names";
                Problem::new(StatusCode::FORBIDDEN, "other_tenant", says).into_response()
            }
            Self::Unavailable => {
                let says = "the database does not answer; try again";
                let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", says);
                problem.retry_after(RETRY_AFTER).into_response()
            }
        }
    }
}

#[derive(Deserialize)]
struct Named {
    tenant_id: Option<String>,
}

/// The token of the one header that holds one.
fn shown(headers: &HeaderMap) -> Option<Token> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::parse(token.trim()).ok())?
}

/// Whom a token speaks for at this time.
pub(super) async fn recognise(store: &Store, token: &Token, now: Timestamp) -> Result<Bearer, Stranger> {
    let bearer = store.find_token(token, now).await.map_err(|error| match error {
        FindTokenError::Refused(reason) => {
            debug!(token = token.prefix(), ?reason, "a token is refused");
            Stranger::Unauthorized
        }
        FindTokenError::Store(reason) => {
            warn!(error = %reason, "nobody can say whose token this is");
            Stranger::Unavailable
        }
    })?;
    // That it was used is for people to look at: it is no reason to refuse.
    if bearer.touch
        && let Err(reason) = store.touch_token(token, now).await
    {
        warn!(error = %reason, "the use of a token cannot be noted");
    }
    Ok(bearer)
}

impl FromRequestParts<Events> for Caller {
    type Rejection = Stranger;

    async fn from_request_parts(parts: &mut Parts, events: &Events) -> Result<Self, Stranger> {
        let token = shown(&parts.headers).ok_or(Stranger::Unauthorized)?;
        let bearer = recognise(&events.0.store, &token, (events.0.clock)()).await?;
        let named = Query::<Named>::try_from_uri(&parts.uri).map_err(|_| Stranger::OtherTenant)?;
        let is_own = |named: &String| named.eq_ignore_ascii_case(&bearer.tenant.to_string());
        if !named.tenant_id.as_ref().is_none_or(is_own) {
            return Err(Stranger::OtherTenant);
        }
        Ok(Self { token, bearer })
    }
}

#[cfg(test)]
mod tests {
    use muster_store::SystemRandom;

    use super::*;

    #[test]
    fn one_header_with_one_whole_token_is_read() {
        let token = Token::generate(&SystemRandom).unwrap();
        let of = |values: &[String]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            shown(&headers).map(|token| token.hash())
        };
        let text = token.expose();
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(of(&[format!("{scheme} {text}")]), Some(token.hash()));
        }
        let bearer = format!("Bearer {text}");
        for none in [
            vec![],
            vec![String::new()],
            vec!["Bearer".to_owned()],
            vec![text.to_owned()],
            vec![format!("Basic {text}")],
            vec![format!("Bearer {}", &text[1..])],
            vec![bearer.clone(), bearer],
        ] {
            assert_eq!(of(&none), None, "{none:?}");
        }
    }
}
