//! What looks leave, seen from outside: rows that no method of the store gives back.

use muster_store::{CommitId, CommitMarks, LookChange, ProjectRef, PullChange, TaskRef, Timestamp};

use crate::examples::{LATER, NOW, first_change, id, no_change};
use crate::looks::{hidden, ids, nothing, pull_change, put};
use crate::raw::{Raw, both};

#[tokio::test]
async fn a_pull_request_keeps_the_commits_of_its_last_fetch() {
    for (store, mut raw) in both().await {
        let (tenant, applied) = hidden(&store).await;
        let owner = raw.tenant(tenant.id());
        let (head, base, digest) = (raw.bytes(&[1; 20]), raw.bytes(&[2; 20]), raw.bytes(&[0; 32]));
        raw.run(&format!(
            "insert into provider_tasks (tenant_id, task_id, repository_id, number, report_time, report_rank, report_digest,
                body, assignees, labels, head_sha, base_sha)
            values ({owner}, 1, 1, 7, 0, 0, {digest}, '', '[]', '[]', {head}, {base})"
        ))
        .await;
        let pull = tenant.pull_request(applied.repository, 7).await.unwrap().unwrap();
        assert_eq!(
            (pull.task.0, pull.head.as_bytes(), pull.base.unwrap().as_bytes()),
            (1, &[1; 20][..], &[2; 20][..])
        );
        let mut change = pull_change(&applied);
        assert!(tenant.settle_pull(&change, None, NOW).await.unwrap());
        let commits = tenant.pull_request_commits(applied.repository, 7).await.unwrap();
        assert_eq!(commits, [(CommitId(2), id(1)), (CommitId(3), id(2))]);
        change = PullChange { revision: change.revision + 1, head: None, commits: ids([1]), ..change };
        change.marks = CommitMarks::default();
        assert!(tenant.settle_pull(&change, None, NOW).await.unwrap());
        let commits = tenant.pull_request_commits(applied.repository, 7).await.unwrap();
        assert_eq!(commits, [(CommitId(1), id(0))]);
        store.close().await;
        raw.remove().await;
    }
}

#[tokio::test]
async fn what_references_and_keys_may_mean_anew_is_noted() {
    for (store, mut raw) in both().await {
        let (tenant, applied) = hidden(&store).await;
        let noted = async |raw: &mut Raw| {
            let rows = raw.rows("stale_targets", "").await;
            raw.run("delete from stale_targets").await;
            rows.iter()
                .map(|row| row.contains("P1-T01") || row.contains("#12"))
                .filter(|known| *known)
                .count()
        };
        assert_eq!(noted(&mut raw).await, 2, "the key of two new tasks, and what new commits refer to");
        let mut same = no_change("k", &applied);
        let state = tenant.load_state(applied.repository).await.unwrap();
        same.tasks = first_change("k").tasks;
        for (task, known) in same.tasks.iter_mut().zip(&state.tasks) {
            task.id = Some(known.id);
            task.project = known.project.map(ProjectRef::Known);
            task.parent = known.parent.map(TaskRef::Known);
            task.found.line += 1;
        }
        let second = tenant.apply_state(&same, LATER).await.unwrap();
        assert_eq!(noted(&mut raw).await, 0, "tasks that only moved down");
        let mut gone = no_change("k", &second);
        gone.closed_tasks = vec![state.tasks[1].id];
        let third = tenant.apply_state(&gone, LATER).await.unwrap();
        assert_eq!(noted(&mut raw).await, 1, "one that is gone");
        let mut moved = no_change("k", &third);
        moved.closed_projects = vec![state.projects[0].id];
        tenant.apply_state(&moved, LATER).await.unwrap();
        assert_eq!(
            raw.rows("stale_targets", "").await.len(),
            1,
            "keys that commits refer to, once projects moved"
        );
        store.close().await;
        raw.remove().await;
    }
}

#[tokio::test]
async fn a_look_that_shows_something_is_told_and_one_that_does_not_is_not() {
    for (store, mut raw) in both().await {
        let (tenant, applied) = hidden(&store).await;
        let change = LookChange { refs: vec![put("refs/heads/main", 2)], ..nothing(&applied) };
        tenant.note_push(applied.repository, Some(Timestamp(3)), Timestamp(4)).await.unwrap();
        let settled = tenant.settle_look(&change, None, Timestamp(5)).await.unwrap().unwrap();
        let idle = LookChange::nothing(applied.repository, settled.revision);
        tenant.settle_look(&idle, None, Timestamp(6)).await.unwrap().unwrap();
        let seen = Some(Timestamp(4));
        tenant.settle_look(&LookChange { seen, ..idle }, None, Timestamp(7)).await.unwrap().unwrap();
        let rows = raw.rows("changes", "").await;
        let told: Vec<String> = rows.iter().map(|row| row.replace(['(', ')', '\''], "")).collect();
        let ends = |row: &String, with: [&str; 2]| with.iter().any(|end| row.ends_with(end));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(ends(&told[0], ["|1|1|repository|NULL|NULL|5", ",1,1,repository,,,5"]), "{told:?}");
        assert!(ends(&told[1], ["|2|1|repository|3|4|7", ",2,1,repository,3,4,7"]), "{told:?}");
        store.close().await;
        raw.remove().await;
    }
}
