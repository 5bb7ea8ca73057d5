//! What a law is, an empty store for it, and the methods that need one.

use std::collections::BTreeSet;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use muster_store::{DatabaseUrl, Store};
use tempfile::TempDir;

use crate::scratch::ScratchDatabase;

type Holding = Pin<Box<dyn Future<Output = ()>>>;

/// A sentence about a method that holds on every database.
#[derive(Clone)]
pub(crate) struct Law {
    pub(crate) method: &'static str,
    pub(crate) says: &'static str,
    pub(crate) holds: Arc<dyn Fn(Store) -> Holding>,
}

/// A law: the method, the sentence, and the function that panics where it does not hold.
pub(crate) fn law<F>(method: &'static str, says: &'static str, holds: fn(Store) -> F) -> Law
where
    F: Future<Output = ()> + 'static,
{
    Law { method, says, holds: Arc::new(move |store| Box::pin(holds(store))) }
}

/// An empty store on SQLite; its file goes with the folder.
pub(crate) async fn fresh() -> (Store, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&DatabaseUrl::Sqlite(folder.path().join("store.db"))).await.unwrap();
    (store, folder)
}

/// An empty store on PostgreSQL, and its database.
pub(crate) async fn fresh_postgres() -> (Store, ScratchDatabase) {
    let database = ScratchDatabase::new().await;
    let store = Store::open(&database.url()).await.unwrap();
    (store, database)
}

/// The names of the public methods in `impl Store`, `impl Tenant`, `impl Queue` and `impl Wakeups` blocks.
pub(crate) fn public_methods() -> BTreeSet<String> {
    let mut methods = BTreeSet::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut methods);
    methods
}

fn collect(folder: &Path, methods: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, methods);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut inside = false;
        for line in text.lines() {
            if !line.starts_with(' ') && !line.is_empty() {
                inside = matches!(line, "impl Store {" | "impl Tenant {" | "impl Queue {" | "impl Wakeups {");
            }
            let name = line.strip_prefix("    pub async fn ").or_else(|| line.strip_prefix("    pub fn "));
            if let (true, Some(name)) = (inside, name) {
                methods.extend(name.split(['(', '<']).next().map(str::to_owned));
            }
        }
    }
}
