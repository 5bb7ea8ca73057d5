//! Sends deliveries to an endpoint and says how many were taken and how long each took.
//!
//! As plain as a client can be (its own HTTP over tokio's sockets, one body signed once), so that on a machine that it
//! shares with what it measures it takes little. Either as fast as answers come, over so many connections; or so many a
//! second, each timed from when it was due; or a burst, all at once. Run by `benches/receive`.
//!
//!     load ADDRESS SECRET [--connections N] [--bytes N] [--seconds N | --count N] [--rate N] [--idle N]

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// What to send, and how.
#[derive(Debug)]
struct Plan {
    address: String,
    /// The head up to the id of the delivery, and from behind it to the end of the request.
    before: Vec<u8>,
    behind: Vec<u8>,
    connections: u64,
    seconds: u64,
    count: u64,
    rate: u64,
    idle: u64,
}

#[derive(Debug, Default)]
struct Seen {
    statuses: BTreeMap<u16, u64>,
    /// Microseconds.
    times: Vec<u64>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (address, secret) = (arguments.next().unwrap(), arguments.next().unwrap());
    let mut numbers: BTreeMap<String, u64> = BTreeMap::new();
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        numbers.insert(name.trim_start_matches('-').to_owned(), value.parse().unwrap());
    }
    let number = |name: &str, usual: u64| numbers.get(name).copied().unwrap_or(usual);
    let body = body(number("bytes", 10_000) as usize);
    let mut digest = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    digest.update(&body);
    let signature: String = digest.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let before = format!(
        "POST /api/v2/webhooks/github HTTP/1.1\r\nHost: muster\r\nContent-Type: application/json\r\nX-GitHub-Event: push\r\n\
         X-GitHub-Hook-ID: 1\r\nX-Hub-Signature-256: sha256={signature}\r\nContent-Length: {}\r\nX-GitHub-Delivery: ",
        body.len()
    );
    let plan = Plan {
        address,
        before: before.into_bytes(),
        behind: [b"\r\n\r\n", &body[..]].concat(),
        connections: number("connections", 32),
        seconds: number("seconds", 5),
        count: number("count", u64::MAX),
        rate: number("rate", 0),
        idle: number("idle", 0),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(Arc::new(plan)));
}

async fn run(plan: Arc<Plan>) {
    let mut idle = Vec::new();
    for _ in 0..plan.idle {
        let mut stream = TcpStream::connect(&plan.address).await.unwrap();
        stream.write_all(b"POST /api").await.unwrap();
        idle.push(stream);
    }
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut sending = JoinSet::new();
    for _ in 0..plan.connections {
        sending.spawn(send(Arc::clone(&plan), Arc::clone(&next), begun));
    }
    let mut all = Seen::default();
    for seen in sending.join_all().await {
        all.times.extend(seen.times);
        for (status, count) in seen.statuses {
            *all.statuses.entry(status).or_default() += count;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    all.times.sort_unstable();
    let at = |share: f64| {
        let place = (all.times.len() as f64 * share) as usize;
        all.times.get(place.min(all.times.len().saturating_sub(1))).map_or(0.0, |time| *time as f64 / 1000.0)
    };
    let statuses: Vec<String> =
        all.statuses.iter().map(|(status, count)| format!("{status}:{count}")).collect();
    println!(
        "{:.0} a second; ms p50 {:.2} p99 {:.2} longest {:.2}; {}",
        all.times.len() as f64 / seconds,
        at(0.5),
        at(0.99),
        at(1.0),
        statuses.join(" ")
    );
    drop(idle);
}

/// Sends over one connection, one after the other.
async fn send(plan: Arc<Plan>, next: Arc<AtomicU64>, begun: Instant) -> Seen {
    let mut stream = TcpStream::connect(&plan.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut seen, mut answer) = (Seen::default(), vec![0; 4096]);
    let until = begun + Duration::from_secs(plan.seconds);
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let mut due = Instant::now();
        if let Some(nanoseconds) = (n * 1_000_000_000).checked_div(plan.rate) {
            due = begun + Duration::from_nanos(nanoseconds);
            tokio::time::sleep_until(due).await;
        }
        if n >= plan.count || plan.count == u64::MAX && due >= until {
            return seen;
        }
        // Unique among all runs: what is a repeat is not written.
        let id = format!("{:08x}-0000-4000-8000-{n:012x}", std::process::id());
        let request = [&plan.before[..], id.as_bytes(), &plan.behind].concat();
        stream.write_all(&request).await.unwrap();
        let mut got = 0;
        let status = loop {
            let count = stream.read(&mut answer[got..]).await.unwrap();
            assert!(count > 0, "the connection was closed");
            got += count;
            if let Some(status) = whole(&answer[..got]) {
                break status;
            }
        };
        seen.times.push(due.elapsed().as_micros() as u64);
        *seen.statuses.entry(status).or_default() += 1;
    }
}

/// The status, once all of the answer is there.
fn whole(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    (body.len() >= length.unwrap_or(0)).then(|| head[9..12].parse().unwrap())
}

/// Text as GitHub sends it, more or less: it can be compressed.
fn body(bytes: usize) -> Vec<u8> {
    let mut seed = 88_172_645_463_325_252_u64;
    let mut body = br#"{"installation":{"id":42},"commits":["#.to_vec();
    while body.len() + 200 < bytes {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let line = format!(
            "{{\"id\":{seed},\"url\":\"https://api.github.com/repos/acme/widgets/git/commits/{seed:x}\"}},"
        );
        body.extend_from_slice(line.as_bytes());
    }
    // A text fills it up to the byte, so that it is whole JSON: others parse it before they answer.
    body.push(b'"');
    body.resize(bytes.saturating_sub(3), b'x');
    body.extend_from_slice(b"\"]}");
    body
}
