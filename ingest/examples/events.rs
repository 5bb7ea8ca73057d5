//! From the end of a transaction to the event at a client on this machine: `benches/events` runs it.
//!
//! One change at a time, to a store that nobody else uses: what is measured is the wake-up, the question and the way to the
//! client, on each engine, and what looking once a second would cost in its place.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

use std::time::{Duration, Instant};

use muster_ingest::events::{EventSettings, Events, router};
use muster_ingest::serve::{Limits, routes, serve};
use muster_ingest::work::machine_clock;
use muster_store::{Actor, Connection, DatabaseUrl, NewTenant, NewToken, Store, SystemRandom, Tenant};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

const CHANGES: usize = 500;

#[tokio::main]
async fn main() {
    let url: DatabaseUrl =
        std::env::args().nth(1).expect("the address of an empty database").parse().unwrap();
    let store = Store::open(&url).await.unwrap();
    let subdomain = format!("events-{}", std::process::id());
    let new = NewTenant { subdomain, ..NewTenant::default() };
    let tenant = store.create_tenant(&new, machine_clock()).await.unwrap();
    let actor = Actor::command_line(None);
    let new = NewToken { name: "t".to_owned(), ..NewToken::default() };
    let (_, token) = tenant.create_token(&new, &SystemRandom, machine_clock(), &actor).await.unwrap();
    let events =
        Events::start(store.clone(), url, EventSettings::default(), machine_clock, CancellationToken::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, routes([router(events)]), Limits::default(), CancellationToken::new()));

    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET /api/v2/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", token.expose());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    until(&mut lines, "id: ").await;
    let mut waited = Vec::with_capacity(CHANGES);
    for n in 0..CHANGES {
        change(&tenant, n, &actor).await;
        let committed = Instant::now();
        until(&mut lines, "event: change").await;
        waited.push(committed.elapsed());
    }
    waited.sort();
    let at = |part: f64| waited[((waited.len() - 1) as f64 * part) as usize];
    println!(
        "{CHANGES} changes: p50 {:?}, p95 {:?}, p99 {:?}, longest {:?}",
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
    let slow = waited.iter().filter(|wait| **wait > Duration::from_millis(500)).count();
    println!("{slow} of them were found by looking, and not by a wake-up");
}

async fn until(lines: &mut Lines<BufReader<TcpStream>>, begins: &str) {
    while !lines.next_line().await.unwrap().expect("the stream goes on").starts_with(begins) {}
}

async fn change(tenant: &Tenant, n: usize, actor: &Actor) {
    let url = format!("https://example.com/{n}");
    let connection = Connection { clone_url: Some(&url), ..Connection::default() };
    tenant.connect_repository(&connection, machine_clock(), actor).await.unwrap();
}
