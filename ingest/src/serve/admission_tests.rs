//! Who gets in and who goes, without a socket.

use super::*;

fn admission(connections: usize, per_address: usize) -> Arc<Admission> {
    let limits = Limits { connections, per_address, ..Limits::default() };
    Arc::new(Admission::new(limits))
}

const LOOPBACK: &str = "127.0.0.1";
const STRANGER: &str = "192.0.2.7";

async fn admit(admission: &Arc<Admission>, address: &str) -> Option<Ticket> {
    admission.admit(address.parse().unwrap()).await
}

/// Polls once.
async fn is_waiting<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
    futures_util::poll!(future).is_pending()
}

#[tokio::test]
async fn who_is_silent_makes_room_and_who_waits_for_us_does_not() {
    let admission = admission(2, 9);
    let working = admit(&admission, LOOPBACK).await.unwrap();
    working.place.enter(Stage::Working);
    let silent = admit(&admission, LOOPBACK).await.unwrap();
    let mut third = Box::pin(admit(&admission, LOOPBACK));
    assert!(is_waiting(third.as_mut()).await);
    silent.place.condemned().await;
    drop(silent);
    let third = third.await.unwrap();
    third.place.enter(Stage::Working);
    let mut fourth = Box::pin(admit(&admission, LOOPBACK));
    assert!(is_waiting(fourth.as_mut()).await);
    assert_eq!((working.place.seen().stage, third.place.seen().stage), (Stage::Working, Stage::Working));
    drop(working);
    assert!(fourth.await.is_some());
    assert_eq!(admission.count(), 1);
}

#[tokio::test]
async fn an_address_has_so_many_and_loopback_and_proxies_are_not_counted() {
    let limits =
        Limits { per_address: 1, proxies: vec!["198.51.100.1".parse().unwrap()], ..Limits::default() };
    let admission = Arc::new(Admission::new(limits));
    let first = admit(&admission, STRANGER).await.unwrap();
    first.place.enter(Stage::Working);
    assert!(admit(&admission, STRANGER).await.is_none());
    assert!(admit(&admission, "::ffff:192.0.2.7").await.is_none(), "the same address");
    let mut others = Vec::new();
    for address in ["192.0.2.8", LOOPBACK, LOOPBACK, "::1", "::1", "198.51.100.1", "::ffff:198.51.100.1"] {
        others.push(admit(&admission, address).await.unwrap());
    }
    drop(first);
    assert!(admit(&admission, STRANGER).await.is_some());
    let one = admit(&admission, "2001:db8::1").await.unwrap();
    one.place.enter(Stage::Working);
    assert!(admit(&admission, "2001:db8::ffff:1").await.is_none(), "the same /64");
    assert!(admit(&admission, "2001:db8:0:1::1").await.is_some());
}
