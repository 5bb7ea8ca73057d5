//! Tokens of the App's installations: one for each, asked for once, however many want it at the same moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use muster_store::{Secret, Timestamp};
use thiserror::Error;

use super::github::{Api, Failure, Issued};
use super::jwt::{AppKey, AppKeyError};
use crate::work::JobFailure;

/// A token that ends sooner is not given out any more: a fetch takes a while.
const LEFT: i64 = 10 * 60 * 1000;
/// Clocks that differ by more than this are reckoned with.
const SKEW: i64 = 30 * 1000;
/// Installations whose tokens are kept; beyond it those that have ended go.
const KEPT: usize = 1024;

/// Which App.
#[derive(Debug)]
pub struct App {
    /// Its number.
    pub id: u64,
    /// Its private key.
    pub key: AppKey,
    /// Where it asks, such as `https://api.github.com`.
    pub api_url: String,
}

/// Why an installation has no token. Fits "failed to ...".
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AppError {
    /// No address to ask at.
    #[error("ask GitHub for a token: MUSTER_GITHUB_API_URL is no address such as https://api.github.com")]
    Address,
    /// The key.
    #[error(transparent)]
    Key(#[from] AppKeyError),
    /// No answer, or none that says anything.
    #[error("ask GitHub for a token: {0}")]
    Unreachable(String),
    /// GitHub does not take us for the App.
    #[error(
        "ask GitHub for a token: it does not take us for the App ({0}); check MUSTER_GITHUB_APP_ID, the private key and this machine's clock"
    )]
    NotBelieved(String),
    /// There is no such installation, or not yet.
    #[error("ask GitHub for a token of installation {installation}: there is none, or not yet")]
    NotFound {
        /// Which.
        installation: i64,
    },
    /// Suspended, most often.
    #[error("ask GitHub for a token of installation {installation}: it refuses ({said})")]
    Refused {
        /// Which.
        installation: i64,
        /// Why.
        said: String,
    },
    /// It asked too often.
    #[error("ask GitHub for a token of installation {installation}: it has to wait until {until}")]
    Limited {
        /// Which.
        installation: i64,
        /// Until when.
        until: Timestamp,
    },
}

impl AppError {
    /// What becomes of a job that needed the token.
    pub(super) fn failure(&self, message: String) -> JobFailure {
        match self {
            Self::Address | Self::Key(_) => JobFailure::permanent("App misconfigured", message),
            Self::Unreachable(_) => JobFailure::retry("GitHub unreachable", message),
            Self::NotBelieved(_) => JobFailure::retry("App not believed", message),
            Self::NotFound { .. } => JobFailure::retry("installation gone", message),
            Self::Refused { .. } => JobFailure::retry("installation refused", message),
            Self::Limited { until, .. } => JobFailure {
                remedy: crate::work::Remedy::Limited(*until),
                ..JobFailure::retry("rate limit", message)
            },
        }
    }
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// What was found out of one installation.
#[derive(Debug)]
enum Kept {
    Token(Issued),
    /// Nobody asks before then.
    Wait(Timestamp),
}

/// Tokens of the App's installations.
#[derive(Debug)]
pub struct InstallationTokens {
    app: App,
    api: Api,
    slots: Mutex<HashMap<i64, Slot>>,
    /// How far GitHub's clock is ahead of ours, in milliseconds.
    skew: std::sync::atomic::AtomicI64,
}

impl InstallationTokens {
    /// Nothing is asked yet.
    pub fn new(app: App) -> Result<Self, AppError> {
        let api = Api::new(&app.api_url)?;
        Ok(Self { app, api, slots: Mutex::default(), skew: Default::default() })
    }

    /// A token of an installation that holds for some minutes at least.
    pub async fn token(&self, installation: i64, now: Timestamp) -> Result<Secret, AppError> {
        let slot = self.slot(installation);
        // Held while it is asked for: who comes second waits for the first one's answer.
        let mut kept = slot.lock().await;
        match &*kept {
            Some(Kept::Token(issued)) if issued.expires_at.0 - now.0 > LEFT => {
                return Ok(copy(&issued.token));
            }
            Some(Kept::Wait(until)) if *until > now => {
                return Err(AppError::Limited { installation, until: *until });
            }
            _ => {}
        }
        match self.ask(installation, now).await {
            Ok(issued) => {
                let token = copy(&issued.token);
                *kept = Some(Kept::Token(issued));
                Ok(token)
            }
            Err(error) => {
                *kept = match &error {
                    AppError::Limited { until, .. } => Some(Kept::Wait(*until)),
                    _ => None,
                };
                Err(error)
            }
        }
    }

    fn slot(&self, installation: i64) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        slots.entry(installation).or_default().clone()
    }

    /// Asks, and once more where GitHub's clock is another than ours.
    async fn ask(&self, installation: i64, now: Timestamp) -> Result<Issued, AppError> {
        use std::sync::atomic::Ordering::Relaxed;
        let skew = self.skew.load(Relaxed);
        let said = match self.attempt(installation, now, skew).await {
            Err(Failure::NotBelieved(Some(theirs), said)) => {
                let found = theirs.0 - now.0;
                if (found - skew).abs() <= SKEW {
                    return Err(AppError::NotBelieved(said));
                }
                tracing::warn!(
                    seconds = found / 1000,
                    "GitHub's clock is ahead of this machine's by so much"
                );
                self.skew.store(found, Relaxed);
                self.attempt(installation, now, found).await
            }
            other => other,
        };
        said.map_err(|failure| match failure {
            Failure::NotBelieved(_, said) => AppError::NotBelieved(said),
            Failure::Other(error) => error,
        })
    }

    async fn attempt(&self, installation: i64, now: Timestamp, skew: i64) -> Result<Issued, Failure> {
        let theirs = Timestamp(now.0.saturating_add(skew));
        let jwt = self.app.key.token(self.app.id, theirs).map_err(|error| Failure::Other(error.into()))?;
        let issued = self.api.issue(installation, &jwt, now).await?;
        // When it ends is told by their clock.
        Ok(Issued { expires_at: Timestamp(issued.expires_at.0.saturating_sub(skew)), ..issued })
    }
}

fn copy(secret: &Secret) -> Secret {
    Secret::from(secret.expose().to_vec())
}
