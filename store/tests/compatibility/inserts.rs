//! Which columns an `insert` gives a value: an engine plans one that leaves out a column which has to have one, and
//! refuses only the row.

use std::collections::BTreeSet;

/// A table and the columns that a statement writes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Insert {
    pub(crate) table: String,
    pub(crate) columns: BTreeSet<String>,
}

/// Every insert of a statement.
pub(crate) fn inserts(text: &str) -> Vec<Insert> {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default().to_lowercase());
    let code = lines.collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("into ") {
        let before = code[..at].trim_end();
        if !["insert", "or replace", "or ignore"].iter().any(|verb| before.ends_with(verb)) {
            continue;
        }
        let rest = &code[at + "into ".len()..];
        let Some((table, rest)) = rest.split_once('(') else { continue };
        // Behind the name may stand an alias, and no list at all: `insert into t select ..` names every column.
        let mut words = table.split_whitespace();
        let table = words.next().unwrap_or_default().to_owned();
        if words.any(|word| word == "select" || word == "values") {
            continue;
        }
        let columns = rest.split(')').next().unwrap_or_default();
        found
            .push(Insert { table, columns: columns.split(',').map(|name| name.trim().to_owned()).collect() });
    }
    found
}

#[test]
fn inserts_are_found_with_their_columns() {
    let text = "-- insert into nothing (a)\nwith x as (select 1)\ninsert into t (a,\n b) select 1, 2 from x\n\
        on conflict do nothing; insert or ignore into u as n (c) values (f(1))";
    let insert = |table: &str, columns: &[&str]| Insert {
        table: table.into(),
        columns: columns.iter().map(|name| (*name).into()).collect(),
    };
    assert_eq!(inserts(text), [insert("t", &["a", "b"]), insert("u", &["c"])]);
}
