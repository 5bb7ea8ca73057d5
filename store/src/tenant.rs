//! Tenants, and the handle that every method of a tenant hangs on.

use sqlx::{Row, Sqlite, SqlitePool, Transaction};

use crate::{Store, StoreError, TenantId, Timestamp};

const FIND: &str = include_str!("../sql/tenants/find.sql");
const CREATE: &str = include_str!("../sql/tenants/create.sql");
const LIST: &str = include_str!("../sql/tenants/list.sql");

/// The tenant that is made on first use.
const DEFAULT: &str = "default";

/// A tenant in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantSummary {
    /// Its id.
    pub id: TenantId,
    /// Its name, unique in the database.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One tenant of one database: what the methods of repositories, projects, tasks and commits hang on.
#[derive(Clone, Debug)]
pub struct Tenant {
    pub(crate) pool: SqlitePool,
    pub(crate) id: TenantId,
}

impl Store {
    /// The handle of a tenant. Nothing is looked up: rows of an id that is not there are simply none.
    pub fn tenant(&self, id: TenantId) -> Tenant {
        Tenant { pool: self.pool.clone(), id }
    }

    /// The tenant of that name; `default` is made where it is missing, any other is `None`.
    pub async fn tenant_by_name_or_create_default(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Tenant>, StoreError> {
        if let Some(id) = find(&self.pool, name).await? {
            return Ok(Some(self.tenant(id)));
        }
        if name == DEFAULT { self.create_tenant(name, now).await.map(Some) } else { Ok(None) }
    }

    /// Makes a tenant; one that already has the name is given back as it is.
    pub async fn create_tenant(&self, name: &str, now: Timestamp) -> Result<Tenant, StoreError> {
        let id = TenantId::new(now);
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        sqlx::query(CREATE).bind(id.as_bytes()).bind(name).bind(now.0).execute(&mut *transaction).await?;
        let bytes: Vec<u8> = sqlx::query_scalar(FIND).bind(name).fetch_one(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(self.tenant(TenantId::from_stored(&bytes)?))
    }

    /// Every tenant, by name.
    pub async fn list_tenants(&self) -> Result<Vec<TenantSummary>, StoreError> {
        let rows = sqlx::query(LIST).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(TenantSummary {
                    id: TenantId::from_stored(row.try_get("id")?)?,
                    name: row.try_get("name")?,
                    created_at: Timestamp(row.try_get("created_at")?),
                })
            })
            .collect()
    }
}

impl Tenant {
    /// Which tenant this is.
    pub fn id(&self) -> TenantId {
        self.id
    }

    /// A transaction that holds the write lock from its first moment, so that it never fails half-way for want of it.
    pub(crate) async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("begin immediate").await?)
    }

    /// A transaction that reads one state of the database.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin().await?)
    }
}

async fn find(pool: &SqlitePool, name: &str) -> Result<Option<TenantId>, StoreError> {
    let bytes: Option<Vec<u8>> = sqlx::query_scalar(FIND).bind(name).fetch_optional(pool).await?;
    bytes.map(|bytes| TenantId::from_stored(&bytes)).transpose()
}
