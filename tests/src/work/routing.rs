//! What becomes of deliveries: their status, their tenant, and the jobs that follow.

use std::fmt::Write as _;

use muster_ingest::work::{Handler, handlers, machine_clock};
use muster_store::{
    Connection, DeliveryId, HookKey, NewDelivery, Provider, ROUTE, Recorded, RepositoryId, SystemRandom,
    TenantId,
};

use super::examples::actor;
use super::scene::{Scene, on_both, settings};

/// The installation and the repository that the cases speak of.
const INSTALLATION: i64 = 40_000_001;
const REPOSITORY: i64 = 5_000_000_123;

/// What routes and nothing else: the jobs that follow are looked at, not done.
fn routing() -> Vec<Handler> {
    handlers().into_iter().filter(|handler| handler.kind == ROUTE).collect()
}

fn case(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Records a delivery as the endpoint does.
async fn deliver(scene: &Scene, hook: &str, tenant: Option<TenantId>, name: &str) -> DeliveryId {
    let body = case(name);
    let now = machine_clock();
    let new = NewDelivery {
        hook,
        guid: name,
        tenant,
        event: name.split_once('/').unwrap().0,
        headers: r#"{"content-type":"application/json"}"#,
        fair_hint: None,
        received_at: now,
        body_hash: [0; 32],
        body: &body,
        packed_from: None,
    };
    match scene.queue.record(&[new]).await.unwrap()[..] {
        [Recorded::New(id)] => id,
        ref other => panic!("{other:?}"),
    }
}

/// A repository of a tenant.
async fn connect(scene: &Scene, tenant: TenantId, id: i64) -> RepositoryId {
    let connection = Connection {
        provider: Some((Provider::GitHub, id)),
        clone_url: Some("https://github.com/example-org/tide-table"),
        ..Connection::default()
    };
    let tenant = scene.store.tenant(tenant);
    tenant.connect_repository(&connection, machine_clock(), &actor()).await.unwrap().id
}

/// Waits until all are routed, and tells what became of them and of which jobs follow.
async fn told(scene: &Scene, tenants: &[(&str, TenantId)]) -> String {
    let name = |id: Option<TenantId>| {
        tenants.iter().find(|(_, of)| Some(*of) == id).map_or("nobody", |(name, _)| name)
    };
    let jobs =
        scene.until(|jobs| jobs.iter().all(|job| job.kind != "route" || job.finished_at.is_some())).await;
    let mut text = String::new();
    let mut deliveries = scene.queue.list_deliveries(&Default::default()).await.unwrap().items;
    deliveries.reverse();
    for delivery in deliveries {
        let why: String = [delivery.reason, delivery.waits_for]
            .into_iter()
            .flatten()
            .map(|why| format!("; {why}"))
            .collect();
        let (case, of, status) = (&delivery.guid, name(delivery.tenant), delivery.status.as_str());
        writeln!(text, "{case} of {of}: {status}{why}").unwrap();
    }
    let jobs = jobs.into_iter().filter(|job| job.kind != "route").map(|job| {
        let serial = job.serial_key.unwrap_or_default();
        let (of, long) = (name(job.tenant), if job.long { ", long" } else { "" });
        let (payload, key, installation) = (job.payload, job.key, job.installation);
        format!("{} {payload} of {of}: {serial}, {key:?}{long}, {installation:?}", job.kind)
    });
    // Several are routed at once, in any order.
    let mut jobs: Vec<String> = jobs.collect();
    jobs.sort();
    text + &jobs.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_speaks_for_who_claimed_its_installation() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        scene
            .store
            .tenant(acme)
            .claim_installation(Provider::GitHub, INSTALLATION, "example-org", machine_clock(), &actor())
            .await
            .unwrap();
        connect(scene, acme, REPOSITORY).await;
        for name in [
            "push/branch-by-app.json",
            "issues/opened-by-app.json",
            "pull_request/opened-by-app.json",
            "repository/renamed.json",
            "repository/created.json",
            "installation/created.json",
            "installation_repositories/added.json",
            "ping/app.json",
            "star/created.json",
            "push/not-json.body",
        ] {
            deliver(scene, "app", None, name).await;
        }
        let worker = scene.start(routing(), settings()).await;
        let text = told(scene, &[("acme", acme)]).await;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r#"
        push/branch-by-app.json of acme: done
        issues/opened-by-app.json of acme: done
        pull_request/opened-by-app.json of acme: done
        repository/renamed.json of acme: done
        repository/created.json of acme: done
        installation/created.json of acme: done
        installation_repositories/added.json of acme: done
        ping/app.json of nobody: ignored; a ping: the hook works
        star/created.json of acme: ignored; nothing is done for the event star
        push/not-json.body of nobody: dead; failed to read the payload: it is not JSON at line 1, column 1
        apply {"delivery":2} of acme: objects:5000000123, None, Some(40000001)
        apply {"delivery":3} of acme: objects:5000000123, None, Some(40000001)
        apply {"delivery":4} of acme: objects:5000000123, None, Some(40000001)
        apply {"delivery":5} of acme: installation:40000001, None, Some(40000001)
        apply {"delivery":6} of acme: installation:40000001, None, Some(40000001)
        apply {"delivery":7} of acme: installation:40000001, None, Some(40000001)
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, Some(40000001)
        "#); }
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hook_speaks_for_its_repository_alone() {
    on_both(async |scene| {
        let (acme, other) = (scene.tenant("acme").await, scene.tenant("other").await);
        let repository = connect(scene, acme, REPOSITORY).await;
        let theirs = connect(scene, other, 7).await;
        let (own, foreign) =
            (HookKey::generate(&SystemRandom).unwrap(), HookKey::generate(&SystemRandom).unwrap());
        scene.store.tenant(acme).add_hook(repository, &own, machine_clock(), &actor()).await.unwrap();
        scene
            .store
            .tenant(other)
            .add_hook(theirs, &foreign, machine_clock(), &actor())
            .await
            .unwrap();
        for name in ["push/branch.json", "issues/opened.json", "installation/created.json"] {
            deliver(scene, own.as_str(), Some(acme), name).await;
            deliver(scene, foreign.as_str(), Some(other), name).await;
        }
        deliver(scene, "hook-that-was-removed", Some(other), "push/tag.json").await;
        let worker = scene.start(routing(), settings()).await;
        let text = told(scene, &[("acme", acme), ("other", other)]).await;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r#"
        push/branch.json of acme: done
        push/branch.json of other: ignored; this is the hook of another repository: it may not speak of repository 5000000123
        issues/opened.json of acme: done
        issues/opened.json of other: ignored; this is the hook of another repository: it may not speak of repository 5000000123
        installation/created.json of acme: ignored; this is the hook of one repository: it may not speak of installations
        installation/created.json of other: ignored; this is the hook of one repository: it may not speak of installations
        push/tag.json of other: ignored; the hook that it came in by was removed
        apply {"delivery":3} of acme: objects:5000000123, None, None
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, None
        "#); }
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_planned_again_when_it_is_claimed() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        deliver(scene, "app", None, "push/branch-by-app.json").await;
        let worker = scene.start(routing(), settings()).await;
        let before = told(scene, &[("acme", acme)]).await;
        scene
            .store
            .tenant(acme)
            .claim_installation(Provider::GitHub, INSTALLATION, "example-org", machine_clock(), &actor())
            .await
            .unwrap();
        scene.queue.plan_again(&format!("installation:{INSTALLATION}"), machine_clock()).await.unwrap();
        let claimed = told(scene, &[("acme", acme)]).await;
        connect(scene, acme, REPOSITORY).await;
        scene.queue.plan_again("repository:5000000123", machine_clock()).await.unwrap();
        let connected = told(scene, &[("acme", acme)]).await;
        insta::allow_duplicates! { insta::assert_snapshot!([before, claimed, connected].join("\n"), @r#"
        push/branch-by-app.json of nobody: parked; no tenant has claimed installation 40000001 yet; installation:40000001

        push/branch-by-app.json of acme: parked; repository 5000000123 is not connected yet; repository:5000000123

        push/branch-by-app.json of acme: done
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, Some(40000001)
        "#); }
        worker.stop().await;
    })
    .await;
}

/// Connects by address alone, as `muster repo connect` does; gives how many deliveries were planned again, and the hook's key.
async fn connect_by_address(scene: &Scene, tenant: TenantId, address: &str) -> (u64, String) {
    let connection = Connection { clone_url: Some(address), ..Connection::default() };
    let (tenant, now) = (scene.store.tenant(tenant), machine_clock());
    let repository = tenant.connect_repository(&connection, now, &actor()).await.unwrap();
    let key = HookKey::generate(&SystemRandom).unwrap();
    tenant.add_hook(repository.id, &key, now, &actor()).await.unwrap();
    let (options, actor) = (muster_ingest::connecting::Options::default(), actor());
    let connected = muster_ingest::connecting::connect(
        &tenant,
        &scene.queue,
        &connection,
        options,
        &SystemRandom,
        machine_clock(),
        &actor,
    );
    (connected.await.unwrap().planned_again, key.as_str().to_owned())
}

/// A push of the App's, whose repository nobody has connected.
async fn parked(scene: &Scene, acme: TenantId) -> String {
    let tenant = scene.store.tenant(acme);
    let (now, actor) = (machine_clock(), actor());
    let claim = tenant.claim_installation(Provider::GitHub, INSTALLATION, "o", now, &actor);
    assert!(claim.await.unwrap());
    deliver(scene, "app", None, "push/branch-by-app.json").await;
    told(scene, &[("acme", acme)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_planned_again_when_its_repository_is_connected_by_its_address() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        let worker = scene.start(routing(), settings()).await;
        let before = parked(scene, acme).await;
        // The look that connecting asks for and the delivery are claimed at once, so the delivery's own look is another.
        worker.stop().await;
        let address = "https://github.com/Example-Org/tide-table.git";
        let (planned_again, _) = connect_by_address(scene, acme, address).await;
        let worker = scene.start(routing(), settings()).await;
        let after = told(scene, &[("acme", acme)]).await;
        let text = format!("{before}\nconnected: {planned_again} planned again\n{after}\n");
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r#"
        push/branch-by-app.json of acme: parked; repository 5000000123 is not connected yet; repository:5000000123

        connected: 1 planned again
        push/branch-by-app.json of acme: done
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, None
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, Some(40000001)
        "#); }
        worker.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_planned_again_when_the_hook_says_which_repository_it_is() {
    on_both(async |scene| {
        let acme = scene.tenant("acme").await;
        let worker = scene.start(routing(), settings()).await;
        // A mirror elsewhere: no name that the App says makes its address.
        let before = parked(scene, acme).await;
        let (planned_again, key) =
            connect_by_address(scene, acme, "https://git.example.org/x/y/tides").await;
        let after = told(scene, &[("acme", acme)]).await;
        let mut text = format!("{before}\nconnected: {planned_again} planned again\n{after}\n");
        deliver(scene, &key, Some(acme), "issues/opened.json").await;
        scene.until(|jobs| jobs.iter().filter(|job| job.kind == "route").count() == 4).await;
        text += &told(scene, &[("acme", acme)]).await;
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r#"
        push/branch-by-app.json of acme: parked; repository 5000000123 is not connected yet; repository:5000000123

        connected: 1 planned again
        push/branch-by-app.json of acme: parked; repository 5000000123 is not connected yet; repository:5000000123
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, None
        push/branch-by-app.json of acme: done
        issues/opened.json of acme: done
        apply {"delivery":2} of acme: objects:5000000123, None, None
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, None
        look {"repository":1} of acme: git:1, Coalescing("look:1"), long, Some(40000001)
        "#); }
        worker.stop().await;
    })
    .await;
}
