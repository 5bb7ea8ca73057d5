//! Fills an empty database with one great tenant among small ones, the same rows in every run:
//!
//!     cargo run --release -p muster-store --example fill -- DATABASE [SMALL TENANTS]
//!
//! DATABASE is a path or an address; on PostgreSQL its tables are there already (`muster migrate`).

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for measurements: a panic is the message"
)]

#[path = "fill/rows.rs"]
mod rows;
#[path = "fill/tenants.rs"]
mod tenants;

use muster_store::Store;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let database = arguments.next().expect("the database to fill is the first argument");
    let small = arguments.next().map_or(99, |number| number.parse().unwrap());
    let store = Store::open(&database.parse().unwrap()).await.unwrap();
    tenants::fill(&store, tenants::GREAT, small).await;
    store.close().await;
    println!("filled: 1 great tenant, {small} small ones");
}
