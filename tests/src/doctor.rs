//! `muster doctor` on databases that are well and on such that are not.
//!
//! The defects are those that the audit's own tests plant; here three at a time, and committed.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use muster_store::{DatabaseUrl, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::program::muster;

#[path = "../../store/tests/isolation/defects.rs"]
mod defects;

use crate::scratch::ScratchDatabase;
use defects::Defect;

/// Runs it; what it says, with what differs from run to run left out, and its exit code.
fn doctor(database: &str, arguments: &[&str], differs: &[(&str, &str)]) -> String {
    let mut command = Command::new(muster());
    command.arg("doctor").args(["--database", database]).args(arguments).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let mut text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    for (from, to) in differs {
        text = text.replace(from, to);
    }
    format!("{text}\nexit code {}\n", status.code().unwrap())
}

/// The first defect of each of three rules.
fn three(defects: &[Defect], rules: [&str; 3]) -> String {
    let plant = |rule| defects.iter().find(|defect| defect.breaks.0 == rule).unwrap().plant;
    rules.map(plant).join(";\n")
}

/// A migrated file in a folder of its own.
async fn file() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap().close().await;
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}

async fn of_file(path: &str, arguments: &[&str]) -> String {
    let folder = Path::new(path).parent().and_then(Path::to_str).unwrap();
    let options: SqliteConnectOptions = "sqlite::memory:".parse().unwrap();
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let version: String =
        sqlx::query_scalar("select sqlite_version()").fetch_one(&mut connection).await.unwrap();
    doctor(path, arguments, &[(folder, "/tmp"), (&version, "3.x")])
}

async fn of_server(database: &ScratchDatabase, role: &str, arguments: &[&str]) -> String {
    let address = database.address(role);
    let place = format!("{}:{}", address.host_str().unwrap(), address.port().unwrap_or(5432));
    let mut superuser = database.superuser().await;
    let version: String = sqlx::query_scalar("show server_version").fetch_one(&mut superuser).await.unwrap();
    doctor(
        address.as_str(),
        arguments,
        &[
            (&place, "host"),
            (database.name(), "muster"),
            (&format!("PostgreSQL {version}"), "PostgreSQL 15.x"),
        ],
    )
}

#[tokio::test]
async fn a_file_that_is_well() {
    let (_folder, path) = file().await;
    insta::assert_snapshot!(of_file(&path, &[]).await, @"
    /tmp/muster.db

    fine   permissions  the file is for its owner alone
    fine   file         SQLite 3.x, every page of it whole
    fine   schema       number 22, as this program needs
    note   isolation    SQLite has no row-level security: each statement names its tenant, and nothing stands behind that
                        → keep tenants that must not trust each other on PostgreSQL (muster transfer)
    fine   isolation    11 rules over 33 tables: nothing that could lead from one tenant to another
    fine   tenants      0 tenants, 0 suspended; 0 data keys wrapped by 0 keys

    nothing is wrong

    exit code 0
    ");
}

#[tokio::test]
async fn a_file_with_three_defects() {
    let (_folder, path) = file().await;
    let mut connection =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    let plant = three(defects::SQLITE, ["unlisted-table", "key-order", "audit-log-open"]);
    sqlx::raw_sql(AssertSqlSafe(plant)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    insta::assert_snapshot!(of_file(&path, &[]).await, @"
    /tmp/muster.db

    fine   permissions  the file is for its owner alone
    fine   file         SQLite 3.x, every page of it whole
    fine   schema       number 22, as this program needs
    note   isolation    SQLite has no row-level security: each statement names its tenant, and nothing stands behind that
                        → keep tenants that must not trust each other on PostgreSQL (muster transfer)
    wrong  isolation    notes: this table is in no list: nobody has decided whose rows it holds, so nothing guards them
                        → drop it, or move it to another schema; one that belongs to Muster is put into a class in store/src/isolation/tables.rs
    wrong  isolation    tasks_by_title: an index of tasks is (title), which does not lead with tenant_id
                        → make it anew with tenant_id as its first column, and drop tasks_by_title
    wrong  isolation    audit_log_update: the trigger that keeps rows of the audit log from being changed is not there or is another
                        → make it as migrations/sqlite/0012_audit_log.sql has it, and look through the log with care
    fine   tenants      0 tenants, 0 suspended; 0 data keys wrapped by 0 keys

    3 things are wrong

    exit code 1
    ");
}

#[tokio::test]
async fn files_that_cannot_be_used() {
    let (folder, path) = file().await;
    let missing = folder.path().join("missing.db");
    insta::assert_snapshot!(of_file(missing.to_str().unwrap(), &[]).await, @"
    muster: failed to examine the database: find /tmp/missing.db: there is no such file; look at the address (muster scan PATH makes a file)

    exit code 1
    ");
    assert!(!missing.exists());

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let said = of_file(&path, &[]).await;
        insta::assert_snapshot!(said.lines().skip(2).take(2).collect::<Vec<_>>().join("\n"), @"
        wrong  permissions  /tmp/muster.db may be used by others than its owner (mode 0644)
                            → chmod 600 /tmp/muster.db
        ");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, "these are not the rows that you are looking for\n".repeat(100)).unwrap();
    insta::assert_snapshot!(of_file(&path, &[]).await, @"
    /tmp/muster.db

    wrong  file  failed to open the database: the file belongs to another program; give another path

    1 thing is wrong

    exit code 1
    ");
    let mut damaged = whole;
    let middle = damaged.len() / 2 / 4096 * 4096;
    damaged[middle..middle + 4096].fill(0xfe);
    std::fs::write(&path, damaged).unwrap();
    let said = of_file(&path, &["--format", "json"]).await;
    assert!(said.contains("the file is damaged") && said.ends_with("exit code 1\n"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_well() {
    let database = ScratchDatabase::new().await;
    insta::assert_snapshot!(of_server(&database, "muster_test_service", &[]).await, @"
    postgres://host/muster

    fine   server     PostgreSQL 15.x
    fine   login      muster_test_service, who owns nothing and can work as each run-time role
    fine   schema     number 22, as this program needs
    fine   isolation  30 rules over 33 tables: nothing that could lead from one tenant to another
    fine   tenants    0 tenants, 0 suspended; 0 data keys wrapped by 0 keys

    nothing is wrong

    exit code 0
    ");
    insta::assert_snapshot!(of_server(&database, "muster_test_service", &["--format", "ndjson"]).await, @r#"
    {"type":"examination","database":"postgres://host/muster","engine":"postgresql","fine":true}
    {"type":"check","subject":"server","verdict":"fine","says":"PostgreSQL 15.x","mend":null,"rule":null,"object":null}
    {"type":"check","subject":"login","verdict":"fine","says":"muster_test_service, who owns nothing and can work as each run-time role","mend":null,"rule":null,"object":null}
    {"type":"check","subject":"schema","verdict":"fine","says":"number 22, as this program needs","mend":null,"rule":null,"object":null}
    {"type":"check","subject":"isolation","verdict":"fine","says":"30 rules over 33 tables: nothing that could lead from one tenant to another","mend":null,"rule":null,"object":null}
    {"type":"check","subject":"tenants","verdict":"fine","says":"0 tenants, 0 suspended; 0 data keys wrapped by 0 keys","mend":null,"rule":null,"object":null}

    exit code 0
    "#);
    insta::assert_snapshot!(of_server(&database, "muster_test_owner", &[]).await, @"
    postgres://host/muster

    fine   server     PostgreSQL 15.x
    note   login      muster_test_owner, who logs in, owns tables, and could take their protection off; the program takes a lesser role for each transaction
                      → log in as a role that owns nothing: create role NAME login noinherit password '...'; grant muster_app, muster_operator, muster_queue to NAME
    fine   schema     number 22, as this program needs
    fine   isolation  30 rules over 33 tables: nothing that could lead from one tenant to another
    fine   tenants    0 tenants, 0 suspended; 0 data keys wrapped by 0 keys

    nothing is wrong

    exit code 0
    ");
    database.remove().await;
}

#[tokio::test]
async fn a_server_with_three_defects() {
    let database = ScratchDatabase::new().await;
    let plant = three(defects::POSTGRES, ["row-security-off", "excess-grant", "unknown-definer"]);
    crate::scratch::run(&mut database.superuser().await, &plant).await;
    insta::assert_snapshot!(of_server(&database, "muster_test_service", &[]).await, @"
    postgres://host/muster

    fine   server     PostgreSQL 15.x
    fine   login      muster_test_service, who owns nothing and can work as each run-time role
    fine   schema     number 22, as this program needs
    wrong  isolation  tasks: row-level security is off: every tenant's rows can be read and written with any tenant set
                      → alter table tasks enable row level security
    wrong  isolation  audit_log: muster_app may do more than its work asks for: UPDATE on the table
                      → revoke UPDATE on table audit_log from muster_app
    wrong  isolation  every_task(): it runs with its owner's rights and is in no list: it may be a way past row-level security
                      → drop function every_task(), or move what needs it to security invoker
    fine   tenants    0 tenants, 0 suspended; 0 data keys wrapped by 0 keys

    3 things are wrong

    exit code 1
    ");
    insta::assert_snapshot!(of_server(&database, "muster_test_service", &["--format", "json"]).await, @r#"
    {"database":"postgres://host/muster","engine":"postgresql","fine":false,"checks":[
    {"subject":"server","verdict":"fine","says":"PostgreSQL 15.x","mend":null,"rule":null,"object":null},
    {"subject":"login","verdict":"fine","says":"muster_test_service, who owns nothing and can work as each run-time role","mend":null,"rule":null,"object":null},
    {"subject":"schema","verdict":"fine","says":"number 22, as this program needs","mend":null,"rule":null,"object":null},
    {"subject":"isolation","verdict":"wrong","says":"tasks: row-level security is off: every tenant's rows can be read and written with any tenant set","mend":"alter table tasks enable row level security","rule":"row-security-off","object":"tasks"},
    {"subject":"isolation","verdict":"wrong","says":"audit_log: muster_app may do more than its work asks for: UPDATE on the table","mend":"revoke UPDATE on table audit_log from muster_app","rule":"excess-grant","object":"audit_log"},
    {"subject":"isolation","verdict":"wrong","says":"every_task(): it runs with its owner's rights and is in no list: it may be a way past row-level security","mend":"drop function every_task(), or move what needs it to security invoker","rule":"unknown-definer","object":"every_task()"},
    {"subject":"tenants","verdict":"fine","says":"0 tenants, 0 suspended; 0 data keys wrapped by 0 keys","mend":null,"rule":null,"object":null}
    ]}

    exit code 1
    "#);
    database.remove().await;
}

#[tokio::test]
async fn servers_that_cannot_be_used() {
    ScratchDatabase::new().await.remove().await; // makes the run-time roles, where this is the first test of the server
    let database = ScratchDatabase::without_tables().await;
    insta::assert_snapshot!(of_server(&database, "muster_test_service", &[]).await, @"
    postgres://host/muster

    fine   server     PostgreSQL 15.x
    fine   login      muster_test_service, who owns nothing and can work as each run-time role
    wrong  schema     there are no tables of Muster yet
                      → run muster migrate up, as the role that owns the tables or is to own them
    note   isolation  not looked at: the tables are not those that this program knows

    1 thing is wrong

    exit code 1
    ");
    let mut refused = database.address("muster_test_owner");
    refused.set_password(Some("no canary")).unwrap();
    let said = doctor(refused.as_str(), &[], &[]);
    assert!(!said.contains("canary"), "{said}");
    database.remove().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let said = doctor(&format!("postgres://u:p@{free}/d"), &[], &[(&free.to_string(), "host")]);
    // The rest of the line is the system's own.
    assert!(said.contains("wrong  server  failed to reach the database server: "), "{said}");
    assert!(said.ends_with("1 thing is wrong\n\nexit code 1\n"), "{said}");
}
