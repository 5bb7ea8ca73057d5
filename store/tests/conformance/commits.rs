//! Laws of history.

use muster_model::{Moment, ObjectId};
use muster_store::{
    Appended, Applied, CommitFilter, CommitRecord, CommitRow, HistoryProgress, MAX_COMMIT_PATHS,
    ProjectChange, RebuildMark, Standing, Store, StoreError, StoredMessage, Tenant,
};

use crate::examples::{LATER, NOW, commit, first_change, id, named, no_change, project, settle_line, tenant};
use crate::laws::{Law, law};

pub(crate) fn laws() -> Vec<Law> {
    vec![
        law("append_commits", "what was appended is listed, letter for letter", appended_is_listed),
        law("append_commits", "known commits are left as they are", known_are_left),
        law("append_commits", "paths that could not be read are added when they can", completed_later),
        law("append_commits", "absurd commits are kept as recorded", absurd_are_kept),
        law("append_commits", "at most 10,000 paths are kept, and their true number", many_paths),
        law("messages_that_hold", "messages are found by what they hold, by their own tenant", held_texts),
        law("put_references", "what a message refers to is replaced, and its targets are stale", replaced),
        law("known_commits", "a commit is known where it was appended", known_where_appended),
        law("stored_history", "a tip is known only when everything below it is", tips_are_whole),
        law("settle_look", "history is complete when it ended whole, and lags behind a new head", completes),
        law("rebuild_commit_projects", "a rebuild gives what appending gave", rebuilt_is_appended),
        law("rebuild_commit_projects", "commits follow the project whose path they touch", commits_follow),
    ]
}

async fn repository(store: &Store) -> (Tenant, Applied) {
    let tenant = tenant(store).await;
    let applied = tenant.apply_state(&first_change("k"), NOW).await.unwrap();
    (tenant, applied)
}

async fn listed(tenant: &Tenant) -> Vec<CommitRecord> {
    tenant.list_commits(&CommitFilter::default()).await.unwrap().items
}

async fn appended_is_listed(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let rows: Vec<CommitRow> = (0..5).map(|n| commit(n, &["README.md", "a/x.rs", "a/é\n.rs"])).collect();
    let appended = tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    assert_eq!(appended, Appended { new: 5, known: 0 });
    let listed = listed(&tenant).await;
    for (record, row) in listed.iter().zip(rows.iter().rev()) {
        assert_eq!((&record.commit, &record.references), (&row.commit, &row.references));
        assert_eq!((record.path_count, record.repository), (3, applied.repository));
        assert_eq!(record.projects.iter().map(|(_, path)| path.as_str()).collect::<Vec<_>>(), ["a"]);
    }
    assert_eq!(listed.len(), 5);
}

async fn known_are_left(store: Store) {
    let (tenant, applied) = repository(&store).await;
    tenant
        .append_commits(applied.repository, &[commit(1, &["a"]), commit(2, &["b"])], Standing::default())
        .await
        .unwrap();
    let before = listed(&tenant).await;
    let mut other = commit(1, &["else"]);
    other.commit.message = "altered".into();
    let appended = tenant
        .append_commits(applied.repository, &[other, commit(2, &["b"])], Standing::default())
        .await
        .unwrap();
    assert_eq!(appended, Appended { new: 0, known: 2 });
    assert_eq!(listed(&tenant).await, before);
    let twice = [commit(3, &["c"]), commit(3, &["c"]), commit(2, &[])];
    let appended = tenant.append_commits(applied.repository, &twice, Standing::default()).await.unwrap();
    assert_eq!(appended, Appended { new: 1, known: 2 });
    assert_eq!(listed(&tenant).await.len(), 3);
}

async fn completed_later(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let mut unread = commit(1, &["a/x", "b/half-read"]);
    unread.commit.paths_complete = false;
    let append = async |row: &CommitRow| {
        tenant
            .append_commits(applied.repository, std::slice::from_ref(row), Standing::default())
            .await
            .unwrap()
    };
    append(&unread).await;
    assert_eq!(tenant.known_commits(applied.repository, &[id(1)]).await.unwrap(), []);
    let read = commit(1, &["a/x", "b"]);
    for _ in 0..2 {
        assert_eq!(append(&read).await, Appended { new: 0, known: 1 });
        let record = &listed(&tenant).await[0];
        assert_eq!((&record.commit, record.path_count, record.projects.len()), (&read.commit, 2, 1));
        append(&unread).await;
    }
    assert_eq!(tenant.known_commits(applied.repository, &[id(1)]).await.unwrap(), [id(1)]);
}

async fn absurd_are_kept(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let mut row = commit(1, &[]);
    row.commit.id = ObjectId::from_bytes(&[9; 32]).unwrap();
    row.commit.parents = vec![ObjectId::from_bytes(&[8; 32]).unwrap(); 40];
    row.commit.author.time = Moment { seconds: i64::MAX, offset_minutes: i32::MIN };
    row.commit.committer.time = Moment { seconds: i64::MIN, offset_minutes: i32::MAX };
    row.commit.author.email = String::new();
    row.commit.message = "x\0y".repeat(1_000_000);
    row.commit.author.name = long(100_000);
    row.commit.committer.email = long(100_000);
    row.commit.paths = vec![long(10_000), format!("{}b", long(10_000))];
    tenant.append_commits(applied.repository, std::slice::from_ref(&row), Standing::default()).await.unwrap();
    let again = tenant
        .append_commits(applied.repository, std::slice::from_ref(&row), Standing::default())
        .await
        .unwrap();
    assert_eq!(again, Appended { new: 0, known: 1 });
    row.commit.id = ObjectId::from_bytes(&[7; 32]).unwrap();
    tenant.append_commits(applied.repository, std::slice::from_ref(&row), Standing::default()).await.unwrap();
    assert_eq!(listed(&tenant).await[0].commit, row.commit);
}

/// A text that no compression makes short: the decimals of a sequence that does not repeat itself.
fn long(length: usize) -> String {
    let mut state = 1_u64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + (state >> 33) as u8 % 90)
    };
    (0..length).map(next).collect()
}

async fn many_paths(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let mut row = commit(1, &[]);
    row.commit.paths = (0..MAX_COMMIT_PATHS + 5).map(|n| format!("p/{n:06}")).collect();
    tenant.append_commits(applied.repository, std::slice::from_ref(&row), Standing::default()).await.unwrap();
    let record = &listed(&tenant).await[0];
    assert_eq!(record.commit.paths, row.commit.paths[..MAX_COMMIT_PATHS]);
    assert_eq!(record.path_count as usize, MAX_COMMIT_PATHS + 5);
}

async fn held_texts(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let rows: Vec<CommitRow> = (0..12).map(|n| commit(n, &[])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let found = async |texts: &[&str], after: Option<i64>, limit| {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        let after = after.map(muster_store::CommitId);
        tenant.messages_that_hold(applied.repository, &texts, after, limit).await.unwrap()
    };
    let ids = |found: &[StoredMessage]| found.iter().map(|one| one.commit.0).collect::<Vec<_>>();
    let ten = found(&["10 ", "no such"], None, 10).await;
    assert_eq!((ids(&ten), &ten[0].references), (vec![11], &rows[10].references));
    assert_eq!(ten[0].message, rows[10].commit.message);
    assert_eq!(ids(&found(&["a\0b"], Some(2), 3).await), [3, 4, 5]);
    assert_eq!(found(&[], None, 10).await, []);
    let other = named(&store, "other").await;
    assert_eq!(other.messages_that_hold(applied.repository, &["1".into()], None, 10).await.unwrap(), []);
}

async fn replaced(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let rows: Vec<CommitRow> = (0..3).map(|n| commit(n, &[])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let mut read = rows[1].references.clone();
    read.truncate(1);
    read[0].target = "T1.1".into();
    let given = [(muster_store::CommitId(2), read.clone()), (muster_store::CommitId(3), vec![])];
    tenant.put_references(&given).await.unwrap();
    tenant.put_references(&[]).await.unwrap();
    let references: Vec<_> = listed(&tenant).await.into_iter().map(|record| record.references).collect();
    assert_eq!(references, [vec![], read, rows[0].references.clone()]);
}

async fn known_where_appended(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let other = tenant.apply_state(&first_change("other"), NOW).await.unwrap();
    let rows: Vec<CommitRow> = (0..3).map(|n| commit(n, &[])).collect();
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let asked: Vec<ObjectId> = [2, 7, 0, 2].map(id).to_vec();
    assert_eq!(tenant.known_commits(applied.repository, &asked).await.unwrap(), [id(0), id(2)]);
    assert_eq!(tenant.known_commits(other.repository, &asked).await.unwrap(), []);
    assert_eq!(tenant.known_commits(applied.repository, &[]).await.unwrap(), []);
}

async fn finish(tenant: &Tenant, applied: &Applied, tip: Option<u32>, whole: bool) -> i64 {
    settle_line(tenant, applied.repository, "refs/heads/main", tip, whole).await.unwrap()
}

async fn tips_are_whole(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let history = async || {
        let stored = tenant.stored_history(applied.repository).await.unwrap();
        (stored.progress, stored.tips)
    };
    assert_eq!(history().await, (HistoryProgress::None, vec![]));
    tenant.append_commits(applied.repository, &[commit(0, &[])], Standing::default()).await.unwrap();
    assert_eq!(history().await, (HistoryProgress::Partial, vec![]), "cut off before its end");
    finish(&tenant, &applied, Some(0), false).await;
    assert_eq!(history().await, (HistoryProgress::Partial, vec![]), "a shallow clone");
    finish(&tenant, &applied, Some(0), true).await;
    assert_eq!(history().await, (HistoryProgress::Complete, vec![id(0)]));
    tenant.append_commits(applied.repository, &[commit(1, &[])], Standing::default()).await.unwrap();
    assert_eq!(
        history().await,
        (HistoryProgress::Partial, vec![id(0)]),
        "what the old tip reaches stays known"
    );
    let missing = named(&store, "other").await.stored_history(applied.repository).await;
    assert!(matches!(missing, Err(StoreError::NoSuchRepository)));
}

async fn completes(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let progress = async || tenant.stored_history(applied.repository).await.unwrap().progress;
    finish(&tenant, &applied, None, true).await;
    assert_eq!(progress().await, HistoryProgress::Complete, "a repository without commits");
    let revision = finish(&tenant, &applied, Some(1), true).await;
    let applied = Applied { revision, ..applied };
    let unmoved = tenant.apply_state(&no_change("k", &applied), NOW).await.unwrap();
    assert_eq!(progress().await, HistoryProgress::Complete);
    let mut moved = no_change("k", &unmoved);
    moved.facts.head = Some(id(2));
    tenant.apply_state(&moved, NOW).await.unwrap();
    assert_eq!(progress().await, HistoryProgress::Partial, "the head moved and history was not read");
    finish(&tenant, &applied, Some(2), true).await;
    assert_eq!(progress().await, HistoryProgress::Complete);
}

async fn rebuild(tenant: &Tenant, applied: &Applied) -> usize {
    let (mut mark, mut steps) = (Some(RebuildMark::default()), 0);
    while let Some(at) = mark {
        mark = tenant.rebuild_commit_projects(applied.repository, at).await.unwrap();
        steps += 1;
    }
    steps
}

async fn rebuilt_is_appended(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let paths: Vec<String> =
        (0..100).map(|n| format!("{}/{n}", if n % 3 == 0 { "a" } else { "b" })).collect();
    for batch in 0..3 {
        let rows: Vec<CommitRow> = (0..500)
            .map(|n| {
                let first = (batch * 500 + n) as usize % 90;
                let some: Vec<&str> =
                    paths[first..first + 1 + n as usize % 7].iter().map(String::as_str).collect();
                commit(batch * 500 + n, &some)
            })
            .collect();
        tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    }
    let before = listed(&tenant).await;
    assert!(before.iter().any(|record| record.projects.is_empty()));
    assert_eq!(rebuild(&tenant, &applied).await, 3, "two steps and the end");
    assert_eq!(listed(&tenant).await, before);
}

async fn commits_follow(store: Store) {
    let (tenant, applied) = repository(&store).await;
    let rows =
        [commit(1, &["a/x"]), commit(2, &["a/in/x"]), commit(3, &["b/x"]), commit(4, &["x", "a/x", "b/x"])];
    tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
    let known = tenant.load_state(applied.repository).await.unwrap().projects[0].id;
    let mut change = no_change("k", &applied);
    let new = |path: &str| ProjectChange { id: None, project: project(path), left: None, reopened: false };
    let moved =
        ProjectChange { id: Some(known), project: project("b"), left: Some("a".into()), reopened: false };
    change.projects = vec![moved, new("a/in"), new(".")];
    let second = tenant.apply_state(&change, LATER).await.unwrap();
    assert!(second.commit_projects_stale);
    rebuild(&tenant, &second).await;
    let listed = listed(&tenant).await;
    let touched: Vec<Vec<&str>> = listed
        .iter()
        .rev()
        .map(|record| record.projects.iter().map(|(_, path)| path.as_str()).collect())
        .collect();
    assert_eq!(touched, [vec!["b"], vec!["a/in"], vec!["b"], vec![".", "b"]]);
    let third = tenant.apply_state(&no_change("k", &second), LATER).await.unwrap();
    assert!(!third.commit_projects_stale && !third.changed);
}
