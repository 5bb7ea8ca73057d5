//! A law: whatever was saved before, the open rows are those of the last snapshot.

use muster_model::TaskState;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use proptest::sample::{select, subsequence};

use super::world::{at, dump, fresh, open_rows, project, snapshot, task};
use crate::Snapshot;
use crate::save::save;

const PATHS: [&str; 5] = [".", "a", "a/b", "c", "d"];

/// Few names, titles and keys, so that much repeats, moves and comes back.
fn snapshots() -> impl Strategy<Value = Snapshot> {
    let names = vec(select(vec![None, Some("x"), Some("y")]), PATHS.len());
    let found = (
        select(PATHS.to_vec()),
        0_u64..2,
        select(vec!["", "Write the reader", "Write the reader again", "Test it"]),
        select(vec![None, None, Some("T1"), Some("T2")]),
        any::<bool>(),
        any::<bool>(),
    );
    (subsequence(PATHS.to_vec(), 0..=PATHS.len()), names, vec(found, 0..8)).prop_map(
        |(paths, names, mut found)| {
            found.sort_by_key(|(path, ..)| muster_model::join(path, "TODO.md"));
            let projects = paths.iter().zip(names).map(|(path, name)| project(path, name)).collect();
            let mut tasks = Vec::new();
            let (mut line, mut last) = (1, None);
            for (path, step, title, key, below, done) in found {
                line = if last == Some(path) { line + step } else { 1 };
                let parent = (below && last == Some(path)).then(|| tasks.len() - 1);
                let mut task = task(&muster_model::join(path, "TODO.md"), line, title, key, parent);
                task.found.state = if done { TaskState::Done } else { TaskState::Open };
                tasks.push(task);
                last = Some(path);
            }
            snapshot(projects, tasks)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn the_last_snapshot_alone_decides_what_is_open(sequence in vec(snapshots(), 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (incremental, again, alone) = runtime.block_on(async {
            let (tenant, _store, _folder) = fresh().await;
            for (minute, snapshot) in sequence.iter().enumerate() {
                save(&tenant, snapshot, at(minute as i64)).await.unwrap();
            }
            let last = &sequence[sequence.len() - 1];
            let before = dump(&tenant).await;
            save(&tenant, last, at(100)).await.unwrap();
            let again = (before, dump(&tenant).await);
            let (only, _store, _folder) = fresh().await;
            save(&only, last, at(0)).await.unwrap();
            (open_rows(&tenant).await, again, open_rows(&only).await)
        });
        prop_assert_eq!(incremental, alone);
        prop_assert_eq!(again.0, again.1, "a second save of the last one changes nothing");
    }
}
