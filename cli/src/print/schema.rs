//! Where a database's schema stands and what was done to it, for people; the same values are the JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::style::{FAINT, GOOD, Look, STRONG, WARNING};
use super::table::{Cell, Column, Table};
use super::visible::visible;

/// A migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct MigrationItem {
    pub(crate) number: i64,
    pub(crate) subject: &'static str,
}

/// A role that the program runs as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RoleItem {
    pub(crate) name: String,
    /// The server has it.
    pub(crate) exists: bool,
    /// The login that looked may switch to it.
    pub(crate) may_be_taken: bool,
    /// Tables that it may read or write.
    pub(crate) tables: u64,
    /// Functions that it may call.
    pub(crate) functions: u64,
}

/// Where the schema of a database stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Standing {
    /// Its address, without secrets.
    pub(crate) database: String,
    /// `sqlite` or `postgresql`.
    pub(crate) engine: &'static str,
    /// The last migration that it has.
    pub(crate) found: i64,
    /// The last that this program knows.
    pub(crate) known: i64,
    pub(crate) missing: Vec<MigrationItem>,
    /// None on SQLite, which knows no roles.
    pub(crate) roles: Vec<RoleItem>,
}

/// What was done to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Raising {
    pub(crate) database: String,
    pub(crate) engine: &'static str,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) ran: Vec<MigrationItem>,
}

/// Writes where it stands.
pub(crate) fn write_standing(out: &mut impl Write, standing: &Standing, look: &Look) -> io::Result<()> {
    let Standing { database, engine, found, known, missing, roles } = standing;
    let engine = if *engine == "sqlite" { "SQLite" } else { "PostgreSQL" };
    writeln!(out, "database  {}", look.paint(STRONG, &visible(database)))?;
    writeln!(out, "engine    {engine}")?;
    let (style, state) = match missing.len() {
        _ if found > known => {
            (WARNING, format!("number {found}; this program knows up to {known}: use the newer muster"))
        }
        0 => (GOOD, format!("number {found}, up to date")),
        1 => (WARNING, format!("number {found} of {known}, 1 migration is missing")),
        count => (WARNING, format!("number {found} of {known}, {count} migrations are missing")),
    };
    writeln!(out, "schema    {}", look.paint(style, &state))?;
    if !missing.is_empty() {
        writeln!(out)?;
        write_migrations(out, "MISSING", missing, look)?;
    }
    if !roles.is_empty() {
        writeln!(out)?;
        write_roles(out, roles, look)?;
    }
    Ok(())
}

/// Writes what was done.
pub(crate) fn write_raising(out: &mut impl Write, raising: &Raising, look: &Look) -> io::Result<()> {
    let Raising { database, from, to, ran, .. } = raising;
    let database = visible(database);
    if ran.is_empty() {
        return writeln!(out, "the schema of {database} is number {to}: nothing was to do");
    }
    writeln!(out, "brought the schema of {database} from {from} to {to}")?;
    writeln!(out)?;
    write_migrations(out, "MIGRATION", ran, look)
}

fn write_migrations(
    out: &mut impl Write,
    head: &'static str,
    migrations: &[MigrationItem],
    look: &Look,
) -> io::Result<()> {
    let mut table = Table::new([Column::number("NUMBER"), Column::words(head)]);
    for MigrationItem { number, subject } in migrations {
        table.push([number.to_string().into(), (*subject).into()]);
    }
    table.write(out, look)
}

fn write_roles(out: &mut impl Write, roles: &[RoleItem], look: &Look) -> io::Result<()> {
    let mut table = Table::new([
        Column::words("ROLE"),
        Column::words("IS THERE"),
        Column::words("MAY BE TAKEN"),
        Column::number("TABLES"),
        Column::number("FUNCTIONS"),
    ]);
    for role in roles {
        let word = |is| if is { Cell::new("yes", GOOD) } else { Cell::new("no", WARNING) };
        let may = if role.exists { word(role.may_be_taken) } else { Cell::new("no", FAINT) };
        let name = Cell::new(&role.name, STRONG);
        table.push([name, word(role.exists), may, role.tables.into(), role.functions.into()]);
    }
    table.write(out, look)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(found: i64, missing: &[(i64, &'static str)]) -> Standing {
        let item = |&(number, subject)| MigrationItem { number, subject };
        Standing {
            database: "/home/ada/m\u{1b}.db".into(),
            engine: "sqlite",
            found,
            known: 15,
            missing: missing.iter().map(item).collect(),
            roles: vec![],
        }
    }

    fn shown(standing: &Standing) -> String {
        let mut out = Vec::new();
        write_standing(&mut out, standing, &Look::PLAIN).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_schema_is_up_to_date_older_or_newer() {
        insta::assert_snapshot!(shown(&standing(15, &[])), @r"
        database  /home/ada/m\u{1b}.db
        engine    SQLite
        schema    number 15, up to date
        ");
        insta::assert_snapshot!(shown(&standing(13, &[(14, "queue"), (15, "functions")])), @r"
        database  /home/ada/m\u{1b}.db
        engine    SQLite
        schema    number 13 of 15, 2 migrations are missing

        NUMBER  MISSING
            14  queue
            15  functions
        ");
        insta::assert_snapshot!(shown(&standing(16, &[])), @r"
        database  /home/ada/m\u{1b}.db
        engine    SQLite
        schema    number 16; this program knows up to 15: use the newer muster
        ");
    }

    #[test]
    fn roles_are_shown_where_there_are_any() {
        let role = |name: &str, exists| RoleItem {
            name: name.into(),
            exists,
            may_be_taken: false,
            tables: if exists { 21 } else { 0 },
            functions: 0,
        };
        let (database, engine) = ("postgres://db:5432/muster".into(), "postgresql");
        let roles = vec![role("muster_app", true), role("muster_queue", false)];
        insta::assert_snapshot!(shown(&Standing { database, engine, roles, ..standing(15, &[]) }), @"
        database  postgres://db:5432/muster
        engine    PostgreSQL
        schema    number 15, up to date

        ROLE          IS THERE  MAY BE TAKEN  TABLES  FUNCTIONS
        muster_app    yes       no                21          0
        muster_queue  no        no                 0          0
        ");
    }

    #[test]
    fn what_was_done_is_named() {
        let ran = standing(14, &[(15, "functions")]).missing;
        let raising = Raising { database: "m.db".into(), engine: "sqlite", from: 14, to: 15, ran };
        let shown = |raising: &Raising| {
            let mut out = Vec::new();
            write_raising(&mut out, raising, &Look::PLAIN).unwrap();
            String::from_utf8(out).unwrap()
        };
        insta::assert_snapshot!(shown(&raising), @"
        brought the schema of m.db from 14 to 15

        NUMBER  MIGRATION
            15  functions
        ");
        insta::assert_snapshot!(shown(&Raising { from: 15, ran: vec![], ..raising }), @"the schema of m.db is number 15: nothing was to do");
    }
}
