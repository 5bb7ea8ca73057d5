//! How bytes may come: endless, cut off, slow, in one piece with others, or more at once than there is memory for (13 to
//! 21 of the list).

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::delivery::{Answer, Delivery};
use super::scene::{HOOK_SECRET, on_each_engine, on_each_engine_with, patient, settings};

/// So short that it is over soon; only for what is wanted to run out.
const SOON: Duration = Duration::from_millis(200);

/// 14
#[tokio::test]
async fn an_endless_body_is_refused_where_it_gets_too_long() {
    on_each_engine(async |_, scene| {
        let mut stream = TcpStream::connect(scene.address).await.unwrap();
        stream.write_all(&Delivery::new(1).chunked().head()).await.unwrap();
        let (mut reading, mut writing) = stream.split();
        let chunk = [b"100000\r\n", &vec![b'x'; 1 << 20][..], b"\r\n"].concat();
        let endless = async { while writing.write_all(&chunk).await.is_ok() {} };
        let answer = tokio::select! {
            answer = Answer::read(&mut reading, false) => answer.unwrap(),
            () = endless => panic!("the answer comes before the end"),
        };
        assert_eq!(answer.line(), "413 body_too_large");
        assert_eq!(scene.rows().await, (0, 0));
        scene.end().await;
    })
    .await;
}

/// 15
#[tokio::test]
async fn a_body_that_breaks_off_leaves_nothing() {
    on_each_engine(async |_, scene| {
        for cut in [0, 10, 40] {
            let delivery = Delivery::new(1);
            let mut stream = TcpStream::connect(scene.address).await.unwrap();
            stream.write_all(&[delivery.head(), delivery.body[..cut].to_vec()].concat()).await.unwrap();
            stream.shutdown().await.unwrap();
            let answer = Answer::read(&mut stream, false).await;
            assert_eq!(answer.map(|answer| answer.line()), Some("400 body_incomplete".to_owned()), "{cut}");
        }
        let delivery = Delivery::new(1).chunked();
        let bytes = delivery.bytes();
        let mut stream = TcpStream::connect(scene.address).await.unwrap();
        stream.write_all(&bytes[..bytes.len() - 5]).await.unwrap(); // without the last chunk
        stream.shutdown().await.unwrap();
        assert_eq!(Answer::read(&mut stream, false).await.unwrap().line(), "400 body_incomplete");
        assert_eq!(scene.rows().await, (0, 0));
        scene.end().await;
    })
    .await;
}

/// 16
#[tokio::test]
async fn who_is_slow_is_left_behind() {
    let mut limits = patient();
    (limits.head, limits.pace.grace, limits.pace.bytes_per_second) = (SOON, SOON, 1 << 40);
    on_each_engine_with(limits, settings(), async |_, scene| {
        let delivery = Delivery::new(1);
        let mut silent = TcpStream::connect(scene.address).await.unwrap();
        let mut in_the_head = TcpStream::connect(scene.address).await.unwrap();
        in_the_head.write_all(&delivery.head()[..50]).await.unwrap();
        let mut in_the_body = TcpStream::connect(scene.address).await.unwrap();
        in_the_body.write_all(&[delivery.head(), delivery.body[..9].to_vec()].concat()).await.unwrap();
        let mut rest = Vec::new();
        for stream in [&mut silent, &mut in_the_head] {
            _ = stream.read_to_end(&mut rest).await; // ends, in order or with a reset
            assert_eq!(rest, b"");
        }
        assert_eq!(Answer::read(&mut in_the_body, false).await.unwrap().line(), "408 body_too_slow");
        assert_eq!(scene.rows().await, (0, 0));
        scene.end().await;
    })
    .await;
}

/// 16
#[tokio::test]
async fn whoever_dawdles_makes_room_for_who_has_something_to_say() {
    let mut limits = patient();
    limits.connections = 40;
    on_each_engine_with(limits, settings(), async |_, scene| {
        let delivery = Delivery::new(0);
        let head = delivery.head();
        let mut dawdlers = Vec::new();
        for n in 0..300 {
            let mut stream = TcpStream::connect(scene.address).await.unwrap();
            // Silent; in the head; in the body; silent after a good delivery.
            match n % 4 {
                0 => {}
                1 => stream.write_all(&head[..30 + n % 50]).await.unwrap(),
                2 => stream.write_all(&[&head[..], b"{"].concat()).await.unwrap(),
                _ => assert_eq!(Delivery::new(n).send_over(&mut stream).await.status, 202, "{n}"),
            }
            dawdlers.push(stream);
        }
        for n in 1000..1100 {
            assert_eq!(scene.send(&Delivery::new(n)).await.status, 202);
        }
        drop(dawdlers);
        assert_eq!(scene.rows().await, (175, 175));
        scene.end().await;
    })
    .await;
}

/// 19
#[tokio::test]
async fn http_1_0_and_several_requests_at_once() {
    on_each_engine(async |_, scene| {
        let old = Delivery { version: "HTTP/1.0", ..Delivery::new(1) };
        let mut stream = TcpStream::connect(scene.address).await.unwrap();
        stream.write_all(&old.bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap(); // it ends without being asked to
        assert!(answer.starts_with("HTTP/1.0 202 "), "{answer}");

        let bad = Delivery::new(9).signed("wrong");
        let several = [Delivery::new(2), bad, Delivery::new(3).chunked(), Delivery::new(2)];
        let mut stream = TcpStream::connect(scene.address).await.unwrap();
        let bytes: Vec<u8> = several.iter().flat_map(Delivery::bytes).collect();
        stream.write_all(&bytes).await.unwrap();
        for wanted in ["202 recorded", "401 signature_refused", "202 recorded", "200 repeat"] {
            assert_eq!(Answer::read(&mut stream, false).await.unwrap().line(), wanted);
        }
        // `Expect: 100-continue`, as curl says before a long body.
        let asking = Delivery::new(4).set("Expect", "100-continue");
        stream.write_all(&asking.head()).await.unwrap();
        let mut go_on = [0; 25];
        stream.read_exact(&mut go_on).await.unwrap();
        assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(&asking.body).await.unwrap();
        assert_eq!(Answer::read(&mut stream, false).await.unwrap().status, 202);
        let refused = Delivery::new(5).set("Expect", "100-continue").without("X-Hub-Signature-256");
        stream.write_all(&refused.head()).await.unwrap();
        assert_eq!(Answer::read(&mut stream, false).await.unwrap().status, 401, "before the body");
        scene.end().await;
    })
    .await;
}

/// What is no HTTP at all, or a head without end.
#[tokio::test]
async fn what_is_no_request_ends_the_connection_and_nothing_else() {
    on_each_engine(async |_, scene| {
        let long = [b"POST / HTTP/1.1\r\nX: ", &vec![b'a'; 200_000][..], b"\r\n\r\n"].concat();
        let two_lengths = b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
        for bytes in
            [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", two_lengths, &long]
        {
            let mut stream = TcpStream::connect(scene.address).await.unwrap();
            _ = stream.write_all(bytes).await;
            _ = stream.shutdown().await;
            let mut answer = Vec::new();
            _ = stream.read_to_end(&mut answer).await;
            assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{answer:?}");
        }
        assert_eq!(scene.send(&Delivery::new(1)).await.status, 202);
        scene.end().await;
    })
    .await;
}

/// 20
#[tokio::test]
async fn long_bodies_share_a_budget_and_leave_room_for_short_ones() {
    const MIB: usize = 1 << 20;
    let settings = muster_ingest::receive::Settings { body_budget: 8 * MIB, ..settings() };
    on_each_engine_with(patient(), settings, async |_, scene| {
        let long = |n| Delivery::new(n).body(vec![b' '; 5 * MIB]);
        let first = long(1);
        let mut held = TcpStream::connect(scene.address).await.unwrap();
        held.write_all(&first.bytes()[..first.head().len() + MIB]).await.unwrap();
        // A declared length is reserved before anything is read, so it may take a moment until it is.
        let refused = loop {
            let answer = scene.send(&long(2).signed("wrong")).await;
            if answer.status != 401 {
                break answer;
            }
        };
        assert_eq!(refused.line(), "503 too_many_bodies (retry-after: 10)");
        assert_eq!(scene.send(&long(2).chunked()).await.line(), "503 too_many_bodies (retry-after: 10)");
        assert_eq!(scene.send(&Delivery::new(3)).await.status, 202);
        held.write_all(&first.bytes()[first.head().len() + MIB..]).await.unwrap();
        assert_eq!(Answer::read(&mut held, false).await.unwrap().status, 202);
        assert_eq!(scene.send(&long(2)).await.status, 202, "there is room again");
        assert_eq!(scene.rows().await, (3, 3));
        scene.end().await;
    })
    .await;
}

/// 20: a body as long as may be, in both ways, is kept byte for byte.
#[tokio::test]
async fn the_longest_body_is_taken() {
    on_each_engine(async |_, scene| {
        let body: Vec<u8> = (0..25 * 1024 * 1024_u32).map(|n| (n % 251) as u8).collect();
        let whole = Delivery::to_hook(1, &scene.key, HOOK_SECRET).body(body.clone()).signed(HOOK_SECRET);
        assert_eq!(scene.send(&whole).await.line(), "202 recorded");
        assert_eq!(scene.send(&whole.chunked()).await.line(), "200 repeat");
        let id = scene.queue.list_deliveries(&Default::default()).await.unwrap().items[0].id;
        let (_, stored) = scene.queue.show_delivery(id).await.unwrap().unwrap();
        assert!(stored.unwrap() == body);
        scene.end().await;
    })
    .await;
}
