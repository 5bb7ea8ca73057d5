//! Killed in the middle: an import has left nothing, a transfer goes on, an export is known to be cut off.

use std::fs::File;
use std::io::BufReader;

use muster_store::{DatabaseUrl, ExportFileError, Store, Transfer, check_export};

use crate::children::{finished, killed_after, text};
use crate::exports::{exported, rows};
use crate::filled::{Filled, run};
use crate::quiet;
use crate::scratch::ScratchDatabase;

/// More rows for the first tenant: some thousands in several tables.
async fn large() -> Filled {
    let filled = Filled::new().await;
    let mut connection = filled.connection().await;
    let statements = "
        begin;
        create temp table acme as select id from tenants where subdomain = 'acme';
        create temp table n as with recursive n(i) as (select 10 union all select i + 1 from n where i < 3009)
            select i from n;
        insert into paths select (select id from acme), i, 7, cast('p/' || i as blob) from n;
        insert into tasks select (select id from acme), i, 7, 1, 'checkbox', null, 'task' || i, 'open', 'a', i, 0,
            case when i < 3000 then i + 1 end, null, null, null, '[]', '', null from n;
        insert into commits select (select id from acme), i, 7, randomblob(20), x'', 1, i, 0, 1, i, 0, 'commit ' || i, 1, 1,
            null, null from n;
        insert into commit_paths select (select id from acme), i, i from n;
        insert into audit_log select (select id from acme), i, 0, '', '', '', '', zeroblob(32), zeroblob(32) from n;
        commit;";
    run(&mut connection, statements).await;
    filled
}

/// Numbers that are the same in every run and look as if thrown (xorshift64, Marsaglia 2003).
fn thrown(seed: u64, bound: usize) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        1 + (state % bound as u64) as usize
    })
}

#[tokio::test]
async fn a_killed_import_leaves_nothing() {
    let filled = large().await;
    let file = filled.folder.path().join("export.ndjson");
    let before = exported(&Store::open(&filled.url()).await.unwrap()).await;
    std::fs::write(&file, &before).unwrap();
    let database = ScratchDatabase::new().await;
    let urls =
        [database.service_address().to_string(), text(&filled.folder.path().join("new.db")).to_owned()];
    for (seed, url) in (1..).zip(urls) {
        for lines in thrown(seed, 15).take(4) {
            assert!(!killed_after(lines, "import", text(&file), &url));
            let store = Store::open(&url.parse().unwrap()).await.unwrap();
            assert!(store.list_tenants().await.unwrap().is_empty(), "behind {lines} thousand rows");
            store.close().await;
        }
        finished("import", text(&file), &url);
        let store = Store::open(&url.parse().unwrap()).await.unwrap();
        assert!(rows(&exported(&store).await) == rows(&before));
        store.close().await;
    }
    database.remove().await;
}

#[tokio::test]
async fn a_killed_transfer_goes_on() {
    let filled = large().await;
    let database = ScratchDatabase::without_tables().await;
    let there = database.owner_address().to_string();
    let back = filled.folder.path().join("back.db");
    let ways = [(text(&filled.path).to_owned(), there.clone()), (there, text(&back).to_owned())];
    for (seed, (from, to)) in (1..).zip(ways) {
        for lines in thrown(seed, 25).take(5) {
            if killed_after(lines, "transfer", &from, &to) {
                break;
            }
        }
        let (from, to): (DatabaseUrl, DatabaseUrl) = (from.parse().unwrap(), to.parse().unwrap());
        let transfer = Transfer::open(&from, &to).await.unwrap();
        let plan = transfer.plan(&quiet).await.unwrap();
        assert!(plan.goes_on);
        let moved = transfer.run(&quiet).await.unwrap();
        assert_eq!(moved, plan.tables);
        assert!(matches!(
            Transfer::open(&from, &to).await.unwrap().run(&quiet).await,
            Err(muster_store::TransferError::NotEmpty)
        ));
    }
    let (here, back) =
        (Store::open(&filled.url()).await.unwrap(), Store::open(&DatabaseUrl::Sqlite(back)).await.unwrap());
    assert!(exported(&here).await == exported(&back).await);
    database.remove().await;
}

#[tokio::test]
async fn a_killed_export_is_known_to_be_cut_off() {
    let filled = large().await;
    let file = filled.folder.path().join("export.ndjson");
    for lines in thrown(3, 12).take(3) {
        assert!(!killed_after(lines, "export", text(&filled.path), text(&file)));
        let checked = check_export(&mut BufReader::new(File::open(&file).unwrap()), &quiet);
        let error = checked.unwrap_err();
        assert!(matches!(error, ExportFileError::CutOff(_) | ExportFileError::NotAnExport), "{error}");
    }
    finished("export", text(&filled.path), text(&file));
    check_export(&mut BufReader::new(File::open(&file).unwrap()), &quiet).unwrap();
}
