//! Opening a PostgreSQL database: one connection is asked whether the server, the schema and the role will do, then
//! a pool takes over.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};

use super::{Connections, OpenError, Whole};
use crate::address::PostgresUrl;
use crate::database::{Pool, Role, Suspicion, TenantWriters, connect_within};
use crate::{StoreError, schema};

/// The oldest server, as `server_version_num` has it.
pub(crate) const OLDEST: i64 = 15_00_14;
/// A connection that was idle for longer is asked whether it still lives before it is used again.
const STALE: Duration = Duration::from_secs(1);

const VERSION: &str = include_str!("../../sql/session/version.postgres.sql");
const ENTER: &str = include_str!("../../sql/session/enter.postgres.sql");
/// Counts the tables of a transfer's notes.
pub(crate) const HAS_BEGUN: &str = include_str!("../../sql/transfer/has_begun.postgres.sql");
const CHECK_ROLE: &str = include_str!("../../sql/session/check_role.postgres.sql");

/// Looks whether the database will do, then opens it.
pub(super) async fn open(
    url: &PostgresUrl,
    connections: Connections,
    whole: Whole,
) -> Result<Pool, OpenError> {
    let mut connection = connect_to(url, connections.patience).await?;
    schema::check_postgres(&mut connection).await?;
    whole.check(sqlx::query_scalar(HAS_BEGUN).fetch_one(&mut connection).await?)?;
    check_role(&mut connection, Role::App).await?;
    connection.close().await?;
    let suspicion = Suspicion::default();
    let suspected = suspicion.clone();
    let pool = PgPoolOptions::new()
        .max_connections(connections.most)
        .acquire_timeout(connections.patience)
        .test_before_acquire(false)
        .before_acquire(move |connection, about| {
            let usable = !suspected.is_on(about.age);
            Box::pin(async move {
                if usable && about.idle_for > STALE {
                    connection.ping().await?;
                }
                Ok(usable)
            })
        })
        .connect_lazy_with(options(url)?);
    Ok(Pool::Postgres(pool, TenantWriters::new(connections.lock_patience), suspicion))
}

/// How every connection is made. Nothing is asked for that PgBouncer refuses to pass on, and no statement is logged:
/// its values may be secrets.
pub(crate) fn options(url: &PostgresUrl) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(url.reveal()).map_err(StoreError::from)?;
    Ok(options.application_name("muster").extra_float_digits(None).disable_statement_logging())
}

/// One connection to a server that is new enough.
pub(crate) async fn connect(url: &PostgresUrl) -> Result<PgConnection, OpenError> {
    connect_to(url, Connections::default().patience).await
}

async fn connect_to(url: &PostgresUrl, patience: Duration) -> Result<PgConnection, OpenError> {
    let (connection, number, found) = look_at(url, patience).await?;
    refuse_old(number, found)?;
    Ok(connection)
}

/// One connection to a server of any age, with its version as a number and in words.
pub(crate) async fn connect_to_look(url: &PostgresUrl) -> Result<(PgConnection, i64, String), OpenError> {
    look_at(url, Connections::default().patience).await
}

async fn look_at(url: &PostgresUrl, patience: Duration) -> Result<(PgConnection, i64, String), OpenError> {
    let options = options(url)?;
    // What takes connections at the address need not be a server that answers.
    let asked = async {
        let mut connection = options.connect().await?;
        let (number, found) = sqlx::query_as(VERSION).fetch_one(&mut connection).await?;
        Ok((connection, number, found))
    };
    Ok(connect_within(patience, asked).await?)
}

fn refuse_old(number: i64, found: String) -> Result<(), OpenError> {
    if number < OLDEST { Err(OpenError::OldServer { found }) } else { Ok(()) }
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
        (true, _) => "it is a superuser or has BYPASSRLS: alter role ... nosuperuser nobypassrls",
        (_, true) => "it owns tables: give them to the role that migrates (alter table ... owner to ...)",
        _ => return Ok(()),
    };
    Err(OpenError::RoleBypasses { role: name, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_old_before_15_14() {
        let said = |number, found: &str| refuse_old(number, found.to_owned()).map_err(|e| e.to_string());
        let sentence = "use this PostgreSQL server: it is 15.13 and 15.14 is the oldest that is safe; upgrade the server";
        assert_eq!(said(15_00_13, "15.13"), Err(sentence.to_owned()));
        assert!(said(14_00_23, "14.23").is_err());
        for newer in [15_00_14, 15_00_18, 16_00_00, 18_00_01] {
            assert_eq!(said(newer, ""), Ok(()));
        }
    }
}
