//! A row of each tenant in every table, made from the types of its columns, its foreign keys and its checks.
//!
//! The engine itself picks values that pass the checks, from a few candidates a column: the words that the checks
//! speak of, nothing where a column may hold nothing, and a value of its type.

use std::collections::BTreeMap;

use muster_store::isolation::{Catalogue, Column, KeyKind, Reference, TableClass, TableKind, class_of};
use sqlx::{AssertSqlSafe, PgConnection};

use super::Setting;
use crate::scratch::run;

/// Whose row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// The first tenant's: the one that others want to reach.
    First,
    /// The second tenant's: the one that wants to.
    Second,
    /// Nobody's: in the queue.
    Nobodys,
}

/// A row: the text of each value, or none for null.
pub(super) type Row = BTreeMap<String, Option<String>>;

/// What is known of a table that has rows.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) columns: Vec<Column>,
    pub(super) key: Vec<String>,
    pub(super) stored: BTreeMap<Whose, Row>,
    /// Rows that are not stored and could be.
    pub(super) fresh: BTreeMap<Whose, Row>,
    /// For each foreign key a row of the second tenant that refers to the first's: to be added, and to replace the
    /// second's own.
    pub(super) strays: Vec<(String, Row, Row)>,
    /// Rows before ours.
    pub(super) others: u64,
}

/// The rows of every table.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) made: BTreeMap<String, Made>,
    count: i64,
}

/// A condition of a table, and the columns that it speaks of.
struct Check {
    columns: Vec<String>,
    condition: String,
}

impl Rows {
    /// Makes and stores them.
    pub(super) async fn make(connection: &mut PgConnection, catalogue: &Catalogue) -> Self {
        let mut rows = Self::default();
        let tables = catalogue.tables.iter().filter(|table| table.kind == TableKind::Table);
        let mut left: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
        while !left.is_empty() {
            let before = left.len();
            let mut later = Vec::new();
            for table in left {
                let mut parents = catalogue.references.iter().filter(|r| r.table == table && r.to != table);
                if parents.all(|parent| rows.made.contains_key(&parent.to)) {
                    rows.fill(connection, catalogue, table).await;
                } else {
                    later.push(table);
                }
            }
            assert!(later.len() < before, "foreign keys go round in a circle: {later:?}");
            left = later;
        }
        rows
    }

    /// What the setting says.
    pub(super) fn setting(&self, setting: Setting) -> Option<String> {
        match setting {
            Setting::Unset => None,
            Setting::Empty => Some(String::new()),
            Setting::Other => Some(self.tenant(Whose::Second)),
            Setting::Malformed => Some("not-an-id".to_owned()),
            Setting::Own => Some(self.tenant(Whose::First)),
        }
    }

    fn tenant(&self, whose: Whose) -> String {
        self.made["tenants"].stored[&whose]["id"].clone().expect("an id is never null")
    }

    async fn fill(&mut self, connection: &mut PgConnection, catalogue: &Catalogue, table: &str) {
        let computed = computed(connection, table).await;
        let is_given = |column: &&Column| column.table == table && !computed.contains(&column.name);
        let columns: Vec<Column> = catalogue.columns.iter().filter(is_given).cloned().collect();
        let primary = catalogue.keys.iter().find(|key| key.table == table && key.kind == KeyKind::Primary);
        let references: Vec<&Reference> =
            catalogue.references.iter().filter(|reference| reference.table == table).collect();
        let checks = checks(connection, table).await;
        let count = AssertSqlSafe(format!("select count(*) from {table}"));
        let others: i64 = sqlx::query_scalar(count).fetch_one(&mut *connection).await.unwrap();
        let made = Made {
            columns,
            key: primary.map(|key| key.columns.clone()).unwrap_or_default(),
            stored: BTreeMap::new(),
            fresh: BTreeMap::new(),
            strays: Vec::new(),
            others: others as u64,
        };
        self.made.insert(table.to_owned(), made);
        let mut owners = vec![Whose::First, Whose::Second];
        if class_of(table) == Some(TableClass::Queue) {
            owners.push(Whose::Nobodys);
        }
        for whose in &owners {
            let row = self.row(connection, table, *whose, &references, &checks, &Row::new()).await;
            run(connection, &self.insert(table, &row)).await;
            self.made.get_mut(table).unwrap().stored.insert(*whose, row);
        }
        for whose in owners {
            let row = self.row(connection, table, whose, &references, &checks, &Row::new()).await;
            self.made.get_mut(table).unwrap().fresh.insert(whose, row);
        }
        for reference in &references {
            let target = &self.made[&reference.to].stored[&Whose::First];
            let pairs = reference.columns.iter().zip(&reference.to_columns);
            // The row stays the second tenant's, unless the tenant is all that the key says.
            let stray: Row = pairs
                .filter(|(from, _)| reference.columns.len() == 1 || *from != "tenant_id")
                .map(|(from, to)| (from.clone(), target[to].clone()))
                .collect();
            let added = self.row(connection, table, Whose::Second, &references, &checks, &stray).await;
            let mut moved = added.clone();
            let own = &self.made[table].stored[&Whose::Second];
            for column in self.made[table].key.iter().filter(|column| !stray.contains_key(*column)) {
                moved.insert(column.clone(), own[column].clone());
            }
            self.made.get_mut(table).unwrap().strays.push((reference.name.clone(), added, moved));
        }
    }

    /// A row that passes the checks; `forced` says what some of its columns have to hold.
    async fn row(
        &mut self,
        connection: &mut PgConnection,
        table: &str,
        whose: Whose,
        references: &[&Reference],
        checks: &[Check],
        forced: &Row,
    ) -> Row {
        self.count += 1;
        let columns = &self.made[table].columns;
        let mut sources = Vec::new();
        for column in columns {
            let about: Vec<&Check> = checks.iter().filter(|c| c.columns.contains(&column.name)).collect();
            let values = match forced.get(&column.name) {
                Some(value) => vec![value.clone()],
                None => self.candidates(column, table, whose, references, &about),
            };
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("({}::{})", quoted(value.as_deref()), column.data_type))
                .collect();
            sources.push(format!("(values {}) as \"v_{1}\" (\"{1}\")", values.join(", "), column.name));
        }
        let shown: Vec<String> = columns.iter().map(|column| format!("\"{}\"::text", column.name)).collect();
        let conditions: Vec<String> =
            checks.iter().map(|check| format!("coalesce({}, true)", check.condition)).collect();
        let conditions = if conditions.is_empty() { "true".to_owned() } else { conditions.join(" and ") };
        let text = format!(
            "select array[{}] from {} where {conditions} limit 1",
            shown.join(", "),
            sources.join(", ")
        );
        let found: Option<Vec<Option<String>>> =
            sqlx::query_scalar(AssertSqlSafe(text.clone())).fetch_optional(connection).await.unwrap();
        let values = found.unwrap_or_else(|| panic!("no row of {table} passes its checks: {text}"));
        columns.iter().map(|column| column.name.clone()).zip(values).collect()
    }

    /// Values that a column may hold, the likeliest first.
    fn candidates(
        &self,
        column: &Column,
        table: &str,
        whose: Whose,
        references: &[&Reference],
        about: &[&Check],
    ) -> Vec<Option<String>> {
        let is_tenant = column.name == "tenant_id";
        if is_tenant && whose == Whose::Nobodys {
            return vec![None];
        }
        let referred = references.iter().filter(|reference| reference.to != table).find_map(|reference| {
            let at = reference.columns.iter().position(|name| *name == column.name)?;
            self.made[&reference.to].stored.get(&whose)?.get(&reference.to_columns[at]).cloned()
        });
        let to_itself = references.iter().any(|r| r.to == table && r.columns.contains(&column.name));
        let mut values = Vec::new();
        match referred {
            Some(value) => values.push(value),
            None if is_tenant => return vec![Some(self.tenant(whose))],
            None if to_itself && column.nullable => return vec![None],
            None => values.extend(self.own_values(column, about).into_iter().map(Some)),
        }
        if column.nullable && !is_tenant {
            values.push(None);
        }
        values
    }

    fn own_values(&self, column: &Column, about: &[&Check]) -> Vec<String> {
        let n = self.count;
        let words = about.iter().flat_map(|check| check.condition.split('\'').skip(1).step_by(2));
        let mut values: Vec<String> = match column.data_type.as_str() {
            "uuid" => vec![format!("00000000-0000-7000-8000-{n:012x}")],
            "bigint" | "integer" => vec![(1000 + n).to_string()],
            "boolean" => vec!["true".to_owned(), "false".to_owned()],
            "bytea" => vec![format!("\\x{n:064x}"), format!("\\x{n:040x}")],
            "text" => words.map(str::to_owned).collect(),
            "timestamp with time zone" => vec!["2024-01-01T00:00:00Z".to_owned()],
            other => panic!("{}.{}: say in own_values what a {other} looks like", column.table, column.name),
        };
        if column.data_type == "text" {
            values.push(format!("x{n}"));
        }
        values
    }

    /// The statement that adds a row.
    pub(super) fn insert(&self, table: &str, row: &Row) -> String {
        let made = &self.made[table];
        let names: Vec<&str> = made.columns.iter().map(|column| column.name.as_str()).collect();
        let values: Vec<String> = names.iter().map(|name| quoted(row[*name].as_deref())).collect();
        format!(
            "insert into {table} ({}) overriding system value values ({})",
            names.join(", "),
            values.join(", ")
        )
    }

    /// The condition that is true for a row alone.
    pub(super) fn is(&self, table: &str, row: &Row) -> String {
        let parts: Vec<String> = self.made[table]
            .key
            .iter()
            .map(|name| format!("{name} = {}", quoted(row[name].as_deref())))
            .collect();
        if parts.is_empty() { "true".to_owned() } else { parts.join(" and ") }
    }
}

/// A value as a literal.
pub(super) fn quoted(value: Option<&str>) -> String {
    value.map_or("null".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

/// The columns that the engine computes from the others.
async fn computed(connection: &mut PgConnection, table: &str) -> Vec<String> {
    let names = sqlx::query_scalar(
        "select attname::text from pg_attribute where attrelid = $1::regclass and attgenerated <> ''",
    );
    names.bind(table).fetch_all(connection).await.unwrap()
}

async fn checks(connection: &mut PgConnection, table: &str) -> Vec<Check> {
    let rows: Vec<(Vec<String>, String)> = sqlx::query_as(
        "select (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
            pg_get_expr(k.conbin, k.conrelid)
        from pg_constraint k where k.contype = 'c' and k.conrelid = $1::regclass",
    )
    .bind(table)
    .fetch_all(connection)
    .await
    .unwrap();
    rows.into_iter().map(|(columns, condition)| Check { columns, condition }).collect()
}
