//! What goes with a tenant, and what is found in a database from outside.
//!
//! The catalogue is walked: a table that nobody thought of is found empty here, or full.

use std::sync::Arc;

use muster_store::{Standing, Store, StoreError, SystemRandom, TenantId, Timestamp, WrappingKeys};

use crate::examples::{
    NOW, actor, commit, first_change, named, new_tenant, no_change, project, settle_line, tenant,
};
use crate::keys::{copy, new_key, open};
use crate::laws::{Law, law};
use crate::raw::{Raw, both};

pub(crate) fn laws() -> Vec<Law> {
    vec![law("delete_tenant", "a deleted tenant is not there, and its name can be had again", name_is_free)]
}

async fn name_is_free(store: Store) {
    let acme = tenant(&store).await;
    acme.apply_state(&first_change("k"), NOW).await.unwrap();
    assert!(
        store.suspend_tenant(acme.id(), &actor(), NOW).await.unwrap(),
        "a suspended one can be deleted too"
    );
    assert!(store.delete_tenant(acme.id()).await.unwrap() > 5);
    assert_eq!(store.delete_tenant(acme.id()).await.unwrap(), 0);
    assert_eq!(store.tenant_by_subdomain("acme").await.unwrap(), None);
    assert!(acme.apply_state(&first_change("k"), NOW).await.is_err(), "its rows would belong to nobody");
    assert_ne!(tenant(&store).await.id(), acme.id());
}

/// A tenant with a row in every table. `n` makes keys that are unique in the database differ.
async fn filled(store: &Store, raw: &mut Raw, name: &str, n: u8) -> TenantId {
    let tenant = named(store, name).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let rows: Vec<_> = (0..3).map(|n| commit(n, &["a/x", "b/y"])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let revision = settle_line(&tenant, applied.repository, "refs/heads/main", Some(2), true).await.unwrap();
    let applied = muster_store::Applied { revision, ..applied };
    let mut moved = no_change("k", &applied);
    moved.projects = first_change("k").projects;
    moved.projects[0].id = Some(muster_store::ProjectId(1));
    (moved.projects[0].project, moved.projects[0].left) = (project("b"), Some("a".into()));
    let mut added = no_change("k", &tenant.apply_state(&moved, NOW).await.unwrap());
    added.projects = first_change("k").projects;
    tenant.apply_state(&added, NOW).await.unwrap();
    tenant.set_webhook_secret(applied.repository, b"secret", &actor(), NOW).await.unwrap();
    let (id, hash) = (raw.tenant(tenant.id()), raw.bytes(&[n; 32]));
    raw.run(&format!(
        "insert into users values ({id}, 1, 'a@example.com', '', 'owner', true, null, 0);
        insert into tasks (tenant_id, id, repository_id, kind, key, title, state, path, line, place, named, surroundings)
        values ({id}, 9, 1, 'pull_request', '#9', '', 'open', '', 0, 0, '[]', '');
        insert into provider_tasks (tenant_id, task_id, repository_id, number, report_time, report_rank, report_digest, body,
            assignees, labels)
        values ({id}, 9, 1, 9, 0, 0, {hash}, '', '[]', '[]');
        insert into task_references values ({id}, 9, 0, 'title', 0, 1, '#1', 'closes', 'number', '#1', false);
        insert into pull_request_commits values ({id}, 9, 1);
        insert into stale_targets values ({id}, '#1', 0);
        insert into installation_repositories values ({id}, 'github', {n}, 1, null, 'granted', 0, 0, {hash});
        insert into links values ({id}, 1, 1, 'commit', 1, null, 'closes', 'rule', 'text', 0, null);
        insert into changes values ({id}, 99, 1, 'repository', null, null, 0);
        insert into tokens (hash, tenant_id, id, name, prefix, role, user_id, created_at)
        values ({hash}, {id}, 1, 'x', 'muster_x', 'owner', 1, 0);
        insert into hook_keys values ('hook{n}', {id}, 1, 0, null, null, 0);
        insert into installations values ('github', {n}, {id}, 'x', 0, null, null, null, null, null);
        insert into deliveries (id, tenant_id, hook, guid, event, headers, received_at, status, body_hash, body)
        values ({n}, {id}, 'app', 'guid{n}', 'push', '[]', 0, 'done', {hash}, {hash});
        insert into jobs (id, tenant_id, kind, payload, priority, long, run_at, state, enqueued_at)
        values ({n}, {id}, 'sync', '{{}}', 1, false, 0, 'ready', 0);"
    ))
    .await;
    tenant.id()
}

#[tokio::test]
async fn a_deleted_tenant_leaves_no_row_and_takes_no_other() {
    for (store, mut raw) in both().await {
        let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
        let gone = filled(&store, &mut raw, "gone", 1).await;
        let stays = filled(&store, &mut raw, "stays", 2).await;
        // Rows of nobody.
        raw.run("insert into installations values ('github', 9, null, 'x', 0, null, null, null, null, null)")
            .await;
        let (before, kept) = (raw.rows_of(gone).await, raw.rows_of(stays).await);
        assert!(before.len() > 20, "the tables are not found any more");
        let empty: Vec<_> =
            before.iter().filter(|(_, rows)| rows.is_empty()).map(|(table, _)| table).collect();
        assert!(empty.is_empty(), "no row to delete in {empty:?}");
        let all: usize = before.values().map(Vec::len).sum();
        assert_eq!(store.delete_tenant(gone).await.unwrap(), all as u64);
        for (table, rows) in raw.rows_of(gone).await {
            assert_eq!(rows, Vec::<String>::new(), "left in {table}");
        }
        assert_eq!(raw.rows_of(stays).await, kept);
        assert_eq!(raw.rows("installations", "where tenant_id is null").await.len(), 1);
        store.close().await;
        raw.remove().await;
    }
}

/// Takes so many steps of a future at most, then drops it; true where it had not come to its end. How far a step goes
/// depends on who answers meanwhile.
async fn cut_off<F: Future>(steps: usize, future: F) -> bool {
    let mut future = Box::pin(future);
    for _ in 0..steps {
        let once = std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context)));
        if once.await.is_ready() {
            return false;
        }
        tokio::task::yield_now().await;
    }
    true
}

#[tokio::test]
async fn a_creation_that_is_cut_off_leaves_a_whole_tenant_or_nothing() {
    for (store, mut raw) in both().await {
        let store = open(&store, &WrappingKeys::new(new_key())).await.unwrap();
        let new = new_tenant("acme");
        let mut cut = 0;
        for steps in 1..=25 {
            cut += usize::from(cut_off(steps, store.create_tenant(&new, NOW)).await);
            // The name is one tenant's alone, so this waits for whatever is left of what was cut off.
            match store.create_tenant(&new, NOW).await {
                Err(StoreError::AlreadyThere) => {}
                made => drop(made.unwrap()),
            }
            let rows = (raw.rows("tenants", "").await.len(), raw.rows("data_keys", "").await.len());
            assert_eq!(rows, (1, 1), "tenants and keys after {steps} steps");
            let id = store.tenant_by_subdomain("acme").await.unwrap().unwrap().id;
            store.delete_tenant(id).await.unwrap();
        }
        assert!(cut > 0, "it was never cut off");
        store.close().await;
        raw.remove().await;
    }
}

#[tokio::test]
async fn no_secret_is_found_in_a_database_from_outside() {
    const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let keys = WrappingKeys::new(new_key());
    let canary = *b"canary-3f9a-do-not-find-me-0451!";
    let key_text = String::from_utf8(copy(&keys).to_text().expose().to_vec()).unwrap();
    let key_hex = key_text.lines().last().unwrap().to_owned();
    let hex: String = canary.iter().map(|byte| format!("{byte:02x}")).collect();
    // Each of the three ways that its bytes can fall into groups of three, without the letters that others share.
    let base64 = |skip: usize| -> String {
        let bits = canary[skip..].iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        let bits: Vec<u8> = bits.collect();
        let sextets = bits.chunks_exact(6).map(|bits| bits.iter().fold(0, |all, bit| all << 1 | bit));
        sextets.map(|sextet: u8| char::from(BASE64[usize::from(sextet)])).collect()
    };
    let forms = [String::from_utf8(canary.to_vec()).unwrap(), hex, key_hex, base64(0), base64(1), base64(2)];
    for (store, mut raw) in both().await {
        let store = store.with_keys(copy(&keys), Arc::new(SystemRandom)).await.unwrap();
        let tenant = tenant(&store).await;
        let repository = tenant.apply_state(&first_change("k"), NOW).await.unwrap().repository;
        for n in 0..3 {
            tenant.set_webhook_secret(repository, &canary, &actor(), Timestamp(NOW.0 + n)).await.unwrap();
        }
        assert_eq!(tenant.webhook_secret(repository).await.unwrap().unwrap().expose(), canary);
        assert_eq!(found_outside(&mut raw, &forms).await, Vec::<String>::new());
        // What the search would find if it were there.
        let planted = raw.bytes(&canary);
        raw.run(&format!("update repositories set webhook_secret = {planted}, name = '{}'", forms[4])).await;
        let found = found_outside(&mut raw, &forms).await;
        assert!(found.contains(&forms[1]) && found.contains(&forms[4]), "{found:?}");

        store.delete_tenant(tenant.id()).await.unwrap();
        assert_eq!(raw.rows("data_keys", "").await, Vec::<String>::new(), "the key goes with the tenant");
        store.close().await;
        raw.remove().await;
    }
}

/// Those of the texts that stand somewhere in the rows of any table, or in the files.
async fn found_outside(raw: &mut Raw, forms: &[String]) -> Vec<String> {
    let mut content = String::new();
    for table in raw.tables().await {
        content.extend(raw.rows(&table, "").await);
    }
    assert!(content.contains("acme"), "the rows were not read");
    let mut contents = vec![content.into_bytes()];
    if let Raw::Sqlite(_, folder) = raw {
        let files = std::fs::read_dir(folder.path()).unwrap();
        contents.extend(files.map(|file| std::fs::read(file.unwrap().path()).unwrap()));
        assert!(contents.len() > 2, "the -wal file belongs to it");
    }
    let mut found = forms.to_vec();
    found.retain(|form| {
        contents.iter().any(|content| {
            let content = String::from_utf8_lossy(content);
            content.contains(form) || content.contains(&form.to_uppercase())
        })
    });
    found
}
