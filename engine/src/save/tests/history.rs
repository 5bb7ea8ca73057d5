//! History: cut off, taken up again, and following projects that move.

use muster_model::{Commit, Moment, ObjectId, Person};
use muster_store::{CommitFilter, CommitRecord, HistoryProgress, Tenant};

use super::world::{at, dump, fresh, object_id, project, snapshot};
use crate::save::{HistorySaved, HistoryWriter, WalkEnd, save};

fn commit(n: u8, paths: &[&str]) -> Commit {
    let person = Person { time: Moment { seconds: i64::from(n), offset_minutes: 0 }, ..Person::default() };
    Commit {
        id: object_id(n),
        parents: if n == 0 { vec![] } else { vec![object_id(n - 1)] },
        author: person.clone(),
        committer: person,
        message: String::new(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        paths_complete: true,
    }
}

fn end(tip: u8) -> WalkEnd {
    WalkEnd { reference: "refs/heads/main".into(), tip: Some(object_id(tip)), whole: true }
}

async fn touched(tenant: &Tenant) -> Vec<Vec<String>> {
    let commits = tenant.list_commits(&CommitFilter::default()).await.unwrap().items;
    let paths = |record: CommitRecord| record.projects.into_iter().map(|(_, path)| path).collect();
    commits.into_iter().rev().map(paths).collect()
}

#[tokio::test]
async fn a_history_that_was_cut_off_ends_complete_at_the_next_run() {
    let (tenant, _store, _folder) = fresh().await;
    let repository = save(&tenant, &snapshot(vec![], vec![]), at(1)).await.unwrap().repository;
    let writer = async || HistoryWriter::begin(tenant.clone(), repository, at(9)).await.unwrap();

    let mut cut_off = writer().await;
    for n in 0..3 {
        // Twenty thousand paths fill a batch.
        let paths: Vec<String> = (0..20_000).map(|path| format!("{path}")).collect();
        let mut commit = commit(n, &[]);
        commit.paths = paths;
        cut_off.push(commit, vec![]).await.unwrap();
    }
    cut_off.push(commit(3, &["lost"]), vec![]).await.unwrap();
    drop(cut_off);

    let mut taken_up = writer().await;
    assert_eq!(taken_up.tips(), []);
    assert_eq!(taken_up.known(&[0, 3].map(object_id)).await.unwrap(), [object_id(0)]);
    assert_eq!(taken_up.missing(&[5, 0, 3, 1].map(object_id)).await.unwrap(), [object_id(5), object_id(3)]);
    assert_eq!(tenant.stored_history(repository).await.unwrap().progress, HistoryProgress::Partial);
    for n in (0..6).rev() {
        taken_up.push(commit(n, &["x"]), vec![]).await.unwrap();
    }
    let saved = taken_up.finish(&end(5), at(9)).await.unwrap();
    assert_eq!(saved, HistorySaved { new: 3, known: 3, progress: HistoryProgress::Complete });

    let idle = writer().await;
    assert_eq!(idle.tips(), [object_id(5)]);
    let before = dump(&tenant).await;
    idle.finish(&end(5), at(9)).await.unwrap();
    assert_eq!(dump(&tenant).await, before);
}

#[tokio::test]
async fn commits_follow_a_project_that_moves_and_saving_them_before_or_after_is_the_same() {
    let paths: [&[&str]; 4] = [&["a/x"], &["a/in/x", "b/x"], &["c/x"], &["README.md"]];
    let states = [
        snapshot(vec![project(".", None), project("a", Some("x"))], vec![]),
        snapshot(vec![project(".", None), project("a/in", Some("new")), project("c", Some("x"))], vec![]),
    ];
    let mut answers = Vec::new();
    for saved_first in [1, 2] {
        let (tenant, _store, _folder) = fresh().await;
        let mut repository = None;
        for (minute, state) in states.iter().take(saved_first).enumerate() {
            repository = Some(save(&tenant, state, at(minute as i64)).await.unwrap().repository);
        }
        let mut writer = HistoryWriter::begin(tenant.clone(), repository.unwrap(), at(9)).await.unwrap();
        for (n, paths) in paths.iter().enumerate() {
            writer.push(commit(n as u8, paths), vec![]).await.unwrap();
        }
        writer.finish(&end(3), at(9)).await.unwrap();
        if saved_first == 1 {
            assert_eq!(touched(&tenant).await, [vec!["a"], vec![".", "a"], vec!["."], vec!["."]]);
        }
        save(&tenant, &states[1], at(9)).await.unwrap();
        answers.push(touched(&tenant).await);
    }
    assert_eq!(answers[0], [vec!["c"], vec![".", "a/in"], vec!["c"], vec!["."]]);
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn a_full_batch_does_not_wait_for_the_end() {
    let (tenant, _store, _folder) = fresh().await;
    let repository = save(&tenant, &snapshot(vec![], vec![]), at(1)).await.unwrap().repository;
    let mut writer = HistoryWriter::begin(tenant.clone(), repository, at(9)).await.unwrap();
    let mut commit = commit(7, &[]);
    commit.message = "x".repeat(5 << 20);
    writer.push(commit, vec![]).await.unwrap();
    let ids: Vec<ObjectId> = vec![object_id(7)];
    assert_eq!(tenant.known_commits(repository, &ids).await.unwrap(), ids);
}
