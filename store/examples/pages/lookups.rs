//! Whose token, hook or installation this is: ten thousand of each, looked up as the store's methods do it, each in a
//! transaction of its own.

use std::time::Instant;

use muster_store::TenantId;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::latencies::Latencies;

const EACH: i64 = 10_000;
const ENTER: &str = include_str!("../../sql/session/enter.postgres.sql");

/// A kind of look-up: its name, and the statements of PostgreSQL and SQLite.
const KINDS: [(&str, &str, &str); 3] = [
    (
        "tenant of a token",
        "select tenant_id from token_find(decode(lpad(to_hex($1::bigint), 64, '0'), 'hex'))",
        "select k.tenant_id from tokens k join tenants t on t.id = k.tenant_id where k.hash = unhex(printf('%064x', $1))",
    ),
    (
        "tenant of a hook",
        "select tenant_id from hook_find('hook-' || $1::bigint)",
        "select h.tenant_id from hook_keys h join tenants t on t.id = h.tenant_id where h.hook_key = 'hook-' || $1",
    ),
    (
        "tenant of an installation",
        "select tenant_id from installation_find('github', $1::bigint)",
        "select i.tenant_id from installations i left join tenants t on t.id = i.tenant_id
        where i.provider = 'github' and i.installation_id = $1",
    ),
];

const FILL_POSTGRES: &str = "
    insert into tokens (hash, tenant_id, id, name, prefix, role, created_at)
    select decode(lpad(to_hex(n), 64, '0'), 'hex'), t.id, n, 'n', 'muster_', 'member', 0
    from generate_series(1, 10000) n
    join (select id, row_number() over (order by id) as place from tenants) t on t.place = n % 100 + 1;
    insert into hook_keys (hook_key, tenant_id, repository_id, created_at)
    select 'hook-' || n, t.id, 1, 0
    from generate_series(1, 10000) n
    join (select id, row_number() over (order by id) as place from tenants) t on t.place = n % 100 + 1;
    insert into installations (provider, installation_id, tenant_id, account, created_at)
    select 'github', n, t.id, 'somebody', 0
    from generate_series(1, 10000) n
    join (select id, row_number() over (order by id) as place from tenants) t on t.place = n % 100 + 1;
    analyze;";

const FILL_SQLITE: &str = "
    create temporary table t as select id, row_number() over (order by id) as place from tenants;
    create temporary table numbers as
    with recursive n(n) as (select 1 union all select n + 1 from n where n < 10000) select n from n;
    insert into tokens (hash, tenant_id, id, name, prefix, role, created_at)
    select unhex(printf('%064x', n)), t.id, n, 'n', 'muster_', 'member', 0 from numbers, t where t.place = n % 100 + 1;
    insert into hook_keys (hook_key, tenant_id, repository_id, created_at)
    select 'hook-' || n, t.id, 1, 0 from numbers, t where t.place = n % 100 + 1;
    insert into installations (provider, installation_id, tenant_id, account, created_at)
    select 'github', n, t.id, 'somebody', 0 from numbers, t where t.place = n % 100 + 1;";

/// Fills and looks up on PostgreSQL, where `service` is a connection that may switch to the run-time role.
pub(crate) async fn postgres(superuser: &mut PgConnection, service: &mut PgConnection, calls: usize) {
    sqlx::raw_sql(FILL_POSTGRES).execute(superuser).await.unwrap();
    for (name, sql, _) in KINDS {
        let mut latencies = Latencies::default();
        for n in numbers(calls) {
            let begun = Instant::now();
            let mut transaction =
                service.begin_with("begin isolation level repeatable read, read only").await.unwrap();
            sqlx::query(ENTER).bind("muster_app").execute(&mut *transaction).await.unwrap();
            let found: Option<uuid::Uuid> =
                sqlx::query_scalar(AssertSqlSafe(sql)).bind(n).fetch_one(&mut *transaction).await.unwrap();
            transaction.rollback().await.unwrap();
            latencies.push(begun.elapsed());
            assert!(found.is_some());
        }
        println!("{}", latencies.row(name));
    }
}

/// The same on SQLite.
pub(crate) async fn sqlite(connection: &mut SqliteConnection, calls: usize) {
    sqlx::raw_sql(FILL_SQLITE).execute(&mut *connection).await.unwrap();
    for (name, _, sql) in KINDS {
        let mut latencies = Latencies::default();
        for n in numbers(calls) {
            let begun = Instant::now();
            let mut transaction = connection.begin().await.unwrap();
            let found: Vec<u8> =
                sqlx::query_scalar(AssertSqlSafe(sql)).bind(n).fetch_one(&mut *transaction).await.unwrap();
            transaction.rollback().await.unwrap();
            latencies.push(begun.elapsed());
            assert_eq!(found.len(), TenantId(uuid::Uuid::nil()).0.as_bytes().len());
        }
        println!("{}", latencies.row(name));
    }
}

/// Each another one, so that none is asked for twice in a row.
fn numbers(calls: usize) -> impl Iterator<Item = i64> {
    (0..calls as i64).map(|n| n * 7919 % EACH + 1)
}
