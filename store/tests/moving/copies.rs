//! A tenant's export brought in as another tenant: nothing of the first is touched, and nothing that is the first one's
//! alone comes along.

use muster_store::{
    DataKey, ImportOptions, LeftBehind, Place, RepositoryFacts, RowKey, StateChange, Store, SystemRandom,
    TenantId, Timestamp, WrappingKeys,
};
use serde_json::Value;
use sqlx::{AssertSqlSafe, SqliteConnection};

use crate::exports::{exported, imported, rows, same};
use crate::filled::{Filled, id};
use crate::scratch::ScratchDatabase;
use crate::{NOW, quiet};

const LATER: Timestamp = Timestamp(NOW.0 + 60_000);

/// A change that makes an empty repository.
pub(crate) fn change() -> StateChange {
    StateChange {
        facts: RepositoryFacts {
            source_key: "x".into(),
            name: "x".into(),
            clone_url: None,
            branch: None,
            head: None,
            dirty: false,
            shallow: false,
            extractor_version: 1,
        },
        base: None,
        projects: vec![],
        closed_projects: vec![],
        tasks: vec![],
        closed_tasks: vec![],
        submodules: None,
        extracts: vec![],
        dropped_extracts: vec![],
        problems: vec![],
        project_count: 0,
        task_count: 0,
    }
}

fn copy(keys: Option<&WrappingKeys>) -> ImportOptions<'_> {
    ImportOptions { copy_as: Some("copy"), keys, random: &SystemRandom, now: LATER, actor: None }
}

async fn exported_of(store: &Store, tenant: TenantId) -> String {
    let mut out = Vec::new();
    store.tenant(tenant).export(&mut out, None, NOW, &quiet).await.unwrap();
    String::from_utf8(out).unwrap()
}

fn table(row: &Value) -> &str {
    row["table"].as_str().unwrap()
}

#[tokio::test]
async fn a_copy_leaves_the_first_as_it_was() {
    let filled = Filled::new().await;
    let here = Store::open(&filled.url()).await.unwrap();
    let text = exported(&here).await;
    let database = ScratchDatabase::new().await;
    let there = Store::open(&database.url()).await.unwrap();
    imported(&there, &text, same()).await.unwrap();
    for store in [&here, &there] {
        let before = exported(store).await;
        let result = imported(store, &before, copy(None)).await.unwrap();
        assert_ne!(result.tenant, id(1));
        assert!(exported(store).await == before, "of the first nothing has changed");
        let behind: Vec<(&str, u64)> =
            result.left_behind.iter().map(|left| (left.what.as_str(), left.rows)).collect();
        assert_eq!(
            behind,
            [
                ("data_keys", 1),
                ("audit_log", 2),
                ("tokens", 2),
                ("hook_keys", 2),
                ("installations", 2),
                ("installation_repositories", 2),
                ("deliveries", 2),
                ("jobs", 3),
                ("repositories.access_token", 1),
                ("repositories.webhook_secret", 1),
                ("repositories.webhook_secret_previous", 1)
            ]
        );
        let expected: Vec<Value> = rows(&before)
            .into_iter()
            .filter(|row| !result.left_behind.iter().any(|LeftBehind { what, .. }| what == table(row)))
            .map(|mut row| {
                if table(&row) == "tenants" {
                    row["subdomain"] = "copy".into();
                }
                for column in SEALED {
                    if let Some(secret) = row.get_mut(column) {
                        *secret = Value::Null;
                    }
                }
                row
            })
            .collect();
        assert_eq!(rows(&exported_of(store, result.tenant).await), expected);
    }
    there.close().await;
    database.remove().await;
}

/// The columns whose bytes are sealed.
const SEALED: [&str; 3] = ["access_token", "webhook_secret", "webhook_secret_previous"];

async fn bytes(connection: &mut SqliteConnection, text: &str, tenant: TenantId) -> Vec<u8> {
    sqlx::query_scalar(AssertSqlSafe(text.to_owned()))
        .bind(&tenant.0.as_bytes()[..])
        .fetch_one(connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn with_a_key_the_secrets_of_a_copy_are_sealed_anew() {
    let filled = Filled::new().await;
    let (old, current) = ("11".repeat(32), "22".repeat(32));
    let keys = WrappingKeys::parse(format!("{current}\n{old}\n").as_bytes()).unwrap();
    let place = |tenant, column| Place { tenant, table: "repositories", column, row: RowKey::Number(7) };
    let first = DataKey::generate(&SystemRandom).unwrap();
    let earlier = WrappingKeys::parse(old.as_bytes()).unwrap();
    let wrapped = first.wrap(earlier.current(), id(1), &SystemRandom).unwrap();
    let mut connection = filled.connection().await;
    let text = "update data_keys set wrapped = $1, wrapping_key = $2 where tenant_id = $3";
    let id_text = earlier.current().id().to_string();
    let query = sqlx::query(text).bind(wrapped).bind(id_text).bind(&id(1).0.as_bytes()[..]);
    query.execute(&mut connection).await.unwrap();
    for column in SEALED {
        let sealed = first.seal(&place(id(1), column), column.as_bytes(), &SystemRandom).unwrap();
        let text = format!("update repositories set {column} = $1 where id = 7 and tenant_id = $2");
        let query = sqlx::query(AssertSqlSafe(text)).bind(sealed).bind(&id(1).0.as_bytes()[..]);
        query.execute(&mut connection).await.unwrap();
    }

    let store = Store::open(&filled.url()).await.unwrap();
    let text = exported(&store).await;
    let result = imported(&store, &text, copy(Some(&keys))).await.unwrap();
    assert_eq!(result.resealed, 3);
    assert!(!result.left_behind.iter().any(|left| left.what.contains("secret") || left.what == "data_keys"));
    let wrapped =
        bytes(&mut connection, "select wrapped from data_keys where tenant_id = $1", result.tenant).await;
    let second = DataKey::unwrap(&keys, result.tenant, &wrapped, keys.current().id()).unwrap();
    for column in SEALED {
        let text = format!("select {column} from repositories where id = 7 and tenant_id = $1");
        let sealed = bytes(&mut connection, &text, result.tenant).await;
        let place = place(result.tenant, column);
        assert_eq!(second.open(&place, &sealed).unwrap().expose(), column.as_bytes());
        assert!(first.open(&place, &sealed).is_err());
    }

    let other = WrappingKeys::parse("33".repeat(32).as_bytes()).unwrap();
    let options = ImportOptions { copy_as: Some("third-copy"), ..copy(Some(&other)) };
    let text = exported(&store).await;
    let refused = imported(&store, &text, options).await.unwrap_err();
    assert!(refused.to_string().contains("it needs wrapping key"), "{refused}");
    assert_eq!(store.list_tenants().await.unwrap().len(), 4);
}
