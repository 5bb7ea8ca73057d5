//! The jobs `look` and `pull`, as the worker runs them: a real fetch in a child, from a server that behaves or does not.

use std::fs;
use std::time::Duration;

use muster_engine::{MirrorCache, Remotes};
use muster_ingest::work::{Handler, LookSettings, WorkerSettings, look_handlers, machine_clock};
use muster_model::{
    Digest, ProviderId, ProviderTask, ProviderTime, PullRequestFacts, Rank, TaskState, Version,
};
use muster_store::{
    Actor, CommitFilter, Connection, JobRecord, JobState, NewJob, Priority, Provider, RepositoryId, Tenant,
};

use crate::program::built;
use crate::wire::scene::Scene as Wire;
use crate::wire::server::{Answer, Noticed};
use crate::work::scene::{Scene, on_both, settings};

/// A connected repository at a remote.
struct Connected {
    wire: Wire,
    tenant: Tenant,
    repository: RepositoryId,
}

async fn connected(scene: &Scene) -> Connected {
    let wire = Wire::new();
    let tenant = scene.store.tenant(scene.tenant("acme").await);
    let url = wire.url();
    let connection = Connection {
        provider: Some((Provider::GitHub, 7)),
        full_name: Some("owner/name"),
        clone_url: Some(&url),
        ..Connection::default()
    };
    let actor = Actor::command_line(None);
    let repository = tenant.connect_repository(&connection, machine_clock(), &actor).await.unwrap().id;
    Connected { wire, tenant, repository }
}

impl Connected {
    fn handlers(&self) -> Vec<Handler> {
        let remotes = Remotes {
            cache: MirrorCache::new(self.wire.cache()),
            program: built("muster-fetch"),
            options: self.wire.options.clone(),
        };
        look_handlers(LookSettings { threads: 2, ..LookSettings::new(remotes) })
    }

    fn look(&self) -> NewJob {
        let job = NewJob::look(self.repository, Priority::Webhook, false, machine_clock());
        NewJob { tenant: Some(self.tenant.id()), ..job }
    }

    fn pull(&self, number: i64) -> NewJob {
        let job = NewJob::pull(self.repository, number, machine_clock());
        NewJob { tenant: Some(self.tenant.id()), ..job }
    }

    async fn listed(&self) -> Vec<String> {
        let commits = self.tenant.list_commits(&CommitFilter::default()).await.unwrap().items;
        let subject = |message: &str| message.lines().next().unwrap_or_default().to_owned();
        let mut subjects: Vec<String> = commits.iter().map(|row| subject(&row.commit.message)).collect();
        subjects.sort();
        subjects
    }

    /// Runs jobs to their end, one behind the other.
    async fn run(&self, scene: &Scene, jobs: &[NewJob], settings: WorkerSettings) -> Vec<JobRecord> {
        let before = scene.jobs().await.len();
        let worker = scene.start(self.handlers(), settings).await;
        for (n, job) in jobs.iter().enumerate() {
            scene.enqueue(std::slice::from_ref(job)).await;
            scene
                .until(|jobs| {
                    let ended = |job: &JobRecord| matches!(job.state, JobState::Done | JobState::Dead);
                    jobs.len() == before + n + 1 && jobs.iter().all(ended)
                })
                .await;
        }
        worker.stop().await;
        scene.jobs().await.split_off(before)
    }
}

fn states(jobs: &[JobRecord]) -> Vec<JobState> {
    jobs.iter().map(|job| job.state).collect()
}

#[tokio::test]
async fn pushes_show_and_say_how_fresh_they_are() {
    on_both(async |scene| {
        let connected = connected(scene).await;
        let ran = connected.run(scene, &[connected.look()], settings()).await;
        assert_eq!(states(&ran), [JobState::Done], "{:?}", ran[0].errors);
        assert_eq!(connected.listed().await, ["one"]);
        connected.wire.commit("two");
        connected.wire.push("trunk");
        connected.wire.push("trunk:refs/heads/other");
        let heard = machine_clock();
        connected.tenant.note_push(connected.repository, Some(heard), heard).await.unwrap();
        let ran = connected.run(scene, &[connected.look()], settings()).await;
        assert_eq!(states(&ran), [JobState::Done], "{:?}", ran[0].errors);
        assert_eq!(connected.listed().await, ["one", "two"]);
        let source = connected.tenant.fetch_source(connected.repository).await.unwrap().unwrap();
        let fresh = source.freshness;
        assert_eq!((fresh.received_at, fresh.waiting_since), (Some(heard), None));
        assert!(fresh.synced_at >= Some(heard) && fresh.synced_at <= fresh.visible_at);
    })
    .await;
}

/// A report of a pull request.
fn report(number: u64, head: &str, base: &str) -> ProviderTask {
    ProviderTask {
        repository: ProviderId::new(7).unwrap(),
        number,
        id: None,
        version: Version { time: ProviderTime::from_millis(1), rank: Rank::Open, digest: Digest([0; 16]) },
        state: TaskState::InProgress,
        gone: None,
        title: "A change".to_owned(),
        body: String::new(),
        author: None,
        assignees: vec![],
        labels: vec![],
        opened_at: ProviderTime::UNKNOWN,
        closed_at: ProviderTime::UNKNOWN,
        url: None,
        pull_request: Some(PullRequestFacts {
            head_ref: "change".to_owned(),
            head_sha: Some(head.parse().unwrap()),
            head_repository: None,
            from_fork: true,
            base_ref: "trunk".to_owned(),
            base_sha: Some(base.parse().unwrap()),
            merge_commit: None,
            merged: false,
            draft: false,
        }),
    }
}

#[tokio::test]
async fn a_pull_request_brings_its_commits_and_keeps_them() {
    on_both(async |scene| {
        let connected = connected(scene).await;
        let (wire, tenant) = (&connected.wire, &connected.tenant);
        let base = wire.git(&wire.work(), &["rev-parse", "HEAD"]);
        connected.run(scene, &[connected.look()], settings()).await;
        wire.git(&wire.work(), &["checkout", "--quiet", "-b", "change"]);
        wire.commit("change one");
        wire.commit("change two");
        let head = wire.git(&wire.work(), &["rev-parse", "HEAD"]);
        wire.push("change:refs/pull/3/head");
        wire.git(&wire.work(), &["checkout", "--quiet", "trunk"]);
        wire.commit("meanwhile");
        wire.push("trunk");
        let task = report(3, &head, &base);
        let link = muster_engine::resolve_links;
        let taken = tenant.put_provider_task(Provider::GitHub, &task, &[], link, None, machine_clock()).await;
        _ = taken.unwrap();
        // Its fetch was enqueued with the report; asked for once more, it does no harm.
        let ran = connected.run(scene, &[], settings()).await;
        assert!(ran.is_empty());
        let again = [connected.pull(3), connected.pull(4), connected.look()];
        let worker = scene.start(connected.handlers(), settings()).await;
        scene.enqueue(&again).await;
        let ran = scene.until(|jobs| jobs.iter().all(|job| job.state == JobState::Done)).await;
        worker.stop().await;
        assert!(ran.iter().all(|job| job.errors.is_empty()), "{ran:?}");
        let commits = tenant.pull_request_commits(connected.repository, 3).await.unwrap();
        assert_eq!(commits.len(), 2);
        assert_eq!(connected.listed().await, ["change one", "change two", "meanwhile", "one"]);
        // A mirror that is made anew knows nothing of it; the commits stay, for the ref does.
        fs::remove_dir_all(wire.cache()).unwrap();
        wire.commit("later");
        wire.push("trunk");
        connected.run(scene, &[connected.look()], settings()).await;
        assert_eq!(connected.listed().await, ["change one", "change two", "later", "meanwhile", "one"]);
        // Rewritten: what it asks for now is something else, and its old commits are gone.
        wire.git(&wire.work(), &["checkout", "--quiet", "change"]);
        wire.git(&wire.work(), &["reset", "--quiet", "--hard", "HEAD~1"]);
        wire.push("+change:refs/pull/3/head");
        let ran = connected.run(scene, &[connected.pull(3)], settings()).await;
        assert_eq!(states(&ran), [JobState::Done], "{:?}", ran[0].errors);
        assert_eq!(tenant.pull_request_commits(connected.repository, 3).await.unwrap().len(), 1);
        assert_eq!(connected.listed().await, ["change one", "later", "meanwhile", "one"]);
    })
    .await;
}

#[tokio::test]
async fn a_pull_request_that_comes_before_the_first_look_needs_no_second_try() {
    on_both(async |scene| {
        let connected = connected(scene).await;
        let (wire, tenant) = (&connected.wire, &connected.tenant);
        let base = wire.git(&wire.work(), &["rev-parse", "HEAD"]);
        wire.git(&wire.work(), &["checkout", "--quiet", "-b", "change"]);
        wire.commit("change");
        let head = wire.git(&wire.work(), &["rev-parse", "HEAD"]);
        wire.push("change:refs/pull/3/head");
        let (task, link) = (report(3, &head, &base), muster_engine::resolve_links);
        let taken = tenant.put_provider_task(Provider::GitHub, &task, &[], link, None, machine_clock()).await;
        _ = taken.unwrap();
        let worker = scene.start(connected.handlers(), settings()).await;
        let ran = scene.until(|jobs| jobs.iter().all(|job| job.finished_at.is_some())).await;
        worker.stop().await;
        assert_eq!(states(&ran), [JobState::Done], "{ran:?}");
        assert!(ran[0].errors.is_empty(), "{ran:?}");
        assert_eq!(tenant.pull_request_commits(connected.repository, 3).await.unwrap().len(), 1);
        assert_eq!(connected.listed().await, ["change", "one"]);
    })
    .await;
}

#[tokio::test]
async fn each_trouble_with_a_remote_is_said_and_tried_again_where_that_may_help() {
    let scene = Scene::sqlite().await;
    let mut connected = connected(&scene).await;
    let limits = connected.wire.options.limits;
    let mut told = Vec::new();
    // One slot: each that was not given back would be the last.
    let mut settings = settings();
    settings.slots = std::num::NonZeroUsize::MIN;
    for (answer, silence, received_bytes) in [
        (Answer::Status("404 Not Found"), 60_000, u64::MAX),
        (Answer::Status("500 Oh"), 60_000, u64::MAX),
        (Answer::GitFor("bm9ib2R5OnM="), 60_000, u64::MAX),
        (Answer::Page("text/html", b"<html>".to_vec()), 60_000, u64::MAX),
        (Answer::Silence, 1_000, u64::MAX),
        (Answer::SilentPack, 1_000, u64::MAX),
        (Answer::Dribble, 60_000, u64::MAX),
        (Answer::Endless, 60_000, 1 << 20),
        (Answer::Redirect("https://elsewhere.example".into()), 60_000, u64::MAX),
    ] {
        connected.wire.server.set(answer.clone());
        connected.wire.options.limits.silence = Duration::from_millis(silence);
        let is_slow = matches!(answer, Answer::Dribble);
        connected.wire.options.limits.window = Duration::from_millis(if is_slow { 300 } else { 60_000 });
        connected.wire.options.limits.rate = if is_slow { 1 << 20 } else { 1 };
        connected.wire.options.limits.received_bytes = received_bytes.min(limits.received_bytes);
        let ran = connected.run(&scene, &[connected.look()], settings.clone()).await;
        let job = &ran[0];
        let last = job.errors.last().unwrap();
        assert!(last.message.starts_with("failed to fetch https://localhost:"), "{}", last.message);
        told.push(format!("{}: {:?} after {}", last.cause, job.state, job.attempts));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    remote gone: Dead after 3
    remote unreachable: Dead after 3
    remote refuses: Dead after 3
    remote garbage: Dead after 3
    remote slow: Dead after 3
    remote slow: Dead after 3
    remote slow: Dead after 3
    remote too large: Dead after 1
    remote gone: Dead after 3
    ");
    connected.wire.server.set(Answer::Git);
    connected.wire.options.limits = limits;
    let ran = connected.run(&scene, &[connected.look()], settings).await;
    assert_eq!(states(&ran), [JobState::Done], "the slot is there: {:?}", ran[0].errors);
}

#[tokio::test]
async fn a_corrupt_mirror_is_made_anew() {
    on_both(async |scene| {
        let connected = connected(scene).await;
        let wire = &connected.wire;
        connected.run(scene, &[connected.look()], settings()).await;
        damage(&wire.cache());
        wire.commit("two");
        wire.push("trunk");
        let ran = connected.run(scene, &[connected.look()], settings()).await;
        assert_eq!(states(&ran), [JobState::Done], "{:?}", ran[0].errors);
        assert!(ran[0].errors.is_empty(), "{:?}", ran[0].errors);
        assert_eq!(connected.listed().await, ["one", "two"]);
    })
    .await;
}

/// Spoils every blob of a mirror's packs: a fetch does not notice, whoever reads them does.
fn damage(folder: &std::path::Path) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            damage(&path);
        } else if path.extension().is_some_and(|extension| extension == "pack") {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            #[expect(clippy::permissions_set_readonly_false, reason = "a file of a test")]
            permissions.set_readonly(false);
            fs::set_permissions(&path, permissions).unwrap();
            let mut bytes = fs::read(&path).unwrap();
            let end = bytes.len() - 20;
            bytes[12..end].fill(0);
            fs::write(&path, bytes).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_ends_a_fetch_and_gives_the_job_back() {
    let scene = Scene::sqlite().await;
    let connected = connected(&scene).await;
    connected.wire.server.set(Answer::SilentPack);
    let mut settings = settings();
    settings.grace = Duration::ZERO;
    let worker = scene.start(connected.handlers(), settings).await;
    scene.enqueue(&[connected.look()]).await;
    scene.until(|jobs| jobs[0].state == JobState::Running).await;
    assert_eq!(connected.wire.server.notices(), Noticed::Stalled);
    worker.stop().await;
    assert_eq!(connected.wire.server.notices(), Noticed::Gone);
    let jobs = scene.jobs().await;
    assert_eq!((jobs[0].state, jobs[0].attempts, jobs[0].errors.len()), (JobState::Ready, 0, 0));
    connected.wire.server.set(Answer::Git);
    let worker = scene.start(connected.handlers(), crate::work::scene::settings()).await;
    scene.until(|jobs| jobs[0].state == JobState::Done).await;
    worker.stop().await;
    assert_eq!(connected.listed().await, ["one"]);
}
