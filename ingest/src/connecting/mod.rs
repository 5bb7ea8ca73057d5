//! Connecting a repository: from here on it is looked at by itself.
//!
//! Several short transactions rather than one: each leaves something that is true, and who runs into an error half-way says
//! the same again, for a second time changes nothing that is there. What needs a key is asked before anything is written.

mod secret;

use muster_model::ProviderId;
use muster_store::{
    Actor, Connection, HookKey, NewJob, NoRandomness, Priority, Queue, Repository, RepositoryId, Secret,
    SecureRandom, StoreError, Tenant, Timestamp,
};
use thiserror::Error;

use crate::plan::WaitsFor;

pub use secret::new_secret;

/// The events that a repository's hook is to send.
pub const EVENTS: &[&str] = &["push", "issues", "pull_request", "repository"];

/// The path below which hooks call.
const HOOKS: &str = "/api/v2/webhooks/github/";

/// What is to be stored beside the connection.
#[derive(Debug, Default)]
pub struct Options {
    /// The token that it is fetched with.
    pub token: Option<Secret>,
    /// Gives it a hook, where it has none.
    pub hook: bool,
    /// The secret of that hook; made where none is given.
    pub secret: Option<Secret>,
}

/// A hook as its owner has to enter it at the provider.
#[derive(Debug)]
pub struct Hook {
    /// The last part of its address.
    pub key: String,
    /// What it has to sign with; `None` for one that was there before, whose secret is never shown again.
    pub secret: Option<Secret>,
}

impl Hook {
    /// The path of its address.
    pub fn path(&self) -> String {
        format!("{HOOKS}{}", self.key)
    }
}

/// A connected repository.
#[derive(Debug)]
pub struct Connected {
    /// Its row.
    pub repository: Repository,
    /// Its hook, where it has one.
    pub hook: Option<Hook>,
    /// Deliveries that had waited for it and are planned again.
    pub planned_again: u64,
}

/// Why a repository was not connected, or not wholly. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum ConnectError {
    /// A secret was given that anybody could sign with.
    #[error("use this secret: it is empty or blank, and anybody could sign with it")]
    EmptySecret,
    /// The token is empty.
    #[error("use this token: it is empty")]
    EmptyToken,
    /// No secret can be made that nobody could guess.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Connects a repository, with its hook and its token, and has it looked at for the first time.
pub async fn connect(
    tenant: &Tenant,
    queue: &Queue,
    connection: &Connection<'_>,
    options: Options,
    random: &dyn SecureRandom,
    now: Timestamp,
    actor: &Actor,
) -> Result<Connected, ConnectError> {
    let blank = |secret: &Option<Secret>| secret.as_ref().is_some_and(is_blank);
    if blank(&options.secret) {
        return Err(ConnectError::EmptySecret);
    }
    if blank(&options.token) {
        return Err(ConnectError::EmptyToken);
    }
    let repository = tenant.connect_repository(connection, now, actor).await?;
    if let Some(token) = &options.token {
        tenant.set_access_token(repository.id, Some(token.expose()), actor, now).await?;
    }
    let hook = hook(tenant, repository.id, options, random, now, actor).await?;
    let waits_for = repository.facts.source_key.strip_prefix("github:").and_then(|id| id.parse().ok());
    let planned_again = match waits_for.and_then(ProviderId::new) {
        Some(id) => queue.plan_again(&WaitsFor::Repository(id).to_string(), now).await?,
        // Which of them are its is seen by the name that they say.
        None => queue.plan_repositories_again(tenant.id(), now).await?,
    };
    tenant.enqueue(&[NewJob::look(repository.id, Priority::Backfill, repository.is_new(), now)], now).await?;
    Ok(Connected { repository, hook, planned_again })
}

/// The hook of a repository: the one that is there, or a new one where one is wanted.
async fn hook(
    tenant: &Tenant,
    repository: RepositoryId,
    options: Options,
    random: &dyn SecureRandom,
    now: Timestamp,
    actor: &Actor,
) -> Result<Option<Hook>, ConnectError> {
    let there = tenant.list_hooks().await?.into_iter().find(|hook| hook.repository == repository);
    if !options.hook {
        return Ok(there.map(|hook| Hook { key: hook.key, secret: None }));
    }
    // Where an earlier attempt ended between the two, the secret of the address that is there is set now.
    let has_secret = !tenant.webhook_secrets(repository).await?.is_empty();
    if let (Some(hook), true, None) = (&there, has_secret, &options.secret) {
        return Ok(Some(Hook { key: hook.key.clone(), secret: None }));
    }
    let secret = match options.secret {
        Some(secret) => secret,
        None => new_secret(random)?,
    };
    tenant.rotate_webhook_secret(repository, secret.expose(), actor, now).await?;
    let key = match there {
        Some(hook) => hook.key,
        None => {
            let key = HookKey::generate(random)?;
            tenant.add_hook(repository, &key, now, actor).await?;
            key.as_str().to_owned()
        }
    };
    Ok(Some(Hook { key, secret: Some(secret) }))
}

/// Gives a repository's webhook another secret: the one before is accepted beside it until it is dropped.
pub async fn rotate_secret(
    tenant: &Tenant,
    repository: RepositoryId,
    secret: Option<Secret>,
    random: &dyn SecureRandom,
    now: Timestamp,
    actor: &Actor,
) -> Result<Secret, ConnectError> {
    let secret = match secret {
        Some(secret) if is_blank(&secret) => return Err(ConnectError::EmptySecret),
        Some(secret) => secret,
        None => new_secret(random)?,
    };
    tenant.rotate_webhook_secret(repository, secret.expose(), actor, now).await?;
    Ok(secret)
}

fn is_blank(secret: &Secret) -> bool {
    secret.expose().trim_ascii().is_empty()
}
