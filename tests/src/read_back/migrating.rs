//! `muster migrate`, and what the other commands say of a database with another schema than theirs.

use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use super::session::{Said, Session};
use crate::scratch::{ScratchDatabase, run};

async fn file(session: &Session) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(session.database()).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// A file as an earlier release left it.
async fn earlier(session: &Session, number: i64) {
    let migrations = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/sqlite"));
    let mut file = file(session).await;
    Migrator::new(migrations).await.unwrap().run_to(number, &mut file).await.unwrap();
    file.close().await.unwrap();
}

#[tokio::test]
async fn a_file_is_brought_up_by_any_command_which_says_so() {
    let session = Session::new();
    let missing = session.failure(&["migrate"]);
    assert!(missing.ends_with("own.db: it is not there yet; muster migrate up makes it\n"), "{missing}");
    let made = session.results(&["migrate", "up"]);
    assert!(made.starts_with("brought the schema of /tmp/home/own.db from 0 to "), "{made}");
    let again = session.results(&["migrate", "up"]);
    assert!(again.ends_with(": nothing was to do\n"), "{again}");
    let status: serde_json::Value =
        serde_json::from_str(&session.results(&["migrate", "status", "--format", "json"])).unwrap();
    let known = status["known"].as_i64().unwrap();
    assert_eq!((&status["engine"], &status["found"]), (&"sqlite".into(), &known.into()));
    assert_eq!((&status["missing"], &status["roles"]), (&serde_json::json!([]), &serde_json::json!([])));

    let session = Session::new();
    earlier(&session, 6).await;
    let behind = session.run(&["migrate"]);
    let missing = format!("schema    number 6 of {known}, {} migrations are missing\n", known - 6);
    assert!(behind.out.contains(&missing), "{behind:?}");
    assert_eq!(behind.words, "muster: muster migrate up brings it up to date; make a backup before\n");
    let scanned = session.run(&["scan", session.root()]);
    assert!(scanned.success, "{scanned:?}");
    assert_eq!(scanned.words, format!("muster: the database's schema was brought from 6 to {known}\n"));
    session.scan(); // which says nothing more
}

#[tokio::test]
async fn a_newer_schema_is_refused_by_every_command_but_status() {
    let session = Session::new();
    session.scan();
    let mut file = file(&session).await;
    let later = "insert into _sqlx_migrations values (9999, 'later', '2100-01-01', true, x'00', 0)";
    sqlx::raw_sql(later).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    for arguments in [
        &["scan", session.root()][..],
        &["projects"],
        &["tasks"],
        &["commits"],
        &["repos"],
        &["migrate", "up"],
    ] {
        let said = session.failure(arguments);
        assert!(said.contains("its schema is number 9999 and this program knows up to"), "{said}");
        assert!(said.ends_with("; use the newer muster\n"), "{said}");
    }
    assert!(session.results(&["migrate"]).contains("number 9999; this program knows up to"));
}

#[tokio::test]
async fn a_postgresql_database_is_brought_up_by_its_owner_alone() {
    let session = Session::new();
    ScratchDatabase::new().await.remove().await; // the roles are the server's
    let database = ScratchDatabase::without_tables().await;
    let (owner, service) = (database.address("muster_test_owner"), database.address("muster_test_service"));
    let ask = |arguments: &[&str]| -> Said {
        let mut command = session.bare(arguments);
        command.env("DATABASE_URL", service.as_str()).env("DATABASE_DIRECT_URL", owner.as_str());
        let said = session.said(command.output().unwrap());
        for secret in ["muster_test_owner", "muster_test_service"] {
            assert!(!said.out.contains(secret) && !said.words.contains(secret), "{said:?}");
        }
        said
    };
    let refused = ask(&["scan", session.root()]);
    assert!(!refused.success, "{refused:?}");
    assert!(
        refused.words.ends_with(
            "it has no tables of muster yet; muster migrate up makes them, as the role that is to own them\n"
        ),
        "{refused:?}"
    );

    let raised = ask(&["migrate", "up"]);
    assert!(raised.success && raised.out.starts_with("brought the schema of postgres://"), "{raised:?}");
    insta::assert_snapshot!(raised.words, @"
    muster: the service logs in as a role of its own, which is made once:
    muster:   create role muster_service login noinherit password '...';
    muster:   grant muster_app, muster_queue, muster_operator to muster_service;
    ");
    let again = ask(&["migrate", "up"]);
    assert!(again.success && again.words.is_empty(), "{again:?}");
    let status = ask(&["migrate"]);
    assert!(status.out.contains("up to date") && status.out.contains("muster_operator  yes"), "{status:?}");
    assert!(ask(&["scan", session.root()]).success);

    let mut superuser = database.superuser().await;
    run(&mut superuser, "delete from _sqlx_migrations where version > 6").await;
    superuser.close().await.unwrap();
    for arguments in [&["scan", session.root()][..], &["projects"], &["tasks"], &["commits"], &["repos"]] {
        let refused = ask(arguments);
        assert!(!refused.success && refused.out.is_empty(), "{refused:?}");
        assert!(refused.words.contains("its schema is number 6 and this program needs "), "{refused:?}");
        assert!(refused.words.ends_with("; muster migrate up brings it there\n"), "{refused:?}");
    }
    database.remove().await;
}
