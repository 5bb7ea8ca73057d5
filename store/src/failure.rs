//! Why a stored thing could not be read or written, in words that a person can act on.

use thiserror::Error;

/// A failure of the database. Fits "failed to ...".
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process held the write lock longer than we wait.
    #[error("get the database's write lock: another process holds it; try again when it has finished")]
    Busy,
    /// No room left.
    #[error("write to the database: the disk is full; free some space and try again, nothing was lost")]
    DiskFull,
    /// The file, its directory or the file system does not allow writing.
    #[error("write to the database: it is read-only; check the permissions of the file and its directory")]
    ReadOnly,
    /// The file's structure is damaged.
    #[error(
        "read the database: the file is damaged; restore it from a backup, or move it away and scan again"
    )]
    Corrupt,
    /// The device or file system failed.
    #[error(
        "reach the database file: {0}; check that the file and its directory can be written, and the disk"
    )]
    InputOutput(String),
    /// A stored value that we never write.
    #[error("read the database: {0}")]
    Damaged(&'static str),
    /// Somebody else saved the same repository in between: load the state again and try again.
    #[error("save the repository's state: another scan saved it meanwhile")]
    StateMoved,
    /// The repository is not (or no longer) there.
    #[error("find the repository: it is not in the database")]
    NoSuchRepository,
    /// A batch that cannot be written as JSON.
    #[error("write a batch: {0}")]
    Batch(#[from] serde_json::Error),
    /// Everything else, in the driver's words.
    #[error("use the database: {0}")]
    Other(#[source] sqlx::Error),
}

/// SQLite's primary result code: the low eight bits of the extended one (<https://www.sqlite.org/rescode.html>).
pub(crate) fn result_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|extended| extended & 0xff)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match (result_code(&error), &error) {
            (Some(5 | 6), _) => Self::Busy,
            (Some(8), _) => Self::ReadOnly,
            (Some(13), _) => Self::DiskFull,
            (Some(11 | 26), _) => Self::Corrupt,
            (Some(10 | 14), _) | (_, sqlx::Error::Io(_)) => Self::InputOutput(error.to_string()),
            (_, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)) => {
                Self::Damaged("a column holds a value of the wrong type")
            }
            _ => Self::Other(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{Connection, SqliteConnection};

    use super::*;

    async fn open(path: &std::path::Path) -> SqliteConnection {
        let options =
            SqliteConnectOptions::new().filename(path).create_if_missing(true).busy_timeout(Duration::ZERO);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    async fn run(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query(statement).execute(connection).await.map(drop).map_err(StoreError::from)
    }

    #[tokio::test]
    async fn the_database_s_own_failures_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.db");
        let (mut one, mut two) = (open(&path).await, open(&path).await);
        run(&mut one, "create table t (x blob)").await.unwrap();
        run(&mut one, "begin immediate").await.unwrap();
        assert!(matches!(run(&mut two, "begin immediate").await, Err(StoreError::Busy)));
        run(&mut one, "rollback").await.unwrap();
        run(&mut one, "pragma max_page_count = 3").await.unwrap();
        let full = run(&mut one, "insert into t values (zeroblob(1000000))").await;
        assert!(matches!(full, Err(StoreError::DiskFull)));
        run(&mut two, "pragma query_only = true").await.unwrap();
        assert!(matches!(run(&mut two, "insert into t values (1)").await, Err(StoreError::ReadOnly)));
        assert!(matches!(run(&mut two, "select nothing").await, Err(StoreError::Other(_))));
    }
}
