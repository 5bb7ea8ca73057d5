//! One suite for every method of the store: each has at least one law, a sentence that holds on every database.
//!
//! Laws take an empty store and are listed beside the method that they are about; a method without one fails the
//! suite, and so does an engine that keeps to other laws.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test binary: a panic is the message")]

mod audit;
mod changes;
mod commits;
mod connections;
mod deleting;
mod examples;
mod faults;
mod keys;
mod killed;
mod laws;
mod links;
mod lists;
mod looks;
mod looks_from_outside;
mod moving;
mod objects;
mod planted;
mod pooled;
mod provided;
mod queue;
mod quotas;
mod raw;
mod routes;
mod state;
mod statements;
mod tenants;
mod tokens;
mod users;

#[path = "../scratch/mod.rs"]
mod scratch;

use std::collections::BTreeSet;

use laws::{Law, fresh};
use muster_store::Store;
use scratch::ScratchDatabase;

fn all() -> Vec<Law> {
    [
        tenants::laws(),
        state::laws(),
        commits::laws(),
        lists::laws(),
        looks::laws(),
        audit::laws(),
        users::laws(),
        tokens::laws(),
        routes::laws(),
        quotas::laws(),
        keys::laws(),
        connections::laws(),
        changes::laws(),
        deleting::laws(),
        moving::laws(),
        queue::laws(),
        objects::laws(),
        provided::laws(),
        links::laws(),
    ]
    .concat()
}

#[tokio::test]
async fn every_law_holds_on_sqlite() {
    for law in all() {
        let (store, _folder) = fresh().await;
        println!("{}: {}", law.method, law.says);
        (law.holds)(store).await;
    }
}

#[tokio::test]
async fn every_law_holds_on_postgresql() {
    let database = ScratchDatabase::new().await;
    for law in all() {
        let store = Store::open(&database.url()).await.unwrap();
        println!("{}: {}", law.method, law.says);
        (law.holds)(store.clone()).await;
        store.close().await;
        database.empty().await;
    }
    database.remove().await;
}

#[test]
fn every_method_has_a_law() {
    let with_law: BTreeSet<&str> = all().iter().map(|law| law.method).collect();
    let methods = laws::public_methods();
    assert!(methods.len() > 10, "the methods are not found any more: {methods:?}");
    let without: Vec<_> = methods.iter().filter(|method| !with_law.contains(method.as_str())).collect();
    assert!(without.is_empty(), "methods without a law: {without:?}");
    let gone: Vec<_> = with_law.iter().filter(|method| !methods.contains(**method)).collect();
    assert!(gone.is_empty(), "laws about methods that are not there: {gone:?}");
}
