//! Checks of a server's database.

use sqlx::{Connection as _, PgConnection};

use super::{Check, isolation, schema, tenants};
use crate::address::PostgresUrl;
use crate::database::{Role, Statement, statement};
use crate::isolation::{Engine, read_postgres};
use crate::open::postgres::{OLDEST, connect_to_look};
use crate::{OpenError, SchemaStatus, StoreError};

const ENTER: Statement = statement!(postgres "session/enter");
const LOGIN: Statement = statement!(postgres "examine/login");
const TENANTS: Statement = statement!(both "examine/tenants");

pub(super) async fn examine(url: &PostgresUrl) -> Vec<Check> {
    let (mut connection, number, version) = match connect_to_look(url).await {
        Ok(reached) => reached,
        Err(error) => return vec![Check::failed("server", error)],
    };
    let mut checks = vec![if number < OLDEST {
        let says =
            format!("PostgreSQL {version}: releases before 15.14 hold known ways around row-level security");
        Check::wrong("server", says).mend("upgrade the server")
    } else {
        Check::fine("server", format!("PostgreSQL {version}"))
    }];
    checks.extend(login(&mut connection).await.unwrap_or_else(|error| vec![Check::failed("login", error)]));
    let is_ours = match SchemaStatus::of_postgres(&mut connection).await {
        Ok(status) => {
            let (check, is_ours) = schema(&status, Engine::Postgres);
            checks.push(check);
            is_ours
        }
        Err(error) => {
            checks.push(Check::failed("schema", error));
            false
        }
    };
    if is_ours {
        checks.extend(
            apart(&mut connection).await.unwrap_or_else(|error| vec![Check::failed("isolation", error)]),
        );
        checks.push(count(&mut connection).await.unwrap_or_else(|error| Check::failed("tenants", error)));
    } else {
        checks.push(Check::note(
            "isolation",
            "not looked at: the tables are not those that this program knows",
        ));
    }
    checks
}

/// Who logs in. A role that row-level security does not bind works, for every transaction takes another; yet whatever
/// ran outside one would see all tenants.
async fn login(connection: &mut PgConnection) -> Result<Vec<Check>, StoreError> {
    let (name, bypasses, owns, closed, inherits): (String, bool, bool, Vec<String>, bool) =
        sqlx::query_as(LOGIN.postgres).fetch_one(connection).await?;
    let mut checks = Vec::new();
    if !closed.is_empty() {
        let is_needed =
            closed.iter().any(|role| [Role::App, Role::Operator].iter().any(|one| one.name() == role));
        let roles = closed.join(", ");
        let says = format!("{name}, who logs in, cannot work as {roles}");
        let check = if is_needed { Check::wrong("login", says) } else { Check::note("login", says) };
        let quoted = name.replace('"', "\"\"");
        checks.push(
            check.mend(format!("let the role that owns the tables run: grant {roles} to \"{quoted}\"")),
        );
    }
    let advice = "log in as a role that owns nothing: create role NAME login noinherit password '...'; grant muster_app, muster_operator, muster_queue to NAME";
    let above = match (bypasses, owns) {
        (true, _) => Some("is above row-level security (SUPERUSER or BYPASSRLS)"),
        (_, true) => Some("owns tables, and could take their protection off"),
        _ if inherits => {
            Some("inherits from muster_queue, and sees every tenant's deliveries without becoming it")
        }
        _ => None,
    };
    match above {
        Some(why) => checks.push(
            Check::note(
                "login",
                format!("{name}, who logs in, {why}; the program takes a lesser role for each transaction"),
            )
            .mend(advice),
        ),
        None if checks.is_empty() => {
            checks.push(Check::fine(
                "login",
                format!("{name}, who owns nothing and can work as each run-time role"),
            ));
        }
        None => {}
    }
    Ok(checks)
}

async fn apart(connection: &mut PgConnection) -> Result<Vec<Check>, StoreError> {
    let mut transaction = connection.begin().await?;
    let catalogue = read_postgres(&mut transaction).await?;
    transaction.rollback().await?;
    Ok(isolation(&catalogue))
}

/// Counts as the run-time role: as whom else it could not be known that this works.
async fn count(connection: &mut PgConnection) -> Result<Check, OpenError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(ENTER.postgres).bind(Role::App.name()).execute(&mut *transaction).await?;
    let counts = sqlx::query_as(TENANTS.postgres).fetch_one(&mut *transaction).await?;
    transaction.rollback().await?;
    Ok(tenants(counts))
}
