//! What is written for one schema works on another: the statements of the last release on the present one, so that its
//! processes go on while this release takes their place (docs/MIGRATIONS.md), and the present statements on theirs.
//!
//! A statement is refused where an engine refuses to plan it, where no run-time role may run it, or where it inserts rows
//! and leaves out a column that has to have a value. Before the first release there is nothing to compare with; that the
//! comparison would notice is shown by migrations that break something on purpose.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test binary: a panic is the message")]

mod inserts;
mod planted;
mod postgres;
mod release;
mod sqlite;
mod texts;

#[path = "../scratch/mod.rs"]
mod scratch;

use std::path::Path;

use texts::StatementText;

/// The folder of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The statements of the working tree.
fn present() -> Vec<StatementText> {
    let found = texts::below(&workspace().join("store/sql"));
    assert!(found.len() > 60, "the statements are not found any more");
    found
}

#[tokio::test]
async fn every_statement_can_be_run_by_a_run_time_role() {
    let database = scratch::ScratchDatabase::new().await;
    assert_eq!(postgres::refused(&database, &present()).await, [""; 0]);
    database.remove().await;
}

#[tokio::test]
async fn every_statement_can_be_prepared_on_sqlite() {
    let (path, _folder) = sqlite::migrated().await;
    assert_eq!(sqlite::refused(&path, &present()).await, [""; 0]);
}

#[tokio::test]
async fn the_last_release_works_on_this_schema() {
    let Some((tag, statements)) = release::last(workspace()) else {
        println!("no release yet: there is nothing to compare with");
        return;
    };
    println!("{} statements of {tag}", statements.len());
    let database = scratch::ScratchDatabase::new().await;
    assert_eq!(postgres::refused(&database, &statements).await, [""; 0], "{tag} on PostgreSQL");
    database.remove().await;
    let (path, _folder) = sqlite::migrated().await;
    assert_eq!(sqlite::refused(&path, &statements).await, [""; 0], "{tag} on SQLite");
}
