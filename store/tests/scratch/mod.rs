//! A PostgreSQL database for one test: copied from a template that is migrated once for each text of the migrations,
//! whichever process comes first.
//!
//! The tables belong to a plain role that may make roles, as on a well-kept server, and the service logs in as another
//! that may switch to the run-time roles and owns nothing. `scripts/test` starts the server and names it in
//! `TEST_DATABASE_URL`; where there is none this fails, so that no test has to decide whether to be left out.

#![allow(dead_code, reason = "each test binary that takes this file in uses its own part of it")]
#![allow(clippy::unwrap_used, reason = "a panic is the message")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use muster_store::{DatabaseUrl, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use tokio::sync::OnceCell;
use url::Url;

const OWNER: &str = "muster_test_owner";
/// The role that the service logs in as.
pub(crate) const SERVICE: &str = "muster_test_service";

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NUMBER: AtomicUsize = AtomicUsize::new(0);

/// The address of the server, as a superuser.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where the server is")]
pub(crate) fn server() -> Url {
    let text = std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL is not set: run scripts/test, which starts a PostgreSQL server");
    Url::parse(&text).expect("TEST_DATABASE_URL is an address: postgres://user:password@host:port/database")
}

/// The address of PgBouncer in front of that server, where `scripts/test` found one.
#[expect(clippy::disallowed_methods, reason = "the tests are told by scripts/test where PgBouncer is")]
pub(crate) fn pooler() -> Option<Url> {
    let text = std::env::var("TEST_PGBOUNCER_URL").ok()?;
    Some(
        Url::parse(&text)
            .expect("TEST_PGBOUNCER_URL is an address: postgres://user:password@host:port/database"),
    )
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
        self.service_address().as_str().parse().unwrap()
    }

    /// The same as text, for a process.
    pub(crate) fn service_address(&self) -> Url {
        self.address(SERVICE)
    }

    /// As the role opens it that owns the tables and migrates.
    pub(crate) fn owner_url(&self) -> DatabaseUrl {
        self.address(OWNER).as_str().parse().unwrap()
    }

    /// As the service opens it through PgBouncer.
    pub(crate) fn pooled_url(&self, pooler: &Url) -> DatabaseUrl {
        self.address_at(pooler.clone(), SERVICE).as_str().parse().unwrap()
    }

    /// A connection as the service makes it.
    pub(crate) async fn service(&self) -> PgConnection {
        PgConnection::connect(self.address(SERVICE).as_str()).await.unwrap()
    }

    /// A connection through PgBouncer, as the service makes it.
    pub(crate) async fn pooled_service(&self, pooler: &Url) -> PgConnection {
        let address = self.address_at(pooler.clone(), SERVICE);
        let options = PgConnectOptions::from_str(address.as_str()).unwrap();
        options.extra_float_digits(None).connect().await.unwrap() // PgBouncer knows no such parameter
    }

    /// The owner's as text, for a process.
    pub(crate) fn owner_address(&self) -> Url {
        self.address(OWNER)
    }

    /// The same for a role whose password is its name.
    pub(crate) fn address(&self, role: &str) -> Url {
        self.address_at(server(), role)
    }

    fn address_at(&self, mut address: Url, role: &str) -> Url {
        address.set_username(role).unwrap();
        address.set_password(Some(role)).unwrap();
        address.set_path(&self.name);
        address
    }

    /// A connection that no rule holds back, to look from outside and to plant defects.
    pub(crate) async fn superuser(&self) -> PgConnection {
        superuser(Some(&self.name)).await
    }

    /// Takes every row out of it, which is quicker than another database.
    pub(crate) async fn empty(&self) {
        let statement = "do $$ declare names text; begin
            select string_agg(format('%I', c.relname), ', ') into names
            from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> '_sqlx_migrations';
            execute 'truncate ' || names || ' restart identity';
        end $$";
        run(&mut self.superuser().await, statement).await;
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

/// A connection that no rule holds back, to any database.
pub(crate) async fn superuser(database: Option<&str>) -> PgConnection {
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

/// Makes the template unless it is there, one process at a time; gives its name.
async fn make_template() -> String {
    roles().await;
    let template = format!("muster_template_{:016x}", texts());
    let mut server = superuser(None).await;
    run(&mut server, "select pg_advisory_lock(20240301)").await;
    let is_there = format!("select 1 from pg_database where datname = '{template}'");
    let is_there = sqlx::query(AssertSqlSafe(is_there)).fetch_optional(&mut server).await.unwrap().is_some();
    if !is_there {
        // Under another name until it is whole: a process may be killed half-way.
        let database = ScratchDatabase::create("").await;
        Store::migrate(&database.owner_url()).await.unwrap();
        let grants = format!("grant muster_app, muster_operator, muster_queue to {SERVICE}");
        run(&mut server, &grants).await;
        run(&mut server, &format!("alter database {} rename to {template}", database.name)).await;
    }
    run(&mut server, "select pg_advisory_unlock(20240301)").await;
    template
}

/// A number that stands for everything that a migrated database is made from.
fn texts() -> u64 {
    let mut paths = vec![];
    for folder in ["/../migrations/postgres", "/../store/sql/schema"] {
        let folder = format!("{}{folder}", env!("CARGO_MANIFEST_DIR"));
        paths.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    paths.sort();
    let mut hasher = DefaultHasher::new();
    paths.iter().for_each(|path| std::fs::read(path).unwrap().hash(&mut hasher));
    hasher.finish()
}
