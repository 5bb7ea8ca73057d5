//! What PostgreSQL says of a statement, as the roles that the program runs as.

use std::collections::{BTreeSet, HashMap};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::inserts::inserts;
use crate::scratch::ScratchDatabase;
use crate::texts::StatementText;

/// The roles, and which is asked first. That none of the others may do what one may is for the audit of the catalogue.
const ROLES: [&str; 3] = ["muster_app", "muster_operator", "muster_queue"];
/// Statements of these folders are run by whoever migrates.
const OWNERS: [&str; 1] = ["schema/"];

/// Insufficient privilege.
const REFUSED: &str = "42501";

/// What is wrong with each statement, in a line; nothing where all is well.
pub(crate) async fn refused(database: &ScratchDatabase, statements: &[StatementText]) -> Vec<String> {
    let mut service = connect(database, "muster_test_service").await;
    let mut owner = connect(database, "muster_test_owner").await;
    let required = required(&mut owner).await;
    let mut offences = Vec::new();
    for StatementText { name, text } in statements.iter().filter(|statement| statement.is_for_postgres()) {
        let owned = OWNERS.iter().any(|folder| name.starts_with(folder));
        let answer = if owned {
            plan(&mut owner, None, text).await
        } else {
            plan_by_some_role(&mut service, text).await
        };
        if let Err((_, words)) = answer {
            offences.push(format!("{name}: {words}"));
        }
        for insert in inserts(text) {
            let Some(required) = required.get(&insert.table) else { continue };
            let missing: Vec<_> = required.difference(&insert.columns).cloned().collect();
            if !missing.is_empty() {
                offences.push(format!("{name}: {} needs a value for {}", insert.table, missing.join(", ")));
            }
        }
    }
    service.close().await.unwrap();
    owner.close().await.unwrap();
    offences
}

/// The first role that has the rights decides; where none has them, what the first was told.
async fn plan_by_some_role(service: &mut PgConnection, text: &str) -> Result<(), (String, String)> {
    let mut first = None;
    for role in ROLES {
        match plan(service, Some(role), text).await {
            Err((code, words)) if code == REFUSED => _ = first.get_or_insert((code, words)),
            other => return other,
        }
    }
    Err(first.expect("there are roles"))
}

async fn connect(database: &ScratchDatabase, role: &str) -> PgConnection {
    PgConnection::connect(database.address(role).as_str()).await.unwrap()
}

/// Plans a statement and looks whether the role may run it, without running it; the code and the words where not.
///
/// Preparing checks names and types. Rights are checked when a plan is opened, which `explain` does; a generic plan,
/// because one for nulls may have lost the tables.
async fn plan(connection: &mut PgConnection, role: Option<&str>, text: &str) -> Result<(), (String, String)> {
    let mut transaction = connection.begin().await.unwrap();
    let role = role.map_or_else(String::new, |role| format!("set local role {role};"));
    let prepare = format!("{role} set local plan_cache_mode = force_generic_plan; prepare planned as {text}");
    let planned = async {
        sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *transaction).await?;
        let count: i32 = sqlx::query_scalar(
            "select cardinality(parameter_types) from pg_prepared_statements where name = 'planned'",
        )
        .fetch_one(&mut *transaction)
        .await?;
        let nulls = vec!["null"; usize::try_from(count).unwrap()].join(", ");
        let values = if count == 0 { nulls } else { format!("({nulls})") };
        let explain = format!("explain execute planned{values}");
        sqlx::raw_sql(AssertSqlSafe(explain)).execute(&mut *transaction).await
    };
    let answer = planned.await;
    transaction.rollback().await.unwrap();
    // It belongs to the session, not to the transaction; where preparing failed there is none.
    _ = sqlx::raw_sql("deallocate planned").execute(&mut *connection).await;
    match answer {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = error.into_database_error().expect("the server answers");
            Err((error.code().unwrap_or_default().into_owned(), error.message().to_owned()))
        }
    }
}

/// For each table the columns that an insert has to name.
async fn required(connection: &mut PgConnection) -> HashMap<String, BTreeSet<String>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "select c.relname::text, a.attname::text
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0
            and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let mut required = HashMap::<String, BTreeSet<String>>::new();
    for (table, column) in rows {
        required.entry(table).or_default().insert(column);
    }
    required
}
