//! A secret that is changed while the service runs: the next delivery may be signed with it, and GitHub sends nothing again.

use std::time::Instant;

use muster_store::{HookKey, SystemRandom};
use tokio::task::JoinSet;

use super::delivery::Delivery;
use super::process::{Service, databases};
use super::scene::{HOOK_SECRET, NOW, actor, hook, keys, on_each_engine, open, repository};
use crate::events::client::Client;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_holds_at_once_and_the_one_before_beside_it() {
    on_each_engine(async |engine, scene| {
        let send = async |n, secret: &str| scene.send(&Delivery::to_hook(n, &scene.key, secret)).await.line();
        assert_eq!(send(1, HOOK_SECRET).await, "202 recorded", "{engine}: now it is remembered");
        scene.tenant.rotate_webhook_secret(scene.repository, b"new", &actor(), NOW).await.unwrap();
        assert_eq!(send(2, "new").await, "202 recorded", "{engine}");
        assert_eq!(send(3, HOOK_SECRET).await, "202 recorded", "{engine}");
        assert_eq!(send(4, "newer").await, "401 signature_refused", "{engine}");
        let long = vec![b' '; 1 << 20];
        let long = Delivery::to_hook(5, &scene.key, "new").unsigned_body(long).signed("new");
        assert_eq!(scene.send(&long).await.line(), "202 recorded", "{engine}");
        assert_eq!(scene.rows().await, (4, 4), "{engine}");
        scene.end().await;
    })
    .await;
}

/// Its address may have been tried before it led anywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_hook_is_known_at_once() {
    on_each_engine(async |engine, scene| {
        let key = HookKey::generate(&SystemRandom).unwrap();
        let delivery = Delivery::to_hook(1, key.as_str(), "its own");
        assert_eq!(scene.send(&delivery).await.line(), "401 signature_refused", "{engine}");
        let one = repository(&scene.tenant, "https://example.com/new").await;
        scene.tenant.add_hook(one, &key, NOW, &actor()).await.unwrap();
        scene.tenant.set_webhook_secret(one, b"its own", &actor(), NOW).await.unwrap();
        assert_eq!(scene.send(&delivery).await.line(), "202 recorded", "{engine}");
        scene.end().await;
    })
    .await;
}

/// How often the database was asked for a hook.
async fn look_ups(service: &Service) -> u64 {
    let metrics = Client::ask(service.address, "/metrics", "").await.body().await;
    let line = metrics.lines().find_map(|line| line.strip_prefix("muster_hook_look_ups_total "));
    line.unwrap_or("0").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_deliveries_do_not_make_the_database_work() {
    let folder = tempfile::tempdir().unwrap();
    let (addresses, server) = databases(&folder).await;
    for (address, url) in &addresses {
        let store = open(url, keys()).await;
        let new = muster_store::NewTenant { subdomain: "acme".to_owned(), ..Default::default() };
        let tenant = store.create_tenant(&new, NOW).await.unwrap();
        let one = repository(&tenant, "https://example.com/one").await;
        let key = hook(&tenant, one, Some(HOOK_SECRET)).await;
        store.close().await;
        let service = Service::start(address, &[]);
        for key in [key, "a".repeat(52)] {
            let (begun, before) = (Instant::now(), look_ups(&service).await);
            for _ in 0..10 {
                let mut sending = JoinSet::new();
                for n in 0..10 {
                    let (delivery, to) = (Delivery::to_hook(n, &key, "forged"), service.address);
                    sending.spawn(async move { delivery.send(to).await.status });
                }
                assert!(sending.join_all().await.iter().all(|status| *status == 401));
            }
            let (asked, seconds) = (look_ups(&service).await - before, begun.elapsed().as_secs());
            println!("100 forged deliveries in {:?}: {asked} look-ups", begun.elapsed());
            assert!((1..=3 + 2 * seconds).contains(&asked), "{asked} in {seconds} s");
        }
        assert_eq!(service.end().0.code(), Some(0));
    }
    server.remove().await;
}
