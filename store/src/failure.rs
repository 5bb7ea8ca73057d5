//! Why a stored thing could not be read or written, in words that a person can act on.

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;
use thiserror::Error;

use crate::SecretError;

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
    #[error(
        "write to the database: it is read-only; check the permissions of the file, of those beside it (-wal, -shm) and of their directory"
    )]
    ReadOnly,
    /// The file at its path is not the one that is open.
    #[error(
        "write to the database: its file was moved away, or another was put in its place, while it was open; stop every process that uses it, put the right file there, and start again"
    )]
    FileReplaced,
    /// The server takes no writes: a standby, or a database that was put to read-only.
    #[error(
        "write to the database: the server takes no writes ({0}); use the address of the primary, or ask who runs it why default_transaction_read_only is on"
    )]
    ServerReadOnly(String),
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
    /// No server answers.
    #[error("reach the database server: {0}; check that it runs and that the address is right")]
    Unreachable(String),
    /// Wrong user or password.
    #[error(
        "log in to the database: the server refuses this user and password (in an address, write @ : / ? # % in a \
         password as %40 %3A %2F %3F %23 %25)"
    )]
    LoginRefused,
    /// There is no such database.
    #[error("open the database: the server has none of that name; create it first (createdb NAME)")]
    NoSuchDatabase,
    /// The server, or the pool in front of it, has none left.
    #[error(
        "get a connection to the database: the server has none left; lower the number of processes or raise its max_connections"
    )]
    NoConnectionLeft,
    /// All connections of this process were busy for longer than anybody is to wait.
    #[error(
        "get a connection to the database: all of this process were busy for too long; try again, or raise the number of connections"
    )]
    NoConnectionFree,
    /// The server went away; what was not committed did not happen.
    #[error("use the database: the connection broke; nothing was half-written, try again")]
    ConnectionLost,
    /// The server is there and will be back.
    #[error("reach the database server: it is starting up or shutting down; try again in a moment")]
    Restarting,
    /// A statement ran for longer than the server lets one run.
    #[error("finish a statement: the server cut it off ({0}); nothing was written, try again")]
    CutOff(String),
    /// A table, column or function that was there when this program was made.
    #[error(
        "use the database: {0}; its schema was changed under this program: start it again, or look at muster migrate status"
    )]
    SchemaChanged(String),
    /// A role that may not do this.
    #[error("use the database: {0}; muster doctor says which right is missing")]
    NotAllowed(String),
    /// A name or path that does not fit a row of an index.
    #[error(
        "write to the database: a name or path of the repository is longer than PostgreSQL can look up by (some 2,700 bytes)"
    )]
    TooLong,
    /// A key that has to be unique is there already.
    #[error("write to the database: there is one of that name already")]
    AlreadyThere,
    /// Somebody else saved the same repository in between: load the state again and try again.
    #[error("save the repository's state: another scan saved it meanwhile")]
    StateMoved,
    /// The repository is not (or no longer) there.
    #[error("find the repository: it is not in the database")]
    NoSuchRepository,
    /// The tenant is not (or no longer) there.
    #[error("find the tenant: it is not in the database; muster tenant list names those that are")]
    NoSuchTenant,
    /// The tenant is suspended: nothing of it is read or written until it is taken up again.
    #[error(
        "work with tenant {tenant}: it is suspended; muster tenant suspend --undo {tenant} takes it up again"
    )]
    Suspended {
        /// Its short name.
        tenant: String,
    },
    /// The tenant has as many of something as it may have.
    #[error(
        "add to the {limit} {} that this tenant may have; raise the limit (muster tenant change NAME --max-{what} N), \
         or remove one that is no longer needed",
        if *limit == 1 { singular(what) } else { what }
    )]
    QuotaReached {
        /// What there may be no more of: `repositories`, `users`.
        what: &'static str,
        /// So many there may be.
        limit: u64,
    },
    /// A secret is to be sealed or opened, and the database was opened without a key.
    #[error(
        "seal or open a secret: no wrapping key was given; name its file in MUSTER_KEY_FILE (muster key init makes one)"
    )]
    NoWrappingKey,
    /// A secret that cannot be sealed or opened.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A short name of a tenant that is none.
    #[error(
        "take this short name for a tenant: use lower-case letters, digits and hyphens, 63 at most, no hyphen at an end"
    )]
    NotALabel,
    /// A batch that cannot be written as JSON.
    #[error("write a batch: {0}")]
    Batch(#[from] serde_json::Error),
    /// Everything else, in the driver's words.
    #[error("use the database: {0}")]
    Other(#[source] sqlx::Error),
}

/// The word for one of them.
fn singular(what: &'static str) -> &'static str {
    match what {
        "repositories" => "repository",
        "users" => "user",
        other => other,
    }
}

/// SQLite's primary result code: the low eight bits of the extended one (<https://www.sqlite.org/rescode.html>).
pub(crate) fn result_code(error: &sqlx::Error) -> Option<u32> {
    let error = error.as_database_error()?;
    error.try_downcast_ref::<SqliteError>()?;
    error.code()?.parse::<u32>().ok().map(|extended| extended & 0xff)
}

/// PostgreSQL's SQLSTATE (appendix A of its manual).
pub(crate) fn sql_state(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?.try_downcast_ref::<PgDatabaseError>()?;
    Some(error.code().to_owned())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(code) = result_code(&error) {
            return from_sqlite(code, error);
        }
        if let Some(state) = sql_state(&error) {
            return from_postgres(&state, error);
        }
        match error {
            sqlx::Error::Io(_) if is_refused(&error) => Self::Unreachable(error.to_string()),
            sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => Self::ConnectionLost,
            sqlx::Error::Tls(_) => Self::Unreachable(error.to_string()),
            sqlx::Error::PoolTimedOut => Self::NoConnectionFree,
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
                Self::Damaged("a column holds a value of the wrong type")
            }
            _ => Self::Other(error),
        }
    }
}

fn is_refused(error: &sqlx::Error) -> bool {
    use std::io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable, NotFound, TimedOut,
    };
    let sqlx::Error::Io(error) = error else { return false };
    let kinds =
        [AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable, NotFound, TimedOut];
    // A name that cannot be resolved has no kind of its own.
    kinds.contains(&error.kind()) || error.to_string().contains("lookup address")
}

fn from_sqlite(code: u32, error: sqlx::Error) -> StoreError {
    match code {
        5 | 6 => StoreError::Busy,
        8 => StoreError::ReadOnly,
        13 => StoreError::DiskFull,
        11 | 26 => StoreError::Corrupt,
        10 | 14 => StoreError::InputOutput(error.to_string()),
        _ if error.as_database_error().is_some_and(|e| e.is_unique_violation()) => StoreError::AlreadyThere,
        _ => StoreError::Other(error),
    }
}

fn from_postgres(state: &str, error: sqlx::Error) -> StoreError {
    match state {
        "23505" => StoreError::AlreadyThere,
        "25006" => StoreError::ServerReadOnly(message(&error)),
        "28P01" | "28000" => StoreError::LoginRefused,
        "3D000" => StoreError::NoSuchDatabase,
        "42501" => StoreError::NotAllowed(message(&error)),
        "53100" => StoreError::DiskFull,
        "53300" => StoreError::NoConnectionLeft,
        "54000" => StoreError::TooLong,
        // The server shuts down or crashed, or ended a session that was idle for too long.
        "57P01" | "57P02" | "57P05" | "25P03" => StoreError::ConnectionLost,
        "57P03" => StoreError::Restarting,
        "57P04" => StoreError::NoSuchDatabase,
        "57014" => StoreError::CutOff(message(&error)),
        "42P01" | "42703" | "42883" | "0A000" => StoreError::SchemaChanged(message(&error)),
        // Class 08 is the connection; PgBouncer says so of whatever is wrong between it and the server.
        _ if state.starts_with("08") => StoreError::Unreachable(message(&error)),
        // Lock timeouts, deadlocks and serialization failures: whoever tries again gets through.
        "55P03" | "40P01" | "40001" => StoreError::Busy,
        "58030" => StoreError::InputOutput(message(&error)),
        "XX001" | "XX002" => StoreError::Corrupt,
        _ => StoreError::Other(error),
    }
}

/// The server's sentence and, where it has one, its advice.
pub(crate) fn message(error: &sqlx::Error) -> String {
    let Some(error) = error.as_database_error() else { return error.to_string() };
    let hint = error.try_downcast_ref::<PgDatabaseError>().and_then(PgDatabaseError::hint);
    hint.map_or_else(|| error.message().to_owned(), |hint| format!("{} ({hint})", error.message()))
}

impl StoreError {
    /// The connection is gone and with it the transaction: another connection may do.
    pub(crate) fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::ConnectionLost | Self::Restarting)
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
