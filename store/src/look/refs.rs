//! The stored refs of a repository, with what else a look is compared with.

use muster_model::ObjectId;

use crate::database::{Statement, statement};
use crate::words::object_id;
use crate::{Repository, RepositoryId, StoreError, Tenant, Timestamp};

const GET: Statement = statement!("repositories/get");
const REFS: Statement = statement!("refs/of_repository");

/// A stored ref.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRef {
    /// The full name, or `HEAD` where a folder has no branch checked out.
    pub name: String,
    /// The commit that it stands for, or stood for last. Everything that it reaches is stored.
    pub tip: ObjectId,
    /// When it was gone; `None` while it is there.
    pub deleted_at: Option<Timestamp>,
}

/// A repository and its refs at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRefs {
    /// The repository.
    pub repository: Repository,
    /// Deleted ones too, by name.
    pub refs: Vec<StoredRef>,
}

impl Tenant {
    /// A repository with its refs.
    pub async fn stored_refs(&self, repository: RepositoryId) -> Result<StoredRefs, StoreError> {
        let mut transaction = self.read().await?;
        let query = transaction.query(GET).bind(repository.0);
        let row = transaction.fetch_optional(query).await?.ok_or(StoreError::NoSuchRepository)?;
        let query = transaction.query(REFS).bind(repository.0);
        let rows = transaction.fetch_all(query).await?;
        let refs = rows.iter().map(|row| {
            Ok(StoredRef {
                name: row.text("name")?,
                tip: object_id(row.bytes("tip")?)?,
                deleted_at: row.maybe_int("deleted_at")?.map(Timestamp),
            })
        });
        let refs = refs.collect::<Result<_, StoreError>>()?;
        Ok(StoredRefs { repository: Repository::from_row(&row)?, refs })
    }
}
