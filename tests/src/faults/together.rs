//! Two services on one database: of a hundred copies one has an effect, and no repository is fetched by both at once.

use std::collections::BTreeMap;

use tokio::task::JoinSet;

use super::home::{Engine, Home};
use super::killing::assert_undisturbed;
use super::process::{Process, Start};
use super::remotes::{Remotes, Said};
use crate::wire::server::Answer;

/// Sends each so many times, in turns to both and all at once; how many got which answer.
async fn send(home: &Home, said: &[Said], copies: usize, services: &[Process; 2]) -> BTreeMap<u16, usize> {
    let mut sending = JoinSet::new();
    for (place, said) in said.iter().enumerate() {
        for copy in 0..copies {
            let (delivery, to) = (home.delivery(said), services[(place + copy) % 2].address());
            sending.spawn(async move { delivery.send(to).await.status });
        }
    }
    let mut counts = BTreeMap::new();
    for status in sending.join_all().await {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_services_one_does_it() {
    let remotes = Remotes::new(2);
    let home = Home::new(Engine::Postgres, &remotes).await;
    // Each has mirrors of its own: the lock of a mirror must not be what keeps them apart.
    let caches = ["one", "two"].map(|name| home.folder().join(name));
    let services = [0, 1].map(|n| {
        Start { lease: 60, cache: Some(&caches[n]), ..Start::new(&home, &remotes) }.serve(&["--slots", "4"])
    });
    remotes.wire.server.set(Answer::Late);
    let mut all = Vec::new();
    for said in [Remotes::issue(0, 1), remotes.push(0, 2)] {
        let counts = send(&home, std::slice::from_ref(&said), 100, &services).await;
        assert_eq!(counts, [(200, 99), (202, 1)].into());
        all.push(said);
    }
    for round in 1..=8 {
        let said: Vec<Said> =
            (0..2).map(|repository| remotes.push(repository, 2 * round + repository + 1)).collect();
        assert_eq!(send(&home, &said, 1, &services).await, [(202, 2)].into());
        all.extend(said);
    }
    home.settled().await;
    let jobs = home.queue.list_jobs(&Default::default()).await.unwrap().items;
    assert!(jobs.iter().all(|job| job.losses == 0 && job.errors.is_empty()), "{jobs:?}");
    assert_eq!(remotes.wire.server.most_at_once(), (1, 2), "one fetch at a time of each of two repositories");
    println!(
        "100 copies over two services: one recorded, one effect; 17 pushes: never two fetches of one repository"
    );
    assert_undisturbed(Engine::Postgres, &home, &remotes, &all).await;
    for service in services {
        service.stop().await;
    }
    home.remove().await;
}
