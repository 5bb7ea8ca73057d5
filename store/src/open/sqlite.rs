//! Opening an SQLite file.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

use sqlx::{ConnectOptions as _, SqliteConnection};

use super::{Connections, OpenError};
use crate::database::{Pool, Writers};
use crate::schema;

/// How long a writer waits for another process before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Makes the file where there is none, opens it, and brings its schema up to date.
pub(super) async fn open(path: &Path, connections: Connections) -> Result<Pool, OpenError> {
    let pool = connect(path, connections).await?;
    let mut connection = pool.acquire().await?;
    schema::migrate_sqlite(&mut connection).await?;
    drop(connection);
    Ok(Pool::Sqlite(pool, Writers::default()))
}

async fn connect(path: &Path, connections: Connections) -> Result<SqlitePool, OpenError> {
    make_file(path).map_err(|source| OpenError::File { path: path.display().to_string(), source })?;
    let pool = SqlitePoolOptions::new()
        .max_connections(connections.most)
        .acquire_timeout(connections.patience)
        .connect_with(options(path));
    Ok(pool.await?)
}

/// How every connection to a file is made.
pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("cache_size", "-16000") // KiB
        .pragma("temp_store", "memory")
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

/// One connection to a file that has to be there.
pub(crate) async fn connect_existing(path: &Path) -> Result<SqliteConnection, OpenError> {
    if let Err(source) = path.metadata() {
        return Err(OpenError::File { path: path.display().to_string(), source });
    }
    Ok(options(path).connect().await?)
}
