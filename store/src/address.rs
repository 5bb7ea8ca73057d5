//! The address of a database: `sqlite:///absolute/path`, `sqlite:relative/path`, a bare path, or
//! `postgres://user:password@host:port/database`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use thiserror::Error;

/// Where the rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// An SQLite file; made on first use, readable by its owner alone.
    Sqlite(PathBuf),
    /// A PostgreSQL database, which has to be there.
    Postgres(PostgresUrl),
}

/// The address of a PostgreSQL database. It may hold a password, and is shown without one.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(String);

impl PostgresUrl {
    /// The whole, to connect with.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostgresUrl {
    /// `postgres://host:port/database`: neither user nor password nor options.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        let rest = rest.split(['?', '#']).next().unwrap_or("");
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        write!(f, "postgres://{rest}")
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}

/// Why an address cannot be used. Never repeats the address: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DatabaseUrlError {
    /// No text at all.
    #[error("read the database address: it is empty; give a path or sqlite:///absolute/path")]
    Empty,
    /// Not an address that PostgreSQL's clients understand.
    #[error(
        "read the database address: it is not of the form postgres://user:password@host:port/database (write @ : / ? # and % in a password as %40 %3A %2F %3F %23 and %25)"
    )]
    NotPostgres,
    /// Some other kind of database.
    #[error(
        "read the database address: {0}:// is not supported; give a path, sqlite:///absolute/path or postgres://user:password@host/database"
    )]
    UnknownScheme(String),
    /// `?mode=...`, or a broken `%` escape.
    #[error(
        "read the database address: sqlite:// takes a path, without options (write ? as %3F and % as %25)"
    )]
    NotAPath,
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    /// A text without a scheme is a path and taken literally; behind `sqlite:` percent escapes are decoded.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let path = if let Some(rest) = text.strip_prefix("sqlite:") {
            decode(rest.strip_prefix("//").unwrap_or(rest))?
        } else if let Some((scheme, _)) = text.split_once("://") {
            if !matches!(scheme, "postgres" | "postgresql") {
                return Err(DatabaseUrlError::UnknownScheme(scheme.chars().take(20).collect()));
            }
            sqlx::postgres::PgConnectOptions::from_str(text).map_err(|_| DatabaseUrlError::NotPostgres)?;
            return Ok(Self::Postgres(PostgresUrl(text.to_owned())));
        } else {
            text.to_owned()
        };
        if path.is_empty() {
            return Err(DatabaseUrlError::Empty);
        }
        Ok(Self::Sqlite(path.into()))
    }
}

/// Percent escapes as RFC 3986, section 2.1, has them; the result has to be text without NUL.
fn decode(text: &str) -> Result<String, DatabaseUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'?' => return Err(DatabaseUrlError::NotAPath),
            b'%' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(rest.next()), digit(rest.next()));
                match (high, low) {
                    (Some(high), Some(low)) if high + low > 0 => (high * 16 + low) as u8,
                    _ => return Err(DatabaseUrlError::NotAPath),
                }
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| DatabaseUrlError::NotAPath)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Result<String, DatabaseUrlError> {
        text.parse().map(|url: DatabaseUrl| url.to_string())
    }

    #[test]
    fn paths_and_sqlite_addresses_are_taken() {
        assert_eq!(path("sqlite:///srv/muster.db").as_deref(), Ok("/srv/muster.db"));
        assert_eq!(path("sqlite:data/m.db").as_deref(), Ok("data/m.db"));
        assert_eq!(path("sqlite:///a%20b/%C3%A9.db").as_deref(), Ok("/a b/é.db"));
        assert_eq!(path("/a%20b?.db").as_deref(), Ok("/a%20b?.db"));
    }

    #[test]
    fn postgres_addresses_are_shown_without_secrets() {
        let shown = Ok("postgres://h:5433/d");
        assert_eq!(path("postgres://u:secret@h:5433/d?sslmode=require&password=x").as_deref(), shown);
        assert_eq!(path("postgresql://u:p%40ss@h:5433/d").as_deref(), shown);
        let url: DatabaseUrl = "postgres://u:secret@h/d".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }

    #[test]
    fn the_rest_is_refused_with_the_reason() {
        assert_eq!(path(""), Err(DatabaseUrlError::Empty));
        assert_eq!(path("sqlite://"), Err(DatabaseUrlError::Empty));
        assert_eq!(path("postgres://u:p@h:port/d"), Err(DatabaseUrlError::NotPostgres));
        assert_eq!(path("mysql://h/d"), Err(DatabaseUrlError::UnknownScheme("mysql".into())));
        for text in ["sqlite:///a?mode=ro", "sqlite:///a%0", "sqlite:///a%00b", "sqlite:///%ff"] {
            assert_eq!(path(text), Err(DatabaseUrlError::NotAPath), "{text}");
        }
    }
}
