//! Export and import of one tenant; and files that were cut off, altered or made up.

use std::collections::BTreeMap;
use std::io::Cursor;

use muster_store::{
    DatabaseUrl, ExportFileError, ImportError, ImportOptions, Imported, Store, SystemRandom, check_export,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::filled::{Filled, id};
use crate::scratch::ScratchDatabase;
use crate::{NOW, quiet};

/// As the tenant that was exported.
pub(crate) fn same() -> ImportOptions<'static> {
    ImportOptions { copy_as: None, keys: None, random: &SystemRandom, now: NOW, actor: None }
}

/// The lines of the first tenant.
pub(crate) async fn exported(store: &Store) -> String {
    let mut out = Vec::new();
    store.tenant(id(1)).export(&mut out, None, NOW, &quiet).await.unwrap();
    String::from_utf8(out).unwrap()
}

pub(crate) async fn imported(
    store: &Store,
    text: &str,
    options: ImportOptions<'_>,
) -> Result<Imported, ImportError> {
    store.import_tenant(&mut Cursor::new(text), options, &quiet).await
}

fn check(text: &[u8]) -> Result<Vec<(&'static str, u64)>, ExportFileError> {
    check_export(&mut Cursor::new(text), &quiet).map(|summary| summary.tables)
}

/// The rows, without what is the database's own: ids of deliveries and jobs.
pub(crate) fn rows(text: &str) -> Vec<Value> {
    let lines = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let own = |mut row: Value| {
        if matches!(row["table"].as_str(), Some("deliveries" | "jobs")) {
            row.as_object_mut().unwrap().remove("id");
        }
        row
    };
    lines.filter(|line| line.get("end").is_none()).map(own).collect()
}

/// Lines with an end that fits them, as somebody would make one up.
fn sealed(lines: &[String]) -> String {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut tables: BTreeMap<String, u64> = BTreeMap::new();
    for line in &lines[1..] {
        let row: Value = serde_json::from_str(line).unwrap();
        *tables.entry(row["table"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    let sum: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
    let tables = serde_json::to_string(&tables).unwrap();
    let end = format!(r#"{{"end":{{"rows":{},"tables":{tables},"sha256":"{sum}"}}}}"#, lines.len() - 1);
    format!("{text}{end}\n")
}

/// Head and rows.
fn lines(text: &str) -> Vec<String> {
    let all: Vec<String> = text.lines().map(str::to_owned).collect();
    all[..all.len() - 1].to_vec()
}

#[tokio::test]
async fn a_tenant_goes_to_postgresql_and_back() {
    let filled = Filled::new().await;
    let source = Store::open(&filled.url()).await.unwrap();
    let text = exported(&source).await;
    assert!(exported(&source).await == text, "the same rows are the same bytes");
    let counts = check(text.as_bytes()).unwrap();
    assert_eq!(counts.len(), 31);

    let database = ScratchDatabase::new().await;
    let there = Store::open(&database.url()).await.unwrap();
    let result = imported(&there, &text, same()).await.unwrap();
    assert_eq!((result.tenant, result.subdomain.as_str()), (id(1), "acme"));
    assert_eq!((result.tables, result.left_behind.len()), (counts, 0));
    let from_there = exported(&there).await;
    assert_eq!(rows(&from_there), rows(&text));
    assert!(from_there.lines().next().unwrap().contains(r#""engine":"postgres""#));

    let back = Store::open(&filled.beside("back.db")).await.unwrap();
    imported(&back, &from_there, same()).await.unwrap();
    assert_eq!(rows(&exported(&back).await), rows(&text));
    for store in [&there, &back] {
        let again = imported(store, &text, same()).await.unwrap_err();
        assert!(matches!(&again, ImportError::Taken(name) if name == "acme"), "{again}");
    }
    there.close().await;
    database.remove().await;
}

#[tokio::test]
async fn what_is_not_as_it_was_written_is_refused_and_leaves_nothing() {
    let filled = Filled::new().await;
    let text = exported(&Store::open(&filled.url()).await.unwrap()).await;
    let all: Vec<&str> = text.lines().collect();
    let join = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let mut damaged: Vec<(String, String)> = Vec::new();
    for at in (0..text.len()).step_by(997).filter(|at| text.is_char_boundary(*at)) {
        damaged.push((format!("cut off at byte {at}"), text[..at].to_owned()));
    }
    damaged.push(("without the last byte".into(), text[..text.len() - 1].to_owned()));
    for at in [2, 10, all.len() - 2] {
        damaged.push((format!("line {at} twice"), join(&[&all[..=at], &all[at..]].concat())));
        damaged.push((format!("without line {at}"), join(&[&all[..at], &all[at + 1..]].concat())));
    }
    let swapped = [&all[..3], &[all[4], all[3]], &all[5..]].concat();
    damaged.push(("two lines swapped".into(), join(&swapped)));
    damaged.push(("a digit altered".into(), text.replacen("\"is_active\":true", "\"is_active\":false", 1)));
    damaged.push(("more behind the end".into(), format!("{text}{}\n", all[5])));
    damaged.push(("another format".into(), text.replacen("\"muster_export\":1", "\"muster_export\":2", 1)));
    damaged.push(("another schema".into(), text.replacen("\"schema\":", "\"schema\":9", 1)));
    damaged.push(("another program's".into(), "SQLite format 3\0".repeat(10_000)));
    damaged.push(("nothing".into(), String::new()));

    let database = ScratchDatabase::new().await;
    let empty = filled.beside("empty.db");
    for url in [database.url(), empty] {
        let store = Store::open(&url).await.unwrap();
        for (what, text) in &damaged {
            assert!(check(text.as_bytes()).is_err(), "{what}");
            assert!(imported(&store, text, same()).await.is_err(), "{what}");
        }
        assert!(store.list_tenants().await.unwrap().is_empty());
        imported(&store, &text, same()).await.unwrap();
        store.close().await;
    }
    database.remove().await;
}

/// The first line of an export that a later program wrote.
const NEWER: &str = concat!(
    r#"{"muster_export":1,"schema":9999,"engine":"sqlite","tenant_id":"x","subdomain":"a","exported_at":""}"#,
    "\n"
);

#[test]
fn refusals_say_where() {
    // The number of the schema moves on.
    let known = check(NEWER.as_bytes()).unwrap_err().to_string();
    let known = known.split("program's is ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let said =
        |text: &str| check(text.as_bytes()).unwrap_err().to_string().replace(&format!(" {known};"), " N;");
    insta::assert_snapshot!(said("{}\n"), @"read the export: its first line is not that of an export of muster");
    let head = NEWER.trim_end().replace("9999", &known);
    insta::assert_snapshot!(said(NEWER), @"read the export: its rows are of schema 9999 and this program's is N; import it with the muster that wrote it, into a database of that schema, and bring that one up to date");
    insta::assert_snapshot!(said(&head.replace(":1,", ":7,")), @"read the export: its format is number 7 and this program knows 1; use the muster that wrote it");
    insta::assert_snapshot!(said(&format!("{head}\n")), @"read the export: it is cut off behind line 1; export again, or copy the whole file");
    insta::assert_snapshot!(said(&format!("{head}\nx\n")), @"read line 2 of the export: it is no JSON object");
    insta::assert_snapshot!(said(&format!("{head}\n{{\"table\":\"commit_paths\",\"commit_id\":1,\"path_id\":2}}\n")), @"read line 2 of the export: the tenant's own row is the first, and there is no other");
}

#[tokio::test]
async fn a_made_up_export_brings_in_nothing_that_does_not_hold() {
    let filled = Filled::new().await;
    let text = exported(&Store::open(&filled.url()).await.unwrap()).await;
    let good = lines(&text);
    assert!(sealed(&good) == text, "the end can be made up: it is no signature");
    let at = |table: &str| {
        good.iter().position(|line| line.contains(&format!("{{\"table\":\"{table}\""))).unwrap()
    };
    let with = |at: usize, line: String| {
        let mut lines = good.clone();
        lines[at] = line;
        sealed(&lines)
    };
    let altered = |table: &str, from: &str, to: &str| {
        let line = &good[at(table)];
        assert!(line.contains(from), "{line}");
        with(at(table), line.replacen(from, to, 1))
    };
    let twice = |table: &str| {
        let mut lines = good.clone();
        lines.insert(at(table), good[at(table)].clone());
        sealed(&lines)
    };
    let forged = [
        twice("users"),
        twice("audit_log"),
        twice("deliveries"),
        altered("refs", "\"repository_id\":7", "\"repository_id\":8"),
        altered("commits", "\"repository_id\":7", "\"repository_id\":8"),
        altered("hook_keys", "\"repository_id\":7", "\"repository_id\":8"),
        altered("users", "\"role\":\"owner\"", "\"role\":\"god\""),
        altered("tasks", "\"parent_id\":9223372036854775807", "\"parent_id\":77"),
        with(0, good[0].replacen("\"subdomain\":\"acme\"", "\"subdomain\":\"A cme\"", 1)),
        with(0, good[0].replacen("\"tenant_id\":\"01", "\"tenant_id\":\"zz", 1)),
    ];
    let database = ScratchDatabase::new().await;
    for url in [database.url(), filled.beside("empty.db")] {
        let store = Store::open(&url).await.unwrap();
        for text in &forged {
            assert!(imported(&store, text, same()).await.is_err());
        }
        assert!(store.list_tenants().await.unwrap().is_empty());
        store.close().await;
    }
    database.remove().await;
}

#[tokio::test]
async fn one_state_is_exported_whatever_is_written_meanwhile() {
    let filled = Filled::new().await;
    let database = ScratchDatabase::new().await;
    let there = Store::open(&database.url()).await.unwrap();
    let here = Store::open(&filled.url()).await.unwrap();
    let text = exported(&here).await;
    imported(&there, &text, same()).await.unwrap();
    for (store, url) in [(&here, filled.url()), (&there, database.url())] {
        let before = exported(store).await;
        // Written once the head is out: users are read behind it.
        let mut out = Meanwhile { url: url.clone(), written: Vec::new(), done: false };
        store.tenant(id(1)).export(&mut out, None, NOW, &quiet).await.unwrap();
        assert!(String::from_utf8(out.written).unwrap() == before);
        assert!(rows(&exported(store).await).len() > rows(&before).len());
    }
    there.close().await;
    database.remove().await;
}

/// Has somebody else write to the tenant as soon as the first line is out.
struct Meanwhile {
    url: DatabaseUrl,
    written: Vec<u8>,
    done: bool,
}

impl std::io::Write for Meanwhile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written.extend(bytes);
        if !std::mem::replace(&mut self.done, true) {
            let url = self.url.clone();
            let write = async move {
                let facts = muster_store::RepositoryFacts {
                    source_key: "meanwhile".into(),
                    name: "meanwhile".into(),
                    clone_url: None,
                    branch: None,
                    head: None,
                    dirty: false,
                    shallow: false,
                    extractor_version: 1,
                };
                let mut change = crate::copies::change();
                change.facts = facts;
                let store = Store::open(&url).await.unwrap();
                store.tenant(id(1)).apply_state(&change, NOW).await.unwrap();
            };
            let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            std::thread::scope(|scope| scope.spawn(|| runtime().block_on(write)).join().unwrap());
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_tenant_that_is_not_there_is_not_exported() {
    let filled = Filled::new().await;
    let store = Store::open(&filled.url()).await.unwrap();
    let nobody = muster_store::TenantId::new(NOW);
    let mut out = Vec::new();
    assert!(store.tenant(nobody).export(&mut out, None, NOW, &quiet).await.is_err());
    assert!(out.is_empty());
}
