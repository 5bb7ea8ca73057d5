//! Every change once and in order, however often a client leaves and comes back.

use std::time::Duration;

use muster_ingest::events::EventSettings;
use muster_store::{Retention, Timestamp};

use super::scene::{NOW, change, on_each_engine, settings};

const WRITERS: usize = 100;

/// A row of numbers that looks like chance and is the same each time.
fn chances() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_changes_at_once_are_told_once_each_to_a_client_that_comes_and_goes() {
    on_each_engine(settings(), async |scene| {
        let mut client = scene.client(None).await;
        assert_eq!(client.beginning().await, 0);
        let steady = tokio::spawn(async move {
            let mut seen = Vec::new();
            while seen.len() < WRITERS {
                seen.push(client.event().await.id.unwrap());
            }
            seen
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|n| {
                let tenant = scene.tenant.clone();
                tokio::spawn(async move { change(&tenant, &n.to_string()).await })
            })
            .collect();
        let mut chance = chances();
        let (mut seen, mut last) = (Vec::new(), 0);
        while seen.len() < WRITERS {
            let mut client = scene.client(Some(last)).await;
            assert_eq!(client.beginning().await, last);
            // Some leave at once, some in the middle of a page.
            for _ in 0..chance(9).min((WRITERS - seen.len()) as u64) {
                let event = client.event().await;
                assert_eq!(event.name, "change");
                last = event.id.unwrap();
                seen.push(last);
            }
        }
        let every: Vec<i64> = (1..=WRITERS as i64).collect();
        assert_eq!(seen, every);
        assert_eq!(steady.await.unwrap(), every);
        for writer in writers {
            writer.await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_tells_what_became_visible_of_the_own_tenant() {
    on_each_engine(settings(), async |scene| {
        let mut client = scene.client(None).await;
        client.beginning().await;
        assert!(client.head.contains("content-type: text/event-stream\r\n"), "{}", client.head);
        change(&scene.other, "theirs").await;
        change(&scene.tenant, "ours").await;
        let event = client.event().await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(event.data, @r#"{"seq":1,"kind":"repository","repository_id":"1","pushed_at":null,"received_at":null,"visible_at":"2023-11-14T22:13:20.000Z"}"#);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_away_for_too_long_is_told_to_look_anew() {
    on_each_engine(settings(), async |scene| {
        for name in ["a", "b", "c"] {
            change(&scene.tenant, name).await;
        }
        let none = Retention { changes: Duration::ZERO, ..Retention::default() };
        assert_eq!(scene.tenant.prune_changes(Timestamp(NOW.0 + 1), &none, 2).await.unwrap(), 2);
        for (last, told) in [(0, "reset"), (1, "reset"), (2, "change"), (4, "reset"), (-5, "reset")] {
            let mut client = scene.client(Some(last)).await;
            client.beginning().await;
            let event = client.event().await;
            assert_eq!((event.name.as_str(), event.id), (told, Some(3)), "{last}");
            let next = scene.tenant.change_seq().await.unwrap() + 1;
            if last == -5 {
                change(&scene.tenant, "d").await;
                assert_eq!(client.event().await.id, Some(next), "and goes on behind it");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_is_found_by_looking() {
    let settings = EventSettings { poll: Duration::from_millis(20), ..settings() };
    on_each_engine(settings, async |scene| {
        let mut client = scene.client(None).await;
        client.beginning().await;
        // A store of its own tells only its own process; on PostgreSQL the server tells all.
        let address = scene.store.clone();
        change(&address.tenant(scene.tenant.id()), "a").await;
        assert_eq!(client.event().await.id, Some(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_stream_shows_that_it_lives_and_ends_with_the_service() {
    let settings = EventSettings { heartbeat: Duration::from_millis(10), ..settings() };
    on_each_engine(settings, async |scene| {
        let mut client = scene.client(None).await;
        client.beginning().await;
        for _ in 0..3 {
            assert_eq!(client.next().await, Some(super::client::Event::default()));
        }
        scene.stop.cancel();
        while client.next().await.is_some() {}
    })
    .await;
}
