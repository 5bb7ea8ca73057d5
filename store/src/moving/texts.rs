//! The texts of the statements that move rows, made from the list of tables and compared with the files.
//!
//! Files all the same, so that they are read, prepared and searched like every other statement. After a change of the
//! list: `cargo test -p muster-store --lib texts -- write_texts` writes them anew.

use std::collections::BTreeMap;
use std::path::Path;

use super::table::{Kind, Table};
use super::tables::TABLES;
use crate::database::Role;

const WIDTH: usize = 120;

/// Words behind a beginning, between commas, in lines of at most 120 letters.
fn listed(begin: &str, words: &[String], end: &str) -> String {
    let mut text = String::new();
    let mut line = begin.to_owned();
    for (n, word) in words.iter().enumerate() {
        let piece = if n + 1 < words.len() { format!("{word},") } else { format!("{word}{end}") };
        let gap = usize::from(n > 0);
        if line.len() + gap + piece.len() > WIDTH {
            text.push_str(&line);
            line = format!("\n    {piece}");
        } else {
            line.push_str(&" "[..gap]);
            line.push_str(&piece);
        }
    }
    text + &line
}

fn names<'a>(columns: impl Iterator<Item = &'a str>) -> Vec<String> {
    columns.map(str::to_owned).collect()
}

fn read(table: &Table, from: &str) -> String {
    let columns = names(table.columns.iter().map(|column| column.name));
    format!("{}\n{from}\norder by {}\n", listed("select ", &columns, ""), table.key)
}

/// The columns that a statement takes, as PostgreSQL's arrays.
fn arrays(kinds: &[Kind]) -> Vec<String> {
    let array = |kind: &Kind| match kind.word() {
        "number" => "bigint[]",
        "flag" => "boolean[]",
        "text" => "text[]",
        _ => "bytea[]",
    };
    (2..).zip(kinds).map(|(n, kind)| format!("${n}::{}", array(kind))).collect()
}

/// An installation that nobody has claimed may be there already; `where true` tells `on` from a join's.
const CLAIM: &str = "where true
on conflict (provider, installation_id) do update
set tenant_id = excluded.tenant_id, account = excluded.account, created_at = excluded.created_at,
    suspended_at = excluded.suspended_at, removed_at = excluded.removed_at, report_time = excluded.report_time,
    report_rank = excluded.report_rank, report_digest = excluded.report_digest
where installations.tenant_id is null
";

fn add(table: &Table, with_ids: bool) -> [String; 2] {
    let columns: Vec<_> = table.columns.iter().filter(|column| with_ids || column.name != "id").collect();
    let owner = if table.name == "tenants" { "id" } else { "tenant_id" };
    let plain = names(columns.iter().map(|column| column.name));
    let all = [vec![owner.to_owned()], plain.clone()].concat();
    let insert = |columns: &[String]| listed(&format!("insert into {} (", table.name), columns, ")");
    let taken = columns.iter().enumerate().map(|(n, column)| match column.kind {
        Kind::Bytes | Kind::MaybeBytes => format!("unhex(j.value ->> {n})"),
        _ => format!("j.value ->> {n}"),
    });
    let taken: Vec<_> = std::iter::once("$1".to_owned()).chain(taken).collect();
    // PostgreSQL has a sequence for them.
    let ids =
        (!with_ids).then(|| format!("(select coalesce(max(t.id), 0) from {} t) + j.key + 1", table.name));
    let with_id = |list: &[String], id: &Option<String>| -> Vec<String> {
        list[..1].iter().chain(id).chain(&list[1..]).cloned().collect()
    };
    let claim = if table.name == "installations" { CLAIM } else { "" };
    let sqlite = format!(
        "{}\n{}\nfrom json_each($2) j\n{claim}",
        insert(&with_id(&all, &ids.as_ref().map(|_| "id".to_owned()))),
        listed("select ", &with_id(&taken, &ids), "")
    );
    let arrays = arrays(&columns.iter().map(|column| column.kind).collect::<Vec<_>>());
    let postgres = if table.role == Role::Operator {
        let named = plain.iter().zip(&arrays).map(|(name, array)| format!("{name} => {array}"));
        let named: Vec<_> = std::iter::once("tenant_id => $1".to_owned()).chain(named).collect();
        format!("{}\n", listed(&format!("select import_{}(", table.name), &named, ")"))
    } else {
        let select: Vec<_> =
            std::iter::once("$1".to_owned()).chain(plain.iter().map(|name| format!("j.{name}"))).collect();
        format!(
            "{}\n{}\n{}\n{}\n",
            insert(&all),
            listed("select ", &select, ""),
            listed("from unnest(", &arrays, ")"),
            listed("    as j(", &plain, ")")
        )
    };
    [sqlite, postgres]
}

/// Every file with its text.
fn texts() -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for table in TABLES {
        let name = table.name;
        let mut put = |file: &str, text: String| _ = texts.insert(format!("{name}/{file}.sql"), text);
        let global = table.role == Role::Operator;
        if global {
            let owner = if name == "tenants" { "id" } else { "tenant_id" };
            put("read.sqlite", read(table, &format!("from {name}\nwhere {owner} = $1")));
            put("read.postgres", read(table, &format!("from export_{name}(tenant_id => $1)")));
        } else {
            put("read", read(table, &format!("from {name}\nwhere tenant_id = $1")));
        }
        let unowned = format!("from {name}\nwhere tenant_id is null");
        match (table.unowned, global) {
            (None, _) => {}
            (Some(_), false) => put("read_unowned", read(table, &unowned)),
            (Some(_), true) => {
                put("read_unowned.sqlite", read(table, &unowned));
                put("read_unowned.postgres", read(table, &format!("from export_{name}(tenant_id => null)")));
            }
        }
        let [sqlite, postgres] = add(table, true);
        put("add.sqlite", sqlite);
        put("add.postgres", postgres);
        if table.add_anew.is_some() {
            let [sqlite, postgres] = add(table, false);
            put("add_anew.sqlite", sqlite);
            put("add_anew.postgres", postgres);
        }
    }
    texts
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/moving"))
}

/// Writes them where it is asked for by name; a test of nothing otherwise.
#[test]
fn write_texts() {
    if std::env::args().any(|argument| argument == "write_texts") {
        for (file, text) in texts() {
            let path = folder().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
}

#[test]
fn the_files_are_what_the_list_of_tables_says() {
    let expected = texts();
    let mut found = BTreeMap::new();
    for table in std::fs::read_dir(folder()).unwrap() {
        let table = table.unwrap().path();
        for file in std::fs::read_dir(&table).unwrap() {
            let file = file.unwrap().path();
            let name = file.strip_prefix(folder()).unwrap().display().to_string();
            found.insert(name, std::fs::read_to_string(file).unwrap());
        }
    }
    assert!(found.keys().eq(expected.keys()), "files without a table, or the other way round");
    let other: Vec<_> =
        expected.iter().filter(|(file, text)| found[*file] != **text).map(|(file, _)| file).collect();
    assert!(other.is_empty(), "write them anew, as the head of this file says: {other:?}");
}
