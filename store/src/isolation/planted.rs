//! Each rule fails on a planted defect, alone and by name; without one nothing is found.
//!
//! Here and not in `tests/`, because the defects stand in a transaction that is never committed, and only its own
//! connection sees them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sqlx::{AssertSqlSafe, Connection as _};

use super::reading::{read_postgres, read_sqlite};
use super::{Catalogue, Engine, Finding, Rule, audit};
use crate::{DatabaseUrl, Store};

#[path = "../../tests/isolation/defects.rs"]
mod defects;

use crate::scratch::ScratchDatabase;
use defects::Defect;

/// Says what is not as it should be about the findings of a defect; empty where all is.
fn misjudged(defect: &Defect, findings: &[Finding]) -> String {
    let (rule, object) = defect.breaks;
    let is_named = |finding: &&Finding| (finding.rule.as_str(), finding.object.as_str()) == (rule, object);
    let mut text = String::new();
    if findings.iter().filter(is_named).count() != 1 {
        _ = writeln!(text, "{rule} {object} is not found once in {}: {findings:#?}", defect.plant);
    }
    for other in findings.iter().filter(|finding| !is_named(finding)) {
        if !defect.also.contains(&other.rule.as_str()) {
            _ = writeln!(text, "{} also breaks {other:?}", defect.plant);
        }
    }
    text
}

/// The rules that defects break.
fn broken(defects: &[Defect]) -> BTreeSet<&str> {
    defects.iter().map(|defect| defect.breaks.0).collect()
}

/// The rules that can be broken on an engine.
fn breakable(engine: Engine) -> BTreeSet<&'static str> {
    Rule::ALL.into_iter().filter(|rule| rule.applies_to(engine)).map(Rule::as_str).collect()
}

#[tokio::test]
async fn each_defect_on_postgresql_is_found() {
    let database = ScratchDatabase::new().await;
    let mut connection = database.superuser().await;
    let mut wrong = String::new();
    for defect in defects::POSTGRES {
        let mut transaction = connection.begin().await.unwrap();
        crate::scratch::run(&mut transaction, defect.plant).await;
        let findings = audit(&read_postgres(&mut transaction).await.unwrap());
        transaction.rollback().await.unwrap();
        wrong += &misjudged(defect, &findings);
    }
    let mut transaction = connection.begin().await.unwrap();
    let healthy = read_postgres(&mut transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    database.remove().await;
    assert_eq!(audit(&healthy), []);
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(broken(defects::POSTGRES), breakable(Engine::Postgres));
    println!("{} defects planted on PostgreSQL, each found", defects::POSTGRES.len());
}

async fn on_sqlite(plant: &str) -> Catalogue {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap().close().await;
    let mut connection = crate::open::sqlite::connect_existing(&path).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(plant.to_owned())).execute(&mut connection).await.unwrap();
    read_sqlite(&mut connection).await.unwrap()
}

#[tokio::test]
async fn each_defect_on_sqlite_is_found() {
    let mut wrong = String::new();
    for defect in defects::SQLITE {
        wrong += &misjudged(defect, &audit(&on_sqlite(defect.plant).await));
    }
    let healthy = on_sqlite("").await;
    assert_eq!(audit(&healthy), []);
    assert!(wrong.is_empty(), "{wrong}");
    let mut broken = broken(defects::SQLITE);
    broken.insert(Rule::ForeignKeysOff.as_str()); // a matter of the connection, below
    assert_eq!(broken, breakable(Engine::Sqlite));
    println!("{} defects planted on SQLite, each found", defects::SQLITE.len());
}

#[tokio::test]
async fn foreign_keys_that_are_off_are_found() {
    let findings = audit(&on_sqlite("pragma foreign_keys = off").await);
    assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::ForeignKeysOff]);
}

#[test]
fn rules_are_in_their_order_and_their_names_are_their_own() {
    assert!(Rule::ALL.is_sorted());
    let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
    assert_eq!((Engine::Sqlite.as_str(), Engine::Postgres.as_str()), ("SQLite", "PostgreSQL"));
}
