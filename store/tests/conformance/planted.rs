//! What somebody does from outside, past the store: found where it was done to the audit log, and refused where the
//! engine can refuse it.

use std::path::PathBuf;

use muster_store::{
    AccessRole, AuditSeq, ChainFault, DatabaseUrl, HookKey, NewToken, Provider, Store, SystemRandom, Tenant,
    TokenFilter, TokenId, TokenRefusal, UserFilter,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::audit::{ada, add_users, log};
use crate::examples::{NOW, first_change, tenant};
use crate::laws::{fresh, fresh_postgres};
use crate::scratch::{ScratchDatabase, run};
use crate::tokens::{create, new_token, refusal};
use crate::users::{email, new_user, taken_of, with_quota};

/// A database as somebody sees it whom no rule of ours holds back.
enum Outside {
    Sqlite(TempDir),
    Postgres(ScratchDatabase),
}

impl Outside {
    async fn both() -> [(Store, Self); 2] {
        let ((sqlite, folder), (postgres, database)) = (fresh().await, fresh_postgres().await);
        [(sqlite, Self::Sqlite(folder)), (postgres, Self::Postgres(database))]
    }

    fn path(folder: &TempDir) -> PathBuf {
        folder.path().join("store.db")
    }

    fn url(&self) -> DatabaseUrl {
        match self {
            Self::Sqlite(folder) => DatabaseUrl::Sqlite(Self::path(folder)),
            Self::Postgres(database) => database.url(),
        }
    }

    async fn run(&self, statements: &str) {
        match self {
            Self::Sqlite(folder) => {
                let options = SqliteConnectOptions::new().filename(Self::path(folder));
                let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Self::Postgres(database) => run(&mut database.superuser().await, statements).await,
        }
    }

    /// Takes away what holds everybody back, where there is something.
    async fn unlock_the_log(&self) {
        if let Self::Sqlite(_) = self {
            for trigger in ["update", "delete", "replace"] {
                self.run(&format!("drop trigger audit_log_{trigger}")).await;
            }
        }
    }

    async fn remove(self) {
        if let Self::Postgres(database) = self {
            database.remove().await;
        }
    }
}

const ALTERED: &str = "update audit_log set details = '{}' where seq = 3";
const REMOVED: &str = "delete from audit_log where seq = 3";
const FIRST_REMOVED: &str = "delete from audit_log where seq = 1";
const SWAPPED: &str = "update audit_log set seq = 100 where seq = 3;
    update audit_log set seq = 3 where seq = 4;
    update audit_log set seq = 4 where seq = 100;";
/// Room is made, then the third stands there a second time.
const INSERTED: &str = "update audit_log set seq = seq + 100 where seq > 3;
    update audit_log set seq = seq - 99 where seq > 100;
    insert into audit_log select tenant_id, 4, recorded_at, actor, action, subject, details, hash, hash
    from audit_log where seq = 3;";
const ADDED: &str =
    "insert into audit_log select tenant_id, 7, recorded_at, actor, action, subject, details, hash, hash
    from audit_log where seq = 6;";
const RENUMBERED: &str = "delete from audit_log where seq = 3;
    update audit_log set seq = seq + 100 where seq > 3;
    update audit_log set seq = seq - 101 where seq > 100;";
const REPLACED: &str = "update audit_log set previous_hash = hash where seq = 3";
const CUT_OFF: &str = "delete from audit_log where seq > 4";

#[tokio::test]
async fn what_is_done_to_the_log_is_found() {
    let seq = AuditSeq;
    let cases = [
        (ALTERED, 2, ChainFault::Altered(seq(3))),
        (REMOVED, 2, ChainFault::Missing(seq(3))),
        (FIRST_REMOVED, 0, ChainFault::Missing(seq(1))),
        (SWAPPED, 2, ChainFault::OutOfOrder { seq: seq(3), found: seq(4) }),
        (INSERTED, 3, ChainFault::OutOfOrder { seq: seq(4), found: seq(5) }),
        (ADDED, 6, ChainFault::Altered(seq(7))),
        (RENUMBERED, 2, ChainFault::Altered(seq(3))),
        (REPLACED, 2, ChainFault::Altered(seq(3))),
        (CUT_OFF, 4, ChainFault::CutOff { last: seq(4), expected: seq(6) }),
    ];
    for (planted, verified, fault) in cases {
        for (store, outside) in Outside::both().await {
            let tenant = tenant(&store).await;
            add_users(&tenant, 6).await;
            let head = tenant.verify_audit_log(None).await.unwrap().head;
            outside.unlock_the_log().await;
            outside.run(planted).await;
            let report = tenant.verify_audit_log(Some(head)).await.unwrap();
            assert_eq!((report.verified, report.fault), (verified, Some(fault)), "{planted}");
            outside.remove().await;
        }
    }
}

#[tokio::test]
async fn a_cut_off_end_shows_beside_a_head_alone_and_never_again_holds() {
    for (store, outside) in Outside::both().await {
        let tenant = tenant(&store).await;
        add_users(&tenant, 6).await;
        let head = tenant.verify_audit_log(None).await.unwrap().head;
        outside.unlock_the_log().await;
        outside.run(CUT_OFF).await;
        assert_eq!(tenant.verify_audit_log(None).await.unwrap().fault, None);
        // The log grows again past the head that was written down.
        for name in ["x", "y", "z"] {
            create(&tenant, &new_token(name)).await;
        }
        assert_eq!(tenant.verify_audit_log(None).await.unwrap().verified, 7);
        let fault = tenant.verify_audit_log(Some(head)).await.unwrap().fault;
        assert_eq!(fault, Some(ChainFault::Rewritten(AuditSeq(6))));
        outside.remove().await;
    }
}

#[tokio::test]
async fn what_no_text_is_was_altered() {
    let (store, folder) = fresh().await;
    let (tenant, outside) = (tenant(&store).await, Outside::Sqlite(folder));
    add_users(&tenant, 3).await;
    outside.unlock_the_log().await;
    outside.run("update audit_log set actor = cast(x'ff' as text) where seq = 2").await;
    let report = tenant.verify_audit_log(None).await.unwrap();
    assert_eq!((report.verified, report.fault), (1, Some(ChainFault::Altered(AuditSeq(2)))));
}

#[tokio::test]
async fn nobody_who_serves_can_change_the_log() {
    let (store, folder) = fresh().await;
    add_users(&tenant(&store).await, 2).await;
    let options = SqliteConnectOptions::new().filename(Outside::path(&folder));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    for statement in [
        "update audit_log set actor = actor",
        "delete from audit_log",
        "insert or replace into audit_log select * from audit_log",
    ] {
        let refused = sqlx::query(statement).execute(&mut connection).await.unwrap_err();
        assert!(refused.to_string().contains("the audit log is append-only"), "{statement}: {refused}");
    }

    let (store, database) = fresh_postgres().await;
    let tenant = tenant(&store).await;
    add_users(&tenant, 2).await;
    let mut connection = database.superuser().await;
    for role in ["muster_app", "muster_operator", "muster_queue"] {
        for statement in ["update audit_log set actor = actor", "delete from audit_log", "truncate audit_log"]
        {
            let enter = format!(
                "begin; set local role {role}; select set_config('app.current_tenant_id', '{}', true)",
                tenant.id()
            );
            run(&mut connection, &enter).await;
            let refused = sqlx::query(statement).execute(&mut connection).await.unwrap_err();
            assert_eq!(
                refused.as_database_error().unwrap().code().as_deref(),
                Some("42501"),
                "{role}: {statement}"
            );
            run(&mut connection, "rollback").await;
        }
    }
    connection.close().await.unwrap();
    database.remove().await;
}

/// All that access is made of.
async fn access(store: &Store, tenant: &Tenant, key: &HookKey) -> String {
    let users = tenant.list_users(&UserFilter { removed: true, ..UserFilter::default() }).await.unwrap();
    let tokens = tenant.list_tokens(&TokenFilter::default()).await.unwrap();
    let hook = store.find_hook(key.as_str()).await.unwrap();
    let installation = store.find_installation(Provider::GitHub, 7).await.unwrap();
    format!("{users:?} {tokens:?} {hook:?} {installation:?} {:?}", log(tenant).await)
}

#[tokio::test]
async fn what_cannot_be_written_down_does_not_happen() {
    for (store, outside) in Outside::both().await {
        let tenant = tenant(&store).await;
        let repository = tenant.apply_state(&first_change("k"), NOW).await.unwrap().repository;
        let [key, other_key] = [(); 2].map(|()| HookKey::generate(&SystemRandom).unwrap());
        tenant.add_hook(repository, &key, NOW, &ada()).await.unwrap();
        let user =
            tenant.add_user(&new_user("ada@example.org", AccessRole::Admin), NOW, &ada()).await.unwrap().id;
        tenant.add_user(&new_user("gone@example.org", AccessRole::Admin), NOW, &ada()).await.unwrap();
        tenant.remove_user(&email("gone@example.org"), NOW, &ada()).await.unwrap();
        create(&tenant, &NewToken { role: AccessRole::Admin, user: Some(user), ..new_token("x") }).await;
        outside
            .run(match &outside {
                Outside::Sqlite(_) => {
                    "create trigger full before insert on audit_log begin select raise(abort, 'full'); end"
                }
                Outside::Postgres(_) => "revoke insert on audit_log from muster_app",
            })
            .await;

        let before = access(&store, &tenant, &key).await;
        let (ada_at, by) = (email("ada@example.org"), ada());
        let done = [
            tenant.add_user(&new_user("new@example.org", AccessRole::Member), NOW, &by).await.is_ok(),
            tenant.add_user(&new_user("gone@example.org", AccessRole::Member), NOW, &by).await.is_ok(),
            tenant.change_user_role(&ada_at, AccessRole::Viewer, NOW, &by).await.is_ok(),
            tenant.remove_user(&ada_at, NOW, &by).await.is_ok(),
            tenant.create_token(&new_token("y"), &SystemRandom, NOW, &by).await.is_ok(),
            tenant.revoke_token(TokenId(1), NOW, &by).await.is_ok(),
            tenant.add_hook(repository, &other_key, NOW, &by).await.is_ok(),
            tenant.remove_hook(key.as_str(), NOW, &by).await.is_ok(),
            tenant.claim_installation(Provider::GitHub, 7, "acme", NOW, &by).await.is_ok(),
        ];
        assert_eq!(done, [false; 9]);
        assert_eq!(access(&store, &tenant, &key).await, before);
        outside.remove().await;
    }
}

#[tokio::test]
async fn a_quota_holds_between_processes() {
    for (store, outside) in Outside::both().await {
        let tenant = with_quota(&store, 5).await;
        let other = Store::open(&outside.url()).await.unwrap();
        assert_eq!(taken_of(&[tenant.clone(), other.tenant(tenant.id())], 60, 5).await, 5);
        assert_eq!(tenant.verify_audit_log(None).await.unwrap().verified, 5);
        drop(other);
        outside.remove().await;
    }
}

#[tokio::test]
async fn a_quota_that_is_being_lowered_is_waited_for() {
    let (store, database) = fresh_postgres().await;
    let tenant = with_quota(&store, 5).await;
    let (mut lowering, mut watching) = (database.superuser().await, database.superuser().await);
    run(&mut lowering, "begin; update tenants set max_users = 0").await;
    let adding = tokio::spawn({
        let tenant = tenant.clone();
        async move { tenant.add_user(&new_user("ada@example.org", AccessRole::Owner), NOW, &ada()).await }
    });
    let waiting = "select count(*) from pg_locks l join pg_stat_activity a using (pid)
        where a.datname = current_database() and not l.granted";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&mut watching).await.unwrap() == 0 {
        assert!(!adding.is_finished(), "it did not wait");
    }
    run(&mut lowering, "commit").await;
    let said = adding.await.unwrap().unwrap_err().to_string();
    assert!(said.starts_with("add to the 0 users that this tenant may have; "), "{said}");
    database.remove().await;
}

#[tokio::test]
async fn a_suspended_tenants_tokens_and_hooks_say_so() {
    for (store, outside) in Outside::both().await {
        let tenant = tenant(&store).await;
        let key = HookKey::generate(&SystemRandom).unwrap();
        let repository = tenant.apply_state(&first_change("k"), NOW).await.unwrap().repository;
        tenant.add_hook(repository, &key, NOW, &ada()).await.unwrap();
        tenant.claim_installation(Provider::GitHub, 7, "acme", NOW, &ada()).await.unwrap();
        let (_, token) = create(&tenant, &new_token("x")).await;
        outside.run("update tenants set suspended_at = 1; insert into installations values ('github', 8, null, 'free', 1, 2, 3, null, null, null)").await;
        assert_eq!(refusal(&store, &token, NOW).await, Some(TokenRefusal::TenantSuspended));
        assert!(store.find_hook(key.as_str()).await.unwrap().unwrap().is_suspended);
        let find = async |id| store.find_installation(Provider::GitHub, id).await.unwrap().unwrap();
        assert!(find(7).await.is_tenant_suspended);
        let free = find(8).await;
        assert_eq!((free.tenant, free.is_tenant_suspended), (None, false));
        assert!(free.suspended_at.is_some() && free.removed_at.is_some());
        assert!(tenant.claim_installation(Provider::GitHub, 8, "acme", NOW, &ada()).await.unwrap());
        let claimed = find(8).await;
        assert_eq!((claimed.tenant, claimed.removed_at), (Some(tenant.id()), None));
        outside.remove().await;
    }
}

#[tokio::test]
async fn no_token_is_stored() {
    let (store, folder) = fresh().await;
    let (_, token) = create(&tenant(&store).await, &new_token("x")).await;
    let rest = &token.expose().as_bytes()[token.prefix().len()..];
    for name in ["store.db", "store.db-wal"] {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        assert!(!bytes.windows(rest.len()).any(|window| window == rest), "{name}");
    }
    let (store, database) = fresh_postgres().await;
    let (_, token) = create(&tenant(&store).await, &new_token("x")).await;
    let dump = "select string_agg(t.text, ' ') from (select t::text as text from tokens t union all select l::text from audit_log l) t";
    let text: String = sqlx::query_scalar(dump).fetch_one(&mut database.superuser().await).await.unwrap();
    assert!(text.contains(token.prefix()) && !text.contains(&token.expose()[token.prefix().len()..]));
    database.remove().await;
}
