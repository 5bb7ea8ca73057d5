//! Opening a PostgreSQL database: one connection is asked whether the server, the schema and the role will do, then
//! a pool takes over.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::{Connections, OpenError};
use crate::address::PostgresUrl;
use crate::database::{Pool, Role};
use crate::{StoreError, schema};

/// The oldest server, as `server_version_num` has it.
const OLDEST: i64 = 15_00_14;
/// A connection that was idle for longer is asked whether it still lives before it is used again.
const STALE: Duration = Duration::from_secs(1);

const VERSION: &str = include_str!("../../sql/session/version.postgres.sql");
const ENTER: &str = include_str!("../../sql/session/enter.postgres.sql");
const CHECK_ROLE: &str = include_str!("../../sql/session/check_role.postgres.sql");

/// Looks whether the database will do, then opens it.
pub(super) async fn open(url: &PostgresUrl, connections: Connections) -> Result<Pool, OpenError> {
    let mut connection = connect(url).await?;
    schema::check_postgres(&mut connection).await?;
    check_role(&mut connection, Role::App).await?;
    connection.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections.most)
        .acquire_timeout(connections.patience)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                if about.idle_for > STALE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options(url)?);
    Ok(Pool::Postgres(pool))
}

/// How every connection is made. Nothing is asked for that PgBouncer refuses to pass on, and no statement is logged:
/// its values may be secrets.
pub(crate) fn options(url: &PostgresUrl) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url.reveal()).map_err(StoreError::from)?;
    Ok(options.application_name("muster").extra_float_digits(None).disable_statement_logging())
}

/// One connection to a server that is new enough.
pub(crate) async fn connect(url: &PostgresUrl) -> Result<PgConnection, OpenError> {
    let mut connection = options(url)?.connect().await?;
    let (number, found): (i64, String) = sqlx::query_as(VERSION).fetch_one(&mut connection).await?;
    if number < OLDEST {
        return Err(OpenError::OldServer { found });
    }
    Ok(connection)
}

/// Refuses where this login cannot work as the role, or where the role is not held back by row-level security.
pub(crate) async fn check_role(connection: &mut PgConnection, role: Role) -> Result<(), OpenError> {
    let mut transaction = connection.begin().await?;
    let entered = sqlx::query(ENTER).bind(role.name()).execute(&mut *transaction).await;
    // 42501: not a member of the role. 22023: there is no such role.
    if let Err(error) = &entered
        && error.as_database_error().is_some_and(|e| matches!(e.code().as_deref(), Some("42501" | "22023")))
    {
        return Err(OpenError::RoleRefused { role: role.name() });
    }
    entered?;
    let (name, bypasses, owns): (String, bool, bool) =
        sqlx::query_as(CHECK_ROLE).fetch_one(&mut *transaction).await?;
    transaction.rollback().await?;
    let reason = match (bypasses, owns) {
        (true, _) => "it is a superuser or has BYPASSRLS",
        (_, true) => "it owns tables",
        _ => return Ok(()),
    };
    Err(OpenError::RoleBypasses { role: name, reason })
}
