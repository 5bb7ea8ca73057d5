//! Logins that are refused: each is told why, and what to do.

use muster_store::Store;
use sqlx::Connection as _;

use crate::scratch::{ScratchDatabase, run};
use crate::{HURRIED, PATIENT, refused};

/// A login of its own, which goes with the test.
struct Login(String);

impl Login {
    async fn new(database: &ScratchDatabase, name: &str, options: &str) -> Self {
        let name = format!("{}_{name}", database.name());
        let mut server = database.superuser().await;
        let statement = format!("drop role if exists {name}; create role {name} {options} password '{name}'");
        run(&mut server, &statement).await;
        server.close().await.unwrap();
        Self(name)
    }

    async fn run(&self, database: &ScratchDatabase, statements: &str) {
        let mut server = database.superuser().await;
        run(&mut server, &statements.replace("LOGIN", &self.0)).await;
        server.close().await.unwrap();
    }

    fn url(&self, database: &ScratchDatabase) -> muster_store::DatabaseUrl {
        database.address(&self.0).as_str().parse().unwrap()
    }
}

#[tokio::test]
async fn a_wrong_password_or_name_is_said() {
    let database = ScratchDatabase::new().await;
    let mut address = database.address("muster_test_service");
    address.set_password(Some("wrong")).unwrap();
    let sentence = "log in to the database: the server refuses this user and password (in an address, write @ : / ? # % in a password as %40 %3A %2F %3F %23 %25)";
    assert_eq!(refused(&address.as_str().parse().unwrap()).await, sentence);
    let nobody = database.address("muster_test_nobody");
    assert_eq!(refused(&nobody.as_str().parse().unwrap()).await, sentence);
    let mut missing = database.address("muster_test_service");
    missing.set_path("muster_test_missing");
    assert_eq!(
        refused(&missing.as_str().parse().unwrap()).await,
        "open the database: the server has none of that name; create it first (createdb NAME)"
    );
    database.remove().await;
}

#[tokio::test]
async fn a_login_that_may_not_take_the_role_is_told_what_to_grant() {
    let database = ScratchDatabase::new().await;
    let login = Login::new(&database, "stranger", "login noinherit").await;
    assert_eq!(
        refused(&login.url(&database)).await,
        "work as muster_app: the role that logs in may not; let a superuser or the owner of the tables run: grant muster_app, muster_operator, muster_queue to LOGIN"
    );
    // Looking says it in a statement that can be run as it is, and sends nobody to where he stands.
    let checks = Store::examine(&login.url(&database)).await.checks;
    assert!(checks.iter().all(|check| !check.says.contains("muster doctor")), "{checks:?}");
    let refused = checks.iter().find(|check| check.says.starts_with("the server says: ")).unwrap();
    assert_eq!(refused.says, "the server says: permission denied to set role \"muster_app\"");
    let mend = checks.iter().find(|check| check.subject == "login").unwrap().mend.clone().unwrap();
    let grant = mend.strip_prefix("let the role that owns the tables run: ").unwrap();
    assert_eq!(grant, format!("grant muster_app, muster_operator, muster_queue to \"{}\"", login.0));
    login.run(&database, grant).await;
    Store::open_with(&login.url(&database), PATIENT).await.unwrap().close().await;
    database.remove().await;
    drop_role(&login).await;
}

#[tokio::test]
async fn a_role_that_owns_a_table_is_refused() {
    let database = ScratchDatabase::new().await;
    let mut server = database.superuser().await;
    run(&mut server, "alter table tasks owner to muster_app").await;
    assert_eq!(
        refused(&database.url()).await,
        "work as muster_app: row-level security does not hold it back, for it owns tables: give them to the role that migrates (alter table ... owner to ...)"
    );
    run(&mut server, "alter table tasks owner to muster_test_owner").await;
    server.close().await.unwrap();
    Store::open_with(&database.url(), PATIENT).await.unwrap().close().await;
    database.remove().await;
}

#[tokio::test]
async fn a_server_without_a_connection_left_is_said_to_have_none() {
    let database = ScratchDatabase::new().await;
    let login = Login::new(&database, "limited", "login noinherit connection limit 1").await;
    login.run(&database, "grant muster_app, muster_operator to LOGIN").await;
    let held = sqlx::PgConnection::connect(database.address(&login.0).as_str()).await.unwrap();
    let sentence = "get a connection to the database: the server has none left; lower the number of processes or raise its max_connections";
    assert_eq!(refused(&login.url(&database)).await, sentence);
    held.close().await.unwrap();
    // The server takes the one that was closed off its list in its own time.
    let store = loop {
        match Store::open_with(&login.url(&database), HURRIED).await {
            Ok(store) => break store,
            Err(error) => assert_eq!(error.to_string(), sentence),
        }
    };
    store.list_tenants().await.unwrap();
    // An open store that is kept from its connections says the same, and goes on by itself.
    login.run(&database, "alter role LOGIN connection limit 0").await;
    login
        .run(&database, "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'LOGIN'")
        .await;
    let said = loop {
        match store.list_tenants().await {
            Ok(_) => continue,
            Err(error) => break error.to_string(),
        }
    };
    assert_eq!(said, sentence);
    login.run(&database, "alter role LOGIN connection limit 1").await;
    store.list_tenants().await.unwrap();
    store.close().await;
    database.remove().await;
    drop_role(&login).await;
}

async fn drop_role(login: &Login) {
    let mut server = sqlx::PgConnection::connect(crate::scratch::server().as_str()).await.unwrap();
    run(&mut server, &format!("drop role {}", login.0)).await;
}

#[tokio::test]
async fn who_migrates_is_told_which_rights_are_missing() {
    let database = ScratchDatabase::without_tables().await;
    let login = Login::new(&database, "plain", "login").await;
    let said = Store::migrate(&login.url(&database)).await.unwrap_err().to_string();
    let name = &login.0;
    assert!(
        said.starts_with(&format!(
            "make the roles that muster runs as: {name} may not switch to the role muster_app and may not grant it (Let a superuser run: grant muster_app to {name}"
        )),
        "{said}"
    );
    database.remove().await;
    drop_role(&login).await;
}
