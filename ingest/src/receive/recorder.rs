//! Recording in groups: whatever waits when one commit ends shares the next.
//!
//! The disk's confirmation is what costs, and it costs the same for one delivery and for a hundred. Nobody waits for a
//! group to fill up: a delivery that comes alone is recorded alone, and the busier it gets the larger groups become. One
//! group at a time, for two were no faster on either engine, and each had half of what waits. A group that fails for a
//! reason that may lie in one of its rows is halved until the others are through.

use muster_store::{NewDelivery, Queue, Recorded, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::{NotTaken, Verified};
use crate::crash_points::reach;

/// Deliveries that wait to be recorded; more than there are connections never wait.
const WAITING: usize = 4096;
/// Deliveries of one group.
const GROUP: usize = 256;
/// Bytes of bodies in one group, unless a single one has more.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// Where deliveries are given to be recorded. Clones lead to the same groups.
#[derive(Clone, Debug)]
pub struct Recorder(mpsc::Sender<Waiting>);

/// A delivery and who waits for it.
#[derive(Debug)]
struct Waiting {
    delivery: Verified,
    answer: oneshot::Sender<Result<Recorded, NotTaken>>,
}

/// The recording itself, which ends when the last [`Recorder`] is gone and what it was given is recorded.
#[derive(Debug)]
pub struct Recording(JoinHandle<()>);

impl Recording {
    /// Waits for the end.
    pub async fn end(self) {
        if let Err(error) = self.0.await {
            tracing::error!(error = &error as &dyn std::error::Error, "failed to record to the end");
        }
    }
}

impl Recorder {
    /// Begins to record into this queue.
    pub fn start(queue: &Queue) -> (Self, Recording) {
        let (sender, waiting) = mpsc::channel(WAITING);
        let recording = tokio::spawn(record_groups(queue.clone(), waiting));
        (Self(sender), Recording(recording))
    }

    /// Records a delivery: what is answered is on the disk.
    pub(super) async fn record(&self, delivery: Verified) -> Result<Recorded, NotTaken> {
        let (answer, answered) = oneshot::channel();
        // Neither end is dropped before the other but at the very end of the program.
        self.0.send(Waiting { delivery, answer }).await.map_err(|_| NotTaken::Unavailable)?;
        answered.await.map_err(|_| NotTaken::Unavailable)?
    }
}

async fn record_groups(queue: Queue, mut waiting: mpsc::Receiver<Waiting>) {
    while let Some(group) = next_group(&mut waiting).await {
        // On a task of its own: one that panics fails its group, and the next is recorded all the same.
        if tokio::spawn(record_group(queue.clone(), group)).await.is_err() {
            tracing::error!("failed to record deliveries: the recorder panicked");
        }
    }
}

/// What waits, as far as one group goes; none when nobody can come any more.
async fn next_group(waiting: &mut mpsc::Receiver<Waiting>) -> Option<Vec<Waiting>> {
    let mut group = vec![waiting.recv().await?];
    let mut bytes = group[0].delivery.bytes();
    while group.len() < GROUP && bytes < GROUP_BYTES {
        let Ok(next) = waiting.try_recv() else { break };
        bytes += next.delivery.bytes();
        group.push(next);
    }
    Some(group)
}

/// Records a group and tells everybody what became of his.
async fn record_group(queue: Queue, group: Vec<Waiting>) {
    let mut parts = vec![group];
    while let Some(mut part) = parts.pop() {
        let deliveries: Vec<NewDelivery<'_>> =
            part.iter().map(|waiting| waiting.delivery.to_record()).collect();
        reach("before-record");
        match queue.record(&deliveries).await {
            Ok(recorded) => {
                reach("recorded");
                for (waiting, recorded) in part.into_iter().zip(recorded) {
                    tell(waiting, recorded);
                }
            }
            Err(error) if part.len() > 1 && may_be_of_one_row(&error) => {
                parts.push(part.split_off(part.len() / 2));
                parts.push(part);
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, deliveries = part.len(), "failed to record deliveries");
                // Whoever waited may have gone; that is his business.
                part.into_iter().for_each(|waiting| _ = waiting.answer.send(Err(NotTaken::Unavailable)));
            }
        }
    }
}

fn tell(waiting: Waiting, recorded: Recorded) {
    match recorded {
        Recorded::New(id) => tracing::debug!(delivery.id = %id, "recorded a delivery"),
        Recorded::Repeat => {}
        Recorded::Conflict => tracing::warn!(
            delivery.guid = waiting.delivery.guid(),
            hook = shown(waiting.delivery.hook()),
            "another body was signed under the id of a delivery that is recorded: the first is kept"
        ),
    }
    _ = waiting.answer.send(Ok(recorded));
}

/// As much of a hook key as logs show.
fn shown(hook: &str) -> &str {
    hook.get(..8).unwrap_or(hook)
}

/// The database works, and did not take these rows. It may be one of them: a tenant that was deleted since its hook was
/// looked up.
fn may_be_of_one_row(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Other(_) | StoreError::TooLong | StoreError::Batch(_) | StoreError::Damaged(_)
    )
}
