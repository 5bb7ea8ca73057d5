//! What is answered, and what is counted, for everything that can become of a delivery.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use muster_store::Recorded;
use serde_json::json;
use thiserror::Error;

use crate::serve::Problem;
use crate::verify::Refusal;

/// When to try again what failed for want of something that comes back.
const AGAIN: Duration = Duration::from_secs(10);

/// Why a delivery was not taken. Nothing was answered 2xx, so nobody relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotTaken {
    /// It is not what it has to be.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Bodies in flight take up all the memory that they may.
    #[error("too many deliveries are on their way in; try again")]
    NoRoom,
    /// Its body came too slowly.
    #[error("the body came too slowly")]
    TooSlow,
    /// Its body broke off.
    #[error("the body broke off")]
    Incomplete,
    /// It could not be recorded, or nobody could tell whether it may be.
    #[error("deliveries cannot be recorded at present; try again")]
    Unavailable,
}

impl NotTaken {
    /// A stable word for programs and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::NoRoom => "too_many_bodies",
            Self::TooSlow => "body_too_slow",
            Self::Incomplete => "body_incomplete",
            Self::Unavailable => "unavailable",
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::Refused(refusal) => {
                StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST)
            }
            Self::NoRoom | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Incomplete => StatusCode::BAD_REQUEST,
        }
    }
}

/// Counts what became of a delivery.
fn count(outcome: &'static str) {
    metrics::counter!("muster_deliveries_total", "outcome" => outcome).increment(1);
}

impl IntoResponse for NotTaken {
    fn into_response(self) -> Response {
        count(self.code());
        let problem = Problem::new(self.status(), self.code(), self.to_string());
        match self {
            Self::NoRoom | Self::Unavailable => problem.retry_after(AGAIN).into_response(),
            Self::Refused(_) | Self::TooSlow | Self::Incomplete => problem.into_response(),
        }
    }
}

/// The answer to one that is on the disk.
pub(super) fn recorded(recorded: Recorded) -> Response {
    let (status, outcome) = match recorded {
        Recorded::New(_) => (StatusCode::ACCEPTED, "recorded"),
        Recorded::Repeat => (StatusCode::OK, "repeat"),
        Recorded::Conflict => (StatusCode::OK, "conflict"),
    };
    count(outcome);
    (status, Json(json!({ "outcome": outcome }))).into_response()
}
