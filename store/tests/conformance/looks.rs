//! Laws of looks: what refs reach, how fresh it is, and that a look is settled whole or not at all.

use muster_store::{
    Applied, CommitFilter, CommitId, CommitMarks, CommitRow, HistoryProgress, JobState, LookChange,
    PullChange, RefChange, Standing, Store, StoreError, Tenant, Timestamp,
};

use crate::examples::{LATER, NOW, commit, first_change, id, named, no_change, tenant};
use crate::laws::{Law, law};
use crate::queue::{claim_one, job, queue};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("append_commits", "what no ref reaches yet is in no list", unseen),
        law("stored_refs", "refs are given as they were settled, deleted ones too", refs_are_given),
        law(
            "commit_standings",
            "a commit stands as it was marked, and keeps the time of the first mark",
            stands,
        ),
        law("commit_graph", "a history is given by pages, each commit once, with its parents", by_pages),
        law("mark_commits", "marks ahead make the history partial until a look settles", ahead),
        law("settle_look", "a stale revision or a lost lease changes nothing", all_or_nothing),
        law("settle_look", "state, refs, marks and the end of the job are there together", together),
        law("settle_look", "names and addresses stay as they are stored", names_stay),
        law("note_push", "the newest times are kept, and the oldest wait", pushes_are_noted),
        law("note_push", "what was received before the remote was asked is not waited for", shows_already),
        law("recent_waits", "it is told how long pushes waited, the latest first", waits_are_told),
        law("fetch_source", "what a fetch needs is given to the repository's own tenant", source),
        law("pull_request", "what nobody has reported is not there", no_pull_request),
        law("pull_request_commits", "what nobody has reported has no commits", no_pull_request),
        law("settle_pull", "the head is a ref like others, and moves with the revision", pull_head),
    ]
}

/// A repository with three commits that nobody sees.
pub(crate) async fn hidden(store: &Store) -> (Tenant, Applied) {
    let tenant = tenant(store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    let rows: Vec<CommitRow> = (0..3).map(|n| commit(n, &["a/x"])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::unseen(NOW)).await.unwrap();
    (tenant, applied)
}

pub(crate) fn nothing(applied: &Applied) -> LookChange {
    LookChange::nothing(applied.repository, applied.revision)
}

pub(crate) fn ids(numbers: impl IntoIterator<Item = i64>) -> Vec<CommitId> {
    numbers.into_iter().map(CommitId).collect()
}

pub(crate) fn put(name: &str, tip: u32) -> RefChange {
    RefChange { name: name.into(), tip: Some(id(tip)) }
}

async fn listed(tenant: &Tenant, with_unreachable: bool) -> Vec<i64> {
    let filter = CommitFilter { with_unreachable, ..CommitFilter::default() };
    tenant.list_commits(&filter).await.unwrap().items.iter().map(|commit| commit.id.0).collect()
}

async fn unseen(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    assert_eq!((listed(&tenant, false).await, listed(&tenant, true).await), (vec![], vec![3, 2, 1]));
    let count = async || tenant.list_repositories(&Default::default()).await.unwrap().items[0].commits;
    assert_eq!(count().await, 0);
    // Sent again by somebody who shows them: they stand as they stood.
    tenant.append_commits(applied.repository, &[commit(0, &["a/x"])], Standing::default()).await.unwrap();
    assert_eq!((listed(&tenant, false).await, count().await), (vec![], 0));
    let standing = Standing::first(true, NOW);
    tenant.append_commits(applied.repository, &[commit(3, &["a/x"])], standing).await.unwrap();
    let shown = tenant.list_commits(&CommitFilter::default()).await.unwrap().items;
    assert_eq!((shown[0].on_default_since, shown[0].unreachable_since), (Some(NOW), None));
    assert_eq!((shown.len(), count().await), (1, 1));
}

async fn refs_are_given(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let refs = vec![put("refs/heads/main", 2), put("refs/tags/\0 é", 1)];
    let settled =
        tenant.settle_look(&LookChange { refs, ..nothing(&applied) }, None, NOW).await.unwrap().unwrap();
    let gone = RefChange { name: "refs/heads/main".into(), tip: None };
    let second = Applied { revision: settled.revision, ..applied };
    let change = LookChange { refs: vec![gone, put("refs/tags/\0 é", 2)], ..nothing(&second) };
    tenant.settle_look(&change, None, LATER).await.unwrap().unwrap();
    let stored = tenant.stored_refs(applied.repository).await.unwrap();
    assert_eq!(stored.repository.revision, applied.revision + 2);
    let refs: Vec<_> = stored.refs.iter().map(|r| (r.name.as_str(), r.tip, r.deleted_at)).collect();
    assert_eq!(refs, [("refs/heads/main", id(2), Some(LATER)), ("refs/tags/\0 é", id(2), None)]);
    let foreign = named(&store, "other").await.stored_refs(applied.repository).await;
    assert!(matches!(foreign, Err(StoreError::NoSuchRepository)));
}

async fn stands(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let now = async |marks: CommitMarks, at: Timestamp| {
        let stored = tenant.stored_refs(applied.repository).await.unwrap();
        let nothing = LookChange::nothing(applied.repository, stored.repository.revision);
        tenant.settle_look(&LookChange { marks, ..nothing }, None, at).await.unwrap().unwrap();
    };
    let seen =
        |list: Vec<i64>| CommitMarks { reached: ids(list.clone()), joined: ids(list), ..Default::default() };
    now(seen(vec![1, 2]), NOW).await;
    now(seen(vec![1, 2, 3]), LATER).await;
    let gone = CommitMarks { lost: ids([2]), left: ids([2]), ..CommitMarks::default() };
    now(gone.clone(), LATER).await;
    now(gone, NOW).await;
    let mut standings = tenant.commit_standings(applied.repository, &[0, 1, 2, 9].map(id)).await.unwrap();
    standings.sort_by_key(|standing| standing.id);
    let told: Vec<_> = standings
        .iter()
        .map(|s| (s.sha, s.id.0, s.is_reachable, s.is_on_default, s.paths_complete))
        .collect();
    assert_eq!(
        told,
        [(id(0), 1, true, true, true), (id(1), 2, false, false, true), (id(2), 3, true, true, true)]
    );
    let filter = CommitFilter { with_unreachable: true, ..CommitFilter::default() };
    let times: Vec<_> = tenant.list_commits(&filter).await.unwrap().items;
    let times: Vec<_> = times.iter().map(|c| (c.on_default_since, c.unreachable_since)).collect();
    assert_eq!(times, [(Some(LATER), None), (None, Some(LATER)), (Some(NOW), None)]);
    let other = named(&store, "other").await;
    assert_eq!(other.commit_standings(applied.repository, &[id(0)]).await.unwrap(), []);
}

async fn by_pages(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let page = tenant.commit_graph(applied.repository, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.sha);
        found.extend(page);
    }
    let told: Vec<_> = found.iter().map(|c| (c.sha, c.id.0, c.parents.clone(), c.is_reachable)).collect();
    let row = |n: u32, parents: Vec<u32>| {
        (id(n), i64::from(n) + 1, parents.into_iter().map(id).collect::<Vec<_>>(), false)
    };
    assert_eq!(told, [row(0, vec![]), row(1, vec![0, 1000]), row(2, vec![1, 1000])]);
    let other = named(&store, "other").await;
    assert_eq!(other.commit_graph(applied.repository, None, 10).await.unwrap(), []);
}

async fn ahead(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let progress = async || tenant.stored_history(applied.repository).await.unwrap().progress;
    let complete = LookChange { history: Some(HistoryProgress::Complete), ..nothing(&applied) };
    tenant.settle_look(&complete, None, NOW).await.unwrap().unwrap();
    assert_eq!(progress().await, HistoryProgress::Complete);
    let marks = CommitMarks { reached: ids([2, 3]), ..CommitMarks::default() };
    let late = tenant.mark_commits(applied.repository, applied.revision + 1, &marks, NOW).await;
    assert!(matches!(late, Err(StoreError::StateMoved)));
    tenant.mark_commits(applied.repository, applied.revision, &marks, NOW).await.unwrap();
    assert_eq!((listed(&tenant, false).await, progress().await), (vec![3, 2], HistoryProgress::Partial));
}

async fn all_or_nothing(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let queue = queue(&store).await;
    tenant.enqueue(&[job("look")], NOW).await.unwrap();
    let claimed = claim_one(&queue, NOW.0).await;
    let before = async || {
        let listed = tenant.list_repositories(&Default::default()).await.unwrap().items;
        (listed, tenant.stored_refs(applied.repository).await.unwrap(), listed_all(&tenant).await)
    };
    let was = before().await;
    let mut state = no_change("k", &applied);
    state.facts.head = Some(id(2));
    let whole = LookChange {
        state: Some(state),
        refs: vec![put("refs/heads/main", 2)],
        marks: CommitMarks { reached: ids([1, 2, 3]), joined: ids([1, 2, 3]), ..CommitMarks::default() },
        history: Some(HistoryProgress::Complete),
        seen: Some(NOW),
        ..nothing(&applied)
    };
    let mut stale = whole.clone();
    stale.revision += 1;
    stale.state.as_mut().unwrap().base = Some((applied.repository, applied.revision + 1));
    let refused = tenant.settle_look(&stale, Some(claimed.lease), LATER).await;
    assert!(matches!(refused, Err(StoreError::StateMoved)));
    assert_eq!(before().await, was);
    let mut lost = claimed.lease;
    lost.number += 1;
    assert_eq!(tenant.settle_look(&whole, Some(lost), LATER).await.unwrap(), None);
    assert_eq!(before().await, was);
    let settled = tenant.settle_look(&whole, Some(claimed.lease), LATER).await.unwrap().unwrap();
    assert!(settled.changed && settled.applied.unwrap().changed);
    assert_eq!(tenant.settle_look(&whole, Some(claimed.lease), LATER).await.ok(), None, "moved by then");
}

async fn listed_all(tenant: &Tenant) -> Vec<i64> {
    listed(tenant, true).await
}

async fn together(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let queue = queue(&store).await;
    tenant.enqueue(&[job("look")], NOW).await.unwrap();
    let claimed = claim_one(&queue, NOW.0).await;
    let heard = Timestamp(NOW.0 + 5);
    tenant.note_push(applied.repository, Some(NOW), heard).await.unwrap();
    let mut state = no_change("k", &applied);
    state.facts.head = Some(id(2));
    let change = LookChange {
        state: Some(state),
        refs: vec![put("refs/heads/main", 2)],
        marks: CommitMarks { reached: ids([1, 2, 3]), joined: ids([1, 2, 3]), ..CommitMarks::default() },
        history: Some(HistoryProgress::Complete),
        seen: Some(heard),
        ..nothing(&applied)
    };
    let settled = tenant.settle_look(&change, Some(claimed.lease), LATER).await.unwrap().unwrap();
    assert_eq!((settled.revision, settled.waited_since), (applied.revision + 1, Some(heard)));
    let listing = tenant.list_repositories(&Default::default()).await.unwrap().items.remove(0);
    assert_eq!(
        (listing.repository.facts.head, listing.repository.history),
        (Some(id(2)), HistoryProgress::Complete)
    );
    let fresh = listing.freshness;
    assert_eq!((fresh.pushed_at, fresh.received_at), (Some(NOW), Some(heard)));
    assert_eq!((fresh.visible_at, fresh.synced_at, fresh.waiting_since), (Some(LATER), Some(heard), None));
    assert_eq!(listed(&tenant, false).await, [3, 2, 1]);
    let jobs = queue.list_jobs(&Default::default()).await.unwrap().items;
    assert_eq!(jobs[0].state, JobState::Done);
    // Nothing new: the remote was asked, and that is all.
    let idle = LookChange { seen: Some(LATER), ..LookChange::nothing(applied.repository, settled.revision) };
    let later = Timestamp(LATER.0 + 1);
    let again = tenant.settle_look(&idle, None, later).await.unwrap().unwrap();
    assert!(!again.changed && again.revision == settled.revision);
    let fresh = tenant.list_repositories(&Default::default()).await.unwrap().items[0].freshness;
    assert_eq!((fresh.visible_at, fresh.synced_at), (Some(LATER), Some(LATER)));
}

async fn names_stay(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let mut state = no_change("k", &applied);
    state.facts.name = "otherwise".into();
    state.facts.clone_url = None;
    state.facts.branch = Some("next".into());
    let change = LookChange { state: Some(state), ..nothing(&applied) };
    tenant.settle_look(&change, None, LATER).await.unwrap().unwrap();
    let facts = tenant.load_state(applied.repository).await.unwrap().repository.facts;
    assert_eq!((facts.name.as_str(), facts.clone_url.as_deref()), ("one", Some("k")));
    assert_eq!(facts.branch.as_deref(), Some("next"));
}

async fn pushes_are_noted(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let fresh = async || {
        let fresh = tenant.fetch_source(applied.repository).await.unwrap().unwrap().freshness;
        (fresh.pushed_at.map(|t| t.0), fresh.received_at.map(|t| t.0), fresh.waiting_since.map(|t| t.0))
    };
    let note = async |pushed: Option<i64>, received: i64| {
        tenant.note_push(applied.repository, pushed.map(Timestamp), Timestamp(received)).await.unwrap();
    };
    note(None, 20).await;
    assert_eq!(fresh().await, (None, Some(20), Some(20)));
    note(Some(9), 30).await;
    note(Some(5), 10).await;
    assert_eq!(fresh().await, (Some(9), Some(30), Some(10)));
    let settle = async |asked: i64| {
        let stored = tenant.stored_refs(applied.repository).await.unwrap();
        let nothing = LookChange::nothing(applied.repository, stored.repository.revision);
        let seen = Some(Timestamp(asked));
        let settled = tenant.settle_look(&LookChange { seen, ..nothing }, None, Timestamp(50)).await;
        settled.unwrap().unwrap().waited_since.map(|at| at.0)
    };
    assert_eq!(settle(9).await, None, "the remote was asked before anything was heard");
    assert_eq!(fresh().await.2, Some(10));
    note(Some(11), 40).await;
    assert_eq!((settle(30).await, fresh().await.2), (Some(10), Some(40)), "one came meanwhile");
    assert_eq!((settle(40).await, fresh().await), (Some(40), (Some(11), Some(40), None)));
    assert_eq!(settle(40).await, None);
    named(&store, "other").await.note_push(applied.repository, None, Timestamp(99)).await.unwrap();
    assert_eq!(fresh().await.1, Some(40), "another tenant's is another repository");
}

async fn shows_already(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let fresh = async || tenant.fetch_source(applied.repository).await.unwrap().unwrap().freshness;
    let waiting = async || fresh().await.waiting_since.map(|at| at.0);
    let note = async |received: i64| {
        tenant.note_push(applied.repository, None, Timestamp(received)).await.unwrap();
    };
    let settle = async |asked: i64, now: i64| {
        let stored = tenant.stored_refs(applied.repository).await.unwrap();
        let nothing = LookChange::nothing(applied.repository, stored.repository.revision);
        let seen = Some(Timestamp(asked));
        let settled = tenant.settle_look(&LookChange { seen, ..nothing }, None, Timestamp(now)).await;
        settled.unwrap().unwrap().waited_since.map(|at| at.0)
    };
    note(10).await;
    // The other delivery of the same push: received before the remote was asked, noted while we look.
    note(11).await;
    assert_eq!((settle(12, 15).await, waiting().await), (Some(10), None), "both show");
    let shown = fresh().await;
    // One more of them, or a replay, noted after it showed.
    for received in [10, 11, 12] {
        note(received).await;
        assert_eq!(waiting().await, None);
        assert_eq!(settle(20, 25).await, None);
        assert_eq!(fresh().await.visible_at, shown.visible_at);
    }
    // Beside one that waits, what shows is not waited for either.
    note(30).await;
    note(11).await;
    assert_eq!((waiting().await, settle(31, 33).await), (Some(30), Some(30)));
    assert_eq!(tenant.recent_waits(10).await.unwrap()[&applied.repository], [3, 5]);
    assert_eq!(tenant.list_changes(0, 10).await.unwrap().changes.len(), 2);
}

async fn waits_are_told(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    for (received, visible) in [(10, 15), (20, 40)] {
        tenant.note_push(applied.repository, None, Timestamp(received)).await.unwrap();
        let stored = tenant.stored_refs(applied.repository).await.unwrap();
        let seen = Some(Timestamp(received));
        let nothing = LookChange::nothing(applied.repository, stored.repository.revision);
        let change = LookChange { seen, ..nothing };
        tenant.settle_look(&change, None, Timestamp(visible)).await.unwrap().unwrap();
    }
    let waits = tenant.recent_waits(10).await.unwrap();
    assert_eq!(waits[&applied.repository], [20, 5]);
    assert_eq!(tenant.recent_waits(1).await.unwrap()[&applied.repository], [20]);
    assert!(named(&store, "other").await.recent_waits(10).await.unwrap().is_empty());
}

async fn source(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let found = tenant.fetch_source(applied.repository).await.unwrap().unwrap();
    assert_eq!((found.id, found.clone_url.as_deref()), (applied.repository, Some("k")));
    assert_eq!((found.provider, found.installation, found.is_active), (None, None, true));
    assert_eq!((found.head, found.history, found.is_gone), (Some(id(1)), HistoryProgress::Partial, false));
    assert_eq!(named(&store, "other").await.fetch_source(applied.repository).await.unwrap(), None);
}

async fn no_pull_request(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    assert_eq!(tenant.pull_request(applied.repository, 7).await.unwrap(), None);
    assert_eq!(tenant.pull_request_commits(applied.repository, 7).await.unwrap(), []);
}

pub(crate) fn pull_change(applied: &Applied) -> PullChange {
    PullChange {
        link: None,
        repository: applied.repository,
        revision: applied.revision,
        number: 7,
        head: Some(put("refs/pull/7/head", 2)),
        marks: CommitMarks { reached: ids([2, 3]), ..CommitMarks::default() },
        commits: ids([2, 3]),
    }
}

async fn pull_head(store: Store) {
    let (tenant, applied) = hidden(&store).await;
    let queue = queue(&store).await;
    tenant.enqueue(&[job("pull")], NOW).await.unwrap();
    let lease = claim_one(&queue, NOW.0).await.lease;
    let change = pull_change(&applied);
    let late = PullChange { revision: applied.revision + 1, ..change.clone() };
    assert!(matches!(tenant.settle_pull(&late, Some(lease), NOW).await, Err(StoreError::StateMoved)));
    let mut lost = lease;
    lost.number += 1;
    assert!(!tenant.settle_pull(&change, Some(lost), NOW).await.unwrap());
    assert!(listed(&tenant, false).await.is_empty());
    assert!(tenant.settle_pull(&change, Some(lease), NOW).await.unwrap());
    assert_eq!(listed(&tenant, false).await, [3, 2]);
    let stored = tenant.stored_refs(applied.repository).await.unwrap();
    assert_eq!(stored.repository.revision, applied.revision + 1);
    assert_eq!((stored.refs.len(), stored.refs[0].tip), (1, id(2)));
}
