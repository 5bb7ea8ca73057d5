//! Is the service ready? Each check says so in a word; why not stands in the log, for a database's words may name what is
//! nobody's business outside.
//!
//! Whoever asks often is answered with what was found a moment ago, so that asking costs nothing.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use muster_store::{DatabaseUrl, Queue, Store};
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::disk;
use crate::work::Clock;

/// What was found counts for so long.
const FRESH: Duration = Duration::from_secs(1);
/// A check that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(3);
/// With less room on its disk than this a mirror cannot be relied on to be brought up to date, nor a delivery to be
/// recorded in a file.
const ROOM: u64 = 256 * 1024 * 1024;

/// What is watched.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The database.
    pub store: Store,
    /// Its queue.
    pub queue: Queue,
    /// Its address, to look at its schema.
    pub database: DatabaseUrl,
    /// Where mirrors are kept, where any are.
    pub cache: Option<PathBuf>,
    /// What time it is.
    pub clock: Clock,
}

/// How one check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Checked {
    ok: bool,
    says: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_bytes: Option<u64>,
}

/// How all came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// All is well.
    pub ready: bool,
    database: Checked,
    schema: Checked,
    queue: Checked,
    disk: Checked,
    /// The disk of a database that is a file; a server's is not seen from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    database_disk: Option<Checked>,
}

const FINE: Checked = Checked { ok: true, says: "fine", free_bytes: None };

fn failed(says: &'static str) -> Checked {
    Checked { ok: false, says, free_bytes: None }
}

/// What was found last, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct Found(Arc<Mutex<Option<(Instant, Readiness)>>>);

impl Found {
    /// What is so now, or was a moment ago.
    pub(super) async fn readiness(&self, watched: &Watched) -> Readiness {
        // Held while it is looked: of many who ask at once one looks.
        let mut found = self.0.lock().await;
        if let Some((at, readiness)) = *found
            && at.elapsed() < FRESH
        {
            return readiness;
        }
        let readiness = Box::pin(look(watched)).await;
        *found = Some((Instant::now(), readiness));
        readiness
    }
}

async fn look(watched: &Watched) -> Readiness {
    let (database, schema, queue) = tokio::join!(
        within("database", "it does not answer", watched.store.wrapping_keys_in_use()),
        schema(&watched.database),
        within("queue", "no job can be claimed", watched.queue.probe()),
    );
    let disk = match &watched.cache {
        Some(cache) => MIRRORS.room(cache.clone()).await,
        None => FINE,
    };
    let database_disk = match &watched.database {
        DatabaseUrl::Sqlite(file) => Some(FILE.room(file.clone()).await),
        DatabaseUrl::Postgres(_) => None,
    };
    let ready = [database, schema, queue, disk].iter().chain(&database_disk).all(|check| check.ok);
    Readiness { ready, database, schema, queue, disk, database_disk }
}

/// A check that fails where its question does, or takes too long.
async fn within<T, E: std::fmt::Display>(
    what: &'static str,
    says: &'static str,
    question: impl Future<Output = Result<T, E>>,
) -> Checked {
    match timeout(LONGEST, question).await {
        Ok(Ok(_)) => FINE,
        Ok(Err(reason)) => {
            warn!(check = what, error = %reason, "not ready");
            failed(says)
        }
        Err(_) => {
            warn!(check = what, "not ready: it takes too long");
            failed("it takes too long")
        }
    }
}

async fn schema(database: &DatabaseUrl) -> Checked {
    match timeout(LONGEST, Store::schema_status(database)).await {
        Ok(Ok(status)) if status.found == status.known => FINE,
        Ok(Ok(_)) => failed("it is another program's: see muster migrate status"),
        Ok(Err(reason)) => {
            warn!(check = "schema", error = %reason, "not ready");
            failed("nobody can say which it is")
        }
        Err(_) => failed("it takes too long"),
    }
}

/// A disk that has to have room, in words.
struct Disk {
    check: &'static str,
    full: &'static str,
    unknown: &'static str,
}

const MIRRORS: Disk = Disk {
    check: "disk",
    full: "the disk of the mirrors is nearly full",
    unknown: "the disk of the mirrors cannot be looked at",
};
const FILE: Disk = Disk {
    check: "database_disk",
    full: "the disk of the database is nearly full",
    unknown: "the disk of the database cannot be looked at",
};

impl Disk {
    /// Whether there is room where this path is.
    async fn room(&self, path: PathBuf) -> Checked {
        let free = tokio::task::spawn_blocking(move || disk::free(&path)).await;
        match free {
            Ok(Ok(free)) if free >= ROOM => Checked { free_bytes: Some(free), ..FINE },
            Ok(Ok(free)) => {
                warn!(check = self.check, free_bytes = free, "not ready");
                Checked { free_bytes: Some(free), ..failed(self.full) }
            }
            Ok(Err(reason)) => {
                warn!(check = self.check, error = %reason, "not ready");
                failed(self.unknown)
            }
            Err(_) => failed(self.unknown),
        }
    }
}
