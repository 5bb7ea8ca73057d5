//! Opening a database: the file is made for its owner alone, brought up to date, and answers in one clear sentence
//! when it cannot be used.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use thiserror::Error;

use crate::address::DatabaseUrl;
use crate::failure::{StoreError, result_code};
use crate::schema;

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections of one process: one writes, the others read.
const CONNECTIONS: u32 = 4;

/// Why a database cannot be opened. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum OpenError {
    /// The file or its directory cannot be made or read.
    #[error("open the database {path} (give another with --database)")]
    File {
        /// The file.
        path: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of another program.
    #[error("open the database: the file belongs to another program; give another path")]
    NotOurs,
    /// Written by a later release.
    #[error(
        "open the database: its schema is number {found} and this program knows up to {known}; use the newer muster"
    )]
    NewerSchema {
        /// The number in the file.
        found: i64,
        /// The highest that this program knows.
        known: i64,
    },
    /// A migration did not run, or one that ran was altered since.
    #[error("bring the database's schema up to date: {0}")]
    Migration(String),
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
    pub(crate) pool: SqlitePool,
}

impl Store {
    /// Opens the database, makes it where there is none, and brings an older schema up to date.
    ///
    /// A new file has mode 0600 and new directories above it 0700.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let DatabaseUrl::Sqlite(path) = url;
        make_file(path).map_err(|source| OpenError::File { path: path.display().to_string(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("cache_size", "-16000") // KiB
            .pragma("temp_store", "memory");
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        let mut connection = pool.acquire().await?;
        schema::migrate(&mut connection).await?;
        drop(connection);
        Ok(Self { pool })
    }

    /// Waits until every connection is closed, so that the last one leaves no `-wal` file behind.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

/// Makes the file and the directories above it, for the owner alone, unless the file is there.
fn make_file(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(found) if found.is_file() => return Ok(()),
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => return Err(io::Error::other("it is a pipe or a device, not a file")),
        Err(_) => {}
    }
    let (mut directories, mut file) = (DirBuilder::new(), OpenOptions::new());
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        directories.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        directories.recursive(true).create(parent)?;
    }
    match file.write(true).create_new(true).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
