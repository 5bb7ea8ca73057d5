//! Connecting: from here on a repository is listened to and looked at.
//!
//! A row that a scan has made of the same address is adopted, with all that it holds. Once the provider's id is known, that is
//! what the row is known by: an address may be another repository's tomorrow.

use serde_json::json;

use super::{Repository, address, find_by_provider};
use crate::audit_log::{Actor, Entry, append};
use crate::changes::{self, ChangeKind, NewChange};
use crate::database::{Statement, TenantTransaction, Urgency, statement};
use crate::links::note_repository;
use crate::tenants::quota;
use crate::{Provider, StoreError, Tenant, Timestamp};

const FIND: Statement = statement!("repositories/find");
const FIND_BY_ADDRESS: Statement = statement!("repositories/find_by_address");
const FIND_UNCLAIMED: Statement = statement!(both "repositories/find_unclaimed");
const CREATE: Statement = statement!("repositories/create");
const CONNECT: Statement = statement!("repositories/connect");

/// A repository to connect: known by its id at the provider, by its address, or by both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connection<'a> {
    /// The provider, and its id there.
    pub provider: Option<(Provider, i64)>,
    /// `owner/name`.
    pub full_name: Option<&'a str>,
    /// Where to fetch it from, without user info.
    pub clone_url: Option<&'a str>,
    /// The branch whose state is the repository's.
    pub default_branch: Option<&'a str>,
    /// The App's installation that reads it.
    pub installation: Option<i64>,
}

impl Tenant {
    /// Connects a repository: its row is made, or that of the same address is adopted. What is known of it already stays.
    /// [`StoreError::QuotaReached`] where it would be one too many, [`StoreError::NoSuchRepository`] where neither an id nor an
    /// address is given. Nothing is enqueued.
    pub async fn connect_repository(
        &self,
        connection: &Connection<'_>,
        now: Timestamp,
        actor: &Actor,
    ) -> Result<Repository, StoreError> {
        let mut transaction = self.write(Urgency::Answer).await?;
        let repository = connect_in(&mut transaction, connection, now).await?;
        let entry = Entry {
            at: now,
            actor,
            action: "repository.connect",
            subject: format!("repository:{}", repository.id),
            details: json!({ "source_key": repository.facts.source_key, "installation": connection.installation }),
        };
        append(&mut transaction, &entry).await?;
        changes::append(&mut transaction, &NewChange::seen(ChangeKind::Repository, Some(repository.id), now))
            .await?;
        transaction.commit().await?;
        Ok(repository)
    }
}

/// The same in a transaction of the tenant's.
pub(super) async fn connect_in(
    transaction: &mut TenantTransaction,
    connection: &Connection<'_>,
    now: Timestamp,
) -> Result<Repository, StoreError> {
    let limits = quota::lock_to_work(transaction).await?;
    let (before, was_active) = match find(transaction, connection).await? {
        Some(found) => {
            let counts = found.is_active;
            (found, counts)
        }
        None => (create(transaction, connection, now).await?, false),
    };
    let stays = before.provided.id.is_some() || !address::is_address(&before.facts.source_key);
    let key = connection.provider.filter(|_| !stays).map(|(provider, id)| known_by(provider, id));
    let query = transaction
        .query(CONNECT)
        .bind(before.id.0)
        .bind(key.as_deref())
        .bind(connection.provider.map(|(provider, _)| provider.as_str()))
        .bind(connection.provider.map(|(_, id)| id))
        .bind(connection.full_name)
        .bind(connection.clone_url)
        .bind(connection.default_branch)
        .bind(connection.installation)
        .bind(now.0);
    let repository = Repository::from_row(&transaction.fetch_one(query).await?)?;
    if !was_active {
        quota::check_repositories(transaction, limits).await?;
    }
    if let (None, Some(name)) = (&before.provided.full_name, &repository.provided.full_name) {
        note_repository(transaction, name).await?;
    }
    Ok(repository)
}

/// What a row is known by once its id at the provider is.
pub(crate) fn known_by(provider: Provider, id: i64) -> String {
    format!("{}:{id}", provider.as_str())
}

async fn find(
    transaction: &mut TenantTransaction,
    connection: &Connection<'_>,
) -> Result<Option<Repository>, StoreError> {
    if let Some((provider, id)) = connection.provider
        && let Some(found) = find_by_provider(transaction, provider, id).await?
    {
        return Ok(Some(found));
    }
    let Some(key) = connection.clone_url.map(address::key) else { return Ok(None) };
    // One of the same address that has another id is another repository.
    let statements =
        if connection.provider.is_some() { &[FIND_UNCLAIMED][..] } else { &[FIND, FIND_BY_ADDRESS] };
    for statement in statements {
        let query = transaction.query(*statement).bind(key);
        if let Some(row) = transaction.fetch_optional(query).await? {
            return Ok(Some(Repository::from_row(&row)?));
        }
    }
    Ok(None)
}

async fn create(
    transaction: &mut TenantTransaction,
    connection: &Connection<'_>,
    now: Timestamp,
) -> Result<Repository, StoreError> {
    let address = connection.clone_url.map(address::key);
    let key = match (connection.provider, address) {
        (Some((provider, id)), _) => known_by(provider, id),
        (None, Some(address)) => address.to_owned(),
        (None, None) => return Err(StoreError::NoSuchRepository),
    };
    let name = connection.full_name.or(address).map_or(key.as_str(), address::short_name);
    let nothing: Option<&str> = None;
    let query = transaction
        .query(CREATE)
        .bind(&key)
        .bind(name)
        .bind(connection.clone_url)
        .bind(nothing)
        .bind(None::<&[u8]>)
        .bind(false)
        .bind(false)
        .bind(0)
        .bind(now.0);
    let row = transaction.fetch_optional(query).await?.ok_or(StoreError::StateMoved)?;
    Repository::from_row(&row)
}
