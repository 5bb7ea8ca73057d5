//! Messages are read again when task keys come or go: before the tasks are written, so that whoever is cut off in between begins
//! again, for the keys are new to the next one too. What a message refers to then follows from the keys that there are, and not
//! from those that there were when it was read first.

use std::collections::{BTreeSet, HashSet};

use muster_store::{KnownState, RepositoryId, StoreError, Tenant};

use crate::Snapshot;
use crate::commits::CommitReader;

/// Messages of one step.
const STEP: usize = 500;
/// Keys that are looked for at once.
const KEYS: usize = 200;

/// Reads again the messages that hold a key which the open tasks of the stored state have and those of the scan have not, or the
/// other way round.
pub(crate) async fn read_again(
    tenant: &Tenant,
    repository: RepositoryId,
    known: &KnownState,
    snapshot: &Snapshot,
) -> Result<(), StoreError> {
    let open = known.tasks.iter().filter(|task| task.closed_at.is_none());
    let before: HashSet<&str> = open.filter_map(|task| task.found.key.as_deref()).collect();
    let now: HashSet<String> = snapshot.tasks.iter().filter_map(|task| task.found.key.clone()).collect();
    let changed: BTreeSet<&str> = {
        let now: HashSet<&str> = now.iter().map(String::as_str).collect();
        before.symmetric_difference(&now).copied().collect()
    };
    if changed.is_empty() {
        return Ok(());
    }
    let changed: Vec<String> = changed.into_iter().map(str::to_owned).collect();
    let reader = CommitReader::of_keys(now);
    for keys in changed.chunks(KEYS) {
        let mut after = None;
        loop {
            let messages = tenant.messages_that_hold(repository, keys, after, STEP).await?;
            let Some(last) = messages.last() else { break };
            after = Some(last.commit);
            let read = messages.into_iter().map(|stored| {
                let references = reader.references(&stored.message);
                (references != stored.references).then_some((stored.commit, references))
            });
            tenant.put_references(&read.flatten().collect::<Vec<_>>()).await?;
        }
    }
    Ok(())
}
