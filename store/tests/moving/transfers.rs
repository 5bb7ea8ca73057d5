//! A database there and back.

use muster_store::{DatabaseUrl, MovedTable, NewTenant, OpenError, Store, Transfer, TransferError, Verdict};
use sqlx::Row as _;

use crate::filled::{Filled, id, run};
use crate::scratch::ScratchDatabase;
use crate::{NOW, quiet};

async fn transfer(from: &DatabaseUrl, to: &DatabaseUrl) -> Result<Vec<MovedTable>, TransferError> {
    Transfer::open(from, to).await?.run(&quiet).await
}

fn rows(tables: &[MovedTable]) -> u64 {
    tables.iter().map(|table| table.rows).sum()
}

#[tokio::test]
async fn everything_goes_there_and_back() {
    let filled = Filled::new().await;
    let there = ScratchDatabase::without_tables().await;
    let first = transfer(&filled.url(), &there.owner_url()).await.unwrap();
    assert!(first.iter().all(|table| table.rows >= 3), "{first:?}");
    let nul = |name: &str| first.iter().find(|table| table.name == name).unwrap().nul_texts;
    assert_eq!((nul("commits"), nul("paths"), nul("repositories")), (3, 0, 18));

    let back = filled.beside("new/back.db");
    let second = transfer(&there.owner_url(), &back).await.unwrap();
    assert_eq!(second, first, "rows, checksums and odd texts");

    // The service's own login sees them, held back by the policies.
    let mut superuser = there.superuser().await;
    let numbers = sqlx::query("select nextval('deliveries_id_seq') as d, nextval('jobs_id_seq') as j");
    let numbers = numbers.fetch_one(&mut superuser).await.unwrap();
    assert_eq!((numbers.get::<i64, _>("d"), numbers.get::<i64, _>("j")), (901, 701));
    let left: bool = sqlx::query_scalar("select to_regclass('public._muster_transfer') is not null")
        .fetch_one(&mut superuser)
        .await
        .unwrap();
    assert!(!left, "the notes of a transfer that ended are gone");
    there.remove().await;
}

#[tokio::test]
async fn sqlite_to_sqlite_byte_by_byte() {
    let filled = Filled::new().await;
    let copy = filled.beside("copy.db");
    transfer(&filled.url(), &copy).await.unwrap();
    let mut connection = filled.connection().await;
    run(&mut connection, &format!("attach '{copy}' as copy")).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "select name from main.sqlite_schema where type = 'table'
            and name not like '\\_sqlx%' escape '\\' and name not like 'sqlite\\_%' escape '\\'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert_eq!(tables.len(), 32);
    for table in tables {
        let text =
            format!("select count(*) from (select * from main.{table} except select * from copy.{table})");
        let missing: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(text)).fetch_one(&mut connection).await.unwrap();
        assert_eq!(missing, 0, "{table}");
    }
}

#[tokio::test]
async fn a_target_that_holds_rows_is_refused() {
    let filled = Filled::new().await;
    let database = ScratchDatabase::new().await;
    let url = database.owner_url();
    let store = Store::open(&url).await.unwrap();
    store.create_tenant(&NewTenant { subdomain: "a".into(), ..NewTenant::default() }, NOW).await.unwrap();
    let refused = transfer(&filled.url(), &url).await.unwrap_err();
    assert!(matches!(refused, TransferError::NotEmpty), "{refused}");
    let refused = Transfer::open(&filled.url(), &url).await.unwrap().plan(&quiet).await.unwrap_err();
    assert!(matches!(refused, TransferError::NotEmpty), "{refused}");
    let refused = transfer(&url, &filled.url()).await.unwrap_err();
    assert!(matches!(refused, TransferError::NotEmpty), "{refused}");
    store.close().await;
    database.remove().await;

    let unowned = filled.beside("unowned.db");
    Store::open(&unowned).await.unwrap().close().await;
    let DatabaseUrl::Sqlite(path) = &unowned else { unreachable!() };
    let mut connection = crate::filled::connect(path).await;
    run(
        &mut connection,
        "insert into installations values ('github', 1, null, '', 1, null, null, null, null, null)",
    )
    .await;
    let refused = transfer(&filled.url(), &unowned).await.unwrap_err();
    assert!(matches!(refused, TransferError::NotEmpty), "{refused}");
}

#[tokio::test]
async fn what_cannot_be_moved_is_said() {
    let filled = Filled::new().await;
    let refused = transfer(&filled.url(), &filled.url()).await.unwrap_err();
    assert!(matches!(refused, TransferError::SameDatabase), "{refused}");
    let roundabout = filled.beside("../".to_owned().as_str());
    let DatabaseUrl::Sqlite(folder) = roundabout else { unreachable!() };
    let name = filled.folder.path().file_name().unwrap();
    let same = DatabaseUrl::Sqlite(folder.join(name).join("filled.db"));
    let refused = transfer(&filled.url(), &same).await.unwrap_err();
    assert!(matches!(refused, TransferError::SameDatabase), "{refused}");
    let missing = filled.beside("missing.db");
    let refused = transfer(&missing, &filled.beside("new.db")).await.unwrap_err();
    assert!(matches!(refused, TransferError::Source(OpenError::File { .. })), "{refused}");
    assert!(!filled.folder.path().join("missing.db").exists());
}

#[tokio::test]
async fn a_plan_changes_nothing() {
    let filled = Filled::new().await;
    let there = ScratchDatabase::without_tables().await;
    for url in [there.owner_url(), filled.beside("new.db")] {
        let opened = Transfer::open(&filled.url(), &url).await.unwrap();
        let plan = opened.plan(&quiet).await.unwrap();
        assert_eq!((plan.tenants, plan.makes_tables, plan.goes_on), (3, true, false));
        assert!(rows(&plan.tables) > 150);
    }
    assert_eq!(Store::schema_status(&there.owner_url()).await.unwrap().found, 0);
    assert!(!filled.folder.path().join("new.db").exists());
    there.remove().await;
}

#[tokio::test]
async fn a_source_that_changes_and_a_target_that_differs_are_noticed() {
    let filled = Filled::new().await;
    // An attempt that was cut off behind the first table of commits, and a change before it goes on.
    let target = filled.beside("cut-off.db");
    transfer(&filled.url(), &target).await.unwrap();
    let DatabaseUrl::Sqlite(path) = &target else { unreachable!() };
    let mut connection = crate::filled::connect(path).await;
    let begin = include_str!("../../sql/transfer/begin.sqlite.sql");
    let note_all = async |connection: &mut sqlx::SqliteConnection| {
        run(connection, "drop table if exists _muster_transfer").await;
        run(connection, begin).await;
        let note =
            format!("insert into _muster_transfer values ('from', '{}', 0, zeroblob(16))", filled.url());
        run(connection, &note).await;
    };
    // Without notes every table is copied again, and the first one is there already.
    note_all(&mut connection).await;
    let refused = transfer(&filled.url(), &target).await.unwrap_err();
    assert!(matches!(refused, TransferError::Store(_)), "{refused}");

    let other = filled.beside("else.db");
    Store::open(&other).await.unwrap().close().await;
    let refused = transfer(&other, &target).await.unwrap_err();
    assert!(matches!(refused, TransferError::OtherSource { .. }), "{refused}");

    // A transfer whose every table was copied, but one row was altered in the target.
    let altered = filled.beside("altered.db");
    let planned = Transfer::open(&filled.url(), &altered).await.unwrap();
    Store::migrate(&altered).await.unwrap();
    let DatabaseUrl::Sqlite(path) = &altered else { unreachable!() };
    let mut connection = crate::filled::connect(path).await;
    run(
        &mut connection,
        "create trigger alters after insert on users begin
        update users set full_name = 'altered' where id = new.id and tenant_id = new.tenant_id; end",
    )
    .await;
    let refused = planned.run(&quiet).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "find in the target what the source holds: they differ in users; begin anew with an empty target"
    );
    let mut source = filled.connection().await;
    run(&mut source, "update users set full_name = 'changed' where id = 1").await;
    let refused = planned.run(&quiet).await.unwrap_err();
    assert!(matches!(&refused, TransferError::SourceChanged(tables) if tables == "users"), "{refused}");
    assert_eq!(id(1), id(1));
}

#[tokio::test]
async fn a_half_filled_database_is_opened_by_nobody_else() {
    let filled = Filled::new().await;
    let server = ScratchDatabase::new().await;
    run(&mut filled.connection().await, "create table _muster_transfer (x integer)").await;
    crate::scratch::run(&mut server.superuser().await, "create table _muster_transfer (x bigint)").await;
    for url in [filled.url(), server.url()] {
        assert!(matches!(Store::open(&url).await, Err(OpenError::HalfTransferred)));
        let found = Store::examine(&url).await;
        let wrong: Vec<_> = found.checks.iter().filter(|check| check.verdict == Verdict::Wrong).collect();
        assert!(wrong.iter().any(|check| check.subject == "transfer"), "{wrong:?}");
        assert!(wrong.iter().all(|check| check.subject != "isolation"), "no advice to drop it: {wrong:?}");
    }
    server.remove().await;
}
