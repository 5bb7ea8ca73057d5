//! A database in which every table that is moved has rows, with the values that databases trip over.

use std::path::{Path, PathBuf};

use muster_store::{DatabaseUrl, Store, TenantId};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tempfile::TempDir;

/// Texts with NUL, the escape for it, controls, quotes, code points beyond the first plane.
pub(crate) const ODD: &str = "a\0b \u{fdd0}0\u{fdd0}\u{fdd0} \u{1}\u{7f} \"q\" \\ \u{2028}\u{feff}\u{ffff} 👩\u{200d}💻 \r\n \u{202e}x\0";

/// A filled SQLite file in a folder of its own.
pub(crate) struct Filled {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
}

impl Filled {
    /// Three tenants, `acme` with rows in every table, and rows of no tenant.
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("filled.db");
        Store::open(&DatabaseUrl::Sqlite(path.clone())).await.unwrap().close().await;
        let mut connection = connect(&path).await;
        sqlx::query("create temp table odd (text text)").execute(&mut connection).await.unwrap();
        sqlx::query("insert into odd values ($1)").bind(ODD).execute(&mut connection).await.unwrap();
        for (number, name) in [(1, "acme"), (2, "other"), (3, "third")] {
            run(&mut connection, &tenant(number, name)).await;
        }
        run(&mut connection, UNOWNED).await;
        connection.close().await.unwrap();
        Self { folder, path }
    }

    pub(crate) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.path.clone())
    }

    /// An address for another file beside it.
    pub(crate) fn beside(&self, name: &str) -> DatabaseUrl {
        DatabaseUrl::Sqlite(self.folder.path().join(name))
    }

    pub(crate) async fn connection(&self) -> SqliteConnection {
        connect(&self.path).await
    }
}

/// The id of the n-th tenant.
pub(crate) fn id(number: u8) -> TenantId {
    let mut bytes = [number; 16];
    bytes[6] = 0x70 | number;
    TenantId(uuid(&bytes))
}

fn uuid(bytes: &[u8; 16]) -> sqlx::types::Uuid {
    sqlx::types::Uuid::from_bytes(*bytes)
}

pub(crate) async fn connect(path: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).foreign_keys(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

pub(crate) async fn run(connection: &mut SqliteConnection, statements: &str) {
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(connection).await.unwrap();
}

const UNOWNED: &str = "
insert into installations values ('github', -1, null, (select text from odd), 1, null, null, null, null, null);
insert into deliveries (id, tenant_id, hook, guid, event, headers, received_at, status, body_hash, body)
    values (900, null, 'app', (select text from odd), 'push', '{}', 5, 'received', zeroblob(32), x'00ff');
insert into jobs (id, tenant_id, kind, payload, priority, long, run_at, state, enqueued_at)
    values (700, null, 'nightly', '{}', 1, 1, -9223372036854775808, 'ready', 9223372036854775807);
";

fn tenant(number: u8, name: &str) -> String {
    let id: String = id(number).0.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let (big, small) = (i64::MAX, i64::MIN);
    let hash = "(unhex(hex(zeroblob(31)) || '4".to_owned() + &number.to_string() + "'))";
    TENANT
        .replace("$tenant", &format!("x'{id}'"))
        .replace("$name", name)
        .replace("$n", &number.to_string())
        .replace("$hash", &hash)
        .replace("$big", &big.to_string())
        .replace("$small", &small.to_string())
        .replace("$odd", "(select text from odd)")
        .replace("$sha", "randomblob(20)")
}

const TENANT: &str = "
begin;
insert into tenants (id, subdomain, organization_name, plan_tier, max_users, max_projects, max_repositories,
        stripe_customer_id, subscription_status, change_seq, suspended_at, created_at)
    values ($tenant, '$name', $odd, 'pro', nullif($n, 1), nullif($n, 2), nullif($n, 3) + 100, nullif($odd, $odd || ($n % 2)), nullif('', $n), 12,
        nullif($small, $small + $n - 1), $n);
insert into data_keys values ($tenant, zeroblob(61), '0123456789abcdef', $small);
insert into users values ($tenant, 1, 'ada@example.com', $odd, 'owner', 1, null, $small),
    ($tenant, $big, $odd, '', 'viewer', 0, $big, 0);
insert into repositories (tenant_id, id, source_key, name, clone_url, branch, head, dirty, shallow, extractor_version,
        history, revision, commit_projects_stale, created_at, provider, provider_repo_id, full_name, default_branch,
        is_active, webhook_id, webhook_secret, last_synced_at, pushed_at, received_at, visible_at, connected_at,
        installation_id, access_token, webhook_secret_previous, owner_id, is_private, is_archived, web_url, gone_at,
        report_time, report_rank, report_digest, waiting_since)
    values ($tenant, $small, $odd, '', null, null, null, 0, 1, $big, 'none', $small, 1, 0, null, null, null, null, 0,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
    ($tenant, 7, 'k', $odd, $odd, $odd, zeroblob(32), 1, 0, 3, 'complete', 1, 0, $big, 'github', $big, $odd, 'main', 1,
        $small, x'01ff', 1, 2, 3, 4, $big, $small, x'02ff', x'03ff', $big, 0, 1, $odd, $big, $small, 2, zeroblob(16), 5);
insert into refs values ($tenant, 7, $odd, $sha, null), ($tenant, 7, '', zeroblob(32), $small);
insert into submodules values ($tenant, 7, $odd, null, $odd, 1), ($tenant, 7, '', '', null, 0);
insert into scans values ($tenant, $small, 7, null, null, 0, 1, $big, 0, $odd, $small),
    ($tenant, 2, 7, $sha, $odd, 1, 0, 0, $small, '[]', 0);
insert into people values ($tenant, 1, 7, $odd, ''), ($tenant, $big, 7, '', $odd);
insert into paths values ($tenant, 1, 7, x''), ($tenant, 2, 7, x'00ff2f0a'), ($tenant, 3, 7, cast('a' as blob));
insert into projects (tenant_id, id, repository_id, path, name, description, version, project_type, role, populated,
        submodule, parent_path, workspace_path, status, total_tasks, completed_tasks, todo_count, declared, documents,
        problems, closed_at, over_quota)
    values ($tenant, 1, 7, '.', $odd, null, null, 'rust', 'primary', 1, null, null, null, 'active', 2, 1, 0, null,
        '[]', '[]', null, 0),
    ($tenant, $big, 7, $odd, '', $odd, $odd, $odd, $odd, 0, $odd, $odd, $odd, $odd, $big, $small, 0, $odd, $odd, $odd,
        $small, 1);
insert into project_paths values ($tenant, 1, $odd, 1), ($tenant, 1, '', $big);
insert into project_manifests values ($tenant, 1, 0, $odd, $odd, null, null), ($tenant, 1, $big, '', '', $odd, $odd);
insert into tasks values
    ($tenant, 1, 7, 1, 'checkbox', null, $odd, 'open', $odd, 1, 0, $big, null, null, null, '[]', '', null),
    ($tenant, 2, 7, null, 'pull_request', $odd, '', 'cancelled', '', $big, $small, null, $odd, $odd, $odd, $odd, $odd, 0),
    ($tenant, $big, 7, 1, 'issue', '', $odd, 'in_progress', 'a', 0, 0, null, '', '', '', '', '', $small);
insert into provider_tasks values
    ($tenant, 2, 7, $big, $big, $small, $small, zeroblob(16), 'transferred', $odd, $odd, $odd, $odd, $odd, $small, $big, $odd,
        $odd, $sha, $big, 1, $odd, $sha, zeroblob(32), 0, 1),
    ($tenant, $big, 7, 1, null, 1, 0, randomblob(16), null, null, '', null, '[]', '[]', null, null, null, null, null, null,
        null, null, null, null, null, null);
insert into task_references values ($tenant, 2, 0, 'title', 0, $big, $odd, 'closes', $odd, $odd, 1),
    ($tenant, 2, 1, 'branch', 1, 2, '', '', '', '', 0);
insert into commits values
    ($tenant, 1, 7, $sha, x'', 1, $small, $big, $big, $big, $small, $odd, 3, 1, null, null),
    ($tenant, $big, 7, randomblob(32), randomblob(60), $big, 0, 0, 1, 0, -90, '', $big, 0, $big, $small);
insert into commit_paths values ($tenant, 1, 1), ($tenant, 1, 3), ($tenant, $big, 2);
insert into commit_projects values ($tenant, 1, 1), ($tenant, $big, $big);
insert into commit_references values ($tenant, 1, 0, 0, $big, $odd, 'closes', $odd, 1), ($tenant, 1, 1, 1, 2, '', '', '', 0);
insert into pull_request_commits values ($tenant, 2, 1), ($tenant, 2, $big);
insert into stale_targets values ($tenant, $odd, $big), ($tenant, '', 0);
insert into links values ($tenant, 1, 1, 'commit', 1, null, $odd, $odd, $odd, $small, null),
    ($tenant, $big, 1, 'pull_request', null, 2, '', '', '', 0, $big);
insert into extracts values ($tenant, 7, $odd, $sha, $big, $odd), ($tenant, 7, '', zeroblob(32), 0, '{}');
insert into changes values ($tenant, 11, null, $odd, null, null, $small), ($tenant, 12, $big, '', 1, 2, $big);
insert into audit_log values ($tenant, 1, $small, $odd, '', $odd, '{}', zeroblob(32), $hash),
    ($tenant, 2, 0, '', $odd, '', $odd, $hash, randomblob(32));
insert into tokens values ($hash, $tenant, 1, $odd, 'muster_x', 'member', 1, 1, null, null, null),
    (randomblob(32), $tenant, 2, '', '', 'owner', null, $small, $big, 0, $small);
insert into hook_keys (hook_key, tenant_id, repository_id, created_at)
    values ('hook $n' || $odd, $tenant, 7, $big), ('hook $n', $tenant, 7, 0);
insert into installations values ('github', $n, $tenant, $odd, 0, $small, null, $small, 2, zeroblob(16)),
    ('github', $n00, $tenant, '', 1, null, $big, null, null, null);
insert into installation_repositories values ($tenant, 'github', $n, $big, $odd, 'granted', $small, $big, zeroblob(16)),
    ($tenant, 'github', $n, $small, null, 'withdrawn', 0, 0, randomblob(16));
insert into deliveries values
    ($n1, $tenant, 'app', 'guid $n', $odd, null, $odd, null, 0, 'received', null, null, null, zeroblob(32), null, x'00', $big),
    ($n5, $tenant, $odd, 'guid $n', '', $odd, '', $small, $big, 'parked', $odd, $odd, $big, $hash, 1, null, null);
insert into jobs values
    ($n1, $tenant, $odd, $odd, $odd, $odd, $odd, $big, $small, $big, 1, 0, $small, 'ready', null, null, 0, $big, 0, $big,
        $small, $odd, $odd, 1, null, null),
    ($n8, $tenant, 'scan', '{}', null, null, null, null, null, 1, 0, 0, null, 'done', null, null, 1, 1, 0, 0, null, null, '[]', 1,
        2, $big),
    ($n9, $tenant, '', '', null, null, null, null, null, $small, 1, 0, null, 'running', $odd, $big, $big, 0, $big, 1, 7,
        '', '[]', 1, 0, null);
commit;
";
