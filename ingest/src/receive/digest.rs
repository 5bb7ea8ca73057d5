//! What is computed over a whole body: its digests, those of its hook's secrets and its own, in one pass; and, once its
//! signature holds, the block that it is packed into.
//!
//! Its own digest tells a repeat from another body under the same id. Short bodies take microseconds and are worked on where
//! they are; a long one takes as long as a thousand short ones, so it goes to a thread for such work, a few at a time.

use std::sync::Arc;
use std::thread::available_parallelism;

use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::NotTaken;
use super::body::{BodyToRecord, WholeBody};
use crate::verify::Verification;

/// A body that is longer goes to another thread.
const SHORT: usize = 128 * 1024;
/// So much is digested by all before the next part: it stays in the processor's cache.
const PART: usize = 16 * 1024;

/// Digests bodies. Clones share the threads.
#[derive(Clone, Debug)]
pub(super) struct Digesting(Arc<Semaphore>);

impl Digesting {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(available_parallelism().map_or(1, usize::from))))
    }

    /// The verification that has seen all of the body, and the body's SHA-256.
    pub(super) async fn digest(
        &self,
        verification: Verification,
        body: WholeBody,
    ) -> Result<(Verification, [u8; 32], WholeBody), NotTaken> {
        self.work_on(body, move |body| digest(verification, body)).await
    }

    /// The body as it is recorded.
    pub(super) async fn pack(&self, body: WholeBody) -> Result<BodyToRecord, NotTaken> {
        self.work_on(body, WholeBody::pack).await
    }

    async fn work_on<T: Send + 'static>(
        &self,
        body: WholeBody,
        work: impl FnOnce(WholeBody) -> T + Send + 'static,
    ) -> Result<T, NotTaken> {
        if body.bytes.len() <= SHORT {
            return Ok(work(body));
        }
        let thread = self.0.acquire().await.map_err(|_| NotTaken::Unavailable)?;
        // It does not panic; it is dropped only when the runtime is about to end.
        let done = tokio::task::spawn_blocking(move || work(body)).await;
        drop(thread);
        done.map_err(|_| NotTaken::Unavailable)
    }
}

fn digest(mut verification: Verification, body: WholeBody) -> (Verification, [u8; 32], WholeBody) {
    let mut own = Sha256::new();
    for part in body.bytes.chunks(PART) {
        verification.update(part);
        own.update(part);
    }
    (verification, own.finalize().into(), body)
}
