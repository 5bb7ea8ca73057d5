//! A PostgreSQL database for one test: copied from a template that is migrated once a process.
//!
//! The tables belong to a plain role that may make roles, as on a well-kept server, and the service logs in as another
//! that may switch to the run-time roles and owns nothing. `scripts/test` starts the server and names it in
//! `TEST_DATABASE_URL`; where there is none this fails, so that no test has to decide whether to be left out.

#![allow(dead_code, reason = "each test binary that takes this file in uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a panic is the message")]

use std::sync::atomic::{AtomicUsize, Ordering};

use muster_store::{DatabaseUrl, Store};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use url::Url;

const OWNER: &str = "muster_test_owner";
const SERVICE: &str = "muster_test_service";

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// The address of the server, as a superuser.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where the server is")]
pub(crate) fn server() -> Url {
    let text = std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run scripts/test, which starts a PostgreSQL server");
    Url::parse(&text).expect("TEST_DATABASE_URL is an address: postgres://user:password@host:port/database")
}

/// A database of one test.
#[derive(Debug)]
pub(crate) struct ScratchDatabase {
    name: String,
}

impl ScratchDatabase {
    /// A migrated, empty one.
    pub(crate) async fn new() -> Self {
        let template = TEMPLATE.get_or_init(make_template).await;
        Self::create(&format!("template {template}")).await
    }

    /// One without tables.
    pub(crate) async fn without_tables() -> Self {
        roles().await;
        Self::create("").await
    }

    async fn create(how: &str) -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("muster_test_{}_{number}", std::process::id());
        let mut server = superuser(None).await;
        run(&mut server, &format!("drop database if exists {name} with (force)")).await;
        run(&mut server, &format!("create database {name} owner {OWNER} {how}")).await;
        Self { name }
    }

    /// Its name on the server.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// As the service opens it.
    pub(crate) fn url(&self) -> DatabaseUrl {
        self.address(SERVICE).as_str().parse().unwrap()
    }

    /// As the role opens it that owns the tables and migrates.
    pub(crate) fn owner_url(&self) -> DatabaseUrl {
        self.address(OWNER).as_str().parse().unwrap()
    }

    /// The same two as text, to hand to another process.
    pub(crate) fn service_address(&self) -> String {
        self.address(SERVICE).into()
    }

    pub(crate) fn owner_address(&self) -> String {
        self.address(OWNER).into()
    }

    /// The same for a role whose password is its name.
    pub(crate) fn address(&self, role: &str) -> Url {
        let mut address = server();
        address.set_username(role).unwrap();
        address.set_password(Some(role)).unwrap();
        address.set_path(&self.name);
        address
    }

    /// A connection that no rule holds back, to look from outside and to plant defects.
    pub(crate) async fn superuser(&self) -> PgConnection {
        superuser(Some(&self.name)).await
    }

    /// Removes it, whoever is still connected.
    pub(crate) async fn remove(self) {
        let mut server = superuser(None).await;
        run(&mut server, &format!("drop database {} with (force)", self.name)).await;
    }
}

/// Runs statements that a test has put together.
pub(crate) async fn run(connection: &mut PgConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.unwrap();
}

async fn superuser(database: Option<&str>) -> PgConnection {
    let mut address = server();
    if let Some(database) = database {
        address.set_path(database);
    }
    PgConnection::connect(address.as_str()).await.expect("the server of TEST_DATABASE_URL answers")
}

/// Makes the two login roles, once for all processes that run at the same time.
async fn roles() {
    let mut server = superuser(None).await;
    let statements = format!(
        "begin;
        select pg_advisory_xact_lock(20240229);
        do $$ begin
            if not exists (select from pg_roles where rolname = '{OWNER}') then
                create role {OWNER} login createrole password '{OWNER}';
            end if;
            if not exists (select from pg_roles where rolname = '{SERVICE}') then
                create role {SERVICE} login noinherit password '{SERVICE}';
            end if;
        end $$;
        commit;"
    );
    run(&mut server, &statements).await;
}

async fn make_template() -> String {
    roles().await;
    let database = ScratchDatabase::create("").await;
    Store::migrate(&database.owner_url()).await.unwrap();
    let mut server = superuser(None).await;
    let grants = format!(
        "begin;
        select pg_advisory_xact_lock(20240229);
        grant muster_app, muster_operator, muster_queue to {SERVICE};
        commit;"
    );
    run(&mut server, &grants).await;
    database.name
}
