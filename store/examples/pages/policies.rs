//! What row-level security costs: the statement of a page as the run-time role, and as a role that policies do not hold
//! back, in turns and in the same shape of transaction.

use std::time::Instant;

use muster_store::TenantId;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::latencies::Latencies;

const ENTER: &str = include_str!("../../sql/session/enter_tenant.postgres.sql");
const PROJECTS: &str = include_str!("../../sql/projects/list.sql");
const TASKS: &str = include_str!("../../sql/tasks/list.sql");

/// The role that is not held back. It goes with its last database.
const FREE: &str = "muster_bench_free";

/// What the superuser prepares.
pub(crate) fn preparation(service: &str) -> String {
    format!(
        "do $$ begin
            if not exists (select from pg_roles where rolname = '{FREE}') then
                create role {FREE} nologin bypassrls;
            end if;
        end $$;
        grant select on all tables in schema public to {FREE};
        grant {FREE} to {service};"
    )
}

/// What he takes away again.
pub(crate) fn cleaning() -> String {
    format!("drop owned by {FREE}; drop role {FREE};")
}

/// A page: its name, its statement, and the repository that it begins with.
const PAGES: [(&str, &str, i64); 4] = [
    ("projects, first page", PROJECTS, 0),
    ("projects, deep page", PROJECTS, 60),
    ("tasks, first page", TASKS, 0),
    ("tasks, deep page", TASKS, 60),
];

/// Measures, and prints a table.
pub(crate) async fn compare(service: &mut PgConnection, tenant: TenantId, calls: usize) {
    println!("\n| | with policies p50 ms | p95 ms | without p50 ms | p95 ms | ratio of p50 |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (name, sql, first) in PAGES {
        let [mut held, mut free] = [Latencies::default(), Latencies::default()];
        for _ in 0..calls {
            for (role, latencies) in [("muster_app", &mut held), (FREE, &mut free)] {
                let begun = Instant::now();
                assert_eq!(page(service, role, tenant, sql, first).await, 50);
                latencies.push(begun.elapsed());
            }
        }
        let [held_50, free_50] = [held.below(0.5), free.below(0.5)];
        let ratio = held_50 / free_50;
        println!(
            "| {name} | {held_50:.3} | {:.3} | {free_50:.3} | {:.3} | {ratio:.3} |",
            held.below(0.95),
            free.below(0.95)
        );
    }
}

async fn page(service: &mut PgConnection, role: &str, tenant: TenantId, sql: &str, first: i64) -> usize {
    let mut transaction =
        service.begin_with("begin isolation level repeatable read, read only").await.unwrap();
    let entering = sqlx::query(ENTER).bind(role).bind(tenant.to_string());
    entering.execute(&mut *transaction).await.unwrap();
    let query = sqlx::query(AssertSqlSafe(sql.to_owned())).bind(tenant.0);
    let query = if sql == PROJECTS {
        let query = query.bind(None::<&str>).bind(false).bind(false).bind(false);
        query.bind(first).bind("").bind(0_i64)
    } else {
        let query = query.bind(None::<&str>).bind(None::<&str>).bind(false);
        query.bind(first).bind("").bind(0_i64).bind(0_i64).bind(0_i64)
    };
    let rows = query.bind(i64::MAX).bind(50_i64).fetch_all(&mut *transaction).await.unwrap();
    transaction.rollback().await.unwrap();
    rows.len()
}
