//! The same delivery more than once: one effect (11, 43, 44 and 54 of the list).

use tokio::task::JoinSet;

use super::delivery::{Answer, Delivery};
use super::scene::{HOOK_SECRET, Scene, keys, on_each_engine, open, patient, settings};
use crate::scratch::ScratchDatabase;

/// Sends each over a connection of its own, all at once; how many got which answer.
async fn at_once(deliveries: Vec<(std::net::SocketAddr, Delivery)>) -> Vec<(String, usize)> {
    let mut sending = JoinSet::new();
    for (to, delivery) in deliveries {
        sending.spawn(async move { delivery.send(to).await });
    }
    let mut lines: Vec<String> = sending.join_all().await.iter().map(Answer::line).collect();
    lines.sort();
    let mut counts: Vec<(String, usize)> = Vec::new();
    for line in lines {
        match counts.last_mut() {
            Some((last, count)) if *last == line => *count += 1,
            _ => counts.push((line, 1)),
        }
    }
    counts
}

fn counted(counts: &[(&str, usize)]) -> Vec<(String, usize)> {
    counts.iter().map(|(line, count)| ((*line).to_owned(), *count)).collect()
}

/// 43
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_copies_at_once_are_one_row() {
    on_each_engine(async |_, scene| {
        let copies = vec![(scene.address, Delivery::new(1)); 100];
        assert_eq!(at_once(copies).await, counted(&[("200 repeat", 99), ("202 recorded", 1)]));
        assert_eq!(scene.rows().await, (1, 1));
        // From the App and from the repository's hook: the same id, and two deliveries.
        let hook = Delivery::to_hook(1, &scene.key, HOOK_SECRET);
        assert_eq!(scene.send(&hook).await.line(), "202 recorded");
        let flagged = hook.add("X-GitHub-Redelivery", "true");
        assert_eq!(scene.send(&flagged).await.line(), "200 repeat");
        assert_eq!(scene.rows().await, (2, 2));
        scene.end().await;
    })
    .await;
}

/// 11
#[tokio::test(flavor = "multi_thread")]
async fn of_several_bodies_under_one_id_the_first_is_kept() {
    on_each_engine(async |_, scene| {
        let first = Delivery::new(1);
        assert_eq!(scene.send(&first).await.line(), "202 recorded");
        let others = (0..20).map(|n| (scene.address, Delivery::new(1).body(format!("{{\"n\":{n}}}"))));
        assert_eq!(at_once(others.collect()).await, counted(&[("200 conflict", 20)]));
        assert_eq!(scene.send(&first).await.line(), "200 repeat");
        assert_eq!(scene.rows().await, (1, 1));
        let id = scene.queue.list_deliveries(&Default::default()).await.unwrap().items[0].id;
        let (_, body) = scene.queue.show_delivery(id).await.unwrap().unwrap();
        assert_eq!(body.unwrap(), first.body);
        scene.end().await;
    })
    .await;
}

/// 54
#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_one_records_and_both_answer() {
    let database = ScratchDatabase::new().await;
    let one = Scene::open(&database.url(), patient(), settings()).await;
    let store = open(&database.url(), keys()).await;
    let other = Scene::over(store, one.tenant.clone(), patient(), settings()).await;
    for n in 0..5 {
        let copies = (0..40).map(|copy| ([one.address, other.address][copy % 2], Delivery::new(n)));
        assert_eq!(at_once(copies.collect()).await, counted(&[("200 repeat", 39), ("202 recorded", 1)]));
    }
    assert_eq!(one.rows().await, (5, 5));
    one.end().await;
    other.end().await;
    database.remove().await;
}

/// 44: whatever is signed is recorded, also when nothing is set up that could be done with it.
#[tokio::test]
async fn a_ping_comes_before_anything_else_is_there() {
    on_each_engine(async |_, scene| {
        let ping = Delivery::to_hook(1, &scene.key, HOOK_SECRET).set("X-GitHub-Event", "ping");
        assert_eq!(scene.send(&ping).await.line(), "202 recorded");
        let recorded = scene.queue.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
        assert_eq!((recorded.event.as_str(), recorded.tenant), ("ping", Some(scene.tenant.id())));
        insta::allow_duplicates! {
            insta::assert_snapshot!(recorded.headers, @r#"{"content-type":"application/json","x-github-delivery":"72d3162e-cc78-11e3-81ab-000000000001","x-github-event":"ping"}"#);
        }
        let app = Delivery::new(2);
        scene.send(&app).await;
        let recorded = scene.queue.list_deliveries(&Default::default()).await.unwrap().items.remove(0);
        assert_eq!((recorded.hook.as_str(), recorded.tenant, recorded.fair_hint), ("app", None, Some(42)));
        assert_eq!(recorded.body_hash[..], sha2::Digest::finalize(hashed(&app.body))[..]);
        scene.end().await;
    })
    .await;
}

fn hashed(body: &[u8]) -> sha2::Sha256 {
    let mut digest = <sha2::Sha256 as sha2::Digest>::new();
    sha2::Digest::update(&mut digest, body);
    digest
}
