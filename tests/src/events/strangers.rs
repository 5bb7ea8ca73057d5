//! Who gets no stream, and who loses it.

use std::time::Duration;

use muster_ingest::events::EventSettings;
use muster_ingest::work::machine_clock;
use muster_store::{TokenFilter, TokenId};

use super::client::Client;
use super::scene::{Scene, on_each_engine, settings, token};
use crate::receive::scene::actor;

async fn ask(scene: &Scene, query: &str, authorization: &str) -> (String, String) {
    let path = format!("/api/v2/events{query}");
    let client = Client::ask(scene.address, &path, authorization).await;
    let status = client.status().to_owned();
    let body = if status == "200" { String::new() } else { client.body().await };
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_that_holds_there_is_nothing() {
    on_each_engine(settings(), async |scene| {
        let revoked = token(&scene.tenant).await;
        let tokens = scene.tenant.list_tokens(&TokenFilter::default()).await.unwrap().items;
        let last: TokenId = tokens.iter().map(|token| token.id).max().unwrap();
        scene.tenant.revoke_token(last, machine_clock(), &actor()).await.unwrap();
        let mut answers = Vec::new();
        for header in [
            String::new(),
            "Authorization: Bearer muster_x\r\n".to_owned(),
            format!("Authorization: Basic {}\r\n", scene.token),
            format!("Authorization: Bearer {revoked}\r\n"),
        ] {
            answers.push(ask(scene, "", &header).await);
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "the same answer for all: {answers:?}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{} {}", answers[0].0, answers[0].1), @r#"401 {"type":"about:blank","title":"Unauthorized","status":401,"code":"unauthorized","detail":"show an API token that is valid: Authorization: Bearer muster_..."}"#);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_may_be_repeated_and_never_chosen() {
    on_each_engine(settings(), async |scene| {
        let own = format!("Authorization: Bearer {}\r\n", scene.token);
        let (mine, theirs) = (scene.tenant.id().to_string(), scene.other.id().to_string());
        for query in
            [String::new(), format!("?tenant_id={mine}"), format!("?x=1&tenant_id={}", mine.to_uppercase())]
        {
            assert_eq!(ask(scene, &query, &own).await.0, "200", "{query}");
        }
        let refused = ask(scene, &format!("?tenant_id={theirs}"), &own).await;
        assert_eq!(refused.0, "403");
        assert!(refused.1.contains(r#""code":"other_tenant""#), "{}", refused.1);
        // One that does not exist, one that is no id, none, two: the same.
        let nobody = "00000000-0000-7000-8000-000000000000";
        for query in [nobody, "x", "", &format!("{mine}&tenant_id={theirs}")] {
            assert_eq!(ask(scene, &format!("?tenant_id={query}"), &own).await, refused, "{query}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_has_so_many_streams_at_once() {
    on_each_engine(
        EventSettings { per_tenant: 2, heartbeat: Duration::from_millis(10), ..settings() },
        async |scene| {
            let mut held = Vec::new();
            for _ in 0..2 {
                let mut client = scene.client(None).await;
                client.beginning().await;
                held.push(client);
            }
            let refused = scene.client(None).await;
            assert_eq!(refused.status(), "429");
            assert!(refused.head.to_ascii_lowercase().contains("retry-after: 10"), "{}", refused.head);
            assert!(refused.body().await.contains("too_many_streams"));
            let theirs = format!("Authorization: Bearer {}\r\n", token(&scene.other).await);
            assert_eq!(ask(scene, "", &theirs).await.0, "200");
            drop(held);
            while scene.client(None).await.status() != "200" {}
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_ends_its_streams() {
    let short = Duration::from_millis(5);
    on_each_engine(EventSettings { recheck: short, heartbeat: short, ..settings() }, async |scene| {
        let mut client = scene.client(None).await;
        client.beginning().await;
        scene.tenant.revoke_token(TokenId(1), machine_clock(), &actor()).await.unwrap();
        while client.next().await.is_some() {}
    })
    .await;
}
