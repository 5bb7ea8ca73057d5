//! One question to GitHub's API: give a token for this installation.
//!
//! Plain hyper. octocrab was tried: it is the longest to compile of all that we use, for one call of which its typed errors
//! hide the headers that say when to come back.

use std::time::Duration;

use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, USER_AGENT};
use axum::http::{HeaderMap, Request, StatusCode, Uri};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use muster_store::{Secret, Timestamp};
use serde::Deserialize;
use tokio::time::timeout;

use super::app::AppError;
use super::{limits, times};

/// An answer is some hundred bytes.
const LONGEST: usize = 256 * 1024;
const PATIENCE: Duration = Duration::from_secs(15);
/// A token's lifetime where it is not said: an hour, says GitHub; this is on the safe side.
const LIFETIME: i64 = 30 * 60 * 1000;

/// What asks.
#[derive(Clone, Debug)]
pub(super) struct Api {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
}

/// A token and when it ends.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) token: Secret,
    pub(super) expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Answer {
    token: String,
    expires_at: Option<String>,
}

#[derive(Deserialize)]
struct Refused {
    message: Option<String>,
}

/// Why there was no token this time.
#[derive(Debug)]
pub(super) enum Failure {
    /// GitHub does not believe that it is the App; its clock says this.
    NotBelieved(Option<Timestamp>, String),
    /// Anything else.
    Other(AppError),
}

impl Api {
    /// Asks at this address.
    pub(super) fn new(url: &str) -> Result<Self, AppError> {
        let parsed: Uri = url.parse().map_err(|_| AppError::Address)?;
        let is_here = matches!(parsed.host(), Some("127.0.0.1" | "[::1]" | "localhost"));
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(|error| AppError::Unreachable(error.to_string()))?;
        // A token in the open is for this machine alone.
        let connector = if is_here { connector.https_or_http() } else { connector.https_only() };
        let client = Client::builder(TokioExecutor::new()).build(connector.enable_http1().build());
        Ok(Self { client, url: url.trim_end_matches('/').to_owned() })
    }

    /// A new token of an installation, which may read contents and nothing else.
    pub(super) async fn issue(
        &self,
        installation: i64,
        jwt: &str,
        now: Timestamp,
    ) -> Result<Issued, Failure> {
        let request = Request::post(format!("{}/app/installations/{installation}/access_tokens", self.url))
            .header(ACCEPT, "application/vnd.github+json")
            .header("x-github-api-version", "2022-11-28")
            .header(USER_AGENT, concat!("muster/", env!("CARGO_PKG_VERSION")))
            .header(AUTHORIZATION, format!("Bearer {jwt}"))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::from(r#"{"permissions":{"contents":"read","metadata":"read"}}"#))
            .map_err(|_| Failure::Other(AppError::Address))?;
        let (status, headers, body) = timeout(PATIENCE, self.ask(request))
            .await
            .unwrap_or_else(|_| Err(AppError::Unreachable("it takes too long".to_owned())))
            .map_err(Failure::Other)?;
        if status == StatusCode::CREATED {
            return issued(&body, now).map_err(Failure::Other);
        }
        let said = serde_json::from_slice::<Refused>(&body).ok().and_then(|refused| refused.message);
        let said: String = said.unwrap_or_else(|| status.to_string()).chars().take(300).collect();
        if let Some(until) = limits::until(status, &headers, now) {
            return Err(Failure::Other(AppError::Limited { installation, until }));
        }
        Err(match status {
            StatusCode::UNAUTHORIZED => {
                let date = headers.get(DATE).and_then(|date| times::http_date(date.to_str().ok()?));
                Failure::NotBelieved(date, said)
            }
            StatusCode::FORBIDDEN => Failure::Other(AppError::Refused { installation, said }),
            // Right after an installation was made it may not be known everywhere yet.
            StatusCode::NOT_FOUND => Failure::Other(AppError::NotFound { installation }),
            _ => Failure::Other(AppError::Unreachable(said)),
        })
    }

    async fn ask(&self, request: Request<Full<Bytes>>) -> Result<(StatusCode, HeaderMap, Bytes), AppError> {
        let unreachable = |error: &dyn std::error::Error| {
            let mut reason = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                reason = format!("{reason}: {error}");
                source = error.source();
            }
            AppError::Unreachable(reason)
        };
        let response = self.client.request(request).await.map_err(|error| unreachable(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, LONGEST).collect().await.map_err(|error| unreachable(&*error))?;
        Ok((head.status, head.headers, body.to_bytes()))
    }
}

fn issued(body: &[u8], now: Timestamp) -> Result<Issued, AppError> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|_| AppError::Unreachable("its answer holds no token".to_owned()))?;
    let said = answer.expires_at.as_deref().and_then(times::rfc3339);
    let expires_at = said.unwrap_or(Timestamp(now.0 + LIFETIME));
    Ok(Issued { token: answer.token.into(), expires_at })
}
