//! The schema of a PostgreSQL database, and the roles that work with it.

use sqlx::{Connection as _, PgConnection};

use super::{LATEST, RunTimeRole, known, migrator, refuse_newer};
use crate::address::PostgresUrl;
use crate::failure::{message, sql_state};
use crate::open::{OpenError, postgres};

const HAS_MIGRATIONS: &str = include_str!("../../sql/schema/has_migrations.postgres.sql");
const LOCK: &str = include_str!("../../sql/schema/lock.postgres.sql");
const LIMIT_WAITING: &str = include_str!("../../sql/schema/limit_waiting.postgres.sql");
const ROLES: &str = include_str!("../../sql/schema/roles.postgres.sql");
const RUN_TIME_ROLES: &str = include_str!("../../sql/schema/run_time_roles.postgres.sql");

/// Each statement sees what was committed before it: the first one waits, and what it waited for has to be seen.
const BEGIN: &str = "begin isolation level read committed";

/// Brings a database's schema up to this program's; gives the number that it came from.
pub(super) async fn migrate(url: &PostgresUrl) -> Result<i64, OpenError> {
    let mut connection = postgres::connect(url).await?;
    let mut transaction = connection.begin_with(BEGIN).await?;
    sqlx::query(LOCK).execute(&mut *transaction).await?;
    sqlx::query(LIMIT_WAITING).execute(&mut *transaction).await?;
    let found = latest(&mut transaction).await?;
    refuse_newer(found)?;
    run_roles(&mut transaction).await?;
    migrator(|pair| pair.postgres).run_direct(None, &mut *transaction, false).await?;
    run_roles(&mut transaction).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(found)
}

async fn run_roles(connection: &mut PgConnection) -> Result<(), OpenError> {
    let Err(error) = sqlx::raw_sql(ROLES).execute(connection).await else { return Ok(()) };
    // Raised there with advice: insufficient_privilege, invalid_role_specification.
    match sql_state(&error).as_deref() {
        Some("42501" | "0P000") => Err(OpenError::Roles(message(&error))),
        _ => Err(error.into()),
    }
}

/// Refuses a schema that is not this program's.
pub(crate) async fn check_postgres(connection: &mut PgConnection) -> Result<(), OpenError> {
    let found = latest(connection).await?;
    refuse_newer(found)?;
    match found {
        0 => Err(OpenError::NoSchema),
        _ if found < known() => Err(OpenError::OlderSchema { found, needed: known() }),
        _ => Ok(()),
    }
}

/// The highest number applied; 0 for a database without our tables.
pub(super) async fn latest(connection: &mut PgConnection) -> Result<i64, OpenError> {
    let ours: bool = sqlx::query_scalar(HAS_MIGRATIONS).fetch_one(&mut *connection).await?;
    if !ours {
        return Ok(0);
    }
    Ok(sqlx::query_scalar(LATEST).fetch_one(connection).await?)
}

/// The roles, as the login sees them.
pub(super) async fn run_time_roles(connection: &mut PgConnection) -> Result<Vec<RunTimeRole>, OpenError> {
    let rows: Vec<(String, bool, bool, i64, i64)> =
        sqlx::query_as(RUN_TIME_ROLES).fetch_all(connection).await?;
    let role = |(name, is_there, may_be_taken, tables, functions)| RunTimeRole {
        name,
        is_there,
        may_be_taken,
        tables: crate::words::count(tables),
        functions: crate::words::count(functions),
    };
    Ok(rows.into_iter().map(role).collect())
}
