//! Every table, every way to reach a row, every state of the setting that names the tenant, as every run-time role.
//!
//! All of it is made from the catalogue, so that a table or column that is added is covered from its first day. What
//! has to happen in a cell follows from the class of the table alone.

mod attempts;
mod expected;
mod rows;

use std::collections::BTreeSet;

use muster_store::isolation::{Catalogue, TableKind};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::scratch::{ScratchDatabase, run};
use attempts::attempts;
use expected::{Outcome, expected};
use rows::Rows;

/// Which tenant is set when something is attempted against the rows of the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Setting {
    /// None ever was on this connection.
    Unset,
    /// What is left after a transaction that set one.
    Empty,
    /// The second.
    Other,
    /// No id at all.
    Malformed,
    /// The first itself: shows that the rows are there and the statements sound.
    Own,
}

const SETTINGS: [Setting; 5] =
    [Setting::Unset, Setting::Empty, Setting::Other, Setting::Malformed, Setting::Own];
const ROLES: [&str; 3] = ["muster_app", "muster_queue", "muster_operator"];

/// What was found.
#[derive(Debug, Default)]
struct Report {
    cells: usize,
    /// Those of them with the tenant's own id set: what has to work.
    controls: usize,
    tables: BTreeSet<String>,
    wrong: Vec<String>,
}

/// Makes rows of two tenants and of nobody in every table, and attempts everything.
async fn matrix(database: &ScratchDatabase) -> Report {
    let catalogue = Catalogue::read(&database.owner_url()).await.unwrap();
    let mut superuser = database.superuser().await;
    let rows = Rows::make(&mut superuser, &catalogue).await;
    let mut report = Report::default();
    for setting in SETTINGS {
        // A connection of its own, for once set the setting is never unset again.
        let address = database.address("muster_test_service");
        let mut connection = PgConnection::connect(address.as_str()).await.unwrap();
        for role in ROLES {
            let mut transaction = connection.begin().await.unwrap();
            run(&mut transaction, &format!("set local role {role}")).await;
            if let Some(value) = rows.setting(setting) {
                run(
                    &mut transaction,
                    &format!("select set_config('app.current_tenant_id', '{value}', true)"),
                )
                .await;
            }
            for table in catalogue.tables.iter().filter(|table| table.kind == TableKind::Table) {
                report.tables.insert(table.name.clone());
                for attempt in attempts(&catalogue, &rows, &table.name) {
                    let wanted = expected(&rows, &table.name, role, setting, &attempt);
                    let got = outcome(&mut transaction, attempt.statement(wanted == Outcome::Denied)).await;
                    report.cells += 1;
                    report.controls += usize::from(setting == Setting::Own);
                    if !wanted.allows(&got) {
                        let what = attempt.what();
                        report.wrong.push(format!(
                            "{}: {what} as {role}, {setting:?}: {got:?}, not {wanted:?}",
                            table.name
                        ));
                    }
                }
            }
            transaction.rollback().await.unwrap();
        }
    }
    report
}

/// Runs a statement and undoes it.
async fn outcome(connection: &mut PgConnection, statement: &str) -> Outcome {
    let text = format!("savepoint cell; {statement}; set constraints all immediate");
    let got = match sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut *connection).await {
        Ok(done) => Outcome::Rows(done.rows_affected()),
        Err(error) => Outcome::of(&error),
    };
    run(connection, "rollback to savepoint cell").await;
    got
}

#[tokio::test]
async fn nobody_reaches_a_row_that_is_not_his() {
    let database = ScratchDatabase::new().await;
    let report = matrix(&database).await;
    database.remove().await;
    assert!(report.wrong.is_empty(), "{}", report.wrong.join("\n"));
    let Report { cells, controls, .. } = report;
    println!(
        "{cells} cells ({controls} of them controls) over {} tables, all as they have to be",
        report.tables.len()
    );
    assert!(report.cells > 5000 && report.tables.len() > 25, "{report:?}");
}

/// The matrix sees defects, each where it is, and covers a table that nobody told it of.
#[tokio::test]
async fn a_way_through_is_seen_where_it_is() {
    let planted = [
        ("tasks", "alter table tasks disable row level security"),
        ("links", "alter policy tenant_rows on links with check (true)"),
        ("users", "alter policy tenant_rows on users using (true)"),
        (
            "extracts",
            "alter policy tenant_rows on extracts using
                (tenant_id = coalesce(nullif(current_setting('app.current_tenant_id', true), '')::uuid, tenant_id))",
        ),
        ("audit_log", "grant update (details) on audit_log to muster_app"),
        ("tokens", "grant select (hash) on tokens to muster_operator"),
        ("jobs", "create policy mine on jobs to muster_app using (tenant_id is null)"),
        (
            "notes",
            "create table notes (tenant_id uuid references tenants (id), line text not null, primary key (tenant_id));
            grant select on notes to muster_app",
        ),
        (
            "scans",
            "alter table scans drop constraint scans_tenant_id_repository_id_fkey;
            alter table repositories add constraint repositories_id unique (id);
            alter table scans add foreign key (repository_id) references repositories (id)",
        ),
    ];
    let database = ScratchDatabase::new().await;
    for (_, plant) in planted {
        run(&mut database.superuser().await, plant).await;
    }
    let report = matrix(&database).await;
    database.remove().await;
    let named: BTreeSet<&str> =
        report.wrong.iter().filter_map(|wrong| Some(wrong.split_once(':')?.0)).collect();
    assert_eq!(named, planted.iter().map(|(table, _)| *table).collect(), "{:#?}", report.wrong);
}
