//! Measures the queue: accepts, jobs and claims a second, on SQLite and (with an address) on PostgreSQL.
//!
//! The plain insert is given everything for nothing: no key is looked at twice, no answer is read, and all that is left to
//! do is `insert ... values (...), (...)` for the deliveries and for their jobs, in one durable transaction. Run by
//! `benches/queue`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "queue/plain.rs"]
mod plain;

use std::time::{Duration, Instant};

use muster_store::{
    Caps, DatabaseUrl, Lease, NewDelivery, NewJob, NewTenant, Queue, Store, TenantId, Timestamp,
};

use plain::Plain;

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const CAPS: Caps = Caps { per_tenant: 1_000_000, long: 1_000_000, lost: 1 };
const JOBS: usize = 20_000;
const WAITING: usize = 100_000;
const CLAIMS: usize = 300;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = DatabaseUrl::Sqlite(folder.path().join("store.db"));
    println!("load when begun: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    Box::pin(measure("SQLite", &sqlite, Plain::sqlite(&folder.path().join("store.db")))).await;
    if let Some(address) = std::env::args().nth(1) {
        let url: DatabaseUrl = address.parse().unwrap();
        Store::migrate(&url).await.unwrap();
        Box::pin(measure("PostgreSQL", &url, Plain::postgres(&address))).await;
    }
    println!("load when ended: {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}

async fn measure(name: &str, url: &DatabaseUrl, mut plain: Plain) {
    let store = Store::open(url).await.unwrap();
    let queue = store.queue().await.unwrap();
    println!("\n{name}");
    for (bytes, batches) in [(10_000, &[1, 8, 32, 128][..]), (200_000, &[4, 16])] {
        for &batch in batches {
            accepts(&queue, &mut plain, bytes, batch).await;
        }
    }
    plain.clear().await;
    let tenant = new_tenant(&store, "busy").await;
    jobs(&queue, tenant).await;
    plain.clear().await;
    claims(&store, &queue, tenant).await;
    plain.clear().await;
}

/// Bodies as GitHub sends them, more or less: text that can be compressed, none like another.
fn body(n: usize, bytes: usize) -> Vec<u8> {
    let mut seed = n as u64 + 1;
    let mut body = Vec::with_capacity(bytes + 100);
    while body.len() < bytes {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let line = format!(
            "{{\"id\":{seed},\"url\":\"https://api.github.com/repos/acme/widgets/git/commits/{seed:x}\"}},"
        );
        body.extend_from_slice(line.as_bytes());
    }
    body.truncate(bytes);
    body
}

const HEADERS: &str = r#"{"x-github-event":"push","x-github-hook-id":"1","content-type":"application/json"}"#;

async fn accepts(queue: &Queue, plain: &mut Plain, bytes: usize, batch: usize) {
    let rounds = (400 / batch).clamp(8, 60);
    let bodies: Vec<Vec<u8>> = (0..batch).map(|n| body(n, bytes)).collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let guids: Vec<String> = (0..batch).map(|n| format!("{bytes}-{batch}-{round}-{n}")).collect();
        let of = |hook| {
            let new = |(guid, body)| NewDelivery {
                hook,
                guid,
                tenant: None,
                event: "push",
                headers: HEADERS,
                fair_hint: Some(7),
                received_at: NOW,
                body_hash: [7; 32],
                body,
                packed_from: None,
            };
            guids
                .iter()
                .map(String::as_str)
                .zip(bodies.iter().map(Vec::as_slice))
                .map(new)
                .collect::<Vec<_>>()
        };
        let (our, their) = (of("ours"), of("plain"));
        // In turns, for whoever fills the write-ahead log has to empty it.
        for first in [round % 2 == 0, round % 2 == 1] {
            let begun = Instant::now();
            if first {
                queue.record(&our).await.unwrap();
                ours.push(begun.elapsed());
            } else {
                plain.insert(&their).await;
                theirs.push(begun.elapsed());
            }
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let rate = |time: Duration| batch as f64 / time.as_secs_f64();
    println!(
        "accepts of {:>3} KB, {batch:>3} a commit: {:>7.0} /s, plain {:>7.0} /s, ratio {:.2}",
        bytes / 1000,
        rate(ours),
        rate(theirs),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
}

async fn new_tenant(store: &Store, name: &str) -> TenantId {
    let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
    match store.create_tenant(&new, NOW).await {
        Ok(tenant) => tenant.id(),
        Err(_) => store.tenant_by_subdomain(name).await.unwrap().unwrap().id,
    }
}

fn job(tenant: Option<TenantId>, n: usize) -> NewJob {
    NewJob {
        tenant,
        kind: "nothing".to_owned(),
        payload: serde_json::json!({ "n": n }),
        serial_key: Some(format!("git:{n}")),
        run_at: NOW,
        ..NewJob::default()
    }
}

/// Two workers that claim and settle in batches.
async fn jobs(queue: &Queue, tenant: TenantId) {
    let all: Vec<NewJob> = (0..JOBS).map(|n| job(Some(tenant), n)).collect();
    let begun = Instant::now();
    for chunk in all.chunks(1000) {
        queue.enqueue(chunk, NOW).await.unwrap();
    }
    println!("enqueued: {:.0} jobs/s", JOBS as f64 / begun.elapsed().as_secs_f64());
    for slots in [8, 32] {
        let begun = Instant::now();
        let half = JOBS / 2;
        let worker = async |name: &str| {
            let mut done = 0;
            while done < half / 2 {
                let claimed = queue.claim(name, slots, NOW, Timestamp(NOW.0 + 30_000), CAPS).await.unwrap();
                let leases: Vec<Lease> = claimed.iter().map(|claimed| claimed.lease).collect();
                if leases.is_empty() {
                    break;
                }
                done += queue.succeed(&leases, NOW).await.unwrap().len();
            }
            done
        };
        let (one, two) = tokio::join!(worker("one"), worker("two"));
        let rate = (one + two) as f64 / begun.elapsed().as_secs_f64();
        println!("jobs that do nothing, two workers of {slots} slots: {rate:.0} /s (bound: 2500)");
    }
}

/// A tenant with nine tenths of all jobs, and a thousand with the rest.
async fn claims(store: &Store, queue: &Queue, busy: TenantId) {
    let single = new_tenant(store, "single").await;
    let all: Vec<NewJob> = (0..WAITING)
        .map(|n| match n % 10 {
            0 => NewJob { fair_hint: Some((n / 10 % 1000) as i64), ..job(None, n) },
            _ => job(Some(busy), n),
        })
        .collect();
    for chunk in all.chunks(1000) {
        queue.enqueue(chunk, NOW).await.unwrap();
    }
    let mut times = Vec::new();
    for _ in 0..CLAIMS {
        let begun = Instant::now();
        let claimed = queue.claim("w", 8, NOW, Timestamp(NOW.0 + 30_000), CAPS).await.unwrap();
        times.push(begun.elapsed());
        assert_eq!(claimed.len(), 8);
        let leases: Vec<Lease> = claimed.iter().map(|claimed| claimed.lease).collect();
        queue.succeed(&leases, NOW).await.unwrap();
    }
    times.sort_unstable();
    println!(
        "claim of 8 with {WAITING} waiting in 1,001 turns: median {:.2?}, p95 {:.2?}",
        times[CLAIMS / 2],
        times[CLAIMS * 95 / 100]
    );
    queue.enqueue(&[job(Some(single), 0)], NOW).await.unwrap();
    let mut before = 0;
    loop {
        let claimed = queue.claim("w", 8, NOW, Timestamp(NOW.0 + 30_000), CAPS).await.unwrap();
        if claimed.iter().any(|claimed| claimed.job.tenant == Some(single)) {
            break;
        }
        before += claimed.len();
    }
    println!("jobs that were started before the single one of the 1,002nd turn: {before}");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
