//! What is told of how fresh a repository is, when a push is told of more than once.

use muster_store::{Freshness, RepositoryId};

use super::site::{Site, on_both};

const ALPHA: i64 = 101;

/// How fresh the repository is, its waits, and how many changes followers were told of.
async fn told(site: &Site) -> (Freshness, Vec<i64>, usize) {
    let repository = RepositoryId(1);
    let fresh = site.tenant.fetch_source(repository).await.unwrap().unwrap().freshness;
    let waits = site.tenant.recent_waits(10).await.unwrap().remove(&repository).unwrap_or_default();
    (fresh, waits, site.tenant.list_changes(0, 100).await.unwrap().changes.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_a_push_that_shows_measures_nothing() {
    on_both(async |site| {
        site.forge.create(ALPHA, "acme/alpha");
        site.connect(ALPHA).await;
        for subject in ["Begin", "Go on"] {
            site.forge.made(ALPHA).record(subject);
            site.forge.push(ALPHA);
            site.deliver().await;
        }
        let before = told(site).await;
        assert_eq!((before.0.waiting_since, before.1.len()), (None, 2), "{before:?}");
        for which in [&["1"][..], &["--status", "done"]] {
            let arguments = [&["deliveries", "replay", "--tenant", "acme"], which].concat();
            let output = site.command(&arguments).output().unwrap();
            assert!(output.status.success() && output.stdout.starts_with(b"1\n"), "{output:?}");
            site.quiet().await;
        }
        let looks = site.jobs().await.into_iter().filter(|job| job.kind == muster_store::LOOK).count();
        assert!(looks > 2, "the replay looked again");
        let after = told(site).await;
        let synced_at = after.0.synced_at;
        assert!(synced_at > before.0.synced_at);
        assert_eq!(after, (Freshness { synced_at, ..before.0 }, before.1, before.2));
    })
    .await;
}
