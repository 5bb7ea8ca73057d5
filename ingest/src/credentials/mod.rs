//! With what a repository is fetched: the token that somebody gave, else one of the App's installation, else nothing.
//!
//! A token goes to whoever fetches and nowhere else: it is in no log, no job and no error, and `Debug` shows nothing of it.

mod app;
mod github;
mod jwt;
mod limits;
#[cfg(test)]
mod tests;
mod times;

pub use app::{App, AppError, InstallationTokens};
pub use jwt::{AppKey, AppKeyError};

use std::sync::Arc;

use muster_store::{ConnectionRecord, RepositoryId, Secret, StoreError, Tenant, Timestamp};
use thiserror::Error;

use crate::work::JobFailure;

/// What GitHub takes for a user where the password is a token.
const TOKEN_USER: &str = "x-access-token";

/// A user name and a password for one remote.
#[derive(Debug)]
pub struct FetchCredentials {
    /// The user name: any, for a token.
    pub username: &'static str,
    /// The token.
    pub password: Secret,
}

/// Where credentials come from.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    app: Option<Arc<InstallationTokens>>,
}

/// Why there are none, where there should be some. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// It was removed.
    #[error("find credentials for repository {0}: it is not connected any more")]
    NotConnected(RepositoryId),
    /// An installation's, and we are no App.
    #[error(
        "find credentials for installation {0}: no App is configured here; set MUSTER_GITHUB_APP_ID and MUSTER_GITHUB_PRIVATE_KEY_FILE"
    )]
    NoApp(i64),
    /// The App's own.
    #[error(transparent)]
    App(#[from] AppError),
    /// The database, or what is sealed in it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Credentials {
    /// Those of an App's installations too.
    pub fn of_app(app: InstallationTokens) -> Self {
        Self { app: Some(Arc::new(app)) }
    }

    /// What a tenant's repository is fetched with; `None`: it is public, as far as anybody said.
    ///
    /// A token that somebody gave for this repository comes first: it was given for a reason.
    pub async fn for_repository(
        &self,
        tenant: &Tenant,
        repository: RepositoryId,
        now: Timestamp,
    ) -> Result<Option<FetchCredentials>, CredentialsError> {
        let connection = tenant.find_connection(repository).await?;
        let connection = connection.filter(|one| one.is_active && one.connected_at.is_some());
        let connection = connection.ok_or(CredentialsError::NotConnected(repository))?;
        let password = if connection.has_token {
            tenant.access_token(repository).await?
        } else {
            self.of_installation(&connection, now).await?
        };
        Ok(password.map(|password| FetchCredentials { username: TOKEN_USER, password }))
    }

    async fn of_installation(
        &self,
        connection: &ConnectionRecord,
        now: Timestamp,
    ) -> Result<Option<Secret>, CredentialsError> {
        let Some(installation) = connection.installation else { return Ok(None) };
        let app = self.app.as_ref().ok_or(CredentialsError::NoApp(installation))?;
        Ok(Some(app.token(installation, now).await?))
    }
}

impl From<CredentialsError> for JobFailure {
    fn from(error: CredentialsError) -> Self {
        let message = format!("failed to {error}");
        match &error {
            CredentialsError::NotConnected(_) => Self::permanent("not connected", message),
            CredentialsError::NoApp(_) => Self::permanent("no App", message),
            CredentialsError::App(reason) => reason.failure(message),
            CredentialsError::Store(StoreError::NoWrappingKey | StoreError::Secret(_)) => {
                Self::permanent("no key", message)
            }
            CredentialsError::Store(_) => Self::retry("database", message),
        }
    }
}
