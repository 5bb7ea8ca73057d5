//! Fills an empty store through its own methods.

use muster_store::{HistoryProgress, LookChange, NewTenant, Standing, Store, Timestamp};

use super::rows::{Size, commits, state};

const NOW: Timestamp = Timestamp(1_700_000_000_000);
const BATCH: usize = 1000;

/// A great tenant of 10,000 projects, 100,000 tasks and 200,000 commits in twenty repositories.
pub(crate) const GREAT: (usize, Size) = (20, Size { projects: 500, tasks: 5000, commits: 10_000 });
/// A small one.
pub(crate) const SMALL: (usize, Size) = (1, Size { projects: 5, tasks: 100, commits: 100 });

/// Makes the great tenant, named `great`, and so many small ones.
pub(crate) async fn fill(store: &Store, (repositories, size): (usize, Size), small: usize) {
    tenant(store, "great", repositories, size).await;
    for n in 0..small {
        tenant(store, &format!("small-{n:03}"), SMALL.0, SMALL.1).await;
    }
}

async fn tenant(store: &Store, name: &str, repositories: usize, size: Size) {
    let new = NewTenant { subdomain: name.to_owned(), ..NewTenant::default() };
    let tenant = store.create_tenant(&new, NOW).await.unwrap();
    for repository in 0..repositories {
        let applied = tenant.apply_state(&state(repository, size), NOW).await.unwrap();
        for from in (0..size.commits).step_by(BATCH) {
            let rows = commits(repository, from, size.commits.min(from + BATCH), size);
            tenant.append_commits(applied.repository, &rows, Standing::default()).await.unwrap();
        }
        let nothing = LookChange::nothing(applied.repository, applied.revision);
        let change = LookChange { history: Some(HistoryProgress::Complete), ..nothing };
        tenant.settle_look(&change, None, NOW).await.unwrap();
    }
}
