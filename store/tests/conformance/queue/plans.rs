//! The queue's plans on PostgreSQL, made while its tables are empty: they are kept when the tables have filled.

use sqlx::{AssertSqlSafe, Row as _};

use crate::scratch::{ScratchDatabase, run};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/");

/// A statement, and the indexes that it may use.
const PLANS: [(&str, &[&str]); 14] = [
    ("jobs/turns.sql", &["jobs_pkey", "jobs_to_claim", "jobs_running", "jobs_serial"]),
    ("jobs/candidates.postgres.sql", &["jobs_to_claim", "jobs_serial"]),
    ("jobs/claim_keys.sql", &["jobs_pkey", "jobs_by_serial_key", "jobs_without_key", "jobs_serial"]),
    ("jobs/claim.postgres.sql", &["jobs_pkey"]),
    ("jobs/enqueue.postgres.sql", &["jobs_by_installation"]),
    ("jobs/coalesce.postgres.sql", &["jobs_by_installation"]),
    ("jobs/succeed.postgres.sql", &["jobs_pkey"]),
    ("jobs/renew.postgres.sql", &["jobs_pkey"]),
    ("jobs/lost.postgres.sql", &["jobs_running"]),
    ("jobs/merge.postgres.sql", &["jobs_coalescing"]),
    ("jobs/put.sql", &["jobs_pkey"]),
    ("jobs/park.sql", &["jobs_by_installation"]),
    ("deliveries/to_replay.postgres.sql", &["deliveries_pkey"]),
    ("deliveries/find.postgres.sql", &["deliveries_hook_guid_key"]),
];

#[tokio::test]
async fn each_statement_goes_by_the_index_that_is_made_for_it() {
    let database = ScratchDatabase::new().await;
    let mut connection = database.superuser().await;
    let enter = std::fs::read_to_string(format!("{FOLDER}session/enter_queue.postgres.sql")).unwrap();
    let enter = enter.replace("$1", "'muster_queue'").replace("$2", "'10s'");
    run(&mut connection, &format!("begin; {enter}")).await;
    for (n, (name, indexes)) in PLANS.into_iter().enumerate() {
        let text = std::fs::read_to_string(format!("{FOLDER}{name}")).unwrap();
        let values = (1..20).take_while(|n| text.contains(&format!("${n}"))).map(|_| "null");
        let values = values.collect::<Vec<_>>().join(", ");
        run(&mut connection, &format!("prepare p{n} as {text}")).await;
        let explain = format!("explain (costs off) execute p{n}({values})");
        let lines = sqlx::query(AssertSqlSafe(explain)).fetch_all(&mut connection).await.unwrap();
        for line in lines.iter().map(|line| line.get::<String, _>(0)) {
            let by = line.split_once(" using ").and_then(|(_, rest)| rest.split(' ').next());
            assert!(by.is_none_or(|index| indexes.contains(&index)), "{name}: {line}");
            let dear = ["Seq Scan on", "Bitmap", "Hash", "Sort ", "Merge"];
            assert!(!dear.iter().any(|step| line.contains(step)), "{name}: {line}");
        }
    }
    database.remove().await;
}
