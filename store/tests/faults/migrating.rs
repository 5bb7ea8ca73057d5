//! Migrations by several processes at once, and by processes that are killed in the middle of one.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use muster_store::{DatabaseUrl, Store};
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::child::Waiting;
use crate::examples::tenant;
use crate::scratch::ScratchDatabase;

/// Processes that migrate one database at once.
const AT_ONCE: usize = 4;
/// Processes that are killed, for each engine.
const KILLED: u32 = 20;
/// The schema of an earlier release.
const EARLIER: i64 = 6;

static ROLES: OnceCell<()> = OnceCell::const_new();

/// A database of either engine, with the schema of that number.
struct Old {
    url: String,
    postgres: Option<ScratchDatabase>,
    _folder: Option<TempDir>,
}

impl Old {
    async fn sqlite(number: i64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(number > 0);
        if number > 0 {
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            migrator("sqlite").await.run_to(number, &mut connection).await.unwrap();
            connection.close().await.unwrap();
        } else {
            std::fs::write(&path, "").unwrap();
        }
        Self { url: path.to_str().unwrap().to_owned(), postgres: None, _folder: Some(folder) }
    }

    async fn postgres(number: i64) -> Self {
        // The run-time roles are the server's, and migrations grant to them.
        ROLES.get_or_init(|| async { ScratchDatabase::new().await.remove().await }).await;
        let database = ScratchDatabase::without_tables().await;
        let url = database.address("muster_test_owner").to_string();
        if number > 0 {
            let mut owner = PgConnection::connect(&url).await.unwrap();
            migrator("postgres").await.run_to(number, &mut owner).await.unwrap();
            owner.close().await.unwrap();
        }
        Self { url, postgres: Some(database), _folder: None }
    }

    async fn of(engine: &str, number: i64) -> Self {
        if engine == "sqlite" { Self::sqlite(number).await } else { Self::postgres(number).await }
    }

    fn url(&self) -> DatabaseUrl {
        self.url.parse().unwrap()
    }

    /// The database is whole and can be worked with.
    async fn assert_usable(&self) {
        let store = Store::open(&self.url()).await.unwrap();
        tenant(&store).await;
        store.close().await;
        if self.postgres.is_none() {
            let options = SqliteConnectOptions::new().filename(&self.url);
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            let sound: String =
                sqlx::query_scalar("pragma integrity_check").fetch_one(&mut connection).await.unwrap();
            assert_eq!(sound, "ok");
        }
    }

    async fn remove(self) {
        if let Some(database) = self.postgres {
            database.remove().await;
        }
    }
}

async fn migrator(engine: &str) -> Migrator {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../migrations", engine].iter().collect();
    Migrator::new(Path::new(&folder)).await.unwrap()
}

async fn one_migrates_and_the_others_wait(engine: &str) {
    for number in [0, EARLIER] {
        let old = Old::of(engine, number).await;
        let mut children: Vec<_> = (0..AT_ONCE).map(|_| Waiting::to_migrate(&old.url)).collect();
        children.iter_mut().for_each(Waiting::let_go);
        let mut outcomes: Vec<_> = children.iter_mut().map(Waiting::outcome).collect();
        outcomes.sort();
        let known = Store::schema_status(&old.url()).await.unwrap().known;
        let mut expected = vec![format!("from {number}")];
        expected.resize(AT_ONCE, format!("from {known}"));
        expected.sort();
        assert_eq!(outcomes, expected, "{engine} from {number}");
        old.assert_usable().await;
        old.remove().await;
    }
}

#[tokio::test]
async fn of_several_processes_one_migrates_on_sqlite() {
    one_migrates_and_the_others_wait("sqlite").await;
}

#[tokio::test]
async fn of_several_processes_one_migrates_on_postgresql() {
    one_migrates_and_the_others_wait("postgres").await;
}

/// How long a whole migration takes, from the word to the answer.
async fn whole(engine: &str) -> Duration {
    let old = Old::of(engine, 0).await;
    let mut child = Waiting::to_migrate(&old.url);
    let begun = Instant::now();
    child.let_go();
    assert_eq!(child.outcome(), "from 0");
    let took = begun.elapsed();
    old.remove().await;
    took
}

/// The moments are spread over the time that a migration took before, and a little beyond: which state is found depends on the machine,
/// that it is one of the two does not.
async fn killed_at_any_moment(engine: &str) {
    let whole = whole(engine).await;
    let mut found = [0, 0];
    for n in 0..KILLED {
        let number = if n % 2 == 0 { 0 } else { EARLIER };
        let old = Old::of(engine, number).await;
        let mut child = Waiting::to_migrate(&old.url);
        let begun = Instant::now();
        child.let_go();
        while begun.elapsed() < whole * 5 * n / (4 * KILLED) {
            std::hint::spin_loop();
        }
        child.child.kill().unwrap();
        child.child.wait().unwrap();

        let status = Store::schema_status(&old.url()).await.unwrap();
        assert!(status.found == number || status.found == status.known, "{engine}: half of it: {status:?}");
        found[usize::from(status.found == status.known)] += 1;
        // What was killed may not have let go yet: this one waits for it.
        let before = Store::migrate(&old.url()).await.unwrap();
        assert!(before.found == number || before.found == before.known, "{engine}: {before:?}");
        assert_eq!(Store::schema_status(&old.url()).await.unwrap().missing, []);
        old.assert_usable().await;
        old.remove().await;
    }
    println!(
        "{engine}: of {KILLED} that were killed {} left the old schema, {} the new one",
        found[0], found[1]
    );
}

#[tokio::test]
async fn a_migration_that_is_killed_leaves_the_old_schema_or_the_new_one_on_sqlite() {
    killed_at_any_moment("sqlite").await;
}

#[tokio::test]
async fn a_migration_that_is_killed_leaves_the_old_schema_or_the_new_one_on_postgresql() {
    killed_at_any_moment("postgres").await;
}

#[tokio::test]
async fn an_older_database_is_refused_on_postgresql_and_brought_up_on_sqlite() {
    let old = Old::postgres(EARLIER).await;
    let known = Store::schema_status(&old.url()).await.unwrap().known;
    let said = Store::open(&old.url()).await.unwrap_err().to_string();
    assert_eq!(
        said,
        format!(
            "open the database: its schema is number 6 and this program needs {known}; muster migrate up brings it there"
        )
    );
    old.remove().await;
    let old = Old::sqlite(EARLIER).await;
    let store = Store::open(&old.url()).await.unwrap();
    assert_eq!(store.brought_from().map(|before| (before.found, before.known)), Some((EARLIER, known)));
    store.close().await;
}
