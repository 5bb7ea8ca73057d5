//! Strangers: two hundred with 25 MB each, and a thousand who say next to nothing. The process stays small, and who has
//! something to say is heard (16 and 20 of the list).

use std::sync::Arc;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::delivery::{Answer, Delivery};
use super::process::Service;

const BODY: usize = 25 * 1024 * 1024;
const SENDERS: usize = 200;
/// MiB.
const MOST: u64 = 600;

/// Sends a body that nobody signed, as far as it is read; gives the status of the answer.
async fn send(to: std::net::SocketAddr, head: Vec<u8>, body: Arc<Vec<u8>>) -> u16 {
    let mut stream = TcpStream::connect(to).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let write = async {
        _ = writing.write_all(&head).await;
        _ = writing.write_all(&body).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = Answer::read(&mut reading, false) => answer.map_or(0, |answer| answer.status),
        () = write => 0,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_unsigned_bodies_of_25_mb_at_once_keep_the_process_small() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path().join("store.db").to_str().unwrap(), &[]);
    let body = Arc::new(vec![b'x'; BODY]);
    let well_formed = Delivery::new(1).set("Content-Length", BODY.to_string());
    let chunk = [format!("{BODY:x}\r\n").as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let manners = [
        ("no signature", well_formed.clone().without("X-Hub-Signature-256"), Arc::clone(&body)),
        ("a wrong one", well_formed, body),
        ("a wrong one, in chunks", Delivery::new(1).chunked(), Arc::new(chunk)),
    ];
    for (manner, delivery, body) in manners {
        let mut sending = JoinSet::new();
        for _ in 0..SENDERS {
            sending.spawn(send(service.address, delivery.head(), Arc::clone(&body)));
        }
        let mut statuses = sending.join_all().await;
        statuses.sort_unstable();
        let counts: Vec<_> =
            statuses.chunk_by(|one, other| one == other).map(|of| (of[0], of.len())).collect();
        println!("{SENDERS} with {manner}: {counts:?}, {} MiB at most", service.most_memory());
        // Some are read to the end and found to be unsigned; for the others there is no room.
        assert!(statuses.iter().all(|status| [401, 503].contains(status)), "{counts:?}");
        assert!(statuses.contains(&401), "{counts:?}");
        assert!(manner != "no signature" || counts == [(401, SENDERS)], "needs no body: {counts:?}");
    }
    assert_eq!(Delivery::new(1).send(service.address).await.status, 202);
    let most = service.most_memory();
    assert!(most < MOST, "{most} MiB");
    assert_eq!(service.end().0.code(), Some(0));
}

/// As many connections as this process may still open, up to a thousand.
fn thousand() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let soft: usize = files.split_whitespace().next().unwrap().parse().unwrap_or(usize::MAX);
    soft.saturating_sub(300).min(1000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_idle_connections_and_slow_heads_do_not_starve_who_has_something_to_say() {
    let folder = tempfile::tempdir().unwrap();
    // With room for all of them, and with room for a tenth.
    for room in ["2048", "100"] {
        let path = folder.path().join(format!("{room}.db"));
        let service = Service::start(path.to_str().unwrap(), &["--max-connections", room]);
        let head = Delivery::new(0).head();
        let mut dawdlers = Vec::new();
        for n in 0..thousand() {
            let mut stream = TcpStream::connect(service.address).await.unwrap();
            if n % 2 == 0 {
                stream.write_all(&head[..10 + n % 100]).await.unwrap();
            }
            dawdlers.push(stream);
            if n % 10 == 0 {
                assert_eq!(Delivery::new(n).send(service.address).await.status, 202);
            }
        }
        for n in 0..100 {
            assert_eq!(Delivery::new(10_000 + n).send(service.address).await.status, 202);
        }
        println!("{} dawdlers, room for {room}: {} MiB at most", dawdlers.len(), service.most_memory());
        assert_eq!(service.end().0.code(), Some(0), "it does not wait for them");
    }
}
