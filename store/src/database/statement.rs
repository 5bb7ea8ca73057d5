//! A statement: fixed text for each engine, read from its file when the program is compiled.

use super::Transaction;

/// A statement in the words of both engines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Statement {
    /// This engine has no need of it.
    pub(crate) fn is_left_out(&self, transaction: &Transaction) -> bool {
        match transaction {
            Transaction::Sqlite(..) => self.sqlite.is_empty(),
            Transaction::Postgres(_) => self.postgres.is_empty(),
        }
    }
}

/// The statement `sql/<name>.sql`; with `both` the pair `sql/<name>.sqlite.sql` and `sql/<name>.postgres.sql`; with
/// `postgres` or `sqlite` one that the other engine has no need of.
macro_rules! statement {
    ($name:literal) => {{
        const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sql"));
        $crate::database::Statement { sqlite: TEXT, postgres: TEXT }
    }};
    (both $name:literal) => {
        $crate::database::Statement {
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".postgres.sql")),
        }
    };
    (postgres $name:literal) => {
        $crate::database::Statement {
            sqlite: "",
            postgres: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".postgres.sql")),
        }
    };
    (sqlite $name:literal) => {
        $crate::database::Statement {
            sqlite: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/", $name, ".sqlite.sql")),
            postgres: "",
        }
    };
}
pub(crate) use statement;
