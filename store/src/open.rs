//! Opening a database: it answers in one clear sentence when it cannot be used.
//!
//! An SQLite file is made for its owner alone and brought up to date, for nobody else will do it. A PostgreSQL
//! database is only looked at: changing its schema takes a role that the service does not have (`Store::migrate`).

pub(crate) mod postgres;
pub(crate) mod sqlite;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use thiserror::Error;

use crate::WrappingKeyId;
use crate::address::DatabaseUrl;
use crate::database::Pool;
use crate::failure::{StoreError, result_code};
use crate::keys::Keys;
use crate::schema::SchemaStatus;

/// How many connections a process keeps, and how long it waits: nobody waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// At most so many at once.
    pub most: u32,
    /// How long somebody waits for one before he is told that there is none.
    pub patience: Duration,
    /// How long a writer waits for the writers of other processes before he is told that they are busy.
    pub lock_patience: Duration,
}

impl Default for Connections {
    fn default() -> Self {
        Self { most: 8, patience: Duration::from_secs(10), lock_patience: Duration::from_secs(30) }
    }
}

/// Whether a database may be one that a transfer is filling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// It has to hold everything.
    Needed,
    /// It is the transfer that opens it.
    NotYet,
}

impl Whole {
    /// `begun`: how many tables of a transfer's notes there are.
    fn check(self, begun: i64) -> Result<(), OpenError> {
        if self == Self::Needed && begun > 0 { Err(OpenError::HalfTransferred) } else { Ok(()) }
    }
}

/// Why a database cannot be opened. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file or its directory cannot be made or read.
    #[error("open the database {path}")]
    File {
        /// The file.
        path: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A file or database of another program.
    #[error("open the database: the file belongs to another program; give another path")]
    NotOurs,
    /// A transfer was cut off.
    #[error(
        "open the database: a transfer has begun to fill it and did not end, so it holds a part; start the same muster transfer again, which goes on where it stopped"
    )]
    HalfTransferred,
    /// A PostgreSQL database without our tables.
    #[error(
        "open the database: it has no tables of muster yet; muster migrate up makes them, as the role that is to own them"
    )]
    NoSchema,
    /// Written by an earlier release.
    #[error(
        "open the database: its schema is number {found} and this program needs {needed}; muster migrate up brings it there"
    )]
    OlderSchema {
        /// The number in the database.
        found: i64,
        /// The number that this program needs.
        needed: i64,
    },
    /// Written by a later release.
    #[error(
        "open the database: its schema is number {found} and this program knows up to {known}; use the newer muster"
    )]
    NewerSchema {
        /// The number in the database.
        found: i64,
        /// The highest that this program knows.
        known: i64,
    },
    /// A migration did not run, or one that ran was altered since.
    #[error("bring the database's schema up to date: {0}")]
    Migration(String),
    /// The run-time roles cannot be made, or are not as they have to be.
    #[error("make the roles that muster runs as: {0}")]
    Roles(String),
    /// The server is too old: releases before 15.14 hold known ways around row-level security.
    #[error(
        "use this PostgreSQL server: it is {found} and 15.14 is the oldest that is safe; upgrade the server"
    )]
    OldServer {
        /// Its version.
        found: String,
    },
    /// The login role may not work as the run-time role.
    #[error(
        "work as {role}: the role that logs in may not; let a superuser or the owner of the tables run: \
         grant muster_app, muster_operator, muster_queue to LOGIN"
    )]
    RoleRefused {
        /// The run-time role.
        role: &'static str,
    },
    /// The run-time role would see every tenant's rows.
    #[error("work as {role}: row-level security does not hold it back, for {reason}")]
    RoleBypasses {
        /// The run-time role.
        role: String,
        /// Why, and what to do.
        reason: &'static str,
    },
    /// Secrets of this database are sealed with a key that was not given.
    #[error(
        "open the database with these keys: the data keys of {tenants} of its tenants are wrapped with key {needed}, \
         and given is {given}; add that key to the key file, behind the current one (muster key status says more)"
    )]
    WrongKey {
        /// The key that is missing.
        needed: WrappingKeyId,
        /// How many tenants need it.
        tenants: u64,
        /// Those that were given, current first.
        given: String,
    },
    /// The database itself.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        match result_code(&error) {
            Some(26) => Self::NotOurs, // SQLITE_NOTADB
            _ => Self::Store(error.into()),
        }
    }
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Migration(other.to_string()),
        }
    }
}

/// An open database.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: Pool,
    brought_from: Option<i64>,
    pub(crate) keys: Option<Arc<Keys>>,
}

impl Store {
    /// Opens the database with the usual number of connections. See [`Store::open_with`].
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        Self::open_with(url, Connections::default()).await
    }

    /// Opens the database.
    ///
    /// An SQLite file is made where there is none (mode 0600, new directories above it 0700), and an older schema is
    /// brought up to date. A PostgreSQL database with another schema than this program's is refused, and so is a
    /// server or a role under which row-level security cannot be trusted.
    ///
    /// One that a transfer has begun to fill and not ended is refused as well: it holds a part of what there was.
    pub async fn open_with(url: &DatabaseUrl, connections: Connections) -> Result<Self, OpenError> {
        Self::open_as(url, connections, Whole::Needed).await
    }

    /// The same for the transfer that fills it.
    pub(crate) async fn open_to_fill(url: &DatabaseUrl, connections: Connections) -> Result<Self, OpenError> {
        Self::open_as(url, connections, Whole::NotYet).await
    }

    async fn open_as(url: &DatabaseUrl, connections: Connections, whole: Whole) -> Result<Self, OpenError> {
        let (pool, brought_from) = match url {
            DatabaseUrl::Sqlite(path) => sqlite::open(path, connections, whole).await?,
            DatabaseUrl::Postgres(url) => (postgres::open(url, connections, whole).await?, None),
        };
        Ok(Self { pool, keys: None, brought_from })
    }

    /// Where the schema stood before this opening brought it up to date; `None` where there was nothing to do.
    /// An empty SQLite file stood at 0.
    pub fn brought_from(&self) -> Option<SchemaStatus> {
        self.brought_from.map(SchemaStatus::at)
    }

    /// Waits until every connection is closed, so that the last one of an SQLite file leaves no `-wal` file behind.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
