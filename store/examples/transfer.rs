//! Measures a transfer of a large database from SQLite to PostgreSQL and back. Run by `benches/transfer`.
//!
//!     transfer FOLDER POSTGRES_URL [SMALL TENANTS]
//!
//! The PostgreSQL database is empty, without tables, and the address is that of the role that is to own them. Export and
//! import of the great tenant are measured beside it, for they read and write through the same code.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement: a panic is the message")]

#[path = "fill/rows.rs"]
mod rows;
#[path = "fill/tenants.rs"]
mod tenants;

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::PathBuf;
use std::time::Instant;

use muster_store::{DatabaseUrl, ImportOptions, MovedTable, Store, SystemRandom, Timestamp, Transfer};

const NOW: Timestamp = Timestamp(1_700_000_000_000);

fn quiet(_: &str, _: u64) {}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("a folder is the first argument"));
    let postgres: DatabaseUrl =
        arguments.next().expect("a PostgreSQL address is the second").parse().unwrap();
    let small = arguments.next().map_or(99, |number| number.parse().unwrap());
    let [here, back] = ["here.db", "back.db"].map(|name| DatabaseUrl::Sqlite(folder.join(name)));

    let begun = Instant::now();
    let store = Store::open(&here).await.unwrap();
    tenants::fill(&store, tenants::GREAT, small).await;
    store.close().await;
    println!("filled an SQLite file in {:.1?}", begun.elapsed());

    let there = moved("SQLite to PostgreSQL", &here, &postgres).await;
    let again = moved("PostgreSQL to SQLite", &postgres, &back).await;
    println!();
    println!("{:<18} {:>10}  {:<32}  {:>9}  back again", "table", "rows", "checksum", "NUL texts");
    for (one, other) in there.iter().zip(&again) {
        let same = if one == other { "equal" } else { "DIFFERS" };
        println!("{:<18} {:>10}  {:032x}  {:>9}  {same}", one.name, one.rows, one.checksum, one.nul_texts);
    }
    assert_eq!(there, again);
    println!("every table is equal there and back");
    exported(&folder, &here).await;
}

async fn moved(words: &str, from: &DatabaseUrl, to: &DatabaseUrl) -> Vec<MovedTable> {
    let begun = Instant::now();
    let tables = Transfer::open(from, to).await.unwrap().run(&quiet).await.unwrap();
    let (rows, time) = (tables.iter().map(|table| table.rows).sum::<u64>(), begun.elapsed());
    println!(
        "{words}: {rows} rows in {time:.1?} with the comparison, {:.0} rows/s",
        rows as f64 / time.as_secs_f64()
    );
    tables
}

async fn exported(folder: &std::path::Path, from: &DatabaseUrl) {
    let (file, store) = (folder.join("great.ndjson"), Store::open(from).await.unwrap());
    let tenant = store.tenant_by_subdomain("great").await.unwrap().unwrap().id;
    let begun = Instant::now();
    let mut out = BufWriter::new(File::create(&file).unwrap());
    let summary = store.tenant(tenant).export(&mut out, None, NOW, &quiet).await.unwrap();
    out.flush().unwrap();
    let rows: u64 = summary.tables.iter().map(|(_, rows)| rows).sum();
    let bytes = file.metadata().unwrap().len();
    println!("export of the great tenant: {rows} rows, {bytes} bytes in {:.1?}", begun.elapsed());
    let other = Store::open(&DatabaseUrl::Sqlite(folder.join("imported.db"))).await.unwrap();
    let begun = Instant::now();
    let options = ImportOptions { copy_as: None, keys: None, random: &SystemRandom, now: NOW, actor: None };
    other.import_tenant(&mut BufReader::new(File::open(&file).unwrap()), options, &quiet).await.unwrap();
    println!("import into SQLite: {:.1?}", begun.elapsed());
    if let Some(peak) = peak_memory() {
        println!("most memory that this process had: {peak}");
    }
}

/// As Linux counts it.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}
