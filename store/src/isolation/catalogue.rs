//! What an engine says of the objects in a database: plain values, the same for both engines.
//!
//! Objects of the schema `public` (and of an SQLite file) are called by their names, others by `schema.name`.

use serde::Deserialize;

/// The engine that keeps a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// Its name, as people write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// The objects of a database that have a part in keeping tenants apart. SQLite has no policies, grants, functions,
/// roles and session defaults: their lists are empty there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// Who says so.
    pub engine: Engine,
    /// Foreign keys are obeyed. Always on PostgreSQL.
    pub foreign_keys: bool,
    /// Tables and views.
    pub tables: Vec<Table>,
    /// Columns of tables, in order.
    pub columns: Vec<Column>,
    /// Primary keys, unique constraints and indexes.
    pub keys: Vec<Key>,
    /// Foreign keys.
    pub references: Vec<Reference>,
    /// Policies of row-level security.
    pub policies: Vec<Policy>,
    /// What was granted to others than the owner.
    pub grants: Vec<Grant>,
    /// Functions and procedures.
    pub functions: Vec<Function>,
    /// The run-time roles.
    pub roles: Vec<DatabaseRole>,
    /// Triggers, and rewrite rules.
    pub triggers: Vec<Trigger>,
    /// What sessions begin with.
    pub settings: Vec<SessionDefault>,
}

/// What holds rows, or shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// It holds them.
    Table,
    /// It shows those of others.
    View,
    /// It holds copies of those of others.
    MaterialisedView,
}

/// A table or view.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: TableKind,
    /// The role that owns it; empty on SQLite.
    pub owner: String,
    /// Row-level security is on.
    pub row_security: bool,
    /// It binds the owner too.
    pub forced: bool,
    /// A view that reads with the rights of who asks.
    pub invoker: bool,
    /// Columns hold what their types say. Always on PostgreSQL.
    pub strict: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Column {
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// Its type, in the engine's words.
    #[serde(rename = "type")]
    pub data_type: String,
    /// It may be null.
    pub nullable: bool,
    /// It is numbered by a sequence of its own.
    pub identity: bool,
    /// The expression that fills it in where nothing is said.
    pub default: Option<String>,
}

/// Which kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// The primary key.
    Primary,
    /// Refuses a second row of the same values.
    Unique,
    /// Finds rows.
    Index,
}

/// A key or index of a table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Key {
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: KeyKind,
    /// Its columns, in order; an expression stands as its text.
    pub columns: Vec<String>,
    /// The rows that it is about, where not all.
    pub predicate: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reference {
    /// The table that refers.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The columns that refer, in order.
    pub columns: Vec<String>,
    /// The table that is referred to.
    pub to: String,
    /// Its columns, in the same order.
    pub to_columns: Vec<String>,
}

/// A policy of row-level security.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Policy {
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// It lets rows through that no other policy does.
    pub permissive: bool,
    /// It is about every command.
    pub every_command: bool,
    /// The roles that it is about; `PUBLIC` is everybody.
    pub roles: Vec<String>,
    /// Which rows are seen.
    pub using: Option<String>,
    /// Which rows may be written.
    pub check: Option<String>,
}

/// A right that somebody was granted on an object that is not his.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Grant {
    /// `table`, `sequence`, `column`, `function`, `schema`, `database`, or `default` for objects to come.
    pub kind: String,
    /// The object; for `default` what kind of object is to come.
    pub object: String,
    /// The column, the types of a function's arguments, or who is to make the objects to come.
    pub part: Option<String>,
    /// Who; `PUBLIC` is everybody.
    pub grantee: String,
    /// What, in the engine's words.
    pub privilege: String,
    /// And may pass it on.
    pub grantable: bool,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The types of its arguments.
    pub arguments: String,
    /// It runs with its owner's rights.
    pub definer: bool,
    /// It may look at rows before row-level security does.
    pub leakproof: bool,
    /// The role that owns it.
    pub owner: String,
    /// What is set while it runs: `name=value`.
    pub settings: Vec<String>,
}

/// A run-time role.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DatabaseRole {
    /// Its name.
    pub name: String,
    /// `SUPERUSER`, `BYPASSRLS`, ...
    pub powers: Vec<String>,
    /// Roles that it can become.
    pub member_of: Vec<String>,
    /// Schemas that are its own.
    pub owned_schemas: Vec<String>,
}

/// A trigger or rewrite rule that somebody made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trigger {
    /// The table.
    pub table: String,
    /// Its name.
    pub name: String,
    /// The statement that makes it.
    pub text: String,
}

/// A setting that a session begins with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionDefault {
    /// Whose sessions; `None` for everybody's.
    pub role: Option<String>,
    /// The setting.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Catalogue {
    /// The tables proper that are in the list, with their class.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (&Table, super::TableClass)> {
        let tables = self.tables.iter().filter(|table| table.kind == TableKind::Table);
        tables.filter_map(|table| Some((table, super::class_of(&table.name)?)))
    }
}
