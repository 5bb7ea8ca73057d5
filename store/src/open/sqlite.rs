//! Opening an SQLite file: it is looked at before anything is changed in it.
//!
//! The first look asks for nothing that would be written, such as the journal's mode: a file that turns out to be
//! another program's is left as it was.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteSynchronous};

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::{Connections, OpenError, Whole};
use crate::database::{OpenFile, Pool, Suspicion, Writers, sqlite_pool};
use crate::{StoreError, schema};

/// How long one that finds the file's mode being changed waits before it tries again.
const AGAIN: Duration = Duration::from_millis(10);

/// Counts the tables of a transfer's notes.
pub(crate) const HAS_BEGUN: &str = include_str!("../../sql/transfer/has_begun.sqlite.sql");

/// Makes the file where there is none, opens it, and brings its schema up to date; gives the number that it came from
/// where it did.
pub(super) async fn open(
    path: &Path,
    connections: Connections,
    whole: Whole,
) -> Result<(Pool, Option<i64>), OpenError> {
    make_file(path).map_err(|source| OpenError::File { path: path.display().to_string(), source })?;
    let mut look = connect_existing(path).await?;
    let found = schema::look_at_sqlite(&mut look).await?;
    whole.check(sqlx::query_scalar(HAS_BEGUN).fetch_one(&mut look).await?)?;
    use_write_ahead_log(path, connections.lock_patience).await?;
    let brought_from = match found {
        found if found < schema::known() => schema::migrate_sqlite(path).await?,
        // Nothing to write: a read-only file opens as well.
        _ => None,
    };
    let suspicion = Suspicion::default();
    let pool = connect(path, connections, suspicion.clone()).await?;
    // Only now: the last connection that is closed writes the journal back into the file.
    look.close().await?;
    let file =
        OpenFile::at(path).map_err(|source| OpenError::File { path: path.display().to_string(), source })?;
    Ok((Pool::Sqlite(pool, Writers::of(file), suspicion), brought_from))
}

/// Puts a file into the mode that every connection asks for, which it keeps.
///
/// SQLite waits for nobody while it changes the mode: of two that do it at once, each with a lock to read in hand, one
/// is told at once that the file is busy, whatever its patience. So whoever is told that tries again.
async fn use_write_ahead_log(path: &Path, patience: Duration) -> Result<(), OpenError> {
    let begun = Instant::now();
    loop {
        match options(path).busy_timeout(patience).connect().await {
            Ok(connection) => return Ok(connection.close().await?),
            Err(error) => match OpenError::from(error) {
                OpenError::Store(StoreError::Busy) if begun.elapsed() < patience => {}
                error => return Err(error),
            },
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn connect(
    path: &Path,
    connections: Connections,
    suspicion: Suspicion,
) -> Result<SqlitePool, OpenError> {
    let pool = sqlite_pool(connections.most, connections.patience, suspicion)
        .connect_with(options(path).busy_timeout(connections.lock_patience));
    Ok(pool.await?)
}

/// How every connection that works on a file is made.
pub(crate) fn options(path: &Path) -> SqliteConnectOptions {
    options_to_look(path).journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Normal)
}

/// The same without what is written into the file itself.
fn options_to_look(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
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

/// One connection to a file that has to be there, to look at it: as whoever made it has left it.
pub(crate) async fn connect_existing(path: &Path) -> Result<SqliteConnection, OpenError> {
    if let Err(source) = path.metadata() {
        return Err(OpenError::File { path: path.display().to_string(), source });
    }
    Ok(SqliteConnectOptions::new().filename(path).connect().await?)
}

/// The same, to look at whatever the file may be: nothing in it is changed.
pub(crate) async fn connect_to_look(path: &Path) -> Result<SqliteConnection, OpenError> {
    if let Err(source) = path.metadata() {
        return Err(OpenError::File { path: path.display().to_string(), source });
    }
    Ok(options_to_look(path).pragma("query_only", "on").connect().await?)
}
