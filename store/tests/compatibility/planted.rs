//! Migrations that break the release before them, planted on purpose: each is noticed. And some that do not.

use sqlx::{AssertSqlSafe, Connection as _};

use crate::scratch::{ScratchDatabase, run};
use crate::{postgres, present, sqlite};

/// A migration, and what is said of the first statement that it breaks; nothing where it breaks none.
type Planted = (&'static str, Option<&'static str>);

const ON_POSTGRES: [Planted; 8] = [
    (
        "alter table tasks drop column surroundings",
        Some("tasks/list.sql: column t.surroundings does not exist"),
    ),
    (
        "alter table commits rename column message to body",
        Some("commits/add.postgres.sql: column \"message\" of relation \"commits\" does not exist"),
    ),
    (
        "alter table extracts rename to results",
        Some("extracts/drop.postgres.sql: relation \"extracts\" does not exist"),
    ),
    (
        "alter table refs add column seen_at bigint not null",
        Some("refs/put_many.postgres.sql: refs needs a value for seen_at"),
    ),
    (
        "revoke insert on commits from muster_app",
        Some("commits/add.postgres.sql: permission denied for table commits"),
    ),
    (
        "drop function tenant_by_subdomain(text)",
        Some("tenants/find.postgres.sql: function tenant_by_subdomain(unknown) does not exist"),
    ),
    ("alter table refs add column seen_at bigint not null default 0", None),
    (
        "create table more (tenant_id uuid not null, x text not null); alter table tasks add column more text",
        None,
    ),
];

const ON_SQLITE: [Planted; 5] = [
    ("alter table tasks drop column surroundings", Some("tasks/list.sql: no such column: t.surroundings")),
    ("alter table commits rename column message to body", Some("commits/add.sqlite.sql: table commits has no column named message")),
    (
        // SQLite adds no such column to a table that is there: somebody has made the table anew.
        "drop table refs;
        create table refs (tenant_id blob not null, repository_id integer not null, name text not null,
            tip blob not null, deleted_at integer, seen_at integer not null, primary key (tenant_id, repository_id, name)) strict",
        Some("refs/put_many.sqlite.sql: refs needs a value for seen_at"),
    ),
    ("alter table refs add column seen_at integer not null default 0", None),
    ("create table more (tenant_id blob not null, x text not null) strict; alter table tasks add column more text", None),
];

fn assert_noticed(migration: &str, expected: Option<&str>, offences: &[String]) {
    println!("{migration}\n    {offences:#?}");
    match expected {
        None => assert_eq!(offences, [""; 0], "{migration}"),
        Some(said) => {
            assert!(offences.iter().any(|offence| offence.starts_with(said)), "{migration}: {offences:#?}");
        }
    }
}

#[tokio::test]
async fn what_breaks_the_release_before_is_noticed_on_postgresql() {
    for (migration, expected) in ON_POSTGRES {
        let database = ScratchDatabase::new().await;
        let mut connection = database.superuser().await;
        run(&mut connection, migration).await;
        connection.close().await.unwrap();
        let offences = postgres::refused(&database, &present()).await;
        assert_noticed(migration, expected, &offences);
        database.remove().await;
    }
}

#[tokio::test]
async fn what_breaks_the_release_before_is_noticed_on_sqlite() {
    for (migration, expected) in ON_SQLITE {
        let (path, _folder) = sqlite::migrated().await;
        let mut connection = sqlite::connect(&path).await;
        sqlx::raw_sql(AssertSqlSafe(migration)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let offences = sqlite::refused(&path, &present()).await;
        assert_noticed(migration, expected, &offences);
    }
}
